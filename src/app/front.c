/* See front.h. */
#include "front.h"

#include "service/accounts.h"

#include <stdlib.h>

static enum err submit(void *ctx, struct command *c)
{
	struct front *f = ctx;

	return runner_submit(f->runner, c);
}

static enum err health(void *ctx)
{
	struct front *f = ctx;

	return runner_health(f->runner);
}

static const struct cases_shelf *hold_shelf(void *ctx, void **ret_hold)
{
	struct front *f = ctx;
	struct shelf_hold *h = shelves_hold(f->shelves);

	*ret_hold = h;
	return shelf_held(h);
}

static void release_shelf(void *hold)
{
	shelves_release(hold);
}

static int64_t now(void *ctx)
{
	struct front *f = ctx;

	return runner_clock(f->runner).utc_us;
}

static struct clock_reading clock_now(void *ctx)
{
	struct front *f = ctx;

	return runner_clock(f->runner);
}

static uint32_t demo_speed(void *ctx)
{
	struct front *f = ctx;

	return runner_demo_speed(f->runner);
}

static enum err hash(void *ctx, struct hash_job *job)
{
	struct front *f = ctx;

	return hashing_submit(f->hashing, job);
}

static enum err upload(void *ctx, struct api_upload *u)
{
	struct front *f = ctx;

	return uploads_submit(f->uploads, u);
}

static void upload_end(void *ctx, struct api_upload *u, bool named)
{
	struct front *f = ctx;

	uploads_end(f->uploads, u, named);
}

enum err front_authenticate(struct accounts *accounts, struct clock_reading clock,
			    struct api_call *call)
{
	struct api_actor *a = &call->actor;
	const struct account_session *s = NULL;
	struct buf memory = buf_over(a->memory, sizeof a->memory);
	enum err e = accounts_session(accounts, call->session, clock, &s);

	if (e == ERR_NOT_SIGNED_IN)
		return ERR_OK; /* then nobody is */
	TRY(e);
	a->kind = s->kind == ACCOUNT_STAFF && s->has_post ? API_STAFF : API_RESIDENT;
	a->account = s->account;
	a->session = s->id;
	memcpy(a->csrf, s->csrf, sizeof a->csrf);
	if (!s->has_post)
		return ERR_OK;
	/* the session may be another one at the next request */
	a->role.p = memory.p;
	buf_put_str(&memory, s->acting.role);
	a->role.n = memory.n;
	a->unit.p = memory.p + memory.n;
	buf_put_str(&memory, s->acting.unit);
	a->unit.n = s->acting.unit.n;
	for (unsigned i = 0; i < s->acting.areas_n && i < API_AREAS_MAX; i++) {
		a->areas[a->areas_n++] =
		    (struct str){memory.p + memory.n, s->acting.areas[i].n};
		buf_put_str(&memory, s->acting.areas[i]);
	}
	return memory.over ? ERR_INTERNAL : ERR_OK;
}

static enum err authenticate(void *ctx, struct api_call *call)
{
	struct front *f = ctx;

	return front_authenticate(f->accounts, runner_clock(f->runner), call);
}

enum err front_start(struct front *f, struct runner *runner, struct reader *reader,
		     const char *attachments, const struct entropy *entropy, struct api *api)
{
	struct accounts_options ao = {.reader = reader,
				      .entropy = entropy,
				      .generation = runner_accounts_generation(runner),
				      .submit = submit,
				      .ctx = f,
				      .now = runner_clock(runner)};

	f->runner = runner;
	f->blobs = (struct blob_store){.dir = attachments};
	TRY(hashing_start(&f->hashing));
	TRY(uploads_new(attachments, &f->uploads));
	TRY(accounts_new(&ao, &f->accounts));
	TRY(queue_open(reader->db, &f->queue));
	api->reader = reader;
	api->submit = submit;
	api->health = health;
	api->authenticate = authenticate;
	api->hold_shelf = hold_shelf;
	api->release_shelf = release_shelf;
	api->now = now;
	api->clock = clock_now;
	api->demo_speed = demo_speed;
	api->hash = hash;
	api->upload = upload;
	api->upload_end = upload_end;
	api->blobs = &f->blobs;
	api->accounts = f->accounts;
	api->queue = f->queue;
	api->entropy = entropy;
	return ERR_OK;
}

void front_stop(struct front *f, struct api *api)
{
	api_fini(api);
	f->hashing = hashing_stop(f->hashing);
	f->uploads = uploads_stop(f->uploads);
	f->queue = queue_close(f->queue);
}

void front_free(struct front *f)
{
	f->accounts = accounts_free(f->accounts);
	f->shelves = shelves_free(f->shelves);
}
