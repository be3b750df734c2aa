/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libxendevicemodel: interrupts and doorbells through eventfds; part of <xendevicemodel.h>. */
#ifndef XENDEVICEMODEL_EVENTFD_H
#define XENDEVICEMODEL_EVENTFD_H

#include <xendevicemodel.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Events without the device model: the kernel carries out an interrupt when an
 * eventfd is written to, and signals one when the guest rings a doorbell. This
 * is what vhost workers want. Errors of the five:
 *   ENOTSUP  the kernel is before Linux 6.7, or built without
 *            CONFIG_XEN_PRIVCMD_EVENTFD, which only Arm kernels tend to have
 *   EPERM    the handle is restricted to another domain
 *   EBADF, EINVAL  @eventfd is not open, or no eventfd(2)
 *   ENOMEM   no memory
 * The kernel takes a reference to the eventfd; the caller keeps its own.
 */

/**
 * xendevicemodel_irqfd_bind_irq() - let an eventfd assert an interrupt line
 * xendevicemodel_irqfd_bind_msi() - let an eventfd send an MSI
 * @irq:                 as for xendevicemodel_set_irq_level()
 * @msi_addr, @msi_data: as for xendevicemodel_inject_msi()
 *
 *   EBUSY  the eventfd is bound already
 *
 * Beneath: IOCTL_PRIVCMD_IRQFD.
 */
int xendevicemodel_irqfd_bind_irq(xendevicemodel_handle *dmod, domid_t domid, int eventfd,
                                  unsigned int irq);
int xendevicemodel_irqfd_bind_msi(xendevicemodel_handle *dmod, domid_t domid, int eventfd,
                                  uint64_t msi_addr, uint32_t msi_data);

/** xendevicemodel_irqfd_unbind() - undo either; beneath: IOCTL_PRIVCMD_IRQFD */
int xendevicemodel_irqfd_unbind(xendevicemodel_handle *dmod, domid_t domid, int eventfd);

/* A virtio-mmio device's doorbell. */
struct xendevicemodel_ioeventfd {
    size_t size;                /* sizeof(struct xendevicemodel_ioeventfd) */
    void *ioreqs;               /* the mapped page of the server's requests */
    const evtchn_port_t *ports; /* this domain's, one for each virtual CPU */
    uint32_t nr_vcpus;          /* 1 to 4096 */
    uint32_t queue;             /* the virtqueue whose number is written */
    uint64_t addr;              /* guest-physical, of the device's registers */
    uint32_t addr_len;          /* of the write, 1, 2, 4 or 8 bytes */
};

/**
 * xendevicemodel_ioeventfd_bind() - have a doorbell signal an eventfd
 * xendevicemodel_ioeventfd_unbind() - undo it, given the same
 * @doorbell: read during the call only
 *
 *   EINVAL  also: a member is out of range, size is too small, or the ioreqs
 *           were bound for another domain or number of virtual CPUs
 *   E2BIG   the caller's header knows of more than this library does
 *   EBUSY   the eventfd is bound already
 *   ENOENT  it is not bound (unbind)
 *   EFAULT  the ports are not memory of ours
 *
 * Beneath: IOCTL_PRIVCMD_IOEVENTFD.
 */
int xendevicemodel_ioeventfd_bind(xendevicemodel_handle *dmod, domid_t domid, int eventfd,
                                  const struct xendevicemodel_ioeventfd *doorbell);
int xendevicemodel_ioeventfd_unbind(xendevicemodel_handle *dmod, domid_t domid, int eventfd,
                                    const struct xendevicemodel_ioeventfd *doorbell);

#ifdef __cplusplus
}
#endif

#endif /* XENDEVICEMODEL_EVENTFD_H */
