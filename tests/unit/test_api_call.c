/* The way of a call through routes of the test's own: parameters, who asks, steps, answers. */
#include "test.h"

#include "api/contract.h"
#include "api/routes.h"

static unsigned begun, resumed_n, freed_n;

/* ---- a route ---- */

static const struct schema id_schema = {
    .type = SCHEMA_INTEGER, .minimum = 1, .maximum = INT64_MAX};
static const struct schema lat_schema = {.type = SCHEMA_INTEGER, .minimum = -90, .maximum = 90};
static const struct schema word_schema = {
    .type = SCHEMA_STRING, .length_min = 1, .length_max = 8, .bytes_max = 32};
static const struct schema cursor_schema = {
    .type = SCHEMA_STRING, .length_max = 64, .bytes_max = 256};
static const struct api_param params[] = {
    {.name = "id", .schema = &id_schema, .in_path = true, .required = true},
    {.name = "lat", .schema = &lat_schema, .required = true},
    {.name = "word", .schema = &word_schema, .has_default = true, .default_text = "all"},
    {.name = "limit", .schema = &id_schema, .has_default = true, .default_number = 50},
    {.name = "cursor", .schema = &cursor_schema},
};

static void free_state(void *state)
{
	freed_n++;
	free(state);
}

static enum api_next last(struct api *api, struct api_call *call)
{
	json_t *json = json_object();

	json_put(&json, "id", json_integer((json_int_t)call_u64(call, "id")));
	json_put(&json, "lat", json_integer(call_i64(call, "lat")));
	json_put(&json, "limit", json_integer((json_int_t)call_u64(call, "limit")));
	json_put(&json, "word", json_stringn(call_str(call, "word").p, call_str(call, "word").n));
	json_put(&json, "given", json_boolean(call_given(call, "word")));
	respond_json(api, call, 200, json);
	return API_ANSWERED;
}

/* Whoever has the call is not ready at once. */
static enum err give(struct api *api, struct api_call *call)
{
	return ERR_OK;
}

static enum err too_busy(struct api *api, struct api_call *call)
{
	return ERR_TOO_MANY;
}

static enum api_next second(struct api *api, struct api_call *call)
{
	return submit_then(call, last);
}

static enum api_next begin(struct api *api, struct api_call *call)
{
	begun++;
	call->state = malloc(1);
	call->state_free = free_state;
	return wait_then(call, call_given(call, "word") && call_str(call, "word").p[0] == '!'
				       ? too_busy
				       : give,
			 second);
}

static struct api_route route = {
    .operation = "test", .action = "see_public", .begin = begin, .params = params, .params_n = 5};

/* ---- the program around it ---- */

static struct command *submitted;
static enum err session_is;

static enum err submit(void *ctx, struct command *c)
{
	submitted = c;
	return ERR_OK;
}

static enum err authenticate(void *ctx, struct api_call *call)
{
	if (str_eq(call->session, STR("token"))) {
		call->actor.kind = API_STAFF;
		call->actor.account = 7;
		call->actor.session = 9;
		memset(call->actor.csrf, 'c', sizeof call->actor.csrf);
	}
	return session_is;
}

static void fill(void *ctx, void *out, size_t n)
{
	memset(out, 0xab, n);
}

static const struct entropy entropy = {fill, NULL};
static struct api api = {
    .submit = submit, .entropy = &entropy, .authenticate = authenticate};

static void resume(struct api_call *call)
{
	resumed_n++;
}

static struct api_call call_of(enum api_method method, const char *id)
{
	struct api_call call = {.method = method,
				.route = &route,
				.lang = LANG_EN,
				.resume = resume,
				.segments = {str_of(id)},
				.segments_n = 1,
				.query = {{STR("lat"), STR("-5")}},
				.query_n = 1};

	begun = resumed_n = freed_n = 0;
	session_is = ERR_OK;
	return call;
}

/* A member of the answer as text; the answer is kept. */
static const char *member(const struct api_call *call, const char *name, char memory[256])
{
	json_t *json = json_loadb(call->out, call->out_n, 0, NULL);

	assert_non_null(json);
	snprintf(memory, 256, "%.200s", json_string_value(json_object_get(json, name)) ?: "");
	json_decref(json);
	return memory;
}

static void assert_refused(struct api_call *call, enum err err, const char *field)
{
	char memory[256];

	assert_int_equal(api_begin(&api, call), API_ANSWERED);
	assert_int_equal(call->status, err_info(err)->http_status);
	assert_string_equal(member(call, "type", memory) + strlen("/problems/"),
			    err_info(err)->name);
	assert_string_equal(member(call, "field", memory), field);
	assert_int_equal(begun, 0);
	api_call_fini(call);
}

/* ---- tests ---- */

static void a_call_goes_in_steps(void **state)
{
	struct api_call call = call_of(API_GET, "12");

	assert_int_equal(api_begin(&api, &call), API_WAIT_FIRST);
	api_start(&api, &call);
	assert_int_equal(resumed_n, 0); /* give keeps it */
	assert_int_equal(api_resume(&api, &call), API_WAIT);
	api_start(&api, &call);
	assert_ptr_equal(submitted, &call.command);
	submitted->answer.err = ERR_OK;
	submitted->done(submitted);
	assert_int_equal(resumed_n, 1);
	assert_int_equal(api_resume(&api, &call), API_ANSWERED);
	assert_int_equal(call.status, 200);
	assert_string_equal(call.out, "{\"id\":12,\"lat\":-5,\"limit\":50,\"word\":\"all\","
				      "\"given\":false}");
	assert_int_equal(freed_n, 0);
	api_call_fini(&call);
	assert_int_equal(freed_n, 1);
}

static void what_went_wrong_meanwhile_is_answered(void **state)
{
	struct api_call call = call_of(API_GET, "12");
	char memory[256];

	/* by whoever had it */
	assert_int_equal(api_begin(&api, &call), API_WAIT_FIRST);
	api_start(&api, &call);
	call.waited = ERR_NOT_SIGNED_IN;
	assert_int_equal(api_resume(&api, &call), API_ANSWERED);
	assert_int_equal(call.status, 401);
	api_call_fini(&call);
	/* by the command: with its field and its remedy */
	call = call_of(API_GET, "12");
	assert_int_equal(api_begin(&api, &call), API_WAIT_FIRST);
	api_start(&api, &call);
	assert_int_equal(api_resume(&api, &call), API_WAIT);
	api_start(&api, &call);
	submitted->answer = (struct answer){.err = ERR_REQUEST_REUSED,
					    .field = "Idempotency-Key",
					    .remedy = MSG_REQUEST_REUSED_REMEDY};
	submitted->done(submitted);
	assert_int_equal(api_resume(&api, &call), API_ANSWERED);
	assert_string_equal(member(&call, "field", memory), "Idempotency-Key");
	assert_string_equal(member(&call, "remedy", memory),
			    msg_text(MSG_REQUEST_REUSED_REMEDY, LANG_EN));
	api_call_fini(&call);
	/* nobody took it: it is back at once */
	call = call_of(API_GET, "12");
	call.query[1] = (struct api_field){STR("word"), STR("!")};
	call.query_n = 2;
	assert_int_equal(api_begin(&api, &call), API_WAIT_FIRST);
	api_start(&api, &call);
	assert_int_equal(resumed_n, 1);
	assert_int_equal(api_resume(&api, &call), API_ANSWERED);
	assert_int_equal(call.status, 429);
	assert_int_equal(call.retry_after_s, 1);
	api_call_fini(&call);
}

static void parameters_are_as_the_table_says(void **state)
{
	static const struct {
		const char *id;
		struct api_field more;
		enum err err;
		const char *field;
	} rows[] = {
	    {"0", {{0}, {0}}, ERR_NOT_FOUND, "id"},
	    {"9223372036854775808", {{0}, {0}}, ERR_NOT_FOUND, "id"},
	    {"1", {STR("lat"), STR("5")}, ERR_BAD_INPUT, "lat"}, /* twice */
	    {"1", {STR("limit"), STR("0")}, ERR_BAD_INPUT, "limit"},
	    {"1", {STR("limit"), STR("x")}, ERR_BAD_INPUT, "limit"},
	    {"1", {STR("limit"), STR("")}, ERR_BAD_INPUT, "limit"},
	    {"1", {STR("word"), STR("")}, ERR_BAD_INPUT, "word"},
	    {"1", {STR("word"), STR("123456789")}, ERR_BAD_INPUT, "word"},
	    {"1", {STR("word"), STR("\xff")}, ERR_BAD_INPUT, "word"},
	    {"1", {STR("other"), STR("1")}, ERR_BAD_INPUT, "other"},
	    {"1", {STR("id"), STR("1")}, ERR_BAD_INPUT, "id"}, /* of the path */
	    {"1", {STR("\xff"), STR("1")}, ERR_BAD_INPUT, "query"},
	};
	struct api_call call;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		call = call_of(API_GET, rows[i].id);
		call.query[1] = rows[i].more;
		call.query_n = rows[i].more.name.n > 0 ? 2 : 1;
		assert_refused(&call, rows[i].err, rows[i].field);
	}
	call = call_of(API_GET, "1");
	call.query_n = 0;
	assert_refused(&call, ERR_BAD_INPUT, "lat"); /* missing */
	call = call_of(API_GET, "1");
	call.query_n = API_PARAMS_MAX + 1;
	assert_refused(&call, ERR_BAD_INPUT, "query");
}

static void a_session_changes_things_with_its_csrf_token_only(void **state)
{
	struct api_call call = call_of(API_GET, "1");

	call.session = STR("token");
	assert_int_equal(api_begin(&api, &call), API_WAIT_FIRST);
	assert_int_equal(call.actor.account, 7);
	api_call_fini(&call);

	call = call_of(API_POST, "1");
	call.session = STR("token");
	assert_refused(&call, ERR_FORBIDDEN, "X-CSRF-Token");
	call = call_of(API_POST, "1");
	call.session = STR("token");
	call.csrf = STR("ZGRkZGRkZGRkZGRkZGRkZA=="); /* d … d */
	assert_refused(&call, ERR_FORBIDDEN, "X-CSRF-Token");
	call = call_of(API_DELETE, "1");
	call.session = STR("token");
	call.csrf = STR("Y2NjY2NjY2NjY2NjY2NjYw==");
	assert_int_equal(api_begin(&api, &call), API_WAIT_FIRST);
	api_call_fini(&call);
	/* a cookie that is no session any more: as without */
	call = call_of(API_POST, "1");
	call.session = STR("old");
	assert_int_equal(api_begin(&api, &call), API_WAIT_FIRST);
	assert_int_equal(call.actor.kind, API_ANYONE);
	api_call_fini(&call);
	call = call_of(API_POST, "1");
	call.session = STR("token");
	session_is = ERR_STORE;
	assert_refused(&call, ERR_STORE, "");
}

static unsigned in_5_seconds(struct api_call *call)
{
	return 5;
}

static void who_is_not_signed_in_has_a_measure(void **state)
{
	static const char *const sessions[] = {"", "old"};
	struct api_call call;

	for (size_t i = 0; i < 2; i++) {
		call = call_of(API_POST, "1");
		call.session = str_of(sessions[i]);
		call.limit = in_5_seconds;
		assert_int_equal(api_begin(&api, &call), API_ANSWERED);
		assert_int_equal(call.status, 429);
		assert_int_equal(call.retry_after_s, 5);
		api_call_fini(&call);
	}
	call = call_of(API_GET, "1");
	call.limit = in_5_seconds;
	assert_int_equal(api_begin(&api, &call), API_WAIT_FIRST);
	api_call_fini(&call);
	call = call_of(API_POST, "1");
	call.limit = in_5_seconds;
	call.session = STR("token");
	call.csrf = STR("Y2NjY2NjY2NjY2NjY2NjYw==");
	assert_int_equal(api_begin(&api, &call), API_WAIT_FIRST);
	api_call_fini(&call);
}

static void the_secret_of_a_case_comes_by_authorization(void **state)
{
	static const char *const wrong[] = {"Case",
					    "Case ",
					    "Case AAAA",
					    "Basic AAAAAAAAAAAAAAAAAAAAAA==",
					    "Case AAAAAAAAAAAAAAAAAAAAAA",
					    "Case  AAAAAAAAAAAAAAAAAAAAAA=="};
	static const uint8_t secret[SEAL_SECRET_BYTES] = "cccccccccccccccc";
	struct api_call call = call_of(API_POST, "1");

	call.authorization = STR("case Y2NjY2NjY2NjY2NjY2NjYw==");
	assert_int_equal(api_begin(&api, &call), API_WAIT_FIRST);
	assert_true(call.actor.has_secret);
	assert_memory_equal(call.actor.secret, secret, sizeof secret);
	api_call_fini(&call);
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		call = call_of(API_POST, "1");
		call.authorization = str_of(wrong[i]);
		assert_refused(&call, ERR_NOT_SIGNED_IN, "Authorization");
	}
}

/* Before a set of files is in force nobody is permitted what is not for all; an action that the
 * policy does not know is nobody's. */
static void what_is_not_permitted_is_not_begun(void **state)
{
	static const char *const actions[] = {"manage_accounts", "list_cases", "no_such_action"};
	struct api_route guarded = route;

	for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
		struct api_call call = call_of(API_GET, "1");
		guarded.action = actions[i];
		call.route = &guarded;
		assert_int_equal(api_begin(&api, &call), API_ANSWERED);
		assert_true(call.status == 401 || call.status == 403);
		assert_int_equal(begun, 0);
		api_call_fini(&call);
	}
}

static void a_refusal_names_its_rule(void **state)
{
	struct api_call call = call_of(API_GET, "1");
	char memory[256];

	snprintf(call.rule, sizeof call.rule, "desk-only");
	api_problem(&api, &call, ERR_FORBIDDEN, NULL, MSG_COUNT);
	assert_string_equal(member(&call, "rule", memory), "desk-only");
	api_problem(&api, &call, ERR_NOT_FOUND, NULL, MSG_COUNT);
	assert_string_equal(member(&call, "rule", memory), "");
	api_call_fini(&call);
}

static void cursors_come_back_as_they_were(void **state)
{
	static const int64_t values[][2] = {{0, 0}, {INT64_MIN, INT64_MAX}, {-1, 42}};
	char memory[API_CURSOR_BYTES_MAX];
	bool ok = false;

	for (size_t i = 0; i < 3; i++) {
		struct api_call call = call_of(API_GET, "1");
		int64_t a = 5, b = 5;

		call.query[1] = (struct api_field){
		    STR("cursor"), str_of(cursor_put(&call, values[i][0], values[i][1], memory))};
		call.query_n = 2;
		assert_int_equal(api_begin(&api, &call), API_WAIT_FIRST);
		assert_true(take_cursor(&api, &call, &a, &b, &ok) && ok);
		assert_true(a == values[i][0] && b == values[i][1]);
		/* every digit of it counts */
		for (size_t at = 0; at < strlen(memory); at++) {
			char before = memory[at];
			memory[at] = before == '0' ? '1' : '0';
			assert_false(take_cursor(&api, &call, &a, &b, &ok));
			assert_false(ok);
			assert_int_equal(call.status, 400);
			memory[at] = before;
		}
		/* and it is of this operation */
		struct api_route other = route;
		other.operation = "other";
		call.route = &other;
		assert_false(take_cursor(&api, &call, &a, &b, &ok) || ok);
		api_call_fini(&call);
	}
	struct api_call call = call_of(API_GET, "1");
	int64_t a = 5, b = 6;
	assert_int_equal(api_begin(&api, &call), API_WAIT_FIRST);
	assert_false(take_cursor(&api, &call, &a, &b, &ok));
	assert_true(ok && a == 5 && b == 6);
	api_call_fini(&call);
}

static void what_the_client_has_is_not_sent_again(void **state)
{
	struct api_call call = call_of(API_GET, "1");

	assert_false(respond_unchanged(&call, "42-zh"));
	assert_string_equal(call.etag, "W/\"42-zh\"");
	assert_string_equal(call.cache_control, "private, no-cache");
	respond_json(&api, &call, 200, json_object());
	assert_string_equal(call.cache_control, "private, no-cache");
	api_call_fini(&call);
	call = call_of(API_GET, "1");
	call.if_none_match = STR("\"x\", W/\"42-zh\"");
	assert_true(respond_unchanged(&call, "42-zh"));
	assert_int_equal(call.status, 304);
	assert_int_equal(call.out_n, 0);
	api_call_fini(&call);
	/* a problem has no tag */
	call = call_of(API_GET, "1");
	assert_false(respond_unchanged(&call, "42-zh"));
	api_problem(&api, &call, ERR_STORE, NULL, MSG_COUNT);
	assert_string_equal(call.etag, "");
	assert_string_equal(call.cache_control, "no-store");
	assert_string_equal(call.error_id, "abababababab");
	api_call_fini(&call);
}

static void cookies_are_for_the_server_alone(void **state)
{
	struct api_call call = call_of(API_POST, "1");
	struct api tls = api;

	respond_session(&api, &call, STR("abc"));
	assert_string_equal(call.cookie, "liren_session=abc; Path=/; HttpOnly; SameSite=Strict");
	tls.behind_tls = true;
	respond_session(&tls, &call, STR(""));
	assert_string_equal(call.cookie,
			    "liren_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0; Secure");
	api_call_fini(&call);
}

static void secrets_are_never_packed(void **state)
{
	static char text[2048];
	struct api_route packing = route;
	struct api_call call = call_of(API_GET, "1");

	packing.gzip = true;
	memset(text, 'a', sizeof text);
	call.route = &packing;
	respond_bytes(&api, &call, "application/json", text, sizeof text);
	assert_true(api_may_pack(&call));
	call.route = &route;
	assert_false(api_may_pack(&call));
	call.route = &packing;
	respond_session(&api, &call, STR("abc"));
	assert_false(api_may_pack(&call));
	api_call_fini(&call);
	call = call_of(API_GET, "1");
	call.route = &packing;
	respond_bytes(&api, &call, "application/json", text, 1023);
	assert_false(api_may_pack(&call));
	api_call_fini(&call);
	respond_bytes(&api, &call, "application/octet-stream", text, sizeof text);
	assert_false(api_may_pack(&call));
	api_call_fini(&call);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_call_goes_in_steps),
	    cmocka_unit_test(what_went_wrong_meanwhile_is_answered),
	    cmocka_unit_test(parameters_are_as_the_table_says),
	    cmocka_unit_test(a_session_changes_things_with_its_csrf_token_only),
	    cmocka_unit_test(who_is_not_signed_in_has_a_measure),
	    cmocka_unit_test(the_secret_of_a_case_comes_by_authorization),
	    cmocka_unit_test(what_is_not_permitted_is_not_begun),
	    cmocka_unit_test(a_refusal_names_its_rule),
	    cmocka_unit_test(cursors_come_back_as_they_were),
	    cmocka_unit_test(what_the_client_has_is_not_sent_again),
	    cmocka_unit_test(cookies_are_for_the_server_alone),
	    cmocka_unit_test(secrets_are_never_packed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
