/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* vCPUs: what is asked, what comes back, and which sets of CPUs go along. */
#include "harness.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "xenctrl.h"

enum { DOM = 7, MAP_BYTES = 3 };

static int tell_info(struct sent *request, uint8_t *payload)
{
    (void)request;
    fakerelease_fill(running_minor, "xen_domctl", "getvcpuinfo", 3, payload);
    return 0;
}

TEST(info_is_as_xen_tells_it)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xc_vcpuinfo_t info;

        answer_with(tell_info);
        assert_int_equal(xc_vcpu_getinfo(xch, DOM, 4, &info), 0);
        assert_domctl(minor, 14, DOM, "getvcpuinfo", {"vcpu", 4});
        assert_int_equal(info.online, fakerelease_value("online", 3, 1));
        assert_int_equal(info.blocked, fakerelease_value("blocked", 3, 1));
        assert_int_equal(info.running, fakerelease_value("running", 3, 1));
        assert_true(info.cpu_time == fakerelease_value("cpu_time", 3, 8));
        assert_int_equal(info.cpu, fakerelease_value("cpu", 3, 4));
        assert_true(xc_domain_get_cpu_usage(xch, DOM, 4) == (long long)info.cpu_time);
        stop(xch);
    }
}

/* Xen takes one CPU out of the hard set, and turns the soft one round. */
static int narrow(struct sent *request, uint8_t *payload)
{
    uint8_t *hard = address_in(running_minor, "xen_domctl", "vcpuaffinity",
                               "cpumap_hard.bitmap.p", payload);
    uint8_t *soft = address_in(running_minor, "xen_domctl", "vcpuaffinity",
                               "cpumap_soft.bitmap.p", payload);

    (void)request;
    hard[0] &= (uint8_t)~1;
    for (int i = 0; i < MAP_BYTES; i++)
        soft[i] = (uint8_t)~soft[i];
    return 0;
}

TEST(affinity_goes_out_and_what_holds_comes_back)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint8_t hard[MAP_BYTES] = {0x0f, 0, 1}, soft[MAP_BYTES] = {0xff, 0, 0};

        answer_with(narrow);
        assert_int_equal(xc_vcpu_setaffinity(xch, DOM, 1, hard, soft,
                                             XEN_VCPUAFFINITY_HARD | XEN_VCPUAFFINITY_SOFT),
                         0);
        assert_domctl(minor, 9, DOM, "vcpuaffinity", {"vcpu", 1}, {"flags", 3},
                      {"cpumap_hard.bitmap.p", AN_ADDRESS}, {"cpumap_hard.nr_bits", 24},
                      {"cpumap_soft.bitmap.p", AN_ADDRESS}, {"cpumap_soft.nr_bits", 24});
        assert_memory_equal(hard, ((uint8_t[]){0x0e, 0, 1}), MAP_BYTES);
        assert_memory_equal(soft, ((uint8_t[]){0, 0xff, 0xff}), MAP_BYTES);
        assert_int_equal(xc_vcpu_getaffinity(xch, DOM, 1, hard, NULL, XEN_VCPUAFFINITY_HARD), 0);
        assert_int_equal(sent.op, 25);
        stop(xch);
    }
}

TEST(an_affinity_without_its_set_is_refused)
{
    xc_interface *xch = start(17);
    uint8_t set[MAP_BYTES] = {1};

    assert_fails_with(xc_vcpu_setaffinity(xch, DOM, 0, NULL, set, XEN_VCPUAFFINITY_HARD), -1,
                      EINVAL);
    assert_fails_with(xc_vcpu_setaffinity(xch, DOM, 0, set, NULL, 0), -1, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

static int give_nodes(struct sent *request, uint8_t *payload)
{
    uint8_t *nodes = address_in(running_minor, "xen_domctl", "nodeaffinity", "nodemap.bitmap.p",
                                payload);

    if (request->op == 69)
        nodes[0] = 2;
    return 0;
}

TEST(node_affinity_is_a_set_of_nodes)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint8_t nodes[1] = {3};

        answer_with(give_nodes);
        assert_int_equal(xc_domain_node_setaffinity(xch, DOM, nodes), 0);
        assert_domctl(minor, 68, DOM, "nodeaffinity", {"nodemap.bitmap.p", AN_ADDRESS},
                      {"nodemap.nr_bits", 8});
        assert_int_equal(xc_domain_node_getaffinity(xch, DOM, nodes), 0);
        assert_int_equal(nodes[0], 2);
        stop(xch);
    }
}

static int copy_context(struct sent *request, uint8_t *payload)
{
    char *context = address_in(running_minor, "xen_domctl", "vcpucontext", "ctxt.p", payload);

    if (request->op == 13)
        strcpy(context, "registers");
    else if (context)
        assert_string_equal(context, "to be set");
    return 0;
}

TEST(registers_are_copied_both_ways_and_a_reset_has_none)
{
    static vcpu_guest_context_any_t context;

    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        answer_with(copy_context);
        strcpy((char *)&context, "to be set");
        assert_int_equal(xc_vcpu_setcontext(xch, DOM, 2, &context), 0);
        assert_domctl(minor, 12, DOM, "vcpucontext", {"vcpu", 2}, {"ctxt.p", AN_ADDRESS});
        assert_int_equal(xc_vcpu_setcontext(xch, DOM, 2, NULL), 0);
        assert_domctl(minor, 12, DOM, "vcpucontext", {"vcpu", 2});
        assert_int_equal(xc_vcpu_getcontext(xch, DOM, 2, &context), 0);
        assert_domctl(minor, 13, DOM, "vcpucontext", {"vcpu", 2}, {"ctxt.p", AN_ADDRESS});
        assert_string_equal((char *)&context, "registers");
        stop(xch);
    }
}

enum { EXTSTATE = 63, EXTSTATE_SIZE = 40 };

/* 40 bytes there are; asked with room for fewer, Xen says EINVAL. */
static int tell_extstate(struct sent *request, uint8_t *payload)
{
    static const char unit[] = "xen_domctl", member[] = "vcpuextstate";
    uint64_t size = fakerelease_get(payload,
                                    fakerelease_field(running_minor, unit, member, "size"));

    (void)request;
    if (size && size < EXTSTATE_SIZE)
        return -EINVAL;
    if (size)
        memset(address_in(running_minor, unit, member, "buffer.p", payload), 0x5a, EXTSTATE_SIZE);
    set_field(running_minor, unit, member, "size", payload, EXTSTATE_SIZE);
    set_field(running_minor, unit, member, "xfeature_mask", payload, 7);
    return 0;
}

TEST(extended_registers_are_measured_first_and_then_read)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint8_t registers[EXTSTATE_SIZE + 8] = {0};
        xc_vcpu_extstate_t extstate = {0};

        answer_with(tell_extstate);
        assert_int_equal(xc_vcpu_get_extstate(xch, DOM, 2, &extstate), 0);
        assert_domctl(minor, EXTSTATE, DOM, "vcpuextstate", {"vcpu", 2});
        assert_int_equal(extstate.size, EXTSTATE_SIZE);
        assert_int_equal(extstate.xfeature_mask, 7);
        extstate.buffer = registers;
        extstate.size = sizeof(registers);
        assert_int_equal(xc_vcpu_get_extstate(xch, DOM, 2, &extstate), 0);
        assert_domctl(minor, EXTSTATE, DOM, "vcpuextstate", {"vcpu", 2}, {"xfeature_mask", 7},
                      {"size", sizeof(registers)}, {"buffer.p", AN_ADDRESS});
        assert_int_equal(registers[EXTSTATE_SIZE - 1], 0x5a);
        assert_int_equal(registers[EXTSTATE_SIZE], 0);
        extstate.size = 8;
        memset(registers, 0, sizeof(registers));
        assert_fails_with(xc_vcpu_get_extstate(xch, DOM, 2, &extstate), -1, EINVAL);
        assert_int_equal(registers[0], 0);
        stop(xch);
    }
}

static int no_such_vcpu(struct sent *request, uint8_t *payload)
{
    (void)request;
    memset(payload, 0x77, 128);
    return -ESRCH;
}

TEST(a_failure_fills_nothing)
{
    xc_interface *xch = start(17);
    static vcpu_guest_context_any_t context;
    xc_vcpuinfo_t info = {.cpu = 3};
    uint8_t set[MAP_BYTES] = {1}, nodes[1] = {1};
    xc_vcpu_extstate_t extstate = {.xfeature_mask = 3};

    answer_with(no_such_vcpu);
    assert_fails_with(xc_vcpu_getinfo(xch, DOM, 4, &info), -1, ESRCH);
    assert_int_equal(info.cpu, 3);
    assert_fails_with(xc_domain_get_cpu_usage(xch, DOM, 4), -1, ESRCH);
    assert_fails_with(xc_vcpu_getaffinity(xch, DOM, 4, set, NULL, XEN_VCPUAFFINITY_HARD), -1,
                      ESRCH);
    assert_int_equal(set[0], 1);
    assert_fails_with(xc_domain_node_getaffinity(xch, DOM, nodes), -1, ESRCH);
    assert_int_equal(nodes[0], 1);
    assert_fails_with(xc_vcpu_getcontext(xch, DOM, 4, &context), -1, ESRCH);
    assert_fails_with(xc_vcpu_setcontext(xch, DOM, 4, &context), -1, ESRCH);
    assert_fails_with(xc_vcpu_get_extstate(xch, DOM, 4, &extstate), -1, ESRCH);
    assert_int_equal(extstate.xfeature_mask, 3);
    stop(xch);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(info_is_as_xen_tells_it),
        cmocka_unit_test(affinity_goes_out_and_what_holds_comes_back),
        cmocka_unit_test(an_affinity_without_its_set_is_refused),
        cmocka_unit_test(node_affinity_is_a_set_of_nodes),
        cmocka_unit_test(registers_are_copied_both_ways_and_a_reset_has_none),
        cmocka_unit_test(extended_registers_are_measured_first_and_then_read),
        cmocka_unit_test(a_failure_fills_nothing),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
