/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bitmaps: as requests hold them, and what upstream's libraries have exported for
 * turning them about.
 */
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

/* Between arrays of bytes and of 64-bit words in this machine's order; @nbits of them. */
void bitmap_64_to_byte(uint8_t *bytep, const uint64_t *longp, int nbits);
void bitmap_byte_to_64(uint64_t *longp, const uint8_t *bytep, int nbits);

/* The lowest bit that is set, counted from 1; 0: none. */
int xc_ffs8(uint8_t x);
int xc_ffs16(uint16_t x);
int xc_ffs32(uint32_t x);
int xc_ffs64(uint64_t x);

#endif
