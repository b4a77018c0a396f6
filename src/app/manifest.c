/* The manifest: one JSON object, keys ascending. */
#include "manifest.h"

#include "app/backup.h"
#include "app/files.h"
#include "base/civil.h"

#include <jansson.h>
#include <stdlib.h>

void manifest_fini(struct manifest *m)
{
	for (size_t i = 0; i < m->files_n; i++)
		free(m->files[i].path);
	free(m->files);
	*m = (struct manifest){0};
}

/* journal.db, liren.yaml and what lies in attachments/ and etc/, each part of the path a plain
 * name. */
static bool path_ok(const char *path)
{
	struct str s = str_of(path);

	if (strcmp(path, "journal.db") == 0 || strcmp(path, "liren.yaml") == 0)
		return true;
	if ((!str_starts(s, STR("attachments/")) && !str_starts(s, STR("etc/"))) ||
	    !str_is_utf8(s) || s.n >= FILE_PATH_MAX / 2)
		return false;
	for (const char *part = path; part; part = strchr(part, '/')) {
		size_t n;
		part += *part == '/';
		n = strcspn(part, "/");
		if (n == 0 || (n == 1 && part[0] == '.') || (n == 2 && memcmp(part, "..", 2) == 0))
			return false;
	}
	return true;
}

enum err manifest_add(struct manifest *m, const char *path, uint64_t bytes,
		      const struct hash32 *sha256)
{
	if (m->files_n == MANIFEST_FILES_MAX)
		return ERR_TOO_LARGE;
	if (!path_ok(path))
		return ERR_BAD_INPUT;
	if (m->files_n == m->files_cap) {
		size_t cap = m->files_cap ? 2 * m->files_cap : 16;
		struct manifest_file *more = realloc(m->files, cap * sizeof *more);
		if (!more)
			return ERR_NO_MEMORY;
		m->files = more;
		m->files_cap = cap;
	}
	m->files[m->files_n] = (struct manifest_file){strdup(path), bytes, *sha256};
	if (!m->files[m->files_n].path)
		return ERR_NO_MEMORY;
	m->files_n++;
	return ERR_OK;
}

static json_t *file_json(const struct manifest_file *f)
{
	char hex[2 * HASH_BYTES];
	struct buf b = buf_over(hex, sizeof hex);
	json_t *json = json_object();

	buf_put_hex(&b, f->sha256.b, HASH_BYTES);
	(void)json_object_set_new(json, "bytes", json_integer((json_int_t)f->bytes));
	(void)json_object_set_new(json, "path", json_string(f->path));
	(void)json_object_set_new(json, "sha256", json_stringn(b.p, b.n));
	return json;
}

static json_t *manifest_json(const struct manifest *m)
{
	char root[64], time[CIVIL_RFC3339_BYTES_MAX];
	struct buf r = buf_over(root, sizeof root), t = buf_over(time, sizeof time);
	json_t *json = json_object(), *files = json_array();

	buf_put_b64(&r, m->root.b, HASH_BYTES);
	civil_put_utc(m->at_us, &t);
	for (size_t i = 0; i < m->files_n; i++)
		(void)json_array_append_new(files, file_json(&m->files[i]));
	(void)json_object_set_new(json, "files", files);
	(void)json_object_set_new(json, "format", json_string(BACKUP_FORMAT));
	(void)json_object_set_new(json, "origin", json_string(m->origin));
	(void)json_object_set_new(json, "root", json_stringn(r.p, r.n));
	(void)json_object_set_new(json, "size", json_integer((json_int_t)m->size));
	(void)json_object_set_new(json, "time", json_stringn(t.p, t.n));
	return json;
}

enum err manifest_write(const struct manifest *m, const char *folder)
{
	char path[FILE_PATH_MAX + 16];
	json_t *json = manifest_json(m);
	char *text = json_dumps(json, JSON_INDENT(1));
	enum err e = text ? ERR_OK : ERR_NO_MEMORY;

	snprintf(path, sizeof path, "%s/" MANIFEST_NAME, folder);
	if (e == ERR_OK)
		e = file_write_new(path, str_of(text), 0600);
	free(text);
	json_decref(json);
	return e;
}

static enum err read_file_row(const json_t *row, struct manifest *m)
{
	const char *path = json_string_value(json_object_get(row, "path"));
	const char *hex = json_string_value(json_object_get(row, "sha256"));
	const json_t *bytes = json_object_get(row, "bytes");
	struct hash32 sha256;

	if (!path || !hex || !hex_decode(str_of(hex), sha256.b, HASH_BYTES) ||
	    !json_is_integer(bytes) || json_integer_value(bytes) < 0)
		return ERR_BAD_INPUT;
	return manifest_add(m, path, (uint64_t)json_integer_value(bytes), &sha256);
}

static enum err read_members(const json_t *json, struct manifest *m)
{
	const char *format = json_string_value(json_object_get(json, "format"));
	const char *origin = json_string_value(json_object_get(json, "origin"));
	const char *root = json_string_value(json_object_get(json, "root"));
	const json_t *files = json_object_get(json, "files"), *row;
	size_t i, n = 0;

	if (!format || strcmp(format, BACKUP_FORMAT) != 0 || !origin ||
	    strlen(origin) >= ORIGIN_MAX || !root ||
	    !b64_decode(str_of(root), m->root.b, HASH_BYTES, &n) || n != HASH_BYTES ||
	    !json_is_integer(json_object_get(json, "size")) || !json_is_array(files))
		return ERR_BAD_INPUT;
	snprintf(m->origin, sizeof m->origin, "%s", origin);
	m->size = (uint64_t)json_integer_value(json_object_get(json, "size"));
	json_array_foreach(files, i, row)
		TRY(read_file_row(row, m));
	return ERR_OK;
}

enum err manifest_read(const char *folder, struct manifest *ret)
{
	char path[FILE_PATH_MAX + 16], *text = NULL;
	struct manifest m = {0};
	json_t *json;
	size_t n = 0;
	enum err e;

	snprintf(path, sizeof path, "%s/" MANIFEST_NAME, folder);
	TRY(file_read(path, MANIFEST_BYTES_MAX, &text, &n));
	json = json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
	free(text);
	e = json ? read_members(json, &m) : ERR_BAD_INPUT;
	json_decref(json);
	if (e != ERR_OK) {
		manifest_fini(&m);
		return e;
	}
	*ret = m;
	return ERR_OK;
}
