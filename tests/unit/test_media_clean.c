/* Pictures made anew: what must be gone is looked for byte by byte, what must stay is read by a
 * parser of the test's own (picture.h), pixels are compared with where the standard puts them. */
#include "test.h"

#include "media/media.h"
#include "picture.h"

#include <dirent.h>
#include <sys/resource.h>

/* The encoder of HEIC, which only these tests use, keeps some memory. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libx265";
}

static struct media_picture clean(const void *p, size_t n, enum media_kind kind,
				  const struct media_options *o)
{
	struct media_picture picture = {0};
	struct problem problem = {0};
	enum media_kind sniffed;
	struct bytes content = {p, n};

	assert_ok(media_sniff(content, MEDIA_IMAGE, &sniffed, &problem));
	assert_int_equal(sniffed, kind);
	if (media_clean(content, kind, o, &picture, &problem) != ERR_OK)
		fail_msg("%s: %s", err_info(problem.err)->name, msg_text(problem.msg, LANG_EN));
	return picture;
}

static uint8_t *pixels(const struct media_picture *p, int *bands)
{
	VipsImage *image = NULL;
	uint8_t *out;
	size_t n;

	assert_int_equal(vips_jpegload_buffer(p->bytes, p->n, &image, NULL), 0);
	assert_int_equal(image->Xsize, p->width);
	assert_int_equal(image->Ysize, p->height);
	*bands = image->Bands;
	out = vips_image_write_to_memory(image, &n);
	assert_non_null(out);
	g_object_unref(image);
	return out;
}

static bool near(uint8_t a, uint8_t b)
{
	return abs(a - b) < 24;
}

/* The four quadrants stand where they belong, a little away from their edges. */
static void assert_upright(const struct media_picture *p)
{
	int w = (int)p->width, h = (int)p->height, bands = 0;
	uint8_t *out = pixels(p, &bands);

	assert_int_equal(bands, 3);
	for (int y = h / 8; y < h; y += h / 4)
		for (int x = w / 8; x < w; x += w / 4) {
			struct picture_rgb want = picture_at(x, y, w, h);
			const uint8_t *got = out + (y * w + x) * 3;
			if (!near(got[0], want.r) || !near(got[1], want.g) || !near(got[2], want.b))
				fail_msg("%d,%d of %dx%d: %u %u %u", x, y, w, h, got[0], got[1],
					 got[2]);
		}
	g_free(out);
}

static void assert_bare(const struct media_picture *p, bool with_exif)
{
	struct picture_found f = picture_look(p->bytes, p->n);

	assert_true(f.ends_at_eoi);
	assert_int_equal(f.segments, with_exif); /* not even JFIF */
	assert_int_equal(f.exif, with_exif);
	assert_false(picture_holds(p->bytes, p->n, PICTURE_SECRET));
	assert_false(picture_holds(p->bytes, p->n, "2026:07:01"));
}

static void all_eight_orientations_come_out_upright(void **state)
{
	(void)state;
	for (int o = 1; o <= 8; o++)
		for (int big = 0; big < 2; big++) {
			struct picture_file f = picture_jpeg(240, 160, o, big);
			struct media_options options = {0};
			struct media_picture p = clean(f.p, f.n, MEDIA_JPEG, &options);
			assert_int_equal(p.width, 240);
			assert_int_equal(p.height, 160);
			assert_upright(&p);
			media_picture_fini(&p);
			/* smaller, too: the longer side counts as it is seen */
			options.edge_max = 60;
			p = clean(f.p, f.n, MEDIA_JPEG, &options);
			assert_int_equal(p.width, 60);
			assert_int_equal(p.height, 40);
			assert_upright(&p);
			media_picture_fini(&p);
			free(f.p);
		}
}

static void nothing_of_the_camera_is_left(void **state)
{
	struct picture_file f = picture_jpeg(240, 160, 6, false);
	struct media_options options = {0};
	struct media_picture p = clean(f.p, f.n, MEDIA_JPEG, &options);

	(void)state;
	assert_true(picture_holds(f.p, f.n, PICTURE_SECRET));
	assert_bare(&p, false);
	assert_false(picture_holds(p.bytes, p.n, PICTURE_TIME));
	assert_false(p.location_kept);
	assert_false(p.time_kept);
	media_picture_fini(&p);
	free(f.p);
}

/* Every entry of a directory of ours: which tags there are, and where the values lie. */
static unsigned directory(struct bytes t, size_t at, uint32_t tags[8], size_t values[8])
{
	unsigned n = tiff_number(t, at, 2);

	assert_in_range(n, 1, 8);
	for (unsigned i = 0; i < n; i++) {
		size_t entry = at + 2 + 12 * (size_t)i;
		static const size_t bytes[] = {0, 1, 1, 2, 4, 8, 1, 1};
		size_t size = bytes[tiff_number(t, entry + 2, 2)] * tiff_number(t, entry + 4, 4);
		tags[i] = tiff_number(t, entry, 2);
		values[i] = size > 4 ? tiff_number(t, entry + 8, 4) : entry + 8;
		assert_true(values[i] + size <= t.n);
	}
	assert_int_equal(tiff_number(t, at + 2 + 12 * n, 4), 0); /* no thumbnail behind it */
	return n;
}

static void assert_ratios(struct bytes t, size_t at, const uint32_t want[6])
{
	for (unsigned i = 0; i < 6; i++)
		assert_int_equal(tiff_number(t, at + 4 * i, 4), want[i]);
}

static void assert_place_and_time(const struct media_picture *p)
{
	struct picture_found f = picture_look(p->bytes, p->n);
	uint32_t tags[8];
	size_t values[8];

	assert_int_equal(directory(f.tiff, tiff_number(f.tiff, 4, 4), tags, values), 2);
	assert_int_equal(tags[0], 0x8769);
	assert_int_equal(tags[1], 0x8825);
	size_t exif = tiff_number(f.tiff, values[0], 4), gps = tiff_number(f.tiff, values[1], 4);
	assert_int_equal(directory(f.tiff, exif, tags, values), 3);
	assert_int_equal(tags[0], 0x9000); /* ExifVersion, which the standard wants */
	assert_int_equal(tags[1], 0x9003);
	assert_string_equal((const char *)f.tiff.p + values[1], PICTURE_TIME);
	assert_int_equal(tags[2], 0x9011);
	assert_string_equal((const char *)f.tiff.p + values[2], PICTURE_OFFSET);
	assert_int_equal(directory(f.tiff, gps, tags, values), 5);
	for (unsigned i = 0; i < 5; i++)
		assert_int_equal(tags[i], i);
	assert_string_equal((const char *)f.tiff.p + values[1], "N");
	assert_ratios(f.tiff, values[2], picture_lat);
	assert_string_equal((const char *)f.tiff.p + values[3], "E");
	assert_ratios(f.tiff, values[4], picture_lon);
}

static void evidence_keeps_place_and_time_alone(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct picture_file f = picture_jpeg(240, 160, 8, big);
		struct media_options options = {.evidence = true};
		struct media_picture p = clean(f.p, f.n, MEDIA_JPEG, &options);
		assert_true(p.location_kept);
		assert_true(p.time_kept);
		assert_bare(&p, true);
		assert_place_and_time(&p);
		assert_upright(&p); /* and no reader turns it again: there is no orientation */
		media_picture_fini(&p);
		free(f.p);
	}
}

/* Say where the n-th byte of the value of a tag lies in the APP1 of a picture_jpeg. */
static void spoil(struct picture_file *f, size_t tiff_at, const char *with, size_t n)
{
	memcpy(f->p + 2 + 4 + 6 + tiff_at, with, n);
}

static void evidence_takes_no_nonsense(void **state)
{
	static const struct {
		size_t at;
		const char *with;
		size_t n;
		bool location, time;
	} rows[] = {
	    {300, "today, I think, pm ", 19, true, false}, /* the time */
	    {320, "0800", 4, true, true},                  /* its offset */
	    {410, "X", 1, false, true},                    /* N or S */
	    {500, "\377\377\377\177", 4, false, true},     /* degrees */
	    {516, "\0\0\0\0\0\0\0\0", 8, false, true},     /* seconds: 0 / 0 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct picture_file f = picture_jpeg(240, 160, 1, false);
		struct media_options options = {.evidence = true};
		struct media_picture p;
		spoil(&f, rows[i].at, rows[i].with, rows[i].n);
		p = clean(f.p, f.n, MEDIA_JPEG, &options);
		assert_int_equal(p.location_kept, rows[i].location);
		assert_int_equal(p.time_kept, rows[i].time);
		assert_false(picture_holds(p.bytes, p.n, "today"));
		assert_false(picture_holds(p.bytes, p.n, "0800"));
		media_picture_fini(&p);
		free(f.p);
	}
}

/* The kinds that are no JPEG, with a camera's EXIF and an editor's XMP, or bare. */
static struct picture_file other_kind_with(enum media_kind kind, int bands, bool bare)
{
	VipsImage *image = picture_make(240, 160, 1), *more = NULL;
	struct picture_file f = {0};
	struct picture_tiff t;
	char exif[1300] = "Exif\0";
	void *p = NULL;
	int status = -1;

	picture_exif(&t, 1, false);
	memcpy(exif + 6, t.b, t.n);
	if (bands == 4) { /* half transparent on the left */
		VipsImage *x = NULL, *alpha = NULL, *left = NULL;
		assert_int_equal(vips_xyz(&x, 240, 160, NULL), 0);
		assert_int_equal(vips_extract_band(x, &left, 0, NULL), 0);
		assert_int_equal(vips_moreeq_const1(left, &alpha, 120, NULL), 0);
		assert_int_equal(vips_bandjoin2(image, alpha, &more, NULL), 0);
		g_object_unref(x);
		g_object_unref(left);
		g_object_unref(alpha);
	} else {
		assert_int_equal(vips_copy(image, &more, NULL), 0);
	}
	if (!bare) {
		vips_image_set_blob_copy(more, VIPS_META_EXIF_NAME, exif, t.n + 6);
		vips_image_set_blob_copy(more, VIPS_META_XMP_NAME, PICTURE_SECRET,
					 sizeof PICTURE_SECRET);
	}
	switch (kind) {
	case MEDIA_PNG:
		status = vips_pngsave_buffer(more, &p, &f.n, NULL);
		break;
	case MEDIA_WEBP:
		status = vips_webpsave_buffer(more, &p, &f.n, "lossless", TRUE, NULL);
		break;
	case MEDIA_HEIC:
		status = vips_heifsave_buffer(more, &p, &f.n, "Q", 90, NULL);
		break;
	case MEDIA_AVIF:
		status = vips_heifsave_buffer(more, &p, &f.n, "Q", 90, "compression",
					      VIPS_FOREIGN_HEIF_COMPRESSION_AV1, NULL);
		break;
	case MEDIA_JPEG:
	case MEDIA_PDF:
	case MEDIA_OGG:
	case MEDIA_MP4:
	case MEDIA_WEBM:
	case MEDIA_WAV:
	case MEDIA_KINDS:
		break;
	}
	if (status != 0)
		fail_msg("%s", vips_error_buffer());
	f.p = malloc(f.n);
	assert_non_null(f.p);
	memcpy(f.p, p, f.n);
	g_free(p);
	g_object_unref(image);
	g_object_unref(more);
	return f;
}

static struct picture_file other_kind(enum media_kind kind, int bands)
{
	return other_kind_with(kind, bands, false);
}

static const enum media_kind others[] = {MEDIA_PNG, MEDIA_WEBP, MEDIA_HEIC, MEDIA_AVIF};

static void other_kinds_become_jpeg(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		struct picture_file f = other_kind(others[i], 3);
		struct media_options options = {0};
		struct media_picture p = clean(f.p, f.n, others[i], &options);
		assert_int_equal(p.width, 240);
		assert_upright(&p);
		assert_bare(&p, false);
		media_picture_fini(&p);
		options.evidence = true;
		p = clean(f.p, f.n, others[i], &options);
		assert_bare(&p, true);
		assert_true(p.location_kept && p.time_kept);
		assert_place_and_time(&p);
		media_picture_fini(&p);
		free(f.p);
	}
}

static void transparent_parts_become_white(void **state)
{
	struct picture_file f = other_kind(MEDIA_PNG, 4);
	struct media_options options = {0};
	struct media_picture p = clean(f.p, f.n, MEDIA_PNG, &options);
	int bands = 0;
	uint8_t *out = pixels(&p, &bands);

	(void)state;
	assert_int_equal(bands, 3);
	for (int i = 0; i < 3; i++)
		assert_true(out[(40 * 240 + 40) * 3 + i] > 240);
	assert_true(near(out[(40 * 240 + 200) * 3 + 1], picture_at(200, 40, 240, 160).g));
	g_free(out);
	media_picture_fini(&p);
	free(f.p);
}

static void burnt(const struct media_picture *p, int x, int y, bool black)
{
	int bands = 0;
	uint8_t *out = pixels(p, &bands);
	const uint8_t *at = out + (y * (int)p->width + x) * 3;
	bool is = at[0] < 16 && at[1] < 16 && at[2] < 16;

	if (is != black)
		fail_msg("%d,%d is %u %u %u", x, y, at[0], at[1], at[2]);
	g_free(out);
}

/* In every orientation and size at the same place of what is seen. */
static void masks_are_burnt_into_what_is_seen(void **state)
{
	static const struct media_mask masks[] = {
	    {1000, 6000, 3000, 9000},      /* within */
	    {9000, -500, INT32_MAX, 1000}, /* over a corner */
	    {10001, 0, 20000, 10000},      /* beside it */
	    {INT32_MIN, 3000, 0, 4000},    {4000, 0, 5000, 500},
	};

	(void)state;
	for (int o = 1; o <= 8; o++)
		for (unsigned edge = 80; edge <= 240; edge += 160) {
			struct picture_file f = picture_jpeg(240, 160, o, false);
			struct media_options options = {
			    .masks = masks, .masks_n = 5, .edge_max = edge};
			struct media_picture p = clean(f.p, f.n, MEDIA_JPEG, &options);
			int w = (int)p.width, h = (int)p.height;
			assert_int_equal(p.masks_burnt, 3);
			burnt(&p, w * 2 / 10, h * 75 / 100, true);
			burnt(&p, w - 1, 0, true);
			burnt(&p, w * 45 / 100, h / 50, true);
			burnt(&p, w * 5 / 100, h * 75 / 100, false);
			burnt(&p, w * 2 / 10, h * 4 / 10, false);
			burnt(&p, w * 8 / 10, h / 20, false);
			burnt(&p, 0, h * 35 / 100, false);
			media_picture_fini(&p);
			free(f.p);
		}
}

static void assert_refused(const struct picture_file *f, enum media_kind kind,
			   const struct media_options *o, enum err e, enum msg msg)
{
	struct media_picture p = {.width = 77};
	struct problem problem = {0};

	assert_err(media_clean((struct bytes){f->p, f->n}, kind, o, &p, &problem), e);
	assert_int_equal(problem.err, e);
	assert_int_equal(problem.msg, msg);
	assert_int_equal(p.width, 77);
	assert_null(p.bytes);
}

static void wrong_masks_and_edges_are_refused(void **state)
{
	static const struct media_mask inverted[] = {{0, 0, 10, 10}, {500, 100, 400, 200}};
	static const struct media_mask flat = {0, 5, 10, 5};
	static struct media_mask many[MEDIA_MASKS_MAX + 1];
	struct picture_file f = picture_jpeg(240, 160, 1, false);
	struct media_options o = {.masks = inverted, .masks_n = 2};

	(void)state;
	assert_refused(&f, MEDIA_JPEG, &o, ERR_BAD_INPUT, MSG_MEDIA_MASK_WRONG);
	o = (struct media_options){.masks = &flat, .masks_n = 1};
	assert_refused(&f, MEDIA_JPEG, &o, ERR_BAD_INPUT, MSG_MEDIA_MASK_WRONG);
	o = (struct media_options){.masks = many, .masks_n = MEDIA_MASKS_MAX + 1};
	assert_refused(&f, MEDIA_JPEG, &o, ERR_BAD_INPUT, MSG_MEDIA_MASKS_MAX);
	o = (struct media_options){.edge_max = MEDIA_EDGE_MAX + 1};
	assert_refused(&f, MEDIA_JPEG, &o, ERR_BAD_INPUT, MSG_MEDIA_EDGE_WRONG);
	free(f.p);
}

/* CRC-32 of ISO 3309, bit by bit, as PNG wants it. */
static uint32_t crc(const uint8_t *p, size_t n)
{
	uint32_t c = 0xFFFFFFFFu;

	while (n-- > 0) {
		c ^= *p++;
		for (int i = 0; i < 8; i++)
			c = c & 1 ? c >> 1 ^ 0xEDB88320u : c >> 1;
	}
	return ~c;
}

static void be32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (24 - 8 * i));
}

/* Give a PNG other dimensions, with a right checksum. */
static void png_declare(struct picture_file *f, uint32_t w, uint32_t h)
{
	be32(f->p + 16, w);
	be32(f->p + 20, h);
	be32(f->p + 29, crc(f->p + 12, 17));
}

static void bombs_are_refused_by_their_header(void **state)
{
	static const struct {
		uint32_t w, h;
	} sizes[] = {
	    {50000, 50000}, {MEDIA_SIDE_MAX + 1, 1}, {1, MEDIA_SIDE_MAX + 1}, {8001, 8000}};
	struct media_options options = {0};
	struct picture_file f;

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		f = other_kind(MEDIA_PNG, 3);
		png_declare(&f, sizes[i].w, sizes[i].h);
		f.n = f.n < 1024 ? f.n : 1024;
		assert_refused(&f, MEDIA_PNG, &options, ERR_TOO_LARGE, MSG_MEDIA_TOO_MANY_PIXELS);
		free(f.p);
	}
	/* 16 bits and four channels: fewer pixels fit */
	f = other_kind(MEDIA_PNG, 3);
	f.p[24] = 16;
	f.p[25] = 6;
	png_declare(&f, 6000, 6000);
	assert_refused(&f, MEDIA_PNG, &options, ERR_TOO_LARGE, MSG_MEDIA_TOO_MANY_PIXELS);
	free(f.p);
	/* a JPEG of 60,000 on each side: its frame header is changed */
	f = picture_jpeg(240, 160, 1, false);
	for (size_t i = 0; i + 9 < f.n; i++)
		if (f.p[i] == 0xFF && f.p[i + 1] == 0xC0 && f.p[i + 5] == 0 && f.p[i + 6] == 160)
			memcpy(f.p + i + 5, "\xEA\x60\xEA\x60", 4);
	assert_refused(&f, MEDIA_JPEG, &options, ERR_TOO_LARGE, MSG_MEDIA_TOO_MANY_PIXELS);
	free(f.p);
}

static void cut_and_wrong_files_are_refused(void **state)
{
	struct media_options options = {0};

	(void)state;
	for (size_t i = 0; i <= sizeof others / sizeof others[0]; i++) {
		enum media_kind kind = i == 0 ? MEDIA_JPEG : others[i - 1];
		struct picture_file f =
		    i == 0 ? picture_jpeg(240, 160, 1, false) : other_kind_with(kind, 3, true);
		size_t whole = f.n;
		for (size_t eighths = 0; eighths < 8; eighths++) {
			f.n = 12 + (whole - 36) * eighths / 7; /* all but the end mark */
			assert_refused(&f, kind, &options, ERR_BAD_INPUT, MSG_MEDIA_DAMAGED);
		}
		/* what another decoder would take: never given to it */
		f.n = whole;
		assert_refused(&f, kind == MEDIA_PNG ? MEDIA_WEBP : MEDIA_PNG, &options,
			       ERR_BAD_INPUT, MSG_MEDIA_DAMAGED);
		free(f.p);
	}
}

static void no_other_decoder_runs(void **state)
{
	static const char svg[] = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" "
				  "height=\"9\"><rect width=\"9\" height=\"9\"/></svg>";
	VipsImage *pattern = picture_make(24, 16, 1), *image;
	void *gif = NULL, *tiff = NULL;
	size_t gif_n = 0, tiff_n = 0;

	(void)state;
	assert_int_equal(vips_gifsave_buffer(pattern, &gif, &gif_n, NULL), 0);
	assert_int_equal(vips_tiffsave_buffer(pattern, &tiff, &tiff_n, NULL), 0);
	image = vips_image_new_from_buffer(svg, sizeof svg - 1, "", NULL);
	assert_null(image);
	image = vips_image_new_from_buffer(gif, gif_n, "", NULL);
	assert_null(image);
	image = vips_image_new_from_buffer(tiff, tiff_n, "", NULL);
	assert_null(image);
	vips_error_clear();
	g_free(gif);
	g_free(tiff);
	g_object_unref(pattern);
}

static void larger_pictures_become_smaller_and_smaller_ones_stay(void **state)
{
	struct picture_file f = picture_jpeg(3000, 1000, 5, false);
	struct media_options options = {0};
	struct media_picture p = clean(f.p, f.n, MEDIA_JPEG, &options);

	(void)state;
	assert_int_equal(p.width, MEDIA_EDGE_DEFAULT);
	assert_int_equal(p.height, 683);
	assert_upright(&p);
	media_picture_fini(&p);
	options.edge_max = 300; /* decoded to an eighth */
	p = clean(f.p, f.n, MEDIA_JPEG, &options);
	assert_int_equal(p.width, 300);
	assert_int_equal(p.height, 100);
	assert_upright(&p);
	media_picture_fini(&p);
	options.edge_max = MEDIA_EDGE_MAX;
	p = clean(f.p, f.n, MEDIA_JPEG, &options);
	assert_int_equal(p.width, 3000);
	media_picture_fini(&p);
	free(f.p);
}

static void grey_and_printers_colours_are_taken(void **state)
{
	VipsImage *image = picture_make(240, 160, 1), *grey = NULL, *cmyk = NULL;
	struct media_options options = {0};
	struct media_picture p;
	void *file = NULL;
	size_t n = 0;
	int bands = 0;

	(void)state;
	assert_int_equal(vips_colourspace(image, &grey, VIPS_INTERPRETATION_B_W, NULL), 0);
	assert_int_equal(vips_jpegsave_buffer(grey, &file, &n, NULL), 0);
	p = clean(file, n, MEDIA_JPEG, &options);
	g_free(pixels(&p, &bands));
	assert_int_equal(bands, 3);
	assert_bare(&p, false);
	media_picture_fini(&p);
	g_free(file);
	assert_int_equal(vips_colourspace(image, &cmyk, VIPS_INTERPRETATION_CMYK, NULL), 0);
	assert_int_equal(vips_jpegsave_buffer(cmyk, &file, &n, NULL), 0);
	p = clean(file, n, MEDIA_JPEG, &options);
	g_free(pixels(&p, &bands));
	assert_int_equal(bands, 3);
	assert_bare(&p, false); /* and no profile */
	media_picture_fini(&p);
	g_free(file);
	g_object_unref(image);
	g_object_unref(grey);
	g_object_unref(cmyk);
}

/* A phone's wide colours look the same afterwards, without their profile. */
static void profiles_are_followed_and_dropped(void **state)
{
	VipsImage *image = picture_make(240, 160, 1), *wide = NULL;
	struct media_options options = {0};
	struct media_picture p;
	void *file = NULL;
	size_t n = 0;

	(void)state;
	assert_int_equal(vips_icc_transform(image, &wide, "p3", "input_profile", "srgb", "embedded",
					    FALSE, NULL),
			 0);
	assert_int_equal(vips_jpegsave_buffer(wide, &file, &n, "Q", 95, NULL), 0);
	assert_true(picture_holds(file, n, "ICC_PROFILE"));
	p = clean(file, n, MEDIA_JPEG, &options);
	assert_bare(&p, false);
	assert_upright(&p);
	media_picture_fini(&p);
	g_free(file);
	g_object_unref(image);
	g_object_unref(wide);
}

static unsigned threads(void)
{
	DIR *d = opendir("/proc/self/task");
	unsigned n = 0;

	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

static unsigned threads_after_warm_up;

/* Confinement bars the opening of files; here the cap on descriptors does. */
static void nothing_is_opened_after_the_warm_up(void **state)
{
	struct rlimit before, none = {0};
	struct media_options options = {.evidence = true, .edge_max = 100};
	struct picture_file files[5] = {picture_jpeg(240, 160, 6, false)};

	(void)state;
	for (size_t i = 0; i < 4; i++)
		files[i + 1] = other_kind(others[i], 3);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none.rlim_max = before.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	for (size_t i = 0; i < 5; i++) {
		struct media_picture p =
		    clean(files[i].p, files[i].n, i == 0 ? MEDIA_JPEG : others[i - 1], &options);
		assert_int_equal(p.width, 100);
		media_picture_fini(&p);
		free(files[i].p);
	}
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(threads_after_warm_up, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_eight_orientations_come_out_upright),
	    cmocka_unit_test(nothing_of_the_camera_is_left),
	    cmocka_unit_test(evidence_keeps_place_and_time_alone),
	    cmocka_unit_test(evidence_takes_no_nonsense),
	    cmocka_unit_test(other_kinds_become_jpeg),
	    cmocka_unit_test(transparent_parts_become_white),
	    cmocka_unit_test(masks_are_burnt_into_what_is_seen),
	    cmocka_unit_test(wrong_masks_and_edges_are_refused),
	    cmocka_unit_test(bombs_are_refused_by_their_header),
	    cmocka_unit_test(cut_and_wrong_files_are_refused),
	    cmocka_unit_test(no_other_decoder_runs),
	    cmocka_unit_test(larger_pictures_become_smaller_and_smaller_ones_stay),
	    cmocka_unit_test(grey_and_printers_colours_are_taken),
	    cmocka_unit_test(profiles_are_followed_and_dropped),
	    cmocka_unit_test(nothing_is_opened_after_the_warm_up),
	};
	int failed;

	assert_ok(media_warm_up());
	threads_after_warm_up = threads();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	media_process_fini();
	return failed;
}
