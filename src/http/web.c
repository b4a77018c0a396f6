/* The web pages, embedded in the program. */
#include "web.h"

#include "api/fields.h"

#include <stddef.h>

static const char page_policy[] = "default-src 'none'; script-src 'self'; style-src 'self'; "
				  "img-src 'self' data:; font-src 'self'; "
				  "connect-src 'self'; worker-src 'self'; "
				  "manifest-src 'self'; base-uri 'none'; "
				  "form-action 'none'; frame-ancestors 'none'";

const struct web_file *web_find(const char *path)
{
	static const char page[] = "/index.html";
	size_t n = strlen(path);
	size_t folder_n = n > 0 && path[n - 1] == '/' ? n - 1 : n;

	for (size_t i = 0; i < web_files_n; i++) {
		const char *file = web_files[i].path;

		if (strcmp(file, path) == 0 ||
		    (strncmp(file, path, folder_n) == 0 && strcmp(file + folder_n, page) == 0))
			return &web_files[i];
	}
	return NULL;
}

void web_secure(struct MHD_Response *r)
{
	MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(r, "Referrer-Policy", "no-referrer");
	MHD_add_response_header(r, "Cross-Origin-Resource-Policy", "same-origin");
}

static struct str header_of(struct MHD_Connection *c, const char *name)
{
	return str_of(MHD_lookup_connection_value(c, MHD_HEADER_KIND, name));
}

enum MHD_Result web_respond(struct MHD_Connection *connection, const struct web_file *file,
			    int *ret_status, uint64_t *ret_bytes)
{
	bool same = field_lists_etag(header_of(connection, "If-None-Match"), str_of(file->etag));
	bool gzip =
	    !same && file->gzip && field_takes_gzip(header_of(connection, "Accept-Encoding"));
	const uint8_t *p = gzip ? file->gzip : file->bytes;
	struct MHD_Response *r = MHD_create_response_from_buffer_with_free_callback(
		same ? 0 : (gzip ? file->gzip_n : file->bytes_n), (void *)(uintptr_t)p, NULL);
	enum MHD_Result result;

	if (!r)
		return MHD_NO;
	web_secure(r);
	MHD_add_response_header(r, "Content-Type", file->content_type);
	MHD_add_response_header(r, "Content-Security-Policy", page_policy);
	MHD_add_response_header(r, "ETag", file->etag);
	MHD_add_response_header(r, "Vary", "Accept-Encoding");
	MHD_add_response_header(r, "Cache-Control",
				file->immutable ? "public, max-age=31536000, immutable"
						: "no-cache");
	if (gzip)
		MHD_add_response_header(r, "Content-Encoding", "gzip");
	*ret_status = same ? 304 : 200;
	*ret_bytes = same ? 0 : gzip ? file->gzip_n : file->bytes_n;
	result = MHD_queue_response(connection, (unsigned)*ret_status, r);
	MHD_destroy_response(r);
	return result;
}
