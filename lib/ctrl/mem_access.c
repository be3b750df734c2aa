/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xenctrl/mem_access.h"

#include <errno.h>

#include "call.h"
#include "xenctrl/memory.h"

static int access_op(xc_interface *xch, uint32_t domid, struct xen_mem_access_op *request)
{
    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    request->domid = (domid_t)domid;
    return (int)xc_memory_op(xch, XENMEM_access_op, request, sizeof(*request));
}

int xc_set_mem_access(xc_interface *xch, uint32_t domain_id, xenmem_access_t access,
                      uint64_t first_pfn, uint32_t nr)
{
    struct xen_mem_access_op request;

    CTRL_ZERO(request);
    request.op = XENMEM_access_op_set_access;
    request.access = (uint8_t)access;
    request.nr = nr;
    request.pfn = first_pfn;
    if ((unsigned int)access > UINT8_MAX) {
        return xenctrl_refused(xch, EINVAL, "an access of kind %u", (unsigned int)access);
    }
    return access_op(xch, domain_id, &request);
}

int xc_set_mem_access_multi(xc_interface *xch, uint32_t domain_id, uint8_t *access,
                            uint64_t *pages, uint32_t nr)
{
    struct xen_mem_access_op request;
    size_t pages_size = (size_t)nr * sizeof(*pages);

    if (nr && (!access || !pages)) {
        return xenctrl_refused(xch, EINVAL, "accesses to %u pages that are not named", nr);
    }
    /* Both lists in one buffer: the one that must be aligned first. */
    uint8_t *lists = xenctrl_buffer_array(xch, nr, sizeof(*pages) + sizeof(*access));
    if (!lists) {
        return -1;
    }
    if (nr) {
        memcpy(lists, pages, pages_size);
        memcpy(lists + pages_size, access, nr);
    }
    CTRL_ZERO(request);
    request.op = XENMEM_access_op_set_access_multi;
    request.access = XENMEM_access_default;
    request.nr = nr;
    request.pfn = UINT64_MAX;
    set_xen_guest_handle_raw(request.pfn_list, (const uint64_t *)(const void *)lists);
    set_xen_guest_handle_raw(request.access_list, (const uint8_t *)lists + pages_size);
    int result = access_op(xch, domain_id, &request);
    xenctrl_buffer_done(xch, lists);
    return result;
}

int xc_get_mem_access(xc_interface *xch, uint32_t domain_id, uint64_t pfn,
                      xenmem_access_t *access)
{
    struct xen_mem_access_op request;

    CTRL_ZERO(request);
    request.op = XENMEM_access_op_get_access;
    request.pfn = pfn;
    int result = access_op(xch, domain_id, &request);
    if (result == 0) {
        *access = (xenmem_access_t)request.access;
    }
    return result;
}
