/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a domain may touch of the host: interrupts, I/O ports, I/O memory. */
#ifndef XENHVABI_PASSTHROUGH_H
#define XENHVABI_PASSTHROUGH_H

#include "hvabi.h"

struct hvabi_irq_permission {
    uint32_t pirq;
    uint8_t allow_access;
};

extern const struct hvabi_layout_since xenhvabi_irq_permission_layouts[];

/*
 * Lets @domid use a pirq, or no longer.
 *
 * Return: 0, or -1 with errno as xenhvabi_domctl(), and
 *   ENOTSUP  @pirq is above 255, and this release is older than 4.16
 */
int xenhvabi_irq_permission(struct hvabi *abi, uint16_t domid, uint32_t pirq, bool allow);

/*
 * Let @domid use ports, frames of I/O memory, or a GSI (@flags: 1; 0: no longer);
 * or no longer. A right that is taken leaves mappings as they are.
 *
 * Return: 0, or -1 with errno as xenhvabi_domctl(); gsi_permission is from 4.20 on.
 */
int xenhvabi_ioport_permission(struct hvabi *abi, uint16_t domid, uint32_t first_port,
                               uint32_t nr_ports, bool allow);
int xenhvabi_iomem_permission(struct hvabi *abi, uint16_t domid, uint64_t first_mfn,
                              uint64_t nr_mfns, bool allow);
int xenhvabi_gsi_permission(struct hvabi *abi, uint16_t domid, uint32_t gsi, uint32_t flags);

/* @count ports of the host from @machine_port, to be seen by the domain from @guest_port. */
struct hvabi_ioports {
    uint32_t guest_port;
    uint32_t machine_port;
    uint32_t count;
};

/*
 * Map ports and let @domid use them; unmap them and let it no longer. From 4.23
 * on these are two requests each: the right is given before the mapping, and
 * taken back after it, also when unmapping failed.
 *
 * Return: 0, or -1 with errno as xenhvabi_domctl(): the first failure's.
 */
int xenhvabi_map_ioports(struct hvabi *abi, uint16_t domid, const struct hvabi_ioports *ports);
int xenhvabi_unmap_ioports(struct hvabi *abi, uint16_t domid,
                           const struct hvabi_ioports *ports);

#endif
