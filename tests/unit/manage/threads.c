/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Threads that share a handle: each change is told to one of them, once. */
#include "fake_hypervisor.h"

#include <pthread.h>
#include <stdatomic.h>

enum { THREADS = 4, DOMAINS = 200 };

static atomic_uint told[DOMAINS];
static atomic_uint wrong;

static void *ask_and_take_changes(void *hdl)
{
    unsigned domid, found;

    while (!xenmanage_poll_changed_domain(hdl, &domid, &found, NULL, NULL)) {
        if (domid >= DOMAINS || found != EXIST)
            wrong++;
        else
            told[domid]++;
        if (xenmanage_get_domain_info(hdl, domid, &found, NULL, NULL) || found != EXIST)
            wrong++;
    }
    if (errno != ENOENT)
        wrong++;
    return NULL;
}

static void threads_share_a_handle(unsigned minor)
{
    xenmanage_handle *hdl = fake_open(minor);
    pthread_t threads[THREADS];

    for (uint16_t i = 1; i < DOMAINS; i++)
        fake_create(i, (uint8_t)i);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_and_take_changes, hdl), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(wrong, 0);
    for (int i = 0; i < DOMAINS; i++)
        assert_int_equal(told[i], 1);
    xenmanage_close(hdl);
}

RELEASE_TEST(threads_share_a_handle, 17)
RELEASE_TEST(threads_share_a_handle, 21)

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        RELEASE_UNIT_TEST(threads_share_a_handle, 17)
        RELEASE_UNIT_TEST(threads_share_a_handle, 21)
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
