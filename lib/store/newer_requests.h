/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests that Debian 12's xen/io/xs_wire.h does not have: of Xen 4.21 and 4.22.
 *
 * A xenstored that does not know a request ought to answer ENOSYS, but the oxenstored of
 * Xen 4.17 does not answer at all. So another request is sent behind it, which every
 * xenstored answers. When that is answered and the first is not, it never will be.
 */
#ifndef XENLIBS_STORE_NEWER_REQUESTS_H
#define XENLIBS_STORE_NEWER_REQUESTS_H

#include "request.h"

enum {
    XS_REQUEST_GET_FEATURE = 23,
    XS_REQUEST_SET_FEATURE = 24,
    XS_REQUEST_GET_QUOTA = 25,
    XS_REQUEST_SET_QUOTA = 26,
};

/*
 * As xs_ask_text(), xs_ask_number() and xs_do(), with ENOSYS from a xenstored that does
 * not answer.
 */
char *xs_ask_newer_text(struct xs_handle *h, uint32_t type, const struct xs_payload *payload);
bool xs_ask_newer_number(struct xs_handle *h, uint32_t type,
                         const struct xs_payload *payload, unsigned int *number);
bool xs_do_newer(struct xs_handle *h, uint32_t type, const struct xs_payload *payload);

#endif
