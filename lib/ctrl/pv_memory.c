/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pv_memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "operation.h"
#include "xenctrl/memory.h"

/* ---- page tables ---- */

/* The two hypercalls that take a list, room for a count, and a domain. */
static int send_list(xc_interface *xch, unsigned op, const void *list, size_t size,
                     unsigned count, uint32_t dom, const char *name)
{
    void *buffer = xenctrl_buffer_array(xch, count, size);
    if (!buffer) {
        return -1;
    }
    if (count) {
        memcpy(buffer, list, count * size);
    }
    int result = xencall4(xch->xcall, op, ctrl_address(buffer), count, 0, dom);
    xenctrl_buffer_done(xch, buffer);
    return xenctrl_domain_result(xch, result, name, dom);
}

int xc_mmuext_op(xc_interface *xch, struct mmuext_op *op, unsigned int nr_ops, uint32_t dom)
{
    if (xenctrl_check_domid(xch, dom)) {
        return -1;
    }
    return send_list(xch, __HYPERVISOR_mmuext_op, op, sizeof(*op), nr_ops, dom, "mmuext_op");
}

struct xc_mmu *xc_alloc_mmu_updates(xc_interface *xch, unsigned int dom)
{
    struct xc_mmu *mmu = malloc(sizeof(*mmu));

    if (!mmu) {
        xenctrl_failed(xch, "a batch of page table updates");
        return NULL;
    }
    mmu->idx = 0;
    mmu->subject = dom;
    return mmu;
}

/* The upper half of the subject means something too: any of it is for Xen to judge. */
int xc_flush_mmu_updates(xc_interface *xch, struct xc_mmu *mmu)
{
    if (mmu->idx == 0) {
        return 0;
    }
    int result = send_list(xch, __HYPERVISOR_mmu_update, mmu->updates, sizeof(mmu->updates[0]),
                           (unsigned)mmu->idx, mmu->subject, "mmu_update");
    mmu->idx = 0;
    return result;
}

int xc_add_mmu_update(xc_interface *xch, struct xc_mmu *mmu, unsigned long long ptr,
                      unsigned long long val)
{
    mmu->updates[mmu->idx++] = (mmu_update_t){.ptr = ptr, .val = val};
    return mmu->idx == MAX_MMU_UPDATES ? xc_flush_mmu_updates(xch, mmu) : 0;
}

/* ---- frames ---- */

enum { FAULT_RETRIES = 2 };

int xc_get_pfn_type_batch(xc_interface *xch, uint32_t dom, unsigned int num, xen_pfn_t *arr)
{
    struct {
        ctrl_u64 num;
        ctrl_u64 array;
    } request = {.num = num};
    xen_pfn_t *buffer = xenctrl_buffer_array(xch, num, sizeof(*buffer));
    int result, tries = 0;

    if (!buffer) {
        return -1;
    }
    do {
        memcpy(buffer, arr, num * sizeof(*buffer));
        request.array = ctrl_address(buffer);
        result = xenctrl_domctl(xch, CTRL_DOMCTL_GETPAGEFRAMEINFO3, dom, CTRL_PAYLOAD(request));
    } while (result < 0 && errno == EFAULT && !xencall_buffers_never_fault(xch->xcall) &&
             tries++ < FAULT_RETRIES);
    if (result >= 0) {
        memcpy(arr, buffer, num * sizeof(*buffer));
    }
    xenctrl_buffer_done(xch, buffer);
    return result;
}

/* Xen has no operation that replaces one frame: it is given back for another. */
unsigned long xc_make_page_below_4G(xc_interface *xch, uint32_t domid, unsigned long mfn)
{
    xen_pfn_t old = mfn, replacement = 0;

    if (xc_domain_decrease_reservation_exact(xch, domid, 1, 0, &old) ||
        xc_domain_increase_reservation_exact(xch, domid, 1, 0, XENMEMF_address_bits(32),
                                             &replacement)) {
        return 0;
    }
    return (unsigned long)replacement;
}

int xc_domain_cacheflush(xc_interface *xch, uint32_t domid, xen_pfn_t start_pfn,
                         xen_pfn_t nr_pfns)
{
#if defined(__i386__) || defined(__x86_64__)
    /* Its caches see what others write. */
    (void)xch;
    (void)domid;
    (void)start_pfn;
    (void)nr_pfns;
    return 0;
#else
    struct {
        ctrl_u64 start_pfn;
        ctrl_u64 nr_pfns;
    } request = {start_pfn, nr_pfns};

    return xenctrl_domctl(xch, CTRL_DOMCTL_CACHEFLUSH, domid, CTRL_PAYLOAD(request));
#endif
}

int xc_set_broken_page_p2m(xc_interface *xch, uint32_t domid, unsigned long pfn)
{
    struct {
        ctrl_u64 pfn;
    } request = {pfn};
    int result = xenctrl_domctl(xch, CTRL_DOMCTL_SET_BROKEN_PAGE_P2M, domid,
                                CTRL_PAYLOAD(request));

    return result < 0 ? -1 : 0;
}

int xc_domain_p2m_audit(xc_interface *xch, uint32_t domid, uint64_t *orphans,
                        uint64_t *m2p_bad, uint64_t *p2m_bad)
{
    struct {
        ctrl_u64 orphans;
        ctrl_u64 m2p_bad;
        ctrl_u64 p2m_bad;
    } request = {0};
    int result = xenctrl_domctl(xch, CTRL_DOMCTL_AUDIT_P2M, domid, CTRL_PAYLOAD(request));

    if (result >= 0) {
        *orphans = request.orphans;
        *m2p_bad = request.m2p_bad;
        *p2m_bad = request.p2m_bad;
    }
    return result;
}
