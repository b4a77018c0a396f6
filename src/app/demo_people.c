/* The people of a demo: the first by the operator's door, as `liren user add` makes one; the others
 * by her, through the API. None has a password: they are signed in as by one tap. */
#include "demo_within.h"

#include "app/account_door.h"
#include "app/log.h"

#include <stdlib.h>
#include <string.h>

#define PEOPLE_PATH "/api/v1/demo/people"

/* Posts: role[:unit[:area,…]], parted by blanks; at most 8. Twelve work in the neighbourhood: four
 * at the desk, two of them officers, for one hands over to the other, and a lead who signs as the
 * second person; eight who go out, a grid worker for each grid or two. The other eight are the
 * units and offices around it: whoever handles is not whoever leads, rules or oversees. */
static const struct {
	const char *name, *posts;
} staff[] = {
    {"演示值班长", "desk_lead:DESK"},
    {"演示值班员甲", "duty_officer:DESK"},
    {"演示值班员乙", "duty_officer:DESK"},
    {"演示受理派遣员", "intake:DESK dispatcher:DESK"},
    {"演示网格员一", "grid_worker:GRD:G01"},
    {"演示网格员二", "grid_worker:GRD:G02"},
    {"演示网格员三", "grid_worker:GRD:G03,G04"},
    {"演示楼管员", "building_manager:BMG:G01"},
    {"演示保安甲", "guard:PMC:G02"},
    {"演示保安乙", "guard:PMC:G03"},
    {"演示消防队员", "fire_team:FIR"},
    {"演示志愿者", "volunteer:VOL:G04"},
    {"演示设备运维", "unit_handler:SVC"},
    {"演示物业经办", "unit_handler:PMC"},
    {"演示城管经办", "unit_handler:URB"},
    {"演示供排水经办", "unit_handler:WAT"},
    {"演示各单位经办", "unit_handler:PWR unit_handler:SAF unit_handler:TEL unit_handler:HSG "
		       "unit_handler:MKT unit_handler:POL unit_handler:GAS unit_handler:CIV"},
    {"演示单位负责人", "unit_lead:PMC unit_lead:URB unit_lead:WAT"},
    {"演示街道值班负责人", "level_above"},
    {"演示派出所值班领导", "station_lead"},
    {"演示监察员", "overseer:OVR"},
};
#define STAFF_N (sizeof staff / sizeof staff[0])

static bool make_first(const struct demo *d)
{
	struct account_call call = {.order = {.act = ACCOUNT_MAKE,
					      .kind = ACCOUNT_STAFF,
					      .name = str_of(staff[0].name),
					      .lang = LANG_ZH}};
	enum err e;

	call.order.posts.v[0] =
	    (struct account_post){.role = STR("desk_lead"), .unit = STR("DESK")};
	call.order.posts.n = 1;
	e = account_door_call(d->o.settings, &call);
	if (e != ERR_OK)
		log_event(LOG_ERROR_LEVEL, "demo", "first-account=%s", err_info(e)->name);
	return e == ERR_OK;
}

static json_t *areas_json(const char *text)
{
	json_t *list = json_array();

	while (text && *text) {
		size_t n = strcspn(text, ",");
		json_array_append_new(list, json_stringn(text, n));
		text += text[n] ? n + 1 : n;
	}
	return list;
}

static json_t *posts_json_of(const char *text)
{
	json_t *list = json_array();

	while (*text) {
		char word[64], *unit, *areas;
		size_t n = strcspn(text, " ");
		snprintf(word, sizeof word, "%.*s", (int)n, text);
		unit = strchr(word, ':');
		areas = unit ? strchr(unit + 1, ':') : NULL;
		if (unit)
			*unit++ = 0;
		if (areas)
			*areas++ = 0;
		json_array_append_new(list,
				      json_pack("{s:s,s:s,s:o}", "role", word, "unit",
						unit ? unit : "", "areas", areas_json(areas)));
		text += text[n] ? n + 1 : n;
	}
	return list;
}

static bool make_others(struct demo_client *c, struct demo_actor *lead)
{
	for (unsigned i = 1; i < STAFF_N; i++)
		if (demo_ask(c, lead, "POST", "/api/v1/accounts",
			     json_pack("{s:s,s:s,s:s,s:o}", "kind", "staff", "lang", "zh", "name",
				       staff[i].name, "posts", posts_json_of(staff[i].posts)),
			     NULL) != 201)
			return false;
	for (unsigned i = 0; i < DEMO_RESIDENTS; i++) {
		char name[40];
		snprintf(name, sizeof name, "演示居民%02u", i + 1);
		if (demo_ask(
			c, lead, "POST", "/api/v1/accounts",
			json_pack("{s:s,s:s,s:s}", "kind", "resident", "lang", "zh", "name", name),
			NULL) != 201)
			return false;
	}
	return true;
}

/* ---- who is there ---- */

static void copy_word(char to[49], const json_t *value)
{
	const char *text = json_string_value(value);

	snprintf(to, 49, "%s", text ? text : "");
}

static void take_person(const json_t *one, struct demo_people *p)
{
	const json_t *posts = json_object_get(one, "posts");
	uint64_t account = (uint64_t)json_integer_value(json_object_get(one, "account"));

	if (json_array_size(posts) == 0 && p->residents_n < DEMO_RESIDENTS)
		p->residents[p->residents_n++].account = account;
	for (size_t i = 0; i < json_array_size(posts) && p->staff_n < DEMO_STAFF_MAX; i++) {
		struct demo_actor *a = &p->staff[p->staff_n++];
		const json_t *post = json_array_get(posts, i), *areas;
		areas = json_object_get(post, "areas");
		a->account = account;
		a->post = (unsigned)i;
		copy_word(a->role, json_object_get(post, "role"));
		copy_word(a->unit, json_object_get(post, "unit"));
		for (size_t k = 0; k < json_array_size(areas); k++) {
			const char *area = json_string_value(json_array_get(areas, k));
			size_t n = strlen(a->area);
			snprintf(a->area + n, sizeof a->area - n, "%s%s", n ? "," : "", area);
		}
	}
}

static bool take_people(struct demo_client *c, struct demo_people *p)
{
	json_t *answer = NULL;
	const json_t *people;

	memset(p, 0, sizeof *p);
	if (demo_ask(c, NULL, "GET", PEOPLE_PATH, NULL, &answer) != 200) {
		json_decref(answer);
		return false;
	}
	people = json_object_get(answer, "people");
	for (size_t i = 0; i < json_array_size(people); i++)
		take_person(json_array_get(people, i), p);
	json_decref(answer);
	return true;
}

struct demo_actor *demo_staff(struct demo_people *p, const char *role, const char *unit,
			      const char *area)
{
	for (unsigned i = 0; i < p->staff_n; i++)
		if (strcmp(p->staff[i].role, role) == 0 &&
		    (!unit[0] || strcmp(p->staff[i].unit, unit) == 0) &&
		    (!area[0] || strstr(p->staff[i].area, area)))
			return &p->staff[i];
	return NULL;
}

bool demo_people_ready(const struct demo *d, struct demo_client *c, struct demo_people *p)
{
	struct demo_actor *lead;

	if (!take_people(c, p))
		return false;
	if (!demo_staff(p, "desk_lead", "", "") && (!make_first(d) || !take_people(c, p)))
		return false;
	lead = demo_staff(p, "desk_lead", "", "");
	if (!lead || !demo_sign_in(c, lead))
		return false;
	if (p->residents_n < DEMO_RESIDENTS && (!make_others(c, lead) || !take_people(c, p)))
		return false;
	/* one after the other, within what an address may do that is not signed in */
	for (unsigned i = 0; i < p->staff_n; i++)
		if (!demo_sign_in(c, &p->staff[i]))
			return false;
	for (unsigned i = 0; i < p->residents_n; i++)
		if (!demo_sign_in(c, &p->residents[i]))
			return false;
	return true;
}
