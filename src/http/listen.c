/* Sockets to listen on. */
#include "listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* An address as text, with the port, in network form. */
static bool make_address(const char *text, uint16_t port, struct sockaddr_storage *ret,
			 socklen_t *ret_n)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)ret;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)ret;

	memset(ret, 0, sizeof *ret);
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		*ret_n = sizeof *v4;
		return true;
	}
	if (inet_pton(AF_INET6, text, &v6->sin6_addr) != 1)
		return false;
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons(port);
	*ret_n = sizeof *v6;
	return true;
}

static enum err listen_on(const struct sockaddr_storage *address, socklen_t n, int *ret_fd)
{
	int on = 1;
	int fd = socket(address->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int failed;

	if (fd < 0)
		return ERR_STORE;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, (const struct sockaddr *)address, n) == 0 && listen(fd, SOMAXCONN) == 0) {
		*ret_fd = fd;
		return ERR_OK;
	}
	failed = errno;
	close(fd);
	return failed == EADDRINUSE ? ERR_LOCKED : failed == EACCES ? ERR_FORBIDDEN : ERR_BAD_INPUT;
}

enum err http_listen(const char *address, uint16_t port, int *ret_fd)
{
	struct sockaddr_storage a;
	socklen_t n = 0;

	if (!make_address(address, port, &a, &n))
		return ERR_BAD_INPUT;
	return listen_on(&a, n, ret_fd);
}

uint16_t http_listen_port(struct MHD_Daemon *daemon)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_LISTEN_FD);
	struct sockaddr_storage a;
	socklen_t n = sizeof a;

	if (!info || getsockname(info->listen_fd, (struct sockaddr *)&a, &n) != 0)
		return 0;
	return ntohs(a.ss_family == AF_INET ? ((const struct sockaddr_in *)&a)->sin_port
					    : ((const struct sockaddr_in6 *)&a)->sin6_port);
}
