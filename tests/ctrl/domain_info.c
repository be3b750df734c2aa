/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What Xen tells of domains: with holes between their ids above all. */
#include <string.h>

#include "scratch.h"

enum { FIRST = 3000, GONE, LAST, ROOM = 32 };

/* Two domains with a hole between them. */
static void make_a_hole(void)
{
    for (uint32_t domid = FIRST; domid <= LAST; domid++)
        assert_int_equal(
            scratch_create(domid, scratch_config(domid == LAST ? SCRATCH_PVH : SCRATCH_PV)), domid);
    scratch_destroy(GONE);
}

TEST(one_domain_is_exactly_that_one)
{
    xc_domaininfo_t info;

    make_a_hole();
    assert_int_equal(info_of(FIRST).domain, FIRST);
    assert_int_equal(info_of(LAST).domain, LAST);
    assert_works(xc_domain_getinfo_single(xc(), LAST, NULL));
    assert_fails_with(xc_domain_getinfo_single(xc(), GONE, &info), -1, ESRCH);
    assert_fails_with(xc_domain_getinfo_single(xc(), LAST + 1, &info), -1, ESRCH);
}

TEST(a_list_goes_on_past_a_hole)
{
    xc_domaininfo_t infos[ROOM];

    make_a_hole();
    assert_int_equal(xc_domain_getinfolist(xc(), FIRST, ROOM, infos), 2);
    assert_int_equal(infos[0].domain, FIRST);
    assert_int_equal(infos[1].domain, LAST);
    assert_int_equal(xc_domain_getinfolist(xc(), GONE, 1, infos), 1);
    assert_int_equal(infos[0].domain, LAST);
    assert_int_equal(xc_domain_getinfolist(xc(), LAST + 1, ROOM, infos), 0);
}

TEST(a_list_says_of_each_what_is_said_of_one)
{
    xc_domaininfo_t infos[ROOM], dom0 = info_of(0);

    make_a_hole();
    long count = assert_works(xc_domain_getinfolist(xc(), 0, ROOM, infos));
    assert_true(count >= 3);
    for (long i = 0; i < count; i++) {
        xc_domaininfo_t one = info_of(infos[i].domain);
        assert_true(i == 0 || infos[i].domain > infos[i - 1].domain);
        assert_memory_equal(one.handle, infos[i].handle, sizeof(one.handle));
        assert_int_equal(one.max_vcpu_id, infos[i].max_vcpu_id);
        assert_true(one.shared_info_frame == infos[i].shared_info_frame);
        assert_true(one.cpu_time >= infos[i].cpu_time);
        assert_int_equal(one.gpaddr_bits, infos[i].gpaddr_bits);
        assert_int_equal(one.arch_config.emulation_flags, infos[i].arch_config.emulation_flags);
        assert_int_equal(infos[i].pad1, 0);
    }
    assert_int_equal(infos[0].domain, 0);
    assert_true(dom0.tot_pages > 1000 && dom0.nr_online_vcpus > 0 && dom0.cpu_time > 0);
}

TEST(guests_are_what_they_are)
{
    xc_domaininfo_t pv = info_of(guest("pv")), pvh = info_of(guest("pvh"));

    assert_false(pv.flags & XEN_DOMINF_hvm_guest);
    assert_true(pvh.flags & XEN_DOMINF_hvm_guest);
    assert_int_equal(pvh.arch_config.emulation_flags & XEN_X86_EMU_LAPIC, XEN_X86_EMU_LAPIC);
    assert_true(pv.tot_pages > 1000 && pvh.tot_pages > 1000);
    assert_true(pv.max_pages >= pv.tot_pages);
    assert_int_equal(pv.nr_online_vcpus, 1);
    if (xen_is_at_least(4, 16))
        assert_true(pvh.gpaddr_bits >= 32 && pvh.gpaddr_bits <= 64);
    else
        assert_int_equal(pvh.gpaddr_bits, 0);
}

TEST(why_a_domain_shut_down_is_told)
{
    uint32_t domid = scratch_domain(SCRATCH_PV);
    xc_domaininfo_t info;

    assert_works(xc_domain_shutdown(xc(), domid, SHUTDOWN_reboot));
    info = info_of(domid);
    assert_int_equal(dominfo_shutdown_reason(&info), SHUTDOWN_reboot);
    assert_true(dominfo_shutdown_with(&info, SHUTDOWN_reboot));
    assert_false(dominfo_shutdown_with(&info, SHUTDOWN_poweroff));
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        WITH_SCRATCH(one_domain_is_exactly_that_one),
        WITH_SCRATCH(a_list_goes_on_past_a_hole),
        WITH_SCRATCH(a_list_says_of_each_what_is_said_of_one),
        ON_XEN(guests_are_what_they_are),
        WITH_SCRATCH(why_a_domain_shut_down_is_told),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
