/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host in detail: nodes, devices, idle times, free memory, sets of CPUs, the console. */
#include "harness.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fakexen.h"
#include "fixture.h"
#include "xenctrl.h"

static const char sysctl[] = "xen_sysctl";

/* ---- nodes ---- */

static int tell_nodes(struct sent *request, uint8_t *payload)
{
    xc_meminfo_t *memory = address_in(running_minor, sysctl, "numainfo", "meminfo.p", payload);
    uint32_t *distance = address_in(running_minor, sysctl, "numainfo", "distance.p", payload);

    (void)request;
    if (memory)
        memory[1] = (xc_meminfo_t){5ull << 40, 3ull << 40};
    if (distance)
        memcpy(distance, (uint32_t[]){10, 21, 22, 10}, 16);
    set_field(running_minor, sysctl, "numainfo", "num_nodes", payload, HOST_NODES);
    return 0;
}

TEST(nodes_are_counted_first_and_then_filled)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        unsigned nodes = 0;
        xc_meminfo_t memory[8];
        uint32_t distance[64] = {0};

        answer_with(tell_nodes);
        assert_int_equal(xc_numainfo(xch, &nodes, NULL, NULL), 0);
        assert_sysctl(minor, 17, "numainfo", {"num_nodes", 0});
        assert_int_equal(nodes, HOST_NODES);
        nodes = 8;
        assert_int_equal(xc_numainfo(xch, &nodes, memory, distance), 0);
        assert_sysctl(minor, 17, "numainfo", {"num_nodes", 8}, {"meminfo.p", AN_ADDRESS},
                      {"distance.p", AN_ADDRESS});
        assert_int_equal(nodes, HOST_NODES);
        assert_true(memory[1].memsize == 5ull << 40 && memory[1].memfree == 3ull << 40);
        assert_int_equal(distance[2], 22);
        assert_int_equal(distance[4], 0);
        stop(xch);
    }
}

static int too_few(struct sent *request, uint8_t *payload)
{
    (void)request;
    set_field(running_minor, sysctl, "numainfo", "num_nodes", payload, HOST_NODES);
    return -ENOBUFS;
}

TEST(too_little_room_for_nodes_changes_nothing)
{
    xc_interface *xch = start(20);
    unsigned nodes = 1;
    xc_meminfo_t memory[1];

    answer_with(too_few);
    assert_fails_with(xc_numainfo(xch, &nodes, memory, NULL), -1, ENOBUFS);
    assert_int_equal(nodes, 1);
    nodes = 1000;
    fakexen_fail_next(FAKEXEN_MMAP, ENOMEM, 2, 1);
    assert_fails_with(xc_numainfo(xch, &nodes, memory, (uint32_t[]){0}), -1, ENOMEM);
    assert_int_equal(requests, 1);
    stop(xch);
}

/* ---- devices ---- */

static int tell_no_pci_nodes(struct sent *request, uint8_t *payload)
{
    (void)request;
    set_field(running_minor, sysctl, "pcitopoinfo", "num_devs", payload, 0);
    return 0;
}

TEST(the_nodes_of_devices_are_asked_for)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        physdev_pci_device_t devices[2] = {{0, 1, 8}, {1, 2, 9}};
        uint32_t nodes[2] = {7, 7};

        assert_int_equal(xc_pcitopoinfo(xch, 2, devices, nodes), 0);
        assert_sysctl(minor, 22, "pcitopoinfo", {"num_devs", 2}, {"devs.p", AN_ADDRESS},
                      {"nodes.p", AN_ADDRESS});
        answer_with(tell_no_pci_nodes);
        assert_fails_with(xc_pcitopoinfo(xch, 2, devices, nodes), -1, EPROTO);
        requests = 0;
        assert_int_equal(xc_pcitopoinfo(xch, 0, devices, nodes), 0);
        assert_int_equal(requests, 0);
        stop(xch);
    }
}

/* ---- idle times, free memory, scheduler ---- */

static int tell_idle(struct sent *request, uint8_t *payload)
{
    xc_cpuinfo_t *info = address_in(running_minor, sysctl, "getcpuinfo", "info.p", payload);

    (void)request;
    info[1].idletime = 123456789012;
    set_field(running_minor, sysctl, "getcpuinfo", "nr_cpus", payload, 2);
    return 0;
}

TEST(idle_times_are_those_of_the_cpus_there_are)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xc_cpuinfo_t info[4] = {{0}, {0}, {9}, {9}};
        int cpus = 0;

        answer_with(tell_idle);
        assert_int_equal(xc_getcpuinfo(xch, 4, info, &cpus), 0);
        assert_sysctl(minor, 8, "getcpuinfo", {"max_cpus", 4}, {"info.p", AN_ADDRESS});
        assert_int_equal(cpus, 2);
        assert_true(info[1].idletime == 123456789012);
        assert_int_equal(info[2].idletime, 9);
        requests = 0;
        assert_fails_with(xc_getcpuinfo(xch, -1, info, &cpus), -1, EINVAL);
        assert_int_equal(requests, 0);
        stop(xch);
    }
}

static int tell_free(struct sent *request, uint8_t *payload)
{
    if (request->op == 9)
        set_field(running_minor, sysctl, "availheap", "avail_bytes", payload, 5ull << 32);
    else
        set_field(running_minor, sysctl, "sched_id", "sched_id", payload, 6);
    return 0;
}

TEST(free_memory_and_the_scheduler_are_told)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint64_t bytes = 0;
        int id = 0;

        answer_with(tell_free);
        assert_int_equal(xc_availheap(xch, 20, 32, -1, &bytes), 0);
        assert_sysctl(minor, 9, "availheap", {"min_bitwidth", 20}, {"max_bitwidth", 32},
                      {"node", UINT32_MAX});
        assert_true(bytes == 5ull << 32);
        assert_int_equal(xc_sched_id(xch, &id), 0);
        assert_int_equal(sent.op, 4);
        assert_int_equal(id, 6);
        stop(xch);
    }
}

/* ---- sets ---- */

TEST(sets_of_nodes_and_cpus_start_empty)
{
    xc_interface *xch = start(20);
    xc_nodemap_t nodes = xc_nodemap_alloc(xch);
    xc_cpumap_t cpus = xc_cpumap_alloc(xch);

    assert_int_equal(nodes[0], 0);
    assert_memory_equal(cpus, "\0\0\0", 3);
    xc_cpumap_setcpu(-1, cpus);
    xc_cpumap_clearcpu(-1, cpus);
    assert_false(xc_cpumap_testcpu(-1, cpus));
    assert_memory_equal(cpus, "\0\0\0", 3);
    free(nodes);
    free(cpus);
    stop(xch);
}

TEST(without_an_answer_there_are_no_sizes_and_no_sets)
{
    xc_interface *xch = start(20);
    struct fakerelease *xen = fakerelease_start(20);

    xen->is_unprivileged = true;
    assert_fails_with(xc_get_max_cpus(xch), -1, EPERM);
    assert_fails_with(xc_get_online_cpus(xch), -1, EPERM);
    assert_fails_with(xc_get_cpumap_size(xch), -1, EPERM);
    assert_fails_with(xc_get_nodemap_size(xch), -1, EPERM);
    assert_fails_with(xc_cpumap_alloc(xch), NULL, EPERM);
    assert_fails_with(xc_nodemap_alloc(xch), NULL, EPERM);
    stop(xch);
}

/* ---- the console ---- */

static int refuse(struct sent *request, uint8_t *payload)
{
    (void)request;
    (void)payload;
    return -EPERM;
}

TEST(a_console_that_is_refused_leaves_everything_as_it_was)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        char text[16] = "unchanged";
        unsigned count = sizeof(text);
        uint32_t index = 5;

        answer_with(refuse);
        assert_fails_with(xc_readconsolering(xch, text, &count, 1, 0, &index), -1, EPERM);
        assert_sysctl(minor, 1, "readconsole", {"clear", 1}, {"index", 5},
                      {"buffer.p", AN_ADDRESS}, {"count", 16});
        assert_string_equal(text, "unchanged");
        assert_int_equal(count, 16);
        assert_int_equal(index, 5);
        assert_fails_with(xc_send_debug_keys(xch, "q"), -1, EPERM);
        stop(xch);
    }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_are_counted_first_and_then_filled),
        cmocka_unit_test(too_little_room_for_nodes_changes_nothing),
        cmocka_unit_test(the_nodes_of_devices_are_asked_for),
        cmocka_unit_test(idle_times_are_those_of_the_cpus_there_are),
        cmocka_unit_test(free_memory_and_the_scheduler_are_told),
        cmocka_unit_test(sets_of_nodes_and_cpus_start_empty),
        cmocka_unit_test(without_an_answer_there_are_no_sizes_and_no_sets),
        cmocka_unit_test(a_console_that_is_refused_leaves_everything_as_it_was),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
