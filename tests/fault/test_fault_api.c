/* The api while memory runs out: each response is the one it would be with memory, or a problem
 * that says so. */
#include "test.h"

#include "api/api.h"
#include "faultalloc.h"
#include "store.h"

#include <jansson.h>

#define RESPONSE_MAX 131072u

static struct test_store store;
static struct writer *writer;
static struct reader *reader;
static struct api api;
static struct command *waiting;

static enum err healthy(void *ctx)
{
	return ERR_OK;
}

struct request {
	enum api_method method;
	const char *path;
	char body[256];
	const char *key;
};

struct response {
	int status;
	char text[RESPONSE_MAX];
};

static enum err take_command(void *ctx, struct command *c)
{
	waiting = c;
	return ERR_OK;
}

static void resumed(struct api_call *call)
{
}

/* What the transport does, with the writer asked at once; no plan holds while the writer works. */
static void answer(const struct request *r, uint64_t fail_at, bool for_good, uint64_t *ret_failed,
		   struct response *ret)
{
	const unsigned sources = FAULTALLOC_JANSSON | FAULTALLOC_OWN;
	struct api_call call = {.method = r->method,
				.path = str_of(r->path),
				.body = str_of(r->body),
				.content_type = STR("application/json"),
				.idempotency_key = str_of(r->key),
				.lang = LANG_EN,
				.resume = resumed};
	uint64_t seen = 0, failed = 0, more = 0;
	size_t body_max = 0;

	assert_ok(api_route_find(&call, &body_max));
	faultalloc_plan(sources, fail_at, for_good);
	enum api_next next = api_begin(&api, &call);
	seen = faultalloc_end(&failed);
	if (next == API_WAIT || next == API_WAIT_FIRST) {
		api_start(&api, &call);
		writer_group(writer, &waiting, 1, store.now);
		waiting->done(waiting);
		if (fail_at > seen)
			faultalloc_plan(sources, fail_at - seen, for_good);
		else
			faultalloc_plan(fail_at && for_good ? sources : 0, 1, for_good);
		assert_int_equal(api_resume(&api, &call), API_ANSWERED);
		faultalloc_end(&more);
	}
	*ret_failed = failed + more;
	ret->status = call.status;
	assert_true(call.out_n < sizeof ret->text);
	if (call.out_n > 0)
		memcpy(ret->text, call.out, call.out_n);
	ret->text[call.out_n] = '\0';
	api_call_fini(&call);
}

/* A problem with its type and its status; where not even that could be made, nothing. */
static void check_problem(const struct response *got)
{
	assert_true(got->status >= 400);
	if (got->text[0] == '\0')
		return;
	json_t *json = json_loads(got->text, 0, NULL);
	assert_non_null(json);
	assert_memory_equal(json_string_value(json_object_get(json, "type")), "/problems/", 10);
	assert_int_equal(json_integer_value(json_object_get(json, "status")), got->status);
	json_decref(json);
}

/* With memory the request gives `right`; with any allocation failing, that or a problem. */
static void each_allocation(const struct request *r, const struct response *right)
{
	for (int for_good = 0; for_good < 2; for_good++) {
		uint64_t failed = 1, refused = 0;
		for (uint64_t at = 1; failed > 0; at++) {
			static struct response got;
			answer(r, at, for_good, &failed, &got);
			if (got.status == right->status)
				assert_string_equal(got.text, right->text);
			else
				check_problem(&got);
			refused += got.status != right->status;
			assert_true(at < 10000);
		}
		assert_true(refused > 0);
	}
}

static void try_request(const struct request *r, int status)
{
	static struct response right;
	uint64_t failed = 0;

	answer(r, 0, false, &failed, &right);
	assert_int_equal(right.status, status);
	each_allocation(r, &right);
}

/* Each try of the same request id gives the same answer, whatever became of it the first time. */
static void a_written_line(void **state)
{
	const struct request r = {API_POST, "/api/v1/lines", "{\"text\":\"a lamp is out\"}",
				  "request-number-001"};

	try_request(&r, 201);
	assert_int_equal(writer->journal.n, 2);
}

static void reads(void **state)
{
	static const char *const paths[] = {"/api/v1/lines",    "/api/v1/status",
					    "/api/v1/proofs/1", "/log/key",
					    "/log/checkpoint",  "/log/tile/entries/000.p/1",
					    "/api/openapi.yaml", "/healthz"};

	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
		try_request(&(struct request){API_GET, paths[i], "", ""}, 200);
}

static void an_opened_line(void **state)
{
	struct request r = {API_POST, "/api/v1/lines/2/open", "", ""};
	static struct response written;
	uint64_t failed = 0;

	answer(&(struct request){API_POST, "/api/v1/lines", "{\"text\":\"a lamp is out\"}",
				 "request-number-001"},
	       0, false, &failed, &written);
	assert_int_equal(written.status, 201);
	json_t *json = json_loads(written.text, 0, NULL);
	assert_true(snprintf(r.body, sizeof r.body, "{\"secret\":\"%s\"}",
			     json_string_value(json_object_get(json, "secret"))) <
		    (int)sizeof r.body);
	json_decref(json);
	try_request(&r, 200);
}

/* What is wrong with a request is told, or that memory ran out. */
static void refusals(void **state)
{
	static const struct request rows[] = {
	    {API_POST, "/api/v1/lines", "{\"text\":\"\"}", "request-number-002"},
	    {API_POST, "/api/v1/lines", "{\"text\":\"a\",\"b\":1}", "request-number-002"},
	    {API_POST, "/api/v1/lines", "{\"text\":\"a\"}", "short"},
	    {API_POST, "/api/v1/lines", "{\"text\":\"another\"}", "request-number-001"},
	    {API_POST, "/api/v1/lines/2/open", "{\"secret\":\"AAAAAAAAAAAAAAAAAAAAAA==\"}", ""},
	    {API_GET, "/api/v1/proofs/99", "", ""},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (int for_good = 0; for_good < 2; for_good++) {
			uint64_t failed = 1;
			for (uint64_t at = 1; failed > 0; at++) {
				static struct response got;
				answer(&rows[i], at, for_good, &failed, &got);
				check_problem(&got);
				assert_true(at < 10000);
			}
		}
	assert_int_equal(writer->journal.n, 2);
}

static int begin(void **state)
{
	if (sodium_init() < 0 || !faultalloc_install())
		return -1;
	test_store_init(&store, NULL);
	if (test_store_create(&store) != ERR_OK)
		return -1;
	writer = test_store_open(&store);
	if (reader_open(&store.paths, &store.secrets, &reader) != ERR_OK)
		return -1;
	api = (struct api){.reader = reader,
			   .submit = take_command,
			   .health = healthy,
			   .entropy = &store.entropy,
			   .version = "test"};
	return 0;
}

static int end(void **state)
{
	reader_close(reader);
	writer_close(writer);
	test_store_remove(&store);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_written_line),
	    cmocka_unit_test(reads),
	    cmocka_unit_test(an_opened_line),
	    cmocka_unit_test(refusals),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
