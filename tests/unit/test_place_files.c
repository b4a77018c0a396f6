/* CSV rows and GeoJSON features out of pieces: the same whatever the pieces are. */
#include "test.h"

#include "base/buf.h"
#include "place/csv.h"
#include "place/features.h"

#include <stdio.h>
#include <stdlib.h>

/* Rows as text: "line:field|field|" each, or "line!number of the error". */
static void csv_dump(struct str text, size_t piece, struct buf *out)
{
	struct csv *c = malloc(sizeof *c);
	size_t at = 0;

	csv_init(c, ',');
	for (;;) {
		size_t n = text.n - at < piece ? text.n - at : piece, used = 0;
		bool last = at + n == text.n;
		enum csv_result r = csv_read(c, (struct str){text.p + at, n}, last, &used);
		at += used;
		if (r == CSV_MORE && last && at == text.n)
			break;
		if (r == CSV_MORE)
			continue;
		buf_put_u64(out, c->line);
		buf_put_z(out, r == CSV_ROW         ? ":"
			       : r == CSV_BAD_QUOTE ? "!quote"
			       : r == CSV_NOT_UTF8  ? "!utf8"
						    : "!large");
		for (unsigned i = 0; r == CSV_ROW && i < c->column_n; i++) {
			buf_put_str(out, c->column[i]);
			buf_put_char(out, '|');
		}
		buf_put_char(out, ' ');
	}
	free(c);
}

static void csv_is(struct str text, const char *want)
{
	for (size_t piece = 1; piece <= text.n + 1; piece++) {
		char memory[1024];
		struct buf b = buf_over(memory, sizeof memory);
		csv_dump(text, piece, &b);
		assert_string_equal(buf_z(&b), want);
	}
}

static void csv_rows(void **state)
{
	(void)state;
	csv_is(STR("a,b\r\n1,2\r\n"), "1:a|b| 2:1|2| ");
	csv_is(STR("\xEF\xBB\xBF名,b\n1,"), "1:名|b| 2:1|| ");
	csv_is(STR("\"a,\"\"b\"\"\",\"x\ny\"\nnext"), "1:a,\"b\"|x\ny| 3:next| ");
	csv_is(STR("a\n\n\r\nb\n"), "1:a| 4:b| ");
	csv_is(STR("a\n\"\"\n,\n"), "1:a| 2:| 3:|| ");
	csv_is(STR(""), "");
	csv_is(STR("a\rb,c\r\n"), "1:a\rb|c| ");
	csv_is(STR("\"a\"\r\nb\n"), "1:a| 2:b| ");
}

static void csv_bad(void **state)
{
	(void)state;
	csv_is(STR("a\nb\"c,d\ne\n"), "1:a| 2!quote 3:e| ");
	csv_is(STR("\"a\"b,c\nd\n"), "1!quote 2:d| ");
	csv_is(STR("a\n\"open\nb\n"), "1:a| 2!quote ");
	csv_is(STR("a\n\xC3(\nb\n"), "1:a| 2!utf8 3:b| ");
}

static void csv_large(void **state)
{
	size_t n = CSV_ROW_BYTES_MAX + 10;
	char *text = malloc(n), memory[64];
	struct buf b = buf_over(memory, sizeof memory);

	(void)state;
	memset(text, 'x', n);
	text[n - 3] = '\n';
	csv_dump((struct str){text, n}, 1000, &b);
	assert_string_equal(buf_z(&b), "1!large 2:xx| ");
	memset(text, ',', n);
	b.n = 0;
	csv_dump((struct str){text, n}, n, &b);
	assert_string_equal(buf_z(&b), "1!large ");
	free(text);
}

static void features_dump(struct str text, size_t piece, struct buf *out)
{
	struct features *f = malloc(sizeof *f);
	size_t at = 0;

	features_init(f);
	for (;;) {
		size_t n = text.n - at < piece ? text.n - at : piece, used = 0;
		bool last = at + n == text.n;
		enum features_result r =
		    features_read(f, (struct str){text.p + at, n}, last, &used);
		at += used;
		if (r == FEATURES_BROKEN) {
			buf_put_z(out, "broken");
			break;
		}
		if (r == FEATURES_MORE && last && at == text.n)
			break;
		if (r == FEATURES_MORE)
			continue;
		buf_put_u64(out, f->line);
		buf_put_char(out, ':');
		buf_put_str(out, r == FEATURES_ONE ? f->feature : STR("large"));
		buf_put_char(out, ' ');
	}
	free(f);
}

static void features_are(const char *text, const char *want)
{
	for (size_t piece = 1; piece <= strlen(text) + 1; piece += 3) {
		char memory[1024];
		struct buf b = buf_over(memory, sizeof memory);
		features_dump(str_of(text), piece, &b);
		assert_string_equal(buf_z(&b), want);
	}
}

static void features(void **state)
{
	(void)state;
	features_are("{\"type\":\"FeatureCollection\",\"features\":[{\"a\":1},\n{\"b\":[{}]}\n]}\n",
		     "1:{\"a\":1} 2:{\"b\":[{}]} ");
	/* brackets and quotes within texts, a list of another name, members after the list */
	features_are("{\"x\":[{\"no\":1}],\"features\":[{\"t\":\"}]\\\"{\"}],\"features2\":[{}],"
		     "\"bbox\":[1]}",
		     "1:{\"t\":\"}]\\\"{\"} ");
	features_are("\xEF\xBB\xBF{\"features\" : [ ] }", "");
	features_are("{\"t\":\"features\",\"y\":[{\"a\":1}],\"features\":[]}", "");
	features_are("[{\"a\":1}]", "broken");
	features_are("{\"type\":\"Feature\"}", "broken");
	features_are("{\"features\":[{\"a\":1}", "1:{\"a\":1} broken");
	features_are("{\"features\":[[1]]}", "broken");
	features_are("", "broken");
	features_are("{\"features\":[]} x", "broken");
}

static void feature_large(void **state)
{
	static const char head[] = "{\"features\":[{\"a\":\"", tail[] = "\"},{\"b\":2}]}";
	size_t n = FEATURE_BYTES_MAX + sizeof head + sizeof tail;
	char *text = malloc(n), memory[64];
	struct buf b = buf_over(memory, sizeof memory);

	(void)state;
	memset(text, 'x', n);
	memcpy(text, head, sizeof head - 1);
	memcpy(text + n - (sizeof tail - 1), tail, sizeof tail - 1);
	features_dump((struct str){text, n}, 65536, &b);
	assert_string_equal(buf_z(&b), "1:large 1:{\"b\":2} ");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(csv_rows),      cmocka_unit_test(csv_bad),
	    cmocka_unit_test(csv_large),     cmocka_unit_test(features),
	    cmocka_unit_test(feature_large),
	};

	return cmocka_run_group_tests_name("place_files", tests, NULL, NULL);
}
