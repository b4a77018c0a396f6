/* What the people of a demo do: they hand in, and whoever a case is with does the next step after a
 * while, by chance from a seed, some too late. Everything is asked of the API; what was refused
 * (somebody else was quicker) is passed over. */
#include "demo_within.h"

#include "app/log.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define CASES_MAX 2048u
#define PATH_BYTES 160u
#define STEP_US (INT64_C(5) * 60 * 1000000)
#define NIGHT_STEP_US DEMO_HOUR_US
#define LOOK_EVERY_US 200000 /* at the clock, where it goes by itself */
#define CATCH_UP_US (INT64_C(2) * DEMO_HOUR_US)
#define MINUTE_US INT64_C(60000000)
#define ZONE_US (8 * DEMO_HOUR_US) /* the demo is in Asia/Shanghai, which has no summer time */
#define DAY_REPORTS 42u
#define BEFORE_REPORTS 12u
#define DEMANDS 2u /* of the reports of a day */
#define SEED 20260611u
#define PAGE_MAX 500

/* ---- what is handed in ---- */

static const struct {
	const char *category, *text; /* category NULL: a demand that is not opened */
	bool at_lamp;
} matters[] = {
    {"0102", "巷子里的路灯不亮，晚上看不见路", true},
    {"0102", "路灯一闪一闪，整晚都这样", true},
    {"0102", "三盏路灯全灭了，老人不敢出门", true},
    {"0101", "门口井盖松动，车压过去哐哐响", false},
    {"0101", "雨水箅子断了两根，小孩的脚容易卡进去", false},
    {"0104", "路面有个大坑，电动车差点摔倒", false},
    {"0104", "人行道砖松动，下雨溅一身泥", false},
    {"0204", "下水道堵塞，污水冒出来，很臭", false},
    {"0204", "后巷污水横流，已经两天", false},
    {"0205", "大树的树枝断了，挂在电线上面", false},
    {"0205", "绿化带被踩坏，黄土都露出来", false},
    {"0302", "消防通道被车堵住，救护车进不来", false},
    {"0302", "楼栋出入口乱停车，推不出婴儿车", false},
    {"0304", "楼下深夜施工，电钻声很大", false},
    {"0304", "广场舞音响太吵，孩子写不了作业", false},
    {"0605", "电梯厅垃圾没人扫，物业不管", false},
    {"0605", "物业乱收停车费，没有公示", false},
    {"0605", "楼道灯坏了一个月，物业说在排期", false},
    {NULL, "房东涨租的官司还没判，请你们先判他退钱", false},
};
#define MATTERS_N (sizeof matters / sizeof matters[0])

enum { NOBODY = -1, STRANGE = -2 };

struct memo {
	uint64_t id, n;
	char state[41], unit[41], area[41], category[41], proposed[41];
	int64_t since_us; /* in this state, as far as was seen */
	uint64_t chance;
	int matter;     /* NOBODY: not read yet; STRANGE: a visitor's own */
	int reporter;   /* NOBODY: who it is was before this start, or a visitor */
	unsigned turns; /* times that a unit had it */
	bool contacted, arrived, safe, live, scripted;
};

struct day {
	struct demo *d;
	struct demo_client *c;
	struct demo_people *p;
	struct memo *memo;
	unsigned memo_n;
	int64_t now_us;
	uint64_t dispatched;      /* today, by the steps that were answered */
	struct demo_actor teller; /* of the scripted case, by its secret */
	unsigned scripted;        /* steps done */
	uint64_t scripted_id;
	struct demo_duty duty;
};

/* ---- asking ---- */

static json_t *fields_of(const char *first, va_list more)
{
	json_t *list = json_array();

	for (const char *name = first; name; name = va_arg(more, const char *))
		json_array_append_new(list, json_pack("{s:s,s:s}", "field", name, "value",
						      va_arg(more, const char *)));
	return list;
}

/* Names and values up to NULL. */
static bool step(struct day *y, struct demo_actor *who, uint64_t id, const char *command, ...)
{
	char path[PATH_BYTES];
	json_t *fields;
	va_list more;
	bool done;

	if (!who)
		return false;
	va_start(more, command);
	fields = fields_of(va_arg(more, const char *), more);
	va_end(more);
	snprintf(path, sizeof path, "/api/v1/cases/%llu/commands", (unsigned long long)id);
	done = demo_ask(y->c, who, "POST", path,
			json_pack("{s:s,s:o}", "command", command, "fields", fields), NULL) == 201;
	y->dispatched += done && strcmp(command, "dispatch") == 0;
	return done;
}

/* The number that a step names the picture by; empty: it did not go through. */
static const char *attach(struct day *y, struct demo_actor *who, uint64_t id, const char *field,
			  char number[24])
{
	static uint8_t picture[DEMO_PICTURE_BYTES];
	size_t n = demo_picture(demo_mix(id, (uint64_t)y->now_us), picture, sizeof picture);
	char path[PATH_BYTES];
	json_t *answer = NULL;

	number[0] = 0;
	if (!who)
		return number;
	snprintf(path, sizeof path, "/api/v1/cases/%llu/attachments?field=%s",
		 (unsigned long long)id, field);
	if (demo_send_file(y->c, who, path, picture, n, &answer) == 201)
		snprintf(number, 24, "%lld",
			 (long long)json_integer_value(json_object_get(answer, "n")));
	json_decref(answer);
	return number;
}

/* What stands nearest to the point; 0: nothing. */
static uint64_t place_at(struct day *y, const char *kind, int32_t lat, int32_t lon)
{
	char path[PATH_BYTES];
	json_t *answer = NULL;
	uint64_t id = 0;

	snprintf(path, sizeof path, "/api/v1/places/near?lat=%d&lon=%d&kinds=%s&limit=1", lat, lon,
		 kind);
	if (demo_ask(y->c, NULL, "GET", path, NULL, &answer) == 200)
		id = (uint64_t)json_integer_value(
		    json_object_get(json_array_get(json_object_get(answer, "places"), 0), "id"));
	json_decref(answer);
	return id;
}

/* A report with the place that its reporter picked. Its answer, or NULL. */
static json_t *hand_in(struct day *y, struct demo_actor *who, const char *text, bool at_lamp,
		       unsigned lane, unsigned house)
{
	int32_t lat, lon;
	char place[24];
	json_t *answer = NULL, *body;

	if (at_lamp)
		demo_town_lamp(lane, &lat, &lon);
	else
		demo_town_house(lane, house, &lat, &lon);
	snprintf(place, sizeof place, "%llu",
		 (unsigned long long)place_at(y, at_lamp ? "component" : "building", lat, lon));
	body = json_pack("{s:s,s:{s:i,s:i},s:[{s:s,s:s},{s:s,s:s},{s:s,s:s},{s:s,s:s},{s:s,s:s}]}",
			 "type", "resident-request", "at", "lat", lat, "lon", lon, "fields",
			 "field", "place", "value", place, "field", "text", "value", text, "field",
			 "channel", "value", "portal", "field", "has_reporter", "value", "yes",
			 "field", "drill", "value", "no");
	if (demo_ask(y->c, who, "POST", "/api/v1/cases", body, &answer) == 201)
		return answer;
	json_decref(answer);
	return NULL;
}

static struct memo *memo_of(struct day *y, uint64_t id)
{
	struct memo *m;

	for (unsigned i = 0; i < y->memo_n; i++)
		if (y->memo[i].id == id)
			return &y->memo[i];
	if (y->memo_n == CASES_MAX)
		return NULL;
	m = &y->memo[y->memo_n++];
	*m = (struct memo){.id = id,
			   .matter = NOBODY,
			   .reporter = NOBODY,
			   .since_us = y->now_us,
			   .chance = demo_mix(SEED, id)};
	return m;
}

/* `demand`: one that is not to be opened. */
static void report(struct day *y, uint64_t h, bool demand)
{
	unsigned matter = demand ? MATTERS_N - 1 : demo_chance(demo_mix(h, 1), MATTERS_N - 1),
		 who = demo_chance(demo_mix(h, 2), DEMO_RESIDENTS);
	json_t *answer = hand_in(y, &y->p->residents[who], matters[matter].text,
				 matters[matter].at_lamp, demo_chance(demo_mix(h, 3), DEMO_LANES),
				 demo_chance(demo_mix(h, 4), DEMO_HOUSES_OF_LANE));
	struct memo *m =
	    answer ? memo_of(y, (uint64_t)json_integer_value(json_object_get(answer, "id"))) : NULL;

	if (m)
		m->reporter = (int)who;
	json_decref(answer);
}

/* ---- what somebody does with a case ---- */

static int64_t local_minute(int64_t us)
{
	return (us + ZONE_US) % DEMO_DAY_US / MINUTE_US;
}

static bool is_between(const struct day *y, int from_hour, int until_hour)
{
	int64_t minute = local_minute(y->now_us);

	return minute >= from_hour * 60 && minute < until_hour * 60;
}

/* Has it lain for `least` to `least + more` minutes? */
static bool after(const struct day *y, const struct memo *m, unsigned salt, unsigned least,
		  unsigned more)
{
	uint64_t h = demo_mix(demo_mix(m->chance, salt), m->turns);

	return y->now_us - m->since_us >= (least + demo_chance(h, more)) * MINUTE_US;
}

static bool by_chance(const struct memo *m, unsigned salt, unsigned one_in)
{
	return demo_chance(demo_mix(demo_mix(m->chance, salt), m->turns + 100), one_in) == 0;
}

/* The intake officer reads what was handed in, which is a look on the record. */
static void read_matter(struct day *y, struct memo *m, struct demo_actor *intake)
{
	char path[PATH_BYTES];
	json_t *answer = NULL;
	const char *text;

	snprintf(path, sizeof path, "/api/v1/cases/%llu/texts", (unsigned long long)m->id);
	if (demo_ask(y->c, intake, "POST", path,
		     json_pack("{s:[{s:s,s:I}]}", "texts", "field", "text", "n", (json_int_t)m->id),
		     &answer) == 200) {
		text = json_string_value(
		    json_object_get(json_array_get(json_object_get(answer, "texts"), 0), "text"));
		m->matter = STRANGE;
		for (unsigned i = 0; text && i < MATTERS_N; i++)
			if (strcmp(matters[i].text, text) == 0)
				m->matter = (int)i;
	}
	json_decref(answer);
}

static void do_received(struct day *y, struct memo *m)
{
	struct demo_actor *intake = demo_staff(y->p, "intake", "", "");

	if (m->matter == STRANGE || !after(y, m, 1, 2, 22))
		return; /* a visitor's own report is the visitors' to open */
	if (m->matter == NOBODY)
		read_matter(y, m, intake);
	if (m->matter < 0)
		return;
	if (matters[m->matter].category)
		step(y, intake, m->id, "open", "category", matters[m->matter].category, NULL);
	else
		step(y, intake, m->id, "refuse", "refuse_reason", "in_court", "refuse_ground",
		     "该租金纠纷已由法院受理，按程序等待判决", NULL);
}

/* With which unit the desk sends it on; another one than it had. */
static const char *other_unit(const struct memo *m)
{
	return strcmp(m->unit, "PMC") == 0 ? "URB" : "PMC";
}

static void do_dispatched(struct day *y, struct memo *m)
{
	struct demo_actor *unit = demo_staff(y->p, "unit_handler", m->unit, "");

	if (!is_between(y, 8, 19) || by_chance(m, 2, 15) || !after(y, m, 3, 2, 20))
		return; /* some never receive: that counts as received by time */
	if (m->turns < 2 && by_chance(m, 4, 12)) {
		if (step(y, unit, m->id, "hand_back", "hand_back_reason", "not_ours",
			 "hand_back_ground", "经核对不在本单位职责清单内", "proposed_unit",
			 other_unit(m), NULL))
			snprintf(m->proposed, sizeof m->proposed, "%s", other_unit(m));
		return;
	}
	step(y, unit, m->id, "receive", NULL);
}

static bool is_one_of(const char *category, const char *list)
{
	return category[0] && strstr(list, category) != NULL;
}

/* What is told on the way: the contact, on site, made safe. Some are late with it. */
static void do_on_the_way(struct day *y, struct memo *m, struct demo_actor *unit)
{
	unsigned late = by_chance(m, 22, 9) ? 60 : 0;

	if (!m->contacted && after(y, m, 6, 1 + late, 18))
		m->contacted = step(y, unit, m->id, "contact", "contact_outcome", "reached", NULL);
	if (m->contacted && !m->arrived && is_one_of(m->category, "0101 0204 0302") &&
	    after(y, m, 23, 8 + late, 14))
		m->arrived = step(y, unit, m->id, "arrive", NULL);
	if (m->arrived && !m->safe && is_one_of(m->category, "0101") &&
	    after(y, m, 24, 20 + late, 25))
		m->safe = step(y, unit, m->id, "make_safe", NULL);
}

/* On the way to it; then the work: most in some hours, a few only after days. */
static void do_handling(struct day *y, struct memo *m)
{
	struct demo_actor *unit = demo_staff(y->p, "unit_handler", m->unit, "");
	unsigned kind = demo_chance(demo_mix(m->chance, 5 + m->turns), 20);
	char photo[24];

	if (!is_between(y, 8, 21))
		return;
	do_on_the_way(y, m, unit);
	if (!m->contacted || !after(y, m, 7,
				    kind < 13   ? 60
				    : kind < 18 ? 600
						: 2800,
				    kind < 13 ? 240 : 900))
		return;
	if (attach(y, unit, m->id, "photo_after", photo)[0])
		step(y, unit, m->id, "feedback", "answer", "已到场处理，现场照片见附件",
		     "photo_after", photo, NULL);
}

static void do_fed_back(struct day *y, struct memo *m)
{
	struct demo_actor *desk = demo_staff(y->p, "duty_officer", "", "");

	if (!is_between(y, 8, 22) || !after(y, m, 8, 8, 70))
		return;
	if (m->turns < 3 && by_chance(m, 9, 14))
		step(y, desk, m->id, "answer_review", "review_ground", "没有回答所问，请补充",
		     NULL);
	else
		step(y, desk, m->id, "answer_review", NULL);
}

static void do_checking(struct day *y, struct memo *m)
{
	struct demo_actor *worker = demo_staff(y->p, "grid_worker", "", m->area);
	bool fails = m->turns < 3 && by_chance(m, 10, 10);
	char photo[24];

	if (!is_between(y, 9, 21) || !after(y, m, 11, 15, 120))
		return;
	if (attach(y, worker, m->id, "site_photo", photo)[0])
		step(y, worker, m->id, "site_check", "site_photo", photo, "site_result",
		     fails ? "failed" : "passed", NULL);
}

/* Some answer, some say no, some are rung up, some never say a word. */
static void do_closed(struct day *y, struct memo *m)
{
	unsigned kind = demo_chance(demo_mix(m->chance, 12 + m->turns), 20);

	if (!is_between(y, 8, 22) || !after(y, m, 13, 30, 700))
		return;
	if (m->reporter != NOBODY && kind < 11)
		step(y, &y->p->residents[m->reporter], m->id, "callback", "callback_result",
		     "solved", NULL);
	else if (m->reporter != NOBODY && kind < 13 && m->turns < 3)
		step(y, &y->p->residents[m->reporter], m->id, "not_solved", "not_solved_text",
		     "还是老样子，请再来看看", NULL);
	else if (kind < 17 && is_between(y, 9, 18) && after(y, m, 14, 240, 600))
		step(y, demo_staff(y->p, "intake", "", ""), m->id, "callback", "callback_result",
		     kind < 16 ? "solved" : "no_answer", NULL);
}

static void do_confirmed(struct day *y, struct memo *m)
{
	static const char *const rates[] = {"5", "4", "4", "3", "5", "4", "2"};

	if (m->reporter == NOBODY || by_chance(m, 15, 3) || !is_between(y, 8, 23) ||
	    !after(y, m, 16, 5, 200))
		return;
	step(y, &y->p->residents[m->reporter], m->id, "rate", "answer_rate",
	     rates[demo_chance(demo_mix(m->chance, 17), sizeof rates / sizeof rates[0])], NULL);
}

static void do_next(struct day *y, struct memo *m)
{
	if (strcmp(m->state, "received") == 0)
		do_received(y, m);
	else if (strcmp(m->state, "refusing") == 0 && after(y, m, 18, 10, 40))
		step(y, demo_staff(y->p, "desk_lead", "", ""), m->id, "sign", NULL);
	else if (strcmp(m->state, "opened") == 0 && after(y, m, 19, 1, 14))
		step(y, demo_staff(y->p, "dispatcher", "", ""), m->id, "dispatch", NULL);
	else if (strcmp(m->state, "dispatched") == 0)
		do_dispatched(y, m);
	else if (strcmp(m->state, "handed_back") == 0 && m->proposed[0] && after(y, m, 20, 10, 40))
		step(y, demo_staff(y->p, "dispatcher", "", ""), m->id, "dispatch", "lead_unit",
		     m->proposed, NULL);
	else if (strcmp(m->state, "handling") == 0)
		do_handling(y, m);
	else if (strcmp(m->state, "fed_back") == 0)
		do_fed_back(y, m);
	else if (strcmp(m->state, "checking") == 0)
		do_checking(y, m);
	else if (strcmp(m->state, "closed") == 0)
		do_closed(y, m);
	else if (strcmp(m->state, "confirmed") == 0)
		do_confirmed(y, m);
	else if (strcmp(m->state, "above") == 0 && after(y, m, 21, 60, 120))
		step(y, demo_staff(y->p, "level_above", "", ""), m->id, "dispatch", "lead_unit",
		     "URB", "review_ground", "由街道城管牵头重新办理", NULL);
}

/* ---- the list, as the desk sees it ---- */

static void copy_text(char to[41], const json_t *row, const char *key)
{
	const char *text = json_string_value(json_object_get(row, key));

	snprintf(to, 41, "%s", text ? text : "");
}

static void take_row(struct day *y, const json_t *row)
{
	const char *state = json_string_value(json_object_get(row, "state"));
	struct memo *m = memo_of(y, (uint64_t)json_integer_value(json_object_get(row, "id")));

	if (!m || !state)
		return;
	m->live = true;
	if (strcmp(m->state, state) != 0) {
		m->since_us = y->now_us;
		if (strcmp(state, "dispatched") == 0 ||
		    (strcmp(state, "handling") == 0 && strcmp(m->state, "dispatched") != 0)) {
			m->turns++;
			m->contacted = m->arrived = m->safe = false;
		}
	}
	copy_text(m->state, row, "state");
	copy_text(m->unit, row, "unit");
	copy_text(m->area, row, "area");
	copy_text(m->category, row, "category");
}

static bool take_list(struct day *y)
{
	struct demo_actor *lead = demo_staff(y->p, "desk_lead", "", "");
	char path[PATH_BYTES], next[64] = "";
	unsigned kept = 0;

	for (unsigned i = 0; i < y->memo_n; i++)
		y->memo[i].live = false;
	do {
		json_t *answer = NULL, *row;
		size_t i;
		snprintf(path, sizeof path, "/api/v1/cases?limit=%d%s%s", PAGE_MAX,
			 next[0] ? "&cursor=" : "", next);
		if (demo_ask(y->c, lead, "GET", path, NULL, &answer) != 200) {
			json_decref(answer);
			return false;
		}
		json_array_foreach(json_object_get(answer, "cases"), i, row) take_row(y, row);
		snprintf(next, sizeof next, "%s",
			 json_string_value(json_object_get(answer, "next"))
			     ? json_string_value(json_object_get(answer, "next"))
			     : "");
		json_decref(answer);
	} while (next[0]);
	for (unsigned i = 0; i < y->memo_n; i++)
		if (y->memo[i].live)
			y->memo[kept++] = y->memo[i];
	y->memo_n = kept;
	return true;
}

/* ---- the scripted case: the dark lamp ---- */

#define AT(day, hour, minute) ((day)*1440 + (hour)*60 + (minute))

/* Minutes from the day before the day. A step that names a picture attaches one first. */
static const struct {
	int minute;
	const char *role, *unit, *command, *field[3][2];
} script[] = {
    {AT(0, 18, 50), "intake", "", "open", {{"category", "0102"}}},
    {AT(0, 19, 0), "dispatcher", "", "dispatch", {{NULL}}},
    {AT(1, 8, 40),
     "unit_handler",
     "URB",
     "hand_back",
     {{"hand_back_reason", "wrong_component"},
      {"hand_back_ground", "灯具编号 L-03-017，由物业养护"},
      {"proposed_unit", "PMC"}}},
    {AT(1, 8, 50), "dispatcher", "", "dispatch", {{"lead_unit", "PMC"}}},
    {AT(1, 9, 10), "unit_handler", "PMC", "receive", {{NULL}}},
    {AT(1, 9, 40), "unit_handler", "PMC", "contact", {{"contact_outcome", "reached"}}},
    {AT(1, 14, 10),
     "unit_handler",
     "PMC",
     "feedback",
     {{"answer", "已更换灯泡"}, {"photo_after", NULL}}},
    {AT(1, 14, 30), "duty_officer", "", "answer_review", {{NULL}}},
    {AT(1, 19, 20),
     "grid_worker",
     "G",
     "site_check",
     {{"site_result", "passed"}, {"site_photo", NULL}}},
    {AT(1, 19, 50), "reporter", "", "not_solved", {{"not_solved_text", "天黑以后还是不亮"}}},
    {AT(1, 20, 10), "unit_handler", "PMC", "contact", {{"contact_outcome", "reached"}}},
    {AT(1, 20, 50),
     "unit_handler",
     "PMC",
     "feedback",
     {{"answer", "更换了镇流器和线路，已亮"}, {"photo_after", NULL}}},
    {AT(1, 21, 0), "duty_officer", "", "answer_review", {{NULL}}},
    {AT(1, 21, 20),
     "grid_worker",
     "G",
     "site_check",
     {{"site_result", "passed"}, {"site_photo", NULL}}},
    {AT(1, 21, 40), "reporter", "", "callback", {{"callback_result", "solved"}}},
    {AT(1, 21, 50), "reporter", "", "rate", {{"answer_rate", "3"}}},
};
#define SCRIPT_N (sizeof script / sizeof script[0])
#define SCRIPT_BEGIN AT(0, 18, 40)

static void script_begins(struct day *y)
{
	json_t *answer = hand_in(y, &y->teller, "三坊中间的路灯不亮，整条巷子都是黑的", true, 2, 0);
	const char *secret = json_string_value(json_object_get(answer, "secret"));
	struct memo *m;

	y->scripted_id = (uint64_t)json_integer_value(json_object_get(answer, "id"));
	snprintf(y->teller.secret, sizeof y->teller.secret, "%s", secret ? secret : "");
	json_decref(answer);
	m = y->scripted_id ? memo_of(y, y->scripted_id) : NULL;
	if (m)
		m->scripted = true;
}

static bool script_step(struct day *y, unsigned i, const char *area)
{
	const char *v[6] = {NULL};
	struct demo_actor *who =
	    strcmp(script[i].role, "reporter") == 0
		? &y->teller
		: demo_staff(y->p, script[i].role, area[0] ? "" : script[i].unit, area);
	char photo[24];

	for (unsigned k = 0; k < 3 && script[i].field[k][0]; k++) {
		v[2 * k] = script[i].field[k][0];
		v[2 * k + 1] = script[i].field[k][1];
		if (!v[2 * k + 1])
			v[2 * k + 1] = attach(y, who, y->scripted_id, v[2 * k], photo);
	}
	return step(y, who, y->scripted_id, script[i].command, v[0], v[1], v[2], v[3], v[4], v[5],
		    NULL);
}

/* One step at a time: what it needs was done at an earlier look. */
static void play_script(struct day *y)
{
	int64_t minute = (y->now_us - (DEMO_DAY_AT_US - DEMO_DAY_US)) / MINUTE_US;
	struct memo *m;

	if (y->scripted_id == 0 && minute >= SCRIPT_BEGIN && minute < SCRIPT_BEGIN + 60)
		script_begins(y);
	if (y->scripted_id == 0)
		return;
	m = memo_of(y, y->scripted_id);
	while (y->scripted < SCRIPT_N && script[y->scripted].minute <= minute && m) {
		if (!script_step(y, y->scripted, script[y->scripted].unit[0] == 'G' ? m->area : ""))
			log_event(LOG_WARN_LEVEL, "demo", "script-step=%u command=%s", y->scripted,
				  script[y->scripted].command);
		y->scripted++;
	}
}

/* ---- time ---- */

/* Reports of a day lie between 7:00 and 21:30, most of them in the morning and the evening. */
static void hand_in_those_of(struct day *y, int64_t from_us)
{
	int64_t day = (y->now_us + ZONE_US) / DEMO_DAY_US;
	unsigned n = y->now_us < DEMO_DAY_AT_US ? BEFORE_REPORTS : DAY_REPORTS;
	int64_t begin = day * DEMO_DAY_US - ZONE_US;

	for (unsigned i = 0; i < n; i++) {
		uint64_t h = demo_mix(demo_mix(SEED, (uint64_t)day), i);
		int64_t at = begin + (420 + demo_chance(demo_mix(h, 9), 870)) * MINUTE_US;
		if (at > from_us && at <= y->now_us)
			report(y, h, i < DEMANDS);
	}
}

static bool act(struct day *y, int64_t from_us)
{
	demo_duty_step(y->c, y->p, &y->duty, y->now_us);
	hand_in_those_of(y, from_us);
	play_script(y);
	if (!take_list(y))
		return false;
	for (unsigned i = 0; i < y->memo_n && !y->d->stop; i++)
		if (!y->memo[i].scripted)
			do_next(y, &y->memo[i]);
	return true;
}

static bool take_clock(struct day *y)
{
	json_t *answer = NULL;
	bool is_there = demo_ask(y->c, NULL, "GET", "/api/v1/demo/clock", NULL, &answer) == 200;

	if (is_there)
		y->now_us = json_integer_value(json_object_get(answer, "now"));
	json_decref(answer);
	return is_there;
}

/* Answered when every timer that was due by then is done. */
static bool move_to(struct day *y, int64_t to_us)
{
	return demo_ask(y->c, demo_staff(y->p, "desk_lead", "", ""), "POST", "/api/v1/demo/clock",
			json_pack("{s:I}", "to", (json_int_t)to_us), NULL) == 200 &&
	       take_clock(y);
}

static int64_t next_step(const struct day *y)
{
	int64_t by = is_between(y, 6, 23) ? STEP_US : NIGHT_STEP_US;

	return (y->now_us / by + 1) * by;
}

/* As fast as it goes, up to that instant. */
static bool play_until(struct day *y, int64_t until_us)
{
	while (y->now_us < until_us && !y->d->stop) {
		int64_t from = y->now_us, to = next_step(y);
		if (!move_to(y, to < until_us ? to : until_us) || !act(y, from))
			return false;
		demo_show(y->d, y->now_us);
	}
	return !y->d->stop;
}

/* ---- the figures of the day ---- */

static struct demo_figure *figure(struct demo_result *r, const char *name)
{
	for (unsigned i = 0; i < r->figures_n; i++)
		if (strcmp(r->figure[i].name, name) == 0)
			return &r->figure[i];
	if (r->figures_n == DEMO_FIGURES_MAX)
		return NULL;
	snprintf(r->figure[r->figures_n].name, sizeof r->figure[0].name, "%s", name);
	r->figure[r->figures_n].n = 0;
	return &r->figure[r->figures_n++];
}

/* What the office counts for the month, added to (sign 1) or taken from (-1) the figures. */
static bool count(struct day *y, int sign)
{
	json_t *answer = NULL, *row;
	bool is_there = demo_ask(y->c, demo_staff(y->p, "desk_lead", "", ""), "GET",
				 "/api/v1/figures?from=202606&until=202606", NULL, &answer) == 200;
	size_t i;

	json_array_foreach(json_object_get(answer, "rows"), i, row)
	{
		const char *name = json_string_value(json_object_get(row, "name"));
		struct demo_figure *f = name ? figure(&y->d->result, name) : NULL;
		if (f)
			f->n +=
			    (uint64_t)(sign * json_integer_value(json_object_get(row, "cases")));
	}
	json_decref(answer);
	return is_there;
}

static bool play_the_day(struct day *y)
{
	struct demo_figure *f;

	if (!play_until(y, DEMO_DAY_AT_US) || !count(y, -1))
		return false;
	y->dispatched = 0;
	if (!play_until(y, DEMO_DAY_AT_US + DEMO_DAY_US - 1) || !count(y, 1))
		return false;
	f = figure(&y->d->result, "dispatched");
	if (f)
		f->n = y->dispatched;
	return f != NULL;
}

/* On and on, by the clock as it goes. */
static bool go_on(struct day *y)
{
	do {
		int64_t from = y->now_us;
		if (!take_clock(y))
			return false;
		if (y->now_us < from + STEP_US / 10) {
			y->now_us = from;
			continue;
		}
		if (y->now_us - from > CATCH_UP_US)
			from = y->now_us - CATCH_UP_US;
		if (!act(y, from))
			return false;
	} while (demo_sleep(y->d, LOOK_EVERY_US));
	return true;
}

bool demo_live(struct demo *d, struct demo_client *c, struct demo_people *p)
{
	struct day y = {.d = d, .c = c, .p = p};
	bool done;

	y.memo = calloc(CASES_MAX, sizeof *y.memo);
	done = y.memo && take_clock(&y);
	if (done && d->o.once)
		done = play_the_day(&y);
	else if (done)
		done = play_until(&y, DEMO_DAY_AT_US + 8 * DEMO_HOUR_US) && go_on(&y);
	free(y.memo);
	return done;
}
