/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exported for upstream's libxenguest: changes to a PV domain's page tables, in batches. */
#ifndef XENCTRL_PV_MEMORY_H
#define XENCTRL_PV_MEMORY_H

#include "xenctrl/types.h"

#define MAX_MMU_UPDATES 1024

/* Its shape is part of the binary interface; free() ends it. */
struct xc_mmu {
    mmu_update_t updates[MAX_MMU_UPDATES];
    int idx; /* how many are waiting */
    unsigned int subject; /* the domain; see xc_alloc_mmu_updates() */
};

/*
 * A batch for changes in the name of @dom: the domain whose frames are put into page tables;
 * in its upper 16 bits, if not 0, that whose tables they are, plus 1. NULL with ENOMEM.
 */
struct xc_mmu *xc_alloc_mmu_updates(xc_interface *xch, unsigned int dom);
/* Add one, which sends all when the batch is full; send what waits. 0, or -1 with errno. */
int xc_add_mmu_update(xc_interface *xch, struct xc_mmu *mmu, unsigned long long ptr,
                      unsigned long long val);
int xc_flush_mmu_updates(xc_interface *xch, struct xc_mmu *mmu);

/*
 * Replaces @num frame numbers by their types, XEN_DOMCTL_PFINFO_*; at most 1024. Buffers
 * that may move while Xen uses them make it try again.
 */
int xc_get_pfn_type_batch(xc_interface *xch, uint32_t dom, unsigned int num, xen_pfn_t *arr);

#endif
