/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "xenctrl/mem_paging.h"

#include <errno.h>

#include "call.h"
#include "vm_event.h"
#include "xenctrl/memory.h"

/* ---- the ring ---- */

static int control(xc_interface *xch, uint32_t domid, unsigned int op, uint32_t *port)
{
    return xc_vm_event_control(xch, domid, op, XEN_DOMCTL_VM_EVENT_OP_PAGING, port);
}

int xc_mem_paging_enable(xc_interface *xch, uint32_t domain_id, uint32_t *port)
{
    if (!port) {
        return xenctrl_refused(xch, EINVAL, "paging without room for its port");
    }
    return control(xch, domain_id, XEN_VM_EVENT_ENABLE, port);
}

int xc_mem_paging_disable(xc_interface *xch, uint32_t domain_id)
{
    return control(xch, domain_id, XEN_VM_EVENT_DISABLE, NULL);
}

int xc_mem_paging_resume(xc_interface *xch, uint32_t domain_id)
{
    return control(xch, domain_id, XEN_VM_EVENT_RESUME, NULL);
}

/* ---- pages ---- */

static int paging_op(xc_interface *xch, unsigned int op, uint32_t domid, uint64_t gfn,
                     const uint8_t *buffer)
{
    struct xen_mem_paging_op request;

    CTRL_ZERO(request);
    request.op = (uint8_t)op;
    request.domain = (domid_t)domid;
    request.gfn = gfn;
    set_xen_guest_handle_raw(request.buffer, buffer);
    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    return (int)xc_memory_op(xch, XENMEM_paging_op, &request, sizeof(request));
}

int xc_mem_paging_nominate(xc_interface *xch, uint32_t domain_id, uint64_t gfn)
{
    return paging_op(xch, XENMEM_paging_op_nominate, domain_id, gfn, NULL);
}

int xc_mem_paging_evict(xc_interface *xch, uint32_t domain_id, uint64_t gfn)
{
    return paging_op(xch, XENMEM_paging_op_evict, domain_id, gfn, NULL);
}

int xc_mem_paging_prep(xc_interface *xch, uint32_t domain_id, uint64_t gfn)
{
    return paging_op(xch, XENMEM_paging_op_prep, domain_id, gfn, NULL);
}

int xc_mem_paging_load(xc_interface *xch, uint32_t domain_id, uint64_t gfn, void *buffer)
{
    if (!buffer) {
        return xenctrl_refused(xch, EINVAL, "paging in no page");
    }
    uint8_t *page = xenctrl_buffer_copy(xch, buffer, XC_PAGE_SIZE);
    if (!page) {
        return -1;
    }
    int result = paging_op(xch, XENMEM_paging_op_prep, domain_id, gfn, page);
    xenctrl_buffer_done(xch, page);
    return result;
}
