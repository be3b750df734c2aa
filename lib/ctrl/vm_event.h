/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rings through which Xen tells a listener of what a domain does. There are three:
 * for paging, monitoring and sharing memory. Upstream exports these functions, and
 * no header of its declares them.
 */
#ifndef XENCTRL_VM_EVENT_H
#define XENCTRL_VM_EVENT_H

#include "xenctrl/types.h"

/*
 * Makes the request @op (XEN_VM_EVENT_*) about the ring @mode
 * (XEN_DOMCTL_VM_EVENT_OP_*); @port, if not NULL: out, the ring's event channel.
 *
 * Return: 0, or -1 with errno: the common ones (<xenctrl.h>) and Xen's:
 *   EINVAL  to disable: the ring is not in use; or the domain is neither HVM nor PVH
 *   EBUSY   to enable: it is in use already
 *   ENODEV  to resume: it is not in use; to enable: the domain's memory is not managed
 *           by the processor (HAP)
 */
int xc_vm_event_control(xc_interface *xch, uint32_t domain_id, unsigned int op,
                        unsigned int mode, uint32_t *port);

/*
 * Begins to use the ring that lies where the HVM parameter @param tells:
 * HVM_PARAM_PAGING_RING_PFN, HVM_PARAM_MONITOR_RING_PFN or HVM_PARAM_SHARING_RING_PFN.
 * The domain is paused meanwhile, and loses the page, which is cleared.
 * @port: out, the event channel, for the caller's domain to bind to.
 *
 * Return: the ring, one page, which the caller unmaps (munmap) once it has ended the
 *   use; or NULL with errno, the domain being as before: as above, those of
 *   xc_map_foreign_pages(), and
 *   EINVAL      @param is none of the three; @port is NULL
 *   EOPNOTSUPP  the parameter is 0: the domain was built without such a page
 */
void *xc_vm_event_enable(xc_interface *xch, uint32_t domain_id, int param, uint32_t *port);

#endif
