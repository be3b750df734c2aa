/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define __XEN_TOOLS__ 1
#include "dm_op.h"

#include <errno.h>
#include <string.h>

#include "hypercall.h"
#include "uapi_privcmd.h"

enum { MAX_BUFFERS = 2, ALIGNMENT = 16 };

/* A hypercall's list of buffers; what is in them follows. */
struct bounce {
    _Alignas(ALIGNMENT) xen_dm_op_buf_t list[MAX_BUFFERS];
};

static size_t aligned(size_t size)
{
    return (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

static void copy_in(struct bounce *bounce, const struct uapi_privcmd_dm_op_buf *buffers,
                    unsigned int count)
{
    char *place = (char *)(bounce + 1);

    for (unsigned int i = 0; i < count; i++) {
        set_xen_guest_handle(bounce->list[i].h, place);
        bounce->list[i].size = buffers[i].size;
        if (buffers[i].size)
            memcpy(place, buffers[i].uptr, buffers[i].size);
        place += aligned(buffers[i].size);
    }
}

static void copy_out(const struct bounce *bounce, const struct uapi_privcmd_dm_op_buf *buffers,
                     unsigned int count)
{
    const char *place = (const char *)(bounce + 1);

    for (unsigned int i = 0; i < count; i++) {
        if (buffers[i].size)
            memcpy(buffers[i].uptr, place, buffers[i].size);
        place += aligned(buffers[i].size);
    }
}

static int by_hypercall(xendevicemodel_handle *dmod, domid_t domid,
                        const struct uapi_privcmd_dm_op_buf *buffers, unsigned int count)
{
    size_t size = sizeof(struct bounce);
    struct bounce *bounce;
    int rc;

    for (unsigned int i = 0; i < count; i++)
        size += aligned(buffers[i].size);
    bounce = xendevicemodel_argument_new(dmod, size);
    if (!bounce)
        return -1;
    copy_in(bounce, buffers, count);
    rc = xendevicemodel_hypercall(dmod, __HYPERVISOR_dm_op, domid, count, (uintptr_t)bounce);
    copy_out(bounce, buffers, count);
    xendevicemodel_argument_free(dmod, bounce);
    return rc < 0 ? -1 : 0;
}

static int by_ioctl(xendevicemodel_handle *dmod, domid_t domid,
                    const struct uapi_privcmd_dm_op_buf *buffers, unsigned int count)
{
    struct uapi_privcmd_dm_op argument = {
        .dom = domid, .num = (uint16_t)count, .ubufs = buffers};
    int rc;

    do
        rc = ioctl(dmod->fd, UAPI_PRIVCMD_DM_OP, &argument);
    while (rc < 0 && errno == EINTR);
    return rc < 0 ? -1 : 0;
}

/*
 * The kernel refuses a buffer that is too large for it before Xen sees the
 * request; a hypercall carries it whole. That is not open to a restricted
 * handle, for which E2BIG is the truth.
 */
static int carry_out(xendevicemodel_handle *dmod, domid_t domid,
                     const struct uapi_privcmd_dm_op_buf *buffers, unsigned int count)
{
    int saved = errno;

    if (dmod->fd >= 0) {
        if (!by_ioctl(dmod, domid, buffers, count))
            return 0;
        if (errno != E2BIG || xendevicemodel_is_restricted(dmod))
            return -1;
        errno = saved;
    }
    return by_hypercall(dmod, domid, buffers, count);
}

int xendevicemodel_dm_op(xendevicemodel_handle *dmod, domid_t domid, struct xen_dm_op *op)
{
    struct uapi_privcmd_dm_op_buf buffer = {op, sizeof(*op)};

    return carry_out(dmod, domid, &buffer, 1);
}

int xendevicemodel_dm_op_with(xendevicemodel_handle *dmod, domid_t domid, struct xen_dm_op *op,
                              void *data, size_t size)
{
    struct uapi_privcmd_dm_op_buf buffers[MAX_BUFFERS] = {{op, sizeof(*op)}, {data, size}};

    if (size && !data) {
        errno = EFAULT;
        return -1;
    }
    return carry_out(dmod, domid, buffers, MAX_BUFFERS);
}
