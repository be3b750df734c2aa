/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "dm_op.h"

#include <errno.h>

enum {
    /* What Xen tracks at most, 1 GiB: no memory is set aside for more. */
    MAX_TRACKED_PAGES = 1 << 18,
    EXTENTS_PER_REQUEST = DM_OP_BUFFER_BYTES / sizeof(struct xen_dm_op_modified_memory_extent)
};

/*
 * Never split: Xen tracks one range of a domain at a time, and another range
 * starts anew with all pages dirty. So parts of a range, asked for in turn,
 * would be all dirty for ever. Xen reads one buffer for the bitmap, not several.
 * Above 32768 pages, which is what the kernel's ioctl carries, a hypercall has
 * to carry it whole.
 */
int xendevicemodel_track_dirty_vram(xendevicemodel_handle *dmod, domid_t domid,
                                    uint64_t first_pfn, uint32_t nr,
                                    unsigned long *dirty_bitmap)
{
    struct xen_dm_op op = {.op = XEN_DMOP_track_dirty_vram};
    unsigned long unused = 0;

    if (nr > MAX_TRACKED_PAGES) {
        errno = EINVAL;
        return -1;
    }
    op.u.track_dirty_vram.first_pfn = first_pfn;
    op.u.track_dirty_vram.nr = nr;
    /* Xen wants no bitmap here, but Linux takes no empty buffer to it. */
    if (!nr)
        return xendevicemodel_dm_op_with(dmod, domid, &op, &unused, 1);
    return xendevicemodel_dm_op_with(dmod, domid, &op, dirty_bitmap, (nr + 7) / 8);
}

/*
 * Xen works from the last extent to the first, and a long array is cut up in the
 * same direction, so that what is left to do is always the front of the array.
 * Xen says how much of a request is left if a signal or another domain made it
 * pause on the way; otherwise it leaves the number as it was.
 */
int xendevicemodel_modified_memory_progress(
    xendevicemodel_handle *dmod, domid_t domid,
    const struct xen_dm_op_modified_memory_extent extents[], uint32_t nr, uint32_t *left)
{
    *left = nr;
    if (nr && !extents) {
        errno = EFAULT;
        return -1;
    }
    while (*left) {
        uint32_t count = *left > EXTENTS_PER_REQUEST ? EXTENTS_PER_REQUEST : *left;
        uint32_t before = *left - count;
        struct xen_dm_op op = {.op = XEN_DMOP_modified_memory};

        op.u.modified_memory.nr_extents = count;
        if (xendevicemodel_dm_op_with(dmod, domid, &op, (void *)(extents + before),
                                      count * sizeof(*extents))) {
            if (op.u.modified_memory.nr_extents < count)
                *left = before + op.u.modified_memory.nr_extents;
            return -1;
        }
        *left = before;
    }
    return 0;
}

int xendevicemodel_modified_memory_bulk(xendevicemodel_handle *dmod, domid_t domid,
                                        struct xen_dm_op_modified_memory_extent extents[],
                                        uint32_t nr)
{
    uint32_t left;

    return xendevicemodel_modified_memory_progress(dmod, domid, extents, nr, &left);
}

int xendevicemodel_modified_memory(xendevicemodel_handle *dmod, domid_t domid,
                                   uint64_t first_pfn, uint32_t nr)
{
    struct xen_dm_op_modified_memory_extent extent = {.first_pfn = first_pfn, .nr = nr};

    return xendevicemodel_modified_memory_bulk(dmod, domid, &extent, 1);
}

int xendevicemodel_mark_memory_region_dirty(xendevicemodel_handle *dmod, domid_t domid,
                                            uint64_t first_gfn, uint32_t nr)
{
    return xendevicemodel_modified_memory(dmod, domid, first_gfn, nr);
}
