/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"
#include "mapping.h"

#include <errno.h>
#include <string.h>

/* Stands before a buffer whose size only we know; its size keeps the alignment. */
struct header {
    _Alignas(16) size_t nr_pages;
};
_Static_assert(sizeof(struct header) == 16, "buffers are page + 16, as upstream's");

static void *map_fresh(xencall_handle *xcall, size_t nr_pages)
{
    size_t mapped_pages = xencall_pool_round_up(nr_pages);
    int saved = errno;
    void *buffer = xencall_mapping_create(xcall->buffer_fd, mapped_pages);

    if (!buffer && xencall_pool_empty(&xcall->pool)) {
        buffer = xencall_mapping_create(xcall->buffer_fd, mapped_pages);
        if (buffer)
            errno = saved;
    }
    if (!buffer)
        xencall_pool_forget_allocation(&xcall->pool);
    return buffer;
}

void *xencall_buffer_take(xencall_handle *xcall, size_t nr_pages, bool *used)
{
    void *buffer;

    if (!nr_pages || nr_pages > MAPPING_MAX_PAGES) {
        errno = nr_pages ? ENOMEM : EINVAL;
        return NULL;
    }
    buffer = xencall_pool_take(&xcall->pool, nr_pages);
    *used = buffer != NULL;
    return buffer ? buffer : map_fresh(xcall, nr_pages);
}

void xencall_buffer_give(xencall_handle *xcall, void *buffer, size_t nr_pages)
{
    if (!xencall_pool_give(&xcall->pool, buffer, nr_pages))
        xencall_mapping_destroy(buffer, xencall_pool_round_up(nr_pages));
}

/* A buffer of which the first @size bytes are zero. */
static void *take_zeroed(xencall_handle *xcall, size_t nr_pages, size_t size)
{
    bool used;
    void *buffer = xencall_buffer_take(xcall, nr_pages, &used);

    if (buffer && used)
        memset(buffer, 0, size);
    return buffer;
}

void *xencall_alloc_buffer_pages(xencall_handle *xcall, size_t nr_pages)
{
    return take_zeroed(xcall, nr_pages, nr_pages * XEN_PAGE_SIZE);
}

void xencall_free_buffer_pages(xencall_handle *xcall, void *p, size_t nr_pages)
{
    if (p && nr_pages)
        xencall_buffer_give(xcall, p, nr_pages);
}

void *xencall_alloc_buffer(xencall_handle *xcall, size_t size)
{
    struct header *header;
    size_t total, nr_pages;

    if (__builtin_add_overflow(size, sizeof(*header), &total)) {
        errno = ENOMEM;
        return NULL;
    }
    nr_pages = total / XEN_PAGE_SIZE + (total % XEN_PAGE_SIZE != 0);
    header = take_zeroed(xcall, nr_pages, total);
    if (!header)
        return NULL;
    header->nr_pages = nr_pages;
    return header + 1;
}

void xencall_free_buffer(xencall_handle *xcall, void *p)
{
    struct header *header = p;

    if (header)
        xencall_buffer_give(xcall, header - 1, header[-1].nr_pages);
}

int xencall_buffers_never_fault(xencall_handle *xcall)
{
    return xcall->buffer_fd >= 0;
}
