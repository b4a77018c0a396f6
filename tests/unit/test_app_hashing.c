/* The hashing thread: its queue has a cap, what is queued is finished, and nothing more is taken.
 */
#include "test.h"

#include "app/hashing.h"

#include <pthread.h>
#include <sodium.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static unsigned done_n;
static bool closed; /* the thread waits in `done` */

static void done(struct hash_job *job)
{
	pthread_mutex_lock(&lock);
	assert_int_equal(job->password_n, 0);
	*(unsigned *)job->owner = ++done_n;
	pthread_cond_broadcast(&changed);
	while (closed)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}

/* Limits so small that a hash takes no time. */
static void make_job(struct hash_job *job, const char *password, unsigned *order)
{
	*job = (struct hash_job){.act = HASH_CHECK, .done = done, .owner = order};
	job->hash.ops = 1;
	job->hash.mem_kib = 8;
	assert_int_equal(crypto_pwhash(job->hash.hash, sizeof job->hash.hash, "right", 5,
				       job->hash.salt, 1, 8192, crypto_pwhash_ALG_ARGON2ID13),
			 0);
	job->password_n = strlen(password);
	memcpy(job->password, password, job->password_n);
}

static void wait_for(unsigned n)
{
	pthread_mutex_lock(&lock);
	while (done_n < n)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}

static void open_again(void)
{
	pthread_mutex_lock(&lock);
	closed = false;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static void a_full_queue_refuses_and_what_is_queued_is_finished(void **state)
{
	static struct hash_job jobs[HASHING_QUEUE_MAX + 2];
	static const char nothing[PASSWORD_BYTES_MAX];
	unsigned order[HASHING_QUEUE_MAX + 2] = {0};
	struct hashing *h = NULL;

	(void)state;
	closed = true;
	assert_ok(hashing_start(&h));
	for (unsigned i = 0; i < HASHING_QUEUE_MAX + 2; i++)
		make_job(&jobs[i], i % 2 ? "right" : "wrong", &order[i]);
	assert_ok(hashing_submit(h, &jobs[0]));
	wait_for(1); /* it is out of the queue, and the thread waits */
	for (unsigned i = 1; i <= HASHING_QUEUE_MAX; i++)
		assert_ok(hashing_submit(h, &jobs[i]));
	assert_err(hashing_submit(h, &jobs[HASHING_QUEUE_MAX + 1]), ERR_TOO_MANY);
	assert_err(jobs[HASHING_QUEUE_MAX + 1].err, ERR_TOO_MANY);
	assert_memory_equal(jobs[HASHING_QUEUE_MAX + 1].password, nothing, sizeof nothing);
	open_again();
	assert_null(hashing_stop(h));
	for (unsigned i = 0; i <= HASHING_QUEUE_MAX; i++) {
		assert_int_equal(order[i], i + 1); /* one after the other, each once */
		assert_ok(jobs[i].err);
		assert_int_equal(jobs[i].holds, i % 2);
	}
	assert_int_equal(order[HASHING_QUEUE_MAX + 1], 0);
}

static void a_stop_without_work_is_at_once(void **state)
{
	struct hashing *h = NULL;

	(void)state;
	assert_ok(hashing_start(&h));
	assert_null(hashing_stop(h));
	assert_null(hashing_stop(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_queue_refuses_and_what_is_queued_is_finished),
		cmocka_unit_test(a_stop_without_work_is_at_once),
	};
	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
