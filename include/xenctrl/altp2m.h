/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * altp2m: several views of one HVM or PVH domain's memory, that differ in where its
 * pages lie and what may be done with them, and between which vCPUs are switched. View
 * 0 is the domain's own. The domain must have been created with altp2m allowed.
 *
 * Every function, beside what <xenctrl.h> says:
 *   EOPNOTSUPP  this processor has no altp2m (AMD), or this Xen was built without it
 *   EINVAL      altp2m is not on for the domain, or not allowed; no such view, vCPU or
 *               page
 *   EPERM       the domain keeps altp2m to itself (external mode: to its controller)
 * Results are written on success only. hvm_op altp2m.
 */
#ifndef XENCTRL_ALTP2M_H
#define XENCTRL_ALTP2M_H

#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Whether altp2m is on. Switching it off destroys all views and brings vCPUs back to
 * view 0. EINVAL of set also: nested virtualisation is on.
 */
int xc_altp2m_get_domain_state(xc_interface *handle, uint32_t dom, bool *state);
int xc_altp2m_set_domain_state(xc_interface *handle, uint32_t dom, bool state);

/*
 * Have violations of a view told to the guest itself on this vCPU, by a virtualisation
 * exception that @gfn describes; no longer. Which pages: xc_altp2m_set_suppress_ve().
 */
int xc_altp2m_set_vcpu_enable_notify(xc_interface *handle, uint32_t domid, uint32_t vcpuid,
                                     xen_pfn_t gfn);
int xc_altp2m_set_vcpu_disable_notify(xc_interface *handle, uint32_t domid, uint32_t vcpuid);

/*
 * Make a view where all pages are as in view 0 with @default_access; Xen numbers it.
 * ENOSPC: there are as many as can be. Destroy one: EBUSY: a vCPU is in it.
 */
int xc_altp2m_create_view(xc_interface *handle, uint32_t domid, xenmem_access_t default_access,
                          uint16_t *view_id);
int xc_altp2m_destroy_view(xc_interface *handle, uint32_t domid, uint16_t view_id);

/* Bring all vCPUs into a view; in which one of them is. */
int xc_altp2m_switch_to_view(xc_interface *handle, uint32_t domid, uint16_t view_id);
int xc_altp2m_get_vcpu_p2m_idx(xc_interface *handle, uint32_t domid, uint32_t vcpuid,
                               uint16_t *p2midx);

/* Whether a view can be switched to, by the guest itself (vmfunc) as well. */
int xc_altp2m_set_visibility(xc_interface *handle, uint32_t domid, uint16_t view_id,
                             bool visible);

/*
 * Let page @old_gfn of a view be what @new_gfn is in view 0; INVALID_MFN: what it is
 * there itself again.
 */
int xc_altp2m_change_gfn(xc_interface *handle, uint32_t domid, uint16_t view_id,
                         xen_pfn_t old_gfn, xen_pfn_t new_gfn);

/*
 * What may be done with a page of a view; what is not goes to the listener of
 * xc_monitor_enable(). Or with @nr pages at once, each entry of @access for that of
 * @gfns; a failure may leave some of them done. EINVAL also: a list is NULL.
 */
int xc_altp2m_set_mem_access(xc_interface *handle, uint32_t domid, uint16_t view_id,
                             xen_pfn_t gfn, xenmem_access_t access);
int xc_altp2m_get_mem_access(xc_interface *handle, uint32_t domid, uint16_t view_id,
                             xen_pfn_t gfn, xenmem_access_t *access);
int xc_altp2m_set_mem_access_multi(xc_interface *handle, uint32_t domid, uint16_t view_id,
                                   uint8_t *access, uint64_t *gfns, uint32_t nr);

/*
 * Whether the guest is spared exceptions for a page of a view (@sve; so at first). The
 * last one is for pages @first_gfn to @last_gfn: it goes on when one fails and succeeds
 * all the same; @error_code is then that failure's negative errno in Xen's numbers, of
 * page @error_gfn; else 0. EINVAL also: the range is empty.
 */
int xc_altp2m_set_suppress_ve(xc_interface *handle, uint32_t domid, uint16_t view_id,
                              xen_pfn_t gfn, bool sve);
int xc_altp2m_get_suppress_ve(xc_interface *handle, uint32_t domid, uint16_t view_id,
                              xen_pfn_t gfn, bool *sve);
int xc_altp2m_set_supress_ve_multi(xc_interface *handle, uint32_t domid, uint16_t view_id,
                                   xen_pfn_t first_gfn, xen_pfn_t last_gfn, bool sve,
                                   xen_pfn_t *error_gfn, int32_t *error_code);

#ifdef __cplusplus
}
#endif

#endif
