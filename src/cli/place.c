/* liren place: find, near, number, card, children, inside. Reads only, also while the office runs.
 */
#include "cli.h"

#include "app/kernel.h"
#include "base/civil.h"
#include "service/places.h"
#include "service/reader.h"

#include <stdlib.h>

#define NEAR_SHOWN 20u
#define CHILDREN_SHOWN 100u /* at a time */

static const char usage[] =
    "liren place find TEXT    places whose name, address, number or alias has the text\n"
    "liren place near LAT LON the grids and areas that cover a point, and the nearest places, in "
    "decimal degrees WGS-84\n"
    "liren place number N     components, devices and facilities of exactly this number\n"
    "liren place card ID      everything that hangs on a place\n"
    "liren place children ID  what hangs on it, each by itself\n"
    "liren place inside ID    the places whose point lies in its area\n\n"
    "  --kind KIND      only of this kind (area grid way building stair floor room gate facility "
    "component device)\n"
    "  --past           also what is valid no longer, or not yet\n" CLI_STORE_USAGE;

struct place_call {
	struct settings settings;
	struct places_filter filter;
	char **argv; /* the verb and its words */
	unsigned verb;
	struct arena arena;
	struct place_card *card;
};

static const char *kind_word(enum place_kind kind)
{
	const struct place_kind_info *info = place_kind_info(kind);

	return cli_lang() == LANG_ZH ? info->zh : info->en;
}

static void say_row(const char *lead, const struct place_row *r)
{
	printf("%s%-8llu %s  %.*s", lead, (unsigned long long)r->id, kind_word(r->kind),
	       (int)r->title.n, r->title.p);
	if (r->has_at)
		printf("  (%.7f %.7f)", r->at.lat_e7 / 1e7, r->at.lon_e7 / 1e7);
}

static enum err find(struct place_call *call, struct db *db)
{
	struct place_row row[PLACES_FIND_MAX];
	unsigned n = 0;
	bool more = false;

	TRY(places_find(db, str_of(call->argv[1]), &call->filter, &call->arena, PLACES_FIND_MAX,
			row, &n, &more));
	for (unsigned i = 0; i < n; i++) {
		say_row("", &row[i]);
		putchar('\n');
	}
	if (n == 0)
		cli_say(MSG_CLI_PLACE_NONE, NULL, 0);
	if (more)
		cli_say(MSG_CLI_PLACE_MORE, NULL, 0);
	return ERR_OK;
}

static void say_covers(const struct place_cover *c, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		const struct str words[] = {c[i].code, c[i].title, c[i].post};
		printf("  * %-8llu %s", (unsigned long long)c[i].id, kind_word(c[i].kind));
		for (int k = 0; k < 3; k++)
			if (words[k].n > 0 && (k == 0 || !str_eq(words[k], words[0])))
				printf("  %.*s", (int)words[k].n, words[k].p);
		putchar('\n');
	}
}

static enum err near(struct place_call *call, struct db *db)
{
	struct places_filter areas = call->filter;
	struct place_cover cover[PLACES_COVERING_MAX];
	struct place_row row[NEAR_SHOWN];
	struct geo_point at;
	unsigned n = 0, covers = 0;
	bool more = false;

	if (!geo_parse_degrees(str_of(call->argv[1]), GEO_LAT_E7_MAX, &at.lat_e7) ||
	    !geo_parse_degrees(str_of(call->argv[2]), GEO_LON_E7_MAX, &at.lon_e7))
		return ERR_BAD_INPUT;
	areas.kinds = PLACE_KIND_BIT(PLACE_GRID) | PLACE_KIND_BIT(PLACE_AREA);
	TRY(places_covering(db, at, &areas, &call->arena, PLACES_COVERING_MAX, cover, &covers,
			    &more));
	say_covers(cover, covers);
	TRY(places_near(db, at, &call->filter, &call->arena, NEAR_SHOWN, row, &n));
	for (unsigned i = 0; i < n; i++) {
		say_row("", &row[i]);
		printf("  %.1f m\n", row[i].distance_m);
	}
	if (n == 0)
		cli_say(MSG_CLI_PLACE_NONE, NULL, 0);
	return ERR_OK;
}

static enum err number(struct place_call *call, struct db *db)
{
	struct place_row row[PLACES_FIND_MAX];
	struct place_component c;
	unsigned n = 0;
	bool more = false;

	TRY(places_of_number(db, str_of(call->argv[1]), &call->filter, &call->arena,
			     PLACES_FIND_MAX, row, &n, &more));
	for (unsigned i = 0; i < n; i++) {
		TRY(places_component(db, row[i].id, call->filter.day, &call->arena, &c));
		say_row("", &row[i]);
		for (int k = 0; k < 3; k++) {
			struct str word = k == 0 ? c.use : k == 1 ? c.owner : c.maintainer;
			printf("  %.*s", word.n ? (int)word.n : 1, word.n ? word.p : "-");
		}
		if (c.building)
			printf("  ~ %llu", (unsigned long long)c.building);
		putchar('\n');
	}
	if (n == 0)
		cli_say(MSG_CLI_PLACE_NONE, NULL, 0);
	if (more)
		cli_say(MSG_CLI_PLACE_MORE, NULL, 0);
	return ERR_OK;
}

static void say_day(int32_t day)
{
	char text[CIVIL_DATE_BYTES];
	struct buf b = buf_over(text, sizeof text);

	if (day != PLACE_DAY_OPEN)
		civil_put_date(day, &b);
	printf(" %.*s", b.n ? (int)b.n : 1, b.n ? b.p : "-");
}

static void say_fields(const struct place *p)
{
	for (unsigned i = 0; i < PLACE_FIELD_COUNT; i++) {
		const struct place_field_info *f = place_field_info((enum place_field)i);
		const struct place_value *v = &p->field[i];
		if (!v->present)
			continue;
		printf("  %s:", cli_lang() == LANG_ZH ? f->zh : f->en);
		if (f->form == PLACE_TEXT)
			printf(" %.*s", (int)v->text.n, v->text.p);
		else if (f->form == PLACE_DATE)
			say_day((int32_t)v->n);
		else
			printf(" %lld", (long long)v->n);
		putchar('\n');
	}
	for (unsigned i = 0; i < p->alias_n; i++)
		printf("  = %.*s\n", (int)p->alias[i].n, p->alias[i].p);
}

static void say_rows(const char *lead, const struct place_row *row, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		say_row(lead, &row[i]);
		putchar('\n');
	}
}

/* Of the community itself: the other chain of levels above it. */
static enum err say_police(struct place_call *call, struct db *db, const struct place *p)
{
	struct place_levels l;

	if (p->kind != PLACE_AREA || p->code == 0)
		return ERR_OK;
	TRY(places_levels(db, p->code, &call->arena, &l));
	if (l.office_n > 0 && l.office[0].id == p->id)
		say_rows("  ^ ", l.police, l.police_n);
	return ERR_OK;
}

/* Components, devices and facilities: the building they are at, where that is not above them. */
static enum err say_building(struct place_call *call, struct db *db, const struct place_card *card)
{
	struct place_component c;
	struct place_row row;

	if (card->place.kind < PLACE_FACILITY)
		return ERR_OK;
	TRY(places_component(db, card->place.id, call->filter.day, &call->arena, &c));
	for (unsigned i = 0; i < card->parent_n; i++)
		if (card->parent[i].id == c.building)
			return ERR_OK;
	if (c.building == 0)
		return ERR_OK;
	TRY(places_by_id(db, c.building, &call->arena, &row));
	say_row("  ~ ", &row);
	printf("  %.1f m\n", c.building_m);
	return ERR_OK;
}

static enum err card(struct place_call *call, struct db *db)
{
	struct place_card *c = call->card;
	struct place_row own;
	uint64_t id = 0;

	if (!cli_number(call->argv[1], INT64_MAX, &id))
		return ERR_BAD_INPUT;
	TRY(places_card(db, id, call->filter.class_max, call->filter.day, &call->arena, c));
	own = (struct place_row){.id = id,
				 .kind = c->place.kind,
				 .has_at = c->place.has_at,
				 .at = c->place.at,
				 .title = place_title(&c->place)};
	say_rows("", &own, 1);
	printf("  %.*s", (int)c->place.ext.n, c->place.ext.p);
	if (c->place.code)
		printf("  %llu", (unsigned long long)c->place.code);
	if (c->place.shape.form == GEO_AREA)
		printf("  %.1f m2", geo_shape_area_m2(&c->place.shape));
	putchar('\n');
	say_fields(&c->place);
	say_rows("  ^ ", c->parent, c->parent_n);
	TRY(say_police(call, db, &c->place));
	say_covers(c->cover, c->cover_n);
	TRY(say_building(call, db, c));
	for (unsigned k = 1; k < PLACE_KIND_END; k++) {
		if (c->children[k])
			printf("  + %llu %s\n", (unsigned long long)c->children[k],
			       kind_word((enum place_kind)k));
		if (c->other_days[k]) /* as --past shows them */
			printf("  ~ %llu %s\n", (unsigned long long)c->other_days[k],
			       kind_word((enum place_kind)k));
	}
	say_rows("  + ", c->component, c->component_n);
	say_rows("  + ", c->device, c->device_n);
	say_rows("  < ", c->predecessor, c->predecessor_n);
	say_rows("  > ", c->successor, c->successor_n);
	for (unsigned i = 0; i < c->version_n; i++) {
		printf("  @ %llu ", (unsigned long long)c->version[i].n);
		say_day(c->version[i].valid_from);
		say_day(c->version[i].valid_until);
		printf("  %.*s\n", (int)c->version[i].title.n, c->version[i].title.p);
	}
	return ERR_OK;
}

static void say_child(const struct place_child *c)
{
	say_row("", &c->row);
	if (c->valid_from != PLACE_DAY_OPEN || c->valid_until != PLACE_DAY_OPEN) {
		fputs("  @", stdout);
		say_day(c->valid_from);
		say_day(c->valid_until);
	}
	putchar('\n');
}

static enum err children(struct place_call *call, struct db *db)
{
	struct place_child child[CHILDREN_SHOWN];
	struct places_after after = {0, 0};
	struct arena start = call->arena;
	uint64_t id = 0, said = 0;
	unsigned n = 0;
	bool more = true;

	if (!cli_number(call->argv[1], INT64_MAX, &id))
		return ERR_BAD_INPUT;
	while (more) {
		call->arena = start;
		TRY(places_children(db, id, &call->filter, &after, &call->arena, CHILDREN_SHOWN,
				    child, &n, &more));
		for (unsigned i = 0; i < n; i++)
			say_child(&child[i]);
		said += n;
	}
	if (said == 0)
		cli_say(MSG_CLI_PLACE_NONE, NULL, 0);
	return ERR_OK;
}

static enum err inside(struct place_call *call, struct db *db)
{
	struct place_row *row = malloc(PLACES_BOX_MAX * sizeof *row);
	char *memory = malloc(PLACES_BOX_ARENA_BYTES);
	struct arena a;
	uint64_t id = 0;
	unsigned n = 0;
	bool more = false;
	enum err e = row && memory ? ERR_OK : ERR_NO_MEMORY;

	if (e == ERR_OK && !cli_number(call->argv[1], INT64_MAX, &id))
		e = ERR_BAD_INPUT;
	if (e == ERR_OK) {
		arena_init(&a, memory, PLACES_BOX_ARENA_BYTES);
		e = places_inside_of(db, id, &call->filter, &a, PLACES_BOX_MAX - 1, row, &n, &more);
	}
	if (e == ERR_OK)
		say_rows("", row, n);
	free(memory);
	free(row);
	TRY(e);
	if (n == 0)
		cli_say(MSG_CLI_PLACE_NONE, NULL, 0);
	if (more)
		cli_say(MSG_CLI_PLACE_MORE, NULL, 0);
	return ERR_OK;
}

static const struct {
	const char *name;
	int words;
	enum err (*run)(struct place_call *call, struct db *db);
} verbs[] = {{"find", 2, find}, {"near", 3, near}, {"number", 2, number},
	     {"card", 2, card}, {"children", 2, children}, {"inside", 2, inside}};

/* A verb and its words, once. */
static bool take_words(struct place_call *call, int argc, char **argv)
{
	for (unsigned i = 0; i < sizeof verbs / sizeof verbs[0] && !call->argv && optind < argc;
	     i++)
		if (strcmp(argv[optind], verbs[i].name) == 0 && optind + verbs[i].words <= argc) {
			call->argv = argv + optind;
			call->verb = i;
			optind += verbs[i].words;
			return true;
		}
	return false;
}

static int run(struct place_call *call)
{
	struct store_paths paths = settings_paths(&call->settings);
	char *memory = malloc(PLACES_CARD_ARENA_BYTES);
	struct reader *reader = NULL;
	enum err e = ERR_NO_MEMORY;

	call->card = malloc(sizeof *call->card);
	if (memory && call->card) {
		arena_init(&call->arena, memory, PLACES_CARD_ARENA_BYTES);
		e = reader_open(&paths, NULL, &reader);
	}
	if (e == ERR_OK)
		e = verbs[call->verb].run(call, reader->db);
	reader_close(reader);
	free(memory);
	free(call->card);
	return e == ERR_OK ? CLI_DONE : cli_fail(e, NULL);
}

int cli_place(int argc, char **argv)
{
	static const struct option options[] = {CLI_STORE_OPTIONS,
						{"kind", required_argument, NULL, 'k'},
						{"past", no_argument, NULL, 'p'},
						{0}};
	struct place_call call = {.filter = {PLACE_KINDS_ALL, 1, PLACE_DAY_OPEN}};
	struct settings_overrides o = {0};
	enum place_kind kind;
	bool past = false;
	int c, code;

	/* "+": a longitude west of Greenwich begins with a minus and is no option; the words are
	 * stepped over as one */
	while ((c = getopt_long(argc, argv, "+", options, NULL)) != -1 ||
	       take_words(&call, argc, argv)) {
		if (c == -1)
			continue;
		if (cli_store_option(c, optarg, &o))
			continue;
		if (c == CLI_HELP) {
			fputs(usage, stdout);
			return CLI_DONE;
		}
		if (c == 'p')
			past = true;
		else if (c == 'k' && place_kind_find(str_of(optarg), &kind))
			call.filter.kinds = PLACE_KIND_BIT(kind);
		else
			return cli_usage(usage);
	}
	if (optind < argc || !call.argv)
		return cli_usage(usage);
	if (!past)
		call.filter.day = (int32_t)(kernel_clock().utc_us / CIVIL_US_PER_DAY);
	code = cli_store_permit(&o, POLICY_SEE_STAFF_PLACES, &call.settings);
	return code == CLI_DONE ? run(&call) : code;
}
