/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The NUMA nodes that a domain sees: set by a domctl, read by a memory_op. */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "xenctrl.h"

enum { DOM = 7, NODES = 2, RANGES = 2, VCPUS = 3 };

static xen_vmemrange_t ranges[RANGES] = {{0, 0x8000000, 0, 0}, {0x8000000, 0x10000000, 0, 1}};
static unsigned distances[NODES * NODES] = {10, 20, 21, 10};
static unsigned vcpu_nodes[VCPUS] = {0, 1, 1};
static unsigned host_nodes[NODES] = {1, 0};

static void *array(const char *field, const uint8_t *payload)
{
    return address_in(running_minor, "xen_domctl", "vnuma", field, payload);
}

static int see_arrays(struct sent *request, uint8_t *payload)
{
    (void)request;
    assert_memory_equal(array("vdistance.p", payload), distances, sizeof(distances));
    assert_memory_equal(array("vcpu_to_vnode.p", payload), vcpu_nodes, sizeof(vcpu_nodes));
    assert_memory_equal(array("vnode_to_pnode.p", payload), host_nodes, sizeof(host_nodes));
    assert_memory_equal(array("vmemrange.p", payload), ranges, sizeof(ranges));
    return 0;
}

TEST(nodes_are_set_with_all_their_arrays)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        answer_with(see_arrays);
        assert_int_equal(xc_domain_setvnuma(xch, DOM, NODES, RANGES, VCPUS, ranges, distances,
                                            vcpu_nodes, host_nodes),
                         0);
        assert_domctl(minor, 74, DOM, "vnuma", {"nr_vnodes", NODES}, {"nr_vmemranges", RANGES},
                      {"nr_vcpus", VCPUS}, {"vdistance.p", AN_ADDRESS},
                      {"vcpu_to_vnode.p", AN_ADDRESS}, {"vnode_to_pnode.p", AN_ADDRESS},
                      {"vmemrange.p", AN_ADDRESS});
        stop(xch);
    }
}

TEST(nodes_that_are_not_complete_are_refused)
{
    xc_interface *xch = start(17);

    assert_fails_with(xc_domain_setvnuma(xch, DOM, 0, 1, 1, ranges, distances, vcpu_nodes,
                                         host_nodes),
                      -1, EINVAL);
    assert_fails_with(xc_domain_setvnuma(xch, DOM, 1, 1, 1, NULL, distances, vcpu_nodes,
                                         host_nodes),
                      -1, EINVAL);
    assert_fails_with(xc_domain_setvnuma(xch, DOM, 1, 1, 1, ranges, distances, vcpu_nodes, NULL),
                      -1, EINVAL);
    assert_fails_with(xc_domain_setvnuma(xch, DOM, 0x10000, 1, 1, ranges, distances, vcpu_nodes,
                                         host_nodes),
                      -1, EINVAL);
    assert_fails_with(xc_domain_setvnuma(xch, 0x10000, NODES, RANGES, VCPUS, ranges, distances,
                                         vcpu_nodes, host_nodes),
                      -1, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

/* ENOBUFS with the numbers, unless there is room. */
static int tell(struct sent *request, uint8_t *memory)
{
    struct xen_vnuma_topology_info *info = (void *)memory;
    int has_room = info->nr_vnodes >= NODES && info->nr_vcpus >= VCPUS &&
                   info->nr_vmemranges >= RANGES;

    (void)request;
    info->nr_vnodes = NODES;
    info->nr_vcpus = VCPUS;
    info->nr_vmemranges = RANGES;
    if (!has_room)
        return -ENOBUFS;
    memcpy(info->vdistance.h.p, distances, sizeof(distances));
    memcpy(info->vcpu_to_vnode.h.p, vcpu_nodes, sizeof(vcpu_nodes));
    memcpy(info->vmemrange.h.p, ranges, sizeof(ranges));
    return 0;
}

TEST(room_that_is_too_small_is_told_and_then_filled)
{
    xc_interface *xch = start(17);
    uint32_t nodes = 0, in_ranges = 0, vcpus = 0;
    xen_vmemrange_t range[RANGES];
    unsigned distance[NODES * NODES], vcpu_node[VCPUS];

    answer_with(tell);
    assert_fails_with(xc_domain_getvnuma(xch, DOM, &nodes, &in_ranges, &vcpus, NULL, NULL, NULL),
                      -1, ENOBUFS);
    assert_int_equal(sent.op, __HYPERVISOR_memory_op);
    assert_int_equal(sent.arguments[0], XENMEM_get_vnumainfo);
    assert_int_equal(nodes, NODES);
    assert_int_equal(in_ranges, RANGES);
    assert_int_equal(vcpus, VCPUS);
    assert_int_equal(xc_domain_getvnuma(xch, DOM, &nodes, &in_ranges, &vcpus, range, distance,
                                        vcpu_node),
                     0);
    assert_int_equal(((struct xen_vnuma_topology_info *)sent.memory)->domid, DOM);
    assert_memory_equal(range, ranges, sizeof(ranges));
    assert_memory_equal(distance, distances, sizeof(distances));
    assert_memory_equal(vcpu_node, vcpu_nodes, sizeof(vcpu_nodes));
    stop(xch);
}

static int has_none(struct sent *request, uint8_t *memory)
{
    (void)request;
    (void)memory;
    return -EOPNOTSUPP;
}

TEST(a_domain_without_nodes_changes_nothing)
{
    xc_interface *xch = start(17);
    uint32_t nodes = 4, in_ranges = 5, vcpus = 6;
    xen_vmemrange_t range[5];
    unsigned distance[16], vcpu_node[6];

    answer_with(has_none);
    assert_fails_with(xc_domain_getvnuma(xch, DOM, &nodes, &in_ranges, &vcpus, range, distance,
                                         vcpu_node),
                      -1, EOPNOTSUPP);
    assert_int_equal(nodes, 4);
    assert_int_equal(in_ranges, 5);
    assert_int_equal(vcpus, 6);
    assert_fails_with(xc_domain_getvnuma(xch, 0x10000, &nodes, &in_ranges, &vcpus, range,
                                         distance, vcpu_node),
                      -1, EINVAL);
    assert_int_equal(requests, 1);
    stop(xch);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_are_set_with_all_their_arrays),
        cmocka_unit_test(nodes_that_are_not_complete_are_refused),
        cmocka_unit_test(room_that_is_too_small_is_told_and_then_filled),
        cmocka_unit_test(a_domain_without_nodes_changes_nothing),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
