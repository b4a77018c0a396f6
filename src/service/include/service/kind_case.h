/* The data of case.handed_in, case.moved and case.imported: everything that one step of a case came
 * to, by names, so that a reader needs no case type to follow it. Written, read back and applied
 * here; apply copies. Depends on journal/kind.h. */
#ifndef LIREN_SERVICE_KIND_CASE_H
#define LIREN_SERVICE_KIND_CASE_H

#include "cases/step.h"
#include "journal/kind.h"

#define CASE_REPORT_TEXT "text" /* the field that says what a report is about */
#define CASE_OUTSIDE_NUMBER "outside_number" /* what another office calls the case by */
#define CASE_DOC_BYTES_MAX 16384u
#define CASE_ENTRY_NAMES_MAX 64u
#define CASE_SEALED_MAX 16u       /* texts of one step */
#define CASE_TEXT_BYTES_MAX 4000u /* of one of them */
#define CASE_FILES_MAX 6u

/* A value of a field: a number (counts, yes and no, days, instants, ids of places, cases and
 * attachments), or a word (choices, units, categories). */
struct case_value {
	struct str field;
	bool is_word;
	int64_t number;
	struct str word;
};

struct case_clock_value {
	struct str name;
	struct case_clock clock;
};

/* A joint part that changed, by the unit's code. */
struct case_part_value {
	struct str unit;
	int32_t until_day;
	bool is_done;
};

struct case_sealed {
	struct str field;
	struct sealed value;
};

struct case_file_used {
	struct str kind; /* calendar, categories, desk, responsibilities, type */
	uint64_t n;
};

/* What ties a case to another: numbers are part of the form of entries. */
enum case_tie_kind {
	CASE_TIE_JOINED = 1, /* to a live one: linked, or merged into it */
	CASE_TIE_CHILD = 2,  /* of a mother case */
	CASE_TIE_SPLIT = 3,  /* off from it */
	CASE_TIE_REPEAT = 4, /* of one that was closed */
	CASE_TIE_KINDS
};

#define CASE_TIES_MAX 3u

struct case_tie {
	enum case_tie_kind kind;
	uint64_t target;
};

#define CASE_FROM_EXT_BYTES_MAX 96u    /* "source:id" */
#define CASE_FROM_WORDS_BYTES_MAX 160u /* their category; their status is shorter still */
#define CASE_FROM_STATUS_BYTES_MAX 48u

/* What another office's record says of itself, in its own words. No text of a person is in it. */
struct case_from {
	struct str ext, category, status;
	int64_t opened_us, closed_us, due_us; /* 0: not said */
};

/* Where a case is: the place that it names (0: none), its point, the grid of that. */
struct case_spot {
	uint64_t place;
	bool has_at;
	int32_t lat_e7, lon_e7;
	struct str area; /* code; may be empty */
};

struct case_row; /* case_row.h */

struct case_entry {
	/* of case.handed_in only */
	bool is_new;
	uint64_t type_n, categories_n; /* entries of the files it stays under */
	uint64_t number;               /* day << 20 | counter, see case_number.h */
	uint64_t key_id;               /* of the reporter and this record */
	int64_t happened_us; /* when it was handed in, where that is not when it was recorded */

	/* of case.imported only, which is new where id is 0, and else says that its source closed
	 * it; happened_us is when it was opened there */
	bool is_imported;
	struct case_from from;

	/* not of case.handed_in */
	uint64_t id, prev; /* the case, and its entry before this one */
	bool is_elsewhere; /* its place was corrected: spot is the new one */
	struct case_spot was;

	struct case_spot spot; /* of case.handed_in, and where it was corrected */

	struct str command, transition; /* of the timer's escalation both may be empty */
	struct str state, owner, unit, outcome;
	int step;
	bool is_final, is_late, is_drill;
	int64_t due_us, next_us;
	int64_t forget_us; /* of a final state: when its personal data go; else 0 */
	unsigned marks;
	int month;          /* 202611 */
	struct str counted; /* the unit that the figures stand for: before the step, else after */
	unsigned priority;
	struct str category;
	struct case_value *fields;
	unsigned fields_n;
	struct str *removed;
	unsigned removed_n;
	struct case_clock_value *clocks;
	unsigned clocks_n;
	struct case_sealed *sealed;
	unsigned sealed_n;
	struct case_part_value *parts; /* of case.moved */
	unsigned parts_n;
	struct str *conditions; /* all that hold */
	unsigned conditions_n;
	struct str *signed_; /* fields of kind actor that the actor signed */
	unsigned signed_n;
	struct str *stopped; /* clocks that do not run again until started, all of them */
	unsigned stopped_n;
	struct str *tells;
	unsigned tells_n;
	struct str
	    *told; /* of case.moved: look-ups, owners say, who are told and asked, not sent */
	unsigned told_n;
	struct str *figures;
	unsigned figures_n;
	struct case_file_used files[CASE_FILES_MAX];
	unsigned files_n;
	struct str why;    /* of the lead unit: component, rule, category, person; else empty */
	uint64_t why_line; /* line of the responsibilities */
	struct case_tie ties[CASE_TIES_MAX];
	unsigned ties_n;
	bool has_hand; /* the first act of this actor here: who it is, sealed */
	struct sealed hand;
	bool has_follower; /* sealed texts are then the follower's own */
	uint64_t follower_key;
	struct str follower_channel;
	bool follower_is_confidential;
	/* not written: the row as the decision read it, so that apply need not read it again; NULL:
	 * it reads. Taken only where it is the one that the entry follows. */
	const struct case_row *row;
};

void case_new_encode(struct entry_writer *w, const void *data);
void case_moved_encode(struct entry_writer *w, const void *data);
void case_imported_encode(struct entry_writer *w, const void *data);
enum err case_new_decode(const struct entry_value *data, struct arena *a,
			 const void **ret) MUST_CHECK;
enum err case_moved_decode(const struct entry_value *data, struct arena *a,
			   const void **ret) MUST_CHECK;
enum err case_imported_decode(const struct entry_value *data, struct arena *a,
			      const void **ret) MUST_CHECK;
enum err case_apply(struct db *db, const struct entry_head *head, const void *data) MUST_CHECK;

#define CASES_ORDERED_MAX 400u /* cases that one act looks at */

/* The one act that moved many: the entries before it say which. */
struct cases_ordered {
	struct str command;
	uint64_t mother; /* 0: an emergency order */
	uint64_t next;   /* goes on beyond this case; 0: all were looked at */
	unsigned done, refused;
	uint64_t key_id; /* of the handle's account */
};

void cases_ordered_encode(struct entry_writer *w, const void *data);
enum err cases_ordered_decode(const struct entry_value *data, struct arena *a,
			      const void **ret) MUST_CHECK;
enum err cases_ordered_apply(struct db *db, const struct entry_head *head,
			     const void *data) MUST_CHECK;

/* An entry of another kind about a case, for those that apply: it is the case's last one now, and
 * may be the first of this actor (hand: its sealed account, or NULL). A case that is not there is
 * left out. */
enum err case_touch(struct db *db, const struct entry_head *head, uint64_t id,
		    const struct sealed *hand) MUST_CHECK;

/* The same of an entry that is none of the case's steps: only that this actor acts here. */
enum err case_take_hand(struct db *db, const struct entry_head *head, uint64_t id,
			const struct sealed *hand) MUST_CHECK;

/* ---- the document of a case: its fields, clocks, signatures and hands as lines "key=value",
 * ascending, that apply merges an entry into ---- */

struct case_doc_line {
	struct str key, value; /* value empty: the line goes */
};

/* Merge sorted lines into a document. ERR_TOO_LARGE over the cap of out. */
enum err case_doc_merge(struct str doc, const struct case_doc_line *lines, unsigned n,
			struct buf *out) MUST_CHECK;

/* The next line of a document; false at its end, or where it is none. */
bool case_doc_next(struct str *rest, struct case_doc_line *ret);

/* The value of the line with this prefix and name; false where there is none. O(lines). */
bool case_doc_find(struct str doc, char prefix, struct str name, struct str *ret);

/* A clock as the value of its line, and back. */
void case_doc_put_clock(const struct case_clock *c, struct buf *out);
bool case_doc_get_clock(struct str value, struct case_clock *ret);

#endif
