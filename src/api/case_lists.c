/* Lists of cases: the queue by deadline, a search, a box, the nearest, what is suspended; and what
 * a report that is being written looks like. No personal text is in any of them. */
#include "access.h"
#include "case_rows.h"

#include "base/check.h"
#include "service/cases.h"
#include "service/case_parties.h"
#include "service/case_row.h"
#include "service/case_search.h"
#include "service/cases_find.h"
#include "service/kind_case.h"

#include <stdlib.h>

#define LIST_MAX QUEUE_PAGE_MAX
#define SEARCH_LOOKS_MAX 8u
#define FIND_ARENA_BYTES (CASE_SEARCH_FIND_MAX * 256u)

/* ---- the queue ---- */

/* What the query's `mark` asks for. ERR_BAD_INPUT with the problem answered: false. */
static bool mark_wanted(struct api *api, struct api_call *call, struct queue_filter *f)
{
	struct str mark = call_str(call, "mark");

	f->marks = mark.n > 0 ? mark_of(mark) : 0;
	f->only_imported = str_eq(mark, STR("imported"));
	if (mark.n == 0 || f->marks != 0 || f->only_imported)
		return true;
	api_problem(api, call, ERR_BAD_INPUT, "mark", MSG_QUERY_MARK_REMEDY);
	return false;
}

/* Empty where the query has none. ERR_BAD_INPUT with the problem answered: false. */
static bool filter_of(struct api *api, struct api_call *call, const struct viewer *viewer,
		      struct queue_filter *ret)
{
	struct str drills = call_str(call, "drills");
	struct queue_filter f = {
	    .category = call_str(call, "category"),
	    .state = call_str(call, "state"),
	    .owner = call_str(call, "owner"),
	    .unit = call_str(call, "unit"),
	    .area = call_str(call, "area"),
	    .priority = (unsigned)call_u64(call, "priority"),
	    .step = (int)call_u64(call, "step") - 1,
	    .due_before_us = (int64_t)call_u64(call, "due_before"),
	    .with_drills = str_eq(drills, STR("with")),
	    .only_drills = str_eq(drills, STR("only")),
	};

	f.may_see = viewer->where & POLICY_WHERE_ANY ? NULL : viewer_may_see;
	f.viewer = viewer;
	if (!mark_wanted(api, call, &f))
		return false;
	*ret = f;
	return true;
}

static void put_sums(json_t **to, const struct queue_sums *sums)
{
	json_t *json = json_object();

	put_u64(&json, "open", sums->open);
	put_u64(&json, "overdue", sums->overdue);
	put_u64(&json, "due_soon", sums->due_soon);
	put_u64(&json, "imported", sums->imported);
	json_put(to, "sums", json);
}

static json_t *list_of(struct api *api, const struct queue_row *rows, unsigned n, bool more)
{
	json_t *json = json_object(), *cases = json_array();

	for (unsigned i = 0; i < n; i++)
		json_push(&cases, case_row_json(api->reader->db, &rows[i]));
	json_put(&json, "cases", cases);
	put_bool(&json, "more", more);
	put_u64(&json, "seq", queue_seen(api->queue));
	return json;
}

enum api_next route_listCases(struct api *api, struct api_call *call)
{
	struct queue_row rows[LIST_MAX];
	struct queue_filter f;
	struct queue_sums sums;
	struct viewer viewer;
	int64_t after_due_us = 0, after_id = 0;
	unsigned limit = (unsigned)call_u64(call, "limit"), n = 0;
	bool more = false, ok = true;
	char next[API_CURSOR_BYTES_MAX];
	json_t *json;
	enum err e;

	if (!access_many(api, call, POLICY_LIST_CASES, &viewer))
		return API_ANSWERED;
	if (!filter_of(api, call, &viewer, &f))
		return API_ANSWERED;
	(void)take_cursor(api, call, &after_due_us, &after_id, &ok);
	if (!ok)
		return API_ANSWERED;
	e = queue_page(api->queue, &f, after_due_us, (uint64_t)after_id, limit, rows, &n, &more);
	if (e == ERR_OK)
		e = queue_sums(api->queue, api_now(api), &sums);
	if (e != ERR_OK)
		return refuse(api, call, e, NULL, MSG_COUNT);
	json = list_of(api, rows, n, more);
	put_sums(&json, &sums);
	if (more)
		put_z(&json, "next",
		      cursor_put(call, rows[n - 1].due_us, (int64_t)rows[n - 1].id, next));
	respond_json(api, call, 200, json);
	return API_ANSWERED;
}

bool call_box(struct api *api, struct api_call *call, struct geo_box *ret)
{
	struct geo_box box = {
	    .south_e7 = (int32_t)call_i64(call, "south"),
	    .north_e7 = (int32_t)call_i64(call, "north"),
	    .west_e7 = (int32_t)call_i64(call, "west"),
	    .east_e7 = (int32_t)call_i64(call, "east"),
	};

	if (box.south_e7 > box.north_e7 || box.west_e7 > box.east_e7) {
		api_problem(api, call, ERR_BAD_INPUT,
			    box.south_e7 > box.north_e7 ? "north" : "east", MSG_BOX_REMEDY);
		return false;
	}
	*ret = box;
	return true;
}

struct geo_point call_point(const struct api_call *call)
{
	return (struct geo_point){(int32_t)call_i64(call, "lat"),
				  (int32_t)call_i64(call, "lon")};
}

/* Everything that the asker may see, or the refusal (false). */
static bool all_seen(struct api *api, struct api_call *call, enum policy_action action,
		     struct viewer *viewer, struct queue_filter *ret)
{
	if (!access_many(api, call, action, viewer))
		return false;
	*ret = (struct queue_filter){
	    .step = -1,
	    .may_see = viewer->where & POLICY_WHERE_ANY ? NULL : viewer_may_see,
	    .viewer = viewer,
	};
	return true;
}

enum api_next route_casesInBox(struct api *api, struct api_call *call)
{
	struct queue_filter f;
	struct viewer viewer;
	struct queue_row *rows = malloc(QUEUE_BOX_MAX * sizeof *rows);
	struct geo_box box;
	bool more = false;
	unsigned n = 0;
	enum err e;

	if (!rows)
		return refuse(api, call, ERR_NO_MEMORY, NULL, MSG_COUNT);
	if (call_box(api, call, &box) && all_seen(api, call, POLICY_SEE_MAP, &viewer, &f) &&
	    mark_wanted(api, call, &f)) {
		e = queue_box(api->queue, &f, &box, QUEUE_BOX_MAX, rows, &n, &more);
		if (e != ERR_OK)
			api_problem(api, call, e, NULL, MSG_COUNT);
		else
			respond_json(api, call, 200, list_of(api, rows, n, more));
	}
	free(rows);
	return API_ANSWERED;
}

enum api_next route_casesNear(struct api *api, struct api_call *call)
{
	struct queue_row rows[QUEUE_NEAR_MAX];
	uint64_t limit = call_u64(call, "limit");
	struct queue_filter f;
	struct viewer viewer;
	unsigned n = 0;
	enum err e;

	if (!all_seen(api, call, POLICY_SEE_MAP, &viewer, &f))
		return API_ANSWERED;
	e = queue_near(api->queue, &f, call_point(call),
		       (unsigned)(limit < QUEUE_NEAR_MAX ? limit : QUEUE_NEAR_MAX), rows, &n);
	if (e != ERR_OK)
		return refuse(api, call, e, NULL, MSG_COUNT);
	respond_json(api, call, 200, list_of(api, rows, n, false));
	return API_ANSWERED;
}

/* ---- search ---- */

static json_t *found_of(const struct cases_found *f, struct str place_title, bool by_number)
{
	json_t *json = json_object();

	put_u64(&json, "id", f->id);
	put_number(&json, "number", f->number);
	put_i64(&json, "handed_in", f->at_us);
	put_str(&json, "category", f->category);
	put_str(&json, "state", f->state);
	put_given(&json, "outcome", f->outcome);
	put_given(&json, "unit", f->unit);
	put_given(&json, "place_title", place_title);
	if (by_number)
		put_bool(&json, "by_number", true);
	return json;
}

struct search {
	struct viewer viewer;
	uint64_t before; /* go on below this case; 0: from the newest */
	unsigned left;   /* of the page */
	bool more;
	json_t *cases;
	struct cases_found found[CASE_SEARCH_FIND_MAX];
	uint64_t numbered[CASES_NUMBERED_MAX]; /* told of on the first page, by their number */
	unsigned numbered_n;
	bool is_told; /* one of them on this page */
};

static void add_found(struct api *api, struct search *s, const struct cases_found *f,
		      bool by_number)
{
	struct queue_row row = {.unit = f->unit, .area = f->area};
	struct case_parties parties;
	struct case_row of;
	_Alignas(16) char memory[CASE_LINE_ARENA_BYTES];
	struct case_line line = {0};
	struct arena a;

	if (!viewer_may_see(&s->viewer, &row)) { /* by its own part in it? */
		if (!(s->viewer.where & (POLICY_WHERE_JOINT_UNIT | POLICY_WHERE_TOLD_UNIT)) ||
		    case_row_get(api->reader->db, f->id, &of) != ERR_OK)
			return;
		case_parties_of(of.doc, &parties);
		row.joint = parties.joint;
		row.told = parties.told;
		if (!viewer_may_see(&s->viewer, &row))
			return;
	}
	arena_init(&a, memory, sizeof memory);
	if (case_line(api->reader->db, f->id, 0, &a, &line) != ERR_OK)
		line.place_title = STR("");
	json_push(&s->cases, found_of(f, line.place_title, by_number));
	s->left--;
}

static bool is_numbered(const struct search *s, uint64_t id)
{
	for (unsigned i = 0; i < s->numbered_n; i++)
		if (s->numbered[i] == id)
			return true;
	return false;
}

/* Those that another office calls by just this number stand on the first page, before all others,
 * and on no other. That a case has it is told to whoever may open the field in that case: to
 * others it is as if nobody had given one. */
static enum err find_numbered(struct api *api, struct api_call *call, struct search *s,
			      char *memory)
{
	struct cases_found found[CASES_NUMBERED_MAX];
	struct arena a;
	unsigned n = 0, limit = s->left;

	arena_init(&a, memory, FIND_ARENA_BYTES);
	TRY(cases_numbered(api->reader, call_str(call, "q"), call_str(call, "area"), &a, found,
			   &n));
	for (unsigned i = 0; i < n && s->numbered_n < limit; i++) {
		bool may = false;
		enum err e = access_post_opens(api, call, found[i].id, CASE_OUTSIDE_NUMBER, &may);
		if (e != ERR_OK && e != ERR_NOT_FOUND)
			return e;
		if (!may)
			continue;
		s->numbered[s->numbered_n++] = found[i].id;
		if (s->before == 0)
			add_found(api, s, &found[i], true);
	}
	s->is_told = s->left < limit;
	if (s->is_told)
		s->before = INT64_MAX; /* the newest of the others, but no first page */
	return ERR_OK;
}

/* Until the page is full. What the asker may not see is passed over, so that a page of a unit takes
 * more than one look; at most SEARCH_LOOKS_MAX of them, then a page may be short and not the
 * last. */
static enum err search(struct api *api, struct api_call *call, struct search *s, char *memory,
		       struct problem *problem)
{
	enum err e;

	TRY(find_numbered(api, call, s, memory));
	s->more = true;
	for (unsigned look = 0; s->more && s->left > 0 && look < SEARCH_LOOKS_MAX; look++) {
		struct arena a;
		unsigned n = 0;
		arena_init(&a, memory, FIND_ARENA_BYTES);
		e = cases_search(api->reader, call_str(call, "q"), call_str(call, "area"),
				 s->before, s->left, &a, s->found, &n, &s->more, problem);
		if (e == ERR_BAD_INPUT && s->is_told) { /* a number that is no words */
			s->more = false;
			break;
		}
		TRY(e);
		for (unsigned i = 0; i < n; i++)
			if (!is_numbered(s, s->found[i].id))
				add_found(api, s, &s->found[i], false);
		if (n == 0)
			break;
		s->before = s->found[n - 1].id;
	}
	return ERR_OK;
}

enum api_next route_searchCases(struct api *api, struct api_call *call)
{
	uint64_t wanted = call_u64(call, "limit");
	struct search *s = calloc(1, sizeof *s);
	char *memory = malloc(FIND_ARENA_BYTES);
	char next[API_CURSOR_BYTES_MAX];
	struct problem problem = {0};
	int64_t none = 0, before = 0;
	bool ok = true;
	json_t *json;
	enum err e;

	(void)take_cursor(api, call, &none, &before, &ok);
	if (!ok || !access_at_desk(api, call)) {
		/* answered */
	} else if (!s || !memory) {
		api_problem(api, call, ERR_NO_MEMORY, NULL, MSG_COUNT);
	} else if (access_many(api, call, POLICY_SEARCH_CASES, &s->viewer)) {
		s->before = (uint64_t)before;
		s->left = (unsigned)(wanted < CASE_SEARCH_FIND_MAX ? wanted : CASE_SEARCH_FIND_MAX);
		s->cases = json_array();
		e = search(api, call, s, memory, &problem);
		if (e != ERR_OK) {
			json_decref(s->cases);
			api_problem_of(api, call, e, &problem, "q");
		} else {
			json = json_object();
			json_put(&json, "cases", s->cases);
			put_bool(&json, "more", s->more);
			if (s->more)
				put_z(&json, "next", cursor_put(call, 0, (int64_t)s->before, next));
			respond_json(api, call, 200, json);
		}
	}
	free(memory);
	free(s);
	return API_ANSWERED;
}

/* ---- a report that is being written ---- */

void put_masked(json_t **to, const char *key, const struct mask_counts *counts)
{
	static const char *const names[MASK_KIND_COUNT] = {
	    [MASK_PLATE] = "plates",
	    [MASK_IDENTITY] = "identity_numbers",
	    [MASK_PASSPORT] = "passports",
	    [MASK_CARD] = "cards",
	};
	json_t *json = json_object();

	for (unsigned i = 0; i < MASK_KIND_COUNT; i++)
		if (counts->of[i] > 0)
			put_u64(&json, names[i], counts->of[i]);
	json_put(to, key, json);
}

/* Is anything published of it: by its category, or, before it has one, by any of its type? */
static bool is_published(const struct cases_shelf *shelf, const struct queue_row *row,
			 const struct cases_type *type)
{
	const struct cases_categories *table = &shelf->now.categories;

	for (unsigned i = 0; i < table->n; i++) {
		const struct cases_category *c = &table->v[i];
		bool is_its = row->category.n > 0 ? str_eq(c->name.text, row->category)
						  : type && str_eq(c->type.text, type->name.text);
		if (is_its && c->publish != CASES_PUBLISH_NOTHING)
			return true;
	}
	return false;
}

/* Whoever reports is told of matters that are public; whoever may list the case, of all. */
static bool may_be_told(struct api *api, struct api_call *call, const struct queue_row *row,
			uint64_t type_n)
{
	const struct cases_shelf *shelf = api_shelf(api, call);
	struct viewer viewer;

	if (shelf && is_published(shelf, row, shelf_type(shelf, type_n)))
		return true;
	return access_viewer(api, call, POLICY_LIST_CASES, &viewer) == ERR_OK &&
	       viewer_may_see(&viewer, row);
}

static json_t *duplicate_of(struct api *api, struct api_call *call, const struct similar *s)
{
	_Alignas(16) char memory[CASE_LINE_ARENA_BYTES];
	struct arena a;
	struct case_line line = {0};
	struct queue_row row;
	char text[256];
	struct buf reasons = buf_over(text, sizeof text);
	json_t *json, *list;

	arena_init(&a, memory, sizeof memory);
	/* closed since, or nobody's to know */
	if (queue_get(api->queue, s->id, &row) != ERR_OK ||
	    case_line(api->reader->db, s->id, 0, &a, &line) != ERR_OK ||
	    !may_be_told(api, call, &row, line.type_n))
		return NULL;
	json = json_object();
	list = json_array();
	put_u64(&json, "id", s->id);
	put_number(&json, "number", row.number);
	put_str(&json, "category", row.category);
	put_str(&json, "state", row.state);
	put_given(&json, "unit", row.unit);
	put_i64(&json, "handed_in", line.handed_in_us);
	if (s->distance_m != SIMILAR_NO_DISTANCE)
		put_i64(&json, "distance", s->distance_m);
	put_given(&json, "place_title", line.place_title);
	put_i64(&json, "points", s->score);
	similar_put_reasons(s, call->lang, &reasons);
	json_push(&list, json_stringn(reasons.p, reasons.n));
	json_put(&json, "reasons", list);
	return json;
}

static void put_category(struct api *api, json_t **to, const struct cases_shelf *shelf,
			 struct str text)
{
	struct classify_result result = {0};
	struct proposer *p = api_proposer(api, shelf);

	if (p && proposer_category(p, text, &result) == ERR_OK && result.is_sure)
		put_str(to, "category", shelf->now.categories.v[result.best].name.text);
}

enum api_next route_proposeCase(struct api *api, struct api_call *call)
{
	const struct cases_shelf *shelf = api_shelf(api, call);
	struct similar similar[SIMILAR_LIST_MAX];
	struct mask_counts masked = {0};
	struct cases_report report = {
	    .text = json_str(call->json, "text"),
	    .place = (uint64_t)json_i64(call->json, "place", 0),
	    .has_at = body_point(call->json, "at", &report.at),
	    .category = cases_category_value(json_str(call->json, "category")),
	    .now_us = api_now(api),
	};
	char *room = malloc(report.text.n * MASK_GROWTH + 1);
	json_t *json, *list;
	unsigned n = 0;
	enum err e;

	if (!room)
		return refuse(api, call, ERR_NO_MEMORY, NULL, MSG_COUNT);
	struct buf text = buf_over(room, report.text.n * MASK_GROWTH + 1);
	mask_text(report.text, &text, &masked);
	report.text = buf_str(&text);
	e = shelf ? cases_duplicates(api->reader, &report, similar, &n) : ERR_NOT_FOUND;
	if (e != ERR_OK) {
		seal_wipe(room, text.cap);
		free(room);
		return refuse(api, call, e, NULL, MSG_COUNT);
	}
	json = json_object();
	list = json_array();
	put_category(api, &json, shelf, report.text);
	for (unsigned i = 0; i < n; i++) {
		json_t *one = duplicate_of(api, call, &similar[i]);
		if (one)
			json_push(&list, one);
	}
	json_put(&json, "duplicates", list);
	put_masked(&json, "masked", &masked);
	seal_wipe(room, text.cap);
	free(room);
	respond_json(api, call, 200, json);
	return API_ANSWERED;
}
