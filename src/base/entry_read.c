/* The canonical entry reader. */
#include "base/entry_read.h"

#include "base/entry.h"

struct reading {
	const char *p, *end;
	struct entry_value *v;
	unsigned n;
	char *plain; /* where strings with escapes go */
};

static bool take(struct reading *r, char c)
{
	if (r->p == r->end || *r->p != c)
		return false;
	r->p++;
	return true;
}

static struct entry_value *put(struct reading *r, enum entry_type type)
{
	struct entry_value *v = &r->v[r->n++];

	*v = (struct entry_value){.type = type, .after = 1};
	return v;
}

/* ---- strings ---- */

static int hex_of(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Behind the backslash. What has a name is written by it, and only the rest of C0 by its number. */
static bool take_escape(struct reading *r, char *ret)
{
	static const char named[] = "\b\t\n\f\r\"\\", letter[] = "btnfr\"\\";
	const char *at;
	int high, low;

	if (r->p == r->end)
		return false;
	at = *r->p ? strchr(letter, *r->p) : NULL;
	if (at) {
		r->p++;
		*ret = named[at - letter];
		return true;
	}
	if (r->end - r->p < 5 || memcmp(r->p, "u00", 3) != 0)
		return false;
	high = hex_of(r->p[3]);
	low = hex_of(r->p[4]);
	if (high < 0 || high > 1 || low < 0)
		return false;
	*ret = (char)(high << 4 | low);
	r->p += 5;
	return *ret == 0 || !strchr(named, *ret);
}

/* Behind the quote. What has no escape is read where it stands. */
static bool take_text(struct reading *r, struct str *ret)
{
	const char *from = r->p, *quote = memchr(from, '"', (size_t)(r->end - from));

	if (!quote)
		return false;
	if (!memchr(from, '\\', (size_t)(quote - from))) {
		r->p = quote + 1;
		*ret = (struct str){from, (size_t)(quote - from)};
		return true;
	}
	ret->p = r->plain;
	while (r->p < r->end && *r->p != '"') {
		char c = *r->p++;
		if (c == '\\' && !take_escape(r, &c))
			return false;
		*r->plain++ = c;
	}
	ret->n = (size_t)(r->plain - ret->p);
	return take(r, '"');
}

/* ---- values ---- */

static bool take_int(struct reading *r)
{
	struct entry_value *v = put(r, ENTRY_INT);
	bool minus = take(r, '-');
	const char *from = r->p;

	while (r->p < r->end && *r->p >= '0' && *r->p <= '9' && v->number <= ENTRY_INT_MAX)
		v->number = v->number * 10 + (*r->p++ - '0');
	if (r->p == from || v->number > ENTRY_INT_MAX ||
	    (*from == '0' && (minus || r->p - from > 1)))
		return false;
	v->number = minus ? -v->number : v->number;
	return true;
}

static bool take_word(struct reading *r, const char *word, int64_t number)
{
	size_t n = strlen(word);

	if ((size_t)(r->end - r->p) < n || memcmp(r->p, word, n) != 0)
		return false;
	r->p += n;
	put(r, ENTRY_BOOL)->number = number;
	return true;
}

static bool take_value(struct reading *r, unsigned depth);

static bool less(struct str a, struct str b)
{
	int order = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

	return order < 0 || (order == 0 && a.n < b.n);
}

/* Printing ASCII that needs no escape, behind the key before. */
static bool take_key(struct reading *r, const struct str *last, struct str *ret)
{
	struct entry_value *v = put(r, ENTRY_STR);
	bool good = true;

	if (!take(r, '"') || !take_text(r, &v->text))
		return false;
	for (size_t i = 0; i < v->text.n; i++)
		good &= (v->text.p[i] > ' ') & (v->text.p[i] < 0x7F) & (v->text.p[i] != '"') &
			(v->text.p[i] != '\\');
	*ret = v->text;
	return good && (!last || less(*last, *ret)) && take(r, ':');
}

static bool take_members(struct reading *r, enum entry_type type, char close, unsigned depth)
{
	unsigned at = r->n, size = 0;
	struct str key[2];

	if (depth == ENTRY_DEPTH_MAX)
		return false;
	put(r, type);
	r->p++;
	while (!take(r, close)) {
		if (size > 0 && !take(r, ','))
			return false;
		if (type == ENTRY_OBJECT &&
		    !take_key(r, size > 0 ? &key[(size + 1) % 2] : NULL, &key[size % 2]))
			return false;
		if (!take_value(r, depth + 1))
			return false;
		size++;
	}
	r->v[at].size = size;
	r->v[at].after = r->n - at;
	return true;
}

static bool take_value(struct reading *r, unsigned depth)
{
	if (r->p == r->end)
		return false;
	switch (*r->p) {
	case '{':
		return take_members(r, ENTRY_OBJECT, '}', depth);
	case '[':
		return take_members(r, ENTRY_ARRAY, ']', depth);
	case '"':
		r->p++;
		return take_text(r, &put(r, ENTRY_STR)->text);
	case 't':
		return take_word(r, "true", 1);
	case 'f':
		return take_word(r, "false", 0);
	default:
		return take_int(r);
	}
}

/* Nothing stands in it but what is printed: controls are escaped, and no white space is between. */
static bool is_clean(struct str text)
{
	bool good = true;

	for (size_t i = 0; i < text.n; i++)
		good &= (unsigned char)text.p[i] >= 0x20;
	return good && str_is_utf8(text);
}

/* Each value and key but the root comes right behind one of these. */
static size_t count_most(struct str text)
{
	size_t n = 1;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == ',' || text.p[i] == ':' || text.p[i] == '[' || text.p[i] == '{';
	return n;
}

size_t entry_read_room(struct str text)
{
	return count_most(text) * sizeof(struct entry_value) + text.n;
}

enum err entry_read(struct str text, void *memory, const struct entry_value **ret)
{
	struct reading r = {.p = text.p, .end = text.p + text.n, .v = memory};

	if (text.n == 0 || text.n > ENTRY_BYTES_MAX || !is_clean(text))
		return ERR_CORRUPT;
	r.plain = (char *)(r.v + count_most(text));
	if (!take_value(&r, 0) || r.p != r.end)
		return ERR_CORRUPT;
	*ret = r.v;
	return ERR_OK;
}

/* ---- members ---- */

const struct entry_value *entry_first(const struct entry_value *of)
{
	if (entry_size(of) == 0)
		return NULL;
	return of->type == ENTRY_OBJECT ? of + 2 : of + 1;
}

const struct entry_value *entry_next(const struct entry_value *of, const struct entry_value *v)
{
	const struct entry_value *next = v + v->after + (of->type == ENTRY_OBJECT);

	return next < of + of->after ? next : NULL;
}

const struct entry_value *entry_get(const struct entry_value *object, const char *key)
{
	if (!entry_is(object, ENTRY_OBJECT))
		return NULL;
	for (const struct entry_value *v = entry_first(object); v; v = entry_next(object, v))
		if (str_eq(entry_key_of(v), str_of(key)))
			return v;
	return NULL;
}

const struct entry_value *entry_at(const struct entry_value *array, size_t i)
{
	const struct entry_value *v = entry_first(array);

	if (v && array->after == array->size + 1) /* plain values all */
		return i < array->size ? v + i : NULL;
	for (; v && i > 0; i--)
		v = entry_next(array, v);
	return v;
}
