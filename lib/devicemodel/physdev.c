/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <limits.h>

#include "hypercall.h"
#include "pirq.h"
#include "xendevicemodel_passthrough.h"

#define ANY (-1) /* number of the host's */

static int refuse(void)
{
    errno = EINVAL;
    return -1;
}

int xendevicemodel_physdev_map_pirq(xendevicemodel_handle *dmod, domid_t domid, int gsi,
                                    int *pirq)
{
    int wish;

    if (!pirq)
        return refuse();
    wish = *pirq < 0 ? gsi : *pirq;
    if (xendevicemodel_physdev_map_pirq_gsi(dmod, domid, gsi, &wish))
        return -1;
    *pirq = wish;
    return 0;
}

int xendevicemodel_physdev_map_pirq_gsi(xendevicemodel_handle *dmod, domid_t domid, int gsi,
                                        int *pirq)
{
    struct hvabi *abi;

    if (gsi < 0 || !pirq)
        return refuse();
    abi = xendevicemodel_hvabi(dmod);
    return abi ? xendevicemodel_outcome(dmod, xenhvabi_map_gsi(abi, domid, gsi, pirq)) : -1;
}

int xendevicemodel_physdev_map_pirq_msi(xendevicemodel_handle *dmod, domid_t domid,
                                        uint32_t machine_sbdf, uint32_t entry_nr,
                                        uint64_t table_base, int *pirq)
{
    struct hvabi_msi msi = {.index = ANY,
                            .bus = (int)((machine_sbdf & 0xffff0000) | (machine_sbdf >> 8 & 0xff)),
                            .devfn = (int)(machine_sbdf & 0xff),
                            .entry_nr = (int)entry_nr,
                            .table_base = table_base};
    struct hvabi *abi;

    if (entry_nr > INT_MAX || !pirq)
        return refuse();
    abi = xendevicemodel_hvabi(dmod);
    return abi ? xendevicemodel_outcome(dmod, xenhvabi_map_msi(abi, domid, &msi, pirq)) : -1;
}

int xendevicemodel_physdev_unmap_pirq(xendevicemodel_handle *dmod, domid_t domid, int pirq)
{
    struct hvabi *abi;

    if (pirq < 0)
        return refuse();
    abi = xendevicemodel_hvabi(dmod);
    return abi ? xendevicemodel_outcome(dmod, xenhvabi_unmap_pirq(abi, domid, pirq)) : -1;
}
