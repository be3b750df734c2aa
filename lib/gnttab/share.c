/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "uapi_gntalloc.h"
#include "unmap_notify.h"

/* Up to here a request is built on the stack. */
enum { REFS_ON_STACK = 64 };

union share_request {
    struct uapi_gntalloc_alloc_gref ioctl;
    unsigned char room[sizeof(struct uapi_gntalloc_alloc_gref) +
                       REFS_ON_STACK * sizeof(uint32_t)];
};

/* Marks the references as unused. Mapped pages stay granted until they are unmapped. */
static int release_refs(const xengntshr_handle *xgs,
                        const struct uapi_gntalloc_alloc_gref *request)
{
    struct uapi_gntalloc_dealloc_gref release = {.index = request->index,
                                                 .count = request->count};

    return ioctl(xgs->fd, UAPI_GNTALLOC_DEALLOC_GREF, &release);
}

static void release_refs_quietly(const xengntshr_handle *xgs,
                                 const struct uapi_gntalloc_alloc_gref *request)
{
    int saved = errno;

    release_refs(xgs, request);
    errno = saved;
}

/* Maps the pages of @request. NULL with errno, and nothing mapped, on failure. */
static void *map_pages(xengntshr_handle *xgs,
                       const struct uapi_gntalloc_alloc_gref *request,
                       struct gnttab_unmap_notify notify)
{
    size_t size = gnttab_pages_size(request->count);
    void *address = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, xgs->fd,
                         (off_t)request->index);
    int saved;

    if (address == MAP_FAILED) {
        xenlibs_log_error(&xgs->log, "cannot map %u page(s) to share", request->count);
        return NULL;
    }
    if (xengnttab_set_unmap_notify(xgs->fd, request->index, size, notify)) {
        xenlibs_log_error(&xgs->log, "cannot set the unmap notification of a shared page");
        saved = errno;
        munmap(address, size);
        errno = saved;
        return NULL;
    }
    return address;
}

/* @request has domid, flags and count, and room for as many references. */
static void *share(xengntshr_handle *xgs, struct uapi_gntalloc_alloc_gref *request,
                   struct gnttab_unmap_notify notify)
{
    void *address;

    if (ioctl(xgs->fd, UAPI_GNTALLOC_ALLOC_GREF, request)) {
        xenlibs_log_error(&xgs->log, "cannot grant %u page(s) to domain %u",
                          request->count, request->domid);
        return NULL;
    }
    address = map_pages(xgs, request, notify);
    if (!address)
        release_refs_quietly(xgs, request);
    else if (release_refs(xgs, request)) /* now the mapping alone keeps them */
        xenlibs_log(&xgs->log, XTL_WARN, errno,
                    "%u shared page(s) stay granted until the handle is closed",
                    request->count);
    return address;
}

static void *share_checked(xengntshr_handle *xgs, uint32_t domid, uint32_t count,
                           uint32_t *refs, int writable, struct gnttab_unmap_notify notify)
{
    union share_request small, *request = &small;
    void *address;

    if (count > REFS_ON_STACK) {
        request = malloc(sizeof(request->ioctl) + (size_t)count * sizeof(*refs));
        if (!request) {
            xenlibs_log_error(&xgs->log, "cannot grant %u page(s)", count);
            return NULL;
        }
    }
    request->ioctl = (struct uapi_gntalloc_alloc_gref){
        .domid = (uint16_t)domid,
        .flags = writable ? UAPI_GNTALLOC_FLAG_WRITABLE : 0,
        .count = count,
    };
    address = share(xgs, &request->ioctl, notify);
    if (address)
        memcpy(refs, (unsigned char *)request +
                         offsetof(struct uapi_gntalloc_alloc_gref, gref_ids),
               (size_t)count * sizeof(*refs));
    if (request != &small)
        free(request);
    return address;
}

static void *share_pages(xengntshr_handle *xgs, uint32_t domid, int count, uint32_t *refs,
                         int writable, struct gnttab_unmap_notify notify)
{
    if (count <= 0 || !gnttab_count_is_possible((uint32_t)count) || !refs ||
        !gnttab_domid_is_possible(domid)) {
        errno = EINVAL;
        xenlibs_log_error(&xgs->log, "cannot grant %d page(s) to domain %u", count, domid);
        return NULL;
    }
    return share_checked(xgs, domid, (uint32_t)count, refs, writable, notify);
}

void *xengntshr_share_pages(xengntshr_handle *xgs, uint32_t domid, int count,
                            uint32_t *refs, int writable)
{
    return share_pages(xgs, domid, count, refs, writable, GNTTAB_NO_UNMAP_NOTIFY);
}

void *xengntshr_share_page_notify(xengntshr_handle *xgs, uint32_t domid, uint32_t *ref,
                                  int writable, uint32_t notify_offset,
                                  evtchn_port_t notify_port)
{
    struct gnttab_unmap_notify notify = {notify_offset, notify_port};

    return share_pages(xgs, domid, 1, ref, writable, notify);
}

int xengntshr_unshare(xengntshr_handle *xgs, void *start_address, uint32_t count)
{
    (void)xgs;
    if (!start_address || !gnttab_count_is_possible(count)) {
        errno = EINVAL;
        return -1;
    }
    return munmap(start_address, gnttab_pages_size(count));
}
