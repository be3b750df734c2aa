/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <xenctrl/monitor.h>

#include <errno.h>

#include "call.h"
#include "monitor.h"
#include "vm_event.h"

/* ---- listening ---- */

void *xc_monitor_enable(xc_interface *xch, uint32_t domain_id, uint32_t *port)
{
    return xc_vm_event_enable(xch, domain_id, HVM_PARAM_MONITOR_RING_PFN, port);
}

int xc_monitor_disable(xc_interface *xch, uint32_t domain_id)
{
    return xc_vm_event_control(xch, domain_id, XEN_VM_EVENT_DISABLE,
                               XEN_DOMCTL_VM_EVENT_OP_MONITOR, NULL);
}

int xc_monitor_resume(xc_interface *xch, uint32_t domain_id)
{
    return xc_vm_event_control(xch, domain_id, XEN_VM_EVENT_RESUME,
                               XEN_DOMCTL_VM_EVENT_OP_MONITOR, NULL);
}

/* ---- to what ---- */

static int monitor_op(xc_interface *xch, uint32_t domid, struct hvabi_monitor *request)
{
    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    return xenctrl_domain_result(xch, xenhvabi_monitor(&xch->abi, (uint16_t)domid, request),
                                 "monitoring", domid);
}

/* A request to begin or end telling of @event, for the caller to add options to. */
static struct hvabi_monitor about(uint32_t event, bool enable)
{
    return (struct hvabi_monitor){
        .op = enable ? XEN_DOMCTL_MONITOR_OP_ENABLE : XEN_DOMCTL_MONITOR_OP_DISABLE,
        .event = event,
    };
}

static int monitor_plain(xc_interface *xch, uint32_t domid, uint32_t event, bool enable)
{
    struct hvabi_monitor request = about(event, enable);

    return monitor_op(xch, domid, &request);
}

int xc_monitor_get_capabilities(xc_interface *xch, uint32_t domain_id, uint32_t *capabilities)
{
    struct hvabi_monitor request = {.op = XEN_DOMCTL_MONITOR_OP_GET_CAPABILITIES};

    if (!capabilities) {
        return xenctrl_refused(xch, EINVAL, "no place for what can be monitored");
    }
    int result = monitor_op(xch, domain_id, &request);
    if (result == 0) {
        *capabilities = request.event;
    }
    return result;
}

int xc_monitor_write_ctrlreg(xc_interface *xch, uint32_t domain_id, uint16_t index, bool enable,
                             bool sync, uint64_t bitmask, bool onchangeonly)
{
    struct hvabi_monitor request = about(XEN_DOMCTL_MONITOR_EVENT_WRITE_CTRLREG, enable);

    if (index > UINT8_MAX) {
        return xenctrl_refused(xch, EINVAL, "%u is no control register", index);
    }
    request.u.mov_to_cr.index = (uint8_t)index;
    request.u.mov_to_cr.sync = sync;
    request.u.mov_to_cr.onchangeonly = onchangeonly;
    request.u.mov_to_cr.bitmask = bitmask;
    return monitor_op(xch, domain_id, &request);
}

int xc_monitor_mov_to_msr(xc_interface *xch, uint32_t domain_id, uint32_t msr, bool enable,
                          bool onchangeonly)
{
    struct hvabi_monitor request = about(XEN_DOMCTL_MONITOR_EVENT_MOV_TO_MSR, enable);

    request.u.mov_to_msr.msr = msr;
    request.u.mov_to_msr.onchangeonly = onchangeonly;
    return monitor_op(xch, domain_id, &request);
}

int xc_monitor_guest_request(xc_interface *xch, uint32_t domain_id, bool enable, bool sync,
                             bool allow_userspace)
{
    struct hvabi_monitor request = about(XEN_DOMCTL_MONITOR_EVENT_GUEST_REQUEST, enable);

    request.u.guest_request.sync = sync;
    request.u.guest_request.allow_userspace = enable && allow_userspace;
    return monitor_op(xch, domain_id, &request);
}

int xc_monitor_debug_exceptions(xc_interface *xch, uint32_t domain_id, bool enable, bool sync)
{
    struct hvabi_monitor request = about(XEN_DOMCTL_MONITOR_EVENT_DEBUG_EXCEPTION, enable);

    request.u.debug_exception.sync = sync;
    return monitor_op(xch, domain_id, &request);
}

int xc_monitor_vmexit(xc_interface *xch, uint32_t domain_id, bool enable, bool sync)
{
    struct hvabi_monitor request = about(HVABI_MONITOR_VMEXIT, enable);

    request.u.vmexit.sync = sync;
    return monitor_op(xch, domain_id, &request);
}

int xc_monitor_singlestep(xc_interface *xch, uint32_t domain_id, bool enable)
{
    return monitor_plain(xch, domain_id, XEN_DOMCTL_MONITOR_EVENT_SINGLESTEP, enable);
}

int xc_monitor_software_breakpoint(xc_interface *xch, uint32_t domain_id, bool enable)
{
    return monitor_plain(xch, domain_id, XEN_DOMCTL_MONITOR_EVENT_SOFTWARE_BREAKPOINT, enable);
}

int xc_monitor_descriptor_access(xc_interface *xch, uint32_t domain_id, bool enable)
{
    return monitor_plain(xch, domain_id, XEN_DOMCTL_MONITOR_EVENT_DESC_ACCESS, enable);
}

int xc_monitor_cpuid(xc_interface *xch, uint32_t domain_id, bool enable)
{
    return monitor_plain(xch, domain_id, XEN_DOMCTL_MONITOR_EVENT_CPUID, enable);
}

int xc_monitor_privileged_call(xc_interface *xch, uint32_t domain_id, bool enable)
{
    return monitor_plain(xch, domain_id, XEN_DOMCTL_MONITOR_EVENT_PRIVILEGED_CALL, enable);
}

int xc_monitor_emul_unimplemented(xc_interface *xch, uint32_t domain_id, bool enable)
{
    return monitor_plain(xch, domain_id, XEN_DOMCTL_MONITOR_EVENT_EMUL_UNIMPLEMENTED, enable);
}

int xc_monitor_io(xc_interface *xch, uint32_t domain_id, bool enable)
{
    return monitor_plain(xch, domain_id, HVABI_MONITOR_IO, enable);
}

/* What is enabled here is leaving such events out. */
int xc_monitor_inguest_pagefault(xc_interface *xch, uint32_t domain_id, bool disable)
{
    return monitor_plain(xch, domain_id, XEN_DOMCTL_MONITOR_EVENT_INGUEST_PAGEFAULT, disable);
}

int xc_monitor_emulate_each_rep(xc_interface *xch, uint32_t domain_id, bool enable)
{
    struct hvabi_monitor request = {.op = XEN_DOMCTL_MONITOR_OP_EMULATE_EACH_REP,
                                    .event = enable};

    return monitor_op(xch, domain_id, &request);
}
