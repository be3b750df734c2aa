/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of libxenevtchn have in common. */
#ifndef XENLIBS_TESTS_EVTCHN_TESTS_H
#define XENLIBS_TESTS_EVTCHN_TESTS_H

#include "harness.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

#include "device.h"
#include "fakexen.h"
#include "uapi_evtchn.h"
#include "xenevtchn.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static inline xenevtchn_handle *open_evtchn_with(unsigned int flags)
{
    xenevtchn_handle *xce;

    fakexen_add_device(XENLIBS_DEVICE_EVTCHN);
    xce = xenevtchn_open(NULL, flags);
    assert_non_null(xce);
    return xce;
}

static inline xenevtchn_handle *open_evtchn(void)
{
    return open_evtchn_with(0);
}

/* Queues events of the device that was opened last. */
static inline void fire(const evtchn_port_t *ports, unsigned int count)
{
    size_t size = count * sizeof(*ports);

    assert_int_equal(write(fakexen_evtchn_peer(), ports, size), size);
}

static inline void fire_one(evtchn_port_t port)
{
    fire(&port, 1);
}

/* What was unmasked on the device that was opened last; returns how many. */
static inline unsigned int take_unmasked(evtchn_port_t *ports, unsigned int room)
{
    ssize_t size = recv(fakexen_evtchn_peer(), ports, room * sizeof(*ports), MSG_DONTWAIT);

    return size < 0 ? 0 : (unsigned int)((size_t)size / sizeof(*ports));
}

#endif
