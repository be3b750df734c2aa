/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fork_reset.h"

#include <errno.h>

#include "quirks.h"

#define FORK_RESET_STATE 4
#define FORK_RESET_MEMORY 8

int xenhvabi_fork_reset_flags(struct hvabi *abi, bool state, bool memory)
{
    int is_whole = xenhvabi_quirk(abi, HVABI_QUIRK_FORK_RESET_IS_WHOLE);

    if (is_whole < 0) {
        return -1;
    }
    if (!state && !memory) {
        errno = EINVAL;
        return -1;
    }
    if (!is_whole) {
        return (state ? FORK_RESET_STATE : 0) | (memory ? FORK_RESET_MEMORY : 0);
    }
    return state && memory ? 0
                           : xenhvabi_refuse(abi, xenhvabi_other(HVABI_OTHER_FORK_RESET),
                                             "this Xen resets a fork's state and memory only "
                                             "together (Xen 4.17 can do either)");
}
