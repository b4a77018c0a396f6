/* Files and folders, made durable. */
#include "app/files.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libgen.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_CAP 1100
#define BLOCK_BYTES 65536u

bool path_join(char to[FILE_PATH_MAX], const char *folder, const char *name)
{
	if (snprintf(to, FILE_PATH_MAX, "%s/%s", folder, name) < (int)FILE_PATH_MAX)
		return true;
	to[0] = 0;
	return false;
}

enum err folder_make(const char *path, unsigned mode)
{
	struct stat st;

	if (mkdir(path, mode) == 0)
		return ERR_OK;
	if (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return ERR_OK;
	return err_of_errno(errno);
}

enum err folder_sync(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int failed = 0;

	if (fd < 0)
		return err_of_errno(errno);
	if (fsync(fd) != 0)
		failed = errno;
	close(fd);
	return failed ? err_of_errno(failed) : ERR_OK;
}

static enum err write_some(int fd, const char *p, size_t n)
{
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

static enum err write_all(int fd, struct str s)
{
	TRY(write_some(fd, s.p, s.n));
	return fsync(fd) == 0 ? ERR_OK : err_of_errno(errno);
}

static enum err write_with(const char *path, struct str content, unsigned mode, int flags)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode);
	enum err e;

	if (fd < 0)
		return err_of_errno(errno);
	e = write_all(fd, content);
	close(fd);
	if (e != ERR_OK)
		unlink(path);
	return e;
}

enum err file_write_new(const char *path, struct str content, unsigned mode)
{
	return write_with(path, content, mode, O_EXCL);
}

enum err file_replace(const char *path, struct str content, unsigned mode)
{
	char beside[PATH_CAP], folder[PATH_CAP];

	snprintf(beside, sizeof beside, "%s.new", path);
	snprintf(folder, sizeof folder, "%s", path);
	TRY(write_with(beside, content, mode, O_TRUNC));
	if (rename(beside, path) != 0)
		return err_of_errno(errno);
	return folder_sync(dirname(folder));
}

enum err file_read(const char *path, size_t cap, char **ret, size_t *ret_n)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	size_t n = 0;
	char *p;
	enum err e = ERR_OK;

	if (fd < 0)
		return err_of_errno(errno);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || (size_t)st.st_size > cap) {
		close(fd);
		return ERR_TOO_LARGE;
	}
	p = malloc((size_t)st.st_size + 1);
	while (p && n < (size_t)st.st_size && e == ERR_OK) {
		ssize_t got = read(fd, p + n, (size_t)st.st_size - n);
		if (got <= 0)
			e = got < 0 && errno == EINTR ? ERR_OK : ERR_STORE;
		else
			n += (size_t)got;
	}
	close(fd);
	if (!p || e != ERR_OK) {
		free(p);
		return p ? e : ERR_NO_MEMORY;
	}
	p[n] = 0;
	*ret = p;
	*ret_n = n;
	return ERR_OK;
}

/* Everything from one descriptor, hashed, and written to the other where there is one. */
static enum err pour(int from, int to, struct file_print *ret)
{
	struct hash_stream stream;
	char block[BLOCK_BYTES];

	ret->bytes = 0;
	hash_begin(&stream);
	for (;;) {
		ssize_t n = read(from, block, sizeof block);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_of_errno(errno);
		if (n == 0)
			break;
		hash_put(&stream, block, (size_t)n);
		ret->bytes += (uint64_t)n;
		if (to >= 0)
			TRY(write_some(to, block, (size_t)n));
	}
	hash_end(&stream, &ret->sha256);
	return to < 0 || fsync(to) == 0 ? ERR_OK : err_of_errno(errno);
}

enum err file_print(const char *path, struct file_print *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	enum err e;

	if (fd < 0)
		return err_of_errno(errno);
	e = pour(fd, -1, ret);
	close(fd);
	return e;
}

enum err file_copy_new(const char *from, const char *to, unsigned mode, struct file_print *ret)
{
	int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), out;
	enum err e;

	if (in < 0)
		return err_of_errno(errno);
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	e = out < 0 ? err_of_errno(errno) : pour(in, out, ret);
	if (out >= 0)
		close(out);
	close(in);
	return e;
}

enum err file_sync(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum err e;

	if (fd < 0)
		return err_of_errno(errno);
	e = fsync(fd) == 0 ? ERR_OK : err_of_errno(errno);
	close(fd);
	return e;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

void folder_remove(const char *path)
{
	(void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}
