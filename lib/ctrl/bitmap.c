/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bitmap.h"

#include <string.h>

uint8_t *xenctrl_bitmap_buffer(xc_interface *xch, const uint8_t *set, int bytes,
                               struct ctrl_bitmap *bitmap)
{
    if (bytes < 0) {
        return NULL;
    }
    uint8_t *buffer = xenctrl_buffer(xch, (size_t)bytes);
    if (!buffer) {
        return NULL;
    }
    if (set) {
        memcpy(buffer, set, (size_t)bytes);
    } else {
        memset(buffer, 0, (size_t)bytes);
    }
    *bitmap = (struct ctrl_bitmap){.bitmap = ctrl_address(buffer), .nr_bits = (uint32_t)bytes * 8};
    return buffer;
}
