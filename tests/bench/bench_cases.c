/* long-file: one store, which takes minutes to make, is what all of it measures.
 * Cases in one process, each figure beside its limit: 1,000,000 closed and 100,000 open cases of a
 * town of 100,000 places. Open cases are real: each went its way through the one writer, step by
 * step. What is made up are the closed ones: two entries each where a real one has a dozen, the
 * second with all that the document of a case holds at its end; a thousand share a data key; and
 * that all of it happens within some hours. CASES=100000 makes fewer of both. Needs 5 GB on a
 * real disk, in $TMPDIR, else in /tmp; with less free it says so and measures nothing. */
#include "cases.h"

#include "app/kernel.h"
#include "service/case_number.h"
#include "service/cases.h"
#include "service/queue.h"
#include "town.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/wait.h>

#define CLOSED_MAX 1000000u
#define OPEN_PER_CLOSED 10u    /* one open case for so many closed */
#define BYTES_PER_CLOSED 5000u /* of disk, with what goes along */
#define ROUNDS 4000u
#define GROUP_PASSES_US 5000 /* so that few clocks run out while steps are measured */
#define GROUP_MAX 1000u
#define CLOSED_GROUP 4000u
#define REST_CLOSED 40000u /* a reference community at rest */
#define REST_OPEN 2000u
#define REST_CACHE_KIB 32768

struct order {
	struct command c;
	struct case_order o;
	struct case_input in[8];
	char place[24], account[40], unit[CASES_NAME_BYTES_MAX], area[CASES_NAME_BYTES_MAX];
	struct str areas[1];
};

struct bench {
	struct test_cases t;
	struct kernel_entropy random;
	struct town town;
	unsigned closed_n, open_n;
	uint64_t *id;   /* open cases */
	uint8_t *depth; /* how far each shall come */
	struct order order[GROUP_MAX];
	struct command *group[GROUP_MAX];
	struct db *look; /* a connection beside the writer's: what it reads warms no cache of his */
	struct queue *queue;
	double took[ROUNDS], cpu_us;
	struct queue_row row[QUEUE_BOX_MAX], sample[ROUNDS];
	unsigned samples;
	struct place_card card;
	_Alignas(16) char memory[PLACES_CARD_ARENA_BYTES + CASES_VIEW_ARENA_BYTES];
};

/* ---- what COMMIT costs, apart: every call of db_commit in this program comes here ---- */

enum err __real_db_commit(struct db *db);
enum err __wrap_db_commit(struct db *db);

static double commit_cpu_us, commit_ms;

static double cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

enum err __wrap_db_commit(struct db *db)
{
	double cpu = cpu_us(), from = now_ms();
	enum err e = __real_db_commit(db);

	commit_cpu_us += cpu_us() - cpu;
	commit_ms += now_ms() - from;
	return e;
}

static void report_times(struct bench *b, unsigned n, const char *what, double limit)
{
	char line[96];

	qsort(b->took, n, sizeof *b->took, by_value);
	snprintf(line, sizeof line, "%s, p50", what);
	report(line, b->took[n / 2], "ms", 0);
	snprintf(line, sizeof line, "%s, p99", what);
	report(line, b->took[n * 99 / 100], "ms", limit);
}

/* ---- the closed ones ---- */

static const char *const categories[] = {"0102", "0102", "0101", "0104", "0204", "0304"};

static const struct {
	const char *field;
	int64_t number;
	const char *word;
} closed_fields[] = {
    {"answer_rate", 0, "4"},   {"answers_returned", 1, NULL}, {"callback_result", 0, "solved"},
    {"category", 0, "0102"},   {"channel", 0, "phone"},       {"contact_outcome", 0, "reached"},
    {"drill", 0, NULL},        {"extensions", 1, NULL},       {"ground_check", 1, NULL},
    {"has_reporter", 1, NULL}, {"lead_unit", 0, "URB"},       {"photo_after", 77, NULL},
    {"place", 77, NULL},       {"priority", 0, "3"},          {"reworks", 1, NULL},
    {"site_photo", 78, NULL},  {"site_result", 0, "passed"},
};
#define CLOSED_FIELDS (sizeof closed_fields / sizeof closed_fields[0])

struct closed {
	uint8_t box[220];
	struct case_value value[CLOSED_FIELDS];
	struct case_sealed sealed[4];
	struct case_entry in, out;
	struct str signs[2];
};

static void seal(struct closed *c, unsigned i, const char *field, uint64_t key)
{
	c->sealed[i].field = str_of(field);
	c->sealed[i].value.key_id = key;
	c->sealed[i].value.box = (struct bytes){c->box, sizeof c->box};
}

static void make_closed(struct closed *c)
{
	*c = (struct closed){0};
	for (unsigned i = 0; i < sizeof c->box; i++)
		c->box[i] = (uint8_t)(i * 37);
	for (unsigned i = 0; i < CLOSED_FIELDS; i++)
		c->value[i] = (struct case_value){
		    .field = str_of(closed_fields[i].field),
		    .number = closed_fields[i].number,
		    .is_word = closed_fields[i].word != NULL,
		    .word = str_of(closed_fields[i].word ? closed_fields[i].word : "")};
	c->in = (struct case_entry){.is_new = true,
				    .owner = STR("intake"),
				    .unit = STR(""),
				    .outcome = STR(""),
				    .counted = STR(""),
				    .category = STR(""),
				    .state = STR("received"),
				    .priority = 3,
				    .spot = {.has_at = true, .area = STR("G05")},
				    .why = STR("")};
	c->in.sealed = c->sealed + 3;
	c->in.sealed_n = 1;
	c->out = (struct case_entry){.command = STR("rate"),
				     .transition = STR("rate"),
				     .state = STR("ended"),
				     .owner = STR(""),
				     .unit = STR("URB"),
				     .counted = STR("URB"),
				     .outcome = STR("confirmed"),
				     .step = CASES_STEP_EVALUATE,
				     .is_final = true,
				     .priority = 3,
				     .category = STR("0102"),
				     .marks = CASE_MARK_OPENED | CASE_MARK_CLOSED | CASE_MARK_DUE,
				     .why = STR("")};
	c->out.fields = c->value;
	c->out.fields_n = CLOSED_FIELDS;
	c->out.sealed = c->sealed;
	c->out.sealed_n = 4;
	c->signs[0] = STR("worked_by");
	c->out.signed_ = c->signs;
	c->out.signed_n = 1;
}

static void one_closed(struct bench *b, struct closed *c, unsigned i, uint64_t key)
{
	struct writer *w = b->t.w;
	struct actor actor = {.role = STR("intake"), .unit = STR("DESK"), .has_handle = true};
	static struct str figure[] = {{"closed", 6}, {"rated", 5}};
	unsigned building = pick(&b->town, BUILDINGS);
	struct geo_point at = spot(&b->town, building);
	struct appended a;

	memcpy(actor.handle, &i, sizeof i);
	seal(c, 0, "answer", key);
	seal(c, 1, "message", key);
	seal(c, 2, "review_ground", key);
	seal(c, 3, "text", key);
	c->in.number = case_number(19000 + (int32_t)(i / 2000), i % 2000 + 1);
	c->in.type_n =
	    shelf_type_now(w->shelf, STR("resident-request"), &c->in.type_n) ? c->in.type_n : 0;
	c->in.categories_n = shelf_n(w->shelf, SHELF_CATEGORIES);
	c->in.key_id = key;
	c->in.spot.place = b->town.building[building];
	c->in.spot.lat_e7 = at.lat_e7;
	c->in.spot.lon_e7 = at.lon_e7;
	c->in.happened_us = b->t.store.now.utc_us;
	c->in.month = c->out.month = 202201 + (int)(i / 100000) * 100 + (int)(i % 12);
	c->in.ties_n = 0;
	must(journal_append(&w->journal, &actor, KIND_CASE_HANDED_IN, b->t.store.now.utc_us, &c->in,
			    &a),
	     "a report");
	c->out.id = a.n;
	c->out.prev = a.n;
	c->out.category = c->value[3].word = str_of(categories[i % 6]);
	c->out.figures = figure;
	c->out.figures_n = 2;
	must(journal_append(&w->journal, &actor, KIND_CASE_MOVED, b->t.store.now.utc_us, &c->out,
			    &a),
	     "its end");
}

static void set_closed(struct bench *b)
{
	static struct closed c;
	struct writer *w = b->t.w;
	struct seal_key key;
	uint64_t key_id = 0;

	make_closed(&c);
	for (unsigned i = 0; i < b->closed_n;) {
		test_store_pass(&b->t.store, 1000000);
		must(keyring_reserve(w->keys, CLOSED_GROUP / 1000, b->t.store.now.utc_us), "keys");
		must(db_begin(w->db), "begin");
		for (unsigned k = 0; k < CLOSED_GROUP && i < b->closed_n; k++, i++) {
			if (k % 1000 == 0)
				keyring_take(w->keys, &key_id, &key);
			one_closed(b, &c, i, key_id);
		}
		must(db_commit(w->db), "commit");
	}
}

/* ---- the open ones, step by step ---- */

static const struct way {
	const char *from, *command, *role;
	const char *field[6];
} ways[] = {
    {"received", "open", "intake", {"category", "?"}},
    {"opened", "dispatch", "dispatcher", {NULL}},
    {"dispatched", "receive", "unit_handler", {NULL}},
    {"handling", "contact", "unit_handler", {"contact_outcome", "reached"}},
    {"handling", "feedback", "unit_handler", {"answer", "!", "photo_after", "*"}},
    {"fed_back", "answer_review", "duty_officer", {NULL}},
    {"checking", "site_check", "grid_worker", {"site_photo", "*", "site_result", "passed"}},
    {"closed", "callback", "duty_officer", {"callback_result", "solved"}},
};
static const struct way message = {"", "message", "duty_officer", {"message", "!"}};

static const char words[] =
    "巷口第三盏路灯从昨晚起不亮，夜里很暗，老人和放学的孩子走路不方便，请尽快来看一下，谢谢。";

static struct order *order_new(struct bench *b, unsigned at)
{
	struct order *o = &b->order[at];

	memset(&o->c, 0, sizeof o->c);
	o->o = (struct case_order){.hand = CASE_HAND_ACCOUNT, .fields = o->in};
	o->c.kind = COMMAND_CASE;
	o->c.account = STR("os:bench");
	o->c.cases.order = &o->o;
	o->c.answer.remedy = MSG_COUNT;
	b->group[at] = &o->c;
	return o;
}

static void order_field(struct order *o, const char *name, const char *value)
{
	o->in[o->o.fields_n++] = (struct case_input){str_of(name), str_of(value)};
}

static void order_hand_in(struct bench *b, unsigned at)
{
	struct order *o = order_new(b, at);

	snprintf(o->place, sizeof o->place, "%llu",
		 (unsigned long long)b->town.building[pick(&b->town, BUILDINGS)]);
	o->o.kind = CASE_HAND_IN;
	o->o.role = STR("intake");
	o->o.unit = STR("DESK");
	o->o.account = STR("desk-1");
	o->o.type = STR("resident-request");
	order_field(o, "place", o->place);
	order_field(o, "text", words);
	order_field(o, "channel", "phone");
	order_field(o, "has_reporter", pick(&b->town, 10) ? "yes" : "no");
	order_field(o, "drill", pick(&b->town, 200) ? "no" : "yes");
}

/* Of the unit that leads, in the grid where it lies: the policy lets nobody else. */
static void order_post(struct bench *b, struct order *o)
{
	struct db_stmt *s = db_stmt(b->look, SQL_case_get);
	bool row = false;

	db_bind_u64(s, 1, o->o.id);
	must(db_step(b->look, s, &row), "a look");
	snprintf(o->unit, sizeof o->unit, "%.*s", (int)db_text(s, 16).n, db_text(s, 16).p);
	snprintf(o->area, sizeof o->area, "%.*s", (int)db_text(s, 11).n, db_text(s, 11).p);
	db_done(s);
	o->areas[0] = str_of(o->area);
	o->o.unit = str_of(o->unit);
	o->o.areas = o->areas;
	o->o.areas_n = 1;
}

static void order_step(struct bench *b, unsigned at, uint64_t id, const struct way *way)
{
	struct order *o = order_new(b, at);

	snprintf(o->account, sizeof o->account, "%s-%llu", way->role, (unsigned long long)id % 40);
	o->o.kind = CASE_DO;
	o->o.role = str_of(way->role);
	o->o.account = str_of(o->account);
	o->o.id = id;
	o->o.command = str_of(way->command);
	order_post(b, o);
	for (unsigned i = 0; way->field[i]; i += 2) {
		const char *value = way->field[i + 1];
		if (*value == '?')
			value = categories[pick(&b->town, 6)];
		order_field(o, way->field[i], *value == '!' ? words : value);
	}
}

/* Photos are attached before the steps that name them, and not measured with them. */
static void attach_photos(struct bench *b, unsigned n)
{
	static struct order attach[GROUP_MAX];
	static struct case_file_given given[GROUP_MAX];
	struct command *group[GROUP_MAX];
	struct case_input *in[GROUP_MAX];
	double commit_cpu = commit_cpu_us;
	unsigned photos = 0;

	for (unsigned i = 0; i < n; i++)
		for (unsigned k = 0; k < b->order[i].o.fields_n; k++) {
			struct order *o = &attach[photos];
			if (!str_eq(b->order[i].in[k].value, STR("*")))
				continue;
			*o = (struct order){.c = {.kind = COMMAND_CASE}};
			given[photos] = (struct case_file_given){.field = b->order[i].in[k].field,
								 .media = STR("image/jpeg"),
								 .bytes = 200000};
			o->o = (struct case_order){.kind = CASE_ATTACH,
						   .hand = CASE_HAND_ACCOUNT,
						   .role = b->order[i].o.role,
						   .account = b->order[i].o.account,
						   .unit = b->order[i].o.unit,
						   .areas = b->order[i].o.areas,
						   .areas_n = b->order[i].o.areas_n,
						   .id = b->order[i].o.id,
						   .attach = &given[photos]};
			o->c.cases.order = &o->o;
			in[photos] = &b->order[i].in[k];
			group[photos++] = &o->c;
		}
	if (photos == 0)
		return;
	writer_group(b->t.w, group, photos, b->t.store.now);
	commit_cpu_us = commit_cpu;
	for (unsigned i = 0; i < photos; i++) {
		struct order *o = &attach[i];
		must(o->c.answer.err, "a photo");
		in[i]->value =
		    (struct str){o->place, (size_t)snprintf(o->place, sizeof o->place, "%llu",
							    (unsigned long long)o->c.answer.n)};
	}
}

static void run_group(struct bench *b, unsigned n)
{
	double cpu = cpu_us();

	writer_group(b->t.w, b->group, n, b->t.store.now);
	b->cpu_us += cpu_us() - cpu;
	test_store_pass(&b->t.store, GROUP_PASSES_US);
	for (unsigned i = 0; i < n; i++)
		if (b->order[i].c.answer.err != ERR_OK)
			book_say(&b->order[i].o.problem);
}

static struct str state_of(struct bench *b, uint64_t id, char memory[CASES_NAME_BYTES_MAX])
{
	struct db_stmt *s = db_stmt(b->look, SQL_case_open_get);
	struct str state = STR("");
	bool row = false;

	db_bind_u64(s, 1, id);
	must(db_step(b->look, s, &row), "a look");
	if (row) {
		state = db_text(s, 14);
		memcpy(memory, state.p, state.n);
		state.p = memory;
		db_done(s);
	}
	return state;
}

/* What may be done next to a case; where it is at work now the contact, now the answer. */
static const struct way *way_of(struct bench *b, uint64_t id, bool answers)
{
	char memory[CASES_NAME_BYTES_MAX];
	struct str state = state_of(b, id, memory);

	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
		if (str_eq(state, str_of(ways[i].from)) &&
		    !(answers && strcmp(ways[i].command, "contact") == 0))
			return &ways[i];
	return NULL;
}

/* Of a hundred open cases so many come no further. */
static uint8_t random_depth(struct bench *b)
{
	static const uint8_t share[] = {8, 10, 17, 30, 20, 6, 9};
	unsigned x = pick(&b->town, 100);
	uint8_t depth = 0;

	for (unsigned sum = share[0]; x >= sum; sum += share[depth])
		depth++;
	return depth;
}

static void set_open(struct bench *b)
{
	double from = now_ms();
	unsigned steps = 0;
	char line[96];

	for (unsigned i = 0; i < b->open_n;) {
		unsigned n = 0, first = i;
		for (; n < GROUP_MAX && i < b->open_n; n++, i++)
			order_hand_in(b, n);
		run_group(b, n);
		for (unsigned k = 0; k < n; k++) {
			b->id[first + k] = b->order[k].o.ret_id;
			b->depth[first + k] = random_depth(b);
		}
	}
	report("reports handed in, 1,000 a group", b->open_n / (now_ms() - from) * 1000, "1/s", 0);
	from = now_ms();
	b->cpu_us = commit_cpu_us = 0;
	for (unsigned depth = 1; depth <= 6; depth++)
		for (unsigned i = 0; i < b->open_n;) {
			unsigned n = 0;
			for (; n < GROUP_MAX && i < b->open_n; i++) {
				const struct way *way =
				    b->depth[i] < depth ? NULL : way_of(b, b->id[i], depth > 4);
				if (way)
					order_step(b, n++, b->id[i], way);
			}
			attach_photos(b, n);
			if (n > 0)
				run_group(b, n);
			steps += n;
		}
	report("steps in order of cases, 1,000 a group", steps / (now_ms() - from) * 1000, "1/s",
	       0);
	snprintf(line, sizeof line, "%u steps in order of cases, CPU beside COMMIT", steps);
	report(line, (b->cpu_us - commit_cpu_us) / steps, "us", 0);
}

/* ---- steps of random cases ---- */

static void bench_steps(struct bench *b, unsigned group, unsigned steps, bool is_message,
			double cpu_limit, double wal_limit)
{
	const char *what = is_message ? "message" : "next step";
	uint64_t wal, wal_bytes = 0, first;
	double from, ms = 0;
	unsigned done = 0;
	char line[96];

	b->cpu_us = commit_cpu_us = commit_ms = 0;
	while (done < steps) {
		unsigned n = 0;
		while (n < group) {
			uint64_t id = b->id[pick(&b->town, b->open_n)];
			const struct way *way =
			    is_message ? &message : way_of(b, id, pick(&b->town, 2));
			bool twice = false;
			for (unsigned k = 0; k < n && !is_message; k++)
				twice |= b->order[k].o.id == id;
			if (way && !twice && (!is_message || way_of(b, id, false)))
				order_step(b, n++, id, way);
		}
		attach_photos(b, n);
		wal = db_wal_bytes(b->t.w->db);
		first = b->t.w->journal.n;
		from = now_ms();
		run_group(b, n);
		ms += now_ms() - from;
		wal_bytes += db_wal_bytes(b->t.w->db) - wal;
		done += (unsigned)(b->t.w->journal.n - first); /* with timers that came between */
	}
	snprintf(line, sizeof line, "a %s of a random case, %u a group, CPU beside COMMIT", what,
		 group);
	report(line, (b->cpu_us - commit_cpu_us) / done, "us", cpu_limit);
	snprintf(line, sizeof line, "  its COMMIT, CPU");
	report(line, commit_cpu_us / done, "us", 0);
	snprintf(line, sizeof line, "  steps in all");
	report(line, done / ms * 1000, "1/s", 0);
	snprintf(line, sizeof line, "  WAL");
	report(line, (double)wal_bytes / done / 1000, "kB", wal_limit);
}

/* ---- the queue ---- */

static void take_sample(struct bench *b)
{
	struct queue_filter f = {.step = -1, .with_drills = true};
	int64_t due = 0;
	uint64_t id = 0;
	bool more = true;
	unsigned n, seen = 0, every = b->open_n / ROUNDS + 1;

	while (more && b->samples < ROUNDS) {
		must(queue_page(b->queue, &f, due, id, QUEUE_PAGE_MAX, b->row, &n, &more),
		     "sample");
		for (unsigned i = 0; i < n && b->samples < ROUNDS; i++)
			if (seen++ % every == 0)
				b->sample[b->samples++] = b->row[i];
		due = n > 0 ? b->row[n - 1].due_us : 0;
		id = n > 0 ? b->row[n - 1].id : 0;
	}
}

#define FILTERS 9u

static void set_filter(struct bench *b, unsigned which, const struct queue_row *r,
		       struct queue_filter *f)
{
	switch (which) {
	case 0:
		f->category = r->category;
		break;
	case 1:
		f->state = r->state;
		break;
	case 2:
		f->owner = r->owner;
		break;
	case 3:
		f->unit = r->unit;
		break;
	case 4:
		f->area = r->area;
		break;
	case 5:
		f->priority = r->priority;
		break;
	case 6:
		f->step = (int)r->step;
		break;
	case 7:
		f->due_before_us = r->due_us;
		break;
	default:
		f->with_drills = true;
		f->only_drills = pick(&b->town, 8) == 0;
		break;
	}
}

static void bench_queue(struct bench *b)
{
	unsigned i = 0, n;
	bool more;

	while (i < ROUNDS)
		for (unsigned x = 0; x < FILTERS; x++)
			for (unsigned y = 0; y < x && i < ROUNDS; y++, i++) {
				const struct queue_row *r = &b->sample[pick(&b->town, b->samples)];
				struct queue_filter f = {.step = -1};
				double from;
				set_filter(b, x, r, &f);
				set_filter(b, y, r, &f);
				from = now_ms();
				must(queue_page(b->queue, &f, 0, 0, 50, b->row, &n, &more), "page");
				b->took[i] = now_ms() - from;
			}
	report_times(b, ROUNDS, "queue, first 50 by deadline, every two filters", 5);
}

static void bench_map(struct bench *b)
{
	struct queue_filter f = {.step = -1};
	unsigned n, least = QUEUE_BOX_MAX;
	bool more;

	for (unsigned i = 0; i < ROUNDS; i++) {
		struct geo_point at = spot(&b->town, pick(&b->town, BUILDINGS));
		double from = now_ms();
		must(queue_near(b->queue, &f, at, 20, b->row, &n), "near");
		b->took[i] = now_ms() - from;
	}
	report_times(b, ROUNDS, "nearest 20 open cases", 1);
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct geo_point at = spot(&b->town, BUILDINGS / 4 + pick(&b->town, BUILDINGS / 2));
		struct geo_box box = {at.lat_e7 - 35000, at.lon_e7 - 35000, at.lat_e7 + 35000,
				      at.lon_e7 + 35000};
		double from = now_ms();
		must(queue_box(b->queue, &f, &box, QUEUE_BOX_MAX, b->row, &n, &more), "box");
		b->took[i] = now_ms() - from;
		least = n < least ? n : least;
	}
	report_times(b, ROUNDS, "box of open cases, at most 2,000", 5);
	report("  cases in the emptiest of these boxes", least, "", 0);
}

#define CARD_CASES 20u

static void bench_card(struct bench *b, struct reader *r)
{
	static struct case_view view;
	uint64_t ids[CARD_CASES];
	struct arena a;
	unsigned n = 0;

	for (unsigned i = 0; i < ROUNDS; i++) {
		uint64_t place = b->town.building[pick(&b->town, BUILDINGS)];
		double from = now_ms();
		arena_init(&a, b->memory, sizeof b->memory);
		must(places_card(r->db, place, 1, 20000, &a, &b->card), "card");
		must(cases_of_place(r->db, place, 0, CARD_CASES, ids, &n), "its cases");
		for (unsigned k = 0; k < n; k++) {
			arena_init(&a, b->memory, sizeof b->memory);
			must(cases_view(r->db, ids[k], &a, &view), "a case");
		}
		b->took[i] = now_ms() - from;
	}
	report_times(b, ROUNDS, "address card with its 20 newest cases", 5);
}

/* ---- start ---- */

static void start(struct bench *b, const char *what, double limit)
{
	struct queue_filter f = {.step = -1};
	struct db_options o = {0};
	double from = now_ms();
	unsigned n;
	bool more;

	b->t.w = test_store_open(&b->t.store);
	must(db_open(b->t.store.journal, DB_SCHEMA_journal, DB_READ, &o, &b->look), "reader");
	must(queue_open(b->look, &b->queue), "queue");
	must(queue_page(b->queue, &f, 0, 0, 50, b->row, &n, &more), "first page");
	report(what, now_ms() - from, "ms", limit);
	b->t.w->shelf = &b->t.shelf->shelf;
}

static void stop(struct bench *b)
{
	b->queue = queue_close(b->queue);
	b->look = db_free(b->look);
	b->t.w = writer_close(b->t.w);
}

/* The file's own pages leave the cache of the system; nobody else's. */
static void forget_file(const char *path)
{
	int f = open(path, O_RDONLY);

	if (f < 0 || fsync(f) != 0 || posix_fadvise(f, 0, 0, POSIX_FADV_DONTNEED) != 0)
		must(ERR_STORE, "cold");
	close(f);
}

/* ---- timers ---- */

static void bench_timers(struct bench *b)
{
	double from, all = 0, longest = 0;
	uint64_t first;
	char line[96];

	test_store_pass(&b->t.store, INT64_C(4) * 86400 * 1000000);
	first = b->t.w->journal.n;
	while (writer_due_in(b->t.w, b->t.store.now) == 0) {
		from = now_ms();
		writer_group(b->t.w, NULL, 0, b->t.store.now);
		from = now_ms() - from;
		all += from;
		longest = from > longest ? from : longest;
		must(b->t.w->failed, "timers");
	}
	snprintf(line, sizeof line, "%llu steps of late timers, in all",
		 (unsigned long long)(b->t.w->journal.n - first));
	report(line, all / 1000, "s", 0);
	report("  the longest transaction", longest, "ms", 0);
}

/* ---- at rest ---- */

static long rss_kib(void)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[256];
	long kib = -1;

	while (f && fgets(line, sizeof line, f))
		if (strncmp(line, "VmRSS:", 6) == 0)
			kib = strtol(line + 6, NULL, 10);
	if (f)
		fclose(f);
	return kib;
}

/* In a process of its own, which has built nothing: everything open, everything read once. */
static int at_rest(const char *dir)
{
	static struct bench b;
	static struct case_view view;
	struct db_options o = {.cache_kib = REST_CACHE_KIB};
	struct queue_filter f = {.step = -1};
	struct arena a;
	unsigned n;
	bool more;

	test_store_init(&b.t.store, NULL);
	rmdir(b.t.store.dir);
	snprintf(b.t.store.journal, sizeof b.t.store.journal, "%s/journal.db", dir);
	snprintf(b.t.store.keys, sizeof b.t.store.keys, "%s/keys.db", dir);
	snprintf(b.t.store.copy, sizeof b.t.store.copy, "%s/keys-copy.db", dir);
	b.t.shelf = test_shelf_new();
	test_shelf_good(b.t.shelf);
	free(b.t.shelf->scratch.p);
	b.t.w = test_store_open(&b.t.store);
	b.t.w->shelf = &b.t.shelf->shelf;
	must(db_open(b.t.store.journal, DB_SCHEMA_journal, DB_READ, &o, &b.look), "reader");
	must(queue_open(b.look, &b.queue), "queue");
	must(queue_page(b.queue, &f, 0, 0, 50, b.row, &n, &more), "page");
	for (uint64_t id = 1; id < b.t.w->journal.n; id++) {
		arena_init(&a, b.memory, sizeof b.memory);
		if (cases_view(b.look, id, &a, &view) == ERR_CORRUPT)
			must(ERR_CORRUPT, "view");
	}
	printf("%ld\n", rss_kib());
	return 0;
}

static void bench_rest(const char *dir)
{
	char line[64] = "";
	int ends[2], status = 1;
	ssize_t n;
	pid_t child = -1;

	fflush(stdout);
	must(pipe(ends) == 0 ? ERR_OK : ERR_INTERNAL, "a pipe");
	child = fork();
	must(child >= 0 ? ERR_OK : ERR_INTERNAL, "a process");
	if (child == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		execl("/proc/self/exe", "bench_cases", "--rest", dir, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	n = read(ends[0], line, sizeof line - 1);
	close(ends[0]);
	if (waitpid(child, &status, 0) != child || status != 0 || n <= 0)
		must(ERR_INTERNAL, "at rest");
	report("at rest, 2,000 open and 40,000 closed cases: memory",
	       (double)strtol(line, NULL, 10) / 1024, "MiB", 80);
}

/* ---- together ---- */

static void open_all(struct bench *b)
{
	if (!b->t.shelf)
		cases_open(&b->t, NULL);
	b->t.store.entropy = kernel_entropy(&b->random); /* as the program has it */
	b->town.seed = 20261127;
	b->town.now = b->t.store.now;
	set_places(&b->town, b->t.w);
	set_areas(&b->town, b->t.w);
	b->id = calloc(b->open_n, sizeof *b->id);
	b->depth = calloc(b->open_n, sizeof *b->depth);
	must(b->id && b->depth ? ERR_OK : ERR_NO_MEMORY, "memory");
}

static struct bench *build(unsigned closed_n, unsigned open_n)
{
	struct bench *b = calloc(1, sizeof *b);
	struct db_options o = {0};
	double from = now_ms();

	must(b ? ERR_OK : ERR_NO_MEMORY, "memory");
	b->closed_n = closed_n;
	b->open_n = open_n;
	open_all(b);
	must(db_open(b->t.store.journal, DB_SCHEMA_journal, DB_READ, &o, &b->look), "reader");
	set_closed(b);
	report("closed cases set, two entries each", b->closed_n / (now_ms() - from) * 1000, "1/s",
	       0);
	set_open(b);
	must(writer_sign(b->t.w, b->t.store.now), "sign");
	report("all of it set", (now_ms() - from) / 1000, "s", 240);
	return b;
}

static void remove_all(struct bench *b)
{
	stop(b);
	test_store_remove(&b->t.store);
	test_shelf_free(b->t.shelf);
	free(b->id);
	free(b->depth);
	free(b);
}

static bool has_room(unsigned closed_n)
{
	const char *tmp = getenv("TMPDIR");
	struct statvfs v;
	unsigned long long need = (unsigned long long)closed_n * BYTES_PER_CLOSED;

	if (statvfs(tmp && *tmp ? tmp : "/tmp", &v) != 0 ||
	    (unsigned long long)v.f_bavail * v.f_frsize >= need)
		return true;
	printf(
	    "SKIP: cases: %llu MB are needed on the disk of TMPDIR; CASES=100000 needs a tenth\n",
	    need / 1000000);
	return false;
}

static void measure(unsigned closed_n)
{
	struct bench *b = build(closed_n, closed_n / OPEN_PER_CLOSED);
	struct reader *r = NULL;

	stop(b);
	start(b, "start to the first page of the queue, file in cache", 200);
	take_sample(b);
	bench_queue(b);
	bench_map(b);
	must(reader_open(&b->t.store.paths, NULL, &r), "reader");
	bench_card(b, r);
	reader_close(r);
	bench_steps(b, 64, b->open_n, true, 25, 20);
	bench_steps(b, 1000, b->open_n, true, 25, 20);
	bench_steps(b, 1, 2000, true, 0, 20);
	bench_steps(b, 64, b->open_n, false, 25, 20);
	bench_steps(b, 1000, b->open_n / 2, false, 25, 20);
	bench_timers(b);
	stop(b);
	forget_file(b->t.store.journal);
	start(b, "start to the first page of the queue, file not in cache", 0);
	remove_all(b);
}

int main(int argc, char **argv)
{
	const char *wanted = getenv("CASES");
	unsigned closed_n = wanted ? (unsigned)strtoul(wanted, NULL, 10) : CLOSED_MAX;
	struct bench *rest;

	db_process_init();
	if (sodium_init() < 0)
		return 1;
	if (argc == 3 && strcmp(argv[1], "--rest") == 0)
		return at_rest(argv[2]);
	if (closed_n < 1000 || closed_n > CLOSED_MAX || !has_room(closed_n))
		return closed_n < 1000 || closed_n > CLOSED_MAX ? 2 : 77;
	measure(closed_n);
	rest = build(REST_CLOSED, REST_OPEN);
	bench_rest(rest->t.store.dir);
	remove_all(rest);
	return 0;
}
