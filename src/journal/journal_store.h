/* Within the journal only: how its rows are laid out. */
#ifndef LIREN_JOURNAL_STORE_H
#define LIREN_JOURNAL_STORE_H

#include <stdint.h>

#define TILE_ROW_LEVEL_SHIFT 48

static inline uint64_t tile_row_id(unsigned level, uint64_t index)
{
	return (uint64_t)level << TILE_ROW_LEVEL_SHIFT | index;
}

#endif
