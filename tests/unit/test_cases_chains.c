/* Which chains of escalation end at nobody, by who holds which role: the shipped files, whose
 * chains another YAML reader counted. */
#include "walk.h"

#include "cases/chains.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])
#define ALL UINT64_MAX

static struct walk_world world;

static int load(void **state)
{
	(void)state;
	walk_load(&world);
	for (unsigned i = 0; i < WALK_TYPES; i++)
		world.book.types[i] = &world.types[i];
	world.book.types_n = WALK_TYPES;
	return 0;
}

static int unload(void **state)
{
	(void)state;
	free(world.memory.p);
	return 0;
}

static uint64_t bit(const char *role)
{
	for (unsigned i = 0; i < world.book.roles_n; i++)
		if (walk_is(&world.book.roles[i].name, role))
			return UINT64_C(1) << i;
	fail_msg("no role %s", role);
	return 0;
}

/* The last names of `escalation`, in the order of roles.yaml, without the two clocks of
 * "handing_back", which bound a step and call nobody. The station stands in for the level above. */
static const struct {
	const char *role;
	unsigned chains;
	const char *type, *clock;
} shipped[] = {
    {"desk_lead", 25, "resident-request", "precheck"},
    {"level_above", 16, "resident-request", "opening"},
    {"station_lead", 16, "resident-request", "opening"},
    {"overseer", 7, "resident-request", "reviewing"},
};

static void is_shipped(const struct cases_chain_end *end, unsigned i)
{
	const struct cases_type *type = world.book.types[end->type];

	assert_true(walk_is(&world.book.roles[end->role].name, shipped[i].role));
	assert_int_equal(end->chains, shipped[i].chains);
	assert_true(walk_is(&type->name, shipped[i].type));
	assert_true(walk_is(&type->clocks[end->clock].name, shipped[i].clock));
}

static void where_nobody_holds_anything_every_chain_is_told(void **state)
{
	struct cases_chain_end ends[CASES_ROLES_MAX];
	unsigned n = cases_chains_at_nobody(&world.book, 0, ends);

	(void)state;
	assert_int_equal(n, ROWS(shipped));
	for (unsigned i = 0; i < n; i++)
		is_shipped(&ends[i], i);
}

static void only_the_ends_must_be_held(void **state)
{
	struct cases_chain_end ends[CASES_ROLES_MAX];
	const uint64_t held =
	    bit("desk_lead") | bit("level_above") | bit("station_lead") | bit("overseer");

	(void)state;
	assert_int_equal(cases_chains_at_nobody(&world.book, held, ends), 0);
	/* who is told on the way, or owns the clock, ends nothing */
	assert_int_equal(cases_chains_at_nobody(&world.book, ALL & ~bit("unit_lead"), ends), 0);
	assert_int_equal(cases_chains_at_nobody(&world.book, ALL & ~bit("intake"), ends), 0);
	for (unsigned i = 0; i < ROWS(shipped); i++) {
		assert_int_equal(
		    cases_chains_at_nobody(&world.book, held & ~bit(shipped[i].role), ends), 1);
		is_shipped(&ends[0], i);
	}
}

static void the_station_is_told_only_where_police_may_lead(void **state)
{
	struct cases_chain_end ends[CASES_ROLES_MAX];
	struct cases_book book = world.book;
	struct cases_unit *units = calloc(book.units_n, sizeof *units);

	(void)state;
	assert_non_null(units);
	memcpy(units, book.units, book.units_n * sizeof *units);
	for (unsigned i = 0; i < book.units_n; i++)
		units[i].is_police = false;
	book.units = units;
	assert_int_equal(cases_chains_at_nobody(&book, ALL & ~bit("station_lead"), ends), 0);
	assert_int_equal(cases_chains_at_nobody(&book, ALL & ~bit("level_above"), ends), 1);
	free(units);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(where_nobody_holds_anything_every_chain_is_told),
	    cmocka_unit_test(only_the_ends_must_be_held),
	    cmocka_unit_test(the_station_is_told_only_where_police_may_lead),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
