/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "deadline.h"
#include "uapi_gntdev.h"
#include "unmap_notify.h"

/* Up to here a request is built on the stack. */
enum { REFS_ON_STACK = 64 };

/* The pages a caller wants, in their order. */
struct grants {
    uint32_t count;
    const uint32_t *domids;
    size_t domid_step; /* 1: one domid for each reference; 0: one for all */
    const uint32_t *refs;
};

union map_request {
    struct uapi_gntdev_map_grant_ref ioctl;
    unsigned char room[sizeof(struct uapi_gntdev_map_grant_ref) +
                       REFS_ON_STACK * sizeof(struct uapi_gntdev_ref)];
};

static uint32_t domid_of(const struct grants *grants, uint32_t i)
{
    return grants->domids[i * grants->domid_step];
}

/* Returns 0, or -1 with EINVAL for a domid that would be cut off in the kernel. */
static int fill_request(struct uapi_gntdev_map_grant_ref *request,
                        const struct grants *grants)
{
    request->count = grants->count;
    request->pad = 0;
    request->index = 0;
    for (uint32_t i = 0; i < grants->count; i++) {
        if (!gnttab_domid_is_possible(domid_of(grants, i))) {
            errno = EINVAL;
            return -1;
        }
        request->refs[i].domid = domid_of(grants, i);
        request->refs[i].ref = grants->refs[i];
    }
    return 0;
}

/* Has the driver set slots aside; @index is its name for them. */
static int reserve_slots(const xengnttab_handle *xgt, const struct grants *grants,
                         uint64_t *index)
{
    union map_request small, *request = &small;
    int rc;

    if (grants->count > REFS_ON_STACK) {
        request = malloc(sizeof(request->ioctl) +
                         (size_t)grants->count * sizeof(request->ioctl.refs[0]));
        if (!request)
            return -1;
    }
    rc = fill_request(&request->ioctl, grants);
    if (!rc)
        rc = ioctl(xgt->fd, UAPI_GNTDEV_MAP_GRANT_REF, request);
    if (!rc)
        *index = request->ioctl.index;
    if (request != &small)
        free(request);
    return rc;
}

int xengnttab_release_slots(const xengnttab_handle *xgt, uint64_t index, uint32_t count)
{
    struct uapi_gntdev_unmap_grant_ref request = {.index = index, .count = count};

    return ioctl(xgt->fd, UAPI_GNTDEV_UNMAP_GRANT_REF, &request);
}

static void release_slots_quietly(const xengnttab_handle *xgt, uint64_t index,
                                  uint32_t count)
{
    int saved = errno;

    xengnttab_release_slots(xgt, index, count);
    errno = saved;
}

/* EAGAIN says that the owner's pages are paged out: Xen is fetching them. */
static void *mmap_when_paged_in(xengnttab_handle *xgt, size_t size, int prot,
                                uint64_t index)
{
    struct xenlibs_deadline deadline;
    bool waiting = false;
    void *address;

    for (;;) {
        address = mmap(NULL, size, prot, MAP_SHARED, xgt->fd, (off_t)index);
        if (address != MAP_FAILED)
            return address;
        if (errno != EAGAIN)
            return NULL;
        if (!waiting)
            xenlibs_deadline_set(&deadline, atomic_load(&xgt->paging_timeout_ms));
        waiting = true;
        if (xenlibs_deadline_pause(&deadline))
            return NULL;
    }
}

static void *map_slots(xengnttab_handle *xgt, uint64_t index, uint32_t count, int prot,
                       struct gnttab_unmap_notify notify)
{
    size_t size = gnttab_pages_size(count);
    void *address = mmap_when_paged_in(xgt, size, prot, index);
    int saved;

    if (!address) {
        xenlibs_log_error(&xgt->log, "cannot map %u granted page(s)", count);
        return NULL;
    }
    if (xengnttab_set_unmap_notify(xgt->fd, index, size, notify)) {
        xenlibs_log_error(&xgt->log, "cannot set the unmap notification of a granted page");
        saved = errno;
        munmap(address, size);
        errno = saved;
        return NULL;
    }
    return address;
}

static void *map_grants(xengnttab_handle *xgt, const struct grants *grants, int prot,
                        struct gnttab_unmap_notify notify)
{
    uint64_t index;
    void *address;
    int rc = -1;

    if (!gnttab_count_is_possible(grants->count) || !grants->domids || !grants->refs)
        errno = EINVAL;
    else
        rc = reserve_slots(xgt, grants, &index);
    if (rc) {
        xenlibs_log_error(&xgt->log, "cannot reserve slots for %u granted page(s)",
                          grants->count);
        return NULL;
    }

    address = map_slots(xgt, index, grants->count, prot, notify);
    if (!address) {
        release_slots_quietly(xgt, index, grants->count);
        return NULL;
    }
    xengnttab_table_put(&xgt->mappings,
                     (struct gnttab_mapping){(uintptr_t)address, index, grants->count});
    return address;
}

void *xengnttab_map_grant_ref(xengnttab_handle *xgt, uint32_t domid, uint32_t ref, int prot)
{
    struct grants grants = {1, &domid, 0, &ref};

    return map_grants(xgt, &grants, prot, GNTTAB_NO_UNMAP_NOTIFY);
}

void *xengnttab_map_grant_refs(xengnttab_handle *xgt, uint32_t count, uint32_t *domids,
                               uint32_t *refs, int prot)
{
    struct grants grants = {count, domids, 1, refs};

    return map_grants(xgt, &grants, prot, GNTTAB_NO_UNMAP_NOTIFY);
}

void *xengnttab_map_domain_grant_refs(xengnttab_handle *xgt, uint32_t count,
                                      uint32_t domid, uint32_t *refs, int prot)
{
    struct grants grants = {count, &domid, 0, refs};

    return map_grants(xgt, &grants, prot, GNTTAB_NO_UNMAP_NOTIFY);
}

void *xengnttab_map_grant_ref_notify(xengnttab_handle *xgt, uint32_t domid, uint32_t ref,
                                     int prot, uint32_t notify_offset,
                                     evtchn_port_t notify_port)
{
    struct grants grants = {1, &domid, 0, &ref};
    struct gnttab_unmap_notify notify = {notify_offset, notify_port};

    return map_grants(xgt, &grants, prot, notify);
}
