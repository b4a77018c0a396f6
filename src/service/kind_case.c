/* case.handed_in, case.moved and case.imported: a step of a case as an entry, and back. */
#include "service/kind_case.h"

#include "base/check.h"

/* ---- to an entry; keys ascend ---- */

static const char *const run_names[CASE_RUN_COUNT] = {"none", "runs", "waits", "ended"};
static const char *const by_names[CASE_BY_COUNT] = {"", "category", "type", "desk", "field"};

static void put_int(struct entry_writer *w, const char *key, int64_t v)
{
	entry_key(w, key);
	entry_int(w, v);
}

static void put_str(struct entry_writer *w, const char *key, struct str v)
{
	entry_key(w, key);
	entry_str(w, v);
}

static void put_names(struct entry_writer *w, const char *key, const struct str *v, unsigned n)
{
	entry_key(w, key);
	entry_array(w);
	for (unsigned i = 0; i < n; i++)
		entry_str(w, v[i]);
	entry_close(w);
}

static void put_clocks(struct entry_writer *w, const struct case_entry *d)
{
	char limit[24];

	entry_key(w, "clocks");
	entry_object(w);
	for (unsigned i = 0; i < d->clocks_n; i++) {
		const struct case_clock *c = &d->clocks[i].clock;
		struct buf text = buf_over(limit, sizeof limit);
		if (c->amount > 0) {
			buf_put_u64(&text, c->amount);
			buf_put_z(&text, time_unit_code(c->unit));
		}
		entry_key_str(w, d->clocks[i].name);
		entry_object(w);
		put_str(w, "by", str_of(by_names[c->by]));
		put_int(w, "due", c->due_us);
		put_int(w, "ended", c->ended_us);
		put_int(w, "first", c->first_due_us);
		put_int(w, "from", c->from_us);
		put_int(w, "left", c->left_us);
		put_int(w, "level", c->level);
		put_str(w, "limit", buf_str(&text));
		put_int(w, "next", c->next_us);
		put_str(w, "run", str_of(run_names[c->run]));
		entry_close(w);
	}
	entry_close(w);
}

static void put_fields(struct entry_writer *w, const struct case_entry *d)
{
	entry_key(w, "fields");
	entry_object(w);
	for (unsigned i = 0; i < d->fields_n; i++) {
		entry_key_str(w, d->fields[i].field);
		if (d->fields[i].is_word)
			entry_str(w, d->fields[i].word);
		else
			entry_int(w, d->fields[i].number);
	}
	entry_close(w);
}

static void put_files(struct entry_writer *w, const struct case_entry *d)
{
	entry_key(w, "files");
	entry_object(w);
	for (unsigned i = 0; i < d->files_n; i++) {
		entry_key_str(w, d->files[i].kind);
		entry_int(w, (int64_t)d->files[i].n);
	}
	entry_close(w);
}

static void put_follower(struct entry_writer *w, const struct case_entry *d)
{
	entry_key(w, "follower");
	entry_object(w);
	if (d->has_follower) {
		put_str(w, "channel", d->follower_channel);
		entry_key(w, "confidential");
		entry_bool(w, d->follower_is_confidential);
		put_int(w, "key", (int64_t)d->follower_key);
	}
	entry_close(w);
}

static void put_hand(struct entry_writer *w, const struct case_entry *d)
{
	if (d->has_hand) {
		kind_put_sealed(w, "hand", &d->hand);
		return;
	}
	entry_key(w, "hand");
	entry_object(w);
	entry_close(w);
}

static void put_sealed(struct entry_writer *w, const struct case_entry *d)
{
	char z[CASES_NAME_BYTES_MAX + 1];

	entry_key(w, "sealed");
	entry_object(w);
	for (unsigned i = 0; i < d->sealed_n; i++) {
		CHECK(d->sealed[i].field.n < sizeof z);
		memcpy(z, d->sealed[i].field.p, d->sealed[i].field.n);
		z[d->sealed[i].field.n] = '\0';
		kind_put_sealed(w, z, &d->sealed[i].value);
	}
	entry_close(w);
}

static void put_ties(struct entry_writer *w, const struct case_entry *d)
{
	entry_key(w, "ties");
	entry_array(w);
	for (unsigned i = 0; i < d->ties_n; i++) {
		entry_int(w, d->ties[i].kind);
		entry_int(w, (int64_t)d->ties[i].target);
	}
	entry_close(w);
}

static void put_parts(struct entry_writer *w, const struct case_entry *d)
{
	entry_key(w, "parts");
	entry_object(w);
	for (unsigned i = 0; i < d->parts_n; i++) {
		entry_key_str(w, d->parts[i].unit);
		entry_object(w);
		entry_key(w, "done");
		entry_bool(w, d->parts[i].is_done);
		put_int(w, "until", d->parts[i].until_day);
		entry_close(w);
	}
	entry_close(w);
}

static void put_why(struct entry_writer *w, const struct case_entry *d)
{
	entry_key(w, "why");
	entry_object(w);
	if (d->why.n > 0) {
		put_int(w, "line", (int64_t)d->why_line);
		put_str(w, "rule", d->why);
	}
	entry_close(w);
}

static void put_at(struct entry_writer *w, const struct case_spot *spot)
{
	put_str(w, "area", spot->area);
	entry_key(w, "at");
	entry_array(w);
	if (spot->has_at) {
		entry_int(w, spot->lat_e7);
		entry_int(w, spot->lon_e7);
	}
	entry_close(w);
}

static void put_where(struct entry_writer *w, const struct case_entry *d)
{
	entry_key(w, "where");
	entry_object(w);
	if (d->is_elsewhere) {
		put_at(w, &d->spot);
		put_int(w, "place", (int64_t)d->spot.place);
		entry_key(w, "was");
		entry_object(w);
		put_at(w, &d->was);
		put_int(w, "place", (int64_t)d->was.place);
		entry_close(w);
	}
	entry_close(w);
}

static void put_from(struct entry_writer *w, const struct case_from *from)
{
	entry_key(w, "from");
	entry_object(w);
	put_str(w, "category", from->category);
	put_int(w, "closed", from->closed_us);
	put_int(w, "due", from->due_us);
	put_str(w, "ext", from->ext);
	put_int(w, "opened", from->opened_us);
	put_str(w, "status", from->status);
	entry_close(w);
}

/* A record that came in new has the members of a new case; what is said of one that is there has
 * those of a step that it needs; both have where it comes from. */
static void encode(struct entry_writer *w, const struct case_entry *d)
{
	bool begins = d->is_new || d->is_imported, moves = !begins;

	if (begins)
		put_at(w, &d->spot);
	if (moves || d->is_imported)
		put_int(w, "case", (int64_t)d->id);
	if (begins)
		put_int(w, "categories", (int64_t)d->categories_n);
	put_str(w, "category", d->category);
	put_clocks(w, d);
	if (moves)
		put_str(w, "command", d->command);
	put_names(w, "conditions", d->conditions, d->conditions_n);
	put_str(w, "counted", d->counted);
	entry_key(w, "drill");
	entry_bool(w, d->is_drill);
	put_int(w, "due", d->due_us);
	put_fields(w, d);
	put_names(w, "figures", d->figures, d->figures_n);
	put_files(w, d);
	entry_key(w, "final");
	entry_bool(w, d->is_final);
	if (moves)
		put_follower(w, d);
	put_int(w, "forget", d->forget_us);
	if (d->is_imported)
		put_from(w, &d->from);
	put_hand(w, d);
	if (begins) {
		put_int(w, "happened", d->happened_us);
		put_int(w, "key", (int64_t)d->key_id);
	} else {
		entry_key(w, "late");
		entry_bool(w, d->is_late);
	}
	put_int(w, "marks", d->marks);
	put_int(w, "month", d->month);
	put_int(w, "next", d->next_us);
	if (begins)
		put_int(w, "number", (int64_t)d->number);
	put_str(w, "outcome", d->outcome);
	put_str(w, "owner", d->owner);
	if (moves)
		put_parts(w, d);
	if (begins)
		put_int(w, "place", (int64_t)d->spot.place);
	if (moves || d->is_imported)
		put_int(w, "prev", (int64_t)d->prev);
	put_int(w, "priority", d->priority);
	if (moves)
		put_names(w, "removed", d->removed, d->removed_n);
	put_sealed(w, d);
	put_names(w, "signed", d->signed_, d->signed_n);
	put_str(w, "state", d->state);
	put_int(w, "step", d->step);
	put_names(w, "stopped", d->stopped, d->stopped_n);
	put_names(w, "tells", d->tells, d->tells_n);
	put_ties(w, d);
	if (moves)
		put_names(w, "told", d->told, d->told_n);
	if (moves)
		put_str(w, "transition", d->transition);
	if (begins)
		put_int(w, "type", (int64_t)d->type_n);
	put_str(w, "unit", d->unit);
	if (moves)
		put_where(w, d);
	put_why(w, d);
}

void case_new_encode(struct entry_writer *w, const void *data)
{
	encode(w, data);
}

void case_moved_encode(struct entry_writer *w, const void *data)
{
	encode(w, data);
}

void case_imported_encode(struct entry_writer *w, const void *data)
{
	encode(w, data);
}

/* ---- and back ---- */

static enum err get_i64(const struct entry_value *data, const char *key, int64_t *ret)
{
	const struct entry_value *v = entry_get(data, key);

	if (!entry_is(v, ENTRY_INT))
		return ERR_CORRUPT;
	*ret = v->number;
	return ERR_OK;
}

static enum err get_names(const struct entry_value *data, const char *key, struct arena *a,
			  struct str **ret, unsigned *ret_n)
{
	const struct entry_value *list = entry_get(data, key);
	size_t n = entry_size(list);
	struct str *v;

	if (!entry_is(list, ENTRY_ARRAY) || n > CASE_ENTRY_NAMES_MAX)
		return ERR_CORRUPT;
	v = arena_alloc(a, (n + 1) * sizeof *v);
	if (!v)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < n; i++) {
		const struct entry_value *s = entry_at(list, i);
		if (!entry_is(s, ENTRY_STR))
			return ERR_CORRUPT;
		v[i] = arena_copy(a, s->text);
		if (!v[i].p)
			return ERR_NO_MEMORY;
	}
	*ret = v;
	*ret_n = (unsigned)n;
	return ERR_OK;
}

static enum err find_name(const char *const *names, unsigned n, struct str s, unsigned *ret)
{
	for (unsigned i = 0; i < n; i++)
		if (str_eq(s, str_of(names[i]))) {
			*ret = i;
			return ERR_OK;
		}
	return ERR_CORRUPT;
}

static enum err get_limit(struct str text, struct case_clock *c)
{
	size_t digits = 0;
	uint64_t amount = 0;

	if (text.n == 0)
		return ERR_OK;
	while (digits < text.n && text.p[digits] >= '0' && text.p[digits] <= '9')
		digits++;
	if (!str_to_u64((struct str){text.p, digits}, &amount) || amount > UINT32_MAX ||
	    !time_unit_parse((struct str){text.p + digits, text.n - digits}, &c->unit))
		return ERR_CORRUPT;
	c->amount = (uint32_t)amount;
	return ERR_OK;
}

static enum err get_clock(const struct entry_value *v, struct arena *a, struct case_clock *ret)
{
	struct case_clock c = {0};
	struct str by = {0}, run = {0}, limit = {0};
	unsigned index = 0;
	uint64_t level = 0;

	if (entry_size(v) != 10)
		return ERR_CORRUPT;
	TRY(kind_get_str(v, "by", a, &by));
	TRY(kind_get_str(v, "run", a, &run));
	TRY(kind_get_str(v, "limit", a, &limit));
	TRY(find_name(by_names, CASE_BY_COUNT, by, &index));
	c.by = (enum case_limit_by)index;
	TRY(find_name(run_names, CASE_RUN_COUNT, run, &index));
	c.run = (enum case_run)index;
	TRY(get_limit(limit, &c));
	TRY(get_i64(v, "due", &c.due_us));
	TRY(get_i64(v, "ended", &c.ended_us));
	TRY(get_i64(v, "first", &c.first_due_us));
	TRY(get_i64(v, "from", &c.from_us));
	TRY(get_i64(v, "left", &c.left_us));
	TRY(get_i64(v, "next", &c.next_us));
	TRY(kind_get_u64(v, "level", &level));
	if (level > CASES_ESCALATION_MAX)
		return ERR_CORRUPT;
	c.level = (unsigned)level;
	*ret = c;
	return ERR_OK;
}

/* Names of members are words of the files. */
static enum err get_name(const struct entry_value *member, struct arena *a, struct str *ret)
{
	struct str key = entry_key_of(member);

	if (key.n == 0 || key.n > CASES_NAME_BYTES_MAX)
		return ERR_CORRUPT;
	*ret = arena_copy(a, key);
	return ret->p ? ERR_OK : ERR_NO_MEMORY;
}

/* An object whose members are named by the files: each into element i of an array. */
typedef enum err member_fn(const struct entry_value *v, struct str name, struct arena *a,
			   void *element);

static enum err get_members(const struct entry_value *data, const char *key, struct arena *a,
			    size_t size, member_fn *get, void **ret, unsigned *ret_n)
{
	const struct entry_value *object = entry_get(data, key);
	size_t n = entry_size(object), i = 0;
	struct str name;
	char *v;

	if (!entry_is(object, ENTRY_OBJECT) || n > CASE_ENTRY_NAMES_MAX)
		return ERR_CORRUPT;
	v = arena_alloc(a, (n + 1) * size);
	if (!v)
		return ERR_NO_MEMORY;
	for (const struct entry_value *at = entry_first(object); at; at = entry_next(object, at)) {
		TRY(get_name(at, a, &name));
		TRY(get(at, name, a, v + i++ * size));
	}
	*ret = v;
	*ret_n = (unsigned)n;
	return ERR_OK;
}

static enum err get_clock_member(const struct entry_value *v, struct str name, struct arena *a,
				 void *element)
{
	struct case_clock_value *c = element;

	c->name = name;
	return get_clock(v, a, &c->clock);
}

static enum err get_field_member(const struct entry_value *v, struct str name, struct arena *a,
				 void *element)
{
	struct case_value *f = element;

	f->field = name;
	f->is_word = entry_is(v, ENTRY_STR);
	if (!f->is_word && !entry_is(v, ENTRY_INT))
		return ERR_CORRUPT;
	if (!f->is_word) {
		f->number = v->number;
		return ERR_OK;
	}
	f->word = arena_copy(a, v->text);
	return f->word.p ? ERR_OK : ERR_NO_MEMORY;
}

static enum err get_part_member(const struct entry_value *v, struct str name, struct arena *a,
				void *element)
{
	struct case_part_value *part = element;
	int64_t until = 0;

	(void)a;
	part->unit = name;
	if (entry_size(v) != 2)
		return ERR_CORRUPT;
	TRY(kind_get_bool(v, "done", &part->is_done));
	TRY(get_i64(v, "until", &until));
	if (until != (int32_t)until)
		return ERR_CORRUPT;
	part->until_day = (int32_t)until;
	return ERR_OK;
}

static enum err get_sealed_members(const struct entry_value *data, struct arena *a,
				   struct case_entry *d)
{
	const struct entry_value *object = entry_get(data, "sealed");
	size_t n = entry_size(object);

	if (!entry_is(object, ENTRY_OBJECT) || n > CASE_SEALED_MAX)
		return ERR_CORRUPT;
	d->sealed = arena_alloc(a, (n + 1) * sizeof *d->sealed);
	if (!d->sealed)
		return ERR_NO_MEMORY;
	for (const struct entry_value *at = entry_first(object); at; at = entry_next(object, at)) {
		struct case_sealed *s = &d->sealed[d->sealed_n++];
		TRY(get_name(at, a, &s->field));
		TRY(kind_read_sealed(at, a, &s->value));
	}
	return ERR_OK;
}

static enum err get_files(const struct entry_value *data, struct arena *a, struct case_entry *d)
{
	const struct entry_value *object = entry_get(data, "files");

	if (!entry_is(object, ENTRY_OBJECT) || entry_size(object) > CASE_FILES_MAX)
		return ERR_CORRUPT;
	for (const struct entry_value *at = entry_first(object); at; at = entry_next(object, at)) {
		struct case_file_used *f = &d->files[d->files_n++];
		TRY(get_name(at, a, &f->kind));
		if (!entry_is(at, ENTRY_INT) || at->number < 0)
			return ERR_CORRUPT;
		f->n = (uint64_t)at->number;
	}
	return ERR_OK;
}

static enum err get_follower(const struct entry_value *data, struct arena *a, struct case_entry *d)
{
	const struct entry_value *v = entry_get(data, "follower");

	d->has_follower = entry_size(v) > 0;
	if (!entry_is(v, ENTRY_OBJECT) || (d->has_follower && entry_size(v) != 3))
		return ERR_CORRUPT;
	if (!d->has_follower)
		return ERR_OK;
	TRY(kind_get_str(v, "channel", a, &d->follower_channel));
	TRY(kind_get_bool(v, "confidential", &d->follower_is_confidential));
	return kind_get_u64(v, "key", &d->follower_key);
}

static enum err get_ties(const struct entry_value *data, struct case_entry *d)
{
	const struct entry_value *list = entry_get(data, "ties");
	size_t n = entry_size(list);

	if (!entry_is(list, ENTRY_ARRAY) || n % 2 != 0 || n > 2 * CASE_TIES_MAX)
		return ERR_CORRUPT;
	for (size_t i = 0; i < n; i += 2) {
		const struct entry_value *kind = entry_at(list, i), *target = entry_at(list, i + 1);
		struct case_tie *tie = &d->ties[d->ties_n++];
		if (!entry_is(kind, ENTRY_INT) || !entry_is(target, ENTRY_INT) ||
		    kind->number < 1 || kind->number >= CASE_TIE_KINDS || target->number < 1)
			return ERR_CORRUPT;
		tie->kind = (enum case_tie_kind)kind->number;
		tie->target = (uint64_t)target->number;
	}
	return ERR_OK;
}

static enum err get_spot(const struct entry_value *data, struct arena *a, struct case_spot *ret)
{
	const struct entry_value *at = entry_get(data, "at");
	const struct entry_value *lat = entry_at(at, 0), *lon = entry_at(at, 1);

	TRY(kind_get_str(data, "area", a, &ret->area));
	TRY(kind_get_u64(data, "place", &ret->place));
	ret->has_at = entry_size(at) == 2;
	if (!entry_is(at, ENTRY_ARRAY) || (entry_size(at) != 0 && !ret->has_at))
		return ERR_CORRUPT;
	if (!ret->has_at)
		return ERR_OK;
	if (!entry_is(lat, ENTRY_INT) || !entry_is(lon, ENTRY_INT) ||
	    lat->number != (int32_t)lat->number || lon->number != (int32_t)lon->number)
		return ERR_CORRUPT;
	ret->lat_e7 = (int32_t)lat->number;
	ret->lon_e7 = (int32_t)lon->number;
	return ERR_OK;
}

static enum err get_short(const struct entry_value *data, const char *key, size_t bytes_max,
			  struct arena *a, struct str *ret)
{
	TRY(kind_get_str(data, key, a, ret));
	return ret->n <= bytes_max ? ERR_OK : ERR_CORRUPT;
}

static enum err get_imported(const struct entry_value *data, struct arena *a, struct case_entry *d)
{
	const struct entry_value *v = entry_get(data, "from");

	TRY(kind_get_u64(data, "case", &d->id));
	TRY(kind_get_u64(data, "prev", &d->prev));
	d->is_new = d->id == 0;
	if (entry_size(v) != 6)
		return ERR_CORRUPT;
	TRY(get_short(v, "category", CASE_FROM_WORDS_BYTES_MAX, a, &d->from.category));
	TRY(get_short(v, "ext", CASE_FROM_EXT_BYTES_MAX, a, &d->from.ext));
	TRY(get_short(v, "status", CASE_FROM_STATUS_BYTES_MAX, a, &d->from.status));
	TRY(get_i64(v, "closed", &d->from.closed_us));
	TRY(get_i64(v, "due", &d->from.due_us));
	return get_i64(v, "opened", &d->from.opened_us);
}

static enum err get_where(const struct entry_value *data, struct arena *a, struct case_entry *d)
{
	const struct entry_value *where = entry_get(data, "where"), *was = entry_get(where, "was");

	d->is_elsewhere = entry_size(where) > 0;
	if (!entry_is(where, ENTRY_OBJECT))
		return ERR_CORRUPT;
	if (!d->is_elsewhere)
		return ERR_OK;
	if (entry_size(where) != 4 || entry_size(was) != 3)
		return ERR_CORRUPT;
	TRY(get_spot(where, a, &d->spot));
	return get_spot(was, a, &d->was);
}

static enum err get_new(const struct entry_value *data, struct arena *a, struct case_entry *d)
{
	TRY(kind_get_u64(data, "categories", &d->categories_n));
	TRY(get_i64(data, "happened", &d->happened_us));
	TRY(kind_get_u64(data, "key", &d->key_id));
	TRY(kind_get_u64(data, "number", &d->number));
	TRY(kind_get_u64(data, "type", &d->type_n));
	return get_spot(data, a, &d->spot);
}

static enum err get_moved(const struct entry_value *data, struct arena *a, struct case_entry *d)
{
	void *parts = NULL;

	TRY(kind_get_u64(data, "case", &d->id));
	TRY(kind_get_str(data, "command", a, &d->command));
	TRY(kind_get_bool(data, "late", &d->is_late));
	TRY(kind_get_u64(data, "prev", &d->prev));
	TRY(kind_get_str(data, "transition", a, &d->transition));
	TRY(get_follower(data, a, d));
	TRY(get_where(data, a, d));
	TRY(get_names(data, "told", a, &d->told, &d->told_n));
	TRY(get_members(data, "parts", a, sizeof *d->parts, get_part_member, &parts, &d->parts_n));
	d->parts = parts;
	return get_names(data, "removed", a, &d->removed, &d->removed_n);
}

static enum err get_numbers(const struct entry_value *data, struct case_entry *d)
{
	uint64_t marks = 0, month = 0, priority = 0, step = 0;

	TRY(get_i64(data, "due", &d->due_us));
	TRY(get_i64(data, "next", &d->next_us));
	TRY(get_i64(data, "forget", &d->forget_us));
	TRY(kind_get_u64(data, "marks", &marks));
	TRY(kind_get_u64(data, "month", &month));
	TRY(kind_get_u64(data, "priority", &priority));
	TRY(kind_get_u64(data, "step", &step));
	if (marks > UINT16_MAX || month > 999999 || priority > CASES_PRIORITIES ||
	    step >= CASES_STEP_COUNT || d->forget_us < 0)
		return ERR_CORRUPT;
	d->marks = (unsigned)marks;
	d->month = (int)month;
	d->priority = (unsigned)priority;
	d->step = (int)step;
	TRY(kind_get_bool(data, "drill", &d->is_drill));
	return kind_get_bool(data, "final", &d->is_final);
}

static enum err get_hand_and_why(const struct entry_value *data, struct arena *a,
				 struct case_entry *d)
{
	const struct entry_value *hand = entry_get(data, "hand"), *why = entry_get(data, "why");

	d->has_hand = entry_size(hand) > 0;
	if (!entry_is(hand, ENTRY_OBJECT) || !entry_is(why, ENTRY_OBJECT))
		return ERR_CORRUPT;
	if (d->has_hand)
		TRY(kind_get_sealed(data, "hand", a, &d->hand));
	if (entry_size(why) == 0)
		return ERR_OK;
	TRY(kind_get_u64(why, "line", &d->why_line));
	TRY(kind_get_str(why, "rule", a, &d->why));
	return entry_size(why) == 2 && d->why.n > 0 ? ERR_OK : ERR_CORRUPT;
}

#define MEMBERS_NEW 35u
#define MEMBERS_MOVED 37u
#define MEMBERS_IMPORTED (MEMBERS_NEW + 3u)

static enum err decode(const struct entry_value *data, bool is_new, bool is_imported,
		       struct arena *a, const void **ret)
{
	struct case_entry *d = arena_alloc(a, sizeof *d);
	void *fields = NULL, *clocks = NULL;

	if (!d)
		return ERR_NO_MEMORY;
	d->is_new = is_new;
	d->is_imported = is_imported;
	if (entry_size(data) != (is_imported ? MEMBERS_IMPORTED
				 : is_new    ? MEMBERS_NEW
					     : MEMBERS_MOVED))
		return ERR_CORRUPT;
	TRY(is_new || is_imported ? get_new(data, a, d) : get_moved(data, a, d));
	if (is_imported)
		TRY(get_imported(data, a, d));
	TRY(get_numbers(data, d));
	TRY(kind_get_str(data, "category", a, &d->category));
	TRY(kind_get_str(data, "counted", a, &d->counted));
	TRY(kind_get_str(data, "state", a, &d->state));
	TRY(kind_get_str(data, "owner", a, &d->owner));
	TRY(kind_get_str(data, "unit", a, &d->unit));
	TRY(kind_get_str(data, "outcome", a, &d->outcome));
	TRY(get_members(data, "fields", a, sizeof *d->fields, get_field_member, &fields,
			&d->fields_n));
	TRY(get_members(data, "clocks", a, sizeof *d->clocks, get_clock_member, &clocks,
			&d->clocks_n));
	d->fields = fields;
	d->clocks = clocks;
	TRY(get_sealed_members(data, a, d));
	TRY(get_names(data, "conditions", a, &d->conditions, &d->conditions_n));
	TRY(get_names(data, "signed", a, &d->signed_, &d->signed_n));
	TRY(get_names(data, "stopped", a, &d->stopped, &d->stopped_n));
	TRY(get_names(data, "tells", a, &d->tells, &d->tells_n));
	TRY(get_names(data, "figures", a, &d->figures, &d->figures_n));
	TRY(get_files(data, a, d));
	TRY(get_ties(data, d));
	TRY(get_hand_and_why(data, a, d));
	*ret = d;
	return ERR_OK;
}

enum err case_new_decode(const struct entry_value *data, struct arena *a, const void **ret)
{
	return decode(data, true, false, a, ret);
}

enum err case_moved_decode(const struct entry_value *data, struct arena *a, const void **ret)
{
	return decode(data, false, false, a, ret);
}

enum err case_imported_decode(const struct entry_value *data, struct arena *a, const void **ret)
{
	return decode(data, false, true, a, ret);
}
