/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "device.h"

#define OPEN_FLAGS (XENEVTCHN_NO_CLOEXEC | XENEVTCHN_NONBLOCK)

_Static_assert(XENEVTCHN_PORTS_PER_CALL == UAPI_EVTCHN_PORTS_PER_CALL, "the kernel's limit");

/*
 * The handle is registered before it has a descriptor, so that at no time there
 * is an open device which xentoolcore_restrict_all() does not see.
 */
static xenevtchn_handle *new_handle(void)
{
    xenevtchn_handle *xce = malloc(sizeof(*xce));

    if (!xce)
        return NULL;
    xce->fd = -1;
    xce->restricted_to = EVTCHN_UNRESTRICTED;
    pthread_mutex_init(&xce->restrict_mutex, NULL);
    xce->tc_ah.restrict_callback = xenevtchn_handle_restrict;
    xentoolcore__register_active_handle(&xce->tc_ah);
    return xce;
}

/*
 * Deregisters before it closes: the number of a closed descriptor may be another
 * file's at once, and that must not be restricted in the handle's place.
 */
static int end_handle(xenevtchn_handle *xce, int fd)
{
    int rc, saved;

    xentoolcore__deregister_active_handle(&xce->tc_ah);
    rc = fd == -1 ? 0 : close(fd);
    saved = errno;
    pthread_mutex_destroy(&xce->restrict_mutex);
    free(xce);
    errno = saved;
    return rc;
}

static void drop_handle(xenevtchn_handle *xce, int fd)
{
    int saved = errno;

    end_handle(xce, fd);
    errno = saved;
}

static int open_evtchn(unsigned int open_flags)
{
    int more_flags = open_flags & XENEVTCHN_NONBLOCK ? O_NONBLOCK : 0;

    if (open_flags & XENEVTCHN_NO_CLOEXEC)
        return xenlibs_device_open_inheritable(XENLIBS_DEVICE_EVTCHN, more_flags);
    return xenlibs_device_open(XENLIBS_DEVICE_EVTCHN, more_flags);
}

xenevtchn_handle *xenevtchn_open(struct xentoollog_logger *logger, unsigned int open_flags)
{
    xenevtchn_handle *xce;
    int fd;

    (void)logger;
    if (open_flags & ~OPEN_FLAGS) {
        errno = EINVAL;
        return NULL;
    }
    xce = new_handle();
    if (!xce)
        return NULL;
    fd = open_evtchn(open_flags);
    if (fd < 0 || xenevtchn_handle_attach(xce, fd)) {
        drop_handle(xce, fd);
        return NULL;
    }
    return xce;
}

xenevtchn_handle *xenevtchn_fdopen(struct xentoollog_logger *logger, int fd,
                                   unsigned int open_flags)
{
    xenevtchn_handle *xce;

    (void)logger;
    if (open_flags) {
        errno = EINVAL;
        return NULL;
    }
    xce = new_handle();
    if (!xce)
        return NULL;
    if (xenevtchn_handle_attach(xce, fd)) {
        drop_handle(xce, -1); /* the caller keeps fd */
        return NULL;
    }
    return xce;
}

int xenevtchn_close(xenevtchn_handle *xce)
{
    return xce ? end_handle(xce, xce->fd) : 0;
}

int xenevtchn_fd(xenevtchn_handle *xce)
{
    return xce->fd;
}

int xenevtchn_handle_ioctl(xenevtchn_handle *xce, unsigned long request, void *argument)
{
    int rc;

    do
        rc = ioctl(xce->fd, request, argument);
    while (rc < 0 && errno == EINTR);
    return rc;
}
