/* What a look costs the writer beside COMMIT: ten texts of one case, decided, written, applied.
 * Cases have ten messages and a dozen hands. */
#include "cases.h"

#include "app/kernel.h"
#include "service/look_order.h"

#include <time.h>

#define CASES 300u
#define FIELDS_ASKED 10u
#define ROUNDS 20000u
#define GROUP 64u
#define LIMIT_US 25.0

enum err __real_db_commit(struct db *db);
enum err __wrap_db_commit(struct db *db);

static double commit_us;

static double cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

enum err __wrap_db_commit(struct db *db)
{
	double from = cpu_us();
	enum err e = __real_db_commit(db);

	commit_us += cpu_us() - from;
	return e;
}

static struct test_cases t;
static struct kernel_entropy random_bytes;
static uint64_t id[CASES], message[CASES][FIELDS_ASKED];

static void set_cases(void)
{
	for (unsigned i = 0; i < CASES; i++) {
		char account[32];
		id[i] = cases_hand_in(&t, "resident-request",
				      FIELDS("place", "0", "text", "巷子里的路灯不亮", "channel",
					     "phone", "has_reporter", "yes", "drill", "no"));
		cases_must(&t, id[i], "open", "intake", "desk-1", FIELDS("category", "0102"));
		cases_must(&t, id[i], "dispatch", "dispatcher", "desk-2",
			   FIELDS("lead_unit", "URB"));
		for (unsigned k = 0; k < FIELDS_ASKED; k++) {
			snprintf(account, sizeof account, "urb-%u", k);
			cases_must(&t, id[i], "message", "unit_handler", account,
				   FIELDS("message", "明天上午去看，请留门。"));
			message[i][k] = t.answer.n;
		}
	}
}

static void look_group(unsigned round)
{
	static struct command c[GROUP];
	static struct look_order order[GROUP];
	static struct look_field field[GROUP][FIELDS_ASKED];
	struct command *group[GROUP];

	for (unsigned i = 0; i < GROUP; i++) {
		unsigned at = (round * GROUP + i) * 7919u % CASES;
		for (unsigned k = 0; k < FIELDS_ASKED; k++)
			field[i][k] = (struct look_field){.field = STR("message"),
							  .n = k == 0 ? 0 : message[at][k - 1]};
		order[i] = (struct look_order){.account = STR("urb-3"),
					       .role = STR("unit_handler"),
					       .unit = STR("URB"),
					       .id = id[at],
					       .purpose = STR("getting-it-done"),
					       .fields = field[i],
					       .fields_n = FIELDS_ASKED};
		c[i] = (struct command){.kind = COMMAND_LOOK, .account = STR("os:bench")};
		c[i].answer.remedy = MSG_COUNT;
		c[i].look.order = &order[i];
		group[i] = &c[i];
	}
	writer_group(t.w, group, GROUP, t.store.now);
	test_store_pass(&t.store, 10000);
	for (unsigned i = 0; i < GROUP; i++)
		if (c[i].answer.err != ERR_OK || order[i].ret_opened != FIELDS_ASKED)
			book_say(&order[i].problem);
}

int main(void)
{
	double from, each;
	unsigned rounds = ROUNDS / GROUP;

	db_process_init();
	if (sodium_init() < 0)
		return 1;
	cases_open(&t, NULL);
	t.store.entropy = kernel_entropy(&random_bytes);
	set_cases();
	commit_us = 0;
	from = cpu_us();
	for (unsigned i = 0; i < rounds; i++)
		look_group(i);
	each = (cpu_us() - from - commit_us) / (rounds * GROUP);
	printf("%-58s %12.3f %-6s <= %.1f\n",
	       "a look at 10 fields, 64 a group, CPU beside COMMIT", each, "us",
	       LIMIT_US);
	printf("%-58s %12.3f %-6s\n", "  its COMMIT, CPU", commit_us / (rounds * GROUP), "us");
	cases_close(&t);
	return 0;
}
