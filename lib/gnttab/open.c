/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "deadline.h"
#include "device.h"

/* Neither device knows a restriction by domain, so the handle goes out of use. */
static int neutralise(Xentoolcore__Active_Handle *ah, domid_t domid)
{
    const struct xengntdev_handle *handle = (const struct xengntdev_handle *)ah;

    (void)domid;
    return xentoolcore__restrict_by_dup2_null(handle->fd);
}

static void destroy_handle(struct xengntdev_handle *handle)
{
    int saved = errno;

    xengnttab_table_destroy(&handle->mappings);
    xenlibs_log_destroy(&handle->log);
    free(handle);
    errno = saved;
}

static struct xengntdev_handle *open_handle(const char *device, const char *context,
                                            xentoollog_logger *logger)
{
    struct xengntdev_handle *handle = calloc(1, sizeof(*handle));

    if (!handle)
        return NULL;
    handle->ah.restrict_callback = neutralise;
    handle->fd = -1;
    atomic_init(&handle->paging_timeout_ms, XENLIBS_PAGING_TIMEOUT_MS);
    xenlibs_log_init(&handle->log, logger, context);
    xengnttab_table_init(&handle->mappings);

    xentoolcore__register_active_handle(&handle->ah);
    handle->fd = xenlibs_device_open(device, 0);
    if (handle->fd < 0) {
        xentoolcore__deregister_active_handle(&handle->ah);
        destroy_handle(handle);
        return NULL;
    }
    return handle;
}

static int close_handle(struct xengntdev_handle *handle)
{
    int rc;

    if (!handle)
        return 0;
    xentoolcore__deregister_active_handle(&handle->ah);
    rc = close(handle->fd);
    destroy_handle(handle);
    return rc;
}

xengnttab_handle *xengnttab_open(struct xentoollog_logger *logger, unsigned open_flags)
{
    (void)open_flags;
    return open_handle(XENLIBS_DEVICE_GNTDEV, "gnttab", logger);
}

int xengnttab_close(xengnttab_handle *xgt)
{
    return close_handle(xgt);
}

int xengnttab_fd(xengnttab_handle *xgt)
{
    return xgt->fd;
}

xengntshr_handle *xengntshr_open(struct xentoollog_logger *logger, unsigned open_flags)
{
    (void)open_flags;
    return open_handle(XENLIBS_DEVICE_GNTALLOC, "gntshr", logger);
}

int xengntshr_close(xengntshr_handle *xgs)
{
    return close_handle(xgs);
}

int xengntshr_fd(xengntshr_handle *xgs)
{
    return xgs->fd;
}
