/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests that a program made up itself. Most have one shape on every release and
 * go out as they are; those that have not, pass through hvabi's functions.
 */
#include <errno.h>
#include <string.h>

#include "face.h"
#include "handle.h"
#include "mempool.h"
#include "monitor.h"
#include "operation.h"
#include "passthrough.h"

/* ---- domctl ---- */

static int raw_create(xc_interface *xch, struct hvabi_domctl *request)
{
    uint32_t domid = request->domain;
    int result = xc_domain_create(xch, &domid, &request->u);

    request->domain = (uint16_t)domid;
    return result;
}

/* Programs of up to 4.17 expect the first domain at or above the one they name. */
static int raw_info(xc_interface *xch, struct hvabi_domctl *request)
{
    struct hvabi_domain_info info;
    int result = XENCTRL_FACE < HVABI_RELEASE(4, 18)
                     ? xenhvabi_domain_info_from(&xch->abi, request->domain, &info)
                     : xenhvabi_domain_info(&xch->abi, request->domain, &info);

    if (result) {
        return xenctrl_failed(xch, "getdomaininfo of domain %u", request->domain);
    }
    request->domain = info.domain;
    xenhvabi_encode(face_layout(xenhvabi_domain_info_layouts), &info, &request->u);
    return 0;
}

static int raw_irq(xc_interface *xch, struct hvabi_domctl *request)
{
    struct hvabi_irq_permission wanted;

    xenhvabi_decode(face_layout(xenhvabi_irq_permission_layouts), &request->u, &wanted,
                    sizeof(wanted));
    return xenctrl_domain_result(xch,
                                 xenhvabi_irq_permission(&xch->abi, request->domain, wanted.pirq,
                                                         wanted.allow_access),
                                 "irq_permission", request->domain);
}

static int raw_monitor(xc_interface *xch, struct hvabi_domctl *request)
{
    struct hvabi_monitor monitor;
    const struct hvabi_layout *layout = face_layout(xenhvabi_monitor_layouts);

    xenhvabi_decode(layout, &request->u, &monitor, sizeof(monitor));
    int result = xenhvabi_monitor(&xch->abi, request->domain, &monitor);
    xenhvabi_encode(layout, &monitor, &request->u);
    return xenctrl_domain_result(xch, result, "monitor_op", request->domain);
}

static int raw_mempool(xc_interface *xch, struct hvabi_domctl *request)
{
    uint64_t size;
    int result;

    memcpy(&size, &request->u, sizeof(size));
    if (request->cmd == HVABI_DOMCTL_SET_PAGING_MEMPOOL_SIZE) {
        result = xenhvabi_set_paging_mempool(&xch->abi, request->domain, size);
    } else {
        result = xenhvabi_get_paging_mempool(&xch->abi, request->domain, &size);
        memcpy(&request->u, &size, sizeof(size));
    }
    return xenctrl_domain_result(xch, result, "paging_mempool", request->domain);
}

static int raw_ioports(xc_interface *xch, struct hvabi_domctl *request)
{
    struct {
        uint32_t first_gport, first_mport, nr_ports, add_mapping;
    } wanted;

    memcpy(&wanted, &request->u, sizeof(wanted));
    struct hvabi_ioports ports = {wanted.first_gport, wanted.first_mport, wanted.nr_ports};
    int result = wanted.add_mapping
                     ? xenhvabi_map_ioports(&xch->abi, request->domain, &ports)
                     : xenhvabi_unmap_ioports(&xch->abi, request->domain, &ports);
    return xenctrl_domain_result(xch, result, "ioport_mapping", request->domain);
}

/* As it is; the interface number becomes the running one. */
static int raw_unchanged(xc_interface *xch, struct hvabi_domctl *request)
{
    int result = xenhvabi_domctl(&xch->abi, request->cmd, &request->domain, &request->u);
    const struct hvabi_operation *operation = xenhvabi_find_domctl(request->cmd);

    return xenctrl_domain_result(xch, result, operation ? operation->name : "a domctl",
                                 request->domain);
}

int xc_domctl(xc_interface *xch, void *domctl)
{
    struct hvabi_domctl *request = domctl;

    if (xenctrl_check_open(xch)) {
        return -1;
    }
    switch (request->cmd) {
    case HVABI_DOMCTL_CREATEDOMAIN:
        return raw_create(xch, request);
    case HVABI_DOMCTL_GETDOMAININFO:
        return raw_info(xch, request);
    case HVABI_DOMCTL_IRQ_PERMISSION:
        return raw_irq(xch, request);
    case HVABI_DOMCTL_MONITOR_OP:
        return raw_monitor(xch, request);
    case HVABI_DOMCTL_IOPORT_MAPPING:
        return raw_ioports(xch, request);
    case HVABI_DOMCTL_GET_PAGING_MEMPOOL_SIZE:
    case HVABI_DOMCTL_SET_PAGING_MEMPOOL_SIZE:
        return raw_mempool(xch, request);
    default:
        return raw_unchanged(xch, request);
    }
}

/* ---- sysctl ---- */

/* Here the array is the caller's hypercall buffer. */
static int raw_list(xc_interface *xch, struct hvabi_sysctl *request)
{
    struct {
        uint16_t first_domain;
        uint16_t pad1;
        uint32_t max_domains;
        ctrl_u64 buffer;
        uint32_t num_domains;
        uint32_t pad2;
    } wanted;

    memcpy(&wanted, &request->u, sizeof(wanted));
    int count = xc_domain_getinfolist(xch, wanted.first_domain, wanted.max_domains,
                                      (void *)(uintptr_t)wanted.buffer);
    if (count < 0) {
        return -1;
    }
    wanted.num_domains = (uint32_t)count;
    memcpy(&request->u, &wanted, sizeof(wanted));
    return 0;
}

int xc_sysctl(xc_interface *xch, void *sysctl)
{
    struct hvabi_sysctl *request = sysctl;

    if (xenctrl_check_open(xch)) {
        return -1;
    }
    switch (request->cmd) {
    case HVABI_SYSCTL_PHYSINFO:
        return xc_physinfo(xch, &request->u);
    case HVABI_SYSCTL_GETDOMAININFOLIST:
        return raw_list(xch, request);
    case HVABI_SYSCTL_GET_PMSTAT:
        return xenctrl_result(xch, xenctrl_face_pmstat(xch, &request->u), "get_pmstat");
    case HVABI_SYSCTL_PM_OP:
        return xenctrl_result(xch, xenctrl_face_pm(xch, &request->u), "pm_op");
    default:
        return xenctrl_result(xch, xenhvabi_sysctl(&xch->abi, request->cmd, &request->u),
                              "a sysctl");
    }
}

/* ---- by way of the interface's xencall handle, as upstream's libxenguest does ---- */

static int interpret(void *data, unsigned int op, uint64_t arg1, int *result)
{
    void *request = (void *)(uintptr_t)arg1;

    switch (op) {
    case __HYPERVISOR_domctl:
        *result = xc_domctl(data, request);
        return 1;
    case __HYPERVISOR_sysctl:
        *result = xc_sysctl(data, request);
        return 1;
    default:
        return 0;
    }
}

void xenctrl_interpret_requests(xc_interface *xch)
{
    if (XENCTRL_FACE != HVABI_NEWEST) {
        xencall_interpret(xch->xcall, interpret, xch);
    }
}
