/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A domain's page tables: the memory they take, and which pages were written. */
#include "own_domain.h"

#include <string.h>
#include <xenctrl_compat.h>

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

static void write_page(uint32_t domid, unsigned long frame)
{
    char page[XC_PAGE_SIZE];

    memset(page, 0x5a, sizeof(page));
    assert_works(xc_copy_to_domain_page(xc(), domid, frame, page));
}

TEST(written_pages_are_dirty_until_cleaned)
{
    DECLARE_HYPERCALL_BUFFER(uint8_t, dirty);
    xc_shadow_op_stats_t stats = {0};
    uint32_t domid = own_domain();

    dirty = xc_hypercall_buffer_alloc(xc(), dirty, OWN_PAGES / 8);
    assert_non_null(dirty);
    assert_works(xc_logdirty_control(xc(), domid, XEN_DOMCTL_SHADOW_OP_ENABLE_LOGDIRTY, NULL, 0,
                                     0, NULL));
    assert_int_equal(xc_logdirty_control(xc(), domid, XEN_DOMCTL_SHADOW_OP_CLEAN,
                                         HYPERCALL_BUFFER(dirty), OWN_PAGES, 0, &stats),
                     OWN_PAGES);
    write_page(domid, 17);
    assert_int_equal(xc_logdirty_control(xc(), domid, XEN_DOMCTL_SHADOW_OP_PEEK,
                                         HYPERCALL_BUFFER(dirty), OWN_PAGES, 0, &stats),
                     OWN_PAGES);
    assert_int_equal(dirty[17 / 8], 1 << 17 % 8);
    assert_int_equal(dirty[0], 0);
    assert_int_equal(stats.dirty_count, 1);
    assert_works(xc_logdirty_control(xc(), domid, XEN_DOMCTL_SHADOW_OP_CLEAN,
                                     HYPERCALL_BUFFER(dirty), OWN_PAGES, 0, NULL));
    assert_int_equal(dirty[17 / 8], 1 << 17 % 8);
    assert_works(xc_logdirty_control(xc(), domid, XEN_DOMCTL_SHADOW_OP_PEEK,
                                     HYPERCALL_BUFFER(dirty), OWN_PAGES, 0, NULL));
    assert_int_equal(dirty[17 / 8], 0);
    assert_works(xc_logdirty_control(xc(), domid, XEN_DOMCTL_SHADOW_OP_OFF, NULL, 0, 0, NULL));
    assert_fails_with(xc_logdirty_control(xc(), domid, XEN_DOMCTL_SHADOW_OP_PEEK,
                                          HYPERCALL_BUFFER(dirty), OWN_PAGES, 0, NULL),
                      -1, EINVAL);
    xc_hypercall_buffer_free(xc(), dirty);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_OWN_DOMAIN(the_memory_for_tables_is_what_was_set),
        ON_OWN_DOMAIN(written_pages_are_dirty_until_cleaned),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
