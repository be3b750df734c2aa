/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stdio logger where upstream's is no measure; see differential.c for the rest. */
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "xentoollog.h"

struct memory_log {
    FILE *f;
    char *bytes;
    size_t length;
    xentoollog_logger_stdiostream *stream;
    xentoollog_logger *logger;
};

/* open_memstream has no descriptor: such a stream is written through stdio. */
static void open_log(struct memory_log *log, unsigned flags)
{
    log->f = open_memstream(&log->bytes, &log->length);
    log->stream = xtl_createlogger_stdiostream(log->f, XTL_DEBUG, flags);
    assert_non_null(log->stream);
    log->logger = (xentoollog_logger *)log->stream;
}

static void close_log(struct memory_log *log)
{
    xtl_logger_destroy(log->logger);
    fclose(log->f);
    free(log->bytes);
}

TEST(both_progress_flags_are_refused)
{
    const unsigned both = XTL_STDIOSTREAM_PROGRESS_USE_CR | XTL_STDIOSTREAM_PROGRESS_NO_CR;

    assert_fails_with(xtl_createlogger_stdiostream(stderr, XTL_DEBUG, both), NULL, EINVAL);
    assert_fails_with(xtl_createlogger_stdiostream(stderr, XTL_DEBUG, both | 1), NULL, EINVAL);
}

/* Upstream leaves ENOTTY behind. */
TEST(making_a_logger_keeps_errno)
{
    xentoollog_logger_stdiostream *logger;

    errno = EXDEV;
    logger = xtl_createlogger_stdiostream(stdout, XTL_DEBUG, 0);
    assert_int_equal(errno, EXDEV);
    xtl_logger_destroy((xentoollog_logger *)logger);
}

TEST(a_stream_without_descriptor_works)
{
    struct memory_log log;

    open_log(&log, 0);
    xtl_log(log.logger, XTL_ERROR, EIO, "ctx", "%05d", 42);
    assert_string_equal(log.bytes, "ctx: error: 00042: Input/output error\n");
    xtl_log(log.logger, XTL_INFO, -1, NULL, "%30000d", 1);
    assert_int_equal(log.length, 38 + 6 + 30000 + 1);
    close_log(&log);
}

TEST(a_terminal_is_repainted_by_default)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    static const char wanted[] = "p: 1/2   50%\rp: 3/4   75%";
    char seen[256] = "";
    size_t length = 0;
    xentoollog_logger *logger;
    FILE *tty;

    if (master < 0 || grantpt(master) || unlockpt(master))
        skip_because("no pseudo-terminal");
    tty = fopen(ptsname(master), "we");
    assert_non_null(tty);
    logger = (xentoollog_logger *)xtl_createlogger_stdiostream(tty, XTL_DEBUG, 0);
    xtl_progress(logger, NULL, "p", 1, 2);
    xtl_progress(logger, NULL, "p", 3, 4);
    /* A terminal may hand over each step by itself. */
    while (length < sizeof(wanted) - 1) {
        ssize_t got = read(master, seen + length, sizeof(seen) - 1 - length);

        assert_true(got > 0);
        length += (size_t)got;
    }
    assert_string_equal(seen, wanted);
    xtl_logger_destroy(logger);
    fclose(tty);
    close(master);
}

/* Upstream goes on to blank the next line, as wide as the one that has ended. */
TEST(a_progress_line_that_ended_is_not_erased)
{
    struct memory_log log;

    open_log(&log, XTL_STDIOSTREAM_PROGRESS_USE_CR);
    xtl_progress(log.logger, NULL, "p", 2, 2);
    xtl_log(log.logger, XTL_INFO, -1, NULL, "next");
    fflush(log.f);
    assert_string_equal(log.bytes, "p: 2/2  100%\ninfo: next\n");
    close_log(&log);
}

TEST(a_shorter_step_paints_over_the_longer_one)
{
    struct memory_log log;

    open_log(&log, XTL_STDIOSTREAM_PROGRESS_USE_CR);
    xtl_progress(log.logger, NULL, "longer", 1, 4);
    xtl_progress(log.logger, NULL, "p", 2, 4);
    fflush(log.f);
    assert_string_equal(log.bytes, "longer: 1/4   25%\rp: 2/4   50%     \r");
    close_log(&log);
}

TEST(destroying_erases_unfinished_progress)
{
    struct memory_log log;

    open_log(&log, XTL_STDIOSTREAM_PROGRESS_USE_CR);
    xtl_progress(log.logger, NULL, "p", 1, 2);
    xtl_logger_destroy(log.logger);
    assert_string_equal(log.bytes, "p: 1/2   50%\r            \r");
    fclose(log.f);
    free(log.bytes);
}

TEST(hiding_progress_erases_it_and_showing_brings_it_back)
{
    struct memory_log log;

    open_log(&log, XTL_STDIOSTREAM_PROGRESS_USE_CR);
    xtl_progress(log.logger, NULL, "p", 1, 4);
    xtl_stdiostream_adjust_flags(log.stream, XTL_STDIOSTREAM_HIDE_PROGRESS, 0);
    xtl_progress(log.logger, NULL, "p", 2, 4);
    assert_string_equal(log.bytes, "p: 1/4   25%\r            \r");
    xtl_stdiostream_adjust_flags(log.stream, 0, XTL_STDIOSTREAM_HIDE_PROGRESS);
    xtl_progress(log.logger, NULL, "p", 3, 4);
    assert_non_null(strstr(log.bytes, "p: 3/4   75%"));
    close_log(&log);
}

TEST(the_stream_stays_open)
{
    FILE *f = fopen("/dev/null", "we");
    xentoollog_logger *logger =
        (xentoollog_logger *)xtl_createlogger_stdiostream(f, XTL_DEBUG, 0);

    xtl_logger_destroy(logger);
    assert_true(fcntl(fileno(f), F_GETFD) >= 0);
    assert_true(fputs("still open", f) >= 0);
    fclose(f);
}

TEST(a_stream_that_cannot_be_written_is_no_failure)
{
    FILE *f = fopen("/dev/full", "we");
    xentoollog_logger *logger =
        (xentoollog_logger *)xtl_createlogger_stdiostream(f, XTL_DEBUG, 0);

    errno = EXDEV;
    xtl_log(logger, XTL_ERROR, ENOMEM, "ctx", "text");
    assert_int_equal(errno, EXDEV);
    xtl_logger_destroy(logger);
    fclose(f);
}

/* No memory for the whole text: the line is cut, and still ends as a line. */
TEST(a_line_without_memory_is_cut_and_keeps_its_newline)
{
#ifdef HEAP_IS_SANITIZED
    skip_because("a sanitizer cannot run with little memory");
#else
    const struct rlimit little = {1 << 20, RLIM_INFINITY};
    int ends[2];
    char line[4096];
    ssize_t length;
    FILE *f;
    xentoollog_logger *logger;

    assert_int_equal(pipe(ends), 0);
    f = fdopen(ends[1], "w");
    setvbuf(f, NULL, _IONBF, 0);
    logger = (xentoollog_logger *)xtl_createlogger_stdiostream(f, XTL_DEBUG, 0);
    assert_int_equal(setrlimit(RLIMIT_AS, &little), 0);
    errno = EXDEV;
    xtl_log(logger, XTL_ERROR, EIO, "ctx", "begin %*d", 100 * 1000 * 1000, 1);
    assert_int_equal(errno, EXDEV);
    length = read(ends[0], line, sizeof(line) - 1);
    assert_in_range(length, 100, 1100);
    line[length] = '\0';
    assert_string_equal(line + length - 1, "\n");
    assert_int_equal(strncmp(line, "ctx: error: begin  ", 19), 0);
    xtl_logger_destroy(logger);
    fclose(f);
    close(ends[0]);
#endif
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_progress_flags_are_refused),
        cmocka_unit_test(making_a_logger_keeps_errno),
        cmocka_unit_test(a_stream_without_descriptor_works),
        cmocka_unit_test(a_terminal_is_repainted_by_default),
        cmocka_unit_test(a_progress_line_that_ended_is_not_erased),
        cmocka_unit_test(a_shorter_step_paints_over_the_longer_one),
        cmocka_unit_test(destroying_erases_unfinished_progress),
        cmocka_unit_test(hiding_progress_erases_it_and_showing_brings_it_back),
        cmocka_unit_test(the_stream_stays_open),
        cmocka_unit_test(a_stream_that_cannot_be_written_is_no_failure),
        cmocka_unit_test(a_line_without_memory_is_cut_and_keeps_its_newline),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
