/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "loopback.h"

#include <poll.h>
#include <time.h>

#include "conformance.h"

struct loopback loopback_bind(xenevtchn_handle *xce)
{
    struct loopback pair = {.xce = xce};
    int port = xenevtchn_bind_unbound_port(xce, DOMID_SELF);

    assert_true(port > 0);
    pair.listening = (evtchn_port_t)port;
    port = xenevtchn_bind_interdomain(xce, DOMID_SELF, pair.listening);
    assert_true(port > 0);
    pair.calling = (evtchn_port_t)port;
    /* Xen marks a new interdomain port pending, lest an earlier event was missed. */
    expect_event(xce, pair.calling);
    return pair;
}

struct loopback loopback_open(void)
{
    xenevtchn_handle *xce = xenevtchn_open(NULL, 0);

    assert_non_null(xce);
    return loopback_bind(xce);
}

evtchn_port_t take_event(xenevtchn_handle *xce)
{
    int port;

    assert_true(readable_within(xenevtchn_fd(xce), EVENT_COMES_MS));
    port = xenevtchn_pending(xce);
    assert_true(port > 0);
    return (evtchn_port_t)port;
}

void expect_event(xenevtchn_handle *xce, evtchn_port_t port)
{
    assert_int_equal(take_event(xce), port);
    assert_int_equal(xenevtchn_unmask(xce, port), 0);
}

void expect_silence(xenevtchn_handle *xce)
{
    assert_false(readable_within(xenevtchn_fd(xce), NO_EVENT_MS));
}

static bool has_overflowed(xenevtchn_handle *xce)
{
    struct pollfd wanted = {.fd = xenevtchn_fd(xce)};

    assert_true(poll(&wanted, 1, 0) >= 0);
    return wanted.revents & POLLERR;
}

void overflow_queue(const struct loopback *pair)
{
    const time_t end = time(NULL) + 120;

    /* An event may take its time to another processor, so not each round adds one. */
    while (!has_overflowed(pair->xce)) {
        assert_int_equal(xenevtchn_notify(pair->xce, pair->calling), 0);
        assert_int_equal(xenevtchn_unmask(pair->xce, pair->listening), 0);
        assert_true(time(NULL) < end);
    }
}
