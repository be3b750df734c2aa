/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Waiting for granted pages that are paged out: upstream does so for ever. */
#include "harness.h"

#include <errno.h>
#include <sys/mman.h>
#include <time.h>

#include "fake_drivers.h"
#include "fakexen.h"
#include "recorded_log.h"
#include "xengnttab.h"

enum { DOMID = 5, REF = 9, DEFAULT_MS = 10000, ALWAYS = 1 << 30 };

static struct recorded_log record = RECORDED_LOG;
static struct fake_drivers *drivers;

static xengnttab_handle *open_gnttab(void)
{
    xengnttab_handle *xgt;

    drivers = fake_drivers_add();
    xgt = xengnttab_open(&record.logger, 0);
    assert_non_null(xgt);
    return xgt;
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

TEST(a_new_handle_waits_ten_seconds)
{
    xengnttab_handle *xgt = open_gnttab();

    assert_int_equal(xengnttab_get_paging_timeout(xgt), DEFAULT_MS);
    xengnttab_close(xgt);
}

TEST(the_timeout_is_that_of_the_handle)
{
    xengnttab_handle *xgt = open_gnttab(), *other = xengnttab_open(NULL, 0);

    assert_int_equal(xengnttab_set_paging_timeout(xgt, -1), 0);
    assert_int_equal(xengnttab_get_paging_timeout(xgt), -1);
    assert_int_equal(xengnttab_set_paging_timeout(xgt, 0), 0);
    assert_int_equal(xengnttab_get_paging_timeout(xgt), 0);
    assert_int_equal(xengnttab_get_paging_timeout(other), DEFAULT_MS);
    xengnttab_close(other);
    xengnttab_close(xgt);
}

TEST(a_timeout_below_minus_one_is_einval)
{
    xengnttab_handle *xgt = open_gnttab();

    assert_fails_with(xengnttab_set_paging_timeout(xgt, -2), -1, EINVAL);
    assert_fails_with(xengnttab_set_paging_timeout(xgt, INT32_MIN), -1, EINVAL);
    assert_int_equal(xengnttab_get_paging_timeout(xgt), DEFAULT_MS);
    xengnttab_close(xgt);
}

TEST(a_page_that_comes_back_is_mapped)
{
    xengnttab_handle *xgt = open_gnttab();
    void *page;

    fakexen_fail_next(FAKEXEN_MMAP, EAGAIN, 3, 0);
    assert_non_null(page = xengnttab_map_grant_ref(xgt, DOMID, REF, PROT_READ));
    assert_int_equal(fakexen_count(FAKEXEN_MMAP), 4);
    assert_int_equal(record.messages, 0);
    assert_int_equal(xengnttab_unmap(xgt, page, 1), 0);
    xengnttab_close(xgt);
}

/* Upstream never returns here. */
TEST(a_page_that_stays_out_gives_etimedout_and_everything_back)
{
    xengnttab_handle *xgt = open_gnttab();
    int64_t start = now_ms();

    assert_int_equal(xengnttab_set_paging_timeout(xgt, 50), 0);
    fakexen_fail_next(FAKEXEN_MMAP, EAGAIN, ALWAYS, 0);
    assert_fails_with(xengnttab_map_grant_ref(xgt, DOMID, REF, PROT_READ), NULL, ETIMEDOUT);
    assert_true(now_ms() - start >= 50);
    assert_int_equal(record.messages, 1);
    assert_int_equal(record.errnoval, ETIMEDOUT);
    assert_int_equal(drivers->mapped, 0);
    assert_int_equal(fakexen_mappings(), 0);
    xengnttab_close(xgt);
}

TEST(a_timeout_of_zero_tries_once)
{
    xengnttab_handle *xgt = open_gnttab();

    assert_int_equal(xengnttab_set_paging_timeout(xgt, 0), 0);
    fakexen_fail_next(FAKEXEN_MMAP, EAGAIN, ALWAYS, 0);
    assert_fails_with(xengnttab_map_grant_ref(xgt, DOMID, REF, PROT_READ), NULL, ETIMEDOUT);
    assert_int_equal(fakexen_count(FAKEXEN_MMAP), 1);
    assert_int_equal(drivers->mapped, 0);
    xengnttab_close(xgt);
}

TEST(without_a_timeout_only_another_error_ends_the_wait)
{
    xengnttab_handle *xgt = open_gnttab();
    void *page;

    assert_int_equal(xengnttab_set_paging_timeout(xgt, -1), 0);
    fakexen_fail_next(FAKEXEN_MMAP, EAGAIN, 20, 0);
    assert_non_null(page = xengnttab_map_grant_ref(xgt, DOMID, REF, PROT_READ));
    assert_int_equal(fakexen_count(FAKEXEN_MMAP), 21);
    assert_int_equal(xengnttab_unmap(xgt, page, 1), 0);
    xengnttab_close(xgt);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_handle_waits_ten_seconds),
        cmocka_unit_test(the_timeout_is_that_of_the_handle),
        cmocka_unit_test(a_timeout_below_minus_one_is_einval),
        cmocka_unit_test(a_page_that_comes_back_is_mapped),
        cmocka_unit_test(a_page_that_stays_out_gives_etimedout_and_everything_back),
        cmocka_unit_test(a_timeout_of_zero_tries_once),
        cmocka_unit_test(without_a_timeout_only_another_error_ends_the_wait),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
