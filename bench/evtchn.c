/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * evtchn real|stand-in: what events cost. 1024 ports of one handle are bound in
 * pairs to each other, so that a notify through one makes the other pending.
 */
#include "measure.h"

#include <errno.h>
#include <poll.h>
#include <time.h>
#include <xenevtchn.h>

enum { PORTS = 1024, THIS_DOMAIN = 0 };

typedef int pending_many_fn(xenevtchn_handle *, evtchn_port_t *, unsigned int);
typedef int unmask_many_fn(xenevtchn_handle *, const evtchn_port_t *, unsigned int);

static xenevtchn_handle *handle;
static evtchn_port_t ports[PORTS];
static pending_many_fn *pending_many;
static unmask_many_fn *unmask_many;

static void open_and_close(void)
{
    xenevtchn_handle *opened = xenevtchn_open(NULL, 0);

    if (!opened)
        measure_fail("xenevtchn_open");
    xenevtchn_close(opened);
}

static evtchn_port_t checked(xenevtchn_port_or_error_t port, const char *what)
{
    if (port < 0)
        measure_fail(what);
    return (evtchn_port_t)port;
}

static void bind_ports(void)
{
    for (int i = 0; i < PORTS; i += 2) {
        ports[i] = checked(xenevtchn_bind_unbound_port(handle, THIS_DOMAIN),
                           "xenevtchn_bind_unbound_port");
        ports[i + 1] = checked(xenevtchn_bind_interdomain(handle, THIS_DOMAIN, ports[i]),
                               "xenevtchn_bind_interdomain");
    }
}

static void take_one(void)
{
    evtchn_port_t port = checked(xenevtchn_pending(handle), "xenevtchn_pending");

    if (xenevtchn_unmask(handle, port))
        measure_fail("xenevtchn_unmask");
}

/* Events from binding, of which each port may have one. */
static void take_early_events(void)
{
    struct pollfd waiting = {.fd = xenevtchn_fd(handle), .events = POLLIN};

    while (poll(&waiting, 1, 0) > 0)
        take_one();
}

static void notify_one(void)
{
    if (xenevtchn_notify(handle, ports[0]))
        measure_fail("xenevtchn_notify");
}

/* All ports pending, and time for the interrupts to have queued every one. */
static void notify_all(void)
{
    const struct timespec delivery = {.tv_nsec = 50000000};

    for (int i = 0; i < PORTS; i++)
        if (xenevtchn_notify(handle, ports[i]))
            measure_fail("xenevtchn_notify");
    nanosleep(&delivery, NULL);
}

static void take_all_one_by_one(void)
{
    for (int i = 0; i < PORTS; i++)
        take_one();
}

/* As the library at hand does it best. */
static void take_all(void)
{
    evtchn_port_t taken[PORTS];
    unsigned sum = 0;

    if (!pending_many || !unmask_many) {
        take_all_one_by_one();
        return;
    }
    while (sum < PORTS) {
        int count = pending_many(handle, taken, PORTS - sum);

        if (count < 0 || unmask_many(handle, taken, (unsigned)count) < 0)
            measure_fail("taking many events");
        sum += (unsigned)count;
    }
}

int main(int argc, char **argv)
{
    static const struct measurement measurements[] = {
        {"evtchn-open-close", NULL, open_and_close, 1, true},
        {"evtchn-1024-events", notify_all, take_all, PORTS, true},
        {"evtchn-1024-events-one-by-one", notify_all, take_all_one_by_one, PORTS, true},
        {"evtchn-notify", NULL, notify_one, 1, true}, /* last: it leaves an event */
    };

    measure_ground(&argc, &argv);
    pending_many = (pending_many_fn *)measure_find_symbol("xenevtchn_pending_many");
    unmask_many = (unmask_many_fn *)measure_find_symbol("xenevtchn_unmask_many");
    handle = xenevtchn_open(NULL, 0);
    if (!handle)
        measure_fail("xenevtchn_open");
    bind_ports();
    if (measure_on_real_devices())
        take_early_events();
    measure_all(measurements, sizeof(measurements) / sizeof(measurements[0]));
    return 0;
}
