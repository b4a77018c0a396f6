/* Who may what: every role, action, purpose and field asked one by one of the policy that ships.
 *
 * policy_table            prints the table
 * policy_table FILE       compares it with FILE and says how they differ
 *
 * A line holds who, action, purpose, field, then where it is permitted, how long, with which
 * duties, and [by which rule]. What has no line is denied; an action that is denied altogether has
 * "-". */
#include "shelf.h"

#include "trust/policy.h"

#define TABLE_BYTES_MAX (1u << 20)
#define CELL_BYTES_MAX 512u
#define DAYS_SEEN 100
#define DAY_US (INT64_C(24) * 3600 * 1000000)

struct table {
	const struct cases_shelf *shelf;
	struct buf out;
	unsigned asked, permitted;
};

struct person {
	const char *name;
	struct policy_actor actor;
};

static const struct {
	const char *name;
	unsigned where;
} places[] = {{"any", POLICY_WHERE_ANY},
	      {"own_area", POLICY_WHERE_OWN_AREA},
	      {"own_unit", POLICY_WHERE_OWN_UNIT},
	      {"joint_unit", POLICY_WHERE_JOINT_UNIT},
	      {"told_unit", POLICY_WHERE_TOLD_UNIT},
	      {"own_record", POLICY_WHERE_OWN_RECORD}};
#define PLACES (sizeof places / sizeof places[0])

/* One question, in a case that lies where it says and nowhere else. */
static struct policy_decision ask(struct table *t, const struct person *who,
				  enum policy_action action, struct str purpose, struct str item,
				  struct str field, unsigned where, int64_t closed_days,
				  bool confidential)
{
	static const struct str here[] = {{"G01", 3}}, ours[] = {{"OURS", 4}};
	static const struct str theirs[] = {{"THEIRS", 6}};
	struct policy_actor actor = who->actor;
	enum policy_about about = policy_action_about(action);
	struct policy_case c = {
	    .purpose = purpose.n > 0 ? purpose : STR("getting-it-done"),
	    .area = where == POLICY_WHERE_OWN_AREA ? here[0] : STR("G02"),
	    .lead_unit = where == POLICY_WHERE_OWN_UNIT ? ours[0] : theirs[0],
	    .joint_units = where == POLICY_WHERE_JOINT_UNIT ? ours : theirs,
	    .joint_units_n = 1,
	    .told_units = where == POLICY_WHERE_TOLD_UNIT ? ours[0] : theirs[0],
	    .closed_us = closed_days < 0 ? 0 : DAY_US,
	    .is_confidential = confidential};
	struct policy_place place = {.area = c.area, .unit = c.lead_unit};
	struct policy_request q = {.action = action,
				   .purpose = purpose,
				   .item = item,
				   .field = field,
				   .now_us = DAY_US + closed_days * DAY_US};
	struct policy_decision d;

	c.is_reporter = where == POLICY_WHERE_OWN_RECORD &&
			strcmp(who->name, POLICY_ROLE_FOLLOWER) != 0;
	c.is_follower = where == POLICY_WHERE_OWN_RECORD &&
			strcmp(who->name, POLICY_ROLE_FOLLOWER) == 0;
	q.is_own = where == POLICY_WHERE_OWN_RECORD;
	if (about == POLICY_ABOUT_CASE || about == POLICY_ABOUT_PERSONAL)
		q.about = &c;
	if (about == POLICY_ABOUT_PLACE)
		q.place = &place;
	actor.areas = here;
	actor.areas_n = 1;
	actor.unit = actor.role.n > 0 ? ours[0] : STR("");
	d = policy_decide(t->shelf->policy, &actor, &q);
	t->asked++;
	t->permitted += d.permit;
	return d;
}

/* How long after closing: "any time", "live", "live+30d". */
static void put_while(struct table *t, const struct person *who, enum policy_action action,
		      struct str purpose, struct str item, struct str field, unsigned where,
		      struct buf *out)
{
	int64_t days = -1;

	if (ask(t, who, action, purpose, item, field, where, 100000, false).permit) {
		buf_put_z(out, " any-time");
		return;
	}
	while (days < DAYS_SEEN &&
	       ask(t, who, action, purpose, item, field, where, days + 1, false).permit)
		days++;
	buf_put_z(out, " live");
	if (days >= 0) {
		buf_put_char(out, '+');
		buf_put_u64(out, (uint64_t)days);
		buf_put_char(out, 'd');
	}
}

static void put_permit(struct table *t, const struct person *who, enum policy_action action,
		       struct str purpose, struct str item, struct str field, unsigned where,
		       struct buf *out)
{
	enum policy_about about = policy_action_about(action);
	struct policy_decision d = ask(t, who, action, purpose, item, field, where, -1, false);

	if (!d.permit)
		return;
	if (about == POLICY_ABOUT_CASE || about == POLICY_ABOUT_PERSONAL)
		put_while(t, who, action, purpose, item, field, where, out);
	if (d.obligations & POLICY_WRITE_LOOK)
		buf_put_z(out, " look");
	if (d.obligations & POLICY_TELL_PERSON)
		buf_put_z(out, " tell_person");
	if (!ask(t, who, action, purpose, item, field, where, -1, true).permit)
		buf_put_z(out, " shut-if-confidential");
	buf_put_z(out, " [");
	buf_put_str(out, d.rule->id.text);
	buf_put_char(out, ']');
}

/* All places of one question. A place that gives nothing beyond "any" is left out. */
static void put_cell(struct table *t, const struct person *who, enum policy_action action,
		     struct str purpose, struct str item, struct str field, struct buf *out)
{
	char memory[PLACES][CELL_BYTES_MAX];
	struct buf cell[PLACES];

	if (policy_action_about(action) == POLICY_ABOUT_MANY) {
		struct policy_decision d =
		    ask(t, who, action, purpose, item, field, POLICY_WHERE_ANY, -1, false);
		for (size_t i = 0; i < PLACES; i++)
			if (d.permit && (d.where & places[i].where)) {
				buf_put_char(out, ' ');
				buf_put_z(out, places[i].name);
			}
		return;
	}
	for (size_t i = 0; i < PLACES; i++) {
		cell[i] = buf_over(memory[i], CELL_BYTES_MAX);
		put_permit(t, who, action, purpose, item, field, places[i].where, &cell[i]);
		if (cell[i].n == 0 ||
		    (i > 0 && str_eq(buf_str(&cell[i]), buf_str(&cell[0]))))
			continue;
		buf_put_z(out, out->n > 0 ? "; " : " ");
		buf_put_z(out, places[i].name);
		buf_put_z(out, ":");
		buf_put_str(out, buf_str(&cell[i]));
	}
}

static void put_line(struct table *t, const struct person *who, enum policy_action action,
		     struct str purpose, struct str item, struct str field, struct str cell)
{
	buf_put_z(&t->out, who->name);
	buf_put_char(&t->out, ' ');
	buf_put_z(&t->out, policy_action_name(action));
	if (item.n > 0) {
		buf_put_char(&t->out, ' ');
		buf_put_str(&t->out, purpose.n > 0 ? purpose : STR("no-purpose"));
		buf_put_char(&t->out, ' ');
		buf_put_str(&t->out, item);
		buf_put_char(&t->out, '.');
		buf_put_str(&t->out, field);
	}
	buf_put_str(&t->out, cell.n > 0 ? cell : STR(" -"));
	buf_put_char(&t->out, '\n');
}

/* Each field of an item; one line for all where they agree. */
static bool put_item(struct table *t, const struct person *who, enum policy_action action,
		     struct str purpose, const struct cases_item *item)
{
	static char memory[CASES_ITEM_FIELDS_MAX][CELL_BYTES_MAX];
	struct buf cell[CASES_ITEM_FIELDS_MAX];
	bool agree = true, any = false;

	for (unsigned f = 0; f < item->fields_n; f++) {
		cell[f] = buf_over(memory[f], CELL_BYTES_MAX);
		put_cell(t, who, action, purpose, item->name.text, item->fields[f].name.text,
			 &cell[f]);
		agree = agree && str_eq(buf_str(&cell[f]), buf_str(&cell[0]));
		any = any || cell[f].n > 0;
	}
	for (unsigned f = 0; any && f < (agree ? 1 : item->fields_n); f++)
		if (cell[f].n > 0)
			put_line(t, who, action, purpose, item->name.text,
				 agree ? STR("*") : item->fields[f].name.text,
				 buf_str(&cell[f]));
	return any;
}

static bool is_new_purpose(const struct cases_catalogue *c, unsigned i)
{
	for (unsigned k = 0; k < i; k++)
		if (str_eq(c->items[k].purpose.text, c->items[i].purpose.text))
			return false;
	return true;
}

static void put_person(struct table *t, const struct person *who)
{
	const struct cases_catalogue *c = &t->shelf->now.catalogue;

	for (unsigned i = 0; i < POLICY_ACTION_COUNT; i++) {
		enum policy_action action = (enum policy_action)i;
		char memory[PLACES * CELL_BYTES_MAX];
		struct buf cell = buf_over(memory, sizeof memory);
		bool any = false;
		if (policy_action_about(action) != POLICY_ABOUT_PERSONAL) {
			put_cell(t, who, action, STR(""), STR(""), STR(""), &cell);
			put_line(t, who, action, STR(""), STR(""), STR(""), buf_str(&cell));
			continue;
		}
		for (unsigned k = 0; k < c->items_n; k++)
			any |= put_item(t, who, action, STR(""), &c->items[k]);
		/* who needs no purpose may state any */
		for (unsigned p = 0; !any && p < c->items_n; p++)
			for (unsigned k = 0; is_new_purpose(c, p) && k < c->items_n; k++)
				any |= put_item(t, who, action, c->items[p].purpose.text,
						&c->items[k]);
		if (!any)
			put_line(t, who, action, STR(""), STR(""), STR(""), STR(""));
	}
}

static void put_table(struct table *t)
{
	static const struct person kinds[] = {
	    {POLICY_WHO_ANYONE, {.kind = POLICY_ANYONE}},
	    {POLICY_WHO_SIGNED_IN, {.kind = POLICY_ACCOUNT}},
	    {POLICY_WHO_OPERATOR, {.kind = POLICY_OPERATOR}},
	    {CASES_TIMER, {.kind = POLICY_TIMER}}};
	char name[CASES_NAME_BYTES_MAX + 1], sum[64];

	buf_put_z(&t->out, "# Who may what, asked of etc/policy.yaml. What has no line is denied.\n"
			   "# Made by policy_table; see docs/policy.md before changing it.\n");
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		put_person(t, &kinds[i]);
	for (unsigned i = 0; i < t->shelf->now.roles_n; i++) {
		const struct cases_role *role = &t->shelf->now.roles[i];
		struct person who = {name, {.kind = POLICY_ACCOUNT, .role = role->name.text}};
		snprintf(name, sizeof name, "%.*s", (int)role->name.text.n, role->name.text.p);
		put_person(t, &who);
	}
	snprintf(sum, sizeof sum, "# asked %u, permitted %u\n", t->asked, t->permitted);
	buf_put_z(&t->out, sum);
}

/* Lines that only one of them has. */
static unsigned tell(struct str from, struct str in, const char *sign)
{
	unsigned n = 0;

	while (from.n > 0) {
		const char *end = memchr(from.p, '\n', from.n);
		struct str line = {from.p, end ? (size_t)(end - from.p) + 1 : from.n};
		if (!memmem(in.p, in.n, line.p, line.n)) {
			printf("%s %.*s", sign, (int)line.n, line.p);
			n++;
		}
		from = (struct str){from.p + line.n, from.n - line.n};
	}
	return n;
}

int main(int argc, char **argv)
{
	static char memory[TABLE_BYTES_MAX], before[TABLE_BYTES_MAX];
	struct test_shelf *shelf = test_shelf_new();
	struct table t = {.shelf = test_shelf_good(shelf),
			  .out = buf_over(memory, sizeof memory)};
	struct str agreed = {before, 0};
	bool same;
	FILE *f;

	put_table(&t);
	if (t.out.over || argc > 2)
		return 2;
	if (argc == 1) {
		fwrite(t.out.p, 1, t.out.n, stdout);
		test_shelf_free(shelf);
		return 0;
	}
	f = fopen(argv[1], "rb");
	if (f) {
		agreed.n = fread(before, 1, sizeof before, f);
		fclose(f);
	}
	same = str_eq(agreed, buf_str(&t.out));
	if (!same) {
		printf("The policy comes to another table than the one agreed on:\n");
		tell(agreed, buf_str(&t.out), "-");
		tell(buf_str(&t.out), agreed, "+");
		printf("Look at each line: is that what shall be? Then accept it:\n"
		       "  %s > tests/trust/policy.golden\n", argv[0]);
	}
	test_shelf_free(shelf);
	return same ? 0 : 1;
}
