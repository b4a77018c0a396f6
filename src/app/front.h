/* Within app: what the api looks at and asks: the files in force, the queue, who is signed in, the
 * thread that hashes. All of it is the http thread's while that runs. */
#ifndef LIREN_APP_FRONT_H
#define LIREN_APP_FRONT_H

#include "api/api.h"
#include "app/hashing.h"
#include "app/runner.h"
#include "journal/blobs.h"
#include "shelves.h"
#include "uploads.h"

struct feed;

struct front {
	struct shelves *shelves;
	struct hashing *hashing;
	struct uploads *uploads;
	struct blob_store blobs; /* to read from */
	struct accounts *accounts;
	struct queue *queue;
	struct runner *runner;
	struct feed *_Atomic *feed; /* of live changes; in it NULL until they run */
};

/* Over a reader of the http thread and a running writer; fills in what the api asks for, but for
 * api->ctx, which must be the front. On failure front_stop undoes what is there. */
enum err front_start(struct front *f, struct runner *runner, struct reader *reader,
		     const char *attachments, const struct entropy *entropy,
		     struct api *api) MUST_CHECK;

/* The session of the call's cookie: who asks, under which post; one that is none leaves the actor
 * as it is. */
enum err front_authenticate(struct accounts *accounts, struct clock_reading clock,
			    struct api_call *call) MUST_CHECK;

/* Before the writer stops, and after the http thread has. */
void front_stop(struct front *f, struct api *api);

/* After the writer has stopped. */
void front_free(struct front *f);

#endif
