/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands behind xs_fileno(). All wants the mutex. */
#ifndef XENLIBS_STORE_POLLABLE_H
#define XENLIBS_STORE_POLLABLE_H

#include "handle.h"

/* To be called when the queue of events, or whether it is broken, may have changed. */
void xs_pollable_update(struct xs_handle *h);

/*
 * Around a call that waits: keeps the socket out of the caller's poll(2) if another
 * thread may be in one. Returns whether it does; to be given to the second.
 */
bool xs_pollable_mute(struct xs_handle *h);
void xs_pollable_unmute(struct xs_handle *h, bool muted);

/* To be called in every function that may take events. */
void xs_pollable_note_user(struct xs_handle *h);

void xs_pollable_init(struct xs_pollable *pollable);
void xs_pollable_close(struct xs_pollable *pollable);

#endif
