/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the direct tests of libxenctrl share. They run in dom0 of a real Xen with a
 * PV and a PVH guest beside it (tests/every-xen), call each function against those, and
 * look for its effect. What a test changes it puts back.
 */
#ifndef XENLIBS_TESTS_CTRL_ON_XEN_H
#define XENLIBS_TESTS_CTRL_ON_XEN_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#include <xenctrl.h>

#include "harness.h"

/* The domain number of the first guest of type "pv" or "pvh"; skips the test if there is none. */
uint32_t guest(const char *type);

/* A handle, opened at the first call and closed after the test. */
xc_interface *xc(void);

/* A test's line in main. */
#define ON_XEN(name) cmocka_unit_test_teardown(name, close_xc)
int close_xc(void **state);

/* True if the running Xen is @major.@minor or newer. */
bool xen_is_at_least(unsigned major, unsigned minor);

/* Prints "# observe KEY VALUE": for what a release or a build decides, not us. */
void observe(const char *key, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Fails the test with the library's own sentence unless @result is 0 or more; returns it. */
#define assert_works(result) assert_works_at(result, #result, __FILE__, __LINE__)
long assert_works_at(long result, const char *what, const char *file, int line);

/*
 * True if @result is a failure because this Xen was built without the operation or the
 * machine lacks the hardware (ENOSYS, EOPNOTSUPP, ENODEV, ENXIO) or its release is too
 * old (ENOTSUP); the reason is observed under @key. Other failures fail the test.
 */
bool is_lacking(const char *key, long result);

/* Repeats @holds(@argument) for up to @seconds; false if it never held. */
bool becomes_true(bool (*holds)(void *argument), void *argument, unsigned seconds);

#endif
