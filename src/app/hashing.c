/* Hashes, one after the other. */
#include "app/hashing.h"

#include "app/kernel.h"
#include "base/check.h"
#include "base/ring.h"
#include "base/seal.h"

#include <pthread.h>
#include <stdlib.h>

struct hashing {
	pthread_mutex_t lock;
	pthread_cond_t work;
	pthread_t thread;
	void *slots[HASHING_QUEUE_MAX];
	struct ring queue;
	bool stopping;
	struct kernel_entropy random; /* the thread's */
	struct entropy entropy;
};

static void *run(void *ctx)
{
	struct hashing *h = ctx;

	for (;;) {
		struct hash_job *job;
		pthread_mutex_lock(&h->lock);
		while (ring_count(&h->queue) == 0 && !h->stopping)
			pthread_cond_wait(&h->work, &h->lock);
		job = ring_take(&h->queue);
		pthread_mutex_unlock(&h->lock);
		if (!job)
			return NULL;
		hash_job_run(job, &h->entropy);
		job->done(job);
	}
}

enum err hashing_start(struct hashing **ret)
{
	struct hashing *h = calloc(1, sizeof *h);

	if (!h)
		return ERR_NO_MEMORY;
	h->entropy = kernel_entropy(&h->random);
	ring_init(&h->queue, h->slots, HASHING_QUEUE_MAX);
	pthread_mutex_init(&h->lock, NULL);
	pthread_cond_init(&h->work, NULL);
	if (pthread_create(&h->thread, NULL, run, h) != 0) {
		pthread_cond_destroy(&h->work);
		pthread_mutex_destroy(&h->lock);
		free(h);
		return ERR_NO_MEMORY;
	}
	*ret = h;
	return ERR_OK;
}

enum err hashing_submit(struct hashing *h, struct hash_job *job)
{
	enum err e = ERR_OK;

	CHECK(job->done);
	pthread_mutex_lock(&h->lock);
	if (h->stopping)
		e = ERR_STOPPING;
	else if (!ring_put(&h->queue, job))
		e = ERR_TOO_MANY;
	else
		pthread_cond_signal(&h->work);
	pthread_mutex_unlock(&h->lock);
	if (e != ERR_OK) {
		job->err = e;
		seal_wipe(job->password, sizeof job->password);
		job->password_n = 0;
	}
	return e;
}

struct hashing *hashing_stop(struct hashing *h)
{
	if (!h)
		return NULL;
	pthread_mutex_lock(&h->lock);
	h->stopping = true;
	pthread_cond_signal(&h->work);
	pthread_mutex_unlock(&h->lock);
	pthread_join(h->thread, NULL);
	pthread_cond_destroy(&h->work);
	pthread_mutex_destroy(&h->lock);
	seal_wipe(&h->random, sizeof h->random);
	free(h);
	return NULL;
}
