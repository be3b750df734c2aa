/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What Xen has printed. */
#include <errno.h>

#include "console_ring.h"
#include "fail.h"
#include "handle.h"
#include "state.h"

enum {
    KNOWN_FLAGS = XENMANAGE_CONSOLE_CONTINUE | XENMANAGE_CONSOLE_CLEAR,
    CLEARED_AT_ONCE = 16384, /* as much as Xen keeps, unless it was told otherwise */
};

static bool is_allowed(const char *buffer, size_t size, unsigned int flags,
                       const uint32_t *index)
{
    return (buffer || size == 0) && !(flags & ~(unsigned int)KNOWN_FLAGS) &&
           (index || !(flags & XENMANAGE_CONSOLE_CONTINUE));
}

ssize_t xenmanage_console_read(xenmanage_handle *hdl, char *buffer, size_t size,
                               unsigned int flags, uint32_t *index)
{
    struct hvabi_console_read read = {
        .clear = flags & XENMANAGE_CONSOLE_CLEAR,
        .incremental = flags & XENMANAGE_CONSOLE_CONTINUE,
        .count = size < UINT32_MAX ? (uint32_t)size : UINT32_MAX,
    };

    if (!hdl || !is_allowed(buffer, size, flags, index))
        return xenlibs_fail(EINVAL);
    if (read.incremental)
        read.index = *index;
    if (xenhvabi_read_console(&hdl->abi, &read, buffer))
        return xenmanage_failed(&hdl->abi);
    if (index)
        *index = read.index;
    return (ssize_t)read.count;
}

/* Xen clears what it gives: so this takes everything, and looks at nothing. */
int xenmanage_console_clear(xenmanage_handle *hdl)
{
    struct hvabi_console_read read;

    if (!hdl)
        return xenlibs_fail(EINVAL);
    do {
        read = (struct hvabi_console_read){.clear = true, .count = CLEARED_AT_ONCE};
        if (xenhvabi_read_console(&hdl->abi, &read, NULL))
            return xenmanage_failed(&hdl->abi);
    } while (read.count == CLEARED_AT_ONCE);
    return 0;
}
