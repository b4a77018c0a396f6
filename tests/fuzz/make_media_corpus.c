/* Writes the inputs of fuzz_media into a folder: generated patterns, never a photo. Run it where a
 * kind is added; the files are committed. usage: make_media_corpus FOLDER */
#include "fuzz.h"
#include "picture.h"

static const char *folder;

static void write_input(const char *name, uint8_t options, const void *p, size_t n)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "wb");
	PROPERTY(f != NULL);
	PROPERTY(fputc(options, f) != EOF && fwrite(p, 1, n, f) == n && fclose(f) == 0);
}

static void write_jpegs(void)
{
	for (int o = 1; o <= 8; o++) {
		struct picture_file f = picture_jpeg(24, 16, o, o % 2);
		char name[32];
		snprintf(name, sizeof name, "jpeg-orientation-%d", o);
		write_input(name, (uint8_t)(o * 29 | 1), f.p, f.n);
		if (o == 1) {
			write_input("jpeg-cut", 1, f.p, f.n - 60);
			for (size_t i = 0; i + 9 < f.n; i++)
				if (f.p[i] == 0xFF && f.p[i + 1] == 0xC0 && f.p[i + 6] == 16)
					memset(f.p + i + 5, 0x40, 4);
			write_input("jpeg-of-16448", 0, f.p, f.n);
		}
		free(f.p);
	}
}

static void write_kind(const char *name, const char *suffix, VipsImage *image)
{
	void *p = NULL;
	size_t n = 0;

	PROPERTY(vips_image_write_to_buffer(image, suffix, &p, &n, NULL) == 0);
	write_input(name, 3, p, n);
	g_free(p);
}

static void write_others(void)
{
	VipsImage *image = picture_make(24, 16, 1), *grey = NULL, *cmyk = NULL, *alpha = NULL;
	char exif[1300] = "Exif\0";
	struct picture_tiff t;

	picture_exif(&t, 3, true);
	memcpy(exif + 6, t.b, t.n);
	vips_image_set_blob_copy(image, VIPS_META_EXIF_NAME, exif, t.n + 6);
	PROPERTY(vips_colourspace(image, &grey, VIPS_INTERPRETATION_GREY16, NULL) == 0);
	PROPERTY(vips_colourspace(image, &cmyk, VIPS_INTERPRETATION_CMYK, NULL) == 0);
	PROPERTY(vips_bandjoin_const1(image, &alpha, 100, NULL) == 0);
	write_kind("png", ".png", image);
	write_kind("png-alpha-interlaced", ".png[interlace]", alpha);
	write_kind("png-grey-16", ".png", grey);
	write_kind("jpeg-progressive", ".jpg[interlace]", image);
	write_kind("jpeg-cmyk", ".jpg[strip]", cmyk);
	write_kind("webp", ".webp", image);
	write_kind("webp-alpha-lossless", ".webp[lossless]", alpha);
	write_kind("heic", ".heic[strip]", image);
	write_kind("avif", ".avif[strip]", image);
	g_object_unref(image);
	g_object_unref(grey);
	g_object_unref(cmyk);
	g_object_unref(alpha);
}

#define WRITE(name, literal) write_input(name, 0, literal, sizeof(literal) - 1)

static void write_sounds(void)
{
	WRITE("pdf", "%PDF-1.7\n%%EOF\n");
	WRITE("wav", "RIFF\4\0\0\0WAVEfmt ");
	WRITE("ogg", "OggS\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\10OpusHead"
		     "OggS\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\10OpusTags");
	WRITE("webm", "\x1A\x45\xDF\xA3\x87\x42\x82\x84webm\x18\x53\x80\x67\xFF\x16\x54\xAE\x6B\x85"
		      "\xAE\x83\x83\x81\2");
	WRITE("mp4", "\0\0\0\20ftypM4A \0\0\0\0\0\0\0\64moov\0\0\0\54trak\0\0\0\44mdia\0\0\0\34hdlr"
		     "\0\0\0\0\0\0\0\0soun\0\0\0\0\0\0\0\0");
	WRITE("mp4-with-pictures",
	      "\0\0\0\20ftypisom\0\0\0\0\0\0\0\64moov\0\0\0\54trak\0\0\0\44mdia\0\0\0\34hdlr"
	      "\0\0\0\0\0\0\0\0vide\0\0\0\0\0\0\0\0");
}

int main(int argc, char **argv)
{
	if (argc != 2 || vips_init(argv[0]) != 0)
		return 2;
	folder = argv[1];
	write_jpegs();
	write_others();
	write_sounds();
	return 0;
}
