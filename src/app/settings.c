/* Where a store lies. */
#include "app/settings.h"

#include "app/files.h"
#include "config/config_yaml.h"
#include "link/mail_text.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

#define SETTINGS_FILE_BYTES_MAX 8192u
#define SETTINGS_ARENA_BYTES 32768u

static const char file_name[] = "liren.yaml";

/* Of what exists. False where it is longer than we take: the system takes four times as much. */
static bool real(const char *path, char *to)
{
	char *found = realpath(path, NULL);
	bool fits = found && strlen(found) < FILE_PATH_MAX;

	if (fits)
		memcpy(to, found, strlen(found) + 1);
	free(found);
	return fits;
}

/* An absolute path without "." and "..", also for what does not exist yet (its parent must). */
static bool absolute(const char *path, char *to)
{
	char copy[FILE_PATH_MAX], parent[FILE_PATH_MAX], *slash;
	const char *name;

	if (snprintf(copy, sizeof copy, "%s", path) >= (int)sizeof copy || !*path)
		return false;
	if (access(copy, F_OK) == 0)
		return real(copy, to);
	for (size_t n = strlen(copy); n > 1 && copy[n - 1] == '/'; n--)
		copy[n - 1] = 0;
	slash = strrchr(copy, '/');
	name = slash ? slash + 1 : copy;
	if (slash == copy)
		snprintf(parent, sizeof parent, "/");
	else {
		if (slash)
			*slash = 0;
		if (!real(slash ? copy : ".", parent))
			return false;
	}
	return snprintf(to, FILE_PATH_MAX, "%s/%s", strcmp(parent, "/") == 0 ? "" : parent, name) <
	       (int)FILE_PATH_MAX;
}

static enum err path_problem(struct problem *p, const char *path, enum msg msg)
{
	struct str arg = str_of(path);

	return problem_set(p, ERR_BAD_INPUT, STR(""), msg, &arg, 1);
}

/* One optional path of liren.yaml. One that does not begin with "/" counts from the data folder. */
static enum err take_path(const struct config_file *f, const struct config_node *in,
			  const char *key, const char *dir, char *to)
{
	const struct config_node *node = config_find(in, key);
	const struct str longest = STR("1023");
	char raw[FILE_PATH_MAX], whole[FILE_PATH_MAX];
	struct str text;

	if (!node)
		return ERR_OK;
	TRY(config_want_text(f, node, FILE_PATH_MAX - 1, &text));
	memcpy(raw, text.p, text.n);
	raw[text.n] = 0;
	if (raw[0] == '/')
		memcpy(whole, raw, text.n + 1);
	else if (!path_join(whole, dir, raw))
		return config_fail(f, node, MSG_CONFIG_TEXT_LONG, &longest, 1);
	if (!absolute(whole, to)) /* on a disk that is away */
		memcpy(to, whole, sizeof whole);
	return ERR_OK;
}

static enum err take_calendar(const struct config_file *f, char to[CALENDAR_NAME_MAX])
{
	const struct config_node *node = config_find(f->root, "calendar");
	struct str text;

	if (!node)
		return ERR_OK;
	TRY(config_want_text(f, node, CALENDAR_NAME_MAX - 1, &text));
	memcpy(to, text.p, text.n);
	to[text.n] = 0;
	return ERR_OK;
}

static enum err take_yes(const struct config_file *f, const char *key, bool *ret)
{
	const struct config_node *node = config_find(f->root, key);
	struct str text;

	if (!node)
		return ERR_OK;
	TRY(config_want_text(f, node, 3, &text));
	if (!str_eq(text, STR("yes")) && !str_eq(text, STR("no")))
		return config_fail(f, node, MSG_CONFIG_YES_NO, &text, 1);
	*ret = str_eq(text, STR("yes"));
	return ERR_OK;
}

static enum err take_text(const struct config_file *f, const struct config_node *in,
			  const char *key, char to[MAIL_SETTING_MAX])
{
	const struct config_node *node = config_find(in, key);
	struct str text;

	if (!node)
		return ERR_OK;
	TRY(config_want_text(f, node, MAIL_SETTING_MAX - 1, &text));
	memcpy(to, text.p, text.n);
	to[text.n] = 0;
	return ERR_OK;
}

static bool starts(const char *text, const char *a, const char *b)
{
	return (strncmp(text, a, strlen(a)) == 0 && text[strlen(a)]) ||
	       (strncmp(text, b, strlen(b)) == 0 && text[strlen(b)]);
}

static enum err mail_fail(const struct config_file *f, const struct config_node *in,
			  const char *key, const char *text, enum msg msg)
{
	const struct config_node *node = config_find(in, key);
	struct str arg = str_of(text);

	return config_fail(f, node ? node : in, msg, &arg, 1);
}

/* A password over a connection that everybody on the way reads is refused. */
static enum err check_mail(const struct config_file *f, const struct config_node *in,
			   const struct settings_mail *m)
{
	const struct config_node *needed;

	TRY(config_want(f, in, "server", &needed));
	TRY(config_want(f, in, "from", &needed));
	TRY(config_want(f, in, "url", &needed));
	if (m->user[0] || m->password_file[0]) {
		TRY(config_want(f, in, "user", &needed));
		TRY(config_want(f, in, "password_file", &needed));
	}
	if (!starts(m->server, "smtp://", "smtps://"))
		return mail_fail(f, in, "server", m->server, MSG_MAIL_SERVER);
	if (!mail_address_fits(str_of(m->from)))
		return mail_fail(f, in, "from", m->from, MSG_MAIL_FROM);
	if (!starts(m->url, "http://", "https://"))
		return mail_fail(f, in, "url", m->url, MSG_MAIL_URL);
	if (m->user[0] && !m->tls && strncmp(m->server, "smtps:", 6) != 0)
		return mail_fail(f, in, "tls", "", MSG_MAIL_PLAIN_PASSWORD);
	return ERR_OK;
}

static enum err take_mail(const struct config_file *f, const char *dir, struct settings_mail *m)
{
	const struct config_node *in = config_find(f->root, "mail"), *tls;
	const struct str args[] = {{0}, STR("required, off")};
	struct str text;

	if (!in)
		return ERR_OK;
	TRY(config_want_mapping(f, in, "server from user password_file tls ca_file url"));
	TRY(take_text(f, in, "server", m->server));
	TRY(take_text(f, in, "from", m->from));
	TRY(take_text(f, in, "user", m->user));
	TRY(take_text(f, in, "url", m->url));
	TRY(take_path(f, in, "password_file", dir, m->password_file));
	TRY(take_path(f, in, "ca_file", dir, m->ca_file));
	tls = config_find(in, "tls");
	m->tls = true;
	if (tls) {
		TRY(config_want_text(f, tls, 8, &text));
		m->tls = str_eq(text, STR("required"));
		if (!m->tls && !str_eq(text, STR("off")))
			return config_fail(f, tls, MSG_CONFIG_ONE_OF, (struct str[]){text, args[1]},
					   2);
	}
	m->is_set = true;
	return check_mail(f, in, m);
}

/* An empty key_copy says that there is none. */
static enum err parse_file(struct str name, struct str text, struct settings *s, bool *ret_no_copy,
			   struct problem *problem)
{
	_Alignas(16) char memory[SETTINGS_ARENA_BYTES];
	const struct config_node *copy;
	struct config_file f;
	struct arena a;

	arena_init(&a, memory, sizeof memory);
	TRY(config_read(name, text, &a, problem, &f));
	TRY(config_want_mapping(&f, f.root, "keys key_copy calendar behind_tls mail"));
	TRY(take_path(&f, f.root, "keys", s->dir, s->keys_dir));
	TRY(take_calendar(&f, s->calendar));
	TRY(take_yes(&f, "behind_tls", &s->behind_tls));
	TRY(take_mail(&f, s->dir, &s->mail));
	copy = config_find(f.root, "key_copy");
	*ret_no_copy = copy && copy->kind == CONFIG_TEXT && copy->text.n == 0;
	return *ret_no_copy ? ERR_OK : take_path(&f, f.root, "key_copy", s->dir, s->key_copy);
}

/* What liren.yaml says; nothing where there is none. */
static enum err read_file(struct settings *s, bool *ret_no_copy, struct problem *problem)
{
	char path[FILE_PATH_MAX], *text = NULL;
	size_t n = 0;
	enum err e;

	if (!path_join(path, s->dir, file_name) || access(path, F_OK) != 0)
		return ERR_OK;
	e = file_read(path, SETTINGS_FILE_BYTES_MAX, &text, &n);
	if (e != ERR_OK)
		return path_problem(problem, path, MSG_FOLDER_UNUSABLE);
	e = parse_file(str_of(path), (struct str){text, n}, s, ret_no_copy, problem);
	free(text);
	return e;
}

enum err settings_load(const struct settings_overrides *o, struct settings *ret,
		       struct problem *problem)
{
	const char *env = getenv("LIREN_DIR");
	const char *dir = o->dir ? o->dir : (env && *env ? env : "liren-data");
	struct settings s = {0};
	bool no_copy = false;
	size_t n;

	if (!absolute(dir, s.dir))
		return path_problem(problem, dir, MSG_FOLDER_UNUSABLE);
	TRY(read_file(&s, &no_copy, problem));
	if (o->keys_dir && !absolute(o->keys_dir, s.keys_dir))
		return path_problem(problem, o->keys_dir, MSG_FOLDER_UNUSABLE);
	if (!s.keys_dir[0] &&
	    snprintf(s.keys_dir, sizeof s.keys_dir, "%s.keys", s.dir) >= (int)sizeof s.keys_dir)
		return path_problem(problem, s.dir, MSG_FOLDER_UNUSABLE);
	n = strlen(s.dir);
	if (strncmp(s.keys_dir, s.dir, n) == 0 && (s.keys_dir[n] == '/' || s.keys_dir[n] == 0))
		return path_problem(problem, s.keys_dir, MSG_KEYS_WITHIN_DATA);
	if (o->key_copy && *o->key_copy && !absolute(o->key_copy, s.key_copy))
		return path_problem(problem, o->key_copy, MSG_FOLDER_UNUSABLE);
	if (o->key_copy && !*o->key_copy)
		s.key_copy[0] = 0;
	else if (!s.key_copy[0] && !no_copy && !path_join(s.key_copy, s.keys_dir, "keys-copy.db"))
		return path_problem(problem, s.keys_dir, MSG_FOLDER_UNUSABLE);
	if (!path_join(s.journal, s.dir, "journal.db") || !path_join(s.keys_db, s.dir, "keys.db") ||
	    !path_join(s.attachments, s.dir, "attachments"))
		return path_problem(problem, s.dir, MSG_FOLDER_UNUSABLE);
	*ret = s;
	return ERR_OK;
}

/* A YAML text in single quotes; a quote within is doubled. */
static void put_quoted(struct buf *b, const char *z)
{
	buf_put_char(b, '\'');
	for (; *z; z++) {
		if (*z == '\'')
			buf_put_char(b, '\'');
		buf_put_char(b, *z);
	}
	buf_put_char(b, '\'');
}

enum err settings_save(const struct settings *s)
{
	char path[FILE_PATH_MAX], text[4 * FILE_PATH_MAX];
	struct buf b = buf_over(text, sizeof text);

	if (!path_join(path, s->dir, file_name))
		return ERR_TOO_LARGE;
	buf_put_z(&b, "# Where the keys of this store lie. They are not part of any backup: keep "
		      "them safe, and apart.\n"
		      "# 本库密钥的位置。备份不含密钥，请另行妥善保管。\n"
		      "keys: ");
	put_quoted(&b, s->keys_dir);
	buf_put_z(&b, "\n# The one copy of keys.db, overwritten as keys are made and destroyed; "
		      "best on another disk.\n"
		      "# keys.db 的唯一副本，随密钥的产生和销毁而改写，最好在另一块磁盘上。\n"
		      "key_copy: ");
	put_quoted(&b, s->key_copy);
	buf_put_char(&b, '\n');
	if (s->calendar[0]) {
		buf_put_z(&b, "# The working calendar: etc/calendars/NAME.yaml.\n"
			      "# 办公日历：etc/calendars/名称.yaml。\n"
			      "calendar: ");
		put_quoted(&b, s->calendar);
		buf_put_char(&b, '\n');
	}
	return b.over ? ERR_TOO_LARGE : file_replace(path, buf_str(&b), 0600);
}

struct store_paths settings_paths(const struct settings *s)
{
	return (struct store_paths){s->journal, s->keys_db, s->key_copy[0] ? s->key_copy : NULL,
				    NULL};
}

enum err store_lock(const struct settings *s, int *ret_fd, int *ret_pid)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	char path[FILE_PATH_MAX], text[16] = {0};
	int fd, n;

	*ret_pid = 0;
	if (!path_join(path, s->dir, "lock"))
		return ERR_TOO_LARGE;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_of_errno(errno);
	if (fcntl(fd, F_OFD_SETLK, &lock) != 0) {
		uint64_t pid = 0;
		ssize_t got = pread(fd, text, sizeof text - 1, 0);
		if (got > 0 && str_to_u64((struct str){text, strcspn(text, "\n")}, &pid) &&
		    pid < INT32_MAX)
			*ret_pid = (int)pid;
		close(fd);
		return ERR_LOCKED;
	}
	n = snprintf(text, sizeof text, "%d\n", (int)getpid());
	if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)n, 0) != n) {
		close(fd);
		return ERR_NO_SPACE;
	}
	*ret_fd = fd;
	return ERR_OK;
}

void account_of_user(uid_t user, char *ret, size_t cap)
{
	struct passwd entry, *found = NULL;
	char memory[1024];

	if (getpwuid_r(user, &entry, memory, sizeof memory, &found) == 0 && found)
		snprintf(ret, cap, "os:%s", found->pw_name);
	else
		snprintf(ret, cap, "os:%u", (unsigned)user);
}

void operator_account(char *ret, size_t cap)
{
	account_of_user(getuid(), ret, cap);
}
