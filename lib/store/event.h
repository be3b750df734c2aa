/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The queue of events. All wants the mutex. */
#ifndef XENLIBS_STORE_EVENT_H
#define XENLIBS_STORE_EVENT_H

#include "handle.h"

/* Queues the event that these bytes of an XS_WATCH_EVENT are; breaks if they are none. */
void xs_event_arrived(struct xs_handle *h, const uint8_t *bytes, size_t len);

/* The oldest event, as xs_check_watch() returns it; there is one. */
char **xs_event_take(struct xs_handle *h, unsigned int *num);

/* Throws away the events of one watch. */
void xs_event_drop(struct xs_handle *h, const char *path, const char *token);
void xs_event_drop_all(struct xs_handle *h);

#endif
