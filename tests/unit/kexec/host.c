/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ranges, the memory map and the number of CPUs, on every release. */
#include "fixture.h"

#define A_START UINT64_C(0x123456000)

static int tell_range(uint64_t cmd, uint8_t *request)
{
    assert_int_equal(cmd, GET_RANGE);
    put_number(request + 8, 0x3000, 8);
    put_number(request + 16, A_START, 8);
    return 0;
}

TEST(a_range_is_asked_for_in_exact_bytes_and_told)
{
    EACH_MINOR(minor) {
        static const uint8_t wanted[24] = {2, 0, 0, 0, 7};
        xenkexec_handle *hdl = start(minor);
        uint64_t begin = 0, size = 0;

        answer_with(tell_range);
        errno = 77;
        assert_int_equal(xenkexec_get_range(hdl, XENKEXEC_RANGE_CPU, 7, &begin, &size), 0);
        assert_int_equal(errno, 77);
        assert_true(begin == A_START && size == 0x3000);
        assert_int_equal(asked[GET_RANGE].op, KEXEC_OP);
        assert_memory_equal(asked[GET_RANGE].request, wanted, sizeof(wanted));
        assert_int_equal(questions, 1);
        stop(hdl);
    }
}

TEST(ranges_have_xens_numbers)
{
    static const unsigned ranges[] = {XENKEXEC_RANGE_CRASH, XENKEXEC_RANGE_XEN,
                                      XENKEXEC_RANGE_CPU, XENKEXEC_RANGE_XENHEAP, 4,
                                      XENKEXEC_RANGE_EFI_MEMMAP, XENKEXEC_RANGE_VMCOREINFO};
    xenkexec_handle *hdl = start(17);
    uint64_t begin, size;

    answer_with(tell_range);
    for (unsigned i = 0; i < COUNT_OF(ranges); i++) {
        assert_int_equal(xenkexec_get_range(hdl, ranges[i], 0, &begin, &size), 0);
        assert_int_equal(number_at(asked[GET_RANGE].request, 4), i);
    }
    stop(hdl);
}

TEST(a_range_with_bad_arguments_is_EINVAL_and_asks_nothing)
{
    xenkexec_handle *hdl = start(17);
    uint64_t value;

    assert_fails_with(xenkexec_get_range(hdl, XENKEXEC_RANGE_XEN, 0, NULL, &value), -1, EINVAL);
    assert_fails_with(xenkexec_get_range(hdl, XENKEXEC_RANGE_XEN, 0, &value, NULL), -1, EINVAL);
    assert_fails_with(xenkexec_get_range(hdl, XENKEXEC_RANGE_XEN, 1, &value, &value), -1,
                      EINVAL);
    assert_int_equal(questions, 0);
    stop(hdl);
}

/* ---- the memory map ---- */

static unsigned regions_there; /* Xen refuses a list without a place to spare */

static int list_regions(uint64_t cmd, uint8_t *request)
{
    uint8_t *list = (uint8_t *)(uintptr_t)number_at(request + 8, 8);

    assert_int_equal(cmd, MACHINE_MEMORY_MAP);
    if (number_at(request, 4) <= regions_there)
        return -EINVAL;
    for (unsigned i = 0; i < regions_there; i++) {
        put_number(list + 20 * i, i * UINT64_C(0x100000), 8);
        put_number(list + 20 * i + 8, 0x1000 + i, 8);
        put_number(list + 20 * i + 16, 1 + i % 5, 4);
    }
    put_number(request, regions_there, 4);
    return 0;
}

static void assert_region(const struct xenkexec_memory *region, unsigned index)
{
    assert_true(region->start == index * UINT64_C(0x100000));
    assert_true(region->size == 0x1000 + index);
    assert_int_equal(region->type, 1 + index % 5);
    assert_int_equal(region->pad, 0);
}

TEST(the_memory_map_is_told_as_far_as_there_is_room)
{
    EACH_MINOR(minor) {
        struct xenkexec_memory regions[9];
        xenkexec_handle *hdl = start(minor);

        memset(regions, 0xff, sizeof(regions));
        regions_there = 12;
        answer_with(list_regions);
        errno = 77;
        assert_int_equal(xenkexec_get_memory_map(hdl, regions, COUNT_OF(regions) - 1), 12);
        assert_int_equal(errno, 77);
        for (unsigned i = 0; i < COUNT_OF(regions) - 1; i++)
            assert_region(&regions[i], i);
        assert_true(regions[COUNT_OF(regions) - 1].size == UINT64_MAX);
        assert_int_equal(asked[MACHINE_MEMORY_MAP].op, MEMORY_OP);
        assert_int_equal(xenkexec_get_memory_map(hdl, NULL, 0), 12);
        assert_int_equal(questions, 2);
        stop(hdl);
    }
}

TEST(xen_gets_the_room_that_it_wants)
{
    static struct xenkexec_memory regions[8191];
    xenkexec_handle *hdl = start(17);

    answer_with(list_regions);
    regions_there = COUNT_OF(regions);
    errno = 77;
    assert_int_equal(xenkexec_get_memory_map(hdl, regions, COUNT_OF(regions)), regions_there);
    assert_int_equal(errno, 77);
    assert_region(&regions[COUNT_OF(regions) - 1], COUNT_OF(regions) - 1);
    stop(hdl);
}

TEST(a_memory_map_without_end_is_EOVERFLOW)
{
    struct xenkexec_memory region = {.size = 9};
    xenkexec_handle *hdl = start(17);

    answer_with(list_regions);
    regions_there = 100000;
    assert_fails_with(xenkexec_get_memory_map(hdl, &region, 1), -1, EOVERFLOW);
    assert_true(region.size == 9);
    assert_fails_with(xenkexec_get_memory_map(hdl, NULL, 1), -1, EINVAL);
    stop(hdl);
}

static int boast(uint64_t cmd, uint8_t *request)
{
    (void)cmd;
    put_number(request, UINT32_MAX, 4);
    return 0;
}

TEST(more_regions_than_were_asked_for_are_not_believed)
{
    struct xenkexec_memory region;
    xenkexec_handle *hdl = start(17);

    answer_with(boast);
    assert_fails_with(xenkexec_get_memory_map(hdl, &region, 1), -1, EOVERFLOW);
    stop(hdl);
}

/* ---- CPUs ---- */

enum { PHYSINFO = 3 };

static int describe_host(unsigned cmd, uint8_t *payload, void *user)
{
    unsigned minor = *(unsigned *)user;

    if (cmd != PHYSINFO)
        return -ENOSYS;
    fakerelease_fill(minor, "xen_sysctl", "physinfo", 0, payload);
    fakerelease_put(payload, fakerelease_field(minor, "xen_sysctl", "physinfo", "max_cpu_id"),
                    63);
    fakerelease_put(payload, fakerelease_field(minor, "xen_sysctl", "physinfo", "nr_cpus"), 12);
    return 0;
}

/* Each in a process of its own, since what is running is learnt once. */
static void cpus_are_counted(unsigned minor)
{
    xenkexec_handle *hdl = start(minor);
    struct fakerelease *xen = become(minor);

    xen->on_sysctl = describe_host;
    xen->user = &minor;
    errno = 77;
    assert_int_equal(xenkexec_nr_cpus(hdl), 64);
    assert_int_equal(errno, 77);
    xen->is_unprivileged = true;
    assert_fails_with(xenkexec_nr_cpus(hdl), -1, EPERM);
    stop(hdl);
}

#define EACH_RELEASE(apply) \
    apply(14) apply(15) apply(16) apply(17) apply(18) apply(19) apply(20) apply(21) apply(22)
#define CPU_TEST(minor) TEST(cpus_are_counted_4_##minor) { cpus_are_counted(minor); }
#define CPU_UNIT_TEST(minor) cmocka_unit_test(cpus_are_counted_4_##minor),
EACH_RELEASE(CPU_TEST)

/* All the rest works there. */
TEST(on_a_xen_of_the_future_only_cpus_are_not_counted)
{
    xenkexec_handle *hdl = start(40);
    struct fakerelease *xen = become(40);
    uint64_t begin, size;

    xen->sysctl_number = 0xff;
    xen->domctl_number = 0xff;
    assert_fails_with(xenkexec_nr_cpus(hdl), -1, ENOTSUP);
    answer_with(tell_range);
    assert_int_equal(xenkexec_get_range(hdl, XENKEXEC_RANGE_CRASH, 0, &begin, &size), 0);
    stop(hdl);
}

TEST(a_xen_before_4_14_is_ENOTSUP)
{
    xenkexec_handle *hdl = start(13);

    assert_fails_with(xenkexec_nr_cpus(hdl), -1, ENOTSUP);
    stop(hdl);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_range_is_asked_for_in_exact_bytes_and_told),
        cmocka_unit_test(ranges_have_xens_numbers),
        cmocka_unit_test(a_range_with_bad_arguments_is_EINVAL_and_asks_nothing),
        cmocka_unit_test(the_memory_map_is_told_as_far_as_there_is_room),
        cmocka_unit_test(xen_gets_the_room_that_it_wants),
        cmocka_unit_test(a_memory_map_without_end_is_EOVERFLOW),
        cmocka_unit_test(more_regions_than_were_asked_for_are_not_believed),
        EACH_RELEASE(CPU_UNIT_TEST)
        cmocka_unit_test(on_a_xen_of_the_future_only_cpus_are_not_counted),
        cmocka_unit_test(a_xen_before_4_14_is_ENOTSUP),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
