/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a line of the log costs. The lines go to stderr, as a tool's do. */
#include "measure.h"

#include <errno.h>
#include <stdio.h>
#include <xentoollog.h>

static xentoollog_logger *plain, *dated;

static void log_plain_line(void)
{
    xtl_log(plain, XTL_ERROR, ENOENT, "bench", "domain %d", 7);
}

static void log_dated_line(void)
{
    xtl_log(dated, XTL_ERROR, ENOENT, "bench", "domain %d", 7);
}

int main(int argc, char **argv)
{
    static const struct measurement measurements[] = {
        {"log-line", NULL, log_plain_line, 1, false},
        {"log-line-with-date-and-pid", NULL, log_dated_line, 1, false},
    };

    measure_ground(&argc, &argv);
    plain = (xentoollog_logger *)xtl_createlogger_stdiostream(stderr, XTL_INFO, 0);
    dated = (xentoollog_logger *)xtl_createlogger_stdiostream(
        stderr, XTL_INFO, XTL_STDIOSTREAM_SHOW_PID | XTL_STDIOSTREAM_SHOW_DATE);
    if (!plain || !dated)
        measure_fail("xtl_createlogger_stdiostream");
    measure_all(measurements, sizeof(measurements) / sizeof(measurements[0]));
    xtl_logger_destroy(plain);
    xtl_logger_destroy(dated);
    return 0;
}
