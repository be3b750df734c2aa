/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel's side of privcmd, as far as mapping frames goes, over fakexen. */
#ifndef XENLIBS_TESTS_FAKE_PRIVCMD_H
#define XENLIBS_TESTS_FAKE_PRIVCMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fakexen.h"
#include "uapi_privcmd.h"
#include "xenforeignmemory.h"

enum { FAKE_DOMID = 5, FAKE_FRAMES = 4096 };

/* What the kernel thinks of a frame; all zero is a frame that just works. */
struct fake_frame {
    int error;      /* the errno that mapping it gives */
    int tries_left; /* paged out for so many tries more; -1: for ever */
    bool mapped;    /* a second mapping gives EINVAL for the whole request */
    unsigned asked; /* how often it was tried */
};
extern struct fake_frame fake_frames[FAKE_FRAMES]; /* by gfn */

/* The batch request made last, by either call. */
struct fake_batch_request {
    uint32_t num;
    uint16_t dom;
    uint64_t addr;
};
extern struct fake_batch_request fake_last_batch;

/* Makes the device, with a kernel that knows the second batch call only. */
void fake_privcmd_start(void);
/* A kernel of before Linux 3.8: the second batch call gives @unknown_errno. */
void fake_privcmd_start_old(int unknown_errno);

/* Starts it and opens a handle that must open. */
xenforeignmemory_handle *fake_privcmd_open(void);

/* Fills @gfns with @first, @first + 1, … */
void fake_gfns(xen_pfn_t *gfns, size_t count, xen_pfn_t first);

/* The line of /proc/self/maps for @addr says this protection ("r--s"). */
bool is_mapped_as(const void *addr, const char *permissions);
/* Nothing at all is mapped at @addr. */
bool is_hole(const void *addr);

/* An ioctl handler that fails with the errno that @user points to. */
int fail_with(int fd, void *argument, void *user);

#endif
