/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Operations that a release has, has not yet, and has no longer. */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fixture.h"

enum { PAUSEDOMAIN = 3, DISABLE_MIGRATE = 58, VMTRACE_OP = 84, SCHED_ID = 4, LEVELLING_CAPS = 25 };

static unsigned last_cmd;
static uint8_t last_payload[HVABI_PAYLOAD_SIZE];

static int take_domctl(unsigned cmd, uint16_t *domid, uint8_t *payload, void *user)
{
    (void)user;
    last_cmd = cmd;
    memcpy(last_payload, payload, sizeof(last_payload));
    *domid = (uint16_t)(*domid + 1);
    payload[0]++;
    return 7;
}

static int take_sysctl(unsigned cmd, uint8_t *payload, void *user)
{
    uint16_t domid = 0;

    return take_domctl(cmd, &domid, payload, user);
}

static struct fixture *start_taking(unsigned minor)
{
    struct fixture *fixture = start(minor);

    fixture->xen->on_domctl = take_domctl;
    fixture->xen->on_sysctl = take_sysctl;
    return fixture;
}

TEST(an_operation_goes_out_and_its_answer_comes_back)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_taking(minor);
        struct hvabi_payload payload = {{41}}, expected = {{41}};
        uint16_t domid = 5;

        assert_int_equal(xenhvabi_domctl(&fixture->abi, PAUSEDOMAIN, &domid, &payload), 7);
        assert_int_equal(last_cmd, PAUSEDOMAIN);
        assert_memory_equal(last_payload, &expected, sizeof(expected));
        assert_int_equal(domid, 6);
        assert_int_equal(payload.bytes[0], 42);

        payload.bytes[0] = 41;
        assert_int_equal(xenhvabi_sysctl(&fixture->abi, SCHED_ID, &payload), 7);
        assert_int_equal(last_cmd, SCHED_ID);
        assert_memory_equal(last_payload, &expected, sizeof(expected));
        assert_int_equal(payload.bytes[0], 42);
        assert_int_equal(logged.messages, 0);
        stop(fixture);
    }
}

static int domctl(struct fixture *fixture, unsigned cmd)
{
    struct hvabi_payload payload = {{0}};
    uint16_t domid = 1;

    return xenhvabi_domctl(&fixture->abi, cmd, &domid, &payload) < 0 ? -1 : 0;
}

static int sysctl(struct fixture *fixture, unsigned cmd)
{
    struct hvabi_payload payload = {{0}};

    return xenhvabi_sysctl(&fixture->abi, cmd, &payload) < 0 ? -1 : 0;
}

TEST(what_is_not_there_yet_is_refused_with_its_release)
{
    struct fixture *fixture = start_taking(14);

    assert_fails_with(domctl(fixture, VMTRACE_OP), -1, ENOTSUP);
    assert_string_equal(logged.text, "Xen 4.14 has no vmtrace_op: it came in 4.15");
    stop(fixture);

    fixture = start_taking(15);
    assert_int_equal(domctl(fixture, VMTRACE_OP), 0);
    stop(fixture);
}

TEST(what_is_no_longer_there_is_refused_with_its_release)
{
    struct fixture *fixture = start_taking(15);

    assert_fails_with(domctl(fixture, DISABLE_MIGRATE), -1, ENOTSUP);
    assert_string_equal(logged.text, "Xen 4.15 has no disable_migrate: 4.14 was the last");
    assert_int_equal(sysctl(fixture, LEVELLING_CAPS), 0);
    stop(fixture);

    fixture = start_taking(22);
    assert_fails_with(sysctl(fixture, LEVELLING_CAPS), -1, ENOTSUP);
    assert_string_equal(logged.text,
                        "Xen 4.22 has no get_cpu_levelling_caps: 4.21 was the last");
    stop(fixture);
}

TEST(a_refusal_is_logged_once_per_operation_and_sends_nothing)
{
    struct fixture *fixture = start_taking(14);
    struct hvabi_running running;

    assert_int_equal(xenhvabi_running(fixture->abi.xcall, &running), 0);
    unsigned sent = fixture->xen->domctls;
    for (int i = 0; i < 3; i++)
        assert_fails_with(domctl(fixture, VMTRACE_OP), -1, ENOTSUP);
    assert_int_equal(logged.messages, 1);
    assert_fails_with(domctl(fixture, HVABI_DOMCTL_GET_DOMAIN_STATE), -1, ENOTSUP);
    assert_int_equal(logged.messages, 2);
    assert_int_equal(fixture->xen->domctls, sent);
    stop(fixture);
}

TEST(a_number_that_no_release_has_is_refused)
{
    struct fixture *fixture = start_taking(17);

    assert_fails_with(domctl(fixture, 999), -1, ENOTSUP);
    assert_fails_with(sysctl(fixture, 999), -1, ENOTSUP);
    stop(fixture);
}

TEST(a_stable_operation_takes_number_0_from_4_21_on)
{
    struct fixture *fixture = start_taking(20);

    assert_fails_with(domctl(fixture, HVABI_DOMCTL_GET_DOMAIN_STATE), -1, ENOTSUP);
    assert_string_equal(logged.text, "Xen 4.20 has no get_domain_state: it came in 4.21");
    stop(fixture);

    for (unsigned minor = 21; minor <= 23; minor++) {
        fixture = start_taking(minor);
        assert_int_equal(domctl(fixture, HVABI_DOMCTL_GET_DOMAIN_STATE), 0);
        assert_int_equal(fixture->xen->last_domctl_number, 0);
        stop(fixture);
    }
}

TEST(on_an_unknown_interface_only_stable_operations_work)
{
    struct fixture *fixture = start_taking(24);

    fixture->xen->domctl_number = 0x99;
    fixture->xen->sysctl_number = 0x99;
    assert_int_equal(domctl(fixture, HVABI_DOMCTL_GET_DOMAIN_STATE), 0);
    assert_int_equal(logged.messages, 0);
    assert_fails_with(domctl(fixture, PAUSEDOMAIN), -1, ENOTSUP);
    assert_string_equal(logged.text,
                        "pausedomain: the interface of Xen 4.24 is not known to this library");
    assert_fails_with(sysctl(fixture, SCHED_ID), -1, ENOTSUP);
    assert_string_equal(logged.text,
                        "sched_id: the interface of Xen 4.24 is not known to this library");
    stop(fixture);
}

TEST(a_release_before_4_14_is_told_apart_from_a_missing_right)
{
    struct fixture *fixture = start_taking(13);

    assert_fails_with(domctl(fixture, PAUSEDOMAIN), -1, ENOTSUP);
    assert_string_equal(logged.text, "pausedomain: Xen 4.13 is older than 4.14, the oldest that this "
                                   "library knows");
    stop(fixture);
}

TEST(whether_an_operation_is_there_is_told_in_silence)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_taking(minor);
        struct hvabi *abi = &fixture->abi;

        assert_int_equal(xenhvabi_has_domctl(abi, PAUSEDOMAIN), 1);
        assert_int_equal(xenhvabi_has_domctl(abi, DISABLE_MIGRATE), minor == 14);
        assert_int_equal(xenhvabi_has_domctl(abi, VMTRACE_OP), minor >= 15);
        assert_int_equal(xenhvabi_has_domctl(abi, HVABI_DOMCTL_GET_DOMAIN_STATE), minor >= 21);
        assert_int_equal(xenhvabi_has_domctl(abi, 999), 0);
        assert_int_equal(xenhvabi_has_sysctl(abi, SCHED_ID), 1);
        assert_int_equal(xenhvabi_has_sysctl(abi, LEVELLING_CAPS), minor <= 21);
        assert_int_equal(xenhvabi_has_sysctl(abi, 999), 0);
        assert_int_equal(logged.messages, 0);
        stop(fixture);
    }

    struct fixture *fixture = start_taking(24);
    fixture->xen->domctl_number = fixture->xen->sysctl_number = 0x99;
    assert_int_equal(xenhvabi_has_domctl(&fixture->abi, HVABI_DOMCTL_GET_DOMAIN_STATE), 1);
    assert_int_equal(xenhvabi_has_domctl(&fixture->abi, PAUSEDOMAIN), 0);
    assert_int_equal(xenhvabi_has_sysctl(&fixture->abi, SCHED_ID), 0);
    stop(fixture);

    fixture = start_taking(17);
    fixture->xen->version_errno = EPERM;
    assert_fails_with(xenhvabi_has_domctl(&fixture->abi, PAUSEDOMAIN), -1, EPERM);
    assert_fails_with(xenhvabi_has_sysctl(&fixture->abi, SCHED_ID), -1, EPERM);
    stop(fixture);
}

TEST(permission_errors_are_passed_on)
{
    struct fixture *fixture = start_taking(17);

    fixture->xen->is_unprivileged = true;
    assert_fails_with(domctl(fixture, PAUSEDOMAIN), -1, EPERM);
    stop(fixture);

    fixture = start_taking(17);
    fixture->xen->is_policy_refusing = true;
    assert_fails_with(domctl(fixture, PAUSEDOMAIN), -1, EACCES);
    assert_int_equal(logged.messages, 0);
    stop(fixture);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_operation_goes_out_and_its_answer_comes_back),
        cmocka_unit_test(what_is_not_there_yet_is_refused_with_its_release),
        cmocka_unit_test(what_is_no_longer_there_is_refused_with_its_release),
        cmocka_unit_test(a_refusal_is_logged_once_per_operation_and_sends_nothing),
        cmocka_unit_test(a_number_that_no_release_has_is_refused),
        cmocka_unit_test(a_stable_operation_takes_number_0_from_4_21_on),
        cmocka_unit_test(on_an_unknown_interface_only_stable_operations_work),
        cmocka_unit_test(a_release_before_4_14_is_told_apart_from_a_missing_right),
        cmocka_unit_test(whether_an_operation_is_there_is_told_in_silence),
        cmocka_unit_test(permission_errors_are_passed_on),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
