/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "uapi_privcmd.h"

struct xenforeignmemory_resource_handle {
    void *addr;
    size_t bytes;
};

static int ask_kernel(xenforeignmemory_handle *fmem, struct uapi_privcmd_mmap_resource *request)
{
    int rc;

    do
        rc = ioctl(fmem->fd, UAPI_PRIVCMD_MMAP_RESOURCE, request);
    while (rc < 0 && errno == EINTR);
    if (!rc)
        return 0;
    xenforeignmemory_name_unknown_ioctl(fmem);
    return -1;
}

static int check_request(unsigned long frame, unsigned long nr_frames, int flags)
{
    if (flags & ~(MAP_SHARED | MAP_PRIVATE) || nr_frames == 0 || frame != (uint32_t)frame)
        errno = EINVAL;
    else if (nr_frames > FOREIGN_MAX_PAGES)
        errno = ENOMEM;
    else
        return 0;
    return -1;
}

/* Fills in fres->addr; fres->bytes is set, request->addr a hint. */
static int map_frames(xenforeignmemory_handle *fmem, xenforeignmemory_resource_handle *fres,
                      struct uapi_privcmd_mmap_resource *request, void *hint, int prot, int flags)
{
    int saved;

    fres->addr = mmap(hint, fres->bytes, prot, flags | MAP_SHARED, fmem->fd, 0);
    if (fres->addr == MAP_FAILED)
        return -1;
    request->addr = (uintptr_t)fres->addr;
    if (!ask_kernel(fmem, request))
        return 0;
    saved = errno;
    munmap(fres->addr, fres->bytes);
    errno = saved;
    return -1;
}

static void free_keeping_errno(xenforeignmemory_resource_handle *fres)
{
    int saved = errno;

    free(fres);
    errno = saved;
}

xenforeignmemory_resource_handle *xenforeignmemory_map_resource(
    xenforeignmemory_handle *fmem, domid_t domid, unsigned int type, unsigned int id,
    unsigned long frame, unsigned long nr_frames, void **paddr, int prot, int flags)
{
    struct uapi_privcmd_mmap_resource request = {
        .dom = domid, .type = type, .id = id, .idx = (uint32_t)frame, .num = nr_frames};
    xenforeignmemory_resource_handle *fres;

    if (check_request(frame, nr_frames, flags))
        return NULL;
    fres = malloc(sizeof(*fres));
    if (!fres)
        return NULL;
    fres->bytes = (size_t)nr_frames << FOREIGN_PAGE_SHIFT;
    if (map_frames(fmem, fres, &request, *paddr, prot, flags)) {
        free_keeping_errno(fres);
        return NULL;
    }
    *paddr = fres->addr;
    return fres;
}

int xenforeignmemory_unmap_resource(xenforeignmemory_handle *fmem,
                                    xenforeignmemory_resource_handle *fres)
{
    int rc;

    (void)fmem;
    if (!fres)
        return 0;
    rc = munmap(fres->addr, fres->bytes);
    free_keeping_errno(fres);
    return rc;
}

/*
 * Linux takes Xen's refusal for the low 32 bits of a size: no resource is within
 * 4095 frames of 16 TiB.
 */
static int refusal_in(uint64_t frames)
{
    return frames <= UINT32_MAX && frames > UINT32_MAX - 4095 ? (int)-(uint32_t)frames : 0;
}

int xenforeignmemory_resource_size(xenforeignmemory_handle *fmem, domid_t domid,
                                   unsigned int type, unsigned int id, size_t *size)
{
    /* Neither an address nor a number of frames: the kernel fills in the latter. */
    struct uapi_privcmd_mmap_resource request = {.dom = domid, .type = type, .id = id};
    int errno_of_xen;

    if (ask_kernel(fmem, &request))
        return -1;
    errno_of_xen = refusal_in(request.num);
    if (errno_of_xen || request.num > SIZE_MAX >> FOREIGN_PAGE_SHIFT) {
        errno = errno_of_xen ? errno_of_xen : EOVERFLOW;
        return -1;
    }
    *size = (size_t)request.num << FOREIGN_PAGE_SHIFT;
    return 0;
}
