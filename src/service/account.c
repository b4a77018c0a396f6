/* Names, contacts and posts as texts. */
#include "service/account.h"

#include "base/check.h"

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* A space, a control character, or one that is not seen: none of them in what is typed. */
static bool is_unseen(uint32_t c)
{
	return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0x1680 ||
	       (c >= 0x2000 && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F) ||
	       (c >= 0x205F && c <= 0x206F) || c == 0x3000 || c == 0xFEFF;
}

static bool is_seen_text(struct str text)
{
	size_t at = 0;

	if (!str_is_utf8(text))
		return false;
	while (at < text.n)
		if (is_unseen(str_next_char(text, &at)))
			return false;
	return true;
}

static struct str as_small(struct str text, char *memory)
{
	for (size_t i = 0; i < text.n; i++)
		memory[i] = small(text.p[i]);
	return (struct str){memory, text.n};
}

bool account_name_normal(struct str text, char memory[ACCOUNT_NAME_BYTES_MAX], struct str *ret)
{
	size_t digits = 0;

	if (text.n < ACCOUNT_NAME_BYTES_MIN || text.n > ACCOUNT_NAME_BYTES_MAX ||
	    !is_seen_text(text))
		return false;
	for (size_t i = 0; i < text.n; i++)
		digits += text.p[i] >= '0' && text.p[i] <= '9';
	if (digits == text.n)
		return false;
	*ret = as_small(text, memory);
	return true;
}

bool account_contact_normal(struct str text, char memory[ACCOUNT_CONTACT_BYTES_MAX],
			    struct str *ret)
{
	const char *at = text.n > 0 ? memchr(text.p, '@', text.n) : NULL;

	if (!at || text.n > ACCOUNT_CONTACT_BYTES_MAX || !is_seen_text(text) || at == text.p ||
	    at == text.p + text.n - 1 || memrchr(text.p, '@', text.n) != at)
		return false;
	*ret = as_small(text, memory);
	return true;
}

void account_posts_put(const struct account_posts *posts, struct buf *out)
{
	for (unsigned i = 0; i < posts->n; i++) {
		const struct account_post *p = &posts->v[i];
		buf_put_str(out, p->role);
		buf_put_char(out, '\t');
		buf_put_str(out, p->unit);
		buf_put_char(out, '\t');
		for (unsigned k = 0; k < p->areas_n; k++) {
			if (k > 0)
				buf_put_char(out, ' ');
			buf_put_str(out, p->areas[k]);
		}
		buf_put_char(out, '\n');
	}
}

/* Up to the next `end`, which is passed; false: there is none, or a word is over its cap. */
static bool take_word(struct str *rest, char end, struct str *ret)
{
	const char *p = rest->n > 0 ? memchr(rest->p, end, rest->n) : NULL;

	if (!p)
		return false;
	*ret = (struct str){rest->p, (size_t)(p - rest->p)};
	*rest = (struct str){p + 1, rest->n - ret->n - 1};
	return true;
}

static bool parse_areas(struct str text, struct account_post *p)
{
	while (text.n > 0) {
		struct str word;
		if (!take_word(&text, ' ', &word)) {
			word = text;
			text.n = 0;
		} else if (text.n == 0) {
			return false;
		}
		if (p->areas_n == ACCOUNT_AREAS_MAX || word.n == 0 ||
		    word.n > ACCOUNT_WORD_BYTES_MAX)
			return false;
		p->areas[p->areas_n++] = word;
	}
	return true;
}

bool account_posts_parse(struct str text, struct account_posts *ret)
{
	struct account_posts all = {.n = 0};

	while (text.n > 0) {
		struct account_post *p = &all.v[all.n < ACCOUNT_POSTS_MAX ? all.n : 0];
		struct str areas;
		if (all.n++ == ACCOUNT_POSTS_MAX || !take_word(&text, '\t', &p->role) ||
		    !take_word(&text, '\t', &p->unit) || !take_word(&text, '\n', &areas) ||
		    p->role.n == 0 || p->role.n > ACCOUNT_WORD_BYTES_MAX ||
		    p->unit.n > ACCOUNT_WORD_BYTES_MAX || !parse_areas(areas, p))
			return false;
	}
	*ret = all;
	return true;
}
