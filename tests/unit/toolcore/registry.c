/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Handles come and go from any thread, also around a fork. */
#include "harness.h"

#include <errno.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "xentoolcore.h"
#include "xentoolcore_internal.h"

enum { THREADS = 4, ROUNDS = 2000 };

static int accept_restriction(Xentoolcore__Active_Handle *ah, domid_t domid)
{
    (void)ah;
    (void)domid;
    return 0;
}

static void *open_and_close(void *unused)
{
    Xentoolcore__Active_Handle ah = {.restrict_callback = accept_restriction};

    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        xentoolcore__register_active_handle(&ah);
        xentoolcore__deregister_active_handle(&ah);
    }
    return NULL;
}

TEST(threads_open_close_and_restrict_at_once)
{
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, open_and_close, NULL);
    for (int i = 0; i < ROUNDS; i++)
        assert_int_equal(xentoolcore_restrict_all(1), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

TEST(handles_leave_in_any_order)
{
    static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                    {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    Xentoolcore__Active_Handle ah[3] = {{.restrict_callback = accept_restriction},
                                        {.restrict_callback = accept_restriction},
                                        {.restrict_callback = accept_restriction}};

    for (size_t o = 0; o < sizeof(orders) / sizeof(orders[0]); o++) {
        for (int i = 0; i < 3; i++)
            xentoolcore__register_active_handle(&ah[i]);
        for (int i = 0; i < 3; i++) {
            xentoolcore__deregister_active_handle(&ah[orders[o][i]]);
            assert_int_equal(xentoolcore_restrict_all(1), 0);
        }
    }
}

/* A child may close inherited handles although another thread held the lock. */
TEST(a_child_of_a_busy_process_can_close)
{
    Xentoolcore__Active_Handle ah = {.restrict_callback = accept_restriction};
    pthread_t thread;
    int status;

    xentoolcore__register_active_handle(&ah);
    pthread_create(&thread, NULL, open_and_close, NULL);
    for (int i = 0; i < 50; i++) {
        pid_t child = fork();

        if (child == 0) {
            alarm(20);
            xentoolcore__deregister_active_handle(&ah);
            _exit(0);
        }
        waitpid(child, &status, 0);
        assert_true(WIFEXITED(status));
    }
    pthread_join(thread, NULL);
    xentoolcore__deregister_active_handle(&ah);
}

TEST(deregistering_keeps_errno)
{
    Xentoolcore__Active_Handle ah = {.restrict_callback = accept_restriction};

    xentoolcore__register_active_handle(&ah);
    assert_int_equal(xentoolcore_restrict_all(1), 0);
    errno = EXDEV;
    xentoolcore__deregister_active_handle(&ah);
    assert_int_equal(errno, EXDEV);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_open_close_and_restrict_at_once),
        cmocka_unit_test(handles_leave_in_any_order),
        cmocka_unit_test(a_child_of_a_busy_process_can_close),
        cmocka_unit_test(deregistering_keeps_errno),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
