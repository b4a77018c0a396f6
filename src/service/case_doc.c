/* The document of a case: text, so that a row can be read by anybody with a SQL shell. */
#include "service/kind_case.h"

#include <endian.h>
#include <string.h>

bool case_doc_next(struct str *rest, struct case_doc_line *ret)
{
	const char *end = memchr(rest->p, '\n', rest->n), *eq;
	size_t n;

	if (rest->n == 0 || !end)
		return false;
	n = (size_t)(end - rest->p);
	eq = memchr(rest->p, '=', n);
	if (!eq)
		return false;
	ret->key = (struct str){rest->p, (size_t)(eq - rest->p)};
	ret->value = (struct str){eq + 1, (size_t)(end - eq) - 1};
	*rest = (struct str){end + 1, rest->n - n - 1};
	return true;
}

bool case_doc_find(struct str doc, char prefix, struct str name, struct str *ret)
{
	struct case_doc_line line;

	while (case_doc_next(&doc, &line))
		if (line.key.n == name.n + 2 && line.key.p[0] == prefix &&
		    memcmp(line.key.p + 2, name.p, name.n) == 0) {
			*ret = line.value;
			return true;
		}
	return false;
}

static int compare(struct str a, struct str b)
{
	int c = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

	return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

static void put_line(struct buf *out, const struct case_doc_line *l)
{
	if (l->value.n == 0)
		return;
	buf_put_str(out, l->key);
	buf_put_char(out, '=');
	buf_put_str(out, l->value);
	buf_put_char(out, '\n');
}

enum err case_doc_merge(struct str doc, const struct case_doc_line *lines, unsigned n,
			struct buf *out)
{
	struct case_doc_line old;
	bool has_old = case_doc_next(&doc, &old);
	unsigned i = 0;

	while (has_old || i < n) {
		int c = !has_old ? 1 : i == n ? -1 : compare(old.key, lines[i].key);
		if (c < 0)
			put_line(out, &old);
		else
			put_line(out, &lines[i++]);
		if (c <= 0)
			has_old = case_doc_next(&doc, &old);
	}
	return out->over ? ERR_TOO_LARGE : doc.n > 0 ? ERR_CORRUPT : ERR_OK;
}

#define CLOCK_NUMBERS 11u

void case_doc_put_clock(const struct case_clock *c, struct buf *out)
{
	const int64_t v[CLOCK_NUMBERS] = {c->run,     c->by,     c->unit,         c->amount,
					  c->level,   c->from_us, c->due_us,      c->first_due_us,
					  c->left_us, c->ended_us, c->next_us};

	for (unsigned i = 0; i < CLOCK_NUMBERS; i++) {
		if (i > 0)
			buf_put_char(out, ' ');
		buf_put_i64(out, v[i]);
	}
}

/* Eight characters as a number, or false: an instant has sixteen, and a case some twenty instants.
 * Digits are added to their neighbours in three steps, pairs, fours, all of them. */
static bool eight_digits(const char *p, int64_t *ret)
{
	uint64_t v;

	memcpy(&v, p, sizeof v);
	v = le64toh(v) ^ UINT64_C(0x3030303030303030); /* a digit is its value, all else above 9 */
	if (((v | (v + UINT64_C(0x7676767676767676))) & UINT64_C(0x8080808080808080)) != 0)
		return false;
	v = (v * 10 + (v >> 8)) & UINT64_C(0x00FF00FF00FF00FF);
	v = (v * 100 + (v >> 16)) & UINT64_C(0x0000FFFF0000FFFF);
	*ret = (int64_t)((v * 10000 + (v >> 32)) & UINT64_C(0xFFFFFFFF));
	return true;
}

/* Digits from `at` on, at most eighteen; after them. */
static size_t get_digits(struct str s, size_t at, int64_t *ret)
{
	size_t from = at;
	int64_t x = 0, eight;

	while (at + 8 <= s.n && at - from <= 8 && eight_digits(s.p + at, &eight)) {
		x = x * 100000000 + eight;
		at += 8;
	}
	while (at < s.n && s.p[at] >= '0' && s.p[at] <= '9' && at - from < 18)
		x = x * 10 + (s.p[at++] - '0');
	*ret = x;
	return at;
}

bool case_doc_get_clock(struct str value, struct case_clock *ret)
{
	int64_t v[CLOCK_NUMBERS];
	size_t at = 0;

	for (unsigned i = 0; i < CLOCK_NUMBERS; i++) {
		bool minus = at < value.n && value.p[at] == '-';
		size_t from = at += minus;
		at = get_digits(value, at, &v[i]);
		if (at == from || (i + 1 < CLOCK_NUMBERS ? at >= value.n || value.p[at] != ' '
							: at != value.n))
			return false;
		at++;
		v[i] = minus ? -v[i] : v[i];
	}
	if (v[0] < 0 || v[0] >= CASE_RUN_COUNT || v[1] < 0 || v[1] >= CASE_BY_COUNT || v[2] < 0 ||
	    v[2] >= TIME_UNIT_COUNT || v[3] < 0 || v[3] > UINT32_MAX || v[4] < 0 ||
	    v[4] > (int64_t)CASES_ESCALATION_MAX)
		return false;
	*ret = (struct case_clock){.run = (enum case_run)v[0],
				   .by = (enum case_limit_by)v[1],
				   .unit = (enum time_unit)v[2],
				   .amount = (uint32_t)v[3],
				   .level = (unsigned)v[4],
				   .from_us = v[5],
				   .due_us = v[6],
				   .first_due_us = v[7],
				   .left_us = v[8],
				   .ended_us = v[9],
				   .next_us = v[10]};
	return true;
}
