/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The same calls to upstream's library and to ours write the same bytes. Neither
 * is linked: both are loaded, side by side, and one test process uses one of them
 * after the other.
 *
 * The deliberate difference: where upstream erases a progress line that a newline
 * has ended already, ours writes nothing. Scripts in which that happens are
 * compared by what a terminal shows.
 */
#include "harness.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xentoollog.h"

struct library {
    __typeof__(xtl_createlogger_stdiostream) *create;
    __typeof__(xtl_stdiostream_set_minlevel) *set_minlevel;
    __typeof__(xtl_stdiostream_adjust_flags) *adjust_flags;
    __typeof__(xtl_logger_destroy) *destroy;
    __typeof__(xtl_log) *log;
    __typeof__(xtl_progress) *progress;
    __typeof__(xtl_level_to_string) *level_to_string;
    xentoollog_logger_stdiostream *stream;
    xentoollog_logger *logger;
    FILE *f;
};
typedef void script(struct library *library);

static void *symbol(void *from, const char *name)
{
    void *address = dlsym(from, name);

    if (!address)
        fail_msg("%s is missing", name);
    return address;
}

static struct library load(const char *path)
{
    void *from = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    struct library library = {0};

    if (!from)
        skip_because(dlerror());
    library.create = symbol(from, "xtl_createlogger_stdiostream");
    library.set_minlevel = symbol(from, "xtl_stdiostream_set_minlevel");
    library.adjust_flags = symbol(from, "xtl_stdiostream_adjust_flags");
    library.destroy = symbol(from, "xtl_logger_destroy");
    library.log = symbol(from, "xtl_log");
    library.progress = symbol(from, "xtl_progress");
    library.level_to_string = symbol(from, "xtl_level_to_string");
    return library;
}

/* Runs a script; returns all bytes that it wrote, with a NUL. */
static char *output_of(struct library *library, script *run, unsigned flags,
                       xentoollog_level min_level)
{
    char *bytes;
    long length;

    library->f = tmpfile();
    library->stream = library->create(library->f, min_level, flags);
    library->logger = (xentoollog_logger *)library->stream;
    assert_non_null(library->logger);
    run(library);
    library->destroy(library->logger);
    fflush(library->f);
    fseek(library->f, 0, SEEK_END);
    length = ftell(library->f);
    rewind(library->f);
    bytes = calloc(1, (size_t)length + 1);
    assert_int_equal(fread(bytes, 1, (size_t)length, library->f), length);
    fclose(library->f);
    return bytes;
}

/* What a terminal shows: CR returns, what follows overwrites, blanks at the end vanish. */
static char *shown(const char *bytes)
{
    size_t start = 0, column = 0, end = 0;
    char *screen = calloc(1, strlen(bytes) + 1);

    for (; *bytes; bytes++) {
        if (*bytes == '\r') {
            column = 0;
        } else if (*bytes == '\n') {
            while (end && screen[start + end - 1] == ' ')
                end--;
            screen[start + end] = '\n';
            start += end + 1;
            column = end = 0;
        } else {
            screen[start + column++] = *bytes;
            end = column > end ? column : end;
        }
    }
    while (end && screen[start + end - 1] == ' ')
        end--;
    screen[start + end] = '\0';
    return screen;
}

static void compare(script *run, unsigned flags, xentoollog_level min_level, bool as_shown)
{
    struct library theirs = load(UPSTREAM_LIBRARY), ours = load(OUR_LIBRARY);
    char *wanted = output_of(&theirs, run, flags, min_level);
    char *got = output_of(&ours, run, flags, min_level);
    char *screens[2] = {shown(wanted), shown(got)};

    assert_true(theirs.log != ours.log);
    assert_int_not_equal(strlen(wanted), 0);
    if (as_shown)
        assert_string_equal(screens[1], screens[0]);
    else
        assert_string_equal(got, wanted);
    free(wanted);
    free(got);
    free(screens[0]);
    free(screens[1]);
}

static void log_everything(struct library *to)
{
    for (int level = XTL_DEBUG; level < XTL_NUM_LEVELS; level++) {
        to->log(to->logger, (xentoollog_level)level, -1, "ctx", "number %d %s", level, "str");
        to->log(to->logger, (xentoollog_level)level, 0, "ctx", "no error");
        to->log(to->logger, (xentoollog_level)level, EPERM, NULL, "no context");
        to->log(to->logger, (xentoollog_level)level, 99999, "", "unknown errno");
        to->log(to->logger, (xentoollog_level)level, INT_MIN, "c", "%s", "");
        to->log(to->logger, (xentoollog_level)level, -1, "c", "two\nlines %% %5d|", 3);
    }
    to->log(to->logger, XTL_ERROR, EIO, "long", "%20000d", 1);
}

TEST(messages_are_byte_for_byte_upstreams)
{
    for (int min_level = XTL_NONE; min_level <= XTL_CRITICAL; min_level++)
        compare(log_everything, 0, (xentoollog_level)min_level, false);
}

TEST(messages_with_pid_are_byte_for_byte_upstreams)
{
    compare(log_everything, XTL_STDIOSTREAM_SHOW_PID, XTL_DEBUG, false);
}

static void log_once(struct library *to)
{
    to->log(to->logger, XTL_INFO, -1, "ctx", "text");
}

/* The clock may tick between the two: then once more. */
TEST(messages_with_date_are_byte_for_byte_upstreams)
{
    static const char *const zones[] = {"UTC", "Asia/Kolkata", "America/New_York", "XYZ-11:30"};
    const unsigned flags = XTL_STDIOSTREAM_SHOW_DATE | XTL_STDIOSTREAM_SHOW_PID;

    for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
        bool same = false;

        setenv("TZ", zones[i], 1);
        for (int attempt = 0; attempt < 5 && !same; attempt++) {
            struct library theirs = load(UPSTREAM_LIBRARY), ours = load(OUR_LIBRARY);
            char *wanted = output_of(&theirs, log_once, flags, XTL_DEBUG);
            char *got = output_of(&ours, log_once, flags, XTL_DEBUG);

            same = strcmp(wanted, got) == 0;
            free(wanted);
            free(got);
        }
        assert_true(same);
    }
}

static void adjust(struct library *to)
{
    log_once(to);
    to->set_minlevel(to->stream, XTL_WARN);
    log_once(to);
    to->log(to->logger, XTL_WARN, -1, NULL, "seen");
    to->adjust_flags(to->stream, XTL_STDIOSTREAM_SHOW_PID, 0);
    to->log(to->logger, XTL_WARN, -1, NULL, "with pid");
    to->adjust_flags(to->stream, XTL_STDIOSTREAM_SHOW_PID, XTL_STDIOSTREAM_SHOW_PID);
    to->log(to->logger, XTL_WARN, -1, NULL, "set wins");
    to->adjust_flags(to->stream, 0, XTL_STDIOSTREAM_SHOW_PID);
    to->log(to->logger, XTL_WARN, -1, NULL, "without");
}

TEST(adjusted_loggers_write_what_upstreams_write)
{
    compare(adjust, 0, XTL_DEBUG, false);
}

static void progress_without_end(struct library *to)
{
    static const unsigned long steps[] = {0, 1, 4, 5, 6, 11, 11, 50, 49, 30, 34, 99};

    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
        to->progress(to->logger, i % 2 ? "ctx" : NULL, "pages", steps[i], 100);
}

static void progress_to_the_end(struct library *to)
{
    progress_without_end(to);
    to->progress(to->logger, "ctx", "pages", 100, 100);
}

static void progress_of_odd_totals(struct library *to)
{
    static const unsigned long totals[] = {1, 3, 7, 100, 101, LONG_MAX / 100 - 1, LONG_MAX / 100,
                                           LONG_MAX / 100 + 1, LONG_MAX, ULONG_MAX - 100};

    to->progress(to->logger, "ctx", "nothing", 3, 0);
    for (size_t i = 0; i < sizeof(totals) / sizeof(totals[0]); i++)
        for (unsigned long part = 1; part < 8; part++)
            to->progress(to->logger, "c", "p", totals[i] / 8 * part + part % 2, totals[i]);
}

TEST(progress_in_lines_is_byte_for_byte_upstreams)
{
    static const xentoollog_level levels[] = {XTL_DEBUG, XTL_DETAIL, XTL_PROGRESS};

    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
        compare(progress_to_the_end, XTL_STDIOSTREAM_PROGRESS_NO_CR, levels[i], false);
        compare(progress_of_odd_totals, XTL_STDIOSTREAM_PROGRESS_NO_CR, levels[i], false);
        compare(progress_to_the_end, 0, levels[i], false); /* no terminal */
    }
}

TEST(progress_repainted_is_byte_for_byte_upstreams)
{
    compare(progress_without_end, XTL_STDIOSTREAM_PROGRESS_USE_CR, XTL_DEBUG, false);
    compare(progress_without_end, XTL_STDIOSTREAM_PROGRESS_USE_CR, XTL_PROGRESS, false);
}

static void messages_amid_progress(struct library *to)
{
    for (unsigned long done = 0; done <= 100; done += 10) {
        to->progress(to->logger, "ctx", done < 50 ? "a long description" : "short", done, 100);
        if (done % 20 == 0)
            to->log(to->logger, XTL_INFO, -1, "ctx", "at %lu", done);
    }
    to->progress(to->logger, "ctx", "again", 30, 100);
    to->adjust_flags(to->stream, XTL_STDIOSTREAM_HIDE_PROGRESS, 0);
    to->progress(to->logger, "ctx", "unseen", 60, 100);
    to->log(to->logger, XTL_INFO, -1, "ctx", "end");
}

TEST(a_terminal_shows_the_same_as_with_upstreams)
{
    compare(messages_amid_progress, XTL_STDIOSTREAM_PROGRESS_USE_CR, XTL_DEBUG, true);
    compare(progress_to_the_end, XTL_STDIOSTREAM_PROGRESS_USE_CR, XTL_DEBUG, true);
    compare(progress_of_odd_totals, XTL_STDIOSTREAM_PROGRESS_USE_CR, XTL_DEBUG, true);
}

static void message_after_the_end(struct library *to)
{
    to->progress(to->logger, NULL, "p", 1, 2);
    to->progress(to->logger, NULL, "p", 2, 2);
    to->log(to->logger, XTL_INFO, -1, NULL, "next");
}

/* Upstream blanks the width of the old progress line before the next message. */
TEST(a_line_that_ended_is_not_erased)
{
    struct library ours = load(OUR_LIBRARY);
    char *got = output_of(&ours, message_after_the_end, XTL_STDIOSTREAM_PROGRESS_USE_CR, XTL_DEBUG);

    assert_string_equal(got, "p: 1/2   50%\rp: 2/2  100%\ninfo: next\n");
    free(got);
}

TEST(level_names_are_upstreams)
{
    struct library theirs = load(UPSTREAM_LIBRARY), ours = load(OUR_LIBRARY);

    for (int level = XTL_DEBUG; level < XTL_NUM_LEVELS; level++)
        assert_string_equal(ours.level_to_string((xentoollog_level)level),
                            theirs.level_to_string((xentoollog_level)level));
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_are_byte_for_byte_upstreams),
        cmocka_unit_test(messages_with_pid_are_byte_for_byte_upstreams),
        cmocka_unit_test(messages_with_date_are_byte_for_byte_upstreams),
        cmocka_unit_test(adjusted_loggers_write_what_upstreams_write),
        cmocka_unit_test(progress_in_lines_is_byte_for_byte_upstreams),
        cmocka_unit_test(progress_repainted_is_byte_for_byte_upstreams),
        cmocka_unit_test(a_terminal_shows_the_same_as_with_upstreams),
        cmocka_unit_test(a_line_that_ended_is_not_erased),
        cmocka_unit_test(level_names_are_upstreams),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
