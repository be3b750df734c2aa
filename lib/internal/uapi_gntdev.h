/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the kernel's /dev/xen/gntdev understands. */
#ifndef XENLIBS_UAPI_GNTDEV_H
#define XENLIBS_UAPI_GNTDEV_H

#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>

struct uapi_gntdev_ref {
    uint32_t domid;
    uint32_t ref;
};
struct uapi_gntdev_map_grant_ref {
    uint32_t count;
    uint32_t pad;
    uint64_t index; /* out: the offset for mmap(2) */
    struct uapi_gntdev_ref refs[];
};
struct uapi_gntdev_unmap_grant_ref {
    uint64_t index;
    uint32_t count;
    uint32_t pad;
};
struct uapi_gntdev_get_offset_for_vaddr {
    uint64_t vaddr;
    uint64_t offset; /* out */
    uint32_t count;  /* out */
    uint32_t pad;
};
struct uapi_gntdev_set_max_grants {
    uint32_t count;
};
struct uapi_gntdev_unmap_notify {
    uint64_t index;  /* of the byte to clear */
    uint32_t action; /* UAPI_UNMAP_NOTIFY_*, both or either */
    uint32_t event_channel_port;
};
#define UAPI_UNMAP_NOTIFY_CLEAR_BYTE 1u
#define UAPI_UNMAP_NOTIFY_SEND_EVENT 2u

union uapi_gntdev_copy_end {
    void *virt;
    struct {
        uint32_t ref;
        uint16_t offset;
        uint16_t domid;
    } foreign;
};
struct uapi_gntdev_grant_copy_segment {
    union uapi_gntdev_copy_end source, dest;
    uint16_t len;
    uint16_t flags; /* GNTCOPY_*: which end is foreign */
    int16_t status; /* out: GNTST_* */
};
struct uapi_gntdev_grant_copy {
    uint32_t count;
    void *segments; /* count of them */
};

struct uapi_gntdev_dmabuf_exp_from_refs {
    uint32_t flags;
    uint32_t count;
    uint32_t fd; /* out */
    uint32_t domid;
    uint32_t refs[1]; /* count of them */
};
struct uapi_gntdev_dmabuf_exp_wait_released {
    uint32_t fd;
    uint32_t wait_to_ms;
};
struct uapi_gntdev_dmabuf_imp_to_refs {
    uint32_t fd;
    uint32_t count;
    uint32_t domid;
    uint32_t reserved;
    uint32_t refs[1]; /* count of them, out */
};
struct uapi_gntdev_dmabuf_imp_release {
    uint32_t fd;
    uint32_t reserved;
};

/* Sizes in the numbers count one element of the trailing array. */
#define UAPI_GNTDEV_MAP_GRANT_REF \
    _IOC(_IOC_NONE, 'G', 0, \
         sizeof(struct uapi_gntdev_map_grant_ref) + sizeof(struct uapi_gntdev_ref))
#define UAPI_GNTDEV_UNMAP_GRANT_REF \
    _IOC(_IOC_NONE, 'G', 1, sizeof(struct uapi_gntdev_unmap_grant_ref))
#define UAPI_GNTDEV_GET_OFFSET_FOR_VADDR \
    _IOC(_IOC_NONE, 'G', 2, sizeof(struct uapi_gntdev_get_offset_for_vaddr))
#define UAPI_GNTDEV_SET_MAX_GRANTS \
    _IOC(_IOC_NONE, 'G', 3, sizeof(struct uapi_gntdev_set_max_grants))
#define UAPI_GNTDEV_SET_UNMAP_NOTIFY \
    _IOC(_IOC_NONE, 'G', 7, sizeof(struct uapi_gntdev_unmap_notify))
#define UAPI_GNTDEV_GRANT_COPY _IOC(_IOC_NONE, 'G', 8, sizeof(struct uapi_gntdev_grant_copy))
#define UAPI_GNTDEV_DMABUF_EXP_FROM_REFS \
    _IOC(_IOC_NONE, 'G', 9, sizeof(struct uapi_gntdev_dmabuf_exp_from_refs))
#define UAPI_GNTDEV_DMABUF_EXP_WAIT_RELEASED \
    _IOC(_IOC_NONE, 'G', 10, sizeof(struct uapi_gntdev_dmabuf_exp_wait_released))
#define UAPI_GNTDEV_DMABUF_IMP_TO_REFS \
    _IOC(_IOC_NONE, 'G', 11, sizeof(struct uapi_gntdev_dmabuf_imp_to_refs))
#define UAPI_GNTDEV_DMABUF_IMP_RELEASE \
    _IOC(_IOC_NONE, 'G', 12, sizeof(struct uapi_gntdev_dmabuf_imp_release))

_Static_assert(UAPI_GNTDEV_MAP_GRANT_REF == 0x00184700, "number");
_Static_assert(UAPI_GNTDEV_UNMAP_GRANT_REF == 0x00104701, "number");
_Static_assert(UAPI_GNTDEV_GET_OFFSET_FOR_VADDR == 0x00184702, "number");
_Static_assert(UAPI_GNTDEV_SET_MAX_GRANTS == 0x00044703, "number");
_Static_assert(UAPI_GNTDEV_SET_UNMAP_NOTIFY == 0x00104707, "number");
_Static_assert(UAPI_GNTDEV_DMABUF_EXP_FROM_REFS == 0x00144709, "number");
_Static_assert(UAPI_GNTDEV_DMABUF_EXP_WAIT_RELEASED == 0x0008470a, "number");
_Static_assert(UAPI_GNTDEV_DMABUF_IMP_TO_REFS == 0x0014470b, "number");
_Static_assert(UAPI_GNTDEV_DMABUF_IMP_RELEASE == 0x0008470c, "number");
_Static_assert(offsetof(struct uapi_gntdev_grant_copy_segment, dest) == 8, "offset");
_Static_assert(offsetof(struct uapi_gntdev_grant_copy_segment, len) == 16, "offset");
_Static_assert(offsetof(struct uapi_gntdev_grant_copy_segment, flags) == 18, "offset");
_Static_assert(offsetof(struct uapi_gntdev_grant_copy_segment, status) == 20, "offset");
#if UINTPTR_MAX > 0xffffffffu
_Static_assert(sizeof(struct uapi_gntdev_grant_copy_segment) == 24, "size");
_Static_assert(UAPI_GNTDEV_GRANT_COPY == 0x00104708, "number");
#endif

#endif
