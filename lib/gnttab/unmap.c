/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"

#include <errno.h>
#include <sys/mman.h>

#include "uapi_gntdev.h"

/* For what the caller mapped by himself: the kernel knows what lies there. */
static int ask_kernel(xengnttab_handle *xgt, void *start, uint32_t count,
                      struct gnttab_mapping *mapping)
{
    struct uapi_gntdev_get_offset_for_vaddr request = {.vaddr = (uintptr_t)start};

    if (ioctl(xgt->fd, UAPI_GNTDEV_GET_OFFSET_FOR_VADDR, &request))
        return -1;
    *mapping = (struct gnttab_mapping){(uintptr_t)start, request.offset, request.count};
    if (request.count != count || !xengnttab_table_correct(&xgt->mappings, mapping)) {
        errno = EINVAL;
        return -1;
    }
    return 0;
}

/*
 * After a restrict_all the descriptor is /dev/null, which answers ENOTTY. The
 * driver has closed its file by then, and gives the slots back with the mapping.
 */
static int release_slots(const xengnttab_handle *xgt, const struct gnttab_mapping *mapping)
{
    int saved = errno;
    int rc = xengnttab_release_slots(xgt, mapping->index, mapping->count);

    if (rc && errno == ENOTTY) {
        errno = saved;
        return 0;
    }
    return rc;
}

int xengnttab_unmap(xengnttab_handle *xgt, void *start_address, uint32_t count)
{
    struct gnttab_mapping mapping;

    if (!start_address || !gnttab_count_is_possible(count)) {
        errno = EINVAL;
        return -1;
    }
    /* Out of the table first: another thread may get the address at once. */
    if (!xengnttab_table_take(&xgt->mappings, (uintptr_t)start_address, count, &mapping) &&
        ask_kernel(xgt, start_address, count, &mapping))
        return -1;
    if (munmap(start_address, gnttab_pages_size(count))) {
        xengnttab_table_put(&xgt->mappings, mapping);
        return -1;
    }
    return release_slots(xgt, &mapping);
}
