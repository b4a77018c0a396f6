/* EXIF (CIPA DC-008), as little of it as is needed: where and when a picture was taken, read from
 * what a camera wrote and written as an APP1 segment with only that in it. Pure. */
#ifndef LIREN_MEDIA_EXIF_H
#define LIREN_MEDIA_EXIF_H

#include "base/buf.h"

#define EXIF_TIME_CHARS 19u   /* "YYYY:MM:DD HH:MM:SS" */
#define EXIF_OFFSET_CHARS 6u  /* "+08:00" */
#define EXIF_SEGMENT_MAX 320u /* the largest that exif_put_segment writes */

struct exif_ratio {
	uint32_t up, down;
};

struct exif_facts {
	bool has_position;
	char lat_ref, lon_ref;            /* N or S, E or W */
	struct exif_ratio lat[3], lon[3]; /* degrees, minutes, seconds */
	bool has_time;
	char time[EXIF_TIME_CHARS + 1];
	bool has_offset; /* only with a time */
	char offset[EXIF_OFFSET_CHARS + 1];
};

/* Read a TIFF structure, with or without "Exif\0\0" before it. What is missing or not as the
 * standard says is taken as not there. O(entries), of which at most 512 in each of three
 * directories are looked at. */
void exif_read(struct bytes tiff, struct exif_facts *ret);

/* The whole segment, marker included; nothing where there is neither position nor time. */
void exif_put_segment(const struct exif_facts *facts, struct buf *out);

#endif
