/* Accounts in a test's store: orders to its writer, signing in at a front desk. */
#ifndef LIREN_TEST_ACCOUNTS_H
#define LIREN_TEST_ACCOUNTS_H

#include "cases.h"

#include "service/accounts.h"
#include "service/kind_account.h"

struct test_desk {
	struct test_cases *t;
	struct reader *reader;
	struct accounts *accounts;
	unsigned touches; /* commands that the desk gave to the writer by itself */
	bool refuses;	  /* the writer takes none of them */
};

static inline enum err desk_submit(void *ctx, struct command *c)
{
	struct test_desk *d = ctx;

	if (d->refuses)
		return ERR_BUSY;
	d->touches++;
	writer_group(d->t->w, &c, 1, d->t->store.now);
	assert_ok(c->answer.err);
	c->done(c);
	return ERR_OK;
}

static inline void desk_open(struct test_desk *d, struct test_cases *t)
{
	struct accounts_options o = {.entropy = &t->store.entropy,
				     .generation = &t->w->accounts_generation,
				     .submit = desk_submit,
				     .ctx = d,
				     .now = t->store.now};

	*d = (struct test_desk){.t = t};
	assert_ok(reader_open(&t->store.paths, &t->store.secrets, &d->reader));
	o.reader = d->reader;
	assert_ok(accounts_new(&o, &d->accounts));
}

static inline void desk_close(struct test_desk *d)
{
	d->accounts = accounts_free(d->accounts);
	d->reader = reader_close(d->reader);
}

/* Give the order; its entry's number into *ret_n where that is wanted. */
static inline enum err account_call(struct test_cases *t, struct account_order *o, uint64_t *ret_n)
{
	struct test_command cmd;
	enum err e;

	test_command_init(&cmd, COMMAND_ACCOUNT);
	cmd.c.accounts.order = o;
	e = test_run(&t->store, t->w, &cmd);
	if (e == ERR_OK && ret_n)
		*ret_n = cmd.c.answer.n;
	return e;
}

static inline struct account_post post_of(const char *role, const char *unit, const char *area)
{
	struct account_post p = {.role = str_of(role), .unit = str_of(unit)};

	if (area)
		p.areas[p.areas_n++] = str_of(area);
	return p;
}

/* Somebody of the staff, with one post. */
static inline uint64_t staff_account(struct test_cases *t, const char *name, const char *role,
				     const char *unit)
{
	struct account_order o = {.act = ACCOUNT_MAKE,
				  .kind = ACCOUNT_STAFF,
				  .name = str_of(name),
				  .lang = LANG_ZH};
	uint64_t id = 0;

	o.posts.v[o.posts.n++] = post_of(role, unit, "G03");
	assert_ok(account_call(t, &o, &id));
	return id;
}

static inline uint64_t resident_account(struct test_cases *t, const char *name,
					const char *contact)
{
	struct account_order o = {.act = ACCOUNT_MAKE,
				  .kind = ACCOUNT_RESIDENT,
				  .name = str_of(name),
				  .contact = str_of(contact),
				  .lang = LANG_EN};
	uint64_t id = 0;

	assert_ok(account_call(t, &o, &id));
	return id;
}

/* Cheap to check, so that a test of other things takes no second: limits are in the record. */
static inline void cheap_hash(struct test_cases *t, const char *password,
			      struct password_hash *ret)
{
	*ret = (struct password_hash){.ops = 1, .mem_kib = 8};
	entropy_fill(&t->store.entropy, ret->salt, sizeof ret->salt);
	assert_int_equal(crypto_pwhash(ret->hash, sizeof ret->hash, password, strlen(password),
				       ret->salt, 1, 8192, crypto_pwhash_ALG_ARGON2ID13),
			 0);
}

static inline uint64_t set_password(struct test_cases *t, uint64_t account, const char *password)
{
	struct account_order o = {.act = ACCOUNT_SET_PASSWORD,
				  .account = account,
				  .by = {.account = account}};
	uint64_t n = 0;

	cheap_hash(t, password, &o.hash);
	assert_ok(account_call(t, &o, &n));
	return n;
}

/* By their owner, so that nobody else is needed. *o has the codes. */
static inline uint64_t set_sheet(struct test_cases *t, uint64_t account, struct account_order *o)
{
	uint64_t n = 0;

	*o = (struct account_order){.act = ACCOUNT_SET_SHEET,
				    .account = account,
				    .by = {.account = account}};
	assert_ok(account_call(t, o, &n));
	assert_true(o->has_codes);
	return n;
}

static inline enum err desk_begin(struct test_desk *d, struct sign_in *s)
{
	struct command *c = &s->command;

	writer_group(d->t->w, &c, 1, d->t->store.now);
	return accounts_sign_in_done(d->accounts, s);
}

/* The whole way, with the hashing done here. */
static inline enum err sign_in_from(struct test_desk *d, const char *name, const char *password,
				    unsigned post, struct peer_address peer, struct sign_in *s)
{
	TRY(accounts_sign_in_begin(d->accounts, str_of(name), str_of(password), post, peer,
				   d->t->store.now, s));
	hash_job_run(&s->hash, &d->t->store.entropy);
	TRY(accounts_sign_in_finish(d->accounts, s, d->t->store.now));
	return desk_begin(d, s);
}

static inline enum err sign_in(struct test_desk *d, const char *name, const char *password,
			       struct sign_in *s)
{
	return sign_in_from(d, name, password, 0, (struct peer_address){0}, s);
}

static inline enum err sign_in_code(struct test_desk *d, uint64_t sheet, const char *code,
				    struct sign_in *s)
{
	char number[24];

	snprintf(number, sizeof number, "%llu", (unsigned long long)sheet);
	TRY(accounts_sign_in_code(d->accounts, str_of(number), str_of(code),
				  (struct peer_address){0}, d->t->store.now, s));
	return desk_begin(d, s);
}

static inline enum err session_of(struct test_desk *d, const struct sign_in *s,
				  const struct account_session **ret)
{
	return accounts_session(d->accounts, str_of(s->token_text), d->t->store.now, ret);
}

static inline enum err session_call(struct test_cases *t, struct command *c)
{
	writer_group(t->w, &c, 1, t->store.now);
	return c->answer.err;
}

#endif
