/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define __XEN_TOOLS__ 1 /* domctl */
#include "dirty_log.h"

#include <string.h>

#include <xen/domctl.h>
#include <xencall.h>

struct log_request {
    struct xen_domctl domctl;
    unsigned char bitmap[DIRTY_LOG_BYTES];
};

static int ask(domid_t domid, uint32_t op, void *bitmap)
{
    xencall_handle *xcall = xencall_open(NULL, 0);
    struct log_request *request = xencall_alloc_buffer(xcall, sizeof(*request));
    int rc = -1;

    if (request) {
        memset(request, 0, sizeof(*request));
        request->domctl.cmd = XEN_DOMCTL_shadow_op;
        request->domctl.interface_version = XEN_DOMCTL_INTERFACE_VERSION;
        request->domctl.domain = domid;
        request->domctl.u.shadow_op.op = op;
        request->domctl.u.shadow_op.pages = bitmap ? DIRTY_LOG_PAGES : 0;
        set_xen_guest_handle(request->domctl.u.shadow_op.dirty_bitmap,
                             bitmap ? request->bitmap : NULL);
        rc = xencall1(xcall, __HYPERVISOR_domctl, (uintptr_t)&request->domctl) < 0 ? -1 : 0;
        if (!rc && bitmap)
            memcpy(bitmap, request->bitmap, DIRTY_LOG_BYTES);
    }
    xencall_free_buffer(xcall, request);
    xencall_close(xcall);
    return rc;
}

int dirty_log_start(domid_t domid)
{
    return ask(domid, XEN_DOMCTL_SHADOW_OP_ENABLE_LOGDIRTY, NULL);
}

int dirty_log_stop(domid_t domid)
{
    return ask(domid, XEN_DOMCTL_SHADOW_OP_OFF, NULL);
}

int dirty_log_fetch(domid_t domid, void *bitmap)
{
    return ask(domid, XEN_DOMCTL_SHADOW_OP_CLEAN, bitmap);
}
