/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "dm_op.h"

#include <errno.h>
#include <stdbool.h>

/* As Xen answers; but the field has 8 bits, and 256 would arrive as 0. */
static bool is_level(unsigned int level)
{
    if (level <= 1)
        return true;
    errno = EINVAL;
    return false;
}

int xendevicemodel_set_pci_intx_level(xendevicemodel_handle *dmod, domid_t domid,
                                      uint16_t segment, uint8_t bus, uint8_t device,
                                      uint8_t intx, unsigned int level)
{
    struct xen_dm_op op = {.op = XEN_DMOP_set_pci_intx_level};

    if (!is_level(level))
        return -1;
    op.u.set_pci_intx_level.domain = segment;
    op.u.set_pci_intx_level.bus = bus;
    op.u.set_pci_intx_level.device = device;
    op.u.set_pci_intx_level.intx = intx;
    op.u.set_pci_intx_level.level = (uint8_t)level;
    return xendevicemodel_dm_op(dmod, domid, &op);
}

int xendevicemodel_set_isa_irq_level(xendevicemodel_handle *dmod, domid_t domid, uint8_t irq,
                                     unsigned int level)
{
    struct xen_dm_op op = {.op = XEN_DMOP_set_isa_irq_level};

    if (!is_level(level))
        return -1;
    op.u.set_isa_irq_level.isa_irq = irq;
    op.u.set_isa_irq_level.level = (uint8_t)level;
    return xendevicemodel_dm_op(dmod, domid, &op);
}

int xendevicemodel_set_irq_level(xendevicemodel_handle *dmod, domid_t domid, unsigned int irq,
                                 unsigned int level)
{
    struct xen_dm_op op = {.op = XEN_DMOP_set_irq_level};

    if (!is_level(level))
        return -1;
    op.u.set_irq_level.irq = irq;
    op.u.set_irq_level.level = (uint8_t)level;
    return xendevicemodel_dm_op(dmod, domid, &op);
}

int xendevicemodel_set_pci_link_route(xendevicemodel_handle *dmod, domid_t domid, uint8_t link,
                                      uint8_t irq)
{
    struct xen_dm_op op = {.op = XEN_DMOP_set_pci_link_route};

    op.u.set_pci_link_route.link = link;
    op.u.set_pci_link_route.isa_irq = irq;
    return xendevicemodel_dm_op(dmod, domid, &op);
}

int xendevicemodel_route_pci_intx_to_isa_irq(xendevicemodel_handle *dmod, domid_t domid,
                                             uint8_t intx, uint8_t isa_irq)
{
    return xendevicemodel_set_pci_link_route(dmod, domid, intx, isa_irq);
}

int xendevicemodel_inject_msi(xendevicemodel_handle *dmod, domid_t domid, uint64_t msi_addr,
                              uint32_t msi_data)
{
    struct xen_dm_op op = {.op = XEN_DMOP_inject_msi};

    op.u.inject_msi.addr = msi_addr;
    op.u.inject_msi.data = msi_data;
    return xendevicemodel_dm_op(dmod, domid, &op);
}

int xendevicemodel_inject_event(xendevicemodel_handle *dmod, domid_t domid, int vcpu,
                                uint8_t vector, uint8_t type, uint32_t error_code,
                                uint8_t insn_len, uint64_t extra)
{
    struct xen_dm_op op = {.op = XEN_DMOP_inject_event};

    op.u.inject_event.vcpuid = (uint32_t)vcpu;
    op.u.inject_event.vector = vector;
    op.u.inject_event.type = type;
    op.u.inject_event.error_code = error_code;
    op.u.inject_event.insn_len = insn_len;
    op.u.inject_event.cr2 = extra;
    return xendevicemodel_dm_op(dmod, domid, &op);
}
