/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xenforeignmemory_map2: where a mapping goes, and what a failure leaves there. */
#include "harness.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "fake_privcmd.h"

enum { PAGES = 4, PAGE_SIZE = 4096, RW = PROT_READ | PROT_WRITE };

static xen_pfn_t gfns[PAGES];
static int errors[PAGES];

static xenforeignmemory_handle *open_with_gfns(void)
{
    fake_gfns(gfns, PAGES, 0);
    return fake_privcmd_open();
}

/* Address space of our own, so that MAP_FIXED hits nobody else. */
static char *reserve(void)
{
    char *place = mmap(NULL, PAGES * PAGE_SIZE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    assert_true(place != MAP_FAILED);
    memset(place, 'x', PAGES * PAGE_SIZE);
    return place;
}

TEST(a_free_place_is_taken_as_hinted)
{
    xenforeignmemory_handle *fmem = open_with_gfns();
    char *place = reserve();
    void *addr;

    munmap(place, PAGES * PAGE_SIZE);
    addr = xenforeignmemory_map2(fmem, FAKE_DOMID, place, RW, 0, PAGES, gfns, errors);
    assert_ptr_equal(addr, place);
    xenforeignmemory_unmap(fmem, addr, PAGES);
    xenforeignmemory_close(fmem);
}

TEST(a_hint_does_not_replace_what_is_there)
{
    xenforeignmemory_handle *fmem = open_with_gfns();
    char *place = reserve();
    char *addr = xenforeignmemory_map2(fmem, FAKE_DOMID, place, RW, 0, PAGES, gfns, errors);

    assert_non_null(addr);
    assert_ptr_not_equal(addr, place);
    assert_int_equal(place[0], 'x');
    xenforeignmemory_unmap(fmem, addr, PAGES);
    munmap(place, PAGES * PAGE_SIZE);
    xenforeignmemory_close(fmem);
}

TEST(MAP_FIXED_replaces_what_is_there)
{
    xenforeignmemory_handle *fmem = open_with_gfns();
    char *place = reserve();
    char *addr = xenforeignmemory_map2(fmem, FAKE_DOMID, place + PAGE_SIZE, RW, MAP_FIXED, 2,
                                       gfns, errors);

    assert_ptr_equal(addr, place + PAGE_SIZE);
    assert_true(is_mapped_as(addr, "rw-s"));
    assert_int_equal(place[0], 'x');
    assert_int_equal(place[3 * PAGE_SIZE], 'x');
    munmap(place, PAGES * PAGE_SIZE);
    xenforeignmemory_close(fmem);
}

/* QEMU's map cache lives with this: it maps the place anew after a failure. */
TEST(MAP_FIXED_that_fails_leaves_a_hole)
{
    static int refused = EFAULT;
    xenforeignmemory_handle *fmem = open_with_gfns();
    char *place = reserve();

    fake_frames[1].error = EINVAL;
    assert_fails_with(xenforeignmemory_map2(fmem, FAKE_DOMID, place, RW, MAP_FIXED, 2, gfns,
                                            NULL), NULL, EINVAL);
    assert_true(is_hole(place) && is_hole(place + PAGE_SIZE));

    fakexen_on_ioctl(UAPI_PRIVCMD_MMAPBATCH_V2, fail_with, &refused);
    assert_fails_with(xenforeignmemory_map2(fmem, FAKE_DOMID, place + 2 * PAGE_SIZE, RW,
                                            MAP_FIXED, 1, gfns, errors), NULL, EFAULT);
    assert_true(is_hole(place + 2 * PAGE_SIZE));
    assert_int_equal(place[3 * PAGE_SIZE], 'x');
    munmap(place + 3 * PAGE_SIZE, PAGE_SIZE);
    xenforeignmemory_close(fmem);
}

TEST(MAP_FIXED_with_page_errors_and_err_stays)
{
    xenforeignmemory_handle *fmem = open_with_gfns();
    char *place = reserve();

    fake_frames[0].error = fake_frames[1].error = EINVAL;
    assert_ptr_equal(xenforeignmemory_map2(fmem, FAKE_DOMID, place, RW, MAP_FIXED, 2, gfns,
                                           errors), place);
    assert_int_equal(errors[0], -EINVAL);
    assert_true(is_mapped_as(place, "rw-s"));
    munmap(place, PAGES * PAGE_SIZE);
    xenforeignmemory_close(fmem);
}

TEST(bad_input_is_refused_before_MAP_FIXED_replaces_anything)
{
    xenforeignmemory_handle *fmem = open_with_gfns();
    char *place = reserve();

    assert_fails_with(xenforeignmemory_map2(fmem, FAKE_DOMID, place, RW, MAP_FIXED, 0, gfns,
                                            errors), NULL, EINVAL);
    assert_fails_with(xenforeignmemory_map2(fmem, FAKE_DOMID, place + 1, RW, MAP_FIXED, 1, gfns,
                                            errors), NULL, EINVAL);
    assert_int_equal(place[0], 'x');
    munmap(place, PAGES * PAGE_SIZE);
    xenforeignmemory_close(fmem);
}

TEST(MAP_FIXED_NOREPLACE_on_a_taken_place_is_EEXIST)
{
    xenforeignmemory_handle *fmem = open_with_gfns();
    char *place = reserve();

    assert_fails_with(xenforeignmemory_map2(fmem, FAKE_DOMID, place, RW, MAP_FIXED_NOREPLACE, 1,
                                            gfns, errors), NULL, EEXIST);
    assert_int_equal(place[0], 'x');
    munmap(place, PAGES * PAGE_SIZE);
    xenforeignmemory_close(fmem);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_free_place_is_taken_as_hinted),
        cmocka_unit_test(a_hint_does_not_replace_what_is_there),
        cmocka_unit_test(MAP_FIXED_replaces_what_is_there),
        cmocka_unit_test(MAP_FIXED_that_fails_leaves_a_hole),
        cmocka_unit_test(MAP_FIXED_with_page_errors_and_err_stays),
        cmocka_unit_test(bad_input_is_refused_before_MAP_FIXED_replaces_anything),
        cmocka_unit_test(MAP_FIXED_NOREPLACE_on_a_taken_place_is_EEXIST),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
