/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A client's way to its server, which may not be there yet. */
#include <errno.h>

#include "handle.h"

static int connect_event_channel(struct xenvchan *xvc)
{
    xenevtchn_port_or_error_t port =
        xenevtchn_bind_interdomain(xvc->event, xvc->domid, xvc->remote_port);

    if (port < 0)
        return -1;
    xvc->port = (evtchn_port_t)port;
    return 0;
}

static int map_and_greet(struct xenvchan *xvc)
{
    if (xenvchan_memory_map(xvc))
        return -1;
    atomic_store(&xvc->domain_was_seen, true);
    atomic_store_explicit(&xvc->connected, true, memory_order_release);
    return xenevtchn_notify(xvc->event, xvc->port);
}

static void step_back(struct xenvchan *xvc)
{
    int saved = errno;

    atomic_store(&xvc->connected, false);
    xenvchan_memory_release(xvc);
    xenevtchn_unbind(xvc->event, xvc->port);
    errno = saved;
}

int xenvchan_client_try(struct xenvchan *xvc)
{
    if (xenvchan_store_find(xvc, &xvc->ring_ref, &xvc->remote_port))
        return -1;
    if (connect_event_channel(xvc))
        return -1;
    if (map_and_greet(xvc)) {
        step_back(xvc);
        return -1;
    }
    return 0;
}

/*
 * Keys that are not there, or lead to a server that is no more or has another
 * client: all that may change.
 */
static bool may_get_better(int errnoval)
{
    return errnoval == ENOENT || errnoval == EACCES || errnoval == ESRCH || errnoval == EINVAL ||
           errnoval == ECONNREFUSED;
}

void xenvchan_client_retry(struct xenvchan *xvc)
{
    int saved = errno;

    if (xvc->is_server || atomic_load(&xvc->connected) || atomic_load(&xvc->ended))
        return;
    if (xenvchan_client_try(xvc)) {
        if (!may_get_better(errno))
            xenvchan_end(xvc, errno);
        else if (xenlibs_deadline_left_ms(&xvc->connect_by) == 0)
            xenvchan_end(xvc, ETIMEDOUT);
    }
    errno = saved;
}
