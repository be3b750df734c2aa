/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A PV domain's page tables, and single frames of any domain. */
#define XC_WANT_COMPAT_MAP_FOREIGN_API 1
#include "bare_domain.h"

#include <sys/mman.h>

enum { SOME = 4 };

static bool can_be_mapped(uint32_t domid, xen_pfn_t frame, int protection)
{
    void *page = xc_map_foreign_range(xc(), domid, XC_PAGE_SIZE, protection, frame);

    if (page)
        munmap(page, XC_PAGE_SIZE);
    return page != NULL;
}

static xen_pfn_t frame_of_pv(void)
{
    xen_pfn_t frame = 0;

    assert_works(xc_domain_populate_physmap_exact(xc(), bare_pv(), 1, 0, 0, &frame));
    return frame;
}

static int table_op(unsigned cmd, xen_pfn_t frame)
{
    struct mmuext_op op = {.cmd = cmd, .arg1.mfn = frame};

    return xc_mmuext_op(xc(), &op, 1, bare_pv());
}

TEST(a_pinned_page_table_can_be_read_and_not_written)
{
    xen_pfn_t frame = frame_of_pv();

    assert_true(can_be_mapped(bare_pv(), frame, PROT_READ | PROT_WRITE));
    assert_works(table_op(MMUEXT_PIN_L1_TABLE, frame));
    assert_true(can_be_mapped(bare_pv(), frame, PROT_READ));
    assert_false(can_be_mapped(bare_pv(), frame, PROT_READ | PROT_WRITE));
    assert_works(table_op(MMUEXT_UNPIN_TABLE, frame));
    assert_true(can_be_mapped(bare_pv(), frame, PROT_READ | PROT_WRITE));
    assert_fails_with(table_op(MMUEXT_UNPIN_TABLE, frame), -1, EINVAL);
}

TEST(a_frame_is_given_back_for_one_below_4_gib)
{
    xen_pfn_t frame = frame_of_pv();
    unsigned long below = xc_make_page_below_4G(xc(), bare_pv(), frame);

    assert_true(below != 0 && below < 1UL << 20);
    assert_int_equal(pages_of(bare_pv()), 1);
    assert_true(can_be_mapped(bare_pv(), below, PROT_READ));
}

TEST(a_broken_page_is_out_of_reach)
{
    give_pages(bare_hvm(), SOME);
    assert_true(can_be_mapped(bare_hvm(), 2, PROT_READ));
    if (is_lacking("pv_memory.broken_page", xc_set_broken_page_p2m(xc(), bare_hvm(), 2)))
        return;
    assert_false(can_be_mapped(bare_hvm(), 2, PROT_READ));
    assert_true(can_be_mapped(bare_hvm(), 3, PROT_READ));
}

TEST(an_audit_finds_nothing_wrong)
{
    uint64_t orphans = 1, m2p = 1, p2m = 1;

    give_pages(bare_hvm(), SOME);
    if (is_lacking("pv_memory.audit",
                   xc_domain_p2m_audit(xc(), bare_hvm(), &orphans, &m2p, &p2m)))
        return;
    assert_true(m2p == 0 && p2m == 0);
    observe("pv_memory.orphans", "%lu", (unsigned long)orphans);
}

TEST(caches_are_coherent)
{
    assert_works(xc_domain_cacheflush(xc(), guest("pvh"), 0, 1));
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_BARE_DOMAIN(a_pinned_page_table_can_be_read_and_not_written),
        ON_BARE_DOMAIN(a_frame_is_given_back_for_one_below_4_gib),
        ON_BARE_DOMAIN(a_broken_page_is_out_of_reach),
        ON_BARE_DOMAIN(an_audit_finds_nothing_wrong),
        ON_XEN(caches_are_coherent),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
