/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines of threads and of processes never mix, and a fork leaves no lock behind. */
#include "harness.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "xentoollog.h"

enum { WRITERS = 8, LINES = 400, LONGEST = 6000 };

struct writer {
    xentoollog_logger *logger;
    int number;
};

static int length_of(int writer, int line)
{
    return (writer * 7919 + line * 104729) % LONGEST;
}

static void *write_lines(void *argument)
{
    struct writer *writer = argument;
    char *text = malloc(LONGEST);

    memset(text, 'a' + writer->number, LONGEST);
    for (int line = 0; line < LINES; line++)
        xtl_log(writer->logger, XTL_INFO, -1, "w", "%d %d %.*s|", writer->number, line,
                length_of(writer->number, line), text);
    free(text);
    return NULL;
}

static void run_threads(xentoollog_logger *logger, int first, int count)
{
    pthread_t threads[WRITERS];
    struct writer writers[WRITERS];

    for (int i = 0; i < count; i++) {
        writers[i] = (struct writer){logger, first + i};
        assert_int_equal(pthread_create(&threads[i], NULL, write_lines, &writers[i]), 0);
    }
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
}

static bool is_sound(const char *line, int *next)
{
    int writer, number, at = 0;
    size_t filling;

    if (sscanf(line, "w: info: %d %d %n", &writer, &number, &at) != 2 || !at)
        return false;
    if (writer < 0 || writer >= WRITERS || number != next[writer]++)
        return false;
    filling = strspn(line + at, (char[]){(char)('a' + writer), '\0'});
    return filling == (size_t)length_of(writer, number) &&
           strcmp(line + at + filling, "|\n") == 0;
}

/* Every line whole, every writer's lines in order, none missing. */
static void assert_lines_are_whole(const char *path, int writers)
{
    FILE *f = fopen(path, "re");
    char *line = malloc(LONGEST * 2);
    int next[WRITERS] = {0}, lines = 0;

    assert_non_null(f);
    for (; fgets(line, LONGEST * 2, f); lines++)
        assert_true(is_sound(line, next));
    assert_int_equal(lines, writers * LINES);
    free(line);
    fclose(f);
}

static FILE *open_log(char *path, const char *mode)
{
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    close(fd);
    return fopen(path, mode);
}

static xentoollog_logger *log_to(FILE *f)
{
    return (xentoollog_logger *)xtl_createlogger_stdiostream(f, XTL_DEBUG, 0);
}

/* Upstream: pieces of lines of several threads are mixed. */
TEST(lines_of_eight_threads_never_mix)
{
    char path[] = "/tmp/xenlibs-log-XXXXXX";
    FILE *f = open_log(path, "we");
    xentoollog_logger *logger = log_to(f);

    run_threads(logger, 0, WRITERS);
    assert_lines_are_whole(path, WRITERS);
    xtl_logger_destroy(logger);
    fclose(f);
    unlink(path);
}

TEST(lines_of_two_loggers_on_one_stream_never_mix)
{
    char path[] = "/tmp/xenlibs-log-XXXXXX";
    FILE *f = open_log(path, "we");
    xentoollog_logger *loggers[2] = {log_to(f), log_to(f)};
    pthread_t threads[2];
    struct writer writers[2] = {{loggers[0], 0}, {loggers[1], 1}};

    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, write_lines, &writers[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    assert_lines_are_whole(path, 2);
    xtl_logger_destroy(loggers[0]);
    xtl_logger_destroy(loggers[1]);
    fclose(f);
    unlink(path);
}

static void log_from_process(const char *path, int first)
{
    FILE *f = fopen(path, "ae");
    xentoollog_logger *logger = log_to(f);

    run_threads(logger, first, WRITERS / 2);
    xtl_logger_destroy(logger);
    fclose(f);
}

TEST(lines_of_two_processes_on_one_append_file_never_mix)
{
    char path[] = "/tmp/xenlibs-log-XXXXXX";
    FILE *f = open_log(path, "ae");
    pid_t children[2];
    int status;

    fclose(f);
    for (int i = 0; i < 2; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            log_from_process(path, i * WRITERS / 2);
            _exit(0);
        }
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    assert_lines_are_whole(path, WRITERS);
    unlink(path);
}

static void *log_until_told(void *argument)
{
    struct writer *writer = argument;

    while (!__atomic_load_n(&writer->number, __ATOMIC_RELAXED))
        xtl_log(writer->logger, XTL_INFO, -1, NULL, "busy");
    return NULL;
}

TEST(a_child_of_a_busy_process_can_log)
{
    FILE *f = fopen("/dev/null", "we");
    struct writer writer = {log_to(f), 0};
    pthread_t thread;
    int status;

    pthread_create(&thread, NULL, log_until_told, &writer);
    for (int i = 0; i < 50; i++) {
        pid_t child = fork();

        if (child == 0) {
            alarm(20);
            xtl_log(writer.logger, XTL_INFO, -1, NULL, "child");
            _exit(0);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
    __atomic_store_n(&writer.number, 1, __ATOMIC_RELAXED);
    pthread_join(thread, NULL);
    xtl_logger_destroy(writer.logger);
    fclose(f);
}

static void *report_progress(void *argument)
{
    struct writer *writer = argument;

    for (unsigned long i = 0; i < 1000; i++) {
        xtl_progress(writer->logger, "thread", "working", i, 1000);
        xtl_log(writer->logger, XTL_INFO, -1, NULL, "line");
    }
    return NULL;
}

/* For sanitizers: upstream's progress state is shared without a lock. */
TEST(threads_may_share_progress_flags_and_level)
{
    FILE *f = fopen("/dev/null", "we");
    xentoollog_logger_stdiostream *logger =
        xtl_createlogger_stdiostream(f, XTL_DEBUG, XTL_STDIOSTREAM_PROGRESS_USE_CR);
    struct writer writer = {(xentoollog_logger *)logger, 0};
    pthread_t threads[4];

    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, report_progress, &writer);
    for (int i = 0; i < 1000; i++) {
        xtl_stdiostream_adjust_flags(logger, i % 2 ? XTL_STDIOSTREAM_HIDE_PROGRESS : 0,
                                     i % 2 ? 0 : XTL_STDIOSTREAM_HIDE_PROGRESS);
        xtl_stdiostream_set_minlevel(logger, i % 3 ? XTL_DEBUG : XTL_WARN);
    }
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    xtl_logger_destroy((xentoollog_logger *)logger);
    fclose(f);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_eight_threads_never_mix),
        cmocka_unit_test(lines_of_two_loggers_on_one_stream_never_mix),
        cmocka_unit_test(lines_of_two_processes_on_one_append_file_never_mix),
        cmocka_unit_test(a_child_of_a_busy_process_can_log),
        cmocka_unit_test(threads_may_share_progress_flags_and_level),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
