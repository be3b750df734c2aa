/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One message is one write(2), whatever the stream's buffer. The stream is a
 * datagram socket, which keeps every write apart.
 */
#include "harness.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "xentoollog.h"

enum { LONG_TEXT = 5 * BUFSIZ + 77 };

struct wire {
    FILE *f;
    int other_end;
    xentoollog_logger *logger;
};

static struct wire open_wire(int buffering, unsigned flags)
{
    struct wire wire;
    int ends[2], room = 1 << 18;

    assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, ends), 0);
    setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
    wire.f = fdopen(ends[0], "w");
    assert_non_null(wire.f);
    setvbuf(wire.f, NULL, buffering, BUFSIZ);
    wire.other_end = ends[1];
    wire.logger =
        (xentoollog_logger *)xtl_createlogger_stdiostream(wire.f, XTL_DEBUG, flags);
    assert_non_null(wire.logger);
    return wire;
}

static void close_wire(struct wire *wire)
{
    xtl_logger_destroy(wire->logger);
    fclose(wire->f);
    close(wire->other_end);
}

static void assert_next_write(struct wire *wire, const char *wanted)
{
    char *got = calloc(1, LONG_TEXT * 2);
    ssize_t length = recv(wire->other_end, got, LONG_TEXT * 2 - 1, 0);

    assert_int_equal(length, strlen(wanted));
    assert_string_equal(got, wanted);
    free(got);
}

static void assert_no_more_writes(struct wire *wire)
{
    char byte;

    assert_fails_with(recv(wire->other_end, &byte, 1, 0), -1, EAGAIN);
}

static void assert_one_write(struct wire *wire, const char *text)
{
    char *wanted = NULL;

    xtl_log(wire->logger, XTL_ERROR, ENOENT, "speaker", "%s", text);
    assert_true(asprintf(&wanted, "speaker: error: %s: %s\n", text, strerror(ENOENT)) > 0);
    assert_next_write(wire, wanted);
    assert_no_more_writes(wire);
    free(wanted);
}

/* Upstream writes level, context, text and newline of a message one by one. */
static void short_and_long_messages_are_one_write(int buffering)
{
    struct wire wire = open_wire(buffering, XTL_STDIOSTREAM_PROGRESS_NO_CR);
    char *long_text = malloc(LONG_TEXT + 1);

    memset(long_text, 'x', LONG_TEXT);
    long_text[LONG_TEXT] = '\0';
    assert_one_write(&wire, long_text); /* before the stream has a buffer */
    assert_one_write(&wire, "short");
    assert_one_write(&wire, "with a newline\nin it");
    long_text[BUFSIZ - 31] = '\0';
    assert_one_write(&wire, long_text); /* just below, at and above a buffer's size */
    long_text[BUFSIZ - 31] = 'x';
    long_text[BUFSIZ + 9] = '\0';
    assert_one_write(&wire, long_text);
    assert_one_write(&wire, "");
    free(long_text);
    close_wire(&wire);
}

TEST(a_message_is_one_write_when_unbuffered)
{
    short_and_long_messages_are_one_write(_IONBF);
}

TEST(a_message_is_one_write_when_line_buffered)
{
    short_and_long_messages_are_one_write(_IOLBF);
}

TEST(a_message_is_one_write_when_fully_buffered)
{
    short_and_long_messages_are_one_write(_IOFBF);
}

TEST(a_step_of_progress_is_one_write)
{
    struct wire wire = open_wire(_IONBF, XTL_STDIOSTREAM_PROGRESS_USE_CR);

    xtl_progress(wire.logger, "copy", "pages", 10, 100);
    assert_next_write(&wire, "copy: pages: 10/100   10%");
    xtl_progress(wire.logger, "copy", "pages", 50, 100);
    assert_next_write(&wire, "\rcopy: pages: 50/100   50%");
    assert_no_more_writes(&wire);
    close_wire(&wire);
}

TEST(erasing_progress_and_the_message_are_one_write)
{
    struct wire wire = open_wire(_IOFBF, XTL_STDIOSTREAM_PROGRESS_USE_CR);

    xtl_progress(wire.logger, NULL, "p", 1, 2);
    assert_next_write(&wire, "p: 1/2   50%");
    xtl_log(wire.logger, XTL_INFO, -1, NULL, "done");
    assert_next_write(&wire, "\r            \rinfo: done\n");
    assert_no_more_writes(&wire);
    close_wire(&wire);
}

/* What the program itself left in the stream's buffer comes first, on its own. */
TEST(text_of_the_program_stays_in_order)
{
    struct wire wire = open_wire(_IOFBF, 0);

    fputs("before\n", wire.f);
    xtl_log(wire.logger, XTL_INFO, -1, NULL, "message");
    fputs("after\n", wire.f);
    fflush(wire.f);
    assert_next_write(&wire, "before\n");
    assert_next_write(&wire, "info: message\n");
    assert_next_write(&wire, "after\n");
    close_wire(&wire);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_one_write_when_unbuffered),
        cmocka_unit_test(a_message_is_one_write_when_line_buffered),
        cmocka_unit_test(a_message_is_one_write_when_fully_buffered),
        cmocka_unit_test(a_step_of_progress_is_one_write),
        cmocka_unit_test(erasing_progress_and_the_message_are_one_write),
        cmocka_unit_test(text_of_the_program_stays_in_order),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
