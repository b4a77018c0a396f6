/* The threads of a running office: the one writer with its bounded queue, and the outbox.
 * Everything else calls in. */
#ifndef LIREN_APP_RUNNER_H
#define LIREN_APP_RUNNER_H

#include "service/writer.h"

#define RUNNER_QUEUE_MAX 4096u /* commands waiting for the writer */

struct runner;

struct runner_options {
	const struct store_paths *paths;
	const struct store_secrets *secrets; /* both must outlive the runner */
	/* Gives the files in force, read from the store when it is open and no thread runs yet;
	 * NULL, or NULL from it: none. Whose they are may free them when a COMMAND_LOAD_FILES has
	 * put others in their place. */
	const struct cases_shelf *(*take_up)(void *ctx, struct db *db);
	void *ctx;
	const char *attachments; /* the folder; outlives the runner */
	/* runner_stop delivers what is held, too, however long the words of erased cases take to be
	 * merged out; else that goes on at the next start */
	bool finish;
	/* After every COMMIT that brought entries, on the writer's thread, before the answers go
	 * out; NULL: nobody is told. */
	void (*committed)(void *ctx);
	/* A demo's clock: thousandths of how it goes; 0: only where it is moved. Other stores go by
	 * the kernel's clock. */
	uint32_t demo_speed;
	bool mails; /* somebody sends what steps tell (mailer.h) */
};

enum err runner_start(const struct runner_options *options, struct runner **ret) MUST_CHECK;

/* Hand a command to the writer; its `done` is called on the writer's thread. ERR_BUSY: the queue is
 * full. ERR_STOPPING. */
enum err runner_submit(struct runner *r, struct command *c) MUST_CHECK;

/* Submit and wait for the answer. */
enum err runner_call(struct runner *r, struct command *c) MUST_CHECK;

/* ERR_OK while commands are taken; ERR_CLOCK_HELD, ERR_STORE … as the last group ended. */
enum err runner_health(struct runner *r);

/* What time it is in the store, and since boot: by the kernel, or by a demo's clock, which begins
 * at the last entry. Any thread. */
struct clock_reading runner_clock(const struct runner *r);
uint32_t runner_demo_speed(const struct runner *r);

#define RUNNER_COMMIT_STEPS 12u
#define RUNNER_KINDS_MAX 32u   /* enum command_kind */
#define RUNNER_RESULTS_MAX 64u /* enum err */

/* Upper bounds of the steps, in microseconds; above the last one everything else. */
extern const int64_t runner_commit_step_us[RUNNER_COMMIT_STEPS];

/* Since the start. */
struct runner_counts {
	uint64_t commands, groups, wal_bytes;
	uint64_t result[RUNNER_KINDS_MAX]
		       [RUNNER_RESULTS_MAX];       /* answers, by kind and how they ended */
	uint64_t commit[RUNNER_COMMIT_STEPS + 1];  /* COMMITs of groups, by how long they took */
	int64_t commit_us;
	unsigned queued; /* commands that wait now */
	unsigned stuck; /* cases that the timer passes over; WRITER_STUCK_MAX: or more */
};
struct runner_counts runner_counts(struct runner *r);

/* For accounts_new: counts what may have ended a session; read from any thread until runner_stop.
 */
const _Atomic uint64_t *runner_accounts_generation(const struct runner *r);

/* Finish what is queued, sign the last entries, deliver what is due, end the threads. NULL is fine.
 */
struct runner *runner_stop(struct runner *r);

#endif
