/* What the table of responsibilities may have to say otherwise: hand-backs that were upheld, by
 * category, grid and the two units, and the gaps of the file in force. And who is told in the end:
 * roles at which chains of escalation end and that nobody holds. Of matters, units and roles:
 * nobody who handed back, decided, reported or holds a post is in it. */
#include "access.h"
#include "put.h"

#include "cases/chains.h"
#include "cases/route.h"
#include "service/account.h"

#define PROPOSALS_SHOWN 500u
#define GAPS_SHOWN 512u

struct proposals {
	json_t *list;
	unsigned n; /* all of them */
};

static enum err add_proposal(void *ctx, const struct hand_back_row *row)
{
	struct proposals *p = ctx;
	json_t *json;

	if (p->n++ >= PROPOSALS_SHOWN)
		return ERR_OK;
	json = json_object();
	put_str(&json, "category", row->category);
	put_str(&json, "area", row->area);
	put_str(&json, "from", row->from);
	put_str(&json, "to", row->to);
	put_u64(&json, "cases", row->cases);
	put_u64(&json, "n", row->n);
	json_push(&p->list, json);
	return ERR_OK;
}

static json_t *gap_of(const struct cases_book *b, const struct cases_gap *g)
{
	json_t *json = json_object();

	put_z(&json, "kind", g->kind == CASES_GAP_LINE_OVER ? "line_over" : "lookup");
	put_str(&json, "category", b->categories.v[g->category].name.text);
	put_str(&json, "unit", b->units[g->unit].name.text);
	if (g->kind == CASES_GAP_LINE_OVER)
		put_u64(&json, "line", b->responsibilities.v[g->rule].at.line);
	else
		put_str(&json, "use", b->units[g->use].name.text);
	return json;
}

static json_t *gaps_of(struct api *api, struct api_call *call, const struct cases_book *b,
		       bool *ret_more)
{
	struct cases_gap gap[GAPS_SHOWN];
	unsigned n = cases_gaps(b, api_today(api, call), gap, GAPS_SHOWN);
	json_t *list = json_array();

	for (unsigned i = 0; i < n && i < GAPS_SHOWN; i++)
		json_push(&list, gap_of(b, &gap[i]));
	*ret_more = n > GAPS_SHOWN;
	return list;
}

enum api_next route_getResponsibilities(struct api *api, struct api_call *call)
{
	const struct cases_shelf *shelf = api_shelf(api, call);
	struct proposals p = {.list = json_array()};
	bool more_gaps = false;
	enum err e = cases_hand_backs(api->reader->db, add_proposal, &p);
	json_t *json;

	if (e != ERR_OK && e != ERR_TOO_LARGE) {
		json_decref(p.list);
		return refuse(api, call, e, NULL, MSG_COUNT);
	}
	json = json_object();
	json_put(&json, "proposals", p.list);
	json_put(&json, "gaps",
		 shelf ? gaps_of(api, call, &shelf->now, &more_gaps) : json_array());
	put_bool(&json, "more", more_gaps || e == ERR_TOO_LARGE || p.n > PROPOSALS_SHOWN);
	respond_json(api, call, 200, json);
	return API_ANSWERED;
}

static json_t *chain_end_of(const struct cases_book *b, const struct cases_chain_end *end)
{
	const struct cases_type *type = b->types[end->type];
	json_t *json = json_object();

	put_str(&json, "role", b->roles[end->role].name.text);
	put_u64(&json, "chains", end->chains);
	put_str(&json, "type", type->name.text);
	put_str(&json, "clock", type->clocks[end->clock].name.text);
	return json;
}

enum api_next route_getChains(struct api *api, struct api_call *call)
{
	const struct cases_shelf *shelf = api_shelf(api, call);
	struct cases_chain_end ends[CASES_ROLES_MAX];
	json_t *json, *list = json_array();
	uint64_t held = 0;
	unsigned n = 0;
	enum err e = shelf ? account_roles_held(api->reader->db, &shelf->now, &held) : ERR_OK;

	if (e != ERR_OK) {
		json_decref(list);
		return refuse(api, call, e, NULL, MSG_COUNT);
	}
	if (shelf)
		n = cases_chains_at_nobody(&shelf->now, held, ends);
	for (unsigned i = 0; i < n; i++)
		json_push(&list, chain_end_of(&shelf->now, &ends[i]));
	json = json_object();
	json_put(&json, "at_nobody", list);
	respond_json(api, call, 200, json);
	return API_ANSWERED;
}
