/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands behind an xc_interface. */
#ifndef XENCTRL_IMPL_HANDLE_H
#define XENCTRL_IMPL_HANDLE_H

#include <pthread.h>
#include <stdatomic.h>

#include "hvabi.h"
#include "library_log.h"
#include "xencall.h"
#include "xenctrl/handle.h"
#include "xendevicemodel.h"
#include "xenforeignmemory.h"
#include "xentoolcore_internal.h"

#define CTRL_UNRESTRICTED (-1) /* no domid */

struct xc_interface_core {
    /*
     * Upstream's libxenguest reads these itself, in all releases alike: their
     * places are part of the binary interface (tests/unit/ctrl/handle.c).
     */
    int flags;
    xentoollog_logger *error_handler, *error_handler_tofree;
    xentoollog_logger *dombuild_logger, *dombuild_logger_tofree;
    struct xc_error last_error; /* guarded by mutex */
    FILE *dombuild_logger_file;
    const char *currently_progress_reporting;
    xencall_handle *xcall;          /* NULL: XC_OPENFLAG_DUMMY */
    xenforeignmemory_handle *fmem;  /* the same */
    _Atomic(xendevicemodel_handle *) dmod; /* opened when first asked for */

    /* Ours. One privcmd serves the three handles. */
    Xentoolcore__Active_Handle active; /* registered unless XC_OPENFLAG_DUMMY */
    atomic_int privcmd_fd;             /* or -1 */
    atomic_int restricted_to;          /* a domid, or CTRL_UNRESTRICTED */
    struct xenlibs_log log;
    struct hvabi abi;
    pthread_mutex_t mutex;
};

/* From now on, requests made with the interface's own xencall handle are the face's too. */
void xenctrl_interpret_requests(xc_interface *xch);

#endif
