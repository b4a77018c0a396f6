/* The data of case.handed_in and case.moved. The first byte says which, the rest is the text of
 * `data`. What is refused is ERR_CORRUPT; what is taken is written again without harm, and what was
 * written reads back to the very same bytes: an entry has one spelling. */
#include "fuzz.h"

#include "service/kind_case.h"

#include <jansson.h>

#define MEMORY_BYTES (1u << 20)

static enum err decode(const json_t *json, bool is_new, void *memory, const void **ret)
{
	struct arena a;

	arena_init(&a, memory, MEMORY_BYTES);
	return is_new ? case_new_decode(json, &a, ret) : case_moved_decode(json, &a, ret);
}

static enum err encode(const void *data, bool is_new, char *memory, struct str *ret)
{
	struct entry_writer w;

	entry_writer_begin(&w, memory, ENTRY_BYTES_MAX);
	if (is_new)
		case_new_encode(&w, data);
	else
		case_moved_encode(&w, data);
	return entry_writer_end(&w, ret);
}

static json_t *parse(struct str text)
{
	return json_loadb(text.n ? text.p : "", text.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL,
			  NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	bool is_new = n > 0 && data[0] == 'n';
	struct str text = {(const char *)data + (n > 0), n - (n > 0)}, once = {0}, twice = {0};
	char *memory = fuzz_alloc(2 * ENTRY_BYTES_MAX);
	void *arena = fuzz_alloc(MEMORY_BYTES);
	const void *decoded = NULL;
	json_t *json = text.n <= ENTRY_BYTES_MAX ? parse(text) : NULL;
	enum err e = json_is_object(json) ? decode(json, is_new, arena, &decoded) : ERR_CORRUPT;

	PROPERTY(e == ERR_OK || e == ERR_CORRUPT || e == ERR_NO_MEMORY);
	if (e == ERR_OK && encode(decoded, is_new, memory, &once) == ERR_OK) {
		json_decref(json);
		json = parse(once);
		PROPERTY(json && decode(json, is_new, arena, &decoded) == ERR_OK);
		PROPERTY(encode(decoded, is_new, memory + ENTRY_BYTES_MAX, &twice) == ERR_OK);
		PROPERTY(str_eq(once, twice));
	}
	json_decref(json);
	free(arena);
	free(memory);
	return 0;
}
