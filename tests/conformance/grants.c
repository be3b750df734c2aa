/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "grants.h"

#include <unistd.h>

#include "conformance.h"
#include "hypervisor.h"

struct grants grants_open(void)
{
    struct grants grants = {.share = xengntshr_open(NULL, 0), .map = xengnttab_open(NULL, 0)};

    assert_true(grants.share && grants.map);
    return grants;
}

void grants_close(struct grants *grants)
{
    assert_int_equal(xengntshr_close(grants->share), 0);
    assert_int_equal(xengnttab_close(grants->map), 0);
}

uint8_t *share_with_self(struct grants *grants, int count, uint32_t *refs, bool writable)
{
    uint8_t *pages = xengntshr_share_pages(grants->share, own_domid(), count, refs, writable);

    assert_non_null(pages);
    return pages;
}

void need_mappings_of_own_grants(void)
{
    if (in_pvh_or_hvm())
        skip_because("a translated domain loses a page when it maps it from itself");
}

uint8_t *map_own(struct grants *grants, uint32_t count, uint32_t *refs, int prot)
{
    uint8_t *pages;

    need_mappings_of_own_grants();
    pages = xengnttab_map_domain_grant_refs(grants->map, count, own_domid(), refs, prot);
    assert_non_null(pages);
    return pages;
}

void expect_no_page_shared(void)
{
    static uint32_t refs[GNTALLOC_LIMIT];
    xengntshr_handle *xgs = xengntshr_open(NULL, 0);
    void *pages = NULL;

    assert_non_null(xgs);
    /* The kernel lets go of a page a moment after its last mapping. */
    for (int tries = 0; !pages && tries < 50; tries++) {
        pages = xengntshr_share_pages(xgs, own_domid(), GNTALLOC_LIMIT, refs, 1);
        if (!pages)
            usleep(100000);
    }
    assert_non_null(pages);
    assert_int_equal(xengntshr_unshare(xgs, pages, GNTALLOC_LIMIT), 0);
    assert_int_equal(xengntshr_close(xgs), 0);
}
