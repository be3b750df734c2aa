/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "flask.h"

#include <errno.h>
#include <string.h>

#include "call.h"

_Static_assert(sizeof(xen_flask_op_t) == 40, "as on every release");

int xc_flask_op(xc_interface *xch, xen_flask_op_t *op)
{
    op->interface_version = XEN_FLASK_INTERFACE_VERSION;
    return xenctrl_request(xch, __HYPERVISOR_xsm_op, op, sizeof(*op), "an XSM operation");
}

int xc_flask_load(xc_interface *xch, char *buffer, uint32_t size)
{
    xen_flask_op_t request;
    void *policy = xenctrl_buffer_copy(xch, buffer, size);

    ctrl_flask_begin(&request, FLASK_LOAD);
    request.u.load.size = size;
    if (!policy) {
        return -1;
    }
    set_xen_guest_handle_raw(request.u.load.buffer, policy);
    int result = xc_flask_op(xch, &request);
    xenctrl_buffer_done(xch, policy);
    return result;
}

/* The zero byte counts from Xen 4.23 on, and does no harm before; callers may leave it out. */
static char *text_buffer(xc_interface *xch, const char *text, uint32_t *size)
{
    uint32_t length = *size && !text[*size - 1] ? *size - 1 : *size;
    char *buffer = xenctrl_buffer(xch, (size_t)length + 1);

    if (buffer) {
        memcpy(buffer, text, length);
        buffer[length] = '\0';
        *size = length + 1;
    }
    return buffer;
}

int xenctrl_flask_context_to_sid(xc_interface *xch, const char *text, uint32_t size,
                                 uint32_t *sid)
{
    if (size == UINT32_MAX) {
        return xenctrl_refused(xch, EINVAL, "the text of a label of %u bytes", size);
    }
    xen_flask_op_t request;
    char *buffer = text_buffer(xch, text, &size);

    ctrl_flask_begin(&request, FLASK_CONTEXT_TO_SID);
    if (!buffer) {
        return -1;
    }
    request.u.sid_context.size = size;
    set_xen_guest_handle_raw(request.u.sid_context.context, buffer);
    int result = xc_flask_op(xch, &request);
    if (result >= 0) {
        *sid = request.u.sid_context.sid;
    }
    xenctrl_buffer_done(xch, buffer);
    return result;
}

int xenctrl_flask_sid_of(xc_interface *xch, const char *text, uint32_t *sid)
{
    size_t size = strlen(text);

    if (size >= UINT32_MAX) {
        return xenctrl_refused(xch, EINVAL, "the text of a label of %zu bytes", size);
    }
    return xenctrl_flask_context_to_sid(xch, text, (uint32_t)size, sid);
}

int xc_flask_sid_to_context(xc_interface *xch, int sid, char *buf, uint32_t size)
{
    xen_flask_op_t request;
    char *buffer = xenctrl_buffer_copy(xch, buf, size);

    ctrl_flask_begin(&request, FLASK_SID_TO_CONTEXT);
    request.u.sid_context.sid = (uint32_t)sid;
    request.u.sid_context.size = size;
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
    xen_flask_op_t request;

    ctrl_flask_begin(&request, FLASK_GETENFORCE);
    return xc_flask_op(xch, &request);
}

int xc_flask_setenforce(xc_interface *xch, int mode)
{
    xen_flask_op_t request;

    ctrl_flask_begin(&request, FLASK_SETENFORCE);
    request.u.enforce.enforcing = mode != 0;
    return xc_flask_op(xch, &request);
}

int xc_flask_policyvers(xc_interface *xch)
{
    xen_flask_op_t request;

    ctrl_flask_begin(&request, FLASK_POLICYVERS);
    return xc_flask_op(xch, &request);
}

int xc_flask_relabel_domain(xc_interface *xch, uint32_t domid, uint32_t sid)
{
    xen_flask_op_t request;

    ctrl_flask_begin(&request, FLASK_RELABEL_DOMAIN);
    request.u.relabel.domid = domid;
    request.u.relabel.sid = sid;
    return xenctrl_check_domid(xch, domid) ? -1 : xc_flask_op(xch, &request);
}
