/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Buffers that the caller fills in place. */
#include "harness.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

#include "fakexen.h"
#include "xencall.h"

enum { PAGE = 4096, MIB = 1 << 20 };

static xencall_handle *open_handle(void)
{
    xencall_handle *xcall;

    fakexen_add_device("/dev/xen/privcmd");
    fakexen_add_device("/dev/xen/hypercall");
    xcall = xencall_open(NULL, 0);
    assert_non_null(xcall);
    return xcall;
}

TEST(a_buffer_is_page_aligned_and_whole)
{
    static const size_t sizes[] = {1, PAGE, PAGE + 1, 262144, 4 * MIB, 5 * MIB + 7};
    xencall_handle *xcall = open_handle();

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        void *buffer = xencall_buffer_get(xcall, sizes[i]);

        assert_non_null(buffer);
        assert_int_equal((uintptr_t)buffer % PAGE, 0);
        memset(buffer, 0xa5, sizes[i]);
        assert_int_equal(xencall_buffer_put(xcall, buffer), 0);
    }
    xencall_close(xcall);
    assert_int_equal(fakexen_mappings(), 0);
}

TEST(what_the_caller_left_is_not_cleared)
{
    xencall_handle *xcall = open_handle();
    char *buffer = xencall_buffer_get(xcall, 4 * MIB);

    strcpy(buffer + 3 * MIB, "left");
    xencall_buffer_put(xcall, buffer);
    assert_ptr_equal(xencall_buffer_get(xcall, 4 * MIB), buffer);
    assert_string_equal(buffer + 3 * MIB, "left");
    xencall_buffer_put(xcall, buffer);
    xencall_close(xcall);
}

/* The pages go on to a caller who was promised zeroes. */
TEST(an_allocated_buffer_shows_nothing_of_a_borrowed_one)
{
    xencall_handle *xcall = open_handle();
    char *buffer = xencall_buffer_get(xcall, 2 * PAGE);

    memset(buffer, 1, 2 * PAGE);
    xencall_buffer_put(xcall, buffer);
    assert_ptr_equal(xencall_alloc_buffer_pages(xcall, 2), buffer);
    for (size_t i = 0; i < 2 * PAGE; i++)
        assert_int_equal(buffer[i], 0);
    xencall_free_buffer_pages(xcall, buffer, 2);
    xencall_close(xcall);
}

/* The bitmap of a guest of 128 GiB: a bit for each of its pages. */
TEST(budget_a_large_dirty_bitmap_costs_nothing_in_steady_state)
{
    xencall_handle *xcall = open_handle();
    unsigned before;

    xencall_buffer_put(xcall, xencall_buffer_get(xcall, 4 * MIB));
    before = fakexen_count_all();
    for (int i = 0; i < 10; i++)
        xencall_buffer_put(xcall, xencall_buffer_get(xcall, 4 * MIB));
    assert_int_equal(fakexen_count_all() - before, 0);
    xencall_close(xcall);
}

TEST(impossible_sizes_have_their_errno)
{
    xencall_handle *xcall = open_handle();

    assert_fails_with(xencall_buffer_get(xcall, 0), NULL, EINVAL);
    assert_fails_with(xencall_buffer_get(xcall, SIZE_MAX), NULL, ENOMEM);
    assert_fails_with(xencall_buffer_get(xcall, (size_t)PTRDIFF_MAX + 2), NULL, ENOMEM);
    fakexen_fail_next(FAKEXEN_MMAP, EAGAIN, 1, 0);
    assert_fails_with(xencall_buffer_get(xcall, 1), NULL, EAGAIN);
    xencall_close(xcall);
}

TEST(only_a_borrowed_buffer_can_be_put)
{
    xencall_handle *xcall = open_handle(), *other = xencall_open(NULL, 0);
    void *allocated = xencall_alloc_buffer_pages(xcall, 1);
    char *borrowed = xencall_buffer_get(xcall, PAGE);

    assert_fails_with(xencall_buffer_put(xcall, allocated), -1, EINVAL);
    assert_fails_with(xencall_buffer_put(xcall, borrowed + 16), -1, EINVAL);
    assert_fails_with(xencall_buffer_put(other, borrowed), -1, EINVAL);
    assert_int_equal(xencall_buffer_put(xcall, borrowed), 0);
    assert_fails_with(xencall_buffer_put(xcall, borrowed), -1, EINVAL);
    xencall_free_buffer_pages(xcall, allocated, 1);
    xencall_close(other);
    xencall_close(xcall);
}

TEST(putting_keeps_errno_and_nothing_can_be_put)
{
    xencall_handle *xcall = open_handle();
    void *buffer = xencall_buffer_get(xcall, 8 * MIB);

    errno = EXDEV;
    assert_int_equal(xencall_buffer_put(xcall, buffer), 0);
    assert_int_equal(xencall_buffer_put(xcall, NULL), 0);
    assert_int_equal(errno, EXDEV);
    xencall_close(xcall);
}

TEST(many_can_be_held_and_returned_in_any_order)
{
    enum { MANY = 1000 };
    xencall_handle *xcall = open_handle();
    size_t *buffers[MANY];

    for (size_t i = 0; i < MANY; i++) {
        assert_non_null(buffers[i] = xencall_buffer_get(xcall, i % 9 * PAGE + 1));
        *buffers[i] = i;
    }
    for (size_t i = 0; i < MANY; i++) {
        size_t which = i * 7 % MANY;

        assert_int_equal(*buffers[which], which);
        assert_int_equal(xencall_buffer_put(xcall, buffers[which]), 0);
    }
    xencall_close(xcall);
    assert_int_equal(fakexen_mappings(), 0);
}

TEST(a_buffer_held_at_close_stays_mapped)
{
    xencall_handle *xcall = open_handle();
    char *held = xencall_buffer_get(xcall, PAGE);

    xencall_close(xcall);
    assert_int_equal(fakexen_mappings(), 1);
    held[0] = 1;
    munmap(held, PAGE);
}

static void *get_and_put(void *argument)
{
    xencall_handle *xcall = argument;
    size_t failures = 0;

    for (size_t i = 0; i < 3000; i++) {
        size_t *buffer = xencall_buffer_get(xcall, i % 20 * 1000 + 8);

        if (buffer)
            *buffer = (size_t)&failures;
        failures += !buffer || *buffer != (size_t)&failures;
        failures += xencall_buffer_put(xcall, buffer) != 0;
    }
    return (void *)failures;
}

TEST(threads_share_a_handle)
{
    enum { THREADS = 8 };
    xencall_handle *xcall = open_handle();
    pthread_t threads[THREADS];
    void *failures;

    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, get_and_put, xcall);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &failures);
        assert_null(failures);
    }
    xencall_close(xcall);
    assert_int_equal(fakexen_mappings(), 0);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_buffer_is_page_aligned_and_whole),
        cmocka_unit_test(what_the_caller_left_is_not_cleared),
        cmocka_unit_test(an_allocated_buffer_shows_nothing_of_a_borrowed_one),
        cmocka_unit_test(budget_a_large_dirty_bitmap_costs_nothing_in_steady_state),
        cmocka_unit_test(impossible_sizes_have_their_errno),
        cmocka_unit_test(only_a_borrowed_buffer_can_be_put),
        cmocka_unit_test(putting_keeps_errno_and_nothing_can_be_put),
        cmocka_unit_test(many_can_be_held_and_returned_in_any_order),
        cmocka_unit_test(a_buffer_held_at_close_stays_mapped),
        cmocka_unit_test(threads_share_a_handle),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
