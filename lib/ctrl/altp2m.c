/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xenctrl/altp2m.h"

#include <errno.h>
#include <xen/hvm/hvm_op.h>

#include "call.h"

_Static_assert(sizeof(struct xen_hvm_altp2m_op) == 80, "as on every release");

/* A request, for the caller to fill in what the operation needs. */
static struct xen_hvm_altp2m_op request_to(uint32_t cmd, uint32_t domid)
{
    struct xen_hvm_altp2m_op request;

    CTRL_ZERO(request);
    request.version = HVMOP_ALTP2M_INTERFACE_VERSION;
    request.cmd = cmd;
    request.domain = (domid_t)domid;
    return request;
}

static int altp2m_op(xc_interface *xch, uint32_t domid, struct xen_hvm_altp2m_op *request)
{
    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    return (int)xenctrl_hypercall(xch, __HYPERVISOR_hvm_op, HVMOP_altp2m, request,
                                  sizeof(*request), "an altp2m operation");
}

/* ---- the domain, its vCPUs ---- */

int xc_altp2m_get_domain_state(xc_interface *handle, uint32_t dom, bool *state)
{
    struct xen_hvm_altp2m_op request = request_to(HVMOP_altp2m_get_domain_state, dom);
    int result = altp2m_op(handle, dom, &request);

    if (result == 0) {
        *state = request.u.domain_state.state != 0;
    }
    return result;
}

int xc_altp2m_set_domain_state(xc_interface *handle, uint32_t dom, bool state)
{
    struct xen_hvm_altp2m_op request = request_to(HVMOP_altp2m_set_domain_state, dom);

    request.u.domain_state.state = state;
    return altp2m_op(handle, dom, &request);
}

int xc_altp2m_set_vcpu_enable_notify(xc_interface *handle, uint32_t domid, uint32_t vcpuid,
                                     xen_pfn_t gfn)
{
    struct xen_hvm_altp2m_op request = request_to(HVMOP_altp2m_vcpu_enable_notify, domid);

    request.u.enable_notify.vcpu_id = vcpuid;
    request.u.enable_notify.gfn = gfn;
    return altp2m_op(handle, domid, &request);
}

int xc_altp2m_set_vcpu_disable_notify(xc_interface *handle, uint32_t domid, uint32_t vcpuid)
{
    struct xen_hvm_altp2m_op request = request_to(HVMOP_altp2m_vcpu_disable_notify, domid);

    request.u.disable_notify.vcpu_id = vcpuid;
    return altp2m_op(handle, domid, &request);
}

int xc_altp2m_get_vcpu_p2m_idx(xc_interface *handle, uint32_t domid, uint32_t vcpuid,
                               uint16_t *p2midx)
{
    struct xen_hvm_altp2m_op request = request_to(HVMOP_altp2m_get_p2m_idx, domid);

    request.u.get_vcpu_p2m_idx.vcpu_id = vcpuid;
    int result = altp2m_op(handle, domid, &request);
    if (result == 0) {
        *p2midx = request.u.get_vcpu_p2m_idx.altp2m_idx;
    }
    return result;
}

/* ---- views ---- */

int xc_altp2m_create_view(xc_interface *handle, uint32_t domid, xenmem_access_t default_access,
                          uint16_t *view_id)
{
    struct xen_hvm_altp2m_op request = request_to(HVMOP_altp2m_create_p2m, domid);

    request.u.view.view = UINT16_MAX;
    request.u.view.hvmmem_default_access = (uint16_t)default_access;
    int result = altp2m_op(handle, domid, &request);
    if (result == 0) {
        *view_id = request.u.view.view;
    }
    return result;
}

int xc_altp2m_destroy_view(xc_interface *handle, uint32_t domid, uint16_t view_id)
{
    struct xen_hvm_altp2m_op request = request_to(HVMOP_altp2m_destroy_p2m, domid);

    request.u.view.view = view_id;
    return altp2m_op(handle, domid, &request);
}

int xc_altp2m_switch_to_view(xc_interface *handle, uint32_t domid, uint16_t view_id)
{
    struct xen_hvm_altp2m_op request = request_to(HVMOP_altp2m_switch_p2m, domid);

    request.u.view.view = view_id;
    return altp2m_op(handle, domid, &request);
}

int xc_altp2m_set_visibility(xc_interface *handle, uint32_t domid, uint16_t view_id,
                             bool visible)
{
    struct xen_hvm_altp2m_op request = request_to(HVMOP_altp2m_set_visibility, domid);

    request.u.set_visibility.altp2m_idx = view_id;
    request.u.set_visibility.visible = visible;
    return altp2m_op(handle, domid, &request);
}

/* ---- pages of a view ---- */

int xc_altp2m_change_gfn(xc_interface *handle, uint32_t domid, uint16_t view_id,
                         xen_pfn_t old_gfn, xen_pfn_t new_gfn)
{
    struct xen_hvm_altp2m_op request = request_to(HVMOP_altp2m_change_gfn, domid);

    request.u.change_gfn.view = view_id;
    request.u.change_gfn.old_gfn = old_gfn;
    request.u.change_gfn.new_gfn = new_gfn;
    return altp2m_op(handle, domid, &request);
}

int xc_altp2m_set_mem_access(xc_interface *handle, uint32_t domid, uint16_t view_id,
                             xen_pfn_t gfn, xenmem_access_t access)
{
    struct xen_hvm_altp2m_op request = request_to(HVMOP_altp2m_set_mem_access, domid);

    request.u.mem_access.view = view_id;
    request.u.mem_access.access = (uint16_t)access;
    request.u.mem_access.gfn = gfn;
    return altp2m_op(handle, domid, &request);
}

int xc_altp2m_get_mem_access(xc_interface *handle, uint32_t domid, uint16_t view_id,
                             xen_pfn_t gfn, xenmem_access_t *access)
{
    struct xen_hvm_altp2m_op request = request_to(HVMOP_altp2m_get_mem_access, domid);

    request.u.mem_access.view = view_id;
    request.u.mem_access.gfn = gfn;
    int result = altp2m_op(handle, domid, &request);
    if (result == 0) {
        *access = (xenmem_access_t)request.u.mem_access.access;
    }
    return result;
}

int xc_altp2m_set_mem_access_multi(xc_interface *handle, uint32_t domid, uint16_t view_id,
                                   uint8_t *access, uint64_t *gfns, uint32_t nr)
{
    struct xen_hvm_altp2m_op request = request_to(HVMOP_altp2m_set_mem_access_multi, domid);
    int result = -1;

    if (nr && (!access || !gfns)) {
        return xenctrl_refused(handle, EINVAL, "%u pages without a list of them", nr);
    }
    uint8_t *kinds = xenctrl_buffer_copy(handle, access, nr);
    uint64_t *pages = xenctrl_buffer_array(handle, nr, sizeof(*gfns));
    if (kinds && pages) {
        if (nr) {
            memcpy(pages, gfns, nr * sizeof(*gfns));
        }
        request.u.set_mem_access_multi.view = view_id;
        request.u.set_mem_access_multi.nr = nr;
        set_xen_guest_handle_raw(request.u.set_mem_access_multi.pfn_list, pages);
        set_xen_guest_handle_raw(request.u.set_mem_access_multi.access_list, kinds);
        result = altp2m_op(handle, domid, &request);
    }
    xenctrl_buffer_done(handle, pages);
    xenctrl_buffer_done(handle, kinds);
    return result;
}

/* ---- violations that the guest is told of ---- */

int xc_altp2m_set_suppress_ve(xc_interface *handle, uint32_t domid, uint16_t view_id,
                              xen_pfn_t gfn, bool sve)
{
    struct xen_hvm_altp2m_op request = request_to(HVMOP_altp2m_set_suppress_ve, domid);

    request.u.suppress_ve.view = view_id;
    request.u.suppress_ve.gfn = gfn;
    request.u.suppress_ve.suppress_ve = sve;
    return altp2m_op(handle, domid, &request);
}

int xc_altp2m_get_suppress_ve(xc_interface *handle, uint32_t domid, uint16_t view_id,
                              xen_pfn_t gfn, bool *sve)
{
    struct xen_hvm_altp2m_op request = request_to(HVMOP_altp2m_get_suppress_ve, domid);

    request.u.suppress_ve.view = view_id;
    request.u.suppress_ve.gfn = gfn;
    int result = altp2m_op(handle, domid, &request);
    if (result == 0) {
        *sve = request.u.suppress_ve.suppress_ve != 0;
    }
    return result;
}

int xc_altp2m_set_supress_ve_multi(xc_interface *handle, uint32_t domid, uint16_t view_id,
                                   xen_pfn_t first_gfn, xen_pfn_t last_gfn, bool sve,
                                   xen_pfn_t *error_gfn, int32_t *error_code)
{
    struct xen_hvm_altp2m_op request = request_to(HVMOP_altp2m_set_suppress_ve_multi, domid);

    request.u.suppress_ve_multi.view = view_id;
    request.u.suppress_ve_multi.suppress_ve = sve;
    request.u.suppress_ve_multi.first_gfn = first_gfn;
    request.u.suppress_ve_multi.last_gfn = last_gfn;
    int result = altp2m_op(handle, domid, &request);
    if (result == 0) {
        *error_gfn = request.u.suppress_ve_multi.first_error_gfn;
        *error_code = request.u.suppress_ve_multi.first_error;
    }
    return result;
}
