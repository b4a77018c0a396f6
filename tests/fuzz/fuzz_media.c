/* Whatever the bytes are: sniffing says the same twice and stays within them; a picture that is
 * made anew is a JPEG within the edge asked for, with no segment of metadata but our own EXIF,
 * and becomes itself a picture that is taken. What its EXIF says is what reading it again says.
 * First byte: options. */
#include "fuzz.h"

#include "media/media.h"

#define EDGE 64u

/* Debian 12's decoder of AVIF keeps some bytes of a picture without data. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libdav1d";
}

static void warm_up(void)
{
	static bool warm;

	if (!warm)
		PROPERTY(media_warm_up() == ERR_OK);
	warm = true;
}

/* Segments up to the first scan: only those that a decoder needs, and APP1 where we put it. */
static void check_jpeg(const struct media_picture *p, bool evidence)
{
	size_t at = 2;

	PROPERTY(p->n > 4 && p->bytes[0] == 0xFF && p->bytes[1] == 0xD8);
	PROPERTY(p->bytes[p->n - 2] == 0xFF && p->bytes[p->n - 1] == 0xD9);
	while (at + 4 <= p->n && p->bytes[at] == 0xFF && p->bytes[at + 1] != 0xDA) {
		uint8_t marker = p->bytes[at + 1];
		bool meta = (marker & 0xF0) == 0xE0 || marker == 0xFE;
		PROPERTY(!meta || (evidence && marker == 0xE1 && at == 2));
		at += 2 + ((size_t)p->bytes[at + 2] << 8 | p->bytes[at + 3]);
	}
	PROPERTY(at + 4 <= p->n);
	PROPERTY((p->location_kept || p->time_kept) == (p->bytes[3] == 0xE1));
	PROPERTY(evidence || (!p->location_kept && !p->time_kept));
}

static void check_clean(struct bytes content, enum media_kind kind, uint8_t what)
{
	const struct media_mask mask = {what * 39, 100, what * 39 + 500, 9000};
	struct media_options o = {(what & 1) != 0, EDGE, &mask, (what >> 1) & 1};
	struct media_picture p = {0}, again = {0};

	if (media_clean(content, kind, &o, &p, NULL) != ERR_OK) {
		PROPERTY(p.bytes == NULL);
		return;
	}
	PROPERTY(p.width > 0 && p.width <= EDGE && p.height > 0 && p.height <= EDGE);
	check_jpeg(&p, o.evidence);
	PROPERTY(media_clean((struct bytes){p.bytes, p.n}, MEDIA_JPEG, &o, &again, NULL) == ERR_OK);
	PROPERTY(again.width == p.width && again.height == p.height);
	PROPERTY(again.location_kept == p.location_kept && again.time_kept == p.time_kept);
	media_picture_fini(&p);
	media_picture_fini(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	enum media_kind kind = MEDIA_KINDS, second = MEDIA_KINDS;
	struct fuzz_reader r = {data, n};
	uint8_t what = fuzz_u8(&r);
	struct bytes content = {r.p, r.n};

	warm_up();
	if (media_sniff(content, MEDIA_ANY, &kind, NULL) != ERR_OK)
		return 0;
	PROPERTY(media_sniff(content, media_info(kind)->group, &second, NULL) == ERR_OK);
	PROPERTY(kind == second);
	if (media_info(kind)->group == MEDIA_IMAGE)
		check_clean(content, kind, what);
	return 0;
}
