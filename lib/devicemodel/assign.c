/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "assign_device.h"
#include "hypercall.h"
#include "xendevicemodel_passthrough.h"

static int pci(xendevicemodel_handle *dmod, unsigned int cmd, domid_t domid,
               uint32_t machine_sbdf, uint32_t flags)
{
    struct hvabi *abi = xendevicemodel_hvabi(dmod);

    if (!abi)
        return -1;
    return xendevicemodel_outcome(dmod,
                                  xenhvabi_pci_device(abi, cmd, domid, machine_sbdf, flags));
}

int xendevicemodel_assign_device(xendevicemodel_handle *dmod, domid_t domid,
                                 uint32_t machine_sbdf, uint32_t flags)
{
    return pci(dmod, HVABI_DOMCTL_ASSIGN_DEVICE, domid, machine_sbdf, flags);
}

int xendevicemodel_deassign_device(xendevicemodel_handle *dmod, domid_t domid,
                                   uint32_t machine_sbdf)
{
    return pci(dmod, HVABI_DOMCTL_DEASSIGN_DEVICE, domid, machine_sbdf, 0);
}

int xendevicemodel_test_assign_device(xendevicemodel_handle *dmod, domid_t domid,
                                      uint32_t machine_sbdf)
{
    return pci(dmod, HVABI_DOMCTL_TEST_ASSIGN_DEVICE, domid, machine_sbdf, 0);
}

/* ---- devices of the device tree ---- */

static int device_tree(xendevicemodel_handle *dmod, unsigned int cmd, domid_t domid,
                       const char *path)
{
    struct hvabi *abi;

    if (!path || !*path) {
        errno = EINVAL;
        return -1;
    }
    abi = xendevicemodel_hvabi(dmod);
    return abi ? xendevicemodel_outcome(dmod, xenhvabi_dt_device(abi, cmd, domid, path)) : -1;
}

int xendevicemodel_assign_dt_device(xendevicemodel_handle *dmod, domid_t domid,
                                    const char *path)
{
    return device_tree(dmod, HVABI_DOMCTL_ASSIGN_DEVICE, domid, path);
}

int xendevicemodel_deassign_dt_device(xendevicemodel_handle *dmod, domid_t domid,
                                      const char *path)
{
    return device_tree(dmod, HVABI_DOMCTL_DEASSIGN_DEVICE, domid, path);
}

int xendevicemodel_test_assign_dt_device(xendevicemodel_handle *dmod, domid_t domid,
                                         const char *path)
{
    return device_tree(dmod, HVABI_DOMCTL_TEST_ASSIGN_DEVICE, domid, path);
}
