/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "hypercall.h"
#include "pt_irq.h"
#include "xendevicemodel_passthrough.h"

enum { MAX_DEVICE = 31, MAX_PIN = 3 };

_Static_assert((int)XENDEVICEMODEL_PT_IRQ_PCI == HVABI_PT_IRQ_PCI &&
                   (int)XENDEVICEMODEL_PT_IRQ_ISA == HVABI_PT_IRQ_ISA &&
                   (int)XENDEVICEMODEL_PT_IRQ_MSI == HVABI_PT_IRQ_MSI &&
                   (int)XENDEVICEMODEL_PT_IRQ_MSI_TRANSLATE == HVABI_PT_IRQ_MSI_TRANSLATE &&
                   (int)XENDEVICEMODEL_PT_IRQ_SPI == HVABI_PT_IRQ_SPI,
               "the same numbers");

typedef int change_fn(struct hvabi *abi, uint16_t domid, const struct hvabi_pt_irq *irq);

static int change(xendevicemodel_handle *dmod, change_fn *function, domid_t domid,
                  const struct hvabi_pt_irq *irq)
{
    struct hvabi *abi = xendevicemodel_hvabi(dmod);

    return abi ? xendevicemodel_outcome(dmod, function(abi, domid, irq)) : -1;
}

static int refuse(int reason)
{
    errno = reason;
    return -1;
}

/* A later header may know more members than we do: they are fine as long as they are zero. */
static int check_size(const struct xendevicemodel_pt_irq *irq)
{
    const unsigned char *bytes = (const unsigned char *)irq;

    if (irq->size < sizeof(*irq))
        return refuse(EINVAL);
    for (size_t i = sizeof(*irq); i < irq->size; i++) {
        if (bytes[i])
            return refuse(E2BIG);
    }
    return 0;
}

/* What type it is decides about the rest. */
static int check(const struct xendevicemodel_pt_irq *irq)
{
    if (!irq)
        return refuse(EINVAL);
    if (check_size(irq))
        return -1;
    switch (irq->type) {
    case XENDEVICEMODEL_PT_IRQ_PCI:
    case XENDEVICEMODEL_PT_IRQ_MSI_TRANSLATE:
        return irq->device > MAX_DEVICE || irq->intx > MAX_PIN ? refuse(EINVAL) : 0;
    case XENDEVICEMODEL_PT_IRQ_ISA:
    case XENDEVICEMODEL_PT_IRQ_MSI:
    case XENDEVICEMODEL_PT_IRQ_SPI:
        return 0;
    }
    return refuse(EINVAL);
}

static int change_checked(xendevicemodel_handle *dmod, change_fn *function, domid_t domid,
                          const struct xendevicemodel_pt_irq *irq)
{
    if (check(irq))
        return -1;
    return change(dmod, function, domid,
                  &(struct hvabi_pt_irq){.machine_irq = irq->pirq,
                                         .type = irq->type,
                                         .bus = irq->bus,
                                         .device = irq->device,
                                         .intx = irq->intx,
                                         .isa_irq = irq->isa_irq,
                                         .spi = irq->spi,
                                         .gvec = irq->gvec,
                                         .gflags = irq->gflags,
                                         .gtable = irq->gtable});
}

int xendevicemodel_bind_pt_irq(xendevicemodel_handle *dmod, domid_t domid,
                               const struct xendevicemodel_pt_irq *irq)
{
    return change_checked(dmod, xenhvabi_bind_pt_irq, domid, irq);
}

int xendevicemodel_unbind_pt_irq(xendevicemodel_handle *dmod, domid_t domid,
                                 const struct xendevicemodel_pt_irq *irq)
{
    return change_checked(dmod, xenhvabi_unbind_pt_irq, domid, irq);
}

int xendevicemodel_update_msi_irq(xendevicemodel_handle *dmod, domid_t domid, uint8_t gvec,
                                  uint32_t pirq, uint32_t gflags, uint64_t gtable)
{
    return change(dmod, xenhvabi_bind_pt_irq, domid,
                  &(struct hvabi_pt_irq){.machine_irq = pirq,
                                         .type = HVABI_PT_IRQ_MSI,
                                         .gvec = gvec,
                                         .gflags = gflags,
                                         .gtable = gtable});
}

int xendevicemodel_unbind_msi_irq(xendevicemodel_handle *dmod, domid_t domid, uint8_t gvec,
                                  uint32_t pirq, uint32_t gflags)
{
    return change(dmod, xenhvabi_unbind_pt_irq, domid,
                  &(struct hvabi_pt_irq){.machine_irq = pirq,
                                         .type = HVABI_PT_IRQ_MSI,
                                         .gvec = gvec,
                                         .gflags = gflags});
}
