/* A client of the live changes, for tests: reads the stream as a browser does, keeps the cases that
 * it would show, and is compared with SQL over the open cases. */
#ifndef LIREN_TEST_FEED_CLIENT_H
#define LIREN_TEST_FEED_CLIENT_H

#include "cases.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <sys/socket.h>

#define IDS_MAX 256u
#define TEXT_MAX (4u << 20)
#define WAIT_MS 60000 /* after which something hangs */

/* A client: what it was sent, and the cases that it would show. */
struct client {
	int fd;
	char *text;
	size_t n, parsed;
	uint64_t id[IDS_MAX];
	json_t *row[IDS_MAX];
	uint64_t ever[IDS_MAX]; /* cases that it was shown at any time */
	unsigned rows, ever_n, resets, byes, gones, unknown_gones, comments;
	uint64_t last; /* id of the last event */
	bool ended;
};

static inline unsigned find(const struct client *c, uint64_t id)
{
	unsigned i = 0;

	while (i < c->rows && c->id[i] != id)
		i++;
	return i;
}

static inline bool drop(struct client *c, uint64_t id)
{
	unsigned i = find(c, id);

	if (i == c->rows)
		return false;
	json_decref(c->row[i]);
	c->rows--;
	c->row[i] = c->row[c->rows];
	c->id[i] = c->id[c->rows];
	return true;
}

static inline void forget_rows(struct client *c)
{
	while (c->rows > 0)
		drop(c, c->id[0]);
}

static inline bool was_shown(const struct client *c, uint64_t id)
{
	for (unsigned i = 0; i < c->ever_n; i++)
		if (c->ever[i] == id)
			return true;
	return false;
}

static inline void take_case(struct client *c, json_t *row)
{
	uint64_t id = (uint64_t)json_integer_value(json_object_get(row, "id"));
	unsigned i = find(c, id);

	assert_true(i < IDS_MAX);
	if (i < c->rows)
		json_decref(c->row[i]);
	else
		c->rows++;
	c->id[i] = id;
	c->row[i] = row;
	if (!was_shown(c, id))
		c->ever[c->ever_n++] = id;
}

static inline void take_event(struct client *c, const char *event, const char *data)
{
	json_t *json = data ? json_loads(data, 0, NULL) : NULL;

	if (!data)
		return; /* as EventSource: only its id counts */
	assert_non_null(json);
	if (strcmp(event, "case") == 0) {
		take_case(c, json);
		return;
	}
	if (strcmp(event, "gone") == 0) {
		uint64_t id = (uint64_t)json_integer_value(json_object_get(json, "id"));
		c->unknown_gones += !was_shown(c, id);
		c->gones += drop(c, id);
	} else if (strcmp(event, "reset") == 0) {
		c->resets++;
		forget_rows(c);
	} else if (strcmp(event, "bye") == 0) {
		c->byes++;
	} else {
		fail_msg("event %s", event);
	}
	json_decref(json);
}

/* One event: lines up to an empty one (WHATWG HTML, server-sent events). */
static inline void parse_event(struct client *c, char *at)
{
	const char *event = "message", *data = NULL;
	char *save = NULL;

	for (char *line = strtok_r(at, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		uint64_t id;
		if (line[0] == ':')
			c->comments++;
		else if (strncmp(line, "event: ", 7) == 0)
			event = line + 7;
		else if (strncmp(line, "data: ", 6) == 0)
			data = line + 6;
		else if (strncmp(line, "id: ", 4) == 0) {
			assert_true(str_to_u64(str_of(line + 4), &id));
			assert_true(id >= c->last || c->resets > 0);
			c->last = id;
		} else if (strncmp(line, "retry: ", 7) != 0)
			fail_msg("line %s", line);
	}
	take_event(c, event, data);
}

static inline void parse(struct client *c)
{
	char *end;

	c->text[c->n] = 0;
	if (c->parsed == 0) {
		end = strstr(c->text, "\r\n\r\n");
		if (!end)
			return;
		assert_memory_equal(c->text, "HTTP/1.1 200 OK\r\n", 17);
		assert_non_null(strstr(c->text, "Content-Type: text/event-stream\r\n"));
		c->parsed = (size_t)(end + 4 - c->text);
	}
	while ((end = strstr(c->text + c->parsed, "\n\n"))) {
		*end = 0;
		parse_event(c, c->text + c->parsed);
		c->parsed = (size_t)(end + 2 - c->text);
	}
}

static inline void read_some(struct client *c)
{
	struct pollfd p = {c->fd, POLLIN, 0};
	ssize_t n;

	assert_int_equal(poll(&p, 1, WAIT_MS), 1);
	assert_true(c->n < TEXT_MAX);
	n = read(c->fd, c->text + c->n, TEXT_MAX - c->n);
	assert_true(n >= 0 || errno == ECONNRESET);
	c->ended = n <= 0;
	c->n += n > 0 ? (size_t)n : 0;
	parse(c);
}

static inline void read_until(struct client *c, uint64_t n)
{
	while (c->last < n && !c->ended)
		read_some(c);
	assert_true(c->last >= n);
}

static inline void read_to_end(struct client *c)
{
	while (!c->ended)
		read_some(c);
	assert_null(memmem(c->text, c->n, "MARKED", 6));
	assert_null(memmem(c->text, c->n, "王五", 6));
	close(c->fd);
	c->fd = -1;
}

static inline void leave(struct client *c)
{
	if (c->fd >= 0)
		close(c->fd);
	forget_rows(c);
	free(c->text);
	*c = (struct client){.fd = -1};
}

/* The client shows what SQL says: every open case, or those of one unit. */
static inline void must_show(struct test_cases *t, struct client *c, const char *unit)
{
	char sql[256], where[64] = "1";
	sqlite3 *db = cases_look(t);
	sqlite3_stmt *s = NULL;
	unsigned n = 0;

	if (unit)
		snprintf(where, sizeof where, "o.unit = '%s'", unit);
	snprintf(sql, sizeof sql, "SELECT o.id, r.n, o.state, o.owner, o.unit, o.priority, o.step, "
				  "o.due FROM case_open o JOIN case_rec r ON r.id = o.id "
				  "WHERE %s ORDER BY o.id", where);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	for (; sqlite3_step(s) == SQLITE_ROW; n++) {
		unsigned i = find(c, (uint64_t)sqlite3_column_int64(s, 0));
		static const char *const texts[] = {"state", "owner", "unit"};
		assert_true(i < c->rows);
		json_t *row = c->row[i];
		assert_int_equal(json_integer_value(json_object_get(row, "n")),
				 sqlite3_column_int64(s, 1));
		for (int k = 0; k < 3; k++)
			assert_string_equal(json_string_value(json_object_get(row, texts[k])),
					    (const char *)sqlite3_column_text(s, 2 + k));
		assert_int_equal(json_integer_value(json_object_get(row, "priority")),
				 sqlite3_column_int64(s, 5));
		assert_int_equal(json_integer_value(json_object_get(row, "step")),
				 sqlite3_column_int64(s, 6) + 1);
		assert_int_equal(json_integer_value(json_object_get(row, "due")),
				 sqlite3_column_int64(s, 7));
		assert_int_equal(json_integer_value(json_object_get(
				     json_object_get(row, "at"), "lat")), 225400000);
	}
	sqlite3_finalize(s);
	sqlite3_close(db);
	assert_int_equal(c->rows, n);
}

#endif
