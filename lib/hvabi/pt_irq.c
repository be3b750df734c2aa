/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pt_irq.h"

#include <errno.h>
#include <string.h>

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
            uint64_t gtable;
        } msi;
        uint16_t spi;
    } u;
};
_Static_assert(sizeof(struct bind_pt_irq) == 24, "as on every release");

/* @request is zero so far. 0, or an errno. */
static int describe(const struct hvabi_pt_irq *irq, struct bind_pt_irq *request)
{
    request->machine_irq = irq->machine_irq;
    request->irq_type = irq->type;
    switch (irq->type) {
    case HVABI_PT_IRQ_PCI:
    case HVABI_PT_IRQ_MSI_TRANSLATE:
        request->u.pci.bus = irq->bus;
        request->u.pci.device = irq->device;
        request->u.pci.intx = irq->intx;
        return 0;
    case HVABI_PT_IRQ_ISA:
        request->u.isa_irq = irq->isa_irq;
        return 0;
    case HVABI_PT_IRQ_SPI:
        request->u.spi = irq->spi;
        return 0;
    case HVABI_PT_IRQ_MSI:
        request->u.msi.gvec = (uint8_t)irq->gvec;
        request->u.msi.gflags = irq->gflags;
        request->u.msi.gtable = irq->gtable;
        return irq->gvec > UINT8_MAX ? EINVAL : 0;
    }
    return EINVAL;
}

static int change(struct hvabi *abi, unsigned cmd, uint16_t domid,
                  const struct hvabi_pt_irq *irq)
{
    struct bind_pt_irq request;

    memset(&request, 0, sizeof(request)); /* it is sent whole */
    int failure = describe(irq, &request);
    if (failure) {
        errno = failure;
        return -1;
    }
    return xenhvabi_order(abi, cmd, domid, &request, sizeof(request));
}

int xenhvabi_bind_pt_irq(struct hvabi *abi, uint16_t domid, const struct hvabi_pt_irq *irq)
{
    return change(abi, HVABI_DOMCTL_BIND_PT_IRQ, domid, irq);
}

int xenhvabi_unbind_pt_irq(struct hvabi *abi, uint16_t domid, const struct hvabi_pt_irq *irq)
{
    return change(abi, HVABI_DOMCTL_UNBIND_PT_IRQ, domid, irq);
}
