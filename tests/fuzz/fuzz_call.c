/* Whole calls through the api's own entry, against an office with people and cases: path, query,
 * fields, cookie and body are anything. Each is answered as api/openapi.yaml says, or by a problem
 * of the table of errors that is nobody's failure but the client's; one that was refused, or only
 * read, leaves the store byte for byte as it was and no file behind; one that was taken is answered
 * again from its entry, and the rows are those that the entries come to; and what is personal is
 * told to nobody who did not say who they are. */
#include "call/wire.h"

#include "call_operations.h"
#include "fuzz.h"

#include <jansson.h>

#define CALLS_MAX 6u

static const struct call_operation *operation_of(const char *name)
{
	for (size_t i = 0; i < CALL_OPERATIONS_N; i++)
		if (strcmp(call_operations[i].operation, name) == 0)
			return &call_operations[i];
	return NULL;
}

static bool is_error(const char *name, int status)
{
	static const struct {
		const char *name;
		int status;
	} errors[] = {
#define ERR(symbol, number, http, retry, name, zh, en) {name, http},
#include "base/err_table.h"
#undef ERR
	};

	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
		if (strcmp(name, errors[i].name) == 0)
			return errors[i].status == status;
	return false;
}

/* A problem of the client's, of the table of errors. */
static void check_problem(const struct wire_answer *a)
{
	static const char before[] = "/problems/";
	json_t *json = json_loadb(a->body, a->n, JSON_REJECT_DUPLICATES, NULL);
	const char *type = json_string_value(json_object_get(json, "type"));

	PROPERTY(a->status >= 400 && a->status < 500);
	PROPERTY(strcmp(a->media, "application/problem+json") == 0);
	PROPERTY(type && strncmp(type, before, sizeof before - 1) == 0);
	PROPERTY(json_integer_value(json_object_get(json, "status")) == a->status);
	PROPERTY(is_error(type + sizeof before - 1, a->status));
	json_decref(json);
}

static void check_answer(const struct wire_answer *a)
{
	const struct call_operation *o = operation_of(a->operation);

	if (a->status >= 400) {
		check_problem(a);
		return;
	}
	PROPERTY(o);
	if (a->status == 304) {
		PROPERTY(a->method == API_GET && a->n == 0);
		return;
	}
	PROPERTY(a->status == o->status);
	PROPERTY(strcmp(o->media, "*/*") == 0 ||
		 (strncmp(a->media, o->media, strlen(o->media)) == 0 &&
		  strchr(";", a->media[strlen(o->media)])));
	if (strcmp(a->media, "application/json") == 0) {
		json_t *json = json_loadb(a->body, a->n, JSON_REJECT_DUPLICATES, NULL);
		PROPERTY(json);
		json_decref(json);
	}
}

/* Personal texts come out where somebody asks for them by name, and says who they are. */
static void check_privacy(const struct wire_answer *a)
{
	bool opens = strcmp(a->operation, "openTexts") == 0 ||
		     strcmp(a->operation, "openAttachment") == 0;

	if (strcmp(a->operation, "openLine") == 0 || (opens && !a->anyone))
		return;
	PROPERTY(!memmem(a->body, a->n, WORLD_MARK, sizeof WORLD_MARK - 1));
}

/* Sent again, with its request id. Codes are told once; a file may come sealed anew. */
static void check_again(struct world *w, struct str text, const struct wire_answer *first)
{
	uint64_t entries = w->t.w->journal.n;
	unsigned blobs = world_blobs(w);
	struct wire_answer again;
	json_t *was = json_loadb(first->body, first->n, 0, NULL), *is;

	PROPERTY(wire_call(w, text, &again));
	is = json_loadb(again.body, again.n, 0, NULL);
	PROPERTY(again.status == first->status);
	PROPERTY(w->t.w->journal.n == entries && world_blobs(w) == blobs);
	if (strcmp(first->operation, "makeAccount") == 0) {
		json_object_del(was, "sheet");
		json_object_del(was, "codes");
	}
	PROPERTY(json_equal(was, is) || (!was && !is));
	json_decref(was);
	json_decref(is);
	wire_answer_fini(&again);
}

static bool one_call(struct world *w, struct str text)
{
	uint64_t entries = w->t.w->journal.n;
	int64_t commits = world_commits(w);
	unsigned blobs = world_blobs(w);
	uint8_t before[32], after[32];
	struct wire_answer a;
	bool taken, fresh = !w->changed;

	if (!fresh)
		world_digest(w, before);
	else
		memcpy(before, w->digest, sizeof before);
	if (!wire_call(w, text, &a))
		return false;
	check_answer(&a);
	check_privacy(&a);
	taken = a.status < 300 && a.method != API_GET;
	if (!taken) {
		PROPERTY(w->t.w->journal.n == entries);
		PROPERTY(a.commands > 0 || world_commits(w) == commits);
		if (world_commits(w) != commits) {
			world_digest(w, after);
			PROPERTY(memcmp(before, after, sizeof before) == 0);
		}
		PROPERTY(world_blobs(w) == blobs);
	}
	if (world_commits(w) != commits)
		w->changed = true;
	if (taken && a.has_key)
		check_again(w, text, &a);
	taken = taken && w->t.w->journal.n != entries;
	wire_answer_fini(&a);
	return taken;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char demo[] = "demo\n";
	static unsigned taken_n;
	struct str left = {(const char *)data, n}, text;
	bool is_demo = str_starts(left, str_of(demo)), taken = false;
	struct world *w = world_get(is_demo);

	if (is_demo)
		left = (struct str){left.p + 5, left.n - 5};
	world_renew(w);
	for (unsigned i = 0; i < CALLS_MAX && wire_next(&left, &text); i++)
		taken |= one_call(w, text);
	if (taken && taken_n++ % 16 == 0)
		cases_must_rebuild(&w->t);
	return 0;
}
