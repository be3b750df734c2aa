/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bitmaps, as requests hold them. */
#ifndef XENCTRL_BITMAP_IMPL_H
#define XENCTRL_BITMAP_IMPL_H

#include "call.h"

/* xenctl_bitmap: an address, and how many bits are there. */
struct ctrl_bitmap {
    ctrl_u64 bitmap;
    uint32_t nr_bits;
    uint32_t pad;
};

/*
 * A set of @bytes bytes for a request: a buffer with a copy of it (zeroes if @set is
 * NULL), which @bitmap then names. Return: the buffer, or NULL with errno.
 */
uint8_t *xenctrl_bitmap_buffer(xc_interface *xch, const uint8_t *set, int bytes,
                               struct ctrl_bitmap *bitmap);

#endif
