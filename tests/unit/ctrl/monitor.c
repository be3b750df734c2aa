/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a listener is told of. */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "xenctrl.h"

enum { MONITOR_OP = 77, VM_EVENT_OP = 56 };
enum { ENABLE = 0, DISABLE = 1 };

#define assert_monitor(minor, ...) assert_domctl(minor, MONITOR_OP, 7, "monitor_op", __VA_ARGS__)

/* Those that have no options, by the number of their event. */
static const struct plain {
    uint32_t event;
    int (*function)(xc_interface *xch, uint32_t domid, bool enable);
    unsigned since;
} plain[] = {
    {2, xc_monitor_singlestep, 14},
    {3, xc_monitor_software_breakpoint, 14},
    {6, xc_monitor_cpuid, 14},
    {7, xc_monitor_privileged_call, 14},
    {9, xc_monitor_descriptor_access, 14},
    {10, xc_monitor_emul_unimplemented, 14},
    {11, xc_monitor_inguest_pagefault, 14},
    {13, xc_monitor_io, 18},
};
#define PLAIN (sizeof(plain) / sizeof(plain[0]))

TEST(events_without_options_are_switched)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        for (unsigned i = 0; i < PLAIN; i++) {
            if (minor < plain[i].since)
                continue;
            assert_int_equal(plain[i].function(xch, 7, true), 0);
            assert_monitor(minor, {"op", ENABLE}, {"event", plain[i].event});
            assert_int_equal(plain[i].function(xch, 7, false), 0);
            assert_monitor(minor, {"op", DISABLE}, {"event", plain[i].event});
        }
        stop(xch);
    }
}

TEST(what_the_release_does_not_tell_is_refused)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        if (minor < 18)
            assert_fails_with(xc_monitor_io(xch, 7, true), -1, ENOTSUP);
        if (minor < 17)
            assert_fails_with(xc_monitor_vmexit(xch, 7, true, false), -1, ENOTSUP);
        assert_int_equal(requests, 0);
        stop(xch);
    }
}

TEST(writes_to_registers_are_watched)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        assert_int_equal(xc_monitor_write_ctrlreg(xch, 7, 3, true, true, 0x123456789, true), 0);
        assert_monitor(minor, {"op", ENABLE}, {"event", 0}, {"u.mov_to_cr.index", 3},
                       {"u.mov_to_cr.sync", 1}, {"u.mov_to_cr.onchangeonly", 1},
                       {"u.mov_to_cr.bitmask", 0x123456789});
        assert_int_equal(xc_monitor_write_ctrlreg(xch, 7, 2, false, false, 0, false), 0);
        assert_monitor(minor, {"op", DISABLE}, {"event", 0}, {"u.mov_to_cr.index", 2});
        assert_int_equal(xc_monitor_mov_to_msr(xch, 7, 0xc0000080, true, true), 0);
        assert_monitor(minor, {"op", ENABLE}, {"event", 1}, {"u.mov_to_msr.msr", 0xc0000080},
                       {"u.mov_to_msr.onchangeonly", 1});
        stop(xch);
    }
}

/* Upstream's function drops the upper half: 0x103 is register 3 there. */
TEST(a_register_number_is_not_cut_off)
{
    xc_interface *xch = start(17);

    assert_fails_with(xc_monitor_write_ctrlreg(xch, 7, 0x103, true, true, 0, true), -1, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

TEST(events_have_options)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        assert_int_equal(xc_monitor_guest_request(xch, 7, true, true, true), 0);
        assert_monitor(minor, {"op", ENABLE}, {"event", 4}, {"u.guest_request.sync", 1},
                       {"u.guest_request.allow_userspace", 1});
        assert_int_equal(xc_monitor_guest_request(xch, 7, false, true, true), 0);
        assert_monitor(minor, {"op", DISABLE}, {"event", 4}, {"u.guest_request.sync", 1});
        assert_int_equal(xc_monitor_debug_exceptions(xch, 7, true, true), 0);
        assert_monitor(minor, {"op", ENABLE}, {"event", 5}, {"u.debug_exception.sync", 1});
        if (minor >= 17) {
            assert_int_equal(xc_monitor_vmexit(xch, 7, true, true), 0);
            assert_monitor(minor, {"op", ENABLE}, {"event", 12}, {"u.vmexit.sync", 1});
        }
        assert_int_equal(xc_monitor_emulate_each_rep(xch, 7, true), 0);
        assert_monitor(minor, {"op", 3}, {"event", 1});
        assert_int_equal(xc_monitor_emulate_each_rep(xch, 7, false), 0);
        assert_monitor(minor, {"op", 3});
        stop(xch);
    }
}

static int can_do_0x1234(struct sent *request, uint8_t *payload)
{
    (void)request;
    set_field(running_minor, "xen_domctl", "monitor_op", "event", payload, 0x1234);
    return 0;
}

TEST(capabilities_are_told)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint32_t capabilities = 0;

        answer_with(can_do_0x1234);
        assert_int_equal(xc_monitor_get_capabilities(xch, 7, &capabilities), 0);
        assert_monitor(minor, {"op", 2});
        assert_int_equal(capabilities, 0x1234);
        assert_fails_with(xc_monitor_get_capabilities(xch, 7, NULL), -1, EINVAL);
        assert_int_equal(requests, 1);
        stop(xch);
    }
}

static int refuse(struct sent *request, uint8_t *payload)
{
    (void)request;
    memset(payload, 0x41, 24);
    return -EOPNOTSUPP;
}

TEST(a_refusal_is_passed_on_and_tells_the_domain)
{
    xc_interface *xch = start(20);
    uint32_t capabilities = 9;

    answer_with(refuse);
    assert_fails_with(xc_monitor_get_capabilities(xch, 7, &capabilities), -1, EOPNOTSUPP);
    assert_int_equal(capabilities, 9);
    assert_fails_with(xc_monitor_cpuid(xch, 7, true), -1, EOPNOTSUPP);
    assert_non_null(strstr(xc_get_last_error(xch)->message, "domain 7"));
    stop(xch);
}

TEST(no_domain_id_is_sent_that_is_none)
{
    xc_interface *xch = start(20);

    for (unsigned i = 0; i < PLAIN; i++)
        assert_fails_with(plain[i].function(xch, 0x10007, true), -1, EINVAL);
    assert_fails_with(xc_monitor_disable(xch, 0x10007), -1, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_without_options_are_switched),
        cmocka_unit_test(what_the_release_does_not_tell_is_refused),
        cmocka_unit_test(writes_to_registers_are_watched),
        cmocka_unit_test(a_register_number_is_not_cut_off),
        cmocka_unit_test(events_have_options),
        cmocka_unit_test(capabilities_are_told),
        cmocka_unit_test(a_refusal_is_passed_on_and_tells_the_domain),
        cmocka_unit_test(no_domain_id_is_sent_that_is_none),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
