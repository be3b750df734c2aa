/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What went wrong: the last error, and what libxenguest says through the interface. */
#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fixture.h"
#include "harness.h"
#include "xenctrl.h"

/* ---- a logger that keeps what it is told ---- */

static char said[4096];

static void keep_line(xentoollog_logger *logger, xentoollog_level level, int errnoval,
                      const char *context, const char *format, va_list arguments)
{
    size_t used = strlen(said);

    (void)logger;
    used += (size_t)snprintf(said + used, sizeof(said) - used, "%d %d %s ", (int)level, errnoval,
                             context);
    vsnprintf(said + used, sizeof(said) - used, format, arguments);
    strcat(said, "\n");
}

static void keep_progress(xentoollog_logger *logger, const char *context, const char *doing,
                          int percent, unsigned long done, unsigned long total)
{
    size_t used = strlen(said);

    (void)logger;
    snprintf(said + used, sizeof(said) - used, "%s %s %d%% %lu/%lu\n", context, doing, percent,
             done, total);
}

static void destroy(xentoollog_logger *logger)
{
    (void)logger;
}

static xentoollog_logger errors = {keep_line, keep_progress, destroy};
static xentoollog_logger builds = {keep_line, keep_progress, destroy};

static xc_interface *open_dummy(xentoollog_logger *logger)
{
    xc_interface *xch = xc_interface_open(logger, NULL, XC_OPENFLAG_DUMMY);

    assert_non_null(xch);
    said[0] = '\0';
    return xch;
}

/* ---- the tests ---- */

TEST(an_error_is_kept_and_told_with_its_kind)
{
    xc_interface *xch = open_dummy(&errors);

    errno = ENOENT;
    xc_report_error(xch, XC_INVALID_KERNEL, "no %s at %d", "kernel", 5);
    assert_int_equal(errno, ENOENT);
    assert_int_equal(xc_get_last_error(xch)->code, XC_INVALID_KERNEL);
    assert_string_equal(xc_get_last_error(xch)->message, "no kernel at 5");
    assert_string_equal(said, "8 -1 xc no kernel at 5: Invalid kernel\n");
    xc_clear_last_error(xch);
    assert_int_equal(xc_get_last_error(xch)->code, XC_ERROR_NONE);
    assert_string_equal(xc_get_last_error(xch)->message, "");
    xc_interface_close(xch);
}

TEST(a_warning_is_told_and_not_kept)
{
    xc_interface *xch = open_dummy(&errors);

    errno = EIO;
    xc_report(xch, &builds, XTL_WARN, XC_ERROR_NONE, "take care");
    assert_string_equal(said, "7 -1 xc take care\n");
    assert_int_equal(xc_get_last_error(xch)->code, XC_ERROR_NONE);
    assert_int_equal(errno, EIO);
    xc_interface_close(xch);
}

TEST(a_sentence_longer_than_there_is_room_is_cut)
{
    static char a_long_one[3000];
    xc_interface *xch = open_dummy(&errors);

    memset(a_long_one, 'x', sizeof(a_long_one) - 1);
    xc_report_error(xch, XC_INTERNAL_ERROR, "%s", a_long_one);
    assert_int_equal(strlen(xc_get_last_error(xch)->message), XC_MAX_ERROR_MSG_LEN - 1);
    xc_interface_close(xch);
}

/* Upstream asserts that a prefix is there, and ends the program. */
TEST(progress_without_a_prefix_is_not_told)
{
    xc_interface *xch = open_dummy(&errors);

    xc_report_progress_step(xch, 1, 4);
    assert_string_equal(said, "");
    assert_null(xc_set_progress_prefix(xch, "Copying"));
    xc_report_progress_step(xch, 1, 4);
    xc_report_progress_single(xch, "Ending");
    assert_string_equal(said, "xc Copying 25% 1/4\nxc Ending 0% 0/0\n");
    assert_string_equal(xc_set_progress_prefix(xch, NULL), "Copying");
    xc_interface_close(xch);
}

TEST(progress_is_told_to_a_logger_of_the_callers_only)
{
    xc_interface *xch = open_dummy(NULL);

    xc_set_progress_prefix(xch, "Copying");
    errno = EIO;
    xc_report_progress_step(xch, 1, 4);
    assert_int_equal(errno, EIO);
    assert_string_equal(said, "");
    xc_interface_close(xch);
}

TEST(every_code_and_errno_has_words)
{
    xc_interface *xch = open_dummy(&errors);

    assert_string_equal(xc_error_code_to_desc(XC_ERROR_NONE), "No error");
    assert_string_equal(xc_error_code_to_desc(XC_OUT_OF_MEMORY), "Out of memory");
    assert_string_equal(xc_error_code_to_desc(XC_INVALID_PARAM), "Invalid parameter");
    assert_string_equal(xc_error_code_to_desc(-1), "Unknown error");
    assert_string_equal(xc_error_code_to_desc(99), "Unknown error");
    assert_string_equal(xc_strerror(xch, ENOENT), strerror(ENOENT));
    xc_interface_close(xch);
}

/* Failures are answers as often as not: the logger hears of them at XTL_DEBUG. */
TEST(a_failing_function_leaves_its_sentence)
{
    xc_interface *xch = open_dummy(&errors);
    char wanted[200];

    errno = 0;
    assert_int_equal(xenctrl_failed(xch, "a thing of %d", 3), -1);
    assert_fails_with(xenctrl_refused(xch, EINVAL, "%d is no id", 70000), -1, EINVAL);
    snprintf(wanted, sizeof(wanted), "70000 is no id: %s", strerror(EINVAL));
    assert_string_equal(xc_get_last_error(xch)->message, wanted);
    assert_int_equal(xc_get_last_error(xch)->code, XC_INTERNAL_ERROR);
    assert_non_null(strstr(said, "1 -1 xc 70000 is no id"));
    assert_fails_with(xenctrl_refused(xch, ENOMEM, "a buffer"), -1, ENOMEM);
    assert_int_equal(xc_get_last_error(xch)->code, XC_OUT_OF_MEMORY);
    xc_interface_close(xch);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_is_kept_and_told_with_its_kind),
        cmocka_unit_test(a_warning_is_told_and_not_kept),
        cmocka_unit_test(a_sentence_longer_than_there_is_room_is_cut),
        cmocka_unit_test(progress_without_a_prefix_is_not_told),
        cmocka_unit_test(progress_is_told_to_a_logger_of_the_callers_only),
        cmocka_unit_test(every_code_and_errno_has_words),
        cmocka_unit_test(a_failing_function_leaves_its_sentence),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
