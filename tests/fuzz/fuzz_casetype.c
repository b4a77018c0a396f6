/* Case types from any text: refused with a place and a sentence in both languages, or read; then
 * each proof either holds, or names its number, a place and a way that can be walked. The book is a
 * small one, so that small texts can pass. */
#include "fuzz.h"

#include "cases/proofs.h"
#include "config/config_cases.h"

#define ARENA_BYTES (4u << 20)

static struct cases_role roles[] = {
    {.name = {.text = {"desk", 4}}, .is_in_charge = true},
    {.name = {.text = {"unit", 4}}},
};
static struct cases_item_field item_fields[] = {{.name = {.text = {"text", 4}}},
						{.name = {.text = {"steps", 5}}}};
static struct cases_item items[] = {{.name = {.text = {"21", 2}},
				     .sensitivity_most = 2,
				     .purpose = {.text = {"p", 1}},
				     .fields = item_fields,
				     .fields_n = 2}};

static void check_place(const struct problem *p)
{
	PROPERTY(p->err != ERR_OK && p->line > 0 && p->column > 0);
	for (int lang = LANG_ZH; lang < LANG_COUNT; lang++) {
		char memory[2048];
		struct buf out = buf_over(memory, sizeof memory);
		problem_put_line(p, (enum lang)lang, &out);
		PROPERTY(!out.over && str_starts(buf_str(&out), STR("a.yaml:")));
		PROPERTY(str_is_utf8(buf_str(&out)));
	}
}

static void check_way(const struct cases_type *t, const struct cases_failure *f)
{
	PROPERTY(f->way_n <= CASES_HOPS_MAX);
	for (unsigned i = 0; i < f->way_n; i++) {
		const struct cases_hop *hop = &f->way[i];
		PROPERTY(hop->state < t->states_n);
		if (i == 0)
			continue;
		PROPERTY(hop->transition < t->transitions_n);
		const struct cases_transition *tr = &t->transitions[hop->transition];
		PROPERTY(cases_leaves(t, tr, f->way[i - 1].state));
		PROPERTY(cases_leads_to(tr, f->way[i - 1].state) == hop->state);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct cases_book book = {.roles = roles, .roles_n = 2, .catalogue = {.items = items}};
	struct cases_failure *failure = fuzz_alloc(sizeof *failure);
	struct problem p = {0};
	struct cases_type type;
	struct arena a;
	void *memory = fuzz_alloc(ARENA_BYTES);

	book.catalogue.items_n = 1;
	memset(failure, 0, sizeof *failure);
	arena_init(&a, memory, ARENA_BYTES);
	if (config_casetype_read(STR("a.yaml"), (struct str){(const char *)data, n}, &a, &p,
				 &type) != ERR_OK) {
		check_place(&p);
	} else if (cases_prove_type(&book, &type, failure) != ERR_OK) {
		PROPERTY(failure->proof >= 1 && failure->proof <= CASES_PROOFS);
		check_place(&failure->problem);
		check_way(&type, failure);
	} else {
		struct cases_sums sums;
		cases_sum(&type, &sums);
		PROPERTY(sums.ways > 0 && sums.finals > 0 && sums.edges > 0);
	}
	free(memory);
	free(failure);
	return 0;
}
