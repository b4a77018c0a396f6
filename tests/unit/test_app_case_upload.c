/* A file from its upload to a case, back to a reader, and away with the case: bytes in, bytes out.
 */
#include "cases.h"

#include "app/case_upload.h"
#include "picture.h"

static int setup(void **state)
{
	static struct test_cases t;

	cases_open(&t, NULL);
	*state = &t;
	return 0;
}

static int teardown(void **state)
{
	cases_must_rebuild(*state);
	cases_close(*state);
	return 0;
}

static uint64_t report(struct test_cases *t)
{
	return cases_hand_in(t, "resident-request",
			     FIELDS("place", "0", "text", "巷口路灯不亮", "channel", "phone",
				    "has_reporter", "no", "drill", "no"));
}

static enum err attach(struct test_cases *t, uint64_t id, const struct case_uploaded *up)
{
	struct case_order order = {.kind = CASE_ATTACH, .hand = CASE_HAND_ACCOUNT,
				   .role = STR("grid_worker"), .account = STR("grid-4"), .id = id,
				   .attach = &up->given};
	struct test_command cmd;
	enum err e;

	test_command_init(&cmd, COMMAND_CASE);
	cmd.c.cases.order = &order;
	e = test_run(&t->store, t->w, &cmd);
	t->answer = cmd.c.answer;
	return e;
}

static void erase(struct test_cases *t, uint64_t id)
{
	struct test_command cmd;

	cases_must(t, id, "withdraw", "intake", "desk-1", NO_FIELDS);
	test_command_init(&cmd, COMMAND_ERASE_RECORD);
	cmd.c.erase.record = id;
	assert_ok(test_run(&t->store, t->w, &cmd));
}

static struct attachments_found examined(struct test_cases *t)
{
	struct attachments_found found;

	assert_ok(attachments_examine(t->w->db, t->w->keys, &t->blobs, true, &found));
	return found;
}

static unsigned files_in;

static int count_file(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)path;
	(void)st;
	(void)at;
	files_in += type == FTW_F;
	return 0;
}

static unsigned files(struct test_cases *t)
{
	files_in = 0;
	assert_int_equal(nftw(t->files, count_file, 8, FTW_PHYS), 0);
	return files_in;
}

static void a_picture_comes_and_goes_with_its_case(void **state)
{
	struct test_cases *t = *state;
	const struct media_mask mask = {0, 0, 2500, 2500};
	struct picture_file p = picture_jpeg(320, 240, 6, false);
	struct case_upload u = {.content = {p.p, p.n}, .field = STR("photos"),
				.groups = MEDIA_IMAGE, .options = {.masks = &mask, .masks_n = 1}};
	struct case_uploaded up;
	struct problem problem = {0};
	struct blob_content content;
	struct reader *r = NULL;
	char media[ATTACHED_MEDIA_MAX + 1];
	uint64_t id = report(t), n;

	assert_true(picture_holds(p.p, p.n, PICTURE_SECRET));
	assert_ok(case_upload_take(&t->blobs, &u, &up, &problem));
	assert_int_equal(up.masks_burnt, 1);
	assert_false(up.location_kept || up.time_kept || up.is_as_it_came);
	assert_int_equal(files(t), 1);
	assert_ok(attach(t, id, &up));
	n = t->answer.n;
	case_upload_done(&up);
	assert_ok(reader_open(&t->store.paths, &t->store.secrets, &r));
	assert_ok(attachment_open(r, &t->blobs, n, &content, media));
	assert_string_equal(media, "image/jpeg");
	assert_true(content.n > 100 && content.p[0] == 0xFF && content.p[1] == 0xD8);
	assert_int_equal(picture_look(content.p, content.n).exif, 0);
	assert_false(picture_holds(content.p, content.n, PICTURE_SECRET));
	blob_content_fini(&content);
	assert_err(attachment_open(r, &t->blobs, id, &content, media), ERR_NOT_FOUND);
	assert_int_equal(examined(t).files, 1);
	erase(t, id);
	/* from the erasure on, though file and key are still there */
	assert_int_equal(files(t), 1);
	assert_err(attachment_open(r, &t->blobs, n, &content, media), ERR_GONE);
	assert_err(attachment_remove(t->w->db, t->w->keys, &t->blobs, n), ERR_BUSY);
	assert_true(cases_deliver(t) > 0);
	assert_int_equal(files(t), 0);
	assert_err(attachment_open(r, &t->blobs, n, &content, media), ERR_GONE);
	assert_int_equal(examined(t).erased, 1);
	assert_int_equal(examined(t).missing + examined(t).changed + examined(t).files, 0);
	/* once more, as after a crash before the result was written */
	assert_ok(attachment_remove(t->w->db, t->w->keys, &t->blobs, n));
	reader_close(r);
	free(p.p);
}

static void other_files_of_other_cases_stay(void **state)
{
	struct test_cases *t = *state;
	struct picture_file p = picture_jpeg(320, 240, 6, false);
	struct case_upload u = {.content = {p.p, p.n}, .field = STR("photos"),
				.groups = MEDIA_IMAGE, .options = {.evidence = true}};
	struct case_uploaded up, wrong;
	struct problem problem = {0};
	uint64_t id = report(t), other = report(t);

	assert_ok(case_upload_take(&t->blobs, &u, &up, &problem));
	assert_true(up.location_kept && up.time_kept && up.given.is_evidence);
	assert_ok(attach(t, id, &up));
	/* one file under two cases: the second keeps it */
	assert_ok(attach(t, other, &up));
	case_upload_done(&up);
	u.field = STR("no_such_field");
	assert_ok(case_upload_take(&t->blobs, &u, &wrong, &problem));
	assert_err(attach(t, id, &wrong), ERR_BAD_INPUT);
	assert_int_equal(files(t), 2);
	assert_ok(case_upload_drop(&t->blobs, &wrong));
	assert_int_equal(files(t), 1);
	erase(t, id);
	cases_deliver(t);
	assert_int_equal(files(t), 1);
	erase(t, other);
	cases_deliver(t);
	assert_int_equal(files(t), 0);
	free(p.p);
}

static void what_is_no_picture_is_refused(void **state)
{
	struct test_cases *t = *state;
	static const uint8_t text[] = "<script>no picture</script>";
	struct picture_file p = picture_jpeg(320, 240, 6, false);
	struct case_upload u = {.content = {text, sizeof text}, .field = STR("photos"),
				.groups = MEDIA_ANY};
	struct case_uploaded up;
	struct problem problem = {0};

	assert_err(case_upload_take(&t->blobs, &u, &up, &problem), ERR_BAD_MEDIA);
	assert_int_equal(problem.err, ERR_BAD_MEDIA);
	u.content = (struct bytes){p.p, p.n / 2};
	assert_err(case_upload_take(&t->blobs, &u, &up, &problem), ERR_BAD_INPUT);
	u.content = (struct bytes){p.p, p.n};
	u.groups = MEDIA_SOUND;
	assert_err(case_upload_take(&t->blobs, &u, &up, &problem), ERR_BAD_MEDIA);
	assert_int_equal(files(t), 0);
	free(p.p);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_picture_comes_and_goes_with_its_case),
	    TEST(other_files_of_other_cases_stay),
	    TEST(what_is_no_picture_is_refused),
	};
	int failed;

	assert_ok(case_upload_start());
	failed = cmocka_run_group_tests(tests, NULL, NULL);

	case_upload_stop();
	return failed;
}
