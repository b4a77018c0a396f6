/* The files about cases in a folder like etc/, read and proven together. Depends on config, cases
 * and files.h. One arena holds everything; a book of the reference community takes about 8 MiB
 * while it is read. */
#ifndef LIREN_APP_BOOK_H
#define LIREN_APP_BOOK_H

#include "base/arena.h"
#include "cases/proofs.h"

#define BOOK_ARENA_BYTES (96u << 20) /* address space; pages are used as they are needed */

/* Read roles, units, catalogue, desk limits, categories and responsibilities, and prove them
 * (cases_prove_book). *failure is filled in where it fails; its proof is 0 where a file is not
 * written right or cannot be read. */
enum err book_load(const char *etc_dir, struct arena *arena, struct cases_book *ret,
		   struct cases_failure *failure) MUST_CHECK;

/* Read a case type and prove it against the book. On failure of a proof *ret is read, and the
 * failure's way can be told with it. */
enum err book_load_type(const struct cases_book *book, const char *path, struct arena *arena,
			struct cases_type *ret, struct cases_failure *failure) MUST_CHECK;

/* Read a checklist and prove it against the book. */
enum err book_load_checklist(const struct cases_book *book, const char *path, struct arena *arena,
			     struct cases_checklist *ret, struct cases_failure *failure) MUST_CHECK;

#endif
