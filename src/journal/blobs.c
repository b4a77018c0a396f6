/* Sealed files: written beside, synced, renamed, and both folders synced. */
#include "journal/blobs.h"

#include "base/buf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_MAX_BYTES 1200u
#define SEALED_CHUNK_BYTES (SEAL_CHUNK_BYTES + SEAL_TAG_BYTES)
#define SEALED_BYTES_MAX                                                                           \
	(SEAL_HEAD_BYTES + BLOB_BYTES_MAX + BLOB_BYTES_MAX / SEAL_CHUNK_BYTES * SEAL_TAG_BYTES)
#define UNFINISHED "new-"
#define UNFINISHED_RANDOM_BYTES 16u
#define FOLDER_HEX 2u
#define FILE_HEX (2u * HASH_BYTES - FOLDER_HEX)

struct paths {
	char folder[PATH_MAX_BYTES]; /* dir/ab */
	char file[PATH_MAX_BYTES];   /* dir/ab/cdef… */
};

static enum err paths_of(const struct blob_store *s, const struct hash32 *hash, struct paths *ret)
{
	char hex[2 * HASH_BYTES + 1];
	struct buf b = buf_over(hex, sizeof hex);

	buf_put_hex(&b, hash->b, HASH_BYTES);
	(void)buf_z(&b);
	if (snprintf(ret->file, sizeof ret->file, "%s/%.2s/%s", s->dir, hex, hex + FOLDER_HEX) >=
	    (int)sizeof ret->file)
		return ERR_TOO_LARGE;
	snprintf(ret->folder, sizeof ret->folder, "%s/%.2s", s->dir, hex);
	return ERR_OK;
}

static enum err folder_sync(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum err e;

	if (fd < 0)
		return err_of_errno(errno);
	e = fsync(fd) == 0 ? ERR_OK : err_of_errno(errno);
	close(fd);
	return e;
}

/* ---- put ---- */

static enum err write_all(int fd, const uint8_t *p, size_t n, struct hash_stream *hash)
{
	hash_put(hash, p, n);
	while (n > 0) {
		ssize_t done = write(fd, p, n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return err_of_errno(errno);
		p += done;
		n -= (size_t)done;
	}
	return ERR_OK;
}

static enum err write_sealed(const struct blob_store *s, int fd, struct bytes content,
			     struct blob *b)
{
	uint8_t prefix[SEAL_PREFIX_BYTES], head[SEAL_HEAD_BYTES], chunk[SEALED_CHUNK_BYTES];
	struct hash_stream hash;

	entropy_fill(s->entropy, b->key.b, sizeof b->key.b);
	entropy_fill(s->entropy, prefix, sizeof prefix);
	seal_head(prefix, head);
	hash_begin(&hash);
	TRY(write_all(fd, head, sizeof head, &hash));
	b->bytes = sizeof head;
	for (size_t at = 0, i = 0; at < content.n; i++) {
		size_t rest = content.n - at;
		size_t n = rest < SEAL_CHUNK_BYTES ? rest : SEAL_CHUNK_BYTES;
		seal_chunk(&b->key, head, i, n == rest, (struct bytes){content.p + at, n}, chunk);
		TRY(write_all(fd, chunk, n + SEAL_TAG_BYTES, &hash));
		b->bytes += n + SEAL_TAG_BYTES;
		at += n;
	}
	hash_end(&hash, &b->hash);
	return fsync(fd) == 0 ? ERR_OK : err_of_errno(errno);
}

/* Give the file that is whole its name, for good. */
static enum err settle(const struct blob_store *s, const char *unfinished, const struct paths *p)
{
	enum err e;

	if (mkdir(p->folder, 0700) != 0 && errno != EEXIST)
		return err_of_errno(errno);
	if (rename(unfinished, p->file) != 0)
		return err_of_errno(errno);
	e = folder_sync(p->folder);
	if (e == ERR_OK) /* whoever made ab may not have come so far */
		e = folder_sync(s->dir);
	if (e != ERR_OK)
		unlink(p->file);
	return e;
}

static enum err unfinished_path(const struct blob_store *s, char ret[PATH_MAX_BYTES])
{
	uint8_t random[UNFINISHED_RANDOM_BYTES];
	char hex[2 * UNFINISHED_RANDOM_BYTES + 1];
	struct buf b = buf_over(hex, sizeof hex);

	entropy_fill(s->entropy, random, sizeof random);
	buf_put_hex(&b, random, sizeof random);
	if (snprintf(ret, PATH_MAX_BYTES, "%s/" UNFINISHED "%s", s->dir, buf_z(&b)) >=
	    (int)PATH_MAX_BYTES)
		return ERR_TOO_LARGE;
	return ERR_OK;
}

enum err blob_put(const struct blob_store *s, struct bytes content, struct blob *ret)
{
	char unfinished[PATH_MAX_BYTES];
	struct blob b = {0};
	struct paths p;
	enum err e;
	int fd;

	if (content.n == 0)
		return ERR_BAD_INPUT;
	if (content.n > BLOB_BYTES_MAX)
		return ERR_TOO_LARGE;
	TRY(unfinished_path(s, unfinished));
	fd = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_of_errno(errno);
	e = write_sealed(s, fd, content, &b);
	if (close(fd) != 0 && e == ERR_OK)
		e = err_of_errno(errno);
	if (e == ERR_OK)
		e = paths_of(s, &b.hash, &p);
	if (e == ERR_OK)
		e = settle(s, unfinished, &p);
	if (e == ERR_OK)
		*ret = b;
	else
		unlink(unfinished);
	seal_wipe(&b, sizeof b);
	return e;
}

/* ---- open ---- */

/* The file within the cap, without following a link. */
static enum err read_open(const char *path, int *ret_fd, uint64_t *ret_bytes)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;

	if (fd < 0)
		return errno == ELOOP ? ERR_CORRUPT : err_of_errno(errno);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size < 0 ||
	    (uint64_t)st.st_size > SEALED_BYTES_MAX) {
		close(fd);
		return ERR_CORRUPT;
	}
	*ret_fd = fd;
	*ret_bytes = (uint64_t)st.st_size;
	return ERR_OK;
}

/* Up to n bytes; fewer only at the end of the file. */
static enum err read_some(int fd, uint8_t *p, size_t n, size_t *ret_n)
{
	size_t got = 0;

	while (got < n) {
		ssize_t more = read(fd, p + got, n - got);
		if (more < 0 && errno == EINTR)
			continue;
		if (more < 0)
			return err_of_errno(errno);
		if (more == 0)
			break;
		got += (size_t)more;
	}
	*ret_n = got;
	return ERR_OK;
}

/* The whole file into `sealed` of `bytes`, which must be those of the hash. */
static enum err read_whole(int fd, uint8_t *sealed, size_t bytes, const struct hash32 *hash)
{
	struct hash32 found;
	size_t n = 0;

	TRY(read_some(fd, sealed, bytes, &n));
	if (n != bytes)
		return ERR_CORRUPT;
	hash_sha256(sealed, n, &found);
	return hash_eq(&found, hash) ? ERR_OK : ERR_CORRUPT;
}

/* Open chunk by chunk, over the bytes that were read: content is shorter than what holds it. */
static enum err open_sealed(uint8_t *p, size_t bytes, const struct seal_key *key, size_t *ret_n)
{
	uint8_t head[SEAL_HEAD_BYTES], chunk[SEAL_CHUNK_BYTES];
	size_t at = SEAL_HEAD_BYTES, n = 0;
	enum err e = ERR_OK;

	if (bytes <= SEAL_HEAD_BYTES || !seal_head_ok(p))
		return ERR_CORRUPT;
	memcpy(head, p, sizeof head);
	for (uint64_t i = 0; e == ERR_OK && at < bytes; i++) {
		size_t rest = bytes - at;
		size_t take = rest < SEALED_CHUNK_BYTES ? rest : SEALED_CHUNK_BYTES;
		e = seal_chunk_open(key, head, i, take == rest, (struct bytes){p + at, take},
				    chunk);
		if (e != ERR_OK)
			break;
		memcpy(p + n, chunk, take - SEAL_TAG_BYTES);
		n += take - SEAL_TAG_BYTES;
		at += take;
	}
	seal_wipe(chunk, sizeof chunk);
	if (e == ERR_OK)
		*ret_n = n;
	return e;
}

enum err blob_open(const struct blob_store *s, const struct hash32 *hash,
		   const struct seal_key *key, struct blob_content *ret)
{
	struct blob_content c = {0};
	uint64_t bytes = 0;
	struct paths p;
	enum err e;
	int fd = -1;

	TRY(paths_of(s, hash, &p));
	TRY(read_open(p.file, &fd, &bytes));
	c = (struct blob_content){malloc(bytes + 1), bytes};
	e = c.p ? read_whole(fd, c.p, bytes, hash) : ERR_NO_MEMORY;
	close(fd);
	if (e == ERR_OK)
		e = open_sealed(c.p, bytes, key, &c.n);
	if (e == ERR_OK)
		*ret = c;
	else
		blob_content_fini(&c);
	return e;
}

void blob_content_fini(struct blob_content *c)
{
	if (c->p)
		seal_wipe(c->p, c->n);
	free(c->p);
	*c = (struct blob_content){0};
}

enum err blob_check(const struct blob_store *s, const struct hash32 *hash, uint64_t bytes,
		    bool whole)
{
	uint8_t block[SEAL_CHUNK_BYTES];
	struct hash_stream stream;
	struct hash32 found;
	uint64_t there = 0;
	size_t n = sizeof block;
	struct paths p;
	enum err e = ERR_OK;
	int fd = -1;

	TRY(paths_of(s, hash, &p));
	TRY(read_open(p.file, &fd, &there));
	if (there != bytes)
		e = ERR_CORRUPT;
	hash_begin(&stream);
	while (whole && e == ERR_OK && n == sizeof block) {
		e = read_some(fd, block, sizeof block, &n);
		if (e == ERR_OK)
			hash_put(&stream, block, n);
	}
	close(fd);
	hash_end(&stream, &found);
	if (e == ERR_OK && whole && !hash_eq(&found, hash))
		e = ERR_CORRUPT;
	return e;
}

enum err blob_remove(const struct blob_store *s, const struct hash32 *hash)
{
	struct paths p;

	TRY(paths_of(s, hash, &p));
	if (unlink(p.file) != 0)
		return err_of_errno(errno);
	return folder_sync(p.folder);
}

/* ---- sweep ---- */

bool blob_is_unfinished(const char *name)
{
	return strncmp(name, UNFINISHED, sizeof UNFINISHED - 1) == 0;
}

struct sweep {
	blob_is_named *is_named;
	void *ctx;
	int64_t before_s;
	struct blob_swept counts;
};

/* Of a file in folder `ab`: its hash, where both names are of the form. */
static bool hash_of(const char *folder, const char *name, struct hash32 *ret)
{
	char hex[2 * HASH_BYTES];
	struct buf b = buf_over(hex, sizeof hex);

	if (strlen(folder) != FOLDER_HEX || strlen(name) != FILE_HEX)
		return false;
	buf_put_z(&b, folder);
	buf_put_z(&b, name);
	return hex_decode(buf_str(&b), ret->b, HASH_BYTES);
}

static enum err sweep_file(struct sweep *w, int folder_fd, const char *folder, const char *name)
{
	struct hash32 hash;
	struct stat st;
	bool named = false;

	if (fstatat(folder_fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? ERR_OK : err_of_errno(errno);
	if (!S_ISREG(st.st_mode) || !hash_of(folder, name, &hash)) {
		w->counts.strange++;
		return ERR_OK;
	}
	TRY(w->is_named(w->ctx, &hash, &named));
	if (named) {
		w->counts.named++;
	} else if (st.st_mtim.tv_sec >= w->before_s) {
		w->counts.young++;
	} else {
		if (unlinkat(folder_fd, name, 0) != 0)
			return err_of_errno(errno);
		w->counts.removed++;
	}
	return ERR_OK;
}

static enum err sweep_folder(struct sweep *w, int dir_fd, const char *folder)
{
	int fd = openat(dir_fd, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;
	enum err e = ERR_OK;

	if (!d) {
		e = err_of_errno(errno);
		if (fd >= 0)
			close(fd);
		return e;
	}
	while (e == ERR_OK && (entry = readdir(d)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			e = sweep_file(w, dirfd(d), folder, entry->d_name);
	closedir(d);
	return e;
}

/* What lies beside the folders: parts of files, and what is not ours. */
static enum err sweep_top(struct sweep *w, int dir_fd, const char *name)
{
	struct stat st;

	if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT ? ERR_OK : err_of_errno(errno);
	if (S_ISDIR(st.st_mode) && strlen(name) == FOLDER_HEX)
		return sweep_folder(w, dir_fd, name);
	if (!S_ISREG(st.st_mode) || !blob_is_unfinished(name)) {
		w->counts.strange++;
	} else if (st.st_mtim.tv_sec < w->before_s) {
		if (unlinkat(dir_fd, name, 0) != 0)
			return err_of_errno(errno);
		w->counts.unfinished++;
	}
	return ERR_OK;
}

enum err blob_sweep(const struct blob_store *s, blob_is_named *is_named, void *ctx,
		    int64_t before_s, struct blob_swept *ret)
{
	struct sweep w = {is_named, ctx, before_s, {0}};
	DIR *d = opendir(s->dir);
	struct dirent *entry;
	enum err e = ERR_OK;

	if (!d)
		return err_of_errno(errno);
	while (e == ERR_OK && (entry = readdir(d)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			e = sweep_top(&w, dirfd(d), entry->d_name);
	closedir(d);
	if (e == ERR_OK)
		*ret = w.counts;
	return e;
}
