/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <sys/ioctl.h>

#include "call.h"
#include "uapi_privcmd.h"
#include "xenctrl/passthrough.h"

#define NOWHERE "an interrupt's number without room for it"

/* @wish: the domain's number for it, or -1. */
static int map_pirq(xc_interface *xch, uint32_t domid, struct physdev_map_pirq *request,
                    int wish, int *pirq)
{
    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    request->domid = (domid_t)domid;
    request->pirq = wish;
    int result = (int)xenctrl_hypercall(xch, __HYPERVISOR_physdev_op, PHYSDEVOP_map_pirq,
                                        request, sizeof(*request), "mapping an interrupt");
    if (result >= 0) {
        *pirq = request->pirq;
    }
    return result;
}

int xc_physdev_map_pirq(xc_interface *xch, uint32_t domid, int index, int *pirq)
{
    struct physdev_map_pirq request;

    CTRL_ZERO(request);
    request.type = MAP_PIRQ_TYPE_GSI;
    request.index = index;

    return pirq ? map_pirq(xch, domid, &request, *pirq < 0 ? index : *pirq, pirq)
                : xenctrl_refused(xch, EINVAL, NOWHERE);
}

int xc_physdev_map_pirq_gsi(xc_interface *xch, uint32_t domid, int gsi, int *pirq)
{
    struct physdev_map_pirq request;

    CTRL_ZERO(request);
    request.type = MAP_PIRQ_TYPE_GSI;
    request.index = gsi;

    return pirq ? map_pirq(xch, domid, &request, *pirq, pirq)
                : xenctrl_refused(xch, EINVAL, NOWHERE);
}

int xc_physdev_map_pirq_msi(xc_interface *xch, uint32_t domid, int index, int *pirq, int devfn,
                            int bus, int entry_nr, uint64_t table_base)
{
    bool has_segment = (unsigned)bus >> 16;
    struct physdev_map_pirq request;

    CTRL_ZERO(request);
    request.type = has_segment ? MAP_PIRQ_TYPE_MSI_SEG : MAP_PIRQ_TYPE_MSI;
    request.index = index;
    request.bus = bus;
    request.devfn = devfn;
    request.entry_nr = entry_nr;
    request.table_base = table_base;

    return pirq ? map_pirq(xch, domid, &request, *pirq, pirq)
                : xenctrl_refused(xch, EINVAL, NOWHERE);
}

int xc_physdev_unmap_pirq(xc_interface *xch, uint32_t domid, int pirq)
{
    struct physdev_unmap_pirq request;

    CTRL_ZERO(request);
    request.domid = (domid_t)domid;
    request.pirq = pirq;

    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    return (int)xenctrl_hypercall(xch, __HYPERVISOR_physdev_op, PHYSDEVOP_unmap_pirq,
                                  CTRL_PAYLOAD(request), "unmapping an interrupt");
}

int xc_pcidev_get_gsi(xc_interface *xch, uint32_t sbdf)
{
    struct uapi_privcmd_pcidev_get_gsi request = {.sbdf = sbdf};
    int result;

    if (xenctrl_check_open(xch)) {
        return -1;
    }
    do {
        result = ioctl(xch->privcmd_fd, UAPI_PRIVCMD_PCIDEV_GET_GSI, &request);
    } while (result < 0 && errno == EINTR);
    if (result < 0 && errno == ENOTTY) {
        return xenctrl_refused(xch, ENOTSUP, "the GSI of a PCI device needs Linux 6.13");
    }
    return result < 0 ? xenctrl_failed(xch, "the GSI of PCI device %#x", sbdf) : (int)request.gsi;
}

int xc_physdev_pci_access_modify(xc_interface *xch, uint32_t domid, int bus, int dev, int func,
                                 int enable)
{
    return xenctrl_refused(xch, ENOSYS, "%s domain %u's access to PCI device %02x:%02x.%x",
                           enable ? "allowing" : "ending", domid, (unsigned)bus, (unsigned)dev,
                           (unsigned)func);
}
