/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An interrupt of the host's, delivered to a domain. */
#ifndef XENHVABI_PT_IRQ_H
#define XENHVABI_PT_IRQ_H

#include "hvabi.h"

enum {
    HVABI_PT_IRQ_PCI = 0,
    HVABI_PT_IRQ_ISA = 1,
    HVABI_PT_IRQ_MSI = 2,
    HVABI_PT_IRQ_MSI_TRANSLATE = 3,
    HVABI_PT_IRQ_SPI = 4,
};

struct hvabi_pt_irq {
    uint32_t machine_irq; /* the domain's number for it; the virtual SPI */
    uint32_t type;        /* HVABI_PT_IRQ_*: which of the rest count */
    uint8_t bus, device, intx; /* PCI, MSI_TRANSLATE */
    uint8_t isa_irq;           /* ISA */
    uint16_t spi;              /* SPI: the host's */
    uint32_t gvec, gflags;     /* MSI */
    uint64_t gtable;
};

/*
 * Return: 0, or -1 with errno as xenhvabi_domctl(), and before anything is sent
 *   EINVAL  there is no such type, or gvec is no vector
 */
int xenhvabi_bind_pt_irq(struct hvabi *abi, uint16_t domid, const struct hvabi_pt_irq *irq);
int xenhvabi_unbind_pt_irq(struct hvabi *abi, uint16_t domid, const struct hvabi_pt_irq *irq);

#endif
