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

/*
 * The release whose layouts a request has. Programs of a face's release can have no
 * other; those of our own library say so by its interface version, where it matters,
 * with the number of the headers that they were compiled with. One number may stand for
 * several releases: the last of them, whose layouts hold those of the others. 0: none.
 */
static unsigned release_of_domctl(const struct hvabi_domctl *request)
{
    unsigned i = xenhvabi_nr_releases;

    if (XENCTRL_FACE != HVABI_NEWEST) {
        return XENCTRL_FACE;
    }
    while (i-- > 0) {
        if (xenhvabi_releases[i].domctl == request->interface_version) {
            return xenhvabi_releases[i].release;
        }
    }
    return 0;
}

static unsigned release_of_sysctl(const struct hvabi_sysctl *request)
{
    unsigned i = xenhvabi_nr_releases;

    if (XENCTRL_FACE != HVABI_NEWEST) {
        return XENCTRL_FACE;
    }
    while (i-- > 0) {
        if (xenhvabi_releases[i].sysctl == request->interface_version) {
            return xenhvabi_releases[i].release;
        }
    }
    return 0;
}

static int refuse_version(xc_interface *xch, const char *kind, uint32_t version)
{
    return xenctrl_refused(xch, EINVAL,
                           "a %s of interface version %#x: it has to be that of the headers",
                           kind, version);
}

/* ---- domctl ---- */

/* Room for the face's struct; our own has 128 bytes. */
enum { CREATE_DOMAIN_MAX = 128 };

static int raw_create(xc_interface *xch, struct hvabi_domctl *request, unsigned release)
{
    struct hvabi_create_domain wanted;
    _Alignas(8) uint8_t config[CREATE_DOMAIN_MAX] = {0};
    uint32_t domid = request->domain;

    xenhvabi_decode(xenhvabi_layout_of(xenhvabi_create_domain_layouts, release), &request->u,
                    &wanted, sizeof(wanted));
    xenhvabi_encode(face_layout(xenhvabi_create_domain_layouts), &wanted, config);
    int result = xc_domain_create(xch, &domid, config);

    request->domain = (uint16_t)domid;
    return result;
}

/* Programs of up to 4.17 expect the first domain at or above the one they name. */
static int raw_info(xc_interface *xch, struct hvabi_domctl *request, unsigned release)
{
    struct hvabi_domain_info info;
    int result = release < HVABI_RELEASE(4, 18)
                     ? xenhvabi_domain_info_from(&xch->abi, request->domain, &info)
                     : xenhvabi_domain_info(&xch->abi, request->domain, &info);

    if (result) {
        return xenctrl_failed(xch, "getdomaininfo of domain %u", request->domain);
    }
    request->domain = info.domain;
    xenhvabi_encode(xenhvabi_layout_of(xenhvabi_domain_info_layouts, release), &info,
                    &request->u);
    return 0;
}

static int raw_irq(xc_interface *xch, struct hvabi_domctl *request, unsigned release)
{
    struct hvabi_irq_permission wanted;

    xenhvabi_decode(xenhvabi_layout_of(xenhvabi_irq_permission_layouts, release), &request->u,
                    &wanted, sizeof(wanted));
    return xenctrl_domain_result(xch,
                                 xenhvabi_irq_permission(&xch->abi, request->domain, wanted.pirq,
                                                         wanted.allow_access),
                                 "irq_permission", request->domain);
}

static int raw_monitor(xc_interface *xch, struct hvabi_domctl *request, unsigned release)
{
    struct hvabi_monitor monitor;
    const struct hvabi_layout *layout = xenhvabi_layout_of(xenhvabi_monitor_layouts, release);

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

/* Those that have had several layouts, and what to do with them. */
typedef int raw_domctl_fn(xc_interface *xch, struct hvabi_domctl *request, unsigned release);

static raw_domctl_fn *reshaped_domctl(uint32_t cmd)
{
    switch (cmd) {
    case HVABI_DOMCTL_CREATEDOMAIN:
        return raw_create;
    case HVABI_DOMCTL_GETDOMAININFO:
        return raw_info;
    case HVABI_DOMCTL_IRQ_PERMISSION:
        return raw_irq;
    case HVABI_DOMCTL_MONITOR_OP:
        return raw_monitor;
    default:
        return NULL;
    }
}

int xc_domctl(xc_interface *xch, void *domctl)
{
    struct hvabi_domctl *request = domctl;
    raw_domctl_fn *convert = reshaped_domctl(request->cmd);
    unsigned release = release_of_domctl(request);

    if (xenctrl_check_open(xch)) {
        return -1;
    }
    if (convert) {
        return release ? convert(xch, request, release)
                       : refuse_version(xch, "domctl", request->interface_version);
    }
    switch (request->cmd) {
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
static int raw_list(xc_interface *xch, struct hvabi_sysctl *request, unsigned release)
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
    if (wanted.max_domains > UINT16_MAX + 1u) {
        wanted.max_domains = UINT16_MAX + 1u; /* there can be no more */
    }
    int count = xenctrl_face_list(xch, wanted.first_domain, wanted.max_domains,
                                  xenhvabi_layout_of(xenhvabi_domain_info_layouts, release),
                                  (void *)(uintptr_t)wanted.buffer);
    if (count < 0) {
        return -1;
    }
    wanted.num_domains = (uint32_t)count;
    memcpy(&request->u, &wanted, sizeof(wanted));
    return 0;
}

static int raw_physinfo(xc_interface *xch, struct hvabi_sysctl *request, unsigned release)
{
    struct hvabi_physinfo found;

    if (xenhvabi_physinfo(&xch->abi, &found)) {
        return xenctrl_failed(xch, "physinfo");
    }
    xenhvabi_encode(xenhvabi_layout_of(xenhvabi_physinfo_layouts, release), &found,
                    &request->u);
    return 0;
}

enum { PM_GET_CPUFREQ_PARA = 0x11 };

/* get_cpufreq_para is another in 4.18 than in 4.17, whose interface version it has. */
static bool has_unknown_layout(const struct hvabi_sysctl *request, unsigned release)
{
    uint32_t sub_op;

    memcpy(&sub_op, &request->u, sizeof(sub_op));
    return XENCTRL_FACE == HVABI_NEWEST && request->cmd == HVABI_SYSCTL_PM_OP &&
           sub_op == PM_GET_CPUFREQ_PARA && release < HVABI_RELEASE(4, 21);
}

typedef int raw_sysctl_fn(xc_interface *xch, struct hvabi_sysctl *request, unsigned release);

static raw_sysctl_fn *reshaped_sysctl(uint32_t cmd)
{
    switch (cmd) {
    case HVABI_SYSCTL_PHYSINFO:
        return raw_physinfo;
    case HVABI_SYSCTL_GETDOMAININFOLIST:
        return raw_list;
    default:
        return NULL;
    }
}

int xc_sysctl(xc_interface *xch, void *sysctl)
{
    struct hvabi_sysctl *request = sysctl;
    raw_sysctl_fn *convert = reshaped_sysctl(request->cmd);
    unsigned release = release_of_sysctl(request);

    if (xenctrl_check_open(xch)) {
        return -1;
    }
    if (convert) {
        return release ? convert(xch, request, release)
                       : refuse_version(xch, "sysctl", request->interface_version);
    }
    if (has_unknown_layout(request, release)) {
        return xenctrl_refused(xch, ENOTSUP, "a raw get_cpufreq_para of interface version %#x",
                               request->interface_version);
    }
    switch (request->cmd) {
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
