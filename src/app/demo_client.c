/* HTTP of the people of a demo: JSON and pictures over one connection, with whose session it is. */
#include "demo_within.h"

#include "app/log.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <zlib.h>

#define ANSWER_BYTES_MAX 8388608u
#define URL_BYTES 512u
#define HEADER_BYTES 400u
#define UNAUTHORIZED 401

struct demo_client {
	CURL *curl;
	uint16_t port;
	struct buf answer;
	char *memory;
	char cookie[256]; /* that the answer sets */
	unsigned asked, refused;
};

static size_t take_body(char *p, size_t size, size_t n, void *ctx)
{
	struct demo_client *c = ctx;

	buf_put(&c->answer, p, size * n);
	return c->answer.over ? 0 : size * n;
}

static size_t take_header(char *p, size_t size, size_t n, void *ctx)
{
	static const char name[] = "set-cookie:";
	struct demo_client *c = ctx;
	size_t at = sizeof name - 1, end;

	if (size * n > at && strncasecmp(p, name, at) == 0) {
		while (at < n && p[at] == ' ')
			at++;
		for (end = at; end < n && p[end] != ';' && p[end] != '\r';)
			end++;
		if (end - at < sizeof c->cookie) {
			memcpy(c->cookie, p + at, end - at);
			c->cookie[end - at] = 0;
		}
	}
	return size * n;
}

enum err demo_client_new(uint16_t port, struct demo_client **ret)
{
	struct demo_client *c = calloc(1, sizeof *c);

	if (!c)
		return ERR_NO_MEMORY;
	c->port = port;
	c->memory = malloc(ANSWER_BYTES_MAX + 1);
	c->curl = curl_easy_init();
	if (!c->curl || !c->memory) {
		demo_client_free(c);
		return ERR_NO_MEMORY;
	}
	*ret = c;
	return ERR_OK;
}

struct demo_client *demo_client_free(struct demo_client *c)
{
	if (c) {
		curl_easy_cleanup(c->curl);
		free(c->memory);
	}
	free(c);
	return NULL;
}

void demo_client_counts(const struct demo_client *c, unsigned *ret_asked, unsigned *ret_refused)
{
	*ret_asked = c->asked;
	*ret_refused = c->refused;
}

/* ---- a request ---- */

static struct curl_slist *with(struct curl_slist *list, const char *name, const char *value)
{
	char line[HEADER_BYTES];

	if (value[0] == 0)
		return list;
	snprintf(line, sizeof line, "%s: %s", name, value);
	return curl_slist_append(list, line);
}

static struct curl_slist *headers_of(const struct demo_actor *who, const char *method,
				     const char *type)
{
	struct curl_slist *list = with(NULL, "Accept-Language", "zh");
	uint8_t random[16];
	char id[33] = {0}, secret[80];
	struct buf b = buf_over(id, sizeof id - 1);

	list = with(list, "Expect", " ");
	list = with(list, "Content-Type", type);
	if (strcmp(method, "GET") != 0 &&
	    getrandom(random, sizeof random, 0) == (ssize_t)sizeof random) {
		buf_put_hex(&b, random, sizeof random);
		list = with(list, "Idempotency-Key", id);
	}
	if (who && who->cookie[0]) {
		list = with(list, "Cookie", who->cookie);
		list = with(list, "X-CSRF-Token", who->csrf);
	}
	if (who && who->secret[0]) {
		snprintf(secret, sizeof secret, "Case %s", who->secret);
		list = with(list, "Authorization", secret);
	}
	return list;
}

static int run(struct demo_client *c, const struct demo_actor *who, const char *method,
	       const char *path, const char *type, const void *bytes, size_t n)
{
	struct curl_slist *headers = headers_of(who, method, type);
	char url[URL_BYTES];
	long status = 0;

	snprintf(url, sizeof url, "http://localhost:%u%s", c->port, path);
	c->answer = buf_over(c->memory, ANSWER_BYTES_MAX);
	c->cookie[0] = 0;
	curl_easy_reset(c->curl);
	curl_easy_setopt(c->curl, CURLOPT_URL, url);
	curl_easy_setopt(c->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c->curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(c->curl, CURLOPT_TIMEOUT, 60L);
	curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, c);
	curl_easy_setopt(c->curl, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(c->curl, CURLOPT_HEADERDATA, c);
	if (strcmp(method, "GET") != 0) {
		curl_easy_setopt(c->curl, CURLOPT_POST, 1L);
		curl_easy_setopt(c->curl, CURLOPT_POSTFIELDSIZE, (long)n);
		curl_easy_setopt(c->curl, CURLOPT_POSTFIELDS, n > 0 ? bytes : "");
	}
	if (curl_easy_perform(c->curl) == CURLE_OK)
		curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_slist_free_all(headers);
	c->asked++;
	return (int)status;
}

static int take_answer(struct demo_client *c, int status, const char *path, json_t **ret)
{
	c->memory[c->answer.n] = 0;
	if (status < 200 || status > 299) {
		c->refused++;
		log_event(LOG_INFO_LEVEL, "demo", "status=%d path=%s answer=\"%.200s\"", status,
			  path, c->memory);
	}
	if (ret)
		*ret = json_loadb(c->memory, c->answer.n, JSON_REJECT_DUPLICATES, NULL);
	return status;
}

int demo_ask(struct demo_client *c, struct demo_actor *who, const char *method, const char *path,
	     json_t *body, json_t **ret)
{
	char *text = body ? json_dumps(body, JSON_COMPACT) : NULL;
	size_t n = text ? strlen(text) : 0;
	int status = run(c, who, method, path, body ? "application/json" : "", text, n);

	json_decref(body);
	if (status == UNAUTHORIZED && who && who->account != 0 && demo_sign_in(c, who))
		status = run(c, who, method, path, text ? "application/json" : "", text, n);
	free(text);
	return take_answer(c, status, path, ret);
}

int demo_send_file(struct demo_client *c, struct demo_actor *who, const char *path,
		   const void *bytes, size_t n, json_t **ret)
{
	int status = run(c, who, "POST", path, "application/octet-stream", bytes, n);

	if (status == UNAUTHORIZED && who->account != 0 && demo_sign_in(c, who))
		status = run(c, who, "POST", path, "application/octet-stream", bytes, n);
	return take_answer(c, status, path, ret);
}

/* By one tap, as a visitor would. */
bool demo_sign_in(struct demo_client *c, struct demo_actor *who)
{
	json_t *body =
	    json_pack("{s:I,s:i}", "account", (json_int_t)who->account, "post", (int)who->post);
	char *text = json_dumps(body, JSON_COMPACT);
	json_t *answer = NULL;
	int status;

	json_decref(body);
	if (!text)
		return false;
	who->cookie[0] = 0;
	status = take_answer(
	    c, run(c, NULL, "POST", "/api/v1/demo/session", "application/json", text, strlen(text)),
	    "/api/v1/demo/session", &answer);
	free(text);
	snprintf(who->csrf, sizeof who->csrf, "%s",
		 json_string_value(json_object_get(answer, "csrf"))
		     ? json_string_value(json_object_get(answer, "csrf"))
		     : "");
	snprintf(who->cookie, sizeof who->cookie, "%s", c->cookie);
	json_decref(answer);
	return status == 200 && who->cookie[0] && who->csrf[0];
}

/* ---- a picture ---- */

#define SIDE 96u
#define ROW (1u + 3u * SIDE)

static void put_be32(uint8_t *to, uint32_t v)
{
	for (unsigned i = 0; i < 4; i++)
		to[i] = (uint8_t)(v >> (24 - 8 * i));
}

static size_t put_chunk(uint8_t *to, const char type[4], const uint8_t *data, uint32_t n)
{
	put_be32(to, n);
	memcpy(to + 4, type, 4);
	if (n > 0)
		memmove(to + 8, data, n);
	put_be32(to + 8 + n, (uint32_t)crc32(0, to + 4, n + 4));
	return n + 12;
}

/* Slanting stripes in two colours, so that nobody takes it for a photograph. */
size_t demo_picture(uint64_t seed, uint8_t *to, size_t cap)
{
	static const uint8_t magic[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
	uint8_t head[13] = {0}, rows[SIDE * ROW], packed[SIDE * ROW + 1024];
	uint64_t colours = demo_mix(seed, 7);
	unsigned long packed_n = sizeof packed;
	size_t n = sizeof magic;

	for (unsigned y = 0; y < SIDE; y++) {
		rows[y * ROW] = 0;
		for (unsigned x = 0; x < SIDE; x++)
			for (unsigned k = 0; k < 3; k++)
				rows[y * ROW + 1 + 3 * x + k] =
				    (uint8_t)(colours >> ((x + y) / 16 % 2 * 24 + 8 * k));
	}
	if (compress(packed, &packed_n, rows, sizeof rows) != Z_OK || packed_n + 80 > cap)
		return 0;
	memcpy(to, magic, sizeof magic);
	put_be32(head, SIDE);
	put_be32(head + 4, SIDE);
	head[8] = 8;
	head[9] = 2; /* RGB */
	n += put_chunk(to + n, "IHDR", head, sizeof head);
	n += put_chunk(to + n, "IDAT", packed, (uint32_t)packed_n);
	n += put_chunk(to + n, "IEND", NULL, 0);
	return n;
}
