/* See case_upload.h. */
#include "app/case_upload.h"

#include <pthread.h>

static pthread_once_t started = PTHREAD_ONCE_INIT;
static enum err start_err = ERR_INTERNAL; /* written by start alone, once */

static void start(void)
{
	start_err = media_warm_up();
}

enum err case_upload_start(void)
{
	return pthread_once(&started, start) == 0 ? start_err : ERR_INTERNAL;
}

void case_upload_stop(void)
{
	if (start_err == ERR_OK)
		media_process_fini();
}

static enum err take_picture(const struct blob_store *s, const struct case_upload *u,
			     enum media_kind kind, struct case_uploaded *up, struct blob *ret,
			     struct problem *problem)
{
	struct media_picture picture = {0};
	enum err e;

	TRY(case_upload_start());
	TRY(media_clean(u->content, kind, &u->options, &picture, problem));
	up->masks_burnt = picture.masks_burnt;
	up->location_kept = picture.location_kept;
	up->time_kept = picture.time_kept;
	e = blob_put(s, (struct bytes){picture.bytes, picture.n}, ret);
	media_picture_fini(&picture);
	return e;
}

enum err case_upload_take(const struct blob_store *s, const struct case_upload *u,
			  struct case_uploaded *ret, struct problem *problem)
{
	struct case_uploaded up = {.given = {.field = u->field,
					     .is_evidence = u->options.evidence}};
	enum media_kind kind;
	struct blob blob;

	TRY(media_sniff(u->content, u->groups, &kind, problem));
	if (media_info(kind)->group == MEDIA_IMAGE) {
		TRY(take_picture(s, u, kind, &up, &blob, problem));
		kind = MEDIA_JPEG; /* whatever it was */
	} else {
		TRY(blob_put(s, u->content, &blob));
		up.is_as_it_came = true;
	}
	up.given.media = str_of(media_info(kind)->type);
	up.given.hash = blob.hash;
	up.given.bytes = blob.bytes;
	up.given.key = blob.key;
	seal_wipe(&blob, sizeof blob);
	*ret = up;
	seal_wipe(&up, sizeof up);
	return ERR_OK;
}

void case_upload_done(struct case_uploaded *u)
{
	seal_wipe(&u->given.key, sizeof u->given.key);
}

enum err case_upload_drop(const struct blob_store *s, struct case_uploaded *u)
{
	case_upload_done(u);
	return blob_remove(s, &u->given.hash);
}
