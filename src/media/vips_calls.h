/* libvips by its calls, looked up when media_warm_up loads it. Linking it would map a hundred
 * libraries at the start of every command, which costs 27 ms, into a process that mostly never sees
 * a picture. The types of the calls are those of its headers. */
#ifndef LIREN_MEDIA_VIPS_CALLS_H
#define LIREN_MEDIA_VIPS_CALLS_H

#include "base/err.h"

#include <gmodule.h>
#include <vips/vips.h>
/* behind it, because it needs it */
#include <vips/vector.h>

#define VIPS_CALLS(CALL)                                                                           \
	CALL(g_free)                                                                               \
	CALL(g_log_set_handler)                                                                    \
	CALL(g_module_open)                                                                        \
	CALL(g_object_unref)                                                                       \
	CALL(g_type_from_name)                                                                     \
	CALL(vips_area_unref)                                                                      \
	CALL(vips_array_double_new)                                                                \
	CALL(vips_block_untrusted_set)                                                             \
	CALL(vips_cache_set_max)                                                                   \
	CALL(vips_cast_uchar)                                                                      \
	CALL(vips_colourspace)                                                                     \
	CALL(vips_concurrency_set)                                                                 \
	CALL(vips_copy)                                                                            \
	CALL(vips_error_clear)                                                                     \
	CALL(vips_flatten)                                                                         \
	CALL(vips_format_sizeof)                                                                   \
	CALL(vips_heifload_buffer)                                                                 \
	CALL(vips_icc_transform)                                                                   \
	CALL(vips_image_get_blob)                                                                  \
	CALL(vips_image_get_typeof)                                                                \
	CALL(vips_image_hasalpha)                                                                  \
	CALL(vips_image_new_from_memory)                                                           \
	CALL(vips_image_write_to_memory)                                                           \
	CALL(vips_init)                                                                            \
	CALL(vips_jpegload_buffer)                                                                 \
	CALL(vips_jpegsave_buffer)                                                                 \
	CALL(vips_operation_block_set)                                                             \
	CALL(vips_pngload_buffer)                                                                  \
	CALL(vips_shutdown)                                                                        \
	CALL(vips_thread_shutdown)                                                                 \
	CALL(vips_thumbnail_image)                                                                 \
	CALL(vips_vector_set_enabled)                                                              \
	CALL(vips_version)                                                                         \
	CALL(vips_webpload_buffer)

struct vips_calls {
#define CALL(name) __typeof__(name) *name;
	VIPS_CALLS(CALL)
#undef CALL
};

/* Look the calls up, once a process; the library stays loaded. ERR_INTERNAL where it or one of them
 * is missing. *ret_folder: where the library lies, without a slash at its end. */
#define VIPS_FOLDER_MAX 512u
enum err vips_calls_load(struct vips_calls *ret, char ret_folder[VIPS_FOLDER_MAX]) MUST_CHECK;

#endif
