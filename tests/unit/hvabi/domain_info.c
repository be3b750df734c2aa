/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* getdomaininfo and getdomaininfolist, read from every release's layout. */
#include "domain_info.h"

#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fixture.h"

/* ---- Xen, with domains ---- */

enum { DOMAINS_MAX = 3000, GETDOMAININFO = 5, GETDOMAININFOLIST = 6 };

static unsigned xen_minor;
static uint16_t domids[DOMAINS_MAX];
static unsigned nr_domains, list_calls;

static void write_domain(uint16_t domid, uint8_t *bytes)
{
    fakerelease_fill(xen_minor, "xen_domctl", "getdomaininfo", domid, bytes);
    fakerelease_put(bytes, fakerelease_field(xen_minor, "xen_domctl", "getdomaininfo", "domain"),
                    domid);
    for (unsigned i = 0; i < 16; i++)
        bytes[76 + i] = (uint8_t)(domid + i);
}

/* Until 4.17: the first domain at or above *domid. Since: exactly that one. */
static int getdomaininfo(unsigned cmd, uint16_t *domid, uint8_t *payload, void *user)
{
    (void)user;
    assert_int_equal(cmd, GETDOMAININFO);
    for (unsigned i = 0; i < nr_domains; i++) {
        if (domids[i] == *domid || (xen_minor < 18 && domids[i] > *domid)) {
            write_domain(domids[i], payload);
            *domid = domids[i];
            return 0;
        }
    }
    return -ESRCH;
}

static int getdomaininfolist(unsigned cmd, uint8_t *payload, void *user)
{
    unsigned size = fakerelease_size(xen_minor, "xen_domctl", "getdomaininfo");
    struct fakefield first = {0, 2}, max = {4, 4}, buffer = {8, 8}, num = {16, 4};
    uint8_t *bytes = (uint8_t *)(uintptr_t)fakerelease_get(payload, buffer);
    unsigned count = 0;

    (void)user;
    if (cmd > 1000)
        return -ENOSYS;
    assert_int_equal(cmd, GETDOMAININFOLIST);
    list_calls++;
    for (unsigned i = 0; i < nr_domains && count < fakerelease_get(payload, max); i++)
        if (domids[i] >= fakerelease_get(payload, first))
            write_domain(domids[i], bytes + size * count++);
    fakerelease_put(payload, num, count);
    return 0;
}

static struct fixture *start_with(unsigned minor, const uint16_t *ids, unsigned count)
{
    struct fixture *fixture = start(minor);

    xen_minor = minor;
    memcpy(domids, ids, count * sizeof(*ids));
    nr_domains = count;
    list_calls = 0;
    fixture->xen->on_domctl = getdomaininfo;
    fixture->xen->on_sysctl = getdomaininfolist;
    return fixture;
}

/* ---- what must come out ---- */

#define ASSERT_FIELD(info, member, name) \
    do { \
        struct fakefield field = \
            fakerelease_field(xen_minor, "xen_domctl", "getdomaininfo", name); \
        uint64_t expected = \
            field.size ? fakerelease_value(name, (info)->domain, field.size) : 0; \
        assert_int_equal((info)->member, expected); \
    } while (0)

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
        assert_int_equal(info->handle[i], (uint8_t)(domid + i));
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
        assert_int_equal(list_calls, 0);
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
    static struct hvabi_domain_info infos[DOMAINS_MAX];
    uint16_t ids[DOMAINS_MAX];

    for (unsigned i = 0; i < DOMAINS_MAX; i++)
        ids[i] = (uint16_t)(i * 3);
    struct fixture *fixture = start_with(20, ids, 2500);
    assert_int_equal(xenhvabi_domain_info_list(&fixture->abi, 0, infos, DOMAINS_MAX), 2500);
    for (unsigned i = 0; i < 2500; i++)
        assert_is_domain(&infos[i], ids[i]);
    assert_int_equal(list_calls, 3);
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
