/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xenctrl/memory.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "call.h"

/* ---- giving and taking ---- */

/* What Xen reads of the extents, and what it writes: nothing else is copied. */
static bool extents_go_in(unsigned cmd)
{
    return cmd != XENMEM_increase_reservation;
}

static bool extents_come_back(unsigned cmd)
{
    return cmd != XENMEM_decrease_reservation;
}

static int send_reservation(xc_interface *xch, unsigned cmd,
                            struct xen_memory_reservation *request, xen_pfn_t *extents)
{
    size_t count = request->nr_extents;
    xen_pfn_t *buffer = NULL;

    if (extents) {
        buffer = xenctrl_buffer_array(xch, count, sizeof(*buffer));
        if (!buffer) {
            return -1;
        }
        if (extents_go_in(cmd)) {
            memcpy(buffer, extents, count * sizeof(*buffer));
        }
    }
    set_xen_guest_handle_raw(request->extent_start, buffer);
    int result = (int)xc_memory_op(xch, cmd, request, sizeof(*request));
    if (result > 0 && (size_t)result <= count && extents && extents_come_back(cmd)) {
        memcpy(extents, buffer, (size_t)result * sizeof(*buffer));
    }
    xenctrl_buffer_done(xch, buffer);
    return result;
}

static int change_reservation(xc_interface *xch, unsigned cmd, uint32_t domid,
                              unsigned long nr_extents, unsigned int extent_order,
                              unsigned int mem_flags, xen_pfn_t *extents)
{
    struct xen_memory_reservation request;

    CTRL_ZERO(request);
    request.nr_extents = nr_extents;
    request.extent_order = extent_order;
    request.mem_flags = mem_flags;
    request.domid = (domid_t)domid;
    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    if (nr_extents > INT_MAX || (!extents && nr_extents && extents_go_in(cmd))) {
        return xenctrl_refused(xch, EINVAL, "%lu extents", nr_extents);
    }
    return send_reservation(xch, cmd, &request, extents);
}

/* All of them, or what is missing becomes @errnoval. */
static int all_of(xc_interface *xch, int changed, unsigned long wanted, int errnoval,
                  uint32_t domid)
{
    if (changed < 0) {
        return -1;
    }
    if ((unsigned long)changed == wanted) {
        return 0;
    }
    return xenctrl_refused(xch, errnoval, "%d of %lu extents were changed for domain %u", changed,
                           wanted, domid);
}

int xc_domain_populate_physmap(xc_interface *xch, uint32_t domid, unsigned long nr_extents,
                               unsigned int extent_order, unsigned int mem_flags,
                               xen_pfn_t *extent_start)
{
    return change_reservation(xch, XENMEM_populate_physmap, domid, nr_extents, extent_order,
                              mem_flags, extent_start);
}

int xc_domain_populate_physmap_exact(xc_interface *xch, uint32_t domid,
                                     unsigned long nr_extents, unsigned int extent_order,
                                     unsigned int mem_flags, xen_pfn_t *extent_start)
{
    int changed = xc_domain_populate_physmap(xch, domid, nr_extents, extent_order, mem_flags,
                                             extent_start);

    return all_of(xch, changed, nr_extents, EBUSY, domid);
}

int xc_domain_increase_reservation(xc_interface *xch, uint32_t domid, unsigned long nr_extents,
                                   unsigned int extent_order, unsigned int mem_flags,
                                   xen_pfn_t *extent_start)
{
    return change_reservation(xch, XENMEM_increase_reservation, domid, nr_extents, extent_order,
                              mem_flags, extent_start);
}

int xc_domain_increase_reservation_exact(xc_interface *xch, uint32_t domid,
                                         unsigned long nr_extents, unsigned int extent_order,
                                         unsigned int mem_flags, xen_pfn_t *extent_start)
{
    int changed = xc_domain_increase_reservation(xch, domid, nr_extents, extent_order, mem_flags,
                                                 extent_start);

    return all_of(xch, changed, nr_extents, ENOMEM, domid);
}

int xc_domain_decrease_reservation(xc_interface *xch, uint32_t domid, unsigned long nr_extents,
                                   unsigned int extent_order, xen_pfn_t *extent_start)
{
    return change_reservation(xch, XENMEM_decrease_reservation, domid, nr_extents, extent_order,
                              0, extent_start);
}

int xc_domain_decrease_reservation_exact(xc_interface *xch, uint32_t domid,
                                         unsigned long nr_extents, unsigned int extent_order,
                                         xen_pfn_t *extent_start)
{
    int changed = xc_domain_decrease_reservation(xch, domid, nr_extents, extent_order,
                                                 extent_start);

    return all_of(xch, changed, nr_extents, EINVAL, domid);
}

/* A Xen that knows no claims has nothing to keep: as good as kept. */
int xc_domain_claim_pages(xc_interface *xch, uint32_t domid, unsigned long nr_pages)
{
    struct xen_memory_reservation request;

    CTRL_ZERO(request);
    request.nr_extents = nr_pages;
    request.domid = (domid_t)domid;
    int saved = errno;

    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    int result = (int)xc_memory_op(xch, XENMEM_claim_pages, &request, sizeof(request));
    if (result < 0 && errno == ENOSYS) {
        errno = saved;
        return 0;
    }
    return result;
}

static void describe(struct xen_memory_reservation *side, uint32_t domid,
                     unsigned long nr_extents, unsigned int order, xen_pfn_t *extents)
{
    side->nr_extents = nr_extents;
    side->extent_order = order;
    side->domid = (domid_t)domid;
    set_xen_guest_handle_raw(side->extent_start, extents);
}

int xc_domain_memory_exchange_pages(xc_interface *xch, uint32_t domid,
                                    unsigned long nr_in_extents, unsigned int in_order,
                                    xen_pfn_t *in_extents, unsigned long nr_out_extents,
                                    unsigned int out_order, xen_pfn_t *out_extents)
{
    struct xen_memory_exchange request;
    int result = -1;

    CTRL_ZERO(request);
    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    xen_pfn_t *in = xenctrl_buffer_array(xch, nr_in_extents, sizeof(*in));
    xen_pfn_t *out = in ? xenctrl_buffer_array(xch, nr_out_extents, sizeof(*out)) : NULL;
    if (out) {
        memcpy(in, in_extents, nr_in_extents * sizeof(*in));
        memcpy(out, out_extents, nr_out_extents * sizeof(*out));
        describe(&request.in, domid, nr_in_extents, in_order, in);
        describe(&request.out, domid, nr_out_extents, out_order, out);
        result = (int)xc_memory_op(xch, XENMEM_exchange, &request, sizeof(request));
        memcpy(out_extents, out, nr_out_extents * sizeof(*out));
    }
    xenctrl_buffer_done(xch, out);
    xenctrl_buffer_done(xch, in);
    return result;
}

/* ---- what a domain sees where ---- */

int xc_domain_add_to_physmap(xc_interface *xch, uint32_t domid, unsigned int space,
                             unsigned long idx, xen_pfn_t gpfn)
{
    struct xen_add_to_physmap request = {
        .domid = (domid_t)domid, .space = space, .idx = idx, .gpfn = gpfn};

    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    return (int)xc_memory_op(xch, XENMEM_add_to_physmap, &request, sizeof(request));
}

int xc_domain_remove_from_physmap(xc_interface *xch, uint32_t domid, xen_pfn_t gpfn)
{
    struct xen_remove_from_physmap request;

    CTRL_ZERO(request);
    request.domid = (domid_t)domid;
    request.gpfn = gpfn;

    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    return (int)xc_memory_op(xch, XENMEM_remove_from_physmap, &request, sizeof(request));
}

static int add_batch(xc_interface *xch, struct xen_add_to_physmap_batch *request,
                     xen_ulong_t *idxs, xen_pfn_t *gpfns, int *errs)
{
    size_t size = request->size;
    xen_ulong_t *idxs_buffer = xenctrl_buffer_copy(xch, idxs, size * sizeof(*idxs));
    xen_pfn_t *gpfns_buffer =
        idxs_buffer ? xenctrl_buffer_copy(xch, gpfns, size * sizeof(*gpfns)) : NULL;
    int *errs_buffer = gpfns_buffer ? xenctrl_buffer_copy(xch, errs, size * sizeof(*errs)) : NULL;
    int result = -1;

    if (errs_buffer) {
        set_xen_guest_handle_raw(request->idxs, idxs_buffer);
        set_xen_guest_handle_raw(request->gpfns, gpfns_buffer);
        set_xen_guest_handle_raw(request->errs, errs_buffer);
        result = (int)xc_memory_op(xch, XENMEM_add_to_physmap_batch, request, sizeof(*request));
        memcpy(errs, errs_buffer, size * sizeof(*errs));
    }
    xenctrl_buffer_done(xch, errs_buffer);
    xenctrl_buffer_done(xch, gpfns_buffer);
    xenctrl_buffer_done(xch, idxs_buffer);
    return result;
}

int xc_domain_add_to_physmap_batch(xc_interface *xch, uint32_t domid, uint32_t foreign_domid,
                                   unsigned int space, unsigned int size, xen_ulong_t *idxs,
                                   xen_pfn_t *gfpns, int *errs)
{
    struct xen_add_to_physmap_batch request;

    CTRL_ZERO(request);
    request.domid = (domid_t)domid;
    request.space = (uint16_t)space;
    request.size = (uint16_t)size;
    request.u.foreign_domid = (domid_t)foreign_domid;

    if (size > UINT16_MAX || space > UINT16_MAX) {
        return xenctrl_refused(xch, EINVAL, "%u frames of space %u at once", size, space);
    }
    if (xenctrl_check_domid(xch, domid) || xenctrl_check_domid(xch, foreign_domid)) {
        return -1;
    }
    return add_batch(xch, &request, idxs, gfpns, errs);
}

/* ---- populate on demand ---- */

static int pod_target(xc_interface *xch, unsigned cmd, uint32_t domid, uint64_t target_pages,
                      uint64_t *tot_pages, uint64_t *pod_cache_pages, uint64_t *pod_entries)
{
    struct xen_pod_target request;

    CTRL_ZERO(request);
    request.target_pages = target_pages;
    request.domid = (domid_t)domid;

    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    int result = (int)xc_memory_op(xch, cmd, &request, sizeof(request));
    if (tot_pages) {
        *tot_pages = request.tot_pages;
    }
    if (pod_cache_pages) {
        *pod_cache_pages = request.pod_cache_pages;
    }
    if (pod_entries) {
        *pod_entries = request.pod_entries;
    }
    return result < 0 ? -1 : 0;
}

int xc_domain_set_pod_target(xc_interface *xch, uint32_t domid, uint64_t target_pages,
                             uint64_t *tot_pages, uint64_t *pod_cache_pages,
                             uint64_t *pod_entries)
{
    return pod_target(xch, XENMEM_set_pod_target, domid, target_pages, tot_pages,
                      pod_cache_pages, pod_entries);
}

int xc_domain_get_pod_target(xc_interface *xch, uint32_t domid, uint64_t *tot_pages,
                             uint64_t *pod_cache_pages, uint64_t *pod_entries)
{
    return pod_target(xch, XENMEM_get_pod_target, domid, 0, tot_pages, pod_cache_pages,
                      pod_entries);
}
