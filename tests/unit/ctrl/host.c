/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host: descriptions, sets of its CPUs, pools, schedulers, console, version. */
#include "harness.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "xenctrl.h"

TEST(physinfo_has_one_shape_whatever_runs)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xc_physinfo_t info;

        assert_int_equal(xc_physinfo(xch, &info), 0);
        assert_int_equal(info.nr_cpus, HOST_ONLINE);
        assert_int_equal(info.max_cpu_id, HOST_CPUS - 1);
        assert_int_equal(info.capabilities, fakerelease_value("capabilities", 0, 4));
        assert_true(info.free_pages == fakerelease_value("free_pages", 0, 8));
        assert_true(info.max_mfn == fakerelease_value("max_mfn", 0, 8));
        assert_int_equal(info.arch_capabilities,
                         minor < 17 ? 0 : fakerelease_value("arch_capabilities", 0, 4));
        stop(xch);
    }
}

TEST(sets_are_as_large_as_the_host_needs)
{
    xc_interface *xch = start(20);
    xc_cpumap_t cpus = xc_cpumap_alloc(xch);

    assert_int_equal(xc_get_max_cpus(xch), HOST_CPUS);
    assert_int_equal(xc_get_online_cpus(xch), HOST_ONLINE);
    assert_int_equal(xc_get_max_nodes(xch), HOST_NODES);
    assert_int_equal(xc_get_cpumap_size(xch), 3);
    assert_int_equal(xc_get_nodemap_size(xch), 1);
    assert_non_null(cpus);
    xc_cpumap_setcpu(19, cpus);
    assert_int_equal(cpus[2], 8);
    assert_true(xc_cpumap_testcpu(19, cpus));
    assert_false(xc_cpumap_testcpu(18, cpus));
    xc_cpumap_clearcpu(19, cpus);
    assert_int_equal(cpus[2], 0);
    free(cpus);
    stop(xch);
}

static int tell_topology(struct sent *request, uint8_t *payload)
{
    xc_cputopo_t *topology =
        address_in(running_minor, "xen_sysctl", "cputopoinfo", "cputopo.p", payload);

    (void)request;
    if (topology)
        topology[0] = (xc_cputopo_t){1, 2, 3};
    set_field(running_minor, "xen_sysctl", "cputopoinfo", "num_cpus", payload, 20);
    return 0;
}

TEST(topology_is_counted_first_and_then_filled)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        unsigned count = 0;
        xc_cputopo_t topology[20];

        answer_with(tell_topology);
        assert_int_equal(xc_cputopoinfo(xch, &count, NULL), 0);
        assert_sysctl(minor, 16, "cputopoinfo", {"num_cpus", 0});
        assert_int_equal(count, 20);
        assert_int_equal(xc_cputopoinfo(xch, &count, topology), 0);
        assert_sysctl(minor, 16, "cputopoinfo", {"num_cpus", 20}, {"cputopo.p", AN_ADDRESS});
        assert_int_equal(topology[0].node, 3);
        stop(xch);
    }
}

/* Two at a time. */
static int tell_pci_nodes(struct sent *request, uint8_t *payload)
{
    static const char unit[] = "xen_sysctl", member[] = "pcitopoinfo";
    physdev_pci_device_t *devs = address_in(running_minor, unit, member, "devs.p", payload);
    uint32_t *nodes = address_in(running_minor, unit, member, "nodes.p", payload);
    uint64_t count = fakerelease_get(payload,
                                     fakerelease_field(running_minor, unit, member, "num_devs"));

    (void)request;
    count = count < 2 ? count : 2;
    for (unsigned i = 0; i < count; i++)
        nodes[i] = devs[i].bus + 100u;
    set_field(running_minor, unit, member, "num_devs", payload, count);
    return 0;
}

TEST(pci_nodes_are_asked_for_until_all_are_known)
{
    xc_interface *xch = start(17);
    physdev_pci_device_t devs[5] = {{0, 1, 0}, {0, 2, 0}, {0, 3, 0}, {0, 4, 0}, {0, 5, 0}};
    uint32_t nodes[5];

    answer_with(tell_pci_nodes);
    assert_int_equal(xc_pcitopoinfo(xch, 5, devs, nodes), 0);
    assert_int_equal(requests, 3);
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(nodes[i], 101 + i);
    stop(xch);
}

static int tell_pool(struct sent *request, uint8_t *payload)
{
    static const char unit[] = "xen_sysctl", member[] = "cpupool_op";
    uint8_t *cpus = address_in(running_minor, unit, member, "cpumap.bitmap.p", payload);

    (void)request;
    if (cpus)
        cpus[1] = 5;
    set_field(running_minor, unit, member, "cpupool_id", payload, 9);
    set_field(running_minor, unit, member, "sched_id", payload, 6);
    set_field(running_minor, unit, member, "n_dom", payload, 2);
    return 0;
}

TEST(pools_are_described_with_their_cpus)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint32_t id = XC_CPUPOOL_POOLID_ANY;

        answer_with(tell_pool);
        assert_int_equal(xc_cpupool_create(xch, &id, 5), 0);
        assert_sysctl(minor, 18, "cpupool_op", {"op", 1}, {"cpupool_id", XC_CPUPOOL_POOLID_ANY},
                      {"sched_id", 5});
        assert_int_equal(id, 9);
        xc_cpupoolinfo_t *info = xc_cpupool_getinfo(xch, 1);
        assert_non_null(info);
        assert_sysctl(minor, 18, "cpupool_op", {"op", 3}, {"cpupool_id", 1},
                      {"cpumap.bitmap.p", AN_ADDRESS}, {"cpumap.nr_bits", 24});
        assert_int_equal(info->cpupool_id, 9);
        assert_int_equal(info->sched_id, 6);
        assert_int_equal(info->n_dom, 2);
        assert_memory_equal(info->cpumap, "\0\5\0", 3);
        xc_cpupool_infofree(xch, info);
        assert_int_equal(xc_cpupool_movedomain(xch, 9, 4), 0);
        assert_sysctl(minor, 18, "cpupool_op", {"op", 6}, {"cpupool_id", 9}, {"domid", 4});
        assert_int_equal(xc_cpupool_addcpu(xch, 9, -1), 0);
        assert_sysctl(minor, 18, "cpupool_op", {"op", 4}, {"cpupool_id", 9},
                      {"cpu", UINT32_MAX});
        stop(xch);
    }
}

TEST(schedulers_take_their_parameters)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct xen_domctl_sched_credit2 credit2 = {.weight = 512, .cap = 50};
        struct xen_sysctl_credit_schedule credit = {30, 1000, 7};
        struct xen_domctl_sched_rtds rtds = {10000, 4000, 1};

        assert_int_equal(xc_sched_credit2_domain_set(xch, 3, &credit2), 0);
        assert_domctl(minor, 16, 3, "scheduler_op", {"sched_id", XEN_SCHEDULER_CREDIT2},
                      {"cmd", 0}, {"u.credit2.weight", 512}, {"u.credit2.cap", 50});
        assert_int_equal(xc_sched_credit2_domain_get(xch, 3, &credit2), 0);
        assert_domctl(minor, 16, 3, "scheduler_op", {"sched_id", XEN_SCHEDULER_CREDIT2},
                      {"cmd", 1});
        assert_int_equal(xc_sched_rtds_domain_set(xch, 3, &rtds), 0);
        assert_domctl(minor, 16, 3, "scheduler_op", {"sched_id", XEN_SCHEDULER_RTDS}, {"cmd", 0},
                      {"u.rtds.period", 10000}, {"u.rtds.budget", 4000}, {"u.rtds.flags", 1});
        assert_int_equal(xc_sched_credit_params_set(xch, 2, &credit), 0);
        assert_sysctl(minor, 19, "scheduler_op", {"cpupool_id", 2},
                      {"sched_id", XEN_SCHEDULER_CREDIT}, {"cmd", 0},
                      {"u.sched_credit.tslice_ms", 30}, {"u.sched_credit.ratelimit_us", 1000},
                      {"u.sched_credit.vcpu_migr_delay_us", 7});
        stop(xch);
    }
}

static int tell_console(struct sent *request, uint8_t *payload)
{
    static const char unit[] = "xen_sysctl", member[] = "readconsole";

    (void)request;
    memcpy(address_in(running_minor, unit, member, "buffer.p", payload), "(XEN) hi", 8);
    set_field(running_minor, unit, member, "count", payload, 8);
    set_field(running_minor, unit, member, "index", payload, 48);
    return 0;
}

TEST(the_console_is_read_on_from_an_index)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        char text[100];
        unsigned count = sizeof(text);
        uint32_t index = 40;

        answer_with(tell_console);
        assert_int_equal(xc_readconsolering(xch, text, &count, 0, 1, &index), 0);
        assert_sysctl(minor, 1, "readconsole", {"incremental", 1}, {"index", 40},
                      {"buffer.p", AN_ADDRESS}, {"count", 100});
        assert_int_equal(count, 8);
        assert_int_equal(index, 48);
        assert_memory_equal(text, "(XEN) hi", 8);
        answer_with(NULL);
        assert_int_equal(xc_send_debug_keys(xch, "qr"), 0);
        assert_sysctl(minor, 7, "debug_keys", {"keys.p", AN_ADDRESS}, {"nr_keys", 2});
        stop(xch);
    }
}

TEST(versions_are_numbers_and_texts)
{
    xc_interface *xch = start(20);
    xen_extraversion_t extra;

    assert_int_equal(xc_version(xch, XENVER_version, NULL), 4 << 16 | 20);
    assert_int_equal(xc_version(xch, XENVER_extraversion, &extra), 0);
    assert_string_equal(extra, ".1");
    char *text = xc_xenver_extraversion(xch);
    assert_string_equal(text, ".1");
    free(text);
    assert_fails_with(xc_version(xch, 99, NULL), -1, EINVAL);
    stop(xch);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(physinfo_has_one_shape_whatever_runs),
        cmocka_unit_test(sets_are_as_large_as_the_host_needs),
        cmocka_unit_test(topology_is_counted_first_and_then_filled),
        cmocka_unit_test(pci_nodes_are_asked_for_until_all_are_known),
        cmocka_unit_test(pools_are_described_with_their_cpus),
        cmocka_unit_test(schedulers_take_their_parameters),
        cmocka_unit_test(the_console_is_read_on_from_an_index),
        cmocka_unit_test(versions_are_numbers_and_texts),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
