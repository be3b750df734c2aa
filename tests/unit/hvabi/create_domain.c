/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* createdomain: the exact bytes for every release, and what is done in other ways there. */
#include "create_domain.h"

#include "harness.h"

#include <errno.h>
#include <string.h>

#include "recorder.h"

enum {
    CREATEDOMAIN = 1,
    DESTROYDOMAIN = 2,
    PHYSINFO = 3,
    CPUPOOL_OP = 18,
    SET_PARAM = 0,
    PARAM_NESTEDHVM = 24,
    PARAM_ALTP2M = 35,
    NEW_DOMID = 12,
    DOMID_ANY = 0x7ff5,
};

static unsigned xen_minor;
static uint32_t host_capabilities = 1u << 8 | 1u << 9; /* grant versions 1 and 2 */
static int create_result;
static enum recorded_kind failing_kind;
static int failing_result;

static int answer(const struct record *record, uint16_t *domid, uint8_t *payload)
{
    if (record->kind == DOMCTL && record->cmd == CREATEDOMAIN) {
        if (*domid == DOMID_ANY)
            *domid = NEW_DOMID;
        return create_result;
    }
    if (record->kind == SYSCTL && record->cmd == PHYSINFO)
        fakerelease_put(payload, fakerelease_field(xen_minor, "xen_sysctl", "physinfo",
                                                   "capabilities"),
                        host_capabilities);
    return record->kind != DOMCTL && record->kind == failing_kind ? failing_result : 0;
}

static struct fixture *start_creating(unsigned minor)
{
    xen_minor = minor;
    create_result = failing_result = 0;
    return start_recording(minor, answer);
}

static uint64_t field(const char *name, unsigned index)
{
    return recorded_field(xen_minor, "xen_domctl", "createdomain", name,
                          records[index].payload);
}

static bool has_field(const char *name)
{
    return fakerelease_field(xen_minor, "xen_domctl", "createdomain", name).size != 0;
}

/* Expects record @index to be createdomain of this release, without rubbish in it. */
static void assert_creates(unsigned index, uint16_t domid)
{
    assert_recorded(index, DOMCTL, CREATEDOMAIN, domid,
                    fakerelease_size(xen_minor, "xen_domctl", "createdomain"));
}

/* What every release can express. */
static const struct hvabi_create_domain plain = {
    .ssidref = 0x01020304,
    .handle = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16},
    .flags = 0x23,
    .iommu_opts = 1,
    .max_vcpus = 0x11121314,
    .max_evtchn_port = 0x21222324,
    .max_grant_frames = -1,
    .max_maptrack_frames = -2,
    .grant_opts = 2,
    .emulation_flags = 0x31323334,
};

static void assert_is_plain(unsigned index)
{
    static const uint8_t handle[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

    assert_int_equal(field("ssidref", index), 0x01020304);
    assert_memory_equal(records[index].payload + 4, handle, sizeof(handle));
    assert_int_equal(field("flags", index), 0x23);
    assert_int_equal(field("iommu_opts", index), 1);
    assert_int_equal(field("max_vcpus", index), 0x11121314);
    assert_int_equal(field("max_evtchn_port", index), 0x21222324);
    assert_int_equal(field("max_grant_frames", index), UINT32_MAX);
    assert_int_equal(field("max_maptrack_frames", index), UINT32_MAX - 1);
    assert_int_equal(field("arch.emulation_flags", index), 0x31323334);
}

TEST(a_plain_domain_has_the_right_bytes_on_every_release)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_creating(minor);
        uint16_t domid = 7;

        assert_int_equal(xenhvabi_create_domain(&fixture->abi, &domid, &plain), 0);
        assert_int_equal(domid, 7);
        assert_int_equal(nr_records, 1);
        assert_creates(0, 7);
        assert_is_plain(0);
        if (has_field("grant_opts"))
            assert_int_equal(field("grant_opts", 0), 2);
        stop(fixture);
    }
}

TEST(what_later_releases_can_express_is_expressed_there)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_creating(minor);
        struct hvabi_create_domain config = plain;
        uint16_t domid = 7;
        bool can = minor >= 15;

        config.vmtrace_size = 0x1000;
        config.misc_flags = 1;
        assert_int_equal(xenhvabi_create_domain(&fixture->abi, &domid, &config), can ? 0 : -1);
        if (can) {
            assert_int_equal(field("vmtrace_size", 0), 0x1000);
            assert_int_equal(field("arch.misc_flags", 0), 1);
            assert_creates(0, 7);
        } else {
            assert_int_equal(errno, ENOTSUP);
            assert_int_equal(nr_records, 0);
            assert_string_equal(logged.text,
                                "Xen 4.14 cannot express the value of vmtrace_size in "
                                "createdomain");
        }
        stop(fixture);
    }
}

TEST(msr_relaxed_is_refused_on_4_14)
{
    struct fixture *fixture = start_creating(14);
    struct hvabi_create_domain config = plain;
    uint16_t domid = 7;

    config.misc_flags = 1;
    assert_fails_with(xenhvabi_create_domain(&fixture->abi, &domid, &config), -1, ENOTSUP);
    assert_string_equal(logged.text,
                        "Xen 4.14 cannot express the value of arch.misc_flags in createdomain");
    assert_int_equal(nr_records, 0);
    stop(fixture);
}

TEST(any_domid_is_the_one_wildcard_that_every_release_takes)
{
    static const uint16_t wildcards[] = {0, 0x7ff0, DOMID_ANY, 0x7fff, 0xffff};

    EACH_MINOR(minor)
    {
        for (unsigned i = 0; i < sizeof(wildcards) / sizeof(wildcards[0]); i++) {
            struct fixture *fixture = start_creating(minor);
            uint16_t domid = wildcards[i];

            assert_int_equal(xenhvabi_create_domain(&fixture->abi, &domid, &plain), 0);
            assert_creates(0, DOMID_ANY);
            assert_int_equal(domid, NEW_DOMID);
            stop(fixture);
        }
    }
}

TEST(a_cpupool_is_part_of_creation_or_a_move_after_it)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_creating(minor);
        struct hvabi_create_domain config = plain;
        uint16_t domid = 0;

        config.cpupool_id = 3;
        assert_int_equal(xenhvabi_create_domain(&fixture->abi, &domid, &config), 0);
        assert_creates(0, DOMID_ANY);
        if (minor >= 17) {
            assert_int_equal(nr_records, 1);
            assert_int_equal(field("cpupool_id", 0), 3);
        } else {
            assert_int_equal(nr_records, 2);
            const uint8_t *move = assert_recorded(1, SYSCTL, CPUPOOL_OP, 0, 16);
            assert_int_equal(
                recorded_field(minor, "xen_sysctl", "cpupool_op", "op", move), 6);
            assert_int_equal(
                recorded_field(minor, "xen_sysctl", "cpupool_op", "cpupool_id", move), 3);
            assert_int_equal(
                recorded_field(minor, "xen_sysctl", "cpupool_op", "domid", move), NEW_DOMID);
        }
        stop(fixture);
    }
}

TEST(nested_virtualisation_is_a_flag_or_a_parameter)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_creating(minor);
        struct hvabi_create_domain config = plain;
        uint16_t domid = 0;

        config.flags |= 1u << 6;
        assert_int_equal(xenhvabi_create_domain(&fixture->abi, &domid, &config), 0);
        assert_int_equal(field("flags", 0), minor >= 15 ? 0x63 : 0x23);
        assert_int_equal(nr_records, minor >= 15 ? 1 : 2);
        if (minor < 15) {
            static const uint8_t expected[16] = {NEW_DOMID, 0, 0, 0, PARAM_NESTEDHVM,
                                                 0, 0, 0, 1};
            assert_recorded(1, HVM_OP, SET_PARAM, NEW_DOMID, 16);
            assert_memory_equal(records[1].payload, expected, 16);
        }
        stop(fixture);
    }
}

TEST(altp2m_is_a_parameter_a_mode_or_a_mode_and_a_number)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_creating(minor);
        struct hvabi_create_domain config = plain;
        uint16_t domid = 0;

        config.altp2m_opts = 2;
        assert_int_equal(xenhvabi_create_domain(&fixture->abi, &domid, &config), 0);
        assert_creates(0, DOMID_ANY);
        assert_is_plain(0);
        assert_int_equal(nr_records, minor <= 18 ? 2 : 1);
        if (minor <= 18) {
            static const uint8_t expected[16] = {NEW_DOMID, 0, 0, 0, PARAM_ALTP2M, 0, 0, 0, 2};
            assert_recorded(1, HVM_OP, SET_PARAM, NEW_DOMID, 16);
            assert_memory_equal(records[1].payload, expected, 16);
        } else if (minor <= 20) {
            assert_int_equal(field("altp2m_opts", 0), 2);
        } else {
            assert_int_equal(field("altp2m.opts", 0), 2);
            assert_int_equal(field("altp2m.nr", 0), 10);
        }
        stop(fixture);
    }
}

TEST(the_number_of_altp2ms_can_be_chosen_from_4_21_on)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_creating(minor);
        struct hvabi_create_domain config = plain;
        uint16_t domid = 0;

        config.altp2m_opts = 1;
        config.altp2m_nr = 4;
        if (minor >= 21) {
            assert_int_equal(xenhvabi_create_domain(&fixture->abi, &domid, &config), 0);
            assert_int_equal(field("altp2m.nr", 0), 4);
        } else {
            assert_fails_with(xenhvabi_create_domain(&fixture->abi, &domid, &config), -1,
                              ENOTSUP);
            assert_int_equal(nr_records, 0);
        }
        config.altp2m_opts = 0;
        forget_records();
        assert_fails_with(xenhvabi_create_domain(&fixture->abi, &domid, &config), -1, EINVAL);
        assert_int_equal(nr_records, 0);
        stop(fixture);
    }
}

TEST(a_number_of_altp2ms_that_does_not_fit_is_refused)
{
    struct fixture *fixture = start_creating(22);
    struct hvabi_create_domain config = plain;
    uint16_t domid = 0;

    config.altp2m_opts = 1;
    config.altp2m_nr = 0x10001;
    assert_fails_with(xenhvabi_create_domain(&fixture->abi, &domid, &config), -1, ENOTSUP);
    assert_string_equal(logged.text,
                        "Xen 4.22 cannot express the value of altp2m.nr in createdomain");
    stop(fixture);
}

TEST(flags_that_came_later_are_refused_before)
{
    static const struct {
        uint32_t flag;
        unsigned since;
    } cases[] = {{1u << 7, 16}, {1u << 8, 21}};

    EACH_MINOR(minor)
    {
        for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
            struct fixture *fixture = start_creating(minor);
            struct hvabi_create_domain config = plain;
            uint16_t domid = 0;

            config.flags |= cases[i].flag;
            if (minor >= cases[i].since) {
                assert_int_equal(xenhvabi_create_domain(&fixture->abi, &domid, &config), 0);
                assert_int_equal(field("flags", 0), 0x23 | cases[i].flag);
            } else {
                assert_fails_with(xenhvabi_create_domain(&fixture->abi, &domid, &config), -1,
                                  ENOTSUP);
                assert_int_equal(nr_records, 0);
                assert_int_equal(logged.messages, 1);
            }
            stop(fixture);
        }
    }
}

/* Debian 13's xl asks for HVM without them unless it is told otherwise. */
TEST(every_hvm_domain_has_pirqs_before_4_19_and_that_is_said)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_creating(minor);
        struct hvabi_create_domain config = plain;
        uint16_t domid = 0;

        config.emulation_flags = 0x3ff;
        assert_int_equal(xenhvabi_create_domain(&fixture->abi, &domid, &config), 0);
        assert_int_equal(logged.messages, 0);
        forget_records();
        domid = 0;
        config.emulation_flags = 0x1ff;
        assert_int_equal(xenhvabi_create_domain(&fixture->abi, &domid, &config), 0);
        assert_int_equal(field("arch.emulation_flags", 0), minor >= 19 ? 0x1ff : 0x3ff);
        assert_int_equal(logged.messages, minor >= 19 ? 0 : 1);
        stop(fixture);
    }
}

TEST(other_emulation_flags_are_for_xen_to_judge)
{
    struct fixture *fixture = start_creating(14);
    struct hvabi_create_domain config = plain;
    uint16_t domid = 0;

    config.emulation_flags = 0x1fe;
    assert_int_equal(xenhvabi_create_domain(&fixture->abi, &domid, &config), 0);
    assert_int_equal(field("arch.emulation_flags", 0), 0x1fe);
    config.flags &= ~1u; /* PV */
    config.emulation_flags = 0x1ff;
    forget_records();
    domid = 0;
    assert_int_equal(xenhvabi_create_domain(&fixture->abi, &domid, &config), 0);
    assert_int_equal(field("arch.emulation_flags", 0), 0x1ff);
    stop(fixture);
}

TEST(flags_that_no_release_has_are_for_xen_to_refuse)
{
    struct fixture *fixture = start_creating(14);
    struct hvabi_create_domain config = plain;
    uint16_t domid = 0;

    config.flags |= 1u << 31;
    create_result = -EINVAL;
    assert_fails_with(xenhvabi_create_domain(&fixture->abi, &domid, &config), -1, EINVAL);
    assert_int_equal(field("flags", 0), 0x80000023);
    assert_int_equal(nr_records, 1);
    stop(fixture);
}

TEST(a_grant_version_can_be_limited_from_4_16_on)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_creating(minor);
        struct hvabi_create_domain config = plain;
        uint16_t domid = 0;

        config.grant_opts = 1;
        if (minor >= 16) {
            assert_int_equal(xenhvabi_create_domain(&fixture->abi, &domid, &config), 0);
            assert_int_equal(field("grant_opts", 0), 1);
        } else {
            assert_fails_with(xenhvabi_create_domain(&fixture->abi, &domid, &config), -1,
                              ENOTSUP);
            assert_int_equal(nr_records, 0);
        }
        stop(fixture);
    }
}

TEST(no_grant_version_means_the_newest_of_the_host)
{
    EACH_MINOR(minor)
    {
        for (unsigned newest = 1; newest <= 2; newest++) {
            struct fixture *fixture = start_creating(minor);
            struct hvabi_create_domain config = plain;
            uint16_t domid = 0;

            host_capabilities = newest == 2 ? 3u << 8 : 1u << 8;
            config.grant_opts = 0;
            assert_int_equal(xenhvabi_create_domain(&fixture->abi, &domid, &config), 0);
            if (minor >= 16) {
                assert_recorded(0, SYSCTL, PHYSINFO, 0, 0);
                assert_creates(1, DOMID_ANY);
                assert_int_equal(field("grant_opts", 1), newest);
            } else {
                assert_int_equal(nr_records, 1);
                assert_creates(0, DOMID_ANY);
            }
            stop(fixture);
        }
    }
}

TEST(a_domain_that_cannot_be_finished_is_destroyed)
{
    struct fixture *fixture = start_creating(14);
    struct hvabi_create_domain config = plain;
    uint16_t domid = 0;

    config.cpupool_id = 3;
    failing_kind = SYSCTL;
    failing_result = -EBUSY;
    assert_fails_with(xenhvabi_create_domain(&fixture->abi, &domid, &config), -1, EBUSY);
    assert_int_equal(nr_records, 3);
    assert_recorded(2, DOMCTL, DESTROYDOMAIN, NEW_DOMID, 0);
    assert_int_equal(domid, 0);

    forget_records();
    config.cpupool_id = 0;
    config.altp2m_opts = 1;
    failing_kind = HVM_OP;
    failing_result = -EINVAL;
    assert_fails_with(xenhvabi_create_domain(&fixture->abi, &domid, &config), -1, EINVAL);
    assert_int_equal(nr_records, 3);
    assert_recorded(2, DOMCTL, DESTROYDOMAIN, NEW_DOMID, 0);
    stop(fixture);
}

TEST(xens_own_refusal_is_passed_on)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_creating(minor);
        uint16_t domid = 7;

        create_result = -EEXIST;
        assert_fails_with(xenhvabi_create_domain(&fixture->abi, &domid, &plain), -1, EEXIST);
        assert_int_equal(nr_records, 1);
        assert_int_equal(logged.messages, 0);
        stop(fixture);
    }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_domain_has_the_right_bytes_on_every_release),
        cmocka_unit_test(what_later_releases_can_express_is_expressed_there),
        cmocka_unit_test(msr_relaxed_is_refused_on_4_14),
        cmocka_unit_test(any_domid_is_the_one_wildcard_that_every_release_takes),
        cmocka_unit_test(a_cpupool_is_part_of_creation_or_a_move_after_it),
        cmocka_unit_test(nested_virtualisation_is_a_flag_or_a_parameter),
        cmocka_unit_test(altp2m_is_a_parameter_a_mode_or_a_mode_and_a_number),
        cmocka_unit_test(the_number_of_altp2ms_can_be_chosen_from_4_21_on),
        cmocka_unit_test(a_number_of_altp2ms_that_does_not_fit_is_refused),
        cmocka_unit_test(flags_that_came_later_are_refused_before),
        cmocka_unit_test(every_hvm_domain_has_pirqs_before_4_19_and_that_is_said),
        cmocka_unit_test(other_emulation_flags_are_for_xen_to_judge),
        cmocka_unit_test(flags_that_no_release_has_are_for_xen_to_refuse),
        cmocka_unit_test(a_grant_version_can_be_limited_from_4_16_on),
        cmocka_unit_test(no_grant_version_means_the_newest_of_the_host),
        cmocka_unit_test(a_domain_that_cannot_be_finished_is_destroyed),
        cmocka_unit_test(xens_own_refusal_is_passed_on),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
