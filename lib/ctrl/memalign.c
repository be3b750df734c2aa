/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>

#include "xenctrl/memory.h"

void *xc_memalign(xc_interface *xch, size_t alignment, size_t size)
{
    void *memory = NULL;
    int failure = posix_memalign(&memory, alignment, size);

    (void)xch;
    if (failure) {
        errno = failure;
        return NULL;
    }
    return memory;
}
