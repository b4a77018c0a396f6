/* What a file is, by its own bytes. Pure: base alone, no heap. Containers of sound are walked as
 * far as their list of tracks, each loop within its cap. */
#include "media/media.h"

#include "base/check.h"

#define PARTS_MAX 4096u /* boxes, elements or pages looked at in one level of a container */

static const struct media_info infos[MEDIA_KINDS] = {
#define MEDIA(symbol, group, name, type, extension, cap)                                           \
	[MEDIA_##symbol] = {name, type, extension, cap, MEDIA_##group},
#include "media/kind_table.h"
#undef MEDIA
};

const struct media_info *media_info(enum media_kind kind)
{
	CHECK(kind < MEDIA_KINDS);
	return &infos[kind];
}

bool media_find(struct str type, enum media_kind *ret)
{
	for (unsigned i = 0; i < MEDIA_KINDS; i++)
		if (str_eq(type, str_of(infos[i].type))) {
			*ret = (enum media_kind)i;
			return true;
		}
	return false;
}

static bool has(struct bytes b, size_t at, const char *what, size_t n)
{
	return at <= b.n && b.n - at >= n && memcmp(b.p + at, what, n) == 0;
}

#define HAS(b, at, literal) has(b, at, literal, sizeof(literal) - 1)

static uint64_t number(struct bytes b, size_t at, unsigned bytes)
{
	uint64_t v = 0;

	if (at > b.n || b.n - at < bytes)
		return 0;
	for (unsigned i = 0; i < bytes; i++)
		v = v << 8 | b.p[at + i];
	return v;
}

static struct bytes part(struct bytes b, size_t at, size_t n)
{
	return (struct bytes){b.p + at, n};
}

/* ---- ISO base media (ISO/IEC 14496-12): boxes of u32 size, type, content ---- */

struct box {
	struct bytes type, content;
};

/* Take the first box off *rest; false at the end, or where it is not whole. */
static bool box_next(struct bytes *rest, struct box *ret)
{
	uint64_t size = number(*rest, 0, 4), head = 8;

	if (rest->n < 8)
		return false;
	if (size == 1) {
		size = number(*rest, 8, 8);
		head = 16;
	} else if (size == 0) {
		size = rest->n; /* to the end */
	}
	if (size < head || size > rest->n)
		return false;
	ret->type = part(*rest, 4, 4);
	ret->content = part(*rest, (size_t)head, (size_t)(size - head));
	*rest = part(*rest, (size_t)size, rest->n - (size_t)size);
	return true;
}

static bool box_find(struct bytes in, const char *type, struct bytes *ret)
{
	struct box box;

	for (unsigned i = 0; i < PARTS_MAX && box_next(&in, &box); i++)
		if (has(box.type, 0, type, 4)) {
			*ret = box.content;
			return true;
		}
	return false;
}

/* One of these among the major and compatible brands of ftyp; `brands` has four letters each. */
static bool brand_is(struct bytes ftyp, size_t at, const char *brands)
{
	for (; *brands; brands += 4)
		if (has(ftyp, at, brands, 4))
			return true;
	return false;
}

static bool any_brand_is(struct bytes ftyp, const char *brands)
{
	for (size_t at = 8; at + 4 <= ftyp.n && at < 8 + 4 * PARTS_MAX; at += 4)
		if (brand_is(ftyp, at, brands))
			return true;
	return brand_is(ftyp, 0, brands);
}

/* Exactly one track, and it is sound. */
static bool one_track_of_sound(struct bytes moov)
{
	unsigned tracks = 0, sounds = 0;
	struct bytes mdia, hdlr;
	struct box box;

	for (unsigned i = 0; box_next(&moov, &box); i++) {
		if (i == PARTS_MAX)
			return false;
		if (!HAS(box.type, 0, "trak"))
			continue;
		tracks++;
		sounds += box_find(box.content, "mdia", &mdia) && box_find(mdia, "hdlr", &hdlr) &&
			  HAS(hdlr, 8, "soun");
	}
	return tracks == 1 && sounds == 1;
}

static bool sniff_boxes(struct bytes b, enum media_kind *ret)
{
	struct bytes rest = b, moov;
	struct box ftyp;

	if (!HAS(b, 4, "ftyp") || !box_next(&rest, &ftyp) || ftyp.content.n < 8)
		return false;
	if (brand_is(ftyp.content, 0, "avif")) {
		*ret = MEDIA_AVIF;
	} else if (brand_is(ftyp.content, 0, "heicheixheimheis")) {
		*ret = MEDIA_HEIC;
	} else if (brand_is(ftyp.content, 0, "mif1")) {
		if (!any_brand_is(ftyp.content, "avifheicheixheimheis"))
			return false;
		*ret = any_brand_is(ftyp.content, "avif") ? MEDIA_AVIF : MEDIA_HEIC;
	} else {
		if (!any_brand_is(ftyp.content, "M4A M4B isomiso2iso4iso5iso6mp41mp42dash") ||
		    !box_find(rest, "moov", &moov) || !one_track_of_sound(moov))
			return false;
		*ret = MEDIA_MP4;
	}
	return true;
}

/* ---- WebM (RFC 8794, RFC 9559): elements of id, size, content ---- */

enum { EBML = 0x1A45DFA3, DOC_TYPE = 0x4282, SEGMENT = 0x18538067, TRACKS = 0x1654AE6B };
enum { TRACK_ENTRY = 0xAE, TRACK_TYPE = 0x83, CLUSTER = 0x1F43B675, TRACK_IS_SOUND = 2 };

struct element {
	uint64_t id;
	struct bytes content;
};

/* A number whose first byte tells its length by its leading zeros; with or without the marker. */
static bool vint(struct bytes *rest, bool marker, uint64_t *ret, bool *ret_unknown)
{
	unsigned n = 1;
	uint64_t v, mask;

	while (n <= 8 && rest->n > 0 && !(rest->p[0] & (0x80u >> (n - 1))))
		n++;
	if (n > 8 || rest->n < n)
		return false;
	v = number(*rest, 0, n);
	mask = (UINT64_C(1) << (7 * n)) - 1;
	*ret_unknown = (v & mask) == mask;
	*ret = marker ? v : v & mask;
	*rest = part(*rest, n, rest->n - n);
	return true;
}

static bool element_next(struct bytes *rest, struct element *ret)
{
	uint64_t size = 0;
	bool unknown = false;

	if (!vint(rest, true, &ret->id, &unknown) || !vint(rest, false, &size, &unknown))
		return false;
	if (unknown)
		size = rest->n; /* while it is being recorded: to the end */
	if (size > rest->n)
		return false;
	ret->content = part(*rest, 0, (size_t)size);
	*rest = part(*rest, (size_t)size, rest->n - (size_t)size);
	return true;
}

static bool element_find(struct bytes in, uint64_t id, uint64_t before, struct bytes *ret)
{
	struct element e;

	for (unsigned i = 0; i < PARTS_MAX && element_next(&in, &e) && e.id != before; i++)
		if (e.id == id) {
			*ret = e.content;
			return true;
		}
	return false;
}

static bool sniff_webm(struct bytes b)
{
	unsigned tracks = 0, sounds = 0;
	struct bytes head, doc_type, segment, list, type;
	struct element e;

	if (number(b, 0, 4) != EBML || !element_find(b, EBML, 0, &head) ||
	    !element_find(head, DOC_TYPE, 0, &doc_type) || doc_type.n != 4 ||
	    !HAS(doc_type, 0, "webm") || !element_find(b, SEGMENT, 0, &segment) ||
	    !element_find(segment, TRACKS, CLUSTER, &list))
		return false;
	for (unsigned i = 0; element_next(&list, &e); i++) {
		if (i == PARTS_MAX)
			return false;
		if (e.id != TRACK_ENTRY)
			continue;
		tracks++;
		sounds += element_find(e.content, TRACK_TYPE, 0, &type) && type.n > 0 &&
			  type.n <= 8 && number(type, 0, (unsigned)type.n) == TRACK_IS_SOUND;
	}
	return tracks == 1 && sounds == 1;
}

/* ---- Ogg (RFC 3533) with Opus (RFC 7845) ---- */

#define OGG_HEAD_BYTES 27u
#define OGG_FIRST 2u /* flag of the first page of a stream */

/* The first page is the head of Opus, and the second begins no other stream. */
static bool sniff_ogg(struct bytes b)
{
	size_t page = 0, segments, bytes = 0;

	if (!HAS(b, 0, "OggS") || b.n < OGG_HEAD_BYTES || !(b.p[5] & OGG_FIRST))
		return false;
	segments = b.p[OGG_HEAD_BYTES - 1];
	if (b.n < OGG_HEAD_BYTES + segments)
		return false;
	for (size_t i = 0; i < segments; i++)
		bytes += b.p[OGG_HEAD_BYTES + i];
	page = OGG_HEAD_BYTES + segments + bytes;
	return HAS(b, OGG_HEAD_BYTES + segments, "OpusHead") && HAS(b, page, "OggS") &&
	       b.n >= page + OGG_HEAD_BYTES && !(b.p[page + 5] & OGG_FIRST);
}

/* ---- all ---- */

static bool sniff(struct bytes b, enum media_kind *ret)
{
	if (HAS(b, 0, "\xFF\xD8\xFF"))
		*ret = MEDIA_JPEG;
	else if (HAS(b, 0, "\x89PNG\r\n\x1A\n"))
		*ret = MEDIA_PNG;
	else if (HAS(b, 0, "RIFF") && HAS(b, 8, "WEBP"))
		*ret = MEDIA_WEBP;
	else if (HAS(b, 0, "RIFF") && HAS(b, 8, "WAVE"))
		*ret = MEDIA_WAV;
	else if (HAS(b, 0, "%PDF-"))
		*ret = MEDIA_PDF;
	else if (sniff_ogg(b))
		*ret = MEDIA_OGG;
	else if (sniff_webm(b))
		*ret = MEDIA_WEBM;
	else
		return sniff_boxes(b, ret);
	return true;
}

static enum err refuse(unsigned groups, struct problem *problem)
{
	char list[PROBLEM_ARG_BYTES_MAX];
	struct buf b = buf_over(list, sizeof list);
	struct str arg;

	for (unsigned i = 0; i < MEDIA_KINDS; i++) {
		if (!(infos[i].group & groups))
			continue;
		buf_put_z(&b, b.n ? ", " : "");
		buf_put_z(&b, infos[i].name);
	}
	arg = buf_str(&b);
	return problem_set(problem, ERR_BAD_MEDIA, STR(""), MSG_MEDIA_NOT_ALLOWED, &arg, 1);
}

enum err media_sniff(struct bytes content, unsigned groups, enum media_kind *ret,
		     struct problem *problem)
{
	enum media_kind kind = MEDIA_JPEG;

	CHECK((groups & MEDIA_ANY) != 0 && (groups & ~MEDIA_ANY) == 0);
	if (!sniff(content, &kind) || !(infos[kind].group & groups))
		return refuse(groups, problem);
	if (content.n > infos[kind].bytes_max) {
		char mib[24];
		struct buf b = buf_over(mib, sizeof mib);
		buf_put_u64(&b, infos[kind].bytes_max >> 20);
		return problem_set(problem, ERR_TOO_LARGE, STR(""), MSG_MEDIA_TOO_LARGE,
				   (struct str[]){buf_str(&b)}, 1);
	}
	*ret = kind;
	return ERR_OK;
}
