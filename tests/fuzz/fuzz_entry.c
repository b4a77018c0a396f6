/* The canonical entry writer and reader. The input is read as a list of calls with valid nesting
 * and ascending keys, and the same value is built with jansson beside it. Where all of it is
 * canonical the text parses to that value, by jansson and by our reader, and writing the parsed
 * value again gives the same bytes; where a string is not UTF-8, a number too large or the room too
 * small, the writer says so. The input itself is read, too: what is taken is what is written. */
#include "fuzz.h"

#include "base/entry.h"
#include "base/entry_read.h"

#include <jansson.h>
#include <sodium.h>

#define KEY_MAX 8u
#define CALLS_MAX 2000u

struct session {
	struct entry_writer w;
	json_t *value[ENTRY_DEPTH_MAX]; /* the open objects and arrays */
	char key[ENTRY_DEPTH_MAX][KEY_MAX + 1];
	unsigned depth;
	bool wrong;
};

static bool key_char_ok(char c)
{
	return c > ' ' && c < 0x7F && c != '"' && c != '\\';
}

/* The next key of the innermost object, larger than the last: longer, or with a larger character
 * somewhere. False where there is none within KEY_MAX. */
static bool next_key(struct session *s, uint8_t choice)
{
	char *key = s->key[s->depth - 1];
	size_t n = strlen(key), at = choice / 4 % KEY_MAX;
	char c;

	if (n < KEY_MAX && (n == 0 || choice & 1)) {
		c = (char)('!' + choice / 2 % 94);
		key[n] = key_char_ok(c) ? c : '#';
		key[n + 1] = 0;
		return true;
	}
	for (at = at < n ? at + 1 : n; at-- > 0;)
		for (c = (char)(key[at] + 1); c < 0x7F; c++)
			if (key_char_ok(c)) {
				key[at] = c;
				key[at + 1] = 0;
				return true;
			}
	return false;
}

/* Where the next value goes: a key first, within an object. False where the object has no more
 * keys. */
static bool before_value(struct session *s, struct fuzz_reader *r)
{
	if (json_is_array(s->value[s->depth - 1]))
		return true;
	if (!next_key(s, fuzz_u8(r)))
		return false;
	entry_key(&s->w, s->key[s->depth - 1]);
	return true;
}

static void put(struct session *s, json_t *v)
{
	json_t *in = s->value[s->depth - 1];

	if (!v) { /* jansson makes no string that is not UTF-8 */
		s->wrong = true;
		return;
	}
	if (json_is_array(in))
		PROPERTY(json_array_append_new(in, v) == 0);
	else
		PROPERTY(json_object_set_new_nocheck(in, s->key[s->depth - 1], v) == 0);
}

static void open_value(struct session *s, bool is_array)
{
	json_t *v = is_array ? json_array() : json_object();

	if (is_array)
		entry_array(&s->w);
	else
		entry_object(&s->w);
	put(s, v);
	s->value[s->depth] = v;
	s->key[s->depth][0] = 0;
	s->depth++;
}

static void call_int(struct session *s, struct fuzz_reader *r)
{
	uint8_t shift = fuzz_u8(r);
	int64_t v = (int64_t)(fuzz_uint(r, 8) >> shift % 64);

	v = shift & 64 && v > INT64_MIN ? -v : v;
	if (shift & 128) /* about the ends of the range */
		v = (v < 0 ? -ENTRY_INT_MAX : ENTRY_INT_MAX) + v % 3;
	entry_int(&s->w, v);
	put(s, json_integer(v));
	if (v < -9007199254740991 || v > 9007199254740991)
		s->wrong = true;
}

static void call_bytes(struct session *s, struct fuzz_reader *r, bool hex)
{
	struct str v = fuzz_str(r, fuzz_u8(r) % 64);
	char text[64 * 2 + 1];
	const uint8_t *bytes = (const uint8_t *)(v.n ? v.p : "");

	if (hex) {
		entry_hex(&s->w, bytes, v.n);
		sodium_bin2hex(text, sizeof text, bytes, v.n);
	} else {
		entry_b64(&s->w, bytes, v.n);
		sodium_bin2base64(text, sizeof text, bytes, v.n, sodium_base64_VARIANT_ORIGINAL);
	}
	put(s, json_string(text));
}

/* A string far longer than the input: one piece of it again and again. */
static void call_long(struct session *s, struct fuzz_reader *r)
{
	size_t times = fuzz_uint(r, 2);
	struct str piece = fuzz_str(r, 1 + fuzz_u8(r) % 8);
	size_t n = piece.n * times > 40000 ? 40000 : piece.n * times;
	char *text = fuzz_alloc(n);

	for (size_t i = 0; i < n; i++)
		text[i] = piece.p[i % piece.n];
	entry_str(&s->w, (struct str){text, n});
	put(s, json_stringn(text, n));
	free(text);
}

static void call(struct session *s, struct fuzz_reader *r)
{
	uint8_t what = fuzz_u8(r) % 10;
	struct str v;

	if (what == 0) {
		if (s->depth > 1) {
			entry_close(&s->w);
			s->depth--;
		}
		return;
	}
	if ((what == 1 || what == 2) && s->depth == ENTRY_DEPTH_MAX)
		return;
	if (!before_value(s, r))
		return;
	if (what == 1 || what == 2) {
		open_value(s, what == 2);
	} else if (what == 3) {
		v.n = fuzz_u8(r) & 1;
		entry_bool(&s->w, v.n);
		put(s, json_boolean(v.n));
	} else if (what == 4) {
		call_int(s, r);
	} else if (what == 5 || what == 6) {
		call_bytes(s, r, what == 5);
	} else if (what == 7) {
		call_long(s, r);
	} else {
		v = fuzz_str(r, fuzz_u8(r));
		entry_str(&s->w, v);
		put(s, json_stringn(v.n ? v.p : "", v.n));
	}
}

/* All the calls of the input into memory of `cap` bytes. Gives the value, and whether it is
 * canonical at all. */
static enum err run(struct fuzz_reader r, char *memory, size_t cap, struct str *ret_text,
		    json_t **ret_value, bool *ret_wrong)
{
	struct session s = {.depth = 1, .wrong = false};
	enum err e;

	s.value[0] = json_object();
	entry_writer_begin(&s.w, memory, cap);
	for (unsigned i = 0; i < CALLS_MAX && r.n > 0; i++)
		call(&s, &r);
	for (; s.depth > 1; s.depth--)
		entry_close(&s.w);
	e = entry_writer_end(&s.w, ret_text);
	*ret_value = s.value[0];
	*ret_wrong = s.wrong;
	return e;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void write_again(struct entry_writer *w, json_t *v);

static void write_members(struct entry_writer *w, json_t *object)
{
	const char **keys = fuzz_alloc(json_object_size(object) * sizeof *keys), *key;
	size_t n = 0;
	json_t *v;

	json_object_foreach(object, key, v) keys[n++] = key;
	qsort(keys, n, sizeof *keys, by_bytes);
	for (size_t i = 0; i < n; i++) {
		entry_key(w, keys[i]);
		write_again(w, json_object_get(object, keys[i]));
	}
	free(keys);
}

static void write_again(struct entry_writer *w, json_t *v)
{
	if (json_is_object(v)) {
		entry_object(w);
		write_members(w, v);
		entry_close(w);
	} else if (json_is_array(v)) {
		entry_array(w);
		for (size_t i = 0; i < json_array_size(v); i++)
			write_again(w, json_array_get(v, i));
		entry_close(w);
	} else if (json_is_string(v)) {
		entry_str(w, (struct str){json_string_value(v), json_string_length(v)});
	} else if (json_is_boolean(v)) {
		entry_bool(w, json_is_true(v));
	} else {
		PROPERTY(json_is_integer(v));
		entry_int(w, json_integer_value(v));
	}
}

/* ---- read by the reader ---- */

static bool is_same(const struct entry_value *v, json_t *json)
{
	const struct entry_value *at = entry_first(v);
	size_t i = 0;

	if (json_is_string(json))
		return entry_is(v, ENTRY_STR) && v->text.n == json_string_length(json) &&
		       memcmp(v->text.p, json_string_value(json), v->text.n) == 0;
	if (json_is_integer(json))
		return entry_is(v, ENTRY_INT) && v->number == json_integer_value(json);
	if (json_is_boolean(json))
		return entry_is(v, ENTRY_BOOL) && v->number == json_is_true(json);
	if (json_is_array(json)) {
		for (; at && i < json_array_size(json); at = entry_next(v, at), i++)
			if (at != entry_at(v, i) || !is_same(at, json_array_get(json, i)))
				return false;
		return entry_is(v, ENTRY_ARRAY) && !at && entry_size(v) == json_array_size(json);
	}
	for (; at; at = entry_next(v, at), i++) {
		char key[KEY_MAX + 1];
		struct str name = entry_key_of(at);
		PROPERTY(name.n <= KEY_MAX);
		memcpy(key, name.p, name.n);
		key[name.n] = 0;
		if (at != entry_get(v, key) || !is_same(at, json_object_get(json, key)))
			return false;
	}
	return entry_is(v, ENTRY_OBJECT) && i == json_object_size(json);
}

static void write_value(struct entry_writer *w, const struct entry_value *v)
{
	char key[ENTRY_BYTES_MAX];

	switch (v->type) {
	case ENTRY_INT:
		entry_int(w, v->number);
		return;
	case ENTRY_BOOL:
		entry_bool(w, v->number != 0);
		return;
	case ENTRY_STR:
		entry_str(w, v->text);
		return;
	case ENTRY_OBJECT:
		entry_object(w);
		break;
	case ENTRY_ARRAY:
		entry_array(w);
		break;
	}
	for (const struct entry_value *at = entry_first(v); at; at = entry_next(v, at)) {
		if (v->type == ENTRY_OBJECT) {
			memcpy(key, entry_key_of(at).p, entry_key_of(at).n);
			key[entry_key_of(at).n] = 0;
			entry_key(w, key);
		}
		write_value(w, at);
	}
	entry_close(w);
}

/* What the reader takes, the writer writes: there is one spelling. */
static void check_bytes(struct str text)
{
	char *memory = fuzz_alloc(entry_read_room(text)), *again = fuzz_alloc(text.n + 2);
	const struct entry_value *v = NULL;
	struct entry_writer w;
	struct str written;

	if (entry_read(text, memory, &v) == ERR_OK && v->type == ENTRY_OBJECT) {
		entry_writer_begin(&w, again, text.n + 2);
		for (const struct entry_value *at = entry_first(v); at; at = entry_next(v, at)) {
			char key[ENTRY_BYTES_MAX];
			memcpy(key, entry_key_of(at).p, entry_key_of(at).n);
			key[entry_key_of(at).n] = 0;
			entry_key(&w, key);
			write_value(&w, at);
		}
		PROPERTY(entry_writer_end(&w, &written) == ERR_OK && str_eq(written, text));
	}
	free(again);
	free(memory);
}

static void check_read(struct str text, json_t *value)
{
	char *memory = fuzz_alloc(entry_read_room(text));
	const struct entry_value *v = NULL;

	PROPERTY(entry_read(text, memory, &v) == ERR_OK && is_same(v, value));
	free(memory);
	check_bytes(text);
}

/* The text is the value, and has one spelling. */
static void check_text(struct str text, json_t *value)
{
	json_t *parsed = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	char *memory = fuzz_alloc(text.n);
	struct entry_writer w;
	struct str again;

	PROPERTY(parsed && json_equal(parsed, value));
	for (size_t i = 0; i < text.n; i++)
		PROPERTY((uint8_t)text.p[i] >= 0x20);
	entry_writer_begin(&w, memory, text.n);
	write_members(&w, parsed);
	PROPERTY(entry_writer_end(&w, &again) == ERR_OK && str_eq(again, text));
	json_decref(parsed);
	free(memory);
	check_read(text, value);
}

/* The same calls with less room: the same text, or ERR_TOO_LARGE and nothing beyond the room. */
static void check_small(struct fuzz_reader r, size_t cap, struct str text, bool wrong)
{
	char *memory = fuzz_alloc(cap);
	struct str small;
	json_t *value;
	bool wrong_again;
	enum err e = run(r, memory, cap, &small, &value, &wrong_again);

	PROPERTY(wrong_again == wrong);
	PROPERTY(e == (wrong ? ERR_BAD_INPUT : text.n <= cap ? ERR_OK : ERR_TOO_LARGE));
	PROPERTY(e != ERR_OK || str_eq(small, text));
	json_decref(value);
	free(memory);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct fuzz_reader r = {data, n};
	size_t cap = fuzz_uint(&r, 2), text_n;
	char *memory = fuzz_alloc(2 * ENTRY_BYTES_MAX);
	struct str text = {NULL, 2 * ENTRY_BYTES_MAX};
	json_t *value;
	bool wrong;
	enum err e = run(r, memory, 2 * ENTRY_BYTES_MAX, &text, &value, &wrong);

	/* jansson escapes the same characters at the same length, only with A-F */
	text_n = json_dumpb(value, NULL, 0, JSON_COMPACT | JSON_SORT_KEYS);
	PROPERTY(e == (wrong ? ERR_BAD_INPUT : text_n <= ENTRY_BYTES_MAX ? ERR_OK : ERR_TOO_LARGE));
	if (e == ERR_OK) {
		PROPERTY(text.n == text_n);
		check_text(text, value);
	}
	check_bytes((struct str){(const char *)data, n});
	check_small(r, cap % (text_n + 2),
		    (struct str){text.p, text_n > ENTRY_BYTES_MAX ? SIZE_MAX : text_n}, wrong);
	json_decref(value);
	free(memory);
	return 0;
}
