/* Problems: what is wrong with an input and where, as data. */
#include "base/problem.h"

#include "base/check.h"

/* Copy s into to[0 .. cap], NUL-terminated; a longer one is cut before a character and ends in "…".
 */
static void copy_cut(char *to, size_t cap, struct str s)
{
	static const char dots[] = "…";
	size_t n = s.n;

	if (n > cap) {
		n = cap - (sizeof dots - 1);
		while (n > 0 && ((unsigned char)s.p[n] & 0xC0) == 0x80)
			n--;
	}
	if (n > 0)
		memcpy(to, s.p, n);
	to[n] = 0;
	if (s.n > cap)
		memcpy(to + n, dots, sizeof dots);
}

enum err problem_set(struct problem *p, enum err err, struct str field, enum msg msg,
		     const struct str *args, unsigned n)
{
	CHECK(n <= PROBLEM_ARGS_MAX && err != ERR_OK && msg < MSG_COUNT);
	if (!p)
		return err;
	*p = (struct problem){.err = err, .msg = msg, .args_n = n};
	copy_cut(p->field, PROBLEM_FIELD_BYTES_MAX, field);
	for (unsigned i = 0; i < n; i++)
		copy_cut(p->arg[i], PROBLEM_ARG_BYTES_MAX, args[i]);
	return err;
}

void problem_at(struct problem *p, struct str file, unsigned line, unsigned column)
{
	if (!p)
		return;
	copy_cut(p->file, PROBLEM_FILE_BYTES_MAX, file);
	p->line = line;
	p->column = column;
}

void problem_put_detail(const struct problem *p, enum lang lang, struct buf *out)
{
	struct str args[PROBLEM_ARGS_MAX];

	for (unsigned i = 0; i < p->args_n; i++)
		args[i] = str_of(p->arg[i]);
	msg_put(out, p->msg, lang, args, p->args_n);
}

void problem_put_line(const struct problem *p, enum lang lang, struct buf *out)
{
	if (p->file[0])
		buf_put_z(out, p->file);
	if (p->line > 0) {
		buf_put_z(out, p->file[0] ? ":" : "");
		buf_put_u64(out, p->line);
	}
	if (p->line > 0 && p->column > 0) {
		buf_put_char(out, ':');
		buf_put_u64(out, p->column);
	}
	if (p->file[0] || p->line > 0)
		buf_put_z(out, ": ");
	if (p->field[0]) {
		buf_put_z(out, p->field);
		buf_put_z(out, ": ");
	}
	problem_put_detail(p, lang, out);
}
