/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A domain's page tables: the memory they take, and which pages were written. */
#include "own_domain.h"
#include "tiny_domain.h"

TEST(the_memory_for_tables_is_what_was_set)
{
    uint64_t size = 0;
    unsigned int mib = 0;

    assert_works(xc_set_paging_mempool_size(xc(), own_domain(), 5 << 20));
    assert_works(xc_get_paging_mempool_size(xc(), own_domain(), &size));
    assert_true(size == 5 << 20);
    assert_works(xc_shadow_control(xc(), own_domain(), XEN_DOMCTL_SHADOW_OP_GET_ALLOCATION, &mib,
                                   0));
    assert_int_equal(mib, 5);
    mib = 6;
    assert_works(xc_shadow_control(xc(), own_domain(), XEN_DOMCTL_SHADOW_OP_SET_ALLOCATION, &mib,
                                   0));
    assert_works(xc_get_paging_mempool_size(xc(), own_domain(), &size));
    assert_true(size == 6 << 20);
}

/* mov dword [TINY_DATA], 1; cli; hlt */
static const uint8_t write_data[] = {0xc7, 0x05, 0x00, 0x50, 0x00, 0x00, 0x01,
                                     0x00, 0x00, 0x00, 0xfa, 0xf4};

/* Which of the first pages are dirty. */
static unsigned dirty_pages(uint32_t domid, unsigned int operation, xc_shadow_op_stats_t *stats)
{
    DECLARE_HYPERCALL_BUFFER(uint8_t, dirty);

    dirty = xc_hypercall_buffer_alloc(xc(), dirty, TINY_PAGES / 8);
    assert_non_null(dirty);
    assert_int_equal(assert_works(xc_logdirty_control(xc(), domid, operation,
                                                      HYPERCALL_BUFFER(dirty), TINY_PAGES, 0,
                                                      stats)),
                     TINY_PAGES);
    unsigned pages = dirty[0] | (unsigned)dirty[1] << 8;
    xc_hypercall_buffer_free(xc(), dirty);
    return pages;
}

TEST(written_pages_are_dirty_until_cleaned)
{
    enum { DATA_PAGE = 1 << TINY_DATA / XC_PAGE_SIZE };
    uint32_t domid = tiny_domain(write_data, sizeof(write_data));
    xc_shadow_op_stats_t stats = {0};

    assert_works(xc_logdirty_control(xc(), domid, XEN_DOMCTL_SHADOW_OP_ENABLE_LOGDIRTY, NULL, 0,
                                     0, NULL));
    dirty_pages(domid, XEN_DOMCTL_SHADOW_OP_CLEAN, NULL);
    assert_int_equal(dirty_pages(domid, XEN_DOMCTL_SHADOW_OP_PEEK, NULL), 0);
    assert_works(xc_domain_unpause(xc(), domid));
    assert_true(tiny_domain_halts(20));
    assert_int_equal(dirty_pages(domid, XEN_DOMCTL_SHADOW_OP_PEEK, &stats), DATA_PAGE);
    assert_int_equal(stats.dirty_count, 1);
    assert_int_equal(dirty_pages(domid, XEN_DOMCTL_SHADOW_OP_CLEAN, NULL), DATA_PAGE);
    assert_int_equal(dirty_pages(domid, XEN_DOMCTL_SHADOW_OP_PEEK, NULL), 0);
    /* It can begin only where it has ended. */
    assert_fails_with(xc_logdirty_control(xc(), domid, XEN_DOMCTL_SHADOW_OP_ENABLE_LOGDIRTY, NULL,
                                          0, 0, NULL), -1, EINVAL);
    assert_works(xc_logdirty_control(xc(), domid, XEN_DOMCTL_SHADOW_OP_OFF, NULL, 0, 0, NULL));
    assert_works(xc_logdirty_control(xc(), domid, XEN_DOMCTL_SHADOW_OP_ENABLE_LOGDIRTY, NULL, 0,
                                     0, NULL));
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_OWN_DOMAIN(the_memory_for_tables_is_what_was_set),
        ON_TINY_DOMAIN(written_pages_are_dirty_until_cleaned),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
