/* Personal texts and attachments opened: a look goes to the writer first, and only when it is
 * durable are they read; whoever reads their own writes none. Who looked. */
#include "case_rows.h"

#include "access.h"
#include "service/attachments.h"
#include "service/look_order.h"
#include "service/looks.h"

#include <stdlib.h>

struct look_call {
	struct look_order order;
	struct look_field fields[LOOK_FIELDS_MAX];
	char account[ACCOUNT_TEXT_BYTES];
	char entry[ANSWER_ENTRY_OVERHEAD + LOOK_FIELDS_MAX * 80u];
	uint64_t attachment; /* 0: texts are opened */
	char field[CASES_NAME_BYTES_MAX]; /* of the attachment */
};

static void look_call_free(void *p)
{
	free(p);
}

static struct look_call *look_call_new(struct api *api, struct api_call *call)
{
	struct look_call *x = calloc(1, sizeof *x);

	if (!x) {
		api_problem(api, call, ERR_NO_MEMORY, NULL, MSG_COUNT);
		return NULL;
	}
	call->state = x;
	call->state_free = look_call_free;
	x->order.id = call_u64(call, "id");
	x->order.purpose = json_str(call->json, "purpose");
	x->order.fields = x->fields;
	return x;
}

/* ---- the texts ---- */

static json_t *text_json(const struct look_text *t)
{
	json_t *json = json_object();

	put_str(&json, "field", t->field);
	put_u64(&json, "n", t->n);
	put_str(&json, "text", t->err == ERR_OK && !t->is_file ? t->text : STR(""));
	if (t->err == ERR_GONE)
		put_bool(&json, "erased", true);
	if (t->is_file)
		put_bool(&json, "file", true);
	return json;
}

static void respond_texts(struct api *api, struct api_call *call, const struct look_text *texts,
			  unsigned n, uint64_t look)
{
	json_t *json = json_object(), *list = json_array();

	for (unsigned i = 0; i < n; i++)
		if (texts[i].err == ERR_OK || texts[i].err == ERR_GONE)
			json_push(&list, text_json(&texts[i]));
	if (look != 0)
		put_u64(&json, "look", look);
	json_put(&json, "texts", list);
	respond_json(api, call, 200, json);
}

/* ---- the attachment ---- */

static enum api_next respond_attachment(struct api *api, struct api_call *call, uint64_t n)
{
	static const char *const shown[] = {"image/jpeg", "image/png", "image/webp"};
	struct blob_content content = {0};
	char media[ATTACHED_MEDIA_MAX + 1];
	enum err e = attachment_open(api->reader, api->blobs, n, &content, media);

	if (e != ERR_OK)
		return refuse(api, call, e, "n", MSG_COUNT);
	/* a browser shows pictures that were made anew here; everything else it only saves */
	respond_bytes(api, call, "application/octet-stream", content.p, content.n);
	for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
		if (strcmp(media, shown[i]) == 0 && call->status == 200)
			call->content_type_out = shown[i];
	blob_content_fini(&content);
	return API_ANSWERED;
}

/* The field that entry n attached a file to; false, and a refusal, where it did not. */
static bool take_attachment(struct api *api, struct api_call *call, struct look_call *x)
{
	struct case_attachment_row *rows = calloc(CASE_ATTACHMENTS_MAX, sizeof *rows);
	char *memory = malloc(CASE_ATTACHMENTS_MAX * 192u);
	unsigned n = 0;
	struct arena a;
	enum err e = rows && memory ? ERR_OK : ERR_NO_MEMORY;

	x->attachment = call_u64(call, "n");
	if (e == ERR_OK) {
		arena_init(&a, memory, CASE_ATTACHMENTS_MAX * 192u);
		e = cases_attachments(api->reader->db, x->order.id, &a, rows, &n);
	}
	for (unsigned i = 0; e == ERR_OK && i < n; i++)
		if (rows[i].n == x->attachment && rows[i].field.n < sizeof x->field) {
			memcpy(x->field, rows[i].field.p, rows[i].field.n);
			x->fields[0].field = (struct str){x->field, rows[i].field.n};
			x->fields[0].n = x->attachment;
			x->order.fields_n = 1;
		}
	free(memory);
	free(rows);
	if (e == ERR_OK && x->order.fields_n == 0)
		e = ERR_NOT_FOUND;
	if (e != ERR_OK)
		api_problem(api, call, e, e == ERR_NOT_FOUND ? "n" : NULL, MSG_COUNT);
	return e == ERR_OK;
}

/* ---- one's own ---- */

static enum api_next open_own(struct api *api, struct api_call *call, struct look_call *x)
{
	const struct api_actor *a = &call->actor;
	struct buf account = buf_over(x->account, sizeof x->account);
	struct access_person who = {.secret = a->has_secret ? a->secret : NULL,
				    .follower = a->follower};
	struct look_text texts[LOOK_FIELDS_MAX];
	struct problem problem = {0};
	char *memory = malloc(LOOKS_ARENA_BYTES);
	struct arena arena;
	unsigned n = 0;
	enum err e = memory ? ERR_OK : ERR_NO_MEMORY;

	if (!a->has_secret) {
		account_put_text(a->account, &account);
		who.account = buf_str(&account);
	}
	if (e == ERR_OK) {
		arena_init(&arena, memory, LOOKS_ARENA_BYTES);
		e = looks_open_own(api->reader, api_shelf(api, call), x->order.id, &who, x->fields,
				   x->order.fields_n, api_now(api), &arena, texts, &n, &problem);
	}
	if (e != ERR_OK)
		api_problem_of(api, call, e, &problem, NULL);
	else if (x->attachment != 0)
		(void)respond_attachment(api, call, x->attachment);
	else
		respond_texts(api, call, texts, n, 0);
	if (memory)
		seal_wipe(memory, LOOKS_ARENA_BYTES);
	free(memory);
	return API_ANSWERED;
}

/* ---- a look ---- */

static enum api_next looked(struct api *api, struct api_call *call)
{
	const struct look_call *x = call->state;
	const struct answer *a = &call->command.answer;
	struct look_text texts[LOOK_FIELDS_MAX];
	_Alignas(16) char memory[LOOKS_ARENA_BYTES]; /* to have it from the heap costs more */
	struct arena arena;
	unsigned n = 0;
	enum err e;

	if (a->err != ERR_OK) {
		api_problem_of(api, call, a->err, &x->order.problem, a->field);
		return API_ANSWERED;
	}
	if (x->attachment != 0)
		return respond_attachment(api, call, x->attachment);
	arena_init(&arena, memory, sizeof memory);
	e = looks_open(api->reader, a->n, &arena, texts, &n);
	if (e != ERR_OK)
		api_problem(api, call, e, NULL, MSG_COUNT);
	else
		respond_texts(api, call, texts, n, a->n);
	seal_wipe(memory, arena.n);
	return API_ANSWERED;
}

/* Where no purpose is stated it is that of the case's type: what its work is for. */
static void take_purpose(struct api *api, struct api_call *call, struct look_call *x)
{
	const struct cases_shelf *shelf = api_shelf(api, call);
	_Alignas(16) char memory[CASE_LINE_ARENA_BYTES];
	struct case_line line;
	const struct cases_type *type;
	struct arena arena;

	arena_init(&arena, memory, sizeof memory);
	if (x->order.purpose.n > 0 || !shelf ||
	    case_line(api->reader->db, x->order.id, 0, &arena, &line) != ERR_OK)
		return;
	type = shelf_type(shelf, line.type_n);
	if (type)
		x->order.purpose = type->purpose.text;
}

/* Somebody asks; nobody is not told what is there. */
static bool is_somebody(struct api *api, struct api_call *call)
{
	if (call->actor.kind != API_ANYONE || call->actor.has_secret)
		return true;
	api_problem(api, call, ERR_NOT_SIGNED_IN, NULL, MSG_SIGN_IN_REMEDY);
	return false;
}

static enum api_next look(struct api *api, struct api_call *call, struct look_call *x)
{
	const struct api_actor *a = &call->actor;
	struct buf account = buf_over(x->account, sizeof x->account);

	if (a->kind != API_STAFF || a->has_secret)
		return open_own(api, call, x);
	if (!access_at_desk(api, call))
		return API_ANSWERED;
	take_purpose(api, call, x);
	account_put_text(a->account, &account);
	x->order.account = buf_str(&account);
	x->order.role = a->role;
	x->order.unit = a->unit;
	x->order.areas = a->areas;
	x->order.areas_n = a->areas_n;
	call->command.kind = COMMAND_LOOK;
	call->command.look.order = &x->order;
	call->command.answer.entry = buf_over(x->entry, sizeof x->entry);
	take_request(call, COMMAND_LOOK, x->attachment != 0 ? x->attachment : x->order.id);
	return always_then(call, looked);
}

enum api_next route_openTexts(struct api *api, struct api_call *call)
{
	struct look_call *x = look_call_new(api, call);
	const json_t *list = json_object_get(call->json, "texts");

	if (!x || !is_somebody(api, call))
		return API_ANSWERED;
	for (size_t i = 0; i < json_array_size(list) && i < LOOK_FIELDS_MAX; i++) {
		const json_t *one = json_array_get(list, i);
		x->fields[i].field = json_str(one, "field");
		x->fields[i].n = (uint64_t)json_i64(one, "n", 0);
		x->order.fields_n++;
	}
	return look(api, call, x);
}

enum api_next route_openAttachment(struct api *api, struct api_call *call)
{
	struct look_call *x = look_call_new(api, call);

	if (!x || !is_somebody(api, call) || !take_attachment(api, call, x))
		return API_ANSWERED;
	return look(api, call, x);
}

/* ---- who looked ---- */

static enum err add_look(void *ctx, const struct look_row *row)
{
	json_t **list = ctx, *json = json_object(), *fields = json_array();

	put_u64(&json, "n", row->n);
	put_i64(&json, "at", row->at_us);
	put_str(&json, "role", row->role);
	put_given(&json, "unit", row->unit);
	put_str(&json, "purpose", row->look->purpose);
	if (row->look->is_exceptional)
		put_bool(&json, "exceptional", true);
	for (unsigned i = 0; i < row->look->at_n; i++)
		json_push(&fields,
			  json_stringn(row->look->at[i].field.p, row->look->at[i].field.n));
	json_put(&json, "fields", fields);
	json_push(list, json);
	return *list ? ERR_OK : ERR_NO_MEMORY;
}

enum api_next route_caseLooks(struct api *api, struct api_call *call)
{
	int64_t none = 0, before = 0;
	uint64_t limit = call_u64(call, "limit"), next = 0;
	json_t *json, *list = json_array();
	struct case_seen *c = NULL;
	char cursor[API_CURSOR_BYTES_MAX];
	bool ok = true;
	enum err e;

	(void)take_cursor(api, call, &none, &before, &ok);
	if (!ok || !case_seen(api, call, POLICY_SEE_LOOKS, &c)) {
		json_decref(list);
		return API_ANSWERED;
	}
	e = looks_of_case(api->reader, c->view.id, c->standing.follower, (uint64_t)before,
			  (unsigned)(limit < LOOKS_PAGE_MAX ? limit : LOOKS_PAGE_MAX), add_look,
			  &list, &next);
	case_seen_free(c);
	if (e != ERR_OK) {
		json_decref(list);
		return refuse(api, call, e, NULL, MSG_COUNT);
	}
	json = json_object();
	json_put(&json, "looks", list);
	if (next != 0)
		put_z(&json, "next", cursor_put(call, 0, (int64_t)next, cursor));
	respond_json(api, call, 200, json);
	return API_ANSWERED;
}
