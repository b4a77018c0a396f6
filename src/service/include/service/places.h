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
#define PLACES_COVERING_MAX 64u
#define PLACES_BUILDING_NEAR_M 200.0 /* a building further away is not the nearest of anything */
#define PLACES_LEVELS_MAX 5u
#define PLACES_CARD_LIST_MAX 100u    /* components and devices, each */
#define PLACES_CHILDREN_MAX 500u     /* of one page */
#define PLACES_CHILDREN_SCAN_MAX 5000u /* looked at for one page */
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

/* One row; the title is in the arena. ERR_NOT_FOUND. */
enum err places_by_id(struct db *db, uint64_t id, struct arena *a,
		      struct place_row *ret) MUST_CHECK;

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

/* The newest entry that set a place; 0: there is none. */
enum err places_newest(struct db *db, uint64_t *ret) MUST_CHECK;

/* The k nearest (at most PLACES_NEAR_MAX), nearest first; fewer where there are no more within the
 * radius. */
enum err places_near(struct db *db, struct geo_point at, const struct places_filter *f,
		     struct arena *a, unsigned k, struct place_row *ret,
		     unsigned *ret_n) MUST_CHECK;

/* The shape of a place, read back from its row; about 9 KiB. */
struct place_area {
	struct geo_shape shape; /* views into the rest */
	struct geo_ring ring[PLACE_RINGS_MAX];
	struct geo_point point[PLACE_POINTS_MAX];
};

/* ERR_NOT_FOUND: it has none, a point at most. */
enum err places_shape(struct db *db, uint64_t id, struct place_area *ret) MUST_CHECK;

/* A place whose area holds a point. */
struct place_cover {
	uint64_t id;
	enum place_kind kind;
	struct str ext;	 /* "source:id"; texts are in the arena */
	struct str code; /* what files call it by (G05): its number, else its id without source */
	struct str title, post; /* may be empty */
};

/* Those whose area holds the point, edges included, the narrowest first: grids and areas,
 * footprints of buildings, fields of view of cameras, as f->kinds asks; a place without an area
 * covers nothing. limit: at most PLACES_COVERING_MAX. Nothing is allocated beside the arena. One
 * question: O(log n + what has a box around the point). */
enum err places_covering(struct db *db, struct geo_point at, const struct places_filter *f,
			 struct arena *a, unsigned limit, struct place_cover *ret, unsigned *ret_n,
			 bool *ret_more) MUST_CHECK;

/* What the register says of a place, for routing. */
struct place_component {
	enum place_kind kind;
	/* of a component, device or facility, else empty: number; what kind of component it is, as
	 * `component` of the responsibilities names it (field use; of a device device_kind); owner,
	 * the code of a unit where it has one; maintainer. In the arena. */
	struct str number, use, owner, maintainer;
	uint64_t building; /* what it hangs on, else stands in, else the nearest; 0: none near */
	double building_m; /* how far that one's point is; 0 where it hangs on it or stands in it */
};

/* ERR_NOT_FOUND: no such place. day: on which the building is valid; PLACE_DAY_OPEN: whenever. */
enum err places_component(struct db *db, uint64_t id, int32_t day, struct arena *a,
			  struct place_component *ret) MUST_CHECK;

/* The building that a point stands in, else the nearest within PLACES_BUILDING_NEAR_M, and how far
 * its point is then; left as they are where there is none. Public texts only. */
enum err places_building_at(struct db *db, struct geo_point at, int32_t day, struct arena *a,
			    uint64_t *ret, double *ret_m) MUST_CHECK;

/* Components, devices and facilities of exactly this number, in order of ids. O(log n + found). */
enum err places_of_number(struct db *db, struct str number, const struct places_filter *f,
			  struct arena *a, unsigned limit, struct place_row *ret, unsigned *ret_n,
			  bool *ret_more) MUST_CHECK;

/* External ids of what set-up stores: each with twelve digits behind it, the division's own, for
 * the police those of the community. */
#define PLACES_DIVISION "division:"
#define PLACES_STATION "station:"
#define PLACES_BUREAU "bureau:"

/* The two chains of levels, the nearest first: community, subdistrict, district, city, province;
 * police station, bureau. What was not stored is not there. */
struct place_levels {
	struct place_row office[PLACES_LEVELS_MAX], police[PLACES_LEVELS_MAX];
	unsigned office_n, police_n;
};

enum err places_levels(struct db *db, uint64_t community, struct arena *a,
		       struct place_levels *ret) MUST_CHECK;

/* One place in the midst of all that have a position, areas aside: of a few of them, evenly over
 * their ids, the one that is nearest to the middle. O(log n). ERR_NOT_FOUND: there is none. */
enum err places_middle(struct db *db, struct geo_point *ret) MUST_CHECK;

struct place_version_row {
	uint64_t n; /* entry */
	int64_t at_us;
	int32_t valid_from, valid_until; /* PLACE_DAY_OPEN */
	struct str title;
};

/* What hangs on a place: one of its children, and when it is valid. */
struct place_child {
	struct place_row row;
	int32_t valid_from, valid_until; /* PLACE_DAY_OPEN */
};

/* Where a page begins: behind this one. Zeros: at the first. */
struct places_after {
	int64_t kind;
	uint64_t id;
};

/* The children that the filter lets through, by kind and id; limit: at most PLACES_CHILDREN_MAX.
 * ret_more: there may be more, behind *after, which is moved on; a page may be short, where many
 * were passed over (PLACES_CHILDREN_SCAN_MAX). ERR_NOT_FOUND: no such place; ERR_FORBIDDEN: its
 * texts are above class_max. */
enum err places_children(struct db *db, uint64_t id, const struct places_filter *f,
			 struct places_after *after, struct arena *a, unsigned limit,
			 struct place_child *ret, unsigned *ret_n, bool *ret_more) MUST_CHECK;

/* places_inside of the place with this id, itself not among them. ERR_NOT_FOUND, ERR_FORBIDDEN as
 * above; ERR_BAD_INPUT: it has no area. limit: below PLACES_BOX_MAX; ret has room for one more. */
enum err places_inside_of(struct db *db, uint64_t id, const struct places_filter *f,
			  struct arena *a, unsigned limit, struct place_row *ret, unsigned *ret_n,
			  bool *ret_more) MUST_CHECK;

/* The address card. It is large: keep it on the heap. */
struct place_card {
	struct place place; /* in full, as of the entry in force */
	uint64_t n;
	int64_t at_us;
	struct place_row parent[PLACE_DEPTH_MAX]; /* the nearest first */
	unsigned parent_n;
	/* how many hang on it, by kind: valid on the day, and those that are not */
	uint64_t children[PLACE_KIND_END], other_days[PLACE_KIND_END];
	struct place_row component[PLACES_CARD_LIST_MAX], device[PLACES_CARD_LIST_MAX];
	unsigned component_n, device_n; /* where there are more, children[] says so */
	struct place_version_row version[PLACES_CARD_VERSIONS_MAX]; /* the newest first */
	unsigned version_n;
	struct place_row predecessor[PLACE_PREDECESSORS_MAX], successor[PLACE_PREDECESSORS_MAX];
	unsigned predecessor_n, successor_n;
	/* grids, areas and cameras' fields of view that hold it, or what it hangs on */
	struct place_cover cover[PLACES_COVERING_MAX];
	unsigned cover_n;
};

/* The arena needs PLACES_CARD_ARENA_BYTES. day: on which what hangs on it and what covers it is
 * valid; PLACE_DAY_OPEN: whenever. ERR_NOT_FOUND; ERR_FORBIDDEN where its texts are above
 * class_max. */
enum err places_card(struct db *db, uint64_t id, unsigned class_max, int32_t day, struct arena *a,
		     struct place_card *ret) MUST_CHECK;

#endif
