/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xenctrl/event.h"

#include <errno.h>
#include <string.h>

#include "call.h"

/* ---- event channels ---- */

static int event_channel_op(xc_interface *xch, unsigned cmd, void *argument, size_t size,
                            const char *name)
{
    return (int)xenctrl_hypercall(xch, __HYPERVISOR_event_channel_op, cmd, argument, size, name);
}

xc_evtchn_port_or_error_t xc_evtchn_alloc_unbound(xc_interface *xch, uint32_t dom,
                                                  uint32_t remote_dom)
{
    struct evtchn_alloc_unbound request;

    CTRL_ZERO(request);
    request.dom = (domid_t)dom;
    request.remote_dom = (domid_t)remote_dom;

    if (xenctrl_check_domid(xch, dom) || xenctrl_check_domid(xch, remote_dom)) {
        return -1;
    }
    int result = event_channel_op(xch, EVTCHNOP_alloc_unbound, CTRL_PAYLOAD(request),
                                  "allocating an event channel");
    return result < 0 ? -1 : (int)request.port;
}

int xc_evtchn_reset(xc_interface *xch, uint32_t dom)
{
    struct evtchn_reset request;

    CTRL_ZERO(request);
    request.dom = (domid_t)dom;

    if (xenctrl_check_domid(xch, dom)) {
        return -1;
    }
    return event_channel_op(xch, EVTCHNOP_reset, CTRL_PAYLOAD(request),
                            "resetting event channels");
}

int xc_evtchn_status(xc_interface *xch, xc_evtchn_status_t *status)
{
    return event_channel_op(xch, EVTCHNOP_status, status, sizeof(*status),
                            "an event channel's status");
}

/* ---- grant tables ---- */

int xc_gnttab_op(xc_interface *xch, int cmd, void *op, int op_size, int count)
{
    if (op_size < 0 || count < 0 || (!op && op_size && count)) {
        return xenctrl_refused(xch, EINVAL, "%d structs of %d bytes", count, op_size);
    }
    void *buffer = xenctrl_buffer_array(xch, (size_t)count, (size_t)op_size);
    if (!buffer) {
        return -1;
    }
    size_t size = (size_t)count * (size_t)op_size;
    if (size) {
        memcpy(buffer, op, size);
    }
    int result = xencall3(xch->xcall, __HYPERVISOR_grant_table_op, (unsigned)cmd,
                          ctrl_address(buffer), (unsigned)count);
    if (size) {
        memcpy(op, buffer, size);
    }
    xenctrl_buffer_done(xch, buffer);
    return xenctrl_result(xch, result, "grant_table_op");
}

int xc_gnttab_query_size(xc_interface *xch, struct gnttab_query_size *query)
{
    return xc_gnttab_op(xch, GNTTABOP_query_size, query, sizeof(*query), 1);
}

int xc_gnttab_get_version(xc_interface *xch, uint32_t domid)
{
    struct gnttab_get_version query;

    CTRL_ZERO(query);
    query.dom = (domid_t)domid;

    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    int result = xc_gnttab_op(xch, GNTTABOP_get_version, &query, sizeof(query), 1);
    return result < 0 ? -1 : (int)query.version;
}
