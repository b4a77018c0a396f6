/* Within the api only: values against schemas of contract.h. Reports the first thing that is wrong,
 * as data. */
#ifndef LIREN_API_VALIDATE_H
#define LIREN_API_VALIDATE_H

#include "api/contract.h"
#include "base/problem.h"

#include <jansson.h>

#define INVALID_ARG_BYTES_MAX 128u

struct invalid {
	enum err err; /* ERR_OK: nothing is wrong */
	enum msg remedy;
	unsigned args_n;
	char arg[2][INVALID_ARG_BYTES_MAX];
	char field[API_FIELD_BYTES_MAX + 1]; /* "fields[2].value"; cut at a character */
};

/* A decimal number, with a minus or none, in its one spelling. */
bool parse_i64(struct str text, int64_t *ret);

void invalid_number(struct invalid *why, const struct schema *s);
void check_number(const struct schema *s, int64_t number, struct invalid *why);
void check_text(const struct schema *s, struct str text, struct invalid *why);

/* The whole value; *why says path and remedy where it is false. O(value). */
bool check_json(const struct schema *s, const json_t *json, struct invalid *why);

/* The response says what is wrong. */
void problem_invalid(struct api *api, struct api_call *call, enum err err, const char *field,
		     const struct invalid *why);
/* A field whose name the client gave: cut to its cap. */
void refuse_field(struct api *api, struct api_call *call, enum err err, struct str field,
		enum msg remedy);

/* Parameters of path and query into the call; or a refusal (false). */
bool take_params(struct api *api, struct api_call *call);

#endif
