/* The thread that sends mail: takes what waits in the mail lane of the outbox, opens the address, hands
 * the mail to the server, and reports through the writer. A slow or dead server keeps nobody waiting
 * but this thread. Depends on runner, shelves and link/mail.h. */
#ifndef LIREN_APP_MAILER_H
#define LIREN_APP_MAILER_H

#include "app/runner.h"
#include "app/settings.h"

struct mailer;
struct shelves;

struct mailer_options {
	const struct store_paths *paths;
	const struct store_secrets *secrets;
	const struct settings_mail *mail; /* all must outlive the mailer */
	struct runner *runner;
	struct shelves *shelves; /* the files in force */
};

/* ERR_KEYS, with the problem: the password file cannot be used. */
enum err mailer_start(const struct mailer_options *options, struct mailer **ret,
		      struct problem *problem) MUST_CHECK;
/* There may be mail to send. Any thread; NULL is fine. */
void mailer_wake(struct mailer *m);
/* End the thread, before the runner stops: a mail that is under way has MAILER_LEAVE_US to come to its
 * end, what waits goes after the next start. NULL is fine. */
#define MAILER_LEAVE_US INT64_C(5000000)
void mailer_end(struct mailer *m);
/* After the runner has stopped. NULL is fine. */
struct mailer *mailer_free(struct mailer *m);

/* The line of a password file, which nobody else may read, without its end. ERR_KEYS, with the problem.
 * Wipe it after use. */
#define MAILER_PASSWORD_BYTES 256u
enum err mailer_password(const struct settings_mail *mail, char ret[MAILER_PASSWORD_BYTES],
			 struct problem *problem) MUST_CHECK;

/* The server as libcurl takes it: views into both. */
struct mail_server;
struct mail_server mailer_server(const struct settings_mail *mail, const char *password);

#endif
