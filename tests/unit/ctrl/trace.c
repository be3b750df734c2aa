/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Trace buffers, and CPUs that come and go. */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "xenctrl.h"

/* The buffers' size has been set before. */
static int tell_buffers(struct sent *request, uint8_t *payload)
{
    static const char unit[] = "xen_sysctl", member[] = "tbuf_op";

    if (payload[0] == 3)
        return -EINVAL;
    assert_int_equal(request->op, 2);
    set_field(running_minor, unit, member, "buffer_mfn", payload, 0x1234);
    set_field(running_minor, unit, member, "size", payload, 8192);
    return 0;
}

TEST(tracing_starts_with_the_buffers_that_there_are)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        unsigned long mfn, size;

        answer_with(tell_buffers);
        assert_int_equal(xc_tbuf_enable(xch, 20, &mfn, &size), 0);
        assert_int_equal(requests, 3);
        assert_int_equal(mfn, 0x1234);
        assert_int_equal(size, 8192);
        stop(xch);
    }
}

TEST(masks_are_set)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint8_t cpus[3] = {1};

        assert_int_equal(xc_tbuf_set_cpu_mask(xch, cpus), 0);
        assert_sysctl(minor, 2, "tbuf_op", {"cmd", 1}, {"cpu_mask.bitmap.p", AN_ADDRESS},
                      {"cpu_mask.nr_bits", HOST_CPUS});
        assert_int_equal(xc_tbuf_set_evt_mask(xch, 0xf000), 0);
        assert_sysctl(minor, 2, "tbuf_op", {"cmd", 2}, {"evt_mask", 0xf000});
        assert_int_equal(xc_tbuf_disable(xch), 0);
        assert_sysctl(minor, 2, "tbuf_op", {"cmd", 5});
        stop(xch);
    }
}

static int tell_option(struct sent *request, uint8_t *payload)
{
    (void)request;
    set_field(running_minor, "xen_domctl", "vmtrace_op", "value", payload, 99);
    return 0;
}

TEST(a_vcpu_is_traced_from_4_15_on)
{
    xc_interface *old = start(14);
    uint64_t value;

    assert_fails_with(xc_vmtrace_enable(old, 7, 1), -1, ENOTSUP);
    assert_int_equal(requests, 0);
    stop(old);
    for (unsigned minor = 15; minor <= NEWEST_MINOR; minor++) {
        xc_interface *xch = start(minor);

        assert_int_equal(xc_vmtrace_enable(xch, 7, 1), 0);
        assert_domctl(minor, 84, 7, "vmtrace_op", {"cmd", 1}, {"vcpu", 1});
        assert_int_equal(xc_vmtrace_set_option(xch, 7, 1, 0x570, 5), 0);
        assert_domctl(minor, 84, 7, "vmtrace_op", {"cmd", 6}, {"vcpu", 1}, {"key", 0x570},
                      {"value", 5});
        answer_with(tell_option);
        assert_int_equal(xc_vmtrace_get_option(xch, 7, 1, 0x570, &value), 0);
        assert_int_equal(value, 99);
        assert_int_equal(xc_vmtrace_output_position(xch, 7, 1, &value), 0);
        assert_domctl(minor, 84, 7, "vmtrace_op", {"cmd", 4}, {"vcpu", 1});
        stop(xch);
    }
}

TEST(cpus_come_and_go)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        assert_int_equal(xc_cpu_online(xch, 3), 0);
        assert_sysctl(minor, 11, "cpu_hotplug", {"cpu", 3}, {"op", 0});
        assert_int_equal(xc_cpu_offline(xch, 3), 0);
        assert_sysctl(minor, 11, "cpu_hotplug", {"cpu", 3}, {"op", 1});
        assert_int_equal(xc_smt_enable(xch), 0);
        assert_sysctl(minor, 11, "cpu_hotplug", {"op", 2});
        assert_int_equal(xc_smt_disable(xch), 0);
        assert_sysctl(minor, 11, "cpu_hotplug", {"op", 3});
        stop(xch);
    }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(tracing_starts_with_the_buffers_that_there_are),
        cmocka_unit_test(masks_are_set),
        cmocka_unit_test(a_vcpu_is_traced_from_4_15_on),
        cmocka_unit_test(cpus_come_and_go),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
