/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What dom0's tests ask Xen without the libraries that they test. */
#ifndef XENLIBS_CONFORMANCE_HYPERVISOR_H
#define XENLIBS_CONFORMANCE_HYPERVISOR_H

#include <stdbool.h>
#include <stdint.h>

/* How many event channel ports of @domid are not free, by asking for each. Dom0 only. */
int ports_in_use(uint16_t domid);

/* How many interrupts of this kernel belong to /dev/xen/evtchn. Any domain. */
int ports_of_evtchn_device(void);

/* Whether this domain's memory is translated: a PVH or HVM guest. */
bool in_pvh_or_hvm(void);

#endif
