/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flask.h"

#include <errno.h>
#include <string.h>

#include "call.h"

int xc_flask_op(xc_interface *xch, xen_flask_op_t *op)
{
    op->interface_version = XEN_FLASK_INTERFACE_VERSION;
    return xenctrl_request(xch, __HYPERVISOR_xsm_op, op, sizeof(*op), "an XSM operation");
}

int xc_flask_load(xc_interface *xch, char *buffer, uint32_t size)
{
    xen_flask_op_t request = {.cmd = FLASK_LOAD, .u.load.size = size};
    void *policy = xenctrl_buffer_copy(xch, buffer, size);

    if (!policy) {
        return -1;
    }
    set_xen_guest_handle_raw(request.u.load.buffer, policy);
    int result = xc_flask_op(xch, &request);
    xenctrl_buffer_done(xch, policy);
    return result;
}

int xenctrl_flask_context_to_sid(xc_interface *xch, const char *text, uint32_t size,
                                 uint32_t *sid)
{
    xen_flask_op_t request = {.cmd = FLASK_CONTEXT_TO_SID, .u.sid_context.size = size};
    char *buffer = xenctrl_buffer_copy(xch, text, size);

    if (!buffer) {
        return -1;
    }
    set_xen_guest_handle_raw(request.u.sid_context.context, buffer);
    int result = xc_flask_op(xch, &request);
    if (result >= 0) {
        *sid = request.u.sid_context.sid;
    }
    xenctrl_buffer_done(xch, buffer);
    return result;
}

int xc_flask_sid_to_context(xc_interface *xch, int sid, char *buf, uint32_t size)
{
    xen_flask_op_t request = {.cmd = FLASK_SID_TO_CONTEXT,
                              .u.sid_context = {.sid = (uint32_t)sid, .size = size}};
    char *buffer = xenctrl_buffer_copy(xch, buf, size);

    if (!buffer) {
        return -1;
    }
    set_xen_guest_handle_raw(request.u.sid_context.context, buffer);
    int result = xc_flask_op(xch, &request);
    if (result >= 0) {
        memcpy(buf, buffer, size);
    }
    xenctrl_buffer_done(xch, buffer);
    return result;
}

int xc_flask_getenforce(xc_interface *xch)
{
    xen_flask_op_t request = {.cmd = FLASK_GETENFORCE};

    return xc_flask_op(xch, &request);
}

int xc_flask_setenforce(xc_interface *xch, int mode)
{
    xen_flask_op_t request = {.cmd = FLASK_SETENFORCE, .u.enforce.enforcing = mode != 0};

    return xc_flask_op(xch, &request);
}

int xc_flask_relabel_domain(xc_interface *xch, uint32_t domid, uint32_t sid)
{
    xen_flask_op_t request = {.cmd = FLASK_RELABEL_DOMAIN,
                              .u.relabel = {.domid = domid, .sid = sid}};

    return xc_flask_op(xch, &request);
}
