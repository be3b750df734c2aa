/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Waits for events of many channels: polls, takes all that is there with one
 * system call, does the work, and arms the ports again with another.
 * The channels lead back to this domain, so it runs in any domain.
 */
#include <err.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include <xenevtchn.h>

enum { CHANNELS = 64, ROUNDS = 100, MAX_PORT = 1 << 17, PATIENCE_MS = 30000 };

static evtchn_port_t senders[CHANNELS];
static unsigned int work_at_port[MAX_PORT]; /* what an event of the port stands for */
static unsigned int work_done, batches;

static evtchn_port_t checked(int port)
{
    if (port < 0 || port >= MAX_PORT)
        err(EXIT_FAILURE, "cannot bind an event channel");
    return (evtchn_port_t)port;
}

static void work_on_events(xenevtchn_handle *xce)
{
    evtchn_port_t ports[XENEVTCHN_PORTS_PER_CALL];
    int count = xenevtchn_pending_many(xce, ports, XENEVTCHN_PORTS_PER_CALL);

    if (count < 0)
        err(EXIT_FAILURE, "cannot take events");
    for (int i = 0; i < count; i++) { /* there may be none: see bind_interdomain */
        work_done += work_at_port[ports[i]];
        work_at_port[ports[i]] = 0;
    }
    if (xenevtchn_unmask_many(xce, ports, (unsigned int)count))
        err(EXIT_FAILURE, "cannot unmask %d ports", count);
    batches++;
}

int main(void)
{
    xenevtchn_handle *xce = xenevtchn_open(NULL, 0);
    struct pollfd events = {.events = POLLIN};
    evtchn_port_t receivers[CHANNELS];

    if (!xce)
        err(EXIT_FAILURE, "cannot open the event channel device; is this a Xen domain?");
    for (int i = 0; i < CHANNELS; i++) {
        senders[i] = checked(xenevtchn_bind_unbound_port(xce, DOMID_SELF));
        receivers[i] = checked(xenevtchn_bind_interdomain(xce, DOMID_SELF, senders[i]));
    }
    events.fd = xenevtchn_fd(xce);
    for (unsigned int round = 1; round <= ROUNDS; round++) {
        for (int i = 0; i < CHANNELS; i++) {
            work_at_port[receivers[i]]++;
            if (xenevtchn_notify(xce, senders[i]))
                err(EXIT_FAILURE, "cannot notify port %u", senders[i]);
        }
        while (work_done < round * CHANNELS) {
            if (poll(&events, 1, PATIENCE_MS) != 1)
                errx(EXIT_FAILURE, "only %u events came in round %u", work_done, round);
            work_on_events(xce);
        }
    }
    printf("%u events of %d channels, taken in %u batches\n", work_done, CHANNELS, batches);
    return xenevtchn_close(xce) ? EXIT_FAILURE : EXIT_SUCCESS;
}
