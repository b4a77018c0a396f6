/* What every cmocka test includes first. */
#ifndef LIREN_TEST_H
#define LIREN_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"

#define assert_ok(expr) assert_string_equal(err_info(expr)->name, "ok")
#define assert_err(expr, e) assert_string_equal(err_info(expr)->name, err_info(e)->name)

#endif
