/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A function whose hypercall buffers cannot be had, one after the other. */
#ifndef CTRL_SHORT_OF_BUFFERS_H
#define CTRL_SHORT_OF_BUFFERS_H

#include <errno.h>

#include "fakexen.h"
#include "fixture.h"
#include "harness.h"

/*
 * @call must fail with ENOMEM, having sent nothing, as often as it wants a buffer, and
 * work in the end. What it keeps by mistake stays mapped, which the harness finds.
 */
static inline void assert_buffers_may_fail(long (*call)(struct xc_interface_core *xch),
                                           answer_fn *answer)
{
    enum { SOME = 100 };

    for (int had = 0; had < SOME; had++) {
        struct xc_interface_core *xch = start(17);

        answer_with(answer);
        fakexen_fail_next(FAKEXEN_MMAP, ENOMEM, SOME, had);
        errno = 0;
        long result = call(xch);
        int error = errno;
        fakexen_fail_next(FAKEXEN_MMAP, 0, 0, 0);
        unsigned were_sent = requests;
        stop(xch);
        if (result >= 0) {
            assert_true(had > 0);
            return;
        }
        assert_int_equal(error, ENOMEM);
        assert_int_equal(were_sent, 0);
    }
    fail_msg("it never works");
}

#endif
