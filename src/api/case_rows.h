/* Within the api: what the routes of cases share. */
#ifndef LIREN_API_CASE_ROWS_H
#define LIREN_API_CASE_ROWS_H

#include "put.h"

#include "cases/mask.h"
#include "service/case_line.h"
#include "service/queue.h"

/* A row as lists and events show it; no personal text is in it. */
json_t *case_row_json(struct db *db, const struct queue_row *r);

/* The box of the query, or a refusal (false). */
bool call_box(struct api *api, struct api_call *call, struct geo_box *ret);
struct geo_point call_point(const struct api_call *call);

/* An object {lat, lon} of the body; false where there is none. */
bool body_point(const json_t *body, const char *name, struct geo_point *ret);

void put_masked(json_t **to, const char *key, const struct mask_counts *counts);

#endif
