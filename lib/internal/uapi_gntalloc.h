/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the kernel's /dev/xen/gntalloc understands. */
#ifndef XENLIBS_UAPI_GNTALLOC_H
#define XENLIBS_UAPI_GNTALLOC_H

#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>

struct uapi_gntalloc_alloc_gref {
    uint16_t domid;
    uint16_t flags; /* UAPI_GNTALLOC_FLAG_WRITABLE or 0 */
    uint32_t count;
    uint64_t index;        /* out: the offset for mmap(2) */
    uint32_t gref_ids[1];  /* out: count of them */
};
#define UAPI_GNTALLOC_FLAG_WRITABLE 1u

struct uapi_gntalloc_dealloc_gref {
    uint64_t index;
    uint32_t count;
};
struct uapi_gntalloc_unmap_notify {
    uint64_t index;  /* of the byte to clear */
    uint32_t action; /* UAPI_UNMAP_NOTIFY_*, as gntdev has them */
    uint32_t event_channel_port;
};

#define UAPI_GNTALLOC_ALLOC_GREF \
    _IOC(_IOC_NONE, 'G', 5, sizeof(struct uapi_gntalloc_alloc_gref))
#define UAPI_GNTALLOC_DEALLOC_GREF \
    _IOC(_IOC_NONE, 'G', 6, sizeof(struct uapi_gntalloc_dealloc_gref))
#define UAPI_GNTALLOC_SET_UNMAP_NOTIFY \
    _IOC(_IOC_NONE, 'G', 7, sizeof(struct uapi_gntalloc_unmap_notify))

/* The array of references starts inside the padding of the struct on LP64. */
_Static_assert(offsetof(struct uapi_gntalloc_alloc_gref, gref_ids) == 16, "offset");
_Static_assert(UAPI_GNTALLOC_SET_UNMAP_NOTIFY == 0x00104707, "number");
#if UINTPTR_MAX > 0xffffffffu
_Static_assert(UAPI_GNTALLOC_ALLOC_GREF == 0x00184705, "number");
_Static_assert(UAPI_GNTALLOC_DEALLOC_GREF == 0x00104706, "number");
#endif

#endif
