/* The wrappers of faultfile.h, by the linker's --wrap. open and rename have a 64-bit name where
 * files may be large. */
#include "faultfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static struct plan {
	bool on, kill;
	enum faultfile_call call;
	uint64_t at, seen[FAULTFILE_CALLS], failed;
	int error;
} plan;

void faultfile_plan(enum faultfile_call call, uint64_t at, int error)
{
	plan = (struct plan){.on = true, .call = call, .at = at, .error = error};
}

void faultfile_kill(enum faultfile_call call, uint64_t at)
{
	plan = (struct plan){.on = true, .kill = true, .call = call, .at = at};
}

uint64_t faultfile_end(enum faultfile_call call, uint64_t *ret_failed)
{
	plan.on = false;
	if (ret_failed)
		*ret_failed = plan.failed;
	return plan.seen[call];
}

static bool refuse(enum faultfile_call call)
{
	if (!plan.on || ++plan.seen[call] != plan.at || call != plan.call)
		return false;
	if (plan.kill)
		_exit(0);
	plan.failed++;
	errno = plan.error;
	return true;
}

int __real_open64(const char *path, int flags, ...);
ssize_t __real_write(int fd, const void *p, size_t n);
int __real_fsync(int fd);
int __real_close(int fd);
int __real_rename(const char *from, const char *to);
int __real_mkdir(const char *path, mode_t mode);
int __wrap_open64(const char *path, int flags, ...);
ssize_t __wrap_write(int fd, const void *p, size_t n);
int __wrap_fsync(int fd);
int __wrap_close(int fd);
int __wrap_rename(const char *from, const char *to);
int __wrap_mkdir(const char *path, mode_t mode);

int __wrap_open64(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list args;

	if (flags & O_CREAT) {
		va_start(args, flags);
		mode = va_arg(args, mode_t);
		va_end(args);
	}
	return refuse(FAULTFILE_OPEN) ? -1 : __real_open64(path, flags, mode);
}

ssize_t __wrap_write(int fd, const void *p, size_t n)
{
	if (refuse(FAULTFILE_WRITE)) {
		int error = errno;
		(void)!__real_write(fd, p, n / 2);
		errno = error;
		return -1;
	}
	/* short writes are ordinary: their caller goes on */
	return __real_write(fd, p, n > 1000 ? n - 7 : n);
}

int __wrap_fsync(int fd)
{
	return refuse(FAULTFILE_FSYNC) ? -1 : __real_fsync(fd);
}

int __wrap_close(int fd)
{
	int status = __real_close(fd);

	return refuse(FAULTFILE_CLOSE) ? -1 : status;
}

int __wrap_rename(const char *from, const char *to)
{
	return refuse(FAULTFILE_RENAME) ? -1 : __real_rename(from, to);
}

int __wrap_mkdir(const char *path, mode_t mode)
{
	return refuse(FAULTFILE_MKDIR) ? -1 : __real_mkdir(path, mode);
}
