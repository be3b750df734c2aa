/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The PCI device that xenlab --iommu has for guests, as dom0 sees it: QEMU's edu. No
 * driver has it, so what a driver would set up in it is set up here.
 */
#ifndef XENLIBS_TESTS_EDU_H
#define XENLIBS_TESTS_EDU_H

#include <stdbool.h>
#include <stdint.h>

enum {
    EDU_SBDF = 5 << 3, /* 0000:00:05.0 */
    EDU_GSI = 21,      /* where QEMU's q35 wires its pin A to */
    EDU_FRAMES = 256,  /* of its registers */
};

/* Its registers, 4 bytes each. */
enum {
    EDU_ID = 0x00,
    EDU_INVERTER = 0x04, /* reads as the inverse of what was written */
    EDU_RAISE = 0x60,
    EDU_LOWER = 0x64,
    EDU_DMA_FROM = 0x80,
    EDU_DMA_TO = 0x88,
    EDU_DMA_BYTES = 0x90,
    EDU_DMA_COMMAND = 0x98,
};
enum { EDU_ID_VALUE = 0x010000ed };
enum { EDU_DMA_RUN = 1, EDU_DMA_TO_MEMORY = 2 };
enum { EDU_BUFFER = 0x40000 }; /* the device's own end of a DMA */

/* Where its registers are in the host, having made it decode them and master the bus. */
uint64_t edu_registers(void);

/* Whether it interrupts by message or by pin. */
void edu_uses_messages(bool by_message);

/* Its registers, mapped: for dom0 to drive it. Unmapped by the end of the process. */
volatile uint32_t *edu_map(void);

#endif
