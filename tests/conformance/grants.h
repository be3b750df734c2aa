/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Both ends of a grant in one process, as the tests of one domain need them. */
#ifndef XENLIBS_CONFORMANCE_GRANTS_H
#define XENLIBS_CONFORMANCE_GRANTS_H

#include <stdbool.h>
#include <stdint.h>
#include <xengnttab.h>

enum {
    PAGE = 4096,
    GNTALLOC_LIMIT = 1024, /* pages that the kernel shares at once */
    GNTDEV_LIMIT = 65536,  /* pages that it maps in one go */
    NO_SUCH_REF = 1000000,
    NO_SUCH_DOMAIN = 7777,
};

struct grants {
    xengntshr_handle *share;
    xengnttab_handle *map;
};

struct grants grants_open(void);
void grants_close(struct grants *grants);

/* Shares @count pages with this domain itself. */
uint8_t *share_with_self(struct grants *grants, int count, uint32_t *refs, bool writable);

/*
 * Skips the test where mapping what this domain itself granted does harm: Xen moves a page
 * of a translated domain to where it is mapped, and it is gone from where it was.
 */
void need_mappings_of_own_grants(void);

/* Maps pages that share_with_self shared; skips the test where that cannot be. */
uint8_t *map_own(struct grants *grants, uint32_t count, uint32_t *refs, int prot);

/* Asserts that every page may be shared again, so that none is held any more. */
void expect_no_page_shared(void);

#endif
