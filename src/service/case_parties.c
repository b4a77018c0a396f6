/* See case_parties.h. */
#include "service/case_parties.h"

void case_parties_of(struct str doc, struct case_parties *ret)
{
	struct buf joint = buf_over(ret->memory, sizeof ret->memory);
	struct case_doc_line line;

	ret->told = STR("");
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
