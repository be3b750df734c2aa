/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A domain's numbers for interrupts of the host's. The hypercalls are stable. */
#ifndef XENHVABI_PIRQ_H
#define XENHVABI_PIRQ_H

#include "hvabi.h"

struct hvabi_msi {
    int index;    /* the host's number for it, or -1: a new one */
    int bus;      /* segment << 16 | bus */
    int devfn;
    int entry_nr; /* of the MSI-X table */
    uint64_t table_base; /* where that is; 0: it is the device's MSI */
};

/*
 * @pirq: in: the number wanted, negative: any that is free; out: the number, on
 * success only.
 *
 * Return: what Xen returned, or -1 with Xen's errno, or that of xencall_buffer_get().
 */
int xenhvabi_map_gsi(struct hvabi *abi, uint16_t domid, int gsi, int *pirq);
int xenhvabi_map_msi(struct hvabi *abi, uint16_t domid, const struct hvabi_msi *msi, int *pirq);
int xenhvabi_unmap_pirq(struct hvabi *abi, uint16_t domid, int pirq);

#endif
