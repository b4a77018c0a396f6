/* Entries of cases that are damaged are refused: a member missing, one too many, one of another
 * type, anywhere; names out of order; and none of it harms the program. */
#include "cases.h"

#include <jansson.h>

static int setup(void **state)
{
	static struct test_cases t;
	uint64_t one, two;
	char id[24];

	cases_open(&t, NULL);
	one = cases_hand_in(&t, "resident-request",
			    FIELDS("place", "0", "text", "灯不亮", "channel", "phone", "has_reporter",
				   "yes", "drill", "no"));
	two = cases_hand_in(&t, "resident-request",
			    FIELDS("place", "0", "text", "灯不亮", "channel", "phone", "has_reporter",
				   "yes", "drill", "no"));
	cases_must(&t, one, "open", "intake", "desk-1", FIELDS("category", "0102"));
	t.order = (struct case_order){.kind = CASE_DO, .hand = CASE_HAND_NEW,
				      .role = STR("follower"), .id = one,
				      .command = STR("follow"),
				      .follower_channel = STR("portal")};
	assert_ok(cases_call(&t, FIELDS("text", "我也是")));
	cases_must(&t, one, "dispatch", "dispatcher", "desk-2", NO_FIELDS);
	snprintf(id, sizeof id, "%llu", (unsigned long long)one);
	cases_must(&t, two, "link", "intake", "desk-1", FIELDS("linked_case", id));
	*state = &t;
	return 0;
}

static int teardown(void **state)
{
	cases_close(*state);
	return 0;
}

/* As it would stand in an entry: members in their order, without white space. */
static enum err decode(enum kind kind, const json_t *data)
{
	static _Alignas(16) char memory[1u << 19];
	char *text = json_dumps(data, JSON_COMPACT);
	const struct entry_value *value = NULL;
	const void *decoded = NULL;
	struct arena a;
	void *tree;
	enum err e;

	assert_non_null(text);
	tree = malloc(entry_read_room(str_of(text)));
	assert_non_null(tree);
	arena_init(&a, memory, sizeof memory);
	e = entry_read(str_of(text), tree, &value);
	if (e == ERR_OK)
		e = service_kinds[kind].decode(value, &a, &decoded);
	free(tree);
	free(text);
	return e;
}

/* The data of an entry, for changing them. */
static json_t *data_of(struct str body)
{
	json_t *json = json_loadb(body.p, body.n, JSON_REJECT_DUPLICATES, NULL);
	json_t *data = json_incref(json_object_get(json, "data"));

	assert_non_null(data);
	json_decref(json);
	return data;
}

struct spoiling {
	enum kind kind;
	json_t *data; /* all of it */
	unsigned spoilt;
};

/* Members by the names of fields, clocks and files: there may be one more or less of them. */
static bool is_map(const char *name)
{
	return strcmp(name, "clocks") == 0 || strcmp(name, "fields") == 0 ||
	       strcmp(name, "sealed") == 0 || strcmp(name, "files") == 0;
}

static void must_be_corrupt(struct spoiling *s, const char *what, const char *member)
{
	if (decode(s->kind, s->data) != ERR_CORRUPT)
		fail_msg("%s %s is taken", what, member);
	s->spoilt++;
}

/* One object of it and all below; every change is taken back. */
static void spoil(struct spoiling *s, json_t *object, const char *name)
{
	const char *keys[64];
	unsigned n = 0;

	for (void *at = json_object_iter(object); at && n < 64;
	     at = json_object_iter_next(object, at))
		keys[n++] = json_object_iter_key(at);
	for (unsigned i = 0; i < n; i++) {
		json_t *was = json_incref(json_object_get(object, keys[i]));
		char key[80];
		snprintf(key, sizeof key, "%s", keys[i]);
		if (json_is_object(was))
			spoil(s, was, key);
		json_object_set_new(object, key, json_null());
		must_be_corrupt(s, "null in", key);
		json_object_set_new(object, key, json_real(1.5));
		must_be_corrupt(s, "a fraction in", key);
		if (!json_is_integer(was) && !json_is_string(was)) {
			json_object_set_new(object, key, json_string("x"));
			must_be_corrupt(s, "a text in", key);
		} else if (!is_map(name)) {
			json_object_set_new(
			    object, key, json_is_string(was) ? json_integer(1) : json_string("1"));
			must_be_corrupt(s, "another type in", key);
		}
		json_object_set_new(object, key, was); /* keeps its place */
	}
	if (is_map(name))
		return;
	json_object_set_new(object, "zz", json_integer(1));
	must_be_corrupt(s, "one too many in", name);
	json_object_del(object, "zz");
}

/* Members one by one taken out; what is left keeps its order. */
static void shorten(struct spoiling *s)
{
	json_t *whole = s->data;
	const char *key;
	json_t *v;

	json_object_foreach(whole, key, v)
	{
		s->data = json_copy(whole);
		json_object_del(s->data, key);
		must_be_corrupt(s, "without", key);
		/* and another in its place: the number of members is right */
		json_object_set_new(s->data, "zz", json_incref(v));
		must_be_corrupt(s, "by another name,", key);
		json_decref(s->data);
	}
	s->data = whole;
}

static void a_damaged_entry_is_refused(void **state)
{
	struct test_cases *t = *state;
	unsigned spoilt = 0, entries = 0;

	for (uint64_t n = 1; n <= t->w->journal.n; n++) {
		_Alignas(16) static char memory[4 * ENTRY_BYTES_MAX];
		struct entry_view v;
		struct entry_head head;
		const struct entry_value *data;
		void *tree = NULL;
		struct spoiling s;
		struct arena a;
		arena_init(&a, memory, sizeof memory);
		assert_ok(journal_entry(t->w->db, n, t->w->journal.memory, &v));
		assert_ok(kind_parse(v.body, &a, &head, &tree, &data));
		if (head.kind == KIND_CASE_HANDED_IN || head.kind == KIND_CASE_MOVED) {
			s = (struct spoiling){.kind = head.kind, .data = data_of(v.body)};
			assert_ok(decode(s.kind, s.data));
			spoil(&s, s.data, "");
			shorten(&s);
			assert_ok(decode(s.kind, s.data)); /* all taken back */
			json_decref(s.data);
			spoilt += s.spoilt;
			entries++;
		}
		free(tree);
	}
	assert_int_equal(entries, 6);
	assert_true(spoilt > 6 * 100);
}

static json_t *data_of_first(struct test_cases *t)
{
	struct entry_view v;

	assert_ok(journal_entry(t->w->db, (uint64_t)cases_i64(t, "SELECT min(id) FROM case_rec"),
				t->w->journal.memory, &v));
	return data_of(v.body);
}

static void names_are_words_and_ascend(void **state)
{
	static const char *const bad[] = {
	    "",
	    "two words",
	    "umlaut-\xC3\xA4",
	    "quote\"",
	    "back\\slash",
	    ("zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"
	     "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")};
	struct test_cases *t = *state;
	json_t *data = data_of_first(t), *fields = json_object_get(data, "fields");

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		json_object_clear(fields);
		json_object_set_new(fields, bad[i], json_integer(1));
		assert_err(decode(KIND_CASE_HANDED_IN, data), ERR_CORRUPT);
	}
	json_object_clear(fields);
	json_object_set_new(fields, "a", json_integer(1));
	json_object_set_new(fields, "b", json_integer(1));
	assert_ok(decode(KIND_CASE_HANDED_IN, data));
	json_object_clear(fields);
	json_object_set_new(fields, "b", json_integer(1));
	json_object_set_new(fields, "a", json_integer(1));
	assert_err(decode(KIND_CASE_HANDED_IN, data), ERR_CORRUPT);
	json_decref(data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(a_damaged_entry_is_refused, setup, teardown),
	    cmocka_unit_test_setup_teardown(names_are_words_and_ascend, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
