/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "harness.h"

struct recorded_log logged = RECORDED_LOG;
static struct xenlibs_log library_log;
static struct fixture fixture;

struct fixture *start(unsigned minor)
{
    fixture.xen = fakerelease_start(minor);
    assert_int_equal(xenhvabi_force_release(0), 0);
    xencall_handle *xcall = xencall_open(&logged.logger, 0);
    assert_non_null(xcall);
    xenlibs_log_init(&library_log, &logged.logger, "test");
    xenhvabi_init(&fixture.abi, xcall, &library_log);
    logged = (struct recorded_log)RECORDED_LOG;
    return &fixture;
}

void stop(struct fixture *stopped)
{
    xencall_close(stopped->abi.xcall);
    xenlibs_log_destroy(&library_log);
}
