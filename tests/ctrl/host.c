/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host: its CPUs, nodes, devices, memory, console. */
#include <stdlib.h>
#include <string.h>

#include "on_xen.h"

static xc_physinfo_t physinfo(void)
{
    xc_physinfo_t info;

    assert_works(xc_physinfo(xc(), &info));
    return info;
}

TEST(the_host_is_described)
{
    xc_physinfo_t info = physinfo();

    assert_in_range(info.nr_cpus, 1, info.max_cpu_id + 1);
    assert_in_range(info.nr_nodes, 1, info.max_node_id + 1);
    assert_int_not_equal(info.cpu_khz, 0);
    assert_in_range(info.threads_per_core, 1, 8);
    assert_int_not_equal(info.cores_per_socket, 0);
    assert_true(info.free_pages < info.total_pages);
    assert_true(info.max_mfn >= info.total_pages / 2);
    assert_true(info.capabilities & XEN_SYSCTL_PHYSCAP_pv);
    assert_int_not_equal(info.hw_cap[0], 0);
}

TEST(sets_are_as_large_as_the_host_needs)
{
    xc_physinfo_t info = physinfo();
    xc_cpumap_t cpus = xc_cpumap_alloc(xc());
    xc_nodemap_t nodes = xc_nodemap_alloc(xc());
    int last = (int)info.max_cpu_id;

    assert_int_equal(xc_get_max_cpus(xc()), last + 1);
    assert_int_equal(xc_get_max_nodes(xc()), info.max_node_id + 1);
    assert_int_equal(xc_get_online_cpus(xc()), info.nr_cpus);
    assert_int_equal(xc_get_cpumap_size(xc()), last / 8 + 1);
    assert_int_equal(xc_get_nodemap_size(xc()), info.max_node_id / 8 + 1);
    assert_non_null(cpus);
    assert_non_null(nodes);
    assert_int_equal(nodes[0], 0);
    xc_cpumap_setcpu(last, cpus);
    assert_true(xc_cpumap_testcpu(last, cpus));
    xc_cpumap_clearcpu(last, cpus);
    assert_false(xc_cpumap_testcpu(last, cpus));
    free(nodes);
    free(cpus);
}

TEST(each_cpu_has_its_place)
{
    unsigned count = 0;
    xc_cputopo_t *places;

    assert_works(xc_cputopoinfo(xc(), &count, NULL));
    assert_true(count >= physinfo().nr_cpus);
    places = calloc(count, sizeof(*places));
    assert_works(xc_cputopoinfo(xc(), &count, places));
    assert_int_not_equal(places[0].core, XEN_INVALID_CORE_ID);
    assert_int_not_equal(places[0].socket, XEN_INVALID_SOCKET_ID);
    assert_int_equal(places[0].node, 0);
    free(places);
}

TEST(the_nodes_have_the_hosts_memory)
{
    unsigned count = 0;
    uint64_t size = 0, free_bytes = 0, total = physinfo().total_pages * XC_PAGE_SIZE;

    assert_works(xc_numainfo(xc(), &count, NULL, NULL));
    assert_in_range(count, physinfo().nr_nodes, physinfo().max_node_id + 1);
    xc_meminfo_t *memory = calloc(count, sizeof(*memory));
    uint32_t *distance = calloc((size_t)count * count, sizeof(*distance));
    assert_works(xc_numainfo(xc(), &count, memory, distance));
    for (unsigned i = 0; i < count; i++) {
        size += memory[i].memsize;
        free_bytes += memory[i].memfree;
    }
    assert_true(size >= total);
    assert_true(free_bytes < size);
    observe("distance", "%u", distance[0]);
    free(distance);
    free(memory);
}

TEST(devices_are_on_a_node_or_unknown)
{
    physdev_pci_device_t devices[] = {{0, 0, 0}, {0, 0xff, 0xff}};
    uint32_t nodes[2] = {77, 77};

    assert_works(xc_pcitopoinfo(xc(), 2, devices, nodes));
    assert_true(nodes[0] < 64 || nodes[0] == XEN_INVALID_NODE_ID);
    assert_true(nodes[1] == XEN_INVALID_DEV);
}

static bool first_cpu_was_idle(void *argument)
{
    xc_cpuinfo_t now[64];

    assert_works(xc_getcpuinfo(xc(), 64, now, NULL));
    return now[0].idletime > *(uint64_t *)argument;
}

TEST(idle_time_passes)
{
    xc_cpuinfo_t start[64];
    int count = 0;

    assert_works(xc_getcpuinfo(xc(), 64, start, &count));
    assert_int_equal(count, physinfo().max_cpu_id + 1 < 64 ? (int)physinfo().max_cpu_id + 1 : 64);
    assert_true(becomes_true(first_cpu_was_idle, &start[0].idletime, 10));
}

TEST(free_memory_is_the_same_both_ways)
{
    uint64_t all = 0, narrow = 0, node = 0;

    assert_works(xc_availheap(xc(), 0, 0, -1, &all));
    assert_works(xc_availheap(xc(), 0, 0, 0, &node));
    assert_works(xc_availheap(xc(), 0, 30, -1, &narrow));
    assert_true(narrow <= all && node <= all);
    int64_t apart = (int64_t)(all - physinfo().free_pages * XC_PAGE_SIZE);
    assert_in_range(llabs(apart), 0, 64 << 20); /* others allocate meanwhile */
}

TEST(domains_are_described_as_up_to_4_17)
{
    uint32_t pv = guest("pv"), pvh = guest("pvh");
    xc_dominfo_t info[16];
    long count = assert_works(xc_domain_getinfo(xc(), 0, 16, info));
    unsigned found = 0;

    assert_int_equal(info[0].domid, 0);
    for (long i = 0; i < count; i++) {
        if (info[i].domid == pv)
            found |= info[i].hvm ? 0 : 1;
        if (info[i].domid == pvh)
            found |= info[i].hvm ? 2 : 0;
        assert_false(info[i].shutdown);
    }
    assert_int_equal(found, 3);
    assert_int_equal(xc_domain_getinfo(xc(), pv, 1, info), 1);
    assert_int_equal(info[0].domid, pv);
    assert_int_not_equal(info[0].nr_pages, 0);
    assert_fails_with(xc_domain_getinfo(xc(), 32000, 1, info), -1, ESRCH);
}

/* Xen's help on its debug keys appears in what it has printed. */
static bool help_was_printed(void *argument)
{
    static char text[1 << 16];
    uint32_t *index = argument;
    unsigned count = sizeof(text) - 1;

    assert_works(xc_readconsolering(xc(), text, &count, 0, 1, index));
    text[count] = '\0';
    return strstr(text, "show this message");
}

TEST(a_debug_key_is_answered_on_the_console)
{
    static char text[1 << 20];
    unsigned count = sizeof(text);
    uint32_t index = 0;

    assert_works(xc_readconsolering(xc(), text, &count, 0, 0, &index));
    assert_int_not_equal(count, 0);
    observe("console", "%u bytes, next index %u", count, index);
    assert_works(xc_send_debug_keys(xc(), "h"));
    assert_true(becomes_true(help_was_printed, &index, 10));
}

TEST(a_console_is_read_in_pieces_in_order)
{
    char whole[400], pieces[400];
    unsigned count = 400;
    uint32_t index = 0;

    assert_works(xc_readconsolering(xc(), whole, &count, 0, 1, &index));
    assert_int_equal(count, 400);
    index -= 400;
    for (unsigned i = 0; i < 4; i++) {
        count = 100;
        assert_works(xc_readconsolering(xc(), pieces + i * 100, &count, 0, 1, &index));
        assert_int_equal(count, 100);
    }
    assert_memory_equal(whole, pieces, 400);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_XEN(the_host_is_described),
        ON_XEN(sets_are_as_large_as_the_host_needs),
        ON_XEN(each_cpu_has_its_place),
        ON_XEN(the_nodes_have_the_hosts_memory),
        ON_XEN(devices_are_on_a_node_or_unknown),
        ON_XEN(idle_time_passes),
        ON_XEN(free_memory_is_the_same_both_ways),
        ON_XEN(domains_are_described_as_up_to_4_17),
        ON_XEN(a_debug_key_is_answered_on_the_console),
        ON_XEN(a_console_is_read_in_pieces_in_order),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
