/* The thread that a demo's people live in, and the places that it begins with. */
#include "demo_within.h"

#include "app/import_door.h"
#include "app/log.h"
#include "base/check.h"

#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

struct waiting {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t stopped;
};

bool demo_sleep(struct demo *d, int64_t us)
{
	struct waiting *w = d->waiting;
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += us / 1000000;
	until.tv_nsec += us % 1000000 * 1000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_mutex_lock(&w->lock);
	while (!d->stop && pthread_cond_timedwait(&w->stopped, &w->lock, &until) != ETIMEDOUT)
		;
	pthread_mutex_unlock(&w->lock);
	return !d->stop;
}

#define ONCE_US (DEMO_DAY_AT_US + DEMO_DAY_US - DEMO_BEGIN_US)
#define MINUTE_US INT64_C(60000000)

void demo_show(const struct demo *d, int64_t now_us)
{
	if (d->o.once && d->o.progress && now_us >= DEMO_BEGIN_US)
		d->o.progress(d->o.ctx, (uint64_t)((now_us - DEMO_BEGIN_US) / MINUTE_US),
			      (uint64_t)(ONCE_US / MINUTE_US));
}

/* ---- the places, by the door that `liren import places` goes through ---- */

static void place_refused(void *ctx, struct str line)
{
	(void)ctx;
	log_event(LOG_WARN_LEVEL, "demo", "place-refused=\"%.*s\"", (int)line.n, line.p);
}

static void place_progress(void *ctx, uint64_t done, uint64_t total)
{
	(void)ctx;
	(void)done;
	(void)total;
}

/* The file, unnamed, from its beginning. -1: no room. */
static int town_file(enum demo_town_part part)
{
	char *memory = malloc(DEMO_TOWN_BYTES);
	struct buf out = buf_over(memory, memory ? DEMO_TOWN_BYTES : 0);
	FILE *f = memory ? tmpfile() : NULL;
	int fd = -1;

	if (f) {
		demo_town_put(part, &out);
		CHECK(!out.over);
		if (fwrite(out.p, 1, out.n, f) == out.n && fflush(f) == 0)
			fd = dup(fileno(f));
		fclose(f);
	}
	free(memory);
	if (fd >= 0 && lseek(fd, 0, SEEK_SET) != 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static bool bring_part(const struct demo *d, enum demo_town_part part)
{
	static const char *const map_names[DEMO_TOWN_PARTS] = {
	    "demo-community.yaml", "demo-lanes.yaml", "demo-houses.yaml"};
	struct import_answers answers = {place_refused, place_progress, NULL};
	char map[DEMO_TOWN_MAP_BYTES];
	struct buf text = buf_over(map, sizeof map);
	struct import_order o = {.kind = IMPORT_PLACES,
				 .map_name = map_names[part],
				 .name = "demo.geojson",
				 .fd = town_file(part)};
	struct import_end end = {0};
	enum err e = ERR_NO_SPACE;

	demo_town_put_map(part, &text);
	CHECK(!text.over);
	o.map_text = buf_str(&text);
	if (o.fd >= 0) {
		e = import_door_order(d->o.settings, &o, LANG_EN, &answers, &end);
		close(o.fd);
	}
	if (e == ERR_OK && end.counts.refused == 0)
		return true;
	log_event(LOG_ERROR_LEVEL, "demo", "places=%s detail=\"%s\"", err_info(e)->name, end.text);
	return false;
}

/* Those that are there already stay as they are. */
static bool bring_places(const struct demo *d)
{
	for (unsigned i = 0; i < DEMO_TOWN_PARTS; i++)
		if (!bring_part(d, (enum demo_town_part)i))
			return false;
	return true;
}

/* ---- the thread ---- */

static void *live(void *ctx)
{
	struct demo *d = ctx;
	struct demo_people *people = calloc(1, sizeof *people);
	struct demo_client *client = NULL;

	demo_show(d, DEMO_BEGIN_US);
	if (people && demo_client_new(d->port, &client) == ERR_OK && bring_places(d) &&
	    demo_people_ready(d, client, people))
		d->result.done = demo_live(d, client, people);
	demo_show(d, DEMO_BEGIN_US + ONCE_US); /* over, however it ended */
	if (client)
		demo_client_counts(client, &d->result.asked, &d->result.refused);
	if (!d->result.done && !d->stop)
		log_event(LOG_ERROR_LEVEL, "demo", "state=failed asked=%u refused=%u",
			  d->result.asked, d->result.refused);
	demo_client_free(client);
	free(people);
	if (d->o.once)
		kill(getpid(), SIGTERM); /* the office waits for it as for anybody's */
	return NULL;
}

enum err demo_start(const struct demo_options *o, uint16_t port, struct demo **ret)
{
	struct demo *d = calloc(1, sizeof *d);
	struct waiting *w = calloc(1, sizeof *w);
	pthread_condattr_t attr;

	if (!d || !w || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(w);
		free(d);
		return ERR_NO_MEMORY;
	}
	d->o = *o;
	d->port = port;
	d->waiting = w;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->stopped, &attr);
	pthread_condattr_destroy(&attr);
	if (pthread_create(&w->thread, NULL, live, d) != 0) {
		free(w);
		free(d);
		return ERR_NO_MEMORY;
	}
	*ret = d;
	return ERR_OK;
}

/* A day that is cut off ends with the same signal as one that is over. The office stops already,
 * and blocks it: left pending it would end the program before it has tidied up. */
static void take_own_signal(void)
{
	const struct timespec at_once = {0};
	sigset_t own;

	sigemptyset(&own);
	sigaddset(&own, SIGTERM);
	(void)sigtimedwait(&own, NULL, &at_once);
}

struct demo *demo_stop(struct demo *d, struct demo_result *ret)
{
	struct waiting *w;

	if (!d)
		return NULL;
	w = d->waiting;
	pthread_mutex_lock(&w->lock);
	d->stop = true;
	pthread_cond_signal(&w->stopped);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	if (d->o.once)
		take_own_signal();
	*ret = d->result;
	pthread_mutex_destroy(&w->lock);
	pthread_cond_destroy(&w->stopped);
	curl_global_cleanup();
	free(w);
	free(d);
	return NULL;
}
