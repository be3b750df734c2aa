/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"

#include <errno.h>

/* Wants restrict_mutex. The kernel refuses a second time, even the same domain. */
static int restrict_device(xenevtchn_handle *xce, domid_t domid)
{
    struct uapi_evtchn_restrict_domid argument = {.domid = domid};

    if (xce->restricted_to == domid)
        return 0;
    if (xenevtchn_handle_ioctl(xce, UAPI_EVTCHN_RESTRICT_DOMID, &argument))
        return -1;
    xce->restricted_to = domid;
    return 0;
}

int xenevtchn_restrict(xenevtchn_handle *xce, domid_t domid)
{
    int rc;

    pthread_mutex_lock(&xce->restrict_mutex);
    rc = restrict_device(xce, domid);
    pthread_mutex_unlock(&xce->restrict_mutex);
    return rc;
}

/*
 * A handle whose device is still being opened counts as restricted. It makes
 * good for it in xenevtchn_handle_attach(): nobody would ask it again.
 */
int xenevtchn_handle_restrict(Xentoolcore__Active_Handle *tc_ah, domid_t domid)
{
    xenevtchn_handle *xce = (xenevtchn_handle *)tc_ah;
    int rc = 0;

    pthread_mutex_lock(&xce->restrict_mutex);
    if (xce->fd < 0)
        xce->restricted_to = domid;
    else
        rc = restrict_device(xce, domid);
    pthread_mutex_unlock(&xce->restrict_mutex);
    return rc;
}

int xenevtchn_handle_attach(xenevtchn_handle *xce, int fd)
{
    int wanted, rc = 0;

    pthread_mutex_lock(&xce->restrict_mutex);
    xce->fd = fd;
    wanted = xce->restricted_to;
    if (wanted != EVTCHN_UNRESTRICTED && fd >= 0) {
        xce->restricted_to = EVTCHN_UNRESTRICTED;
        rc = restrict_device(xce, (domid_t)wanted);
    }
    pthread_mutex_unlock(&xce->restrict_mutex);
    return rc;
}
