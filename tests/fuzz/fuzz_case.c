/* The data of case.handed_in and case.moved. The first byte says which, the rest is the text of
 * `data`. What is refused is ERR_CORRUPT; what is taken is written again without harm, and what was
 * written reads back to the very same bytes: an entry has one spelling. */
#include "fuzz.h"

#include "service/kind_case.h"

#define MEMORY_BYTES (1u << 20)

static enum err decode(const struct entry_value *value, bool is_new, void *memory, const void **ret)
{
	struct arena a;

	arena_init(&a, memory, MEMORY_BYTES);
	return is_new ? case_new_decode(value, &a, ret) : case_moved_decode(value, &a, ret);
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

/* NULL where it is no object. The tree is to be freed. */
static const struct entry_value *parse(struct str text, void **ret_tree)
{
	const struct entry_value *value = NULL;

	*ret_tree = fuzz_alloc(entry_read_room(text));
	return entry_read(text, *ret_tree, &value) == ERR_OK && entry_is(value, ENTRY_OBJECT)
		   ? value
		   : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	bool is_new = n > 0 && data[0] == 'n';
	struct str text = {(const char *)data + (n > 0), n - (n > 0)}, once = {0}, twice = {0};
	char *memory = fuzz_alloc(2 * ENTRY_BYTES_MAX);
	void *arena = fuzz_alloc(MEMORY_BYTES);
	const void *decoded = NULL;
	void *tree = NULL;
	const struct entry_value *value = parse(text, &tree);
	enum err e = value ? decode(value, is_new, arena, &decoded) : ERR_CORRUPT;

	PROPERTY(e == ERR_OK || e == ERR_CORRUPT || e == ERR_NO_MEMORY);
	if (e == ERR_OK && encode(decoded, is_new, memory, &once) == ERR_OK) {
		free(tree);
		value = parse(once, &tree);
		PROPERTY(value && decode(value, is_new, arena, &decoded) == ERR_OK);
		PROPERTY(encode(decoded, is_new, memory + ENTRY_BYTES_MAX, &twice) == ERR_OK);
		PROPERTY(str_eq(once, twice));
	}
	free(tree);
	free(arena);
	free(memory);
	return 0;
}
