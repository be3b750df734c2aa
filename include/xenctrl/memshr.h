/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sharing pages of the same content between domains, each of which gets its own again
 * when it writes; and forks, domains that share all memory of another.
 *
 * ENODEV also: the domain cannot do it (it takes HVM or PVH with hardware-assisted
 * paging). EINVAL also: sharing is not on for the domain, or it is dying.
 */
#ifndef XENCTRL_MEMSHR_H
#define XENCTRL_MEMSHR_H

#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Let a domain's pages be shared, or no longer: those that are, stay so until written.
 * EXDEV: a device of the host is assigned to it. domctl mem_sharing_op. */
int xc_memshr_control(xc_interface *xch, uint32_t domid, int enable);

/**
 * xc_memshr_ring_enable() - be told when there is no memory for a domain's own copy
 * @port: out: the domain's event channel, to be bound to, that says the ring has requests
 *
 * The ring is the page that HVM_PARAM_SHARING_RING_PFN names. A domain without one
 * crashes then. EINVAL also: @port is NULL. EBUSY: there is a ring. ENOSYS also: the
 * parameter is not set. domctl vm_event_op.
 */
int xc_memshr_ring_enable(xc_interface *xch, uint32_t domid, uint32_t *port);
int xc_memshr_ring_disable(xc_interface *xch, uint32_t domid);

/* Let the domain try again, now that there is memory. */
int xc_memshr_domain_resume(xc_interface *xch, uint32_t domid);

/**
 * xc_memshr_nominate_gfn() - choose a page for sharing
 * @handle: out: names the page with the content it has now: a write ends it
 *
 * EINVAL also: the page cannot be shared. E2BIG: someone else has it mapped.
 * memory_op sharing_op.
 */
int xc_memshr_nominate_gfn(xc_interface *xch, uint32_t domid, unsigned long gfn,
                           uint64_t *handle);
/* The same for a page that the domain granted. */
int xc_memshr_nominate_gref(xc_interface *xch, uint32_t domid, grant_ref_t gref,
                            uint64_t *handle);

/*
 * Let two pages be one, the source's. What they hold is not compared. ECHILD: the
 * source's handle is no longer good; EBADF: the client's.
 */
int xc_memshr_share_gfns(xc_interface *xch, uint32_t source_domain, unsigned long source_gfn,
                         uint64_t source_handle, uint32_t client_domain,
                         unsigned long client_gfn, uint64_t client_handle);
int xc_memshr_share_grefs(xc_interface *xch, uint32_t source_domain, grant_ref_t source_gref,
                          uint64_t source_handle, uint32_t client_domain,
                          grant_ref_t client_gref, uint64_t client_handle);

/* Put a nominated page where the client has none. EBADF also: there is no room at @client_gfn. */
int xc_memshr_add_to_physmap(xc_interface *xch, uint32_t source_domain,
                             unsigned long source_gfn, uint64_t source_handle,
                             uint32_t client_domain, unsigned long client_gfn);

/* Nominate and share, page by page, those of both domains from @first_gfn to @last_gfn. */
int xc_memshr_range_share(xc_interface *xch, uint32_t source_domain, uint32_t client_domain,
                          uint64_t first_gfn, uint64_t last_gfn);

/**
 * xc_memshr_fork() - let an empty domain be as another is now
 * @source_domain:    stays paused as long as it has forks
 * @client_domain:    new, with as many vCPUs and as much memory allowed
 * @allow_with_iommu: also if the source may have devices of the host
 * @block_interrupts: the fork gets none
 *
 * xc_memshr_fork_reset() is in <xenctrl/changed.h>.
 */
int xc_memshr_fork(xc_interface *xch, uint32_t source_domain, uint32_t client_domain,
                   bool allow_with_iommu, bool block_interrupts);

/* How often the frame behind a shared page is in use. -1 with EINVAL also: it is not shared. */
int xc_memshr_debug_gfn(xc_interface *xch, uint32_t domid, unsigned long gfn);
int xc_memshr_debug_gref(xc_interface *xch, uint32_t domid, grant_ref_t gref);

/* How many faults a look through all shared pages finds; details are in Xen's log. */
int xc_memshr_audit(xc_interface *xch);

#ifdef __cplusplus
}
#endif

#endif
