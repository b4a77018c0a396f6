/* liren doctor: what is well, and what is not, a line each. It only looks, and can do so while the
 * office runs. */
#include "cli.h"

#include "app/etc.h"
#include "app/kernel.h"
#include "app/mailer.h"
#include "cases/chains.h"
#include "journal/journal.h"
#include "journal/keys.h"
#include "journal/outbox.h"
#include "link/mail.h"
#include "service/account.h"
#include "service/attachments.h"
#include "service/cases.h"
#include "service/cases_imported.h"
#include "service/reader.h"
#include "show.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define LATE_CHECKPOINT_US (INT64_C(60) * 1000000) /* a running office signs within one second */
#define LATE_EFFECT_US (INT64_C(600) * 1000000)
#define SPACE_WARN_BYTES (UINT64_C(1) << 30)
#define SPACE_FAIL_BYTES (UINT64_C(100) << 20)
#define COMPARE_TRIES 3u /* the copy follows a moment after keys.db */

static const char usage[] =
    "liren doctor [--dir DIR] [--deep]\n"
    "Say what is well and what is not: store, checkpoints, keys and their copy, attachments, disk, "
    "clock, outbox, mail, files. Ends\n"
    "with 1 when something has failed.\n\n"
    "  --deep           let the database check every page of its files, and hash every attachment, "
    "too\n" CLI_STORE_USAGE;

enum verdict { OK, WARN, FAIL };

struct doctor {
	const struct settings *s;
	struct reader *reader;
	bool deep;
	bool running; /* an office serves the store */
	int64_t now_us; /* in a demo by its own clock */
	bool failed;
};

static void say(struct doctor *d, enum verdict verdict, enum msg msg, const struct str *args,
		unsigned n)
{
	static const char *const words[] = {"ok  ", "warn", "FAIL"};

	printf("%s  ", words[verdict]);
	cli_say(msg, args, n);
	d->failed = d->failed || verdict == FAIL;
}

/* An age in the largest unit that leaves a number to read. */
static struct str age(int64_t us, char memory[CLI_U64_BYTES])
{
	long long s = us > 0 ? us / 1000000 : 0;
	int n;

	if (s < 120)
		n = snprintf(memory, CLI_U64_BYTES, "%lld s", s);
	else if (s < 2 * 3600)
		n = snprintf(memory, CLI_U64_BYTES, "%lld min", s / 60);
	else if (s < 48 * 3600)
		n = snprintf(memory, CLI_U64_BYTES, "%lld h", s / 3600);
	else
		n = snprintf(memory, CLI_U64_BYTES, "%lld d", s / 86400);
	return (struct str){memory, (size_t)n};
}

static void say_error(struct doctor *d, enum msg msg, enum err e)
{
	const struct err_info *info = err_info(e);

	say(d, FAIL, msg, (struct str[]){str_of(cli_lang() == LANG_ZH ? info->zh : info->en)}, 1);
}

/* ---- the store ---- */

static enum err look_at_store(struct doctor *d)
{
	struct store_paths paths = settings_paths(d->s);
	char code[16];
	int fd = -1, pid = 0;
	enum err e = reader_open(&paths, NULL, &d->reader);

	if (e != ERR_OK) {
		say_error(d, MSG_DOCTOR_STORE_OFF, e);
		return e;
	}
	snprintf(code, sizeof code, "%012llu", (unsigned long long)d->reader->community.code);
	say(d, OK, d->reader->community.demo ? MSG_DOCTOR_STORE_DEMO : MSG_DOCTOR_STORE,
	    (struct str[]){str_of(d->s->dir), str_of(code), str_of(d->reader->community.origin)},
	    3);
	/* a demo's ages go by its own clock */
	e = reader_now(d->reader, d->now_us, &d->now_us);
	if (e != ERR_OK) {
		say_error(d, MSG_DOCTOR_STORE_OFF, e);
		return e;
	}
	e = store_lock(d->s, &fd, &pid);
	d->running = e == ERR_LOCKED;
	if (e == ERR_OK)
		close(fd);
	return ERR_OK;
}

static void look_at_entries(struct doctor *d)
{
	char entries[CLI_U64_BYTES], covered[CLI_U64_BYTES], old[CLI_U64_BYTES];
	struct checkpoint_row row = {0};
	struct store_status status;
	int64_t last_us = 0;
	bool late;
	enum err e = reader_status(d->reader, &status);

	if (e == ERR_OK)
		e = journal_last_checkpoint(d->reader->db, &row);
	if (e != ERR_OK) {
		say_error(d, MSG_DOCTOR_STORE_OFF, e);
		return;
	}
	last_us = show_entry_us(d->reader->db, status.entries);
	late = status.entries > row.size && d->now_us - last_us > LATE_CHECKPOINT_US;
	say(d, late ? WARN : OK, late ? MSG_DOCTOR_ENTRIES_LATE : MSG_DOCTOR_ENTRIES,
	    (struct str[]){cli_u64(status.entries, entries), cli_u64(row.size, covered),
			   age(d->now_us - row.at_us, old)},
	    3);
	if (d->now_us < last_us - CLOCK_STEP_MAX_US)
		say(d, WARN, MSG_DOCTOR_CLOCK_BEHIND, (struct str[]){age(last_us - d->now_us, old)},
		    1);
	else if (d->now_us > last_us + CLOCK_PAUSE_MAX_US && !d->running)
		say(d, WARN, MSG_DOCTOR_CLOCK_FAR, (struct str[]){age(d->now_us - last_us, old)},
		    1);
	else
		say(d, OK, MSG_DOCTOR_CLOCK, NULL, 0);
}

static void look_at_office(struct doctor *d)
{
	say(d, OK, d->running ? MSG_DOCTOR_RUNNING : MSG_DOCTOR_NOT_RUNNING, NULL, 0);
}

/* ---- keys ---- */

static void look_at_key_files(struct doctor *d)
{
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");
	struct str place = str_of(credentials && *credentials ? credentials : d->s->keys_dir);
	struct store_secrets secrets;
	struct problem p = {0};
	char text[512];
	struct buf b = buf_over(text, sizeof text);
	struct stat st;
	bool ours;
	enum err e = secrets_load(d->s, &secrets, &p);

	if (e != ERR_OK) {
		problem_put_line(&p, cli_lang(), &b);
		say(d, FAIL, MSG_DOCTOR_KEYS_OFF, (struct str[]){buf_str(&b)}, 1);
		return;
	}
	ours = memcmp(secrets.signing_key.public_key, d->reader->community.verifier.public_key,
		      SIGN_PUBLIC_BYTES) == 0;
	seal_wipe(&secrets, sizeof secrets);
	if (!ours)
		say(d, FAIL, MSG_DOCTOR_KEYS_OTHER, &place, 1);
	else if (stat(place.p, &st) == 0 && (st.st_mode & 077) != 0)
		say(d, WARN, MSG_DOCTOR_KEYS_FOLDER_OPEN, &place, 1);
	else
		say(d, OK, MSG_DOCTOR_KEYS, &place, 1);
}

/* Does the community key open what is in keys.db? Asked of the newest key that a line uses. */
static void look_at_fit(struct doctor *d)
{
	struct keyring_options o = {.path = d->s->keys_db, .read_only = true};
	struct db_stmt *s = db_stmt(d->reader->db, SQL_key_used_get);
	struct store_secrets secrets;
	struct keyring *k = NULL;
	struct seal_key key = {{0}};
	uint64_t id = 0;
	bool row = false;
	enum err e;

	if (secrets_load(d->s, &secrets, NULL) != ERR_OK)
		return;
	o.community_key = &secrets.community_key;
	e = db_step(d->reader->db, s, &row);
	id = e == ERR_OK && row ? db_u64(s, 0) : 0;
	db_done(s);
	if (e == ERR_OK)
		e = keyring_open(&o, &k);
	if (e == ERR_OK && id > 0)
		e = keyring_get(k, id, &key);
	seal_wipe(&key, sizeof key);
	seal_wipe(&secrets, sizeof secrets);
	keyring_free(k);
	if (e != ERR_OK && e != ERR_GONE)
		say_error(d, MSG_DOCTOR_KEYS_DO_NOT_FIT, e);
}

static bool same_disk(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev;
}

static enum err compare_keys(struct doctor *d, struct keyring_state *ret)
{
	struct keyring_options o = {.path = d->s->keys_db,
				    .copy_path = d->s->key_copy[0] ? d->s->key_copy : NULL,
				    .read_only = true};
	enum err e = ERR_OK;

	for (unsigned i = 0; i < COMPARE_TRIES; i++) {
		struct keyring *k = NULL;
		e = keyring_open(&o, &k);
		if (e == ERR_OK)
			e = keyring_state(k, ret);
		keyring_free(k);
		if (e != ERR_OK || ret->copy_ok || !ret->has_copy)
			break;
	}
	return e;
}

static void look_at_copy(struct doctor *d)
{
	char keys[CLI_U64_BYTES], old[CLI_U64_BYTES];
	struct str args[3] = {str_of(d->s->key_copy)};
	struct keyring_state state;
	enum err e = compare_keys(d, &state);

	if (e != ERR_OK) {
		say_error(d, MSG_DOCTOR_KEYS_DB_OFF, e);
		return;
	}
	args[1] = cli_u64(state.keys, keys);
	if (!state.has_copy) {
		say(d, WARN, MSG_DOCTOR_COPY_NONE, args, 2);
		return;
	}
	args[2] = age(kernel_clock().utc_us - state.copy_synced_us, old);
	if (!state.copy_ok) {
		say(d, FAIL, state.copy_synced_us ? MSG_DOCTOR_COPY_BEHIND : MSG_DOCTOR_COPY_OFF,
		    args, 3);
		return;
	}
	say(d, OK, MSG_DOCTOR_COPY, args, 3);
	if (same_disk(d->s->keys_db, d->s->key_copy))
		say(d, WARN, MSG_DOCTOR_COPY_SAME_DISK, args, 1);
}

/* ---- the rest ---- */

/* Each is there with its size; with --deep, with its bytes. */
static void look_at_attachments(struct doctor *d)
{
	struct keyring_options o = {.path = d->s->keys_db, .read_only = true};
	struct blob_store store = {.dir = d->s->attachments};
	char a[CLI_U64_BYTES], b[CLI_U64_BYTES], c[CLI_U64_BYTES];
	struct attachments_found found;
	struct keyring *keys = NULL;
	enum err e = keyring_open(&o, &keys);

	if (e == ERR_OK)
		e = attachments_examine(d->reader->db, keys, &store, d->deep, &found);
	keyring_free(keys);
	if (e != ERR_OK)
		say_error(d, MSG_DOCTOR_ATTACHMENTS_UNREAD, e);
	else if (found.missing + found.changed > 0)
		say(d, FAIL, MSG_DOCTOR_ATTACHMENTS_OFF,
		    (struct str[]){cli_u64(found.missing, a), cli_u64(found.changed, b),
				   cli_u64(found.first_n, c)},
		    3);
	else
		say(d, OK, MSG_DOCTOR_ATTACHMENTS,
		    (struct str[]){cli_u64(found.files, a), cli_u64(found.bytes >> 20, b),
				   cli_u64(found.erased, c)},
		    3);
}

static void look_at_space(struct doctor *d)
{
	char mib[CLI_U64_BYTES];
	struct statvfs fs;
	uint64_t free_bytes;

	if (statvfs(d->s->dir, &fs) != 0)
		return;
	free_bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
	say(d, free_bytes < SPACE_FAIL_BYTES ? FAIL : (free_bytes < SPACE_WARN_BYTES ? WARN : OK),
	    MSG_DOCTOR_SPACE, (struct str[]){cli_u64(free_bytes >> 20, mib)}, 1);
}

static void look_at_outbox(struct doctor *d)
{
	const struct channel_info *c;

	for (unsigned i = 0; (c = channel_info_at(i)); i++) {
		char waiting[CLI_U64_BYTES], expired[CLI_U64_BYTES];
		struct outbox_counts n;
		bool late;
		enum err e = outbox_counts(d->reader->db, c->channel, &n);
		if (e != ERR_OK) {
			say_error(d, MSG_DOCTOR_STORE_OFF, e);
			return;
		}
		late = n.waiting > 0 && d->now_us - n.oldest_us > LATE_EFFECT_US;
		say(d, late || n.expired > 0 ? WARN : OK, MSG_DOCTOR_OUTBOX,
		    (struct str[]){str_of(c->name), cli_u64(n.waiting, waiting),
				   cli_u64(n.expired, expired)},
		    3);
		if (n.waiting > 0)
			say(d, late ? WARN : OK, MSG_DOCTOR_OUTBOX_AGE,
			    (struct str[]){str_of(c->name), age(d->now_us - n.oldest_us, waiting)},
			    2);
	}
}

static void look_at_mail_server(struct doctor *d)
{
	const struct settings_mail *mail = &d->s->mail;
	char password[MAILER_PASSWORD_BYTES] = "", text[512];
	struct mail_server server = mailer_server(mail, password);
	struct buf b = buf_over(text, sizeof text);
	struct mail_wire *wire = NULL;
	struct problem p = {0};
	enum err e = mail->user[0] ? mailer_password(mail, password, &p) : ERR_OK;
	bool well;

	if (e != ERR_OK) {
		problem_put_line(&p, cli_lang(), &b);
		say(d, FAIL, MSG_DOCTOR_MAIL_OFF,
		    (struct str[]){str_of(mail->server), buf_str(&b)}, 2);
		return;
	}
	e = mail_start();
	if (e == ERR_OK)
		e = mail_wire_new(&server, NULL, NULL, &wire);
	if (e != ERR_OK) {
		say_error(d, MSG_DOCTOR_STORE_OFF, e);
	} else {
		well = mail_wire_check(wire) == MAIL_TAKEN;
		say(d, well ? OK : WARN, well ? MSG_DOCTOR_MAIL : MSG_DOCTOR_MAIL_OFF,
		    (struct str[]){str_of(mail->server), str_of(mail_wire_said(wire))},
		    well ? 1 : 2);
	}
	mail_wire_free(wire);
	seal_wipe(password, sizeof password);
}

/* Connects, and sends none. */
static void look_at_mail(struct doctor *d)
{
	char number[EFFECT_ENDS][CLI_U64_BYTES];
	struct str args[EFFECT_ENDS - 1];
	uint64_t n[EFFECT_ENDS] = {0};

	for (int end = EFFECT_UNCOUNTED + 1; end < EFFECT_ENDS; end++) {
		enum err e = outbox_ended(d->reader->db, CHANNEL_MAIL, (enum effect_end)end,
					  &n[end]);
		if (e != ERR_OK) {
			say_error(d, MSG_DOCTOR_STORE_OFF, e);
			return;
		}
		args[end - 1] = cli_u64(n[end], number[end]);
	}
	if (!d->s->mail.is_set) {
		say(d, OK, MSG_DOCTOR_MAIL_NONE, NULL, 0);
		return;
	}
	say(d, OK, MSG_DOCTOR_MAIL_ENDED, args, EFFECT_ENDS - 1);
	look_at_mail_server(d);
}

/* Each text in force is kept, and is what its hash says. */
static enum err look_at_text(void *ctx, const struct file_row *row)
{
	static char memory[FILE_CONTENT_BYTES_MAX];
	struct doctor *d = ctx;
	struct str text;

	if (file_content(d->reader->db, &row->sha256, memory, sizeof memory, &text) != ERR_OK)
		say(d, FAIL, MSG_DOCTOR_ETC_TEXT, &row->path, 1);
	return ERR_OK;
}

/* Is what the office works by what stands in etc/? */
static void look_at_etc(struct doctor *d)
{
	struct etc_options o = {.settings = d->s, .db = d->reader->db};
	struct etc_differences *found = calloc(1, sizeof *found);
	char number[CLI_U64_BYTES], text[512];
	struct buf b = buf_over(text, sizeof text);
	struct problem p = {0};
	enum err e = found ? etc_compare(&o, found, &p) : ERR_NO_MEMORY;

	if (e != ERR_OK && p.err != ERR_OK) {
		problem_put_line(&p, cli_lang(), &b);
		say(d, WARN, MSG_DOCTOR_ETC_UNREAD, (struct str[]){buf_str(&b)}, 1);
	} else if (e != ERR_OK)
		say_error(d, MSG_DOCTOR_STORE_OFF, e);
	else if (found->n > 0)
		say(d, WARN, MSG_DOCTOR_ETC_DIFFERS,
		    (struct str[]){cli_u64(found->n, number),
				   str_of(found->told_n ? found->v[0].path : "")},
		    2);
	else
		say(d, OK, MSG_DOCTOR_ETC, NULL, 0);
	free(found);
	e = files_in_force(d->reader->db, look_at_text, d);
	if (e != ERR_OK)
		say_error(d, MSG_DOCTOR_STORE_OFF, e);
}

/* Other offices' cases run no clock here until somebody takes them over: nobody else says so. */
static void look_at_imported(struct doctor *d)
{
	char number[CLI_U64_BYTES];
	uint64_t waiting = 0;
	enum err e = cases_imported_waiting(d->reader->db, &waiting);

	if (e != ERR_OK)
		say_error(d, MSG_DOCTOR_STORE_OFF, e);
	else if (waiting > 0)
		say(d, WARN, MSG_DOCTOR_CASES_IMPORTED, (struct str[]){cli_u64(waiting, number)},
		    1);
}

/* The office passes such a case over; here it is told. */
static void look_at_timers(struct doctor *d)
{
	struct etc_options o = {.settings = d->s, .db = d->reader->db};
	struct config_shelf_failure failure = {0};
	struct etc_shelf *shelf = NULL;
	char number[CLI_U64_BYTES];
	unsigned stuck = 0;
	enum err e = etc_in_force(&o, &shelf, &failure);

	if (e == ERR_OK)
		e = cases_stuck(d->reader->db, &shelf->shelf, d->now_us, &stuck);
	etc_shelf_free(shelf);
	if (e == ERR_NOT_FOUND)
		return; /* no files, no cases */
	if (e != ERR_OK)
		say_error(d, MSG_DOCTOR_STORE_OFF, e);
	else if (stuck > 0)
		say(d, FAIL, MSG_DOCTOR_CASES_STUCK, (struct str[]){cli_u64(stuck, number)}, 1);
	else
		say(d, OK, MSG_DOCTOR_CASES, NULL, 0);
}

/* ---- who is told in the end ---- */

static void say_chain(struct doctor *d, const struct cases_book *book,
		      const struct cases_chain_end *end)
{
	const struct cases_type *type = book->types[end->type];
	char number[CLI_U64_BYTES], first[2 * CASES_NAME_BYTES_MAX + 8];
	struct buf b = buf_over(first, sizeof first);

	buf_put_str(&b, type->name.text);
	buf_put_z(&b, ", ");
	buf_put_str(&b, type->clocks[end->clock].name.text);
	say(d, WARN, MSG_DOCTOR_CHAIN,
	    (struct str[]){book->roles[end->role].words[cli_lang()], cli_u64(end->chains, number),
			   buf_str(&b)},
	    3);
}

static void look_at_book(struct doctor *d, const struct cases_book *book)
{
	struct cases_chain_end ends[CASES_ROLES_MAX];
	uint64_t held = 0;
	unsigned n;
	enum err e = account_roles_held(d->reader->db, book, &held);

	if (e != ERR_OK) {
		say_error(d, MSG_DOCTOR_STORE_OFF, e);
		return;
	}
	n = cases_chains_at_nobody(book, held, ends);
	for (unsigned i = 0; i < n; i++)
		say_chain(d, book, &ends[i]);
	if (n == 0)
		say(d, OK, MSG_DOCTOR_CHAINS, NULL, 0);
}

/* A chain ends at a person in charge, says the proof; whether there is one, say the accounts. */
static void look_at_chains(struct doctor *d)
{
	struct etc_options o = {.settings = d->s, .db = d->reader->db};
	struct config_shelf_failure failure = {0};
	struct etc_shelf *shelf = NULL;

	/* files that do not hold are told already */
	if (etc_in_force(&o, &shelf, &failure) == ERR_OK)
		look_at_book(d, &shelf->shelf.now);
	etc_shelf_free(shelf);
}

static void look_at_pages(struct doctor *d, const char *path, enum db_schema schema)
{
	char report[256] = "";
	struct db *db = NULL;
	bool sound = false;
	enum err e = db_open(path, schema, DB_READ, NULL, &db);

	if (e == ERR_OK)
		e = db_integrity(db, report, sizeof report, &sound);
	db_free(db);
	if (e == ERR_OK && sound)
		say(d, OK, MSG_DOCTOR_PAGES, (struct str[]){str_of(path)}, 1);
	else
		say(d, FAIL, MSG_DOCTOR_PAGES_OFF,
		    (struct str[]){str_of(path), str_of(e == ERR_OK ? report : err_info(e)->name)},
		    2);
}

static bool examine(const struct settings *s, bool deep)
{
	struct doctor d = {.s = s, .deep = deep, .now_us = kernel_clock().utc_us};

	if (look_at_store(&d) == ERR_OK) {
		look_at_office(&d);
		look_at_entries(&d);
		look_at_key_files(&d);
		look_at_fit(&d);
		look_at_copy(&d);
		look_at_attachments(&d);
		look_at_space(&d);
		look_at_outbox(&d);
		look_at_mail(&d);
		look_at_etc(&d);
		look_at_timers(&d);
		look_at_chains(&d);
		look_at_imported(&d);
	}
	reader_close(d.reader);
	if (deep) {
		look_at_pages(&d, s->journal, DB_SCHEMA_journal);
		look_at_pages(&d, s->keys_db, DB_SCHEMA_keys);
	}
	return !d.failed;
}

int cli_doctor(int argc, char **argv)
{
	static const struct option options[] = {
	    CLI_STORE_OPTIONS, {"deep", no_argument, NULL, 'd'}, {0}};
	struct settings_overrides o = {0};
	struct settings s;
	bool deep = false;
	int c, code;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (cli_store_option(c, optarg, &o))
			continue;
		if (c == CLI_HELP) {
			fputs(usage, stdout);
			return CLI_DONE;
		}
		if (c != 'd')
			return cli_usage(usage);
		deep = true;
	}
	if (optind != argc)
		return cli_usage(usage);
	code = cli_store(&o, &s);
	if (code == CLI_DONE)
		code = cli_permit_mending(&s, POLICY_SEE_METRICS);
	if (code != CLI_DONE)
		return code;
	return examine(&s, deep) ? CLI_DONE : CLI_NO;
}
