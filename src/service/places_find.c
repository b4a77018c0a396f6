/* Search by text: the rarest token of the query gives the candidates, their normal forms decide. */
#include "base/check.h"
#include "place/text.h"
#include "places_row.h"

#define PIECES_MAX 16u
#define TOKEN_RANGE_BYTES (TEXT_TOKEN_BYTES_MAX + 4u)
#define COUNT_MAX 500u /* a token with more places than this is not counted further */

enum rank { RANK_WHOLE, RANK_FRONT, RANK_OTHER };

struct query {
	struct str text; /* normal form */
	struct str piece[PIECES_MAX];
	unsigned piece_n;
};

/* Tokens from `from` to `to`: one, or all with a front. */
struct range {
	struct str from;
	char to[TOKEN_RANGE_BYTES];
	size_t to_n;
};

struct finding {
	struct db *db;
	const struct places_filter *filter;
	struct arena *arena;
	unsigned limit, n;
	struct place_row *row;
	enum rank rank[PLACES_FIND_MAX];
	bool more;
};

static bool query_parse(struct str text, struct query *ret)
{
	*ret = (struct query){.text = text};
	for (size_t at = 0; at < text.n;) {
		const char *blank = memchr(text.p + at, ' ', text.n - at);
		size_t end = blank ? (size_t)(blank - text.p) : text.n;
		if (ret->piece_n == PIECES_MAX)
			return false;
		ret->piece[ret->piece_n++] = (struct str){text.p + at, end - at};
		at = end + 1;
	}
	return ret->piece_n > 0;
}

static bool is_single_han(struct str token)
{
	return (unsigned char)token.p[0] >= 0xE3 &&
	       token.n == ((unsigned char)token.p[0] >= 0xF0 ? 4 : 3);
}

/* The range a token of a piece stands for. `last`: the piece ends with it, so a word may go on, and
 * so may a run of Chinese of which only one character is given. */
static void range_of(struct str token, bool last, struct range *ret)
{
	bool front = last && ((unsigned char)token.p[0] < 0xE3 || is_single_han(token));

	ret->from = token;
	CHECK(token.n <= TEXT_TOKEN_BYTES_MAX);
	memcpy(ret->to, token.p, token.n);
	ret->to_n = token.n;
	if (!front)
		return;
	/* U+10FFFF sorts behind every character that a token holds */
	memcpy(ret->to + ret->to_n, "\xF4\x8F\xBF\xBF", 4);
	ret->to_n += 4;
}

static enum err count_range(struct db *db, const struct range *r, uint64_t *ret)
{
	struct db_stmt *s = db_stmt(db, SQL_place_token_count);
	bool row = false;

	db_bind_text(s, 1, r->from);
	db_bind_text(s, 2, (struct str){r->to, r->to_n});
	db_bind_u64(s, 3, COUNT_MAX);
	TRY(db_step(db, s, &row));
	*ret = db_u64(s, 0);
	db_done(s);
	return ERR_OK;
}

static enum err rarest(struct db *db, const struct query *q, struct range *ret, uint64_t *ret_count)
{
	uint64_t best = UINT64_MAX;

	for (unsigned i = 0; i < q->piece_n && best > 0; i++) {
		struct text_cursor c = {.text = q->piece[i]};
		struct str token;
		bool first = true;
		while (text_next_token(&c, &token)) {
			bool last = c.at >= c.text.n;
			struct range r;
			uint64_t n = 0;
			/* the last character of a longer run says nothing that its pair did not */
			if (last && !first && is_single_han(token) && token.p > c.text.p &&
			    (unsigned char)token.p[-1] >= 0x80)
				break;
			first = false;
			range_of(token, last, &r);
			TRY(count_range(db, &r, &n));
			if (n < best) {
				best = n;
				*ret = r;
			}
		}
	}
	*ret_count = best;
	return ERR_OK;
}

static enum rank rank_of(struct str search, struct str text)
{
	enum rank best = RANK_OTHER;

	for (size_t at = 0; at < search.n;) {
		const char *end = memchr(search.p + at, '\n', search.n - at);
		size_t n = end ? (size_t)(end - search.p) - at : search.n - at;
		struct str line = {search.p + at, n};
		if (str_eq(line, text))
			return RANK_WHOLE;
		if (str_starts(line, text))
			best = RANK_FRONT;
		at += n + 1;
	}
	return best;
}

static bool is_found(const struct finding *f, uint64_t id)
{
	for (unsigned i = 0; i < f->n; i++)
		if (f->row[i].id == id)
			return true;
	return false;
}

/* Put it where its rank and id say; the last one may fall off. */
static void insert(struct finding *f, const struct place_row *row, enum rank rank)
{
	unsigned i = f->n;

	while (i > 0 &&
	       (f->rank[i - 1] > rank || (f->rank[i - 1] == rank && f->row[i - 1].id > row->id)))
		i--;
	f->more = f->more || f->n == f->limit;
	if (i == f->limit)
		return;
	if (f->n < f->limit)
		f->n++;
	for (unsigned k = f->n - 1; k > i; k--) {
		f->row[k] = f->row[k - 1];
		f->rank[k] = f->rank[k - 1];
	}
	f->row[i] = *row;
	f->rank[i] = rank;
}

static enum err look_at(struct finding *f, const struct query *q, uint64_t id)
{
	struct db_stmt *s = db_stmt(f->db, SQL_place_get);
	struct place_row row = {.id = id};
	struct str search;
	bool there = false, fits;

	db_bind_u64(s, 1, id);
	TRY(db_step(f->db, s, &there));
	if (!there)
		return ERR_CORRUPT;
	row.kind = (enum place_kind)db_i64(s, 1);
	search = db_text(s, 9);
	fits = places_allows(f->filter, row.kind, db_i64(s, 3), db_i64(s, 4)) && !is_found(f, id);
	for (unsigned i = 0; i < q->piece_n && fits; i++)
		fits = text_has(search, q->piece[i]);
	if (fits)
		insert(f, &row, rank_of(search, q->text));
	return db_finish(s);
}

static enum err find_spelling(struct finding *f, struct str text)
{
	struct db_stmt *s;
	struct query q;
	struct range r = {0};
	uint64_t count = 0;
	unsigned looked = 0;

	if (!query_parse(text, &q))
		return ERR_BAD_INPUT;
	TRY(rarest(f->db, &q, &r, &count));
	if (count == 0)
		return ERR_OK;
	s = db_stmt(f->db, SQL_place_token_scan);
	db_bind_text(s, 1, r.from);
	db_bind_text(s, 2, (struct str){r.to, r.to_n});
	db_bind_u64(s, 3, PLACES_FIND_SCAN_MAX);
	for (;; looked++) {
		bool row = false;
		enum err e;
		TRY(db_step(f->db, s, &row));
		if (!row)
			break;
		e = look_at(f, &q, db_u64(s, 0));
		if (e != ERR_OK) {
			db_done(s);
			return e;
		}
	}
	f->more = f->more || looked == PLACES_FIND_SCAN_MAX;
	return ERR_OK;
}

enum err places_find(struct db *db, struct str text, const struct places_filter *filter,
		     struct arena *a, unsigned limit, struct place_row *ret, unsigned *ret_n,
		     bool *ret_more)
{
	char normal[PLACES_QUERY_BYTES_MAX], other[PLACES_QUERY_BYTES_MAX];
	struct buf n = buf_over(normal, sizeof normal), o = buf_over(other, sizeof other);
	struct finding f = {.db = db, .filter = filter, .arena = a, .limit = limit, .row = ret};

	CHECK(limit > 0 && limit <= PLACES_FIND_MAX);
	if (text.n > PLACES_QUERY_BYTES_MAX || !str_is_utf8(text))
		return ERR_BAD_INPUT;
	text_normalise(text, &n);
	TRY(find_spelling(&f, buf_str(&n)));
	if (text_numbers(buf_str(&n), &o))
		TRY(find_spelling(&f, buf_str(&o)));
	for (unsigned i = 0; i < f.n; i++)
		TRY(places_by_id(db, ret[i].id, a, &ret[i]));
	*ret_n = f.n;
	*ret_more = f.more;
	return ERR_OK;
}
