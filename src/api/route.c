/* Which route a path leads to, and what it and the query give it. */
#include "api/contract.h"
#include "base/check.h"
#include "routes.h"
#include "validate.h"

/* The word among those that may follow; O(log words). */
static const struct api_node *after_word(const struct api_node *node, struct str word)
{
	unsigned low = 0, high = node->words_n;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;
		const char *z = node->words[middle].word;
		size_t n = strlen(z), least = n < word.n ? n : word.n;
		int order = least ? memcmp(word.p, z, least) : 0;

		if (order == 0 && n == word.n)
			return node->words[middle].node;
		if (order < 0 || (order == 0 && word.n < n))
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static bool all_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

static struct str cut_segment(struct str *left)
{
	const char *slash = left->n > 0 ? memchr(left->p, '/', left->n) : NULL;
	struct str segment = {left->p, slash ? (size_t)(slash - left->p) : left->n};

	left->p += segment.n + (slash != NULL);
	left->n -= segment.n + (slash != NULL);
	return segment;
}

static const struct api_node *find_node(struct api_call *call)
{
	const struct api_node *node = api_paths;
	struct str left = call->path;
	bool more = true;

	call->segments_n = 0;
	if (left.n == 0 || left.p[0] != '/')
		return NULL;
	left.p++;
	left.n--;
	while (more) {
		struct str whole = left, segment = cut_segment(&left);
		const struct api_node *next = after_word(node, segment);

		more = segment.n < whole.n;
		if (!next) {
			next = node->param;
			if (next && node->param_is == API_SEGMENT_REST) {
				segment = whole;
				more = false;
			}
			if (!next || segment.n == 0 || call->segments_n == API_PARAMS_MAX ||
			    (node->param_is == API_SEGMENT_NUMBER && !all_digits(segment)))
				return NULL;
			call->segments[call->segments_n++] = segment;
		}
		node = next;
	}
	return node->allow ? node : NULL;
}

enum err api_route_find(struct api_call *call, size_t *ret_body_max)
{
	const struct api_node *node = find_node(call);

	if (!node)
		return ERR_NOT_FOUND;
	if (call->method >= API_METHOD_OTHER || !node->routes[call->method]) {
		call->allow = node->allow;
		return ERR_BAD_METHOD;
	}
	call->route = node->routes[call->method];
	*ret_body_max = call->route->body_max;
	return ERR_OK;
}

/* ---- parameters ---- */

/* A parameter as it was given; or a refusal (false). */
static bool take_value(struct api *api, struct api_call *call, const struct api_param *param,
		       struct api_value *value, struct str text)
{
	struct invalid why = {.err = ERR_OK};

	value->given = true;
	value->text = text;
	if (param->schema->type == SCHEMA_INTEGER) {
		if (!parse_i64(text, &value->number))
			invalid_number(&why, param->schema);
		else
			check_number(param->schema, value->number, &why);
	} else {
		check_text(param->schema, text, &why);
	}
	if (why.err == ERR_OK)
		return true;
	/* there is nothing at such an address */
	if (param->in_path)
		api_problem(api, call, ERR_NOT_FOUND, param->name, MSG_COUNT);
	else
		problem_invalid(api, call, ERR_BAD_INPUT, param->name, &why);
	return false;
}

static bool take_query(struct api *api, struct api_call *call, const struct api_field *field)
{
	const struct api_route *route = call->route;

	for (unsigned i = call->segments_n; i < route->params_n; i++) {
		if (!str_eq(field->name, str_of(route->params[i].name)))
			continue;
		if (!call->values[i].given)
			return take_value(api, call, &route->params[i], &call->values[i],
					  field->value);
		api_problem(api, call, ERR_BAD_INPUT, route->params[i].name, MSG_QUERY_TWICE);
		return false;
	}
	refuse_field(api, call, ERR_BAD_INPUT, field->name, MSG_QUERY_UNKNOWN);
	return false;
}

bool take_params(struct api *api, struct api_call *call)
{
	const struct api_route *route = call->route;

	for (unsigned i = 0; i < call->segments_n; i++)
		if (!take_value(api, call, &route->params[i], &call->values[i], call->segments[i]))
			return false;
	if (call->query_n > API_PARAMS_MAX) {
		api_problem(api, call, ERR_BAD_INPUT, "query", MSG_QUERY_UNKNOWN);
		return false;
	}
	for (unsigned i = 0; i < call->query_n; i++)
		if (!take_query(api, call, &call->query[i]))
			return false;
	for (unsigned i = 0; i < route->params_n; i++) {
		const struct api_param *param = &route->params[i];
		if (call->values[i].given)
			continue;
		if (param->required) {
			api_problem(api, call, ERR_BAD_INPUT, param->name, MSG_QUERY_MISSING);
			return false;
		}
		call->values[i].number = param->default_number;
		call->values[i].text = str_of(param->default_text ? param->default_text : "");
	}
	return true;
}

static unsigned param_index(const struct api_call *call, const char *name, enum schema_type type)
{
	for (unsigned i = 0; i < call->route->params_n; i++)
		if (strcmp(call->route->params[i].name, name) == 0) {
			CHECK(call->route->params[i].schema->type == type);
			return i;
		}
	CHECK(false && "a parameter that the route has not");
	return 0;
}

bool call_given(const struct api_call *call, const char *name)
{
	for (unsigned i = 0; i < call->route->params_n; i++)
		if (strcmp(call->route->params[i].name, name) == 0)
			return call->values[i].given;
	CHECK(false && "a parameter that the route has not");
	return false;
}

int64_t call_i64(const struct api_call *call, const char *name)
{
	return call->values[param_index(call, name, SCHEMA_INTEGER)].number;
}

uint64_t call_u64(const struct api_call *call, const char *name)
{
	unsigned i = param_index(call, name, SCHEMA_INTEGER);

	CHECK(call->route->params[i].schema->minimum >= 0);
	return (uint64_t)call->values[i].number;
}

struct str call_str(const struct api_call *call, const char *name)
{
	return call->values[param_index(call, name, SCHEMA_STRING)].text;
}
