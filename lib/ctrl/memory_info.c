/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "call.h"
#include "domain_info.h"
#include "xenctrl/memory.h"

/* ---- the hypercall ---- */

/* Those that answer a number of pages or a frame, which may be more than an int. */
static bool answers_frames(unsigned cmd)
{
    return cmd == XENMEM_maximum_ram_page || cmd == XENMEM_maximum_gpfn ||
           cmd == XENMEM_current_reservation || cmd == XENMEM_maximum_reservation ||
           cmd == XENMEM_get_sharing_freed_pages || cmd == XENMEM_get_sharing_shared_pages;
}

/* ioctl(2) gives an int of Xen's answer; within a multicall all of it comes back. */
static long call_for_frames(xc_interface *xch, unsigned cmd, const void *argument)
{
    struct multicall_entry entry = {.op = __HYPERVISOR_memory_op,
                                    .args = {cmd, (xen_ulong_t)ctrl_address(argument)}};
    struct multicall_entry *buffer = xenctrl_buffer_copy(xch, &entry, sizeof(entry));

    if (!buffer) {
        return -1;
    }
    long result = xencall2(xch->xcall, __HYPERVISOR_multicall, ctrl_address(buffer), 1);
    if (result >= 0) {
        result = (long)buffer->result;
        if (result < 0 && result >= -4095) {
            errno = (int)-result;
            result = -1;
        }
    }
    xenctrl_buffer_done(xch, buffer);
    return result;
}

long xc_memory_op(xc_interface *xch, unsigned int cmd, void *arg, size_t len)
{
    if (!answers_frames(cmd)) {
        return xenctrl_hypercall(xch, __HYPERVISOR_memory_op, cmd, arg, len, "memory_op");
    }
    void *buffer = arg ? xenctrl_buffer_copy(xch, arg, len) : NULL;
    if ((arg && !buffer) || xenctrl_check_open(xch)) {
        return -1;
    }
    long result = call_for_frames(xch, cmd, buffer);
    xenctrl_buffer_done(xch, buffer);
    return result < 0 ? xenctrl_failed(xch, "memory_op") : result;
}

/* ---- domains ---- */

int xc_domain_maximum_gpfn(xc_interface *xch, uint32_t domid, xen_pfn_t *gpfns)
{
    domid_t domain = (domid_t)domid;

    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    long result = xc_memory_op(xch, XENMEM_maximum_gpfn, &domain, sizeof(domain));
    if (result < 0) {
        return -1;
    }
    *gpfns = (xen_pfn_t)result;
    return 0;
}

int xc_domain_nr_gpfns(xc_interface *xch, uint32_t domid, xen_pfn_t *gpfns)
{
    int result = xc_domain_maximum_gpfn(xch, domid, gpfns);

    if (result >= 0) {
        *gpfns += 1;
    }
    return result;
}

long xc_get_tot_pages(xc_interface *xch, uint32_t domid)
{
    struct hvabi_domain_info info;

    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    int result = xenhvabi_domain_info(&xch->abi, (uint16_t)domid, &info);
    return xenctrl_domain_result(xch, result, "getdomaininfo", domid) < 0 ? -1
                                                                         : (long)info.tot_pages;
}

/* ---- the host ---- */

int xc_maximum_ram_page(xc_interface *xch, unsigned long *max_mfn)
{
    long result = xc_memory_op(xch, XENMEM_maximum_ram_page, NULL, 0);

    if (result < 0) {
        return -1;
    }
    *max_mfn = (unsigned long)result;
    return 0;
}

long xc_sharing_freed_pages(xc_interface *xch)
{
    return xc_memory_op(xch, XENMEM_get_sharing_freed_pages, NULL, 0);
}

long xc_sharing_used_frames(xc_interface *xch)
{
    return xc_memory_op(xch, XENMEM_get_sharing_shared_pages, NULL, 0);
}

int xc_machphys_mfn_list(xc_interface *xch, unsigned long max_extents, xen_pfn_t *extent_start)
{
    struct xen_machphys_mfn_list request;

    CTRL_ZERO(request);
    request.max_extents = (unsigned)max_extents;

    if (max_extents > UINT_MAX) {
        return xenctrl_refused(xch, EINVAL, "%lu extents", max_extents);
    }
    xen_pfn_t *buffer = xenctrl_buffer_array(xch, max_extents, sizeof(*buffer));
    if (!buffer) {
        return -1;
    }
    set_xen_guest_handle_raw(request.extent_start, buffer);
    int result = (int)xc_memory_op(xch, XENMEM_machphys_mfn_list, &request, sizeof(request));
    if (result >= 0) {
        size_t count = request.nr_extents < max_extents ? request.nr_extents : max_extents;

        memcpy(extent_start, buffer, count * sizeof(*buffer));
    }
    xenctrl_buffer_done(xch, buffer);
    if (result >= 0 && request.nr_extents != max_extents) {
        return xenctrl_refused(xch, ERANGE, "the table has %u extents, not %lu",
                               request.nr_extents, max_extents);
    }
    return result;
}

/* ---- memory maps ---- */

int xc_domain_set_memory_map(xc_interface *xch, uint32_t domid, struct e820entry entries[],
                             uint32_t nr_entries)
{
    struct xen_foreign_memory_map request;

    CTRL_ZERO(request);
    request.domid = (domid_t)domid;
    request.map.nr_entries = nr_entries;

    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    void *buffer = xenctrl_buffer_array(xch, nr_entries, sizeof(*entries));
    if (!buffer) {
        return -1;
    }
    if (nr_entries) {
        memcpy(buffer, entries, nr_entries * sizeof(*entries));
    }
    set_xen_guest_handle_raw(request.map.buffer, buffer);
    int result = (int)xc_memory_op(xch, XENMEM_set_memory_map, &request, sizeof(request));
    xenctrl_buffer_done(xch, buffer);
    return result;
}

int xc_domain_set_memmap_limit(xc_interface *xch, uint32_t domid, unsigned long map_limitkb)
{
    struct e820entry all = {.size = (uint64_t)map_limitkb << 10, .type = E820_RAM};

    return xc_domain_set_memory_map(xch, domid, &all, 1);
}

int xc_get_machine_memory_map(xc_interface *xch, struct e820entry entries[],
                              uint32_t max_entries)
{
    struct xen_memory_map request;

    CTRL_ZERO(request);
    request.nr_entries = max_entries;

    if (!entries || !max_entries) {
        return xenctrl_refused(xch, EINVAL, "no room for a memory map");
    }
    void *buffer = xenctrl_buffer_array(xch, max_entries, sizeof(*entries));
    if (!buffer) {
        return -1;
    }
    set_xen_guest_handle_raw(request.buffer, buffer);
    int result = (int)xc_memory_op(xch, XENMEM_machine_memory_map, &request, sizeof(request));
    if (result >= 0) {
        uint32_t count = request.nr_entries < max_entries ? request.nr_entries : max_entries;

        memcpy(entries, buffer, count * sizeof(*entries));
        result = (int)count;
    }
    xenctrl_buffer_done(xch, buffer);
    return result;
}

int xc_reserved_device_memory_map(xc_interface *xch, uint32_t flags, uint16_t seg, uint8_t bus,
                                  uint8_t devfn, struct xen_reserved_device_memory entries[],
                                  uint32_t *max_entries)
{
    struct xen_reserved_device_memory_map request;

    CTRL_ZERO(request);
    request.flags = flags;
    request.nr_entries = *max_entries;
    request.dev.pci.seg = seg;
    request.dev.pci.bus = bus;
    request.dev.pci.devfn = devfn;

    void *buffer = xenctrl_buffer_array(xch, *max_entries, sizeof(*entries));
    if (!buffer) {
        return -1;
    }
    set_xen_guest_handle_raw(request.buffer, buffer);
    int result = (int)xc_memory_op(xch, XENMEM_reserved_device_memory_map, &request,
                                   sizeof(request));
    if (result >= 0 && entries) {
        uint32_t count = request.nr_entries < *max_entries ? request.nr_entries : *max_entries;

        memcpy(entries, buffer, count * sizeof(*entries));
    }
    *max_entries = request.nr_entries;
    xenctrl_buffer_done(xch, buffer);
    return result;
}
