/* Pictures made anew by libvips: decoded by the one loader of their kind, turned, made smaller,
 * taken out as bare pixels, masked there, and encoded from those alone. So nothing can be left of
 * the original that is no pixel. */
#include "media/media.h"

#include "base/check.h"
#include "exif.h"
#include "vips_calls.h"

#define CONCURRENCY 1 /* worker threads of libvips for one picture */
#define CACHE_OPERATIONS_MAX 0
#define QUALITY 85                  /* of JPEG */
#define CHANNELS 3u                 /* sRGB */
#define SHRINK_MAX 8                /* what a JPEG can be scaled down by while it is decoded */
#define MODULES_VARIABLE "VIPSHOME" /* below it the library looks for its modules */

static const char *const loaders[] = {"VipsForeignLoadJpeg", "VipsForeignLoadPng",
				      "VipsForeignLoadWebp", "VipsForeignLoadHeif"};

static struct vips_calls lib; /* written by media_warm_up alone, before there are threads */

/* What the library warns of, it also fails with. */
static void pass_over(const char *domain, GLogLevelFlags level, const char *text, void *ctx)
{
	(void)domain;
	(void)level;
	(void)text;
	(void)ctx;
}

/* Modules would be loaded all at once, ImageMagick's and PDF's among them: the library is sent
 * where there are none, and is given the one that is needed. */
static enum err start(const char *folder)
{
	char module[VIPS_FOLDER_MAX + 64];
	int status;

	snprintf(module, sizeof module, "%s/vips-modules-%d.%d/vips-heif.so", folder,
		 lib.vips_version(0), lib.vips_version(1));
	if (setenv(MODULES_VARIABLE, "/nonexistent", 1) != 0)
		return ERR_NO_MEMORY;
	status = lib.vips_init("liren");
	(void)unsetenv(MODULES_VARIABLE);
	if (status != 0)
		return ERR_INTERNAL;
	return lib.g_module_open(module, G_MODULE_BIND_LAZY) ? ERR_OK : ERR_INTERNAL;
}

enum err media_warm_up(void)
{
	char folder[VIPS_FOLDER_MAX];

	TRY(vips_calls_load(&lib, folder));
	lib.g_log_set_handler("VIPS", G_LOG_LEVEL_WARNING | G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG,
			      pass_over, NULL);
	TRY(start(folder));
	lib.vips_concurrency_set(CONCURRENCY);
	lib.vips_cache_set_max(CACHE_OPERATIONS_MAX);
	lib.vips_vector_set_enabled(FALSE); /* it would make machine code at run time */
	lib.vips_block_untrusted_set(TRUE);
	lib.vips_operation_block_set("VipsForeignLoad", TRUE);
	for (size_t i = 0; i < sizeof loaders / sizeof loaders[0]; i++) {
		if (lib.g_type_from_name(loaders[i]) == 0)
			return ERR_INTERNAL;
		lib.vips_operation_block_set(loaders[i], FALSE);
	}
	return ERR_OK;
}

void media_process_fini(void)
{
	lib.vips_shutdown();
}

static void drop(VipsImage **image)
{
	if (*image)
		lib.g_object_unref(*image);
	*image = NULL;
}

/* Put what a step made into *image, in place of what it was made of. */
static enum err step(int status, VipsImage **image, VipsImage **made)
{
	if (status != 0) {
		drop(made);
		return ERR_BAD_INPUT;
	}
	drop(image);
	*image = *made;
	*made = NULL;
	return ERR_OK;
}

/* ---- in ---- */

/* Only the header is read here: pixels come when they are asked for. */
static enum err load(struct bytes content, enum media_kind kind, int shrink, VipsImage **ret)
{
	/* the library takes it without const and only reads it */
	void *p = (void *)(uintptr_t)content.p;
	VipsImage *image = NULL;
	int status = -1;

	switch (kind) {
	case MEDIA_JPEG:
		status = lib.vips_jpegload_buffer(p, content.n, &image, "access",
						  VIPS_ACCESS_SEQUENTIAL, "fail_on",
						  VIPS_FAIL_ON_TRUNCATED, "shrink", shrink, NULL);
		break;
	case MEDIA_PNG:
		status =
		    lib.vips_pngload_buffer(p, content.n, &image, "access", VIPS_ACCESS_SEQUENTIAL,
					    "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL);
		break;
	case MEDIA_WEBP:
		status =
		    lib.vips_webpload_buffer(p, content.n, &image, "access", VIPS_ACCESS_SEQUENTIAL,
					     "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL);
		break;
	case MEDIA_HEIC:
	case MEDIA_AVIF:
		status =
		    lib.vips_heifload_buffer(p, content.n, &image, "access", VIPS_ACCESS_SEQUENTIAL,
					     "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL);
		break;
	case MEDIA_PDF:
	case MEDIA_OGG:
	case MEDIA_MP4:
	case MEDIA_WEBM:
	case MEDIA_WAV:
	case MEDIA_KINDS:
		break; /* no pictures: media_clean asks */
	}
	return step(status, ret, &image);
}

static enum err refuse_size(const VipsImage *image, struct problem *problem)
{
	char text[4][24];
	struct str args[4];
	const uint64_t numbers[4] = {(uint64_t)image->Xsize, (uint64_t)image->Ysize, MEDIA_SIDE_MAX,
				     MEDIA_PIXELS_MAX / 1000000u};

	for (unsigned i = 0; i < 4; i++) {
		struct buf b = buf_over(text[i], sizeof text[i]);
		buf_put_u64(&b, numbers[i]);
		args[i] = buf_str(&b);
	}
	return problem_set(problem, ERR_TOO_LARGE, STR(""), MSG_MEDIA_TOO_MANY_PIXELS, args, 4);
}

static enum err check_size(const VipsImage *image, struct problem *problem)
{
	uint64_t pixels = (uint64_t)image->Xsize * (uint64_t)image->Ysize;

	if ((unsigned)image->Xsize > MEDIA_SIDE_MAX || (unsigned)image->Ysize > MEDIA_SIDE_MAX ||
	    pixels > MEDIA_PIXELS_MAX ||
	    pixels * (size_t)image->Bands * lib.vips_format_sizeof(image->BandFmt) >
		MEDIA_DECODED_BYTES_MAX)
		return refuse_size(image, problem);
	return ERR_OK;
}

static void read_facts(VipsImage *image, struct exif_facts *ret)
{
	const void *exif = NULL;
	size_t n = 0;

	memset(ret, 0, sizeof *ret);
	if (lib.vips_image_get_typeof(image, VIPS_META_EXIF_NAME) != 0 &&
	    lib.vips_image_get_blob(image, VIPS_META_EXIF_NAME, &exif, &n) == 0)
		exif_read((struct bytes){exif, n}, ret);
}

/* Open within the caps; a JPEG that is much too large is decoded to a half, a quarter or an eighth
 * of its sides. */
static enum err open_picture(struct bytes content, enum media_kind kind, unsigned edge,
			     VipsImage **image, struct problem *problem)
{
	int shrink = 1, longer;

	TRY(load(content, kind, 1, image));
	TRY(check_size(*image, problem));
	longer = VIPS_MAX((*image)->Xsize, (*image)->Ysize);
	while (shrink < SHRINK_MAX && (unsigned)(longer / (2 * shrink)) >= edge)
		shrink *= 2;
	if (kind == MEDIA_JPEG && shrink > 1)
		TRY(load(content, kind, shrink, image));
	return ERR_OK;
}

/* ---- between ---- */

/* Upright, at most `edge`, sRGB of 8 bits without transparency. Still lazy. */
static enum err shape(VipsImage **image, unsigned edge)
{
	VipsImage *made = NULL;
	double white[CHANNELS] = {255, 255, 255};

	TRY(step(lib.vips_thumbnail_image(*image, &made, (int)edge, "height", (int)edge, "size",
					  VIPS_SIZE_DOWN, NULL),
		 image, &made));
	/* a profile that cannot be used is passed over, as viewers do */
	if (lib.vips_image_get_typeof(*image, VIPS_META_ICC_NAME) != 0)
		(void)step(lib.vips_icc_transform(*image, &made, "srgb", "embedded", TRUE, NULL),
			   image, &made);
	TRY(step(lib.vips_colourspace(*image, &made, VIPS_INTERPRETATION_sRGB, NULL), image,
		 &made));
	if (lib.vips_image_hasalpha(*image)) {
		VipsArrayDouble *background = lib.vips_array_double_new(white, (int)CHANNELS);
		int status;
		status = lib.vips_flatten(*image, &made, "background", background, NULL);
		lib.vips_area_unref(&background->area);
		TRY(step(status, image, &made));
	}
	TRY(step(lib.vips_cast_uchar(*image, &made, NULL), image, &made));
	return (*image)->Bands == (int)CHANNELS ? ERR_OK : ERR_BAD_INPUT;
}

/* Ten-thousandths of n to pixels, within 0 … n. */
static size_t scaled(int32_t v, size_t n, bool up)
{
	size_t c = (size_t)VIPS_CLIP(0, v, MEDIA_MASK_SCALE) * n;

	return (c + (up ? MEDIA_MASK_SCALE - 1 : 0)) / MEDIA_MASK_SCALE;
}

/* Black, outwards to whole pixels. False where nothing of it lies within. */
static bool burn(uint8_t *pixels, size_t width, size_t height, const struct media_mask *m)
{
	size_t left = scaled(m->left, width, false), right = scaled(m->right, width, true);
	size_t top = scaled(m->top, height, false), bottom = scaled(m->bottom, height, true);

	if (left >= right || top >= bottom)
		return false;
	for (size_t y = top; y < bottom; y++)
		memset(pixels + (y * width + left) * CHANNELS, 0, (right - left) * CHANNELS);
	return true;
}

/* ---- out ---- */

/* JPEG of bare pixels: libvips makes the rest new. */
static enum err encode(const uint8_t *pixels, size_t width, size_t height, bool drawn, void **ret,
		       size_t *ret_n)
{
	VipsImage *image =
	    lib.vips_image_new_from_memory(pixels, width * height * CHANNELS, (int)width,
					   (int)height, (int)CHANNELS, VIPS_FORMAT_UCHAR);
	VipsImage *made = NULL;
	enum err e;

	if (!image)
		return ERR_NO_MEMORY;
	e = step(lib.vips_copy(image, &made, "interpretation", VIPS_INTERPRETATION_sRGB, NULL),
		 &image, &made);
	if (e == ERR_OK &&
	    lib.vips_jpegsave_buffer(image, ret, ret_n, "Q", QUALITY, "strip", TRUE,
				     "optimize_coding", TRUE, "subsample_mode",
				     drawn ? VIPS_FOREIGN_SUBSAMPLE_OFF : VIPS_FOREIGN_SUBSAMPLE_ON,
				     NULL) != 0)
		e = ERR_NO_MEMORY;
	drop(&image);
	return e;
}

/* The facts that are kept as a segment right behind the start of the image (DC-008, 4.5.4). */
static enum err join(const uint8_t *jpeg, size_t n, const struct exif_facts *facts,
		     struct media_picture *ret)
{
	char segment[EXIF_SEGMENT_MAX];
	struct buf b = buf_over(segment, sizeof segment);
	size_t soi = 2;

	exif_put_segment(facts, &b);
	CHECK(!b.over && n > soi);
	ret->bytes = malloc(n + b.n);
	if (!ret->bytes)
		return ERR_NO_MEMORY;
	memcpy(ret->bytes, jpeg, soi);
	memcpy(ret->bytes + soi, segment, b.n);
	memcpy(ret->bytes + soi + b.n, jpeg + soi, n - soi);
	ret->n = n + b.n;
	return ERR_OK;
}

static enum err finish(VipsImage *image, enum media_kind kind, const struct media_options *o,
		       const struct exif_facts *facts, struct media_picture *ret)
{
	size_t bytes = 0, jpeg_n = 0;
	struct media_picture p = {.location_kept = facts->has_position,
				  .time_kept = facts->has_time};
	uint8_t *pixels = lib.vips_image_write_to_memory(image, &bytes); /* decodes */
	void *jpeg = NULL;
	enum err e;

	if (!pixels)
		return ERR_BAD_INPUT;
	p.width = (unsigned)image->Xsize;
	p.height = (unsigned)image->Ysize;
	CHECK(bytes == (size_t)p.width * p.height * CHANNELS);
	for (unsigned i = 0; i < o->masks_n; i++)
		p.masks_burnt += burn(pixels, p.width, p.height, &o->masks[i]);
	e = encode(pixels, p.width, p.height, kind == MEDIA_PNG, &jpeg, &jpeg_n);
	lib.g_free(pixels);
	if (e == ERR_OK)
		e = join(jpeg, jpeg_n, facts, &p);
	lib.g_free(jpeg);
	if (e == ERR_OK)
		*ret = p;
	return e;
}

static enum err check_options(const struct media_options *o, struct problem *problem)
{
	char a[24], b[24];
	struct buf low = buf_over(a, sizeof a), high = buf_over(b, sizeof b);

	if (o->edge_max != 0 && (o->edge_max < MEDIA_EDGE_MIN || o->edge_max > MEDIA_EDGE_MAX)) {
		buf_put_u64(&low, MEDIA_EDGE_MIN);
		buf_put_u64(&high, MEDIA_EDGE_MAX);
		return problem_set(problem, ERR_BAD_INPUT, STR("edge"), MSG_MEDIA_EDGE_WRONG,
				   (struct str[]){buf_str(&low), buf_str(&high)}, 2);
	}
	if (o->masks_n > MEDIA_MASKS_MAX) {
		buf_put_u64(&low, MEDIA_MASKS_MAX);
		return problem_set(problem, ERR_BAD_INPUT, STR("masks"), MSG_MEDIA_MASKS_MAX,
				   (struct str[]){buf_str(&low)}, 1);
	}
	for (unsigned i = 0; i < o->masks_n; i++) {
		const struct media_mask *m = &o->masks[i];
		buf_put_z(&high, "masks[");
		buf_put_u64(&high, i);
		buf_put_char(&high, ']');
		if (m->left >= m->right || m->top >= m->bottom)
			return problem_set(problem, ERR_BAD_INPUT, buf_str(&high),
					   MSG_MEDIA_MASK_WRONG, NULL, 0);
		high.n = 0;
	}
	return ERR_OK;
}

enum err media_clean(struct bytes content, enum media_kind kind,
		     const struct media_options *options, struct media_picture *ret,
		     struct problem *problem)
{
	unsigned edge = options->edge_max ? options->edge_max : MEDIA_EDGE_DEFAULT;
	struct problem found = {0};
	struct exif_facts facts = {0};
	VipsImage *image = NULL;
	enum err e;

	CHECK(media_info(kind)->group == MEDIA_IMAGE);
	TRY(check_options(options, problem));
	e = open_picture(content, kind, edge, &image, &found);
	if (e == ERR_OK && options->evidence)
		read_facts(image, &facts);
	if (e == ERR_OK)
		e = shape(&image, edge);
	if (e == ERR_OK)
		e = finish(image, kind, options, &facts, ret);
	drop(&image);
	lib.vips_error_clear();
	lib.vips_thread_shutdown(); /* what this thread kept for its next picture */
	if (e == ERR_BAD_INPUT)
		return problem_set(problem, e, STR(""), MSG_MEDIA_DAMAGED, NULL, 0);
	if (problem && found.err != ERR_OK)
		*problem = found;
	return e;
}

void media_picture_fini(struct media_picture *p)
{
	free(p->bytes);
	*p = (struct media_picture){0};
}
