/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "call.h"
#include "mempool.h"
#include "operation.h"
#include "shadow_op.h"
#include "xenctrl/memory.h"

int xenctrl_shadow_op(xc_interface *xch, uint32_t domid, struct ctrl_shadow_op *request)
{
    return xenctrl_domctl(xch, CTRL_DOMCTL_SHADOW_OP, domid, request, sizeof(*request));
}

int xenctrl_shadow_control(xc_interface *xch, uint32_t domid, unsigned int sop,
                           unsigned int *mb, unsigned int mode)
{
    struct ctrl_shadow_op request = {.op = sop, .mode = mode, .mb = mb ? *mb : 0};
    int result = xenctrl_shadow_op(xch, domid, &request);

    if (result >= 0 && mb) {
        *mb = request.mb;
    }
    return result;
}

static bool is_logdirty(unsigned int sop)
{
    return sop == XEN_DOMCTL_SHADOW_OP_OFF || sop == XEN_DOMCTL_SHADOW_OP_ENABLE_LOGDIRTY ||
           sop == XEN_DOMCTL_SHADOW_OP_CLEAN || sop == XEN_DOMCTL_SHADOW_OP_PEEK;
}

/* The bitmap is the caller's own hypercall buffer: Xen writes where it is read. */
long long xc_logdirty_control(xc_interface *xch, uint32_t domid, unsigned int sop,
                              xc_hypercall_buffer_t *dirty_bitmap, unsigned long pages,
                              unsigned int mode, xc_shadow_op_stats_t *stats)
{
    struct ctrl_shadow_op request = {.op = sop, .mode = mode, .pages = pages};

    if (!is_logdirty(sop)) {
        return xenctrl_refused(xch, EINVAL, "%u is no operation of dirty tracking", sop);
    }
    if (dirty_bitmap) {
        xc_hypercall_buffer_t *real = dirty_bitmap->param_shadow ? dirty_bitmap->param_shadow
                                                                 : dirty_bitmap;
        request.dirty_bitmap = ctrl_address(real->hbuf);
    }
    int result = xenctrl_shadow_op(xch, domid, &request);
    if (result < 0) {
        return -1;
    }
    if (stats) {
        *stats = (xc_shadow_op_stats_t){request.fault_count, request.dirty_count};
    }
    return result ? result : (long long)request.pages;
}

int xc_get_paging_mempool_size(xc_interface *xch, uint32_t domid, uint64_t *size)
{
    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    return xenctrl_domain_result(xch, xenhvabi_get_paging_mempool(&xch->abi, (uint16_t)domid, size),
                                 "getting the paging memory", domid);
}

int xc_set_paging_mempool_size(xc_interface *xch, uint32_t domid, uint64_t size)
{
    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    return xenctrl_domain_result(xch, xenhvabi_set_paging_mempool(&xch->abi, (uint16_t)domid, size),
                                 "setting the paging memory", domid);
}
