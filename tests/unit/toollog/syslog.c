/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* This program's own syslog() takes the place of libc's, for the library as well. */
#include "harness.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "xentoollog.h"

static int entries, last_priority;
static char last_entry[4096];

static void keep_entry(int priority, const char *format, va_list al)
{
    entries++;
    last_priority = priority;
    vsnprintf(last_entry, sizeof(last_entry), format, al);
    errno = EXDEV;
}

void syslog(int priority, const char *format, ...)
{
    va_list al;

    va_start(al, format);
    keep_entry(priority, format, al);
    va_end(al);
}

/* What syslog() becomes with _FORTIFY_SOURCE. */
void __syslog_chk(int priority, int flag, const char *format, ...);
void __syslog_chk(int priority, int flag __attribute__((unused)), const char *format, ...)
{
    va_list al;

    va_start(al, format);
    keep_entry(priority, format, al);
    va_end(al);
}

TEST(a_message_is_one_entry)
{
    xentoollog_logger *logger = xtl_createlogger_syslog(XTL_DEBUG, LOG_DAEMON);

    errno = ENOTDIR;
    xtl_log(logger, XTL_ERROR, ENOENT, "xencall", "open %s", "100%s");
    assert_int_equal(errno, ENOTDIR);
    assert_int_equal(entries, 1);
    assert_int_equal(last_priority, LOG_DAEMON | LOG_ERR);
    assert_string_equal(last_entry, "xencall: open 100%s: No such file or directory");
    xtl_log(logger, XTL_INFO, -1, NULL, "plain");
    assert_string_equal(last_entry, "plain");
    xtl_logger_destroy(logger);
}

TEST(levels_become_priorities)
{
    static const int wanted[XTL_NUM_LEVELS] = {
        [XTL_DEBUG] = LOG_DEBUG,   [XTL_VERBOSE] = LOG_DEBUG, [XTL_DETAIL] = LOG_DEBUG,
        [XTL_PROGRESS] = LOG_INFO, [XTL_INFO] = LOG_INFO,     [XTL_NOTICE] = LOG_NOTICE,
        [XTL_WARN] = LOG_WARNING,  [XTL_ERROR] = LOG_ERR,     [XTL_CRITICAL] = LOG_CRIT,
    };
    xentoollog_logger *logger = xtl_createlogger_syslog(XTL_DEBUG, 0);

    for (int level = XTL_DEBUG; level < XTL_NUM_LEVELS; level++) {
        xtl_log(logger, (xentoollog_level)level, -1, NULL, "text");
        assert_int_equal(last_priority, wanted[level]);
    }
    assert_int_equal(entries, XTL_NUM_LEVELS - 1);
    xtl_logger_destroy(logger);
}

TEST(messages_below_the_level_and_progress_are_dropped)
{
    xentoollog_logger *logger = xtl_createlogger_syslog(XTL_WARN, LOG_USER);

    xtl_log(logger, XTL_NOTICE, -1, NULL, "too quiet");
    xtl_progress(logger, NULL, "step", 1, 2);
    assert_int_equal(entries, 0);
    xtl_logger_destroy(logger);
}

TEST(facilities_that_do_not_exist_are_refused)
{
    static const int bad[] = {-1, 1, LOG_DEBUG, LOG_USER | LOG_ERR, LOG_NFACILITIES << 3,
                              LOG_FACMASK, 0x10000, INT_MIN};

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_fails_with(xtl_createlogger_syslog(XTL_DEBUG, bad[i]), NULL, EINVAL);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_one_entry),
        cmocka_unit_test(levels_become_priorities),
        cmocka_unit_test(messages_below_the_level_and_progress_are_dropped),
        cmocka_unit_test(facilities_that_do_not_exist_are_refused),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
