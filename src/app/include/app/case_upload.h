/* From the bytes of an upload to a file that an order of CASE_ATTACH names: what it is, by its own
 * bytes; a picture made anew; sealed and durable. Depends on media/, journal/blobs.h and
 * service/case_order.h. Calls may come from any thread, each with its own store; a picture takes
 * what media_clean takes. */
#ifndef LIREN_APP_CASE_UPLOAD_H
#define LIREN_APP_CASE_UPLOAD_H

#include "journal/blobs.h"
#include "media/media.h"
#include "service/case_order.h"

/* media_warm_up, the first time; the first picture does it where nobody did before. It costs some
 * 50 ms, which a start that nobody sends a picture to does without; a process that confines itself
 * calls this before, while it has no other thread. ERR_INTERNAL: no picture is taken. */
enum err case_upload_start(void) MUST_CHECK;
void case_upload_stop(void); /* at the end of the process; also where it was never started */

struct case_upload {
	struct bytes content;
	struct str field;             /* of kind photo, of the case's type; outlives the order */
	unsigned groups;              /* MEDIA_… joined: what is taken; at least one */
	struct media_options options; /* of a picture; `evidence` is noted of other files, too */
};

struct case_uploaded {
	struct case_file_given given; /* for the order; media and field are views */
	unsigned masks_burnt;
	bool location_kept, time_kept;
	bool is_as_it_came; /* no picture: whatever its maker wrote into it is still there; tell
			       whoever attached it */
};

/* ERR_BAD_MEDIA, ERR_TOO_LARGE, ERR_BAD_INPUT with field and remedy as media_sniff and media_clean
 * say; ERR_NO_SPACE, ERR_STORE as blob_put; ERR_INTERNAL: a picture, and nothing is there to read
 * it. No file is left then. */
enum err case_upload_take(const struct blob_store *s, const struct case_upload *u,
			  struct case_uploaded *ret, struct problem *problem) MUST_CHECK;

/* Once the order was answered: the key is wiped, which the entry holds sealed. */
void case_upload_done(struct case_uploaded *u);
/* Where it was refused: the file goes, too. One that stays for an error is swept a day later. */
enum err case_upload_drop(const struct blob_store *s, struct case_uploaded *u) MUST_CHECK;

#endif
