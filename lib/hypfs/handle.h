/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands behind a xenhypfs_handle. */
#ifndef XENLIBS_HYPFS_HANDLE_H
#define XENLIBS_HYPFS_HANDLE_H

#include "xencall.h"
#include "xenhypfs.h"

/* Never changes while it is open, so threads share it without a lock. */
struct xenhypfs_handle {
    xencall_handle *xcall;
};

#endif
