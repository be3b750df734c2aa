/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Paging a domain's memory out and in again, by a program that keeps what is out.
 * Xen asks for pages through a ring: the page that HVM_PARAM_PAGING_RING_PFN names, which
 * the program has mapped and made a ring of (<xen/vm_event.h>).
 *
 * ENODEV also: the domain has no hardware-assisted paging, or no ring. EMLINK: devices of
 * the host may be assigned to it. EXDEV: it has memory populated on demand.
 */
#ifndef XENCTRL_MEM_PAGING_H
#define XENCTRL_MEM_PAGING_H

#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * xc_mem_paging_enable() - begin
 * @port: out: the domain's event channel, to be bound to, that says the ring has requests
 *
 * EINVAL also: @port is NULL. EBUSY: it has begun. ENOSYS also: the parameter that names
 * the ring is not set. domctl vm_event_op.
 */
int xc_mem_paging_enable(xc_interface *xch, uint32_t domain_id, uint32_t *port);
int xc_mem_paging_disable(xc_interface *xch, uint32_t domain_id);

/* Have Xen look for answers on the ring. */
int xc_mem_paging_resume(xc_interface *xch, uint32_t domain_id);

/*
 * Page @gfn out: first mark it, then read it (xc_map_foreign_range()), then let go of
 * it. EBUSY: the page is in use, or has been used since it was marked. EAGAIN: it has
 * been paged in meanwhile. memory_op paging_op.
 */
int xc_mem_paging_nominate(xc_interface *xch, uint32_t domain_id, uint64_t gfn);
int xc_mem_paging_evict(xc_interface *xch, uint32_t domain_id, uint64_t gfn);

/*
 * Page it in: give it memory with the XC_PAGE_SIZE bytes at @buffer in it; or call it back,
 * when it is missed while it still has its memory. ENOENT: it is not missing. EINVAL also:
 * @buffer is NULL; to call back what has no memory any more.
 */
int xc_mem_paging_prep(xc_interface *xch, uint32_t domain_id, uint64_t gfn);
int xc_mem_paging_load(xc_interface *xch, uint32_t domain_id, uint64_t gfn, void *buffer);

#ifdef __cplusplus
}
#endif

#endif
