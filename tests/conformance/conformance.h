/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the conformance programs share. The same binary runs on our libraries and
 * on upstream's, in dom0 and in guests; tests/lab compares what it printed.
 *
 *   - What must hold for both libraries is asserted.
 *   - What is only of interest is observed: a line "# observe KEY VALUE". Ours and
 *     upstream's must be equal, or stand in differences.txt.
 */
#ifndef XENLIBS_CONFORMANCE_H
#define XENLIBS_CONFORMANCE_H

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#include "harness.h"

/* test_main, after a line "# library PATH" for each Xen library that is loaded. */
int conformance_main(int argc, char **argv, const struct CMUnitTest *tests, size_t count);

/* The body of main for a program whose tests are in an array called tests. */
#define CONFORMANCE_MAIN(tests) \
    int main(int argc, char **argv) \
    { \
        return conformance_main(argc, argv, tests, sizeof(tests) / sizeof((tests)[0])); \
    }

/* Prints "# observe KEY VALUE". */
void observe(const char *key, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The name of @error ("EINVAL"), or its number when it has none. */
const char *errno_name(int error);

/* "0", or the name of errno when @result is negative. */
const char *outcome(long result);

/* "mapped", or the name of errno when @pointer is NULL. */
const char *outcome_pointer(const void *pointer);

/* A function that upstream's 4.14 libraries lack: skips the test where it is missing. */
void *later_symbol(const char *name);

/* The domain this program runs in: from XENLIBS_DOMID, which the driver sets. */
unsigned own_domid(void);
bool in_dom0(void);

/* Waits at most @ms for @fd to become readable. */
bool readable_within(int fd, int ms);

/* Long enough for an event on a busy emulated machine, and to see that none comes. */
enum { EVENT_COMES_MS = 30000, NO_EVENT_MS = 150 };

bool is_cloexec(int fd);

/* The descriptors below /dev/xen and /proc/xen that survive an exec; 0 if none. */
int xen_devices_after_exec(void);

/* Runs @work in a forked child; true if it returned true and nothing killed it. */
bool succeeds_in_child(bool (*work)(void *), void *argument);

/* True if the byte at @address cannot be written. */
bool write_faults(volatile void *address);

#endif
