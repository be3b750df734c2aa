/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is told of domains, from every release's layout. */
#include "fake_hypervisor.h"

#include "fakelist.h"
#include "xentoolcore.h"

static const uint16_t with_holes[] = {0, 1, 5, 300};
enum { GREATEST = 0x7fef };

static unsigned running_minor;

static xenmanage_handle *open_on(unsigned minor)
{
    xenmanage_handle *hdl;

    running_minor = minor;
    fakelist_start(fakerelease_start(minor), minor, with_holes, COUNT_OF(with_holes));
    hdl = xenmanage_open(NULL, 0);
    assert_non_null(hdl);
    return hdl;
}

static struct xenmanage_domain room(void)
{
    struct xenmanage_domain domain;

    memset(&domain, 0xff, sizeof(domain));
    domain.size = sizeof(domain);
    return domain;
}

#define ASSERT_FIELD(domain, member, name) \
    assert_true((domain)->member == fakelist_value((uint16_t)(domain)->domid, name))

static void assert_is(const struct xenmanage_domain *domain, uint16_t domid)
{
    assert_int_equal(domain->size, sizeof(*domain));
    assert_int_equal(domain->domid, domid);
    assert_int_equal(domain->flags, fakelist_value(domid, "flags") & 0x1ff);
    assert_int_equal(domain->nr_vcpus, (uint32_t)fakelist_value(domid, "max_vcpu_id") + 1);
    ASSERT_FIELD(domain, cpupool, "cpupool");
    ASSERT_FIELD(domain, nr_online_vcpus, "nr_online_vcpus");
    ASSERT_FIELD(domain, cpu_time_ns, "cpu_time");
    ASSERT_FIELD(domain, pages, "tot_pages");
    ASSERT_FIELD(domain, max_pages, "max_pages");
    ASSERT_FIELD(domain, claimed_pages, "outstanding_pages");
    ASSERT_FIELD(domain, shared_pages, "shr_pages");
    ASSERT_FIELD(domain, paged_pages, "paged_pages");
    ASSERT_FIELD(domain, shared_info_frame, "shared_info_frame");
    ASSERT_FIELD(domain, ssidref, "ssidref");
    ASSERT_FIELD(domain, emulation_flags, "arch_config.emulation_flags");
    ASSERT_FIELD(domain, gpaddr_bits, "gpaddr_bits");
    ASSERT_FIELD(domain, misc_flags, "arch_config.misc_flags");
    for (unsigned i = 0; i < sizeof(domain->uuid); i++)
        assert_int_equal(domain->uuid[i], fakelist_handle(domid, i));
}

static void exactly_this_domain_is_told(unsigned minor)
{
    xenmanage_handle *hdl = open_on(minor);
    struct xenmanage_domain domain, untouched = room();

    for (size_t i = 0; i < COUNT_OF(with_holes); i++) {
        domain = room();
        errno = 77;
        assert_int_equal(xenmanage_domain_get(hdl, with_holes[i], &domain), 0);
        assert_int_equal(errno, 77);
        assert_is(&domain, with_holes[i]);
    }
    domain = room();
    assert_fails_with(xenmanage_domain_get(hdl, 2, &domain), -1, ESRCH);
    assert_fails_with(xenmanage_domain_get(hdl, 301, &domain), -1, ESRCH);
    assert_memory_equal(&domain, &untouched, sizeof(domain));
    xenmanage_close(hdl);
}

static void all_domains_are_walked_through(unsigned minor)
{
    xenmanage_handle *hdl = open_on(minor);
    struct xenmanage_domain domain = room();
    unsigned id = 0;

    for (size_t i = 0; i < COUNT_OF(with_holes); i++) {
        assert_int_equal(xenmanage_domain_next(hdl, id, &domain), 0);
        assert_is(&domain, with_holes[i]);
        id = domain.domid + 1;
    }
    assert_fails_with(xenmanage_domain_next(hdl, id, &domain), -1, ESRCH);
    xenmanage_close(hdl);
}

static void all_domains_are_listed(unsigned minor)
{
    xenmanage_handle *hdl = open_on(minor);
    struct xenmanage_domain domains[10];

    domains[0] = room();
    assert_int_equal(xenmanage_domain_list(hdl, 0, domains, 10), 4);
    for (size_t i = 0; i < COUNT_OF(with_holes); i++)
        assert_is(&domains[i], with_holes[i]);
    assert_int_equal(xenmanage_domain_list(hdl, 2, domains, 1), 1);
    assert_is(&domains[0], 5);
    assert_int_equal(xenmanage_domain_list(hdl, 301, domains, 10), 0);
    xenmanage_close(hdl);
}

/* Xen keeps the reason where it was when the domain goes on. */
static void a_reason_is_told_of_what_has_shut_down(unsigned minor)
{
    xenmanage_handle *hdl = open_on(minor);
    struct xenmanage_domain domain = room();

    fakelist_set_flags(1, 0x4 | XENMANAGE_SHUTDOWN_WATCHDOG << 16);
    assert_int_equal(xenmanage_domain_get(hdl, 1, &domain), 0);
    assert_int_equal(domain.flags, XENMANAGE_DOMAIN_SHUTDOWN);
    assert_int_equal(domain.shutdown_reason, XENMANAGE_SHUTDOWN_WATCHDOG);
    fakelist_set_flags(1, 0x20 | XENMANAGE_SHUTDOWN_WATCHDOG << 16);
    assert_int_equal(xenmanage_domain_get(hdl, 1, &domain), 0);
    assert_int_equal(domain.flags, XENMANAGE_DOMAIN_RUNNING);
    assert_int_equal(domain.shutdown_reason, 0);
    fakelist_set_flags(1, 0x1fe);
    assert_int_equal(xenmanage_domain_get(hdl, 1, &domain), 0);
    assert_int_equal(domain.flags, 0x1fe);
    xenmanage_close(hdl);
}

static void refusals_stay_what_they_are(unsigned minor)
{
    xenmanage_handle *hdl = open_on(minor);
    struct fakerelease *xen = fakerelease_start(minor);
    struct xenmanage_domain domain = room();

    fakelist_start(xen, minor, with_holes, COUNT_OF(with_holes));
    xen->is_unprivileged = true;
    assert_fails_with(xenmanage_domain_get(hdl, 0, &domain), -1, EPERM);
    assert_fails_with(xenmanage_domain_next(hdl, 0, &domain), -1, EPERM);
    assert_fails_with(xenmanage_domain_list(hdl, 0, &domain, 1), -1, EPERM);
    xen->is_unprivileged = false;
    xen->is_policy_refusing = true;
    assert_fails_with(xenmanage_domain_get(hdl, 0, &domain), -1, EACCES);
    assert_fails_with(xenmanage_domain_next(hdl, 0, &domain), -1, EACCES);
    assert_fails_with(xenmanage_domain_list(hdl, 0, &domain, 1), -1, EACCES);
    xenmanage_close(hdl);
}

/* A program that was compiled with the header of a later release of this library. */
static void a_larger_struct_is_filled_with_zeroes(unsigned minor)
{
    struct newer {
        struct xenmanage_domain known;
        uint64_t later[3];
    } domains[4], one;
    xenmanage_handle *hdl = open_on(minor);

    memset(domains, 0xff, sizeof(domains));
    memset(&one, 0xff, sizeof(one));
    one.known.size = domains[0].known.size = sizeof(one);
    assert_int_equal(xenmanage_domain_get(hdl, 5, &one.known), 0);
    assert_int_equal(one.known.size, sizeof(one));
    assert_true((one.later[0] | one.later[1] | one.later[2]) == 0);
    assert_int_equal(xenmanage_domain_list(hdl, 0, &domains[0].known, 4), 4);
    assert_memory_equal(&domains[2], &one, sizeof(one));
    xenmanage_close(hdl);
}

#define EACH_RELEASE(apply, check) EACH_OLDER_RELEASE(apply, check) EACH_NEWER_RELEASE(apply, check)

EACH_RELEASE(RELEASE_TEST, exactly_this_domain_is_told)
EACH_RELEASE(RELEASE_TEST, all_domains_are_walked_through)
EACH_RELEASE(RELEASE_TEST, all_domains_are_listed)
EACH_RELEASE(RELEASE_TEST, a_reason_is_told_of_what_has_shut_down)
EACH_RELEASE(RELEASE_TEST, refusals_stay_what_they_are)
RELEASE_TEST(a_larger_struct_is_filled_with_zeroes, 17)

/* Two hypercalls for 1,500, and the memory for it is kept. */
TEST(a_long_list_is_read_in_parts)
{
    static struct xenmanage_domain domains[FAKELIST_MAX];
    uint16_t domids[1500];
    xenmanage_handle *hdl = open_on(20);
    unsigned before;

    for (unsigned i = 0; i < COUNT_OF(domids); i++)
        domids[i] = (uint16_t)(3 * i);
    fakelist_start(fakerelease_start(20), 20, domids, COUNT_OF(domids));
    domains[0].size = sizeof(domains[0]);
    assert_int_equal(xenmanage_domain_list(hdl, 0, domains, FAKELIST_MAX), COUNT_OF(domids));
    for (unsigned i = 0; i < COUNT_OF(domids); i++)
        assert_is(&domains[i], domids[i]);
    assert_int_equal(fakelist_calls, 2);
    before = fakexen_count_all();
    assert_int_equal(xenmanage_domain_list(hdl, 0, domains, FAKELIST_MAX), COUNT_OF(domids));
    assert_int_equal(fakexen_count_all(), before + 2);
    assert_int_equal(xenmanage_domain_list(hdl, 0, domains, 1200), 1200);
    assert_is(&domains[1199], domids[1199]);
    xenmanage_close(hdl);
}

TEST(no_domid_is_too_large_to_go_on_from)
{
    static const uint16_t domids[] = {0, GREATEST};
    xenmanage_handle *hdl = open_on(17);
    struct xenmanage_domain domain = room();

    fakelist_start(fakerelease_start(17), 17, domids, 2);
    assert_int_equal(xenmanage_domain_next(hdl, 1, &domain), 0);
    assert_int_equal(domain.domid, GREATEST);
    assert_fails_with(xenmanage_domain_next(hdl, domain.domid + 1, &domain), -1, ESRCH);
    assert_fails_with(xenmanage_domain_next(hdl, 0x10000, &domain), -1, ESRCH);
    assert_int_equal(xenmanage_domain_list(hdl, domain.domid + 1, &domain, 1), 0);
    assert_int_equal(xenmanage_domain_list(hdl, 0x10000, &domain, 1), 0);
    xenmanage_close(hdl);
}

TEST(bad_arguments_are_EINVAL_and_ask_nothing)
{
    xenmanage_handle *hdl = open_on(17);
    struct xenmanage_domain domain = room();

    assert_fails_with(xenmanage_domain_get(NULL, 0, &domain), -1, EINVAL);
    assert_fails_with(xenmanage_domain_get(hdl, 0, NULL), -1, EINVAL);
    assert_fails_with(xenmanage_domain_get(hdl, DOMID_FIRST_RESERVED, &domain), -1, EINVAL);
    assert_fails_with(xenmanage_domain_get(hdl, DOMID_SELF, &domain), -1, EINVAL);
    assert_fails_with(xenmanage_domain_get(hdl, 0x10000, &domain), -1, EINVAL);
    assert_fails_with(xenmanage_domain_next(NULL, 0, &domain), -1, EINVAL);
    assert_fails_with(xenmanage_domain_next(hdl, 0, NULL), -1, EINVAL);
    assert_fails_with(xenmanage_domain_list(NULL, 0, &domain, 1), -1, EINVAL);
    assert_fails_with(xenmanage_domain_list(NULL, 0, &domain, 0), -1, EINVAL);
    assert_fails_with(xenmanage_domain_list(hdl, 0, NULL, 1), -1, EINVAL);
    assert_fails_with(xenmanage_domain_list(hdl, 0, &domain, 0x80000000u), -1, EINVAL);
    domain.size = sizeof(domain) - 1;
    assert_fails_with(xenmanage_domain_get(hdl, 0, &domain), -1, EINVAL);
    assert_fails_with(xenmanage_domain_next(hdl, 0, &domain), -1, EINVAL);
    assert_fails_with(xenmanage_domain_list(hdl, 0, &domain, 1), -1, EINVAL);
    assert_int_equal(xenmanage_domain_list(hdl, 0, NULL, 0), 0);
    assert_int_equal(fakexen_count(FAKEXEN_IOCTL), 0);
    xenmanage_close(hdl);
}

/* Of a release whose interface nobody knows yet nothing is guessed. */
TEST(a_xen_of_the_future_is_ENOTSUP)
{
    xenmanage_handle *hdl = open_on(17);
    struct fakerelease *xen = fakerelease_start(40);
    struct xenmanage_domain domain = room();

    xen->domctl_number = xen->sysctl_number = 0x99;
    assert_fails_with(xenmanage_domain_get(hdl, 0, &domain), -1, ENOTSUP);
    assert_fails_with(xenmanage_domain_next(hdl, 0, &domain), -1, ENOTSUP);
    assert_fails_with(xenmanage_domain_list(hdl, 0, &domain, 1), -1, ENOTSUP);
    xenmanage_close(hdl);
}

TEST(after_restrict_all_domains_are_EPERM)
{
    xenmanage_handle *hdl = open_on(17);
    struct xenmanage_domain domain = room();

    assert_int_equal(xenmanage_domain_get(hdl, 0, &domain), 0);
    assert_int_equal(xentoolcore_restrict_all(1), 0);
    assert_fails_with(xenmanage_domain_get(hdl, 0, &domain), -1, EPERM);
    assert_fails_with(xenmanage_domain_next(hdl, 0, &domain), -1, EPERM);
    assert_fails_with(xenmanage_domain_list(hdl, 0, &domain, 1), -1, EPERM);
    xenmanage_close(hdl);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        EACH_RELEASE(RELEASE_UNIT_TEST, exactly_this_domain_is_told)
        EACH_RELEASE(RELEASE_UNIT_TEST, all_domains_are_walked_through)
        EACH_RELEASE(RELEASE_UNIT_TEST, all_domains_are_listed)
        EACH_RELEASE(RELEASE_UNIT_TEST, a_reason_is_told_of_what_has_shut_down)
        EACH_RELEASE(RELEASE_UNIT_TEST, refusals_stay_what_they_are)
        RELEASE_UNIT_TEST(a_larger_struct_is_filled_with_zeroes, 17)
        cmocka_unit_test(a_long_list_is_read_in_parts),
        cmocka_unit_test(no_domid_is_too_large_to_go_on_from),
        cmocka_unit_test(bad_arguments_are_EINVAL_and_ask_nothing),
        cmocka_unit_test(a_xen_of_the_future_is_ENOTSUP),
        cmocka_unit_test(after_restrict_all_domains_are_EPERM),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
