/* The library loaded, and its calls found. */
#include "vips_calls.h"

#include <dlfcn.h>

#define LIBRARY "libvips.so.42" /* Debian 12's; the number is that of its binary interface */

enum err vips_calls_load(struct vips_calls *ret, char ret_folder[VIPS_FOLDER_MAX])
{
	struct vips_calls calls;
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	const char *slash;
	Dl_info info;

	if (!library)
		return ERR_INTERNAL;
		/* a pointer to a function out of one to data, as POSIX has it */
#define CALL(name)                                                                                 \
	*(void **)&calls.name = dlsym(library, #name);                                             \
	if (!calls.name)                                                                           \
		return ERR_INTERNAL;
	VIPS_CALLS(CALL)
#undef CALL
	if (!dladdr(*(void **)&calls.vips_init, &info) || !(slash = strrchr(info.dli_fname, '/')) ||
	    (size_t)(slash - info.dli_fname) >= VIPS_FOLDER_MAX)
		return ERR_INTERNAL;
	snprintf(ret_folder, VIPS_FOLDER_MAX, "%.*s", (int)(slash - info.dli_fname),
		 info.dli_fname);
	*ret = calls;
	return ERR_OK;
}
