/* EXIF read and written. Offsets are checked against the end at each read; nothing is followed
 * twice. */
#include "exif.h"

#define ENTRIES_MAX 512u
#define ENTRY_BYTES 12u

enum { TYPE_BYTE = 1, TYPE_ASCII = 2, TYPE_LONG = 4, TYPE_RATIONAL = 5, TYPE_UNDEFINED = 7 };

enum {
	TAG_EXIF = 0x8769,
	TAG_GPS = 0x8825,
	TAG_EXIF_VERSION = 0x9000,
	TAG_TIME = 0x9003,   /* DateTimeOriginal */
	TAG_OFFSET = 0x9011, /* OffsetTimeOriginal */
	TAG_GPS_VERSION = 0,
	TAG_LAT_REF = 1,
	TAG_LAT = 2,
	TAG_LON_REF = 3,
	TAG_LON = 4,
};

/* ---- read ---- */

struct tiff {
	struct bytes b;
	bool big_endian;
};

struct field {
	uint32_t type, count;
	struct bytes value; /* all of it, within the structure */
};

static uint32_t number(const struct tiff *t, size_t at, unsigned bytes)
{
	uint32_t v = 0;

	if (at > t->b.n || t->b.n - at < bytes)
		return 0;
	for (unsigned i = 0; i < bytes; i++)
		v = v << 8 | t->b.p[at + (t->big_endian ? i : bytes - 1 - i)];
	return v;
}

static size_t type_bytes(uint32_t type)
{
	static const uint8_t bytes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8};

	return type < sizeof bytes ? bytes[type] : 0;
}

/* The field of a tag in the directory at `dir`. */
static bool find(const struct tiff *t, uint32_t dir, uint32_t tag, struct field *ret)
{
	uint32_t n = number(t, dir, 2);

	for (uint32_t i = 0; dir != 0 && i < n && i < ENTRIES_MAX; i++) {
		size_t at = (size_t)dir + 2 + (size_t)i * ENTRY_BYTES, bytes;
		struct field f;
		if (at + ENTRY_BYTES > t->b.n)
			return false;
		if (number(t, at, 2) != tag)
			continue;
		f.type = number(t, at + 2, 2);
		f.count = number(t, at + 4, 4);
		bytes = type_bytes(f.type) * (size_t)f.count;
		at = bytes <= 4 ? at + 8 : number(t, at + 8, 4);
		if (bytes == 0 || at > t->b.n || t->b.n - at < bytes)
			return false;
		f.value = (struct bytes){t->b.p + at, bytes};
		*ret = f;
		return true;
	}
	return false;
}

static uint32_t directory(const struct tiff *t, uint32_t dir, uint32_t tag)
{
	struct field f;

	if (!find(t, dir, tag, &f) || f.type != TYPE_LONG || f.count != 1)
		return 0;
	return number(t, (size_t)(f.value.p - t->b.p), 4);
}

/* N, S, E or W of a reference field; 0 where it is neither of the two. */
static char reference(const struct tiff *t, uint32_t gps, uint32_t tag, char a, char b)
{
	struct field f;
	char c;

	if (!find(t, gps, tag, &f) || f.type != TYPE_ASCII)
		return 0;
	c = (char)f.value.p[0];
	return c == a || c == b ? c : 0;
}

/* Is up / down at most `max`? */
static bool ratio_upto(struct exif_ratio r, uint32_t max)
{
	return r.down > 0 && r.up <= (uint64_t)max * r.down;
}

static bool angle(const struct tiff *t, uint32_t gps, uint32_t tag, uint32_t degrees_max,
		  struct exif_ratio ret[3])
{
	struct field f;

	if (!find(t, gps, tag, &f) || f.type != TYPE_RATIONAL || f.count != 3)
		return false;
	for (unsigned i = 0; i < 3; i++) {
		size_t at = (size_t)(f.value.p - t->b.p) + (size_t)8 * i;
		ret[i] = (struct exif_ratio){number(t, at, 4), number(t, at + 4, 4)};
	}
	return ratio_upto(ret[0], degrees_max) && ratio_upto(ret[1], 60) && ratio_upto(ret[2], 60);
}

/* A text of exactly the shape: 0 stands for a digit, ± for a sign, the rest for itself. */
static bool shaped(const struct tiff *t, uint32_t dir, uint32_t tag, const char *shape, char *ret)
{
	size_t n = strlen(shape);
	struct field f;

	if (!find(t, dir, tag, &f) || f.type != TYPE_ASCII || f.value.n < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = (char)f.value.p[i];
		bool fits = shape[i] == '0'   ? c >= '0' && c <= '9'
			    : shape[i] == '+' ? c == '+' || c == '-'
					      : c == shape[i];
		if (!fits)
			return false;
	}
	memcpy(ret, f.value.p, n);
	ret[n] = 0;
	return true;
}

void exif_read(struct bytes b, struct exif_facts *ret)
{
	struct tiff t = {b, false};
	uint32_t exif, gps;

	memset(ret, 0, sizeof *ret);
	if (t.b.n >= 6 && memcmp(t.b.p, "Exif\0\0", 6) == 0)
		t.b = (struct bytes){b.p + 6, b.n - 6};
	if (t.b.n < 8 || (memcmp(t.b.p, "II*\0", 4) != 0 && memcmp(t.b.p, "MM\0*", 4) != 0))
		return;
	t.big_endian = t.b.p[0] == 'M';
	exif = directory(&t, number(&t, 4, 4), TAG_EXIF);
	gps = directory(&t, number(&t, 4, 4), TAG_GPS);
	ret->lat_ref = reference(&t, gps, TAG_LAT_REF, 'N', 'S');
	ret->lon_ref = reference(&t, gps, TAG_LON_REF, 'E', 'W');
	ret->has_position = ret->lat_ref && ret->lon_ref && angle(&t, gps, TAG_LAT, 90, ret->lat) &&
			    angle(&t, gps, TAG_LON, 180, ret->lon);
	ret->has_time = shaped(&t, exif, TAG_TIME, "0000:00:00 00:00:00", ret->time);
	ret->has_offset = ret->has_time && shaped(&t, exif, TAG_OFFSET, "+00:00", ret->offset);
}

/* ---- write ---- */

/* A directory being written: its entries, and behind them the values that do not fit into one. */
struct dir {
	struct buf *out;
	size_t tiff;   /* where the structure begins in out */
	size_t values; /* where the next value goes, from tiff */
	char memory[128];
	struct buf behind;
};

static void put16(struct buf *b, uint32_t v)
{
	buf_put_char(b, (char)(v >> 8));
	buf_put_char(b, (char)(v & 0xFF));
}

static void put32(struct buf *b, uint32_t v)
{
	put16(b, v >> 16);
	put16(b, v & 0xFFFF);
}

static void dir_begin(struct dir *d, struct buf *out, size_t tiff, unsigned entries)
{
	d->out = out;
	d->tiff = tiff;
	d->values = out->n - tiff + 2 + (size_t)entries * ENTRY_BYTES + 4;
	d->behind = buf_over(d->memory, sizeof d->memory);
	put16(out, entries);
}

static void dir_put(struct dir *d, uint32_t tag, uint32_t type, const void *value, size_t n)
{
	put16(d->out, tag);
	put16(d->out, type);
	put32(d->out, (uint32_t)(n / type_bytes(type)));
	if (n <= 4) {
		buf_put(d->out, value, n);
		for (; n < 4; n++)
			buf_put_char(d->out, 0);
		return;
	}
	put32(d->out, (uint32_t)(d->values + d->behind.n));
	buf_put(&d->behind, value, n);
	if (n % 2) /* values begin at even places */
		buf_put_char(&d->behind, 0);
}

static void dir_put_u32(struct dir *d, uint32_t tag, uint32_t v)
{
	const uint8_t be[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8),
			       (uint8_t)v};

	dir_put(d, tag, TYPE_LONG, be, sizeof be);
}

static void dir_put_angle(struct dir *d, uint32_t tag, const struct exif_ratio r[3])
{
	char memory[24];
	struct buf b = buf_over(memory, sizeof memory);

	for (unsigned i = 0; i < 3; i++) {
		put32(&b, r[i].up);
		put32(&b, r[i].down);
	}
	dir_put(d, tag, TYPE_RATIONAL, memory, b.n);
}

static void dir_end(struct dir *d)
{
	put32(d->out, 0); /* no next directory */
	buf_put(d->out, d->behind.p, d->behind.n);
}

static void put_time(const struct exif_facts *f, struct buf *out, size_t tiff)
{
	struct dir d;

	dir_begin(&d, out, tiff, f->has_offset ? 3 : 2);
	dir_put(&d, TAG_EXIF_VERSION, TYPE_UNDEFINED, "0232", 4);
	dir_put(&d, TAG_TIME, TYPE_ASCII, f->time, EXIF_TIME_CHARS + 1);
	if (f->has_offset)
		dir_put(&d, TAG_OFFSET, TYPE_ASCII, f->offset, EXIF_OFFSET_CHARS + 1);
	dir_end(&d);
}

static void put_position(const struct exif_facts *f, struct buf *out, size_t tiff)
{
	const char lat_ref[2] = {f->lat_ref, 0}, lon_ref[2] = {f->lon_ref, 0};
	struct dir d;

	dir_begin(&d, out, tiff, 5);
	dir_put(&d, TAG_GPS_VERSION, TYPE_BYTE, "\2\3\0\0", 4);
	dir_put(&d, TAG_LAT_REF, TYPE_ASCII, lat_ref, 2);
	dir_put_angle(&d, TAG_LAT, f->lat);
	dir_put(&d, TAG_LON_REF, TYPE_ASCII, lon_ref, 2);
	dir_put_angle(&d, TAG_LON, f->lon);
	dir_end(&d);
}

void exif_put_segment(const struct exif_facts *f, struct buf *out)
{
	unsigned entries = (unsigned)f->has_time + (unsigned)f->has_position;
	char time_memory[EXIF_SEGMENT_MAX];
	struct buf time = buf_over(time_memory, sizeof time_memory);
	size_t segment = out->n, tiff, inner;
	struct dir d;

	if (entries == 0)
		return;
	buf_put(out, "\xFF\xE1\0\0Exif\0\0", 10);
	tiff = out->n;
	buf_put(out, "MM\0*\0\0\0\10", 8);
	inner = 8 + 2 + (size_t)entries * ENTRY_BYTES + 4; /* behind the first directory */
	if (f->has_time) { /* written twice: where it ends must be known before */
		for (size_t i = 0; i < inner; i++)
			buf_put_char(&time, 0);
		put_time(f, &time, 0);
	}
	dir_begin(&d, out, tiff, entries);
	if (f->has_time)
		dir_put_u32(&d, TAG_EXIF, (uint32_t)inner);
	if (f->has_position)
		dir_put_u32(&d, TAG_GPS, (uint32_t)(f->has_time ? time.n : inner));
	dir_end(&d);
	if (f->has_time)
		put_time(f, out, tiff);
	if (f->has_position)
		put_position(f, out, tiff);
	if (out->over)
		return;
	out->p[segment + 2] = (char)((out->n - segment - 2) >> 8);
	out->p[segment + 3] = (char)((out->n - segment - 2) & 0xFF);
}
