/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* getdomaininfo and getdomaininfolist, read from every release's layout. */
#include "domain_info.h"

#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fakelist.h"
#include "fixture.h"

static struct fixture *start_with(unsigned minor, const uint16_t *ids, unsigned count)
{
    struct fixture *fixture = start(minor);

    fakelist_start(fixture->xen, minor, ids, count);
    return fixture;
}

#define ASSERT_FIELD(info, member, name) \
    assert_int_equal((info)->member, fakelist_value((info)->domain, name))

static void assert_is_domain(const struct hvabi_domain_info *info, uint16_t domid)
{
    assert_int_equal(info->domain, domid);
    ASSERT_FIELD(info, flags, "flags");
    ASSERT_FIELD(info, tot_pages, "tot_pages");
    ASSERT_FIELD(info, max_pages, "max_pages");
    ASSERT_FIELD(info, outstanding_pages, "outstanding_pages");
    ASSERT_FIELD(info, shr_pages, "shr_pages");
    ASSERT_FIELD(info, paged_pages, "paged_pages");
    ASSERT_FIELD(info, shared_info_frame, "shared_info_frame");
    ASSERT_FIELD(info, cpu_time, "cpu_time");
    ASSERT_FIELD(info, nr_online_vcpus, "nr_online_vcpus");
    ASSERT_FIELD(info, max_vcpu_id, "max_vcpu_id");
    ASSERT_FIELD(info, ssidref, "ssidref");
    ASSERT_FIELD(info, cpupool, "cpupool");
    ASSERT_FIELD(info, gpaddr_bits, "gpaddr_bits");
    ASSERT_FIELD(info, emulation_flags, "arch_config.emulation_flags");
    ASSERT_FIELD(info, misc_flags, "arch_config.misc_flags");
    for (unsigned i = 0; i < 16; i++)
        assert_int_equal(info->handle[i], fakelist_handle(domid, i));
}

static const uint16_t with_holes[] = {0, 1, 5, 300};

TEST(exactly_this_domain_on_every_release)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_with(minor, with_holes, 4);
        struct hvabi_domain_info info;

        for (unsigned i = 0; i < 4; i++) {
            memset(&info, 0xff, sizeof(info));
            assert_int_equal(xenhvabi_domain_info(&fixture->abi, with_holes[i], &info), 0);
            assert_is_domain(&info, with_holes[i]);
        }
        assert_fails_with(xenhvabi_domain_info(&fixture->abi, 2, &info), -1, ESRCH);
        assert_fails_with(xenhvabi_domain_info(&fixture->abi, 301, &info), -1, ESRCH);
        assert_int_equal(fakelist_calls, 0);
        stop(fixture);
    }
}

TEST(the_domain_at_or_above_on_every_release)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_with(minor, with_holes, 4);
        struct hvabi_domain_info info;

        assert_int_equal(xenhvabi_domain_info_from(&fixture->abi, 0, &info), 0);
        assert_is_domain(&info, 0);
        assert_int_equal(xenhvabi_domain_info_from(&fixture->abi, 2, &info), 0);
        assert_is_domain(&info, 5);
        assert_int_equal(xenhvabi_domain_info_from(&fixture->abi, 6, &info), 0);
        assert_is_domain(&info, 300);
        assert_fails_with(xenhvabi_domain_info_from(&fixture->abi, 301, &info), -1, ESRCH);
        stop(fixture);
    }
}

TEST(a_list_on_every_release)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_with(minor, with_holes, 4);
        struct hvabi_domain_info infos[10];

        assert_int_equal(xenhvabi_domain_info_list(&fixture->abi, 0, infos, 10), 4);
        for (unsigned i = 0; i < 4; i++)
            assert_is_domain(&infos[i], with_holes[i]);
        assert_int_equal(xenhvabi_domain_info_list(&fixture->abi, 2, infos, 1), 1);
        assert_is_domain(&infos[0], 5);
        assert_int_equal(xenhvabi_domain_info_list(&fixture->abi, 301, infos, 10), 0);
        assert_int_equal(xenhvabi_domain_info_list(&fixture->abi, 0, infos, 0), 0);
        stop(fixture);
    }
}

TEST(thousands_of_domains_are_listed_in_parts)
{
    static struct hvabi_domain_info infos[FAKELIST_MAX];
    uint16_t ids[FAKELIST_MAX];

    for (unsigned i = 0; i < FAKELIST_MAX; i++)
        ids[i] = (uint16_t)(i * 3);
    struct fixture *fixture = start_with(20, ids, 2500);
    assert_int_equal(xenhvabi_domain_info_list(&fixture->abi, 0, infos, FAKELIST_MAX), 2500);
    for (unsigned i = 0; i < 2500; i++)
        assert_is_domain(&infos[i], ids[i]);
    assert_int_equal(fakelist_calls, 3);
    assert_int_equal(xenhvabi_domain_info_list(&fixture->abi, 0, infos, 2000), 2000);
    assert_is_domain(&infos[1999], ids[1999]);
    stop(fixture);
}

TEST(a_list_too_long_to_count_is_refused)
{
    struct fixture *fixture = start_with(17, with_holes, 4);
    struct hvabi_domain_info info;

    assert_fails_with(xenhvabi_domain_info_list(&fixture->abi, 0, &info, 0x80000000u), -1,
                      EINVAL);
    stop(fixture);
}

TEST(a_missing_right_is_told_as_such)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_with(minor, with_holes, 4);
        struct hvabi_domain_info info;

        fixture->xen->is_unprivileged = true;
        assert_fails_with(xenhvabi_domain_info(&fixture->abi, 0, &info), -1, EPERM);
        assert_fails_with(xenhvabi_domain_info_from(&fixture->abi, 0, &info), -1, EPERM);
        assert_fails_with(xenhvabi_domain_info_list(&fixture->abi, 0, &info, 1), -1, EPERM);
        fixture->xen->is_unprivileged = false;
        fixture->xen->is_policy_refusing = true;
        assert_fails_with(xenhvabi_domain_info(&fixture->abi, 0, &info), -1, EACCES);
        assert_fails_with(xenhvabi_domain_info_list(&fixture->abi, 0, &info, 1), -1, EACCES);
        stop(fixture);
    }
}

TEST(an_unknown_release_is_not_supported)
{
    struct fixture *fixture = start_with(24, with_holes, 4);
    struct hvabi_domain_info info;

    fixture->xen->domctl_number = 0x99;
    fixture->xen->sysctl_number = 0x99;
    assert_fails_with(xenhvabi_domain_info(&fixture->abi, 0, &info), -1, ENOTSUP);
    assert_fails_with(xenhvabi_domain_info_from(&fixture->abi, 0, &info), -1, ENOTSUP);
    assert_fails_with(xenhvabi_domain_info_list(&fixture->abi, 0, &info, 1), -1, ENOTSUP);
    assert_int_equal(logged.messages, 2);
    stop(fixture);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(exactly_this_domain_on_every_release),
        cmocka_unit_test(the_domain_at_or_above_on_every_release),
        cmocka_unit_test(a_list_on_every_release),
        cmocka_unit_test(thousands_of_domains_are_listed_in_parts),
        cmocka_unit_test(a_list_too_long_to_count_is_refused),
        cmocka_unit_test(a_missing_right_is_told_as_such),
        cmocka_unit_test(an_unknown_release_is_not_supported),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
