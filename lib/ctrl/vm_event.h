/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rings on which Xen tells of events in a domain: monitor, paging, sharing. */
#ifndef XENCTRL_VM_EVENT_H
#define XENCTRL_VM_EVENT_H

#include "xenctrl/types.h"

/*
 * Makes vm_event_op @op (XEN_VM_EVENT_*) for the ring @mode
 * (XEN_DOMCTL_VM_EVENT_OP_*). @port: out: the event channel of what was enabled, or
 * NULL. 0, or -1 with errno.
 */
int xc_vm_event_control(xc_interface *xch, uint32_t domain_id, unsigned int op,
                        unsigned int mode, uint32_t *port);

#endif
