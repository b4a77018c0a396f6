/* Values against schemas: each keyword that tools/openapi_c.py lets through is checked here. */
#include "validate.h"

#include "base/check.h"
#include "base/civil.h"
#include "routes.h"

#define NAME_BYTES_MAX 48u

/* The path to a value, written as it is walked and cut back. */
struct walk {
	struct buf path;
	struct invalid *why;
};

bool parse_i64(struct str text, int64_t *ret)
{
	bool minus = text.n > 0 && text.p[0] == '-';
	uint64_t v = 0;

	if (minus) {
		text.p++;
		text.n--;
	}
	if (!str_to_u64(text, &v) || v > INT64_MAX || (minus && v == 0))
		return false;
	*ret = minus ? -(int64_t)v : (int64_t)v;
	return true;
}

/* ---- what is wrong ---- */

static void put_arg(struct invalid *why, struct str text)
{
	struct buf b = buf_over(why->arg[why->args_n], INVALID_ARG_BYTES_MAX - 1);

	CHECK(why->args_n < 2);
	if (text.n > b.cap)
		text.n = b.cap;
	buf_put_str(&b, text);
	b.p[b.n] = 0;
	why->args_n++;
}

static void put_number(struct invalid *why, int64_t number)
{
	char text[24];
	struct buf b = buf_over(text, sizeof text);

	buf_put_i64(&b, number);
	put_arg(why, buf_str(&b));
}

static void say(struct invalid *why, enum err err, enum msg remedy)
{
	why->err = err;
	why->remedy = remedy;
	why->args_n = 0;
}

void invalid_number(struct invalid *why, const struct schema *s)
{
	say(why, ERR_BAD_INPUT, MSG_WANT_NUMBER);
	put_number(why, s->minimum);
	put_number(why, s->maximum);
}

void check_number(const struct schema *s, int64_t number, struct invalid *why)
{
	if (number < s->minimum || number > s->maximum)
		invalid_number(why, s);
}

/* ---- texts ---- */

static bool is_base64_of(struct str text, size_t bytes)
{
	uint8_t out[32];
	size_t n = 0;
	bool ok = b64_decode(text, out, sizeof out, &n) && n == bytes;

	seal_wipe(out, sizeof out);
	return ok;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_letter(s.p[i]) &&
		    !(i > 0 && (is_digit(s.p[i]) || s.p[i] == '_' || s.p[i] == '-')))
			return false;
	return s.n > 0 && s.n <= NAME_BYTES_MAX;
}

static bool is_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_digit(s.p[i]))
			return false;
	return s.n > 0;
}

static void check_format(enum schema_format format, struct str text, struct invalid *why)
{
	int32_t day = 0;

	switch (format) {
	case SCHEMA_ANY:
		return;
	case SCHEMA_BASE64_16:
	case SCHEMA_BASE64_32:
		if (is_base64_of(text, format == SCHEMA_BASE64_16 ? 16 : 32))
			return;
		say(why, ERR_BAD_INPUT, MSG_WANT_BASE64);
		put_number(why, format == SCHEMA_BASE64_16 ? 16 : 32);
		return;
	case SCHEMA_NAME:
		if (!is_name(text))
			say(why, ERR_BAD_INPUT, MSG_WANT_NAME);
		return;
	case SCHEMA_DIGITS:
		if (!is_digits(text))
			say(why, ERR_BAD_INPUT, MSG_WANT_DIGITS);
		return;
	case SCHEMA_DATE:
		if (civil_parse_date(text, &day) != ERR_OK)
			say(why, ERR_BAD_INPUT, MSG_WANT_DATE);
		return;
	}
}

static void check_choice(const struct schema *s, struct str text, struct invalid *why)
{
	char list[INVALID_ARG_BYTES_MAX];
	struct buf b = buf_over(list, sizeof list);

	for (unsigned i = 0; s->one_of[i]; i++) {
		if (str_eq(text, str_of(s->one_of[i])))
			return;
		if (i > 0)
			buf_put_z(&b, ", ");
		buf_put_z(&b, s->one_of[i]);
	}
	say(why, ERR_BAD_INPUT, MSG_WANT_ONE_OF);
	put_arg(why, buf_str(&b));
}

static size_t characters(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((uint8_t)s.p[i] & 0xc0) != 0x80;
	return n;
}

void check_text(const struct schema *s, struct str text, struct invalid *why)
{
	size_t n = characters(text);

	if (!str_is_utf8(text) || (text.n > 0 && memchr(text.p, 0, text.n))) {
		say(why, ERR_BAD_INPUT, MSG_WANT_PLAIN_TEXT);
	} else if (s->one_of) {
		check_choice(s, text, why);
	} else if (n < s->length_min || n > s->length_max) {
		say(why, n > s->length_max ? ERR_TOO_LARGE : ERR_BAD_INPUT, MSG_WANT_LENGTH);
		put_number(why, s->length_min);
		put_number(why, s->length_max);
	} else if (text.n > s->bytes_max) {
		say(why, ERR_TOO_LARGE, MSG_WANT_BYTES);
		put_number(why, s->bytes_max);
	} else {
		check_format(s->format, text, why);
	}
}

/* ---- JSON ---- */

/* Append to the path; what does not fit is cut, whole characters only. */
static void put_path(struct buf *path, struct str s)
{
	size_t room = path->cap - path->n;

	if (s.n > room) {
		s.n = room;
		while (s.n > 0 && ((uint8_t)s.p[s.n] & 0xc0) == 0x80)
			s.n--;
	}
	buf_put_str(path, s);
}

static void step_into(struct buf *path, const char *name)
{
	if (path->n > 0)
		put_path(path, STR("."));
	put_path(path, str_of(name));
}

static bool check_value(struct walk *w, const struct schema *s, const json_t *json);

static bool check_property(struct walk *w, const struct schema_property *p, const json_t *value)
{
	size_t before = w->path.n;

	step_into(&w->path, p->name);
	if (!value && p->required)
		say(w->why, ERR_BAD_INPUT, MSG_FIELD_MISSING);
	if (w->why->err != ERR_OK || (value && !check_value(w, p->schema, value)))
		return false;
	w->path.n = before;
	return true;
}

static bool has_property(const struct schema *s, const char *name)
{
	for (unsigned i = 0; i < s->properties_n; i++)
		if (strcmp(s->properties[i].name, name) == 0)
			return true;
	return false;
}

static bool check_object(struct walk *w, const struct schema *s, const json_t *json)
{
	json_t *object = (json_t *)(uintptr_t)json; /* iterating changes nothing */

	for (unsigned i = 0; i < s->properties_n; i++)
		if (!check_property(w, &s->properties[i],
				    json_object_get(json, s->properties[i].name)))
			return false;
	for (void *it = json_object_iter(object); it; it = json_object_iter_next(object, it))
		if (!has_property(s, json_object_iter_key(it))) {
			step_into(&w->path, json_object_iter_key(it));
			say(w->why, ERR_BAD_INPUT, MSG_FIELD_UNKNOWN);
			return false;
		}
	return true;
}

static bool check_array(struct walk *w, const struct schema *s, const json_t *json)
{
	size_t n = json_array_size(json), before = w->path.n;

	if (n < s->length_min || n > s->length_max) {
		say(w->why, n > s->length_max ? ERR_TOO_LARGE : ERR_BAD_INPUT, MSG_WANT_ITEMS);
		put_number(w->why, s->length_min);
		put_number(w->why, s->length_max);
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		char index[24];
		struct buf b = buf_over(index, sizeof index);

		buf_put_char(&b, '[');
		buf_put_u64(&b, i);
		buf_put_char(&b, ']');
		put_path(&w->path, buf_str(&b));
		if (!check_value(w, s->items, json_array_get(json, i)))
			return false;
		w->path.n = before;
	}
	return true;
}

static bool check_value(struct walk *w, const struct schema *s, const json_t *json)
{
	switch (s->type) {
	case SCHEMA_OBJECT:
		if (json_is_object(json))
			return check_object(w, s, json);
		say(w->why, ERR_BAD_INPUT, MSG_WANT_OBJECT);
		return false;
	case SCHEMA_ARRAY:
		if (json_is_array(json))
			return check_array(w, s, json);
		say(w->why, ERR_BAD_INPUT, MSG_WANT_ARRAY);
		return false;
	case SCHEMA_STRING:
		if (json_is_string(json))
			check_text(s,
				   (struct str){json_string_value(json), json_string_length(json)},
				   w->why);
		else
			say(w->why, ERR_BAD_INPUT, MSG_WANT_STRING);
		break;
	case SCHEMA_INTEGER:
		if (json_is_integer(json))
			check_number(s, json_integer_value(json), w->why);
		else
			invalid_number(w->why, s);
		break;
	case SCHEMA_BOOLEAN:
		if (!json_is_boolean(json))
			say(w->why, ERR_BAD_INPUT, MSG_WANT_BOOLEAN);
		break;
	}
	return w->why->err == ERR_OK;
}

bool check_json(const struct schema *s, const json_t *json, struct invalid *why)
{
	struct walk w = {{0}, why};

	*why = (struct invalid){.err = ERR_OK, .remedy = MSG_COUNT};
	w.path = buf_over(why->field, API_FIELD_BYTES_MAX);
	if (check_value(&w, s, json))
		return true;
	why->field[w.path.n] = 0;
	return false;
}

void problem_invalid(struct api *api, struct api_call *call, enum err err, const char *field,
		     const struct invalid *why)
{
	struct str args[2] = {str_of(why->arg[0]), str_of(why->arg[1])};

	problem_with(api, call, err, field, why->remedy, args, why->args_n);
}

void refuse_field(struct api *api, struct api_call *call, enum err err, struct str field,
		enum msg remedy)
{
	char name[API_FIELD_BYTES_MAX + 1];
	struct buf b = buf_over(name, API_FIELD_BYTES_MAX);

	put_path(&b, field);
	name[b.n] = 0;
	api_problem(api, call, err, str_is_utf8(buf_str(&b)) ? name : "query", remedy);
}
