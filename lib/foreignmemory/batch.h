/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Frames of a domain put into a range that is mapped from privcmd already. */
#ifndef XENLIBS_FOREIGNMEMORY_BATCH_H
#define XENLIBS_FOREIGNMEMORY_BATCH_H

#include <stdint.h>

#include "xenforeignmemory.h"

struct batch {
    uint16_t domid;
    uint32_t pages;
    char *addr;
    const xen_pfn_t *gfns;
    int *errors; /* out: per page, 0 or a negative errno */
};

/*
 * Maps the frames and waits up to @timeout_ms for those that are paged out,
 * which get -ETIMEDOUT after that. Returns 0 when every page has its result,
 * or -1 with errno when the request as a whole failed: the range is then to be
 * unmapped and the results mean nothing.
 */
int xenforeignmemory_batch_map(int fd, const struct batch *batch, int timeout_ms);

#endif
