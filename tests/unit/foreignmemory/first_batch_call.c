/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Mapping on kernels that know only the first batch call. */
#include "harness.h"

#include <errno.h>
#include <sys/mman.h>

#include "fake_privcmd.h"

enum { PAGES = 8, RW = PROT_READ | PROT_WRITE };

static xen_pfn_t gfns[FAKE_FRAMES];
static int errors[FAKE_FRAMES];

static xenforeignmemory_handle *open_on_old_kernel(int unknown_errno)
{
    xenforeignmemory_handle *fmem;

    fake_gfns(gfns, FAKE_FRAMES, 0);
    fake_privcmd_start_old(unknown_errno);
    fmem = xenforeignmemory_open(NULL, 0);
    assert_non_null(fmem);
    return fmem;
}

static void map_and_unmap(xenforeignmemory_handle *fmem)
{
    void *addr = xenforeignmemory_map(fmem, FAKE_DOMID, RW, PAGES, gfns + 1, errors);

    assert_non_null(addr);
    assert_int_equal(fakexen_count_ioctl(UAPI_PRIVCMD_MMAPBATCH), 1);
    assert_int_equal(fake_last_batch.num, PAGES);
    assert_int_equal(fake_last_batch.dom, FAKE_DOMID);
    assert_true(fake_last_batch.addr == (uintptr_t)addr);
    for (int i = 0; i < PAGES; i++)
        assert_int_equal(errors[i], 0);
    xenforeignmemory_unmap(fmem, addr, PAGES);
    xenforeignmemory_close(fmem);
}

TEST(a_kernel_that_says_EINVAL_is_asked_in_the_old_way)
{
    map_and_unmap(open_on_old_kernel(EINVAL));
}

/* Upstream falls back on EINVAL only. */
TEST(a_kernel_that_says_ENOTTY_is_asked_in_the_old_way)
{
    map_and_unmap(open_on_old_kernel(ENOTTY));
}

TEST(a_marked_frame_is_EINVAL_for_that_page)
{
    xenforeignmemory_handle *fmem = open_on_old_kernel(EINVAL);
    void *addr;

    fake_frames[3].error = EPERM;
    addr = xenforeignmemory_map(fmem, FAKE_DOMID, RW, PAGES, gfns, errors);
    assert_non_null(addr);
    for (int i = 0; i < PAGES; i++)
        assert_int_equal(errors[i], i == 3 ? -EINVAL : 0);
    xenforeignmemory_unmap(fmem, addr, PAGES);
    xenforeignmemory_close(fmem);
}

TEST(without_err_a_marked_frame_fails_the_mapping)
{
    xenforeignmemory_handle *fmem = open_on_old_kernel(EINVAL);

    fake_frames[3].error = EPERM;
    assert_fails_with(xenforeignmemory_map(fmem, FAKE_DOMID, RW, PAGES, gfns, NULL), NULL, EINVAL);
    assert_int_equal(fakexen_mappings(), 0);
    xenforeignmemory_close(fmem);
}

TEST(the_callers_frame_numbers_stay_as_they_are)
{
    xenforeignmemory_handle *fmem = open_on_old_kernel(EINVAL);
    void *addr;

    for (int i = 0; i < FAKE_FRAMES; i++)
        fake_frames[i].error = i % 2 ? EINVAL : 0;
    addr = xenforeignmemory_map(fmem, FAKE_DOMID, RW, FAKE_FRAMES, gfns, errors);
    assert_non_null(addr);
    for (int i = 0; i < FAKE_FRAMES; i++) {
        assert_true(gfns[i] == (xen_pfn_t)i);
        assert_int_equal(errors[i], i % 2 ? -EINVAL : 0);
    }
    xenforeignmemory_unmap(fmem, addr, FAKE_FRAMES);
    xenforeignmemory_close(fmem);
}

TEST(a_frame_that_is_paged_in_later_is_mapped)
{
    xenforeignmemory_handle *fmem = open_on_old_kernel(EINVAL);
    void *addr;

    fake_frames[2].tries_left = 3;
    fake_frames[3].tries_left = 1;
    fake_frames[6].tries_left = 2;
    addr = xenforeignmemory_map(fmem, FAKE_DOMID, RW, PAGES, gfns, errors);
    assert_non_null(addr);
    for (int i = 0; i < PAGES; i++)
        assert_int_equal(errors[i], 0);
    assert_int_equal(fake_frames[0].asked, 1);
    assert_int_equal(fake_frames[2].asked, 4);
    xenforeignmemory_unmap(fmem, addr, PAGES);
    xenforeignmemory_close(fmem);
}

TEST(a_request_that_both_calls_refuse_is_EINVAL)
{
    static int refused = EINVAL;
    xenforeignmemory_handle *fmem = open_on_old_kernel(EINVAL);

    fakexen_on_ioctl(UAPI_PRIVCMD_MMAPBATCH, fail_with, &refused);
    assert_fails_with(xenforeignmemory_map(fmem, FAKE_DOMID, RW, 1, gfns, errors), NULL, EINVAL);
    assert_fails_with(xenforeignmemory_map(fmem, FAKE_DOMID, RW, FAKE_FRAMES, gfns, errors), NULL,
                      EINVAL);
    assert_int_equal(fakexen_mappings(), 0);
    xenforeignmemory_close(fmem);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kernel_that_says_EINVAL_is_asked_in_the_old_way),
        cmocka_unit_test(a_kernel_that_says_ENOTTY_is_asked_in_the_old_way),
        cmocka_unit_test(a_marked_frame_is_EINVAL_for_that_page),
        cmocka_unit_test(without_err_a_marked_frame_fails_the_mapping),
        cmocka_unit_test(the_callers_frame_numbers_stay_as_they_are),
        cmocka_unit_test(a_frame_that_is_paged_in_later_is_mapped),
        cmocka_unit_test(a_request_that_both_calls_refuse_is_EINVAL),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
