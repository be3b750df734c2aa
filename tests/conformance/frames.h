/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pages of a guest that dom0 may map as foreign memory, with their frame numbers. */
#ifndef XENLIBS_CONFORMANCE_FRAMES_H
#define XENLIBS_CONFORMANCE_FRAMES_H

#include <stdint.h>
#include <xenforeignmemory.h>

#include "peer.h"

enum { FRAMES = 4, PAGE_BYTES = 4096 };

struct frames {
    struct peer *guest;
    xenforeignmemory_handle *fmem;
    long region; /* the pages, as the guest's agent knows them */
    xen_pfn_t gfn[FRAMES];
};

/*
 * Lets the guest share pages with dom0, and reads their frame numbers in the guest's
 * grant table, which is itself mapped for that.
 */
struct frames frames_open(const char *variable);
void frames_close(struct frames *frames);

/* Maps the frames for reading and writing. */
uint8_t *frames_map(struct frames *frames);

/* Asserts that what is at @mapped are the guest's pages: by writing on both sides. */
void expect_frames_at(struct frames *frames, uint8_t *mapped);

#endif
