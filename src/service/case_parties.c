/* See case_parties.h. */
#include "service/case_parties.h"

/* From the first key with an m or a later letter on: keys ascend, so these are the last lines, and
 * a document that has many before them costs no more. */
static struct str last_lines(struct str doc)
{
	size_t at = doc.n;

	while (at > 0) {
		const char *end = memrchr(doc.p, '\n', at - 1);
		size_t from = end ? (size_t)(end - doc.p) + 1 : 0;
		if (doc.p[from] < 'm')
			break;
		at = from;
	}
	return (struct str){doc.p + at, doc.n - at};
}

void case_parties_of(struct str doc, struct case_parties *ret)
{
	struct buf joint = buf_over(ret->memory, sizeof ret->memory);
	struct case_doc_line line;

	ret->told = STR("");
	doc = last_lines(doc);
	while (case_doc_next(&doc, &line)) {
		const struct str name = {line.key.p + 2, line.key.n - 2};
		if (line.key.n < 3)
			continue;
		if (line.key.p[0] == 'm' && str_eq(name, STR(CASE_TOLD)))
			ret->told = line.value;
		if (line.key.p[0] != 'p')
			continue;
		if (joint.n > 0)
			buf_put_char(&joint, ' ');
		buf_put_str(&joint, name);
	}
	ret->joint = buf_str(&joint);
}
