/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mempool.h"

#include <errno.h>
#include <string.h>

#include "quirks.h"

#define SHADOW_OP_GET_ALLOCATION 30u
#define SHADOW_OP_SET_ALLOCATION 31u
#define MIB_SHIFT 20
#define PAGE 4096u

/* The start of xen_domctl_shadow_op, which never changed. */
struct shadow_op {
    uint32_t op;
    uint32_t mode;
    uint32_t mb;
};

static int shadow_op(struct hvabi *abi, uint16_t domid, struct shadow_op *request)
{
    struct hvabi_payload payload = {{0}};

    memcpy(&payload, request, sizeof(*request));
    int result = xenhvabi_domctl(abi, HVABI_DOMCTL_SHADOW_OP, &domid, &payload);
    memcpy(request, &payload, sizeof(*request));
    return result < 0 ? -1 : 0;
}

static int set_in_mib(struct hvabi *abi, uint16_t domid, uint64_t bytes)
{
    uint64_t mib = (bytes >> MIB_SHIFT) + (bytes % (1u << MIB_SHIFT) ? 1 : 0);
    struct shadow_op request = {.op = SHADOW_OP_SET_ALLOCATION, .mb = (uint32_t)mib};

    if (mib > UINT32_MAX) {
        errno = ERANGE;
        return -1;
    }
    return shadow_op(abi, domid, &request);
}

static int get_in_mib(struct hvabi *abi, uint16_t domid, uint64_t *bytes)
{
    struct shadow_op request = {.op = SHADOW_OP_GET_ALLOCATION};

    if (shadow_op(abi, domid, &request)) {
        return -1;
    }
    *bytes = (uint64_t)request.mb << MIB_SHIFT;
    return 0;
}

int xenhvabi_set_paging_mempool(struct hvabi *abi, uint16_t domid, uint64_t bytes)
{
    int by_shadow = xenhvabi_quirk(abi, HVABI_QUIRK_MEMPOOL_BY_SHADOW);
    struct hvabi_payload payload = {{0}};

    if (by_shadow < 0) {
        return -1;
    }
    if (bytes % PAGE) {
        errno = EINVAL;
        return -1;
    }
    if (by_shadow) {
        return set_in_mib(abi, domid, bytes);
    }
    memcpy(&payload, &bytes, sizeof(bytes));
    return xenhvabi_domctl(abi, HVABI_DOMCTL_SET_PAGING_MEMPOOL_SIZE, &domid, &payload) < 0 ? -1
                                                                                           : 0;
}

int xenhvabi_get_paging_mempool(struct hvabi *abi, uint16_t domid, uint64_t *bytes)
{
    int by_shadow = xenhvabi_quirk(abi, HVABI_QUIRK_MEMPOOL_BY_SHADOW);
    struct hvabi_payload payload = {{0}};

    if (by_shadow) {
        return by_shadow < 0 ? -1 : get_in_mib(abi, domid, bytes);
    }
    if (xenhvabi_domctl(abi, HVABI_DOMCTL_GET_PAGING_MEMPOOL_SIZE, &domid, &payload) < 0) {
        return -1;
    }
    memcpy(bytes, &payload, sizeof(*bytes));
    return 0;
}
