/* Writes a store with a random run of orders about cases into a folder below $TMPDIR and prints its
 * path: the three shipped case types, every command that they know, a clock that moves on by
 * minutes, hours and days, timers as they fall due. The same seed gives the same entries. usage:
 * random_store SEED ORDERS */
#include "cases.h"

#include "base/civil.h"
#include "service/case_batch.h"

#define AT_ONCE_MAX 12u /* cases that people are busy with; all others are left to the timers */
#define VALUE_BYTES 24u
#define PEOPLE 5u    /* of each role */
#define RESIDENTS 8u /* who report for themselves, some of them the same matter again */

struct run {
	struct test_cases t;
	uint64_t seed;
	uint64_t busy[AT_ONCE_MAX];
	uint8_t secret[AT_ONCE_MAX][SEAL_SECRET_BYTES]; /* of their receipts */
	unsigned busy_n, done, refused;
	uint64_t mother;
	uint64_t reported[RESIDENTS]; /* by each resident, their last case */
	char value[CASES_TEST_FIELDS_MAX][VALUE_BYTES + 64];
	const char *fields[2 * CASES_TEST_FIELDS_MAX + 1];
	char name[CASES_TEST_FIELDS_MAX][CASES_NAME_BYTES_MAX + 1];
	unsigned fields_n;
	unsigned imported;
};

static uint32_t pick(struct run *r, uint32_t below) /* splitmix64 */
{
	uint64_t z = r->seed += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (uint32_t)((z >> 32) * below >> 32);
}

static const char *z_of(struct str s, char *memory, size_t cap)
{
	snprintf(memory, cap, "%.*s", (int)s.n, s.p);
	return memory;
}

/* What can stand in a field; false where nothing can, or it is not filled but signed. */
static bool random_value(struct run *r, const struct cases_type *t, const struct cases_field *f,
			 char *out, size_t cap)
{
	const struct cases_shelf *shelf = &r->t.shelf->shelf;
	const struct cases_categories *c = &shelf->now.categories;
	struct civil_date day;

	switch (f->kind) {
	case CASES_FIELD_TEXT:
		snprintf(out, cap, "话 %u", pick(r, 100000));
		return true;
	case CASES_FIELD_CHOICE:
		z_of(f->choices[pick(r, f->choices_n)].name.text, out, cap);
		return true;
	case CASES_FIELD_YES_NO:
		snprintf(out, cap, "%s", pick(r, 4) ? "yes" : "no");
		if (str_eq(f->name.text, STR("drill")))
			snprintf(out, cap, "%s", pick(r, 10) ? "no" : "yes");
		return true;
	case CASES_FIELD_DATE:
		day = civil_date_of((int32_t)(r->t.store.now.utc_us / CIVIL_US_PER_DAY) + 1 +
				    (int32_t)pick(r, 14));
		snprintf(out, cap, "%04d-%02d-%02d", day.year, day.month, day.day);
		return true;
	case CASES_FIELD_UNIT:
		z_of(shelf->now.units[pick(r, shelf->now.units_n)].name.text, out, cap);
		return true;
	case CASES_FIELD_CATEGORY:
		for (unsigned i = 0; i < 200; i++) {
			const struct cases_category *k = &c->v[pick(r, c->n)];
			if (!str_eq(k->type.text, t->name.text))
				continue;
			z_of(k->name.text, out, cap);
			return true;
		}
		return false;
	case CASES_FIELD_CASE:
		if (r->busy_n == 0)
			return false;
		snprintf(out, cap, "%llu", (unsigned long long)r->busy[pick(r, r->busy_n)]);
		return true;
	case CASES_FIELD_NUMBER:
		snprintf(out, cap, "%u", 1 + pick(r, 9));
		return true;
	case CASES_FIELD_PHOTO:
		snprintf(out, cap, "photo"); /* is attached first */
		return true;
	case CASES_FIELD_PLACE:
		snprintf(out, cap, "0");
		return true;
	case CASES_FIELD_INSTANT:
	case CASES_FIELD_ACTOR:
	case CASES_FIELD_COUNT:
	case CASES_FIELD_KIND_COUNT:
		break;
	}
	return false;
}

/* `one_in`: of what may be left out, that part is filled. */
static void put_fields(struct run *r, const struct cases_type *t, const struct cases_names *names,
		       unsigned one_in)
{
	for (unsigned i = 0; i < names->n && r->fields_n < CASES_TEST_FIELDS_MAX; i++) {
		const struct cases_field *f = &t->fields[names->v[i].index];
		unsigned n = r->fields_n;
		bool by_itself = false;
		for (unsigned k = 0; k < CASES_KNOWN_COUNT; k++)
			by_itself |=
			    t->known[k] == names->v[i].index &&
			    (k == CASES_KNOWN_PRIORITY || k == CASES_KNOWN_LEAD_UNIT ||
			     k == CASES_KNOWN_GROUND_CHECK || k == CASES_KNOWN_NEEDS_RECEIPT ||
			     k == CASES_KNOWN_NEEDS_MEASUREMENT);
		if (pick(r, by_itself ? 3 : one_in) != 0)
			continue;
		if (!random_value(r, t, f, r->value[n], sizeof r->value[n]))
			continue;
		r->fields[2 * n] = z_of(f->name.text, r->name[n], sizeof r->name[n]);
		r->fields[2 * n + 1] = r->value[n];
		r->fields_n++;
	}
	r->fields[2 * r->fields_n] = NULL;
}

/* A matter that may be reported again: it is closed, and was no drill. */
static bool can_repeat(struct run *r, uint64_t id)
{
	struct db_stmt *s = db_stmt(r->t.w->db, SQL_case_get);
	bool row = false, closed;
	struct str drill = STR("");
	struct bytes doc;

	db_bind_u64(s, 1, id);
	assert_ok(db_step(r->t.w->db, s, &row));
	assert_true(row);
	closed = db_i64(s, 18) != 0;
	doc = db_bytes(s, 20);
	(void)case_doc_find((struct str){(const char *)doc.p, doc.n}, 'f', STR("drill"), &drill);
	closed = closed && !str_eq(drill, STR("1"));
	db_done(s);
	return closed;
}

/* In one of two grids, or in none. */
static struct geo_point random_point(struct run *r)
{
	return (struct geo_point){CASES_GRID_SOUTH + (int32_t)pick(r, CASES_GRID_SIDE),
				  CASES_GRID_WEST + (int32_t)pick(r, 3 * CASES_GRID_SIDE)};
}

static void hand_in(struct run *r)
{
	static const char *const types[] = {"resident-request", "resident-request",
					    "safety-incident",  "resident-request",
					    "safety-incident",  "dispute-mediation"};
	const char *type = types[pick(r, 6)];
	unsigned resident = pick(r, RESIDENTS);
	bool by_desk = pick(r, 2) == 0;
	char account[16];
	uint64_t n;

	r->fields_n = 0;
	const struct cases_type *t = shelf_type_now(&r->t.shelf->shelf, str_of(type), &n);
	put_fields(r, t, &t->start_fields, 1);
	snprintf(account, sizeof account, "resident-%u", resident);
	r->t.order = (struct case_order){.kind = CASE_HAND_IN,
					 .hand = CASE_HAND_ACCOUNT,
					 .has_at = pick(r, 4) != 0,
					 .at = random_point(r),
					 .role = by_desk ? STR("intake") : STR("reporter"),
					 .account = by_desk ? STR("desk-1") : str_of(account),
					 .type = str_of(type)};
	if (!by_desk && r->reported[resident] != 0 && can_repeat(r, r->reported[resident]))
		r->t.order.repeats = r->reported[resident];
	assert_ok(cases_call(&r->t, r->fields));
	memcpy(r->secret[r->busy_n], r->t.answer.secret, SEAL_SECRET_BYTES);
	r->busy[r->busy_n++] = r->t.order.ret_id;
	if (!by_desk)
		r->reported[resident] = r->t.order.ret_id;
}

/* Another office's record, now and then of one that came before and is closed since. */
static void import_one(struct run *r)
{
	static const char *const codes[] = {"0102", "0304", "0401", "0704", "9901"};
	struct case_draft d = {.category = str_of(codes[pick(r, 5)]),
			       .text = STR("来自别处"),
			       .field = {{STR("has_reporter"), pick(r, 3) ? STR("yes") : STR("no")},
					 {STR("drill"), STR("no")}},
			       .field_n = 2,
			       .is_closed = pick(r, 3) == 0};
	struct case_batch batch = {&d, 1};
	struct test_command cmd;
	char ext[32];
	int n = snprintf(ext, sizeof ext, "other:%u",
			 pick(r, 3) ? ++r->imported : 1 + pick(r, r->imported + 1));

	d.from = (struct case_from){.ext = {ext, (size_t)n},
				    .category = STR("theirs"),
				    .status = d.is_closed ? STR("closed") : STR("open"),
				    .opened_us = r->t.store.now.utc_us - 10 * CIVIL_US_PER_DAY};
	d.from.closed_us = d.is_closed ? r->t.store.now.utc_us - CIVIL_US_PER_DAY : 0;
	test_command_init(&cmd, COMMAND_IMPORT_CASES);
	cmd.c.account = STR("operator");
	cmd.c.imported.batch = &batch;
	assert_ok(test_run(&r->t.store, r->t.w, &cmd));
	if (d.outcome != CASE_DRAFT_ADDED || d.is_closed)
		return;
	memset(r->secret[r->busy_n], 0, SEAL_SECRET_BYTES); /* nobody has a receipt of it */
	r->busy[r->busy_n++] = d.id;
}

static bool is_live(struct run *r, uint64_t id, const struct cases_type **ret_type,
		    unsigned *ret_state, bool *ret_waits)
{
	struct db_stmt *s = db_stmt(r->t.w->db, SQL_case_open_get);
	bool row = false;
	struct str state;

	db_bind_u64(s, 1, id);
	assert_ok(db_step(r->t.w->db, s, &row));
	if (!row)
		return false;
	*ret_type = shelf_type(&r->t.shelf->shelf, db_u64(s, 4));
	state = db_text(s, 14);
	*ret_waits = case_marks_wait((unsigned)db_i64(s, 18));
	for (*ret_state = 0; !str_eq((*ret_type)->states[*ret_state].name.text, state);)
		++*ret_state;
	db_done(s);
	return true;
}

/* A way out of the state that a person may go; those that end a matter before its time, and those
 * beside the way, more rarely. */
static const struct cases_transition *random_way(struct run *r, const struct cases_type *t,
						 unsigned state, bool waits)
{
	for (unsigned i = 0; i < 1000; i++) {
		const struct cases_transition *tr = &t->transitions[pick(r, t->transitions_n)];
		bool ends =
		    tr->command == CASES_COMMAND_WITHDRAW || tr->command == CASES_COMMAND_MERGE ||
		    tr->command == CASES_COMMAND_LINK || tr->command == CASES_COMMAND_PASS_ON;
		bool beside = tr->command == CASES_COMMAND_ADOPT ||
			      tr->command == CASES_COMMAND_SOURCE_CLOSED;
		if (beside != waits && pick(r, 20))
			continue;
		if (!cases_leaves(t, tr, state) || str_eq(tr->by.v[0].text, STR(CASES_TIMER)) ||
		    (ends && pick(r, 8)) || (tr->is_from_any && pick(r, 6)))
			continue;
		return tr;
	}
	return NULL;
}

static void leave(struct run *r, unsigned at)
{
	r->busy[at] = r->busy[--r->busy_n];
	memcpy(r->secret[at], r->secret[r->busy_n], SEAL_SECRET_BYTES);
}

/* Half of a matter becomes a case of its own first; the fields then name it. */
static void split_off(struct run *r, const struct cases_type *t, uint64_t id)
{
	static char other[VALUE_BYTES];
	char type[CASES_NAME_BYTES_MAX + 1];

	r->t.order = (struct case_order){.kind = CASE_HAND_IN,
					 .hand = CASE_HAND_ACCOUNT,
					 .role = STR("duty_officer"),
					 .account = STR("duty_officer-1"),
					 .type = str_of(z_of(t->name.text, type, sizeof type)),
					 .split_from = id};
	assert_ok(cases_call(&r->t, FIELDS("place", "0", "text", "另一件事", "channel", "phone",
					   "has_reporter", "yes", "drill", "no")));
	snprintf(other, sizeof other, "%llu", (unsigned long long)r->t.order.ret_id);
	for (unsigned i = 0; i < r->fields_n; i++)
		if (strcmp(r->fields[2 * i], "linked_case") == 0)
			r->fields[2 * i + 1] = other;
}

static void work_on(struct run *r, unsigned at)
{
	const struct cases_type *t;
	const struct cases_transition *tr;
	uint64_t id = r->busy[at];
	unsigned state;
	bool waits;
	char role[CASES_NAME_BYTES_MAX + 1], account[64];
	enum err e;

	if (!is_live(r, id, &t, &state, &waits) || !(tr = random_way(r, t, state, waits))) {
		leave(r, at);
		return;
	}
	r->fields_n = 0;
	put_fields(r, t, &tr->fills, 1);
	put_fields(r, t, &tr->may_fill, 3);
	z_of(tr->by.v[pick(r, tr->by.n)].text, role, sizeof role);
	if (strcmp(role, CASES_TIMER) == 0)
		z_of(tr->by.v[0].text, role, sizeof role);
	snprintf(account, sizeof account, "%s-%u", role, pick(r, PEOPLE));
	if (tr->command == CASES_COMMAND_SPLIT)
		split_off(r, t, id);
	r->t.order = (struct case_order){.kind = CASE_DO,
					 .hand = CASE_HAND_ACCOUNT,
					 .role = str_of(role),
					 .account = str_of(account),
					 .id = id,
					 .command = str_of(cases_command_name(tr->command)),
					 .follower_channel = STR("phone")};
	if (tr->command == CASES_COMMAND_CORRECT_PLACE) {
		r->t.order.has_at = true;
		r->t.order.at = random_point(r);
	}
	if (strcmp(role, CASE_ROLE_REPORTER) == 0 && tr->command != CASES_COMMAND_FOLLOW) {
		r->t.order.hand = CASE_HAND_SECRET; /* the receipt's: they handed it in */
		memcpy(r->t.order.secret, r->secret[at], SEAL_SECRET_BYTES);
	}
	e = cases_call(&r->t, r->fields);
	r->done += e == ERR_OK;
	r->refused += e != ERR_OK;
	if (e == ERR_OK && tr->command == CASES_COMMAND_MOTHER)
		r->mother = strtoull(r->fields[1], NULL, 10);
	if (e == ERR_OK && pick(r, 60) == 0)
		leave(r, at);
}

static void answer_children(struct run *r)
{
	r->fields_n = 0;
	r->t.order = (struct case_order){.kind = CASE_ANSWER_CHILDREN,
					 .hand = CASE_HAND_ACCOUNT,
					 .role = STR("duty_officer"),
					 .account = STR("duty_officer-1"),
					 .id = r->mother};
	(void)cases_call(&r->t, FIELDS("answer", "一并答复"));
}

static void pass_time(struct run *r)
{
	int64_t minutes = pick(r, 12);

	if (pick(r, 6) == 0)
		minutes = pick(r, 4 * 60);
	if (pick(r, 25) == 0)
		minutes = pick(r, 48 * 60);
	test_store_pass(&r->t.store, minutes * 60 * 1000000 + pick(r, 60000000));
	while (writer_due_in(r->t.w, r->t.store.now) == 0)
		writer_group(r->t.w, NULL, 0, r->t.store.now);
}

int main(int argc, char **argv)
{
	static struct run r;
	unsigned orders = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;

	if (orders == 0) {
		fputs("usage: random_store SEED ORDERS\n", stderr);
		return 2;
	}
	db_process_init();
	cases_open(&r.t, NULL);
	cases_two_grids(&r.t);
	r.seed = strtoull(argv[1], NULL, 10);
	while (r.done < orders) {
		if (r.busy_n < AT_ONCE_MAX && pick(&r, 4) == 0)
			hand_in(&r);
		else if (r.busy_n < AT_ONCE_MAX && pick(&r, 40) == 0)
			import_one(&r);
		else if (r.mother != 0 && pick(&r, 100) == 0)
			answer_children(&r);
		else if (r.busy_n > 0)
			work_on(&r, pick(&r, r.busy_n));
		pass_time(&r);
	}
	assert_ok(writer_sign(r.t.w, r.t.store.now));
	printf("%s\n", r.t.store.dir);
	fprintf(stderr, "%u done, %u refused\n", r.done, r.refused);
	writer_close(r.t.w); /* the store stays */
	test_shelf_free(r.t.shelf);
	return 0;
}
