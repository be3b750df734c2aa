/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"

#include <errno.h>
#include <stdbool.h>

static bool is_range(uint64_t first_gfn, uint32_t nr)
{
    return nr && first_gfn + nr > first_gfn;
}

static bool are_ranges(uint64_t one_gfn, uint64_t other_gfn, uint32_t nr)
{
    if (is_range(one_gfn, nr) && is_range(other_gfn, nr))
        return true;
    errno = EINVAL;
    return false;
}

static int pin(xendevicemodel_handle *dmod, domid_t domid, uint64_t gfn, uint32_t nr,
               uint32_t type)
{
    return xendevicemodel_pin_memory_cacheattr(dmod, domid, gfn, gfn + nr - 1, type);
}

int xendevicemodel_place_video_memory(xendevicemodel_handle *dmod, domid_t domid,
                                      uint64_t from_gfn, uint64_t to_gfn, uint32_t nr)
{
    int saved;

    if (!are_ranges(from_gfn, to_gfn, nr))
        return -1;
    if (xendevicemodel_relocate_memory(dmod, domid, nr, from_gfn, to_gfn))
        return -1;
    if (!pin(dmod, domid, to_gfn, nr, XEN_DMOP_MEM_CACHEATTR_WB))
        return 0;
    saved = errno;
    xendevicemodel_relocate_memory(dmod, domid, nr, to_gfn, from_gfn);
    errno = saved;
    return -1;
}

/* Memory that was not pinned, such as after a migration, needs no unpinning. */
static int unpin(xendevicemodel_handle *dmod, domid_t domid, uint64_t gfn, uint32_t nr)
{
    int saved = errno;

    if (!pin(dmod, domid, gfn, nr, XEN_DMOP_DELETE_MEM_CACHEATTR))
        return 0;
    if (errno != ENOENT)
        return -1;
    errno = saved;
    return 0;
}

int xendevicemodel_remove_video_memory(xendevicemodel_handle *dmod, domid_t domid,
                                       uint64_t from_gfn, uint64_t to_gfn, uint32_t nr)
{
    int saved;

    if (!are_ranges(from_gfn, to_gfn, nr) || unpin(dmod, domid, from_gfn, nr))
        return -1;
    if (!xendevicemodel_relocate_memory(dmod, domid, nr, from_gfn, to_gfn))
        return 0;
    saved = errno;
    pin(dmod, domid, from_gfn, nr, XEN_DMOP_MEM_CACHEATTR_WB);
    errno = saved;
    return -1;
}
