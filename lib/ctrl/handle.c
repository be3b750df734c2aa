/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"

#include <errno.h>
#include <stdlib.h>

static xc_interface *allocate(xentoollog_logger *logger, xentoollog_logger *dombuild_logger,
                              unsigned open_flags)
{
    xc_interface *xch = calloc(1, sizeof(*xch));

    if (!xch) {
        return NULL;
    }
    xch->flags = (int)open_flags;
    xch->error_handler = logger;
    xch->dombuild_logger = dombuild_logger;
    xenlibs_log_init(&xch->log, logger, "xc");
    pthread_mutex_init(&xch->mutex, NULL);
    return xch;
}

static int open_beneath(xc_interface *xch)
{
    bool one_thread = xch->flags & XC_OPENFLAG_NON_REENTRANT;

    xch->xcall = xencall_open(xch->error_handler,
                              one_thread ? XENCALL_OPENFLAG_NON_REENTRANT : 0);
    if (!xch->xcall) {
        return -1;
    }
    xenhvabi_init(&xch->abi, xch->xcall, &xch->log);
    xenctrl_interpret_requests(xch);
    xch->fmem = xenforeignmemory_open(xch->error_handler, 0);
    return xch->fmem ? 0 : -1;
}

xc_interface *xc_interface_open(xentoollog_logger *logger, xentoollog_logger *dombuild_logger,
                                unsigned open_flags)
{
    if (open_flags & ~(unsigned)(XC_OPENFLAG_DUMMY | XC_OPENFLAG_NON_REENTRANT)) {
        errno = EINVAL;
        return NULL;
    }
    xc_interface *xch = allocate(logger, dombuild_logger, open_flags);
    if (xch && !(open_flags & XC_OPENFLAG_DUMMY) && open_beneath(xch)) {
        xc_interface_close(xch);
        return NULL;
    }
    return xch;
}

int xc_interface_close(xc_interface *xch)
{
    int saved = errno;

    if (!xch) {
        return 0;
    }
    xendevicemodel_close(xch->dmod);
    xenforeignmemory_close(xch->fmem);
    xencall_close(xch->xcall);
    xenlibs_log_destroy(&xch->log);
    pthread_mutex_destroy(&xch->mutex);
    free(xch);
    errno = saved;
    return 0;
}

xencall_handle *xc_interface_xcall_handle(xc_interface *xch)
{
    return xch->xcall;
}

xenforeignmemory_handle *xc_interface_fmem_handle(xc_interface *xch)
{
    return xch->fmem;
}

/* Few programs need it here, and it costs a descriptor. */
static void open_device_model(xc_interface *xch)
{
    pthread_mutex_lock(&xch->mutex);
    if (!xch->dmod && xch->xcall) {
        xch->dmod = xendevicemodel_open(xch->error_handler, 0);
    } else if (!xch->dmod) {
        errno = EBADF;
    }
    pthread_mutex_unlock(&xch->mutex);
}

xendevicemodel_handle *xc_interface_dmod_handle(xc_interface *xch)
{
    if (!xch->dmod) {
        open_device_model(xch);
    }
    return xch->dmod;
}
