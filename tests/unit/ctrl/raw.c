/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests that a program made up itself, with the headers of any release, reach any
 * release: the interface version tells which headers they were.
 */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "release.h"
#include "transport.h"
#include "xenctrl.h"

enum { CREATEDOMAIN = 1, PAUSEDOMAIN = 3, GETDOMAININFO = 5, IRQ_PERMISSION = 19 };
enum { PHYSINFO = 3, LIST = 6, PM_OP = 12 };

static uint32_t domctl_version(unsigned minor)
{
    return xenhvabi_find_release(HVABI_RELEASE(4, minor))->domctl;
}

static uint32_t sysctl_version(unsigned minor)
{
    return xenhvabi_find_release(HVABI_RELEASE(4, minor))->sysctl;
}

static int domctl(xc_interface *xch, struct hvabi_domctl *request)
{
    return xc_domctl(xch, (struct xen_domctl *)request);
}

static int sysctl(xc_interface *xch, struct hvabi_sysctl *request)
{
    return xc_sysctl(xch, (struct xen_sysctl *)request);
}

/* Every release's headers on every release. */
#define EACH_PAIR(minor, headers) \
    EACH_MINOR(minor) \
        EACH_MINOR(headers)

TEST(a_request_of_one_layout_needs_no_version)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct hvabi_domctl pause = {.cmd = PAUSEDOMAIN, .domain = 4};

        assert_int_equal(domctl(xch, &pause), 0);
        assert_bare_domctl(PAUSEDOMAIN, 4);
        stop(xch);
    }
}

TEST(irq_permission_is_converted)
{
    EACH_PAIR(minor, headers)
    {
        xc_interface *xch = start(minor);
        struct hvabi_domctl irq = {.cmd = IRQ_PERMISSION, .domain = 4,
                                   .interface_version = domctl_version(headers)};

        set_field(headers, "xen_domctl", "irq_permission", "pirq", irq.u.bytes, 9);
        set_field(headers, "xen_domctl", "irq_permission", "allow_access", irq.u.bytes, 1);
        assert_int_equal(domctl(xch, &irq), 0);
        assert_domctl(minor, IRQ_PERMISSION, 4, "irq_permission", {"pirq", 9},
                      {"allow_access", 1});
        stop(xch);
    }
}

TEST(createdomain_is_converted)
{
    EACH_PAIR(minor, headers)
    {
        xc_interface *xch = start(minor);
        struct hvabi_domctl create = {.cmd = CREATEDOMAIN, .domain = 7,
                                      .interface_version = domctl_version(headers)};

        set_field(headers, "xen_domctl", "createdomain", "max_vcpus", create.u.bytes, 3);
        set_field(headers, "xen_domctl", "createdomain", "max_grant_frames", create.u.bytes,
                  UINT32_MAX);
        assert_int_equal(domctl(xch, &create), 0);
        assert_int_equal(create.domain, 7);
        assert_int_equal(sent.op, CREATEDOMAIN);
        struct fakefield vcpus =
            fakerelease_field(minor, "xen_domctl", "createdomain", "max_vcpus");
        assert_int_equal(fakerelease_get(sent.payload, vcpus), 3);
        stop(xch);
    }
}

/* Domain 5 is all there is. Since 4.18 a domain is named exactly. */
static void tell_five(uint8_t *entry)
{
    fakerelease_fill(running_minor, "xen_domctl", "getdomaininfo", 5, entry);
    set_field(running_minor, "xen_domctl", "getdomaininfo", "domain", entry, 5);
}

static int tell(struct sent *request, uint8_t *payload)
{
    if (strcmp(request->unit, "xen_domctl") == 0) {
        if (request->op != GETDOMAININFO || request->domid > 5 ||
            (running_minor >= 18 && request->domid != 5))
            return -ESRCH;
        tell_five(payload);
        request->domid = 5;
        return 0;
    }
    if (request->op != LIST)
        return 0;
    tell_five(address_in(running_minor, "xen_sysctl", "getdomaininfolist", "buffer.p", payload));
    set_field(running_minor, "xen_sysctl", "getdomaininfolist", "num_domains", payload, 1);
    return 0;
}

static void assert_is_five(unsigned headers, const uint8_t *entry)
{
    static const char unit[] = "xen_domctl", member[] = "getdomaininfo";
    struct fakefield time = fakerelease_field(headers, unit, member, "cpu_time");
    struct fakefield flags =
        fakerelease_field(headers, unit, member, "arch_config.emulation_flags");

    assert_true(fakerelease_get(entry, time) == fakerelease_value("cpu_time", 5, 8));
    assert_true(fakerelease_get(entry, flags) ==
                fakerelease_value("arch_config.emulation_flags", 5, 4));
}

TEST(getdomaininfo_is_converted)
{
    EACH_PAIR(minor, headers)
    {
        xc_interface *xch = start(minor);
        struct hvabi_domctl info = {.cmd = GETDOMAININFO, .domain = 5,
                                    .interface_version = domctl_version(headers)};

        answer_with(tell);
        assert_int_equal(domctl(xch, &info), 0);
        assert_is_five(headers, info.u.bytes);
        stop(xch);
    }
}

/* What programs of then expect, and those of now do not. */
TEST(getdomaininfo_up_to_4_17_means_the_next_domain)
{
    EACH_PAIR(minor, headers)
    {
        xc_interface *xch = start(minor);
        struct hvabi_domctl info = {.cmd = GETDOMAININFO, .domain = 2,
                                    .interface_version = domctl_version(headers)};

        answer_with(tell);
        if (headers < 18) {
            assert_int_equal(domctl(xch, &info), 0);
            assert_int_equal(info.domain, 5);
        } else {
            assert_fails_with(domctl(xch, &info), -1, ESRCH);
        }
        stop(xch);
    }
}

TEST(lists_are_converted)
{
    EACH_PAIR(minor, headers)
    {
        static const char unit[] = "xen_sysctl", member[] = "getdomaininfolist";
        uint8_t entries[4 * 128];
        xc_interface *xch = start(minor);
        struct hvabi_sysctl list = {.cmd = LIST, .interface_version = sysctl_version(headers)};

        memset(entries, 0xee, sizeof(entries));
        answer_with(tell);
        set_field(headers, unit, member, "max_domains", list.u.bytes, 4);
        set_field(headers, unit, member, "buffer.p", list.u.bytes, (uintptr_t)entries);
        assert_int_equal(sysctl(xch, &list), 0);
        assert_int_equal(fakerelease_get(list.u.bytes, fakerelease_field(headers, unit, member,
                                                                         "num_domains")), 1);
        assert_is_five(headers, entries);
        assert_int_equal(entries[128], 0xee);
        stop(xch);
    }
}

TEST(physinfo_is_converted)
{
    EACH_PAIR(minor, headers)
    {
        xc_interface *xch = start(minor);
        struct hvabi_sysctl info = {.cmd = PHYSINFO,
                                    .interface_version = sysctl_version(headers)};

        assert_int_equal(sysctl(xch, &info), 0);
        struct fakefield field =
            fakerelease_field(headers, "xen_sysctl", "physinfo", "max_mfn");
        assert_true(fakerelease_get(info.u.bytes, field) == fakerelease_value("max_mfn", 0, 8));
        stop(xch);
    }
}

/* One version, two layouts. */
TEST(get_cpufreq_para_is_refused_where_its_layout_is_not_known)
{
    for (unsigned headers = OLDEST_MINOR; headers < 21; headers++) {
        xc_interface *xch = start(20);
        struct hvabi_sysctl para = {.cmd = PM_OP, .interface_version = sysctl_version(headers)};

        set_field(headers, "xen_sysctl", "pm_op", "cmd", para.u.bytes, 0x11);
        assert_fails_with(sysctl(xch, &para), -1, ENOTSUP);
        assert_int_equal(requests, 0);
        stop(xch);
    }
}

TEST(a_version_of_no_release_is_refused_where_it_matters)
{
    static const uint32_t strange[] = {0, 0x11, 0x99};

    EACH_MINOR(minor)
        for (unsigned i = 0; i < 3; i++) {
            xc_interface *xch = start(minor);
            struct hvabi_domctl info = {.cmd = GETDOMAININFO, .interface_version = strange[i]};
            struct hvabi_sysctl phys = {.cmd = PHYSINFO, .interface_version = strange[i]};

            assert_fails_with(domctl(xch, &info), -1, EINVAL);
            assert_non_null(strstr(xc_get_last_error(xch)->message, "interface version"));
            assert_fails_with(sysctl(xch, &phys), -1, EINVAL);
            assert_int_equal(requests, 0);
            stop(xch);
        }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_of_one_layout_needs_no_version),
        cmocka_unit_test(irq_permission_is_converted),
        cmocka_unit_test(createdomain_is_converted),
        cmocka_unit_test(getdomaininfo_is_converted),
        cmocka_unit_test(getdomaininfo_up_to_4_17_means_the_next_domain),
        cmocka_unit_test(lists_are_converted),
        cmocka_unit_test(physinfo_is_converted),
        cmocka_unit_test(get_cpufreq_para_is_refused_where_its_layout_is_not_known),
        cmocka_unit_test(a_version_of_no_release_is_refused_where_it_matters),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
