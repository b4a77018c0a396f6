/* The parts of signing in that need no store: codes on paper, hashes of passwords, waits. */
#include "test.h"

#include "service/account.h"
#include "service/account_code.h"
#include "service/account_limit.h"
#include "service/password.h"

#include <sodium.h>

static uint64_t seed;

static void fill(void *ctx, void *out, size_t n)
{
	uint8_t *o = out;

	(void)ctx;
	for (size_t i = 0; i < n; i++) {
		seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		o[i] = (uint8_t)(seed >> 56);
	}
}

static const struct entropy entropy = {fill, NULL};

/* ---- codes ---- */

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* The product in GF(32) by polynomials, bit by bit: a second computation of the check. */
static unsigned product(unsigned x, unsigned y)
{
	unsigned p = 0;

	for (unsigned i = 0; i < 5; i++)
		if (y >> i & 1)
			p ^= x << i;
	for (unsigned i = 9; i >= 5; i--)
		if (p >> i & 1)
			p ^= 0x25u << (i - 5);
	return p;
}

static unsigned value(char c)
{
	return (unsigned)(strchr(digits, c) - digits);
}

static void a_code_sums_to_nought_and_is_read_as_people_write(void **state)
{
	(void)state;
	seed = 1;
	for (unsigned k = 0; k < 500; k++) {
		char text[CODE_TEXT_BYTES + 1], code[CODE_CHARS], typed[24];
		unsigned sum = 0, weight = 1, at = 0;
		account_code_draw(&entropy, text);
		assert_int_equal(strlen(text), CODE_TEXT_BYTES);
		assert_int_equal(text[5], '-');
		assert_true(account_code_parse(str_of(text), code));
		for (unsigned i = CODE_CHARS; i-- > 0;) {
			sum ^= product(value(code[i]), weight);
			weight = product(weight, 2);
		}
		assert_int_equal(sum, 0);
		/* as typed: small, o for 0, l for 1, spaces */
		for (unsigned i = 0; i < CODE_CHARS; i++) {
			char c = code[i];
			typed[at++] = c == '0'   ? 'o'
				      : c == '1' ? 'l'
				      : c > '9'  ? (char)(c + 32)
						 : c;
			if (i % 3 == 2)
				typed[at++] = ' ';
		}
		char again[CODE_CHARS];
		assert_true(account_code_parse((struct str){typed, at}, again));
		assert_memory_equal(again, code, CODE_CHARS);
	}
}

static void one_wrong_character_or_two_that_changed_places_are_told(void **state)
{
	(void)state;
	seed = 2;
	for (unsigned k = 0; k < 40; k++) {
		char text[CODE_TEXT_BYTES + 1], code[CODE_CHARS], none[CODE_CHARS];
		account_code_draw(&entropy, text);
		assert_true(account_code_parse(str_of(text), code));
		for (unsigned i = 0; i < CODE_CHARS; i++) {
			char was = code[i];
			for (unsigned v = 0; v < 32; v++) {
				code[i] = digits[v];
				assert_int_equal(
				    account_code_parse((struct str){code, CODE_CHARS}, none),
				    digits[v] == was);
			}
			code[i] = was;
			for (unsigned j = i + 1; j < CODE_CHARS; j++) {
				code[i] = code[j];
				code[j] = was;
				assert_int_equal(
				    account_code_parse((struct str){code, CODE_CHARS}, none),
				    code[i] == was);
				code[j] = code[i];
				code[i] = was;
			}
		}
	}
}

static void what_is_no_code(void **state)
{
	static const char *const none[] = {"",           "0000000000U", "000000000", "00000-0000U",
					   "00000*0000", "00000000000"};
	char ret[CODE_CHARS];

	(void)state;
	assert_true(account_code_parse(STR("00000-00000"), ret));
	for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
		assert_false(account_code_parse(str_of(none[i]), ret));
	assert_false(account_code_parse((struct str){"00000\0"
						     "0000",
						     10},
					ret));
}

/* All 32 characters at each of the nine places that are drawn, about equally often. */
static void codes_are_drawn_evenly(void **state)
{
	static unsigned count[CODE_CHARS][32];

	(void)state;
	seed = 3;
	for (unsigned k = 0; k < 32000; k++) {
		char text[CODE_TEXT_BYTES + 1], code[CODE_CHARS];
		account_code_draw(&entropy, text);
		assert_true(account_code_parse(str_of(text), code));
		for (unsigned i = 0; i < CODE_CHARS; i++)
			count[i][value(code[i])]++;
	}
	for (unsigned i = 0; i < CODE_CHARS; i++)
		for (unsigned v = 0; v < 32; v++) /* 1000 on average, six deviations of 31 */
			assert_in_range(count[i][v], 810, 1190);
}

/* ---- passwords ---- */

/* The hash as libsodium's own text of it, checked by libsodium. */
static void a_hash_is_argon2id_with_the_interactive_limits(void **state)
{
	static const char password[] = "correct horse battery staple";
	struct password_hash h, again;
	char salt[32], hash[64], text[crypto_pwhash_STRBYTES];
	uint8_t record[PASSWORD_RECORD_BYTES];
	bool holds = false;

	(void)state;
	seed = 4;
	assert_ok(password_hash_make(&entropy, str_of(password), &h));
	sodium_bin2base64(salt, sizeof salt, h.salt, sizeof h.salt,
			  sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	sodium_bin2base64(hash, sizeof hash, h.hash, sizeof h.hash,
			  sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	memset(text, 0, sizeof text);
	snprintf(text, sizeof text, "$argon2id$v=19$m=65536,t=2,p=1$%s$%s", salt, hash);
	assert_int_equal(crypto_pwhash_str_verify(text, password, sizeof password - 1), 0);
	assert_ok(password_hash_check(&h, str_of(password), &holds));
	assert_true(holds);
	assert_ok(password_hash_check(&h, STR("correct horse battery stapl"), &holds));
	assert_false(holds);
	password_record_put(&h, record);
	assert_true(password_record_get((struct bytes){record, sizeof record}, &again));
	assert_memory_equal(again.hash, h.hash, sizeof h.hash);
	assert_memory_equal(again.salt, h.salt, sizeof h.salt);
	assert_int_equal(again.ops, 2);
	assert_int_equal(again.mem_kib, 65536);
}

static void a_record_that_would_take_for_ever_is_none(void **state)
{
	struct password_hash h = {.ops = 2, .mem_kib = 65536}, ret;
	uint8_t record[PASSWORD_RECORD_BYTES];

	(void)state;
	password_record_put(&h, record);
	assert_true(password_record_get((struct bytes){record, sizeof record}, &ret));
	assert_false(password_record_get((struct bytes){record, sizeof record - 1}, &ret));
	for (unsigned i = 0; i < 2; i++) {
		struct password_hash large = h;
		*(i == 0 ? &large.ops : &large.mem_kib) = UINT32_MAX;
		password_record_put(&large, record);
		assert_false(password_record_get((struct bytes){record, sizeof record}, &ret));
		*(i == 0 ? &large.ops : &large.mem_kib) = 0;
		password_record_put(&large, record);
		assert_false(password_record_get((struct bytes){record, sizeof record}, &ret));
	}
}

static void what_may_be_a_password(void **state)
{
	char text[PASSWORD_BYTES_MAX + 1];

	(void)state;
	memset(text, 'x', sizeof text);
	assert_false(password_may_be((struct str){text, PASSWORD_BYTES_MIN - 1}));
	assert_true(password_may_be((struct str){text, PASSWORD_BYTES_MIN}));
	assert_true(password_may_be((struct str){text, PASSWORD_BYTES_MAX}));
	assert_false(password_may_be((struct str){text, PASSWORD_BYTES_MAX + 1}));
	assert_true(password_may_be(STR("四个字够长了")));
	assert_false(password_may_be(STR("with a\nnewline")));
	assert_false(password_may_be(STR("not utf-8 \xff\xfe")));
}

static void a_job_leaves_no_password_behind(void **state)
{
	static struct hash_job job;
	static const uint8_t nothing[PASSWORD_BYTES_MAX];

	(void)state;
	seed = 5;
	job.act = HASH_MAKE;
	memcpy(job.password, "correct horse", 13);
	job.password_n = 13;
	hash_job_run(&job, &entropy);
	assert_ok(job.err);
	assert_memory_equal(job.password, nothing, sizeof nothing);
	job.act = HASH_CHECK;
	memcpy(job.password, "correct horse", 13);
	job.password_n = 13;
	hash_job_run(&job, &entropy);
	assert_true(job.holds);
	assert_memory_equal(job.password, nothing, sizeof nothing);
}

/* ---- waits ---- */

static struct limit_table table;

static struct bytes key_of(const char *text)
{
	return str_bytes(str_of(text));
}

static void table_init(void)
{
	uint8_t key[HASH_SIP_KEY_BYTES];

	seed = 6;
	fill(NULL, key, sizeof key);
	limit_init(&table, key, LIMIT_ACCOUNT_FREE, LIMIT_ACCOUNT_WAIT_MAX_US);
}

static void a_wait_is_forgotten_after_an_hour(void **state)
{
	int64_t now = 1000;

	(void)state;
	table_init();
	for (unsigned i = 0; i < 10; i++)
		limit_failed(&table, key_of("a"), now);
	assert_int_equal(limit_wait(&table, key_of("a"), now), 16 * LIMIT_WAIT_FIRST_US);
	assert_int_equal(limit_wait(&table, key_of("b"), now), 0);
	now += LIMIT_FORGET_US - 1;
	limit_failed(&table, key_of("a"), now);
	assert_int_equal(limit_wait(&table, key_of("a"), now), 32 * LIMIT_WAIT_FIRST_US);
	now += LIMIT_FORGET_US;
	limit_failed(&table, key_of("a"), now);
	assert_int_equal(limit_wait(&table, key_of("a"), now), 0);
}

static void a_wait_has_a_cap_however_often(void **state)
{
	(void)state;
	table_init();
	for (unsigned i = 0; i < 5000; i++) {
		limit_failed(&table, key_of("a"), 0);
		assert_true(limit_wait(&table, key_of("a"), 0) <= LIMIT_ACCOUNT_WAIT_MAX_US);
	}
	assert_int_equal(limit_wait(&table, key_of("a"), 0), LIMIT_ACCOUNT_WAIT_MAX_US);
}

/* Ten times as many keys as there are slots fail once each: one that failed often is still known.
 */
static void many_keys_do_not_wash_one_out(void **state)
{
	(void)state;
	table_init();
	for (unsigned i = 0; i < 12; i++)
		limit_failed(&table, key_of("often"), 0);
	for (unsigned i = 0; i < 10 * LIMIT_SLOTS; i++) {
		char text[16];
		snprintf(text, sizeof text, "key%u", i);
		limit_failed(&table, key_of(text), 1);
	}
	assert_true(limit_wait(&table, key_of("often"), 1) > 0);
}

static void an_address_is_that_of_a_household(void **state)
{
	static const uint8_t v4[4] = {203, 0, 113, 7};
	static const uint8_t mapped[16] = {0, 0, 0,    0,    0,   0, 0,   0,
					   0, 0, 0xFF, 0xFF, 203, 0, 113, 7};
	static const uint8_t one[16] = {0x20, 1, 0x0D, 0xB8, 0, 1, 0, 2, 9};
	static const uint8_t same[16] = {0x20, 1, 0x0D, 0xB8, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1};
	struct peer_address a = peer_address_of(v4, 4), b = peer_address_of(mapped, 16);
	struct peer_address c = peer_address_of(one, 16), d = peer_address_of(same, 16);

	(void)state;
	assert_int_equal(a.n, 4);
	assert_memory_equal(&a, &b, sizeof a);
	assert_int_equal(c.n, 8);
	assert_memory_equal(&c, &d, sizeof c);
	assert_int_equal(peer_address_of(v4, 3).n, 0);
}

/* ---- posts as text ---- */

static void posts_are_written_and_read_back(void **state)
{
	static const char *const wrong[] = {"role\tunit\n", "role\tunit\tarea", "\tunit\t\n",
					    "role\tunit\ta  b\n", "role\tunit\ta \n", "role\n"};
	struct account_posts posts = {.n = 2}, back;
	char text[ACCOUNT_POSTS_BYTES_MAX];
	struct buf b = buf_over(text, sizeof text);

	(void)state;
	posts.v[0] = (struct account_post){STR("one"), STR(""), {STR("A"), STR("B")}, 2};
	posts.v[1] = (struct account_post){STR("two"), STR("U"), {{0}}, 0};
	account_posts_put(&posts, &b);
	assert_true(str_eq(buf_str(&b), STR("one\t\tA B\ntwo\tU\t\n")));
	assert_true(account_posts_parse(buf_str(&b), &back));
	assert_int_equal(back.n, 2);
	assert_int_equal(back.v[0].areas_n, 2);
	assert_true(str_eq(back.v[0].areas[1], STR("B")));
	assert_true(str_eq(back.v[1].unit, STR("U")));
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		assert_false(account_posts_parse(str_of(wrong[i]), &back));
	b.n = 0;
	for (unsigned i = 0; i < ACCOUNT_POSTS_MAX + 1; i++)
		buf_put_z(&b, "one\t\t\n");
	assert_false(account_posts_parse(buf_str(&b), &back));
	assert_true(account_posts_parse((struct str){b.p, b.n - 6}, &back));
	assert_int_equal(back.n, ACCOUNT_POSTS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_code_sums_to_nought_and_is_read_as_people_write),
		cmocka_unit_test(one_wrong_character_or_two_that_changed_places_are_told),
		cmocka_unit_test(what_is_no_code),
		cmocka_unit_test(codes_are_drawn_evenly),
		cmocka_unit_test(a_hash_is_argon2id_with_the_interactive_limits),
		cmocka_unit_test(a_record_that_would_take_for_ever_is_none),
		cmocka_unit_test(what_may_be_a_password),
		cmocka_unit_test(a_job_leaves_no_password_behind),
		cmocka_unit_test(a_wait_is_forgotten_after_an_hour),
		cmocka_unit_test(a_wait_has_a_cap_however_often),
		cmocka_unit_test(many_keys_do_not_wash_one_out),
		cmocka_unit_test(an_address_is_that_of_a_household),
		cmocka_unit_test(posts_are_written_and_read_back),
	};
	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
