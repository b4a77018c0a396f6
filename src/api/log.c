/* The public log: key, checkpoint, tiles, proofs; and how the store stands. */
#include "api/contract.h"
#include "routes.h"

#include "base/tile.h"
#include "journal/tree.h"

#include <stdlib.h>

/* A tile never changes under one origin; a restored store goes on under another, with other bytes
 * at the same place. */
#define A_WHILE "public, max-age=3600"
#define FULL_TILE_PREFIX "tile/"

static void vkey_line(struct api *api, struct buf *out)
{
	note_vkey_put(&api->reader->community.verifier, out);
}

enum api_next route_proveEntry(struct api *api, struct api_call *call)
{
	char vkey[NOTE_NAME_MAX + 128];
	struct buf key = buf_over(vkey, sizeof vkey);
	struct proof *p = malloc(sizeof *p);
	json_t *json, *path;
	enum err e = p ? reader_proof(api->reader, call_u64(call, "n"), p) : ERR_NO_MEMORY;

	if (e != ERR_OK) {
		free(p);
		return refuse(api, call, e, "n", MSG_COUNT);
	}
	json = json_object();
	path = json_array();
	for (unsigned i = 0; i < p->path_n; i++)
		json_push(&path, json_b64(p->path[i].b, HASH_BYTES));
	vkey_line(api, &key);
	json_put(&json, "n", json_integer((json_int_t)p->n));
	json_put(&json, "proof", path);
	json_put(&json, "checkpoint", json_stringn(p->checkpoint.note, p->checkpoint.note_n));
	json_put(&json, "key", json_stringn(key.p, key.n));
	free(p);
	respond_json(api, call, 200, json);
	return API_ANSWERED;
}

enum api_next route_status(struct api *api, struct api_call *call)
{
	struct store_status s = {0};
	char code[13];
	json_t *json;
	enum err e = reader_status(api->reader, &s);

	if (e != ERR_OK)
		return refuse(api, call, e, NULL, MSG_COUNT);
	snprintf(code, sizeof code, "%012llu",
		 (unsigned long long)api->reader->community.code % 1000000000000u);
	json = json_object();
	json_put(&json, "community", json_string(code));
	json_put(&json, "demo", json_boolean(api->reader->community.demo));
	json_put(&json, "entries", json_integer((json_int_t)s.entries));
	json_put(&json, "checkpoint_size", json_integer((json_int_t)s.checkpoint_size));
	json_put(&json, "version", json_string(api->version));
	respond_json(api, call, 200, json);
	return API_ANSWERED;
}

enum api_next route_logKey(struct api *api, struct api_call *call)
{
	char vkey[NOTE_NAME_MAX + 128];
	struct buf key = buf_over(vkey, sizeof vkey);

	vkey_line(api, &key);
	buf_put_char(&key, '\n');
	respond_bytes(api, call, "text/plain; charset=utf-8", key.p, key.n);
	return API_ANSWERED;
}

enum api_next route_logCheckpoint(struct api *api, struct api_call *call)
{
	struct checkpoint_row row;
	enum err e = journal_last_checkpoint(api->reader->db, &row);

	if (e != ERR_OK)
		return refuse(api, call, e, NULL, MSG_COUNT);
	respond_bytes(api, call, "text/plain; charset=utf-8", row.note, row.note_n);
	if (call->status == 200)
		call->cache_control = "no-cache";
	return API_ANSWERED;
}

/* Only what a signed checkpoint covers is public. */
enum api_next route_logTile(struct api *api, struct api_call *call)
{
	char bytes[TILE_BUNDLE_BYTES_MAX], path[TILE_PATH_MAX + sizeof FULL_TILE_PREFIX];
	struct buf out = buf_over(bytes, sizeof bytes), p = buf_over(path, sizeof path);
	struct checkpoint_row row;
	struct tile_id id;
	enum err e;

	buf_put_z(&p, FULL_TILE_PREFIX);
	buf_put_str(&p, call_str(call, "path"));
	if (p.over || !tile_parse(buf_str(&p), &id))
		return refuse(api, call, ERR_NOT_FOUND, "path", MSG_COUNT);
	e = journal_last_checkpoint(api->reader->db, &row);
	if (e == ERR_OK)
		e = tree_tile(api->reader->db, row.size, &id, &out);
	if (e != ERR_OK)
		return refuse(api, call, e, "path", MSG_COUNT);
	respond_bytes(api, call, "application/octet-stream", out.p, out.n);
	if (call->status == 200)
		call->cache_control = A_WHILE;
	return API_ANSWERED;
}

enum api_next route_health(struct api *api, struct api_call *call)
{
	enum err e = api->health(api->ctx);

	if (e != ERR_OK)
		return refuse(api, call, e, NULL, MSG_COUNT);
	respond_bytes(api, call, "text/plain; charset=utf-8", "ok\n", 3);
	return API_ANSWERED;
}

/* The description of all this. */
enum api_next route_apiFile(struct api *api, struct api_call *call)
{
	if (respond_unchanged(call, api_file_tag))
		return API_ANSWERED;
	respond_bytes(api, call, "application/yaml", api_file.p, api_file.n);
	return API_ANSWERED;
}
