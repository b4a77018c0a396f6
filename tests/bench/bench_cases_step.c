/* One step of a case without storage: µs of CPU, beside the limit that leaves room for the rest of
 * a step (25 µs with storage). Argument: the folder of the files (etc/). */
#include "app/book.h"
#include "app/files.h"
#include "cases/step.h"
#include "config/config_calendar.h"

#include <time.h>

#define ARENA_BYTES (48u << 20)
#define ROUNDS 200000u
#define LIMIT_US 5.0

struct bench {
	struct arena arena;
	struct cases_book book;
	struct cases_type type;
	struct config_calendar calendar;
	struct zone zone;
	struct case_setting set;
};

static double cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void must(bool is_so, const char *what)
{
	if (is_so)
		return;
	fprintf(stderr, "bench: %s\n", what);
	exit(1);
}

static void load(const char *etc_dir, struct bench *b)
{
	static struct cases_failure failure;
	struct problem problem = {0};
	char path[512], *text = NULL;
	size_t n = 0;
	void *memory = malloc(ARENA_BYTES);

	must(memory, "memory");
	arena_init(&b->arena, memory, ARENA_BYTES);
	must(book_load(etc_dir, &b->arena, &b->book, &failure) == ERR_OK, "book");
	snprintf(path, sizeof path, "%s/case-types/resident-request.yaml", etc_dir);
	must(book_load_type(&b->book, path, &b->arena, &b->type, &failure) == ERR_OK, "type");
	snprintf(path, sizeof path, "%s/calendars/cn-office.yaml", etc_dir);
	must(file_read(path, CONFIG_BYTES_MAX, &text, &n) == ERR_OK, "calendar");
	must(config_calendar_read(STR("calendar"), (struct str){text, n}, &b->arena, &problem,
				  &b->calendar) == ERR_OK,
	     "calendar");
	zone_init_fixed(8 * 3600, &b->zone);
	b->calendar.calendar.zone = &b->zone;
	b->set = (struct case_setting){.book = &b->book,
				       .type = &b->type,
				       .categories = &b->book.categories,
				       .calendar = &b->calendar.calendar,
				       .route_lead = 0,
				       .now_us = INT64_C(1780883400000000)}; /* a Monday */
}

static unsigned field_of(const struct bench *b, const char *name)
{
	for (unsigned i = 0; i < b->type.fields_n; i++)
		if (str_eq(b->type.fields[i].name.text, str_of(name)))
			return i;
	must(false, name);
	return 0;
}

static unsigned role_of(const struct bench *b, const char *name)
{
	for (unsigned i = 0; i < b->book.roles_n; i++)
		if (str_eq(b->book.roles[i].name.text, str_of(name)))
			return i;
	must(false, name);
	return 0;
}

static void report(const char *category, const char *what, double us)
{
	printf("%s, %-42s %8.2f us of CPU   <= %.1f\n", category, what, us, LIMIT_US);
}

/* The same command on the same case, again and again; *c becomes the case after it. */
static void measure(const struct bench *b, const char *category, const char *what, const char *role,
		    const struct case_wish *wish, struct case_now *c)
{
	static struct case_now now;
	const struct case_actor actor = {role_of(b, role), 7};
	struct case_stepped step;
	double from = cpu_us();

	for (unsigned i = 0; i < ROUNDS; i++) {
		now = *c;
		case_step(&b->set, &actor, wish, &now, &step);
		must(step.refusal == CASE_MOVED, what);
	}
	report(category, what, (cpu_us() - from) / ROUNDS);
	*c = now;
}

static void measure_timer(const struct bench *b, const char *category, const char *what,
			  int64_t later_us, const struct case_now *c)
{
	static struct case_now now;
	struct case_setting later = b->set;
	struct case_stepped step;
	double from = cpu_us();

	later.now_us += later_us;
	for (unsigned i = 0; i < ROUNDS; i++) {
		now = *c;
		case_step_timer(&later, &now, &step);
		must((step.refusal == CASE_MOVED) == (later_us > 0), what);
	}
	report(category, what, (cpu_us() - from) / ROUNDS);
}

static void run(const struct bench *b, const char *category)
{
	const struct case_actor intake = {role_of(b, "intake"), 1};
	struct case_fill start[8], open = {field_of(b, "category"), 0};
	const struct case_fill contacted = {field_of(b, "contact_outcome"), 0},
			       fed_back[] = {{field_of(b, "answer"), 1},
					     {field_of(b, "photo_after"), 1}};
	static struct case_now c;
	struct case_stepped step;
	unsigned n = 0;

	for (; n < b->type.start_fields.n && n < 8; n++)
		start[n] = (struct case_fill){b->type.start_fields.v[n].index, 0};
	for (unsigned i = n; i-- > 0;)
		if (b->type.fields[start[i].field].kind == CASES_FIELD_ACTOR)
			start[i] = start[--n];
	while (!str_eq(b->book.categories.v[open.value].name.text, str_of(category)))
		open.value++;
	case_hand_in(&b->set, &intake, start, n, &c, &step);
	must(step.refusal == CASE_MOVED, "hand in");
	measure(b, category, "open", "intake", &(struct case_wish){CASES_COMMAND_OPEN, &open, 1},
		&c);
	measure(b, category, "dispatch, clocks begin", "dispatcher",
		&(struct case_wish){.command = CASES_COMMAND_DISPATCH}, &c);
	printf("%s, clocks that run: %d\n", category,
	       __builtin_popcountll((unsigned long long)c.rec.clocks_running));
	measure_timer(b, category, "timer: received by time", INT64_C(3) * 86400000000, &c);
	measure(b, category, "receive", "unit_handler",
		&(struct case_wish){.command = CASES_COMMAND_RECEIVE}, &c);
	measure_timer(b, category, "timer: nothing is due", 0, &c);
	measure_timer(b, category, "timer: every clock up a level", INT64_C(30) * 86400000000, &c);
	measure(b, category, "contact", "unit_handler",
		&(struct case_wish){CASES_COMMAND_CONTACT, &contacted, 1}, &c);
	measure(b, category, "feed back", "unit_handler",
		&(struct case_wish){CASES_COMMAND_FEEDBACK, fed_back, 2}, &c);
}

int main(int argc, char **argv)
{
	static struct bench b;

	must(argc == 2, "usage: bench_cases_step ETC");
	load(argv[1], &b);
	printf("a case: %zu bytes\n", sizeof(struct case_now));
	run(&b, "0101"); /* six limits, in minutes and hours */
	run(&b, "0104"); /* working hours and days */
	free(b.arena.p);
	return 0;
}
