/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mapping.h"

#include <errno.h>
#include <sys/mman.h>

void xencall_mapping_destroy(void *start, size_t nr_pages)
{
    int saved = errno;

    /* The lock and the advice belong to the mapping and go with it. */
    munmap(start, nr_pages * XEN_PAGE_SIZE);
    errno = saved;
}

static void *map(size_t size, int flags, int fd)
{
    void *start = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);

    return start == MAP_FAILED ? NULL : start;
}

/* A locked mapping may still lack pages: the kernel does not report that. */
static void touch_pages(volatile char *start, size_t nr_pages)
{
    for (size_t page = 0; page < nr_pages; page++)
        start[page * XEN_PAGE_SIZE] = 0;
}

/*
 * After a fork in another thread, the first write to a page copies it: Xen
 * would then read the page that the other process kept, or fault.
 */
static void *map_locked(size_t nr_pages)
{
    size_t size = nr_pages * XEN_PAGE_SIZE;
    void *start = map(size, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1);

    if (!start)
        return NULL;
    if (madvise(start, size, MADV_DONTFORK)) {
        xencall_mapping_destroy(start, nr_pages);
        return NULL;
    }
    touch_pages(start, nr_pages);
    return start;
}

void *xencall_mapping_create(int device_fd, size_t nr_pages)
{
    if (device_fd < 0)
        return map_locked(nr_pages);
    return map(nr_pages * XEN_PAGE_SIZE, MAP_SHARED, device_fd);
}
