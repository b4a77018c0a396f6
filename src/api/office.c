/* What this office is, and what time it is there. */
#include "access.h"
#include "put.h"

#include "service/places.h"

#define LEVELS_ARENA_BYTES 16384u

/* The community's name and middle, where set-up stored it. */
static void put_community(struct api *api, json_t **to)
{
	_Alignas(16) char memory[LEVELS_ARENA_BYTES];
	struct place_levels levels;
	struct arena a;
	struct str title = STR("");

	arena_init(&a, memory, sizeof memory);
	if (places_levels(api->reader->db, api->reader->community.code, &a, &levels) == ERR_OK &&
	    levels.office_n > 0) {
		title = levels.office[0].title;
		if (levels.office[0].has_at)
			put_point(to, "centre", levels.office[0].at);
	}
	put_str(to, "title", title);
}

enum api_next route_getOffice(struct api *api, struct api_call *call)
{
	char code[16];
	struct store_status status = {0};
	enum err e = reader_status(api->reader, &status);
	json_t *json;

	if (e != ERR_OK)
		return refuse(api, call, e, NULL, MSG_COUNT);
	json = json_object();
	snprintf(code, sizeof code, "%012llu", (unsigned long long)api->reader->community.code);
	put_z(&json, "community", code);
	put_community(api, &json);
	put_bool(&json, "demo", api->reader->community.demo);
	put_z(&json, "version", api->version);
	put_i64(&json, "now", api_now(api));
	put_z(&json, "zone", api->reader->community.zone);
	put_u64(&json, "seq", status.entries);
	respond_json(api, call, 200, json);
	return API_ANSWERED;
}
