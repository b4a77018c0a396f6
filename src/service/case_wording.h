/* Within the service: what becomes of the words of a case, and of the numbers that other offices
 * gave it (docs/decisions/0030-a-number-of-another-office-is-one-term.md). Masked before they are
 * sealed, indexed in the command's savepoint, learnt from when the category was confirmed, taken
 * out again before the key of the text is destroyed. */
#ifndef LIREN_SERVICE_CASE_WORDING_H
#define LIREN_SERVICE_CASE_WORDING_H

#include "case_file.h"
#include "service/cases.h"
#include "service/cases_find.h"
#include "service/writer.h"

/* Where the case is; the area lives in the file. */
struct case_spot case_spot_of(const struct case_file *file);

/* Can a case be found by this number of another office? Then its marks get CASE_MARK_NUMBERED with
 * the step that says it. Empty: false. */
bool case_is_number(struct writer *w, struct str number);

/* What an entry that is about to be written changes in what the case is found by. */
struct case_rewording {
	struct case_spot was;  /* where the case was before */
	unsigned marks;	       /* its marks before */
	struct str number;     /* that another office gave it, in this step; empty: none */
};

/* The case is at another place now than it was, or has one more number: its terms are put anew. The
 * file is as it will be, but for its last entry; numbers of before stay, too. Old terms stay in the
 * index's older segments until it is merged, which erasing the case waits for. */
enum err case_reindex(struct writer *w, const struct case_file *file, const struct seal_key *key,
		      const struct case_rewording *r) MUST_CHECK;

/* The index of a report that was just handed in; number: as above. */
enum err case_index(struct writer *w, const struct case_file *file, uint64_t id, struct str text,
		    struct str number, int32_t day) MUST_CHECK;

/* The category was confirmed: the text of the report is learnt from. *ret_learnt: there was one. */
enum err case_learn(struct writer *w, const struct case_file *file, const struct seal_key *key,
		    unsigned category, bool *ret_learnt) MUST_CHECK;

/* Everything that index and counts hold of the case is taken out, while its key is still there.
 * `learnt` as the mark of the case says. Afterwards the index must be merged before the key goes.
 */
enum err case_forget(struct writer *w, const struct case_file *file, const struct seal_key *key,
		     bool learnt) MUST_CHECK;

#endif
