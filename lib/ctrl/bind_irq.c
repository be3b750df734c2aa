/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "call.h"
#include "operation.h"
#include "xenctrl/passthrough.h"

struct bind_pt_irq {
    uint32_t machine_irq;
    uint32_t irq_type;
    union {
        uint8_t isa_irq;
        struct {
            uint8_t bus;
            uint8_t device;
            uint8_t intx;
        } pci;
        struct {
            uint8_t gvec;
            uint8_t pad[3];
            uint32_t gflags;
            ctrl_u64 gtable;
        } msi;
        uint16_t spi;
    } u;
};
_Static_assert(sizeof(struct bind_pt_irq) == 24, "as on every release");

/* How an interrupt reaches the guest by wire, for those kinds that have one. */
struct wire {
    uint8_t bus, device, intx, isa_irq;
};

static int by_wire(xc_interface *xch, unsigned cmd, uint32_t domid, uint8_t machine_irq,
                   uint8_t irq_type, struct wire wire)
{
    struct bind_pt_irq request;

    CTRL_ZERO(request);
    request.machine_irq = machine_irq;
    request.irq_type = irq_type;
    switch (irq_type) {
    case PT_IRQ_TYPE_PCI:
    case PT_IRQ_TYPE_MSI_TRANSLATE:
        request.u.pci.bus = wire.bus;
        request.u.pci.device = wire.device;
        request.u.pci.intx = wire.intx;
        break;
    case PT_IRQ_TYPE_ISA:
        request.u.isa_irq = wire.isa_irq;
        break;
    default:
        return xenctrl_refused(xch, EINVAL, "%u is no kind of wired interrupt", irq_type);
    }
    return xenctrl_domctl(xch, cmd, domid, CTRL_PAYLOAD(request));
}

int xc_domain_bind_pt_irq(xc_interface *xch, uint32_t domid, uint8_t machine_irq,
                          uint8_t irq_type, uint8_t bus, uint8_t device, uint8_t intx,
                          uint8_t isa_irq)
{
    return by_wire(xch, CTRL_DOMCTL_BIND_PT_IRQ, domid, machine_irq, irq_type,
                   (struct wire){bus, device, intx, isa_irq});
}

int xc_domain_unbind_pt_irq(xc_interface *xch, uint32_t domid, uint8_t machine_irq,
                            uint8_t irq_type, uint8_t bus, uint8_t device, uint8_t intx,
                            uint8_t isa_irq)
{
    return by_wire(xch, CTRL_DOMCTL_UNBIND_PT_IRQ, domid, machine_irq, irq_type,
                   (struct wire){bus, device, intx, isa_irq});
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

static int by_spi(xc_interface *xch, unsigned cmd, uint32_t domid, uint16_t vspi, uint16_t spi)
{
    struct bind_pt_irq request;

    CTRL_ZERO(request);
    request.machine_irq = vspi;
    request.irq_type = PT_IRQ_TYPE_SPI;
    request.u.spi = spi;
    return xenctrl_domctl(xch, cmd, domid, CTRL_PAYLOAD(request));
}

int xc_domain_bind_pt_spi_irq(xc_interface *xch, uint32_t domid, uint16_t vspi, uint16_t spi)
{
    return by_spi(xch, CTRL_DOMCTL_BIND_PT_IRQ, domid, vspi, spi);
}

int xc_domain_unbind_pt_spi_irq(xc_interface *xch, uint32_t domid, uint16_t vspi, uint16_t spi)
{
    return by_spi(xch, CTRL_DOMCTL_UNBIND_PT_IRQ, domid, vspi, spi);
}

static int by_message(xc_interface *xch, unsigned cmd, uint32_t domid, uint32_t gvec,
                      uint32_t pirq, uint32_t gflags, uint64_t gtable)
{
    struct bind_pt_irq request;

    if (gvec > UINT8_MAX) {
        return xenctrl_refused(xch, EINVAL, "%u is no vector", gvec);
    }
    CTRL_ZERO(request);
    request.machine_irq = pirq;
    request.irq_type = PT_IRQ_TYPE_MSI;
    request.u.msi.gvec = (uint8_t)gvec;
    request.u.msi.gflags = gflags;
    request.u.msi.gtable = gtable;
    return xenctrl_domctl(xch, cmd, domid, CTRL_PAYLOAD(request));
}

int xc_domain_update_msi_irq(xc_interface *xch, uint32_t domid, uint32_t gvec, uint32_t pirq,
                             uint32_t gflags, uint64_t gtable)
{
    return by_message(xch, CTRL_DOMCTL_BIND_PT_IRQ, domid, gvec, pirq, gflags, gtable);
}

int xc_domain_unbind_msi_irq(xc_interface *xch, uint32_t domid, uint32_t gvec, uint32_t pirq,
                             uint32_t gflags)
{
    return by_message(xch, CTRL_DOMCTL_UNBIND_PT_IRQ, domid, gvec, pirq, gflags, 0);
}
