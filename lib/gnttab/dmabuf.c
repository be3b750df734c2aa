/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "uapi_gntdev.h"

/* Buffers that are worth a dma-buf have many pages: these requests go on the heap. */
static void *allocate_request(size_t head_size, uint32_t count, const void *refs,
                              uint32_t domid)
{
    if (!gnttab_count_is_possible(count) || !refs || !gnttab_domid_is_possible(domid)) {
        errno = EINVAL;
        return NULL;
    }
    return calloc(1, head_size + (size_t)count * sizeof(uint32_t));
}

static void free_quietly(void *memory)
{
    int saved = errno;

    free(memory);
    errno = saved;
}

int xengnttab_dmabuf_exp_from_refs(xengnttab_handle *xgt, uint32_t domid, uint32_t flags,
                                   uint32_t count, const uint32_t *refs, uint32_t *fd)
{
    struct uapi_gntdev_dmabuf_exp_from_refs *request =
        allocate_request(sizeof(*request), count, refs, domid);
    int rc = -1;

    if (request) {
        request->flags = flags;
        request->count = count;
        request->domid = domid;
        memcpy(request->refs, refs, (size_t)count * sizeof(*refs));
        rc = ioctl(xgt->fd, UAPI_GNTDEV_DMABUF_EXP_FROM_REFS, request);
    }
    if (rc)
        xenlibs_log_error(&xgt->log, "cannot make a dma-buf of %u granted page(s)", count);
    else
        *fd = request->fd;
    free_quietly(request);
    return rc;
}

int xengnttab_dmabuf_exp_wait_released(xengnttab_handle *xgt, uint32_t fd,
                                       uint32_t wait_to_ms)
{
    struct uapi_gntdev_dmabuf_exp_wait_released request = {.fd = fd,
                                                           .wait_to_ms = wait_to_ms};
    int saved = errno;

    if (!ioctl(xgt->fd, UAPI_GNTDEV_DMABUF_EXP_WAIT_RELEASED, &request))
        return 0;
    if (errno == ENOENT) { /* released already */
        errno = saved;
        return 0;
    }
    xenlibs_log_error(&xgt->log, "cannot wait for the release of dma-buf %u", fd);
    return -1;
}

int xengnttab_dmabuf_imp_to_refs(xengnttab_handle *xgt, uint32_t domid, uint32_t fd,
                                 uint32_t count, uint32_t *refs)
{
    struct uapi_gntdev_dmabuf_imp_to_refs *request =
        allocate_request(sizeof(*request), count, refs, domid);
    int rc = -1;

    if (request) {
        request->fd = fd;
        request->count = count;
        request->domid = domid;
        rc = ioctl(xgt->fd, UAPI_GNTDEV_DMABUF_IMP_TO_REFS, request);
    }
    if (rc)
        xenlibs_log_error(&xgt->log, "cannot grant the %u page(s) of dma-buf %u", count, fd);
    else
        memcpy(refs, request->refs, (size_t)count * sizeof(*refs));
    free_quietly(request);
    return rc;
}

int xengnttab_dmabuf_imp_release(xengnttab_handle *xgt, uint32_t fd)
{
    struct uapi_gntdev_dmabuf_imp_release request = {.fd = fd};
    int rc = ioctl(xgt->fd, UAPI_GNTDEV_DMABUF_IMP_RELEASE, &request);

    if (rc)
        xenlibs_log_error(&xgt->log, "cannot release dma-buf %u", fd);
    return rc;
}
