/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <sys/ioctl.h>

#include "call.h"
#include "pirq.h"
#include "uapi_privcmd.h"
#include "xenctrl/passthrough.h"

/* 0 if a number can be mapped and told, or -1. */
static int check(xc_interface *xch, uint32_t domid, const int *pirq)
{
    if (!pirq) {
        return xenctrl_refused(xch, EINVAL, "an interrupt's number without room for it");
    }
    return xenctrl_check_domid(xch, domid);
}

int xc_physdev_map_pirq(xc_interface *xch, uint32_t domid, int index, int *pirq)
{
    if (check(xch, domid, pirq)) {
        return -1;
    }
    int number = *pirq < 0 ? index : *pirq;
    int result = xenhvabi_map_gsi(&xch->abi, (uint16_t)domid, index, &number);
    if (result >= 0) {
        *pirq = number;
    }
    return xenctrl_domain_result(xch, result, "map_pirq", domid);
}

int xc_physdev_map_pirq_gsi(xc_interface *xch, uint32_t domid, int gsi, int *pirq)
{
    if (check(xch, domid, pirq)) {
        return -1;
    }
    return xenctrl_domain_result(
        xch, xenhvabi_map_gsi(&xch->abi, (uint16_t)domid, gsi, pirq), "map_pirq", domid);
}

int xc_physdev_map_pirq_msi(xc_interface *xch, uint32_t domid, int index, int *pirq, int devfn,
                            int bus, int entry_nr, uint64_t table_base)
{
    struct hvabi_msi msi = {.index = index,
                            .bus = bus,
                            .devfn = devfn,
                            .entry_nr = entry_nr,
                            .table_base = table_base};

    if (check(xch, domid, pirq)) {
        return -1;
    }
    return xenctrl_domain_result(
        xch, xenhvabi_map_msi(&xch->abi, (uint16_t)domid, &msi, pirq), "map_pirq", domid);
}

int xc_physdev_unmap_pirq(xc_interface *xch, uint32_t domid, int pirq)
{
    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    return xenctrl_domain_result(
        xch, xenhvabi_unmap_pirq(&xch->abi, (uint16_t)domid, pirq), "unmap_pirq", domid);
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
