/* See mail.h. */
#include "link/mail.h"

#include "base/check.h"
#include "link/mail_text.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#define PATH_BYTES (MAIL_ADDRESS_BYTES_MAX + 3u)

/* The last command that was sent: whose fault a refusal is. */
enum stage { STAGE_OTHER, STAGE_RCPT, STAGE_DATA };

struct mail_wire {
	CURL *curl;
	const struct mail_server *server;
	bool (*stop)(void *ctx);
	void *ctx;
	struct str text; /* what is left to send */
	enum stage stage;
	bool left; /* QUIT was said */
	int code;  /* of the last answer before that */
	char said[MAIL_SAID_BYTES];
};

enum err mail_start(void)
{
	return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? ERR_OK : ERR_NO_MEMORY;
}

static size_t give(char *to, size_t size, size_t n, void *ctx)
{
	struct mail_wire *w = ctx;
	size_t room = size * n;
	size_t take = w->text.n < room ? w->text.n : room;

	if (take > 0)
		memcpy(to, w->text.p, take);
	w->text.p += take;
	w->text.n -= take;
	return take;
}

/* Answers of the server are nobody's output. */
static size_t pass_over(char *from, size_t size, size_t n, void *ctx)
{
	(void)from;
	(void)ctx;
	return size * n;
}

static int progress(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	struct mail_wire *w = ctx;

	(void)a;
	(void)b;
	(void)c;
	(void)d;
	return w->stop && w->stop(w->ctx);
}

/* Of what goes out only the verb is looked at, of answers the code: a line may hold an address.
 * What libcurl says to take its leave (QUIT) comes after the answer that counts. */
static int look(CURL *curl, curl_infotype type, char *p, size_t n, void *ctx)
{
	struct mail_wire *w = ctx;

	(void)curl;
	if (n < 4 || w->left)
		return 0;
	if (type == CURLINFO_HEADER_OUT) {
		w->left = memcmp(p, "QUIT", 4) == 0;
		if (!w->left)
			w->stage = memcmp(p, "RCPT", 4) == 0   ? STAGE_RCPT
				   : memcmp(p, "DATA", 4) == 0 ? STAGE_DATA
							       : STAGE_OTHER;
	} else if (type == CURLINFO_HEADER_IN && p[0] >= '2' && p[0] <= '5') {
		w->code = (p[0] - '0') * 100 + (p[1] - '0') * 10 + (p[2] - '0');
	}
	return 0;
}

static bool set_up(struct mail_wire *w)
{
	const struct mail_server *s = w->server;
	CURL *c = w->curl;
	long use = s->tls ? CURLUSESSL_ALL : CURLUSESSL_NONE;
	bool ok =
	    curl_easy_setopt(c, CURLOPT_URL, s->url) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps") == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_PROXY, "") == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_USE_SSL, use) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, MAIL_CONNECT_TIMEOUT_MS) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, MAIL_WHOLE_TIMEOUT_MS) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, pass_over) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, progress) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_XFERINFODATA, w) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_VERBOSE, 1L) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_DEBUGFUNCTION, look) == CURLE_OK &&
	    curl_easy_setopt(c, CURLOPT_DEBUGDATA, w) == CURLE_OK;

	if (ok && s->ca_file)
		ok = curl_easy_setopt(c, CURLOPT_CAINFO, s->ca_file) == CURLE_OK &&
		     curl_easy_setopt(c, CURLOPT_CAPATH, NULL) == CURLE_OK;
	if (ok && s->user)
		ok = curl_easy_setopt(c, CURLOPT_USERNAME, s->user) == CURLE_OK &&
		     curl_easy_setopt(c, CURLOPT_PASSWORD, s->password) == CURLE_OK;
	return ok;
}

enum err mail_wire_new(const struct mail_server *server, bool (*stop)(void *ctx), void *ctx,
		       struct mail_wire **ret)
{
	struct mail_wire *w = calloc(1, sizeof *w);

	if (!w)
		return ERR_NO_MEMORY;
	w->server = server;
	w->stop = stop;
	w->ctx = ctx;
	w->curl = curl_easy_init();
	if (!w->curl || !set_up(w)) {
		mail_wire_free(w);
		return ERR_NO_MEMORY;
	}
	*ret = w;
	return ERR_OK;
}

/* End the connection where it is kept. Left to itself libcurl takes a server that owes an answer
 * for one that can be used again, and says QUIT to it at the end, for whose answer it waits up to
 * two minutes whatever time it was given. */
static void cut(struct mail_wire *w)
{
	curl_socket_t fd = CURL_SOCKET_BAD;

	if (curl_easy_getinfo(w->curl, CURLINFO_ACTIVESOCKET, &fd) == CURLE_OK &&
	    fd != CURL_SOCKET_BAD)
		(void)shutdown(fd, SHUT_RDWR);
}

struct mail_wire *mail_wire_free(struct mail_wire *w)
{
	if (!w)
		return NULL;
	if (w->curl)
		cut(w);
	curl_easy_cleanup(w->curl);
	free(w);
	return NULL;
}

static CURLcode perform(struct mail_wire *w)
{
	CURLcode e;

	w->stage = STAGE_OTHER;
	w->left = false;
	w->code = 0;
	e = curl_easy_perform(w->curl);
	snprintf(w->said, sizeof w->said, "%s", e == CURLE_OK ? "" : curl_easy_strerror(e));
	return e;
}

/* RFC 5321 section 4.2.1: 4yz may pass, 5yz does not; but what is not about this recipient or this
 * mail is about all of them. */
static enum mail_result result_of(const struct mail_wire *w, CURLcode e)
{
	if (e == CURLE_OK)
		return MAIL_TAKEN;
	if (w->stage == STAGE_OTHER || w->code < 400 || w->code > 599 || w->code == 421)
		return MAIL_AWAY;
	return w->code < 500 ? MAIL_LATER : MAIL_REFUSED;
}

static void in_brackets(char to[PATH_BYTES], struct str address)
{
	CHECK(mail_address_fits(address));
	to[0] = '<';
	memcpy(to + 1, address.p, address.n);
	memcpy(to + 1 + address.n, ">", 2);
}

enum mail_result mail_wire_send(struct mail_wire *w, struct str from, struct str to,
				struct str text)
{
	char sender[PATH_BYTES], recipient[PATH_BYTES];
	struct curl_slist *list;
	CURLcode e = CURLE_OUT_OF_MEMORY;
	enum mail_result ret;

	in_brackets(sender, from);
	in_brackets(recipient, to);
	w->text = text;
	w->stage = STAGE_OTHER;
	list = curl_slist_append(NULL, recipient);
	if (list && curl_easy_setopt(w->curl, CURLOPT_MAIL_FROM, sender) == CURLE_OK &&
	    curl_easy_setopt(w->curl, CURLOPT_MAIL_RCPT, list) == CURLE_OK &&
	    curl_easy_setopt(w->curl, CURLOPT_UPLOAD, 1L) == CURLE_OK &&
	    curl_easy_setopt(w->curl, CURLOPT_READFUNCTION, give) == CURLE_OK &&
	    curl_easy_setopt(w->curl, CURLOPT_READDATA, w) == CURLE_OK)
		e = perform(w);
	(void)curl_easy_setopt(w->curl, CURLOPT_MAIL_RCPT, NULL);
	curl_slist_free_all(list);
	ret = result_of(w, e);
	if (ret == MAIL_AWAY)
		cut(w);
	return ret;
}

enum mail_result mail_wire_check(struct mail_wire *w)
{
	CURLcode e = CURLE_OUT_OF_MEMORY;

	if (curl_easy_setopt(w->curl, CURLOPT_NOBODY, 1L) == CURLE_OK &&
	    curl_easy_setopt(w->curl, CURLOPT_CUSTOMREQUEST, "NOOP") == CURLE_OK)
		e = perform(w);
	(void)curl_easy_setopt(w->curl, CURLOPT_CUSTOMREQUEST, NULL);
	(void)curl_easy_setopt(w->curl, CURLOPT_NOBODY, 0L);
	return e == CURLE_OK ? MAIL_TAKEN : MAIL_AWAY;
}

const char *mail_wire_said(const struct mail_wire *w)
{
	return w->said;
}

int mail_wire_code(const struct mail_wire *w)
{
	return w->code;
}
