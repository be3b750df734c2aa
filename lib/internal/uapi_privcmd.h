/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the kernel's /dev/xen/privcmd understands. */
#ifndef XENLIBS_UAPI_PRIVCMD_H
#define XENLIBS_UAPI_PRIVCMD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <xen/xen.h>

struct uapi_privcmd_hypercall {
    uint64_t op;
    uint64_t arg[5];
};
/* The first batch call: errors come back in the top bits of each frame number. */
struct uapi_privcmd_mmapbatch {
    int32_t num;
    uint16_t dom;
    uint64_t addr;
    xen_pfn_t *arr;
};
#define UAPI_PRIVCMD_MMAPBATCH_MFN_ERROR 0xf0000000u
#define UAPI_PRIVCMD_MMAPBATCH_PAGED_ERROR 0x80000000u
/* The second: errors come back in an array of their own, as negative errno. */
struct uapi_privcmd_mmapbatch_v2 {
    uint32_t num;
    uint16_t dom;
    uint64_t addr;
    const xen_pfn_t *arr;
    int *err;
};
struct uapi_privcmd_dm_op_buf {
    void *uptr;
    size_t size;
};
struct uapi_privcmd_dm_op {
    uint16_t dom;
    uint16_t num;
    const struct uapi_privcmd_dm_op_buf *ubufs;
};
struct uapi_privcmd_mmap_resource {
    uint16_t dom;
    uint32_t type;
    uint32_t id;
    uint32_t idx;
    uint64_t num;
    uint64_t addr;
};
/* Linux 6.7 and later: a write to an eventfd carries out a device-model operation. */
struct uapi_privcmd_irqfd {
    uint64_t dm_op; /* address of a struct xen_dm_op, which the kernel copies */
    uint32_t size;
    uint32_t fd;
    uint32_t flags; /* UAPI_PRIVCMD_IRQFD_DEASSIGN or 0 */
    uint16_t dom;
    uint8_t pad[2];
};
#define UAPI_PRIVCMD_IRQFD_DEASSIGN 1u
/* Linux 6.7 and later: a guest's write to a virtio doorbell signals an eventfd. */
struct uapi_privcmd_ioeventfd {
    uint64_t ioreq; /* address of the mapped page of struct ioreq */
    uint64_t ports; /* address of vcpus event channel ports, 32 bits each */
    uint64_t addr;
    uint32_t addr_len;
    uint32_t event_fd;
    uint32_t vcpus;
    uint32_t vq;
    uint32_t flags; /* UAPI_PRIVCMD_IOEVENTFD_DEASSIGN or 0 */
    uint16_t dom;
    uint8_t pad[2];
};
#define UAPI_PRIVCMD_IOEVENTFD_DEASSIGN 1u
/* Linux 6.13 and later: the GSI of a PCI device that pciback holds. */
struct uapi_privcmd_pcidev_get_gsi {
    uint32_t sbdf;
    uint32_t gsi; /* out */
};

#define UAPI_PRIVCMD_HYPERCALL _IOC(_IOC_NONE, 'P', 0, sizeof(struct uapi_privcmd_hypercall))
#define UAPI_PRIVCMD_MMAPBATCH _IOC(_IOC_NONE, 'P', 3, sizeof(struct uapi_privcmd_mmapbatch))
#define UAPI_PRIVCMD_MMAPBATCH_V2 \
    _IOC(_IOC_NONE, 'P', 4, sizeof(struct uapi_privcmd_mmapbatch_v2))
#define UAPI_PRIVCMD_DM_OP _IOC(_IOC_NONE, 'P', 5, sizeof(struct uapi_privcmd_dm_op))
#define UAPI_PRIVCMD_RESTRICT _IOC(_IOC_NONE, 'P', 6, sizeof(uint16_t))
#define UAPI_PRIVCMD_MMAP_RESOURCE \
    _IOC(_IOC_NONE, 'P', 7, sizeof(struct uapi_privcmd_mmap_resource))
#define UAPI_PRIVCMD_IRQFD _IOC(_IOC_WRITE, 'P', 8, sizeof(struct uapi_privcmd_irqfd))
#define UAPI_PRIVCMD_IOEVENTFD _IOC(_IOC_WRITE, 'P', 9, sizeof(struct uapi_privcmd_ioeventfd))
#define UAPI_PRIVCMD_PCIDEV_GET_GSI \
    _IOC(_IOC_NONE, 'P', 10, sizeof(struct uapi_privcmd_pcidev_get_gsi))
/* No kernel implements this one, so its errno is that of an unknown request. */
#define UAPI_PRIVCMD_UNIMPLEMENTED _IOC(_IOC_NONE, 'P', 0xff, 0)

_Static_assert(UAPI_PRIVCMD_HYPERCALL == 0x00305000, "number");
_Static_assert(UAPI_PRIVCMD_RESTRICT == 0x00025006, "number");
_Static_assert(UAPI_PRIVCMD_MMAP_RESOURCE == 0x00205007, "number");
_Static_assert(UAPI_PRIVCMD_IRQFD == 0x40185008, "number");
_Static_assert(UAPI_PRIVCMD_IOEVENTFD == 0x40305009, "number");
_Static_assert(UAPI_PRIVCMD_PCIDEV_GET_GSI == 0x0008500a, "number");
#if UINTPTR_MAX > 0xffffffffu
_Static_assert(UAPI_PRIVCMD_MMAPBATCH == 0x00185003, "number");
_Static_assert(UAPI_PRIVCMD_MMAPBATCH_V2 == 0x00205004, "number");
_Static_assert(UAPI_PRIVCMD_DM_OP == 0x00105005, "number");
#endif

#endif
