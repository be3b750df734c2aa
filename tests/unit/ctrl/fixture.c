/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include <errno.h>

#include "fakexen.h"
#include "harness.h"
#include "running.h"
#include "xenctrl/handle.h"

xc_interface *start(unsigned minor)
{
    sent_start(minor);
    assert_int_equal(xenhvabi_force_release(0), 0);
    xc_interface *xch = xc_interface_open(&logged.logger, NULL, 0);
    assert_non_null(xch);
    return xch;
}

void stop(xc_interface *xch)
{
    assert_int_equal(xc_interface_close(xch), 0);
}

static bool fails_without_buffer(attempt_fn *attempt, int before)
{
    xc_interface *xch = start(17);

    fakexen_fail_next(FAKEXEN_MMAP, ENOMEM, 1, before);
    bool failed = attempt(xch) == -1 && errno == ENOMEM;
    fakexen_fail_next(FAKEXEN_MMAP, 0, 0, 0);
    if (failed)
        assert_int_equal(requests, 0);
    stop(xch);
    assert_int_equal(fakexen_mappings(), 0);
    return failed;
}

void assert_fails_without_buffers(attempt_fn *attempt)
{
    int before = 0;

    while (fails_without_buffer(attempt, before))
        before++;
    assert_true(before > 0);
}

void assert_survives_failing_buffers(mapping_fn *attempt)
{
    int failed = 0;

    for (;; failed++) {
        xc_interface *xch = start(NEWEST_MINOR);
        fakexen_fail_next(FAKEXEN_MMAP, ENOMEM, 1, failed);
        int result = attempt(xch), error = errno;
        fakexen_fail_next(FAKEXEN_MMAP, 0, 0, 0);
        stop(xch);
        if (result >= 0)
            break;
        assert_int_equal(error, ENOMEM);
    }
    assert_true(failed > 0);
}
