/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>

#include "xenctrl/memory.h"

void *xc_memalign(xc_interface *xch, size_t alignment, size_t size)
{
    void *memory = NULL;
    bool is_power = alignment && (alignment & (alignment - 1)) == 0;
    int failure = is_power && alignment % sizeof(void *) == 0
                      ? posix_memalign(&memory, alignment, size)
                      : EINVAL;

    (void)xch;
    if (failure) {
        errno = failure;
        return NULL;
    }
    return memory;
}
