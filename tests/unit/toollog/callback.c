/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "harness.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "xentoollog.h"

struct seen {
    int messages, steps, errnoval, percent;
    xentoollog_level level;
    char context[32], text[64];
    size_t length;
    unsigned long done, total;
};

static void see_message(void *user, xentoollog_level level, int errnoval, const char *context,
                        const char *text)
{
    struct seen *seen = user;

    seen->messages++;
    seen->level = level;
    seen->errnoval = errnoval;
    snprintf(seen->context, sizeof(seen->context), "%s", context ? context : "(none)");
    snprintf(seen->text, sizeof(seen->text), "%s", text);
    seen->length = strlen(text);
    errno = EXDEV;
}

static void see_progress(void *user, const char *context, const char *doing_what, int percent,
                         unsigned long done, unsigned long total)
{
    struct seen *seen = user;

    seen->steps++;
    snprintf(seen->context, sizeof(seen->context), "%s", context ? context : "(none)");
    snprintf(seen->text, sizeof(seen->text), "%s", doing_what);
    seen->percent = percent;
    seen->done = done;
    seen->total = total;
}

TEST(a_message_arrives_formatted)
{
    struct seen seen = {0};
    xentoollog_logger *logger = xtl_createlogger_callback(XTL_DEBUG, see_message, NULL, &seen);

    errno = ENOTDIR;
    xtl_log(logger, XTL_WARN, EBUSY, "who", "%d %s", 7, "things");
    assert_int_equal(errno, ENOTDIR);
    assert_int_equal(seen.messages, 1);
    assert_int_equal(seen.level, XTL_WARN);
    assert_int_equal(seen.errnoval, EBUSY);
    assert_string_equal(seen.context, "who");
    assert_string_equal(seen.text, "7 things");
    xtl_log(logger, XTL_INFO, -1, NULL, "%s", "");
    assert_int_equal(seen.errnoval, -1);
    assert_string_equal(seen.context, "(none)");
    assert_string_equal(seen.text, "");
    xtl_logger_destroy(logger);
}

TEST(a_long_message_arrives_whole)
{
    struct seen seen = {0};
    xentoollog_logger *logger = xtl_createlogger_callback(XTL_DEBUG, see_message, NULL, &seen);

    for (int length = 1000; length < 1050; length++) {
        xtl_log(logger, XTL_INFO, -1, NULL, "%*d", length, 1);
        assert_int_equal(seen.length, length);
    }
    xtl_log(logger, XTL_INFO, -1, NULL, "%*d", 1000000, 1);
    assert_int_equal(seen.length, 1000000);
    xtl_logger_destroy(logger);
}

TEST(messages_below_the_level_are_dropped)
{
    struct seen seen = {0};
    xentoollog_logger *logger = xtl_createlogger_callback(XTL_WARN, see_message, NULL, &seen);

    xtl_log(logger, XTL_NOTICE, -1, NULL, "too quiet");
    assert_int_equal(seen.messages, 0);
    xtl_log(logger, XTL_WARN, -1, NULL, "loud enough");
    assert_int_equal(seen.messages, 1);
    xtl_logger_destroy(logger);
}

TEST(progress_arrives_when_wanted)
{
    struct seen seen = {0};
    xentoollog_logger *with =
        xtl_createlogger_callback(XTL_DEBUG, see_message, see_progress, &seen);
    xentoollog_logger *without = xtl_createlogger_callback(XTL_DEBUG, see_message, NULL, &seen);

    xtl_progress(without, "who", "copying", 1, 4);
    assert_int_equal(seen.steps, 0);
    xtl_progress(with, "who", "copying", 1, 4);
    assert_int_equal(seen.steps, 1);
    assert_int_equal(seen.percent, 25);
    assert_int_equal(seen.done, 1);
    assert_int_equal(seen.total, 4);
    assert_string_equal(seen.text, "copying");
    assert_int_equal(seen.messages, 0);
    xtl_logger_destroy(with);
    xtl_logger_destroy(without);
}

TEST(no_function_is_refused)
{
    assert_fails_with(xtl_createlogger_callback(XTL_DEBUG, NULL, see_progress, NULL), NULL,
                      EINVAL);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_arrives_formatted),
        cmocka_unit_test(a_long_message_arrives_whole),
        cmocka_unit_test(messages_below_the_level_are_dropped),
        cmocka_unit_test(progress_arrives_when_wanted),
        cmocka_unit_test(no_function_is_refused),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
