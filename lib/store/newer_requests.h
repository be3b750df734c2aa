/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Requests that Debian 12's xen/io/xs_wire.h does not have: of Xen 4.21 and 4.22. */
#ifndef XENLIBS_STORE_NEWER_REQUESTS_H
#define XENLIBS_STORE_NEWER_REQUESTS_H

enum {
    XS_REQUEST_GET_FEATURE = 23,
    XS_REQUEST_SET_FEATURE = 24,
    XS_REQUEST_GET_QUOTA = 25,
    XS_REQUEST_SET_QUOTA = 26,
};

#endif
