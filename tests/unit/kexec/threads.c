/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Threads that share a handle: each gets the answer to its own question. */
#include <pthread.h>
#include <stdatomic.h>

#include "fixture.h"

enum { THREADS = 4, TURNS = 200 };

static atomic_uint wrong;

/* Answers with what was asked for, and notes nothing down. */
static int echo(unsigned op, const uint64_t *arguments, void *user)
{
    uint8_t *request = (uint8_t *)(uintptr_t)arguments[1];

    (void)user;
    if (op != KEXEC_OP || arguments[0] != GET_RANGE)
        return -ENOSYS;
    put_number(request + 8, number_at(request + 4, 4), 8);
    put_number(request + 16, number_at(request + 4, 4) + 1, 8);
    return 0;
}

static void *ask_often(void *hdl)
{
    static atomic_uint next;
    unsigned mine = next++;

    for (unsigned i = 0; i < TURNS; i++) {
        unsigned cpu = mine * TURNS + i;
        uint64_t begin, size;

        if (xenkexec_get_range(hdl, XENKEXEC_RANGE_CPU, cpu, &begin, &size) || size != cpu ||
            begin != size + 1)
            wrong++;
    }
    return NULL;
}

TEST(threads_share_a_handle)
{
    xenkexec_handle *hdl = start(17);
    pthread_t threads[THREADS];

    become(17)->on_hypercall = echo;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_often, hdl), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(wrong, 0);
    stop(hdl);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_share_a_handle),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
