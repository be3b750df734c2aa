/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"

#include <errno.h>
#include <stdbool.h>

#include "uapi_privcmd.h"

/*
 * Kernels before 6.7 do not know these (ENOTTY), later ones may be built
 * without them (EOPNOTSUPP, which is ENOTSUP).
 */
static int ask_kernel(xendevicemodel_handle *dmod, unsigned long request, void *argument)
{
    int rc;

    if (dmod->fd < 0) {
        errno = ENOTSUP;
        return -1;
    }
    do
        rc = ioctl(dmod->fd, request, argument);
    while (rc < 0 && errno == EINTR);
    if (rc < 0 && errno == ENOTTY)
        errno = ENOTSUP;
    return rc < 0 ? -1 : 0;
}

/* The kernel keeps a copy of @op. */
static int bind_irqfd(xendevicemodel_handle *dmod, domid_t domid, int eventfd,
                      const struct xen_dm_op *op)
{
    struct uapi_privcmd_irqfd argument = {
        .dm_op = (uintptr_t)op, .size = sizeof(*op), .fd = (uint32_t)eventfd, .dom = domid};

    return ask_kernel(dmod, UAPI_PRIVCMD_IRQFD, &argument);
}

int xendevicemodel_irqfd_bind_irq(xendevicemodel_handle *dmod, domid_t domid, int eventfd,
                                  unsigned int irq)
{
    struct xen_dm_op op = {.op = XEN_DMOP_set_irq_level};

    op.u.set_irq_level.irq = irq;
    op.u.set_irq_level.level = 1;
    return bind_irqfd(dmod, domid, eventfd, &op);
}

int xendevicemodel_irqfd_bind_msi(xendevicemodel_handle *dmod, domid_t domid, int eventfd,
                                  uint64_t msi_addr, uint32_t msi_data)
{
    struct xen_dm_op op = {.op = XEN_DMOP_inject_msi};

    op.u.inject_msi.addr = msi_addr;
    op.u.inject_msi.data = msi_data;
    return bind_irqfd(dmod, domid, eventfd, &op);
}

int xendevicemodel_irqfd_unbind(xendevicemodel_handle *dmod, domid_t domid, int eventfd)
{
    struct uapi_privcmd_irqfd argument = {
        .fd = (uint32_t)eventfd, .flags = UAPI_PRIVCMD_IRQFD_DEASSIGN, .dom = domid};

    return ask_kernel(dmod, UAPI_PRIVCMD_IRQFD, &argument);
}

/*
 * A caller built against a later header may know more members than we do: they
 * are fine as long as they are zero.
 */
static int check_size(const struct xendevicemodel_ioeventfd *doorbell)
{
    const unsigned char *bytes = (const unsigned char *)doorbell;

    if (doorbell->size < sizeof(*doorbell)) {
        errno = EINVAL;
        return -1;
    }
    for (size_t i = sizeof(*doorbell); i < doorbell->size; i++) {
        if (bytes[i]) {
            errno = E2BIG;
            return -1;
        }
    }
    return 0;
}

static int change_ioeventfd(xendevicemodel_handle *dmod, domid_t domid, int eventfd,
                            const struct xendevicemodel_ioeventfd *doorbell, uint32_t flags)
{
    struct uapi_privcmd_ioeventfd argument;

    if (check_size(doorbell))
        return -1;
    argument = (struct uapi_privcmd_ioeventfd){
        .ioreq = (uintptr_t)doorbell->ioreqs,
        .ports = (uintptr_t)doorbell->ports,
        .addr = doorbell->addr,
        .addr_len = doorbell->addr_len,
        .event_fd = (uint32_t)eventfd,
        .vcpus = doorbell->nr_vcpus,
        .vq = doorbell->queue,
        .flags = flags,
        .dom = domid};
    return ask_kernel(dmod, UAPI_PRIVCMD_IOEVENTFD, &argument);
}

int xendevicemodel_ioeventfd_bind(xendevicemodel_handle *dmod, domid_t domid, int eventfd,
                                  const struct xendevicemodel_ioeventfd *doorbell)
{
    return change_ioeventfd(dmod, domid, eventfd, doorbell, 0);
}

int xendevicemodel_ioeventfd_unbind(xendevicemodel_handle *dmod, domid_t domid, int eventfd,
                                    const struct xendevicemodel_ioeventfd *doorbell)
{
    return change_ioeventfd(dmod, domid, eventfd, doorbell, UAPI_PRIVCMD_IOEVENTFD_DEASSIGN);
}
