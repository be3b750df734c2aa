/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxendevicemodel: the host's devices for a guest. A device is assigned, so that
 * its DMA goes to the guest's memory; its registers are mapped, which takes the right
 * to them; its interrupts get numbers of the guest's and are bound. See
 * docs/write-a-device-model.md for the order.
 *
 * Beyond upstream: XENLIBS_1.0. For these things Xen has only its unstable
 * interface. The library learns once per process which release is running, and
 * speaks its language: every release from 4.14 on.
 *
 * Every operation names the guest. It returns 0, with errno kept, or -1 with errno.
 * Next to those listed with each, an operation may fail with
 *   ENOTSUP  this Xen has no such operation, cannot express the request, or is of a
 *            release that is not known here. Nothing was sent; the reason is logged
 *            through the handle's logger, once for each operation
 *   EPERM    the handle is restricted, to whichever domain; or Xen denies the caller
 *            to act for this one, or to give away what it has no right to itself
 *   EACCES   Xen's security policy denies it; never a wrong version
 *   ESRCH    there is no such domain, or it is dying
 *   EINVAL   Xen finds an argument out of range, or the domain of another kind
 *   ENOSYS, EOPNOTSUPP  the host has no IOMMU in use, or Xen was built without this
 *   ENODEV   the device, or the IOMMU behind it, is not there
 *   ENOMEM   Xen has no memory for it, or there is none for the hypercall
 * and the first of a handle with the errnos of xencall_open().
 *
 * Rights do not nest: each of the operations below changes one thing, and what was
 * done is to be undone in the opposite order. A right that is taken leaves the
 * mapping that it was needed for.
 *
 * By hypercall, on every kernel: a restricted handle has none. Beneath:
 * IOCTL_PRIVCMD_HYPERCALL, once unless said otherwise. Blocking: as long as Xen takes.
 * Threads: safe, save for closing. Fork: not in the child.
 */
#ifndef XENDEVICEMODEL_PASSTHROUGH_H
#define XENDEVICEMODEL_PASSTHROUGH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xendevicemodel.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- devices ---- */

/* Regions that the firmware reserves for the device need not be the guest's as well. */
#define XENDEVICEMODEL_ASSIGN_RDM_RELAXED 1u

/**
 * xendevicemodel_assign_device() - let a PCI device's DMA go to a guest's memory
 * xendevicemodel_deassign_device() - no longer, but to quarantine or the control domain
 * xendevicemodel_test_assign_device() - is it free to be assigned?
 * @machine_sbdf: the host's: segment << 16 | bus << 8 | device << 3 | function
 * @flags:        XENDEVICEMODEL_ASSIGN_*, or 0
 *
 * The device must be free of a driver: pciback has it. The guest must have been
 * created for it (createdomain with the IOMMU). Give no interrupt and no mapping of
 * a device that is not assigned: its DMA would reach whatever memory it names.
 * @domid may be DOMID_INVALID for the test: no one has it.
 *
 *   EINVAL, EBUSY  another domain has it, or its group's devices
 *   EXDEV          the guest has features that do not go with it, such as logging of
 *                  dirty pages
 *   EPERM          also: the device is shared, or hidden from guests
 *
 * Beneath: domctl assign_device, deassign_device, test_assign_device.
 */
int xendevicemodel_assign_device(xendevicemodel_handle *dmod, domid_t domid,
                                 uint32_t machine_sbdf, uint32_t flags);
int xendevicemodel_deassign_device(xendevicemodel_handle *dmod, domid_t domid,
                                   uint32_t machine_sbdf);
int xendevicemodel_test_assign_device(xendevicemodel_handle *dmod, domid_t domid,
                                      uint32_t machine_sbdf);

/**
 * xendevicemodel_assign_dt_device() - the same for a node of the device tree (Arm)
 * xendevicemodel_deassign_dt_device() - likewise
 * xendevicemodel_test_assign_dt_device() - likewise
 * @path: of the node, such as "/soc/ethernet@fe300000"
 *
 *   EINVAL  also: @path is NULL or empty
 */
int xendevicemodel_assign_dt_device(xendevicemodel_handle *dmod, domid_t domid,
                                    const char *path);
int xendevicemodel_deassign_dt_device(xendevicemodel_handle *dmod, domid_t domid,
                                      const char *path);
int xendevicemodel_test_assign_dt_device(xendevicemodel_handle *dmod, domid_t domid,
                                         const char *path);

/* ---- rights ---- */

/**
 * xendevicemodel_ioport_permission() - let a guest use I/O ports of the host
 * xendevicemodel_iomem_permission() - frames of I/O memory
 * xendevicemodel_irq_permission() - an interrupt
 * xendevicemodel_gsi_permission() - a GSI
 * @first_port, @nr_ports: at least one port, and none beyond 0xffff
 * @first_mfn, @nr_mfns:   the host's frames, of 4096 bytes; at least one
 * @pirq:                  the caller's own number for the interrupt
 * @gsi:                   the host's number for it, for callers without numbers
 *                         of their own, such as a PVH control domain
 * @allow:                 true: it may; false: it may no longer
 *
 * A PV guest may then touch them, an HVM or PVH guest may have them mapped. Only what
 * the caller has a right to can be given.
 *
 *   EINVAL   also: a range is empty, wraps around or ends beyond the last port;
 *            nothing was sent
 *   ENOTSUP  also: irq_permission of a @pirq above 255 before Xen 4.16;
 *            gsi_permission before 4.20
 *
 * Beneath: the domctl of the same name.
 */
int xendevicemodel_ioport_permission(xendevicemodel_handle *dmod, domid_t domid,
                                     uint32_t first_port, uint32_t nr_ports, bool allow);
int xendevicemodel_iomem_permission(xendevicemodel_handle *dmod, domid_t domid,
                                    uint64_t first_mfn, uint64_t nr_mfns, bool allow);
int xendevicemodel_irq_permission(xendevicemodel_handle *dmod, domid_t domid, uint32_t pirq,
                                  bool allow);
int xendevicemodel_gsi_permission(xendevicemodel_handle *dmod, domid_t domid, uint32_t gsi,
                                  bool allow);

/* ---- mappings, for HVM and PVH guests ---- */

/**
 * xendevicemodel_ioport_mapping() - show a guest I/O ports of the host
 * @first_gport, @first_mport: where the guest sees them, and where they are
 * @nr_ports:                  how many, at least one, and none beyond 0xffff
 * @add:                       true: show them; false: no longer, given the same
 *
 * The right to the ports comes and goes with the mapping, on every release: where Xen
 * keeps the two apart, as from 4.23 on, the right is given first, taken back if
 * mapping fails, and taken when they are unmapped, even if that fails.
 *
 *   EINVAL      also: a range is empty or ends beyond the last port (nothing was
 *               sent); or the guest is PV
 *   EOPNOTSUPP  also: the guest is PV
 *
 * Beneath: domctl ioport_mapping; from Xen 4.23 on with ioport_permission.
 */
int xendevicemodel_ioport_mapping(xendevicemodel_handle *dmod, domid_t domid,
                                  uint32_t first_gport, uint32_t first_mport, uint32_t nr_ports,
                                  bool add);

/**
 * xendevicemodel_memory_mapping() - show a guest frames of the host's I/O memory
 * @first_gfn, @first_mfn: where the guest sees them, and where they are
 * @nr_mfns:               how many, at least one
 * @add:                   true: show them; false: no longer, given the same
 *
 * Wants the right to them, the caller's and the guest's
 * (xendevicemodel_iomem_permission()); up to Xen 4.21 for unmapping too, so unmap
 * first and take the right afterwards. For a PV guest, which maps them itself, it
 * does nothing. Xen takes large ranges in pieces. If mapping fails midway, what was
 * mapped by this call is unmapped; if unmapping does, the rest is unmapped all the same,
 * and the first failure is reported.
 *
 *   EPERM   also: no right to them
 *   EINVAL  also: a range is empty or wraps around (nothing was sent), or goes beyond
 *           the machine's addresses
 *   EBUSY   the guest has something else there
 *
 * Beneath: domctl memory_mapping, once for each piece.
 */
int xendevicemodel_memory_mapping(xendevicemodel_handle *dmod, domid_t domid,
                                  uint64_t first_gfn, uint64_t first_mfn, uint64_t nr_mfns,
                                  bool add);

/* ---- interrupts: a guest's numbers for them ---- */

/**
 * xendevicemodel_physdev_map_pirq() - give a guest a number for a GSI of the host
 * xendevicemodel_physdev_map_pirq_gsi() - the same, for any number
 * xendevicemodel_physdev_map_pirq_msi() - give it one for a device's MSI or MSI-X
 * @gsi:          the host's
 * @machine_sbdf: the device, as for xendevicemodel_assign_device()
 * @entry_nr:     which entry of the MSI-X table; 0 for MSI
 * @table_base:   where the MSI-X table is in the host's address space; 0: use MSI
 * @pirq:         in: the number wanted, or a negative one: that of the GSI itself
 *                (physdev_map_pirq()), or any that is free (the other two); out: the number
 *
 * The guest gets the right to the interrupt with it. A GSI is level-triggered as the
 * caller has set it up, by a driver such as pciback.
 *
 *   EINVAL  also: @gsi is negative, @entry_nr above INT_MAX, or @pirq is NULL
 *           (nothing was sent); no such interrupt
 *   EEXIST  the number, or the interrupt, is the guest's already
 *   EBUSY   another has the interrupt
 *   ENODEV, ESRCH  there is no such device, or it sends no messages
 *   ENOSPC  no number is free
 *
 * Beneath: physdev_op map_pirq.
 */
int xendevicemodel_physdev_map_pirq(xendevicemodel_handle *dmod, domid_t domid, int gsi,
                                    int *pirq);
int xendevicemodel_physdev_map_pirq_gsi(xendevicemodel_handle *dmod, domid_t domid, int gsi,
                                        int *pirq);
int xendevicemodel_physdev_map_pirq_msi(xendevicemodel_handle *dmod, domid_t domid,
                                        uint32_t machine_sbdf, uint32_t entry_nr,
                                        uint64_t table_base, int *pirq);

/**
 * xendevicemodel_physdev_unmap_pirq() - take a number back, and the right with it
 * @pirq: the guest's number; unbind it before
 *
 *   EINVAL  also: it is negative (nothing was sent), or not the guest's
 *
 * Beneath: physdev_op unmap_pirq.
 */
int xendevicemodel_physdev_unmap_pirq(xendevicemodel_handle *dmod, domid_t domid, int pirq);

/* ---- interrupts: how they reach an HVM guest ---- */

enum xendevicemodel_pt_irq_type {
    XENDEVICEMODEL_PT_IRQ_PCI = 0,           /* as a pin of a virtual PCI device */
    XENDEVICEMODEL_PT_IRQ_ISA = 1,           /* as an ISA interrupt */
    XENDEVICEMODEL_PT_IRQ_MSI = 2,           /* as a message of the guest's making */
    XENDEVICEMODEL_PT_IRQ_MSI_TRANSLATE = 3, /* the host's by message, the guest's by pin */
    XENDEVICEMODEL_PT_IRQ_SPI = 4            /* as an SPI (Arm) */
};

struct xendevicemodel_pt_irq {
    size_t size;   /* sizeof(struct xendevicemodel_pt_irq) */
    uint32_t type; /* enum xendevicemodel_pt_irq_type: which of the rest count */
    uint32_t pirq; /* the guest's number for it; SPI: the guest's SPI */
    /* PCI, MSI_TRANSLATE */
    uint8_t bus;
    uint8_t device; /* 0 to 31, where the guest sees it */
    uint8_t intx;   /* 0 to 3: INTA to INTD */
    /* ISA */
    uint8_t isa_irq;
    /* SPI */
    uint16_t spi; /* the host's */
    /* MSI */
    uint8_t gvec;    /* the guest's vector */
    uint32_t gflags; /* destination 0–7, and XENDEVICEMODEL_MSI_* */
    uint64_t gtable; /* the guest-physical address of its MSI-X table, or 0 */
};

/* Beside the destination in gflags, as a message's address and data have them. */
#define XENDEVICEMODEL_MSI_REDIRECTION_HINT 0x100u
#define XENDEVICEMODEL_MSI_LOGICAL 0x200u        /* the destination's mode */
#define XENDEVICEMODEL_MSI_DELIVERY_MODE 0x7000u /* bits 12 to 14 */
#define XENDEVICEMODEL_MSI_LEVEL 0x8000u         /* triggered by level */
#define XENDEVICEMODEL_MSI_UNMASKED 0x10000u     /* the guest has the entry unmasked */

/**
 * xendevicemodel_bind_pt_irq() - have an interrupt of the host's delivered to a guest
 * xendevicemodel_unbind_pt_irq() - no longer, given the same
 * @irq: read during the call only
 *
 * The number must have been mapped before, and a device assigned.
 *
 *   EINVAL      also: @irq is NULL or its size too small, there is no such type, or a
 *               device or pin is out of range (nothing was sent); the guest is PV; the
 *               number is not mapped; it is not bound (unbind)
 *   E2BIG       the caller's header knows of more than this library does
 *   ESRCH       also: the guest has no device assigned, and so no IOMMU
 *   EBUSY       the number is bound in another way
 *   EOPNOTSUPP  this type is not for this architecture
 *
 * Beneath: domctl bind_pt_irq, unbind_pt_irq.
 */
int xendevicemodel_bind_pt_irq(xendevicemodel_handle *dmod, domid_t domid,
                               const struct xendevicemodel_pt_irq *irq);
int xendevicemodel_unbind_pt_irq(xendevicemodel_handle *dmod, domid_t domid,
                                 const struct xendevicemodel_pt_irq *irq);

/**
 * xendevicemodel_update_msi_irq() - bind a message as the guest has just set it up
 * xendevicemodel_unbind_msi_irq() - no longer
 * @gvec, @pirq, @gflags, @gtable: as in struct xendevicemodel_pt_irq
 *
 * Binding again replaces what was: to be called whenever the guest writes to its
 * message's address or data. Fails as xendevicemodel_bind_pt_irq() does.
 */
int xendevicemodel_update_msi_irq(xendevicemodel_handle *dmod, domid_t domid, uint8_t gvec,
                                  uint32_t pirq, uint32_t gflags, uint64_t gtable);
int xendevicemodel_unbind_msi_irq(xendevicemodel_handle *dmod, domid_t domid, uint8_t gvec,
                                  uint32_t pirq, uint32_t gflags);

#ifdef __cplusplus
}
#endif

#endif /* XENDEVICEMODEL_PASSTHROUGH_H */
