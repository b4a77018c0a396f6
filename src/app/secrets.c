/* The two key files: lines of hex in files that only their owner may read. */
#include "app/settings.h"

#include "app/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_FILE_BYTES 65u /* 64 hex digits and a newline */

static const char community_file[] = "community.key", signing_file[] = "signing.key";

static enum err keys_problem(struct problem *p, const char *path, enum msg msg)
{
	struct str arg = str_of(path);

	return problem_set(p, ERR_KEYS, STR(""), msg, &arg, 1);
}

static const char *keys_place(const struct settings *s)
{
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");

	return credentials && *credentials ? credentials : s->keys_dir;
}

static enum err read_key(const char *folder, const char *name, uint8_t ret[32], struct problem *p)
{
	char path[FILE_PATH_MAX], text[KEY_FILE_BYTES + 1];
	struct stat st;
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return keys_problem(
		    p, path, errno == ENOENT ? MSG_KEY_FILE_MISSING : MSG_KEY_FILE_UNREADABLE);
	if (fstat(fd, &st) != 0 || (st.st_mode & 077) != 0) {
		close(fd);
		return keys_problem(p, path, MSG_KEY_FILE_OPEN);
	}
	n = read(fd, text, sizeof text);
	close(fd);
	if (n == (ssize_t)KEY_FILE_BYTES && text[64] == '\n')
		n--;
	if (n != 64 || !hex_decode((struct str){text, 64}, ret, 32))
		return keys_problem(p, path, MSG_KEY_FILE_WRONG);
	seal_wipe(text, sizeof text);
	return ERR_OK;
}

enum err secrets_load(const struct settings *s, struct store_secrets *ret, struct problem *problem)
{
	uint8_t seed[SIGN_SEED_BYTES];

	TRY(read_key(keys_place(s), community_file, ret->community_key.b, problem));
	TRY(read_key(keys_place(s), signing_file, seed, problem));
	sign_key_from_seed(seed, &ret->signing_key);
	seal_wipe(seed, sizeof seed);
	return ERR_OK;
}

bool secrets_absent(const struct settings *s)
{
	char community[FILE_PATH_MAX], signing[FILE_PATH_MAX];

	return path_join(community, s->keys_dir, community_file) &&
	       path_join(signing, s->keys_dir, signing_file) && access(community, F_OK) != 0 &&
	       access(signing, F_OK) != 0;
}

static enum err write_key(const char *folder, const char *name, const uint8_t key[32],
			  struct problem *p)
{
	char path[FILE_PATH_MAX], text[KEY_FILE_BYTES + 1];
	struct buf b = buf_over(text, sizeof text);
	enum err e;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	buf_put_hex(&b, key, 32);
	buf_put_char(&b, '\n');
	e = file_write_new(path, buf_str(&b), 0600);
	seal_wipe(text, sizeof text);
	if (e != ERR_OK)
		(void)keys_problem(p, path,
				   e == ERR_EXISTS ? MSG_KEY_FILE_EXISTS : MSG_KEY_FILE_UNREADABLE);
	return e;
}

enum err secrets_create(const struct settings *s, const struct entropy *entropy,
			struct store_secrets *ret, struct problem *problem)
{
	uint8_t seed[SIGN_SEED_BYTES];

	TRY(folder_make(s->keys_dir, 0700));
	entropy_fill(entropy, ret->community_key.b, SEAL_KEY_BYTES);
	entropy_fill(entropy, seed, sizeof seed);
	sign_key_from_seed(seed, &ret->signing_key);
	TRY(write_key(s->keys_dir, community_file, ret->community_key.b, problem));
	TRY(write_key(s->keys_dir, signing_file, seed, problem));
	seal_wipe(seed, sizeof seed);
	return folder_sync(s->keys_dir);
}
