/* How often somebody may try: failures are counted by account and by address, and each beyond the
 * free ones doubles the wait before the next try is looked at. Fixed tables; on the monotonic
 * clock; forgotten by a restart. Where a set of slots is full the one that waits least gives way,
 * so that many names or addresses do not wash out one that was tried often. Pure; one thread. O(1).
 */
#ifndef LIREN_SERVICE_ACCOUNT_LIMIT_H
#define LIREN_SERVICE_ACCOUNT_LIMIT_H

#include "base/hash.h"

#define LIMIT_SLOTS 4096u /* of each of the two tables */
#define LIMIT_WAYS 8u	  /* slots that one key may be in */
#define LIMIT_ACCOUNT_FREE 5u
#define LIMIT_ADDRESS_FREE 20u /* a whole house may share one */
#define LIMIT_WAIT_FIRST_US INT64_C(1000000)
#define LIMIT_ACCOUNT_WAIT_MAX_US INT64_C(300000000)
#define LIMIT_ADDRESS_WAIT_MAX_US INT64_C(60000000)
#define LIMIT_FORGET_US INT64_C(3600000000) /* without a failure for this long: none */

struct limit_slot {
	uint64_t tag; /* keyed; 0: free */
	int64_t last_us, until_us;
	uint32_t failures;
};

struct limit_table {
	struct limit_slot slot[LIMIT_SLOTS];
	uint8_t key[HASH_SIP_KEY_BYTES]; /* random: nobody can aim at a set */
	unsigned free;
	int64_t wait_max_us;
};

/* Where a request comes from: an IPv4 address as its four bytes, an IPv6 address as the eight of
 * its /64, which is what one household has. n = 0: not known, and nothing is counted by it. */
struct peer_address {
	uint8_t n;
	uint8_t b[8];
};
/* Of 4 or 16 bytes in network order; an IPv4 address mapped into IPv6 is one. */
struct peer_address peer_address_of(const uint8_t *bytes, unsigned n);

void limit_init(struct limit_table *t, const uint8_t key[HASH_SIP_KEY_BYTES], unsigned free,
		int64_t wait_max_us);
/* Microseconds to wait before this key may try; 0: now. */
int64_t limit_wait(const struct limit_table *t, struct bytes key, int64_t boot_us);
/* A try that takes time is counted when it begins, so that many at once are no way around, and
 * uncounted where it turns out right. */
void limit_failed(struct limit_table *t, struct bytes key, int64_t boot_us);
void limit_undo(struct limit_table *t, struct bytes key);
void limit_clear(struct limit_table *t, struct bytes key);

#endif
