/* Checks for bugs, never for input. They stay on in release builds: a program that is wrong stops
 * before it writes something wrong. Depends on the C library's abort message only. */
#ifndef LIREN_BASE_CHECK_H
#define LIREN_BASE_CHECK_H

#include <assert.h>

#ifdef NDEBUG
#error "checks stay on: build without NDEBUG"
#endif

#define CHECK(condition) assert(condition)

#endif
