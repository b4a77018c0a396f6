/* Buckets of tokens by address. */
#include "limit.h"

#include <netinet/in.h>

void limits_init(struct limits *l, const struct entropy *entropy)
{
	memset(l, 0, sizeof *l);
	entropy_fill(entropy, l->key, sizeof l->key);
}

/* Of four bytes, or eight. An IPv4 address that came by an IPv6 socket is the same as by another.
 */
static uint64_t hash_of(const struct limits *l, const struct sockaddr_storage *address)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)address;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)address;
	uint64_t h;

	if (address->ss_family == AF_INET)
		h = hash_sip64(l->key, &v4->sin_addr, 4);
	else if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr))
		h = hash_sip64(l->key, v6->sin6_addr.s6_addr + 12, 4);
	else
		h = hash_sip64(l->key, v6->sin6_addr.s6_addr, 8);
	return h ? h : 1;
}

unsigned limits_take(struct limits *l, const struct sockaddr_storage *address, int64_t now_us)
{
	const int64_t depth_us = LIMIT_BURST * LIMIT_REFILL_US;
	uint64_t h = hash_of(l, address);
	struct limit_bucket *set = l->v[h % LIMIT_SETS], *b = NULL;

	for (unsigned i = 0; i < LIMIT_WAYS && !b; i++)
		if (set[i].address == h)
			b = &set[i];
	if (!b) {
		b = &set[0];
		for (unsigned i = 1; i < LIMIT_WAYS; i++)
			if (set[i].full_us < b->full_us)
				b = &set[i];
		*b = (struct limit_bucket){h, now_us};
	}
	if (b->full_us < now_us)
		b->full_us = now_us;
	if (b->full_us + LIMIT_REFILL_US > now_us + depth_us)
		return (unsigned)((b->full_us + LIMIT_REFILL_US - now_us - depth_us + 999999) /
				  1000000);
	b->full_us += LIMIT_REFILL_US;
	return 0;
}
