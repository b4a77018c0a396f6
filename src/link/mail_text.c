/* See mail_text.h. */
#include "link/mail_text.h"

#include "base/check.h"
#include "base/civil.h"

#include <stdio.h>

#define WORD_BYTES_MAX 45u /* of one encoded word: 60 characters of base64, 72 in all of 75 */
#define LINE_BYTES 57u	   /* of one line of base64: 76 characters */
#define DAY_S 86400

bool mail_address_fits(struct str address)
{
	static const char taken[] = "()<>[],;:\\\"";
	unsigned ats = 0;

	if (address.n < 3 || address.n > MAIL_ADDRESS_BYTES_MAX || address.p[0] == '@' ||
	    address.p[0] == '-' || address.p[address.n - 1] == '@')
		return false;
	for (size_t i = 0; i < address.n; i++) {
		char c = address.p[i];
		if (c <= ' ' || c > '~' || strchr(taken, c))
			return false;
		ats += c == '@';
	}
	return ats == 1;
}

/* ---- headers ---- */

/* As many bytes from `from` on as one word takes, ending with a whole character. */
static size_t word_end(struct str text, size_t from)
{
	size_t at = from, end = from;

	while (at < text.n) {
		(void)str_next_char(text, &at);
		if (at - from > WORD_BYTES_MAX)
			break;
		end = at;
	}
	return end;
}

/* Always as encoded words: then no subject needs any other rule. */
static void put_words(struct str text, struct buf *out)
{
	for (size_t from = 0, end; from < text.n; from = end) {
		end = word_end(text, from);
		if (from > 0)
			buf_put_z(out, "\r\n ");
		buf_put_z(out, "=?UTF-8?B?");
		buf_put_b64(out, text.p + from, end - from);
		buf_put_z(out, "?=");
	}
}

static void put_date(int64_t at_us, struct buf *out)
{
	static const char days[7][4] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
	static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int64_t s = at_us / 1000000;
	int64_t day = s / DAY_S;
	int left = (int)(s % DAY_S);
	struct civil_date date = civil_date_of((int32_t)day);
	char text[40];

	snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d +0000", days[day % 7],
		 (int)date.day, months[date.month - 1], (int)date.year, left / 3600,
		 left / 60 % 60, left % 60);
	buf_put_z(out, text);
}

static void put_header(struct buf *out, const char *name, struct str value)
{
	buf_put_z(out, name);
	buf_put_z(out, ": ");
	buf_put_str(out, value);
	buf_put_z(out, "\r\n");
}

static void put_in_brackets(struct buf *out, const char *name, struct str value)
{
	buf_put_z(out, name);
	buf_put_z(out, ": <");
	buf_put_str(out, value);
	buf_put_z(out, ">\r\n");
}

/* ---- body ---- */

static void put_body(struct str body, struct buf *out)
{
	char line[LINE_BYTES];
	size_t n = 0;

	for (size_t i = 0; i < body.n; i++) {
		/* RFC 2045 section 6.8: lines of a text end with CRLF before they are encoded */
		for (unsigned k = body.p[i] == '\n' ? 0 : 1; k < 2; k++) {
			line[n++] = k == 0 ? '\r' : body.p[i];
			if (n < LINE_BYTES)
				continue;
			buf_put_b64(out, line, n);
			buf_put_z(out, "\r\n");
			n = 0;
		}
	}
	if (n > 0) {
		buf_put_b64(out, line, n);
		buf_put_z(out, "\r\n");
	}
}

void mail_put(const struct mail *m, struct buf *out)
{
	CHECK(mail_address_fits(m->from) && mail_address_fits(m->to) && m->at_us >= 0 &&
	      m->body.n <= MAIL_BODY_BYTES_MAX);
	put_in_brackets(out, "From", m->from);
	put_in_brackets(out, "To", m->to);
	buf_put_z(out, "Subject: ");
	put_words(m->subject, out);
	buf_put_z(out, "\r\nDate: ");
	put_date(m->at_us, out);
	buf_put_z(out, "\r\n");
	put_in_brackets(out, "Message-ID", m->id);
	put_header(out, "Auto-Submitted", STR("auto-generated")); /* RFC 3834: nothing answers it */
	put_header(out, "MIME-Version", STR("1.0"));
	put_header(out, "Content-Type", STR("text/plain; charset=utf-8"));
	put_header(out, "Content-Transfer-Encoding", STR("base64"));
	buf_put_z(out, "\r\n");
	put_body(m->body, out);
}
