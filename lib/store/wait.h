/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Waiting for a reply or an event. There is no thread that reads: whoever waits does,
 * one thread at a time, and gives to the others what is theirs.
 *
 * All wants the mutex, and has it when it returns; waiting lets go of it.
 */
#ifndef XENLIBS_STORE_WAIT_H
#define XENLIBS_STORE_WAIT_H

#include "deadline.h"
#include "request.h"

/*
 * Waits until @request is answered, or with NULL for @request until an event is queued
 * or the connection is broken. Returns 0, or -1 with ETIMEDOUT when @deadline has
 * passed (NULL for none).
 */
int xs_wait(struct xs_handle *h, struct xs_request *request,
            const struct xenlibs_deadline *deadline);

/* Takes in what has arrived, without waiting. */
void xs_look(struct xs_handle *h);

/* Something has happened that a waiting thread waits for. */
void xs_wake_for_event(struct xs_handle *h);
void xs_wake_for_reply(struct xs_handle *h, struct xs_request *request);
void xs_wake_all(struct xs_handle *h);

#endif
