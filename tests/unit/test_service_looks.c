/* Looks: each is durable before anything opens, by the policy and the case as it then is; one's own
 * record opens without; and the person sees who looked. */
#include "cases.h"

#include "service/looks.h"

#define DAY (INT64_C(24) * 3600 * 1000000)
#define TEXT "巷子里的路灯不亮"
#define CONTACT "阿珍，傍晚在家"
#define PURPOSE "getting-it-done"

static struct test_cases t;

static int setup(void **state)
{
	cases_open(&t, NULL);
	*state = &t;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	cases_must_rebuild(&t);
	cases_close(&t);
	return 0;
}

/* ---- people ---- */

static uint64_t report(const char *account, const char *confidential,
		       uint8_t ret_secret[SEAL_SECRET_BYTES])
{
	t.order = (struct case_order){.kind = CASE_HAND_IN,
				      .hand = account ? CASE_HAND_ACCOUNT : CASE_HAND_NEW,
				      .role = STR("reporter"),
				      .account = str_of(account ? account : ""),
				      .type = STR("resident-request")};
	assert_ok(cases_call(&t, FIELDS("place", "0", "text", TEXT, "contact", CONTACT,
					"confidential", confidential, "channel", "portal",
					"has_reporter", "yes", "drill", "no")));
	if (ret_secret)
		memcpy(ret_secret, t.answer.secret, SEAL_SECRET_BYTES);
	return t.order.ret_id;
}

static uint64_t dispatched(const char *confidential)
{
	uint64_t id = report("resident-1", confidential, NULL);

	cases_must(&t, id, "open", "intake", "desk-1", FIELDS("category", "0102"));
	cases_must(&t, id, "dispatch", "dispatcher", "desk-2", FIELDS("lead_unit", "URB"));
	return id;
}

static struct look_order order;
static struct look_field asked[LOOK_FIELDS_MAX];
static struct test_command cmd;

static void ask_for(const char *const *fields)
{
	order.fields = asked;
	order.fields_n = 0;
	memset(asked, 0, sizeof asked);
	for (unsigned i = 0; fields[i]; i++)
		asked[order.fields_n++].field = str_of(fields[i]);
}

static enum err run_look(void)
{
	test_command_init(&cmd, COMMAND_LOOK);
	cmd.c.look.order = &order;
	return test_run(&t.store, t.w, &cmd);
}

static enum err look(uint64_t id, const char *account, const char *role, const char *unit,
		     const char *const *fields)
{
	order = (struct look_order){.account = str_of(account),
				    .role = str_of(role),
				    .unit = str_of(unit),
				    .id = id,
				    .purpose = STR(PURPOSE)};
	ask_for(fields);
	return run_look();
}

static struct reader *open_reader(void)
{
	struct reader *r = NULL;

	assert_ok(reader_open(&t.store.paths, &t.store.secrets, &r));
	return r;
}

/* ---- what was opened ---- */

static struct look_text texts[LOOK_FIELDS_MAX];
static unsigned texts_n;
static char room[LOOKS_ARENA_BYTES];

static enum err open_look(uint64_t n)
{
	struct reader *r = open_reader();
	struct arena a;
	enum err e;

	arena_init(&a, room, sizeof room);
	texts_n = 0;
	e = looks_open(r, n, &a, texts, &texts_n);
	reader_close(r);
	return e;
}

static enum err open_own(uint64_t id, const struct access_person *who, const char *const *fields,
			 struct problem *p)
{
	struct reader *r = open_reader();
	struct arena a;
	enum err e;

	arena_init(&a, room, sizeof room);
	ask_for(fields);
	texts_n = 0;
	e = looks_open_own(r, &t.shelf->shelf, id, who, asked, order.fields_n,
			   t.store.now.utc_us, &a, texts, &texts_n, p);
	reader_close(r);
	return e;
}

static const struct look_text *text_of(const char *field)
{
	for (unsigned i = 0; i < texts_n; i++)
		if (str_eq(texts[i].field, str_of(field)))
			return &texts[i];
	return NULL;
}

static void must_read(const char *field, const char *text)
{
	const struct look_text *v = text_of(field);

	if (!v)
		fail_msg("%s was not opened", field);
	assert_ok(v->err);
	assert_true(str_eq(v->text, str_of(text)));
}

static int64_t looks_written(void)
{
	return cases_i64(&t,
			 "SELECT count(*) FROM entry WHERE instr(body, '\"kind\":\"look\"') > 0");
}

/* Refused, and nothing at all is different. */
static void must_change_nothing(enum err wanted, uint64_t id, const char *account,
				const char *role, const char *unit, const char *const *fields)
{
	uint8_t before[32], after[32];

	cases_tick(&t);
	cases_digest(&t, before);
	assert_err(look(id, account, role, unit, fields), wanted);
	cases_digest(&t, after);
	assert_memory_equal(before, after, 32);
	assert_int_equal(order.ret_opened, 0);
}

/* ---- tests ---- */

static void a_look_is_durable_before_anything_opens(void **state)
{
	uint64_t id = dispatched("no"), n = 0, seen;
	char sql[128];

	(void)state;
	snprintf(sql, sizeof sql, "SELECT n FROM case_rec WHERE id = %u", (unsigned)id);
	seen = (uint64_t)cases_i64(&t, sql);
	assert_ok(look(id, "desk-1", "intake", "DESK", FIELDS("text", "contact")));
	n = cmd.c.answer.n;
	assert_int_equal(order.ret_opened, 2);
	assert_int_equal(order.ret_obligations, POLICY_WRITE_LOOK);
	assert_int_equal(asked[0].reason, POLICY_PERMITTED);
	assert_int_equal(looks_written(), 1);
	/* the text is in no entry of it; post, purpose, fields, entries and rule are */
	assert_null(memmem(cmd.entry, cmd.c.answer.entry.n, TEXT, strlen(TEXT)));
	for (unsigned i = 0; i < 6; i++) {
		static const char *const said[] = {
		    "\"kind\":\"look\"", "\"role\":\"intake\"", "\"unit\":\"DESK\"",
		    "\"purpose\":\"" PURPOSE "\"", "\"exceptional\":false",
		    "\"rules\":[\"desk-opens\"]"};
		assert_non_null(memmem(cmd.entry, cmd.c.answer.entry.n, said[i], strlen(said[i])));
	}
	/* it survives a kill, and only then opens */
	cases_reopen(&t);
	assert_ok(open_look(n));
	assert_int_equal(texts_n, 2);
	must_read("text", TEXT);
	must_read("contact", CONTACT);
	assert_int_equal(text_of("text")->n, id);
	/* the case is none the wiser: who works on it need not look again */
	assert_int_equal((uint64_t)cases_i64(&t, sql), seen);
	t.order = (struct case_order){.kind = CASE_DO, .hand = CASE_HAND_ACCOUNT,
				      .role = STR("unit_handler"), .account = STR("urb-7"),
				      .id = id, .seen = seen, .command = STR("receive")};
	assert_ok(cases_call(&t, NO_FIELDS));
	/* no other entry is a look */
	assert_err(open_look(id), ERR_NOT_FOUND);
	assert_err(open_look(n + 999), ERR_NOT_FOUND);
}

static void a_contact_stays_shut_for_the_other_side(void **state)
{
	uint64_t shut = dispatched("yes"), open = dispatched("no");

	(void)state;
	assert_ok(look(shut, "urb-7", "unit_handler", "URB", FIELDS("text", "contact")));
	assert_int_equal(order.ret_opened, 1);
	assert_int_equal(asked[0].reason, POLICY_PERMITTED);
	assert_int_equal(asked[1].reason, POLICY_HIDDEN);
	assert_true(order.ret_obligations & POLICY_HIDE);
	assert_ok(open_look(cmd.c.answer.n));
	must_read("text", TEXT);
	assert_null(text_of("contact"));
	assert_ok(look(open, "urb-7", "unit_handler", "URB", FIELDS("contact")));
	/* the desk is not the other side */
	assert_ok(look(shut, "desk-1", "intake", "DESK", FIELDS("contact")));
	must_change_nothing(ERR_FORBIDDEN, shut, "urb-7", "unit_handler", "URB", FIELDS("contact"));
	assert_int_equal(order.problem.msg, MSG_ACCESS_HIDDEN);
	assert_string_equal(order.problem.arg[0], "unit-opens");
}

static void what_is_not_permitted_leaves_no_trace(void **state)
{
	static const struct str there[] = {{"G04", 3}};
	uint64_t id = dispatched("no");

	(void)state;
	must_change_nothing(ERR_FORBIDDEN, id, "pmc-1", "unit_handler", "PMC", FIELDS("text"));
	assert_string_equal(order.problem.field, "role");
	assert_string_equal(order.problem.arg[0], "unit-opens");
	must_change_nothing(ERR_FORBIDDEN, id, "ovr-1", "overseer", "OVR", FIELDS("text"));
	/* by the type alone it is not the dispatcher's to see */
	must_change_nothing(ERR_FORBIDDEN, id, "desk-2", "dispatcher", "DESK", FIELDS("contact"));
	assert_int_equal(asked[0].reason, POLICY_NOT_THIS_FIELD);
	/* another purpose than the case's */
	order = (struct look_order){.account = STR("desk-1"), .role = STR("intake"),
				    .unit = STR("DESK"), .id = id,
				    .purpose = STR("settling-disputes")};
	ask_for(FIELDS("text"));
	assert_err(run_look(), ERR_FORBIDDEN);
	order.purpose = STR("");
	assert_err(run_look(), ERR_FORBIDDEN);
	/* a grid worker: the case must lie in their area, and in none it lies in nobody's */
	order = (struct look_order){.account = STR("grid-1"), .role = STR("grid_worker"),
				    .unit = STR("GRD"), .areas = there, .areas_n = 1, .id = id,
				    .purpose = STR(PURPOSE)};
	ask_for(FIELDS("text"));
	assert_err(run_look(), ERR_FORBIDDEN);
	cases_sql(&t, "UPDATE case_rec SET area = 'G04'");
	ask_for(FIELDS("text"));
	assert_ok(run_look());
	cases_sql(&t, "UPDATE case_rec SET area = ''");
	assert_int_equal(looks_written(), 1);
}

static void the_case_decides_as_it_then_is(void **state)
{
	uint64_t id = dispatched("no");

	(void)state;
	assert_ok(look(id, "urb-7", "unit_handler", "URB", FIELDS("text")));
	cases_must(&t, id, "hand_back", "unit_handler", "urb-7",
		   FIELDS("hand_back_reason", "not_ours", "hand_back_ground", "theirs",
			  "proposed_unit", "PMC"));
	cases_must(&t, id, "dispatch", "dispatcher", "desk-2", FIELDS("lead_unit", "PMC"));
	assert_err(look(id, "urb-7", "unit_handler", "URB", FIELDS("text")), ERR_FORBIDDEN);
	assert_ok(look(id, "pmc-1", "unit_handler", "PMC", FIELDS("text")));
	/* a purpose ends with its case, 30 days later by this rule */
	cases_must(&t, id, "receive", "unit_handler", "pmc-1", NO_FIELDS);
	cases_must(&t, id, "withdraw", "intake", "desk-1", NO_FIELDS);
	for (unsigned i = 0; i < 30; i++)
		cases_pass(&t, DAY);
	assert_ok(look(id, "pmc-1", "unit_handler", "PMC", FIELDS("text")));
	cases_pass(&t, DAY);
	assert_err(look(id, "pmc-1", "unit_handler", "PMC", FIELDS("text")), ERR_FORBIDDEN);
	assert_int_equal(order.problem.msg, MSG_ACCESS_OVER);
}

static void a_wrong_order_is_told(void **state)
{
	uint64_t id = dispatched("no"), other = dispatched("no");

	(void)state;
	must_change_nothing(ERR_BAD_INPUT, id, "desk-1", "intake", "DESK", FIELDS("nothing"));
	must_change_nothing(ERR_BAD_INPUT, id, "desk-1", "intake", "DESK", FIELDS("priority"));
	assert_int_equal(order.problem.msg, MSG_LOOK_NOT_SEALED);
	must_change_nothing(ERR_NOT_FOUND, id + 999, "desk-1", "intake", "DESK", FIELDS("text"));
	must_change_nothing(ERR_NOT_FOUND, id, "desk-1", "intake", "DESK", FIELDS("message"));
	assert_int_equal(order.problem.msg, MSG_LOOK_AWAY);
	must_change_nothing(ERR_FORBIDDEN, id, "desk-1", "nobody", "DESK", FIELDS("text"));
	must_change_nothing(ERR_BAD_INPUT, id, "desk-1", "intake", "NOPE", FIELDS("text"));
	must_change_nothing(ERR_BAD_INPUT, id, "resident-1", "reporter", "", FIELDS("text"));
	assert_int_equal(order.problem.msg, MSG_LOOK_OWN);
	assert_err(look(id, "desk-1", "intake", "DESK", FIELDS("text", "text")), ERR_BAD_INPUT);
	assert_int_equal(order.problem.msg, MSG_LOOK_TWICE);
	/* an entry of another case is not this case's */
	order.fields_n = 1;
	asked[0] = (struct look_field){.field = STR("text"), .n = other};
	assert_err(run_look(), ERR_NOT_FOUND);
	asked[0] = (struct look_field){.field = STR("text"), .n = UINT64_MAX};
	assert_err(run_look(), ERR_NOT_FOUND);
	assert_int_equal(looks_written(), 0);
}

static void earlier_texts_and_files_open_by_their_entries(void **state)
{
	uint64_t id = dispatched("no"), first, second, photo;

	(void)state;
	cases_must(&t, id, "message", "intake", "desk-1", FIELDS("message", "first"));
	first = t.answer.n;
	cases_must(&t, id, "message", "intake", "desk-1", FIELDS("message", "second"));
	second = t.answer.n;
	photo = cases_attach(&t, id, "photos", "intake", STR("desk-1"));
	assert_true(photo > 0);
	order = (struct look_order){.account = STR("desk-1"), .role = STR("intake"),
				    .unit = STR("DESK"), .id = id, .purpose = STR(PURPOSE),
				    .fields = asked, .fields_n = 4};
	asked[0] = (struct look_field){.field = STR("message")};
	asked[1] = (struct look_field){.field = STR("message"), .n = first};
	asked[2] = (struct look_field){.field = STR("photos"), .n = photo};
	asked[3] = (struct look_field){.field = STR("photo_after"), .n = photo};
	assert_ok(run_look());
	assert_int_equal(asked[0].n, second);
	assert_int_equal(order.ret_opened, 3);
	assert_ok(open_look(cmd.c.answer.n));
	assert_int_equal(texts_n, 3);
	/* ascending by field, then by entry */
	assert_true(str_eq(texts[0].text, STR("first")) && texts[0].n == first);
	assert_true(str_eq(texts[1].text, STR("second")) && texts[1].n == second);
	assert_true(texts[2].is_file && texts[2].n == photo && texts[2].text.n == 0);
}

/* ---- one's own ---- */

static void ones_own_record_opens_without_a_look(void **state)
{
	uint8_t secret[SEAL_SECRET_BYTES], wrong[SEAL_SECRET_BYTES] = {7};
	uint64_t id = report(NULL, "yes", secret), mine = report("resident-1", "no", NULL);
	struct access_person who = {.secret = secret};
	struct problem p = {0};

	(void)state;
	cases_must(&t, id, "open", "intake", "desk-1", FIELDS("category", "0102"));
	cases_must(&t, id, "dispatch", "dispatcher", "desk-2", FIELDS("lead_unit", "URB"));
	cases_must(&t, id, "hand_back", "unit_handler", "urb-7",
		   FIELDS("hand_back_reason", "not_ours", "hand_back_ground", "theirs",
			  "proposed_unit", "PMC"));
	assert_ok(open_own(id, &who, FIELDS("text", "contact", "hand_back_ground"), &p));
	must_read("text", TEXT);
	must_read("contact", CONTACT); /* their own words, whatever is confidential */
	assert_null(text_of("hand_back_ground"));
	assert_int_not_equal(asked[2].reason, POLICY_PERMITTED);
	assert_err(open_own(id, &who, FIELDS("hand_back_ground"), &p), ERR_FORBIDDEN);
	who.secret = wrong;
	assert_err(open_own(id, &who, FIELDS("text"), &p), ERR_FORBIDDEN);
	assert_int_equal(texts_n, 0);
	who = (struct access_person){.account = STR("resident-1")};
	assert_ok(open_own(mine, &who, FIELDS("text"), &p));
	must_read("text", TEXT);
	assert_err(open_own(id, &who, FIELDS("text"), &p), ERR_FORBIDDEN);
	/* staff's own work makes them no reporter */
	who.account = STR("desk-1");
	assert_err(open_own(id, &who, FIELDS("text"), &p), ERR_FORBIDDEN);
	assert_err(open_own(mine, &who, FIELDS("nothing"), &p), ERR_FORBIDDEN);
	who.account = STR("resident-1");
	assert_err(open_own(mine, &who, FIELDS("nothing"), &p), ERR_BAD_INPUT);
	assert_err(open_own(mine, &who, FIELDS("message"), &p), ERR_NOT_FOUND);
	assert_int_equal(looks_written(), 0);
}

struct told {
	unsigned n, fields;
	uint64_t last;
	char role[32], unit[32], field[32];
};

static enum err tell(void *ctx, const struct look_row *row)
{
	struct told *told = ctx;

	told->n++;
	told->fields += row->look->at_n;
	assert_true(told->last == 0 || row->n < told->last);
	told->last = row->n;
	assert_false(row->look->has_hand); /* a post, never who it was */
	assert_true(str_eq(row->look->purpose, STR(PURPOSE)));
	snprintf(told->role, sizeof told->role, "%.*s", (int)row->role.n, row->role.p);
	snprintf(told->unit, sizeof told->unit, "%.*s", (int)row->unit.n, row->unit.p);
	snprintf(told->field, sizeof told->field, "%.*s", (int)row->look->at[0].field.n,
		 row->look->at[0].field.p);
	return ERR_OK;
}

/* The entry by which somebody joined. */
static uint64_t joined(uint64_t id, bool is_confidential)
{
	t.order = (struct case_order){.kind = CASE_DO, .hand = CASE_HAND_NEW,
				      .role = STR("follower"), .id = id, .command = STR("follow"),
				      .follower_channel = STR("portal"),
				      .follower_is_confidential = is_confidential};
	assert_ok(cases_call(&t, FIELDS("text", "我也是", "contact", CONTACT)));
	return t.answer.n;
}

/* Each entry by what its own writer asked for, and none of another case. */
static void a_followers_contact_stays_shut_by_their_own_word(void **state)
{
	uint64_t id = dispatched("no"), quiet = joined(id, true), open = joined(id, false);
	uint64_t other = dispatched("no"), others = joined(other, true);

	(void)state;
	order = (struct look_order){.account = STR("urb-7"), .role = STR("unit_handler"),
				    .unit = STR("URB"), .id = id, .purpose = STR(PURPOSE),
				    .fields = asked, .fields_n = 4};
	asked[0] = (struct look_field){.field = STR("contact"), .n = open};
	asked[1] = (struct look_field){.field = STR("contact"), .n = quiet};
	asked[2] = (struct look_field){.field = STR("text"), .n = quiet};
	asked[3] = (struct look_field){.field = STR("contact"), .n = others};
	assert_ok(run_look());
	assert_int_equal(order.ret_opened, 2);
	assert_int_equal(asked[0].reason, POLICY_PERMITTED);
	assert_int_equal(asked[1].reason, POLICY_HIDDEN);
	assert_int_equal(asked[2].reason, POLICY_PERMITTED);
	assert_true(asked[3].is_away && !asked[0].is_away && !asked[2].is_away);
}

static void a_follower_reads_and_is_told_of_their_own_words_alone(void **state)
{
	uint8_t secret[SEAL_SECRET_BYTES];
	uint64_t id = dispatched("no"), follower, next = 0;
	struct access_person who = {.secret = secret};
	struct told told = {0};
	struct problem p = {0};
	struct reader *r;

	(void)state;
	t.order = (struct case_order){.kind = CASE_DO, .hand = CASE_HAND_NEW,
				      .role = STR("follower"), .id = id, .command = STR("follow"),
				      .follower_channel = STR("portal")};
	assert_ok(cases_call(&t, FIELDS("text", "我也是")));
	memcpy(secret, t.answer.secret, sizeof secret);
	follower = t.answer.n;
	who.follower = follower;
	assert_err(open_own(id, &who, FIELDS("text"), &p), ERR_FORBIDDEN); /* the reporter's */
	order.fields_n = 1;
	asked[0] = (struct look_field){.field = STR("text"), .n = follower};
	r = open_reader();
	struct arena a;
	arena_init(&a, room, sizeof room);
	assert_ok(looks_open_own(r, &t.shelf->shelf, id, &who, asked, 1, t.store.now.utc_us, &a,
				 texts, &texts_n, &p));
	must_read("text", "我也是");
	/* the reporter does not read the follower's */
	who = (struct access_person){.account = STR("resident-1")};
	asked[0] = (struct look_field){.field = STR("text"), .n = follower};
	assert_err(looks_open_own(r, &t.shelf->shelf, id, &who, asked, 1, t.store.now.utc_us, &a,
				  texts, &texts_n, &p),
		   ERR_FORBIDDEN);
	reader_close(r);
	/* one look at both: each is told of their own part */
	order = (struct look_order){.account = STR("desk-1"), .role = STR("intake"),
				    .unit = STR("DESK"), .id = id, .purpose = STR(PURPOSE),
				    .fields = asked, .fields_n = 3};
	asked[0] = (struct look_field){.field = STR("text"), .n = follower};
	asked[1] = (struct look_field){.field = STR("text")};
	asked[2] = (struct look_field){.field = STR("contact")};
	assert_ok(run_look());
	assert_int_equal(order.ret_opened, 3);
	r = open_reader();
	assert_ok(looks_of_case(r, id, 0, 0, 10, tell, &told, &next));
	assert_int_equal(told.n, 1);
	assert_int_equal(told.fields, 2);
	told = (struct told){0};
	assert_ok(looks_of_case(r, id, follower, 0, 10, tell, &told, &next));
	assert_int_equal(told.fields, 1);
	assert_string_equal(told.field, "text");
	reader_close(r);
}

/* ---- who looked ---- */

static void the_person_sees_who_looked(void **state)
{
	uint64_t id = dispatched("no"), other = report("resident-2", "no", NULL), next = 0;
	const uint64_t ids[] = {other, id, id + 999};
	struct told told = {0};
	struct reader *r;

	(void)state;
	for (unsigned i = 0; i < 5; i++)
		assert_ok(look(id, "desk-1", "intake", "DESK", FIELDS("text")));
	assert_ok(look(id, "urb-7", "unit_handler", "URB", FIELDS("contact")));
	assert_ok(look(other, "desk-1", "intake", "DESK", FIELDS("text")));
	r = open_reader();
	assert_ok(looks_of_case(r, id, 0, 0, 1, tell, &told, &next));
	assert_string_equal(told.role, "unit_handler");
	assert_string_equal(told.unit, "URB");
	assert_string_equal(told.field, "contact");
	while (next != 0)
		assert_ok(looks_of_case(r, id, 0, next, 2, tell, &told, &next));
	assert_int_equal(told.n, 6);
	assert_string_equal(told.role, "intake");
	told = (struct told){0};
	assert_ok(looks_of_case(r, id, 0, UINT64_MAX, LOOKS_PAGE_MAX, tell, &told, &next));
	assert_int_equal(told.n, 6);
	assert_int_equal(next, 0);
	assert_err(looks_of_case(r, 0, 0, 0, 1, tell, &told, &next), ERR_NOT_FOUND);
	/* only of what the account handed in itself */
	told = (struct told){0};
	assert_ok(looks_of_account(r, &t.shelf->shelf, STR("resident-1"), ids, 3, tell, &told));
	assert_int_equal(told.n, 6);
	told = (struct told){0};
	assert_ok(looks_of_account(r, &t.shelf->shelf, STR("desk-1"), ids, 3, tell, &told));
	assert_int_equal(told.n, 0);
	reader_close(r);
}

/* ---- keys and requests ---- */

static void who_looked_is_sealed_once_and_goes_with_the_record(void **state)
{
	uint64_t id = report("resident-1", "no", NULL), first;
	int64_t keys;

	(void)state;
	assert_ok(look(id, "desk-9", "intake", "DESK", FIELDS("text")));
	first = cmd.c.answer.n;
	assert_non_null(memmem(cmd.entry, cmd.c.answer.entry.n, "\"hand\":{\"c\"", 11));
	assert_null(memmem(cmd.entry, cmd.c.answer.entry.n, "desk-9", 6));
	keys = cases_i64(&t, "SELECT used FROM key_used");
	assert_ok(look(id, "desk-9", "intake", "DESK", FIELDS("text")));
	assert_non_null(memmem(cmd.entry, cmd.c.answer.entry.n, "\"hand\":{}", 9));
	assert_int_equal(cases_i64(&t, "SELECT used FROM key_used"), keys);
	/* the same person acts under the same handle */
	cases_must(&t, id, "open", "intake", "desk-9", FIELDS("category", "0102"));
	assert_int_equal(cases_i64(&t, "SELECT used FROM key_used"), keys);
	cases_must_rebuild(&t);
	/* retention takes the words, and who looked at them, but not that somebody did */
	cases_must(&t, id, "withdraw", "intake", "desk-9", NO_FIELDS);
	for (unsigned i = 0; i < 380; i++)
		cases_pass(&t, DAY);
	assert_int_equal(cases_i64(&t, "SELECT count(*) FROM case_rec WHERE erased > 0"), 1);
	assert_err(look(id, "desk-9", "intake", "DESK", FIELDS("text")), ERR_GONE);
	assert_ok(open_look(first)); /* from the COMMIT on, while the keys are still there */
	assert_int_equal(text_of("text")->err, ERR_GONE);
	assert_true(cases_deliver(&t) >= 2);
	assert_ok(open_look(first));
	assert_int_equal(text_of("text")->err, ERR_GONE);
	assert_int_equal(cases_i64(&t, "SELECT count(*) FROM case_look"), 2);
}

static void the_same_request_is_the_same_look(void **state)
{
	uint64_t id = report("resident-1", "no", NULL), n = 0;

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		order = (struct look_order){.account = STR("desk-1"), .role = STR("intake"),
					    .unit = STR("DESK"), .id = id,
					    .purpose = STR(PURPOSE)};
		ask_for(FIELDS("text"));
		test_command_init(&cmd, COMMAND_LOOK);
		cmd.c.look.order = &order;
		cmd.c.request.present = true;
		memset(cmd.c.request.id, 9, REQUEST_ID_BYTES);
		if (i == 1) /* who does not ask for the receipt gives no room */
			cmd.c.answer.entry = buf_over(NULL, 0);
		assert_ok(test_run(&t.store, t.w, &cmd));
		assert_int_equal(cmd.c.answer.repeated, i == 1);
		n = i == 0 ? cmd.c.answer.n : n;
		assert_int_equal(cmd.c.answer.n, n);
	}
	assert_int_equal(looks_written(), 1);
	assert_ok(open_look(n));
	must_read("text", TEXT);
}

/* Each byte of an entry counts: what is not one of ours is not read as one. */
static void a_damaged_look_is_no_look(void **state)
{
	static const char *const wrong[][2] = {
	    {"\"fields\":{\"text\":[", "\"fields\":{\"texts\":{"},
	    {"\"exceptional\":false", "\"exceptional\":0    "},
	    {"\"rules\":[\"desk-opens\"]", "\"rules\":[]            "},
	    {"\"purpose\":\"getting-it-done\"", "\"purpose\":\"\"               "},
	};
	uint64_t id = report("resident-1", "no", NULL);
	sqlite3 *db;
	sqlite3_stmt *s = NULL;

	(void)state;
	assert_ok(look(id, "desk-1", "intake", "DESK", FIELDS("text")));
	cases_must_rebuild(&t);
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		for (unsigned back = 0; back < 2; back++) {
			db = cases_look(&t);
			assert_int_equal(
			    sqlite3_prepare_v2(db,
					       "UPDATE entry SET body = CAST(replace(CAST(body AS "
					       "TEXT), ?1, ?2) AS BLOB) WHERE n = ?3",
					       -1, &s, NULL),
			    SQLITE_OK);
			sqlite3_bind_text(s, 1, wrong[i][back], -1, SQLITE_STATIC);
			sqlite3_bind_text(s, 2, wrong[i][1 - back], -1, SQLITE_STATIC);
			sqlite3_bind_int64(s, 3, (int64_t)cmd.c.answer.n);
			assert_int_equal(sqlite3_step(s), SQLITE_DONE);
			sqlite3_finalize(s);
			sqlite3_close(db);
			if (back == 0)
				assert_int_not_equal(open_look(cmd.c.answer.n), ERR_OK);
		}
	}
	assert_ok(open_look(cmd.c.answer.n));
}

int main(void)
{
	static const struct {
		const char *name;
		CMUnitTestFunction run;
	} all[] = {
#define TEST(f) {#f, f}
	    TEST(a_look_is_durable_before_anything_opens),
	    TEST(a_contact_stays_shut_for_the_other_side),
	    TEST(what_is_not_permitted_leaves_no_trace),
	    TEST(the_case_decides_as_it_then_is),
	    TEST(a_wrong_order_is_told),
	    TEST(earlier_texts_and_files_open_by_their_entries),
	    TEST(ones_own_record_opens_without_a_look),
	    TEST(a_followers_contact_stays_shut_by_their_own_word),
	    TEST(a_follower_reads_and_is_told_of_their_own_words_alone),
	    TEST(the_person_sees_who_looked),
	    TEST(who_looked_is_sealed_once_and_goes_with_the_record),
	    TEST(the_same_request_is_the_same_look),
	    TEST(a_damaged_look_is_no_look),
	};
	struct CMUnitTest tests[sizeof all / sizeof all[0]];

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		tests[i] = (struct CMUnitTest){all[i].name, all[i].run, setup, teardown, NULL};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
