/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xenforeignmemory_map: what the kernel is asked, and how page errors come out. */
#include "harness.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "fake_privcmd.h"

enum { PAGES = 8, PAGE_SIZE = 4096, RW = PROT_READ | PROT_WRITE };

/* Where nothing else is. */
#define PLACE ((void *)0x10000000)

static xen_pfn_t gfns[FAKE_FRAMES];
static int errors[FAKE_FRAMES];

static xenforeignmemory_handle *open_with_gfns(void)
{
    fake_gfns(gfns, FAKE_FRAMES, 0);
    memset(errors, 0x5a, sizeof(errors));
    return fake_privcmd_open();
}

TEST(the_kernel_is_asked_for_the_frames_at_the_mapping)
{
    xenforeignmemory_handle *fmem = open_with_gfns();
    void *addr = xenforeignmemory_map(fmem, FAKE_DOMID, RW, PAGES, gfns + 16, errors);

    assert_non_null(addr);
    assert_int_equal(fake_last_batch.num, PAGES);
    assert_int_equal(fake_last_batch.dom, FAKE_DOMID);
    assert_true(fake_last_batch.addr == (uintptr_t)addr);
    for (int i = 0; i < PAGES; i++) {
        assert_int_equal(errors[i], 0);
        assert_int_equal(fake_frames[16 + i].asked, 1);
    }
    assert_int_equal(xenforeignmemory_unmap(fmem, addr, PAGES), 0);
    assert_true(is_hole(addr));
    xenforeignmemory_close(fmem);
}

TEST(a_mapping_is_shared_and_has_the_asked_protection)
{
    xenforeignmemory_handle *fmem = open_with_gfns();
    void *ro = xenforeignmemory_map(fmem, FAKE_DOMID, PROT_READ, 1, gfns, NULL);
    void *rw = xenforeignmemory_map(fmem, FAKE_DOMID, RW, 1, gfns + 1, NULL);

    assert_true(is_mapped_as(ro, "r--s"));
    assert_true(is_mapped_as(rw, "rw-s"));
    xenforeignmemory_unmap(fmem, ro, 1);
    xenforeignmemory_unmap(fmem, rw, 1);
    xenforeignmemory_close(fmem);
}

TEST(page_errors_are_negative_errnos)
{
    xenforeignmemory_handle *fmem = open_with_gfns();
    void *addr;

    fake_frames[1].error = EINVAL;
    fake_frames[3].error = EPERM;
    addr = xenforeignmemory_map(fmem, FAKE_DOMID, RW, 4, gfns, errors);
    assert_non_null(addr);
    assert_int_equal(errors[0], 0);
    assert_int_equal(errors[1], -EINVAL);
    assert_int_equal(errors[2], 0);
    assert_int_equal(errors[3], -EPERM);
    xenforeignmemory_unmap(fmem, addr, 4);
    xenforeignmemory_close(fmem);
}

TEST(with_err_every_page_may_fail_and_the_address_stands)
{
    xenforeignmemory_handle *fmem = open_with_gfns();
    void *addr;

    for (int i = 0; i < PAGES; i++)
        fake_frames[i].error = ESRCH;
    addr = xenforeignmemory_map(fmem, FAKE_DOMID, RW, PAGES, gfns, errors);
    assert_non_null(addr);
    for (int i = 0; i < PAGES; i++)
        assert_int_equal(errors[i], -ESRCH);
    xenforeignmemory_unmap(fmem, addr, PAGES);
    xenforeignmemory_close(fmem);
}

TEST(without_err_the_first_failing_page_gives_errno)
{
    xenforeignmemory_handle *fmem = open_with_gfns();

    fake_frames[2].error = EBUSY;
    fake_frames[4].error = EPERM;
    assert_fails_with(xenforeignmemory_map(fmem, FAKE_DOMID, RW, PAGES, gfns, NULL), NULL, EBUSY);
    assert_int_equal(fakexen_mappings(), 0);
    xenforeignmemory_close(fmem);
}

TEST(without_err_the_last_of_many_pages_counts_too)
{
    xenforeignmemory_handle *fmem = open_with_gfns();

    fake_frames[FAKE_FRAMES - 1].error = EPERM;
    assert_fails_with(xenforeignmemory_map(fmem, FAKE_DOMID, RW, FAKE_FRAMES, gfns, NULL), NULL,
                      EPERM);
    assert_int_equal(fakexen_mappings(), 0);
    xenforeignmemory_close(fmem);
}

TEST(many_pages_map_without_err)
{
    xenforeignmemory_handle *fmem = open_with_gfns();
    void *addr = xenforeignmemory_map(fmem, FAKE_DOMID, RW, FAKE_FRAMES, gfns, NULL);

    assert_non_null(addr);
    assert_int_equal(xenforeignmemory_unmap(fmem, addr, FAKE_FRAMES), 0);
    assert_int_equal(fakexen_mappings(), 0);
    xenforeignmemory_close(fmem);
}

TEST(no_pages_is_EINVAL)
{
    xenforeignmemory_handle *fmem = open_with_gfns();

    assert_fails_with(xenforeignmemory_map(fmem, FAKE_DOMID, RW, 0, gfns, errors), NULL, EINVAL);
    assert_fails_with(xenforeignmemory_map(fmem, FAKE_DOMID, RW, 0, gfns, NULL), NULL, EINVAL);
    assert_fails_with(xenforeignmemory_map(fmem, FAKE_DOMID, RW, 0, NULL, NULL), NULL, EINVAL);
    xenforeignmemory_close(fmem);
}

TEST(a_request_that_fails_leaves_nothing_mapped)
{
    static int failures[] = {EFAULT, EPERM, ENOMEM, ESRCH};
    xenforeignmemory_handle *fmem = open_with_gfns();

    for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
        fakexen_on_ioctl(UAPI_PRIVCMD_MMAPBATCH_V2, fail_with, &failures[i]);
        assert_fails_with(xenforeignmemory_map(fmem, FAKE_DOMID, RW, 2, gfns, errors), NULL,
                          failures[i]);
        assert_fails_with(xenforeignmemory_map(fmem, FAKE_DOMID, RW, 2, gfns, NULL), NULL,
                          failures[i]);
        assert_int_equal(fakexen_mappings(), 0);
    }
    xenforeignmemory_close(fmem);
}

TEST(a_failing_mmap_is_passed_on)
{
    xenforeignmemory_handle *fmem = open_with_gfns();

    fakexen_fail_next(FAKEXEN_MMAP, EAGAIN, 1, 0);
    assert_fails_with(xenforeignmemory_map(fmem, FAKE_DOMID, RW, 2, gfns, errors), NULL, EAGAIN);
    assert_int_equal(fakexen_count(FAKEXEN_MUNMAP), 0);
    xenforeignmemory_close(fmem);
}

TEST(the_errno_of_a_failure_survives_a_failing_munmap)
{
    static int refused = EPERM;
    xenforeignmemory_handle *fmem = open_with_gfns();

    fakexen_on_ioctl(UAPI_PRIVCMD_MMAPBATCH_V2, fail_with, &refused);
    fakexen_fail_next(FAKEXEN_MUNMAP, ENOMEM, 1, 0);
    assert_fails_with(xenforeignmemory_map2(fmem, FAKE_DOMID, PLACE, RW, MAP_FIXED, 1, gfns,
                                            errors), NULL, EPERM);
    munmap(PLACE, PAGE_SIZE);
    xenforeignmemory_close(fmem);
}

/* Upstream gives up with EINTR. */
TEST(an_interrupted_request_is_repeated)
{
    xenforeignmemory_handle *fmem = open_with_gfns();
    void *addr;

    fakexen_fail_next(FAKEXEN_IOCTL, EINTR, 3, 0);
    addr = xenforeignmemory_map(fmem, FAKE_DOMID, RW, 2, gfns, errors);
    assert_non_null(addr);
    xenforeignmemory_unmap(fmem, addr, 2);
    xenforeignmemory_close(fmem);
}

/* Upstream drops the upper bits: domain 0x10005 maps domain 5's memory. */
TEST(a_domid_of_more_than_16_bits_is_refused_not_truncated)
{
    xenforeignmemory_handle *fmem = open_with_gfns();

    assert_fails_with(xenforeignmemory_map(fmem, 0x10000 + FAKE_DOMID, RW, 1, gfns, errors),
                      NULL, EINVAL);
    assert_fails_with(xenforeignmemory_map(fmem, UINT32_MAX, RW, 1, gfns, NULL), NULL, EINVAL);
    assert_int_equal(fakexen_count(FAKEXEN_MMAP), 0);
    xenforeignmemory_close(fmem);
}

/* Upstream computes sizes in 32 bits and lets the rest wrap round. */
TEST(a_page_count_that_would_wrap_is_ENOMEM)
{
    static const size_t counts[] = {SIZE_MAX, SIZE_MAX >> 12, (SIZE_MAX >> 12) + 2,
                                    (SIZE_MAX >> 2) + 2};
    xenforeignmemory_handle *fmem = open_with_gfns();

    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        assert_fails_with(xenforeignmemory_map(fmem, FAKE_DOMID, RW, counts[i], gfns, errors),
                          NULL, ENOMEM);
        assert_fails_with(xenforeignmemory_map(fmem, FAKE_DOMID, RW, counts[i], gfns, NULL),
                          NULL, ENOMEM);
    }
    assert_int_equal(fakexen_count(FAKEXEN_MMAP), 0);
    xenforeignmemory_close(fmem);
}

TEST(map_and_unmap_cost_three_system_calls)
{
    xenforeignmemory_handle *fmem = open_with_gfns();
    static const size_t counts[] = {1, FAKE_FRAMES - 1};

    for (size_t i = 0; i < 2; i++) {
        unsigned before = fakexen_count_all();
        void *addr = xenforeignmemory_map(fmem, FAKE_DOMID, RW, counts[i], gfns + i, errors);

        assert_non_null(addr);
        xenforeignmemory_unmap(fmem, addr, counts[i]);
        assert_int_equal(fakexen_count_all() - before, 3);
    }
    xenforeignmemory_close(fmem);
}

TEST(part_of_a_mapping_can_be_unmapped)
{
    xenforeignmemory_handle *fmem = open_with_gfns();
    char *addr = xenforeignmemory_map(fmem, FAKE_DOMID, RW, 3, gfns, NULL);

    assert_int_equal(xenforeignmemory_unmap(fmem, addr + 2 * PAGE_SIZE, 1), 0);
    assert_true(is_hole(addr + 2 * PAGE_SIZE));
    assert_true(is_mapped_as(addr + PAGE_SIZE, "rw-s"));
    assert_int_equal(xenforeignmemory_unmap(fmem, addr, 2), 0);
    xenforeignmemory_close(fmem);
}

TEST(unmapping_what_cannot_be_a_mapping_is_EINVAL)
{
    xenforeignmemory_handle *fmem = open_with_gfns();
    char *addr = xenforeignmemory_map(fmem, FAKE_DOMID, RW, 1, gfns, NULL);

    assert_fails_with(xenforeignmemory_unmap(fmem, addr + 1, 1), -1, EINVAL);
    assert_fails_with(xenforeignmemory_unmap(fmem, addr, 0), -1, EINVAL);
    assert_true(is_mapped_as(addr, "rw-s"));
    assert_int_equal(xenforeignmemory_unmap(fmem, addr, 1), 0);
    xenforeignmemory_close(fmem);
}

/* Upstream shifts the count left without a look: 2^52 + 1 pages unmap one. */
TEST(a_count_to_unmap_that_would_wrap_is_EINVAL)
{
    xenforeignmemory_handle *fmem = open_with_gfns();
    char *addr = xenforeignmemory_map(fmem, FAKE_DOMID, RW, 1, gfns, NULL);

    assert_fails_with(xenforeignmemory_unmap(fmem, addr, (SIZE_MAX >> 12) + 2), -1, EINVAL);
    assert_true(is_mapped_as(addr, "rw-s"));
    assert_int_equal(xenforeignmemory_unmap(fmem, addr, 1), 0);
    xenforeignmemory_close(fmem);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_kernel_is_asked_for_the_frames_at_the_mapping),
        cmocka_unit_test(a_mapping_is_shared_and_has_the_asked_protection),
        cmocka_unit_test(page_errors_are_negative_errnos),
        cmocka_unit_test(with_err_every_page_may_fail_and_the_address_stands),
        cmocka_unit_test(without_err_the_first_failing_page_gives_errno),
        cmocka_unit_test(without_err_the_last_of_many_pages_counts_too),
        cmocka_unit_test(many_pages_map_without_err),
        cmocka_unit_test(no_pages_is_EINVAL),
        cmocka_unit_test(a_request_that_fails_leaves_nothing_mapped),
        cmocka_unit_test(a_failing_mmap_is_passed_on),
        cmocka_unit_test(the_errno_of_a_failure_survives_a_failing_munmap),
        cmocka_unit_test(an_interrupted_request_is_repeated),
        cmocka_unit_test(a_domid_of_more_than_16_bits_is_refused_not_truncated),
        cmocka_unit_test(a_page_count_that_would_wrap_is_ENOMEM),
        cmocka_unit_test(map_and_unmap_cost_three_system_calls),
        cmocka_unit_test(part_of_a_mapping_can_be_unmapped),
        cmocka_unit_test(unmapping_what_cannot_be_a_mapping_is_EINVAL),
        cmocka_unit_test(a_count_to_unmap_that_would_wrap_is_EINVAL),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
