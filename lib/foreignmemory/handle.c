/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "deadline.h"
#include "device.h"
#include "uapi_privcmd.h"

/* Neither an errno nor 0: the kernel did not refuse what no kernel knows. */
enum { NO_ERRNO = -1 };

static int retry_ioctl(int fd, unsigned long request, void *argument)
{
    int rc;

    do
        rc = ioctl(fd, request, argument);
    while (rc < 0 && errno == EINTR);
    return rc;
}

/*
 * Threads that come here at once all learn the same. Only what a kernel may
 * say to an unknown ioctl is worth the question.
 */
void xenforeignmemory_name_unknown_ioctl(xenforeignmemory_handle *fmem)
{
    int failure = errno, unknown;

    if (failure != ENOTTY && failure != EINVAL && failure != ENOSYS)
        return;
    unknown = atomic_load_explicit(&fmem->unknown_errno, memory_order_relaxed);
    if (!unknown) {
        unknown = retry_ioctl(fmem->fd, UAPI_PRIVCMD_UNIMPLEMENTED, NULL) < 0 ? errno : NO_ERRNO;
        atomic_store_explicit(&fmem->unknown_errno, unknown, memory_order_relaxed);
    }
    errno = failure == unknown ? EOPNOTSUPP : failure;
}

int xenforeignmemory_restrict(xenforeignmemory_handle *fmem, domid_t domid)
{
    uint16_t only = domid;

    return retry_ioctl(fmem->fd, UAPI_PRIVCMD_RESTRICT, &only);
}

static int restrict_active_handle(Xentoolcore__Active_Handle *ah, domid_t domid)
{
    xenforeignmemory_handle *fmem =
        (xenforeignmemory_handle *)((char *)ah - offsetof(xenforeignmemory_handle, ah));

    return fmem->fd < 0 ? 0 : xenforeignmemory_restrict(fmem, domid);
}

/* Takes the handle out of reach of restrict_all before its descriptor goes. */
static int close_and_free(xenforeignmemory_handle *fmem)
{
    int saved = errno, rc = 0;

    if (!fmem->is_callers) {
        xentoolcore__deregister_active_handle(&fmem->ah);
        rc = fmem->fd < 0 ? 0 : close(fmem->fd);
    }
    if (!rc)
        errno = saved;
    saved = errno;
    xenlibs_log_destroy(&fmem->log);
    free(fmem);
    errno = saved;
    return rc;
}

static xenforeignmemory_handle *allocate(struct xentoollog_logger *logger)
{
    xenforeignmemory_handle *fmem = calloc(1, sizeof(*fmem));

    if (!fmem)
        return NULL;
    xenlibs_log_init(&fmem->log, logger, "xenforeignmemory");
    fmem->fd = -1;
    atomic_init(&fmem->paging_timeout_ms, XENLIBS_PAGING_TIMEOUT_MS);
    return fmem;
}

xenforeignmemory_handle *xenforeignmemory_open(struct xentoollog_logger *logger,
                                               unsigned open_flags)
{
    xenforeignmemory_handle *fmem = allocate(logger);

    (void)open_flags;
    if (!fmem)
        return NULL;
    fmem->ah.restrict_callback = restrict_active_handle;
    xentoolcore__register_active_handle(&fmem->ah);

    fmem->fd = xenlibs_privcmd_open();
    if (fmem->fd < 0) {
        xenlibs_log_error(&fmem->log, "cannot open " XENLIBS_DEVICE_PRIVCMD);
        close_and_free(fmem);
        return NULL;
    }
    return fmem;
}

xenforeignmemory_handle *xenforeignmemory_open_on(struct xentoollog_logger *logger,
                                                  unsigned open_flags, int privcmd_fd)
{
    xenforeignmemory_handle *fmem;

    (void)open_flags;
    if (privcmd_fd < 0) {
        errno = EBADF;
        return NULL;
    }
    fmem = allocate(logger);
    if (!fmem)
        return NULL;
    fmem->fd = privcmd_fd;
    fmem->is_callers = true;
    return fmem;
}

int xenforeignmemory_close(xenforeignmemory_handle *fmem)
{
    return fmem ? close_and_free(fmem) : 0;
}

int xenforeignmemory_set_paging_timeout(xenforeignmemory_handle *fmem, int timeout_ms)
{
    if (timeout_ms < XENLIBS_WAIT_FOREVER) {
        errno = EINVAL;
        return -1;
    }
    atomic_store_explicit(&fmem->paging_timeout_ms, timeout_ms, memory_order_relaxed);
    return 0;
}

int xenforeignmemory_get_paging_timeout(xenforeignmemory_handle *fmem)
{
    return atomic_load_explicit(&fmem->paging_timeout_ms, memory_order_relaxed);
}
