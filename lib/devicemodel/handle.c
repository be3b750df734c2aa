/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "device.h"
#include "uapi_privcmd.h"

static int retry_ioctl(int fd, unsigned long request, void *argument)
{
    int rc;

    do
        rc = ioctl(fd, request, argument);
    while (rc < 0 && errno == EINTR);
    return rc;
}

/* Without buffers the kernel has nothing to hand on to Xen, and succeeds. */
static bool knows_dm_op(int fd)
{
    struct uapi_privcmd_dm_op nothing = {.dom = DOMID_INVALID};

    return retry_ioctl(fd, UAPI_PRIVCMD_DM_OP, &nothing) == 0;
}

static int restrict_device(int fd, int domid)
{
    uint16_t only = (uint16_t)domid;

    return retry_ioctl(fd, UAPI_PRIVCMD_RESTRICT, &only);
}

/*
 * Wants the mutex. The device knows how to be confined, a handle for hypercalls
 * does not: it is put out of use, and no new one is opened from now on. One that is
 * the caller's has its device in common with this handle.
 */
static int restrict_to(xendevicemodel_handle *dmod, domid_t domid)
{
    xencall_handle *call;

    if (dmod->fd >= 0 && restrict_device(dmod->fd, domid))
        return -1;
    atomic_store(&dmod->restricted_to, domid);
    call = atomic_load(&dmod->call);
    return call && !dmod->is_callers ? xentoolcore__restrict_by_dup2_null(xencall_fd(call)) : 0;
}

static int restrict_locking(xendevicemodel_handle *dmod, domid_t domid)
{
    int rc;

    pthread_mutex_lock(&dmod->mutex);
    rc = restrict_to(dmod, domid);
    pthread_mutex_unlock(&dmod->mutex);
    return rc;
}

int xendevicemodel_restrict(xendevicemodel_handle *dmod, domid_t domid)
{
    if (dmod->fd < 0) {
        errno = EOPNOTSUPP;
        return -1;
    }
    return restrict_locking(dmod, domid);
}

/*
 * One whose device is still being opened makes good for it in attach(). A device
 * of the caller's is the caller's to restrict.
 */
static int restrict_active_handle(Xentoolcore__Active_Handle *active, domid_t domid)
{
    xendevicemodel_handle *dmod = (xendevicemodel_handle *)((char *)active -
                                      offsetof(xendevicemodel_handle, active));

    if (!dmod->is_callers)
        return restrict_locking(dmod, domid);
    atomic_store(&dmod->restricted_to, domid);
    return 0;
}

/*
 * Gives the handle its descriptor, unless a restriction that came while it was
 * being opened cannot be carried out: then it stays the caller's.
 */
static int attach(xendevicemodel_handle *dmod, int fd)
{
    int wanted, rc = 0;

    pthread_mutex_lock(&dmod->mutex);
    wanted = atomic_load(&dmod->restricted_to);
    if (fd >= 0 && wanted != DEVICEMODEL_UNRESTRICTED)
        rc = restrict_device(fd, wanted);
    if (!rc)
        dmod->fd = fd;
    pthread_mutex_unlock(&dmod->mutex);
    return rc;
}

static int open_device(xendevicemodel_handle *dmod)
{
    int fd = xenlibs_privcmd_open();

    if (fd < 0) {
        xenlibs_log_error(&dmod->log, "cannot open " XENLIBS_DEVICE_PRIVCMD);
        return -1;
    }
    if (!knows_dm_op(fd)) {
        xenlibs_device_close_quietly(fd);
        fd = -1;
    }
    if (!attach(dmod, fd))
        return 0;
    xenlibs_device_close_quietly(fd);
    return -1;
}

/* Over the caller's handle for hypercalls, or with NULL for devices of its own. */
static xendevicemodel_handle *new_handle(struct xentoollog_logger *logger,
                                         xencall_handle *callers)
{
    xendevicemodel_handle *dmod = calloc(1, sizeof(*dmod));

    if (!dmod)
        return NULL;
    xenlibs_log_init(&dmod->log, logger, "xendevicemodel");
    pthread_mutex_init(&dmod->mutex, NULL);
    dmod->fd = -1;
    atomic_init(&dmod->restricted_to, DEVICEMODEL_UNRESTRICTED);
    dmod->is_callers = callers != NULL;
    atomic_init(&dmod->call, callers);
    xenhvabi_init(&dmod->abi, callers, &dmod->log);
    dmod->active.restrict_callback = restrict_active_handle;
    xentoolcore__register_active_handle(&dmod->active);
    return dmod;
}

/*
 * Takes the handle out of reach of restrict_all before its descriptor goes,
 * whose number may be another file's at once.
 */
static int end_handle(xendevicemodel_handle *dmod)
{
    int saved = errno, rc;

    xentoolcore__deregister_active_handle(&dmod->active);
    rc = dmod->fd < 0 || dmod->is_callers ? 0 : close(dmod->fd);
    if (!rc)
        errno = saved;
    saved = errno;
    if (!dmod->is_callers)
        xencall_close(atomic_load(&dmod->call));
    xenlibs_log_destroy(&dmod->log);
    pthread_mutex_destroy(&dmod->mutex);
    free(dmod);
    errno = saved;
    return rc;
}

xendevicemodel_handle *xendevicemodel_open(struct xentoollog_logger *logger,
                                           unsigned int open_flags)
{
    int saved = errno;
    xendevicemodel_handle *dmod = new_handle(logger, NULL);

    (void)open_flags;
    if (!dmod)
        return NULL;
    if (open_device(dmod)) {
        end_handle(dmod);
        return NULL;
    }
    errno = saved;
    return dmod;
}

xendevicemodel_handle *xendevicemodel_open_on(struct xentoollog_logger *logger,
                                              unsigned int open_flags, xencall_handle *xcall)
{
    int saved = errno;
    xendevicemodel_handle *dmod;

    (void)open_flags;
    if (!xcall) {
        errno = EBADF;
        return NULL;
    }
    dmod = new_handle(logger, xcall);
    if (!dmod)
        return NULL;
    if (knows_dm_op(xencall_fd(xcall)))
        dmod->fd = xencall_fd(xcall);
    errno = saved;
    return dmod;
}

int xendevicemodel_close(xendevicemodel_handle *dmod)
{
    return dmod ? end_handle(dmod) : 0;
}
