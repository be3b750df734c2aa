/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cpu_info.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

/* xen_sysctl_getcpuinfo; what it fills are the idle times alone, 8 bytes each. */
struct request {
    uint32_t max_cpus;
    uint32_t pad1;
    _Alignas(8) uint64_t info;
    uint32_t nr_cpus;
    uint32_t pad2;
};
_Static_assert(sizeof(struct request) == 24, "as on every release");
/* Fills @idle_times, which Xen can reach; returns how many, or -1. */
static int fill(struct hvabi *abi, uint64_t *idle_times, unsigned max)
{
    struct request request = {.max_cpus = max, .info = (uintptr_t)idle_times};
    struct hvabi_payload payload = {{0}};

    memcpy(&payload, &request, sizeof(request));
    if (xenhvabi_sysctl(abi, HVABI_SYSCTL_GETCPUINFO, &payload) < 0) {
        return -1;
    }
    memcpy(&request, &payload, sizeof(request));
    return (int)(request.nr_cpus < max ? request.nr_cpus : max);
}

int xenhvabi_cpu_info_each(struct hvabi *abi, unsigned max, xenhvabi_take_cpu_fn *take,
                           void *user)
{
    if (max > INT_MAX) {
        errno = EINVAL;
        return -1;
    }
    uint64_t *idle_times = xencall_buffer_get(abi->xcall, max ? max * sizeof(*idle_times) : 1);
    if (!idle_times) {
        return -1;
    }
    int count = fill(abi, idle_times, max);
    for (int i = 0; i < count; i++) {
        take(idle_times[i], user);
    }
    xencall_buffer_put(abi->xcall, idle_times);
    return count;
}
