/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ports: making them, connecting them, closing them. */
#include "handle.h"

#include <errno.h>

/* The kernel cuts a domid to 16 bits, and would bind to another domain. */
static int check_domid(uint32_t domid)
{
    if (domid <= UINT16_MAX)
        return 0;
    errno = EINVAL;
    return -1;
}

xenevtchn_port_or_error_t xenevtchn_bind_unbound_port(xenevtchn_handle *xce, uint32_t domid)
{
    struct uapi_evtchn_bind_unbound_port bind = {.remote_domain = domid};

    if (check_domid(domid))
        return -1;
    return xenevtchn_handle_ioctl(xce, UAPI_EVTCHN_BIND_UNBOUND_PORT, &bind);
}

xenevtchn_port_or_error_t xenevtchn_bind_interdomain(xenevtchn_handle *xce, uint32_t domid,
                                                     evtchn_port_t remote_port)
{
    struct uapi_evtchn_bind_interdomain bind = {.remote_domain = domid,
                                                .remote_port = remote_port};

    if (check_domid(domid))
        return -1;
    return xenevtchn_handle_ioctl(xce, UAPI_EVTCHN_BIND_INTERDOMAIN, &bind);
}

xenevtchn_port_or_error_t xenevtchn_bind_virq(xenevtchn_handle *xce, unsigned int virq)
{
    struct uapi_evtchn_bind_virq bind = {.virq = virq};

    return xenevtchn_handle_ioctl(xce, UAPI_EVTCHN_BIND_VIRQ, &bind);
}

int xenevtchn_bind_static(xenevtchn_handle *xce, evtchn_port_t port)
{
    struct uapi_evtchn_bind_static bind = {.port = port};

    if (xenevtchn_handle_ioctl(xce, UAPI_EVTCHN_BIND_STATIC, &bind) >= 0)
        return 0;
    if (errno == ENOSYS || errno == ENOTTY)
        errno = ENOTSUP;
    return -1;
}

int xenevtchn_unbind(xenevtchn_handle *xce, evtchn_port_t port)
{
    struct uapi_evtchn_unbind unbind = {.port = port};

    return xenevtchn_handle_ioctl(xce, UAPI_EVTCHN_UNBIND, &unbind);
}
