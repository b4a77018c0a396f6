/* Many open answers that only ever grow (text/event-stream): sockets taken over from libmicrohttpd,
 * written by one thread with epoll. Blocks of bytes are shared: what a thousand clients get alike
 * lies in memory once. Nothing here knows what is in a block. Depends on Linux. Costs 0.7 KB a
 * stream, and one send a stream and block. */
#ifndef LIREN_HTTP_STREAM_H
#define LIREN_HTTP_STREAM_H

#include "base/err.h"
#include "base/str.h"

#define STREAMS_MAX 2500u
#define STREAMS_OF_ACCOUNT_MAX 8u   /* windows and devices of one person */
#define STREAM_BUFFER_BYTES 65536u  /* waiting for a client that is slow to take it */
#define STREAM_BLOCKS_MAX 64u       /* and in so many blocks */
#define STREAM_KERNEL_BYTES 65536   /* of the socket, beside that */
#define STREAM_STALL_US INT64_C(10000000) /* a client that takes nothing for so long is closed */

struct streams;

/* Shared bytes. Counted; all counts belong to the thread of the streams. */
struct stream_block {
	unsigned users;
	size_t n;
	char bytes[];
};

/* With one user; NULL where memory ran out. */
struct stream_block *stream_block_new(const void *bytes, size_t n);
struct stream_block *stream_block_drop(struct stream_block *b); /* NULL is fine; returns NULL */

/* One client. The first part is the owner's to use. */
struct stream {
	unsigned group;   /* who shares blocks with it */
	uint64_t account; /* 0: none */
	uint64_t cursor;  /* where it stands in what is told */
	int64_t since_us; /* monotonic: when it was taken over */

	int fd, epoll;
	int64_t moved_us; /* when it last took bytes, or had none to take */
	struct stream_block *block[STREAM_BLOCKS_MAX];
	unsigned first, waiting_n; /* of the ring above */
	size_t taken;              /* of the first one */
	size_t waiting_bytes;
};

enum err streams_open(struct streams **ret) MUST_CHECK;
struct streams *streams_close(struct streams *s); /* closes every socket; NULL is fine */

/* From any thread: take over a connected socket; it is told apart from there by streams_next_new.
 * ERR_BUSY: STREAMS_MAX are open, or STREAMS_OF_ACCOUNT_MAX of this account; ERR_STOPPING. On
 * failure the socket stays the caller's. */
enum err streams_take(struct streams *s, int fd, unsigned group, uint64_t account, uint64_t cursor,
		      int64_t now_us) MUST_CHECK;

/* From any thread: end streams_wait. */
void streams_wake(struct streams *s);

/* ---- the rest from the one thread that writes ---- */

/* Wait until something was told by streams_wake, a client moved, or the time is over (-1: none).
 * Writes what waits, closes those who went. True: it was woken. */
bool streams_wait(struct streams *s, int64_t timeout_us);

/* The next one that was taken since; NULL: no more. */
struct stream *streams_next_new(struct streams *s);

/* Queue a block, and write at once what goes. The block's count is raised. ERR_BUSY: there is no
 * room, and nothing was queued; ERR_GONE: the client went, and its stream is freed by streams_tend.
 */
enum err stream_put(struct stream *st, struct stream_block *b, int64_t now_us) MUST_CHECK;

/* Call `each` for every stream. */
typedef void stream_fn(void *ctx, struct stream *st);
void streams_each(struct streams *s, stream_fn *each, void *ctx);

/* Free what is over; close who took nothing for STREAM_STALL_US. `gone` is told of each before. */
void streams_tend(struct streams *s, int64_t now_us, stream_fn *gone, void *ctx);

/* Take no more, from now on: streams_take then says ERR_STOPPING. */
void streams_refuse(struct streams *s);
void stream_end(struct stream *st); /* freed by streams_tend */

struct streams_counts {
	unsigned open, waiting; /* waiting: with bytes that they did not take yet */
	uint64_t taken, refused, slow_closed;
};
/* From any thread. */
struct streams_counts streams_counts(struct streams *s);

#endif
