/* What clients of the feed come to know, against SQL over the open cases: while cases come, move
 * from unit to unit and end; after a client was away, after the feed was; for a client that reads
 * late; and when there is too much to catch up with. */
#include "feed_client.h"

#include "app/feed.h"

#include <sys/resource.h>

static struct test_cases t;
static struct feed *feed;
static const char secret_words[] = "MARKED-PERSONAL-TEXT 王五家的灯";

/* ---- a client ---- */

static enum err try_join(struct client *c, enum policy_where where, const char *unit,
			 uint64_t account, int64_t since)
{
	struct api_stream s = {
	    .account = account, .has_since = since >= 0, .since = (uint64_t)since};
	int pair[2];
	enum err e;

	s.viewer.where = where;
	memcpy(s.viewer.unit, unit, strlen(unit));
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	e = feed_take(feed, pair[0], &s);
	if (e != ERR_OK) {
		close(pair[0]);
		close(pair[1]);
		return e;
	}
	c->fd = pair[1];
	c->ended = false;
	c->n = c->parsed = 0;
	c->resets = 0;
	c->last = 0;
	if (!c->text)
		c->text = malloc(TEXT_MAX + 1);
	assert_non_null(c->text);
	return ERR_OK;
}

static void join(struct client *c, enum policy_where where, const char *unit, int64_t since)
{
	assert_ok(try_join(c, where, unit, 0, since));
}

/* ---- the office ---- */

static void start(unsigned behind_max)
{
	struct feed_options o = {.journal = t.store.journal, .behind_max = behind_max};

	assert_ok(feed_start(&o, &feed));
}

static void stop(void)
{
	feed_end(feed);
	feed = feed_free(feed);
}

static uint64_t last_change(void)
{
	return (uint64_t)cases_i64(&t, "SELECT coalesce(max(n), 0) FROM case_change");
}

static uint64_t hand_in(void)
{
	t.order = (struct case_order){.kind = CASE_HAND_IN,
				      .hand = CASE_HAND_ACCOUNT,
				      .role = STR("intake"),
				      .unit = STR("DESK"),
				      .account = STR("desk-1"),
				      .type = STR("resident-request"),
				      .has_at = true,
				      .at = {225400000, 1140000000}};
	assert_ok(cases_call(&t, FIELDS("place", "0", "text", secret_words, "channel", "phone",
					"has_reporter", "yes", "drill", "no")));
	feed_wake(feed);
	return t.order.ret_id;
}

static void act(uint64_t id, const char *command, const char *role, const char *account,
		const char *const *fields)
{
	cases_must(&t, id, command, role, account, fields);
	feed_wake(feed);
}

static void give_to(uint64_t id, const char *unit)
{
	act(id, "dispatch", "dispatcher", "desk-2", FIELDS("lead_unit", unit));
}

static uint64_t opened(const char *priority)
{
	uint64_t id = hand_in();

	act(id, "open", "intake", "desk-1", FIELDS("category", "0102", "priority", priority));
	return id;
}

static void hand_back(uint64_t id, const char *account)
{
	act(id, "hand_back", "unit_handler", account,
	    FIELDS("hand_back_reason", "not_ours", "hand_back_ground", secret_words,
		   "proposed_unit", "PMC"));
}

/* ---- tests ---- */

static void viewers_see_their_part_and_nothing_of_persons(void **state)
{
	struct client all = {0}, second = {0}, urb = {0}, pmc = {0};
	uint64_t a, b;

	(void)state;
	start(0);
	join(&all, POLICY_WHERE_ANY, "", -1);
	join(&second, POLICY_WHERE_ANY, "", -1);
	join(&urb, POLICY_WHERE_OWN_UNIT, "URB", -1);
	join(&pmc, POLICY_WHERE_OWN_UNIT, "PMC", -1);
	read_some(&all); /* it is in */
	a = opened("3");
	b = opened("3");
	read_until(&all, last_change());
	must_show(&t, &all, NULL);
	give_to(a, "URB");
	give_to(b, "URB");
	read_until(&all, last_change());
	read_until(&urb, last_change());
	must_show(&t, &urb, "URB");
	hand_back(a, "urb-7");
	give_to(a, "PMC");
	read_until(&pmc, last_change());
	must_show(&t, &pmc, "PMC");
	act(b, "receive", "unit_handler", "urb-7", NO_FIELDS);
	stop();
	read_to_end(&all);
	read_to_end(&second);
	read_to_end(&urb);
	read_to_end(&pmc);
	must_show(&t, &all, NULL);
	must_show(&t, &second, NULL);
	must_show(&t, &urb, "URB");
	must_show(&t, &pmc, "PMC");
	assert_int_equal(urb.rows, 1);
	assert_int_equal(urb.gones, 1);
	assert_int_equal(pmc.gones + pmc.unknown_gones, 0);
	assert_int_equal(all.byes + second.byes + urb.byes + pmc.byes, 4);
	leave(&all);
	leave(&second);
	leave(&urb);
	leave(&pmc);
}

/* Whoever has a joint part sees the case from then on, and whoever was told of it likewise. */
static void a_joint_part_is_seen_by_its_unit(void **state)
{
	struct client pol = {0}, own = {0}, pmc = {0}, back = {0};
	uint64_t id, before;

	(void)state;
	start(0);
	join(&pol, POLICY_WHERE_OWN_UNIT | POLICY_WHERE_JOINT_UNIT, "POL", -1);
	join(&pmc, POLICY_WHERE_OWN_UNIT | POLICY_WHERE_JOINT_UNIT, "PMC", -1);
	join(&own, POLICY_WHERE_OWN_UNIT | POLICY_WHERE_TOLD_UNIT, "OWN", -1);
	read_some(&pol);
	id = hand_in();
	act(id, "open", "intake", "desk-1", FIELDS("category", "0304", "priority", "3"));
	before = last_change();
	act(id, "dispatch", "dispatcher", "desk-2", NO_FIELDS);
	read_until(&pol, last_change());
	read_until(&own, last_change());
	assert_int_equal(pol.rows, 1);
	assert_true(pol.id[0] == id && was_shown(&own, id));
	act(id, "message", "duty_officer", "desk-1", FIELDS("message", secret_words));
	read_until(&pol, last_change());
	stop();
	read_to_end(&pmc);
	read_to_end(&own);
	assert_int_equal(pmc.rows + pmc.gones + pmc.unknown_gones, 0);
	/* after a restart: what it was is told from the entries, its parts from the row */
	start(0);
	join(&back, POLICY_WHERE_OWN_UNIT | POLICY_WHERE_JOINT_UNIT, "POL",
	     (int64_t)before);
	read_until(&back, last_change());
	assert_int_equal(back.rows, 1);
	act(id, "withdraw", "intake", "desk-1", NO_FIELDS);
	read_until(&back, last_change());
	assert_int_equal(back.rows, 0);
	stop();
	leave(&back);
	leave(&pol);
	leave(&own);
	leave(&pmc);
}

/* A client that was away gets what it missed, once; one whose part was not touched gets nothing. */
static void who_comes_back_misses_nothing(void **state)
{
	struct client all = {0}, urb = {0}, pmc = {0};
	uint64_t id[6], gone_urb, gone_all, n = last_change();

	(void)state;
	start(0);
	join(&all, POLICY_WHERE_ANY, "", 0);
	join(&urb, POLICY_WHERE_OWN_UNIT, "URB", 0);
	join(&pmc, POLICY_WHERE_OWN_UNIT, "PMC", (int64_t)n);
	for (unsigned i = 0; i < 6; i++) {
		id[i] = opened("3");
		give_to(id[i], i < 4 ? "URB" : "PMC");
	}
	read_until(&all, last_change());
	read_until(&pmc, last_change());
	read_until(&urb, last_change() - 6); /* the last that it sees are those of i = 3 */
	gone_all = all.last;
	gone_urb = urb.last;
	close(all.fd);
	close(urb.fd);
	hand_back(id[0], "urb-7");
	give_to(id[0], "PMC");
	act(id[1], "receive", "unit_handler", "urb-7", NO_FIELDS);
	act(id[4], "withdraw", "intake", "desk-1", NO_FIELDS);
	act(hand_in(), "withdraw", "intake", "desk-1", NO_FIELDS);
	read_until(&pmc, last_change() - 2);
	must_show(&t, &pmc, "PMC");
	join(&all, POLICY_WHERE_ANY, "", (int64_t)gone_all);
	join(&urb, POLICY_WHERE_OWN_UNIT, "URB", (int64_t)gone_urb);
	stop();
	read_to_end(&all);
	read_to_end(&urb);
	read_to_end(&pmc);
	must_show(&t, &all, NULL);
	must_show(&t, &urb, "URB");
	must_show(&t, &pmc, "PMC");
	assert_int_equal(all.resets + urb.resets + pmc.resets, 0);
	assert_int_equal(urb.gones, 1);
	assert_int_equal(urb.unknown_gones + pmc.unknown_gones, 0);
	leave(&all);
	leave(&urb);
	leave(&pmc);
}

/* The same when the program was away: what a case was before is read from its entries. */
static void a_restart_loses_nothing(void **state)
{
	struct client all = {0}, urb = {0}, saf = {0};
	uint64_t a, b, c, seen[3];

	(void)state;
	start(0);
	join(&all, POLICY_WHERE_ANY, "", 0);
	join(&urb, POLICY_WHERE_OWN_UNIT, "URB", 0);
	join(&saf, POLICY_WHERE_OWN_UNIT, "SAF", 0);
	a = opened("3");
	give_to(a, "URB");
	b = opened("3");
	give_to(b, "URB");
	c = opened("3");
	give_to(c, "URB");
	stop();
	read_to_end(&all);
	read_to_end(&urb);
	read_to_end(&saf);
	must_show(&t, &urb, "URB");
	seen[0] = all.last;
	seen[1] = urb.last;
	seen[2] = saf.last;
	hand_back(a, "urb-7");
	give_to(a, "PMC");
	act(b, "withdraw", "intake", "desk-1", NO_FIELDS);
	assert_true(cases_attach(&t, c, "photo_after", "unit_handler", STR("urb-7")) > 0);
	hand_back(c, "urb-7");
	give_to(c, "PMC");
	start(0);
	join(&all, POLICY_WHERE_ANY, "", (int64_t)seen[0]);
	join(&urb, POLICY_WHERE_OWN_UNIT, "URB", (int64_t)seen[1]);
	join(&saf, POLICY_WHERE_OWN_UNIT, "SAF", (int64_t)seen[2]);
	stop();
	read_to_end(&all);
	read_to_end(&urb);
	read_to_end(&saf);
	must_show(&t, &all, NULL);
	must_show(&t, &urb, "URB");
	assert_int_equal(all.resets + urb.resets + saf.resets, 0);
	assert_int_equal(urb.unknown_gones, 0);
	assert_int_equal(saf.gones + saf.unknown_gones,
			 0); /* nothing of it was ever in its sight */
	leave(&all);
	leave(&urb);
	leave(&saf);
}

static void who_is_too_far_behind_loads_anew(void **state)
{
	struct client old = {0}, other = {0}, now = {0}, known = {0}, first = {0};
	uint64_t from = last_change(), id = opened("3"), before;

	(void)state;
	start(8);
	join(&first, POLICY_WHERE_ANY, "", (int64_t)last_change());
	for (unsigned i = 0; i < 4; i++)
		opened("3");
	before = last_change();
	read_until(&first, before); /* so the feed has it all */
	join(&old, POLICY_WHERE_ANY, "", (int64_t)from);
	join(&other, POLICY_WHERE_ANY, "", (int64_t)before + 1000000); /* of a record restored */
	join(&known, POLICY_WHERE_ANY, "", (int64_t)t.w->journal.n);
	join(&now, POLICY_WHERE_ANY, "", (int64_t)before);
	act(id, "withdraw", "intake", "desk-1", NO_FIELDS);
	stop();
	read_to_end(&old);
	read_to_end(&other);
	read_to_end(&now);
	read_to_end(&known);
	assert_int_equal(old.resets, 1);
	assert_int_equal(other.resets, 1);
	assert_int_equal(known.resets, 0);
	assert_int_equal(now.resets, 0);
	assert_int_equal(now.unknown_gones, 1);
	assert_true(old.last >= before && other.last >= before);
	leave(&first);
	leave(&old);
	leave(&other);
	leave(&now);
	leave(&known);
}

/* One that does not read falls behind, holds up nobody, and comes to the same in the end. */
static void a_slow_client_gets_the_newest_in_the_end(void **state)
{
	/* gathered so shortly that all is over long before STREAM_STALL_US */
	struct feed_options o = {.journal = t.store.journal, .gather_us = 1000};
	struct client slow = {0}, quick = {0};
	struct feed_counts counts;
	int bytes = 4096;
	uint64_t id[40];

	(void)state;
	assert_ok(feed_start(&o, &feed));
	join(&slow, POLICY_WHERE_ANY, "", 0);
	setsockopt(slow.fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
	join(&quick, POLICY_WHERE_ANY, "", 0);
	for (unsigned i = 0; i < 40; i++)
		id[i] = opened("3");
	for (unsigned round = 0; round < 30; round++) {
		for (unsigned i = 0; i < 40; i++)
			act(id[i], "message", "duty_officer", "desk-1", FIELDS("message", "好"));
		read_until(&quick, last_change());
	}
	must_show(&t, &quick, NULL);
	counts = feed_counts(feed, t.store.now.utc_us);
	assert_int_equal(counts.streams.open, 2);
	assert_int_equal(counts.streams.waiting, 1);
	assert_int_equal(counts.sums.open, quick.rows);
	read_until(&slow, last_change());
	must_show(&t, &slow, NULL);
	assert_int_equal(slow.resets, 0);
	/* it was spared what was out of date by then: 30 rounds are more than it got */
	assert_true(slow.n < quick.n * 3 / 4);
	leave(&quick);
	leave(&slow);
	stop();
}

/* Where changes are gathered for an hour, the second one waits, and all of a burst; an alert does
 * not, and takes them along in its block. */
static void alerts_do_not_wait(void **state)
{
	struct feed_options o = {.journal = t.store.journal,
				 .gather_us = INT64_C(3600) * 1000000};
	struct client all = {0};
	uint64_t id, alarming, told;

	(void)state;
	assert_ok(feed_start(&o, &feed));
	join(&all, POLICY_WHERE_ANY, "", -1);
	read_some(&all); /* it is in */
	id = hand_in();
	read_until(&all, last_change());
	told = last_change();
	assert_int_equal(feed_counts(feed, 0).blocks, 1);
	for (unsigned i = 0; i < 20; i++)
		act(id, "message", "duty_officer", "desk-1", FIELDS("message", "好"));
	while (feed_counts(feed, 0).changes < 21)
		feed_wake(feed); /* until it has seen them all */
	assert_int_equal(feed_counts(feed, 0).blocks, 1);
	assert_int_equal(feed_counts(feed, 0).alerts, 0);
	assert_true(all.last == told && last_change() > told);
	alarming = opened("1");
	read_until(&all, last_change());
	assert_int_equal(feed_counts(feed, 0).blocks, 2);
	assert_int_equal(feed_counts(feed, 0).alerts, 1);
	must_show(&t, &all, NULL);
	/* what is urgent already is no alert again */
	act(alarming, "message", "duty_officer", "desk-1", FIELDS("message", "好"));
	while (feed_counts(feed, 0).changes < 24)
		feed_wake(feed);
	assert_int_equal(feed_counts(feed, 0).alerts, 1);
	assert_int_equal(feed_counts(feed, 0).blocks, 2);
	leave(&all);
	stop();
}

/* However fast changes come, blocks come no faster than they are gathered. */
static void changes_are_gathered(void **state)
{
	struct client all = {0};
	struct timespec from, until;
	int64_t took_us;
	uint64_t id;

	(void)state;
	start(0);
	join(&all, POLICY_WHERE_ANY, "", -1);
	read_some(&all); /* it is in */
	id = opened("3");
	clock_gettime(CLOCK_MONOTONIC, &from);
	do {
		act(id, "message", "duty_officer", "desk-1", FIELDS("message", "好"));
		clock_gettime(CLOCK_MONOTONIC, &until);
		took_us = (until.tv_sec - from.tv_sec) * INT64_C(1000000) +
			  (until.tv_nsec - from.tv_nsec) / 1000;
	} while (took_us < 5 * FEED_GATHER_US);
	assert_true(feed_counts(feed, 0).blocks <= (uint64_t)(took_us / FEED_GATHER_US) + 2);
	read_until(&all, last_change());
	must_show(&t, &all, NULL);
	leave(&all);
	stop();
}

/* Seats of one account are few, and end when it signs out; when the policy changes all load anew.
 */
static void accounts_have_seats_until_they_sign_out(void **state)
{
	struct client mine[STREAMS_OF_ACCOUNT_MAX] = {0}, more = {0}, other = {0};

	(void)state;
	start(0);
	for (unsigned i = 0; i < STREAMS_OF_ACCOUNT_MAX; i++)
		assert_ok(try_join(&mine[i], POLICY_WHERE_ANY, "", 7, -1));
	assert_int_equal(try_join(&more, POLICY_WHERE_ANY, "", 7, -1), ERR_BUSY);
	assert_ok(try_join(&other, POLICY_WHERE_ANY, "", 8, -1));
	feed_renew(feed, 7);
	for (unsigned i = 0; i < STREAMS_OF_ACCOUNT_MAX; i++) {
		read_to_end(&mine[i]);
		assert_int_equal(mine[i].byes, 1);
		assert_int_equal(mine[i].resets, 0);
		leave(&mine[i]);
	}
	/* the seats are free as soon as the feed has tended to them */
	while (feed_counts(feed, 0).streams.open > 1)
		feed_wake(feed);
	assert_ok(try_join(&more, POLICY_WHERE_ANY, "", 7, -1));
	assert_int_equal(other.byes, 0);
	feed_renew(feed, 0);
	read_to_end(&more);
	read_to_end(&other);
	assert_int_equal(more.resets + other.resets, 2);
	assert_int_equal(more.byes + other.byes, 2);
	leave(&more);
	leave(&other);
	stop();
}

/* All streams together have a cap; who leaves makes room. */
static void streams_are_so_many_and_no_more(void **state)
{
	struct api_stream s = {.viewer.where = POLICY_WHERE_ANY};
	struct rlimit files;
	int pair[2], fd;

	(void)state;
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	if (files.rlim_max < STREAMS_MAX + 200) {
		print_message("SKIP: the limit of open files is too low\n");
		return;
	}
	start(0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	for (unsigned i = 0; i < STREAMS_MAX; i++)
		assert_ok(feed_take(feed, dup(pair[0]), &s));
	fd = dup(pair[0]);
	assert_int_equal(feed_take(feed, fd, &s), ERR_BUSY);
	assert_int_equal(feed_counts(feed, 0).streams.refused, 1);
	close(pair[1]); /* the other end of them all */
	while (feed_counts(feed, 0).streams.open > 0)
		feed_wake(feed);
	close(pair[0]);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	assert_ok(feed_take(feed, pair[0], &s));
	close(pair[1]);
	close(fd);
	stop();
}

static void parts_are_by_unit_and_area(void **state)
{
	struct queue_row row = {.unit = STR("URB"), .area = STR("G05")};
	struct viewer v = {.where = POLICY_WHERE_OWN_AREA | POLICY_WHERE_OWN_UNIT,
			   .areas_n = 2,
			   .area = {"G04", "G06"}};

	(void)state;
	assert_false(viewer_may_see(&v, &row));
	row.area = STR("G06");
	assert_true(viewer_may_see(&v, &row));
	v.where = POLICY_WHERE_OWN_UNIT;
	assert_false(viewer_may_see(&v, &row));
	memcpy(v.unit, "URB", 3);
	assert_true(viewer_may_see(&v, &row));
	row.unit = STR("");
	memset(v.unit, 0, sizeof v.unit);
	assert_false(viewer_may_see(&v, &row)); /* of nobody is not of those without a unit */
	row.area = STR("");
	assert_false(viewer_may_see(&v, &row));
	v.where = POLICY_WHERE_OWN_AREA;
	assert_true(viewer_may_see(&v, &row)); /* in no area: everybody's who has one */
	v.where = 0;
	assert_false(viewer_may_see(&v, &row));
	v.where = POLICY_WHERE_JOINT_UNIT | POLICY_WHERE_OWN_RECORD;
	assert_false(viewer_may_see(&v, &row)); /* the row does not tell */
	row.joint = STR("PMC URB");
	assert_false(viewer_may_see(&v, &row)); /* of no unit */
	memcpy(v.unit, "URB", 3);
	assert_true(viewer_may_see(&v, &row));
	row.joint = STR("PMC URBAN");
	row.told = STR("URB");
	assert_false(viewer_may_see(&v, &row));
	v.where = POLICY_WHERE_TOLD_UNIT;
	assert_true(viewer_may_see(&v, &row));
	v.where = POLICY_WHERE_ANY;
	assert_true(viewer_may_see(&v, &row));
}

/* Against the shipped policy, whose decision for one case is the measure of what a row shows. */
static void the_policy_makes_viewers(void **state)
{
	static const char *const roles[] = {"duty_officer", "desk_lead", "grid_worker",
					    "unit_handler", "resident",	 "overseer"};
	const struct policy *p = t.shelf->shelf.policy;
	struct str areas[2] = {STR("G06"), STR("G04")};
	unsigned seen = 0, unseen = 0;

	(void)state;
	assert_non_null(p);
	for (unsigned i = 0; i < sizeof roles / sizeof roles[0]; i++) {
		struct policy_actor actor = {POLICY_ACCOUNT, str_of(roles[i]), STR("URB"), areas,
					     2};
		struct viewer v = {0}, again = {0};
		struct policy_decision d;
		enum err e = viewer_make(p, &actor, POLICY_SUBSCRIBE, 1, &d, &v);
		assert_int_equal(e == ERR_OK, d.permit);
		for (unsigned k = 0; k < 4; k++) {
			struct queue_row row = {.unit = k & 1 ? STR("URB") : STR("PMC"),
						.area = k & 2 ? STR("G04") : STR("G05")};
			bool may = (d.where & POLICY_WHERE_ANY) ||
				   ((d.where & POLICY_WHERE_OWN_UNIT) && (k & 1)) ||
				   ((d.where & POLICY_WHERE_OWN_AREA) && (k & 2));
			assert_int_equal(viewer_may_see(&v, &row), d.permit && may);
			seen += d.permit && may;
			unseen += !(d.permit && may);
		}
		if (e != ERR_OK)
			continue;
		areas[0] = STR("G04"); /* the order of areas makes no other viewer */
		areas[1] = STR("G06");
		assert_ok(viewer_make(p, &actor, POLICY_SUBSCRIBE, 1, NULL, &again));
		assert_memory_equal(&v, &again, sizeof v);
	}
	assert_true(seen > 0 && unseen > 0);
	assert_int_equal(viewer_make(NULL, &(struct policy_actor){POLICY_ACCOUNT}, POLICY_SUBSCRIBE,
				     1, NULL, &(struct viewer){0}),
			 ERR_FORBIDDEN);
}

static int open_cases(void **state)
{
	(void)state;
	cases_open(&t, NULL);
	return 0;
}

static int close_cases(void **state)
{
	(void)state;
	cases_close(&t);
	return 0;
}

static int open_with_a_line(void **state)
{
	(void)state;
	cases_open_edited(&t, NULL, "responsibilities.yaml", "rules:\n",
			  "rules:\n- category: \"0304\"\n  lead: OWN\n  with: [POL]\n"
			  "  why: {zh: 先找房东, en: the landlord first}\n");
	return 0;
}

#define WITH_STORE(f) cmocka_unit_test_setup_teardown(f, open_cases, close_cases)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_STORE(viewers_see_their_part_and_nothing_of_persons),
	    cmocka_unit_test_setup_teardown(a_joint_part_is_seen_by_its_unit, open_with_a_line,
					    close_cases),
	    WITH_STORE(who_comes_back_misses_nothing),
	    WITH_STORE(a_restart_loses_nothing),
	    WITH_STORE(who_is_too_far_behind_loads_anew),
	    WITH_STORE(a_slow_client_gets_the_newest_in_the_end),
	    WITH_STORE(alerts_do_not_wait),
	    WITH_STORE(changes_are_gathered),
	    WITH_STORE(accounts_have_seats_until_they_sign_out),
	    WITH_STORE(streams_are_so_many_and_no_more),
	    cmocka_unit_test(parts_are_by_unit_and_area),
	    WITH_STORE(the_policy_makes_viewers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
