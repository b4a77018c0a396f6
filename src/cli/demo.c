/* liren demo: a neighbourhood that is generated and lives, over HTTP; or one day of it, as fast as
 * it goes, with its figures. */
#include "cli.h"

#include "app/demo.h"
#include "app/demo_clock.h"
#include "app/log.h"
#include "app/serve.h"
#include "app/setup.h"
#include "cases/step.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PORT_DEFAULT 8420
#define SPEED_DEFAULT 60000u /* a minute in a second */

static const char usage[] =
    "liren demo [--dir DIR] [--port N] [--speed X] [--once]\n"
    "Make a generated neighbourhood where there is none, and serve it at http://localhost:8420.\n"
    "That it is a demo stands in its first entry, and on every page. Its people live by the API:\n"
    "the week before Thursday 11 June 2026 goes by at once, then the day goes on from 8:00.\n\n"
    "  --port N         default 8420; 0 takes any free one\n"
    "  --listen ADDRESS default 127.0.0.1\n"
    "  --dir DIR        default ./demo, kept for the next time; with --once one that is removed\n"
    "  --keys DIR       default DIR.keys\n"
    "  --speed X        how fast its clock goes; default 60, a minute in a second; 0: it stands\n"
    "                   still until somebody moves it\n"
    "  --once           play that one day as fast as it goes, print its figures, and end\n"
    "  --bare           without places and people\n"
    "  --log-level L    info (a line a request), warn, error; default warn\n"
    "  --metrics ADDRESS:PORT serve figures for Prometheus there; default: nowhere\n"
    "  --help           this text\n";

struct demo_call {
	struct settings_overrides overrides;
	struct serve_options serve;
	struct settings settings;
	bool once, bare;
	char temporary[64]; /* the folder around a store that is removed; or empty */
	struct demo *demo;
	struct demo_result result;
};

/* X as thousandths. */
static bool take_speed(const char *text, uint32_t *ret)
{
	char *end = NULL;
	double x = strtod(text, &end);

	if (end == text || *end || !(x >= 0) || x * 1000 > DEMO_SPEED_MAX)
		return false;
	*ret = (uint32_t)lround(x * 1000);
	return true;
}

static bool take_option(struct demo_call *call, int c, uint64_t *port, enum log_level *level)
{
	switch (c) {
	case 'p':
		return cli_number(optarg, UINT16_MAX, port);
	case 'L':
		return log_level_parse(optarg, level);
	case 's':
		return take_speed(optarg, &call->serve.demo_speed);
	case 'm':
		call->serve.metrics = optarg;
		return true;
	case 'l':
		call->serve.address = optarg;
		return true;
	case 'o':
		call->once = true;
		return true;
	case 'b':
		call->bare = true;
		return true;
	default:
		return cli_store_option(c, optarg, &call->overrides);
	}
}

/* CLI_DONE goes on, anything else is the exit code; -1: help was shown. */
static int parse(int argc, char **argv, struct demo_call *call)
{
	static const struct option options[] = {CLI_STORE_OPTIONS,
						{"port", required_argument, NULL, 'p'},
						{"listen", required_argument, NULL, 'l'},
						{"metrics", required_argument, NULL, 'm'},
						{"log-level", required_argument, NULL, 'L'},
						{"speed", required_argument, NULL, 's'},
						{"once", no_argument, NULL, 'o'},
						{"bare", no_argument, NULL, 'b'},
						{0}};
	enum log_level level = LOG_WARN_LEVEL;
	uint64_t port = PORT_DEFAULT;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == CLI_HELP) {
			fputs(usage, stdout);
			return -1;
		}
		if (!take_option(call, c, &port, &level))
			return cli_usage(usage);
	}
	log_set_level(level);
	call->serve.port = call->once ? 0 : (uint16_t)port;
	if (call->once)
		call->serve.demo_speed = 0;
	return optind < argc || (call->once && call->bare) ? cli_usage(usage) : CLI_DONE;
}

/* ---- the folder ---- */

static enum err make_temporary(struct demo_call *call, char dir[FILE_PATH_MAX])
{
	const char *tmp = getenv("TMPDIR");

	if (snprintf(call->temporary, sizeof call->temporary, "%s/liren-demo-XXXXXX",
		     tmp && *tmp ? tmp : "/tmp") >= (int)sizeof call->temporary ||
	    !mkdtemp(call->temporary)) {
		call->temporary[0] = 0;
		return ERR_NO_SPACE;
	}
	snprintf(dir, FILE_PATH_MAX, "%s/demo", call->temporary);
	call->overrides.dir = dir;
	return ERR_OK;
}

static enum err make_store(struct demo_call *call, struct problem *p)
{
	struct setup_options so = {.code = call->bare ? SETUP_CODE_DEFAULT : DEMO_COMMUNITY,
				   .zone = SETUP_ZONE_DEFAULT,
				   .demo = true,
				   .begins_us = call->bare ? 0 : DEMO_BEGIN_US};
	struct str dir = str_of(call->settings.dir);
	struct divisions levels;

	if (!setup_has_store(&call->settings))
		return setup_store(&call->settings, &so, &levels, p);
	return call->once ? problem_set(p, ERR_EXISTS, STR(""), MSG_STORE_EXISTS, &dir, 1) : ERR_OK;
}

/* ---- while it is served ---- */

static enum err ready(void *ctx, uint16_t port)
{
	struct demo_call *call = ctx;
	struct demo_options o = {
	    .settings = &call->settings, .once = call->once, .progress = cli_progress};

	return call->bare ? ERR_OK : demo_start(&o, port, &call->demo);
}

static void stopping(void *ctx)
{
	struct demo_call *call = ctx;

	call->demo = demo_stop(call->demo, &call->result);
}

/* In the order of the table of figures; what is not counted by it comes last. */
static void print_figures(const struct demo_result *r)
{
	printf("2026-06-11\n");
	for (unsigned i = 0; i < CASE_FIGURE_COUNT; i++) {
		const char *name = case_figure_name((enum case_figure)i);
		uint64_t n = 0;
		for (unsigned k = 0; k < r->figures_n; k++)
			if (strcmp(r->figure[k].name, name) == 0)
				n = r->figure[k].n;
		printf("  %-18s %5llu  %s\n", name, (unsigned long long)n,
		       case_figure_words((enum case_figure)i, cli_lang()));
	}
	for (unsigned k = 0; k < r->figures_n; k++)
		if (strcmp(r->figure[k].name, "dispatched") == 0)
			printf("  %-18s %5llu  %s\n", "dispatched",
			       (unsigned long long)r->figure[k].n,
			       cli_text(MSG_CLI_DEMO_DISPATCHED));
}

static int run(struct demo_call *call)
{
	char dir[FILE_PATH_MAX];
	struct problem p = {0};
	enum err e = ERR_OK;

	if (call->once && !call->overrides.dir)
		e = make_temporary(call, dir);
	else if (!call->overrides.dir)
		call->overrides.dir = "demo";
	if (e == ERR_OK)
		e = settings_load(&call->overrides, &call->settings, &p);
	if (e == ERR_OK && call->serve.metrics) {
		int code = cli_permit_mending(&call->settings, POLICY_SEE_METRICS);
		if (code != CLI_DONE)
			return code;
	}
	if (e == ERR_OK)
		e = make_store(call, &p);
	if (e == ERR_OK)
		e = serve(&call->serve, &p);
	if (call->temporary[0])
		folder_remove(call->temporary);
	if (e != ERR_OK)
		return cli_fail(e, &p);
	if (!call->once)
		return CLI_DONE;
	if (!call->result.done)
		return cli_fail_text(ERR_STOPPING, cli_text(MSG_CLI_DEMO_CUT_OFF));
	print_figures(&call->result);
	return CLI_DONE;
}

int cli_demo(int argc, char **argv)
{
	struct demo_call *call = calloc(1, sizeof *call);
	int code;

	if (!call)
		return cli_fail(ERR_NO_MEMORY, NULL);
	call->serve = (struct serve_options){.settings = &call->settings,
					     .address = "127.0.0.1",
					     .demo = true,
					     .demo_speed = SPEED_DEFAULT,
					     .ready = ready,
					     .stopping = stopping,
					     .ctx = call};
	code = parse(argc, argv, call);
	if (code == CLI_DONE)
		code = run(call);
	free(call);
	return code < 0 ? CLI_DONE : code;
}
