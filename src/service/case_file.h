/* Within the service: a case loaded for a decision. */
#ifndef LIREN_SERVICE_CASE_FILE_H
#define LIREN_SERVICE_CASE_FILE_H

#include "cases/shelf.h"
#include "db/db.h"
#include "journal/kind.h"
#include "service/case_order.h"
#include "service/case_row.h"

struct case_hand {
	uint8_t handle[HANDLE_BYTES];
	uint64_t key_id;
	bool reports; /* handed the case in */
};

struct case_file {
	uint64_t id, n; /* its first entry, its last one */
	int64_t at_us, happened_us, closed_us;
	uint64_t number, type_n, categories_n, key_id, place, erased;
	uint64_t repeats; /* the case whose matter this is again; 0: none */
	bool has_at;
	int32_t lat_e7, lon_e7;
	char area[CASES_NAME_BYTES_MAX];
	size_t area_n;
	const struct cases_type *type;
	const struct cases_categories *categories;
	struct case_now now;
	struct case_hand hands[CASE_HANDS_MAX];
	unsigned hands_n;
	struct case_row row; /* as it was read */
};

#define CASE_NAMES_TYPES 4u /* a power of two */

/* Names as numbers of eight bytes, one beside the other. What they name is large and lies far
 * apart: a document's two dozen lines that each walk over it cost more than reading the row. Kept
 * from case to case. Zeroed at first; it may be of other files than those in force, because what is
 * found is compared, and what is not found is looked for by walking. */
struct case_names {
	struct case_names_type {
		const struct cases_type *of;
		uint64_t n;
		uint64_t field[CASES_FIELDS_MAX], clock[CASES_CLOCKS_MAX];
	} type[CASE_NAMES_TYPES];
	const struct cases_categories *categories_of;
	uint64_t categories_n;
	uint64_t category[CASES_CATEGORIES_MAX];
};

/* From its row, by the files in force. names: NULL for one case alone, where filling them is no
 * gain. ERR_NOT_FOUND; ERR_INTERNAL where the row does not fit them. */
enum err case_file_load(struct db *db, const struct cases_shelf *shelf, struct case_names *names,
			uint64_t id, struct case_file *ret) MUST_CHECK;

/* Index of a field, clock, state by name, or CASES_NONE. */
unsigned case_field_find(const struct cases_type *t, struct str name);
unsigned case_clock_find(const struct cases_type *t, struct str name);
unsigned case_unit_find(const struct cases_book *b, struct str code);
unsigned case_category_find(const struct cases_categories *c, struct str code);
unsigned case_choice_find(const struct cases_field *f, struct str name);

#endif
