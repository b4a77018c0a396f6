/* See uploads.h. */
#include "uploads.h"

#include "app/case_upload.h"
#include "app/kernel.h"
#include "base/check.h"
#include "base/ring.h"

#include <pthread.h>
#include <stdlib.h>

struct uploads {
	struct kernel_entropy random;
	struct entropy entropy;
	struct blob_store store; /* the thread's */
	pthread_mutex_t lock;
	pthread_cond_t work;
	pthread_t thread;
	bool running, stopping;
	void *slots[UPLOADS_QUEUE_MAX];
	struct ring queue;
};

static void take(struct uploads *s, struct api_upload *u)
{
	struct case_uploaded *taken = calloc(1, sizeof *taken);
	const struct case_upload what = {.content = u->content,
					 .field = u->field,
					 .groups = MEDIA_ANY,
					 .options = {.evidence = u->is_evidence}};

	u->problem = (struct problem){0};
	u->err = taken ? case_upload_take(&s->store, &what, taken, &u->problem) : ERR_NO_MEMORY;
	if (u->err != ERR_OK) {
		free(taken);
		return;
	}
	u->given = taken->given;
	u->is_as_it_came = taken->is_as_it_came;
	u->inner = taken;
}

static void *run(void *ctx)
{
	struct uploads *s = ctx;

	for (;;) {
		struct api_upload *u = NULL;
		pthread_mutex_lock(&s->lock);
		while (ring_count(&s->queue) == 0 && !s->stopping)
			pthread_cond_wait(&s->work, &s->lock);
		if (ring_count(&s->queue) > 0)
			u = ring_take(&s->queue);
		pthread_mutex_unlock(&s->lock);
		if (!u)
			return NULL;
		take(s, u);
		u->done(u);
	}
}

enum err uploads_new(const char *attachments, struct uploads **ret)
{
	struct uploads *s = calloc(1, sizeof *s);

	if (!s)
		return ERR_NO_MEMORY;
	s->entropy = kernel_entropy(&s->random);
	s->store = (struct blob_store){attachments, &s->entropy};
	ring_init(&s->queue, s->slots, UPLOADS_QUEUE_MAX);
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->work, NULL);
	*ret = s;
	return ERR_OK;
}

enum err uploads_submit(struct uploads *s, struct api_upload *u)
{
	enum err e = ERR_OK;

	pthread_mutex_lock(&s->lock);
	if (s->stopping)
		e = ERR_STOPPING;
	else if (!s->running)
		e = pthread_create(&s->thread, NULL, run, s) == 0 ? ERR_OK : ERR_NO_MEMORY;
	s->running = s->running || e == ERR_OK;
	if (e == ERR_OK && !ring_put(&s->queue, u))
		e = ERR_BUSY;
	if (e == ERR_OK)
		pthread_cond_signal(&s->work);
	pthread_mutex_unlock(&s->lock);
	return e;
}

void uploads_end(struct uploads *s, struct api_upload *u, bool named)
{
	struct case_uploaded *taken = u->inner;

	if (!taken)
		return;
	if (named)
		case_upload_done(taken);
	else if (case_upload_drop(&s->store, taken) != ERR_OK)
		u->err = ERR_STORE; /* swept, a day later */
	seal_wipe(&u->given.key, sizeof u->given.key);
	free(taken);
	u->inner = NULL;
}

struct uploads *uploads_stop(struct uploads *s)
{
	if (!s)
		return NULL;
	pthread_mutex_lock(&s->lock);
	s->stopping = true;
	pthread_cond_signal(&s->work);
	pthread_mutex_unlock(&s->lock);
	if (s->running)
		pthread_join(s->thread, NULL);
	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->work);
	free(s);
	return NULL;
}
