/* How often an address may ask for something to be done without being signed in: a bucket of tokens
 * for each, in a table of fixed size. Depends on base. Pure but for its own table; O(1). */
#ifndef LIREN_HTTP_LIMIT_H
#define LIREN_HTTP_LIMIT_H

#include "base/entropy.h"
#include "base/hash.h"

#include <sys/socket.h>

#define LIMIT_BURST 60u /* at once: a family behind one address, or a desk */
#define LIMIT_REFILL_US INT64_C(1000000) /* one more in this time */
#define LIMIT_SETS 512u
#define LIMIT_WAYS 8u /* addresses that share a set; the one that waited longest makes room */

struct limit_bucket {
	uint64_t address; /* keyed hash; 0: free */
	int64_t full_us;  /* when it is full again: tells how many tokens are missing */
};

struct limits {
	uint8_t key[HASH_SIP_KEY_BYTES];
	struct limit_bucket v[LIMIT_SETS][LIMIT_WAYS];
};

void limits_init(struct limits *l, const struct entropy *entropy);

/* Take a token of this address: IPv4, or the /64 of IPv6, which is one household. 0: taken; else in
 * how many seconds there is one. now_us: monotonic, above 0. */
unsigned limits_take(struct limits *l, const struct sockaddr_storage *address, int64_t now_us);

#endif
