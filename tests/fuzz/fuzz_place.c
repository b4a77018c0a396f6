/* Files of places and address text: rows and features are the same whatever pieces a file comes in,
 * and within their caps; a normal form is its own normal form, never longer, and holds all its
 * tokens. */
#include "fuzz.h"

#include "base/buf.h"
#include "place/csv.h"
#include "place/features.h"
#include "place/geo.h"
#include "place/text.h"

/* FNV-1a over everything that was said. */
static uint64_t mix(uint64_t h, const void *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		h = (h ^ ((const uint8_t *)p)[i]) * 1099511628211u;
	return h;
}

static uint64_t csv_said(struct str text, size_t piece)
{
	struct csv *c = fuzz_alloc(sizeof *c);
	uint64_t h = 14695981039346656037u;
	size_t at = 0, bytes;

	csv_init(c, ',');
	for (;;) {
		size_t n = text.n - at < piece ? text.n - at : piece, used = 0;
		bool last = at + n == text.n;
		enum csv_result r = csv_read(c, (struct str){text.p + at, n}, last, &used);
		PROPERTY(used <= n);
		at += used;
		if (r == CSV_MORE && last && at == text.n)
			break;
		if (r == CSV_MORE)
			continue;
		h = mix(mix(h, &r, sizeof r), &c->line, sizeof c->line);
		bytes = 0;
		for (unsigned i = 0; r == CSV_ROW && i < c->column_n; i++) {
			bytes += c->column[i].n;
			PROPERTY(str_is_utf8(c->column[i]));
			h = mix(mix(h, "|", 1), c->column[i].p, c->column[i].n);
		}
		PROPERTY(bytes <= CSV_ROW_BYTES_MAX && bytes <= text.n);
	}
	free(c);
	return h;
}

static uint64_t features_said(struct str text, size_t piece)
{
	struct features *f = fuzz_alloc(sizeof *f);
	uint64_t h = 14695981039346656037u;
	enum features_result r = FEATURES_MORE;
	size_t at = 0;

	features_init(f);
	for (;;) {
		size_t n = text.n - at < piece ? text.n - at : piece, used = 0;
		bool last = at + n == text.n;
		r = features_read(f, (struct str){text.p + at, n}, last, &used);
		PROPERTY(used <= n);
		at += used;
		if (r == FEATURES_BROKEN || (r == FEATURES_MORE && last && at == text.n))
			break;
		if (r == FEATURES_MORE)
			continue;
		PROPERTY(f->feature.n >= 2 && f->feature.p[0] == '{' &&
			 (f->feature.p[f->feature.n - 1] == '}' ||
			  f->feature.p[f->feature.n - 1] == ']'));
		h = mix(mix(h, &f->line, sizeof f->line), f->feature.p, f->feature.n);
	}
	h = mix(h, &r, sizeof r);
	free(f);
	return h;
}

static void check_text(struct str text)
{
	char *once = fuzz_alloc(text.n), *twice = fuzz_alloc(text.n), *digits = fuzz_alloc(text.n);
	struct buf a = buf_over(once, text.n), b = buf_over(twice, text.n);
	struct buf c = buf_over(digits, text.n);
	struct text_cursor cursor;
	struct str token;

	text_normalise(text, &a);
	PROPERTY(!a.over && str_is_utf8(buf_str(&a)));
	text_normalise(buf_str(&a), &b);
	PROPERTY(str_eq(buf_str(&a), buf_str(&b)));
	(void)text_numbers(buf_str(&a), &c);
	PROPERTY(!c.over && str_is_utf8(buf_str(&c)));
	cursor = (struct text_cursor){.text = buf_str(&a)};
	while (text_next_token(&cursor, &token)) {
		PROPERTY(token.n > 0 && token.n <= TEXT_TOKEN_BYTES_MAX && str_is_utf8(token));
		PROPERTY(text_has(buf_str(&a), token));
	}
	free(once);
	free(twice);
	free(digits);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct fuzz_reader r = {data, n};
	size_t piece = 1 + fuzz_u8(&r) % 64u;
	struct str text = fuzz_str(&r, n);
	int32_t e7 = 0;

	PROPERTY(csv_said(text, piece) == csv_said(text, text.n + 1));
	PROPERTY(features_said(text, piece) == features_said(text, text.n + 1));
	if (geo_parse_degrees(text, GEO_LON_E7_MAX, &e7))
		PROPERTY(geo_point_ok(0, e7));
	if (str_is_utf8(text))
		check_text(text);
	return 0;
}
