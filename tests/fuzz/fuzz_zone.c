/* Time zones: whatever TZif bytes or footer are taken give a zone in which every instant has a
 * local time that leads back, and local times lead to instants in their order. Civil time: what is
 * parsed is written so that it reads as the same. */
#include "fuzz.h"
#include "tzif_rule.h"

#include "base/zone.h"

/* -1, 0 or 1 as the local time a is before, at or after b. */
static int compare(struct civil_time a, struct civil_time b)
{
	if (a.day != b.day)
		return a.day < b.day ? -1 : 1;
	return a.us < b.us ? -1 : a.us > b.us;
}

static void check_local(const struct zone *z, struct civil_time local)
{
	int64_t joined, reached, next;
	struct civil_time after = local;

	if (zone_join(z, local, &joined) != ERR_OK || zone_reach(z, local, &reached) != ERR_OK)
		return;
	PROPERTY(reached <= joined);
	struct civil_time at = zone_split(z, reached);
	PROPERTY(compare(at, local) >= 0);
	if (compare(at, local) == 0)
		PROPERTY(reached == joined);
	if (reached > CIVIL_UTC_US_MIN) /* the first: the clock was behind just before */
		PROPERTY(compare(zone_split(z, reached - 1), local) < 0);
	after.us += CIVIL_US_PER_HOUR;
	if (after.us < CIVIL_US_PER_DAY && zone_reach(z, after, &next) == ERR_OK)
		PROPERTY(next >= reached);
}

static void check_zone(const struct zone *z, struct fuzz_reader *r)
{
	for (int i = 0; i < 64; i++) {
		/* instants of the last and the next two centuries, and of all times */
		uint64_t span = i % 2 ? 12622780800 : 315537897600;
		int64_t from_s = i % 2 ? -6311347200 : -62135596800;
		uint64_t mixed = (fuzz_uint(r, 5) + (uint64_t)i) * UINT64_C(0x9E3779B97F4A7C15);
		int64_t utc_us = (from_s + (int64_t)(mixed % span)) * CIVIL_US_PER_SECOND;
		struct civil_time local = zone_split(z, utc_us);
		int32_t offset_s = zone_offset_s(z, utc_us);
		int64_t back;
		PROPERTY(offset_s >= -CIVIL_OFFSET_S_MAX && offset_s <= CIVIL_OFFSET_S_MAX);
		if (civil_day_ok(local.day) && zone_join(z, local, &back) == ERR_OK) {
			PROPERTY(back <= utc_us); /* the first of two, or the one */
			PROPERTY(compare(zone_split(z, back), local) == 0);
		}
		check_local(z, (struct civil_time){(int32_t)(utc_us / CIVIL_US_PER_DAY),
						   (int64_t)(mixed >> 7 & 0xFFFF) * 1300000});
	}
}

static void check_civil(struct str text)
{
	char memory[CIVIL_RFC3339_BYTES_MAX];
	struct buf out = buf_over(memory, sizeof memory);
	int64_t utc_us, back;
	int32_t offset_s, day;

	if (civil_parse_date(text, &day) == ERR_OK) {
		civil_put_date(day, &out);
		PROPERTY(str_eq(buf_str(&out), text));
	}
	if (civil_parse_rfc3339(text, &utc_us, &offset_s) != ERR_OK)
		return;
	out.n = 0;
	civil_put_local(utc_us, offset_s, &out);
	PROPERTY(!out.over && civil_parse_rfc3339(buf_str(&out), &back, NULL) == ERR_OK);
	PROPERTY(back == utc_us);
	out.n = 0;
	civil_put_utc(utc_us, &out);
	PROPERTY(!out.over && civil_parse_rfc3339(buf_str(&out), &back, NULL) == ERR_OK);
	PROPERTY(back == utc_us);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct fuzz_reader r = {data, n};
	uint8_t what = fuzz_u8(&r);
	struct zone z;

	if (what == 'c') {
		check_civil((struct str){(const char *)r.p, r.n});
	} else if (what == 'f') { /* a footer, then what to ask */
		char rule[101];
		uint8_t bytes[TZIF_RULE_BYTES_MAX];
		struct str text = fuzz_str(&r, fuzz_u8(&r) % sizeof rule);
		if (text.n > 0)
			memcpy(rule, text.p, text.n);
		rule[text.n] = 0;
		if (zone_parse((struct bytes){bytes, tzif_rule(rule, bytes)}, &z) == ERR_OK)
			check_zone(&z, &r);
	} else if (zone_parse((struct bytes){data, n}, &z) == ERR_OK) {
		check_zone(&z, &r);
	}
	return 0;
}
