/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the kernel's two grant drivers do with their ioctls, as far as a library
 * can tell, on top of fakexen's devices. A test reads and sets the fields.
 */
#ifndef XENLIBS_TESTS_FAKE_DRIVERS_H
#define XENLIBS_TESTS_FAKE_DRIVERS_H

#include <stdint.h>

#include "uapi_gntalloc.h"
#include "uapi_gntdev.h"

enum { FAKE_GNTDEV_LIMIT = 65536, FAKE_FIRST_REF = 700 };

struct fake_drivers {
    unsigned mapped;       /* requests whose slots are reserved in gntdev */
    unsigned granted;      /* requests whose references are listed in gntalloc */
    unsigned map_limit;    /* grants for each request to gntdev */

    /* the last request to map */
    uint32_t map_count;
    struct uapi_gntdev_ref first_ref, last_ref;
    /* the last request to share, and how it was let go */
    uint16_t share_domid, share_flags;
    uint32_t share_count, dealloc_count;
    /* the last request for a notification, and the index of its mapping */
    unsigned notifications;
    struct uapi_gntdev_unmap_notify notify;
    uint64_t last_index;
};

/* Makes both devices, and returns what is behind them. */
struct fake_drivers *fake_drivers_add(void);

#endif
