/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "call.h"
#include "operation.h"
#include "xenctrl/vcpu.h"

struct vnuma {
    uint32_t nr_vnodes;
    uint32_t nr_vmemranges;
    uint32_t nr_vcpus;
    uint32_t pad;
    ctrl_u64 vdistance;
    ctrl_u64 vcpu_to_vnode;
    ctrl_u64 vnode_to_pnode;
    ctrl_u64 vmemrange;
};
_Static_assert(sizeof(struct vnuma) == 48, "as on every release");

/* The arrays that go with it, in buffers. */
struct vnuma_buffers {
    unsigned int *vdistance;
    unsigned int *vcpu_to_vnode;
    unsigned int *vnode_to_pnode;
    xen_vmemrange_t *vmemrange;
};

static void give_back(xc_interface *xch, struct vnuma_buffers *buffers)
{
    xenctrl_buffer_done(xch, buffers->vdistance);
    xenctrl_buffer_done(xch, buffers->vcpu_to_vnode);
    xenctrl_buffer_done(xch, buffers->vnode_to_pnode);
    xenctrl_buffer_done(xch, buffers->vmemrange);
}

/* Room for distances is squared: 16 bits of nodes are more than any host has. */
static int allocate(xc_interface *xch, struct vnuma_buffers *buffers, uint32_t nr_vnodes,
                    uint32_t nr_vmemranges, uint32_t nr_vcpus)
{
    if (nr_vnodes > UINT16_MAX) {
        return xenctrl_refused(xch, EINVAL, "%u virtual NUMA nodes", nr_vnodes);
    }
    size_t distances = (size_t)nr_vnodes * nr_vnodes;
    if ((buffers->vdistance = xenctrl_buffer_array(xch, distances, sizeof(unsigned int))) &&
        (buffers->vcpu_to_vnode = xenctrl_buffer_array(xch, nr_vcpus, sizeof(unsigned int))) &&
        (buffers->vnode_to_pnode = xenctrl_buffer_array(xch, nr_vnodes, sizeof(unsigned int))) &&
        (buffers->vmemrange =
             xenctrl_buffer_array(xch, nr_vmemranges, sizeof(xen_vmemrange_t)))) {
        return 0;
    }
    return -1;
}

int xc_domain_setvnuma(xc_interface *xch, uint32_t domid, uint32_t nr_vnodes,
                       uint32_t nr_regions, uint32_t nr_vcpus, xen_vmemrange_t *vmemrange,
                       unsigned int *vdistance, unsigned int *vcpu_to_vnode,
                       unsigned int *vnode_to_pnode)
{
    struct vnuma_buffers buffers = {0};
    int result = -1;

    if (!nr_vnodes || !nr_regions || !nr_vcpus || !vmemrange || !vdistance || !vcpu_to_vnode ||
        !vnode_to_pnode) {
        return xenctrl_refused(xch, EINVAL, "virtual NUMA nodes that are not complete");
    }
    if (!allocate(xch, &buffers, nr_vnodes, nr_regions, nr_vcpus)) {
        memcpy(buffers.vdistance, vdistance,
               (size_t)nr_vnodes * nr_vnodes * sizeof(*vdistance));
        memcpy(buffers.vcpu_to_vnode, vcpu_to_vnode, nr_vcpus * sizeof(*vcpu_to_vnode));
        memcpy(buffers.vnode_to_pnode, vnode_to_pnode, nr_vnodes * sizeof(*vnode_to_pnode));
        memcpy(buffers.vmemrange, vmemrange, nr_regions * sizeof(*vmemrange));
        struct vnuma request = {.nr_vnodes = nr_vnodes,
                                .nr_vmemranges = nr_regions,
                                .nr_vcpus = nr_vcpus,
                                .vdistance = ctrl_address(buffers.vdistance),
                                .vcpu_to_vnode = ctrl_address(buffers.vcpu_to_vnode),
                                .vnode_to_pnode = ctrl_address(buffers.vnode_to_pnode),
                                .vmemrange = ctrl_address(buffers.vmemrange)};
        result = xenctrl_domctl(xch, CTRL_DOMCTL_SETVNUMAINFO, domid, CTRL_PAYLOAD(request));
    }
    give_back(xch, &buffers);
    return result;
}

/* Once more, with room for what Xen has: the answer's numbers replace those of the room. */
static int get(xc_interface *xch, struct xen_vnuma_topology_info *request,
               const struct vnuma_buffers *buffers)
{
    set_xen_guest_handle_raw(request->vdistance.h, buffers->vdistance);
    set_xen_guest_handle_raw(request->vcpu_to_vnode.h, buffers->vcpu_to_vnode);
    set_xen_guest_handle_raw(request->vmemrange.h, buffers->vmemrange);
    return (int)xenctrl_hypercall(xch, __HYPERVISOR_memory_op, XENMEM_get_vnumainfo, request,
                                  sizeof(*request), "getting virtual NUMA nodes");
}

int xc_domain_getvnuma(xc_interface *xch, uint32_t domid, uint32_t *nr_vnodes,
                       uint32_t *nr_vmemranges, uint32_t *nr_vcpus, xen_vmemrange_t *vmemrange,
                       unsigned int *vdistance, unsigned int *vcpu_to_vnode)
{
    struct xen_vnuma_topology_info request;

    CTRL_ZERO(request);
    request.domid = (domid_t)domid;
    request.nr_vnodes = *nr_vnodes;
    request.nr_vcpus = *nr_vcpus;
    request.nr_vmemranges = *nr_vmemranges;
    struct vnuma_buffers buffers = {0};
    int result = -1;

    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    if (!allocate(xch, &buffers, *nr_vnodes, *nr_vmemranges, *nr_vcpus)) {
        result = get(xch, &request, &buffers);
    }
    if (result >= 0 && vdistance && vcpu_to_vnode && vmemrange) {
        memcpy(vdistance, buffers.vdistance,
               (size_t)request.nr_vnodes * request.nr_vnodes * sizeof(*vdistance));
        memcpy(vcpu_to_vnode, buffers.vcpu_to_vnode, request.nr_vcpus * sizeof(*vcpu_to_vnode));
        memcpy(vmemrange, buffers.vmemrange, request.nr_vmemranges * sizeof(*vmemrange));
    }
    if (result >= 0 || errno == ENOBUFS) {
        *nr_vnodes = request.nr_vnodes;
        *nr_vcpus = request.nr_vcpus;
        *nr_vmemranges = request.nr_vmemranges;
    }
    give_back(xch, &buffers);
    return result;
}
