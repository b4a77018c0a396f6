/* See world.h. */
#include "world.h"

#include "app/case_upload.h"
#include "front.h"
#include "fuzz.h"
#include "wire.h"

#include <jansson.h>

#define REPORTER_TEXT "墙那边每晚有人吵闹 " WORLD_MARK
#define PASSWORD "a password of the world"

/* ---- what the api asks for, here and now ---- */

static enum err submit(void *ctx, struct command *c)
{
	struct world *w = ctx;

	w->desk.touches++;
	writer_group(w->t.w, &c, 1, w->t.store.now);
	c->done(c);
	return ERR_OK;
}

static enum err healthy(void *ctx)
{
	(void)ctx;
	return ERR_OK;
}

static enum err authenticate(void *ctx, struct api_call *call)
{
	struct world *w = ctx;

	return front_authenticate(w->desk.accounts, w->t.store.now, call);
}

static const struct cases_shelf *hold_shelf(void *ctx, void **ret_hold)
{
	struct world *w = ctx;

	*ret_hold = NULL;
	return w->t.w->shelf;
}

static void release_shelf(void *hold)
{
	(void)hold;
}

static int64_t utc_now(void *ctx)
{
	return ((struct world *)ctx)->t.store.now.utc_us;
}

static struct clock_reading clock_now(void *ctx)
{
	return ((struct world *)ctx)->t.store.now;
}

static enum err viewer_of(void *ctx, struct api *api, struct api_call *call, struct api_stream *ret)
{
	(void)ctx;
	ret->account = call->actor.account;
	return api_viewer(api, call, &ret->viewer);
}

/* Cheap ones: what is made for the world has such a hash, and nothing fits any other. */
static enum err hash(void *ctx, struct hash_job *job)
{
	struct world *w = ctx;

	if (job->act == HASH_CHECK && job->hash.mem_kib <= 8) {
		hash_job_run(job, &w->t.store.entropy);
	} else {
		if (job->act == HASH_MAKE)
			job->hash = (struct password_hash){.ops = 1, .mem_kib = 8};
		job->err = ERR_OK;
		job->holds = false;
		seal_wipe(job->password, sizeof job->password);
	}
	w->changed = true; /* failures are counted in memory */
	job->done(job);
	return ERR_OK;
}

static enum err upload(void *ctx, struct api_upload *u)
{
	struct world *w = ctx;
	struct case_uploaded *taken = calloc(1, sizeof *taken);
	const struct case_upload what = {.content = u->content,
					 .field = u->field,
					 .groups = MEDIA_ANY,
					 .options = {.evidence = u->is_evidence}};

	u->problem = (struct problem){0};
	u->err = case_upload_take(&w->t.blobs, &what, taken, &u->problem);
	if (u->err == ERR_OK) {
		u->given = taken->given;
		u->is_as_it_came = taken->is_as_it_came;
		u->inner = taken;
	} else {
		free(taken);
	}
	u->done(u);
	return ERR_OK;
}

static void upload_end(void *ctx, struct api_upload *u, bool named)
{
	struct world *w = ctx;
	struct case_uploaded *taken = u->inner;

	if (taken && named)
		case_upload_done(taken);
	else if (taken)
		PROPERTY(case_upload_drop(&w->t.blobs, taken) == ERR_OK);
	free(taken);
	u->inner = NULL;
}

/* ---- files ---- */

static unsigned blobs_seen;
static char blob_seen[200]; /* the last one */
static const char *blob_kept;

static int see_blob(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)at;
	if (type != FTW_F)
		return 0;
	blobs_seen++;
	snprintf(blob_seen, sizeof blob_seen, "%s", path);
	return 0;
}

unsigned world_blobs(struct world *w)
{
	blobs_seen = 0;
	assert_int_equal(nftw(w->t.files, see_blob, 8, FTW_PHYS), 0);
	return blobs_seen;
}

static int drop_blob(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)at;
	return type == FTW_F && strcmp(path, blob_kept) != 0 ? unlink(path) : 0;
}

/* No file of the world is ever removed by a call. */
static void put_back_blobs(struct world *w)
{
	blob_kept = w->kept_blob;
	assert_int_equal(nftw(w->t.files, drop_blob, 8, FTW_PHYS), 0);
}

/* ---- open, close ---- */

static void open_front(struct world *w)
{
	desk_open(&w->desk, &w->t);
	assert_ok(queue_open(w->desk.reader->db, &w->queue));
	w->watch = cases_look(&w->t);
	w->t.w->mails = true;
	w->api = (struct api){.reader = w->desk.reader,
			      .submit = submit,
			      .health = healthy,
			      .viewer = viewer_of,
			      .ctx = w,
			      .entropy = &w->t.store.entropy,
			      .version = "test",
			      .authenticate = authenticate,
			      .queue = w->queue,
			      .accounts = w->desk.accounts,
			      .hold_shelf = hold_shelf,
			      .release_shelf = release_shelf,
			      .now = utc_now,
			      .clock = clock_now,
			      .hash = hash,
			      .upload = upload,
			      .upload_end = upload_end,
			      .blobs = &w->t.blobs};
}

static void close_all(struct world *w)
{
	api_fini(&w->api);
	w->queue = queue_close(w->queue);
	desk_close(&w->desk);
	sqlite3_close(w->watch);
	w->t.w = writer_close(w->t.w);
}

static const char *file_of(const struct world *w, unsigned i)
{
	const char *const files[] = {w->t.store.journal, w->t.store.keys, w->t.store.copy};

	return files[i];
}

static void keep_file(const char *path, struct world_file *ret)
{
	FILE *f = fopen(path, "rb");

	PROPERTY(f && fseek(f, 0, SEEK_END) == 0);
	ret->n = (size_t)ftell(f);
	ret->bytes = fuzz_alloc(ret->n);
	rewind(f);
	PROPERTY(fread(ret->bytes, 1, ret->n, f) == ret->n);
	fclose(f);
}

static void put_back(const char *path, const struct world_file *kept)
{
	static const char *const tails[] = {"-wal", "-shm", "-journal"};
	char beside[200];
	FILE *f = fopen(path, "wb");

	PROPERTY(f && fwrite(kept->bytes, 1, kept->n, f) == kept->n && fclose(f) == 0);
	for (size_t i = 0; i < 3; i++) {
		snprintf(beside, sizeof beside, "%s%s", path, tails[i]);
		unlink(beside);
	}
}

static void reopen(struct world *w)
{
	w->t.w = test_store_open(&w->t.store);
	w->t.w->shelf = &w->t.shelf->shelf;
	open_front(w);
}

void world_renew(struct world *w)
{
	if (!w->changed)
		return;
	close_all(w);
	for (unsigned i = 0; i < 3; i++)
		put_back(file_of(w, i), &w->kept[i]);
	w->t.store.seed = w->kept_seed;
	w->t.store.now = w->kept_now;
	reopen(w);
	put_back_blobs(w);
	w->changed = false;
}

/* ---- what may be looked at ---- */

int64_t world_commits(struct world *w)
{
	sqlite3_stmt *s = NULL;
	int64_t v;

	assert_int_equal(sqlite3_prepare_v2(w->watch, "PRAGMA data_version", -1, &s, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	v = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return v;
}

void world_digest(struct world *w, uint8_t ret[32])
{
	cases_digest(&w->t, ret);
}

const char *world_word(const struct world *w, struct str name)
{
	for (unsigned i = 0; i < w->words_n; i++)
		if (str_eq(name, str_of(w->words[i].name)))
			return w->words[i].value;
	return NULL;
}

static void add_word(struct world *w, const char *name, const char *tail, const char *value)
{
	struct world_word *to = &w->words[w->words_n++];

	PROPERTY(w->words_n < WORLD_WORDS_MAX && strlen(value) < sizeof to->value);
	snprintf(to->name, sizeof to->name, "%s%s", name, tail);
	snprintf(to->value, sizeof to->value, "%s", value);
}

/* ---- people ---- */

static const struct {
	const char *name, *role, *unit; /* role NULL: a resident */
} people[] = {
    {"intake", "intake", "DESK"},      {"disp", "dispatcher", "DESK"},
    {"duty", "duty_officer", "DESK"},  {"lead", "desk_lead", "DESK"},
    {"grid", "grid_worker", "GRD"},    {"urb", "unit_handler", "URB"},
    {"jus", "unit_handler", "JUS"},    {"med", "mediator", "JUS"},
    {"over", "overseer", "OVR"},       {"res", NULL, NULL},
    {"other", NULL, NULL},
};

static uint64_t make_person(struct world *w, unsigned i)
{
	struct account_order o = {.act = ACCOUNT_MAKE,
				  .kind = people[i].role ? ACCOUNT_STAFF : ACCOUNT_RESIDENT,
				  .name = str_of(people[i].name),
				  .contact = people[i].role ? STR("") : STR("a@example.org"),
				  .lang = LANG_ZH};
	uint64_t id = 0;

	if (people[i].role)
		o.posts.v[o.posts.n++] = post_of(people[i].role, people[i].unit, "G01");
	if (strcmp(people[i].name, "duty") == 0)
		o.posts.v[o.posts.n++] = post_of("intake", "DESK", NULL);
	assert_ok(account_call(&w->t, &o, &id));
	set_password(&w->t, id, PASSWORD);
	return id;
}

static void make_people(struct world *w)
{
	char text[64];
	struct buf b;

	for (unsigned i = 0; i < sizeof people / sizeof people[0]; i++) {
		struct sign_in *s = calloc(1, sizeof *s);
		const struct account_session *session = NULL;
		uint64_t id = make_person(w, i);

		assert_non_null(s);
		snprintf(text, sizeof text, "%llu", (unsigned long long)id);
		add_word(w, people[i].name, ".account", text);
		assert_ok(sign_in(&w->desk, people[i].name, PASSWORD, s));
		add_word(w, people[i].name, "", s->token_text);
		assert_ok(session_of(&w->desk, s, &session));
		b = buf_over(text, sizeof text);
		buf_put_b64(&b, session->csrf, sizeof session->csrf);
		add_word(w, people[i].name, ".csrf", buf_z(&b));
		free(s);
	}
	add_word(w, "password", "", PASSWORD);
}

static void make_sheet(struct world *w)
{
	struct account_order *o = calloc(1, sizeof *o);
	const char *account = world_word(w, STR("res.account"));
	char sheet[24];
	uint64_t id = 0, n;

	assert_true(o && str_to_u64(str_of(account), &id));
	n = set_sheet(&w->t, id, o);
	snprintf(sheet, sizeof sheet, "%llu", (unsigned long long)n);
	add_word(w, "sheet", "", sheet);
	add_word(w, "code", "", o->codes[0]);
	free(o);
}

/* ---- the day before ---- */

/* A call that must be taken; of its answer these members become words: "member word …". */
static void must(struct world *w, const char *members, const char *text)
{
	struct wire_answer a;
	json_t *json;
	char member[24], word[24], value[128];
	int used = 0;

	PROPERTY(wire_call(w, str_of(text), &a));
	if (a.status >= 300)
		fail_msg("%s\n%d %s", text, a.status, a.body);
	json = json_loads(a.body, 0, NULL);
	for (; sscanf(members, "%23s %23s%n", member, word, &used) == 2; members += used) {
		json_t *one = json_object_get(json, member);
		snprintf(value, sizeof value, "%s", json_string_value(one) ?: "");
		if (json_is_integer(one))
			snprintf(value, sizeof value, "%lld", (long long)json_integer_value(one));
		add_word(w, word, "", value);
	}
	json_decref(json);
	wire_answer_fini(&a);
}

#define BY(who) "Cookie: liren_session={" who "}\nX-CSRF-Token: {" who ".csrf}\n"
#define SENT(key) "Content-Type: application/json\nIdempotency-Key: " key "\n\n"
#define FIELD(name, value) "{\"field\":\"" name "\",\"value\":\"" value "\"}"
#define REPORT(more)                                                                               \
	"{\"type\":\"resident-request\",\"at\":{\"lat\":225010000,\"lon\":1139010000},\"fields\":" \
	"[" FIELD("place", "0") "," FIELD("text", REPORTER_TEXT) "," FIELD("has_reporter", "yes")  \
	"," FIELD("drill", "no") "," more "]"
#define AT(name) "POST /api/v1/cases/{" name "}"

static void yesterday(struct world *w)
{
	must(w, "id c1 secret s1 number number",
	     "POST /api/v1/cases\n" SENT("world-call-0000001") REPORT(
		 FIELD("channel", "portal")) "}");
	must(w, "n e1", AT("c1") "/commands\n" BY("intake") SENT("world-call-0000002")
	     "{\"command\":\"open\",\"fields\":[" FIELD("category", "0102") "]}");
	must(w, "", AT("c1") "/commands\n" BY("disp") SENT("world-call-0000003")
	     "{\"command\":\"dispatch\",\"fields\":[" FIELD("lead_unit", "URB") "]}");
	must(w, "id c2", "POST /api/v1/cases\n" BY("res") SENT("world-call-0000004") REPORT(
		 FIELD("channel", "portal")) "}");
	must(w, "id c3 secret s3", "POST /api/v1/cases\n" BY("intake") SENT("world-call-0000005")
	     REPORT(FIELD("channel", "phone") "," FIELD("contact", WORLD_MARK "@example.org"))
	     ",\"for_someone\":true}");
	must(w, "secret f1 n f1n", AT("c1") "/commands\n" SENT("world-call-0000006")
	     "{\"command\":\"follow\",\"channel\":\"portal\"}");
	must(w, "n file", AT("c2") "/attachments?field=photos\n" BY("res")
	     "Content-Type: application/octet-stream\nIdempotency-Key: world-call-0000007\n\n"
	     "%PDF-1.4\n" WORLD_MARK "\n%%EOF\n");
	must(w, "n line secret line.secret", "POST /api/v1/lines\n" SENT("world-call-0000008")
	     "{\"text\":\"" WORLD_MARK "\"}");
}

/* The clocks stand from here on; nothing is due, and what was done is signed. */
static void settle(struct world *w)
{
	test_store_pass(&w->t.store, 2000000);
	cases_tick(&w->t);
	cases_idle(&w->t);
	assert_ok(writer_sign(w->t.w, w->t.store.now));
}

static struct world *worlds[2];

static void remove_worlds(void)
{
	for (unsigned i = 0; i < 2; i++) {
		if (!worlds[i])
			continue;
		close_all(worlds[i]);
		for (unsigned k = 0; k < 3; k++)
			free(worlds[i]->kept[k].bytes);
		cases_close(&worlds[i]->t);
		free(worlds[i]);
		worlds[i] = NULL;
	}
	case_upload_stop();
}

static struct world *make(bool demo)
{
	struct world *w = calloc(1, sizeof *w);

	PROPERTY(w && sodium_init() >= 0);
	if (!getenv("TMPDIR") && access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 1);
	cases_open_as(&w->t, NULL, demo, NULL, NULL, NULL);
	cases_two_grids(&w->t);
	open_front(w);
	make_people(w);
	make_sheet(w);
	yesterday(w);
	settle(w);
	close_all(w);
	for (unsigned i = 0; i < 3; i++)
		keep_file(file_of(w, i), &w->kept[i]);
	w->kept_seed = w->t.store.seed;
	w->kept_now = w->t.store.now;
	reopen(w);
	PROPERTY(world_blobs(w) == 1);
	snprintf(w->kept_blob, sizeof w->kept_blob, "%s", blob_seen);
	world_digest(w, w->digest);
	return w;
}

struct world *world_get(bool demo)
{
	if (!worlds[0] && !worlds[1])
		PROPERTY(atexit(remove_worlds) == 0);
	if (!worlds[demo])
		worlds[demo] = make(demo);
	return worlds[demo];
}
