/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "call.h"
#include "pt_irq.h"
#include "xenctrl/passthrough.h"

_Static_assert((int)PT_IRQ_TYPE_PCI == HVABI_PT_IRQ_PCI, "the same numbers");
_Static_assert((int)PT_IRQ_TYPE_ISA == HVABI_PT_IRQ_ISA, "the same numbers");
_Static_assert((int)PT_IRQ_TYPE_MSI_TRANSLATE == HVABI_PT_IRQ_MSI_TRANSLATE, "the same numbers");

typedef int change_fn(struct hvabi *abi, uint16_t domid, const struct hvabi_pt_irq *irq);

static int change(xc_interface *xch, change_fn *function, uint32_t domid,
                  struct hvabi_pt_irq irq)
{
    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    int result = function(&xch->abi, (uint16_t)domid, &irq);
    return xenctrl_domain_result(
        xch, result, function == xenhvabi_bind_pt_irq ? "bind_pt_irq" : "unbind_pt_irq", domid);
}

/* One that comes by wire, or is made to look so. */
static int by_wire(xc_interface *xch, change_fn *function, uint32_t domid,
                   struct hvabi_pt_irq irq)
{
    if (irq.type == HVABI_PT_IRQ_PCI || irq.type == HVABI_PT_IRQ_MSI_TRANSLATE ||
        irq.type == HVABI_PT_IRQ_ISA) {
        return change(xch, function, domid, irq);
    }
    return xenctrl_refused(xch, EINVAL, "%u is no kind of wired interrupt", irq.type);
}

int xc_domain_bind_pt_irq(xc_interface *xch, uint32_t domid, uint8_t machine_irq,
                          uint8_t irq_type, uint8_t bus, uint8_t device, uint8_t intx,
                          uint8_t isa_irq)
{
    return by_wire(xch, xenhvabi_bind_pt_irq, domid,
                   (struct hvabi_pt_irq){.machine_irq = machine_irq, .type = irq_type,
                                         .bus = bus, .device = device, .intx = intx,
                                         .isa_irq = isa_irq});
}

int xc_domain_unbind_pt_irq(xc_interface *xch, uint32_t domid, uint8_t machine_irq,
                            uint8_t irq_type, uint8_t bus, uint8_t device, uint8_t intx,
                            uint8_t isa_irq)
{
    return by_wire(xch, xenhvabi_unbind_pt_irq, domid,
                   (struct hvabi_pt_irq){.machine_irq = machine_irq, .type = irq_type,
                                         .bus = bus, .device = device, .intx = intx,
                                         .isa_irq = isa_irq});
}

int xc_domain_bind_pt_pci_irq(xc_interface *xch, uint32_t domid, uint8_t machine_irq,
                              uint8_t bus, uint8_t device, uint8_t intx)
{
    return xc_domain_bind_pt_irq(xch, domid, machine_irq, PT_IRQ_TYPE_PCI, bus, device, intx, 0);
}

int xc_domain_bind_pt_isa_irq(xc_interface *xch, uint32_t domid, uint8_t machine_irq)
{
    return xc_domain_bind_pt_irq(xch, domid, machine_irq, PT_IRQ_TYPE_ISA, 0, 0, 0, machine_irq);
}

int xc_domain_bind_pt_spi_irq(xc_interface *xch, uint32_t domid, uint16_t vspi, uint16_t spi)
{
    return change(
        xch, xenhvabi_bind_pt_irq, domid,
        (struct hvabi_pt_irq){.machine_irq = vspi, .type = HVABI_PT_IRQ_SPI, .spi = spi});
}

int xc_domain_unbind_pt_spi_irq(xc_interface *xch, uint32_t domid, uint16_t vspi, uint16_t spi)
{
    return change(
        xch, xenhvabi_unbind_pt_irq, domid,
        (struct hvabi_pt_irq){.machine_irq = vspi, .type = HVABI_PT_IRQ_SPI, .spi = spi});
}

int xc_domain_update_msi_irq(xc_interface *xch, uint32_t domid, uint32_t gvec, uint32_t pirq,
                             uint32_t gflags, uint64_t gtable)
{
    return change(xch, xenhvabi_bind_pt_irq, domid,
                  (struct hvabi_pt_irq){.machine_irq = pirq, .type = HVABI_PT_IRQ_MSI,
                                        .gvec = gvec, .gflags = gflags, .gtable = gtable});
}

int xc_domain_unbind_msi_irq(xc_interface *xch, uint32_t domid, uint32_t gvec, uint32_t pirq,
                             uint32_t gflags)
{
    return change(xch, xenhvabi_unbind_pt_irq, domid,
                  (struct hvabi_pt_irq){.machine_irq = pirq, .type = HVABI_PT_IRQ_MSI,
                                        .gvec = gvec, .gflags = gflags});
}
