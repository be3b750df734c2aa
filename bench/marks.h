/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How a measured program speaks to count-syscalls: by a prctl(2) that no kernel
 * knows. Without a counter the call does nothing.
 */
#ifndef XENLIBS_BENCH_MARKS_H
#define XENLIBS_BENCH_MARKS_H

#include <sys/prctl.h>

#define MARK_PRCTL 0x58454e4c /* "XENL" */

enum mark {
    MARK_BEGIN = 1, /* count from here, under the name that the argument points to */
    MARK_END,       /* up to here; the argument is how many operations that was */
    MARK_LET_GO,    /* stop watching this program: from now on it runs at full speed */
};

static inline void make_mark(enum mark mark, const void *name, unsigned long operations)
{
    prctl(MARK_PRCTL, mark, name, operations, 0);
}

#endif
