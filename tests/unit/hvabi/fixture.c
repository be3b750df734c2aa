/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include <stdio.h>

#include "harness.h"

unsigned lines_logged;
char last_line[256];

static void keep_line(xentoollog_logger *logger, xentoollog_level level, int errnoval,
                      const char *context, const char *format, va_list al)
{
    (void)logger;
    (void)errnoval;
    (void)context;
    if (level < XTL_WARN)
        return;
    lines_logged++;
    vsnprintf(last_line, sizeof(last_line), format, al);
}

static void destroy_nothing(xentoollog_logger *logger)
{
    (void)logger;
}

static xentoollog_logger logger = {keep_line, NULL, destroy_nothing};
static struct xenlibs_log library_log;
static struct fixture fixture;

struct fixture *start(unsigned minor)
{
    fixture.xen = fakerelease_start(minor);
    assert_int_equal(xenhvabi_force_release(0), 0);
    xencall_handle *xcall = xencall_open(&logger, 0);
    assert_non_null(xcall);
    xenlibs_log_init(&library_log, &logger, "test");
    xenhvabi_init(&fixture.abi, xcall, &library_log);
    lines_logged = 0;
    last_line[0] = '\0';
    return &fixture;
}

void stop(struct fixture *stopped)
{
    xencall_close(stopped->abi.xcall);
    xenlibs_log_destroy(&library_log);
}
