/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which accesses to its memory a domain may make without being watched
 * (XENMEM_access_*). What goes beyond them is told to the monitor ring.
 *
 * EINVAL also: the domain or the processor cannot do it (it takes Intel's EPT). ENODEV:
 * nobody listens.
 */
#ifndef XENCTRL_MEM_ACCESS_H
#define XENCTRL_MEM_ACCESS_H

#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * xc_set_mem_access() - allow accesses to a run of pages
 * @access:    XENMEM_access_*
 * @first_pfn: the first of @nr pages; all ones: what pages are given later, and @nr
 *             does not count
 *
 * EINVAL also: no such access; a run of none, or past a guest's last page.
 * ESRCH also: a page is not there. memory_op access_op.
 */
int xc_set_mem_access(xc_interface *xch, uint32_t domain_id, xenmem_access_t access,
                      uint64_t first_pfn, uint32_t nr);

/* The same for @nr pages, each with an access of its own; those before a failure have it. */
int xc_set_mem_access_multi(xc_interface *xch, uint32_t domain_id, uint8_t *access,
                            uint64_t *pages, uint32_t nr);

/* What a page has; @pfn all ones: what pages are given later. */
int xc_get_mem_access(xc_interface *xch, uint32_t domain_id, uint64_t pfn,
                      xenmem_access_t *access);

#ifdef __cplusplus
}
#endif

#endif
