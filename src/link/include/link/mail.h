/* A mail server that takes mail from us: SMTP by libcurl, over a connection that stays open from
 * one mail to the next. Every call has a time within which it ends. One wire belongs to one thread.
 * Depends on base and libcurl. */
#ifndef LIREN_LINK_MAIL_H
#define LIREN_LINK_MAIL_H

#include "base/err.h"
#include "base/str.h"

#define MAIL_CONNECT_TIMEOUT_MS 10000L
#define MAIL_WHOLE_TIMEOUT_MS 60000L
#define MAIL_SAID_BYTES 200u /* of what went wrong */

struct mail_server {
	const char *url;             /* smtp://host:port or smtps://host:port */
	const char *user, *password; /* NULL: none are sent */
	bool tls;                    /* without encryption nothing is sent */
	const char *ca_file; /* PEM, the only authorities believed; NULL: the system's */
};

enum mail_result {
	MAIL_TAKEN,   /* the server said 250 after the last byte: it is theirs now */
	MAIL_REFUSED, /* it will not take this one for this recipient, now or later (5yz) */
	MAIL_LATER,   /* not this one now (4yz): the next may go */
	MAIL_AWAY, /* no mail goes now: no connection, no encryption, wrong password, too slow, or
		      the sender is refused. Where a connection broke before the last answer it may
		      have taken the mail. */
};

struct mail_wire;

/* Once before any wire is made; more often does no harm. */
enum err mail_start(void) MUST_CHECK;

/* `server` and what it points to must outlive it. `stop`, asked about once a second while a call
 * waits, ends it as MAIL_AWAY; may be NULL. */
enum err mail_wire_new(const struct mail_server *server, bool (*stop)(void *ctx), void *ctx,
		       struct mail_wire **ret) MUST_CHECK;
struct mail_wire *mail_wire_free(struct mail_wire *w); /* NULL is fine */

/* From and to fit (mail_address_fits); text as mail_put writes it. */
enum mail_result mail_wire_send(struct mail_wire *w, struct str from, struct str to,
				struct str text);

/* Connect, encrypt, sign in, NOOP: no mail is sent. MAIL_TAKEN or MAIL_AWAY. */
enum mail_result mail_wire_check(struct mail_wire *w);

/* What libcurl says of the last failure, and the server's last code (0: none): no address, no
 * secret.
 */
const char *mail_wire_said(const struct mail_wire *w);
int mail_wire_code(const struct mail_wire *w);

#endif
