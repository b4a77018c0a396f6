/* See mailer.h. */
#include "app/mailer.h"

#include "app/files.h"
#include "app/kernel.h"
#include "app/log.h"
#include "base/check.h"
#include "base/hash.h"
#include "link/mail.h"
#include "link/mail_text.h"
#include "service/mail.h"
#include "shelves.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define BATCH_MAX 16u
#define LOOK_EVERY_US INT64_C(1000000) /* for what is tried again */
#define PAUSE_MAX_US INT64_C(60000000) /* of a server that is away; from a second on, doubling */
#define RECORD_AGAIN_US INT64_C(500000)
#define DAY_US INT64_C(86400000000)
#define ID_BYTES_MAX (MAIL_ADDRESS_BYTES_MAX + 96u)

struct mailer {
	struct mailer_options o;
	struct mail_server server;
	struct mail_wire *wire;
	struct reader *reader;
	pthread_t thread;

	pthread_mutex_t lock; /* of the next three */
	pthread_cond_t work;
	bool waiting, stopping;
	int64_t leave_us; /* monotonic; of stopping */

	/* the thread's only */
	bool is_away;
	int64_t pause_us;
	char origin[2 * HASH_BYTES + 1]; /* of its hash the front 16 digits */
	char password[MAILER_PASSWORD_BYTES];
	char wire_text[MAIL_WIRE_BYTES_MAX];
	_Alignas(16) char memory[MAIL_LETTER_ARENA_BYTES];
};

static int64_t monotonic_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static bool is_stopping(struct mailer *m)
{
	bool ret;

	pthread_mutex_lock(&m->lock);
	ret = m->stopping;
	pthread_mutex_unlock(&m->lock);
	return ret;
}

/* Asked by a mail under way. */
static bool must_leave(void *ctx)
{
	struct mailer *m = ctx;
	bool ret;

	pthread_mutex_lock(&m->lock);
	ret = m->stopping && monotonic_us() >= m->leave_us;
	pthread_mutex_unlock(&m->lock);
	return ret;
}

/* Until that long has passed, or `wakes` and there is work, or the end. */
static void wait_for(struct mailer *m, int64_t us, bool wakes)
{
	int64_t at = monotonic_us() + us;
	struct timespec deadline = {at / 1000000, at % 1000000 * 1000};

	pthread_mutex_lock(&m->lock);
	while (!m->stopping && !(wakes && m->waiting))
		if (pthread_cond_timedwait(&m->work, &m->lock, &deadline) == ETIMEDOUT)
			break;
	if (wakes)
		m->waiting = false;
	pthread_mutex_unlock(&m->lock);
}

/* ---- what became of it ---- */

static enum err record(struct mailer *m, const struct effect *e, bool over, enum effect_end end,
		       uint64_t case_id, int32_t day)
{
	struct command c = {.kind = COMMAND_OUTBOX_RESULT};

	c.outbox.effect = e;
	c.outbox.delivered = over;
	c.outbox.end = end;
	c.outbox.case_id = case_id;
	c.outbox.day = day;
	return runner_call(m->o.runner, &c);
}

/* The server has it: nothing else is sent until that is durable, however long the store fails. */
static enum err record_sent(struct mailer *m, const struct effect *e, uint64_t case_id, int32_t day)
{
	enum err err = record(m, e, true, EFFECT_SENT, case_id, day);

	while (err != ERR_OK && err != ERR_STOPPING && !is_stopping(m)) {
		log_event(LOG_ERROR_LEVEL, "mail", "state=sent-not-recorded entry=%llu error=%s",
			  (unsigned long long)e->n, err_info(err)->name);
		wait_for(m, RECORD_AGAIN_US, false);
		err = record(m, e, true, EFFECT_SENT, case_id, day);
	}
	return err;
}

static enum err over(struct mailer *m, const struct effect *e, enum effect_end end)
{
	log_event(LOG_INFO_LEVEL, "mail", "entry=%llu index=%u state=%s", (unsigned long long)e->n,
		  e->idx, effect_end_name(end));
	return record(m, e, true, end, 0, 0);
}

static enum err again(struct mailer *m, const struct effect *e, const char *why, int code)
{
	log_event(LOG_WARN_LEVEL, "mail", "entry=%llu index=%u tries=%u code=%d detail=\"%s\"",
		  (unsigned long long)e->n, e->idx, e->tries + 1, code, why);
	return record(m, e, false, EFFECT_UNCOUNTED, 0, 0);
}

/* ---- one mail ---- */

/* The same for the same effect of the same store, so that whoever gets it twice can tell. */
static void put_id(const struct mailer *m, const struct effect *e, struct buf *out)
{
	const char *at = strchr(m->o.mail->from, '@');

	buf_put_z(out, "liren.");
	buf_put_u64(out, e->n);
	buf_put_char(out, '.');
	buf_put_u64(out, e->idx);
	buf_put_char(out, '.');
	buf_put(out, m->origin, 16);
	buf_put_z(out, at);
}

static enum mail_result send_letter(struct mailer *m, const struct effect *e,
				    const struct mail_letter *letter)
{
	char id[ID_BYTES_MAX], subject[MAIL_SUBJECT_BYTES_MAX], body[MAIL_TEXT_BYTES_MAX];
	struct buf id_buf = buf_over(id, sizeof id);
	struct buf subject_buf = buf_over(subject, sizeof subject);
	struct buf body_buf = buf_over(body, sizeof body);
	struct buf out = buf_over(m->wire_text, sizeof m->wire_text);
	enum mail_result ret;

	put_id(m, e, &id_buf);
	mail_letter_put_subject(letter, &subject_buf);
	mail_letter_put_text(letter, str_of(m->o.mail->url), &body_buf);
	mail_put(&(struct mail){.from = str_of(m->o.mail->from),
				.to = str_of(letter->to),
				.subject = buf_str(&subject_buf),
				.id = buf_str(&id_buf),
				.at_us = e->at_us,
				.body = buf_str(&body_buf)},
		 &out);
	CHECK(!id_buf.over && !subject_buf.over && !body_buf.over && !out.over);
	ret = mail_wire_send(m->wire, str_of(m->o.mail->from), str_of(letter->to), buf_str(&out));
	seal_wipe(m->wire_text, sizeof m->wire_text);
	return ret;
}

static enum err deliver(struct mailer *m, const struct effect *e, const struct mail_letter *letter,
			int32_t day)
{
	if (!mail_address_fits(str_of(letter->to)))
		return over(m, e, EFFECT_UNREACHABLE);
	switch (send_letter(m, e, letter)) {
	case MAIL_TAKEN:
		m->pause_us = 0;
		log_event(LOG_INFO_LEVEL, "mail", "entry=%llu index=%u state=sent",
			  (unsigned long long)e->n, e->idx);
		return record_sent(m, e, letter->case_id, day);
	case MAIL_REFUSED:
		m->pause_us = 0;
		return over(m, e, EFFECT_REFUSED);
	case MAIL_LATER:
		m->pause_us = 0;
		return again(m, e, mail_wire_said(m->wire), mail_wire_code(m->wire));
	case MAIL_AWAY:
		break;
	}
	m->is_away = true;
	return again(m, e, mail_wire_said(m->wire), mail_wire_code(m->wire));
}

static bool is_too_old(const struct effect *e, int64_t now_us)
{
	return now_us - e->at_us >= channel_info(CHANNEL_MAIL)->age_max_us;
}

static enum err one_effect(struct mailer *m, const struct effect *e, int64_t now_us)
{
	struct shelf_hold *hold;
	struct mail_letter letter;
	struct arena a;
	int32_t day = (int32_t)(now_us / DAY_US);
	enum err err;

	if (is_too_old(e,
		       now_us)) /* also one of a store that was restored, or had no mail for long */
		return again(m, e, "too old", 0);
	if (m->is_away)
		return ERR_OK;
	arena_init(&a, m->memory, sizeof m->memory);
	hold = shelves_hold(m->o.shelves);
	err = mail_letter_of(m->reader, hold ? shelf_held(hold) : NULL, e, day, &a, &letter);
	shelves_release(hold);
	if (err == ERR_OK) {
		err = deliver(m, e, &letter, day);
		seal_wipe(letter.to, sizeof letter.to);
	} else if (err == ERR_NOT_FOUND) {
		err = over(m, e, EFFECT_UNREACHABLE);
	} else if (err == ERR_GONE) {
		err = over(m, e, EFFECT_ERASED);
	} else if (err == ERR_TOO_MANY) {
		err = over(m, e, EFFECT_LEFT);
	} else {
		err = again(m, e, err_info(err)->name, 0);
	}
	seal_wipe(m->memory, a.n);
	return err;
}

/* True: there may be more. */
static bool round_of(struct mailer *m)
{
	struct effect effects[BATCH_MAX];
	size_t n = 0;
	enum err e = outbox_due_in(m->reader->db, OUTBOX_LANE_MAIL, kernel_clock().utc_us, effects,
				   BATCH_MAX, &n);

	m->is_away = false;
	for (size_t i = 0; i < n && e == ERR_OK && !is_stopping(m); i++)
		e = one_effect(m, &effects[i], kernel_clock().utc_us);
	if (e != ERR_OK && e != ERR_STOPPING)
		log_event(LOG_WARN_LEVEL, "mail", "error=%s", err_info(e)->name);
	return e == ERR_OK && n == BATCH_MAX;
}

static void *run(void *ctx)
{
	struct mailer *m = ctx;

	while (!is_stopping(m)) {
		bool more = round_of(m);
		if (m->is_away) {
			m->pause_us = m->pause_us == 0 ? LOOK_EVERY_US : 2 * m->pause_us;
			if (m->pause_us > PAUSE_MAX_US)
				m->pause_us = PAUSE_MAX_US;
			wait_for(m, m->pause_us, false);
		} else if (!more) {
			wait_for(m, LOOK_EVERY_US, true);
		}
	}
	return NULL;
}

/* ---- begin and end ---- */

enum err mailer_password(const struct settings_mail *mail, char ret[MAILER_PASSWORD_BYTES],
			 struct problem *problem)
{
	struct str name = str_of(mail->password_file);
	char text[MAILER_PASSWORD_BYTES];
	struct stat st;
	int fd = open(mail->password_file, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || (st.st_mode & 077)
			? -1
			: read(fd, text, sizeof text);

	if (fd >= 0)
		close(fd);
	while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r'))
		n--;
	if (n <= 0 || n == (ssize_t)sizeof text || memchr(text, '\n', (size_t)n) ||
	    memchr(text, 0, (size_t)n)) {
		seal_wipe(text, sizeof text);
		return problem_set(problem, ERR_KEYS, STR("mail.password_file"), MSG_MAIL_PASSWORD,
				   &name, 1);
	}
	memcpy(ret, text, (size_t)n);
	ret[n] = 0;
	seal_wipe(text, sizeof text);
	return ERR_OK;
}

struct mail_server mailer_server(const struct settings_mail *mail, const char *password)
{
	return (struct mail_server){.url = mail->server,
				    .user = mail->user[0] ? mail->user : NULL,
				    .password = mail->user[0] ? password : NULL,
				    .tls = mail->tls,
				    .ca_file = mail->ca_file[0] ? mail->ca_file : NULL};
}

static void name_origin(struct mailer *m)
{
	struct buf b = buf_over(m->origin, sizeof m->origin);
	struct hash32 h;

	hash_sha256(m->reader->community.origin, strlen(m->reader->community.origin), &h);
	buf_put_hex(&b, h.b, HASH_BYTES);
}

static enum err prepare(struct mailer *m, struct problem *problem)
{
	if (m->o.mail->user[0])
		TRY(mailer_password(m->o.mail, m->password, problem));
	m->server = mailer_server(m->o.mail, m->password);
	TRY(mail_start());
	TRY(mail_wire_new(&m->server, must_leave, m, &m->wire));
	TRY(reader_open(m->o.paths, m->o.secrets, &m->reader));
	name_origin(m);
	return pthread_create(&m->thread, NULL, run, m) == 0 ? ERR_OK : ERR_NO_MEMORY;
}

enum err mailer_start(const struct mailer_options *options, struct mailer **ret,
		      struct problem *problem)
{
	struct mailer *m = calloc(1, sizeof *m);
	pthread_condattr_t attr;
	enum err e;

	if (!m)
		return ERR_NO_MEMORY;
	m->o = *options;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_mutex_init(&m->lock, NULL);
	pthread_cond_init(&m->work, &attr);
	pthread_condattr_destroy(&attr);
	e = prepare(m, problem);
	if (e != ERR_OK) {
		mailer_free(m);
		return e;
	}
	*ret = m;
	return ERR_OK;
}

void mailer_wake(struct mailer *m)
{
	if (!m)
		return;
	pthread_mutex_lock(&m->lock);
	m->waiting = true;
	pthread_cond_signal(&m->work);
	pthread_mutex_unlock(&m->lock);
}

void mailer_end(struct mailer *m)
{
	if (!m)
		return;
	pthread_mutex_lock(&m->lock);
	m->stopping = true;
	m->leave_us = monotonic_us() + MAILER_LEAVE_US;
	pthread_cond_signal(&m->work);
	pthread_mutex_unlock(&m->lock);
	pthread_join(m->thread, NULL);
}

struct mailer *mailer_free(struct mailer *m)
{
	if (!m)
		return NULL;
	mail_wire_free(m->wire);
	reader_close(m->reader);
	pthread_cond_destroy(&m->work);
	pthread_mutex_destroy(&m->lock);
	seal_wipe(m, sizeof *m);
	free(m);
	return NULL;
}
