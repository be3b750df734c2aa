/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"
#include "device.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Neither device makes hypercalls for one domain only, so both are put out of use.
 * A descriptor of the caller's is the caller's to restrict.
 */
static int restrict_handle(Xentoolcore__Active_Handle *active, domid_t domid)
{
    xencall_handle *xcall = (xencall_handle *)((char *)active -
                                               offsetof(xencall_handle, active));
    int failed_errno = 0;

    (void)domid;
    if (!xcall->is_callers && xentoolcore__restrict_by_dup2_null(xcall->privcmd_fd))
        failed_errno = errno;
    if (xentoolcore__restrict_by_dup2_null(xcall->buffer_fd) && !failed_errno)
        failed_errno = errno;
    if (failed_errno)
        errno = failed_errno;
    return failed_errno ? -1 : 0;
}

static xencall_handle *allocate(struct xentoollog_logger *logger, unsigned open_flags)
{
    xencall_handle *xcall = aligned_alloc(_Alignof(xencall_handle), sizeof(*xcall));

    if (!xcall)
        return NULL;
    memset(xcall, 0, sizeof(*xcall));
    xencall_pool_init(&xcall->pool, !(open_flags & XENCALL_OPENFLAG_NON_REENTRANT));
    xenlibs_log_init(&xcall->log, logger, "xencall");
    xcall->active.restrict_callback = restrict_handle;
    xcall->privcmd_fd = -1;
    xcall->buffer_fd = -1;
    xcall->opener = getpid();
    return xcall;
}

static int open_devices(xencall_handle *xcall)
{
    if (!xcall->is_callers)
        xcall->privcmd_fd = xenlibs_privcmd_open();
    if (xcall->privcmd_fd < 0) {
        xenlibs_log_error(&xcall->log, "cannot open %s", XENLIBS_DEVICE_PRIVCMD);
        return -1;
    }
    xcall->buffer_fd = xenlibs_device_open(XENLIBS_DEVICE_HYPERCALL, 0);
    return 0;
}

/* Without privcmd the handle is of no use, and is given up. */
static xencall_handle *register_and_open(xencall_handle *xcall)
{
    int saved = errno;

    xentoolcore__register_active_handle(&xcall->active);
    if (open_devices(xcall)) {
        xencall_close(xcall);
        return NULL;
    }
    errno = saved;
    return xcall;
}

xencall_handle *xencall_open(struct xentoollog_logger *logger, unsigned open_flags)
{
    xencall_handle *xcall = allocate(logger, open_flags);

    return xcall ? register_and_open(xcall) : NULL;
}

xencall_handle *xencall_open_on(struct xentoollog_logger *logger, unsigned open_flags,
                                int privcmd_fd)
{
    xencall_handle *xcall;

    if (privcmd_fd < 0) {
        errno = EBADF;
        return NULL;
    }
    xcall = allocate(logger, open_flags);
    if (!xcall)
        return NULL;
    xcall->privcmd_fd = privcmd_fd;
    xcall->is_callers = true;
    return register_and_open(xcall);
}

static void log_statistics(const xencall_handle *xcall)
{
    const struct pool_statistics *statistics = &xcall->pool.statistics;

    if (xcall->log.callers && xcall->privcmd_fd >= 0)
        xtl_log(xcall->log.callers, XTL_DEBUG, -1, "xencall:buffer",
                "%lu allocated, %lu of them from the pool, at most %lu held at once, "
                "%lu still held; %zu pages pooled",
                statistics->allocations, statistics->reused, statistics->held_max,
                statistics->held, xcall->pool.pooled_pages);
}

/*
 * A child has no locked memory of its parent's: where it was, there may be
 * something of the child's own by now. Device memory it has inherited.
 */
static bool pooled_memory_is_ours(const xencall_handle *xcall)
{
    return xcall->buffer_fd >= 0 || xcall->opener == getpid();
}

int xencall_close(xencall_handle *xcall)
{
    int saved = errno;

    if (!xcall)
        return 0;
    xentoolcore__deregister_active_handle(&xcall->active);
    log_statistics(xcall);
    xencall_pool_destroy(&xcall->pool, pooled_memory_is_ours(xcall));
    if (!xcall->is_callers)
        xenlibs_device_close_quietly(xcall->privcmd_fd);
    xenlibs_device_close_quietly(xcall->buffer_fd);
    xenlibs_log_destroy(&xcall->log);
    free(xcall->loans.list);
    free(xcall);
    errno = saved;
    return 0;
}

int xencall_fd(xencall_handle *xcall)
{
    return xcall->privcmd_fd;
}
