/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Frames that are paged out: asked for again, with a limit. */
#include "harness.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>

#include "fake_privcmd.h"

enum { PAGES = 8, RW = PROT_READ | PROT_WRITE, NEVER = -1 };

static xen_pfn_t gfns[FAKE_FRAMES];
static int errors[FAKE_FRAMES];

static xenforeignmemory_handle *open_with_timeout(int timeout_ms)
{
    xenforeignmemory_handle *fmem = fake_privcmd_open();

    fake_gfns(gfns, FAKE_FRAMES, 0);
    assert_int_equal(xenforeignmemory_set_paging_timeout(fmem, timeout_ms), 0);
    return fmem;
}

static long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void map_all_pages(xenforeignmemory_handle *fmem)
{
    void *addr = xenforeignmemory_map(fmem, FAKE_DOMID, RW, PAGES, gfns, errors);

    assert_non_null(addr);
    for (int i = 0; i < PAGES; i++) {
        assert_int_equal(errors[i], 0);
        assert_true(fake_frames[i].mapped);
    }
    xenforeignmemory_unmap(fmem, addr, PAGES);
    xenforeignmemory_close(fmem);
}

TEST(frames_that_are_paged_in_in_time_are_mapped)
{
    xenforeignmemory_handle *fmem = open_with_timeout(60000);

    fake_frames[0].tries_left = 1;
    fake_frames[3].tries_left = 4;
    fake_frames[7].tries_left = 2;
    map_all_pages(fmem);
}

/* In a run the first frame may come before the second, or after it. */
TEST(neighbours_may_be_paged_in_in_any_order)
{
    xenforeignmemory_handle *fmem = open_with_timeout(60000);

    for (int i = 0; i < PAGES; i++)
        fake_frames[i].tries_left = i % 2 ? 1 + i : PAGES - i;
    map_all_pages(fmem);
}

TEST(waiting_for_ever_ends_when_the_frame_is_there)
{
    xenforeignmemory_handle *fmem = open_with_timeout(-1);

    fake_frames[5].tries_left = 6;
    map_all_pages(fmem);
}

/* A page that is mapped already must not be asked for again: EINVAL for all. */
TEST(only_frames_that_are_paged_out_are_asked_for_again)
{
    xenforeignmemory_handle *fmem = open_with_timeout(60000);
    void *addr;

    fake_frames[2].tries_left = fake_frames[3].tries_left = 2;
    fake_frames[6].tries_left = 1;
    fake_frames[4].error = EPERM;
    addr = xenforeignmemory_map(fmem, FAKE_DOMID, RW, PAGES, gfns, errors);
    assert_non_null(addr);
    assert_int_equal(fake_frames[0].asked, 1);
    assert_int_equal(fake_frames[2].asked, 3);
    assert_int_equal(fake_frames[3].asked, 3);
    assert_int_equal(fake_frames[4].asked, 1);
    assert_int_equal(fake_frames[6].asked, 2);
    assert_int_equal(errors[4], -EPERM);
    /* One for all, then two runs, then one run. */
    assert_int_equal(fakexen_count_ioctl(UAPI_PRIVCMD_MMAPBATCH_V2), 4);
    xenforeignmemory_unmap(fmem, addr, PAGES);
    xenforeignmemory_close(fmem);
}

/* Upstream polls for such a frame every 100 microseconds, without end. */
TEST(a_frame_that_stays_paged_out_ends_the_wait_with_ETIMEDOUT)
{
    xenforeignmemory_handle *fmem = open_with_timeout(100);
    long start = now_ms();
    void *addr;

    fake_frames[1].tries_left = fake_frames[2].tries_left = NEVER;
    fake_frames[4].error = EPERM;
    addr = xenforeignmemory_map(fmem, FAKE_DOMID, RW, PAGES, gfns, errors);
    assert_true(now_ms() - start >= 100);
    assert_non_null(addr);
    for (int i = 0; i < PAGES; i++)
        assert_int_equal(errors[i], i == 1 || i == 2 ? -ETIMEDOUT : i == 4 ? -EPERM : 0);
    xenforeignmemory_unmap(fmem, addr, PAGES);
    xenforeignmemory_close(fmem);
}

TEST(without_err_a_frame_that_stays_paged_out_fails_the_mapping)
{
    xenforeignmemory_handle *fmem = open_with_timeout(30);

    fake_frames[1].tries_left = NEVER;
    assert_fails_with(xenforeignmemory_map(fmem, FAKE_DOMID, RW, PAGES, gfns, NULL), NULL,
                      ETIMEDOUT);
    assert_int_equal(fakexen_mappings(), 0);
    xenforeignmemory_close(fmem);
}

TEST(a_timeout_of_0_asks_once)
{
    xenforeignmemory_handle *fmem = open_with_timeout(0);
    void *addr;

    fake_frames[1].tries_left = 1;
    addr = xenforeignmemory_map(fmem, FAKE_DOMID, RW, PAGES, gfns, errors);
    assert_non_null(addr);
    assert_int_equal(errors[1], -ETIMEDOUT);
    assert_int_equal(fakexen_count_ioctl(UAPI_PRIVCMD_MMAPBATCH_V2), 1);
    xenforeignmemory_unmap(fmem, addr, PAGES);
    xenforeignmemory_close(fmem);
}

TEST(a_timeout_holds_for_each_call_anew)
{
    xenforeignmemory_handle *fmem = open_with_timeout(50);

    fake_frames[0].tries_left = NEVER;
    for (int i = 0; i < 2; i++) {
        long start = now_ms();

        assert_fails_with(xenforeignmemory_map(fmem, FAKE_DOMID, RW, 1, gfns, NULL), NULL,
                          ETIMEDOUT);
        assert_true(now_ms() - start >= 50);
    }
    xenforeignmemory_close(fmem);
}

/* Upstream would ask some 2000 times; ours rests longer and longer. */
TEST(waiting_does_not_keep_the_processor_busy)
{
    xenforeignmemory_handle *fmem = open_with_timeout(300);

    fake_frames[0].tries_left = NEVER;
    assert_fails_with(xenforeignmemory_map(fmem, FAKE_DOMID, RW, 1, gfns, NULL), NULL, ETIMEDOUT);
    assert_true(fakexen_count_ioctl(UAPI_PRIVCMD_MMAPBATCH_V2) <= 60);
    xenforeignmemory_close(fmem);
}

static void ignore_signal(int number)
{
    (void)number;
}

TEST(signals_do_not_end_the_wait)
{
    struct sigaction action = {.sa_handler = ignore_signal};
    struct itimerval every = {{0, 5000}, {0, 5000}}, none = {{0, 0}, {0, 0}};
    xenforeignmemory_handle *fmem = open_with_timeout(60000);

    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &every, NULL);
    fake_frames[0].tries_left = 12;
    fakexen_fail_next(FAKEXEN_IOCTL, EINTR, 2, 3);
    map_all_pages(fmem);
    setitimer(ITIMER_REAL, &none, NULL);
}

TEST(a_request_that_fails_while_waiting_leaves_nothing_mapped)
{
    xenforeignmemory_handle *fmem = open_with_timeout(60000);

    fake_frames[0].tries_left = NEVER;
    fakexen_fail_next(FAKEXEN_IOCTL, EPERM, 1, 3);
    assert_fails_with(xenforeignmemory_map(fmem, FAKE_DOMID, RW, PAGES, gfns, errors), NULL, EPERM);
    assert_int_equal(fakexen_mappings(), 0);
    xenforeignmemory_close(fmem);
}

/* The first batch call polled without end upstream, too. */
TEST(the_limit_holds_on_old_kernels)
{
    xenforeignmemory_handle *fmem;
    void *addr;

    fake_privcmd_start_old(EINVAL);
    fake_gfns(gfns, FAKE_FRAMES, 0);
    fmem = xenforeignmemory_open(NULL, 0);
    xenforeignmemory_set_paging_timeout(fmem, 30);
    fake_frames[200].tries_left = NEVER;
    fake_frames[201].tries_left = 2;
    addr = xenforeignmemory_map(fmem, FAKE_DOMID, RW, FAKE_FRAMES, gfns, errors);
    assert_non_null(addr);
    assert_int_equal(errors[200], -ETIMEDOUT);
    assert_int_equal(errors[201], 0);
    xenforeignmemory_unmap(fmem, addr, FAKE_FRAMES);
    xenforeignmemory_close(fmem);
}

TEST(a_new_handle_waits_ten_seconds)
{
    xenforeignmemory_handle *fmem = fake_privcmd_open();

    assert_int_equal(xenforeignmemory_get_paging_timeout(fmem), 10000);
    xenforeignmemory_close(fmem);
}

TEST(the_timeout_reads_back_and_nonsense_changes_nothing)
{
    xenforeignmemory_handle *fmem = open_with_timeout(-1);

    assert_int_equal(xenforeignmemory_get_paging_timeout(fmem), -1);
    assert_fails_with(xenforeignmemory_set_paging_timeout(fmem, -2), -1, EINVAL);
    assert_fails_with(xenforeignmemory_set_paging_timeout(fmem, INT32_MIN), -1, EINVAL);
    assert_int_equal(xenforeignmemory_get_paging_timeout(fmem), -1);
    assert_int_equal(xenforeignmemory_set_paging_timeout(fmem, INT32_MAX), 0);
    assert_int_equal(xenforeignmemory_get_paging_timeout(fmem), INT32_MAX);
    xenforeignmemory_close(fmem);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_that_are_paged_in_in_time_are_mapped),
        cmocka_unit_test(neighbours_may_be_paged_in_in_any_order),
        cmocka_unit_test(waiting_for_ever_ends_when_the_frame_is_there),
        cmocka_unit_test(only_frames_that_are_paged_out_are_asked_for_again),
        cmocka_unit_test(a_frame_that_stays_paged_out_ends_the_wait_with_ETIMEDOUT),
        cmocka_unit_test(without_err_a_frame_that_stays_paged_out_fails_the_mapping),
        cmocka_unit_test(a_timeout_of_0_asks_once),
        cmocka_unit_test(a_timeout_holds_for_each_call_anew),
        cmocka_unit_test(waiting_does_not_keep_the_processor_busy),
        cmocka_unit_test(signals_do_not_end_the_wait),
        cmocka_unit_test(a_request_that_fails_while_waiting_leaves_nothing_mapped),
        cmocka_unit_test(the_limit_holds_on_old_kernels),
        cmocka_unit_test(a_new_handle_waits_ten_seconds),
        cmocka_unit_test(the_timeout_reads_back_and_nonsense_changes_nothing),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
