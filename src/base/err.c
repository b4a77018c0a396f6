/* The table of errors, looked up. */
#include "base/err.h"

#include <errno.h>
#include <stddef.h>

static const struct err_info err_rows[] = {
#define ERR(symbol, number, http, retry, name, zh, en) {ERR_##symbol, http, retry, name, zh, en},
#include "base/err_table.h"
#undef ERR
};

#define ERR_ROWS (sizeof err_rows / sizeof err_rows[0])

const struct err_info *err_info(enum err e)
{
	for (size_t i = 0; i < ERR_ROWS; i++)
		if (err_rows[i].err == e)
			return &err_rows[i];
	return err_info(ERR_INTERNAL);
}

const struct err_info *err_info_at(unsigned i)
{
	return i < ERR_ROWS ? &err_rows[i] : NULL;
}

enum err err_of_errno(int e)
{
	switch (e) {
	case EEXIST:
		return ERR_EXISTS;
	case ENOENT:
	case ENOTDIR:
		return ERR_NOT_FOUND;
	case ENOSPC:
	case EDQUOT:
		return ERR_NO_SPACE;
	case EACCES:
	case EPERM:
	case EROFS:
		return ERR_FORBIDDEN;
	case ENOMEM:
		return ERR_NO_MEMORY;
	default:
		return ERR_STORE;
	}
}
