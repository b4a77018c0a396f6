/* api/openapi.yaml as tables: written at build time by tools/openapi_c.py. The file decides which
 * routes there are and what they take; the functions are `route_<operationId>`. Read-only. */
#ifndef LIREN_API_CONTRACT_H
#define LIREN_API_CONTRACT_H

#include "api/api.h"

enum schema_type {
	SCHEMA_OBJECT,
	SCHEMA_ARRAY,
	SCHEMA_STRING,
	SCHEMA_INTEGER,
	SCHEMA_BOOLEAN,
};

enum schema_format {
	SCHEMA_ANY,
	SCHEMA_BASE64_16, /* of so many bytes: RFC 4648, section 4, with padding */
	SCHEMA_BASE64_32,
	SCHEMA_NAME,   /* a letter, then letters, digits, _ and -; ASCII */
	SCHEMA_DIGITS, /* ASCII */
	SCHEMA_DATE,   /* 2026-11-27, and there is such a day */
};

/* What a value must be. Lengths of texts are counted in characters, as JSON Schema does, and in
 * bytes of UTF-8 besides (x-bytes-max; four for each character where it is not given), because
 * memory is counted in bytes. */
struct schema {
	enum schema_type type;
	enum schema_format format;
	int64_t minimum, maximum;        /* integer */
	uint32_t length_min, length_max; /* string: characters; array: items */
	uint32_t bytes_max;              /* string */
	const char *const *one_of;       /* string; up to NULL; NULL: any */
	const struct schema_property *properties;
	unsigned properties_n; /* object: all that it may have */
	const struct schema *items;
};

struct schema_property {
	const char *name;
	const struct schema *schema;
	bool required;
};

/* Integer or string, of the path or the query. */
struct api_param {
	const char *name;
	const struct schema *schema;
	bool in_path;
	bool required;
	bool has_default;
	int64_t default_number;
	const char *default_text;
};

struct api_route {
	const char *operation, *action;
	enum api_method method;
	api_step_fn *begin;
	const struct api_param *params; /* those of the path first, in its order */
	unsigned params_n;
	const char *const *media; /* of the body, up to NULL; NULL: there is none */
	size_t body_max;
	const struct schema *body; /* of application/json, else NULL */
	bool request_id;           /* Idempotency-Key is wanted */
	bool gzip; /* the answer may be packed: none that holds a secret beside what the client sent
		    */
};

/* Paths as a tree: what follows a "/". */
struct api_node {
	const struct api_word *words; /* ascending, as strcmp has it */
	unsigned words_n;
	const struct api_node *param; /* NULL: none */
	enum { API_SEGMENT_NUMBER, API_SEGMENT_TEXT, API_SEGMENT_REST } param_is;
	const struct api_route *routes[API_METHOD_OTHER];
	const char *allow; /* NULL: no route ends here */
};

struct api_word {
	const char *word;
	const struct api_node *node;
};

extern const struct api_node *const api_paths;
extern const struct str api_file; /* the file itself */
extern const char api_file_tag[];

#endif
