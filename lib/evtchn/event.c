/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Events: sending them, taking them from the queue, arming their ports again. */
#include "handle.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <unistd.h>

/* What moves only a part of a port number leaves no errno of its own. */
static int whole_ports(ssize_t bytes)
{
    if (bytes < 0)
        return -1;
    if (bytes == 0 || (size_t)bytes % sizeof(evtchn_port_t)) {
        errno = EIO;
        return -1;
    }
    return (int)((size_t)bytes / sizeof(evtchn_port_t));
}

static unsigned int at_most_one_call(unsigned int count)
{
    return count < XENEVTCHN_PORTS_PER_CALL ? count : XENEVTCHN_PORTS_PER_CALL;
}

static int read_ports(xenevtchn_handle *xce, evtchn_port_t *ports, unsigned int count)
{
    ssize_t bytes;

    do
        bytes = read(xce->fd, ports, at_most_one_call(count) * sizeof(*ports));
    while (bytes < 0 && errno == EINTR);
    return whole_ports(bytes);
}

static int write_ports(xenevtchn_handle *xce, const evtchn_port_t *ports, unsigned int count)
{
    ssize_t bytes;

    do
        bytes = write(xce->fd, ports, at_most_one_call(count) * sizeof(*ports));
    while (bytes < 0 && errno == EINTR);
    return whole_ports(bytes);
}

static int check_array(const evtchn_port_t *ports, unsigned int count)
{
    if (ports || !count)
        return 0;
    errno = EINVAL;
    return -1;
}

int xenevtchn_notify(xenevtchn_handle *xce, evtchn_port_t port)
{
    struct uapi_evtchn_notify notify = {.port = port};

    return xenevtchn_handle_ioctl(xce, UAPI_EVTCHN_NOTIFY, &notify);
}

xenevtchn_port_or_error_t xenevtchn_pending(xenevtchn_handle *xce)
{
    evtchn_port_t port;

    if (read_ports(xce, &port, 1) < 0)
        return -1;
    if (port > INT_MAX) {
        errno = EIO;
        return -1;
    }
    return (xenevtchn_port_or_error_t)port;
}

int xenevtchn_pending_many(xenevtchn_handle *xce, evtchn_port_t *ports, unsigned int count)
{
    if (check_array(ports, count))
        return -1;
    return count ? read_ports(xce, ports, count) : 0;
}

int xenevtchn_unmask(xenevtchn_handle *xce, evtchn_port_t port)
{
    return write_ports(xce, &port, 1) < 0 ? -1 : 0;
}

int xenevtchn_unmask_many(xenevtchn_handle *xce, const evtchn_port_t *ports,
                          unsigned int count)
{
    if (check_array(ports, count))
        return -1;
    while (count) {
        int done = write_ports(xce, ports, count);

        if (done < 0)
            return -1;
        ports += done;
        count -= (unsigned int)done;
    }
    return 0;
}

int xenevtchn_reset(xenevtchn_handle *xce)
{
    return xenevtchn_handle_ioctl(xce, UAPI_EVTCHN_RESET, NULL);
}
