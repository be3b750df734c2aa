/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory that is watched, paged out, or shared: where Xen and the machine can do it. */
#define XC_WANT_COMPAT_MAP_FOREIGN_API 1
#include "own_domain.h"

#include <string.h>
#include <sys/mman.h>

/* ---- watched ---- */

/* What cannot be watched is an invalid domain to Xen; one that nobody watches, no device. */
static bool is_unwatched(const char *key, long result)
{
    if (result == 0 || errno != EINVAL)
        return is_lacking(key, result);
    observe(key, "%s", strerror(errno));
    return true;
}

TEST(accesses_are_what_was_set)
{
    uint8_t kinds[2] = {XENMEM_access_r, XENMEM_access_rx};
    uint64_t pages[2] = {10, 11};
    xenmem_access_t access = XENMEM_access_default;

    bool lacking = is_unwatched("mem_access/set", xc_set_mem_access(xc(), own_domain(),
                                                                  XENMEM_access_rx, 5, 2));
    lacking |= is_unwatched("mem_access/set_multi",
                          xc_set_mem_access_multi(xc(), own_domain(), kinds, pages, 2));
    if (is_unwatched("mem_access/get", xc_get_mem_access(xc(), own_domain(), 6, &access)) || lacking)
        return;
    assert_int_equal(access, XENMEM_access_rx);
    assert_works(xc_get_mem_access(xc(), own_domain(), 10, &access));
    assert_int_equal(access, XENMEM_access_r);
}

/* ---- paged out ---- */

/* True if the ring that is named by a parameter is in use. */
static bool begins(const char *key, uint32_t param,
                   int (*enable)(xc_interface *xch, uint32_t domid, uint32_t *port))
{
    uint32_t port = 0;

    assert_works(xc_hvm_param_set(xc(), own_domain(), param, 21));
    if (is_lacking(key, enable(xc(), own_domain(), &port)))
        return false;
    assert_true(port > 0);
    return true;
}

static void assert_page_holds(unsigned long gfn, uint8_t value)
{
    const uint8_t *page = xc_map_foreign_range(xc(), own_domain(), XC_PAGE_SIZE, PROT_READ, gfn);

    assert_non_null(page);
    assert_int_equal(page[0], value);
    assert_int_equal(page[XC_PAGE_SIZE - 1], value);
    munmap((void *)(uintptr_t)page, XC_PAGE_SIZE);
}

static long pages_of(uint32_t domid)
{
    return assert_works(xc_get_tot_pages(xc(), domid));
}

/* A page that nobody missed cannot be called back, nor one without memory come in without any. */
static void page_out_and_in(uint32_t domid)
{
    uint8_t page[XC_PAGE_SIZE];
    long before = pages_of(domid);

    memset(page, 0x5a, sizeof(page));
    assert_works(xc_mem_paging_nominate(xc(), domid, 50));
    assert_works(xc_mem_paging_evict(xc(), domid, 50));
    assert_int_equal(pages_of(domid), before - 1);
    assert_works(xc_mem_paging_load(xc(), domid, 50, page));
    assert_int_equal(pages_of(domid), before);
    assert_page_holds(50, 0x5a);
    assert_works(xc_mem_paging_nominate(xc(), domid, 51));
    assert_fails_with(xc_mem_paging_prep(xc(), domid, 51), -1, ENOENT);
    assert_works(xc_mem_paging_evict(xc(), domid, 51));
    assert_fails_with(xc_mem_paging_prep(xc(), domid, 51), -1, EINVAL);
    assert_works(xc_mem_paging_load(xc(), domid, 51, page));
    assert_works(xc_mem_paging_resume(xc(), domid));
    assert_works(xc_mem_paging_disable(xc(), domid));
}

TEST(a_page_goes_out_and_comes_back)
{
    uint8_t page[XC_PAGE_SIZE] = {0};
    uint32_t domid = own_domain();

    if (begins("mem_paging/enable", HVM_PARAM_PAGING_RING_PFN, xc_mem_paging_enable)) {
        page_out_and_in(domid);
        return;
    }
    assert_true(is_lacking("mem_paging/nominate", xc_mem_paging_nominate(xc(), domid, 50)));
    assert_true(is_lacking("mem_paging/evict", xc_mem_paging_evict(xc(), domid, 50)));
    assert_true(is_lacking("mem_paging/load", xc_mem_paging_load(xc(), domid, 50, page)));
    assert_true(is_lacking("mem_paging/prep", xc_mem_paging_prep(xc(), domid, 51)));
    assert_true(is_lacking("mem_paging/resume", xc_mem_paging_resume(xc(), domid)));
    assert_true(is_lacking("mem_paging/disable", xc_mem_paging_disable(xc(), domid)));
}

/* ---- shared ---- */

TEST(two_pages_become_one)
{
    uint64_t source = 0, client = 0;
    uint32_t domid = own_domain();

    bool lacking = is_lacking("memshr/control", xc_memshr_control(xc(), domid, 1));
    lacking |= is_lacking("memshr/nominate_gfn",
                          xc_memshr_nominate_gfn(xc(), domid, 60, &source));
    lacking |= is_lacking("memshr/nominate_gfn",
                          xc_memshr_nominate_gfn(xc(), domid, 61, &client));
    lacking |= is_lacking("memshr/share_gfns", xc_memshr_share_gfns(xc(), domid, 60, source, domid,
                                                                    61, client));
    if (!is_lacking("memshr/debug_gfn", xc_memshr_debug_gfn(xc(), domid, 60)))
        assert_int_equal(xc_memshr_debug_gfn(xc(), domid, 60), 2);
    is_lacking("memshr/add_to_physmap",
               xc_memshr_add_to_physmap(xc(), domid, 60, source, domid, OWN_PAGES + 5));
    is_lacking("memshr/range_share", xc_memshr_range_share(xc(), domid, domid, 70, 70));
    if (!is_lacking("memshr/audit", xc_memshr_audit(xc())))
        assert_int_equal(xc_memshr_audit(xc()), 0);
    is_lacking("memshr/control", xc_memshr_control(xc(), domid, 0));
    long freed = assert_works(xc_sharing_freed_pages(xc()));
    long used = assert_works(xc_sharing_used_frames(xc()));
    assert_true(!lacking || (freed == 0 && used == 0));
}

/* No domain granted anything: with sharing EINVAL, without it what is lacking. */
#define is_refused(key, call) (assert_int_equal(call, -1), errno == EINVAL || is_lacking(key, -1))

TEST(grants_that_are_not_there_are_not_shared)
{
    uint64_t handle;
    uint32_t domid = own_domain();

    is_lacking("memshr/control", xc_memshr_control(xc(), domid, 1));
    assert_true(is_refused("memshr/nominate_gref",
                           xc_memshr_nominate_gref(xc(), domid, 99, &handle)));
    assert_true(is_refused("memshr/share_grefs",
                           xc_memshr_share_grefs(xc(), domid, 98, 1, domid, 99, 2)));
    assert_true(is_refused("memshr/debug_gref", xc_memshr_debug_gref(xc(), domid, 99)));
}

TEST(a_ring_for_want_of_memory_is_begun_and_ended)
{
    uint32_t domid = own_domain();

    is_lacking("memshr/control", xc_memshr_control(xc(), domid, 1));
    begins("memshr/ring_enable", HVM_PARAM_SHARING_RING_PFN, xc_memshr_ring_enable);
    is_lacking("memshr/domain_resume", xc_memshr_domain_resume(xc(), domid));
    is_lacking("memshr/ring_disable", xc_memshr_ring_disable(xc(), domid));
}

TEST(a_domain_is_forked_and_reset)
{
    struct xen_domctl_createdomain config = own_config();
    uint32_t domid = own_domain(), copy = 0;

    is_lacking("memshr/control", xc_memshr_control(xc(), domid, 1));
    assert_works(xc_domain_create(xc(), &copy, &config));
    int forked = xc_memshr_fork(xc(), domid, copy, true, true);
    int error = errno;
    int reset = xc_memshr_fork_reset(xc(), copy, true, true);
    int reset_error = errno;
    assert_works(xc_domain_destroy(xc(), copy));
    errno = error;
    is_lacking("memshr/fork", forked);
    errno = reset_error;
    is_lacking("memshr/fork_reset", reset);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_OWN_DOMAIN(accesses_are_what_was_set),
        ON_OWN_DOMAIN(a_page_goes_out_and_comes_back),
        ON_OWN_DOMAIN(two_pages_become_one),
        ON_OWN_DOMAIN(grants_that_are_not_there_are_not_shared),
        ON_OWN_DOMAIN(a_ring_for_want_of_memory_is_begun_and_ended),
        ON_OWN_DOMAIN(a_domain_is_forked_and_reset),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
