/* The one thread that hashes passwords: a hash takes about 54 ms and 64 MiB, so neither the http
 * thread nor two at once may do it. */
#ifndef LIREN_APP_HASHING_H
#define LIREN_APP_HASHING_H

#include "service/password.h"

#define HASHING_QUEUE_MAX 32u /* waiting: the last of them for about 1.7 s */

struct hashing;

/* ERR_NO_MEMORY. */
enum err hashing_start(struct hashing **ret) MUST_CHECK;

/* Hand a job to the thread; its `done` is called there, once. ERR_TOO_MANY: the queue is full;
 * ERR_STOPPING. Then the password is wiped, `done` is not called, and job->err says why. */
enum err hashing_submit(struct hashing *h, struct hash_job *job) MUST_CHECK;

/* Finish what is queued, and end the thread. NULL is fine. */
struct hashing *hashing_stop(struct hashing *h);

#endif
