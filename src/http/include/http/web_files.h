/* The built web pages as they lie in the program. The table is written at build time by
 * tools/embed_web.py from web/dist, and is empty where the pages were not built. Read-only.
 * Depends on nothing. */
#ifndef LIREN_HTTP_WEB_FILES_H
#define LIREN_HTTP_WEB_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* `etag` is weak and quoted, one for both forms; for If-None-Match (RFC 9110, section 8.8.3).
 * `gzip` is the same packed (RFC 1952), NULL where that is not smaller. After `bytes` and `gzip`
 * lies a zero byte that is not counted. `immutable`: the name holds a hash of the content, so
 * that it may be kept for good. */
struct web_file {
	const char *path; /* as in the request: "/index.html", "/assets/app-B1x2c3d4.js" */
	const char *content_type;
	const char *etag;
	const unsigned char *bytes;
	size_t bytes_n;
	const unsigned char *gzip;
	size_t gzip_n;
	bool immutable;
};

/* In ascending byte order of `path`, as strcmp sees it; each path once. */
extern const struct web_file web_files[];
extern const size_t web_files_n;

#endif
