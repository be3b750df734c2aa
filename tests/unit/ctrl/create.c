/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Creating and describing domains, through our own structs. */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "xenctrl.h"

static int name_it_3(struct sent *request, uint8_t *payload)
{
    (void)payload;
    if (request->op == 1)
        request->domid = 3;
    return 0;
}

TEST(a_domain_is_created_in_the_shape_of_what_runs)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct xen_domctl_createdomain config = {
            .ssidref = 5, .max_vcpus = 2, .max_evtchn_port = 1023, .max_grant_frames = -1,
            .max_maptrack_frames = 64, .handle = {1, 2}, .arch = {.emulation_flags = 0}};
        uint32_t domid = 0;

        answer_with(name_it_3);
        assert_int_equal(xc_domain_create(xch, &domid, &config), 0);
        assert_int_equal(domid, 3);
        assert_int_equal(sent.op, 1);
        assert_int_equal(fakerelease_get(sent.payload, fakerelease_field(minor, "xen_domctl",
                                                                         "createdomain",
                                                                         "max_maptrack_frames")),
                         64);
        stop(xch);
    }
}

TEST(what_a_release_cannot_express_is_refused)
{
    xc_interface *xch = start(14);
    struct xen_domctl_createdomain config = {.max_vcpus = 1, .vmtrace_size = 4096};
    uint32_t domid = 0;

    assert_fails_with(xc_domain_create(xch, &domid, &config), -1, ENOTSUP);
    assert_int_equal(logged.messages, 1);
    stop(xch);
}

TEST(a_field_of_the_future_is_refused)
{
    xc_interface *xch = start(22);
    struct xen_domctl_createdomain config = {.max_vcpus = 1, .reserved = {[14] = 1}};
    uint32_t domid = 0;

    assert_fails_with(xc_domain_create(xch, &domid, &config), -1, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

/* Three domains, 0, 2 and 5, told of as each release tells. */
static int tell_list(struct sent *request, uint8_t *payload)
{
    static const char unit[] = "xen_sysctl", member[] = "getdomaininfolist";
    static const uint16_t ids[] = {0, 2, 5};
    unsigned size = fakerelease_size(running_minor, "xen_domctl", "getdomaininfo"), found = 0;
    char *buffer = address_in(running_minor, unit, member, "buffer.p", payload);
    uint64_t first = fakerelease_get(
        payload, fakerelease_field(running_minor, unit, member, "first_domain"));
    uint64_t max = fakerelease_get(
        payload, fakerelease_field(running_minor, unit, member, "max_domains"));

    (void)request;
    for (unsigned i = 0; i < 3 && found < max; i++)
        if (ids[i] >= first) {
            uint8_t *entry = (uint8_t *)buffer + found++ * size;

            fakerelease_fill(running_minor, "xen_domctl", "getdomaininfo", ids[i], entry);
            set_field(running_minor, "xen_domctl", "getdomaininfo", "domain", entry, ids[i]);
        }
    set_field(running_minor, unit, member, "num_domains", payload, found);
    return 0;
}

TEST(domains_are_listed_in_one_shape)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xc_domaininfo_t infos[4];

        answer_with(tell_list);
        assert_int_equal(xc_domain_getinfolist(xch, 0, 4, infos), 3);
        assert_int_equal(infos[2].domain, 5);
        assert_true(infos[2].tot_pages == fakerelease_value("tot_pages", 5, 8));
        assert_int_equal(infos[2].cpupool, fakerelease_value("cpupool", 5, 4));
        assert_int_equal(infos[2].arch_config.emulation_flags,
                         fakerelease_value("arch_config.emulation_flags", 5, 4));
        assert_int_equal(infos[2].gpaddr_bits,
                         minor < 16 ? 0 : fakerelease_value("gpaddr_bits", 5, 1));
        assert_int_equal(xc_domain_getinfolist(xch, 3, 1, infos), 1);
        assert_int_equal(infos[0].domain, 5);
        assert_int_equal(xc_domain_getinfolist(xch, 6, 4, infos), 0);
        assert_int_equal(requests, 3);
        stop(xch);
    }
}

/* Domain 5 only. Before 4.18 whoever asks for a lower one is told of it as well. */
static int tell_5(struct sent *request, uint8_t *payload)
{
    if (request->domid > 5 || (request->domid < 5 && running_minor >= 18))
        return -ESRCH;
    fakerelease_fill(running_minor, "xen_domctl", "getdomaininfo", 5, payload);
    set_field(running_minor, "xen_domctl", "getdomaininfo", "domain", payload, 5);
    return 0;
}

TEST(one_domain_is_exactly_that_one_on_every_release)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xc_domaininfo_t info = {0};

        answer_with(tell_5);
        assert_int_equal(xc_domain_getinfo_single(xch, 5, &info), 0);
        assert_bare_domctl(5, 5);
        assert_int_equal(info.domain, 5);
        assert_true(info.cpu_time == fakerelease_value("cpu_time", 5, 8));
        assert_int_equal(xc_domain_getinfo_single(xch, 5, NULL), 0);
        assert_fails_with(xc_domain_getinfo_single(xch, 4, &info), -1, ESRCH);
        assert_fails_with(xc_domain_getinfo_single(xch, 6, &info), -1, ESRCH);
        assert_int_equal(info.domain, 5);
        assert_int_equal(requests, 4);
        assert_fails_with(xc_domain_getinfo_single(xch, 0x10005, &info), -1, EINVAL);
        assert_int_equal(requests, 4);
        stop(xch);
    }
}

/* As many as are asked for, from the first on, with rubbish between the fields. */
static int tell_many(struct sent *request, uint8_t *payload)
{
    static const char unit[] = "xen_sysctl", member[] = "getdomaininfolist";
    unsigned size = fakerelease_size(running_minor, "xen_domctl", "getdomaininfo");
    struct fakefield domain = fakerelease_field(running_minor, "xen_domctl", "getdomaininfo",
                                                "domain");
    uint8_t *buffer = address_in(running_minor, unit, member, "buffer.p", payload);
    uint64_t first = fakerelease_get(
        payload, fakerelease_field(running_minor, unit, member, "first_domain"));
    uint64_t max = fakerelease_get(
        payload, fakerelease_field(running_minor, unit, member, "max_domains"));

    (void)request;
    memset(buffer, 0xa5, size * max);
    for (uint64_t i = 0; i < max; i++)
        fakerelease_put(buffer + i * size, domain, first + i);
    set_field(running_minor, unit, member, "num_domains", payload, max);
    return 0;
}

TEST(thousands_of_domains_are_listed_without_gaps)
{
    static xc_domaininfo_t infos[2501];

    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        answer_with(tell_many);
        memset(&infos[2500], 0x55, sizeof(infos[0]));
        assert_int_equal(xc_domain_getinfolist(xch, 3, 2500, infos), 2500);
        assert_int_equal(requests, 3);
        for (unsigned i = 0; i < 2500; i++) {
            assert_int_equal(infos[i].domain, i + 3);
            assert_int_equal(infos[i].pad1, 0);
            assert_int_equal(infos[i].pad2[0] | infos[i].pad2[6], 0);
            assert_true(infos[i].cpu_time == UINT64_C(0xa5a5a5a5a5a5a5a5));
            assert_int_equal(infos[i].gpaddr_bits, minor < 16 ? 0 : 0xa5);
        }
        assert_int_equal(infos[2500].domain, 0x5555);
        stop(xch);
    }
}

TEST(a_list_that_cannot_be_is_not_asked_for)
{
    xc_interface *xch = start(17);
    xc_domaininfo_t info;

    assert_fails_with(xc_domain_getinfolist(xch, 0, 0x80000000u, &info), -1, EINVAL);
    assert_int_equal(xc_domain_getinfolist(xch, 0x10000, 1, &info), 0);
    assert_int_equal(xc_domain_getinfolist(xch, 0, 0, NULL), 0);
    assert_int_equal(requests, 0);
    stop(xch);
}

TEST(why_a_domain_shut_down_is_in_its_flags)
{
    xc_domaininfo_t info = {.flags = XEN_DOMINF_shutdown |
                                     (uint32_t)SHUTDOWN_suspend << XEN_DOMINF_shutdownshift};

    assert_int_equal(dominfo_shutdown_reason(&info), SHUTDOWN_suspend);
    assert_true(dominfo_shutdown_with(&info, SHUTDOWN_suspend));
    assert_false(dominfo_shutdown_with(&info, SHUTDOWN_crash));
    info.flags &= ~(uint32_t)XEN_DOMINF_shutdown;
    assert_false(dominfo_shutdown_with(&info, SHUTDOWN_suspend));
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_domain_is_created_in_the_shape_of_what_runs),
        cmocka_unit_test(what_a_release_cannot_express_is_refused),
        cmocka_unit_test(a_field_of_the_future_is_refused),
        cmocka_unit_test(domains_are_listed_in_one_shape),
        cmocka_unit_test(one_domain_is_exactly_that_one_on_every_release),
        cmocka_unit_test(thousands_of_domains_are_listed_without_gaps),
        cmocka_unit_test(a_list_that_cannot_be_is_not_asked_for),
        cmocka_unit_test(why_a_domain_shut_down_is_in_its_flags),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
