/* Making a store. */
#include "app/setup.h"

#include "app/etc.h"
#include "app/files.h"
#include "app/kernel.h"
#include "base/zone.h"
#include "service/reader.h"

#include <stdlib.h>
#include <unistd.h>

#define ZONE_BYTES_MAX 65536u

static enum err fail(struct problem *p, enum err e, enum msg msg, const char *arg)
{
	struct str s = str_of(arg);

	return problem_set(p, e, STR(""), msg, &s, 1);
}

/* The name must be one of the system's zones, spelt without tricks. */
static enum err check_zone(const char *name, struct problem *p)
{
	char path[FILE_PATH_MAX], *text = NULL;
	struct zone zone;
	size_t n = 0;
	enum err e;

	if (strlen(name) == 0 || strlen(name) >= ZONE_MAX || name[0] == '/' || strstr(name, ".."))
		return fail(p, ERR_BAD_INPUT, MSG_ZONE_UNKNOWN, name);
	snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
	e = file_read(path, ZONE_BYTES_MAX, &text, &n);
	if (e == ERR_OK)
		e = zone_parse((struct bytes){(const uint8_t *)text, n}, &zone);
	free(text);
	return e == ERR_OK ? ERR_OK : fail(p, ERR_BAD_INPUT, MSG_ZONE_UNKNOWN, name);
}

bool setup_has_store(const struct settings *s)
{
	struct store_paths paths = settings_paths(s);
	struct reader *r = NULL;
	enum err e;

	if (access(s->journal, F_OK) != 0)
		return false;
	e = reader_open(&paths, NULL, &r);
	reader_close(r);
	return e != ERR_NOT_FOUND; /* it has no first entry: the making of it was cut off, and may
				      be done again */
}

/* Keys of an earlier try that failed later are used; otherwise new ones are made. */
static enum err make_secrets(const struct settings *s, const struct entropy *entropy,
			     struct store_secrets *ret, struct problem *p)
{
	enum err e = secrets_load(s, ret, p);

	if (e == ERR_OK || !secrets_absent(s))
		return e;
	return secrets_create(s, entropy, ret, p);
}

static enum err call_writer(void *ctx, struct command *c)
{
	writer_group(ctx, &c, 1, kernel_clock());
	return c->answer.err;
}

/* What the folder holds comes into force with the store. */
static enum err first_files(const struct settings *s, struct writer *w, struct str account,
			    struct problem *p)
{
	struct etc_options o = {.settings = s, .db = w->db};
	struct config_shelf_failure failure;
	struct etc_shelf *shelf = NULL;
	struct etc_loaded loaded;
	enum err e = etc_load(&o, call_writer, w, account, &shelf, &loaded, &failure);

	if (e != ERR_OK && p)
		*p = failure.cases.problem;
	TRY(e);
	w->shelf = NULL;
	etc_shelf_free(shelf);
	return writer_sign(w, kernel_clock());
}

/* What a place that was refused says, where one was. */
static enum err refused(enum err e, const struct place_batch *b, struct problem *p)
{
	for (unsigned i = 0; i < b->n && e != ERR_OK; i++)
		if (b->draft[i].problem.err == e) {
			*p = b->draft[i].problem;
			return e;
		}
	return e;
}

static enum err make_store(const struct settings *s, const struct setup_options *o,
			   struct place_batch *places, struct problem *p)
{
	static struct str const no_account;
	struct kernel_entropy random;
	struct entropy entropy = kernel_entropy(&random);
	struct store_paths paths = settings_paths(s);
	struct store_identity id = {o->code, o->demo, str_of(o->zone), no_account, places};
	struct store_secrets secrets;
	struct clock_reading now = kernel_clock();
	struct writer *w = NULL;
	char account[128];
	enum err e;

	TRY(make_secrets(s, &entropy, &secrets, p));
	if (o->demo && o->begins_us != 0)
		now.utc_us = o->begins_us;
	operator_account(account, sizeof account);
	id.account = str_of(account);
	e = settings_save(s);
	if (e == ERR_OK)
		e = folder_make(s->attachments, 0700);
	if (e == ERR_OK && !o->bare)
		e = etc_lay(s, p);
	if (e == ERR_OK)
		e = refused(writer_create(&paths, &secrets, &entropy, &id, now), places, p);
	if (e == ERR_OK && !o->bare)
		e = writer_open(&paths, &secrets, &entropy, &w);
	if (e == ERR_OK && !o->bare)
		e = first_files(s, w, id.account, p);
	writer_close(w);
	if (e == ERR_OK)
		e = folder_sync(s->dir);
	seal_wipe(&secrets, sizeof secrets);
	return e;
}

enum err setup_store(const struct settings *s, const struct setup_options *o,
		     struct divisions *ret_levels, struct problem *problem)
{
	struct division_places places;
	int fd = -1, pid = 0;
	enum err e;

	TRY(check_zone(o->zone, problem));
	TRY(divisions_read(o->divisions, o->code, ret_levels, problem));
	TRY(divisions_call(ret_levels, o->code, o->name, o->name_en, problem));
	divisions_places(ret_levels, o->code, o->station, o->bureau, &places);
	e = folder_make(s->dir, 0700);
	if (e != ERR_OK)
		return fail(problem, e, MSG_FOLDER_UNUSABLE, s->dir);
	TRY(store_lock(s, &fd, &pid));
	e = setup_has_store(s) ? fail(problem, ERR_EXISTS, MSG_STORE_EXISTS, s->dir)
			       : make_store(s, o, &places.batch, problem);
	if (e != ERR_OK && e != ERR_EXISTS) {
		/* a journal without its first entry is no store */
		unlink(s->journal);
	}
	close(fd);
	return e;
}
