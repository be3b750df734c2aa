/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ranges that a caller names: refused here, before anything is sent. */
#ifndef XENLIBS_DEVICEMODEL_RANGE_H
#define XENLIBS_DEVICEMODEL_RANGE_H

#include <errno.h>
#include <stdint.h>

#define DEVICEMODEL_NR_PORTS 0x10000u

/* 0; or -1 with EINVAL: no ports, or some beyond the last. */
static inline int xendevicemodel_check_ports(uint32_t first, uint32_t count)
{
    if (count && first < DEVICEMODEL_NR_PORTS && count <= DEVICEMODEL_NR_PORTS - first)
        return 0;
    errno = EINVAL;
    return -1;
}

/* 0; or -1 with EINVAL: no frames, or they wrap around. */
static inline int xendevicemodel_check_frames(uint64_t first, uint64_t count)
{
    if (count && first <= UINT64_MAX - (count - 1))
        return 0;
    errno = EINVAL;
    return -1;
}

#endif
