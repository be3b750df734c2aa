/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the direct tests of libxenmanage share. */
#ifndef XENLIBS_TESTS_MANAGE_HANDLE_H
#define XENLIBS_TESTS_MANAGE_HANDLE_H

#include <xenmanage.h>

#include "on_xen.h"

/* A handle, opened at the first call and closed after the test. */
xenmanage_handle *manage(void);

/* A test's line in main. */
#define ON_XEN_BY_MANAGE(name) cmocka_unit_test_teardown(name, close_manage)
int close_manage(void **state);

/* Fails the test with errno's text unless @result is 0 or more; gives it on. */
#define assert_tells(result) assert_tells_at(result, #result, __FILE__, __LINE__)
long assert_tells_at(long result, const char *what, const char *file, int line);

#endif
