/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands behind a xenforeignmemory_handle. */
#ifndef XENLIBS_FOREIGNMEMORY_HANDLE_H
#define XENLIBS_FOREIGNMEMORY_HANDLE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "library_log.h"
#include "xenforeignmemory.h"
#include "xentoolcore_internal.h"

/* Xen's page, not the host's. */
#define FOREIGN_PAGE_SHIFT 12

/* The kernel counts pages in 32 bits; their bytes must fit a size_t as well. */
#define FOREIGN_MAX_PAGES \
    (UINT32_MAX < SIZE_MAX >> FOREIGN_PAGE_SHIFT ? UINT32_MAX : SIZE_MAX >> FOREIGN_PAGE_SHIFT)

struct xenforeignmemory_handle {
    Xentoolcore__Active_Handle ah;
    struct xenlibs_log log;
    int fd;                       /* privcmd, or -1 */
    bool is_callers;              /* fd is: neither closed nor registered here */
    atomic_int paging_timeout_ms;
    atomic_int unknown_errno;     /* the kernel's for an unknown ioctl; 0: not asked yet */
};

/*
 * After an ioctl that not every kernel knows has failed: makes errno EOPNOTSUPP
 * if the failure means just that, and leaves it alone otherwise.
 */
void xenforeignmemory_name_unknown_ioctl(xenforeignmemory_handle *fmem);

#endif
