/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define XC_WANT_COMPAT_MAP_FOREIGN_API 1
#include "vm_event.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "call.h"
#include "operation.h"
#include "pv_memory.h"
#include "xenctrl/domain.h"
#include "xenctrl/hvm.h"
#include "xenctrl/memory.h"
#include "xenctrl/monitor.h"
#include "xenctrl_compat.h"

struct vm_event_op {
    uint32_t op;
    uint32_t mode;
    uint32_t answer; /* the port, or the version */
};

int xc_vm_event_control(xc_interface *xch, uint32_t domain_id, unsigned int op,
                        unsigned int mode, uint32_t *port)
{
    struct vm_event_op request = {.op = op, .mode = mode};
    int result = xenctrl_domctl(xch, CTRL_DOMCTL_VM_EVENT_OP, domain_id, CTRL_PAYLOAD(request));

    if (result == 0 && port) {
        *port = request.answer;
    }
    return result;
}

int xc_vm_event_get_version(xc_interface *xch)
{
    struct vm_event_op request = {.op = XEN_VM_EVENT_GET_VERSION,
                                  .mode = XEN_DOMCTL_VM_EVENT_OP_MONITOR};
    int result = xenctrl_domctl(xch, CTRL_DOMCTL_VM_EVENT_OP, DOMID_INVALID,
                                CTRL_PAYLOAD(request));

    return result < 0 ? -1 : (int)request.answer;
}

/* ---- a ring comes into use ---- */

static bool mode_of(int param, unsigned int *mode)
{
    switch (param) {
    case HVM_PARAM_PAGING_RING_PFN:
        *mode = XEN_DOMCTL_VM_EVENT_OP_PAGING;
        return true;
    case HVM_PARAM_MONITOR_RING_PFN:
        *mode = XEN_DOMCTL_VM_EVENT_OP_MONITOR;
        return true;
    case HVM_PARAM_SHARING_RING_PFN:
        *mode = XEN_DOMCTL_VM_EVENT_OP_SHARING;
        return true;
    default:
        return false;
    }
}

/* Where the ring shall lie. */
static int find_frame(xc_interface *xch, uint32_t domid, int param, xen_pfn_t *gfn)
{
    uint64_t value;

    if (xc_hvm_param_get(xch, domid, (uint32_t)param, &value) < 0) {
        return -1;
    }
    *gfn = value;
    return value ? 0 : xenctrl_refused(xch, EOPNOTSUPP, "domain %u has no page for the ring "
                                       "of HVM parameter %d", domid, param);
}

/* The page is not there if the ring was in use before. */
static int make_present(xc_interface *xch, uint32_t domid, xen_pfn_t gfn, bool *was_absent)
{
    xen_pfn_t type = gfn;

    if (xc_get_pfn_type_batch(xch, domid, 1, &type) < 0) {
        return -1;
    }
    *was_absent = (type & XEN_DOMCTL_PFINFO_LTAB_MASK) != 0;
    return *was_absent ? xc_domain_populate_physmap_exact(xch, domid, 1, 0, 0, &gfn) : 0;
}

static void take_away(xc_interface *xch, uint32_t domid, xen_pfn_t gfn)
{
    int saved = errno;

    xc_domain_decrease_reservation_exact(xch, domid, 1, 0, &gfn);
    errno = saved;
}

static void end_use(xc_interface *xch, uint32_t domid, unsigned int mode, void *ring)
{
    int saved = errno;

    xc_vm_event_control(xch, domid, XEN_VM_EVENT_DISABLE, mode, NULL);
    munmap(ring, XC_PAGE_SIZE);
    errno = saved;
}

/* What the domain wrote there while the page was its own is no event of Xen's. */
static void *map_cleared(xc_interface *xch, uint32_t domid, xen_pfn_t gfn)
{
    void *ring = xc_map_foreign_pages(xch, domid, PROT_READ | PROT_WRITE, &gfn, 1);

    return ring ? memset(ring, 0, XC_PAGE_SIZE) : NULL;
}

static void *use_frame(xc_interface *xch, uint32_t domid, xen_pfn_t gfn, unsigned int mode,
                       uint32_t *port)
{
    void *ring = map_cleared(xch, domid, gfn);

    if (!ring) {
        return NULL;
    }
    if (xc_vm_event_control(xch, domid, XEN_VM_EVENT_ENABLE, mode, port)) {
        int saved = errno;
        munmap(ring, XC_PAGE_SIZE);
        errno = saved;
        return NULL;
    }
    /* Xen holds the page by itself now; a domain that could write there would fake events. */
    if (xc_domain_decrease_reservation_exact(xch, domid, 1, 0, &gfn)) {
        end_use(xch, domid, mode, ring);
        return NULL;
    }
    return ring;
}

static void *use_ring(xc_interface *xch, uint32_t domid, int param, unsigned int mode,
                      uint32_t *port)
{
    bool was_absent = false;
    xen_pfn_t gfn;

    if (find_frame(xch, domid, param, &gfn) || make_present(xch, domid, gfn, &was_absent)) {
        return NULL;
    }
    void *ring = use_frame(xch, domid, gfn, mode, port);
    if (!ring && was_absent) {
        take_away(xch, domid, gfn);
    }
    return ring;
}

void *xc_vm_event_enable(xc_interface *xch, uint32_t domain_id, int param, uint32_t *port)
{
    uint32_t ring_port = 0;
    unsigned int mode;

    if (!port || !mode_of(param, &mode)) {
        xenctrl_refused(xch, EINVAL, port ? "HVM parameter %d names no ring"
                                          : "no place for the port of ring %d", param);
        return NULL;
    }
    if (xc_domain_pause(xch, domain_id)) {
        return NULL;
    }
    void *ring = use_ring(xch, domain_id, param, mode, &ring_port);
    int saved = errno;
    if (xc_domain_unpause(xch, domain_id) && ring) {
        end_use(xch, domain_id, mode, ring);
        return NULL;
    }
    errno = saved;
    if (ring) {
        *port = ring_port;
    }
    return ring;
}
