/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define __XEN_TOOLS__ 1
#include "hypercall.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <xen/memory.h>

/* A request in one buffer; as many extents as make it four pages at most. */
struct reservation_request {
    struct xen_memory_reservation reservation;
    xen_pfn_t extents[];
};
enum { EXTENTS_PER_REQUEST = 2040 };

/* How many extents Xen dealt with, or -1 with errno. */
static int change_some(xendevicemodel_handle *dmod, unsigned int op, domid_t domid,
                       uint32_t nr_extents, unsigned int order, unsigned int mem_flags,
                       const xen_pfn_t extents[])
{
    size_t bytes = nr_extents * sizeof(*extents);
    struct reservation_request *request =
        xendevicemodel_argument_new(dmod, sizeof(*request) + bytes);
    int rc;

    if (!request)
        return -1;
    request->reservation.domid = domid;
    request->reservation.nr_extents = nr_extents;
    request->reservation.extent_order = order;
    request->reservation.mem_flags = mem_flags;
    set_xen_guest_handle(request->reservation.extent_start, request->extents);
    memcpy(request->extents, extents, bytes);
    rc = xendevicemodel_hypercall(dmod, __HYPERVISOR_memory_op, op, (uintptr_t)request, 0);
    xendevicemodel_argument_free(dmod, request);
    return rc;
}

/* The same for any number. What was done before a failure counts, and hides it. */
static int change_reservation(xendevicemodel_handle *dmod, unsigned int op, domid_t domid,
                              uint32_t nr_extents, unsigned int order, unsigned int mem_flags,
                              const xen_pfn_t extents[])
{
    uint32_t done = 0;

    while (done < nr_extents) {
        uint32_t some = nr_extents - done;
        int rc;

        if (some > EXTENTS_PER_REQUEST)
            some = EXTENTS_PER_REQUEST;
        rc = change_some(dmod, op, domid, some, order, mem_flags, extents + done);
        if (rc < 0 && !done)
            return -1;
        if (rc > 0)
            done += (uint32_t)rc;
        if (rc < 0 || (uint32_t)rc != some)
            break;
    }
    return (int)done;
}

static int check_extents(uint32_t nr_extents, const xen_pfn_t extents[])
{
    if (nr_extents && nr_extents <= INT_MAX && extents)
        return 0;
    errno = EINVAL;
    return -1;
}

int xendevicemodel_populate_physmap(xendevicemodel_handle *dmod, domid_t domid,
                                    uint32_t nr_extents, unsigned int extent_order,
                                    unsigned int mem_flags, const xen_pfn_t extents[])
{
    if (check_extents(nr_extents, extents))
        return -1;
    return change_reservation(dmod, XENMEM_populate_physmap, domid, nr_extents, extent_order,
                              mem_flags, extents);
}

int xendevicemodel_populate_physmap_exact(xendevicemodel_handle *dmod, domid_t domid,
                                          uint32_t nr_extents, unsigned int extent_order,
                                          unsigned int mem_flags, const xen_pfn_t extents[])
{
    int saved = errno;
    int done = xendevicemodel_populate_physmap(dmod, domid, nr_extents, extent_order,
                                               mem_flags, extents);

    if (done < 0)
        return -1;
    errno = saved;
    if ((uint32_t)done == nr_extents)
        return 0;
    if (done)
        change_reservation(dmod, XENMEM_decrease_reservation, domid, (uint32_t)done,
                           extent_order, 0, extents);
    errno = ENOMEM;
    return -1;
}

int xendevicemodel_add_to_physmap(xendevicemodel_handle *dmod, domid_t domid,
                                  unsigned int space, unsigned long idx, xen_pfn_t gfn)
{
    struct xen_add_to_physmap *request;
    int rc;

    /* Takes a number of pages as well, and is what relocate_memory does. */
    if (space == XENMAPSPACE_gmfn_range) {
        errno = EINVAL;
        return -1;
    }
    request = xendevicemodel_argument_new(dmod, sizeof(*request));
    if (!request)
        return -1;
    request->domid = domid;
    request->space = space;
    request->idx = idx;
    request->gpfn = gfn;
    rc = xendevicemodel_hypercall(dmod, __HYPERVISOR_memory_op, XENMEM_add_to_physmap,
                                  (uintptr_t)request, 0);
    xendevicemodel_argument_free(dmod, request);
    return rc < 0 ? -1 : 0;
}

int xendevicemodel_remove_from_physmap(xendevicemodel_handle *dmod, domid_t domid,
                                       xen_pfn_t gfn)
{
    struct xen_remove_from_physmap *request =
        xendevicemodel_argument_new(dmod, sizeof(*request));
    int rc;

    if (!request)
        return -1;
    request->domid = domid;
    request->gpfn = gfn;
    rc = xendevicemodel_hypercall(dmod, __HYPERVISOR_memory_op, XENMEM_remove_from_physmap,
                                  (uintptr_t)request, 0);
    xendevicemodel_argument_free(dmod, request);
    return rc < 0 ? -1 : 0;
}
