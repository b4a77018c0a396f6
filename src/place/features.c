/* The frame of a FeatureCollection: brackets, texts, and the key "features". */
#include "place/features.h"

#define LIST_DEPTH 2u /* brackets open between two features: { "features": [ */

void features_init(struct features *f)
{
	memset(f, 0, sizeof *f - sizeof f->bytes);
	f->line_now = 1;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void keep(struct features *f, char c)
{
	if (f->n == FEATURE_BYTES_MAX)
		f->over = true;
	else
		f->bytes[f->n++] = c;
}

static void take_in_text(struct features *f, char c)
{
	if (f->escaped)
		f->escaped = false;
	else if (c == '\\')
		f->escaped = true;
	else if (c == '"')
		f->in_text = false;
	if (f->depth == 1 && f->in_text && !f->after_key && f->key_n < sizeof f->key)
		f->key[f->key_n++] = c;
}

static bool key_is_features(const struct features *f)
{
	return str_eq((struct str){f->key, f->key_n}, STR("features"));
}

static void open_bracket(struct features *f, char c)
{
	if (f->depth == 0 && (c != '{' || f->ended))
		f->broken = true;
	if (f->depth == 1 && f->after_key && key_is_features(f) && c == '[') {
		f->in_list = true;
		f->had_list = true;
	}
	if (f->in_list && f->depth == LIST_DEPTH) {
		if (c != '{')
			f->broken = true;
		f->line = f->line_now;
		f->n = 0;
		f->over = false;
	}
	f->depth++;
}

/* True: a feature ends here. */
static bool close_bracket(struct features *f)
{
	if (f->depth == 0) {
		f->broken = true;
		return false;
	}
	f->depth--;
	if (f->depth == 1)
		f->in_list = false;
	f->ended = f->depth == 0;
	return f->in_list && f->depth == LIST_DEPTH;
}

/* One byte outside of texts; true: a feature ends with it. */
static bool take_outside(struct features *f, char c)
{
	if (c == '"') {
		f->in_text = true;
		if (f->depth == 1 && !f->after_key)
			f->key_n = 0;
		if (f->depth == 0)
			f->broken = true;
	} else if (c == '{' || c == '[') {
		open_bracket(f, c);
	} else if (c == '}' || c == ']') {
		return close_bracket(f);
	} else if (f->depth == 1 && (c == ':' || c == ',')) {
		f->after_key = c == ':';
	} else if (f->depth == 0 && !is_space(c)) {
		f->broken = true;
	}
	return false;
}

enum features_result features_read(struct features *f, struct str piece, bool last,
				   size_t *ret_used)
{
	static const char bom[] = "\xEF\xBB\xBF";

	for (size_t i = 0; i < piece.n && !f->broken; i++) {
		char c = piece.p[i];
		bool end = false;
		if (f->bom < 3) {
			if (c == bom[f->bom]) {
				f->bom++;
				continue;
			}
			f->bom = 3;
		}
		f->line_now += c == '\n';
		if (f->in_text)
			take_in_text(f, c);
		else
			end = take_outside(f, c);
		if (f->in_list && (end || f->depth > LIST_DEPTH))
			keep(f, c);
		if (!end)
			continue;
		*ret_used = i + 1;
		f->feature = (struct str){f->bytes, f->n};
		return f->over ? FEATURES_TOO_LARGE : FEATURES_ONE;
	}
	*ret_used = piece.n;
	if (f->broken || (last && (!f->ended || !f->had_list))) {
		f->broken = true;
		return FEATURES_BROKEN;
	}
	return FEATURES_MORE;
}
