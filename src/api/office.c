/* What this office is, and what time it is there. */
#include "access.h"
#include "put.h"

#include "service/places.h"

#include <stdlib.h>

#define LEVELS_ARENA_BYTES 16384u

/* The name in English, where the place has one. */
static void put_title_en(struct api *api, uint64_t id, json_t **to)
{
	struct place_card *card = malloc(sizeof *card);
	char *memory = malloc(PLACES_CARD_ARENA_BYTES);
	struct arena a;

	if (card && memory) {
		arena_init(&a, memory, PLACES_CARD_ARENA_BYTES);
		if (places_card(api->reader->db, id, 0, PLACE_DAY_OPEN, &a, card) == ERR_OK)
			put_given(to, "title_en", card->place.field[PLACE_FIELD_NAME_EN].text);
	}
	free(memory);
	free(card);
}

/* The community's name and middle. */
static void put_community(struct api *api, json_t **to)
{
	_Alignas(16) char memory[LEVELS_ARENA_BYTES];
	struct place_levels levels;
	struct arena a;
	struct geo_point middle;
	struct str title = STR("");
	bool has_at = false;

	arena_init(&a, memory, sizeof memory);
	if (places_levels(api->reader->db, api->reader->community.code, &a, &levels) == ERR_OK &&
	    levels.office_n > 0) {
		title = levels.office[0].title;
		put_title_en(api, levels.office[0].id, to);
		has_at = levels.office[0].has_at;
		if (has_at)
			put_point(to, "centre", levels.office[0].at);
	}
	/* set-up knows no position of its community: where nothing else says so, it is where its
	 * places are */
	if (!has_at && places_middle(api->reader->db, &middle) == ERR_OK)
		put_point(to, "middle", middle);
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
