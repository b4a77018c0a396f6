/* Entries in words: kind, time in the community's zone, who acted, the members of data. What is
 * sealed stays sealed. */
#include "show.h"

#include "app/files.h"
#include "base/zone.h"
#include "cli.h"
#include "journal/journal.h"
#include "journal/keys.h"

#include <jansson.h>
#include <stdlib.h>

struct showing {
	struct db *db;
	struct keyring
	    *keys; /* NULL: it cannot be read, and nobody can tell whether a key is there */
	struct zone zone;
	char *zone_bytes;
	char memory[ENTRY_BYTES_MAX];
};

/* The community's zone; UTC where this machine does not have it. */
static void load_zone(struct showing *v, const char *name)
{
	char path[ZONE_MAX + 32];
	size_t n = 0;

	zone_init_fixed(0, &v->zone);
	if (name[0] == '/' || strstr(name, ".."))
		return;
	snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
	if (file_read(path, ZONE_BYTES_MAX, &v->zone_bytes, &n) != ERR_OK)
		return;
	if (zone_parse((struct bytes){(const uint8_t *)v->zone_bytes, n}, &v->zone) != ERR_OK)
		zone_init_fixed(0, &v->zone);
}

static void put_time(const struct showing *v, int64_t at_us)
{
	char text[CIVIL_RFC3339_BYTES_MAX + 1];
	struct buf b = buf_over(text, sizeof text);

	if (civil_utc_us_ok(at_us))
		civil_put_local(at_us, zone_offset_s(&v->zone, at_us), &b);
	else
		buf_put_i64(&b, at_us);
	printf("%.*s", (int)b.n, b.p);
}

static bool is_sealed(const json_t *v)
{
	return json_is_object(v) && json_object_size(v) == 3 &&
	       json_is_string(json_object_get(v, "c")) && json_is_string(json_object_get(v, "h")) &&
	       json_is_integer(json_object_get(v, "k"));
}

static void say_sealed(const struct showing *v, const json_t *sealed)
{
	size_t n = json_string_length(json_object_get(sealed, "c"));
	const char *text = json_string_value(json_object_get(sealed, "c"));
	json_int_t id = json_integer_value(json_object_get(sealed, "k"));
	size_t padding = n > 1 ? (size_t)(text[n - 1] == '=') + (text[n - 2] == '=') : 0;
	size_t bytes = n / 4 * 3 - padding;
	char number[CLI_U64_BYTES];
	bool there = true;

	if (v->keys && id > 0 && keyring_holds(v->keys, (uint64_t)id, &there) != ERR_OK)
		there = true;
	bytes = bytes > SEAL_OVERHEAD_BYTES ? bytes - SEAL_OVERHEAD_BYTES : 0;
	if (there)
		cli_say(MSG_CLI_SEALED, (struct str[]){cli_u64(bytes, number)}, 1);
	else
		cli_say(MSG_CLI_SEALED_GONE, NULL, 0);
}

static void say_data(const struct showing *v, json_t *data)
{
	const char *key;
	json_t *value;

	json_object_foreach(data, key, value)
	{
		char *text;
		printf("    %s: ", key);
		if (is_sealed(value)) {
			say_sealed(v, value);
			continue;
		}
		text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
		printf("%s\n", text ? text : "?");
		free(text);
	}
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static void say_entry(const struct showing *v, const struct entry_view *e)
{
	json_t *json = json_loadb(e->body.p, e->body.n, JSON_ALLOW_NUL, NULL);
	const json_t *actor = json_object_get(json, "actor");
	const char *name = text_of(json, "kind"), *handle = text_of(actor, "handle");
	enum kind kind;

	printf("%llu  ", (unsigned long long)e->n);
	put_time(v, json_integer_value(json_object_get(json, "at")));
	if (!kind_find(str_of(name), &kind)) {
		printf("  %s\n    %s\n    %.*s\n", name, cli_text(MSG_CLI_UNKNOWN_KIND),
		       (int)e->body.n, e->body.p);
		json_decref(json);
		return;
	}
	printf("  %s (%s)\n    %s: ", kind_words(kind, cli_lang()), name, cli_text(MSG_CLI_ACTOR));
	if (*handle)
		printf("%s%s%s %s\n", text_of(actor, "role"), *text_of(actor, "unit") ? " " : "",
		       text_of(actor, "unit"), handle);
	else
		printf("%s\n", cli_text(MSG_CLI_ACTOR_SELF));
	say_data(v, json_object_get(json, "data"));
	json_decref(json);
}

static enum err show_all(struct showing *v, uint64_t from, uint64_t to, bool as_json)
{
	for (uint64_t n = from; n <= to; n++) {
		struct entry_view e;
		enum err err = journal_entry(v->db, n, v->memory, &e);
		if (err == ERR_NOT_FOUND && n > from)
			return ERR_OK; /* as many as there are */
		TRY(err);
		if (as_json)
			printf("%.*s\n", (int)e.body.n, e.body.p);
		else
			say_entry(v, &e);
	}
	return ERR_OK;
}

int show_entries(const struct settings *s, uint64_t from, uint64_t to, bool as_json)
{
	struct keyring_options ko = {.path = s->keys_db, .read_only = true};
	struct showing *v = calloc(1, sizeof *v);
	struct community community;
	struct problem p = {0};
	char number[CLI_U64_BYTES];
	struct str arg = cli_u64(from, number);
	enum err e = v ? ERR_OK : ERR_NO_MEMORY;

	if (e == ERR_OK)
		e = db_open(s->journal, DB_SCHEMA_journal, DB_READ, NULL, &v->db);
	if (e == ERR_OK)
		e = community_get(v->db, &community);
	if (e == ERR_OK) {
		load_zone(v, community.zone);
		if (keyring_open(&ko, &v->keys) != ERR_OK)
			v->keys = NULL;
		e = show_all(v, from, to, as_json);
	}
	if (e == ERR_NOT_FOUND)
		e = problem_set(&p, e, STR(""), MSG_CLI_NO_ENTRY, &arg, 1);
	if (v) {
		keyring_free(v->keys);
		db_free(v->db);
		free(v->zone_bytes);
	}
	free(v);
	return e == ERR_OK ? CLI_DONE : cli_fail(e, &p);
}

int64_t show_entry_us(struct db *db, uint64_t n)
{
	_Alignas(16) static char memory[ENTRY_BYTES_MAX];
	static char body[ENTRY_BYTES_MAX];
	struct entry_view view;
	struct entry_head head;
	const struct entry_value *data = NULL;
	void *tree = NULL;
	struct arena a;

	arena_init(&a, memory, sizeof memory);
	if (journal_entry(db, n, body, &view) != ERR_OK ||
	    kind_parse(view.body, &a, &head, &tree, &data) != ERR_OK)
		return 0;
	free(tree);
	return head.at_us;
}

void show_entry_time(struct db *db, const char *zone, uint64_t n)
{
	struct showing *v = calloc(1, sizeof *v);

	if (!v)
		return;
	load_zone(v, zone);
	put_time(v, show_entry_us(db, n));
	free(v->zone_bytes);
	free(v);
}
