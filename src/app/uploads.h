/* Within app: the one thread that looks at uploads, makes pictures anew and seals them
 * (case_upload.h): some 50 to 200 ms each, which the http thread has not. */
#ifndef LIREN_APP_UPLOADS_H
#define LIREN_APP_UPLOADS_H

#include "api/api.h"

#define UPLOADS_QUEUE_MAX 16u /* waiting */

struct uploads;

/* `attachments`: the folder; outlives it. The thread starts with the first file. */
enum err uploads_new(const char *attachments, struct uploads **ret) MUST_CHECK;
/* ERR_BUSY: the queue is full; ERR_STOPPING. Then u->done is not called. */
enum err uploads_submit(struct uploads *s, struct api_upload *u) MUST_CHECK;
/* Of one that ended ERR_OK: an entry names it, or the file goes again. Any thread. */
void uploads_end(struct uploads *s, struct api_upload *u, bool named);
/* Finish what is queued. NULL is fine. */
struct uploads *uploads_stop(struct uploads *s);

#endif
