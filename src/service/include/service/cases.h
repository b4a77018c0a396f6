/* Reading cases: one in full, its history, what is tied to it, a text of it opened, the figures.
 * Rows and entries tell it by names, so that no case type is needed, also for one of years ago.
 * Personal texts are opened one by one; whoever does that for a person writes a look first
 * (policy). Each call takes a connection that reads. O(result). */
#ifndef LIREN_SERVICE_CASES_H
#define LIREN_SERVICE_CASES_H

#include "cases/shelf.h"
#include "service/case_order.h"
#include "service/kind_attachment.h"
#include "service/kind_case.h"
#include "service/kind_finding.h"
#include "service/reader.h"

#define CASES_TIES_PAGE_MAX 100u
#define CASES_FOLLOWERS_PAGE_MAX 100u
#define CASES_HISTORY_MAX 100u
#define CASES_FIGURES_MAX 65536u
#define CASES_FIGURES_MONTHS_MAX 24u /* of one call: whoever wants more asks again */
#define CASES_VIEW_ARENA_BYTES (2u * CASE_DOC_BYTES_MAX)

struct case_tied {
	enum case_tie_kind kind;
	uint64_t id, n;
};

struct case_view {
	uint64_t id, n, number, type_n, categories_n, place;
	int64_t at_us, happened_us, closed_us; /* closed_us 0: open */
	bool has_at, is_erased;
	int32_t lat_e7, lon_e7;
	struct str area, category, state, outcome, unit; /* in the arena, as all below */
	unsigned step, marks;
	/* in order of names; word or number as entries have them; of a personal text the entry in
	 * which its newest version stands */
	struct case_doc_line fields[CASES_FIELDS_MAX];
	unsigned fields_n;
	struct case_clock_value clocks[CASES_CLOCKS_MAX];
	unsigned clocks_n;
	struct case_part_value parts[CASE_PARTS_MAX]; /* joint ones */
	unsigned parts_n;
	struct str conditions; /* names parted by blanks */
	struct str told; /* units that were told and asked, not sent; codes parted by blanks */
	struct case_tied ties[CASES_TIES_PAGE_MAX]; /* cases tied to this one */
	unsigned ties_n;
	bool ties_are_more;
	/* of one that came out of another office's file (CASE_MARK_IMPORTED): what that said */
	struct case_from from;
	unsigned followers; /* at most CASES_FOLLOWERS_PAGE_MAX + 1 are counted */
};

/* ERR_NOT_FOUND. The arena needs CASES_VIEW_ARENA_BYTES. */
enum err cases_view(struct db *db, uint64_t id, struct arena *a, struct case_view *ret) MUST_CHECK;

/* The finding of a visit that a case comes of, its texts in the arena. ERR_NOT_FOUND: of none. */
enum err cases_finding(struct db *db, uint64_t id, struct arena *a,
		       struct case_found *ret) MUST_CHECK;
/* What another office's file said of one that came out of it. Texts are in the arena, at most 320
 * bytes. ERR_NOT_FOUND: it came out of none. */
enum err cases_from(struct db *db, uint64_t id, struct arena *a, struct case_from *ret) MUST_CHECK;

/* All cases by their numbers, a page at a time: those above `after` (0: from the first). And how
 * many there are: O(cases). */
enum err cases_after(struct db *db, uint64_t after, unsigned limit, uint64_t *ret,
		     unsigned *ret_n) MUST_CHECK;
enum err cases_count(struct db *db, uint64_t *ret) MUST_CHECK;

/* By the number that is said on the phone. ERR_NOT_FOUND. */
enum err cases_by_number(struct db *db, uint64_t number, uint64_t *ret_id) MUST_CHECK;

/* The number of the case that goes on in place of this one, which was linked to it or merged into
 * it; by way of others, the last. ERR_NOT_FOUND: it was not. O(joinings on the way). */
#define CASES_JOINED_WAY_MAX 16u
enum err cases_joined_to(struct db *db, uint64_t id, uint64_t *ret_number) MUST_CHECK;

/* One step of a case, newest first: each entry in full, with views into the arena. The next older
 * one is entry->prev, 0 before the first. The arena needs 4 * ENTRY_BYTES_MAX. */
enum err cases_entry(struct db *db, uint64_t n, struct arena *a, struct entry_head *ret_head,
		     const struct case_entry **ret) MUST_CHECK;

/* The same for every kind of entry that is about a case: exactly one of the two is set. */
struct case_step_read {
	struct entry_head head;
	const struct case_entry *entry;
	const struct case_attached *attached;
	uint64_t prev;
};
enum err cases_step_read(struct db *db, uint64_t n, struct arena *a,
			 struct case_step_read *ret) MUST_CHECK;

/* Is entry n one about this case? */
enum err cases_is_step(struct db *db, uint64_t n, uint64_t id, bool *ret) MUST_CHECK;

/* What is attached to a case, the oldest first; texts are in the arena. ret has room for
 * CASE_ATTACHMENTS_MAX. */
struct case_attachment_row {
	uint64_t n, bytes; /* the entry; of the sealed file */
	struct str field, media;
	bool is_evidence;
};
enum err cases_attachments(struct db *db, uint64_t id, struct arena *a,
			   struct case_attachment_row *ret, unsigned *ret_n) MUST_CHECK;
/* The case of entry n as it was before it: what the last step before came to (its ties, texts and
 * figures are that step's own). ERR_NOT_FOUND: it began with n; or nothing within
 * CASES_BEFORE_ENTRIES_MAX entries tells. The arena needs 4 * ENTRY_BYTES_MAX. */
#define CASES_BEFORE_ENTRIES_MAX 16u
enum err cases_before(struct db *db, uint64_t n, struct arena *a,
		      const struct case_entry **ret) MUST_CHECK;

/* The sealed text of a field in entry n, opened into the arena. ERR_NOT_FOUND: the entry has none
 * of that name; ERR_GONE: erased. */
enum err cases_text(struct reader *r, uint64_t n, struct str field, struct arena *a,
		    struct str *ret) MUST_CHECK;

/* Cases of a place, the newest first, below `before` (0: from the top). */
enum err cases_of_place(struct db *db, uint64_t place, uint64_t before, unsigned limit,
			uint64_t *ret, unsigned *ret_n) MUST_CHECK;

/* The files that unfinished cases stand under: pairs of a type and a table of categories, in_use
 * set. `ret` has room for CASES_PAIRS_MAX; ERR_TOO_LARGE where there are more. */
enum err cases_in_use(struct db *db, struct shelf_pair *ret, unsigned *ret_n) MUST_CHECK;

/* Cases whose clocks ask now and that do not fit the files in force, so that the timer passes them
 * over. Of those that are due the first CASES_STUCK_LOOK_MAX are looked at. */
#define CASES_STUCK_LOOK_MAX 2000u
enum err cases_stuck(struct db *db, const struct cases_shelf *shelf, int64_t now_us,
		     unsigned *ret) MUST_CHECK;

struct figure_row {
	int month;
	struct str unit, category, name; /* until the call returns */
	uint64_t cases;
};
/* Not ERR_OK ends the walk. */
typedef enum err figure_row_fn(void *ctx, const struct figure_row *row);

/* Figures of the months from … until (202611), by month, unit, category, name. ERR_BAD_INPUT where
 * these are no months in order, ERR_TOO_LARGE where they are more than CASES_FIGURES_MONTHS_MAX:
 * then no row was given. After CASES_FIGURES_MAX rows ERR_TOO_LARGE, too. */
enum err cases_figures(struct db *db, int from_month, int until_month, figure_row_fn *each,
		       void *ctx) MUST_CHECK;

/* The same by grid (in row->unit its code; empty: in none; no category): handed_in, opened and
 * repeated only. By month, grid, name. */
enum err cases_figures_of_areas(struct db *db, int from_month, int until_month,
				figure_row_fn *each, void *ctx) MUST_CHECK;

/* Hand-backs that were upheld: a matter of this category, in this grid (empty: none), was given to
 * one unit and belongs to another. Each proposes a line of the responsibilities. */
struct hand_back_row {
	struct str category, area, from, to; /* until the call returns */
	uint64_t cases, n;                   /* how many; the entry that upheld the last one */
};
typedef enum err hand_back_row_fn(void *ctx, const struct hand_back_row *row);
#define CASES_HAND_BACK_ROWS_MAX 4096u

/* By category, grid, units. ERR_TOO_LARGE after CASES_HAND_BACK_ROWS_MAX rows. */
enum err cases_hand_backs(struct db *db, hand_back_row_fn *each, void *ctx) MUST_CHECK;

#endif
