/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The domains of a real Xen: dom0, a PV and a PVH guest, and one that comes and goes. */
#include "handle.h"

#include <string.h>

#include "own_domain.h"

enum { ROOM = 64, NOBODY = 32000 };

static struct xenmanage_domain get(uint32_t domid)
{
    struct xenmanage_domain domain = {.size = sizeof(domain)};

    assert_tells(xenmanage_domain_get(manage(), domid, &domain));
    return domain;
}

/* What cannot have changed meanwhile. */
static void assert_same(const struct xenmanage_domain *one, const struct xenmanage_domain *other)
{
    assert_int_equal(one->domid, other->domid);
    assert_int_equal(one->flags & XENMANAGE_DOMAIN_HVM, other->flags & XENMANAGE_DOMAIN_HVM);
    assert_int_equal(one->nr_vcpus, other->nr_vcpus);
    assert_true(one->max_pages == other->max_pages);
    assert_true(one->shared_info_frame == other->shared_info_frame);
    assert_int_equal(one->emulation_flags, other->emulation_flags);
    assert_int_equal(one->gpaddr_bits, other->gpaddr_bits);
    assert_memory_equal(one->uuid, other->uuid, sizeof(one->uuid));
}

TEST(dom0_is_the_one_that_asks)
{
    struct xenmanage_domain dom0 = get(0);
    uint64_t before = dom0.cpu_time_ns;

    assert_int_equal(dom0.domid, 0);
    assert_true(dom0.flags & XENMANAGE_DOMAIN_RUNNING);
    assert_false(dom0.flags & (XENMANAGE_DOMAIN_HVM | XENMANAGE_DOMAIN_SHUTDOWN |
                               XENMANAGE_DOMAIN_DYING));
    assert_in_range(dom0.nr_online_vcpus, 1, dom0.nr_vcpus);
    assert_in_range(dom0.pages, 1024, dom0.max_pages);
    assert_int_equal(dom0.cpupool, 0);
    assert_true(before > 0);
    for (unsigned i = 0; i < 10000000; i++)
        __asm__ volatile("");
    assert_true(get(0).cpu_time_ns > before);
    assert_int_equal(get(0).gpaddr_bits > 0, xen_is_at_least(4, 16));
}

TEST(guests_are_what_they_were_created_as)
{
    struct xenmanage_domain pv = get(guest("pv")), pvh = get(guest("pvh"));

    assert_false(pv.flags & XENMANAGE_DOMAIN_HVM);
    assert_true(pvh.flags & XENMANAGE_DOMAIN_HVM);
    assert_true(pvh.flags & XENMANAGE_DOMAIN_HAP);
    assert_int_equal(pv.nr_vcpus, 1);
    assert_int_equal(pv.shutdown_reason, 0);
    assert_true(memcmp(pv.uuid, pvh.uuid, sizeof(pv.uuid)) != 0);
}

TEST(a_list_a_walk_and_single_questions_agree)
{
    struct xenmanage_domain list[ROOM] = {{.size = sizeof(list[0])}}, walked = list[0];
    long count = assert_tells(xenmanage_domain_list(manage(), 0, list, ROOM));
    unsigned id = 0;

    assert_in_range(count, 3, ROOM - 1);
    for (long i = 0; i < count; i++) {
        struct xenmanage_domain single = get(list[i].domid);

        assert_same(&single, &list[i]);
        assert_tells(xenmanage_domain_next(manage(), id, &walked));
        assert_same(&walked, &list[i]);
        id = walked.domid + 1;
    }
    assert_fails_with(xenmanage_domain_next(manage(), id, &walked), -1, ESRCH);
    assert_int_equal(xenmanage_domain_list(manage(), id, list, ROOM), 0);
}

TEST(libxenctrl_tells_the_same)
{
    struct xenmanage_domain pvh = get(guest("pvh"));
    xc_domaininfo_t info;

    assert_works(xc_domain_getinfo_single(xc(), guest("pvh"), &info));
    assert_int_equal(info.max_vcpu_id + 1, pvh.nr_vcpus);
    assert_true(info.max_pages == pvh.max_pages);
    assert_int_equal(info.arch_config.emulation_flags, pvh.emulation_flags);
    assert_memory_equal(info.handle, pvh.uuid, sizeof(pvh.uuid));
}

TEST(pausing_shows)
{
    uint32_t pv = guest("pv");

    assert_works(xc_domain_pause(xc(), pv));
    assert_true(get(pv).flags & XENMANAGE_DOMAIN_PAUSED);
    assert_works(xc_domain_unpause(xc(), pv));
    assert_false(get(pv).flags & XENMANAGE_DOMAIN_PAUSED);
}

TEST(a_domain_of_our_own_shuts_down)
{
    struct xenmanage_domain domain = get(own_domain());

    assert_true(domain.flags & XENMANAGE_DOMAIN_PAUSED);
    assert_works(xc_domain_shutdown(xc(), own_domain(), SHUTDOWN_crash));
    domain = get(own_domain());
    assert_true(domain.flags & XENMANAGE_DOMAIN_SHUTDOWN);
    assert_int_equal(domain.shutdown_reason, XENMANAGE_SHUTDOWN_CRASH);
}

static int close_both(void **state)
{
    return destroy_own_domain(state) | close_manage(state);
}

TEST(nobody_is_ESRCH_though_there_are_others)
{
    struct xenmanage_domain domain = {.size = sizeof(domain)};

    assert_fails_with(xenmanage_domain_get(manage(), NOBODY, &domain), -1, ESRCH);
    assert_fails_with(xenmanage_domain_next(manage(), NOBODY, &domain), -1, ESRCH);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_XEN_BY_MANAGE(dom0_is_the_one_that_asks),
        ON_XEN_BY_MANAGE(guests_are_what_they_were_created_as),
        ON_XEN_BY_MANAGE(a_list_a_walk_and_single_questions_agree),
        ON_XEN_BY_MANAGE(libxenctrl_tells_the_same),
        ON_XEN_BY_MANAGE(pausing_shows),
        cmocka_unit_test_teardown(a_domain_of_our_own_shuts_down, close_both),
        ON_XEN_BY_MANAGE(nobody_is_ESRCH_though_there_are_others),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
