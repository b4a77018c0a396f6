/* What a file is: by its bytes alone, whatever it is called. Containers are built here from their
 * standards, box by box. */
#include "test.h"

#include "media/media.h"

struct made {
	uint8_t b[4096];
	size_t n;
};

static void put(struct made *m, const void *p, size_t n)
{
	assert_true(m->n + n <= sizeof m->b);
	memcpy(m->b + m->n, p, n);
	m->n += n;
}

static enum err sniff(const void *p, size_t n, unsigned groups, enum media_kind *ret)
{
	struct problem problem = {0};
	/* of exactly n bytes, so that a sanitizer sees the first one read beyond */
	uint8_t *copy = malloc(n > 0 ? n : 1);
	enum err e;

	assert_non_null(copy);
	memcpy(copy, p, n);
	e = media_sniff((struct bytes){copy, n}, groups, ret, &problem);
	assert_int_equal(problem.err, e);
	free(copy);
	return e;
}

static void assert_kind(const void *p, size_t n, enum media_kind want)
{
	enum media_kind kind = MEDIA_KINDS;

	assert_ok(sniff(p, n, MEDIA_ANY, &kind));
	assert_int_equal(kind, want);
}

static void assert_none(const void *p, size_t n)
{
	enum media_kind kind = MEDIA_KINDS;

	assert_err(sniff(p, n, MEDIA_ANY, &kind), ERR_BAD_MEDIA);
	assert_int_equal(kind, MEDIA_KINDS);
}

/* Every shorter front of it is refused or something of its own, and never read beyond. */
static void assert_fronts(const struct made *m)
{
	enum media_kind kind;

	for (size_t n = 0; n < m->n; n++)
		(void)sniff(m->b, n, MEDIA_ANY, &kind);
}

static void magic_decides(void **state)
{
	(void)state;
	assert_kind("\xFF\xD8\xFF\xE0 jpeg", 9, MEDIA_JPEG);
	assert_kind("\x89PNG\r\n\x1A\n....", 12, MEDIA_PNG);
	assert_kind("RIFF\4\0\0\0WEBPVP8 ", 16, MEDIA_WEBP);
	assert_kind("RIFF\4\0\0\0WAVEfmt ", 16, MEDIA_WAV);
	assert_kind("%PDF-1.7\n", 9, MEDIA_PDF);
	assert_none("", 0);
	assert_none("\xFF\xD8", 2);
	assert_none("RIFF\4\0\0\0AVI LIST", 16);
	assert_none("GIF89a.........", 15);
	assert_none("II*\0........", 12);
	assert_none("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", 41);
	assert_none("<?xml version=\"1.0\"?><html>", 27);
	assert_none("MZ\x90\0", 4);
	assert_none("PK\3\4..........", 14);
	assert_none(" %PDF-1.7\n", 10); /* viewers take that; we do not */
}

static void box(struct made *m, const char *type, const void *content, size_t n)
{
	const uint8_t size[4] = {0, 0, (uint8_t)((n + 8) >> 8), (uint8_t)(n + 8)};

	put(m, size, 4);
	put(m, type, 4);
	put(m, content, n);
}

static void ftyp(struct made *m, const char *brands)
{
	struct made c = {0};

	put(&c, brands, 4);
	put(&c, "\0\0\0\0", 4);
	put(&c, brands + 4, strlen(brands) - 4);
	box(m, "ftyp", c.b, c.n);
}

/* moov with one track of each of these handlers. */
static void moov(struct made *m, const char *handlers)
{
	struct made tracks = {0};

	box(&tracks, "mvhd", "....", 4);
	for (; *handlers; handlers += 4) {
		struct made hdlr = {0}, mdia = {0}, trak = {0};
		put(&hdlr, "\0\0\0\0\0\0\0\0", 8);
		put(&hdlr, handlers, 4);
		put(&hdlr, "\0\0\0\0\0\0\0\0\0\0\0\0\0", 13);
		box(&mdia, "mdhd", "....", 4);
		box(&mdia, "hdlr", hdlr.b, hdlr.n);
		box(&trak, "tkhd", "....", 4);
		box(&trak, "mdia", mdia.b, mdia.n);
		box(&tracks, "trak", trak.b, trak.n);
	}
	box(m, "moov", tracks.b, tracks.n);
}

static void brands_tell_pictures_apart(void **state)
{
	static const struct {
		const char *brands;
		enum media_kind kind; /* MEDIA_KINDS: refused */
	} rows[] = {
	    {"heicmif1heic", MEDIA_HEIC}, {"heixmif1", MEDIA_HEIC},  {"mif1heicmiaf", MEDIA_HEIC},
	    {"avifmif1miaf", MEDIA_AVIF}, {"mif1avif", MEDIA_AVIF},  {"mif1miaf", MEDIA_KINDS},
	    {"hevcmsf1", MEDIA_KINDS},    {"avisavif", MEDIA_KINDS}, {"qt  qt  ", MEDIA_KINDS},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct made m = {0};
		ftyp(&m, rows[i].brands);
		box(&m, "meta", "....", 4);
		if (rows[i].kind == MEDIA_KINDS)
			assert_none(m.b, m.n);
		else
			assert_kind(m.b, m.n, rows[i].kind);
		assert_fronts(&m);
	}
}

static void only_one_track_of_sound_is_a_voice(void **state)
{
	static const char *const brands[] = {"M4A mp42", "isomiso2mp41", "iso5isom", "mp42isom"};
	struct made m;

	(void)state;
	for (size_t i = 0; i < sizeof brands / sizeof brands[0]; i++) {
		m = (struct made){0};
		ftyp(&m, brands[i]);
		box(&m, "free", "", 0);
		box(&m, "mdat", "sound", 5);
		moov(&m, "soun");
		assert_kind(m.b, m.n, MEDIA_MP4);
		assert_fronts(&m);
	}
	for (size_t i = 0; i < 4; i++) {
		static const char *const handlers[] = {"vide", "sounvide", "sounsoun", ""};
		m = (struct made){0};
		ftyp(&m, "M4A mp42");
		moov(&m, handlers[i]);
		assert_none(m.b, m.n);
	}
	m = (struct made){0};
	ftyp(&m, "M4A mp42");
	assert_none(m.b, m.n); /* no moov at all */
}

static void element(struct made *m, const char *id, const void *content, size_t n)
{
	const uint8_t size[2] = {(uint8_t)(0x40 | n >> 8), (uint8_t)n};

	put(m, id, strlen(id));
	put(m, size, 2);
	put(m, content, n);
}

/* A file as a browser records it: the segment's size is not known yet. */
static void webm(struct made *m, const char *doc_type, const char *types)
{
	struct made head = {0}, tracks = {0};

	element(&head, "\x42\x82", doc_type, strlen(doc_type));
	element(m, "\x1A\x45\xDF\xA3", head.b, head.n);
	put(m, "\x18\x53\x80\x67\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 12);
	element(m, "\x15\x49\xA9\x66", "info", 4);
	for (; *types; types++) {
		struct made track = {0};
		element(&track, "\xD7", "\1", 1);
		element(&track, "\x83", types, 1);
		element(&tracks, "\xAE", track.b, track.n);
	}
	element(m, "\x16\x54\xAE\x6B", tracks.b, tracks.n);
	put(m, "\x1F\x43\xB6\x75\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 12);
	put(m, "sound", 5);
}

static void webm_is_sound_alone(void **state)
{
	struct made m = {0};

	(void)state;
	webm(&m, "webm", "\2");
	assert_kind(m.b, m.n, MEDIA_WEBM);
	assert_fronts(&m);
	m = (struct made){0};
	webm(&m, "matroska", "\2");
	assert_none(m.b, m.n);
	m = (struct made){0};
	webm(&m, "webm", "\1");
	assert_none(m.b, m.n);
	m = (struct made){0};
	webm(&m, "webm", "\2\1");
	assert_none(m.b, m.n);
	m = (struct made){0};
	webm(&m, "webm", "");
	assert_none(m.b, m.n);
}

static void page(struct made *m, uint8_t flags, const char *content)
{
	size_t n = strlen(content);
	uint8_t head[28] = "OggS";

	head[5] = flags;
	head[26] = 1;
	head[27] = (uint8_t)n;
	put(m, head, sizeof head);
	put(m, content, n);
}

static void ogg_is_opus_alone(void **state)
{
	struct made m = {0};

	(void)state;
	page(&m, 2, "OpusHead\1\1");
	page(&m, 0, "OpusTags");
	assert_kind(m.b, m.n, MEDIA_OGG);
	assert_fronts(&m);
	m = (struct made){0};
	page(&m, 2, "OpusHead\1\1");
	page(&m, 2, "\x80theora");
	assert_none(m.b, m.n);
	m = (struct made){0};
	page(&m, 2, "\1vorbis");
	page(&m, 0, "\3vorbis");
	assert_none(m.b, m.n);
	m = (struct made){0};
	page(&m, 0, "OpusHead\1\1");
	page(&m, 0, "OpusTags");
	assert_none(m.b, m.n);
}

static void a_field_takes_its_groups(void **state)
{
	enum media_kind kind = MEDIA_KINDS;
	struct problem p = {0};
	struct bytes pdf = {(const uint8_t *)"%PDF-1.7\n", 9};

	(void)state;
	assert_err(media_sniff(pdf, MEDIA_IMAGE | MEDIA_SOUND, &kind, &p), ERR_BAD_MEDIA);
	assert_int_equal(p.msg, MSG_MEDIA_NOT_ALLOWED);
	assert_string_equal(p.arg[0], "JPEG, PNG, WebP, HEIC, AVIF, Ogg/Opus, M4A, WebM, WAV");
	assert_err(media_sniff(pdf, MEDIA_SOUND, &kind, &p), ERR_BAD_MEDIA);
	assert_string_equal(p.arg[0], "Ogg/Opus, M4A, WebM, WAV");
	assert_int_equal(kind, MEDIA_KINDS);
	assert_ok(media_sniff(pdf, MEDIA_DOCUMENT, &kind, NULL));
	assert_int_equal(kind, MEDIA_PDF);
}

static void each_kind_has_its_cap(void **state)
{
	enum media_kind kind = MEDIA_KINDS;
	struct problem p = {0};
	size_t cap = media_info(MEDIA_PDF)->bytes_max;
	uint8_t *large = calloc(1, cap + 1);

	(void)state;
	assert_non_null(large);
	memcpy(large, "%PDF-", 5);
	assert_ok(media_sniff((struct bytes){large, cap}, MEDIA_ANY, &kind, &p));
	assert_err(media_sniff((struct bytes){large, cap + 1}, MEDIA_ANY, &kind, &p),
		   ERR_TOO_LARGE);
	assert_int_equal(p.msg, MSG_MEDIA_TOO_LARGE);
	assert_string_equal(p.arg[0], "16");
	free(large);
}

static void media_types_are_found_again(void **state)
{
	enum media_kind kind = MEDIA_KINDS;

	(void)state;
	for (unsigned i = 0; i < MEDIA_KINDS; i++) {
		const struct media_info *info = media_info((enum media_kind)i);
		assert_true(media_find(str_of(info->type), &kind));
		assert_int_equal(kind, i);
		assert_true(info->bytes_max > 0 && info->extension[0]);
	}
	assert_false(media_find(STR("image/svg+xml"), &kind));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(magic_decides),
	    cmocka_unit_test(brands_tell_pictures_apart),
	    cmocka_unit_test(only_one_track_of_sound_is_a_voice),
	    cmocka_unit_test(webm_is_sound_alone),
	    cmocka_unit_test(ogg_is_opus_alone),
	    cmocka_unit_test(a_field_takes_its_groups),
	    cmocka_unit_test(each_kind_has_its_cap),
	    cmocka_unit_test(media_types_are_found_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
