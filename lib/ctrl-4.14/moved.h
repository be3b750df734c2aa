/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What libxenguest has had since 4.15. Debian 11's programs bind all their symbols when
 * they start, so that those which its libraries import have to be there: resuming works,
 * the rest is refused with ENOTSUP, in words.
 */
#ifndef XENCTRL_MOVED_4_14_H
#define XENCTRL_MOVED_4_14_H

#include "call.h"

/*
 * Lets a suspended domain go on. With @fast its suspend hypercall returns 1, which says
 * that it was not saved; without, only HVM and PVH guests are resumed (PV: ENOTSUP).
 * EINVAL: it is not suspended.
 */
int xc_domain_resume(xc_interface *xch, uint32_t domid, int fast);

/* A guest frame that the domain does not use. */
int xc_core_arch_get_scratch_gpfn(xc_interface *xch, uint32_t domid, xen_pfn_t *gpfn);

struct xc_domain_meminfo;
int xc_map_domain_meminfo(xc_interface *xch, uint32_t domid, struct xc_domain_meminfo *minfo);
/* There is never anything to unmap. */
int xc_unmap_domain_meminfo(xc_interface *xch, struct xc_domain_meminfo *minfo);

int xc_domain_dumpcore(xc_interface *xch, uint32_t domid, const char *corename);

#endif
