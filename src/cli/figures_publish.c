/* liren figures --publish: the figures of a month as a file, on record by its hash. Decided by the
 * running office's writer, else by one of its own. What is published once stays as it is. */
#include "cli.h"

#include "app/import_door.h"
#include "app/kernel.h"
#include "service/figures_file.h"
#include "service/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct publishing {
	const struct settings *s;
	int month;
	const char *out;
	char name[FIGURES_FILE_NAME_MAX], path[FILE_PATH_BYTES_MAX];
	char account[128];
	char month_words[16];
	struct buf text; /* FIGURES_FILE_BYTES_MAX */
	uint64_t n;      /* the entry; 0: not published yet */
	struct hash32 sha256;
	struct writer *writer;
	char said[IMPORT_DOOR_TEXT_BYTES_MAX + 1];
};

/* ---- what is on record ---- */

static enum err look_at(void *ctx, const struct file_row *row)
{
	struct publishing *p = ctx;

	if (str_eq(row->path, str_of(p->path)) && !row->is_withdrawn) {
		p->n = row->n;
		p->sha256 = row->sha256;
	}
	return ERR_OK;
}

/* A month that is over in every zone changes no more. A demo's time is that of its record. */
static enum err check_over(struct publishing *p, struct reader *r, struct problem *problem)
{
	int64_t now = 0;
	struct str arg = str_of(p->month_words);

	TRY(reader_now(r, kernel_clock().utc_us, &now));
	return now >= figures_over_us(p->month)
		   ? ERR_OK
		   : problem_set(problem, ERR_NOT_YET, STR("--publish"), MSG_CLI_FIGURES_NOT_OVER,
				 &arg, 1);
}

/* The text that is published, or that will be. */
static enum err take_text(struct publishing *p, struct problem *problem)
{
	struct store_paths paths = settings_paths(p->s);
	struct reader *r = NULL;
	struct str kept = {0};
	enum err e = reader_open(&paths, NULL, &r);

	if (e == ERR_OK)
		e = check_over(p, r, problem);
	if (e == ERR_OK)
		e = files_in_force(r->db, look_at, p);
	if (e == ERR_OK && p->n == 0)
		e = figures_file_put(r, p->month, &p->text);
	else if (e == ERR_OK)
		e = file_content(r->db, &p->sha256, p->text.p, p->text.cap, &kept);
	if (kept.n > 0)
		p->text.n = kept.n;
	reader_close(r);
	return e;
}

static enum err look_again(struct publishing *p)
{
	struct store_paths paths = settings_paths(p->s);
	struct reader *r = NULL;
	enum err e = reader_open(&paths, NULL, &r);

	if (e == ERR_OK)
		e = files_in_force(r->db, look_at, p);
	reader_close(r);
	return e == ERR_OK && p->n == 0 ? ERR_INTERNAL : e;
}

/* ---- onto the record ---- */

static enum err run_command(void *ctx, struct command *c)
{
	struct publishing *p = ctx;

	writer_group(p->writer, &c, 1, kernel_clock());
	return c->answer.err;
}

static void refused(void *ctx, struct str line)
{
	(void)ctx;
	(void)line;
}

static void progress(void *ctx, uint64_t done, uint64_t total)
{
	(void)ctx;
	(void)done;
	(void)total;
}

static enum err with_own_writer(struct publishing *p, const struct import_order *o,
				struct problem *problem)
{
	struct store_paths paths = settings_paths(p->s);
	struct kernel_entropy random;
	struct entropy entropy = kernel_entropy(&random);
	struct import_counts counts = {0};
	struct store_secrets secrets;
	enum err e;

	TRY(secrets_load(p->s, &secrets, problem));
	e = writer_open(&paths, &secrets, &entropy, &p->writer);
	if (e == ERR_OK)
		e = import_order_run(o, &counts, problem);
	if (e == ERR_OK)
		e = writer_sign(p->writer, kernel_clock());
	writer_close(p->writer);
	seal_wipe(&secrets, sizeof secrets);
	return e;
}

/* `fd`: a plain file, as the door wants one beside the text. */
static enum err record(struct publishing *p, int fd, struct problem *problem)
{
	struct import_order o = {.kind = IMPORT_FIGURES,
				 .map_name = p->name,
				 .map_text = buf_str(&p->text),
				 .name = p->name,
				 .fd = fd,
				 .account = str_of(p->account),
				 .run = run_command,
				 .ctx = p};
	struct import_answers answers = {refused, progress, NULL};
	struct import_end end = {0};
	int lock = -1, pid = 0;
	enum err e = store_lock(p->s, &lock, &pid);

	if (e == ERR_LOCKED) {
		e = import_door_order(p->s, &o, cli_lang(), &answers, &end);
		snprintf(p->said, sizeof p->said, "%s", end.text);
	} else if (e == ERR_OK) {
		e = with_own_writer(p, &o, problem);
	}
	if (lock >= 0)
		close(lock);
	return e == ERR_OK ? look_again(p) : e;
}

static enum err write_all(int fd, struct str text)
{
	for (size_t at = 0; at < text.n;) {
		ssize_t n = write(fd, text.p + at, text.n - at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? err_of_errno(errno) : ERR_NO_SPACE;
		at += (size_t)n;
	}
	return fchmod(fd, 0644) == 0 && fsync(fd) == 0 ? ERR_OK : err_of_errno(errno);
}

static enum err publish(struct publishing *p, struct problem *problem)
{
	struct str out = str_of(p->out);
	enum err e;
	int fd;

	TRY(take_text(p, problem));
	fd = open(p->out, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return problem_set(problem, err_of_errno(errno), STR("--out"),
				   MSG_CLI_FILE_UNREADABLE, &out, 1);
	e = write_all(fd, buf_str(&p->text));
	if (e == ERR_OK && p->n == 0)
		e = record(p, fd, problem);
	close(fd);
	if (e != ERR_OK)
		unlink(p->out);
	return e;
}

int cli_publish(const struct settings *s, int month, const char *out)
{
	struct publishing *p = calloc(1, sizeof *p);
	char *memory = malloc(FIGURES_FILE_BYTES_MAX), number[CLI_U64_BYTES];
	struct problem problem = {0};
	enum err e = p && memory ? ERR_OK : ERR_NO_MEMORY;
	int code;

	if (e == ERR_OK) {
		p->s = s;
		p->month = month;
		p->text = buf_over(memory, FIGURES_FILE_BYTES_MAX);
		figures_file_name(month, p->name);
		snprintf(p->path, sizeof p->path, FIGURES_FILE_FOLDER "%s", p->name);
		snprintf(p->month_words, sizeof p->month_words, "%04d-%02d", month / 100,
			 month % 100);
		p->out = out ? out : p->name;
		operator_account(p->account, sizeof p->account);
		e = publish(p, &problem);
	}
	if (e == ERR_OK)
		cli_say(
		    MSG_CLI_FIGURES_PUBLISHED,
		    (struct str[]){str_of(p->month_words), cli_u64(p->n, number), str_of(p->out)},
		    3);
	code = e == ERR_OK       ? CLI_DONE
	       : p && p->said[0] ? cli_fail_text(e, p->said)
				 : cli_fail(e, &problem);
	free(memory);
	free(p);
	return code;
}
