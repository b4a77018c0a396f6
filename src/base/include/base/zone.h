/* A time zone read from TZif bytes (RFC 8536 and its successor RFC 9636, versions 1 to 4), with the
 * POSIX TZ rule of the footer for the time after the last transition. The bytes are the caller's
 * and stay in place as long as the zone is used; nothing is copied. Depends on civil.h. Pure; a
 * look-up is O(log transitions). */
#ifndef LIREN_BASE_ZONE_H
#define LIREN_BASE_ZONE_H

#include "base/civil.h"

#define ZONE_BYTES_MAX 65536u
#define ZONE_TRANSITIONS_MAX 4096u
#define ZONE_TYPES_MAX 256u
#define ZONE_FOOTER_BYTES_MAX 128u

/* A day of the year as POSIX TZ names it, and the seconds of local time after its midnight. */
struct zone_rule {
	char kind; /* 'J': day 1 … 365 without 29 February; '0': day 0 … 365; 'M': weekday of a
		      month */
	int day;   /* of J and 0 */
	int month; /* of M: 1 … 12 */
	int week;  /* of M: 1 … 5, 5 is the last */
	int weekday; /* of M: 0 is Sunday */
	int32_t time_s;
};

struct zone_footer {
	bool is_given;
	bool has_dst;
	int32_t std_offset_s;
	int32_t dst_offset_s;
	struct zone_rule dst_begins, dst_ends;
};

struct zone {
	const uint8_t *times; /* transitions_n big-endian times of time_bytes, strictly ascending */
	const uint8_t *time_type; /* transitions_n indexes into types */
	const uint8_t *types;     /* types_n times 6 bytes: offset, is_dst, designation */
	unsigned transitions_n;
	unsigned types_n;
	unsigned time_bytes; /* 4 or 8 */
	struct zone_footer footer;
};

/* Read and check TZif bytes. ERR_TOO_LARGE over the caps; ERR_BAD_INPUT for anything malformed, for
 * offsets of a day or more, and for files that count leap seconds (the "right/" files), which no
 * utc_us does. */
enum err zone_parse(struct bytes tzif, struct zone *ret) MUST_CHECK;

/* A zone of one constant offset (at most CIVIL_OFFSET_S_MAX either way; a bug otherwise). 0 is UTC.
 */
void zone_init_fixed(int32_t offset_s, struct zone *ret);

/* Offset of local time against UTC at an instant within the civil range, in seconds, east positive.
 */
int32_t zone_offset_s(const struct zone *z, int64_t utc_us);

/* The instant split into local day and time of day. */
struct civil_time zone_split(const struct zone *z, int64_t utc_us);

/* The instant of a local time. A local time that the clocks skip moves forward by the length of the
 * gap (02:30 in a gap from 02:00 to 03:00 is 03:30); of a local time that they show twice the first
 * is taken. ERR_BAD_INPUT outside the years 1 to 9999. */
enum err zone_join(const struct zone *z, struct civil_time local, int64_t *ret_utc_us) MUST_CHECK;

/* The first instant at which the local clock shows this time or a later one: as zone_join, but a
 * time within a gap gives the end of the gap. A later local time never gives an earlier instant, so
 * this is what spans of local time are cut with. */
enum err zone_reach(const struct zone *z, struct civil_time local, int64_t *ret_utc_us) MUST_CHECK;

#endif
