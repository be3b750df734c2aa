/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands behind a xendevicemodel_handle. */
#ifndef XENLIBS_DEVICEMODEL_HANDLE_H
#define XENLIBS_DEVICEMODEL_HANDLE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "hvabi.h"
#include "library_log.h"
#include "xencall.h"
#include "xendevicemodel.h"
#include "xentoolcore_internal.h"

#define DEVICEMODEL_UNRESTRICTED (-1) /* no domid */

struct xendevicemodel_handle {
    Xentoolcore__Active_Handle active;
    struct xenlibs_log log;
    int fd; /* privcmd of a kernel that knows DM_OP; else -1, and all goes by hypercall */
    bool is_callers;          /* fd and call are: neither closed nor put out of use here */
    pthread_mutex_t mutex;    /* guards that the two below change together */
    atomic_int restricted_to; /* a domid, or DEVICEMODEL_UNRESTRICTED */
    _Atomic(xencall_handle *) call; /* for hypercalls; opened by the first, or NULL */
    struct hvabi abi; /* over call, once there is one */
};

#endif
