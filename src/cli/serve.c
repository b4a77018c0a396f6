/* liren serve: a store over HTTP. */
#include "cli.h"

#include "app/log.h"
#include "app/serve.h"

#define PORT_DEFAULT 8420

static const char serve_usage[] =
    "liren serve [--dir DIR] [--port N] [--listen ADDRESS]\n"
    "Serve a store until SIGTERM or SIGINT. TLS stands in front (Caddy, nginx).\n\n"
    "  --port N         default 8420; 0 takes any free one\n"
    "  --listen ADDRESS default 127.0.0.1\n"
    "  --metrics ADDRESS:PORT serve figures for Prometheus there, at /metrics; default: nowhere\n"
    "  --log-level L    info (a line a request), warn, error; default info\n"
    "  --confirm-clock  the clock is right, although more than 30 days have passed since the last "
    "entry\n" CLI_STORE_USAGE;

struct serve_call {
	struct settings_overrides overrides;
	struct serve_options options;
	struct settings settings;
};

/* ERR-like: CLI_DONE goes on, anything else is the exit code; -1: help was shown. */
static int parse(int argc, char **argv, const char *usage, struct serve_call *call)
{
	static const struct option options[] = {CLI_STORE_OPTIONS,
						{"port", required_argument, NULL, 'p'},
						{"listen", required_argument, NULL, 'l'},
						{"confirm-clock", no_argument, NULL, 'c'},
						{"metrics", required_argument, NULL, 'm'},
						{"log-level", required_argument, NULL, 'L'},
						{0}};
	enum log_level level = LOG_INFO_LEVEL;
	uint64_t port = PORT_DEFAULT;
	int c;

	call->options.address = "127.0.0.1";
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (cli_store_option(c, optarg, &call->overrides))
			continue;
		if (c == CLI_HELP) {
			fputs(usage, stdout);
			return -1;
		}
		if (c == 'p' && cli_number(optarg, UINT16_MAX, &port))
			continue;
		if (c == 'L' && log_level_parse(optarg, &level))
			continue;
		if (c == 'm')
			call->options.metrics = optarg;
		else if (c == 'l')
			call->options.address = optarg;
		else if (c == 'c')
			call->options.confirm_clock = true;
		else
			return cli_usage(usage);
	}
	log_set_level(level);
	call->options.port = (uint16_t)port;
	call->options.settings = &call->settings;
	return optind < argc ? cli_usage(usage) : CLI_DONE;
}

static int run(struct serve_call *call)
{
	struct problem p = {0};
	enum err e = settings_load(&call->overrides, &call->settings, &p);

	if (e == ERR_OK && call->options.metrics) {
		int code = cli_permit_mending(&call->settings, POLICY_SEE_METRICS);
		if (code != CLI_DONE)
			return code;
	}
	if (e == ERR_OK)
		e = serve(&call->options, &p);
	return e == ERR_OK ? CLI_DONE : cli_fail(e, &p);
}

int cli_serve(int argc, char **argv)
{
	struct serve_call call = {0};
	int code = parse(argc, argv, serve_usage, &call);

	if (code != CLI_DONE)
		return code < 0 ? CLI_DONE : code;
	return run(&call);
}
