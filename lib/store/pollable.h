/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands behind xs_fileno(). All wants the mutex. */
#ifndef XENLIBS_STORE_POLLABLE_H
#define XENLIBS_STORE_POLLABLE_H

#include "handle.h"

/* To be called when the queue of events, or whether it is broken, may have changed. */
void xs_pollable_update(struct xs_handle *h);

/*
 * Around a call that waits: keeps the connection out of the set if another thread may
 * be in poll(2) on it.
 */
void xs_pollable_wait_begins(struct xs_handle *h);
void xs_pollable_wait_ends(struct xs_handle *h);

/* For calls that do not wait: whose thread this is. */
void xs_pollable_note_user(struct xs_handle *h);

void xs_pollable_init(struct xs_pollable *pollable);
void xs_pollable_close(struct xs_pollable *pollable);

#endif
