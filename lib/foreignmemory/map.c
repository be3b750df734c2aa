/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "batch.h"

enum { ERRORS_ON_STACK = 256 };

static void unmap_quietly(void *addr, size_t bytes)
{
    int saved = errno;

    munmap(addr, bytes);
    errno = saved;
}

/* The first page's error that is one, or 0. */
static int first_error(const int *errors, uint32_t pages)
{
    for (uint32_t i = 0; i < pages; i++)
        if (errors[i])
            return -errors[i];
    return 0;
}

/* Maps into batch->addr; the place itself is a hint until it is mapped. */
static void *map_batch(xenforeignmemory_handle *fmem, struct batch *batch, int prot, int flags)
{
    size_t bytes = (size_t)batch->pages << FOREIGN_PAGE_SHIFT;
    void *addr = mmap(batch->addr, bytes, prot, flags | MAP_SHARED, fmem->fd, 0);

    if (addr == MAP_FAILED)
        return NULL;
    batch->addr = addr;
    if (xenforeignmemory_batch_map(fmem->fd, batch, xenforeignmemory_get_paging_timeout(fmem))) {
        unmap_quietly(addr, bytes);
        return NULL;
    }
    return addr;
}

static void *map_all_or_nothing(xenforeignmemory_handle *fmem, struct batch *batch, int prot,
                                int flags)
{
    void *addr = map_batch(fmem, batch, prot, flags);
    int error = addr ? first_error(batch->errors, batch->pages) : 0;

    if (!error)
        return addr;
    errno = error;
    unmap_quietly(addr, (size_t)batch->pages << FOREIGN_PAGE_SHIFT);
    return NULL;
}

static void *map_with_own_errors(xenforeignmemory_handle *fmem, struct batch *batch, int prot,
                                 int flags)
{
    int on_stack[ERRORS_ON_STACK], saved;
    void *addr;

    if (batch->pages <= ERRORS_ON_STACK) {
        batch->errors = on_stack;
        return map_all_or_nothing(fmem, batch, prot, flags);
    }
    batch->errors = reallocarray(NULL, batch->pages, sizeof(int));
    if (!batch->errors)
        return NULL;
    addr = map_all_or_nothing(fmem, batch, prot, flags);
    saved = errno;
    free(batch->errors);
    errno = saved;
    return addr;
}

/* What would not survive the narrower types of the kernel's request. */
static int check_request(uint32_t dom, size_t pages)
{
    if (dom > UINT16_MAX || pages == 0)
        errno = EINVAL;
    else if (pages > FOREIGN_MAX_PAGES)
        errno = ENOMEM;
    else
        return 0;
    return -1;
}

void *xenforeignmemory_map2(xenforeignmemory_handle *fmem, uint32_t dom, void *addr, int prot,
                            int flags, size_t pages, const xen_pfn_t arr[], int err[])
{
    struct batch batch;

    if (check_request(dom, pages))
        return NULL;
    batch = (struct batch){
        .domid = (uint16_t)dom,
        .pages = (uint32_t)pages,
        .addr = addr,
        .gfns = arr,
        .errors = err,
    };
    if (err)
        return map_batch(fmem, &batch, prot, flags);
    return map_with_own_errors(fmem, &batch, prot, flags);
}

void *xenforeignmemory_map(xenforeignmemory_handle *fmem, uint32_t dom, int prot, size_t pages,
                           const xen_pfn_t arr[], int err[])
{
    return xenforeignmemory_map2(fmem, dom, NULL, prot, 0, pages, arr, err);
}

int xenforeignmemory_unmap(xenforeignmemory_handle *fmem, void *addr, size_t pages)
{
    (void)fmem;
    if (pages > FOREIGN_MAX_PAGES) {
        errno = EINVAL;
        return -1;
    }
    return munmap(addr, pages << FOREIGN_PAGE_SHIFT);
}
