/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xenctrl/hvm.h"

#include <errno.h>
#include <string.h>
#include <xen/hvm/hvm_op.h>

#include "call.h"
#include "hvm_param.h"
#include "operation.h"

/* ---- parameters ---- */

int xc_hvm_param_set(xc_interface *handle, uint32_t dom, uint32_t param, uint64_t value)
{
    if (xenctrl_check_domid(handle, dom)) {
        return -1;
    }
    int result = xenhvabi_set_hvm_param(&handle->abi, (uint16_t)dom, param, value);
    return result < 0 ? xenctrl_failed(handle, "setting parameter %u of domain %u", param, dom)
                      : result;
}

int xc_hvm_param_get(xc_interface *handle, uint32_t dom, uint32_t param, uint64_t *value)
{
    struct xen_hvm_param request;

    CTRL_ZERO(request);
    request.domid = (domid_t)dom;
    request.index = param;

    if (xenctrl_check_domid(handle, dom)) {
        return -1;
    }
    int result = (int)xenctrl_hypercall(handle, __HYPERVISOR_hvm_op, HVMOP_get_param,
                                        CTRL_PAYLOAD(request), "an HVM parameter");
    if (result >= 0) {
        *value = request.value;
    }
    return result;
}

int xc_set_hvm_param(xc_interface *handle, uint32_t dom, int param, unsigned long value)
{
    return xc_hvm_param_set(handle, dom, (uint32_t)param, value);
}

int xc_get_hvm_param(xc_interface *handle, uint32_t dom, int param, unsigned long *value)
{
    uint64_t wide;
    int result = xc_hvm_param_get(handle, dom, (uint32_t)param, &wide);

    if (result < 0) {
        return -1;
    }
    if ((unsigned long)wide != wide) {
        return xenctrl_refused(handle, ERANGE, "parameter %d of domain %u", param, dom);
    }
    *value = (unsigned long)wide;
    return result;
}

/* ---- context ---- */

struct hvmcontext {
    uint32_t size;
    uint32_t pad;
    ctrl_u64 buffer;
};

int xc_domain_hvm_getcontext(xc_interface *xch, uint32_t domid, uint8_t *ctxt_buf,
                             uint32_t size)
{
    struct hvmcontext request = {.size = ctxt_buf ? size : 0};
    void *buffer = NULL;

    if (ctxt_buf) {
        buffer = xenctrl_buffer(xch, size);
        if (!buffer) {
            return -1;
        }
        request.buffer = ctrl_address(buffer);
    }
    int result = xenctrl_domctl(xch, CTRL_DOMCTL_GETHVMCONTEXT, domid, CTRL_PAYLOAD(request));
    if (result >= 0 && ctxt_buf) {
        memcpy(ctxt_buf, buffer, request.size < size ? request.size : size);
    }
    xenctrl_buffer_done(xch, buffer);
    return result < 0 ? -1 : (int)request.size;
}

int xc_domain_hvm_setcontext(xc_interface *xch, uint32_t domid, uint8_t *hvm_ctxt,
                             uint32_t size)
{
    struct hvmcontext request = {.size = size};

    if (!hvm_ctxt) {
        return xenctrl_refused(xch, EINVAL, "no context for domain %u", domid);
    }
    void *buffer = xenctrl_buffer_copy(xch, hvm_ctxt, size);
    if (!buffer) {
        return -1;
    }
    request.buffer = ctrl_address(buffer);
    int result = xenctrl_domctl(xch, CTRL_DOMCTL_SETHVMCONTEXT, domid, CTRL_PAYLOAD(request));
    xenctrl_buffer_done(xch, buffer);
    return result;
}

int xc_domain_hvm_getcontext_partial(xc_interface *xch, uint32_t domid, uint16_t typecode,
                                     uint16_t instance, void *ctxt_buf, uint32_t size)
{
    struct {
        uint32_t type;
        uint32_t instance;
        ctrl_u64 bufsz;
        ctrl_u64 buffer;
    } request = {.type = typecode, .instance = instance, .bufsz = size};

    if (!ctxt_buf) {
        return xenctrl_refused(xch, EINVAL, "a record without room for it");
    }
    void *buffer = xenctrl_buffer(xch, size);
    if (!buffer) {
        return -1;
    }
    request.buffer = ctrl_address(buffer);
    int result = xenctrl_domctl(xch, CTRL_DOMCTL_GETHVMCONTEXT_PARTIAL, domid,
                                CTRL_PAYLOAD(request));
    if (result >= 0) {
        memcpy(ctxt_buf, buffer, request.bufsz < size ? (size_t)request.bufsz : size);
    }
    xenctrl_buffer_done(xch, buffer);
    return result < 0 ? -1 : 0;
}
