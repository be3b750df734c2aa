/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is behind both kinds of handle, and what the objects of this library share. */
#ifndef XENLIBS_GNTTAB_HANDLE_H
#define XENLIBS_GNTTAB_HANDLE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "library_log.h"
#include "mapping_table.h"
#include "xengnttab.h"
#include "xentoolcore_internal.h"

/* Xen's page, whatever the size of the kernel's. */
#define GNTTAB_PAGE_SIZE 4096u

/* Pages in one request: far above any kernel's limit, far below an overflow. */
#if UINTPTR_MAX > 0xffffffffu
#define GNTTAB_MAX_COUNT (1u << 24)
#else
#define GNTTAB_MAX_COUNT (1u << 19)
#endif

struct xengntdev_handle {
    Xentoolcore__Active_Handle ah; /* first, so that the callback finds the rest */
    int fd;
    struct xenlibs_log log;
    /* What follows is of use to gnttab only. */
    atomic_int paging_timeout_ms;
    struct gnttab_mapping_table mappings;
};

static inline bool gnttab_count_is_possible(uint32_t count)
{
    return count > 0 && count <= GNTTAB_MAX_COUNT;
}

static inline bool gnttab_domid_is_possible(uint32_t domid)
{
    return domid <= UINT16_MAX;
}

/* The bytes of @count pages; @count is possible. */
static inline size_t gnttab_pages_size(uint32_t count)
{
    return (size_t)count * GNTTAB_PAGE_SIZE;
}

/* Gives the driver its slots back: the last step of unmapping. 0, or -1 with errno. */
int xengnttab_release_slots(const xengnttab_handle *xgt, uint64_t index, uint32_t count);

#endif
