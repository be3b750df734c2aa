/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An event channel whose two ends are in one process, and how tests wait for events. */
#ifndef XENLIBS_CONFORMANCE_LOOPBACK_H
#define XENLIBS_CONFORMANCE_LOOPBACK_H

#include <xenevtchn.h>

struct loopback {
    xenevtchn_handle *xce;
    evtchn_port_t listening; /* was bound first, waiting for a peer */
    evtchn_port_t calling;   /* was bound to it; its first event has been taken */
};

/* Opens a handle and binds both ends on it. */
struct loopback loopback_open(void);

/* Binds two ends on a handle that is open, and takes the first event. */
struct loopback loopback_bind(xenevtchn_handle *xce);

/* Waits for an event, takes it and leaves it masked; returns the port. */
evtchn_port_t take_event(xenevtchn_handle *xce);

/* Waits for an event of @port, takes and unmasks it. */
void expect_event(xenevtchn_handle *xce, evtchn_port_t port);

/* Asserts that no event comes for a while. */
void expect_silence(xenevtchn_handle *xce);

/*
 * Fills the kernel's queue until it overflows: unmasking a port whose event was not taken
 * lets it in once more.
 */
void overflow_queue(const struct loopback *pair);

#endif
