/* What may be attached to a case: what it is, by its own first bytes and never by a name or a
 * declared type; and pictures made anew, so that nothing is stored that the eye does not see.
 * Depends on base and libvips, which works in threads of its own and takes memory as it needs it,
 * within the caps below. Sounds and PDF are not changed here: they are stored byte by byte as they
 * came, with whatever their makers wrote into them. */
#ifndef LIREN_MEDIA_MEDIA_H
#define LIREN_MEDIA_MEDIA_H

#include "base/problem.h"
#include "base/str.h"

enum media_kind {
#define MEDIA(symbol, group, name, type, extension, cap) MEDIA_##symbol,
#include "media/kind_table.h"
#undef MEDIA
	MEDIA_KINDS
};

/* Groups, to be joined with |: what a field takes. */
#define MEDIA_IMAGE 1u
#define MEDIA_SOUND 2u
#define MEDIA_DOCUMENT 4u
#define MEDIA_ANY (MEDIA_IMAGE | MEDIA_SOUND | MEDIA_DOCUMENT)

struct media_info {
	const char *name; /* for people, in any language */
	const char *type; /* media type, RFC 6838 */
	const char *extension;
	size_t bytes_max;
	unsigned group;
};
const struct media_info *media_info(enum media_kind kind);

/* By the media type of an entry; false where it is none of ours. */
bool media_find(struct str type, enum media_kind *ret);

/* Which kind the bytes are, of the groups wanted (at least one). A container of sound with a
 * picture track, or with anything else beside one track of sound, is refused. ERR_BAD_MEDIA with
 * what is allowed; ERR_TOO_LARGE with the cap of the kind. Pure, O(n) at worst. */
enum err media_sniff(struct bytes content, unsigned groups, enum media_kind *ret,
		     struct problem *problem) MUST_CHECK;

/* Once, in the main thread, before any other thread starts and before the process is confined:
 * loads libvips (about 30 ms), blocks every decoder but the four that are needed, and leaves no
 * thread behind that would be unconfined; afterwards no file is opened. Sets an environment
 * variable for a moment. ERR_INTERNAL where the library or its module for HEIF is missing. Without
 * it media_sniff works, and media_clean must not be called. */
enum err media_warm_up(void) MUST_CHECK;
/* Give back what media_warm_up took, at the end of the process; for leak checkers. */
void media_process_fini(void);

#define MEDIA_SIDE_MAX 16384u      /* pixels of a side before decoding */
#define MEDIA_PIXELS_MAX 64000000u /* a phone of 50 megapixels, and some */
#define MEDIA_DECODED_BYTES_MAX (256u << 20)
#define MEDIA_EDGE_DEFAULT 2048u /* longer side of what is stored */
#define MEDIA_EDGE_MIN 16u
#define MEDIA_EDGE_MAX 4096u
#define MEDIA_MASKS_MAX 64u
#define MEDIA_MASK_SCALE 10000 /* a mask's numbers are ten-thousandths of a side */

/* A black rectangle, in ten-thousandths of the width and the height of the picture as it is seen,
 * upright, so that it holds at any size. What lies outside of the picture is cut off. */
struct media_mask {
	int32_t left, top, right, bottom;
};

struct media_options {
	bool evidence;     /* keep where and when it was taken, and nothing else */
	unsigned edge_max; /* 0: MEDIA_EDGE_DEFAULT; a smaller picture is not enlarged */
	const struct media_mask *masks;
	unsigned masks_n;
};

/* A picture made anew: always JPEG in sRGB, upright. Owns `bytes`. */
struct media_picture {
	uint8_t *bytes;
	size_t n;
	unsigned width, height;
	unsigned masks_burnt; /* those of which something lies within the picture */
	bool location_kept;   /* only where `evidence` was asked for and the picture says where */
	bool time_kept;
};

/* Decode, turn upright, make smaller, burn the masks in, encode. Every byte beside the pixels is
 * new: no EXIF, XMP, IPTC, comment, profile, thumbnail or trailing bytes of the original is left;
 * with `evidence` latitude, longitude, capture time and its offset are written back, with their
 * numbers unchanged. `kind` is what media_sniff said, of group MEDIA_IMAGE. Transparent parts
 * become white; of several pages or frames the first is taken. ERR_TOO_LARGE before decoding where
 * the header declares more than the caps; ERR_BAD_INPUT where the picture is damaged or cut, a
 * mask's right is not beyond its left (or its bottom its top), there are too many masks, or
 * edge_max is out of range. Calls may come from any thread, several at a time. */
enum err media_clean(struct bytes content, enum media_kind kind,
		     const struct media_options *options, struct media_picture *ret,
		     struct problem *problem) MUST_CHECK;
void media_picture_fini(struct media_picture *p); /* zeroed or filled */

#endif
