/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>

#include "helpers.h"

/* Twice what is wanted, so that a text which grows by bytes is moved seldom. */
char *expanding_buffer_ensure(struct expanding_buffer *ebuf, int min_avail)
{
    char *moved;

    if (min_avail <= ebuf->avail)
        return ebuf->buf;
    if (min_avail >= INT_MAX / 3) {
        errno = E2BIG;
        return NULL;
    }
    moved = realloc(ebuf->buf, 2 * (size_t)min_avail);
    if (!moved)
        return NULL;
    ebuf->buf = moved;
    ebuf->avail = 2 * min_avail;
    return moved;
}
