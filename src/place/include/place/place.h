/* A place in one version: its frame (kind, identity, where it hangs, validity, shape) and its
 * fields. No person is in it. Views point to memory of whoever made the struct. Pure; O(size). */
#ifndef LIREN_PLACE_PLACE_H
#define LIREN_PLACE_PLACE_H

#include "base/problem.h"
#include "place/geo.h"

#define PLACE_EXT_BYTES_MAX 96u    /* of an external id, source included */
#define PLACE_ALIASES_MAX 16u
#define PLACE_ALIAS_BYTES_MAX 120u
#define PLACE_PREDECESSORS_MAX 16u
#define PLACE_POINTS_MAX 1000u     /* of a shape: an entry has 32 KiB */
#define PLACE_RINGS_MAX 64u
#define PLACE_TEXT_BYTES_MAX 2400u /* of all texts together: with all points an entry still fits */
#define PLACE_SEARCH_BYTES_MAX (4u * PLACE_TEXT_BYTES_MAX)
#define PLACE_DEPTH_MAX 16u        /* of what hangs on what */
#define HOUSE_CODE_DIGITS 25u      /* Shenzhen's house code: building part and room part */
#define PLACE_DAY_OPEN INT32_MIN   /* valid from ever, or until ever */

enum place_kind {
#define PLACE_KIND(symbol, number, name, rank, class_of_texts, zh, en) PLACE_##symbol = (number),
#include "place/kind_table.h"
#undef PLACE_KIND
	PLACE_KIND_END
};

#define PLACE_KINDS_ALL 0xFFFFFFFEu
#define PLACE_KIND_BIT(kind) (1u << (kind))

struct place_kind_info {
	const char *name, *zh, *en;
	unsigned rank, class_of_texts;
};

const struct place_kind_info *place_kind_info(enum place_kind kind); /* NULL: no such kind */
bool place_kind_find(struct str name, enum place_kind *ret);
bool place_kind_may_hang(enum place_kind child, enum place_kind parent);

enum place_form { PLACE_TEXT, PLACE_NUMBER, PLACE_DATE, PLACE_YES_NO };

enum place_field {
#define PLACE_FIELD(symbol, name, form, item, kinds, least, most, zh, en) PLACE_FIELD_##symbol,
#include "place/field_table.h"
#undef PLACE_FIELD
	PLACE_FIELD_COUNT
};

struct place_field_info {
	const char *name, *zh, *en;
	enum place_form form;
	unsigned item;  /* of the data catalogue */
	uint32_t kinds; /* bits */
	bool of_camera;
	int64_t least, most;
};

const struct place_field_info *place_field_info(enum place_field f);
bool place_field_find(struct str name, enum place_field *ret);

struct place_value {
	bool present;
	int64_t n;       /* of a number, a date (day), yes or no */
	struct str text; /* of a text */
};

struct place {
	uint64_t id; /* number of the entry that made it; 0: not yet */
	enum place_kind kind;
	struct str ext;  /* "source:id"; unique */
	uint64_t code;   /* administrative, 0: none */
	uint64_t parent; /* 0: none */
	struct str alias[PLACE_ALIASES_MAX];
	unsigned alias_n;
	int32_t valid_from, valid_until; /* days, both valid; PLACE_DAY_OPEN */
	uint64_t predecessor[PLACE_PREDECESSORS_MAX];
	unsigned predecessor_n;
	bool has_at;
	struct geo_point at;
	struct geo_shape shape;
	struct place_value field[PLACE_FIELD_COUNT];
};

/* Everything that can be said of a place by itself; ERR_BAD_INPUT or ERR_TOO_LARGE with the field
 * in the problem. */
enum err place_check(const struct place *p, struct problem *problem) MUST_CHECK;

/* Set a field from text as files have it: numbers in digits, dates as 2026-11-23,
 * yes/no/true/false/1/0/是/否. Texts lose blanks at both ends and stay views. An empty text is no
 * value. ERR_BAD_INPUT with the field in the problem. */
enum err place_set_field(struct place *p, enum place_field f, struct str text,
			 struct problem *problem) MUST_CHECK;

/* What the place is found by, in normal form, one line a text, numbers in both spellings: at most
 * PLACE_SEARCH_BYTES_MAX. */
void place_search_text(const struct place *p, struct buf *out);

/* Name, else address, number, first alias; may be empty. */
struct str place_title(const struct place *p);

bool house_code_ok(struct str text);

#endif
