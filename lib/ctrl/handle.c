/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#include "device.h"
#include "uapi_privcmd.h"

static int restrict_device(int fd, int domid)
{
    uint16_t only = (uint16_t)domid;
    int rc;

    do
        rc = ioctl(fd, UAPI_PRIVCMD_RESTRICT, &only);
    while (rc < 0 && errno == EINTR);
    return rc;
}

/*
 * Once for all that share the device: it then maps that domain's memory and makes
 * device-model operations on it, and no hypercalls. A descriptor that is not there
 * yet is restricted as soon as it is, in open_device().
 */
static int restrict_active_handle(Xentoolcore__Active_Handle *active, domid_t domid)
{
    xc_interface *xch = (xc_interface *)((char *)active - offsetof(xc_interface, active));

    atomic_store(&xch->restricted_to, domid);
    int fd = atomic_load(&xch->privcmd_fd);
    return fd < 0 ? 0 : restrict_device(fd, domid);
}

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
    xch->active.restrict_callback = restrict_active_handle;
    atomic_init(&xch->privcmd_fd, -1);
    atomic_init(&xch->restricted_to, CTRL_UNRESTRICTED);
    return xch;
}

static int open_device(xc_interface *xch)
{
    int fd = xenlibs_privcmd_open();

    if (fd < 0) {
        xenlibs_log_error(&xch->log, "cannot open " XENLIBS_DEVICE_PRIVCMD);
        return -1;
    }
    atomic_store(&xch->privcmd_fd, fd);
    int wanted = atomic_load(&xch->restricted_to);
    return wanted == CTRL_UNRESTRICTED ? 0 : restrict_device(fd, wanted);
}

static int open_beneath(xc_interface *xch)
{
    bool one_thread = xch->flags & XC_OPENFLAG_NON_REENTRANT;

    xentoolcore__register_active_handle(&xch->active);
    if (open_device(xch)) {
        return -1;
    }
    xch->xcall = xencall_open_on(xch->error_handler,
                                 one_thread ? XENCALL_OPENFLAG_NON_REENTRANT : 0,
                                 xch->privcmd_fd);
    if (!xch->xcall) {
        return -1;
    }
    xenhvabi_init(&xch->abi, xch->xcall, &xch->log);
    xenctrl_interpret_requests(xch);
    xch->fmem = xenforeignmemory_open_on(xch->error_handler, 0, xch->privcmd_fd);
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
    if (!(xch->flags & XC_OPENFLAG_DUMMY)) {
        xentoolcore__deregister_active_handle(&xch->active);
    }
    xenlibs_device_close_quietly(xch->privcmd_fd);
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

/* Few programs need it here, and it costs a system call. */
static void open_device_model(xc_interface *xch)
{
    pthread_mutex_lock(&xch->mutex);
    if (!xch->dmod && xch->xcall) {
        xch->dmod = xendevicemodel_open_on(xch->error_handler, 0, xch->xcall);
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
