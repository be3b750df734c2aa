/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Frames of the host's I/O memory, where a domain sees them. */
#ifndef XENHVABI_MEMORY_MAPPING_H
#define XENHVABI_MEMORY_MAPPING_H

#include "hvabi.h"

struct hvabi_frames {
    uint64_t gfn; /* the first, of the domain's */
    uint64_t mfn; /* of the host's */
    uint64_t count;
};

/*
 * Map @frames, or unmap them, in pieces that Xen can take at once. If mapping fails
 * midway, what was mapped is unmapped again, and nothing else; if unmapping does, the
 * rest is tried all the same.
 *
 * Return: 0, or -1 with errno as xenhvabi_domctl(): the first failure's.
 */
int xenhvabi_map_memory(struct hvabi *abi, uint16_t domid, const struct hvabi_frames *frames);
int xenhvabi_unmap_memory(struct hvabi *abi, uint16_t domid, const struct hvabi_frames *frames);

#endif
