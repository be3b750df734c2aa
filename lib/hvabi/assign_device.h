/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A device of the host's for one domain alone. */
#ifndef XENHVABI_ASSIGN_DEVICE_H
#define XENHVABI_ASSIGN_DEVICE_H

#include "hvabi.h"

/*
 * @cmd is HVABI_DOMCTL_ASSIGN_DEVICE, _DEASSIGN_DEVICE or _TEST_ASSIGN_DEVICE.
 * A PCI device is @machine_sbdf, segment << 16 | bus << 8 | devfn; one of the device
 * tree is @path.
 *
 * Return: 0, or -1 with errno as xenhvabi_domctl(), and for a path
 *   EINVAL  it is NULL or empty
 *   others  no buffer, as xencall_buffer_get() says
 */
int xenhvabi_pci_device(struct hvabi *abi, unsigned cmd, uint16_t domid, uint32_t machine_sbdf,
                        uint32_t flags);
int xenhvabi_dt_device(struct hvabi *abi, unsigned cmd, uint16_t domid, const char *path);

#endif
