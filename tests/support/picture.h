/* Pictures for tests: generated patterns only, never a photo. Four quadrants of known colours, with
 * whatever a camera would write into the file; and a reader of JPEG segments and EXIF that shares
 * nothing with the code under test. */
#ifndef LIREN_TEST_PICTURE_H
#define LIREN_TEST_PICTURE_H

#include "base/str.h"

#include <vips/vips.h>

#define PICTURE_SECRET "CAMERA-4711" /* stands in every field that must go */

struct picture_rgb {
	uint8_t r, g, b;
};

/* The colour of a point of the upright picture: red, green / blue, yellow. */
static inline struct picture_rgb picture_at(int x, int y, int w, int h)
{
	static const struct picture_rgb quadrants[4] = {
	    {220, 20, 20}, {20, 180, 20}, {20, 20, 220}, {230, 220, 30}};

	return quadrants[(y >= h / 2) * 2 + (x >= w / 2)];
}

/* Where the pixel (row, column) of the file is seen, for an orientation as the standard's table
 * (CIPA DC-008, 4.6.4 A) says it: which side row 0 and column 0 are. */
static inline void picture_seen(int orientation, int row, int column, int w, int h, int *x, int *y)
{
	bool rows_are_columns = orientation >= 5;
	bool row0_far =
	    orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
	bool column0_far =
	    orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;

	if (rows_are_columns) {
		*x = row0_far ? w - 1 - row : row;
		*y = column0_far ? h - 1 - column : column;
	} else {
		*y = row0_far ? h - 1 - row : row;
		*x = column0_far ? w - 1 - column : column;
	}
}

/* The pixels that a camera held in this orientation writes; w and h are those of the upright
 * picture. The caller unrefs. */
static inline VipsImage *picture_make(int w, int h, int orientation)
{
	int rows = orientation >= 5 ? w : h, columns = orientation >= 5 ? h : w;
	size_t n = (size_t)rows * (size_t)columns * 3;
	uint8_t *p = g_malloc(n), *at = p;
	VipsImage *image, *rgb = NULL;

	for (int r = 0; r < rows; r++)
		for (int c = 0; c < columns; c++) {
			int x, y;
			struct picture_rgb v;
			picture_seen(orientation, r, c, w, h, &x, &y);
			v = picture_at(x, y, w, h);
			*at++ = v.r;
			*at++ = v.g;
			*at++ = v.b;
		}
	image = vips_image_new_from_memory_copy(p, n, columns, rows, 3, VIPS_FORMAT_UCHAR);
	g_free(p);
	if (vips_copy(image, &rgb, "interpretation", VIPS_INTERPRETATION_sRGB, NULL) != 0)
		abort();
	g_object_unref(image);
	return rgb;
}

/* ---- EXIF as a camera writes it ---- */

struct picture_tiff {
	uint8_t b[1200];
	size_t n;
	bool big;
};

static inline void tiff_put(struct picture_tiff *t, uint32_t v, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		t->b[t->n++] = (uint8_t)(v >> 8 * (t->big ? bytes - 1 - i : i));
}

static inline void tiff_entry(struct picture_tiff *t, unsigned tag, unsigned type, uint32_t count,
			      uint32_t value)
{
	tiff_put(t, tag, 2);
	tiff_put(t, type, 2);
	tiff_put(t, count, 4);
	if (type == 3 && count == 1) { /* a short stands at the left */
		tiff_put(t, value, 2);
		tiff_put(t, 0, 2);
	} else {
		tiff_put(t, value, 4);
	}
}

static inline void tiff_text(struct picture_tiff *t, const char *text, size_t room)
{
	memset(t->b + t->n, 0, room);
	memcpy(t->b + t->n, text, strlen(text));
	t->n += room;
}

/* Up to three letters with their NUL in the place of a value. */
static inline void tiff_letters(struct picture_tiff *t, unsigned tag, const char *letters)
{
	tiff_put(t, tag, 2);
	tiff_put(t, 2, 2);
	tiff_put(t, (uint32_t)strlen(letters) + 1, 4);
	tiff_text(t, letters, 4);
}

#define PICTURE_TIME "2026:06:11 08:30:59"
#define PICTURE_OFFSET "+08:00"
static const uint32_t picture_lat[6] = {22, 1, 33, 1, 1234, 100}; /* 22 deg 33' 12.34" N */
static const uint32_t picture_lon[6] = {114, 1, 5, 1, 5678, 1000};

/* Maker, orientation, owner, serial number, comment; place with altitude and bearing, time; and a
 * thumbnail. Offsets are fixed, so that the layout can be read here. */
static inline void picture_exif(struct picture_tiff *t, int orientation, bool big)
{
	enum { EXIF_AT = 200, GPS_AT = 400, SECOND_AT = 700, THUMB_AT = 800 };
	*t = (struct picture_tiff){.big = big};
	memcpy(t->b, big ? "MM\0*" : "II*\0", 4);
	t->n = 4;
	tiff_put(t, 8, 4);
	tiff_put(t, 6, 2);
	tiff_entry(t, 0x010F, 2, 12, 120); /* Make */
	tiff_entry(t, 0x0112, 3, 1, (uint32_t)orientation);
	tiff_entry(t, 0x0132, 2, 20, 140); /* DateTime: of the last change */
	tiff_entry(t, 0x013B, 2, 12, 160); /* Artist */
	tiff_entry(t, 0x8769, 4, 1, EXIF_AT);
	tiff_entry(t, 0x8825, 4, 1, GPS_AT);
	tiff_put(t, SECOND_AT, 4);
	t->n = 120;
	tiff_text(t, PICTURE_SECRET, 20);
	tiff_text(t, "2026:07:01 00:00:00", 20);
	tiff_text(t, PICTURE_SECRET, 40);
	t->n = EXIF_AT;
	tiff_put(t, 4, 2);
	tiff_entry(t, 0x9003, 2, 20, 300); /* DateTimeOriginal */
	tiff_entry(t, 0x9011, 2, 7, 320);  /* OffsetTimeOriginal */
	tiff_entry(t, 0xA430, 2, 12, 340); /* CameraOwnerName */
	tiff_entry(t, 0xA431, 2, 12, 360); /* BodySerialNumber */
	tiff_put(t, 0, 4);
	t->n = 300;
	tiff_text(t, PICTURE_TIME, 20);
	tiff_text(t, PICTURE_OFFSET, 20);
	tiff_text(t, PICTURE_SECRET, 20);
	tiff_text(t, PICTURE_SECRET, 40);
	t->n = GPS_AT;
	tiff_put(t, 6, 2);
	tiff_letters(t, 1, "N");
	tiff_entry(t, 2, 5, 3, 500);
	tiff_letters(t, 3, "E");
	tiff_entry(t, 4, 5, 3, 524);
	tiff_entry(t, 6, 5, 1, 548);     /* altitude */
	tiff_entry(t, 0x1D, 2, 12, 560); /* date: text of our own */
	tiff_put(t, 0, 4);
	t->n = 500;
	for (int i = 0; i < 6; i++)
		tiff_put(t, picture_lat[i], 4);
	for (int i = 0; i < 6; i++)
		tiff_put(t, picture_lon[i], 4);
	tiff_put(t, 88, 4);
	tiff_put(t, 1, 4);
	t->n = 560;
	tiff_text(t, PICTURE_SECRET, 140);
	t->n = SECOND_AT;
	tiff_put(t, 2, 2);
	tiff_entry(t, 0x0201, 4, 1, THUMB_AT);
	tiff_entry(t, 0x0202, 4, 1, 40);
	tiff_put(t, 0, 4);
	t->n = THUMB_AT;
	tiff_text(t, "\xFF\xD8 thumbnail " PICTURE_SECRET, 40);
}

/* ---- files ---- */

struct picture_file {
	uint8_t *p;
	size_t n;
};

static inline void file_put(struct picture_file *f, const void *p, size_t n)
{
	f->p = realloc(f->p, f->n + n);
	if (!f->p)
		abort();
	memcpy(f->p + f->n, p, n);
	f->n += n;
}

static inline void file_segment(struct picture_file *f, uint8_t marker, const char *head,
				size_t head_n, const void *body, size_t n)
{
	const uint8_t start[4] = {0xFF, marker, (uint8_t)((n + head_n + 2) >> 8),
				  (uint8_t)(n + head_n + 2)};

	file_put(f, start, sizeof start);
	file_put(f, head, head_n);
	file_put(f, body, n);
}

/* A JPEG with all that a camera and an editor leave in it, and something behind its end. */
static inline struct picture_file picture_jpeg(int w, int h, int orientation, bool big)
{
	static const char secret[] = PICTURE_SECRET;
	VipsImage *image = picture_make(w, h, orientation);
	struct picture_file f = {0};
	struct picture_tiff t;
	void *jpeg = NULL;
	size_t n = 0;

	if (vips_jpegsave_buffer(image, &jpeg, &n, "Q", 95, "strip", TRUE, NULL) != 0)
		abort();
	g_object_unref(image);
	picture_exif(&t, orientation, big);
	file_put(&f, jpeg, 2);
	file_segment(&f, 0xE1, "Exif\0\0", 6, t.b, t.n);
	file_segment(&f, 0xE1, "http://ns.adobe.com/xap/1.0/\0", 29, secret, sizeof secret);
	file_segment(&f, 0xED,
		     "Photoshop 3.0\0"
		     "8BIM\4\4\0\0\0\0\0\14",
		     26, secret, sizeof secret);
	file_segment(&f, 0xFE, "", 0, secret, sizeof secret);
	file_segment(&f, 0xEF, "", 0, secret, sizeof secret);
	file_put(&f, (const uint8_t *)jpeg + 2, n - 2);
	file_put(&f, secret, sizeof secret);
	g_free(jpeg);
	return f;
}

/* ---- an independent look at what came out ---- */

struct picture_found {
	unsigned segments; /* of metadata: APP0 … APP15 and comments */
	unsigned exif;
	struct bytes tiff;
	bool ends_at_eoi;
};

static inline struct picture_found picture_look(const uint8_t *p, size_t n)
{
	struct picture_found f = {0};
	size_t at = 2;

	f.ends_at_eoi =
	    n > 4 && p[0] == 0xFF && p[1] == 0xD8 && p[n - 2] == 0xFF && p[n - 1] == 0xD9;
	while (at + 4 <= n && p[at] == 0xFF && p[at + 1] != 0xDA) {
		size_t size = (size_t)p[at + 2] << 8 | p[at + 3];
		uint8_t marker = p[at + 1];
		bool app = (marker & 0xF0) == 0xE0 || marker == 0xFE;
		f.segments += app;
		if (marker == 0xE1 && memcmp(p + at + 4, "Exif\0\0", 6) == 0) {
			f.exif++;
			f.tiff = (struct bytes){p + at + 10, size - 8};
		}
		at += 2 + size;
	}
	return f;
}

static inline uint32_t tiff_number(struct bytes t, size_t at, unsigned bytes)
{
	uint32_t v = 0;

	for (unsigned i = 0; i < bytes; i++)
		v |= (uint32_t)t.p[at + (t.p[0] == 'M' ? i : bytes - 1 - i)] << 8 * (bytes - 1 - i);
	return v;
}

/* Is there anything of `needle` in these bytes? */
static inline bool picture_holds(const uint8_t *p, size_t n, const char *needle)
{
	return memmem(p, n, needle, strlen(needle)) != NULL;
}

#endif
