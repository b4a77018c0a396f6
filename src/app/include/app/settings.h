/* Where a store lies and with which keys: the data folder, its liren.yaml, what the command line
 * overrides, and the key files outside the folder (or systemd credentials). */
#ifndef LIREN_APP_SETTINGS_H
#define LIREN_APP_SETTINGS_H

#include "app/files.h"
#include "base/problem.h"
#include "service/writer.h"

#include <sys/types.h>

#define CALENDAR_NAME_MAX 64u

#define MAIL_SETTING_MAX 256u

/* `mail:` of liren.yaml. */
struct settings_mail {
	bool is_set; /* else there is no mail, and nothing below */
	bool tls;    /* tls: required (the default) or off */
	char server[MAIL_SETTING_MAX]; /* smtp:// or smtps:// */
	char from[MAIL_SETTING_MAX];
	char user[MAIL_SETTING_MAX]; /* empty: nobody signs in */
	char url[MAIL_SETTING_MAX];  /* where people look at their case */
	char password_file[FILE_PATH_MAX];
	char ca_file[FILE_PATH_MAX]; /* empty: the system's authorities are believed */
};

struct settings {
	char dir[FILE_PATH_MAX];      /* absolute */
	char keys_dir[FILE_PATH_MAX]; /* community.key and signing.key; not within dir */
	char key_copy[FILE_PATH_MAX]; /* the one copy of keys.db; empty: none */
	char journal[FILE_PATH_MAX];
	char keys_db[FILE_PATH_MAX];
	char attachments[FILE_PATH_MAX];
	char calendar[CALENDAR_NAME_MAX]; /* etc/calendars/THIS.yaml; empty: by the zone */
	/* A proxy on this machine speaks TLS and says who asks (X-Forwarded-For): cookies are
	 * Secure. */
	bool behind_tls;
	struct settings_mail mail;
};

struct settings_overrides {
	const char *dir;      /* NULL: $LIREN_DIR, else ./liren-data */
	const char *keys_dir; /* NULL: as liren.yaml says, else <dir>.keys beside the folder */
	const char *key_copy; /* NULL: as liren.yaml says, else <keys_dir>/keys-copy.db; "": none */
};

/* Settings of a store that may not exist yet; liren.yaml is read where it is there. */
enum err settings_load(const struct settings_overrides *o, struct settings *ret,
		       struct problem *problem) MUST_CHECK;

/* Write DIR/liren.yaml (mode 0600). */
enum err settings_save(const struct settings *s) MUST_CHECK;

struct store_paths settings_paths(const struct settings *s); /* views into s */

/* Read both keys: from $CREDENTIALS_DIRECTORY where systemd gives one, else from keys_dir. A key
 * file that others may read is refused. ERR_KEYS, with the file named in the problem. */
enum err secrets_load(const struct settings *s, struct store_secrets *ret,
		      struct problem *problem) MUST_CHECK;

/* Neither key file is in keys_dir. */
bool secrets_absent(const struct settings *s);

/* Make both, mode 0600 in a folder of mode 0700, durable before it returns. ERR_EXISTS where one is
 * there. */
enum err secrets_create(const struct settings *s, const struct entropy *entropy,
			struct store_secrets *ret, struct problem *problem) MUST_CHECK;

/* The lock of the one writer: held as long as the descriptor is open. ERR_LOCKED where another
 * process has it; then *ret_pid is that process (0: unknown). */
enum err store_lock(const struct settings *s, int *ret_fd, int *ret_pid) MUST_CHECK;

/* The account behind an operator's handle: "os:<user name>", of whoever runs this process. */
void operator_account(char *ret, size_t cap);
void account_of_user(uid_t user, char *ret, size_t cap);

#endif
