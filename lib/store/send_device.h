/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sending through the kernel's device. All wants the mutex. */
#ifndef XENLIBS_STORE_SEND_DEVICE_H
#define XENLIBS_STORE_SEND_DEVICE_H

#include "message.h"

/*
 * Writes the message of @request, or holds it back while another is on its way.
 * Returns 0, or -1 with errno; if the connection is not broken, nothing was sent.
 */
int xs_send_to_device(struct xs_handle *h, struct xs_request *request,
                      const struct iovec *pieces, unsigned int count, size_t len);

/* The request that was on its way is answered: writes the next. */
void xs_device_answered(struct xs_handle *h);

#endif
