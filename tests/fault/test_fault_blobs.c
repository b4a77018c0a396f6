/* Sealed files: what is put comes out again, what was changed does not; while the Nth call of each
 * kind fails, the disk is full or the process is killed, a file is there as a whole or not at all;
 * what no entry names is swept. */
#include "test.h"

#include "faultfile.h"
#include "journal/blobs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sodium.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[64];
static uint64_t seed;
static struct blob_store store;
static struct entropy entropy;

static void fill(void *ctx, void *out, size_t n)
{
	uint8_t key[32] = {0};

	(void)ctx;
	seed++;
	memcpy(key, &seed, sizeof seed);
	randombytes_buf_deterministic(out, n, key);
}

static int begin(void **state)
{
	(void)state;
	snprintf(dir, sizeof dir, "/tmp/liren-blobs-XXXXXX");
	assert_non_null(mkdtemp(dir));
	entropy = (struct entropy){fill, NULL};
	store = (struct blob_store){dir, &entropy};
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static int end(void **state)
{
	(void)state;
	return nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* The last file that was seen below the folder, and how many there are. */
static char last_path[600];
static unsigned files_n;

static int count_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)at;
	if (type == FTW_F) {
		files_n++;
		snprintf(last_path, sizeof last_path, "%s", path);
	}
	return 0;
}

static unsigned files(void)
{
	files_n = 0;
	assert_int_equal(nftw(dir, count_one, 16, FTW_PHYS), 0);
	return files_n;
}

static uint8_t *content(size_t n)
{
	uint8_t *p = malloc(n + 1);
	uint8_t key[32] = {9};

	assert_non_null(p);
	randombytes_buf_deterministic(p, n, key);
	return p;
}

static void assert_opens(const struct blob *b, const uint8_t *p, size_t n)
{
	struct blob_content c = {0};

	assert_ok(blob_open(&store, &b->hash, &b->key, &c));
	assert_int_equal(c.n, n);
	assert_memory_equal(c.p, p, n);
	blob_content_fini(&c);
	assert_null(c.p);
}

static void every_size_comes_out_again(void **state)
{
	static const size_t sizes[] = {1,      100,    65535,  65536,    65537,
				       131072, 131073, 300000, 1u << 20, BLOB_BYTES_MAX};
	uint8_t *p = content(BLOB_BYTES_MAX + 1);
	struct blob b = {.bytes = 77};

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		size_t chunks = (sizes[i] + 65535) / 65536;
		struct stat st;
		assert_ok(blob_put(&store, (struct bytes){p, sizes[i]}, &b));
		assert_int_equal(b.bytes, 32 + sizes[i] + 16 * chunks);
		assert_opens(&b, p, sizes[i]);
		assert_ok(blob_check(&store, &b.hash, b.bytes, true));
		assert_int_equal(files(), 1);
		assert_int_equal(stat(last_path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
		assert_int_equal(st.st_size, b.bytes);
		assert_ok(blob_remove(&store, &b.hash));
		assert_err(blob_remove(&store, &b.hash), ERR_NOT_FOUND);
	}
	b.bytes = 77;
	assert_err(blob_put(&store, (struct bytes){p, BLOB_BYTES_MAX + 1}, &b), ERR_TOO_LARGE);
	assert_err(blob_put(&store, (struct bytes){p, 0}, &b), ERR_BAD_INPUT);
	assert_int_equal(b.bytes, 77);
	assert_int_equal(files(), 0);
	free(p);
}

/* The form of formats/attachment.md, taken apart with libsodium alone. */
static void the_file_is_as_the_format_says(void **state)
{
	size_t n = 65536 + 5, bytes = 32 + n + 2 * 16;
	uint8_t *p = content(n), *sealed = malloc(bytes + 1), plain[65536], nonce[24], hash[32];
	char hex[65], want[600];
	struct blob b;
	FILE *f;

	(void)state;
	assert_non_null(sealed);
	assert_ok(blob_put(&store, (struct bytes){p, n}, &b));
	assert_int_equal(files(), 1);
	f = fopen(last_path, "rb");
	assert_non_null(f);
	assert_int_equal(fread(sealed, 1, bytes + 1, f), bytes);
	fclose(f);
	crypto_hash_sha256(hash, sealed, bytes);
	assert_memory_equal(hash, b.hash.b, 32);
	sodium_bin2hex(hex, sizeof hex, hash, 32);
	snprintf(want, sizeof want, "%s/%.2s/%s", dir, hex, hex + 2);
	assert_string_equal(last_path, want);
	assert_memory_equal(sealed, "liren-attached-1", 16);
	for (int i = 0; i < 2; i++) {
		size_t at = i == 0 ? 32 : 32 + 65552, take = i == 0 ? 65552 : 21;
		unsigned long long got = 0;
		memcpy(nonce, sealed + 16, 16);
		memset(nonce + 16, 0, 8);
		nonce[22] = (uint8_t)i; /* index: 7 bytes, big-endian */
		nonce[23] = (uint8_t)i; /* the second is the last */
		assert_int_equal(crypto_aead_xchacha20poly1305_ietf_decrypt(
				     plain, &got, NULL, sealed + at, take,
				     (const uint8_t *)"liren-attached-1", 16, nonce, b.key.b),
				 0);
		assert_memory_equal(plain, p + (i == 0 ? 0 : 65536), got);
	}
	free(p);
	free(sealed);
}

static void two_of_the_same_are_two_files(void **state)
{
	uint8_t *p = content(1000);
	struct blob a, b;

	(void)state;
	assert_ok(blob_put(&store, (struct bytes){p, 1000}, &a));
	assert_ok(blob_put(&store, (struct bytes){p, 1000}, &b));
	assert_int_equal(files(), 2);
	assert_memory_not_equal(a.key.b, b.key.b, SEAL_KEY_BYTES);
	assert_false(hash_eq(&a.hash, &b.hash));
	assert_opens(&a, p, 1000);
	assert_opens(&b, p, 1000);
	free(p);
}

static void change_byte(size_t at)
{
	int fd = open(last_path, O_RDWR);
	uint8_t c;

	assert_true(fd >= 0);
	assert_int_equal(pread(fd, &c, 1, (off_t)at), 1);
	c ^= 0x10;
	assert_int_equal(pwrite(fd, &c, 1, (off_t)at), 1);
	close(fd);
}

static void a_changed_bit_is_seen(void **state)
{
	size_t n = 70000, bytes = 32 + n + 2 * 16;
	const size_t places[] = {0, 16, 32, 65580, 65590, bytes - 1};
	uint8_t *p = content(n);
	struct blob_content c = {.n = 77};
	struct blob b;

	(void)state;
	assert_ok(blob_put(&store, (struct bytes){p, n}, &b));
	assert_int_equal(files(), 1);
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		change_byte(places[i]);
		assert_err(blob_open(&store, &b.hash, &b.key, &c), ERR_CORRUPT);
		assert_err(blob_check(&store, &b.hash, b.bytes, true), ERR_CORRUPT);
		assert_ok(blob_check(&store, &b.hash, b.bytes, false));
		change_byte(places[i]);
		assert_opens(&b, p, n);
	}
	assert_int_equal(truncate(last_path, (off_t)bytes - 1), 0);
	assert_err(blob_open(&store, &b.hash, &b.key, &c), ERR_CORRUPT);
	assert_err(blob_check(&store, &b.hash, b.bytes, false), ERR_CORRUPT);
	assert_int_equal(unlink(last_path), 0);
	assert_err(blob_open(&store, &b.hash, &b.key, &c), ERR_NOT_FOUND);
	assert_err(blob_check(&store, &b.hash, b.bytes, false), ERR_NOT_FOUND);
	assert_int_equal(symlink("/etc/passwd", last_path), 0);
	assert_err(blob_open(&store, &b.hash, &b.key, &c), ERR_CORRUPT);
	assert_int_equal(c.n, 77);
	free(p);
}

/* Put these bytes under the name of their hash. */
static struct hash32 plant(const uint8_t *p, size_t n)
{
	char hex[65], folder[200], path[400];
	struct hash32 h;
	FILE *f;

	crypto_hash_sha256(h.b, p, n);
	sodium_bin2hex(hex, sizeof hex, h.b, 32);
	snprintf(folder, sizeof folder, "%s/%.2s", dir, hex);
	snprintf(path, sizeof path, "%s/%s", folder, hex + 2);
	assert_true(mkdir(folder, 0700) == 0 || errno == EEXIST);
	f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
	return h;
}

/* With a right hash, but put together otherwise: chunks swapped, left out, the last one cut off. */
static void chunks_have_their_places(void **state)
{
	size_t n = 3 * 65536, bytes = 32 + n + 3 * 16;
	uint8_t *p = content(n), *sealed = malloc(bytes), *other = malloc(bytes);
	struct blob_content c = {0};
	struct hash32 h;
	struct blob b;
	FILE *f;

	(void)state;
	assert_true(sealed && other);
	assert_ok(blob_put(&store, (struct bytes){p, n}, &b));
	assert_int_equal(files(), 1);
	f = fopen(last_path, "rb");
	assert_non_null(f);
	assert_int_equal(fread(sealed, 1, bytes, f), bytes);
	fclose(f);
	h = plant(sealed, bytes); /* the same place: control */
	assert_ok(blob_open(&store, &h, &b.key, &c));
	blob_content_fini(&c);
	memcpy(other, sealed, bytes);
	memcpy(other + 32, sealed + 32 + 65552, 65552);
	memcpy(other + 32 + 65552, sealed + 32, 65552);
	h = plant(other, bytes);
	assert_err(blob_open(&store, &h, &b.key, &c), ERR_UNVERIFIED);
	h = plant(sealed, 32 + 2 * 65552);
	assert_err(blob_open(&store, &h, &b.key, &c), ERR_UNVERIFIED);
	memcpy(other, sealed, 32);
	memcpy(other + 32, sealed + 32 + 65552, 2 * 65552);
	h = plant(other, 32 + 2 * 65552);
	assert_err(blob_open(&store, &h, &b.key, &c), ERR_UNVERIFIED);
	h = plant(sealed, 32 + 10);
	assert_err(blob_open(&store, &h, &b.key, &c), ERR_UNVERIFIED);
	h = plant(sealed, 32);
	assert_err(blob_open(&store, &h, &b.key, &c), ERR_CORRUPT);
	h = plant((const uint8_t *)"not ours, and longer than a head of ours", 40);
	assert_err(blob_open(&store, &h, &b.key, &c), ERR_CORRUPT);
	b.key.b[0] ^= 1;
	assert_err(blob_open(&store, &b.hash, &b.key, &c), ERR_UNVERIFIED);
	assert_null(c.p);
	free(p);
	free(sealed);
	free(other);
}

static void after_each_failing_call_nothing_is_left(void **state)
{
	static const struct {
		enum faultfile_call call;
		int error;
		enum err e;
		unsigned least; /* calls that one put makes */
	} rows[] = {
	    {FAULTFILE_OPEN, EMFILE, ERR_STORE, 3},     {FAULTFILE_WRITE, ENOSPC, ERR_NO_SPACE, 5},
	    {FAULTFILE_WRITE, EIO, ERR_STORE, 5},       {FAULTFILE_FSYNC, EIO, ERR_STORE, 3},
	    {FAULTFILE_FSYNC, ENOSPC, ERR_NO_SPACE, 3}, {FAULTFILE_CLOSE, EIO, ERR_STORE, 1},
	    {FAULTFILE_RENAME, EIO, ERR_STORE, 1},      {FAULTFILE_MKDIR, EDQUOT, ERR_NO_SPACE, 1},
	};
	size_t n = 200000;
	uint8_t *p = content(n);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint64_t failed = 1, at;
		for (at = 1; failed > 0; at++) {
			struct blob b = {.bytes = 77};
			enum err e;
			faultfile_plan(rows[i].call, at, rows[i].error);
			e = blob_put(&store, (struct bytes){p, n}, &b);
			(void)faultfile_end(rows[i].call, &failed);
			if (e == ERR_OK) { /* past the last, or a close that nobody waits for */
				assert_opens(&b, p, n);
				assert_ok(blob_remove(&store, &b.hash));
			} else {
				assert_err(e, rows[i].e);
				assert_int_equal(b.bytes, 77);
			}
			assert_true(e == ERR_OK || failed > 0);
			assert_int_equal(files(), 0);
			if (failed > 0 && at == 1)
				assert_true(e != ERR_OK);
		}
		assert_true(at - 2 >= rows[i].least);
	}
	free(p);
}

/* Each point at which the process may end: the file is whole under its name, or no name is there
 * but that of an unfinished one; which a sweep removes. */
struct names {
	struct hash32 hash[64];
	unsigned n;
	unsigned asked;
};

static enum err is_named(void *ctx, const struct hash32 *hash, bool *ret)
{
	struct names *names = ctx;

	names->asked++;
	*ret = false;
	for (unsigned i = 0; i < names->n; i++)
		*ret = *ret || hash_eq(hash, &names->hash[i]);
	return ERR_OK;
}

static void a_killed_process_leaves_what_is_swept(void **state)
{
	static const enum faultfile_call calls[] = {
	    FAULTFILE_OPEN, FAULTFILE_WRITE, FAULTFILE_FSYNC, FAULTFILE_RENAME, FAULTFILE_MKDIR};
	size_t n = 200000;
	uint8_t *p = content(n);
	unsigned whole = 0, parts = 0;

	(void)state;
	for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++)
		for (uint64_t at = 1; at <= 6; at++) {
			struct blob_swept swept = {0};
			struct names none = {0};
			struct blob b;
			int status = 0;
			pid_t child = fork();
			assert_true(child >= 0);
			if (child == 0) {
				faultfile_kill(calls[i], at);
				(void)!blob_put(&store, (struct bytes){p, n}, &b);
				_exit(0); /* before any entry */
			}
			assert_int_equal(waitpid(child, &status, 0), child);
			assert_int_equal(status, 0);
			assert_true(files() <= 1);
			assert_ok(blob_sweep(&store, is_named, &none, INT64_MAX, &swept));
			assert_int_equal(swept.removed + swept.unfinished, files_n);
			assert_int_equal(swept.named + swept.young + swept.strange, 0);
			whole += (unsigned)swept.removed;
			parts += (unsigned)swept.unfinished;
			assert_int_equal(files(), 0);
		}
	assert_true(whole >= 10 && parts >= 5);
	free(p);
}

static void age(const char *path, int64_t s)
{
	const struct timespec times[2] = {{.tv_sec = s}, {.tv_sec = s}};

	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void the_sweep_takes_only_what_is_old_and_unnamed(void **state)
{
	uint8_t *p = content(500);
	struct blob_swept swept = {.named = 77};
	struct names names = {.n = 1};
	char stranger[200], part[200];
	struct blob b[3];
	FILE *f;

	(void)state;
	for (int i = 0; i < 3; i++) {
		char hex[65], path[300];
		assert_ok(blob_put(&store, (struct bytes){p, 500}, &b[i]));
		sodium_bin2hex(hex, sizeof hex, b[i].hash.b, 32);
		snprintf(path, sizeof path, "%s/%.2s/%s", dir, hex, hex + 2);
		age(path, i == 2 ? 2000 : 999);
	}
	snprintf(stranger, sizeof stranger, "%s/README", dir);
	f = fopen(stranger, "w");
	assert_non_null(f);
	fclose(f);
	age(stranger, 1);
	snprintf(part, sizeof part, "%s/new-0123", dir);
	f = fopen(part, "w");
	assert_non_null(f);
	fclose(f);
	names.hash[0] = b[0].hash;
	assert_ok(blob_sweep(&store, is_named, &names, 1000, &swept));
	assert_int_equal(names.asked, 3);
	assert_int_equal(swept.named, 1);
	assert_int_equal(swept.removed, 1);
	assert_int_equal(swept.young, 1);
	assert_int_equal(swept.unfinished, 0); /* written just now */
	assert_int_equal(swept.strange, 1);
	assert_opens(&b[0], p, 500);
	assert_err(blob_check(&store, &b[1].hash, b[1].bytes, false), ERR_NOT_FOUND);
	assert_opens(&b[2], p, 500);
	age(part, 999);
	assert_ok(blob_sweep(&store, is_named, &names, 1000, &swept));
	assert_int_equal(swept.unfinished, 1);
	assert_int_equal(access(stranger, F_OK), 0);
	free(p);
}

/* A real small disk, where this process may mount one. */
static void a_full_disk_is_said_and_left_clean(void **state)
{
	size_t n = 3u << 20;
	uint8_t *p = content(n);
	struct blob b = {.bytes = 77};
	unsigned kept = 0;
	enum err e = ERR_OK;

	(void)state;
	if (mount("liren", dir, "tmpfs", 0, "size=8m") != 0) {
		printf("SKIP: this process may not mount a small disk; ENOSPC is tested by calls "
		       "that fail\n");
		free(p);
		skip();
	}
	while (e == ERR_OK && kept < 10) {
		e = blob_put(&store, (struct bytes){p, n}, &b);
		kept += e == ERR_OK;
	}
	assert_int_equal(kept, 2);
	assert_int_equal(e, ERR_NO_SPACE);
	assert_int_equal(files(), 2);
	assert_opens(&b, p, n);
	assert_ok(blob_remove(&store, &b.hash));
	assert_ok(blob_put(&store, (struct bytes){p, n}, &b)); /* the space came back */
	assert_int_equal(umount(dir), 0);
	free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(every_size_comes_out_again, begin, end),
	    cmocka_unit_test_setup_teardown(the_file_is_as_the_format_says, begin, end),
	    cmocka_unit_test_setup_teardown(two_of_the_same_are_two_files, begin, end),
	    cmocka_unit_test_setup_teardown(a_changed_bit_is_seen, begin, end),
	    cmocka_unit_test_setup_teardown(chunks_have_their_places, begin, end),
	    cmocka_unit_test_setup_teardown(after_each_failing_call_nothing_is_left, begin, end),
	    cmocka_unit_test_setup_teardown(a_killed_process_leaves_what_is_swept, begin, end),
	    cmocka_unit_test_setup_teardown(the_sweep_takes_only_what_is_old_and_unnamed, begin,
					    end),
	    cmocka_unit_test_setup_teardown(a_full_disk_is_said_and_left_clean, begin, end),
	};

	return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
