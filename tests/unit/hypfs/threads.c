/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One handle, several threads. Only upstream's symbols are used. */
#include "fake_hypfs.h"

#include <pthread.h>
#include <stdio.h>

enum { THREADS = 8, ROUNDS = 300, LARGE = 20000 };

static xenhypfs_handle *shared;

static char path_of_thread(unsigned thread, char path[16])
{
    snprintf(path, 16, "/thread-%u", thread);
    return (char)('a' + thread);
}

static bool reads_its_own(unsigned thread)
{
    char path[16], letter = path_of_thread(thread, path);
    char *text = xenhypfs_read(shared, path);
    size_t wanted = thread % 2 ? LARGE : 10;
    bool good = text && strlen(text) == wanted && text[0] == letter && text[wanted - 1] == letter;

    free(text);
    return good;
}

static void *use_handle(void *thread)
{
    uintptr_t failures = 0;

    for (int i = 0; i < ROUNDS; i++)
        failures += !reads_its_own((unsigned)(uintptr_t)thread);
    return (void *)failures;
}

TEST(threads_may_share_a_handle)
{
    static char text[LARGE];
    pthread_t threads[THREADS];
    void *failures;
    char path[16];

    shared = fake_open();
    for (unsigned i = 0; i < THREADS; i++) {
        memset(text, path_of_thread(i, path), sizeof(text));
        fake_add(path, XEN_HYPFS_TYPE_STRING, text, i % 2 ? LARGE : 10);
    }
    for (uintptr_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, use_handle, (void *)i), 0);
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &failures);
        assert_null(failures);
    }
    xenhypfs_close(shared);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_may_share_a_handle),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
