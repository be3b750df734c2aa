/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an event channel handle is made of. */
#ifndef XENLIBS_EVTCHN_HANDLE_H
#define XENLIBS_EVTCHN_HANDLE_H

#include <pthread.h>

#include "uapi_evtchn.h"
#include "xenevtchn.h"
#include "xentoolcore_internal.h"

#define EVTCHN_UNRESTRICTED (-1)

struct xenevtchn_handle {
    Xentoolcore__Active_Handle tc_ah;
    int fd; /* negative until the device is open */
    /* A domid. Before the device is open: what it is to be restricted to. */
    int restricted_to;
    /* Guards restricted_to, and fd until xenevtchn_open() has returned. */
    pthread_mutex_t restrict_mutex;
};

/* ioctl(2), repeated when a signal interrupts it. */
int xenevtchn_handle_ioctl(xenevtchn_handle *xce, unsigned long request, void *argument);

/* The handle's answer to xentoolcore_restrict_all(). */
int xenevtchn_handle_restrict(Xentoolcore__Active_Handle *tc_ah, domid_t domid);

/*
 * Gives the handle its device, restricted if a restriction came in while it was
 * being opened. Returns 0, or -1 with errno; @fd is then not the handle's.
 */
int xenevtchn_handle_attach(xenevtchn_handle *xce, int fd);

#endif
