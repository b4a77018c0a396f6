/* The wrappers of faultalloc.h. Depends on SQLite, jansson and the linker's --wrap. */
#include "faultalloc.h"

#include <jansson.h>
#include <sqlite3.h>
#include <stdatomic.h>

static struct {
	atomic_uint sources;
	atomic_uint_fast64_t seen, failed, at;
	atomic_bool for_good;
	sqlite3_mem_methods sqlite;
} state;

/* Count one allocation; true where it is to fail. */
static bool refuse(enum faultalloc_source source)
{
	uint64_t seen, at;

	if (!(atomic_load(&state.sources) & source))
		return false;
	seen = atomic_fetch_add(&state.seen, 1) + 1;
	at = atomic_load(&state.at);
	if (at == 0 || seen < at || (seen > at && !atomic_load(&state.for_good)))
		return false;
	atomic_fetch_add(&state.failed, 1);
	return true;
}

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
char *__real_strdup(const char *z);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
char *__wrap_strdup(const char *z);

void *__wrap_malloc(size_t n)
{
	return refuse(FAULTALLOC_OWN) ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return refuse(FAULTALLOC_OWN) ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
	return refuse(FAULTALLOC_OWN) ? NULL : __real_realloc(p, n);
}

char *__wrap_strdup(const char *z)
{
	return refuse(FAULTALLOC_OWN) ? NULL : __real_strdup(z);
}

static void *sqlite_malloc(int n)
{
	return refuse(FAULTALLOC_SQLITE) ? NULL : state.sqlite.xMalloc(n);
}

static void *sqlite_realloc(void *p, int n)
{
	return refuse(FAULTALLOC_SQLITE) ? NULL : state.sqlite.xRealloc(p, n);
}

static void *jansson_malloc(size_t n)
{
	return refuse(FAULTALLOC_JANSSON) ? NULL : __real_malloc(n);
}

bool faultalloc_install(void)
{
	sqlite3_mem_methods ours;

	if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &state.sqlite) != SQLITE_OK)
		return false;
	ours = state.sqlite;
	ours.xMalloc = sqlite_malloc;
	ours.xRealloc = sqlite_realloc;
	json_set_alloc_funcs(jansson_malloc, free);
	return sqlite3_config(SQLITE_CONFIG_MALLOC, &ours) == SQLITE_OK;
}

void faultalloc_plan(unsigned sources, uint64_t at, bool for_good)
{
	atomic_store(&state.sources, 0);
	atomic_store(&state.seen, 0);
	atomic_store(&state.failed, 0);
	atomic_store(&state.at, at);
	atomic_store(&state.for_good, for_good);
	atomic_store(&state.sources, sources);
}

uint64_t faultalloc_end(uint64_t *ret_failed)
{
	atomic_store(&state.sources, 0);
	if (ret_failed)
		*ret_failed = atomic_load(&state.failed);
	return atomic_load(&state.seen);
}
