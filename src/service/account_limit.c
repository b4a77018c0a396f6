/* Waits after failures. */
#include "service/account_limit.h"

struct peer_address peer_address_of(const uint8_t *bytes, unsigned n)
{
	static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
	struct peer_address a = {0};

	if (n == 16 && memcmp(bytes, mapped, sizeof mapped) == 0) {
		bytes += sizeof mapped;
		n = 4;
	}
	if (n != 4 && n != 16)
		return a;
	a.n = n == 4 ? 4 : 8;
	memcpy(a.b, bytes, a.n);
	return a;
}

void limit_init(struct limit_table *t, const uint8_t key[HASH_SIP_KEY_BYTES], unsigned free,
		int64_t wait_max_us)
{
	memset(t, 0, sizeof *t);
	memcpy(t->key, key, HASH_SIP_KEY_BYTES);
	t->free = free;
	t->wait_max_us = wait_max_us;
}

static uint64_t tag_of(const struct limit_table *t, struct bytes key)
{
	uint64_t tag = hash_sip64(t->key, key.p, key.n);

	return tag ? tag : 1;
}

static unsigned set_of(uint64_t tag)
{
	return (unsigned)(tag % (LIMIT_SLOTS / LIMIT_WAYS)) * LIMIT_WAYS;
}

static bool is_stale(const struct limit_slot *s, int64_t boot_us)
{
	return boot_us - s->last_us >= LIMIT_FORGET_US;
}

int64_t limit_wait(const struct limit_table *t, struct bytes key, int64_t boot_us)
{
	uint64_t tag = tag_of(t, key);
	const struct limit_slot *s = &t->slot[set_of(tag)];

	for (unsigned i = 0; i < LIMIT_WAYS; i++)
		if (s[i].tag == tag)
			return s[i].until_us > boot_us ? s[i].until_us - boot_us : 0;
	return 0;
}

/* Its own slot, else a free or forgotten one, else that of fewest failures. */
static struct limit_slot *slot_for(struct limit_table *t, uint64_t tag, int64_t boot_us)
{
	struct limit_slot *s = &t->slot[set_of(tag)], *best = s;

	for (unsigned i = 0; i < LIMIT_WAYS; i++)
		if (s[i].tag == tag)
			return &s[i];
	for (unsigned i = 0; i < LIMIT_WAYS; i++) {
		if (s[i].tag == 0 || is_stale(&s[i], boot_us))
			return &s[i];
		if (s[i].failures < best->failures)
			best = &s[i];
	}
	return best;
}

void limit_failed(struct limit_table *t, struct bytes key, int64_t boot_us)
{
	uint64_t tag = tag_of(t, key);
	struct limit_slot *s = slot_for(t, tag, boot_us);
	int64_t wait = 0;

	if (s->tag != tag || is_stale(s, boot_us))
		*s = (struct limit_slot){.tag = tag};
	s->failures++;
	if (s->failures > t->free) {
		unsigned doubled = s->failures - t->free - 1;
		wait = doubled < 16 ? LIMIT_WAIT_FIRST_US << doubled : t->wait_max_us;
	}
	s->last_us = boot_us;
	s->until_us = boot_us + (wait < t->wait_max_us ? wait : t->wait_max_us);
}

void limit_clear(struct limit_table *t, struct bytes key)
{
	uint64_t tag = tag_of(t, key);
	struct limit_slot *s = &t->slot[set_of(tag)];

	for (unsigned i = 0; i < LIMIT_WAYS; i++)
		if (s[i].tag == tag)
			s[i] = (struct limit_slot){0};
}

void limit_undo(struct limit_table *t, struct bytes key)
{
	uint64_t tag = tag_of(t, key);
	struct limit_slot *s = &t->slot[set_of(tag)];

	for (unsigned i = 0; i < LIMIT_WAYS; i++)
		if (s[i].tag == tag && s[i].failures > 0) {
			s[i].failures--;
			s[i].until_us = s[i].last_us;
		}
}
