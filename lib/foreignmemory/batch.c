/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "batch.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "deadline.h"
#include "handle.h"
#include "uapi_privcmd.h"

enum { GFNS_ON_STACK = 128 };

/*
 * Maps a batch once. Returns 0 with a result for each page, -ENOENT for those
 * that are paged out; or -1 with errno.
 */
typedef int batch_once_fn(int fd, const struct batch *batch);

static int ioctl_once(int fd, unsigned long request, void *argument)
{
    int rc;

    do
        rc = ioctl(fd, request, argument);
    while (rc < 0 && errno == EINTR);
    /* ENOENT says no more than that some page is paged out. */
    return rc < 0 && errno != ENOENT ? -1 : 0;
}

static int map_once_v2(int fd, const struct batch *batch)
{
    struct uapi_privcmd_mmapbatch_v2 request = {
        .num = batch->pages,
        .dom = batch->domid,
        .addr = (uintptr_t)batch->addr,
        .arr = batch->gfns,
        .err = batch->errors,
    };

    return ioctl_once(fd, UAPI_PRIVCMD_MMAPBATCH_V2, &request);
}

/*
 * The first interface marks a failure in the top four of a frame number's low
 * 32 bits. Numbers that have those bits themselves cannot be told apart.
 */
static int decode_v1(xen_pfn_t before, xen_pfn_t after)
{
    if (after == before)
        return 0;
    return (after ^ before) == UAPI_PRIVCMD_MMAPBATCH_PAGED_ERROR ? -ENOENT : -EINVAL;
}

static int map_marking(int fd, const struct batch *batch, xen_pfn_t *gfns)
{
    struct uapi_privcmd_mmapbatch request = {
        .num = (int32_t)batch->pages,
        .dom = batch->domid,
        .addr = (uintptr_t)batch->addr,
        .arr = gfns,
    };

    memcpy(gfns, batch->gfns, batch->pages * sizeof(*gfns));
    if (ioctl_once(fd, UAPI_PRIVCMD_MMAPBATCH, &request))
        return -1;
    for (uint32_t i = 0; i < batch->pages; i++)
        batch->errors[i] = decode_v1(batch->gfns[i], gfns[i]);
    return 0;
}

/* The kernel writes into the frame numbers, which are the caller's and const. */
static int map_once_v1(int fd, const struct batch *batch)
{
    xen_pfn_t on_stack[GFNS_ON_STACK], *on_heap;
    int rc, saved;

    if (batch->pages <= GFNS_ON_STACK)
        return map_marking(fd, batch, on_stack);
    on_heap = reallocarray(NULL, batch->pages, sizeof(*on_heap));
    if (!on_heap)
        return -1;
    rc = map_marking(fd, batch, on_heap);
    saved = errno;
    free(on_heap);
    errno = saved;
    return rc;
}

static struct batch part_of(const struct batch *batch, uint32_t first, uint32_t pages)
{
    return (struct batch){
        .domid = batch->domid,
        .pages = pages,
        .addr = batch->addr + ((size_t)first << FOREIGN_PAGE_SHIFT),
        .gfns = batch->gfns + first,
        .errors = batch->errors + first,
    };
}

/* Finds the next pages in a row that are paged out, from *@first on: how many. */
static uint32_t next_paged_out(const struct batch *batch, uint32_t *first)
{
    uint32_t i = *first, end;

    while (i < batch->pages && batch->errors[i] != -ENOENT)
        i++;
    for (end = i; end < batch->pages && batch->errors[end] == -ENOENT; end++)
        continue;
    *first = i;
    return end - i;
}

/*
 * Asks once more for what is paged out, and only for that: the kernel refuses
 * to map a page twice.
 */
static int map_paged_out_once(int fd, const struct batch *batch, batch_once_fn *map_once)
{
    uint32_t first = 0, pages;

    for (; (pages = next_paged_out(batch, &first)); first += pages) {
        struct batch part = part_of(batch, first, pages);

        if (map_once(fd, &part))
            return -1;
    }
    return 0;
}

static void give_up_paged_out(const struct batch *batch)
{
    for (uint32_t i = 0; i < batch->pages; i++)
        if (batch->errors[i] == -ENOENT)
            batch->errors[i] = -ETIMEDOUT;
}

static bool any_paged_out(const struct batch *batch)
{
    uint32_t first = 0;

    return next_paged_out(batch, &first) > 0;
}

static int wait_for_paged_out(int fd, const struct batch *batch, batch_once_fn *map_once,
                              int timeout_ms)
{
    struct xenlibs_deadline deadline;

    /* Nearly always: and asking for the time is a system call in a PV domain. */
    if (!any_paged_out(batch))
        return 0;
    xenlibs_deadline_set(&deadline, timeout_ms);
    while (any_paged_out(batch)) {
        if (xenlibs_deadline_pause(&deadline)) {
            give_up_paged_out(batch);
            break;
        }
        if (map_paged_out_once(fd, batch, map_once))
            return -1;
    }
    return 0;
}

int xenforeignmemory_batch_map(int fd, const struct batch *batch, int timeout_ms)
{
    batch_once_fn *map_once = map_once_v2;
    int rc = map_once(fd, batch);

    /* Kernels differ in how they refuse a request that they do not know. */
    if (rc && (errno == EINVAL || errno == ENOTTY) && batch->pages <= INT32_MAX) {
        map_once = map_once_v1;
        rc = map_once(fd, batch);
    }
    return rc ? rc : wait_for_paged_out(fd, batch, map_once, timeout_ms);
}
