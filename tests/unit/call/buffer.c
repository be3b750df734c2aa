/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Allocating and freeing buffers. Only upstream's symbols are used. */
#include "harness.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fakexen.h"
#include "xencall.h"

enum { PAGE = 4096, BIG_PAGES = 64 };

/* A sanitizer maps anonymous memory of its own before. */
static unsigned maps_at_open, unmaps_at_open;

static xencall_handle *open_handle(bool with_device)
{
    xencall_handle *xcall;

    fakexen_add_device("/dev/xen/privcmd");
    if (with_device)
        fakexen_add_device("/dev/xen/hypercall");
    xcall = xencall_open(NULL, 0);
    assert_non_null(xcall);
    maps_at_open = fakexen_count_anonymous(FAKEXEN_MMAP);
    unmaps_at_open = fakexen_count_anonymous(FAKEXEN_MUNMAP);
    return xcall;
}

static unsigned anonymous_maps(void)
{
    return fakexen_count_anonymous(FAKEXEN_MMAP) - maps_at_open;
}

static unsigned anonymous_unmaps(void)
{
    return fakexen_count_anonymous(FAKEXEN_MUNMAP) - unmaps_at_open;
}

static unsigned memory_calls(void)
{
    return fakexen_count(FAKEXEN_MMAP) + fakexen_count_anonymous(FAKEXEN_MMAP) +
           fakexen_count(FAKEXEN_MUNMAP) + fakexen_count_anonymous(FAKEXEN_MUNMAP) +
           fakexen_count(FAKEXEN_MADVISE) + fakexen_count_anonymous(FAKEXEN_MADVISE);
}

static bool is_zero(const char *bytes, size_t size)
{
    return size == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0);
}

static void assert_zeroed_each_time(xencall_handle *xcall, size_t size)
{
    for (int i = 0; i < 3; i++) {
        char *buffer = xencall_alloc_buffer(xcall, size);

        assert_non_null(buffer);
        assert_int_equal((uintptr_t)buffer % 16, 0);
        assert_true(is_zero(buffer, size));
        memset(buffer, 0xa5, size);
        xencall_free_buffer(xcall, buffer);
    }
}

static void assert_pages_zeroed_each_time(xencall_handle *xcall, size_t nr_pages)
{
    for (int i = 0; i < 3; i++) {
        char *buffer = xencall_alloc_buffer_pages(xcall, nr_pages);

        assert_non_null(buffer);
        assert_int_equal((uintptr_t)buffer % PAGE, 0);
        assert_true(is_zero(buffer, nr_pages * PAGE));
        memset(buffer, 0xa5, nr_pages * PAGE);
        xencall_free_buffer_pages(xcall, buffer, nr_pages);
    }
}

static void buffers_of_all_sizes_are_aligned_and_zeroed(bool with_device)
{
    static const size_t sizes[] = {0, 1, 15, 16, 17, 4079, 4080, 4081, 4096, 65536,
                                   262144, 1000000, 4 << 20};
    xencall_handle *xcall = open_handle(with_device);

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        assert_zeroed_each_time(xcall, sizes[i]);
    for (size_t nr_pages = 1; nr_pages < 40; nr_pages++)
        assert_pages_zeroed_each_time(xcall, nr_pages);
    xencall_close(xcall);
    assert_int_equal(fakexen_mappings(), 0);
}

TEST(device_buffers_are_aligned_and_zeroed)
{
    buffers_of_all_sizes_are_aligned_and_zeroed(true);
}

TEST(locked_buffers_are_aligned_and_zeroed)
{
    buffers_of_all_sizes_are_aligned_and_zeroed(false);
}

TEST(buffers_come_from_the_device_when_there_is_one)
{
    xencall_handle *xcall = open_handle(true);
    void *buffer = xencall_alloc_buffer_pages(xcall, 1);

    assert_int_equal(fakexen_count(FAKEXEN_MMAP), 1);
    assert_int_equal(anonymous_maps(), 0);
    assert_int_equal(fakexen_mappings(), 1);
    xencall_free_buffer_pages(xcall, buffer, 1);
    xencall_close(xcall);
    assert_int_equal(fakexen_mappings(), 0);
}

/* True if the mapping that starts at @address has this flag in smaps. */
static bool mapping_has_flag(const void *address, const char *flag)
{
    FILE *smaps = fopen("/proc/self/smaps", "re");
    bool inside = false, found = false;
    char line[512];
    unsigned long start, end;

    assert_non_null(smaps);
    while (fgets(line, sizeof(line), smaps)) {
        if (sscanf(line, "%lx-%lx ", &start, &end) == 2)
            inside = (uintptr_t)address >= start && (uintptr_t)address < end;
        if (inside && strncmp(line, "VmFlags:", 8) == 0)
            found = strstr(line, flag) != NULL;
    }
    fclose(smaps);
    return found;
}

TEST(other_buffers_are_locked_and_not_for_children)
{
    xencall_handle *xcall = open_handle(false);
    void *buffer = xencall_alloc_buffer_pages(xcall, 3);

    assert_int_equal(anonymous_maps(), 1);
    assert_true(mapping_has_flag(buffer, " lo"));
    assert_true(mapping_has_flag(buffer, " dc"));
    xencall_free_buffer_pages(xcall, buffer, 3);
    xencall_close(xcall);
}

/* ---- errors ---- */

TEST(no_pages_is_an_error)
{
    xencall_handle *xcall = open_handle(false);

    assert_fails_with(xencall_alloc_buffer_pages(xcall, 0), NULL, EINVAL);
    xencall_close(xcall);
}

TEST(no_bytes_is_a_buffer)
{
    xencall_handle *xcall = open_handle(false);
    void *buffer = xencall_alloc_buffer(xcall, 0);

    assert_non_null(buffer);
    xencall_free_buffer(xcall, buffer);
    xencall_close(xcall);
}

/* Upstream adds its header to the size unchecked: SIZE_MAX gives 15 bytes. */
TEST(defect_size_overflow)
{
    xencall_handle *xcall = open_handle(true);

    assert_fails_with(xencall_alloc_buffer(xcall, SIZE_MAX), NULL, ENOMEM);
    assert_fails_with(xencall_alloc_buffer(xcall, SIZE_MAX - 15), NULL, ENOMEM);
    assert_fails_with(xencall_alloc_buffer(xcall, SIZE_MAX - 16), NULL, ENOMEM);
    assert_fails_with(xencall_alloc_buffer(xcall, SIZE_MAX - PAGE), NULL, ENOMEM);
    assert_fails_with(xencall_alloc_buffer_pages(xcall, SIZE_MAX), NULL, ENOMEM);
    assert_fails_with(xencall_alloc_buffer_pages(xcall, SIZE_MAX / PAGE + 1), NULL, ENOMEM);
    assert_fails_with(xencall_alloc_buffer_pages(xcall, SIZE_MAX / PAGE + 2), NULL, ENOMEM);
    xencall_close(xcall);
}

TEST(a_failing_mmap_is_reported_and_leaves_the_handle_good)
{
    static const int errnos[] = {ENOMEM, EAGAIN, EPERM, ENODEV};
    xencall_handle *xcall = open_handle(true);

    for (size_t i = 0; i < sizeof(errnos) / sizeof(errnos[0]); i++) {
        fakexen_fail_next(FAKEXEN_MMAP, errnos[i], 2, 0);
        assert_fails_with(xencall_alloc_buffer_pages(xcall, 1), NULL, errnos[i]);
        assert_fails_with(xencall_alloc_buffer(xcall, 1), NULL, errnos[i]);
    }
    xencall_free_buffer(xcall, xencall_alloc_buffer(xcall, 1));
    xencall_close(xcall);
    assert_int_equal(fakexen_mappings(), 0);
}

TEST(memory_that_cannot_be_kept_from_children_is_no_buffer)
{
    xencall_handle *xcall = open_handle(false);

    fakexen_fail_next(FAKEXEN_MADVISE, EINVAL, 1, 0);
    assert_fails_with(xencall_alloc_buffer_pages(xcall, 1), NULL, EINVAL);
    assert_int_equal(anonymous_maps(), 1);
    assert_int_equal(anonymous_unmaps(), 1);
    xencall_close(xcall);
}

TEST(freeing_nothing_is_allowed)
{
    xencall_handle *xcall = open_handle(true);

    xencall_free_buffer(xcall, NULL);
    xencall_free_buffer_pages(xcall, NULL, 1);
    xencall_free_buffer_pages(xcall, NULL, 0);
    xencall_close(xcall);
}

TEST(freeing_and_closing_keep_errno)
{
    xencall_handle *xcall = open_handle(true);
    void *small = xencall_alloc_buffer(xcall, 1);
    void *huge = xencall_alloc_buffer_pages(xcall, 2000);

    errno = EXDEV;
    xencall_free_buffer(xcall, small);
    xencall_free_buffer_pages(xcall, huge, 2000);
    assert_int_equal(errno, EXDEV);
    huge = xencall_alloc_buffer_pages(xcall, 2000);
    fakexen_fail_next(FAKEXEN_MUNMAP, EINVAL, 1, 0);
    errno = EXDEV;
    xencall_free_buffer_pages(xcall, huge, 2000);
    assert_int_equal(errno, EXDEV);
    munmap(huge, 2000 * PAGE);
    xencall_close(xcall);
    assert_int_equal(errno, EXDEV);
}

TEST(a_buffer_held_at_close_stays_mapped)
{
    xencall_handle *xcall = open_handle(true);
    char *held = xencall_alloc_buffer_pages(xcall, 2);

    xencall_free_buffer_pages(xcall, xencall_alloc_buffer_pages(xcall, 1), 1);
    xencall_close(xcall);
    assert_int_equal(fakexen_mappings(), 1);
    memset(held, 1, 2 * PAGE);
    munmap(held, 2 * PAGE);
}

/* ---- budgets ---- */

TEST(budget_a_small_buffer_costs_nothing_when_pooled)
{
    xencall_handle *xcall = open_handle(false);
    unsigned before;

    xencall_free_buffer(xcall, xencall_alloc_buffer(xcall, 1));
    before = memory_calls();
    for (int i = 0; i < 100; i++)
        xencall_free_buffer(xcall, xencall_alloc_buffer(xcall, 100));
    assert_int_equal(memory_calls(), before);
    xencall_close(xcall);
}

static unsigned steady_calls_for_256_kib(bool with_device)
{
    xencall_handle *xcall = open_handle(with_device);
    unsigned before, calls;

    xencall_free_buffer_pages(xcall, xencall_alloc_buffer_pages(xcall, BIG_PAGES), BIG_PAGES);
    xencall_free_buffer(xcall, xencall_alloc_buffer(xcall, BIG_PAGES * PAGE));
    before = memory_calls();
    for (int i = 0; i < 10; i++) {
        xencall_free_buffer_pages(xcall, xencall_alloc_buffer_pages(xcall, BIG_PAGES),
                                  BIG_PAGES);
        xencall_free_buffer(xcall, xencall_alloc_buffer(xcall, BIG_PAGES * PAGE));
    }
    calls = memory_calls() - before;
    xencall_close(xcall);
    return calls;
}

/* Upstream: 2 system calls for each. */
TEST(budget_256_kib_cost_nothing_in_steady_state_with_the_device)
{
    assert_int_equal(steady_calls_for_256_kib(true), 0);
}

/* Upstream: 4 system calls for each. */
TEST(budget_256_kib_cost_nothing_in_steady_state_without_it)
{
    assert_int_equal(steady_calls_for_256_kib(false), 0);
}

TEST(budget_a_buffer_too_large_for_the_pool)
{
    xencall_handle *xcall = open_handle(false);
    unsigned before = memory_calls();

    xencall_free_buffer_pages(xcall, xencall_alloc_buffer_pages(xcall, 2000), 2000);
    assert_int_equal(memory_calls() - before, 3); /* mmap, madvise, munmap */
    xencall_close(xcall);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(device_buffers_are_aligned_and_zeroed),
        cmocka_unit_test(locked_buffers_are_aligned_and_zeroed),
        cmocka_unit_test(buffers_come_from_the_device_when_there_is_one),
        cmocka_unit_test(other_buffers_are_locked_and_not_for_children),
        cmocka_unit_test(no_pages_is_an_error),
        cmocka_unit_test(no_bytes_is_a_buffer),
        cmocka_unit_test(defect_size_overflow),
        cmocka_unit_test(a_failing_mmap_is_reported_and_leaves_the_handle_good),
        cmocka_unit_test(memory_that_cannot_be_kept_from_children_is_no_buffer),
        cmocka_unit_test(freeing_nothing_is_allowed),
        cmocka_unit_test(freeing_and_closing_keep_errno),
        cmocka_unit_test(a_buffer_held_at_close_stays_mapped),
        cmocka_unit_test(budget_a_small_buffer_costs_nothing_when_pooled),
        cmocka_unit_test(budget_256_kib_cost_nothing_in_steady_state_with_the_device),
        cmocka_unit_test(budget_256_kib_cost_nothing_in_steady_state_without_it),
        cmocka_unit_test(budget_a_buffer_too_large_for_the_pool),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
