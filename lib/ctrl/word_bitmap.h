/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What upstream's libraries have exported for turning bitmaps about. */
#ifndef XENCTRL_WORD_BITMAP_H
#define XENCTRL_WORD_BITMAP_H

#include <stdint.h>

/* Between arrays of bytes and of 64-bit words in this machine's order; @nbits of them. */
void bitmap_64_to_byte(uint8_t *bytep, const uint64_t *longp, int nbits);
void bitmap_byte_to_64(uint64_t *longp, const uint8_t *bytep, int nbits);

/* The lowest bit that is set, counted from 1; 0: none. */
int xc_ffs8(uint8_t x);
int xc_ffs16(uint16_t x);
int xc_ffs32(uint32_t x);
int xc_ffs64(uint64_t x);

#endif
