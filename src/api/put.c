/* See put.h. */
#include "case_rows.h"

#include "cases/step.h"
#include "service/case_number.h"

void put_str(json_t **to, const char *key, struct str s)
{
	json_put(to, key, json_stringn(s.p ? s.p : "", s.n));
}

void put_given(json_t **to, const char *key, struct str s)
{
	if (s.n > 0)
		put_str(to, key, s);
}

void put_z(json_t **to, const char *key, const char *z)
{
	json_put(to, key, json_string(z));
}

void put_u64(json_t **to, const char *key, uint64_t v)
{
	json_put(to, key, json_integer((json_int_t)v));
}

void put_i64(json_t **to, const char *key, int64_t v)
{
	json_put(to, key, json_integer(v));
}

void put_instant(json_t **to, const char *key, int64_t us)
{
	if (us != 0)
		put_i64(to, key, us);
}

void put_bool(json_t **to, const char *key, bool v)
{
	json_put(to, key, json_boolean(v));
}

static json_t *words_of(const struct str words[LANG_COUNT])
{
	json_t *json = json_object();

	put_str(&json, "zh", words[LANG_ZH]);
	put_str(&json, "en", words[LANG_EN]);
	return json;
}

void put_words(json_t **to, const char *key, const struct str words[LANG_COUNT])
{
	json_put(to, key, words_of(words));
}

void put_point(json_t **to, const char *key, struct geo_point at)
{
	json_t *json = json_object();

	put_i64(&json, "lat", at.lat_e7);
	put_i64(&json, "lon", at.lon_e7);
	json_put(to, key, json);
}

void put_names(json_t **to, const char *key, const struct cases_names *names)
{
	json_t *json = json_array();

	for (unsigned i = 0; i < names->n; i++)
		json_push(&json, json_stringn(names->v[i].text.p, names->v[i].text.n));
	json_put(to, key, json);
}

void put_number(json_t **to, const char *key, uint64_t case_number)
{
	char text[CASE_NUMBER_BYTES_MAX];
	struct buf b = buf_over(text, sizeof text);

	case_number_put(case_number, &b);
	put_str(to, key, buf_str(&b));
}

json_t *named(struct str name, const struct str words[LANG_COUNT])
{
	json_t *json = json_object();

	put_str(&json, "name", name);
	put_words(&json, "words", words);
	return json;
}

static const struct {
	unsigned bit;
	const char *name;
} marks_shown[] = {
    {CASE_MARK_OPENED, "opened"},         {CASE_MARK_CLOSED, "closed"},
    {CASE_MARK_SUSPENDED, "suspended"},   {CASE_MARK_CONTACTED, "contacted"},
    {CASE_MARK_REPEATED, "repeated"},     {CASE_MARK_ON_SPOT, "on_spot"},
    {CASE_MARK_SUPERVISED, "supervised"},
};

void put_marks(json_t **to, const char *key, unsigned marks)
{
	json_t *json = json_array();

	for (size_t i = 0; i < sizeof marks_shown / sizeof marks_shown[0]; i++)
		if (marks & marks_shown[i].bit)
			json_push(&json, json_string(marks_shown[i].name));
	if (case_marks_wait(marks))
		json_push(&json, json_string("imported"));
	json_put(to, key, json);
}

void put_source(json_t **to, const struct case_from *from)
{
	json_t *json = json_object();

	put_str(&json, "ext", from->ext);
	put_str(&json, "category", from->category);
	put_str(&json, "status", from->status);
	put_instant(&json, "opened", from->opened_us);
	put_instant(&json, "due", from->due_us);
	put_instant(&json, "closed", from->closed_us);
	json_put(to, "source", json);
}

unsigned mark_of(struct str name)
{
	for (size_t i = 0; i < sizeof marks_shown / sizeof marks_shown[0]; i++)
		if (str_eq(name, str_of(marks_shown[i].name)))
			return marks_shown[i].bit;
	return 0;
}

bool body_point(const json_t *body, const char *name, struct geo_point *ret)
{
	const json_t *at = json_object_get(body, name);

	if (!json_is_object(at))
		return false;
	*ret = (struct geo_point){(int32_t)json_i64(at, "lat", 0), (int32_t)json_i64(at, "lon", 0)};
	return true;
}
