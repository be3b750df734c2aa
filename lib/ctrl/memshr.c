/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "memshr.h"

#include <errno.h>

#include "fork_reset.h"
#include "operation.h"
#include "vm_event.h"
#include "xenctrl/memory.h"
#include "xenctrl/memshr.h"

/* ---- on and off ---- */

int xc_memshr_control(xc_interface *xch, uint32_t domid, int enable)
{
    struct {
        uint8_t op; /* XEN_DOMCTL_MEM_SHARING_CONTROL, the only one */
        uint8_t enable;
    } request = {.enable = enable != 0};

    return xenctrl_domctl(xch, CTRL_DOMCTL_MEM_SHARING_OP, domid, CTRL_PAYLOAD(request));
}

static int ring(xc_interface *xch, uint32_t domid, unsigned int op, uint32_t *port)
{
    return xc_vm_event_control(xch, domid, op, XEN_DOMCTL_VM_EVENT_OP_SHARING, port);
}

int xc_memshr_ring_enable(xc_interface *xch, uint32_t domid, uint32_t *port)
{
    if (!port) {
        return xenctrl_refused(xch, EINVAL, "a ring without room for its port");
    }
    return ring(xch, domid, XEN_VM_EVENT_ENABLE, port);
}

int xc_memshr_ring_disable(xc_interface *xch, uint32_t domid)
{
    return ring(xch, domid, XEN_VM_EVENT_DISABLE, NULL);
}

int xc_memshr_domain_resume(xc_interface *xch, uint32_t domid)
{
    return ring(xch, domid, XEN_VM_EVENT_RESUME, NULL);
}

/* ---- pages ---- */

/* Answers of this one are small: numbers of users, and of faults. */
static int sharing_op(xc_interface *xch, unsigned int op, uint32_t domid,
                      struct xen_mem_sharing_op *request)
{
    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    request->op = (uint8_t)op;
    request->domain = (domid_t)domid;
    return (int)xc_memory_op(xch, XENMEM_sharing_op, request, sizeof(*request));
}

static int nominate(xc_interface *xch, unsigned int op, uint32_t domid,
                    struct xen_mem_sharing_op *request, uint64_t *handle)
{
    int result = sharing_op(xch, op, domid, request);

    if (result == 0) {
        *handle = request->u.nominate.handle;
    }
    return result;
}

int xc_memshr_nominate_gfn(xc_interface *xch, uint32_t domid, unsigned long gfn,
                           uint64_t *handle)
{
    struct xen_mem_sharing_op request;

    CTRL_ZERO(request);
    request.u.nominate.u.gfn = gfn;
    return nominate(xch, XENMEM_sharing_op_nominate_gfn, domid, &request, handle);
}

int xc_memshr_nominate_gref(xc_interface *xch, uint32_t domid, grant_ref_t gref,
                            uint64_t *handle)
{
    struct xen_mem_sharing_op request;

    CTRL_ZERO(request);
    request.u.nominate.u.grant_ref = gref;
    return nominate(xch, XENMEM_sharing_op_nominate_gref, domid, &request, handle);
}

/* One end of what is shared: a gfn, or a grant with a flag that says so. */
struct end {
    uint32_t domid;
    uint64_t page;
    uint64_t handle;
};

static int share(xc_interface *xch, unsigned int op, const struct end *source,
                 const struct end *client)
{
    struct xen_mem_sharing_op request;

    CTRL_ZERO(request);
    request.u.share.source_gfn = source->page;
    request.u.share.source_handle = source->handle;
    request.u.share.client_gfn = client->page;
    request.u.share.client_handle = client->handle;
    request.u.share.client_domain = (domid_t)client->domid;
    if (xenctrl_check_domid(xch, client->domid)) {
        return -1;
    }
    return sharing_op(xch, op, source->domid, &request);
}

int xc_memshr_share_gfns(xc_interface *xch, uint32_t source_domain, unsigned long source_gfn,
                         uint64_t source_handle, uint32_t client_domain,
                         unsigned long client_gfn, uint64_t client_handle)
{
    return share(xch, XENMEM_sharing_op_share,
                 &(struct end){source_domain, source_gfn, source_handle},
                 &(struct end){client_domain, client_gfn, client_handle});
}

int xc_memshr_share_grefs(xc_interface *xch, uint32_t source_domain, grant_ref_t source_gref,
                          uint64_t source_handle, uint32_t client_domain,
                          grant_ref_t client_gref, uint64_t client_handle)
{
    struct end source = {.domid = source_domain, .handle = source_handle};
    struct end client = {.domid = client_domain, .handle = client_handle};

    XENMEM_SHARING_OP_FIELD_MAKE_GREF(source.page, source_gref);
    XENMEM_SHARING_OP_FIELD_MAKE_GREF(client.page, client_gref);
    return share(xch, XENMEM_sharing_op_share, &source, &client);
}

int xc_memshr_add_to_physmap(xc_interface *xch, uint32_t source_domain,
                             unsigned long source_gfn, uint64_t source_handle,
                             uint32_t client_domain, unsigned long client_gfn)
{
    return share(xch, XENMEM_sharing_op_add_physmap,
                 &(struct end){source_domain, source_gfn, source_handle},
                 &(struct end){.domid = client_domain, .page = client_gfn});
}

int xc_memshr_range_share(xc_interface *xch, uint32_t source_domain, uint32_t client_domain,
                          uint64_t first_gfn, uint64_t last_gfn)
{
    struct xen_mem_sharing_op request;

    CTRL_ZERO(request);
    request.u.range.first_gfn = first_gfn;
    request.u.range.last_gfn = last_gfn;
    request.u.range.client_domain = (domid_t)client_domain;
    if (xenctrl_check_domid(xch, client_domain)) {
        return -1;
    }
    return sharing_op(xch, XENMEM_sharing_op_range_share, source_domain, &request);
}

/* ---- forks ---- */

static int fork_op(xc_interface *xch, unsigned int op, uint32_t domid, uint32_t parent,
                   unsigned int flags)
{
    struct xen_mem_sharing_op request;

    CTRL_ZERO(request);
    request.u.fork.parent_domain = (domid_t)parent;
    request.u.fork.flags = (uint16_t)flags;
    return sharing_op(xch, op, domid, &request);
}

int xc_memshr_fork(xc_interface *xch, uint32_t source_domain, uint32_t client_domain,
                   bool allow_with_iommu, bool block_interrupts)
{
    unsigned int flags = (allow_with_iommu ? XENMEM_FORK_WITH_IOMMU_ALLOWED : 0) |
                         (block_interrupts ? XENMEM_FORK_BLOCK_INTERRUPTS : 0);

    if (xenctrl_check_domid(xch, source_domain)) {
        return -1;
    }
    return fork_op(xch, XENMEM_sharing_op_fork, client_domain, source_domain, flags);
}

int xenctrl_memshr_fork_reset(xc_interface *xch, uint32_t domid, bool state, bool memory)
{
    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    int flags = xenhvabi_fork_reset_flags(&xch->abi, state, memory);
    if (flags < 0) {
        return xenctrl_failed(xch, "resetting the fork %u", domid);
    }
    return fork_op(xch, XENMEM_sharing_op_fork_reset, domid, 0, (unsigned int)flags);
}

/* ---- looking ---- */

int xc_memshr_debug_gfn(xc_interface *xch, uint32_t domid, unsigned long gfn)
{
    struct xen_mem_sharing_op request;

    CTRL_ZERO(request);
    request.u.debug.u.gfn = gfn;
    return sharing_op(xch, XENMEM_sharing_op_debug_gfn, domid, &request);
}

int xc_memshr_debug_gref(xc_interface *xch, uint32_t domid, grant_ref_t gref)
{
    struct xen_mem_sharing_op request;

    CTRL_ZERO(request);
    request.u.debug.u.gref = gref;
    return sharing_op(xch, XENMEM_sharing_op_debug_gref, domid, &request);
}

int xc_memshr_audit(xc_interface *xch)
{
    struct xen_mem_sharing_op request;

    CTRL_ZERO(request);
    return sharing_op(xch, XENMEM_sharing_op_audit, 0, &request);
}
