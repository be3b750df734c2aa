/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "loopback.h"

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
