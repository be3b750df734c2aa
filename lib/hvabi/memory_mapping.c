/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "memory_mapping.h"

#include <errno.h>

static int map_some(struct hvabi *abi, uint16_t domid, const struct hvabi_frames *frames, bool add)
{
    struct {
        uint64_t first_gfn;
        uint64_t first_mfn;
        uint64_t nr_mfns;
        uint32_t add_mapping;
        uint32_t padding;
    } request = {frames->gfn, frames->mfn, frames->count, add, 0};

    return xenhvabi_order(abi, HVABI_DOMCTL_MEMORY_MAPPING, domid, &request, sizeof(request));
}

static void skip(struct hvabi_frames *frames, uint64_t count)
{
    frames->gfn += count;
    frames->mfn += count;
    frames->count -= count;
}

/*
 * Goes on until all of @left is done, or the first failure of mapping. Xen may say E2BIG,
 * then it is tried with less; or how many it did, then it goes on. Returns 0 or an errno.
 */
static int change(struct hvabi *abi, uint16_t domid, struct hvabi_frames *left, bool add)
{
    uint64_t piece = left->count;
    int failure = 0;

    while (left->count) {
        struct hvabi_frames some = {left->gfn, left->mfn,
                                    piece < left->count ? piece : left->count};
        int result = map_some(abi, domid, &some, add);

        if (result < 0 && errno == E2BIG && some.count > 1) {
            piece = some.count / 2;
            continue;
        }
        if (result < 0 && add) {
            return errno;
        }
        failure = result < 0 && !failure ? errno : failure;
        skip(left, result > 0 && (uint64_t)result < some.count ? (uint64_t)result : some.count);
    }
    return failure;
}

static int fail_with(int reason)
{
    errno = reason;
    return -1;
}

int xenhvabi_map_memory(struct hvabi *abi, uint16_t domid, const struct hvabi_frames *frames)
{
    struct hvabi_frames left = *frames;
    int saved = errno;
    int failure = change(abi, domid, &left, true);

    if (failure) {
        struct hvabi_frames done = {frames->gfn, frames->mfn, frames->count - left.count};

        change(abi, domid, &done, false);
        return fail_with(failure);
    }
    errno = saved;
    return 0;
}

int xenhvabi_unmap_memory(struct hvabi *abi, uint16_t domid, const struct hvabi_frames *frames)
{
    struct hvabi_frames left = *frames;
    int saved = errno;
    int failure = change(abi, domid, &left, false);

    if (failure) {
        return fail_with(failure);
    }
    errno = saved;
    return 0;
}
