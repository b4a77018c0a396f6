/* Mails as they go over the wire, read back by a reader of this test's own: RFC 5322, 2045, 2047.
 */
#include "test.h"

#include "link/mail_text.h"

static char wire[MAIL_WIRE_BYTES_MAX];

static struct str write_mail(struct str subject, struct str body, int64_t at_us)
{
	struct buf out = buf_over(wire, sizeof wire);

	mail_put(&(struct mail){.from = STR("liren@example.org"),
				.to = STR("li.si@example.org"),
				.subject = subject,
				.id = STR("liren.7.1.00ff@example.org"),
				.at_us = at_us,
				.body = body},
		 &out);
	assert_false(out.over);
	return buf_str(&out);
}

/* The header `name` with its lines joined, or the body for "". */
static struct str part(struct str text, const char *name, char *memory, size_t cap)
{
	struct buf out = buf_over(memory, cap);
	size_t name_n = strlen(name);
	bool in = false;

	for (size_t at = 0, n; at < text.n; at += n + 2) {
		const char *line = text.p + at;
		for (n = 0; at + n + 1 < text.n && !(line[n] == '\r' && line[n + 1] == '\n');)
			n++;
		assert_true(at + n + 2 <= text.n);
		assert_true(n <= 78); /* RFC 5322 section 2.1.1 */
		for (size_t i = 0; i < n; i++)
			assert_true(line[i] != '\n' && line[i] != '\r');
		if (name_n == 0 && n == 0)
			return (struct str){line + 2, text.n - at - 2};
		if (n == 0)
			break;
		if (name_n > 0 && n > name_n && memcmp(line, name, name_n) == 0 &&
		    line[name_n] == ':') {
			in = true;
			buf_put(&out, line + name_n + 2, n - name_n - 2);
		} else if (in && line[0] == ' ') {
			buf_put(&out, line, n);
		} else {
			in = false;
		}
	}
	assert_false(out.over);
	return buf_str(&out);
}

/* RFC 2047: white space between encoded words is none; each word is whole characters. */
static struct str words(struct str text, char *memory, size_t cap)
{
	struct buf out = buf_over(memory, cap);
	uint8_t bytes[64] = {0};

	while (text.n > 0) {
		const char *end;
		size_t n = 0;
		if (text.p[0] == ' ') {
			text = (struct str){text.p + 1, text.n - 1};
			continue;
		}
		assert_true(str_starts(text, STR("=?UTF-8?B?")));
		end = memmem(text.p + 10, text.n - 10, "?=", 2);
		assert_non_null(end);
		if (!end)
			break;
		assert_true(end + 2 - text.p <= 75);
		assert_true(b64_decode((struct str){text.p + 10, (size_t)(end - text.p) - 10},
				       bytes, sizeof bytes, &n));
		assert_true(str_is_utf8((struct str){(char *)bytes, n}));
		buf_put(&out, bytes, n);
		text = (struct str){end + 2, text.n - (size_t)(end + 2 - text.p)};
	}
	return buf_str(&out);
}

static void assert_str(struct str got, struct str wanted)
{
	if (!str_eq(got, wanted))
		fail_msg("%.*s\n%.*s", (int)got.n, got.p, (int)wanted.n, wanted.p);
}

static void subjects_come_back(void **state)
{
	static const char *const subjects[] = {
	    "a", "News of case 261127-0042-X",
	    "【演练】事项 261127-0042-X 有新进展 / [drill] News of case 261127-0042-X",
	    "𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷x𠮷", "=?UTF-8?B?x?="};
	char one[1024], two[1024];

	(void)state;
	for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
		struct str mail = write_mail(str_of(subjects[i]), STR("x\n"), 0);
		struct str value = part(mail, "Subject", one, sizeof one);
		assert_str(words(value, two, sizeof two), str_of(subjects[i]));
	}
}

static void bodies_come_back_with_crlf(void **state)
{
	static const char line[] = "您的事项 261127-0042-X：已立案。\n";
	char body[2048], wanted[4096], one[8];
	uint8_t got[4096];

	(void)state;
	for (unsigned lines = 0; lines < 30; lines++) {
		struct buf b = buf_over(body, sizeof body), w = buf_over(wanted, sizeof wanted);
		char joined[4096];
		struct buf j = buf_over(joined, sizeof joined);
		struct str text;
		size_t n = 0;
		for (unsigned i = 0; i < lines; i++) {
			buf_put_z(&b, line);
			buf_put(&w, line, sizeof line - 2);
			buf_put_z(&w, "\r\n");
		}
		text = part(write_mail(STR("x"), buf_str(&b), 0), "", one, sizeof one);
		for (size_t i = 0; i < text.n; i++)
			if (text.p[i] != '\r' && text.p[i] != '\n')
				buf_put_char(&j, text.p[i]);
		assert_true(b64_decode(buf_str(&j), got, sizeof got, &n));
		assert_str((struct str){(char *)got, n}, buf_str(&w));
	}
}

static void headers_say_what_it_is(void **state)
{
	char one[256];
	/* the example of RFC 9110 section 5.6.7: 784111777 */
	struct str mail = write_mail(STR("x"), STR("x"), INT64_C(784111777) * 1000000);

	(void)state;
	assert_str(part(mail, "Date", one, sizeof one), STR("Sun, 06 Nov 1994 08:49:37 +0000"));
	assert_str(part(mail, "From", one, sizeof one), STR("<liren@example.org>"));
	assert_str(part(mail, "To", one, sizeof one), STR("<li.si@example.org>"));
	assert_str(part(mail, "Message-ID", one, sizeof one), STR("<liren.7.1.00ff@example.org>"));
	assert_str(part(mail, "Auto-Submitted", one, sizeof one), STR("auto-generated"));
	assert_str(part(mail, "Content-Type", one, sizeof one), STR("text/plain; charset=utf-8"));
	assert_str(part(mail, "Content-Transfer-Encoding", one, sizeof one), STR("base64"));
}

static void addresses_that_would_break_out_do_not_fit(void **state)
{
	static const char *const good[] = {"a@b", "Li.Si+case@mail.example.org",
					   "x_y'z@example.org"};
	static const char *const bad[] = {"",      "a",         "@b",       "a@",
					  "a@@b",  "a b@c",     "a@b>",     "<a@b",
					  "a@b\r", "a@b\nRCPT", "李四@b.c", "a@b,c@d",
					  "-a@b",  "\"a\"@b",   "a@b;c",    "a@[127.0.0.1]",
					  "a@b\t", "a\\@b",     "(x)a@b"};
	char longest[MAIL_ADDRESS_BYTES_MAX + 2];

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(mail_address_fits(str_of(good[i])));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (mail_address_fits(str_of(bad[i])))
			fail_msg("%s fits", bad[i]);
	assert_false(mail_address_fits((struct str){"a@b\0c", 5}));
	memset(longest, 'a', sizeof longest);
	longest[1] = '@';
	assert_true(mail_address_fits((struct str){longest, MAIL_ADDRESS_BYTES_MAX}));
	assert_false(mail_address_fits((struct str){longest, MAIL_ADDRESS_BYTES_MAX + 1}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(subjects_come_back),
	    cmocka_unit_test(bodies_come_back_with_crlf),
	    cmocka_unit_test(headers_say_what_it_is),
	    cmocka_unit_test(addresses_that_would_break_out_do_not_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
