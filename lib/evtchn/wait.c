/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"

#include <errno.h>
#include <poll.h>

#include "deadline.h"
#include "fail.h"

/* The driver says POLLERR, and nothing else, when its queue has overflowed. */
static int what_poll_says(short revents)
{
    if (revents & POLLNVAL)
        return xenlibs_fail(EBADF);
    if (revents & POLLERR)
        return xenlibs_fail(EFBIG);
    return revents & POLLIN ? 1 : xenlibs_fail(EIO);
}

int xenevtchn_wait(xenevtchn_handle *xce, int timeout_ms)
{
    struct pollfd device = {.fd = xce->fd, .events = POLLIN};
    struct xenlibs_deadline deadline;
    int ready;

    if (device.fd < 0) /* poll(2) would sleep on it */
        return xenlibs_fail(EBADF);
    xenlibs_deadline_set(&deadline, timeout_ms);
    do
        ready = poll(&device, 1, xenlibs_deadline_left_ms(&deadline));
    while (ready < 0 && errno == EINTR);
    return ready > 0 ? what_poll_says(device.revents) : ready;
}
