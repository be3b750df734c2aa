/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "permission.h"

#include "memory_mapping.h"
#include "passthrough.h"
#include "xenctrl/passthrough.h"

int xc_domain_ioport_permission(xc_interface *xch, uint32_t domid, uint32_t first_port,
                                uint32_t nr_ports, uint32_t allow_access)
{
    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    int result = xenhvabi_ioport_permission(&xch->abi, (uint16_t)domid, first_port, nr_ports,
                                            allow_access != 0);
    return xenctrl_domain_result(xch, result, "ioport_permission", domid);
}

int xc_domain_iomem_permission(xc_interface *xch, uint32_t domid, unsigned long first_mfn,
                               unsigned long nr_mfns, uint8_t allow_access)
{
    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    int result = xenhvabi_iomem_permission(&xch->abi, (uint16_t)domid, first_mfn, nr_mfns,
                                           allow_access != 0);
    return xenctrl_domain_result(xch, result, "iomem_permission", domid);
}

int xenctrl_irq_permission(xc_interface *xch, uint32_t domid, uint32_t pirq, bool allow_access)
{
    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    int result = xenhvabi_irq_permission(&xch->abi, (uint16_t)domid, pirq, allow_access);
    return xenctrl_domain_result(xch, result, "irq_permission", domid);
}

int xc_domain_gsi_permission(xc_interface *xch, uint32_t domid, uint32_t gsi, uint32_t flags)
{
    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    int result = xenhvabi_gsi_permission(&xch->abi, (uint16_t)domid, gsi, flags);
    return xenctrl_domain_result(xch, result, "gsi_permission", domid);
}

int xc_domain_ioport_mapping(xc_interface *xch, uint32_t domid, uint32_t first_gport,
                             uint32_t first_mport, uint32_t nr_ports, uint32_t add_mapping)
{
    struct hvabi_ioports ports = {
        .guest_port = first_gport, .machine_port = first_mport, .count = nr_ports};

    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    int result = add_mapping ? xenhvabi_map_ioports(&xch->abi, (uint16_t)domid, &ports)
                             : xenhvabi_unmap_ioports(&xch->abi, (uint16_t)domid, &ports);
    return xenctrl_domain_result(xch, result, "ioport_mapping", domid);
}

int xc_domain_memory_mapping(xc_interface *xch, uint32_t domid, unsigned long first_gfn,
                             unsigned long first_mfn, unsigned long nr_mfns,
                             uint32_t add_mapping)
{
    struct hvabi_frames frames = {first_gfn, first_mfn, nr_mfns};

    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    int result = add_mapping ? xenhvabi_map_memory(&xch->abi, (uint16_t)domid, &frames)
                             : xenhvabi_unmap_memory(&xch->abi, (uint16_t)domid, &frames);
    return xenctrl_domain_result(xch, result, "memory_mapping", domid);
}
