/* Within the service: what becomes of the words of a case. Masked before they are sealed, indexed
 * in the command's savepoint, learnt from when the category was confirmed, taken out again before
 * the key of the text is destroyed. */
#ifndef LIREN_SERVICE_CASE_WORDING_H
#define LIREN_SERVICE_CASE_WORDING_H

#include "case_file.h"
#include "service/cases.h"
#include "service/cases_find.h"
#include "service/writer.h"

/* The terms that a report is found by: its words, and its area, place, cell and month. */
void case_terms_of(const struct terms_key *key, struct str text, struct str area, uint64_t place,
		   const struct geo_point *at, int32_t day, struct terms *ret);

/* Where the case is; the area lives in the file. */
struct case_spot case_spot_of(const struct case_file *file);

/* The case is at another place now than it was: its terms are put anew. Old ones stay in the
 * index's older segments until it is merged, which erasing the case waits for. */
enum err case_reindex(struct writer *w, const struct case_file *file, const struct seal_key *key,
		      const struct case_spot *was) MUST_CHECK;

/* The index of a report that was just handed in. */
enum err case_index(struct writer *w, const struct case_file *file, uint64_t id, struct str text,
		    int32_t day) MUST_CHECK;

/* The category was confirmed: the text of the report is learnt from. *ret_learnt: there was one. */
enum err case_learn(struct writer *w, const struct case_file *file, const struct seal_key *key,
		    unsigned category, bool *ret_learnt) MUST_CHECK;

/* Everything that index and counts hold of the case is taken out, while its key is still there.
 * `learnt` as the mark of the case says. Afterwards the index must be merged before the key goes.
 */
enum err case_forget(struct writer *w, const struct case_file *file, const struct seal_key *key,
		     bool learnt) MUST_CHECK;

#endif
