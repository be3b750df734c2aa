/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's devices for domains: rights, mappings, interrupts. */
#ifndef XENCTRL_PASSTHROUGH_H
#define XENCTRL_PASSTHROUGH_H

#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- rights ---- */

/* Let a domain use ports, frames of I/O memory, an interrupt of its own, or a GSI; or no longer. */
int xc_domain_ioport_permission(xc_interface *xch, uint32_t domid, uint32_t first_port,
                                uint32_t nr_ports, uint32_t allow_access);
int xc_domain_iomem_permission(xc_interface *xch, uint32_t domid, unsigned long first_mfn,
                               unsigned long nr_mfns, uint8_t allow_access);
/* ENOTSUP also: a number above 255 before Xen 4.16. */
int xc_domain_irq_permission(xc_interface *xch, uint32_t domid, uint32_t pirq,
                             bool allow_access);
#ifndef XEN_DOMCTL_GSI_GRANT /* headers of Xen before 4.20 */
#define XEN_DOMCTL_GSI_REVOKE 0
#define XEN_DOMCTL_GSI_GRANT 1
#endif
/* @flags: XEN_DOMCTL_GSI_GRANT or _REVOKE. ENOTSUP before Xen 4.20. */
int xc_domain_gsi_permission(xc_interface *xch, uint32_t domid, uint32_t gsi, uint32_t flags);

/* ---- mappings ---- */

/**
 * xc_domain_memory_mapping() - show a domain frames of I/O memory, or no longer
 * @add_mapping: DPCI_ADD_MAPPING or DPCI_REMOVE_MAPPING
 *
 * EPERM also: the caller, or the domain, has no right to them (xc_domain_iomem_permission).
 * Done in pieces that Xen can take at once. If adding fails midway, what was added is
 * removed again; if removing does, the rest is tried all the same.
 */
int xc_domain_memory_mapping(xc_interface *xch, uint32_t domid, unsigned long first_gfn,
                             unsigned long first_mfn, unsigned long nr_mfns,
                             uint32_t add_mapping);

/* Show a domain I/O ports and let it use them; on every release both. */
int xc_domain_ioport_mapping(xc_interface *xch, uint32_t domid, uint32_t first_gport,
                             uint32_t first_mport, uint32_t nr_ports, uint32_t add_mapping);

/* ---- devices ---- */

/*
 * Give a PCI device (segment << 16 | bus << 8 | devfn) to a domain, with
 * XEN_DOMCTL_DEV_* in @flag; take it away; ask whether it is free. The same for a node
 * of the device tree, by its path (Arm). EBUSY or EINVAL: it is not.
 */
int xc_assign_device(xc_interface *xch, uint32_t domid, uint32_t machine_sbdf, uint32_t flag);
int xc_deassign_device(xc_interface *xch, uint32_t domid, uint32_t machine_sbdf);
int xc_test_assign_device(xc_interface *xch, uint32_t domid, uint32_t machine_sbdf);
int xc_assign_dt_device(xc_interface *xch, uint32_t domid, char *path);
int xc_deassign_dt_device(xc_interface *xch, uint32_t domid, char *path);
int xc_test_assign_dt_device(xc_interface *xch, uint32_t domid, char *path);

/* The devices that can only go together with one: up to @max_sdevs at @sdev_array. */
int xc_get_device_group(xc_interface *xch, uint32_t domid, uint32_t machine_sbdf,
                        uint32_t max_sdevs, uint32_t *num_sdevs, uint32_t *sdev_array);

/* ---- interrupts ---- */

/**
 * xc_physdev_map_pirq() - let a domain have an interrupt of the host's
 * @index: the host's GSI
 * @pirq:  in: the domain's number for it, or -1: the host's (_gsi: a free one); out:
 *         its number
 */
int xc_physdev_map_pirq(xc_interface *xch, uint32_t domid, int index, int *pirq);
int xc_physdev_map_pirq_gsi(xc_interface *xch, uint32_t domid, int gsi, int *pirq);

/*
 * The same for entry @entry_nr of a device's MSI-X table, or its MSI (@table_base 0);
 * the upper 16 bits of @bus are the segment.
 */
int xc_physdev_map_pirq_msi(xc_interface *xch, uint32_t domid, int index, int *pirq, int devfn,
                            int bus, int entry_nr, uint64_t table_base);
int xc_physdev_unmap_pirq(xc_interface *xch, uint32_t domid, int pirq);

/**
 * xc_pcidev_get_gsi() - the host's interrupt that a PCI device's pin is wired to
 * @sbdf: segment << 16 | bus << 8 | devfn, of a device that xen-pciback holds
 *
 * The kernel's answer, not Xen's. ENODEV also: pciback does not hold it. ENOTSUP also:
 * before Linux 6.13. EINVAL also: a kernel without pciback.
 *
 * Return: the GSI, or -1 with errno. ioctl IOCTL_PRIVCMD_PCIDEV_GET_GSI.
 */
int xc_pcidev_get_gsi(xc_interface *xch, uint32_t sbdf);

/* Fails with ENOSYS: no Xen has it. xc_domain_*_permission give rights. */
int xc_physdev_pci_access_modify(xc_interface *xch, uint32_t domid, int bus, int dev, int func,
                                 int enable);

/**
 * xc_domain_bind_pt_irq() - deliver an interrupt of the host's to a domain
 * @machine_irq: the domain's number for it
 * @irq_type:    PT_IRQ_TYPE_PCI, _ISA or _MSI_TRANSLATE: which of the rest count
 *
 * EINVAL also: another @irq_type. domctl bind_pt_irq, unbind_pt_irq.
 */
int xc_domain_bind_pt_irq(xc_interface *xch, uint32_t domid, uint8_t machine_irq,
                          uint8_t irq_type, uint8_t bus, uint8_t device, uint8_t intx,
                          uint8_t isa_irq);
int xc_domain_unbind_pt_irq(xc_interface *xch, uint32_t domid, uint8_t machine_irq,
                            uint8_t irq_type, uint8_t bus, uint8_t device, uint8_t intx,
                            uint8_t isa_irq);

/* The same for a pin of a PCI device, an ISA interrupt, and an SPI (Arm). */
int xc_domain_bind_pt_pci_irq(xc_interface *xch, uint32_t domid, uint8_t machine_irq,
                              uint8_t bus, uint8_t device, uint8_t intx);
int xc_domain_bind_pt_isa_irq(xc_interface *xch, uint32_t domid, uint8_t machine_irq);
int xc_domain_bind_pt_spi_irq(xc_interface *xch, uint32_t domid, uint16_t vspi, uint16_t spi);
int xc_domain_unbind_pt_spi_irq(xc_interface *xch, uint32_t domid, uint16_t vspi, uint16_t spi);

/**
 * xc_domain_update_msi_irq() - deliver an MSI, as the guest has set it up
 * @gvec:   the guest's vector
 * @pirq:   the domain's number for the interrupt
 * @gflags: XEN_DOMCTL_VMSI_X86_*
 * @gtable: the guest's MSI-X table, or 0
 */
int xc_domain_update_msi_irq(xc_interface *xch, uint32_t domid, uint32_t gvec, uint32_t pirq,
                             uint32_t gflags, uint64_t gtable);
int xc_domain_unbind_msi_irq(xc_interface *xch, uint32_t domid, uint32_t gvec, uint32_t pirq,
                             uint32_t gflags);

#ifdef __cplusplus
}
#endif

#endif
