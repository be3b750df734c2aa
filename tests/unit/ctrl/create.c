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
    assert_int_equal(lines_logged, 1);
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

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_domain_is_created_in_the_shape_of_what_runs),
        cmocka_unit_test(what_a_release_cannot_express_is_refused),
        cmocka_unit_test(a_field_of_the_future_is_refused),
        cmocka_unit_test(domains_are_listed_in_one_shape),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
