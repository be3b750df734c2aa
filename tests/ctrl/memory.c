/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory is given to domains and taken from them, and appears where it should. */
#define XC_WANT_COMPAT_MAP_FOREIGN_API 1
#include "bare_domain.h"

#include <string.h>
#include <sys/mman.h>

enum { SOME = 16, TOO_MANY = BARE_PAGES + 1000 };

static void number(xen_pfn_t *frames, unsigned count, xen_pfn_t first)
{
    for (unsigned i = 0; i < count; i++)
        frames[i] = first + i;
}

/* ---- more and less ---- */

TEST(a_pv_domain_is_told_which_frames_it_gets)
{
    uint32_t domid = bare_pv();
    xen_pfn_t frames[SOME];

    number(frames, SOME, 0);
    assert_int_equal(xc_domain_populate_physmap(xc(), domid, SOME, 0, 0, frames), SOME);
    assert_int_equal(pages_of(domid), SOME);
    void *page = xc_map_foreign_range(xc(), domid, XC_PAGE_SIZE, PROT_READ, frames[SOME - 1]);
    assert_non_null(page);
    munmap(page, XC_PAGE_SIZE);
    assert_int_equal(xc_domain_decrease_reservation(xc(), domid, 2, 0, frames), 2);
    assert_int_equal(pages_of(domid), SOME - 2);
    assert_works(xc_domain_decrease_reservation_exact(xc(), domid, 1, 0, frames + 2));
    assert_int_equal(pages_of(domid), SOME - 3);
}

TEST(an_increase_tells_its_frames_too)
{
    uint32_t domid = bare_pv();
    xen_pfn_t frames[3] = {0};

    assert_int_equal(xc_domain_increase_reservation(xc(), domid, 3, 0, 0, frames), 3);
    assert_true(frames[0] && frames[1] && frames[2] && frames[0] != frames[1]);
    assert_works(xc_domain_increase_reservation_exact(xc(), domid, 2, 1, 0, frames));
    assert_int_equal(frames[0] % 2, 0);
    assert_int_equal(pages_of(domid), 3 + 4);
}

TEST(what_goes_beyond_the_limit_is_an_error_of_the_exact_forms_only)
{
    static xen_pfn_t frames[TOO_MANY];
    uint32_t domid = bare_hvm();

    number(frames, TOO_MANY, 0);
    int done = xc_domain_populate_physmap(xc(), domid, TOO_MANY, 0, 0, frames);
    assert_true(done > BARE_PAGES / 2 && done <= BARE_PAGES);
    assert_int_equal(pages_of(domid), done);
    assert_fails_with(xc_domain_populate_physmap_exact(xc(), domid, SOME, 0, 0, frames + done),
                      -1, EBUSY);
    domid = bare_pv();
    assert_fails_with(xc_domain_increase_reservation_exact(xc(), domid, TOO_MANY, 0, 0, frames),
                      -1, ENOMEM);
    number(frames, 2, 0);
    assert_fails_with(xc_domain_decrease_reservation_exact(xc(), bare_hvm(), 1, 0,
                                                           &(xen_pfn_t){TOO_MANY}),
                      -1, EINVAL);
}

TEST(a_claim_is_kept_apart_and_let_go)
{
    uint32_t domid = bare_pv();
    xc_physinfo_t before, claimed;
    xc_domaininfo_t info;

    assert_works(xc_physinfo(xc(), &before));
    if (is_lacking("memory.claim", xc_domain_claim_pages(xc(), domid, 100)))
        return;
    assert_works(xc_domain_getinfo_single(xc(), domid, &info));
    assert_int_equal(info.outstanding_pages, 100);
    assert_works(xc_physinfo(xc(), &claimed));
    assert_int_equal(claimed.outstanding_pages, before.outstanding_pages + 100);
    assert_works(xc_domain_claim_pages(xc(), domid, 0));
    assert_works(xc_domain_getinfo_single(xc(), domid, &info));
    assert_int_equal(info.outstanding_pages, 0);
}

TEST(single_pages_are_exchanged_for_a_run)
{
    uint32_t domid = bare_pv();
    xen_pfn_t frames[4], run = 0;

    number(frames, 4, 0);
    assert_works(xc_domain_populate_physmap_exact(xc(), domid, 4, 0, 0, frames));
    assert_works(xc_domain_memory_exchange_pages(xc(), domid, 4, 0, frames, 1, 2, &run));
    assert_true(run != 0 && run % 4 == 0);
    assert_int_equal(pages_of(domid), 4);
    void *pages = xc_map_foreign_range(xc(), domid, 4 * XC_PAGE_SIZE, PROT_READ, run);
    assert_non_null(pages);
    munmap(pages, 4 * XC_PAGE_SIZE);
}

/* ---- what is where ---- */

static bool is_there(uint32_t domid, xen_pfn_t frame)
{
    void *page = xc_map_foreign_range(xc(), domid, XC_PAGE_SIZE, PROT_READ, frame);

    if (page)
        munmap(page, XC_PAGE_SIZE);
    return page != NULL;
}

TEST(pages_go_from_the_physmap_and_others_come)
{
    uint32_t domid = bare_hvm();
    xen_pfn_t highest, count;

    give_pages(domid, SOME);
    assert_works(xc_domain_maximum_gpfn(xc(), domid, &highest));
    assert_int_equal(highest, SOME - 1);
    assert_works(xc_domain_nr_gpfns(xc(), domid, &count));
    assert_int_equal(count, SOME);
    assert_true(is_there(domid, 3));
    assert_works(xc_domain_remove_from_physmap(xc(), domid, 3));
    assert_false(is_there(domid, 3));
    assert_works(xc_domain_add_to_physmap(xc(), domid, XENMAPSPACE_shared_info, 0, 0x100));
    assert_works(xc_domain_maximum_gpfn(xc(), domid, &highest));
    assert_int_equal(highest, 0x100);
}

TEST(several_are_added_at_once_and_each_tells_if_it_failed)
{
    uint32_t domid = bare_hvm();
    xen_ulong_t idxs[3] = {0, 1000, 1};
    xen_pfn_t gfns[3] = {0x200, 0x201, 0x202}, highest;
    int errs[3] = {7, 7, 7};

    give_pages(domid, 1);
    assert_works(xc_domain_add_to_physmap_batch(xc(), domid, 0, XENMAPSPACE_grant_table, 3, idxs,
                                                gfns, errs));
    assert_int_equal(errs[0], 0);
    assert_true(errs[1] < 0);
    assert_int_equal(errs[2], 0);
    assert_works(xc_domain_maximum_gpfn(xc(), domid, &highest));
    assert_int_equal(highest, 0x202);
}

/* ---- populate on demand ---- */

TEST(memory_on_demand_has_a_target)
{
    uint32_t domid = bare_hvm();
    uint64_t total = 0, cache = 0, entries = 0;
    xen_pfn_t frame = 0;

    if (is_lacking("memory.pod", xc_domain_set_pod_target(xc(), domid, SOME, NULL, NULL, NULL)))
        return;
    assert_works(xc_domain_populate_physmap_exact(xc(), domid, 1, 9,
                                                  XENMEMF_populate_on_demand, &frame));
    assert_works(xc_domain_get_pod_target(xc(), domid, &total, &cache, &entries));
    assert_int_equal(entries, 512);
    assert_int_equal(cache, SOME);
    assert_int_equal(total, SOME);
    assert_true(is_there(domid, 5)); /* which takes one of them */
    assert_works(xc_domain_set_pod_target(xc(), domid, 2 * SOME, &total, &cache, &entries));
    assert_int_equal(entries, 511);
    assert_int_equal(total, 2 * SOME);
    assert_int_equal(cache, 2 * SOME - 1);
}

/* ---- none of it ---- */

/* But for reservations, of which Xen says in any case how far it came, and claims. */
TEST(a_domain_that_is_not_there_is_ESRCH)
{
    enum { NOBODY = 32000 };
    xen_pfn_t frame = 0;
    uint64_t pages;

    assert_int_equal(xc_domain_populate_physmap(xc(), NOBODY, 1, 0, 0, &frame), 0);
    assert_fails_with(xc_domain_populate_physmap_exact(xc(), NOBODY, 1, 0, 0, &frame), -1,
                      EBUSY);
    assert_fails_with(xc_domain_claim_pages(xc(), NOBODY, 1), -1, EINVAL);
    assert_fails_with(xc_domain_maximum_gpfn(xc(), NOBODY, &frame), -1, ESRCH);
    assert_fails_with(xc_domain_remove_from_physmap(xc(), NOBODY, 1), -1, ESRCH);
    assert_fails_with(xc_domain_get_pod_target(xc(), NOBODY, &pages, NULL, NULL), -1, ESRCH);
    assert_fails_with(xc_get_tot_pages(xc(), NOBODY), -1, ESRCH);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_BARE_DOMAIN(a_pv_domain_is_told_which_frames_it_gets),
        ON_BARE_DOMAIN(an_increase_tells_its_frames_too),
        ON_BARE_DOMAIN(what_goes_beyond_the_limit_is_an_error_of_the_exact_forms_only),
        ON_BARE_DOMAIN(a_claim_is_kept_apart_and_let_go),
        ON_BARE_DOMAIN(single_pages_are_exchanged_for_a_run),
        ON_BARE_DOMAIN(pages_go_from_the_physmap_and_others_come),
        ON_BARE_DOMAIN(several_are_added_at_once_and_each_tells_if_it_failed),
        ON_BARE_DOMAIN(memory_on_demand_has_a_target),
        ON_XEN(a_domain_that_is_not_there_is_ESRCH),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
