/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "hypercall.h"
#include "memory_mapping.h"
#include "passthrough.h"
#include "range.h"
#include "xendevicemodel_passthrough.h"

int xendevicemodel_ioport_mapping(xendevicemodel_handle *dmod, domid_t domid,
                                  uint32_t first_gport, uint32_t first_mport, uint32_t nr_ports,
                                  bool add)
{
    struct hvabi_ioports ports = {first_gport, first_mport, nr_ports};
    struct hvabi *abi;

    if (xendevicemodel_check_ports(first_gport, nr_ports) ||
        xendevicemodel_check_ports(first_mport, nr_ports))
        return -1;
    abi = xendevicemodel_hvabi(dmod);
    if (!abi)
        return -1;
    return xendevicemodel_outcome(dmod, add ? xenhvabi_map_ioports(abi, domid, &ports)
                                            : xenhvabi_unmap_ioports(abi, domid, &ports));
}

int xendevicemodel_memory_mapping(xendevicemodel_handle *dmod, domid_t domid,
                                  uint64_t first_gfn, uint64_t first_mfn, uint64_t nr_mfns,
                                  bool add)
{
    struct hvabi_frames frames = {first_gfn, first_mfn, nr_mfns};
    struct hvabi *abi;

    if (xendevicemodel_check_frames(first_gfn, nr_mfns) ||
        xendevicemodel_check_frames(first_mfn, nr_mfns))
        return -1;
    abi = xendevicemodel_hvabi(dmod);
    if (!abi)
        return -1;
    return xendevicemodel_outcome(dmod, add ? xenhvabi_map_memory(abi, domid, &frames)
                                            : xenhvabi_unmap_memory(abi, domid, &frames));
}
