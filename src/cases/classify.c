/* Counting words of the table, and weighing those of a text. */
#include "cases/classify.h"

#include "base/check.h"

void classify_terms(struct terms *t, const struct terms_key *key, struct str text)
{
	terms_init(t);
	terms_put_text(t, key, text);
	if (t->n > CLASSIFY_TERMS_MAX / 2)
		t->n = CLASSIFY_TERMS_MAX / 2;
	terms_put_hints(t, key, text);
	if (t->n > CLASSIFY_TERMS_MAX)
		t->n = CLASSIFY_TERMS_MAX;
}

/* ---- learning from the table ---- */

struct training {
	const struct terms_key *key;
	struct arena *arena;
	struct classify_word *word; /* of all slots; those of one stand together */
	unsigned word_n, slot_from, room;
	uint64_t total;
	bool over;
};

static void count_term(struct training *t, uint32_t slot, uint64_t term, uint32_t n)
{
	t->total += n;
	for (unsigned i = t->slot_from; i < t->word_n; i++)
		if (t->word[i].term == term) {
			t->word[i].n += n;
			return;
		}
	t->over = t->over || t->word_n == t->room;
	if (!t->over)
		t->word[t->word_n++] = (struct classify_word){term, slot, n};
}

static void count_phrase(struct training *t, uint32_t slot, struct str phrase, uint32_t weight)
{
	struct terms terms;

	classify_terms(&terms, t->key, phrase);
	for (unsigned i = 0; i < terms.n; i++)
		count_term(t, slot, terms.v[i], weight);
}

static void count_phrases(struct training *t, uint32_t slot, const struct cases_phrases *says)
{
	for (unsigned l = 0; l < LANG_COUNT; l++)
		for (unsigned i = 0; i < says[l].n; i++)
			count_phrase(t, slot, says[l].v[i], CLASSIFY_PHRASE_WEIGHT);
}

static void count_category(struct training *t, uint32_t slot, const struct cases_category *c)
{
	for (unsigned l = 0; l < LANG_COUNT; l++) {
		count_phrase(t, slot, c->words[l], 2 * CLASSIFY_PHRASE_WEIGHT);
		count_phrase(t, slot, c->opens_when[l], CLASSIFY_PHRASE_WEIGHT);
		count_phrase(t, slot, c->closes_when[l], CLASSIFY_PHRASE_WEIGHT);
	}
	count_phrases(t, slot, c->says);
}

/* As many terms as the phrases can have at most: a word and a hint for each byte. */
static unsigned room_of(const struct cases_categories *table)
{
	size_t bytes = 0;

	for (unsigned l = 0; l < LANG_COUNT; l++) {
		for (unsigned i = 0; i < table->elsewhere[l].n; i++)
			bytes += table->elsewhere[l].v[i].n;
		for (unsigned i = 0; i < table->n; i++) {
			const struct cases_category *c = &table->v[i];
			bytes += c->words[l].n + c->opens_when[l].n + c->closes_when[l].n;
			for (unsigned k = 0; k < c->says[l].n; k++)
				bytes += c->says[l].v[k].n;
		}
	}
	return bytes < CLASSIFY_WORDS_MAX / 2 ? 2 * (unsigned)bytes + 1 : CLASSIFY_WORDS_MAX;
}

enum err classify_train(const struct cases_categories *table, const struct terms_key *key,
			struct arena *a, struct classify_model *ret)
{
	struct training t = {.key = key, .arena = a, .room = room_of(table)};

	CHECK(table->n <= CASES_CATEGORIES_MAX);
	t.word = arena_alloc(a, t.room * sizeof *t.word);
	if (!t.word)
		return ERR_TOO_LARGE;
	memset(ret->total, 0, sizeof ret->total);
	for (unsigned i = 0; i <= table->n; i++) {
		t.slot_from = t.word_n;
		t.total = 0;
		if (i < table->n)
			count_category(&t, i, &table->v[i]);
		else
			count_phrases(&t, i, table->elsewhere);
		ret->total[i] = t.total;
	}
	if (t.over)
		return ERR_TOO_LARGE;
	ret->word = t.word;
	ret->word_n = t.word_n;
	ret->category_n = table->n;
	return ERR_OK;
}

/* ---- weighing a text ---- */

void classify_begin(struct classify_sums *s, const struct classify_model *m,
		    const struct terms *text)
{
	memset(s, 0, sizeof *s);
	s->term_n = text->n < CLASSIFY_TERMS_MAX ? text->n : CLASSIFY_TERMS_MAX;
	s->category_n = m->category_n;
	memcpy(s->term, text->v, s->term_n * sizeof s->term[0]);
	memcpy(s->total, m->total, sizeof s->total);
	for (unsigned i = 0; i < m->word_n; i++)
		for (unsigned k = 0; k < s->term_n; k++)
			if (s->term[k] == m->word[i].term)
				s->n[k][m->word[i].slot] += m->word[i].n;
}

/* log2 in 1/256, cut off: the square of a number has twice its logarithm. v > 0. */
static int32_t log2_256(uint64_t v)
{
	int whole = 63 - __builtin_clzll(v);
	uint64_t x = whole > 31 ? v >> (whole - 31) : v << (31 - whole); /* 1 … 2, in 31 bits */
	int32_t log = whole;

	for (unsigned i = 0; i < 8; i++) {
		x = x * x >> 31;
		log = log * 2 + (x >> 32 != 0);
		x >>= x >> 32;
	}
	return log;
}

/* Σ log2 (p(term | slot) / p(term)), where p(term | slot) = (n + μ·p(term)) / (total + μ). */
static int32_t evidence_of(const struct classify_sums *s, unsigned slot, uint64_t all)
{
	int32_t sum = 0;

	for (unsigned k = 0; k < s->term_n; k++) {
		uint64_t anywhere = 0;
		for (unsigned i = 0; i <= s->category_n; i++)
			anywhere += s->n[k][i];
		if (anywhere == 0)
			continue;
		sum += log2_256(CLASSIFY_PRIOR * anywhere + (uint64_t)s->n[k][slot] * all);
		sum -= log2_256(anywhere) + log2_256(s->total[slot] + CLASSIFY_PRIOR);
	}
	return sum;
}

/* Has this category heard enough of the text's terms before? */
static bool is_heard(const struct classify_sums *s, unsigned slot)
{
	unsigned heard = 0;

	for (unsigned k = 0; k < s->term_n; k++)
		heard += s->n[k][slot] > 0;
	return heard * 100 >= s->term_n * CLASSIFY_KNOWN_MIN;
}

void classify_decide(const struct classify_sums *s, struct classify_result *ret)
{
	int32_t best = INT32_MIN, next = INT32_MIN, elsewhere;
	uint64_t all = 0;

	*ret = (struct classify_result){.best = CASES_NONE, .next = CASES_NONE};
	for (unsigned i = 0; i <= s->category_n; i++)
		all += s->total[i];
	for (unsigned i = 0; i < s->category_n; i++) {
		int32_t e = evidence_of(s, i, all);
		if (ret->best == CASES_NONE || e > best) {
			ret->next = ret->best;
			next = best;
			ret->best = i;
			best = e;
		} else if (ret->next == CASES_NONE || e > next) {
			ret->next = i;
			next = e;
		}
	}
	if (ret->best == CASES_NONE)
		return;
	elsewhere = evidence_of(s, s->category_n, all);
	next = ret->next == CASES_NONE || elsewhere > next ? elsewhere : next;
	ret->evidence = best;
	ret->margin = best - next;
	ret->is_sure = best >= CLASSIFY_EVIDENCE_MIN && ret->margin >= CLASSIFY_MARGIN_MIN &&
		       is_heard(s, ret->best);
}
