/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxenkexec in dom0 of a real Xen that was booted with crashkernel=: everything but
 * starting, after which nothing could be told.
 */
#include "harness.h"

#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "xenkexec.h"

enum { PAGE = 4096, SOMEWHERE = 16 << 20 };

static unsigned char code[PAGE];

static xenkexec_handle *open_handle(void)
{
    xenkexec_handle *hdl = xenkexec_open(NULL, 0);

    assert_non_null(hdl);
    return hdl;
}

static uint64_t range_of(xenkexec_handle *hdl, unsigned range, uint64_t *size)
{
    uint64_t start = 0;

    assert_int_equal(xenkexec_get_range(hdl, range, 0, &start, size), 0);
    return start;
}

/* ---- the machine ---- */

TEST(ranges_are_told)
{
    xenkexec_handle *hdl = open_handle();
    uint64_t start, size;

    start = range_of(hdl, XENKEXEC_RANGE_XEN, &size);
    assert_true(start % PAGE == 0 && size > 1 << 20);
    start = range_of(hdl, XENKEXEC_RANGE_CRASH, &size);
    assert_true(start % PAGE == 0 && start > 0 && size >= 64 << 20);
    start = range_of(hdl, XENKEXEC_RANGE_VMCOREINFO, &size);
    assert_true(start > 0 && size > 0);
    for (unsigned range = XENKEXEC_RANGE_XENHEAP; range <= XENKEXEC_RANGE_EFI_MEMMAP; range++)
        assert_fails_with(xenkexec_get_range(hdl, range, 0, &start, &size), -1, EINVAL);
    assert_fails_with(xenkexec_get_range(hdl, 7, 0, &start, &size), -1, EINVAL);
    assert_fails_with(xenkexec_get_range(hdl, UINT32_MAX, 0, &start, &size), -1, EINVAL);
    xenkexec_close(hdl);
}

TEST(each_cpu_has_a_note_and_no_more)
{
    xenkexec_handle *hdl = open_handle();
    int count = xenkexec_nr_cpus(hdl);
    uint64_t start, size, last = 0;

    assert_true(count >= 2);
    for (unsigned cpu = 0; cpu < 2; cpu++) {
        assert_int_equal(xenkexec_get_range(hdl, XENKEXEC_RANGE_CPU, cpu, &start, &size), 0);
        assert_true(start > 0 && size > 0 && start != last);
        last = start;
    }
    assert_fails_with(
        xenkexec_get_range(hdl, XENKEXEC_RANGE_CPU, (unsigned)count, &start, &size), -1, ERANGE);
    assert_fails_with(xenkexec_get_range(hdl, XENKEXEC_RANGE_CPU, UINT32_MAX, &start, &size),
                      -1, ERANGE);
    xenkexec_close(hdl);
}

TEST(the_memory_map_has_ram_and_is_in_order)
{
    static struct xenkexec_memory regions[1000];
    xenkexec_handle *hdl = open_handle();
    int count = xenkexec_get_memory_map(hdl, regions, 1000);
    uint64_t ram = 0;

    assert_true(count > 3 && count < 1000);
    for (int i = 0; i < count; i++) {
        assert_true(i == 0 || regions[i].start >= regions[i - 1].start + regions[i - 1].size);
        ram += regions[i].type == XENKEXEC_MEMORY_RAM ? regions[i].size : 0;
    }
    assert_true(ram > 512 << 20);
    assert_int_equal(xenkexec_get_memory_map(hdl, NULL, 0), count);
    xenkexec_close(hdl);
}

/* ---- images ---- */

static int load_at(xenkexec_handle *hdl, unsigned type, uint64_t address, uint64_t entry)
{
    struct xenkexec_segment segment = {
        .buffer = code, .buffer_size = sizeof(code) - 1, .address = address, .size = 2 * PAGE};
    struct xenkexec_image image = {.size = sizeof(image),
                                   .type = type,
                                   .machine = EM_X86_64,
                                   .entry = entry,
                                   .segments = &segment,
                                   .nr_segments = 1};

    return xenkexec_load(hdl, &image);
}

static void is_there_until_it_is_unloaded(xenkexec_handle *hdl, unsigned type, uint64_t address)
{
    unsigned other = type == XENKEXEC_TYPE_CRASH ? XENKEXEC_TYPE_DEFAULT : XENKEXEC_TYPE_CRASH;

    assert_int_equal(xenkexec_unload(hdl, XENKEXEC_TYPE_DEFAULT), 0);
    assert_int_equal(xenkexec_unload(hdl, XENKEXEC_TYPE_CRASH), 0);
    assert_int_equal(xenkexec_status(hdl, type), 0);
    assert_fails_with(xenkexec_exec(hdl, type), -1, ENOENT);
    assert_int_equal(load_at(hdl, type, address, address), 0);
    assert_int_equal(xenkexec_status(hdl, type), 1);
    assert_int_equal(xenkexec_status(hdl, other), 0);
    assert_int_equal(load_at(hdl, type, address, address + PAGE), 0); /* in its place */
    assert_int_equal(xenkexec_status(hdl, type), 1);
    assert_int_equal(xenkexec_unload(hdl, type), 0);
    assert_int_equal(xenkexec_status(hdl, type), 0);
    assert_int_equal(xenkexec_unload(hdl, type), 0);
}

TEST(a_kernel_is_there_until_it_is_unloaded)
{
    xenkexec_handle *hdl = open_handle();

    is_there_until_it_is_unloaded(hdl, XENKEXEC_TYPE_DEFAULT, SOMEWHERE);
    xenkexec_close(hdl);
}

TEST(a_crash_kernel_is_there_until_it_is_unloaded)
{
    xenkexec_handle *hdl = open_handle();
    uint64_t size, start = range_of(hdl, XENKEXEC_RANGE_CRASH, &size);

    is_there_until_it_is_unloaded(hdl, XENKEXEC_TYPE_CRASH, start);
    xenkexec_close(hdl);
}

TEST(a_crash_kernel_outside_its_area_is_EADDRNOTAVAIL_and_the_old_one_stays)
{
    xenkexec_handle *hdl = open_handle();
    uint64_t size, start = range_of(hdl, XENKEXEC_RANGE_CRASH, &size);

    assert_int_equal(load_at(hdl, XENKEXEC_TYPE_CRASH, start, start), 0);
    assert_fails_with(load_at(hdl, XENKEXEC_TYPE_CRASH, start - PAGE, start), -1, EADDRNOTAVAIL);
    assert_fails_with(load_at(hdl, XENKEXEC_TYPE_CRASH, start + size - PAGE, start), -1,
                      EADDRNOTAVAIL);
    assert_fails_with(load_at(hdl, XENKEXEC_TYPE_CRASH, start, start - 1), -1, EADDRNOTAVAIL);
    assert_int_equal(xenkexec_status(hdl, XENKEXEC_TYPE_CRASH), 1);
    assert_int_equal(xenkexec_unload(hdl, XENKEXEC_TYPE_CRASH), 0);
    xenkexec_close(hdl);
}

static int load_segments(xenkexec_handle *hdl, size_t count, unsigned machine)
{
    struct xenkexec_segment segments[XENKEXEC_MAX_SEGMENTS] = {{0}};
    struct xenkexec_image image = {.size = sizeof(image),
                                   .machine = machine,
                                   .entry = SOMEWHERE,
                                   .segments = segments,
                                   .nr_segments = count};

    for (unsigned i = 0; i < count; i++)
        segments[i] = (struct xenkexec_segment){
            i % 3 ? code : NULL, i % 3 ? i : 0, SOMEWHERE + i * (uint64_t)PAGE, PAGE};
    return xenkexec_load(hdl, &image);
}

TEST(as_many_segments_are_taken_as_the_header_says)
{
    xenkexec_handle *hdl = open_handle();

    assert_int_equal(load_segments(hdl, XENKEXEC_MAX_SEGMENTS, EM_X86_64), 0);
    assert_int_equal(load_segments(hdl, 1, EM_386), 0);
    assert_int_equal(xenkexec_status(hdl, XENKEXEC_TYPE_DEFAULT), 1);
    assert_int_equal(xenkexec_unload(hdl, XENKEXEC_TYPE_DEFAULT), 0);
    xenkexec_close(hdl);
}

/* As large as a real one; and often, so that what is not given back would be missed. */
TEST(large_kernels_come_and_go)
{
    static char large[24 << 20];
    struct xenkexec_segment segment = {large, sizeof(large), SOMEWHERE, sizeof(large)};
    struct xenkexec_image image = {.size = sizeof(image),
                                   .machine = EM_X86_64,
                                   .entry = SOMEWHERE,
                                   .segments = &segment,
                                   .nr_segments = 1};
    xenkexec_handle *hdl = open_handle();

    for (int i = 0; i < 8; i++)
        assert_int_equal(xenkexec_load(hdl, &image), 0);
    assert_int_equal(xenkexec_unload(hdl, XENKEXEC_TYPE_DEFAULT), 0);
    xenkexec_close(hdl);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_are_told),
        cmocka_unit_test(each_cpu_has_a_note_and_no_more),
        cmocka_unit_test(the_memory_map_has_ram_and_is_in_order),
        cmocka_unit_test(a_kernel_is_there_until_it_is_unloaded),
        cmocka_unit_test(a_crash_kernel_is_there_until_it_is_unloaded),
        cmocka_unit_test(a_crash_kernel_outside_its_area_is_EADDRNOTAVAIL_and_the_old_one_stays),
        cmocka_unit_test(as_many_segments_are_taken_as_the_header_says),
        cmocka_unit_test(large_kernels_come_and_go),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
