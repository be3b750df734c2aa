/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define __XEN_TOOLS__ 1 /* or physdev_op is one of old */
#include "pirq.h"

#include <string.h>
#include <xen/xen.h>
#include <xen/physdev.h>

static int map(struct hvabi *abi, uint16_t domid, struct physdev_map_pirq *request, int *pirq)
{
    request->domid = domid;
    request->pirq = *pirq;
    int result = xenhvabi_send_physdev(abi->xcall, PHYSDEVOP_map_pirq, request, sizeof(*request));

    if (result >= 0) {
        *pirq = request->pirq;
    }
    return result;
}

int xenhvabi_map_gsi(struct hvabi *abi, uint16_t domid, int gsi, int *pirq)
{
    struct physdev_map_pirq request;

    memset(&request, 0, sizeof(request));
    request.type = MAP_PIRQ_TYPE_GSI;
    request.index = gsi;
    return map(abi, domid, &request, pirq);
}

int xenhvabi_map_msi(struct hvabi *abi, uint16_t domid, const struct hvabi_msi *msi, int *pirq)
{
    bool has_segment = (unsigned)msi->bus >> 16;
    struct physdev_map_pirq request;

    memset(&request, 0, sizeof(request));
    request.type = has_segment ? MAP_PIRQ_TYPE_MSI_SEG : MAP_PIRQ_TYPE_MSI;
    request.index = msi->index;
    request.bus = msi->bus;
    request.devfn = msi->devfn;
    request.entry_nr = msi->entry_nr;
    request.table_base = msi->table_base;
    return map(abi, domid, &request, pirq);
}

int xenhvabi_unmap_pirq(struct hvabi *abi, uint16_t domid, int pirq)
{
    struct physdev_unmap_pirq request;

    memset(&request, 0, sizeof(request));
    request.domid = domid;
    request.pirq = pirq;
    return xenhvabi_send_physdev(abi->xcall, PHYSDEVOP_unmap_pirq, &request, sizeof(request));
}
