/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What libxenguest asks of the interface beside hypercalls: streams and memory. */
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "xenctrl.h"

/* ---- pipes that are shorter than what is sent ---- */

enum { LENGTH = 300 * 1000 };

struct pipe {
    int read, write;
};

static struct pipe open_pipe(void)
{
    int ends[2];

    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    return (struct pipe){ends[0], ends[1]};
}

static void *read_all(void *argument)
{
    struct pipe *pipe = argument;
    char *data = malloc(LENGTH);

    return data && read_exact(pipe->read, data, LENGTH) == 0 ? data : NULL;
}

static char *pattern(void)
{
    char *data = malloc(LENGTH);

    assert_non_null(data);
    for (int i = 0; i < LENGTH; i++)
        data[i] = (char)(i * 7 + i / 251);
    return data;
}

static void assert_arrives(struct pipe *pipe, const char *sent,
                           int (*send)(int fd, const char *data))
{
    pthread_t reader;
    void *arrived;

    assert_int_equal(pthread_create(&reader, NULL, read_all, pipe), 0);
    assert_int_equal(send(pipe->write, sent), 0);
    pthread_join(reader, &arrived);
    assert_non_null(arrived);
    assert_memory_equal(arrived, sent, LENGTH);
    free(arrived);
}

static int send_whole(int fd, const char *data)
{
    return write_exact(fd, data, LENGTH);
}

/* Pieces of all sizes, empty ones among them, and more of them than one call takes. */
static int send_pieces(int fd, const char *data)
{
    enum { PIECES = 3000 };
    struct iovec pieces[PIECES];
    size_t at = 0;

    for (size_t i = 0; i < PIECES; i++) {
        size_t size = i + 1 == PIECES ? LENGTH - at : i % 100;
        pieces[i] = (struct iovec){(void *)(uintptr_t)(data + at), size};
        at += size;
    }
    return writev_exact(fd, pieces, PIECES);
}

TEST(all_of_it_arrives_however_many_calls_it_takes)
{
    struct pipe pipe = open_pipe();
    char *data = pattern();

    assert_arrives(&pipe, data, send_whole);
    assert_arrives(&pipe, data, send_pieces);
    free(data);
    close(pipe.read);
    close(pipe.write);
}

TEST(the_end_of_a_file_is_an_error_without_errno)
{
    struct pipe pipe = open_pipe();
    char data[10];

    assert_int_equal(write_exact(pipe.write, "abc", 3), 0);
    close(pipe.write);
    errno = EIO;
    assert_int_equal(read_exact(pipe.read, data, 4), -1);
    assert_int_equal(errno, 0);
    close(pipe.read);
}

TEST(a_broken_stream_gives_its_errno)
{
    struct pipe pipe = open_pipe();
    struct iovec piece = {(char[]){"a"}, 1};
    char data[1];

    signal(SIGPIPE, SIG_IGN);
    close(pipe.read);
    assert_fails_with(write_exact(pipe.write, "a", 1), -1, EPIPE);
    assert_fails_with(writev_exact(pipe.write, &piece, 1), -1, EPIPE);
    close(pipe.write);
    assert_fails_with(read_exact(-1, data, 1), -1, EBADF);
    assert_fails_with(write_exact(-1, "a", 1), -1, EBADF);
}

TEST(nothing_is_sent_and_read_without_a_call)
{
    assert_int_equal(read_exact(-1, NULL, 0), 0);
    assert_int_equal(write_exact(-1, NULL, 0), 0);
    assert_int_equal(writev_exact(-1, NULL, 0), 0);
}

TEST(discarding_a_cache_moves_nothing_and_keeps_errno)
{
    char name[] = "/tmp/ctrl-stream-XXXXXX";
    int fd = mkstemp(name);

    assert_true(fd >= 0);
    unlink(name);
    assert_int_equal(write_exact(fd, "abc", 3), 0);
    errno = EIO;
    discard_file_cache(NULL, fd, 1);
    discard_file_cache(NULL, fd, 0);
    discard_file_cache(NULL, -1, 1);
    assert_int_equal(errno, EIO);
    assert_int_equal(lseek(fd, 0, SEEK_CUR), 3);
    close(fd);
}

TEST(memory_is_aligned_or_refused)
{
    void *memory = xc_memalign(NULL, 4096, 100);

    assert_non_null(memory);
    assert_int_equal((uintptr_t)memory % 4096, 0);
    free(memory);
    assert_fails_with(xc_memalign(NULL, 3, 100), NULL, EINVAL);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_it_arrives_however_many_calls_it_takes),
        cmocka_unit_test(the_end_of_a_file_is_an_error_without_errno),
        cmocka_unit_test(a_broken_stream_gives_its_errno),
        cmocka_unit_test(nothing_is_sent_and_read_without_a_call),
        cmocka_unit_test(discarding_a_cache_moves_nothing_and_keeps_errno),
        cmocka_unit_test(memory_is_aligned_or_refused),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
