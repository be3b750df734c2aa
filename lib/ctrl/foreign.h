/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exported for upstream's libxenguest. */
#ifndef XENCTRL_FOREIGN_H
#define XENCTRL_FOREIGN_H

#include "xenctrl/types.h"

typedef struct privcmd_mmap_entry {
    uint64_t va;
    uint64_t mfn; /* the first frame of a run */
    uint64_t npages;
} privcmd_mmap_entry_t;

/*
 * Map @size bytes of a domain as runs of @chunksize bytes each, whose first frames
 * @entries has, @nentries of them. NULL with errno.
 */
void *xc_map_foreign_ranges(xc_interface *xch, uint32_t dom, size_t size, int prot,
                            size_t chunksize, privcmd_mmap_entry_t entries[], int nentries);

#endif
