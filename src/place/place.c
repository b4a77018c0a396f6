/* Checks of one place, and its texts. */
#include "place/place.h"

#include "base/check.h"
#include "base/civil.h"
#include "place/code.h"
#include "place/text.h"

#define ANY PLACE_KINDS_ALL
#define ON(kind) PLACE_KIND_BIT(PLACE_##kind)
#define CAMERA (PLACE_KIND_BIT(PLACE_DEVICE) | 1u) /* bit 0 is no kind: it says camera */

static const struct place_kind_info kinds[PLACE_KIND_END] = {
#define PLACE_KIND(symbol, number, name, rank, class_of_texts, zh, en)                             \
	[PLACE_##symbol] = {name, zh, en, rank, class_of_texts},
#include "place/kind_table.h"
#undef PLACE_KIND
};

static const struct place_field_info fields[PLACE_FIELD_COUNT] = {
#define PLACE_FIELD(symbol, name, form, item, kinds, least, most, zh, en)                          \
	[PLACE_FIELD_##symbol] = {                                                                 \
	    name, zh, en, PLACE_##form, item, (kinds) & ~1u, ((kinds)&1u) != 0, least, most},
#include "place/field_table.h"
#undef PLACE_FIELD
};

const struct place_kind_info *place_kind_info(enum place_kind kind)
{
	return (unsigned)kind < PLACE_KIND_END && kinds[kind].name ? &kinds[kind] : NULL;
}

bool place_kind_find(struct str name, enum place_kind *ret)
{
	for (unsigned i = 1; i < PLACE_KIND_END; i++)
		if (kinds[i].name && str_eq(name, str_of(kinds[i].name))) {
			*ret = (enum place_kind)i;
			return true;
		}
	return false;
}

bool place_kind_may_hang(enum place_kind child, enum place_kind parent)
{
	const struct place_kind_info *c = place_kind_info(child), *p = place_kind_info(parent);

	if (!c || !p || parent == PLACE_GRID)
		return false;
	return p->rank < c->rank || (child == PLACE_AREA && parent == PLACE_AREA);
}

const struct place_field_info *place_field_info(enum place_field f)
{
	CHECK((unsigned)f < PLACE_FIELD_COUNT);
	return &fields[f];
}

bool place_field_find(struct str name, enum place_field *ret)
{
	for (unsigned i = 0; i < PLACE_FIELD_COUNT; i++)
		if (str_eq(name, str_of(fields[i].name))) {
			*ret = (enum place_field)i;
			return true;
		}
	return false;
}

bool house_code_ok(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
	return text.n == HOUSE_CODE_DIGITS;
}

/* ---- checks ---- */

static enum err bad(struct problem *p, const char *field, enum msg msg, struct str arg)
{
	return problem_set(p, ERR_BAD_INPUT, str_of(field), msg, &arg, 1);
}

static enum err over(struct problem *p, const char *field, enum msg msg, uint64_t cap)
{
	char digits[24];
	struct buf b = buf_over(digits, sizeof digits);
	struct str arg;

	buf_put_u64(&b, cap);
	arg = buf_str(&b);
	return problem_set(p, ERR_TOO_LARGE, str_of(field), msg, &arg, 1);
}

/* One line of well-formed text. */
static enum err check_text(struct str s, const char *field, size_t bytes_max,
			   struct problem *problem)
{
	if (s.n == 0)
		return bad(problem, field, MSG_CONFIG_TEXT_EMPTY, STR(""));
	if (s.n > bytes_max)
		return over(problem, field, MSG_CONFIG_TEXT_LONG, bytes_max);
	if (!str_is_utf8(s))
		return bad(problem, field, MSG_PLACE_NOT_UTF8, STR(""));
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F)
			return bad(problem, field, MSG_PLACE_CONTROL, STR(""));
	return ERR_OK;
}

static bool is_camera(const struct place *p)
{
	const struct place_value *v = &p->field[PLACE_FIELD_DEVICE_KIND];

	return p->kind == PLACE_DEVICE && v->present && str_eq(v->text, STR("camera"));
}

static enum err check_fields(const struct place *p, size_t *text_bytes, struct problem *problem)
{
	for (unsigned i = 0; i < PLACE_FIELD_COUNT; i++) {
		const struct place_field_info *f = &fields[i];
		const struct place_value *v = &p->field[i];
		if (!v->present)
			continue;
		if (!(f->kinds & PLACE_KIND_BIT(p->kind)) || (f->of_camera && !is_camera(p)))
			return bad(problem, f->name, MSG_PLACE_FIELD_OF_KIND,
				   str_of(kinds[p->kind].name));
		if (f->form == PLACE_TEXT) {
			TRY(check_text(v->text, f->name, (size_t)f->most, problem));
			*text_bytes += v->text.n;
		} else if (f->form == PLACE_DATE ? !civil_day_ok(v->n)
						 : v->n < f->least || v->n > f->most) {
			return bad(problem, f->name, MSG_PLACE_VALUE, STR(""));
		}
	}
	return ERR_OK;
}

static enum err check_shape(const struct place *p, struct problem *problem)
{
	const struct geo_shape *s = &p->shape;
	unsigned points = 0, least = s->form == GEO_AREA ? 3 : 2;

	if (s->form != GEO_NONE && (s->ring_n == 0 || !p->has_at))
		return bad(problem, "shape", MSG_PLACE_SHAPE, STR(""));
	if (s->ring_n > (s->form == GEO_LINE ? 1 : PLACE_RINGS_MAX))
		return over(problem, "shape", MSG_PLACE_RINGS,
			    s->form == GEO_LINE ? 1 : PLACE_RINGS_MAX);
	for (unsigned r = 0; r < s->ring_n; r++) {
		points += s->ring[r].n;
		if (points > PLACE_POINTS_MAX)
			return over(problem, "shape", MSG_PLACE_POINTS, PLACE_POINTS_MAX);
		if (s->ring[r].n < least)
			return bad(problem, "shape", MSG_PLACE_SHAPE, STR(""));
		for (unsigned i = 0; i < s->ring[r].n; i++)
			if (!geo_point_ok(s->ring[r].p[i].lat_e7, s->ring[r].p[i].lon_e7))
				return bad(problem, "shape", MSG_PLACE_POSITION, STR(""));
	}
	if (p->has_at && !geo_point_ok(p->at.lat_e7, p->at.lon_e7))
		return bad(problem, "at", MSG_PLACE_POSITION, STR(""));
	return ERR_OK;
}

static enum err check_days(const struct place *p, struct problem *problem)
{
	bool from = p->valid_from != PLACE_DAY_OPEN, until = p->valid_until != PLACE_DAY_OPEN;

	if ((from && !civil_day_ok(p->valid_from)) || (until && !civil_day_ok(p->valid_until)) ||
	    (from && until && p->valid_until < p->valid_from))
		return bad(problem, "valid_until", MSG_PLACE_DAYS, STR(""));
	return ERR_OK;
}

enum err place_check(const struct place *p, struct problem *problem)
{
	size_t text_bytes = 0;

	if (!place_kind_info(p->kind))
		return bad(problem, "kind", MSG_PLACE_VALUE, STR(""));
	TRY(check_text(p->ext, "id", PLACE_EXT_BYTES_MAX, problem));
	if (p->code != 0 && !code_ok(p->code))
		return bad(problem, "code", MSG_PLACE_CODE, STR(""));
	if (p->alias_n > PLACE_ALIASES_MAX)
		return over(problem, "aliases", MSG_CONFIG_TOO_MANY, PLACE_ALIASES_MAX);
	for (unsigned i = 0; i < p->alias_n; i++) {
		TRY(check_text(p->alias[i], "aliases", PLACE_ALIAS_BYTES_MAX, problem));
		text_bytes += p->alias[i].n;
	}
	if (p->predecessor_n > PLACE_PREDECESSORS_MAX)
		return over(problem, "predecessors", MSG_CONFIG_TOO_MANY, PLACE_PREDECESSORS_MAX);
	TRY(check_fields(p, &text_bytes, problem));
	if (text_bytes > PLACE_TEXT_BYTES_MAX)
		return over(problem, "name", MSG_PLACE_TEXTS, PLACE_TEXT_BYTES_MAX);
	TRY(check_days(p, problem));
	return check_shape(p, problem);
}

/* ---- fields from text ---- */

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

static bool yes_no(struct str s, int64_t *ret)
{
	static const char *const words[2][4] = {{"no", "false", "0", "否"},
						{"yes", "true", "1", "是"}};

	for (int v = 0; v < 2; v++)
		for (int i = 0; i < 4; i++)
			if (str_eq(s, str_of(words[v][i]))) {
				*ret = v;
				return true;
			}
	return false;
}

enum err place_set_field(struct place *p, enum place_field f, struct str text,
			 struct problem *problem)
{
	const struct place_field_info *info = place_field_info(f);
	struct place_value v = {.present = true, .text = trim(text)};
	uint64_t n = 0;
	int32_t day = 0;
	bool ok = true;

	if (v.text.n == 0)
		return ERR_OK;
	if (info->form == PLACE_NUMBER) {
		ok = str_to_u64(v.text, &n) && n <= INT32_MAX;
		v.n = (int64_t)n;
	} else if (info->form == PLACE_YES_NO) {
		ok = yes_no(v.text, &v.n);
	} else if (info->form == PLACE_DATE) {
		ok = civil_parse_date(v.text, &day) == ERR_OK;
		v.n = day;
	}
	if (!ok)
		return bad(problem, info->name, MSG_PLACE_VALUE, v.text);
	if (info->form != PLACE_TEXT)
		v.text = STR("");
	p->field[f] = v;
	return ERR_OK;
}

/* ---- texts ---- */

static void put_search(struct str text, struct buf *out)
{
	size_t from = out->n, normal_n;

	text_normalise(text, out);
	normal_n = out->n - from;
	if (normal_n == 0)
		return;
	buf_put_char(out, '\n');
	if (!text_numbers((struct str){out->p + from, normal_n}, out))
		out->n = from + normal_n + 1;
	else
		buf_put_char(out, '\n');
}

void place_search_text(const struct place *p, struct buf *out)
{
	static const enum place_field searched[] = {PLACE_FIELD_NAME, PLACE_FIELD_NAME_ZH,
						    PLACE_FIELD_NAME_EN, PLACE_FIELD_ADDRESS,
						    PLACE_FIELD_NUMBER};
	char digits[CODE_DIGITS + 1];

	for (size_t i = 0; i < sizeof searched / sizeof searched[0]; i++)
		if (p->field[searched[i]].present)
			put_search(p->field[searched[i]].text, out);
	for (unsigned i = 0; i < p->alias_n; i++)
		put_search(p->alias[i], out);
	if (p->kind == PLACE_AREA && p->code != 0) {
		struct buf b = buf_over(digits, sizeof digits);
		buf_put_u64(&b, p->code);
		put_search(buf_str(&b), out);
	}
}

struct str place_title(const struct place *p)
{
	static const enum place_field order[] = {PLACE_FIELD_NAME, PLACE_FIELD_NAME_ZH,
						 PLACE_FIELD_ADDRESS, PLACE_FIELD_NUMBER};

	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
		if (p->field[order[i]].present)
			return p->field[order[i]].text;
	return p->alias_n > 0 ? p->alias[0] : STR("");
}
