/* Within app: the parts of a demo. demo_town.c draws the neighbourhood, demo_client.c speaks HTTP,
 * demo_people.c makes the accounts, demo_day.c and demo_duty.c let them act. All of them know the
 * office by its API alone, but for the first account and the places, which come through the
 * operator's doors. */
#ifndef LIREN_APP_DEMO_WITHIN_H
#define LIREN_APP_DEMO_WITHIN_H

#include "app/demo.h"
#include "base/buf.h"

#include <jansson.h>

#define DEMO_HOUR_US (INT64_C(3600) * 1000000)
#define DEMO_DAY_US (24 * DEMO_HOUR_US)

/* ---- chance, from a seed: the same day each time ---- */

uint64_t demo_mix(uint64_t a, uint64_t b);
/* 0 … below - 1 */
unsigned demo_chance(uint64_t h, unsigned below);

/* ---- the neighbourhood ---- */

#define DEMO_TOWN_BYTES 262144u
#define DEMO_LANES 10u
#define DEMO_HOUSES_OF_LANE 6u

/* Three files, each with the mapping that it is imported by, because what a place hangs on comes
 * before it, and an office finds its own community under the source of divisions. */
enum demo_town_part {
	DEMO_TOWN_COMMUNITY,
	DEMO_TOWN_LANES,  /* and 4 grids */
	DEMO_TOWN_HOUSES, /* and lamps, drains and devices */
	DEMO_TOWN_PARTS
};
#define DEMO_TOWN_MAP_BYTES 2048u
void demo_town_put_map(enum demo_town_part part, struct buf *out);
void demo_town_put(enum demo_town_part part, struct buf *out); /* a FeatureCollection */
/* Where a building stands: lane and house from 0. */
void demo_town_house(unsigned lane, unsigned house, int32_t *ret_lat, int32_t *ret_lon);
void demo_town_lamp(unsigned lane, int32_t *ret_lat, int32_t *ret_lon); /* the one of its middle */

/* ---- who asks ---- */

struct demo_client;

/* Somebody signed in, or with a case's secret. */
struct demo_actor {
	uint64_t account; /* 0: nobody's */
	unsigned post;
	char role[49], unit[49], area[49];
	char cookie[256], csrf[64];
	char secret[64]; /* of a case */
};

enum err demo_client_new(uint16_t port, struct demo_client **ret) MUST_CHECK;
struct demo_client *demo_client_free(struct demo_client *c);
/* How many were asked, and how many answered with a problem of ours or theirs. */
void demo_client_counts(const struct demo_client *c, unsigned *ret_asked, unsigned *ret_refused);
/* The status, 0 where nobody answered. `body` is taken over; *ret (may be NULL) is the caller's to
 * free, NULL where the answer is no JSON. Whose session has ended signs in again. */
int demo_ask(struct demo_client *c, struct demo_actor *who, const char *method, const char *path,
	     json_t *body, json_t **ret);
int demo_send_file(struct demo_client *c, struct demo_actor *who, const char *path,
		   const void *bytes, size_t n, json_t **ret);
bool demo_sign_in(struct demo_client *c, struct demo_actor *who);

/* A small PNG that is drawn from a seed; its size, at most cap. */
size_t demo_picture(uint64_t seed, uint8_t *to, size_t cap);
#define DEMO_PICTURE_BYTES 65536u

/* ---- the people ---- */

#define DEMO_STAFF_MAX 40u
#define DEMO_RESIDENTS 12u

struct demo_people {
	struct demo_actor staff[DEMO_STAFF_MAX]; /* one for each post */
	unsigned staff_n;
	struct demo_actor residents[DEMO_RESIDENTS];
	unsigned residents_n;
};

/* Make them where there are none, and sign them in. False: it did not go through. */
bool demo_people_ready(const struct demo *d, struct demo_client *c, struct demo_people *ret);
/* By role, and unit or area where that is not empty. NULL: there is none. */
struct demo_actor *demo_staff(struct demo_people *p, const char *role, const char *unit,
			      const char *area);

/* ---- who is on duty, what is offline ---- */

struct demo_duty_of {
	bool known; /* it was asked for */
	bool may, on, had_break;
};

struct demo_duty {
	struct demo_duty_of of[DEMO_STAFF_MAX]; /* as people.staff */
	bool devices_said;
};

/* What they do of it at this time of the day; what is done already is not done again. */
void demo_duty_step(struct demo_client *c, struct demo_people *p, struct demo_duty *d,
		    int64_t now_us);

/* ---- the days ---- */

/* Live on until `stop`, or for one day (struct demo says which): false where it could not. */
bool demo_live(struct demo *d, struct demo_client *c, struct demo_people *p);

struct demo {
	struct demo_options o;
	struct demo_result result;
	uint16_t port;
	_Atomic bool stop;
	void *waiting; /* a condition that ends sleep */
};

/* How far the day is that is played once, where somebody wants to see it. */
void demo_show(const struct demo *d, int64_t now_us);

/* Sleep, but not past a stop. False: it is to stop. */
bool demo_sleep(struct demo *d, int64_t us);

#endif
