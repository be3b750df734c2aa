/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "hypercall.h"
#include "passthrough.h"
#include "range.h"
#include "xendevicemodel_passthrough.h"

int xendevicemodel_ioport_permission(xendevicemodel_handle *dmod, domid_t domid,
                                     uint32_t first_port, uint32_t nr_ports, bool allow)
{
    struct hvabi *abi;

    if (xendevicemodel_check_ports(first_port, nr_ports))
        return -1;
    abi = xendevicemodel_hvabi(dmod);
    return !abi ? -1
                : xendevicemodel_outcome(dmod, xenhvabi_ioport_permission(
                                                   abi, domid, first_port, nr_ports, allow));
}

int xendevicemodel_iomem_permission(xendevicemodel_handle *dmod, domid_t domid,
                                    uint64_t first_mfn, uint64_t nr_mfns, bool allow)
{
    struct hvabi *abi;

    if (xendevicemodel_check_frames(first_mfn, nr_mfns))
        return -1;
    abi = xendevicemodel_hvabi(dmod);
    return !abi ? -1
                : xendevicemodel_outcome(dmod, xenhvabi_iomem_permission(abi, domid, first_mfn,
                                                                         nr_mfns, allow));
}

int xendevicemodel_irq_permission(xendevicemodel_handle *dmod, domid_t domid, uint32_t pirq,
                                  bool allow)
{
    struct hvabi *abi = xendevicemodel_hvabi(dmod);

    return !abi ? -1
                : xendevicemodel_outcome(dmod,
                                         xenhvabi_irq_permission(abi, domid, pirq, allow));
}

int xendevicemodel_gsi_permission(xendevicemodel_handle *dmod, domid_t domid, uint32_t gsi,
                                  bool allow)
{
    struct hvabi *abi = xendevicemodel_hvabi(dmod);

    return !abi ? -1
                : xendevicemodel_outcome(dmod, xenhvabi_gsi_permission(abi, domid, gsi, allow));
}
