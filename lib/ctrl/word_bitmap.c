/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "word_bitmap.h"

/* Byte N of the bitmap is bits 8N to 8N + 7, whatever order the machine has. */
void bitmap_64_to_byte(uint8_t *bytep, const uint64_t *longp, int nbits)
{
    for (int i = 0; i < nbits / 8 + (nbits % 8 != 0); i++) {
        bytep[i] = (uint8_t)(longp[i / 8] >> i % 8 * 8);
    }
}

void bitmap_byte_to_64(uint64_t *longp, const uint8_t *bytep, int nbits)
{
    for (int i = 0; i < nbits / 8 + (nbits % 8 != 0); i++) {
        if (i % 8 == 0) {
            longp[i / 8] = 0;
        }
        longp[i / 8] |= (uint64_t)bytep[i] << i % 8 * 8;
    }
}

int xc_ffs8(uint8_t x)
{
    return __builtin_ffs(x);
}

int xc_ffs16(uint16_t x)
{
    return __builtin_ffs(x);
}

int xc_ffs32(uint32_t x)
{
    return __builtin_ffs((int)x);
}

int xc_ffs64(uint64_t x)
{
    return __builtin_ffsll((long long)x);
}
