/* case.attached and the files beside it: written, read back, rebuilt; opened with the data key and
 * never without; swept and looked at. */
#include "test.h"

#include "journal/rebuild.h"
#include "record.h"
#include "service/attachments.h"
#include "service/kind_attachment.h"
#include "service/kinds.h"

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#define CASE_ID 7u

static struct test_record store;
static char folder[2 * STORE_PATH_MAX];
static struct blob_store blobs;

static void begin(void)
{
	store_make(&store, 5);
	snprintf(folder, sizeof folder, "%s/attachments", store.dir);
	assert_int_equal(mkdir(folder, 0700), 0);
	blobs = (struct blob_store){folder, &store.entropy};
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static void end(void)
{
	assert_int_equal(nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
	store_remove(&store);
}

struct attached {
	uint64_t n, key_id;
	struct blob blob;
	struct seal_key data_key;
};

/* What a command will do: the file first, then the entry that names it. */
static struct attached attach(const char *content, uint64_t prev)
{
	struct writer *w = store.writer;
	struct actor actor = {.role = STR("grid_worker")};
	struct case_attached d = {.case_id = CASE_ID,
				  .field = STR("photo_before"),
				  .prev = prev,
				  .media = STR("image/jpeg"),
				  .evidence = prev != 0};
	uint8_t box[ATTACHED_KEY_BYTES];
	struct attached a = {0};
	struct appended entry;

	assert_ok(blob_put(&blobs, str_bytes(str_of(content)), &a.blob));
	assert_ok(keyring_reserve(w->keys, 1, store.now.utc_us));
	keyring_take(w->keys, &a.key_id, &a.data_key);
	d.hash = a.blob.hash;
	d.bytes = a.blob.bytes;
	attached_seal_key(&a.data_key, a.key_id, &a.blob.key, &store.entropy, box, &d.key);
	assert_ok(db_begin(w->db));
	assert_ok(
	    journal_append(&w->journal, &actor, KIND_CASE_ATTACHED, store.now.utc_us, &d, &entry));
	assert_ok(db_commit(w->db));
	a.n = entry.n;
	return a;
}

static void destroy(const struct attached *a)
{
	assert_ok(keyring_destroy(store.writer->keys, &a->key_id, 1, store.now.utc_us));
}

static struct attachments_found examine(bool whole)
{
	struct attachments_found found;

	memset(&found, 0xEE, sizeof found);
	assert_ok(attachments_examine(store.writer->db, store.writer->keys, &blobs, whole, &found));
	return found;
}

static void path_of(const struct attached *a, char path[1024])
{
	char hex[65];
	struct buf b = buf_over(hex, sizeof hex);

	buf_put_hex(&b, a->blob.hash.b, HASH_BYTES);
	(void)buf_z(&b);
	snprintf(path, 1024, "%s/%.2s/%s", folder, hex, hex + 2);
}

/* The entry read back as anybody would who holds the journal. */
static void read_entry(uint64_t n, struct arena *a, const struct case_attached **ret)
{
	static char body[ENTRY_BYTES_MAX];
	struct entry_view view;
	struct entry_head head;
	const struct entry_value *data = NULL;
	const void *decoded = NULL;
	void *tree = NULL;

	assert_ok(journal_entry(store.writer->db, n, body, &view));
	assert_ok(kind_parse(view.body, a, &head, &tree, &data));
	assert_int_equal(head.kind, KIND_CASE_ATTACHED);
	assert_ok(service_kinds[head.kind].decode(data, a, &decoded));
	free(tree);
	*ret = decoded;
}

static void an_entry_opens_its_file_with_the_data_key_alone(void **state)
{
	static _Alignas(16) char memory[8192];
	struct blob_content c = {0};
	struct seal_key key = {{0}}, other = {{9}};
	const struct case_attached *d = NULL;
	struct sealed moved;
	struct attached first, second;
	struct arena a;

	(void)state;
	begin();
	first = attach("before", 0);
	second = attach("after", first.n);
	arena_init(&a, memory, sizeof memory);
	read_entry(second.n, &a, &d);
	assert_int_equal(d->case_id, CASE_ID);
	assert_int_equal(d->prev, first.n);
	assert_true(d->evidence);
	assert_true(str_eq(d->field, STR("photo_before")));
	assert_true(str_eq(d->media, STR("image/jpeg")));
	assert_int_equal(d->bytes, 32 + 5 + 16);
	assert_err(attached_open_key(&other, &d->key, &key), ERR_UNVERIFIED);
	assert_err(attached_open_key(&first.data_key, &d->key, &key), ERR_UNVERIFIED);
	moved = d->key; /* under the right key, but of another number */
	moved.key_id++;
	assert_err(attached_open_key(&second.data_key, &moved, &key), ERR_UNVERIFIED);
	moved = d->key;
	moved.box.n--;
	assert_err(attached_open_key(&second.data_key, &moved, &key), ERR_UNVERIFIED);
	assert_ok(attached_open_key(&second.data_key, &d->key, &key));
	assert_ok(blob_open(&blobs, &d->hash, &key, &c));
	assert_int_equal(c.n, 5);
	assert_memory_equal(c.p, "after", 5);
	blob_content_fini(&c);
	end();
}

static void entries_of_another_form_are_refused(void **state)
{
	static const char *const changes[] = {
	    "\"bytes\":53",
	    "\"bytes\":-1",
	    "\"case\":7",
	    "\"case\":\"7\"",
	    "\"evidence\":false",
	    "\"evidence\":0",
	    "\"field\":\"photo_before\"",
	    "\"field\":\"\"",
	    "\"prev\":0",
	    "\"prev\":0,\"x\":1",
	    "\"media\":\"image/jpeg\"",
	    "\"media\":\"\"",
	    "\"hash\":\"",
	    "\"hash\":\"0",
	};
	static _Alignas(16) char memory[8192];
	static char body[ENTRY_BYTES_MAX], changed[ENTRY_BYTES_MAX];
	struct entry_view view;
	struct attached a;

	(void)state;
	begin();
	a = attach("other", 0);
	assert_ok(journal_entry(store.writer->db, a.n, body, &view));
	for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i += 2) {
		const char *at = memmem(view.body.p, view.body.n, changes[i], strlen(changes[i]));
		struct buf b = buf_over(changed, sizeof changed);
		const struct entry_value *data = NULL;
		const void *decoded = NULL;
		void *tree = NULL;
		struct entry_head head;
		struct arena arena;
		size_t front;
		if (!at)
			fail_msg("no %s", changes[i]);
		front = (size_t)(at - view.body.p);
		buf_put(&b, view.body.p, front);
		buf_put_z(&b, changes[i + 1]);
		front += strlen(changes[i]);
		buf_put(&b, view.body.p + front, view.body.n - front);
		arena_init(&arena, memory, sizeof memory);
		assert_ok(kind_parse(buf_str(&b), &arena, &head, &tree, &data));
		assert_err(attached_decode(data, &arena, &decoded), ERR_CORRUPT);
		assert_null(decoded);
		free(tree);
	}
	end();
}

static struct rebuild_result rebuild(void)
{
	char second[2 * STORE_PATH_MAX];
	struct rebuild_options o = {
	    .live = store.journal, .second = second, .copy = second, .kinds = service_kinds};
	struct rebuild_result r;

	snprintf(second, sizeof second, "%s/second.db", store.dir);
	assert_ok(journal_rebuild(&o, &r));
	assert_int_equal(unlink(second), 0);
	return r;
}

static void rows_are_rebuilt_from_the_entries(void **state)
{
	struct rebuild_result r;
	struct attached a;

	(void)state;
	begin();
	a = attach("one", 0);
	(void)attach("two", a.n);
	store_close(&store);
	r = rebuild();
	assert_int_equal(r.finding, REBUILD_EQUAL);
	assert_int_equal(store_sql_i64(&store,
				       "SELECT count(*) FROM attachment WHERE case_id = 7 "
				       "AND field = 'photo_before' AND media = 'image/jpeg' "
				       "AND length(hash) = 32 AND bytes = 51"),
			 2);
	assert_int_equal(store_sql_i64(&store, "SELECT n FROM attachment WHERE evidence = 1"),
			 (int64_t)a.n + 1);
	store_sql(&store, "UPDATE attachment SET evidence = 1");
	r = rebuild();
	assert_int_equal(r.finding, REBUILD_ROW_CHANGED);
	assert_string_equal(r.table, "attachment");
	end();
}

/* A key that only an attachment uses is not given out again after a restart. */
static void keys_of_attachments_count_as_used(void **state)
{
	struct attached a, b;

	(void)state;
	begin();
	for (int i = 0; i < 3; i++)
		a = attach("x", 0);
	store_close(&store);
	store_open(&store);
	b = attach("y", a.n);
	assert_true(b.key_id > a.key_id);
	end();
}

static void what_is_missing_or_changed_is_found(void **state)
{
	struct attachments_found found;
	struct attached a[4];
	char path[1024];
	int fd;

	(void)state;
	begin();
	found = examine(true);
	assert_int_equal(found.files + found.erased + found.missing + found.changed, 0);
	for (int i = 0; i < 4; i++)
		a[i] = attach("something", i ? a[i - 1].n : 0);
	found = examine(true);
	assert_int_equal(found.files, 4);
	assert_int_equal(found.bytes, 4 * (32 + 9 + 16));
	assert_int_equal(found.first_n, 0);
	path_of(&a[2], path); /* a byte is changed: seen where the whole is looked at */
	fd = open(path, O_WRONLY);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, "?", 1, 40), 1);
	found = examine(false);
	assert_int_equal(found.files, 4);
	found = examine(true);
	assert_int_equal(found.files, 3);
	assert_int_equal(found.changed, 1);
	assert_int_equal(found.first_n, a[2].n);
	assert_int_equal(ftruncate(fd, 3), 0); /* and its size always */
	close(fd);
	found = examine(false);
	assert_int_equal(found.changed, 1);
	assert_ok(blob_remove(&blobs, &a[1].blob.hash));
	assert_ok(blob_remove(&blobs, &a[3].blob.hash));
	destroy(&a[3]); /* erased: nothing is missing */
	found = examine(false);
	assert_int_equal(found.files, 1);
	assert_int_equal(found.missing, 1);
	assert_int_equal(found.changed, 1);
	assert_int_equal(found.erased, 1);
	assert_int_equal(found.first_n, a[1].n);
	end();
}

/* More than one page of rows. */
static void many_are_looked_at_in_pages(void **state)
{
	struct attachments_found found;

	(void)state;
	begin();
	for (int i = 0; i < 600; i++)
		(void)attach("many", 0);
	found = examine(true);
	assert_int_equal(found.files, 600);
	end();
}

static void files_without_an_entry_are_swept_after_a_day(void **state)
{
	struct blob_swept swept = {0};
	struct attached a;
	struct blob orphan;
	int64_t now_s = time(NULL);

	(void)state;
	begin();
	a = attach("named", 0);
	assert_ok(blob_put(&blobs, (struct bytes){(const uint8_t *)"orphan", 6}, &orphan));
	assert_ok(attachments_sweep(store.writer->db, &blobs, now_s, &swept));
	assert_int_equal(swept.young, 1);
	assert_int_equal(swept.removed, 0);
	assert_ok(attachments_sweep(store.writer->db, &blobs, now_s + ATTACHMENT_ORPHAN_AGE_S + 60,
				    &swept));
	assert_int_equal(swept.named, 1);
	assert_int_equal(swept.removed, 1);
	assert_err(blob_check(&blobs, &orphan.hash, orphan.bytes, false), ERR_NOT_FOUND);
	assert_ok(blob_check(&blobs, &a.blob.hash, a.blob.bytes, true));
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_entry_opens_its_file_with_the_data_key_alone),
	    cmocka_unit_test(entries_of_another_form_are_refused),
	    cmocka_unit_test(rows_are_rebuilt_from_the_entries),
	    cmocka_unit_test(keys_of_attachments_count_as_used),
	    cmocka_unit_test(what_is_missing_or_changed_is_found),
	    cmocka_unit_test(many_are_looked_at_in_pages),
	    cmocka_unit_test(files_without_an_entry_are_swept_after_a_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
