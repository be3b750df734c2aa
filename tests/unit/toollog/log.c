/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xtl_log, xtl_logv, xtl_progress, xtl_logger_destroy: what reaches a logger. */
#include "harness.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "xentoollog.h"

/* A logger as a program would write one. It spoils errno at every turn. */
struct recorder {
    xentoollog_logger vtable;
    int messages, steps, destroyed;
    xentoollog_level level;
    int errnoval, percent;
    const char *context;
    char text[128];
    unsigned long done, total;
};

XTL_PRINTF_FORMAT(5, 0)
static void record_message(xentoollog_logger *logger, xentoollog_level level, int errnoval,
                           const char *context, const char *format, va_list al)
{
    struct recorder *self = (struct recorder *)logger;

    self->messages++;
    self->level = level;
    self->errnoval = errnoval;
    self->context = context;
    vsnprintf(self->text, sizeof(self->text), format, al);
    errno = EXDEV;
}

static void record_progress(xentoollog_logger *logger, const char *context,
                            const char *doing_what, int percent, unsigned long done,
                            unsigned long total)
{
    struct recorder *self = (struct recorder *)logger;

    self->steps++;
    self->context = context;
    snprintf(self->text, sizeof(self->text), "%s", doing_what);
    self->percent = percent;
    self->done = done;
    self->total = total;
    errno = EXDEV;
}

static void record_destroy(xentoollog_logger *logger)
{
    ((struct recorder *)logger)->destroyed++;
    errno = EXDEV;
}

static struct recorder make_recorder(void)
{
    return (struct recorder){.vtable = {record_message, record_progress, record_destroy}};
}

TEST(a_message_arrives_as_it_was_sent)
{
    struct recorder to = make_recorder();
    const char *context = "who";

    xtl_log(&to.vtable, XTL_WARN, ENOSPC, context, "%d of %s", 3, "four");
    assert_int_equal(to.messages, 1);
    assert_int_equal(to.level, XTL_WARN);
    assert_int_equal(to.errnoval, ENOSPC);
    assert_ptr_equal(to.context, context);
    assert_string_equal(to.text, "3 of four");
}

TEST(every_level_arrives)
{
    struct recorder to = make_recorder();

    for (int level = XTL_DEBUG; level < XTL_NUM_LEVELS; level++) {
        xtl_log(&to.vtable, (xentoollog_level)level, -1, NULL, "text");
        assert_int_equal(to.level, level);
    }
}

/* Upstream aborts the program. */
TEST(a_level_out_of_range_is_critical)
{
    static const int levels[] = {XTL_NONE, XTL_NUM_LEVELS, 11, 1000, -1, INT_MIN, INT_MAX};
    struct recorder to = make_recorder();

    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
        to.level = XTL_NONE;
        xtl_log(&to.vtable, (xentoollog_level)levels[i], -1, NULL, "text");
        assert_int_equal(to.level, XTL_CRITICAL);
    }
}

TEST(a_level_out_of_range_has_a_name)
{
    assert_non_null(strstr(xtl_level_to_string(XTL_NONE), "BUG"));
    assert_non_null(strstr(xtl_level_to_string(XTL_NUM_LEVELS), "BUG"));
    assert_non_null(strstr(xtl_level_to_string((xentoollog_level)-1), "BUG"));
}

TEST(errno_is_kept)
{
    struct recorder to = make_recorder();

    errno = ENOTDIR;
    xtl_log(&to.vtable, XTL_INFO, -1, NULL, "text");
    assert_int_equal(errno, ENOTDIR);
    xtl_progress(&to.vtable, NULL, "step", 1, 2);
    assert_int_equal(errno, ENOTDIR);
    xtl_logger_destroy(&to.vtable);
    assert_int_equal(errno, ENOTDIR);
}

TEST(destroying_reaches_the_logger_and_null_is_nothing)
{
    struct recorder to = make_recorder();

    xtl_logger_destroy(&to.vtable);
    assert_int_equal(to.destroyed, 1);
    errno = ENOTDIR;
    xtl_logger_destroy(NULL);
    assert_int_equal(errno, ENOTDIR);
}

TEST(progress_is_silent_for_a_logger_without)
{
    struct recorder to = make_recorder();

    to.vtable.progress = NULL;
    xtl_progress(&to.vtable, NULL, "step", 1, 2);
    assert_int_equal(to.steps, 0);
}

static int percent_of(unsigned long done, unsigned long total)
{
    struct recorder to = make_recorder();

    xtl_progress(&to.vtable, "c", "step", done, total);
    assert_int_equal(to.done, done);
    assert_int_equal(to.total, total);
    return to.percent;
}

TEST(percents_are_right)
{
    assert_int_equal(percent_of(0, 0), 0);
    assert_int_equal(percent_of(5, 0), 0);
    assert_int_equal(percent_of(0, 7), 0);
    assert_int_equal(percent_of(1, 3), 33);
    assert_int_equal(percent_of(2, 3), 66);
    assert_int_equal(percent_of(99, 100), 99);
    assert_int_equal(percent_of(7, 7), 100);
}

TEST(percents_of_large_totals_do_not_overflow)
{
    assert_int_equal(percent_of(LONG_MAX / 2, LONG_MAX), 49);
    assert_int_equal(percent_of(LONG_MAX / 100 - 1, LONG_MAX / 100 - 1), 100);
    assert_in_range(percent_of(LONG_MAX, LONG_MAX), 99, 100);
}

/* Upstream divides by zero: total + 99 wraps. */
TEST(a_total_near_the_largest_number_does_not_divide_by_zero)
{
    assert_in_range(percent_of(ULONG_MAX, ULONG_MAX), 99, 100);
    assert_in_range(percent_of(ULONG_MAX - 1, ULONG_MAX - 50), 99, 100);
    assert_int_equal(percent_of(0, ULONG_MAX), 0);
}

TEST(more_done_than_there_is_saturates)
{
    assert_int_equal(percent_of(200, 100), 200);
    assert_int_equal(percent_of(ULONG_MAX, 1), INT_MAX);
    assert_int_equal(percent_of(ULONG_MAX / 100, 1), INT_MAX);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_arrives_as_it_was_sent),
        cmocka_unit_test(every_level_arrives),
        cmocka_unit_test(a_level_out_of_range_is_critical),
        cmocka_unit_test(a_level_out_of_range_has_a_name),
        cmocka_unit_test(errno_is_kept),
        cmocka_unit_test(destroying_reaches_the_logger_and_null_is_nothing),
        cmocka_unit_test(progress_is_silent_for_a_logger_without),
        cmocka_unit_test(percents_are_right),
        cmocka_unit_test(percents_of_large_totals_do_not_overflow),
        cmocka_unit_test(a_total_near_the_largest_number_does_not_divide_by_zero),
        cmocka_unit_test(more_done_than_there_is_saturates),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
