/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What mapping costs in allocations, and what happens when there are none to be had. */
#include "harness.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "counted_heap.h"
#include "fake_privcmd.h"

enum { RW = PROT_READ | PROT_WRITE };

#ifdef HEAP_IS_SANITIZED
TEST(allocations_are_counted_and_made_to_fail)
{
    skip_because("the heap belongs to the sanitizer");
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(allocations_are_counted_and_made_to_fail),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
#else

static xen_pfn_t gfns[FAKE_FRAMES];

static xenforeignmemory_handle *open_with_gfns(void)
{
    fake_gfns(gfns, FAKE_FRAMES, 0);
    return fake_privcmd_open();
}

/* Upstream allocates an array for each such call. */
TEST(a_small_mapping_without_err_does_not_allocate)
{
    xenforeignmemory_handle *fmem = open_with_gfns();
    unsigned before = allocations;
    void *addr = xenforeignmemory_map(fmem, FAKE_DOMID, RW, 256, gfns, NULL);
    unsigned after = allocations;

    assert_non_null(addr);
    assert_int_equal(after - before, 0);
    xenforeignmemory_unmap(fmem, addr, 256);
    xenforeignmemory_close(fmem);
}

TEST(a_mapping_with_err_does_not_allocate)
{
    static int errors[FAKE_FRAMES];
    xenforeignmemory_handle *fmem = open_with_gfns();
    unsigned before = allocations;
    void *addr = xenforeignmemory_map(fmem, FAKE_DOMID, RW, FAKE_FRAMES, gfns, errors);
    unsigned after = allocations;

    assert_non_null(addr);
    assert_int_equal(after - before, 0);
    xenforeignmemory_unmap(fmem, addr, FAKE_FRAMES);
    xenforeignmemory_close(fmem);
}

TEST(a_large_mapping_without_memory_is_ENOMEM_and_maps_nothing)
{
    xenforeignmemory_handle *fmem = open_with_gfns();
    void *addr;
    int error;

    failures_left = 1;
    addr = xenforeignmemory_map(fmem, FAKE_DOMID, RW, FAKE_FRAMES, gfns, NULL);
    error = errno;
    assert_null(addr);
    assert_int_equal(error, ENOMEM);
    assert_int_equal(fakexen_count(FAKEXEN_MMAP), 0);
    xenforeignmemory_close(fmem);
}

TEST(an_old_kernel_without_memory_is_ENOMEM_and_leaves_nothing_mapped)
{
    static int errors[FAKE_FRAMES];
    xenforeignmemory_handle *fmem;
    void *addr;
    int error;

    fake_gfns(gfns, FAKE_FRAMES, 0);
    fake_privcmd_start_old(EINVAL);
    fmem = xenforeignmemory_open(NULL, 0);
    assert_non_null(fmem);
    failures_left = 1;
    fakexen_fail_next(FAKEXEN_MMAP, ENOMEM, 1, 1); /* upstream's copy is anonymous memory */
    addr = xenforeignmemory_map(fmem, FAKE_DOMID, RW, FAKE_FRAMES, gfns, errors);
    error = errno;
    failures_left = 0;
    assert_null(addr);
    assert_int_equal(error, ENOMEM);
    assert_int_equal(fakexen_mappings(), 0);
    xenforeignmemory_close(fmem);
}

TEST(open_without_memory_is_ENOMEM)
{
    xenforeignmemory_handle *fmem;
    int error;

    fake_privcmd_start();
    failures_left = 1;
    fmem = xenforeignmemory_open(NULL, 0);
    error = errno;
    failures_left = 0;
    assert_null(fmem);
    assert_int_equal(error, ENOMEM);
    assert_int_equal(fakexen_open_fds(), 0);
}

TEST(map_resource_without_memory_is_ENOMEM)
{
    xenforeignmemory_handle *fmem = open_with_gfns();
    xenforeignmemory_resource_handle *fres;
    void *addr = NULL;
    int error;

    failures_left = 1;
    fres = xenforeignmemory_map_resource(fmem, FAKE_DOMID, 1, 0, 0, 1, &addr, RW, 0);
    error = errno;
    assert_null(fres);
    assert_null(addr);
    assert_int_equal(error, ENOMEM);
    assert_int_equal(fakexen_mappings(), 0);
    xenforeignmemory_close(fmem);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_mapping_without_err_does_not_allocate),
        cmocka_unit_test(a_mapping_with_err_does_not_allocate),
        cmocka_unit_test(a_large_mapping_without_memory_is_ENOMEM_and_maps_nothing),
        cmocka_unit_test(an_old_kernel_without_memory_is_ENOMEM_and_leaves_nothing_mapped),
        cmocka_unit_test(open_without_memory_is_ENOMEM),
        cmocka_unit_test(map_resource_without_memory_is_ENOMEM),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
#endif
