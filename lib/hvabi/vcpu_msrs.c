/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vcpu_msrs.h"

#include <errno.h>
#include <string.h>

/* xen_domctl_vcpu_msrs, which never changed. */
struct vcpu_msrs {
    uint32_t vcpu;
    uint32_t msr_count;
    _Alignas(8) uint64_t msrs;
};

/* msr_count is what there may be when no buffer is given, else what there is. */
static int make(struct hvabi *abi, unsigned cmd, uint16_t domid, struct vcpu_msrs *request)
{
    struct hvabi_payload payload = {{0}};

    memcpy(&payload, request, sizeof(*request));
    int result = xenhvabi_domctl(abi, cmd, &domid, &payload);
    memcpy(request, &payload, sizeof(*request));
    return result < 0 ? -1 : 0;
}

static int ask_most(struct hvabi *abi, uint16_t domid, uint32_t vcpu, uint32_t *most)
{
    struct vcpu_msrs request = {.vcpu = vcpu};

    if (make(abi, HVABI_DOMCTL_GET_VCPU_MSRS, domid, &request)) {
        return -1;
    }
    *most = request.msr_count;
    return 0;
}

static int get_into(struct hvabi *abi, uint16_t domid, struct vcpu_msrs *request,
                    struct hvabi_msr *buffer, struct hvabi_msr *msrs, unsigned max)
{
    request->msrs = (uintptr_t)buffer;
    if (make(abi, HVABI_DOMCTL_GET_VCPU_MSRS, domid, request)) {
        return -1;
    }
    if (request->msr_count > max) {
        errno = ENOBUFS;
        return -1;
    }
    memcpy(msrs, buffer, request->msr_count * sizeof(*msrs));
    return (int)request->msr_count;
}

int xenhvabi_get_vcpu_msrs(struct hvabi *abi, uint16_t domid, uint32_t vcpu,
                           struct hvabi_msr *msrs, unsigned max)
{
    struct vcpu_msrs request = {.vcpu = vcpu};

    if (ask_most(abi, domid, vcpu, &request.msr_count)) {
        return -1;
    }
    if (request.msr_count == 0) {
        return 0;
    }
    struct hvabi_msr *buffer =
        xencall_buffer_get(abi->xcall, request.msr_count * sizeof(*buffer));
    if (!buffer) {
        return -1;
    }
    int count = get_into(abi, domid, &request, buffer, msrs, max);
    xencall_buffer_put(abi->xcall, buffer);
    return count;
}

int xenhvabi_set_vcpu_msrs(struct hvabi *abi, uint16_t domid, uint32_t vcpu,
                           const struct hvabi_msr *msrs, unsigned count)
{
    struct vcpu_msrs request = {.vcpu = vcpu, .msr_count = count};
    uint32_t most;

    if (count == 0) {
        return 0;
    }
    if (ask_most(abi, domid, vcpu, &most)) {
        return -1;
    }
    if (count > most) {
        errno = ENOBUFS;
        return -1;
    }
    struct hvabi_msr *buffer = xencall_buffer_get(abi->xcall, count * sizeof(*buffer));
    if (!buffer) {
        return -1;
    }
    memcpy(buffer, msrs, count * sizeof(*buffer));
    request.msrs = (uintptr_t)buffer;
    int result = make(abi, HVABI_DOMCTL_SET_VCPU_MSRS, domid, &request);
    xencall_buffer_put(abi->xcall, buffer);
    return result;
}
