/* What the files beside the case types say: the shipped tables against the proposal they come from,
 * limits, routing, and mistakes in files, each told at its place. */
#include "book.h"

#include "base/civil.h"
#include "cases/route.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

static void shipped_book(struct arena *a, struct cases_book *ret)
{
	const struct book_texts shipped = {0};
	static struct cases_failure failure;

	book_read(&shipped, a, ret);
	if (cases_prove_book(ret, &failure) != ERR_OK)
		book_say(&failure.problem);
}

/* ---- the table of categories, once more ---- */

static const struct {
	const char *code, *type, *lead, *with;
	unsigned priority, priority_if; /* with every condition of the site */
	const char *confirmed_by;
	const char *limits[CASES_STAGE_COUNT]; /* c a s f r: without a condition, then with all */
} proposal[] = {
    {"0101", "resident-request", "ASSET", "URB", 2, 2, "GR", {"30m", "1h", "1h", "6h 36h", ""}},
    {"0102", "resident-request", "ASSET", "PWR", 3, 1, "GR", {"", "", "- 30m", "1wd 3wd", ""}},
    {"0104", "resident-request", "URB", "WAT", 3, 1, "GR", {"", "", "- 1h", "3wd 10wd", "5wd"}},
    {"0204", "resident-request", "WAT", "PMC URB", 2, 2, "GR", {"30m", "4h", "", "24h", "5d"}},
    {"0205", "resident-request", "URB", "PMC", 3, 1, "GR", {"", "- 1h", "- 2h", "5wd", ""}},
    {"0302", "resident-request", "PMC", "POL FIR", 2, 2, "GR", {"", "30m", "", "3h", ""}},
    {"0304", "resident-request", "URB", "POL PMC", 3, 2, "R", {"", "- 1h", "", "5wd", ""}},
    {"0305", "safety-incident", "PMC", "POL SAF", 2, 2, "GR", {"", "", "30m", "1wd 3wd", ""}},
    {"0401", "safety-incident", "FIR", "DESK BMG PMC", 1, 1, "GD", {"", "3m", "5m", "", ""}},
    {"0601", "safety-incident", "PMC", "MKT FIR", 1, 1, "RD", {"2m", "30m", "", "", ""}},
    {"0605", "resident-request", "PMC", "CIV HSG", 3, 3, "R", {"1wd", "", "", "5wd 15wd", ""}},
    {"0704", "dispute-mediation", "JUS", "OWN HSG POL", 3, 2, "", {"1wd", "- 2h", "", "30d", ""}},
    {"1001", "safety-incident", "WAT", "SAF PMC GRD", 1, 1, "GM", {"", "30m", "1h", "4h 12h", ""}},
    /* not of the proposal: what is imported and fits nothing */
    {"9901", "resident-request", "DESK", "", 3, 3, "R", {"1wd", "", "", "5wd", ""}},
};

static void put_limit(const struct cases_limit *l, struct buf *out)
{
	if (!l) {
		buf_put_char(out, '-');
		return;
	}
	assert_int_equal(l->kind, CASES_LIMIT_SPAN);
	buf_put_u64(out, l->amount);
	buf_put_z(out, time_unit_code(l->unit));
}

/* "6h 36h", "1wd", "- 30m", "" */
static void limits_text(const struct cases_limits *l, struct buf *out)
{
	const struct cases_limit *plain = cases_limit_of(l, 0),
				 *special = cases_limit_of(l, UINT64_MAX);

	if (l->n == 0)
		return;
	put_limit(plain, out);
	if (special != plain) {
		buf_put_char(out, ' ');
		put_limit(special, out);
	}
}

static void the_categories_are_the_proposal(void **state)
{
	static const char letters[] = "RGMDO";
	struct arena a = book_arena();
	struct cases_book book;

	shipped_book(&a, &book);
	assert_int_equal(ROWS(proposal), 14);
	assert_int_equal(book.categories.n, 14);
	for (size_t i = 0; i < ROWS(proposal); i++) {
		const struct cases_category *c = &book.categories.v[i];
		unsigned confirms = 0;
		char with[64];
		struct buf out = buf_over(with, sizeof with);
		assert_true(str_eq(c->name.text, str_of(proposal[i].code)));
		assert_true(str_eq(c->type.text, str_of(proposal[i].type)));
		assert_true(str_eq(c->lead.text, str_of(proposal[i].lead)));
		for (unsigned k = 0; k < c->with.n; k++) {
			buf_put_z(&out, k > 0 ? " " : "");
			buf_put_str(&out, c->with.v[k].text);
		}
		assert_string_equal(buf_z(&out), proposal[i].with);
		for (const char *p = proposal[i].confirmed_by; *p; p++)
			confirms |= 1u << (strchr(letters, *p) - letters);
		assert_int_equal(c->confirms, confirms);
		assert_int_equal(cases_priority_of(&c->priority, 0), proposal[i].priority);
		assert_int_equal(cases_priority_of(&c->priority, UINT64_MAX),
				 proposal[i].priority_if);
		for (unsigned s = 0; s < CASES_STAGE_COUNT; s++) {
			char text[64];
			out = buf_over(text, sizeof text);
			limits_text(&c->limits[s], &out);
			assert_string_equal(buf_z(&out), proposal[i].limits[s]);
		}
	}
	free(a.p);
}

/* Nine classes, twenty-five items; their sensitivity, from the proposal's column. */
static void the_catalogue_is_the_proposal(void **state)
{
	static const unsigned sensitivity[25] = {0, 1, 0, 2, 2, 2, 2, 3, 3, 1, 0, 0, 1,
						 0, 0, 1, 1, 1, 1, 0, 2, 1, 3, 2, 0};
	static const unsigned in[25] = {1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 5,
					5, 5, 6, 6, 6, 7, 7, 8, 8, 8, 9, 9};
	struct arena a = book_arena();
	struct cases_book book;

	shipped_book(&a, &book);
	assert_int_equal(book.catalogue.classes_n, 9);
	assert_int_equal(book.catalogue.items_n, 25);
	for (unsigned i = 0; i < 25; i++) {
		const struct cases_item *item = &book.catalogue.items[i];
		char code[3] = {(char)('0' + (i + 1) / 10), (char)('0' + (i + 1) % 10), 0};
		assert_true(str_eq(item->name.text, str_of(code)));
		assert_int_equal(item->sensitivity, sensitivity[i]);
		assert_int_equal(item->class_number, in[i]);
		assert_true(item->fields_n >= 2);
	}
	free(a.p);
}

static void the_desk_has_nine_limits(void **state)
{
	struct arena a = book_arena();
	struct cases_book book;

	shipped_book(&a, &book);
	assert_int_equal(book.desk_n, 9);
	const struct cases_desk_limit *back = &book.desk[4];
	assert_true(str_eq(back->name.text, STR("hand_back")));
	assert_int_equal(back->by_priority[0].v[0].kind, CASES_LIMIT_NEVER);
	assert_int_equal(back->by_priority[2].v[0].amount, 4);
	assert_int_equal(back->by_priority[2].v[0].unit, TIME_UNIT_WORKING_HOUR);
	assert_int_equal(back->most.v[0].unit, TIME_UNIT_WORKING_DAY);
	assert_int_equal(book.desk[0].by_priority[0].v[0].kind, CASES_LIMIT_AT_ONCE);
	assert_int_equal(book.desk[7].by_priority[0].v[0].kind, CASES_LIMIT_SAME_DAY);
	assert_true(str_eq(book.desk[8].name.text, STR("extension")));
	assert_int_equal(book.desk[8].by_priority[2].v[0].amount, 3);
	assert_int_equal(book.desk[8].by_priority[2].v[0].unit, TIME_UNIT_WORKING_DAY);
	assert_int_equal(book.desk[8].by_priority[3].v[0].amount, 180);
	assert_int_equal(book.units_n, 23);
	assert_int_equal(book.areas_n, 12);
	free(a.p);
}

static void limits_are_read(void **state)
{
	static const struct {
		const char *text;
		bool good;
		unsigned n;
	} rows[] = {
	    {"30m", true, 1},
	    {"6h|36h (works)", true, 2},
	    {" 8h | 24h (big) | 48h (main) ", true, 3},
	    {"4wh (bags)|2wd (heap)", true, 2},
	    {"by review_on", true, 1},
	    {"at-once", true, 1},
	    {"never", true, 1},
	    {"same-day", true, 1},
	    {"", false, 0},
	    {"6", false, 0},
	    {"h", false, 0},
	    {"0h", false, 0},
	    {"-1h", false, 0},
	    {"6h|", false, 0},
	    {"|6h", false, 0},
	    {"6h|7h", false, 0},
	    {"6h (x)|7h (x)", false, 0},
	    {"6h (", false, 0},
	    {"6h ()", false, 0},
	    {"(x)", false, 0},
	    {"6h (x) y", false, 0},
	    {"1h|2h (a)|3h (b)|4h (c)|5h (d)", false, 0},
	    {"100001d", false, 0},
	    {"by ", false, 0},
	    {"6 h", false, 0},
	};
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct cases_limits l;
		struct cases_at at = {STR("f"), 1, 1};
		bool good = cases_limits_parse(str_of(rows[i].text), at, &l);
		if (good != rows[i].good || (good && l.n != rows[i].n))
			fail_msg("\"%s\"", rows[i].text);
	}
	struct cases_priority p;
	assert_true(cases_priority_parse(STR("3|1 (live)|2 (x)"), (struct cases_at){0}, &p));
	assert_int_equal(p.n, 3);
	assert_false(cases_priority_parse(STR("1 (live)"), (struct cases_at){0}, &p));
	assert_false(cases_priority_parse(STR("0"), (struct cases_at){0}, &p));
	assert_false(cases_priority_parse(STR("5"), (struct cases_at){0}, &p));
}

/* ---- routing ---- */

static unsigned category_of(const struct cases_book *b, const char *code)
{
	for (unsigned i = 0; i < b->categories.n; i++)
		if (str_eq(b->categories.v[i].name.text, str_of(code)))
			return i;
	fail_msg("no category %s", code);
	return 0;
}

static void matters_find_their_unit(void **state)
{
	static const unsigned g05[] = {4}, g01[] = {0};
	static const struct {
		const char *category, *component, *owner;
		const unsigned *areas;
		const char *lead;
		enum cases_why why;
	} rows[] = {
	    /* the register knows the owner */
	    {"0101", "manhole", "WAT", NULL, "WAT", CASES_WHY_COMPONENT},
	    /* it does not, or names no unit of ours: the fallback of the look-up */
	    {"0101", "manhole", "", NULL, "URB", CASES_WHY_CATEGORY},
	    {"0101", "", "", NULL, "URB", CASES_WHY_CATEGORY},
	    {"0101", "manhole", "XYZ", NULL, "URB", CASES_WHY_CATEGORY},
	    /* a lane lamp by the line, a street lamp by its owner */
	    {"0102", "lane_lamp", "", NULL, "PMC", CASES_WHY_RULE},
	    {"0102", "street_lamp", "PWR", NULL, "PWR", CASES_WHY_COMPONENT},
	    {"0102", "street_lamp", "", NULL, "URB", CASES_WHY_CATEGORY},
	    /* by place */
	    {"0204", "", "", g05, "PMC", CASES_WHY_RULE},
	    {"0204", "", "", g01, "WAT", CASES_WHY_CATEGORY},
	    {"0204", "", "", NULL, "WAT", CASES_WHY_CATEGORY},
	    /* a fire at a hydrant is the brigade's */
	    {"0401", "hydrant", "WAT", NULL, "FIR", CASES_WHY_RULE},
	};
	struct arena a = book_arena();
	struct cases_book book;

	shipped_book(&a, &book);
	for (size_t i = 0; i < ROWS(rows); i++) {
		const struct cases_matter m = {.category = category_of(&book, rows[i].category),
					       .component = str_of(rows[i].component),
					       .component_owner = str_of(rows[i].owner),
					       .areas = rows[i].areas,
					       .areas_n = rows[i].areas ? 1 : 0,
					       .day = 20000};
		struct cases_route r;
		cases_route(&book, &m, &r);
		if (!str_eq(book.units[r.lead].name.text, str_of(rows[i].lead)) ||
		    r.why != rows[i].why)
			fail_msg("row %zu goes to %.*s", i, (int)book.units[r.lead].name.text.n,
				 book.units[r.lead].name.text.p);
	}
	free(a.p);
}

/* Every category, any component, owner, area and day: there is a lead, and it is no look-up. */
static void there_is_always_a_lead(void **state)
{
	static const char *const components[] = {"", "lane_lamp", "manhole"};
	struct arena a = book_arena();
	struct cases_book book;

	shipped_book(&a, &book);
	for (unsigned c = 0; c < book.categories.n; c++)
		for (size_t k = 0; k < ROWS(components); k++)
			for (unsigned owner = 0; owner <= book.units_n; owner++)
				for (unsigned area = 0; area <= book.areas_n; area++) {
					struct cases_matter m = {.category = c,
								 .component = str_of(components[k]),
								 .areas = &area,
								 .areas_n = area < book.areas_n,
								 .day = 20000 + (int32_t)area};
					struct cases_route r;
					if (owner < book.units_n)
						m.component_owner = book.units[owner].name.text;
					cases_route(&book, &m, &r);
					assert_true(r.lead < book.units_n);
					assert_int_not_equal(book.units[r.lead].kind,
							     CASES_UNIT_LOOKUP);
				}
	free(a.p);
}

#define RESPONSIBILITIES                                                                           \
	"version: 1\nfallbacks:\n- {unit: ASSET, use: URB, why: {zh: 甲, en: a}}\nrules:\n"
#define WHY ", why: {zh: 甲, en: a}}\n"

/* What is left to a stand-in, or to nothing any more. */
static void gaps_are_listed(void **state)
{
	const struct book_texts own = {
	    .responsibilities = RESPONSIBILITIES
	    "- {category: \"0304\", until: 2026-03-31, lead: POL" WHY
	    "- {category: \"0605\", lead: ASSET, fallback: CIV" WHY
	    "- {category: \"0104\", lead: OWN, fallback: BMG" WHY};
	static struct cases_failure failure;
	struct arena a = book_arena();
	struct cases_book book;
	struct cases_gap gap[16];
	int32_t day = 0;
	unsigned n, lookups = 0;

	book_read(&own, &a, &book);
	assert_ok(cases_prove_book(&book, &failure));
	assert_ok(civil_parse_date(STR("2026-03-31"), &day));
	n = cases_gaps(&book, day, gap, 16);
	assert_true(n > 1 && n <= 16);
	/* the last day still holds; an owner who is only told is no gap */
	assert_int_equal(gap[0].kind, CASES_GAP_LOOKUP);
	assert_int_equal(gap[0].rule, 1);
	assert_true(str_eq(book.units[gap[0].use].name.text, STR("CIV")));
	for (unsigned i = 1; i < n; i++) {
		assert_int_equal(gap[i].rule, CASES_NONE);
		assert_true(str_eq(book.units[gap[i].unit].name.text, STR("ASSET")));
		assert_true(str_eq(book.units[gap[i].use].name.text, STR("URB")));
		assert_true(
		    str_eq(book.categories.v[gap[i].category].lead.text, STR("ASSET")));
	}
	for (unsigned i = 0; i < book.categories.n; i++)
		lookups += str_eq(book.categories.v[i].lead.text, STR("ASSET"));
	assert_int_equal(n, 1 + lookups);
	/* the day after, the line is over; a short list still counts all */
	assert_int_equal(cases_gaps(&book, day + 1, gap, 1), n + 1);
	assert_int_equal(gap[0].kind, CASES_GAP_LINE_OVER);
	assert_int_equal(gap[0].rule, 0);
	free(a.p);
}

static void lines_hold_for_their_days(void **state)
{
	const struct book_texts own = {
	    .responsibilities = RESPONSIBILITIES
	    "- {category: \"0304\", from: 2026-03-01, until: 2026-03-31, lead: POL" WHY
	    "- {category: \"0605\", lead: OWN" WHY};
	static struct cases_failure failure;
	struct arena a = book_arena();
	struct cases_book book;
	struct cases_route r;
	int32_t first = 0, last = 0;

	book_read(&own, &a, &book);
	/* OWN needs nobody behind it: it is told, and BMG leads */
	if (cases_prove_book(&book, &failure) != ERR_OK)
		book_say(&failure.problem);
	assert_ok(civil_day_of((struct civil_date){2026, 3, 1}, &first));
	assert_ok(civil_day_of((struct civil_date){2026, 3, 31}, &last));
	for (int32_t day = first - 1; day <= last + 1; day++) {
		const struct cases_matter m = {.category = category_of(&book, "0304"), .day = day};
		cases_route(&book, &m, &r);
		bool is_in = day >= first && day <= last;
		assert_int_equal(r.why, is_in ? CASES_WHY_RULE : CASES_WHY_CATEGORY);
		assert_true(str_eq(book.units[r.lead].name.text, is_in ? STR("POL") : STR("URB")));
	}
	/* an owner is told; the building manager answers for the clock */
	const struct cases_matter m = {.category = category_of(&book, "0605"), .day = first};
	cases_route(&book, &m, &r);
	assert_true(str_eq(book.units[r.lead].name.text, STR("BMG")));
	assert_true(str_eq(book.units[r.told].name.text, STR("OWN")));
	assert_int_equal(r.told_units, UINT64_C(1) << r.told);
	assert_int_equal(r.asked_n, 0); /* units of the category are for a person to ask */
	free(a.p);
}

/* ---- mistakes in the files beside the types ---- */

static const struct {
	const char *responsibilities, *units;
	enum msg msg;
	unsigned line, column;
} bad_books[] = {
    {RESPONSIBILITIES "- {category: \"0304\", lead: XYZ" WHY, NULL, MSG_PROOF_NAME_UNKNOWN, 5, 28},
    {RESPONSIBILITIES "- {category: \"9999\", lead: POL" WHY, NULL, MSG_PROOF_NAME_UNKNOWN, 5, 14},
    {RESPONSIBILITIES "- {category: \"0304\", areas: [G01, G99], lead: POL" WHY, NULL,
     MSG_PROOF_NAME_UNKNOWN, 5, 35},
    {RESPONSIBILITIES "- {category: \"0304\", lead: POL" WHY "- {category: \"0304\", lead: URB" WHY,
     NULL, MSG_PROOF_RULE_UNUSED, 6, 14},
    {RESPONSIBILITIES "- {category: \"0304\", lead: POL, fallback: OWN" WHY, NULL,
     MSG_PROOF_LOOKUP_ENDS, 5, 43},
    {"version: 1\nfallbacks:\n- {unit: ASSET, use: OWN, why: {zh: 甲, en: a}}\nrules: []\n", NULL,
     MSG_PROOF_LOOKUP_ENDS, 3, 22},
    /* without the fallback of ASSET, 0101 may have no lead: told at its lead in categories.yaml */
    {"version: 1\nfallbacks: []\nrules: []\n", NULL, MSG_PROOF_LOOKUP_ALONE, 0, 0},
    {NULL, "units:\n- {code: A, words: {zh: 甲, en: a}, kind: post}\nareas: []\n",
     MSG_PROOF_POST_ROLE, 2, 10},
    {NULL,
     "units:\n- {code: A, words: {zh: 甲, en: a}, kind: office}\n"
     "- {code: A, words: {zh: 甲, en: a}, kind: office}\nareas: []\n",
     MSG_PROOF_NAME_TWICE, 3, 10},
};

static void a_level_above_is_connected_or_none(void **state)
{
	static const struct {
		const char *text;
		bool is_read, is_connected;
	} rows[] = {{"units: []\nareas: []\n", true, false},
		    {"level_above: none\nunits: []\nareas: []\n", true, false},
		    {"level_above: connected\nunits: []\nareas: []\n", true, true},
		    {"level_above: maybe\nunits: []\nareas: []\n", false, false},
		    {"level_above: [none]\nunits: []\nareas: []\n", false, false}};
	struct arena a = book_arena();

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct config_units units = {0};
		struct problem problem = {0};
		enum err e = config_units_read(STR("units.yaml"), str_of(rows[i].text), &a,
					       &problem, &units);
		assert_err(e, rows[i].is_read ? ERR_OK : ERR_BAD_INPUT);
		assert_int_equal(units.is_connected, rows[i].is_connected);
		assert_int_equal(problem.line, rows[i].is_read ? 0 : 1);
	}
	free(a.p);
}

/* Joint units of a line: at most eight, with one limit that holds for each. */
static void joint_units_of_a_line_have_one_limit(void **state)
{
	static const struct {
		const char *more;
		enum msg msg; /* MSG_COUNT: it is read */
	} rows[] = {{"with: [POL], with_limit: 2wd", MSG_COUNT},
		    {"with_limit: 2wd", MSG_CASES_LIMIT},
		    {"with: [POL], with_limit: never", MSG_CASES_LIMIT},
		    {"with: [POL], with_limit: 2wd|3wd (live)", MSG_CASES_LIMIT},
		    {"with: [POL], with_limit: 2wd (live)", MSG_CASES_LIMIT},
		    {"with: [A, B, C, D, E, F, G, H]", MSG_COUNT},
		    {"with: [A, B, C, D, E, F, G, H, I]", MSG_CONFIG_TOO_MANY}};
	struct arena a = book_arena();

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct cases_responsibilities r = {0};
		struct problem problem = {0};
		char text[300];
		snprintf(text, sizeof text,
			 "version: 1\nfallbacks: []\nrules:\n- {category: \"0304\", lead: URB, %s, "
			 "why: {zh: 甲, en: a}}\n",
			 rows[i].more);
		enum err e = config_responsibilities_read(STR("r.yaml"), str_of(text), &a,
							  &problem, &r);
		assert_err(e, rows[i].msg == MSG_COUNT ? ERR_OK : ERR_BAD_INPUT);
		if (e != ERR_OK)
			assert_int_equal(problem.msg, rows[i].msg);
		else if (strstr(rows[i].more, "limit"))
			assert_int_equal(r.v[0].with_limit.v[0].amount, 2);
	}
	free(a.p);
}

static void mistakes_beside_the_types_are_told(void **state)
{
	struct arena a = book_arena();

	for (size_t i = 0; i < ROWS(bad_books); i++) {
		struct arena_mark mark = arena_mark(&a);
		const struct book_texts own = {.responsibilities = bad_books[i].responsibilities,
					       .units = bad_books[i].units};
		static struct cases_failure f;
		struct cases_book book;
		book_read(&own, &a, &book);
		assert_err(cases_prove_book(&book, &f), ERR_BAD_INPUT);
		if (f.proof != 5 || f.problem.msg != bad_books[i].msg)
			fail_msg("row %zu: message %d", i, f.problem.msg);
		if (bad_books[i].line > 0 && (f.problem.line != bad_books[i].line ||
					      f.problem.column != bad_books[i].column))
			fail_msg("row %zu: %u:%u", i, f.problem.line, f.problem.column);
		arena_reset(&a, mark);
	}
	free(a.p);
}

/* A category with lines for some places only, and no lead of its own. */
static void a_gap_is_told(void **state)
{
	const struct book_texts own = {.responsibilities = RESPONSIBILITIES
				       "- {category: \"0304\", areas: [G01], lead: POL" WHY};
	static struct cases_failure f;
	struct arena a = book_arena();
	struct cases_book book;

	book_read(&own, &a, &book);
	assert_ok(cases_prove_book(&book, &f));
	book.categories.v[category_of(&book, "0304")].lead.text = STR("");
	assert_err(cases_prove_book(&book, &f), ERR_BAD_INPUT);
	assert_int_equal(f.problem.msg, MSG_PROOF_NO_LEAD);
	assert_string_equal(f.problem.arg[0], "0304");
	free(a.p);
}

/* ---- mistakes in how a case type is written ---- */

#define HEAD                                                                                       \
	"code: a\nversion: 1\nwords: {zh: 甲, en: a}\npurpose: p\nstart: s\npersonal_months: 1\n"
#define REST "outcomes: []\nstates: []\ntransitions: []\n"
#define W "words: {zh: 甲, en: a}, "

static const struct {
	const char *text;
	enum msg msg;
	unsigned line, column;
	const char *field;
} mistakes[] = {
    {HEAD "fields: []\nclocks: []\n" REST "more: 1\n", MSG_CONFIG_UNKNOWN_KEY, 12, 1, "more"},
    {HEAD "clocks: []\n" REST, MSG_CONFIG_MISSING, 1, 1, ""},
    {HEAD "fields: [{name: a b, " W "kind: text}]\n", MSG_CONFIG_NAME, 7, 17, "fields[0].name"},
    {HEAD "fields: [{name: a, words: {zh: 甲}, kind: text}]\n", MSG_CONFIG_MISSING, 7, 27,
     "fields[0].words"},
    {HEAD "fields: [{name: a, " W "kind: blob}]\n", MSG_CONFIG_ONE_OF, 7, 49, "fields[0].kind"},
    {HEAD "fields: []\nclocks: [{name: a, " W "desk: b, field: c}]\n", MSG_CASES_CLOCK_SOURCE, 8,
     10, "clocks[0]"},
    {HEAD "fields: []\nclocks: [{name: a, " W "owner: b}]\n", MSG_CASES_CLOCK_SOURCE, 8, 10,
     "clocks[0]"},
    {HEAD "fields: []\nclocks: [{name: a, " W "limit: soon}]\n", MSG_CASES_LIMIT, 8, 50,
     "clocks[0].limit"},
    {HEAD "fields: []\nclocks: []\noutcomes: []\nstates: [{name: a, " W "step: later}]\n",
     MSG_CONFIG_ONE_OF, 10, 49, "states[0].step"},
    {HEAD "fields: []\nclocks: []\noutcomes: []\nstates: [{name: a, " W
	  "step: open, final: true}]\n",
     MSG_CONFIG_YES_NO, 10, 62, "states[0].final"},
    {HEAD "fields: []\nclocks: []\noutcomes: []\nstates: []\ntransitions: [{name: a, " W
	  "command: fly}]\n",
     MSG_CONFIG_ONE_OF, 11, 57, "transitions[0].command"},
    {HEAD "fields: []\nclocks: []\noutcomes: []\nstates: []\ntransitions: [{name: a, " W
	  "command: open, from: any, to: b, by: c, guards: [x was y]}]\n",
     MSG_CASES_GUARD, 11, 97, "transitions[0].guards[0]"},
    {HEAD "fields: []\nclocks: []\noutcomes: []\nstates: []\ntransitions: [{name: a, " W
	  "command: open, from: any, to: b, by: c, guards: [x under y]}]\n",
     MSG_CASES_GUARD, 11, 97, "transitions[0].guards[0]"},
    {HEAD "fields: []\nclocks: []\noutcomes: []\nstates: []\ntransitions: [{name: a, " W
	  "command: open, from: any, to: b, by: []}]\n",
     MSG_CONFIG_TEXT_EMPTY, 11, 85, "transitions[0].by"},
};

static void mistakes_in_writing_are_told(void **state)
{
	struct arena a = book_arena();

	for (size_t i = 0; i < ROWS(mistakes); i++) {
		struct problem p = {0};
		struct cases_type type;
		assert_err(
		    config_casetype_read(STR("t.yaml"), str_of(mistakes[i].text), &a, &p, &type),
		    ERR_BAD_INPUT);
		if (p.msg != mistakes[i].msg || p.line != mistakes[i].line ||
		    p.column != mistakes[i].column || strcmp(p.field, mistakes[i].field) != 0)
			fail_msg("row %zu: message %d at %u:%u, %s", i, p.msg, p.line, p.column,
				 p.field);
	}
	free(a.p);
}

/* The document that a refused command points to names every command. */
static void the_document_names_every_command(void **state)
{
	struct arena a = book_arena();
	struct str text = book_text("docs/writing-a-case-type.md", &a);
	char *z = arena_alloc(&a, text.n + 1);

	assert_non_null(z);
	memcpy(z, text.p, text.n);
	for (unsigned i = 0; i < CASES_COMMAND_COUNT; i++) {
		char row[256];
		enum cases_command c = (enum cases_command)i;
		snprintf(row, sizeof row, "| `%s` | %s | %s |\n", cases_command_name(c),
			 cases_command_words(c, LANG_ZH), cases_command_words(c, LANG_EN));
		if (!strstr(z, row))
			fail_msg("no row %s", row);
	}
	free(a.p);
}

/* What people say: optional, in either language, each phrase a text. */
static void phrases_are_read(void **state)
{
#define CATEGORY_WITH(says)                                                                        \
	"version: 1\nclasses: []\nelsewhere: {zh: [谢谢]}\ncategories:\n- code: \"0101\"\n"      \
	"  words: {zh: 甲, en: a}\n  type: t\n  priority: \"3\"\n  limits: {}\n"                  \
	"  opens_when: {zh: 甲, en: a}\n  closes_when: {zh: 甲, en: a}\n  confirmed_by: "        \
	"[G]\n" says
	static const struct {
		const char *text;
		enum msg msg;
		unsigned line, column;
	} bad[] = {
	    {CATEGORY_WITH("  says: [甲]\n"), MSG_CONFIG_WANT_MAPPING, 13, 9},
	    {CATEGORY_WITH("  says: {fr: [a]}\n"), MSG_CONFIG_UNKNOWN_KEY, 13, 10},
	    {CATEGORY_WITH("  says: {zh: 甲}\n"), MSG_CONFIG_WANT_SEQUENCE, 13, 14},
	    {CATEGORY_WITH("  says: {zh: [甲, [乙]]}\n"), MSG_CONFIG_WANT_TEXT, 13, 18},
	};
	struct arena a = book_arena();
	struct cases_categories c;
	struct problem p = {0};

	(void)state;
	assert_ok(config_categories_read(
	    STR("c.yaml"), str_of(CATEGORY_WITH("  says: {zh: [井盖, 盖子], en: []}\n")), &a, &p,
	    &c));
	assert_int_equal(c.elsewhere[LANG_ZH].n, 1);
	assert_true(str_eq(c.elsewhere[LANG_ZH].v[0], STR("谢谢")));
	assert_int_equal(c.elsewhere[LANG_EN].n, 0);
	assert_int_equal(c.v[0].says[LANG_ZH].n, 2);
	assert_true(str_eq(c.v[0].says[LANG_ZH].v[1], STR("盖子")));
	assert_int_equal(c.v[0].says[LANG_EN].n, 0);
	assert_ok(config_categories_read(STR("c.yaml"), STR(CATEGORY_WITH("")), &a, &p, &c));
	assert_int_equal(c.v[0].says[LANG_ZH].n, 0);
	for (size_t i = 0; i < ROWS(bad); i++) {
		p = (struct problem){0};
		assert_err(config_categories_read(STR("c.yaml"), str_of(bad[i].text), &a, &p, &c),
			   ERR_BAD_INPUT);
		if (p.msg != bad[i].msg || p.line != bad[i].line || p.column != bad[i].column)
			fail_msg("row %zu: message %d at %u:%u", i, p.msg, p.line, p.column);
	}
	free(a.p);
}

/* A small arena is an error of its own, never a broken result. */
static void a_small_arena_is_told(void **state)
{
	struct arena a = book_arena();
	struct str text = book_text("etc/case-types/resident-request.yaml", &a);
	size_t need = 0;

	for (size_t cap = 1024; need == 0; cap += cap / 4) {
		struct arena small;
		struct problem p = {0};
		struct cases_type type;
		void *memory = malloc(cap);
		assert_non_null(memory);
		arena_init(&small, memory, cap);
		enum err e = config_casetype_read(STR("t.yaml"), text, &small, &p, &type);
		if (e == ERR_OK)
			need = cap;
		else
			assert_int_equal(p.msg, MSG_CONFIG_NO_MEMORY);
		free(memory);
	}
	assert_true(need <= CONFIG_CASES_ARENA_BYTES);
	free(a.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_categories_are_the_proposal),
	    cmocka_unit_test(the_catalogue_is_the_proposal),
	    cmocka_unit_test(the_desk_has_nine_limits),
	    cmocka_unit_test(limits_are_read),
	    cmocka_unit_test(matters_find_their_unit),
	    cmocka_unit_test(there_is_always_a_lead),
	    cmocka_unit_test(gaps_are_listed),
	    cmocka_unit_test(lines_hold_for_their_days),
	    cmocka_unit_test(mistakes_beside_the_types_are_told),
	    cmocka_unit_test(a_level_above_is_connected_or_none),
	    cmocka_unit_test(joint_units_of_a_line_have_one_limit),
	    cmocka_unit_test(a_gap_is_told),
	    cmocka_unit_test(mistakes_in_writing_are_told),
	    cmocka_unit_test(the_document_names_every_command),
	    cmocka_unit_test(phrases_are_read),
	    cmocka_unit_test(a_small_arena_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
