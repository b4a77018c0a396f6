/* The table of messages, looked up and filled in, and the choice of language. */
#include "base/msg.h"

#include "base/check.h"

static const char *const msg_rows[MSG_COUNT][LANG_COUNT] = {
#define MSG(symbol, zh, en) {zh, en},
#include "base/msg_table.h"
#undef MSG
};

static const char *const lang_tags[LANG_COUNT] = {"zh", "en"};

const char *msg_text(enum msg msg, enum lang lang)
{
	CHECK(msg < MSG_COUNT && lang < LANG_COUNT);
	return msg_rows[msg][lang];
}

const char *lang_tag(enum lang lang)
{
	CHECK(lang < LANG_COUNT);
	return lang_tags[lang];
}

void msg_put(struct buf *out, enum msg msg, enum lang lang, const struct str *args, unsigned n)
{
	struct str text = str_of(msg_text(msg, lang));

	CHECK(n <= MSG_ARGS_MAX);
	for (size_t i = 0; i < text.n; i++) {
		bool is_place = text.n - i >= 3 && text.p[i] == '{' && text.p[i + 1] >= '0' &&
				text.p[i + 1] <= '9' && text.p[i + 2] == '}';
		if (is_place && (unsigned)(text.p[i + 1] - '0') < n) {
			buf_put_str(out, args[text.p[i + 1] - '0']);
			i += 2;
		} else {
			buf_put_char(out, text.p[i]);
		}
	}
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static struct str trim(struct str s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

/* Cut s at the first `c`: the part before it is given, *s becomes the part behind it. */
static struct str cut(struct str *s, char c)
{
	const char *at = s->n > 0 ? memchr(s->p, c, s->n) : NULL;
	struct str before = *s;

	if (!at) {
		*s = (struct str){s->p + s->n, 0};
		return before;
	}
	before.n = (size_t)(at - s->p);
	*s = (struct str){at + 1, s->n - before.n - 1};
	return before;
}

/* qvalue of RFC 9110 section 12.4.2 in thousandths; -1 where it is none. */
static int weight_parse(struct str s)
{
	int v = 0;

	if (s.n < 1 || s.n > 5 || (s.p[0] != '0' && s.p[0] != '1') || (s.n > 1 && s.p[1] != '.'))
		return -1;
	for (size_t i = 0, scale = 1000; i < s.n; i++) {
		if (i == 1)
			continue;
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		v += (int)scale * (s.p[i] - '0');
		scale /= 10;
	}
	return v <= 1000 ? v : -1;
}

/* Weight behind the ';' of a range: 1000 without one, -1 where it cannot be read. */
static int weight_of(struct str parameter)
{
	parameter = trim(parameter);
	if (parameter.n == 0)
		return 1000;
	if (parameter.n < 2 || lower(parameter.p[0]) != 'q' || parameter.p[1] != '=')
		return -1;
	return weight_parse((struct str){parameter.p + 2, parameter.n - 2});
}

static bool tag_is(struct str tag, const char *z)
{
	return tag.n == 2 && lower(tag.p[0]) == z[0] && lower(tag.p[1]) == z[1];
}

enum lang lang_from_accept(struct str accept_language)
{
	int weight[LANG_COUNT] = {-1, -1}, any = -1;
	enum lang first = LANG_COUNT;

	for (unsigned i = 0; i < MSG_ACCEPT_RANGES_MAX && accept_language.n > 0; i++) {
		struct str parameter = cut(&accept_language, ',');
		struct str range = trim(cut(&parameter, ';'));
		int w = weight_of(parameter);
		if (range.n == 1 && range.p[0] == '*' && w > any)
			any = w;
		struct str tag = cut(&range, '-');
		for (enum lang lang = LANG_ZH; lang < LANG_COUNT; lang++) {
			if (w < 0 || !tag_is(tag, lang_tags[lang]))
				continue;
			if (first == LANG_COUNT)
				first = lang;
			if (w > weight[lang])
				weight[lang] = w;
		}
	}
	int zh = weight[LANG_ZH] >= 0 ? weight[LANG_ZH] : any;
	int en = weight[LANG_EN] >= 0 ? weight[LANG_EN] : any;
	if (zh == en)
		return first == LANG_EN && zh > 0 ? LANG_EN : LANG_ZH;
	if (zh < 0 && en == 0)
		return LANG_ZH; /* "en;q=0" asks for anything but English */
	if (en < 0 && zh == 0)
		return LANG_EN;
	return zh > en ? LANG_ZH : LANG_EN;
}
