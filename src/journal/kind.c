/* Entries read back: the head, and the members that kinds share. */
#include "journal/kind.h"

#include "base/check.h"

#include <stdlib.h>

#define MEMBERS_OF_HEAD 6u
#define MEMBERS_OF_ACTOR 3u
#define MEMBERS_OF_SEALED 3u

static const struct {
	const char *name;
	unsigned version;
	const char *words[LANG_COUNT];
} kind_rows[KIND_COUNT] = {
#define KIND(symbol, name, version, zh, en, form) [KIND_##symbol] = {name, version, {zh, en}},
#include "journal/kind_table.h"
#undef KIND
};

const char *kind_name(enum kind kind)
{
	CHECK(kind < KIND_COUNT);
	return kind_rows[kind].name;
}

unsigned kind_version(enum kind kind)
{
	CHECK(kind < KIND_COUNT);
	return kind_rows[kind].version;
}

const char *kind_words(enum kind kind, enum lang lang)
{
	CHECK(kind < KIND_COUNT && lang < LANG_COUNT);
	return kind_rows[kind].words[lang];
}

bool kind_find(struct str name, enum kind *ret)
{
	for (unsigned i = 0; i < KIND_COUNT; i++)
		if (str_eq(name, str_of(kind_rows[i].name))) {
			*ret = (enum kind)i;
			return true;
		}
	return false;
}

void kind_put_sealed(struct entry_writer *w, const char *key, const struct sealed *v)
{
	entry_key(w, key);
	entry_object(w);
	entry_key(w, "c");
	entry_b64(w, v->box.p, v->box.n);
	entry_key(w, "h");
	entry_b64(w, v->h.b, HASH_BYTES);
	entry_key(w, "k");
	entry_int(w, (int64_t)v->key_id);
	entry_close(w);
}

enum err kind_read_str(const struct entry_value *v, struct arena *a, struct str *ret)
{
	struct str s;

	if (!entry_is(v, ENTRY_STR))
		return ERR_CORRUPT;
	s = arena_copy(a, v->text);
	if (!s.p)
		return ERR_NO_MEMORY;
	*ret = s;
	return ERR_OK;
}

enum err kind_get_str(const struct entry_value *data, const char *key, struct arena *a,
		      struct str *ret)
{
	return kind_read_str(entry_get(data, key), a, ret);
}

enum err kind_get_u64(const struct entry_value *data, const char *key, uint64_t *ret)
{
	const struct entry_value *v = entry_get(data, key);

	if (!entry_is(v, ENTRY_INT) || v->number < 0)
		return ERR_CORRUPT;
	*ret = (uint64_t)v->number;
	return ERR_OK;
}

enum err kind_get_bool(const struct entry_value *data, const char *key, bool *ret)
{
	const struct entry_value *v = entry_get(data, key);

	if (!entry_is(v, ENTRY_BOOL))
		return ERR_CORRUPT;
	*ret = v->number != 0;
	return ERR_OK;
}

/* Base64 text of a member into arena memory. */
static enum err get_b64(const struct entry_value *data, const char *key, struct arena *a,
			struct bytes *ret)
{
	const struct entry_value *v = entry_get(data, key);
	size_t n = 0, room;
	uint8_t *p;

	if (!entry_is(v, ENTRY_STR))
		return ERR_CORRUPT;
	room = v->text.n / 4 * 3 + 1;
	p = arena_alloc(a, room);
	if (!p)
		return ERR_NO_MEMORY;
	if (!b64_decode(v->text, p, room, &n))
		return ERR_CORRUPT;
	*ret = (struct bytes){p, n};
	return ERR_OK;
}

enum err kind_read_sealed(const struct entry_value *v, struct arena *a, struct sealed *ret)
{
	struct bytes h = {0};
	struct sealed s;

	if (!entry_is(v, ENTRY_OBJECT) || v->size != MEMBERS_OF_SEALED)
		return ERR_CORRUPT;
	TRY(get_b64(v, "c", a, &s.box));
	TRY(get_b64(v, "h", a, &h));
	TRY(kind_get_u64(v, "k", &s.key_id));
	if (h.n != HASH_BYTES)
		return ERR_CORRUPT;
	memcpy(s.h.b, h.p, HASH_BYTES);
	*ret = s;
	return ERR_OK;
}

enum err kind_get_sealed(const struct entry_value *data, const char *key, struct arena *a,
			 struct sealed *ret)
{
	return kind_read_sealed(entry_get(data, key), a, ret);
}

static enum err parse_actor(const struct entry_value *v, struct arena *a, struct actor *ret)
{
	struct str handle = {0};

	if (!entry_is(v, ENTRY_OBJECT) || v->size != MEMBERS_OF_ACTOR)
		return ERR_CORRUPT;
	TRY(kind_get_str(v, "role", a, &ret->role));
	TRY(kind_get_str(v, "unit", a, &ret->unit));
	TRY(kind_get_str(v, "handle", a, &handle));
	ret->has_handle = handle.n > 0;
	memset(ret->handle, 0, HANDLE_BYTES);
	if (ret->has_handle && !hex_decode(handle, ret->handle, HANDLE_BYTES))
		return ERR_CORRUPT;
	return ERR_OK;
}

static enum err parse_head(const struct entry_value *v, struct arena *a, struct entry_head *ret)
{
	uint64_t at = 0, version = 0;
	struct str kind = {0};

	if (!entry_is(v, ENTRY_OBJECT) || v->size != MEMBERS_OF_HEAD)
		return ERR_CORRUPT;
	TRY(kind_get_str(v, "kind", a, &kind));
	if (!kind_find(kind, &ret->kind))
		return ERR_NEWER_STORE;
	TRY(kind_get_u64(v, "v", &version));
	if (version != kind_version(ret->kind))
		return ERR_NEWER_STORE;
	TRY(kind_get_u64(v, "n", &ret->n));
	TRY(kind_get_u64(v, "at", &at));
	ret->at_us = (int64_t)at;
	return parse_actor(entry_get(v, "actor"), a, &ret->actor);
}

enum err kind_parse(struct str body, struct arena *a, struct entry_head *ret_head,
		    void **ret_memory, const struct entry_value **ret_data)
{
	const struct entry_value *root = NULL, *data;
	void *memory = malloc(entry_read_room(body));
	struct entry_head head;
	enum err e;

	if (!memory)
		return ERR_NO_MEMORY;
	e = entry_read(body, memory, &root);
	if (e == ERR_OK)
		e = parse_head(root, a, &head);
	data = entry_get(root, "data");
	if (e == ERR_OK && !entry_is(data, ENTRY_OBJECT))
		e = ERR_CORRUPT;
	if (e != ERR_OK) {
		free(memory);
		return e;
	}
	*ret_head = head;
	*ret_memory = memory;
	*ret_data = data;
	return ERR_OK;
}
