/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xenctrl/vcpu.h"

#include <errno.h>
#include <string.h>

#include "bitmap.h"
#include "call.h"
#include "operation.h"
#include "xenctrl/domain.h"

_Static_assert(sizeof(xc_vcpuinfo_t) == 24, "as on every release");

int xc_vcpu_getinfo(xc_interface *xch, uint32_t domid, uint32_t vcpu, xc_vcpuinfo_t *info)
{
    xc_vcpuinfo_t request = {.vcpu = vcpu};
    int result = xenctrl_domctl(xch, CTRL_DOMCTL_GETVCPUINFO, domid, CTRL_PAYLOAD(request));

    if (result >= 0) {
        *info = request;
    }
    return result;
}

long long xc_domain_get_cpu_usage(xc_interface *xch, uint32_t domid, int vcpu)
{
    xc_vcpuinfo_t info;

    return xc_vcpu_getinfo(xch, domid, (uint32_t)vcpu, &info) < 0 ? -1
                                                                  : (long long)info.cpu_time;
}

/* ---- affinity ---- */

struct vcpuaffinity {
    uint32_t vcpu;
    uint32_t flags;
    struct ctrl_bitmap hard;
    struct ctrl_bitmap soft;
};
_Static_assert(sizeof(struct vcpuaffinity) == 40, "as on every release");

static int affinity(xc_interface *xch, unsigned cmd, uint32_t domid,
                    struct vcpuaffinity *request, xc_cpumap_t hard, xc_cpumap_t soft)
{
    int size = xc_get_cpumap_size(xch);
    uint8_t *hard_buffer = xenctrl_bitmap_buffer(xch, hard, size, &request->hard);
    uint8_t *soft_buffer = hard_buffer ? xenctrl_bitmap_buffer(xch, soft, size, &request->soft)
                                       : NULL;
    int result = -1;

    if (soft_buffer) {
        result = xenctrl_domctl(xch, cmd, domid, request, sizeof(*request));
    }
    if (result >= 0 && hard) {
        memcpy(hard, hard_buffer, (size_t)size);
    }
    if (result >= 0 && soft) {
        memcpy(soft, soft_buffer, (size_t)size);
    }
    xenctrl_buffer_done(xch, soft_buffer);
    xenctrl_buffer_done(xch, hard_buffer);
    return result;
}

static int check_maps(xc_interface *xch, const uint8_t *hard, const uint8_t *soft,
                      uint32_t flags)
{
    if ((!(flags & XEN_VCPUAFFINITY_HARD) || hard) &&
        (!(flags & XEN_VCPUAFFINITY_SOFT) || soft) && flags) {
        return 0;
    }
    return xenctrl_refused(xch, EINVAL, "an affinity without a set of CPUs");
}

int xc_vcpu_setaffinity(xc_interface *xch, uint32_t domid, int vcpu,
                        xc_cpumap_t cpumap_hard_inout, xc_cpumap_t cpumap_soft_inout,
                        uint32_t flags)
{
    struct vcpuaffinity request = {.vcpu = (uint32_t)vcpu, .flags = flags};

    if (check_maps(xch, cpumap_hard_inout, cpumap_soft_inout, flags)) {
        return -1;
    }
    return affinity(xch, CTRL_DOMCTL_SETVCPUAFFINITY, domid, &request, cpumap_hard_inout,
                    cpumap_soft_inout);
}

int xc_vcpu_getaffinity(xc_interface *xch, uint32_t domid, int vcpu, xc_cpumap_t cpumap_hard,
                        xc_cpumap_t cpumap_soft, uint32_t flags)
{
    struct vcpuaffinity request = {.vcpu = (uint32_t)vcpu, .flags = flags};

    if (check_maps(xch, cpumap_hard, cpumap_soft, flags)) {
        return -1;
    }
    return affinity(xch, CTRL_DOMCTL_GETVCPUAFFINITY, domid, &request, cpumap_hard,
                    cpumap_soft);
}

int xc_domain_node_setaffinity(xc_interface *xch, uint32_t domid, xc_nodemap_t nodemap)
{
    struct ctrl_bitmap request;
    uint8_t *buffer = xenctrl_bitmap_buffer(xch, nodemap, xc_get_nodemap_size(xch), &request);

    if (!buffer) {
        return -1;
    }
    int result = xenctrl_domctl(xch, CTRL_DOMCTL_SETNODEAFFINITY, domid, CTRL_PAYLOAD(request));
    xenctrl_buffer_done(xch, buffer);
    return result;
}

int xc_domain_node_getaffinity(xc_interface *xch, uint32_t domid, xc_nodemap_t nodemap)
{
    struct ctrl_bitmap request;
    int size = xc_get_nodemap_size(xch);
    uint8_t *buffer = xenctrl_bitmap_buffer(xch, NULL, size, &request);

    if (!buffer) {
        return -1;
    }
    int result = xenctrl_domctl(xch, CTRL_DOMCTL_GETNODEAFFINITY, domid, CTRL_PAYLOAD(request));
    if (result >= 0) {
        memcpy(nodemap, buffer, (size_t)size);
    }
    xenctrl_buffer_done(xch, buffer);
    return result;
}

/* ---- registers ---- */

struct vcpucontext {
    uint32_t vcpu;
    uint32_t pad;
    ctrl_u64 ctxt;
};

int xc_vcpu_setcontext(xc_interface *xch, uint32_t domid, uint32_t vcpu,
                       vcpu_guest_context_any_t *ctxt)
{
    struct vcpucontext request = {.vcpu = vcpu};
    void *buffer = NULL;

    if (ctxt) {
        buffer = xenctrl_buffer_copy(xch, ctxt, sizeof(*ctxt));
        if (!buffer) {
            return -1;
        }
        request.ctxt = ctrl_address(buffer);
    }
    int result = xenctrl_domctl(xch, CTRL_DOMCTL_SETVCPUCONTEXT, domid, CTRL_PAYLOAD(request));
    xenctrl_buffer_done(xch, buffer);
    return result;
}

/* Xen fills as much as the domain's ABI has. */
int xc_vcpu_getcontext(xc_interface *xch, uint32_t domid, uint32_t vcpu,
                       vcpu_guest_context_any_t *ctxt)
{
    struct vcpucontext request = {.vcpu = vcpu};
    void *buffer = xenctrl_buffer_copy(xch, ctxt, sizeof(*ctxt));

    if (!buffer) {
        return -1;
    }
    request.ctxt = ctrl_address(buffer);
    int result = xenctrl_domctl(xch, CTRL_DOMCTL_GETVCPUCONTEXT, domid, CTRL_PAYLOAD(request));
    if (result >= 0) {
        memcpy(ctxt, buffer, sizeof(*ctxt));
    }
    xenctrl_buffer_done(xch, buffer);
    return result;
}

struct vcpuextstate {
    uint32_t vcpu;
    uint32_t pad;
    ctrl_u64 xfeature_mask;
    ctrl_u64 size;
    ctrl_u64 buffer;
};

int xc_vcpu_get_extstate(xc_interface *xch, uint32_t domid, uint32_t vcpu,
                         xc_vcpu_extstate_t *extstate)
{
    struct vcpuextstate request = {
        .vcpu = vcpu, .xfeature_mask = extstate->xfeature_mask, .size = extstate->size};
    size_t size = (size_t)extstate->size;
    void *buffer = NULL;

    if (size) {
        buffer = xenctrl_buffer(xch, size);
        if (!buffer) {
            return -1;
        }
        request.buffer = ctrl_address(buffer);
    }
    int result = xenctrl_domctl(xch, CTRL_DOMCTL_GETVCPUEXTSTATE, domid, CTRL_PAYLOAD(request));
    if (result >= 0 && size) {
        memcpy(extstate->buffer, buffer, request.size < size ? (size_t)request.size : size);
    }
    if (result >= 0 && !size) {
        extstate->size = request.size;
        extstate->xfeature_mask = request.xfeature_mask;
    }
    xenctrl_buffer_done(xch, buffer);
    return result;
}
