/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Each rule holds in the releases that facts/every-xen.md names, and in no other. */
#include "quirks.h"

#include "harness.h"

#include <errno.h>

#include "recorder.h"

enum { SETVCPUCONTEXT = 12, GETVCPUCONTEXT = 13 };

#define FOREVER 99u

static const struct {
    enum hvabi_quirk quirk;
    unsigned first, last;
} rules[] = {
    {HVABI_QUIRK_INFO_IS_AT_OR_ABOVE, 14, 17},
    {HVABI_QUIRK_CPUPOOL_BY_MOVE, 14, 16},
    {HVABI_QUIRK_GRANT_VERSION_UNLIMITED, 14, 15},
    {HVABI_QUIRK_NESTED_BY_PARAM, 14, 14},
    {HVABI_QUIRK_ALTP2M_BY_PARAM, 14, 18},
    {HVABI_QUIRK_ALTP2M_COUNT_FIXED, 14, 20},
    {HVABI_QUIRK_HVM_NEEDS_PIRQ, 14, 18},
    {HVABI_QUIRK_MEMPOOL_BY_SHADOW, 14, 16},
    {HVABI_QUIRK_CPPC_IN_PARA, 18, 20},
    {HVABI_QUIRK_LIVEPATCH_SIZES_ARE_INPUT, 21, FOREVER},
    {HVABI_QUIRK_LIVEPATCH_HAS_NO_FLAGS, 14, 18},
    {HVABI_QUIRK_PX_TOTAL_IS_INPUT, 21, FOREVER},
    {HVABI_QUIRK_IOPORT_MAPPING_PERMITS_NOTHING, 23, FOREVER},
    {HVABI_QUIRK_MEMORY_UNMAPPING_IS_FREE, 22, FOREVER},
    {HVABI_QUIRK_RESOURCE_SIZE_IS_CAP, 14, 14},
    {HVABI_QUIRK_FORK_RESET_IS_WHOLE, 14, 16},
    {HVABI_QUIRK_FLASK_TEXTS_COUNT_ZERO, 23, FOREVER},
};

TEST(rules_hold_where_they_should)
{
    for (unsigned i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        for (unsigned minor = 14; minor <= 24; minor++) {
            struct hvabi_running running = {HVABI_RELEASE(4, minor), 0, NULL, NULL};
            bool expected = minor >= rules[i].first && minor <= rules[i].last;

            assert_int_equal(xenhvabi_has_quirk(&running, rules[i].quirk), expected);
        }
    }
}

TEST(every_rule_is_tested)
{
    /* The two that are not in the table: none, and the one of a point release. */
    assert_int_equal(sizeof(rules) / sizeof(rules[0]) + 2, HVABI_NR_QUIRKS);
}

TEST(no_quirk_holds_nowhere)
{
    struct hvabi_running running = {HVABI_RELEASE(4, 17), 0, NULL, NULL};

    assert_false(xenhvabi_has_quirk(&running, HVABI_QUIRK_NONE));
}

static int get_vcpu_context(struct fixture *fixture, unsigned cmd)
{
    struct hvabi_payload payload = {{0}};
    uint16_t domid = 1;

    return xenhvabi_domctl(&fixture->abi, cmd, &domid, &payload);
}

TEST(only_4_21_0_is_said_to_lose_registers)
{
    static const struct {
        unsigned minor;
        const char *extra;
        unsigned warnings;
    } cases[] = {{20, ".0", 0}, {21, ".0", 2}, {21, ".1", 0}, {21, ".2-pre", 0}, {22, ".0", 0},
                 {21, "-unstable", 0}};

    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fixture *fixture = start_recording(cases[i].minor, NULL);

        fixture->xen->extraversion = cases[i].extra;
        assert_int_equal(xenhvabi_force_release(0), 0);
        for (int again = 0; again < 2; again++) {
            assert_int_equal(get_vcpu_context(fixture, GETVCPUCONTEXT), 0);
            assert_int_equal(get_vcpu_context(fixture, SETVCPUCONTEXT), 0);
        }
        assert_int_equal(logged.messages, cases[i].warnings);
        stop(fixture);
    }
}

TEST(the_quirk_of_a_xen_that_does_not_answer_is_not_known)
{
    struct fixture *fixture = start(17);

    fixture->xen->version_errno = EPERM;
    assert_fails_with(xenhvabi_quirk(&fixture->abi, HVABI_QUIRK_CPPC_IN_PARA), -1, EPERM);
    stop(fixture);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_hold_where_they_should),
        cmocka_unit_test(every_rule_is_tested),
        cmocka_unit_test(no_quirk_holds_nowhere),
        cmocka_unit_test(only_4_21_0_is_said_to_lose_registers),
        cmocka_unit_test(the_quirk_of_a_xen_that_does_not_answer_is_not_known),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
