/* Within the api: values into JSON, as api/openapi.yaml names them. All go through json_put, so
 * that an answer is whole or none. */
#ifndef LIREN_API_PUT_H
#define LIREN_API_PUT_H

#include "routes.h"

#include "cases/model.h"
#include "place/geo.h"
#include "service/kind_case.h"

void put_str(json_t **to, const char *key, struct str s);
void put_given(json_t **to, const char *key, struct str s); /* left out where it is empty */
void put_z(json_t **to, const char *key, const char *z);
void put_u64(json_t **to, const char *key, uint64_t v);
void put_i64(json_t **to, const char *key, int64_t v);
void put_instant(json_t **to, const char *key, int64_t us); /* left out where it is 0 */
void put_bool(json_t **to, const char *key, bool v);
void put_words(json_t **to, const char *key, const struct str words[LANG_COUNT]);
void put_point(json_t **to, const char *key, struct geo_point at);
void put_names(json_t **to, const char *key, const struct cases_names *names);
void put_number(json_t **to, const char *key, uint64_t case_number); /* as it is said */

/* {name, words} */
json_t *named(struct str name, const struct str words[LANG_COUNT]);

/* The names of the bits of marks (CASE_MARK_…) that lists show. */
void put_marks(json_t **to, const char *key, unsigned marks);
/* What another office said of it, as `source`. */
void put_source(json_t **to, const struct case_from *from);

/* The bit of a mark by its name; 0: none has it. */
unsigned mark_of(struct str name);

#endif
