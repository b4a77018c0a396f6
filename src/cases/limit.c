/* Limits and priorities as a table of categories writes them. */
#include "cases/model.h"

static struct str trim(struct str s)
{
	while (s.n > 0 && s.p[0] == ' ')
		s = (struct str){s.p + 1, s.n - 1};
	while (s.n > 0 && s.p[s.n - 1] == ' ')
		s.n--;
	return s;
}

/* Cut the next alternative off; false where none is left. */
static bool next_part(struct str *rest, bool *more, struct str *ret)
{
	const char *bar;

	if (!*more)
		return false;
	bar = rest->n > 0 ? memchr(rest->p, '|', rest->n) : NULL;
	*more = bar;
	size_t n = bar ? (size_t)(bar - rest->p) : rest->n;
	*ret = trim((struct str){rest->p, n});
	if (bar)
		*rest = (struct str){rest->p + n + 1, rest->n - n - 1};
	return true;
}

/* "text (name)" into both; the name is empty where there is no bracket. */
static bool split_condition(struct str part, struct cases_at at, struct str *ret_text,
			    struct cases_name *ret_condition)
{
	const char *open = part.n > 0 ? memchr(part.p, '(', part.n) : NULL;

	*ret_text = part;
	*ret_condition = (struct cases_name){.at = at, .index = CASES_NONE};
	if (!open)
		return part.n > 0;
	size_t n = (size_t)(open - part.p);
	if (part.p[part.n - 1] != ')' || part.n < n + 3)
		return false;
	*ret_text = trim((struct str){part.p, n});
	ret_condition->text = trim((struct str){open + 1, part.n - n - 2});
	return ret_text->n > 0 && ret_condition->text.n > 0;
}

static bool parse_span(struct str s, struct cases_limit *l)
{
	size_t digits = 0;
	uint64_t amount = 0;

	while (digits < s.n && s.p[digits] >= '0' && s.p[digits] <= '9')
		digits++;
	if (!str_to_u64((struct str){s.p, digits}, &amount) || amount == 0 || amount > 100000)
		return false;
	l->kind = CASES_LIMIT_SPAN;
	l->amount = (uint32_t)amount;
	return time_unit_parse((struct str){s.p + digits, s.n - digits}, &l->unit);
}

static bool parse_limit(struct str s, struct cases_at at, struct cases_limit *l)
{
	static const struct {
		const char *word;
		enum cases_limit_kind kind;
	} words[] = {{"at-once", CASES_LIMIT_AT_ONCE},
		     {"same-day", CASES_LIMIT_SAME_DAY},
		     {"never", CASES_LIMIT_NEVER}};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (str_eq(s, str_of(words[i].word))) {
			l->kind = words[i].kind;
			return true;
		}
	if (str_starts(s, STR("by "))) {
		struct str name = trim((struct str){s.p + 3, s.n - 3});
		l->kind = CASES_LIMIT_FIELD;
		l->field = (struct cases_name){name, at, CASES_NONE};
		return name.n > 0;
	}
	return parse_span(s, l);
}

/* The one without a condition stands at most once, and no condition twice. */
static bool is_repeated(const struct cases_name *a, const struct cases_name *b)
{
	return str_eq(a->text, b->text);
}

bool cases_limits_parse(struct str s, struct cases_at at, struct cases_limits *ret)
{
	struct cases_limits out = {.at = at};
	struct str part, text;
	bool more = true;

	while (next_part(&s, &more, &part)) {
		struct cases_limit *l = &out.v[out.n];
		if (out.n == CASES_ALTERNATIVES_MAX)
			return false;
		if (!split_condition(part, at, &text, &l->condition) || !parse_limit(text, at, l))
			return false;
		for (unsigned i = 0; i < out.n; i++)
			if (is_repeated(&out.v[i].condition, &l->condition))
				return false;
		out.n++;
	}
	*ret = out;
	return true;
}

bool cases_priority_parse(struct str s, struct cases_at at, struct cases_priority *ret)
{
	struct cases_priority out = {.at = at};
	struct str part, text;
	bool more = true, has_plain = false;

	while (next_part(&s, &more, &part)) {
		uint64_t value = 0;
		if (out.n == CASES_ALTERNATIVES_MAX ||
		    !split_condition(part, at, &text, &out.v[out.n].condition) ||
		    !str_to_u64(text, &value) || value < 1 || value > CASES_PRIORITIES)
			return false;
		for (unsigned i = 0; i < out.n; i++)
			if (is_repeated(&out.v[i].condition, &out.v[out.n].condition))
				return false;
		has_plain |= out.v[out.n].condition.text.n == 0;
		out.v[out.n++].value = (unsigned)value;
	}
	if (!has_plain)
		return false;
	*ret = out;
	return true;
}

static bool holds(const struct cases_name *condition, uint64_t conditions)
{
	return condition->index < 64 && (conditions >> condition->index & 1) != 0;
}

const struct cases_limit *cases_limit_of(const struct cases_limits *l, uint64_t conditions)
{
	const struct cases_limit *plain = NULL;

	for (unsigned i = 0; i < l->n; i++) {
		if (!cases_is_given(&l->v[i].condition))
			plain = &l->v[i];
		else if (holds(&l->v[i].condition, conditions))
			return &l->v[i];
	}
	return plain;
}

unsigned cases_priority_of(const struct cases_priority *p, uint64_t conditions)
{
	unsigned best = CASES_PRIORITIES;

	for (unsigned i = 0; i < p->n; i++) {
		bool counts =
		    !cases_is_given(&p->v[i].condition) || holds(&p->v[i].condition, conditions);
		if (counts && p->v[i].value < best)
			best = p->v[i].value;
	}
	return best;
}
