/* The canonical entry writer. */
#include "base/entry.h"

#include "base/check.h"

void entry_writer_begin(struct entry_writer *w, char *memory, size_t cap)
{
	w->out = buf_over(memory, cap < ENTRY_BYTES_MAX ? cap : ENTRY_BYTES_MAX);
	w->depth = 0;
	w->wrong = false;
	w->want_value = true;
	entry_object(w);
}

/* A value is due: after a key in an object, or the next element of an array. */
static void before_value(struct entry_writer *w)
{
	if (w->depth == 0 || w->want_value) {
		w->want_value = false;
		return;
	}
	CHECK(w->level[w->depth - 1].is_array);
	if (w->level[w->depth - 1].any)
		buf_put_char(&w->out, ',');
	w->level[w->depth - 1].any = true;
}

void entry_key_str(struct entry_writer *w, struct str name)
{
	size_t n = name.n, d = w->depth - 1;
	const char *key = name.p;

	CHECK(w->depth > 0 && !w->level[d].is_array && !w->want_value);
	bool good = true;

	for (size_t i = 0; i < n; i++) /* without a branch a character: all are looked at at once */
		good &= (key[i] > ' ') & (key[i] < 0x7F) & (key[i] != '"') & (key[i] != '\\');
	CHECK(good);
	bool any = w->level[d].any;
	char *p = w->out.p + w->out.n;

	if (any) {
		size_t last_n = w->level[d].key_n, same = n < last_n ? n : last_n;
		int order = w->out.over ? -1 : memcmp(w->out.p + w->level[d].key_at, key, same);
		/* the keys come from the program, so a wrong order is a bug */
		CHECK(order < 0 || (order == 0 && last_n < n));
	}
	w->level[d].any = true;
	w->want_value = true;
	if (w->out.over || n + 3 + any > w->out.cap - w->out.n) {
		w->out.over = true;
		return;
	}
	/* an entry has some seventy keys: written at once */
	if (any)
		*p++ = ',';
	*p++ = '"';
	w->level[d].key_at = (size_t)(p - w->out.p);
	w->level[d].key_n = n;
	memcpy(p, key, n);
	memcpy(p + n, "\":", 2);
	w->out.n += n + 3 + any;
}

static void open_level(struct entry_writer *w, bool is_array)
{
	CHECK(w->depth < ENTRY_DEPTH_MAX);
	before_value(w);
	buf_put_char(&w->out, is_array ? '[' : '{');
	w->level[w->depth].is_array = is_array;
	w->level[w->depth].any = false;
	w->depth++;
}

void entry_object(struct entry_writer *w)
{
	open_level(w, false);
}

void entry_array(struct entry_writer *w)
{
	open_level(w, true);
}

void entry_close(struct entry_writer *w)
{
	CHECK(w->depth > 0 && !w->want_value);
	w->depth--;
	buf_put_char(&w->out, w->level[w->depth].is_array ? ']' : '}');
}

void entry_int(struct entry_writer *w, int64_t v)
{
	before_value(w);
	if (v > ENTRY_INT_MAX || v < -ENTRY_INT_MAX)
		w->wrong = true;
	buf_put_i64(&w->out, v);
}

void entry_bool(struct entry_writer *w, bool v)
{
	before_value(w);
	buf_put_z(&w->out, v ? "true" : "false");
}

static void put_escaped(struct buf *out, uint8_t c)
{
	static const char named[] = "\b\t\n\f\r\"\\", letter[] = "btnfr\"\\";
	const char *at = c ? strchr(named, c) : NULL;

	buf_put_char(out, '\\');
	if (at) {
		buf_put_char(out, letter[at - named]);
		return;
	}
	buf_put(out, "u00", 3);
	buf_put_hex(out, &c, 1);
}

void entry_str(struct entry_writer *w, struct str v)
{
	size_t from = 0;

	before_value(w);
	if (!str_is_utf8(v)) {
		w->wrong = true;
		v.n = 0;
	}
	buf_put_char(&w->out, '"');
	for (size_t i = 0; i < v.n; i++) {
		uint8_t c = (uint8_t)v.p[i];
		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_put(&w->out, v.p + from, i - from);
		put_escaped(&w->out, c);
		from = i + 1;
	}
	if (v.n > from)
		buf_put(&w->out, v.p + from, v.n - from);
	buf_put_char(&w->out, '"');
}

void entry_hex(struct entry_writer *w, const void *bytes, size_t n)
{
	before_value(w);
	buf_put_char(&w->out, '"');
	buf_put_hex(&w->out, bytes, n);
	buf_put_char(&w->out, '"');
}

void entry_b64(struct entry_writer *w, const void *bytes, size_t n)
{
	before_value(w);
	buf_put_char(&w->out, '"');
	buf_put_b64(&w->out, bytes, n);
	buf_put_char(&w->out, '"');
}

enum err entry_writer_end(struct entry_writer *w, struct str *ret)
{
	entry_close(w);
	CHECK(w->depth == 0);
	if (w->wrong)
		return ERR_BAD_INPUT;
	if (w->out.over)
		return ERR_TOO_LARGE;
	*ret = buf_str(&w->out);
	return ERR_OK;
}
