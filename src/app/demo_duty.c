/* The people of a demo who can be sent: on duty in the morning, some on a break at noon, off in the
 * evening; and the maintainer, who says once which devices work. All through the API: who can be
 * sent is asked of it, not known here. */
#include "demo_within.h"

#include <stdlib.h>
#include <string.h>

#define MORNING 8
#define NOON 12
#define AFTER_NOON 14
#define EVENING 19
#define ON_BREAK_EVERY 3u /* one of so many has a break at noon */
#define DEVICES_OFFLINE 3u
#define DEVICES_ASKED 50
#define PATH_BYTES 128u
#define ZONE_US (8 * DEMO_HOUR_US)

static int hour_of(int64_t us)
{
	return (int)((us + ZONE_US) % DEMO_DAY_US / DEMO_HOUR_US);
}

/* Can it be sent, and is it on duty? False: nobody answered. */
static bool ask(struct demo_client *c, struct demo_actor *who, struct demo_duty_of *ret)
{
	json_t *answer = NULL;
	int status = demo_ask(c, who, "GET", "/api/v1/duty", NULL, &answer);
	const json_t *mine = json_object_get(answer, "mine");

	ret->known = status == 200 || status == 403 || status == 409;
	ret->may = json_is_true(json_object_get(answer, "may"));
	ret->on = json_is_object(mine);
	ret->had_break = json_object_get(mine, "break_until") != NULL;
	json_decref(answer);
	return ret->known;
}

static void starts(struct demo_client *c, struct demo_actor *who, struct demo_duty_of *d)
{
	char first[sizeof who->area];
	size_t n = strcspn(who->area, ",");

	memcpy(first, who->area, n);
	first[n] = 0;
	d->on = demo_ask(c, who, "POST", "/api/v1/duty/start",
			 n > 0 ? json_pack("{s:s}", "area", first) : json_object(), NULL) == 201;
	d->had_break = false;
}

static void one(struct demo_client *c, struct demo_actor *who, unsigned index,
		struct demo_duty_of *d, int64_t now_us)
{
	int hour = hour_of(now_us);
	int64_t day_us = (now_us + ZONE_US) / DEMO_DAY_US * DEMO_DAY_US - ZONE_US;

	if (!d->on && hour >= MORNING && hour < EVENING)
		starts(c, who, d);
	else if (d->on && (hour >= EVENING || hour < MORNING))
		d->on = demo_ask(c, who, "POST", "/api/v1/duty/end", json_object(), NULL) != 201;
	else if (d->on && !d->had_break && index % ON_BREAK_EVERY == 0 && hour >= NOON &&
		 hour < AFTER_NOON)
		d->had_break = demo_ask(c, who, "POST", "/api/v1/duty/break",
					json_pack("{s:I}", "until",
						  (json_int_t)(day_us + AFTER_NOON * DEMO_HOUR_US)),
					NULL) == 201;
}

/* What was said before a restart, said again, changes nothing. */
static bool say_devices(struct demo_client *c, struct demo_people *p)
{
	struct demo_actor *svc = demo_staff(p, "unit_handler", "SVC", "");
	char path[PATH_BYTES];
	json_t *answer = NULL, *row;
	int32_t lat, lon;
	bool done = svc != NULL;
	size_t i;

	demo_town_lamp(DEMO_LANES / 2, &lat, &lon);
	snprintf(path, sizeof path, "/api/v1/places/near?lat=%d&lon=%d&kinds=device&limit=%d", lat,
		 lon, DEVICES_ASKED);
	done = done && demo_ask(c, NULL, "GET", path, NULL, &answer) == 200;
	json_array_foreach(json_object_get(answer, "places"), i, row)
	{
		snprintf(path, sizeof path, "/api/v1/places/%lld/state",
			 (long long)json_integer_value(json_object_get(row, "id")));
		done = demo_ask(c, svc, "POST", path,
				i < DEVICES_OFFLINE
				    ? json_pack("{s:s,s:s}", "state", "offline", "source", "离线")
				    : json_pack("{s:s,s:s}", "state", "working", "source", "在线"),
				NULL) == 200 &&
		       done;
	}
	json_decref(answer);
	return done;
}

void demo_duty_step(struct demo_client *c, struct demo_people *p, struct demo_duty *d,
		    int64_t now_us)
{
	if (!d->devices_said)
		d->devices_said = say_devices(c, p);
	for (unsigned i = 0; i < p->staff_n; i++) {
		struct demo_duty_of *of = &d->of[i];
		if ((of->known || ask(c, &p->staff[i], of)) && of->may)
			one(c, &p->staff[i], i, of, now_us);
	}
}
