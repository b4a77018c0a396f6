/* Accept-Encoding, If-None-Match, Cookie, percent-encoding. */
#include "api/fields.h"

#include <strings.h>

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

/* The part before the first `c`, trimmed; *s becomes what is behind it. */
static struct str cut(struct str *s, char c)
{
	const char *at = s->n > 0 ? memchr(s->p, c, s->n) : NULL;
	struct str before = {s->p, at ? (size_t)(at - s->p) : s->n};

	s->p += before.n + (at ? 1 : 0);
	s->n -= before.n + (at ? 1 : 0);
	return trim(before);
}

static bool is_name(struct str s, const char *name)
{
	return s.n == strlen(name) && strncasecmp(s.p, name, s.n) == 0;
}

/* Among the parameters is q=0, 0., 0.0 … */
static bool weighs_nothing(struct str parameters)
{
	while (parameters.n > 0) {
		struct str value = cut(&parameters, ';');
		struct str name = cut(&value, '=');
		size_t i = 0;
		value = trim(value);
		if (!is_name(name, "q") || value.n == 0)
			continue;
		while (i < value.n && (value.p[i] == '0' || value.p[i] == '.'))
			i++;
		return i == value.n;
	}
	return false;
}

bool field_takes_gzip(struct str accept_encoding)
{
	bool any = false;

	while (accept_encoding.n > 0) {
		struct str item = cut(&accept_encoding, ',');
		struct str coding = cut(&item, ';');
		if (is_name(coding, "gzip") || is_name(coding, "x-gzip"))
			return !weighs_nothing(item);
		if (is_name(coding, "*"))
			any = !weighs_nothing(item);
	}
	return any;
}

/* Without W/ in front. */
static struct str opaque(struct str etag)
{
	return str_starts(etag, STR("W/")) ? (struct str){etag.p + 2, etag.n - 2} : etag;
}

bool field_lists_etag(struct str if_none_match, struct str etag)
{
	struct str wanted = opaque(etag), left = trim(if_none_match);

	if (str_eq(left, STR("*")))
		return true;
	while (left.n > 0) {
		/* a comma may stand within the quotes of another tag, but not in ours: our tags are
		 * hex */
		if (str_eq(opaque(cut(&left, ',')), wanted))
			return true;
	}
	return false;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct str field_cookie(struct str cookies, struct str name)
{
	while (cookies.n > 0) {
		struct str value = cut(&cookies, ';');
		struct str its_name = cut(&value, '=');
		value = trim(value);
		if (!str_eq(its_name, name))
			continue;
		if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
			value = (struct str){value.p + 1, value.n - 2};
		return value;
	}
	return STR("");
}

size_t field_unescape(char *z)
{
	size_t n = 0;

	for (const char *p = z; *p; p++) {
		int hi = *p == '%' ? hex_digit(p[1]) : -1;
		int lo = hi >= 0 ? hex_digit(p[2]) : -1;
		if (lo >= 0 && hi + lo > 0) {
			z[n++] = (char)(hi << 4 | lo);
			p += 2;
		} else {
			z[n++] = *p;
		}
	}
	z[n] = 0;
	return n;
}
