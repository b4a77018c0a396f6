/* The shim of faultvfs.h. Depends on SQLite and POSIX. */
#include "faultvfs.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <unistd.h>

#define CHECK_SHIM(condition)                                                                      \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

/* Bytes that grow by mremap. */
struct blob {
	uint8_t *b;
	size_t n, cap;
};

/* One change that is not synced yet, followed by its bytes in the log; a negative `n` is a
 * truncation to `at`. */
struct change {
	int64_t at;
	int64_t n;
};

/* All handles of one name share a node. */
struct node {
	char name[FAULTVFS_NAME_MAX];
	uint64_t count[FAULT_KINDS];
	int64_t bytes;
	bool exists;        /* in the file system as the program sees it */
	bool delete_synced; /* its deletion is durable */
	bool ever_synced;   /* its name is durable */
	struct blob durable;
	struct blob log;
};

struct fault_file {
	sqlite3_file base;
	struct node *node;
	sqlite3_file *real; /* lies behind this struct */
};

static struct {
	pthread_mutex_t lock;
	sqlite3_vfs vfs;
	sqlite3_vfs *real;
	struct node nodes[FAULTVFS_FILES_MAX];
	unsigned n_nodes;
	struct fault_plan plan;
	uint64_t seen, fired;
	int64_t limit;
	bool recording;
	uint64_t seed;
} shim = {.lock = PTHREAD_MUTEX_INITIALIZER, .limit = -1};

static void lock(void)
{
	CHECK_SHIM(pthread_mutex_lock(&shim.lock) == 0);
}

static int unlock(int rc)
{
	CHECK_SHIM(pthread_mutex_unlock(&shim.lock) == 0);
	return rc;
}

/* splitmix64 */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

static void blob_reserve(struct blob *b, size_t n)
{
	size_t cap = b->cap ? b->cap : 65536;

	if (n <= b->cap)
		return;
	while (cap < n)
		cap *= 2;
	void *p = b->b
		      ? mremap(b->b, b->cap, cap, MREMAP_MAYMOVE)
		      : mmap(NULL, cap, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK_SHIM(p != MAP_FAILED);
	b->b = p;
	b->cap = cap;
}

static void blob_free(struct blob *b)
{
	if (b->b)
		CHECK_SHIM(munmap(b->b, b->cap) == 0);
	*b = (struct blob){0};
}

/* Put n bytes at `at`; what lies between the old end and `at` becomes zero, as in a file. */
static void blob_put(struct blob *b, size_t at, const void *bytes, size_t n)
{
	blob_reserve(b, at + n);
	if (at > b->n)
		memset(b->b + b->n, 0, at - b->n);
	if (n > 0)
		memcpy(b->b + at, bytes, n);
	if (at + n > b->n)
		b->n = at + n;
}

/* Do the logged changes to `image`. With `random` each sector is done or not; without, all are. */
static void settle(const struct blob *log, struct blob *image, uint64_t *random)
{
	for (size_t i = 0; i < log->n;) {
		struct change c;

		memcpy(&c, log->b + i, sizeof c);
		i += sizeof c;
		if (c.n < 0) {
			if ((!random || next_random(random) & 1) && (size_t)c.at < image->n)
				image->n = (size_t)c.at;
			continue;
		}
		for (int64_t done = 0; done < c.n;) {
			int64_t at = c.at + done;
			int64_t n = FAULTVFS_SECTOR - at % FAULTVFS_SECTOR;

			if (n > c.n - done)
				n = c.n - done;
			if (!random || next_random(random) & 1)
				blob_put(image, (size_t)at, log->b + i + done, (size_t)n);
			done += n;
		}
		i += (size_t)c.n;
	}
}

static void node_log(struct node *node, struct change c, const void *bytes)
{
	if (!shim.recording)
		return;
	blob_put(&node->log, node->log.n, &c, sizeof c);
	if (c.n > 0)
		blob_put(&node->log, node->log.n, bytes, (size_t)c.n);
}

static bool ends_with(const char *name, const char *suffix)
{
	size_t n = strlen(name), m = suffix ? strlen(suffix) : 0;

	return m <= n && memcmp(name + n - m, suffix ? suffix : "", m) == 0;
}

static struct node *node_of(const char *name)
{
	for (unsigned i = 0; i < shim.n_nodes; i++)
		if (strcmp(shim.nodes[i].name, name) == 0)
			return &shim.nodes[i];
	CHECK_SHIM(shim.n_nodes < FAULTVFS_FILES_MAX && strlen(name) < FAULTVFS_NAME_MAX);
	struct node *node = &shim.nodes[shim.n_nodes++];
	memcpy(node->name, name, strlen(name) + 1);
	return node;
}

/* Count the call; the error it fails with, or 0. */
static int strike(struct node *node, enum fault_kind kind)
{
	static const int usual[FAULT_KINDS] = {SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC,
					       SQLITE_IOERR_TRUNCATE, SQLITE_CANTOPEN,
					       SQLITE_IOERR_DELETE};
	const struct fault_plan *plan = &shim.plan;

	node->count[kind]++;
	if (plan->at == 0 || !ends_with(node->name, plan->suffix) ||
	    (plan->kind == FAULT_ANY ? kind == FAULT_OPEN : kind != plan->kind))
		return 0;
	shim.seen++;
	if (shim.seen != plan->at && !(plan->for_good && shim.seen > plan->at))
		return 0;
	shim.fired++;
	return plan->error ? plan->error : usual[kind];
}

/* The first sync of a file makes its name durable. The unix VFS syncs the folder then (for journals
 * and WALs), and with it every deletion before. */
static void name_is_durable(struct node *node)
{
	if (node->ever_synced)
		return;
	node->ever_synced = true;
	for (unsigned i = 0; i < shim.n_nodes; i++)
		if (!shim.nodes[i].exists)
			shim.nodes[i].delete_synced = true;
}

static int64_t used(void)
{
	int64_t sum = 0;

	for (unsigned i = 0; i < shim.n_nodes; i++)
		sum += shim.nodes[i].exists ? shim.nodes[i].bytes : 0;
	return sum;
}

static sqlite3_file *real_of(sqlite3_file *file)
{
	return ((struct fault_file *)file)->real;
}

static int fault_close(sqlite3_file *file)
{
	return real_of(file)->pMethods->xClose(real_of(file));
}

static int fault_read(sqlite3_file *file, void *to, int n, sqlite3_int64 at)
{
	return real_of(file)->pMethods->xRead(real_of(file), to, n, at);
}

/* Write and remember; the caller holds the lock. */
static int put(struct fault_file *f, const void *from, int n, int64_t at)
{
	int rc = f->real->pMethods->xWrite(f->real, from, n, at);

	if (rc != SQLITE_OK)
		return rc;
	if (f->node->bytes < at + n)
		f->node->bytes = at + n;
	node_log(f->node, (struct change){.at = at, .n = n}, from);
	return SQLITE_OK;
}

static int fault_write(sqlite3_file *file, const void *from, int n, sqlite3_int64 at)
{
	struct fault_file *f = (struct fault_file *)file;
	int64_t growth;
	int rc;

	lock();
	rc = strike(f->node, FAULT_WRITE);
	if (rc) {
		int torn = shim.plan.torn_bytes < n ? shim.plan.torn_bytes : n;
		int torn_rc = torn > 0 ? put(f, from, torn, at) : SQLITE_OK;
		return unlock(torn_rc ? torn_rc : rc);
	}
	growth = at + n > f->node->bytes ? at + n - f->node->bytes : 0;
	if (shim.limit >= 0 && growth > 0 && used() + growth > shim.limit) {
		shim.fired++;
		return unlock(SQLITE_FULL);
	}
	return unlock(put(f, from, n, at));
}

static int fault_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	struct fault_file *f = (struct fault_file *)file;
	int rc;

	lock();
	rc = strike(f->node, FAULT_TRUNCATE);
	if (rc)
		return unlock(rc);
	rc = f->real->pMethods->xTruncate(f->real, size);
	if (rc == SQLITE_OK) {
		f->node->bytes = size;
		node_log(f->node, (struct change){.at = size, .n = -1}, NULL);
	}
	return unlock(rc);
}

static int fault_sync(sqlite3_file *file, int flags)
{
	struct fault_file *f = (struct fault_file *)file;
	int rc;

	lock();
	rc = strike(f->node, FAULT_SYNC);
	if (rc) {
		settle(&f->node->log, &f->node->durable, &shim.seed);
		f->node->log.n = 0;
		return unlock(rc);
	}
	rc = f->real->pMethods->xSync(f->real, flags);
	if (rc == SQLITE_OK) {
		settle(&f->node->log, &f->node->durable, NULL);
		f->node->log.n = 0;
		name_is_durable(f->node);
	}
	return unlock(rc);
}

static int fault_file_size(sqlite3_file *file, sqlite3_int64 *ret)
{
	return real_of(file)->pMethods->xFileSize(real_of(file), ret);
}

static int fault_lock(sqlite3_file *file, int level)
{
	return real_of(file)->pMethods->xLock(real_of(file), level);
}

static int fault_unlock(sqlite3_file *file, int level)
{
	return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int fault_check_reserved(sqlite3_file *file, int *ret)
{
	return real_of(file)->pMethods->xCheckReservedLock(real_of(file), ret);
}

static int fault_control(sqlite3_file *file, int op, void *arg)
{
	return real_of(file)->pMethods->xFileControl(real_of(file), op, arg);
}

static int fault_sector_size(sqlite3_file *file)
{
	return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int fault_characteristics(sqlite3_file *file)
{
	return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static int fault_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **ret)
{
	return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, ret);
}

static int fault_shm_lock(sqlite3_file *file, int at, int n, int flags)
{
	return real_of(file)->pMethods->xShmLock(real_of(file), at, n, flags);
}

static void fault_shm_barrier(sqlite3_file *file)
{
	real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int fault_shm_unmap(sqlite3_file *file, int delete_it)
{
	return real_of(file)->pMethods->xShmUnmap(real_of(file), delete_it);
}

static int fault_fetch(sqlite3_file *file, sqlite3_int64 at, int n, void **ret)
{
	return real_of(file)->pMethods->xFetch(real_of(file), at, n, ret);
}

static int fault_unfetch(sqlite3_file *file, sqlite3_int64 at, void *p)
{
	return real_of(file)->pMethods->xUnfetch(real_of(file), at, p);
}

static const sqlite3_io_methods fault_methods = {
    .iVersion = 3,
    .xClose = fault_close,
    .xRead = fault_read,
    .xWrite = fault_write,
    .xTruncate = fault_truncate,
    .xSync = fault_sync,
    .xFileSize = fault_file_size,
    .xLock = fault_lock,
    .xUnlock = fault_unlock,
    .xCheckReservedLock = fault_check_reserved,
    .xFileControl = fault_control,
    .xSectorSize = fault_sector_size,
    .xDeviceCharacteristics = fault_characteristics,
    .xShmMap = fault_shm_map,
    .xShmLock = fault_shm_lock,
    .xShmBarrier = fault_shm_barrier,
    .xShmUnmap = fault_shm_unmap,
    .xFetch = fault_fetch,
    .xUnfetch = fault_unfetch,
};

/* A name is opened for the first time, or again after it was deleted: what it holds now is taken as
 * durable. */
static int node_begin(struct node *node, sqlite3_file *real)
{
	sqlite3_int64 size = 0;
	int rc = real->pMethods->xFileSize(real, &size);

	if (rc != SQLITE_OK || node->exists)
		return rc;
	node->exists = true;
	node->delete_synced = false;
	node->ever_synced = size > 0;
	node->bytes = size;
	node->log.n = 0;
	node->durable.n = 0;
	if (!shim.recording || size == 0)
		return SQLITE_OK;
	blob_reserve(&node->durable, (size_t)size);
	for (sqlite3_int64 at = 0; at < size && rc == SQLITE_OK;) {
		int n = size - at > 1 << 20 ? 1 << 20 : (int)(size - at);
		rc = real->pMethods->xRead(real, node->durable.b + at, n, at);
		at += n;
	}
	node->durable.n = (size_t)size;
	return rc;
}

static int fault_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
		      int *ret_flags)
{
	struct fault_file *f = (struct fault_file *)file;
	int rc;

	lock();
	memset(f, 0, sizeof *f);
	f->real = (sqlite3_file *)(f + 1);
	f->node = node_of(name ? name : "");
	rc = strike(f->node, FAULT_OPEN);
	if (rc)
		return unlock(rc);
	rc = shim.real->xOpen(shim.real, name, f->real, flags, ret_flags);
	if (rc == SQLITE_OK && name)
		rc = node_begin(f->node, f->real);
	if (f->real->pMethods)
		f->base.pMethods = &fault_methods;
	return unlock(rc);
}

static int fault_delete(sqlite3_vfs *vfs, const char *name, int sync_dir)
{
	struct node *node;
	int rc;

	lock();
	node = node_of(name);
	rc = strike(node, FAULT_DELETE);
	if (rc)
		return unlock(rc);
	rc = shim.real->xDelete(shim.real, name, sync_dir);
	if (rc == SQLITE_OK) {
		node->exists = false;
		node->delete_synced = sync_dir != 0;
	}
	return unlock(rc);
}

/* The rest of the VFS is the real one's; it is called with the real one's pointer. */
static int fault_access(sqlite3_vfs *vfs, const char *name, int flags, int *ret)
{
	return shim.real->xAccess(shim.real, name, flags, ret);
}

static int fault_full_pathname(sqlite3_vfs *vfs, const char *name, int n, char *ret)
{
	return shim.real->xFullPathname(shim.real, name, n, ret);
}

int faultvfs_register(bool as_default)
{
	CHECK_SHIM(!shim.real);
	shim.real = sqlite3_vfs_find("unix");
	if (!shim.real)
		return SQLITE_ERROR;
	shim.vfs = *shim.real;
	shim.vfs.szOsFile = (int)sizeof(struct fault_file) + shim.real->szOsFile;
	shim.vfs.zName = FAULTVFS_NAME;
	shim.vfs.pNext = NULL;
	shim.vfs.xOpen = fault_open;
	shim.vfs.xDelete = fault_delete;
	shim.vfs.xAccess = fault_access;
	shim.vfs.xFullPathname = fault_full_pathname;
	return sqlite3_vfs_register(&shim.vfs, as_default);
}

void faultvfs_reset(void)
{
	lock();
	for (unsigned i = 0; i < shim.n_nodes; i++) {
		blob_free(&shim.nodes[i].durable);
		blob_free(&shim.nodes[i].log);
		shim.nodes[i] = (struct node){0};
	}
	shim.n_nodes = 0;
	shim.plan = (struct fault_plan){0};
	shim.seen = shim.fired = 0;
	shim.limit = -1;
	shim.recording = false;
	unlock(0);
}

void faultvfs_plan(const struct fault_plan *plan)
{
	lock();
	shim.plan = plan ? *plan : (struct fault_plan){0};
	shim.seen = 0;
	unlock(0);
}

uint64_t faultvfs_fired(void)
{
	lock();
	uint64_t n = shim.fired;
	unlock(0);
	return n;
}

uint64_t faultvfs_count(enum fault_kind kind, const char *suffix)
{
	uint64_t sum = 0;

	lock();
	for (unsigned i = 0; i < shim.n_nodes; i++)
		for (unsigned k = 0; k < FAULT_KINDS; k++)
			if (ends_with(shim.nodes[i].name, suffix) &&
			    (k == kind || (kind == FAULT_ANY && k != FAULT_OPEN)))
				sum += shim.nodes[i].count[k];
	unlock(0);
	return sum;
}

void faultvfs_disk_limit(int64_t bytes)
{
	lock();
	shim.limit = bytes;
	unlock(0);
}

int64_t faultvfs_disk_used(void)
{
	lock();
	int64_t n = used();
	unlock(0);
	return n;
}

void faultvfs_record(uint64_t seed)
{
	lock();
	shim.recording = true;
	shim.seed = seed;
	unlock(0);
}

static bool write_file(const char *path, const struct blob *b)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	size_t done = 0;

	if (fd < 0)
		return false;
	while (done < b->n) {
		ssize_t n = write(fd, b->b + done, b->n - done);
		if (n < 0 && errno != EINTR) {
			close(fd);
			return false;
		}
		done += n > 0 ? (size_t)n : 0;
	}
	return close(fd) == 0;
}

/* A deletion that is not synced may not have happened; a file that was never synced may have lost
 * its name. */
static bool survives(const struct node *node, uint64_t *random)
{
	bool coin = next_random(random) & 1;

	if (!node->exists)
		return !node->delete_synced && node->ever_synced && coin;
	return node->ever_synced || coin;
}

bool faultvfs_power_cut(uint64_t seed, const char *dir)
{
	struct blob image = {0};
	bool ok = true;

	lock();
	CHECK_SHIM(shim.recording);
	for (unsigned i = 0; ok && i < shim.n_nodes; i++) {
		const struct node *node = &shim.nodes[i];
		const char *slash = strrchr(node->name, '/');
		char path[2 * FAULTVFS_NAME_MAX];

		if (node->name[0] == '\0' || !survives(node, &seed))
			continue;
		image.n = 0;
		blob_put(&image, 0, node->durable.b, node->durable.n);
		settle(&node->log, &image, &seed);
		CHECK_SHIM(snprintf(path, sizeof path, "%s/%s", dir,
				    slash ? slash + 1 : node->name) < (int)sizeof path);
		ok = write_file(path, &image);
	}
	blob_free(&image);
	unlock(0);
	return ok;
}
