/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Domains that share memory and send each other events, all in one process: what
 * Xen and the drivers evtchn, gntalloc and gntdev do for them, on fakexen's devices.
 *
 * A grant made through gntalloc can be mapped through gntdev, a port made through
 * one evtchn device be connected to from another. Which domain a device belongs to
 * does not matter; a domid only has to be that of a domain that exists.
 */
#ifndef XENLIBS_TESTS_FAKEDOMAINS_H
#define XENLIBS_TESTS_FAKEDOMAINS_H

#include <stdint.h>

void fakedomains_start(void);
/* Gives back what the stand-in itself holds, so that the leak check sees the rest. */
void fakedomains_stop(void);

/* Takes fresh memory for what is shared from now on; nothing may be mapped. */
void fakedomains_forget_memory(void);

/* The domain is there (all are, at first), or is not. */
void fakedomains_set_gone(uint32_t domid, int gone);

/*
 * What the kernel does at the death of the process that had these devices open: it
 * carries out the unmap notifications, and closes the ports. The descriptors stay.
 */
void fakedomains_kill_process(int evtchn_fd, int grant_fd);

/* Requests to gntdev whose slots were not given back. */
unsigned fakedomains_slots(void);
/* Events that went to a port so far, masked or not; and over all ports. */
unsigned fakedomains_events(void);

#endif
