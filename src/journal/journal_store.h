/* Within the journal only: how its rows are laid out, how its entries are written. */
#ifndef LIREN_JOURNAL_STORE_H
#define LIREN_JOURNAL_STORE_H

#include "journal/kind.h"

#define TILE_ROW_LEVEL_SHIFT 48

static inline uint64_t tile_row_id(unsigned level, uint64_t index)
{
	return (uint64_t)level << TILE_ROW_LEVEL_SHIFT | index;
}

/* The entry as canonical JSON, in `memory` of ENTRY_BYTES_MAX bytes. */
enum err journal_write_entry(const struct entry_head *head, const struct kind_ops *ops,
			     const void *data, char *memory, struct str *ret) MUST_CHECK;

#endif
