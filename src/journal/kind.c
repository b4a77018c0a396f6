/* Entries read back: the head, and the members that kinds share. */
#include "journal/kind.h"

#include "base/check.h"

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

enum err kind_get_str(const json_t *data, const char *key, struct arena *a, struct str *ret)
{
	const json_t *v = json_object_get(data, key);
	struct str s;

	if (!json_is_string(v))
		return ERR_CORRUPT;
	s = arena_copy(a, (struct str){json_string_value(v), json_string_length(v)});
	if (!s.p)
		return ERR_NO_MEMORY;
	*ret = s;
	return ERR_OK;
}

enum err kind_get_u64(const json_t *data, const char *key, uint64_t *ret)
{
	const json_t *v = json_object_get(data, key);

	if (!json_is_integer(v) || json_integer_value(v) < 0)
		return ERR_CORRUPT;
	*ret = (uint64_t)json_integer_value(v);
	return ERR_OK;
}

enum err kind_get_bool(const json_t *data, const char *key, bool *ret)
{
	const json_t *v = json_object_get(data, key);

	if (!json_is_boolean(v))
		return ERR_CORRUPT;
	*ret = json_is_true(v);
	return ERR_OK;
}

/* Base64 text of a member into arena memory. */
static enum err get_b64(const json_t *data, const char *key, struct arena *a, struct bytes *ret)
{
	const json_t *v = json_object_get(data, key);
	size_t n = 0;
	uint8_t *p;

	if (!json_is_string(v))
		return ERR_CORRUPT;
	p = arena_alloc(a, json_string_length(v) / 4 * 3 + 1);
	if (!p)
		return ERR_NO_MEMORY;
	if (!b64_decode((struct str){json_string_value(v), json_string_length(v)}, p,
			json_string_length(v) / 4 * 3 + 1, &n))
		return ERR_CORRUPT;
	*ret = (struct bytes){p, n};
	return ERR_OK;
}

enum err kind_get_sealed(const json_t *data, const char *key, struct arena *a, struct sealed *ret)
{
	const json_t *v = json_object_get(data, key);
	struct bytes h = {0};
	struct sealed s;

	if (!json_is_object(v) || json_object_size(v) != MEMBERS_OF_SEALED)
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

static enum err parse_actor(const json_t *json, struct arena *a, struct actor *ret)
{
	struct str handle = {0};

	if (!json_is_object(json) || json_object_size(json) != MEMBERS_OF_ACTOR)
		return ERR_CORRUPT;
	TRY(kind_get_str(json, "role", a, &ret->role));
	TRY(kind_get_str(json, "unit", a, &ret->unit));
	TRY(kind_get_str(json, "handle", a, &handle));
	ret->has_handle = handle.n > 0;
	memset(ret->handle, 0, HANDLE_BYTES);
	if (ret->has_handle && !hex_decode(handle, ret->handle, HANDLE_BYTES))
		return ERR_CORRUPT;
	return ERR_OK;
}

static enum err parse_head(const json_t *json, struct arena *a, struct entry_head *ret)
{
	uint64_t at = 0, version = 0;
	struct str kind = {0};

	if (!json_is_object(json) || json_object_size(json) != MEMBERS_OF_HEAD)
		return ERR_CORRUPT;
	TRY(kind_get_str(json, "kind", a, &kind));
	if (!kind_find(kind, &ret->kind))
		return ERR_NEWER_STORE;
	TRY(kind_get_u64(json, "v", &version));
	if (version != kind_version(ret->kind))
		return ERR_NEWER_STORE;
	TRY(kind_get_u64(json, "n", &ret->n));
	TRY(kind_get_u64(json, "at", &at));
	ret->at_us = (int64_t)at;
	return parse_actor(json_object_get(json, "actor"), a, &ret->actor);
}

enum err kind_parse(struct str body, struct arena *a, struct entry_head *ret_head,
		    json_t **ret_json, const json_t **ret_data)
{
	json_t *json = json_loadb(body.p, body.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	struct entry_head head;
	enum err e;

	if (!json)
		return ERR_CORRUPT;
	e = parse_head(json, a, &head);
	if (e == ERR_OK && !json_is_object(json_object_get(json, "data")))
		e = ERR_CORRUPT;
	if (e != ERR_OK) {
		json_decref(json);
		return e;
	}
	*ret_head = head;
	*ret_json = json;
	*ret_data = json_object_get(json, "data");
	return ERR_OK;
}
