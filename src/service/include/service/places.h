/* Reading places: by text, within a box or an area, nearest, and all that hangs on one. Each call
 * takes a connection that reads (reader.h: reader->db) and an arena for texts and shapes. Cost:
 * what is found, plus the rows and columns of cells that are looked at; each has a cap, and `more`
 * says when it was met. */
#ifndef LIREN_SERVICE_PLACES_H
#define LIREN_SERVICE_PLACES_H

#include "base/arena.h"
#include "journal/journal.h"
#include "place/place.h"

#define PLACES_BOX_MAX 2000u
#define PLACES_NEAR_MAX 100u
#define PLACES_NEAR_RADIUS_M 51200.0 /* nothing further is looked for */
#define PLACES_FIND_MAX 50u
#define PLACES_FIND_SCAN_MAX 2000u   /* rows looked at for one spelling of a query */
#define PLACES_QUERY_BYTES_MAX 200u
#define PLACES_CARD_LIST_MAX 100u    /* components and devices, each */
#define PLACES_CARD_VERSIONS_MAX 50u
#define PLACES_CARD_ARENA_BYTES (8u * ENTRY_BYTES_MAX)
#define PLACES_BOX_ARENA_BYTES (PLACES_BOX_MAX * 256u)

struct places_filter {
	uint32_t kinds;     /* PLACE_KIND_BIT …; PLACE_KINDS_ALL */
	unsigned class_max; /* of the texts that the reader may see: 0 public, 1 staff */
	int32_t day;        /* valid on it; PLACE_DAY_OPEN: whenever */
};

struct place_row {
	uint64_t id;
	enum place_kind kind;
	uint64_t parent;
	bool has_at;
	struct geo_point at;
	struct str title; /* in the arena */
	double distance_m; /* of places_near */
};

/* Every piece of the text, parted by blanks, must be found in a name, the address, the number or an
 * alias: a word by its front, Chinese from one character on, numbers of houses in either writing.
 * Those whose whole text it is come first, then those that begin with it. ERR_BAD_INPUT: nothing in
 * it to look for, or over PLACES_QUERY_BYTES_MAX. */
enum err places_find(struct db *db, struct str text, const struct places_filter *f, struct arena *a,
		     unsigned limit, struct place_row *ret, unsigned *ret_n,
		     bool *ret_more) MUST_CHECK;

/* By kind, then from south to north. limit: at most PLACES_BOX_MAX. */
enum err places_box(struct db *db, const struct geo_box *box, const struct places_filter *f,
		    struct arena *a, unsigned limit, struct place_row *ret, unsigned *ret_n,
		    bool *ret_more) MUST_CHECK;

/* Those whose position lies in the area, edges included; otherwise the same. */
enum err places_inside(struct db *db, const struct geo_shape *area, const struct places_filter *f,
		       struct arena *a, unsigned limit, struct place_row *ret, unsigned *ret_n,
		       bool *ret_more) MUST_CHECK;

/* The k nearest (at most PLACES_NEAR_MAX), nearest first; fewer where there are no more within the
 * radius. */
enum err places_near(struct db *db, struct geo_point at, const struct places_filter *f,
		     struct arena *a, unsigned k, struct place_row *ret,
		     unsigned *ret_n) MUST_CHECK;

struct place_version_row {
	uint64_t n; /* entry */
	int64_t at_us;
	int32_t valid_from, valid_until; /* PLACE_DAY_OPEN */
	struct str title;
};

/* The address card. It is large: keep it on the heap. */
struct place_card {
	struct place place; /* in full, as of the entry in force */
	uint64_t n;
	int64_t at_us;
	struct place_row parent[PLACE_DEPTH_MAX]; /* the nearest first */
	unsigned parent_n;
	uint64_t children[PLACE_KIND_END]; /* how many hang on it, by kind */
	struct place_row component[PLACES_CARD_LIST_MAX], device[PLACES_CARD_LIST_MAX];
	unsigned component_n, device_n; /* where there are more, children[] says so */
	struct place_version_row version[PLACES_CARD_VERSIONS_MAX]; /* the newest first */
	unsigned version_n;
	struct place_row predecessor[PLACE_PREDECESSORS_MAX], successor[PLACE_PREDECESSORS_MAX];
	unsigned predecessor_n, successor_n;
};

/* The arena needs PLACES_CARD_ARENA_BYTES. ERR_NOT_FOUND; ERR_FORBIDDEN where its texts are above
 * class_max. */
enum err places_card(struct db *db, uint64_t id, unsigned class_max, struct arena *a,
		     struct place_card *ret) MUST_CHECK;

#endif
