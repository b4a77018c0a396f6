/* liren user: accounts, by the machine's operator. While an office runs its writer decides; else
 * one of our own does. A password comes from a file, from standard input, or is asked for on a
 * terminal; never from the command line, which everybody on the machine can read. */
#include "user.h"

#include "app/etc.h"
#include "app/files.h"
#include "app/kernel.h"

#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

static const char usage[] =
    "liren user add --name NAME [--post POST]... [--contact MAIL] [--lang zh|en]\n"
    "liren user add --resident [--name NAME] [--contact MAIL] [--lang zh|en]\n"
    "liren user list                      the staff\n"
    "liren user show WHO\n"
    "liren user change WHO [--name NAME] [--contact MAIL] [--lang zh|en]\n"
    "liren user post WHO [--post POST]...  these posts from now on; none without --post\n"
    "liren user password WHO [--password-file FILE | --ask] [--second NAME]\n"
    "liren user codes WHO [--second NAME]  print a new sheet of codes, once\n"
    "liren user end WHO [--erase]\n"
    "liren user sessions WHO [--end N | --end-all]\n"
    "WHO is a name, or the number of an account. The office may be running.\n\n"
    "  --post POST      ROLE, ROLE:UNIT or ROLE:UNIT:AREA,AREA as in etc/; may be given again\n"
    "  --password-file FILE  its first line is the password; else that of standard input\n"
    "  --ask            ask for the password on the terminal\n"
    "  --second NAME    the second person of the staff, where one is needed: for a resident who\n"
    "                   can sign in already\n"
    "  --erase          destroy the keys of name and contact as well\n" CLI_STORE_USAGE;

struct user_words {
	const char *verb, *who;
	const char *name, *contact, *password_file, *second;
	enum lang lang;
	bool resident, has_lang, ask, erase, end_all;
	uint64_t end_session;
	char *posts[ACCOUNT_POSTS_MAX];
	unsigned posts_n;
};

/* ---- what was typed ---- */

/* ROLE[:UNIT[:AREA,…]]; cuts `text`. */
static bool take_post(char *text, struct account_post *ret)
{
	char *unit = strchr(text, ':'), *areas = unit ? strchr(unit + 1, ':') : NULL, *rest = NULL;

	if (unit)
		*unit++ = 0;
	if (areas)
		*areas++ = 0;
	*ret = (struct account_post){.role = str_of(text), .unit = str_of(unit ? unit : "")};
	for (char *a = areas ? strtok_r(areas, ",", &rest) : NULL; a;
	     a = strtok_r(NULL, ",", &rest)) {
		if (ret->areas_n == ACCOUNT_AREAS_MAX)
			return false;
		ret->areas[ret->areas_n++] = str_of(a);
	}
	return ret->role.n > 0;
}

static bool take_posts(const struct user_words *x, struct account_posts *ret)
{
	ret->n = x->posts_n;
	for (unsigned i = 0; i < x->posts_n; i++)
		if (!take_post(x->posts[i], &ret->v[i]))
			return false;
	return true;
}

/* ---- the password ---- */

static enum err wrong_password(struct user_call *u, enum msg msg)
{
	return problem_set(&u->problem, ERR_BAD_INPUT, STR("password"), msg, NULL, 0);
}

/* The first line. */
static enum err read_line(int fd, char text[PASSWORD_BYTES_MAX + 2], size_t *ret_n)
{
	size_t n = 0;
	ssize_t got;

	do {
		got = read(fd, text + n, 1);
		n += got > 0;
	} while (got > 0 && text[n - 1] != '\n' && n < PASSWORD_BYTES_MAX + 2);
	if (got < 0)
		return ERR_STORE;
	if (n > 0 && text[n - 1] == '\n')
		n--;
	if (n > 0 && text[n - 1] == '\r')
		n--;
	*ret_n = n;
	return ERR_OK;
}

static enum err ask_once(int tty, enum msg question, char text[PASSWORD_BYTES_MAX + 2],
			 size_t *ret_n)
{
	struct termios shown, hidden;
	enum err e;

	if (tcgetattr(tty, &shown) != 0)
		return ERR_STORE;
	hidden = shown;
	hidden.c_lflag &= ~(tcflag_t)ECHO;
	/* hidden before it is asked for, and what was typed meanwhile is kept */
	if (tcsetattr(tty, TCSADRAIN, &hidden) != 0)
		return ERR_STORE;
	dprintf(tty, "%s ", cli_text(question));
	e = read_line(tty, text, ret_n);
	tcsetattr(tty, TCSADRAIN, &shown);
	dprintf(tty, "\n");
	return e;
}

static enum err ask(struct user_call *u, char text[PASSWORD_BYTES_MAX + 2], size_t *ret_n)
{
	char again[PASSWORD_BYTES_MAX + 2];
	int tty = open("/dev/tty", O_RDWR | O_CLOEXEC);
	size_t n = 0, m = 0;
	bool same;
	enum err e;

	if (tty < 0)
		return wrong_password(u, MSG_CLI_USER_NO_TERMINAL);
	e = ask_once(tty, MSG_CLI_USER_ASK, text, &n);
	if (e == ERR_OK)
		e = ask_once(tty, MSG_CLI_USER_ASK_AGAIN, again, &m);
	close(tty);
	same = n == m && memcmp(text, again, n) == 0;
	seal_wipe(again, sizeof again);
	TRY(e);
	*ret_n = n;
	return same ? ERR_OK : wrong_password(u, MSG_CLI_USER_NOT_THE_SAME);
}

static enum err read_password(struct user_call *u, const struct user_words *x,
			      char text[PASSWORD_BYTES_MAX + 2], size_t *ret_n)
{
	struct str path = str_of(x->password_file);
	int fd = STDIN_FILENO;
	enum err e;

	if (x->ask)
		return ask(u, text, ret_n);
	if (!x->password_file && isatty(STDIN_FILENO))
		return wrong_password(u, MSG_CLI_USER_PASSWORD_FROM);
	if (x->password_file)
		fd = open(x->password_file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return problem_set(&u->problem, ERR_NOT_FOUND, STR(""), MSG_CLI_FILE_UNREADABLE,
				   &path, 1);
	e = read_line(fd, text, ret_n);
	if (x->password_file)
		close(fd);
	return e;
}

static enum err take_password(struct user_call *u, const struct user_words *x,
			      struct password_hash *ret)
{
	struct kernel_entropy random;
	struct entropy entropy = kernel_entropy(&random);
	char text[PASSWORD_BYTES_MAX + 2];
	size_t n = 0;
	enum err e = read_password(u, x, text, &n);

	if (e == ERR_OK && !password_may_be((struct str){text, n}))
		e = wrong_password(u, MSG_PASSWORD_RULE);
	if (e == ERR_OK)
		e = password_hash_make(&entropy, (struct str){text, n}, ret);
	seal_wipe(text, sizeof text);
	return e;
}

/* ---- orders ---- */

static enum err give(struct user_call *u, struct account_call *call)
{
	enum err e = u->runner ? account_call_run(u->runner, str_of(u->account), call)
			       : account_door_call(&u->settings, call);

	if (e != ERR_OK)
		u->problem = call->problem;
	if (e == ERR_LOCKED && u->problem.err == ERR_OK) {
		struct str dir = str_of(u->settings.dir);
		return problem_set(&u->problem, e, STR(""), MSG_CLI_USER_NO_DOOR, &dir, 1);
	}
	return e;
}

/* The second person, under the first of their posts. */
static enum err take_second(struct user_call *u, const struct user_words *x,
			    struct account_row *row, struct account_actor *ret)
{
	if (!x->second)
		return ERR_OK;
	TRY(user_find(u, x->second, row));
	ret->account = row->id;
	if (row->posts.n > 0) {
		ret->role = row->posts.v[0].role;
		ret->unit = row->posts.v[0].unit;
	}
	return ERR_OK;
}

static void say_sheet(const struct account_call *call)
{
	char n[CLI_U64_BYTES];

	cli_say(MSG_CLI_USER_SHEET, (struct str[]){cli_u64(call->n, n)}, 1);
	for (unsigned i = 0; i < CODE_SHEET_CODES; i++)
		printf("  %2u  %s\n", i + 1, call->order.codes[i]);
	cli_say(MSG_CLI_USER_SHEET_ONCE, NULL, 0);
}

static enum err secret(struct user_call *u, const struct user_words *x, struct account_call *call)
{
	struct account_row second;
	char id[CLI_U64_BYTES];

	call->order.account = u->who.id;
	TRY(take_second(u, x, &second, &call->order.second));
	if (call->order.act == ACCOUNT_SET_PASSWORD)
		TRY(take_password(u, x, &call->order.hash));
	TRY(give(u, call));
	if (call->order.act == ACCOUNT_SET_SHEET)
		say_sheet(call);
	else
		cli_say(MSG_CLI_USER_PASSWORD_SET, (struct str[]){cli_u64(u->who.id, id)}, 1);
	return ERR_OK;
}

static enum err account(struct user_call *u, const struct user_words *x, struct account_call *call,
			enum msg done)
{
	struct account_order *o = &call->order;
	char n[2][CLI_U64_BYTES];

	o->account = u->who.id;
	o->kind = x->resident ? ACCOUNT_RESIDENT : ACCOUNT_STAFF;
	o->name = str_of(x->name ? x->name : "");
	o->contact = str_of(x->contact ? x->contact : "");
	o->lang = x->lang;
	o->sets_name = x->name != NULL;
	o->sets_contact = x->contact != NULL;
	o->sets_lang = x->has_lang;
	TRY(give(u, call));
	cli_say(done,
		(struct str[]){cli_u64(o->act == ACCOUNT_MAKE ? call->n : u->who.id, n[0]),
			       cli_u64(call->n, n[1])},
		2);
	return ERR_OK;
}

static enum err sessions(struct user_call *u, const struct user_words *x,
			 struct account_call *call)
{
	if (!x->end_all && x->end_session == 0)
		return user_show_sessions(u);
	call->of_sessions = true;
	call->session = (struct session_order){.act = x->end_all ? SESSION_END_ALL : SESSION_END,
					       .account = u->who.id,
					       .session = x->end_session};
	TRY(give(u, call));
	cli_say(MSG_CLI_USER_SESSIONS_ENDED, NULL, 0);
	return ERR_OK;
}

enum user_verb { ADD, LIST, SHOW, CHANGE, POST, PASSWORD, CODES, END, SESSIONS, VERBS };
static const char *const verbs[VERBS] = {"add",	     "list",  "show", "change",	 "post",
					 "password", "codes", "end",  "sessions"};

static enum err run(struct user_call *u, const struct user_words *x, enum user_verb verb,
		    struct account_call *call)
{
	if (x->who)
		TRY(user_find(u, x->who, &u->who));
	switch (verb) {
	case ADD:
		call->order.act = ACCOUNT_MAKE;
		return account(u, x, call, MSG_CLI_USER_ADDED);
	case LIST:
		return user_list(u);
	case SHOW:
		return user_show(u);
	case CHANGE:
		call->order.act = ACCOUNT_CHANGE;
		return account(u, x, call, MSG_CLI_USER_CHANGED);
	case POST:
		call->order.act = ACCOUNT_CHANGE;
		call->order.sets_posts = true;
		return account(u, x, call, MSG_CLI_USER_CHANGED);
	case PASSWORD:
		call->order.act = ACCOUNT_SET_PASSWORD;
		return secret(u, x, call);
	case CODES:
		call->order.act = ACCOUNT_SET_SHEET;
		return secret(u, x, call);
	case END:
		call->order.act = x->erase ? ACCOUNT_ERASE : ACCOUNT_END;
		return account(u, x, call, x->erase ? MSG_CLI_USER_ERASED : MSG_CLI_USER_ENDED);
	case SESSIONS:
		return sessions(u, x, call);
	case VERBS:
		break;
	}
	return ERR_INTERNAL;
}

/* ---- the store ---- */

/* Posts are checked against the files in force. */
static const struct cases_shelf *take_up(void *ctx, struct db *db)
{
	struct etc_shelf **shelf = ((void **)ctx)[1];
	struct etc_options o = {.settings = ((void **)ctx)[0], .db = db};
	struct config_shelf_failure *failure = calloc(1, sizeof *failure);

	if (failure && etc_in_force(&o, shelf, failure) != ERR_OK)
		*shelf = NULL;
	free(failure);
	return *shelf ? &(*shelf)->shelf : NULL;
}

/* A writer of our own where nobody has the store. Delivers what follows, so that a key is destroyed
 * when this ends. */
static enum err own_runner(struct user_call *u, struct etc_shelf **shelf)
{
	void *ctx[2] = {&u->settings, (void *)shelf};
	struct runner_options options = {.paths = &u->paths,
					 .secrets = &u->secrets,
					 .take_up = take_up,
					 .ctx = ctx,
					 .attachments = u->settings.attachments,
					 .finish = true};

	return runner_start(&options, &u->runner);
}

static enum err with_store(struct user_call *u, const struct user_words *x, enum user_verb verb,
			   struct account_call *call)
{
	bool reads = verb == LIST || verb == SHOW ||
		     (verb == SESSIONS && !x->end_all && x->end_session == 0);
	struct etc_shelf *shelf = NULL;
	int fd = -1, pid = 0;
	enum err e = secrets_load(&u->settings, &u->secrets, &u->problem);

	if (e == ERR_OK && !reads)
		e = store_lock(&u->settings, &fd, &pid);
	if (e == ERR_OK && !reads)
		e = own_runner(u, &shelf);
	if (e == ERR_OK || (e == ERR_LOCKED && !reads && fd < 0))
		e = reader_open(&u->paths, &u->secrets, &u->reader);
	if (e == ERR_OK)
		e = run(u, x, verb, call);
	reader_close(u->reader);
	runner_stop(u->runner);
	etc_shelf_free(shelf);
	if (fd >= 0)
		close(fd);
	return e;
}

static int user(const struct settings_overrides *o, const struct user_words *x,
		enum user_verb verb)
{
	struct user_call *u = calloc(1, sizeof *u);
	struct account_call *call = calloc(1, sizeof *call);
	int code = CLI_FAILED;
	enum err e = ERR_OK;

	if (!u || !call) {
		e = ERR_NO_MEMORY;
	} else if (!take_posts(x, &call->order.posts)) {
		code = cli_usage(usage);
	} else if ((code = cli_store_permit(o, POLICY_MANAGE_ACCOUNTS, &u->settings)) ==
		   CLI_DONE) {
		u->paths = settings_paths(&u->settings);
		operator_account(u->account, sizeof u->account);
		e = with_store(u, x, verb, call);
	}
	if (e != ERR_OK)
		code = cli_fail(e, u ? &u->problem : NULL);
	if (u)
		seal_wipe(u, sizeof *u);
	if (call)
		seal_wipe(call, sizeof *call);
	free(u);
	free(call);
	return code;
}

enum { NAME = 'n', RESIDENT, CONTACT, LANG, POSTS, PASSWORD_FILE, ASK, SECOND, ERASE, ONE, ALL };

static bool take_option(int c, char *value, struct user_words *x)
{
	switch (c) {
	case NAME:
		x->name = value;
		return true;
	case RESIDENT:
		return x->resident = true;
	case CONTACT:
		x->contact = value;
		return true;
	case LANG:
		x->has_lang = strcmp(value, "zh") == 0 || strcmp(value, "en") == 0;
		x->lang = value[0] == 'z' ? LANG_ZH : LANG_EN;
		return x->has_lang;
	case POSTS:
		if (x->posts_n == ACCOUNT_POSTS_MAX)
			return false;
		x->posts[x->posts_n++] = value;
		return true;
	case PASSWORD_FILE:
		x->password_file = value;
		return true;
	case ASK:
		return x->ask = true;
	case SECOND:
		x->second = value;
		return true;
	case ERASE:
		return x->erase = true;
	case ONE:
		return cli_number(value, INT64_MAX, &x->end_session) && x->end_session > 0;
	case ALL:
		return x->end_all = true;
	default:
		return false;
	}
}

int cli_user(int argc, char **argv)
{
	static const struct option options[] = {CLI_STORE_OPTIONS,
						{"name", required_argument, NULL, NAME},
						{"resident", no_argument, NULL, RESIDENT},
						{"contact", required_argument, NULL, CONTACT},
						{"lang", required_argument, NULL, LANG},
						{"post", required_argument, NULL, POSTS},
						{"password-file", required_argument, NULL,
						 PASSWORD_FILE},
						{"ask", no_argument, NULL, ASK},
						{"second", required_argument, NULL, SECOND},
						{"erase", no_argument, NULL, ERASE},
						{"end", required_argument, NULL, ONE},
						{"end-all", no_argument, NULL, ALL},
						{0}};
	struct user_words x = {.lang = LANG_ZH};
	struct settings_overrides o = {0};
	unsigned verb = 0;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == CLI_HELP) {
			fputs(usage, stdout);
			return CLI_DONE;
		}
		if (!cli_store_option(c, optarg, &o) && !take_option(c, optarg, &x))
			return cli_usage(usage);
	}
	while (optind < argc && verb < VERBS && strcmp(argv[optind], verbs[verb]) != 0)
		verb++;
	if (optind == argc || verb == VERBS)
		return cli_usage(usage);
	x.who = optind + 1 < argc ? argv[optind + 1] : NULL;
	if (optind + 2 < argc || (x.who != NULL) != (verb != ADD && verb != LIST) ||
	    (x.posts_n > 0 && verb != ADD && verb != POST))
		return cli_usage(usage);
	return user(&o, &x, (enum user_verb)verb);
}
