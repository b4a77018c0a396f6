/* liren journal: verify, rebuild, prove; show is in show.c. All of it reads only, and works while
 * the office runs. */
#include "cli.h"

#include "journal/rebuild.h"
#include "journal/receipt.h"
#include "journal/verify.h"
#include "service/kinds.h"
#include "service/reader.h"
#include "show.h"

#include <stdlib.h>
#include <unistd.h>

static const char usage[] =
    "liren journal verify [--key KEY]\n"
    "  Every entry, tile and checkpoint against each other and the key.\n"
    "liren journal rebuild [--scratch DIR]\n"
    "  Make the rows again from the entries, in a second file, and compare.\n"
    "liren journal prove N\n"
    "  A receipt of entry N on standard output, without its texts.\n"
    "liren journal show N [--to M] [--json]\n"
    "  Entries in words, or as they are hashed; what is sealed stays sealed.\n\n"
    "  --key KEY        the verifier key to insist on, as a line or a file (default: that of the "
    "key files, where\n"
    "                   they can be read)\n"
    "  --scratch DIR    where the second file is made, and removed again (default: the data "
    "folder)\n" CLI_STORE_USAGE;

struct journal_call {
	struct settings settings;
	const char *key, *scratch;
	uint64_t n, to;
	bool json;
};

/* ---- verify ---- */

static void say_sound(const struct verify_result *r)
{
	char entries[CLI_U64_BYTES], tiles[CLI_U64_BYTES], checkpoints[CLI_U64_BYTES];
	char root[64], vkey[NOTE_NAME_MAX + 128];
	struct buf b = buf_over(root, sizeof root), k = buf_over(vkey, sizeof vkey);

	cli_say(MSG_CLI_VERIFIED,
		(struct str[]){cli_u64(r->entries, entries), cli_u64(r->tiles, tiles),
			       cli_u64(r->checkpoints, checkpoints)},
		3);
	if (r->covered < r->entries)
		cli_say(MSG_CLI_NOT_COVERED,
			(struct str[]){cli_u64(r->entries - r->covered, entries)}, 1);
	buf_put_b64(&b, r->root.b, HASH_BYTES);
	note_vkey_put(&r->key, &k);
	cli_say(MSG_CLI_ROOT, (struct str[]){buf_str(&b)}, 1);
	cli_say(MSG_CLI_KEY_IS, (struct str[]){buf_str(&k)}, 1);
}

static int verify(const struct journal_call *call)
{
	struct verify_options o = {.progress = cli_progress};
	struct verify_result r;
	struct store_secrets secrets;
	struct note_verifier given;
	char first[CLI_U64_BYTES], last[CLI_U64_BYTES];
	struct problem p = {0};
	struct db *db = NULL;
	enum err e = ERR_OK;

	if (call->key) {
		e = cli_verifier(call->key, &given, &p);
		o.public_key = given.public_key;
	} else if (secrets_load(&call->settings, &secrets, NULL) == ERR_OK) {
		memcpy(given.public_key, secrets.signing_key.public_key, SIGN_PUBLIC_BYTES);
		seal_wipe(&secrets, sizeof secrets);
		o.public_key = given.public_key;
	}
	if (e == ERR_OK)
		e = db_open(call->settings.journal, DB_SCHEMA_journal, DB_READ, NULL, &db);
	if (e == ERR_OK)
		e = journal_verify(db, &o, &r);
	db_free(db);
	if (e != ERR_OK)
		return cli_fail(e, &p);
	if (r.finding == VERIFY_SOUND) {
		say_sound(&r);
		if (!o.public_key)
			cli_say(MSG_CLI_KEY_FROM_JOURNAL, NULL, 0);
		return CLI_DONE;
	}
	cli_say(verify_msg(r.finding),
		(struct str[]){str_of(r.at), cli_u64(r.first, first), cli_u64(r.last, last)}, 3);
	return CLI_NO;
}

/* ---- rebuild ---- */

static void say_rebuilt(const struct rebuild_result *r)
{
	char n[CLI_U64_BYTES], rows[CLI_U64_BYTES], hex[2][2 * HASH_BYTES];
	struct buf live = buf_over(hex[0], sizeof hex[0]), again = buf_over(hex[1], sizeof hex[1]);

	buf_put_hex(&live, r->live.b, HASH_BYTES);
	buf_put_hex(&again, r->rebuilt.b, HASH_BYTES);
	if (r->finding == REBUILD_EQUAL) {
		cli_say(
		    MSG_CLI_REBUILT,
		    (struct str[]){cli_u64(r->entries, n), cli_u64(r->rows, rows), buf_str(&live)},
		    3);
		return;
	}
	cli_say(rebuild_msg(r->finding),
		(struct str[]){cli_u64(r->entry, n), str_of(r->table), str_of(r->key)}, 3);
	if (r->table)
		cli_say(MSG_CLI_DIGESTS, (struct str[]){buf_str(&live), buf_str(&again)}, 2);
}

static void remove_file(const char *folder, const char *name)
{
	char path[FILE_PATH_MAX + 64];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	unlink(path); /* most of them are not there */
}

static int rebuild(const struct journal_call *call)
{
	static const char *const names[] = {"second.db",       "second.db-journal", "copy.db",
					    "copy.db-journal", "copy.db-wal",       "copy.db-shm"};
	char folder[FILE_PATH_MAX], second[FILE_PATH_MAX + 16], copy[FILE_PATH_MAX + 16];
	struct rebuild_options o = {.live = call->settings.journal,
				    .second = second,
				    .copy = copy,
				    .kinds = service_kinds,
				    .progress = cli_progress};
	const char *scratch = call->scratch ? call->scratch : call->settings.dir;
	struct str arg = str_of(scratch);
	struct rebuild_result r;
	struct problem p = {0};
	enum err e;

	if (snprintf(folder, sizeof folder, "%s/rebuild-XXXXXX", scratch) >= (int)sizeof folder ||
	    !mkdtemp(folder))
		return cli_fail(
		    problem_set(&p, ERR_FORBIDDEN, STR(""), MSG_FOLDER_UNUSABLE, &arg, 1), &p);
	snprintf(second, sizeof second, "%s/second.db", folder);
	snprintf(copy, sizeof copy, "%s/copy.db", folder);
	e = journal_rebuild(&o, &r);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		remove_file(folder, names[i]);
	rmdir(folder);
	if (e != ERR_OK)
		return cli_fail(e, NULL);
	say_rebuilt(&r);
	return r.finding == REBUILD_EQUAL ? CLI_DONE : CLI_NO;
}

/* ---- prove ---- */

struct proving {
	char entry[ENTRY_BYTES_MAX], vkey[NOTE_NAME_MAX + 128], text[RECEIPT_BYTES_MAX];
	struct proof proof;
	struct receipt receipt;
};

static enum err make_receipt(struct reader *reader, uint64_t n, struct proving *v, struct buf *out)
{
	struct buf key = buf_over(v->vkey, sizeof v->vkey);
	struct receipt *r = &v->receipt;
	struct entry_view entry;

	TRY(community_get(reader->db, &reader->community));
	TRY(reader_proof(reader, n, &v->proof));
	TRY(journal_entry(reader->db, n, v->entry, &entry));
	note_vkey_put(&reader->community.verifier, &key);
	r->key = buf_str(&key);
	r->n = n;
	r->entry = entry.body;
	memcpy(r->salt, entry.salt, SALT_BYTES);
	if (v->proof.path_n > RECEIPT_PATH_MAX)
		return ERR_CORRUPT;
	r->path_n = v->proof.path_n;
	memcpy(r->path, v->proof.path, r->path_n * sizeof r->path[0]);
	r->checkpoint = (struct str){v->proof.checkpoint.note, v->proof.checkpoint.note_n};
	return receipt_put(r, out);
}

static int prove(const struct journal_call *call)
{
	struct store_paths paths = settings_paths(&call->settings);
	struct proving *v = calloc(1, sizeof *v);
	char n[CLI_U64_BYTES];
	struct str arg = cli_u64(call->n, n);
	struct reader *reader = NULL;
	struct problem p = {0};
	struct buf out = {0};
	enum err e = v ? reader_open(&paths, NULL, &reader) : ERR_NO_MEMORY;

	if (e == ERR_OK)
		e = db_begin_read(reader->db); /* proof, checkpoint and key of one moment */
	if (e == ERR_OK) {
		out = buf_over(v->text, sizeof v->text);
		e = make_receipt(reader, call->n, v, &out);
		db_rollback(reader->db);
	}
	if (e == ERR_NOT_FOUND)
		e = problem_set(&p, e, STR(""), MSG_CLI_NO_ENTRY, &arg, 1);
	if (e == ERR_OK)
		fwrite(out.p, 1, out.n, stdout);
	reader_close(reader);
	free(v);
	return e == ERR_OK ? CLI_DONE : cli_fail(e, &p);
}

/* ---- the call ---- */

static int run(const char *verb, const struct journal_call *call)
{
	if (strcmp(verb, "verify") == 0)
		return verify(call);
	if (strcmp(verb, "rebuild") == 0)
		return rebuild(call);
	if (strcmp(verb, "prove") == 0)
		return prove(call);
	return show_entries(&call->settings, call->n, call->to ? call->to : call->n, call->json);
}

static bool words_fit(int argc, char **argv, struct journal_call *call)
{
	bool numbered;

	if (argc < 1)
		return false;
	numbered = strcmp(argv[0], "prove") == 0 || strcmp(argv[0], "show") == 0;
	if (!numbered)
		return argc == 1 &&
		       (strcmp(argv[0], "verify") == 0 || strcmp(argv[0], "rebuild") == 0);
	return argc == 2 && cli_number(argv[1], INT64_MAX, &call->n) && call->n > 0;
}

int cli_journal(int argc, char **argv)
{
	static const struct option options[] = {CLI_STORE_OPTIONS,
						{"key", required_argument, NULL, 'k'},
						{"scratch", required_argument, NULL, 's'},
						{"to", required_argument, NULL, 't'},
						{"json", no_argument, NULL, 'j'},
						{0}};
	struct settings_overrides o = {0};
	struct journal_call call = {0};
	int c, code;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (cli_store_option(c, optarg, &o))
			continue;
		if (c == CLI_HELP) {
			fputs(usage, stdout);
			return CLI_DONE;
		}
		if (c == 't' && cli_number(optarg, INT64_MAX, &call.to))
			continue;
		if (c == 'k')
			call.key = optarg;
		else if (c == 's')
			call.scratch = optarg;
		else if (c == 'j')
			call.json = true;
		else
			return cli_usage(usage);
	}
	if (!words_fit(argc - optind, argv + optind, &call))
		return cli_usage(usage);
	code = cli_store(&o, &call.settings);
	if (code == CLI_DONE)
		code = cli_permit_mending(&call.settings, POLICY_SEE_RECORD);
	return code == CLI_DONE ? run(argv[optind], &call) : code;
}
