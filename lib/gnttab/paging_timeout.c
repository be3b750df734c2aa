/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"

#include <errno.h>

#include "deadline.h"

int xengnttab_set_paging_timeout(xengnttab_handle *xgt, int timeout_ms)
{
    if (timeout_ms < XENLIBS_WAIT_FOREVER) {
        errno = EINVAL;
        return -1;
    }
    atomic_store(&xgt->paging_timeout_ms, timeout_ms);
    return 0;
}

int xengnttab_get_paging_timeout(xengnttab_handle *xgt)
{
    return atomic_load(&xgt->paging_timeout_ms);
}
