/* A store with the shipped files in force, and orders of cases, for tests. Times are those of the
 * store's clock, which only the test moves. */
#ifndef LIREN_TEST_CASES_H
#define LIREN_TEST_CASES_H

#include "shelf.h"
#include "store.h"

#include "service/case_order.h"
#include "service/kind_case.h"

#define CASES_TEST_FIELDS_MAX 16u

struct test_cases {
	struct test_store store;
	struct test_shelf *shelf;
	struct writer *w;
	struct case_order order; /* of the last call */
	struct answer answer;
};

static inline void cases_load_files(struct test_cases *t)
{
	static struct load_file v[CASES_SHELF_FILES_MAX];
	struct test_command cmd;
	unsigned n = 0;

	test_command_init(&cmd, COMMAND_LOAD_FILES);
	for (unsigned i = 0; i < t->shelf->options.sources_n; i++)
		if (!t->shelf->v[i].is_old)
			v[n++] = (struct load_file){.path = t->shelf->v[i].path,
						    .content = t->shelf->v[i].text};
	cmd.c.files.v = v;
	cmd.c.files.n = n;
	cmd.c.files.shelf = &t->shelf->shelf;
	assert_ok(test_run(&t->store, t->w, &cmd));
}

static inline void cases_open(struct test_cases *t, const char *vfs)
{
	memset(t, 0, sizeof *t);
	test_store_init(&t->store, vfs);
	assert_ok(test_store_create(&t->store));
	t->w = test_store_open(&t->store);
	t->shelf = test_shelf_new();
	for (unsigned i = 0; i < t->shelf->options.sources_n; i++)
		t->shelf->v[i].n = 0;
	test_shelf_good(t->shelf);
	cases_load_files(t);
}

static inline void cases_close(struct test_cases *t)
{
	t->w = writer_close(t->w);
	test_shelf_free(t->shelf);
}

/* Give the order in t->order with these fields: "name", "value", …, NULL. */
static inline enum err cases_call(struct test_cases *t, const char *const *fields)
{
	static struct case_input in[CASES_TEST_FIELDS_MAX];
	struct test_command cmd;
	enum err e;

	t->order.fields = in;
	t->order.fields_n = 0;
	for (unsigned i = 0; fields && fields[i]; i += 2) {
		assert_true(t->order.fields_n < CASES_TEST_FIELDS_MAX);
		in[t->order.fields_n++] =
		    (struct case_input){str_of(fields[i]), str_of(fields[i + 1])};
	}
	test_command_init(&cmd, COMMAND_CASE);
	cmd.c.cases.order = &t->order;
	e = test_run(&t->store, t->w, &cmd);
	t->answer = cmd.c.answer;
	return e;
}

/* A report by a desk officer for somebody; its id. */
static inline uint64_t cases_hand_in(struct test_cases *t, const char *type, const char *const *fields)
{
	enum err e;

	t->order = (struct case_order){.kind = CASE_HAND_IN,
				       .hand = CASE_HAND_ACCOUNT,
				       .role = STR("intake"),
				       .unit = STR("DESK"),
				       .account = STR("desk-1"),
				       .type = str_of(type)};
	e = cases_call(t, fields);
	if (e != ERR_OK)
		book_say(&t->order.problem);
	return t->order.ret_id;
}

static inline enum err cases_do(struct test_cases *t, uint64_t id, const char *command,
				const char *role, const char *account, const char *const *fields)
{
	t->order = (struct case_order){.kind = CASE_DO,
				       .hand = CASE_HAND_ACCOUNT,
				       .role = str_of(role),
				       .account = str_of(account),
				       .id = id,
				       .command = str_of(command)};
	return cases_call(t, fields);
}

static inline void cases_must(struct test_cases *t, uint64_t id, const char *command,
			      const char *role, const char *account, const char *const *fields)
{
	if (cases_do(t, id, command, role, account, fields) != ERR_OK)
		book_say(&t->order.problem);
}

#define FIELDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define NO_FIELDS NULL

#endif
