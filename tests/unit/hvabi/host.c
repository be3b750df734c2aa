/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* physinfo's two layouts, and what is probed because no release tells. */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "build_feature.h"
#include "physinfo.h"
#include "recorder.h"

enum { PHYSINFO = 3, GET_PMSTAT = 10, PM_OP = 12, PSR_CMT_OP = 21 };

static unsigned xen_minor;
static uint32_t capabilities;
static int probe_result;

static int answer(const struct record *record, uint16_t *domid, uint8_t *payload)
{
    (void)domid;
    if (record->cmd != PHYSINFO)
        return probe_result;
    fakerelease_fill(xen_minor, "xen_sysctl", "physinfo", 0, payload);
    for (uint8_t i = 0; i < 32; i++)
        payload[fakerelease_field(xen_minor, "xen_sysctl", "physinfo", "hw_cap").offset + i] = i;
    if (capabilities)
        fakerelease_put(payload, fakerelease_field(xen_minor, "xen_sysctl", "physinfo",
                                                   "capabilities"),
                        capabilities);
    return 0;
}

static struct fixture *start_host(unsigned minor)
{
    xen_minor = minor;
    return start_recording(minor, answer);
}

#define ASSERT_FIELD(info, member) \
    do { \
        struct fakefield field = \
            fakerelease_field(xen_minor, "xen_sysctl", "physinfo", #member); \
        uint64_t expected = field.size ? fakerelease_value(#member, 0, field.size) : 0; \
        assert_int_equal((info).member, expected); \
    } while (0)

TEST(physinfo_is_read_from_every_release)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_host(minor);
        struct hvabi_physinfo info;

        memset(&info, 0xff, sizeof(info));
        assert_int_equal(xenhvabi_physinfo(&fixture->abi, &info), 0);
        assert_recorded(0, SYSCTL, PHYSINFO, 0, 0);
        ASSERT_FIELD(info, threads_per_core);
        ASSERT_FIELD(info, cores_per_socket);
        ASSERT_FIELD(info, nr_cpus);
        ASSERT_FIELD(info, max_cpu_id);
        ASSERT_FIELD(info, nr_nodes);
        ASSERT_FIELD(info, max_node_id);
        ASSERT_FIELD(info, cpu_khz);
        ASSERT_FIELD(info, capabilities);
        ASSERT_FIELD(info, arch_capabilities);
        ASSERT_FIELD(info, total_pages);
        ASSERT_FIELD(info, free_pages);
        ASSERT_FIELD(info, scrub_pages);
        ASSERT_FIELD(info, outstanding_pages);
        ASSERT_FIELD(info, max_mfn);
        for (unsigned i = 0; i < sizeof(info.hw_cap); i++)
            assert_int_equal(((uint8_t *)info.hw_cap)[i], i);
        stop(fixture);
    }
}

TEST(what_physinfo_reports_is_taken_from_it)
{
    struct fixture *fixture = start_host(22);

    capabilities = 1u << 3 | 1u << 1; /* hap, pv */
    assert_int_equal(xenhvabi_has_feature(&fixture->abi, HVABI_FEATURE_HAP), 1);
    assert_int_equal(xenhvabi_has_feature(&fixture->abi, HVABI_FEATURE_PV), 1);
    assert_int_equal(xenhvabi_has_feature(&fixture->abi, HVABI_FEATURE_SHADOW), 0);
    assert_int_equal(xenhvabi_has_feature(&fixture->abi, HVABI_FEATURE_HVM), 0);
    assert_int_equal(xenhvabi_has_feature(&fixture->abi, HVABI_FEATURE_VMTRACE), 0);
    stop(fixture);
}

TEST(what_is_built_in_shows_by_asking_once)
{
    struct fixture *fixture = start_host(17);

    probe_result = 0;
    for (int i = 0; i < 3; i++)
        assert_int_equal(xenhvabi_has_feature(&fixture->abi, HVABI_FEATURE_PM_OP), 1);
    assert_int_equal(nr_records, 1);
    static const uint8_t get_max_cstate[8] = {0x22};
    assert_memory_equal(assert_recorded(0, SYSCTL, PM_OP, 0, 8), get_max_cstate, 8);
    stop(fixture);
}

TEST(what_is_not_built_in_shows_by_errno)
{
    static const int errors[] = {ENOSYS, EOPNOTSUPP, ENODEV, EINVAL};
    static const enum hvabi_feature probed[] = {HVABI_FEATURE_PM_STATS, HVABI_FEATURE_PSR_CMT,
                                                HVABI_FEATURE_PM_OP};

    for (unsigned i = 0; i < 3; i++) {
        struct fixture *fixture = start_host(22);

        probe_result = -errors[i];
        errno = ELOOP;
        assert_int_equal(xenhvabi_has_feature(&fixture->abi, probed[i]), 0);
        assert_int_equal(errno, ELOOP);
        stop(fixture);
    }
}

TEST(a_missing_right_is_no_answer_and_is_not_kept)
{
    struct fixture *fixture = start_host(17);

    probe_result = -EPERM;
    assert_fails_with(xenhvabi_has_feature(&fixture->abi, HVABI_FEATURE_PM_OP), -1, EPERM);
    probe_result = 0;
    assert_int_equal(xenhvabi_has_feature(&fixture->abi, HVABI_FEATURE_PM_OP), 1);
    stop(fixture);
}

TEST(an_errno_of_what_is_not_built_in_is_known)
{
    assert_true(xenhvabi_is_not_built_in(ENOSYS));
    assert_true(xenhvabi_is_not_built_in(EOPNOTSUPP));
    assert_false(xenhvabi_is_not_built_in(EINVAL));
    assert_false(xenhvabi_is_not_built_in(EPERM));
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(physinfo_is_read_from_every_release),
        cmocka_unit_test(what_physinfo_reports_is_taken_from_it),
        cmocka_unit_test(what_is_built_in_shows_by_asking_once),
        cmocka_unit_test(what_is_not_built_in_shows_by_errno),
        cmocka_unit_test(a_missing_right_is_no_answer_and_is_not_kept),
        cmocka_unit_test(an_errno_of_what_is_not_built_in_is_known),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
