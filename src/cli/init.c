/* liren init: make a store. */
#include "cli.h"

#include "app/setup.h"

static const char usage[] =
    "liren init [--dir DIR] [--community CODE] [--zone ZONE] [--bare]\n"
    "Make a data folder with an empty record, and the keys beside it.\n\n"
    "  --community CODE the community's administrative code, 12 digits (default 440305002005)\n"
    "  --zone ZONE      its time zone (default Asia/Shanghai)\n"
    "  --bare           without the files that come with the program: put your own into "
    "etc/\n" CLI_STORE_USAGE;

int cli_init(int argc, char **argv)
{
	static const struct option options[] = {CLI_STORE_OPTIONS,
						{"community", required_argument, NULL, 'c'},
						{"zone", required_argument, NULL, 'z'},
						{"bare", no_argument, NULL, 'b'},
						{0}};
	struct settings_overrides o = {0};
	struct setup_options so = {.code = SETUP_CODE_DEFAULT, .zone = SETUP_ZONE_DEFAULT};
	struct settings s;
	struct problem p = {0};
	struct str dir;
	enum err e;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (cli_store_option(c, optarg, &o))
			continue;
		if (c == CLI_HELP) {
			fputs(usage, stdout);
			return CLI_DONE;
		}
		if (c == 'c' && strlen(optarg) == 12 &&
		    cli_number(optarg, SETUP_CODE_MAX, &so.code))
			continue;
		if (c == 'z')
			so.zone = optarg;
		else if (c == 'b')
			so.bare = true;
		else
			return cli_usage(usage);
	}
	if (optind < argc)
		return cli_usage(usage);
	e = settings_load(&o, &s, &p);
	if (e == ERR_OK)
		e = setup_store(&s, &so, &p);
	if (e != ERR_OK)
		return cli_fail(e, &p);
	dir = str_of(s.dir);
	cli_say(MSG_CLI_INIT_DONE, (struct str[]){dir, str_of(s.keys_dir)}, 2);
	return CLI_DONE;
}
