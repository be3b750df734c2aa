/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "moved.h"

#include <errno.h>
#include <xen/hvm/params.h>

#include "domain_info.h"
#include "operation.h"
#include "xenctrl/domain.h"
#include "xenctrl/hvm.h"
#include "xenctrl/memory.h"
#include "xenctrl/vcpu.h"

/* What a suspend hypercall returns to a guest that was not saved after all. */
enum { NOT_SAVED = 1 };

/* A guest without a callback has no driver that waits for an answer. */
static int waits_for_an_answer(xc_interface *xch, uint32_t domid, bool hvm)
{
    uint64_t callback = 0;

    if (!hvm) {
        return 1;
    }
    if (xc_hvm_param_get(xch, domid, HVM_PARAM_CALLBACK_IRQ, &callback)) {
        return -1;
    }
    return callback != 0;
}

/* An HVM guest's registers are told in the width that this program has. */
static bool has_64_bits(xc_interface *xch, uint32_t domid, bool hvm)
{
    unsigned int width = sizeof(long);

    return (hvm || xc_domain_get_guest_width(xch, domid, &width) == 0) && width == 8;
}

static int answer_suspend(xc_interface *xch, uint32_t domid, bool hvm)
{
    vcpu_guest_context_any_t registers;
    int waits = waits_for_an_answer(xch, domid, hvm);

    if (waits <= 0) {
        return waits;
    }
    if (xc_vcpu_getcontext(xch, domid, 0, &registers)) {
        return -1;
    }
    if (has_64_bits(xch, domid, hvm)) {
        registers.x64.user_regs.rax = NOT_SAVED;
    } else {
        registers.x32.user_regs.eax = NOT_SAVED;
    }
    return xc_vcpu_setcontext(xch, domid, 0, &registers);
}

static bool is_suspended(uint32_t flags)
{
    return (flags & XEN_DOMINF_shutdown) &&
           (flags >> XEN_DOMINF_shutdownshift & XEN_DOMINF_shutdownmask) == SHUTDOWN_suspend;
}

int xc_domain_resume(xc_interface *xch, uint32_t domid, int fast)
{
    struct hvabi_domain_info info;

    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    if (xenhvabi_domain_info(&xch->abi, (uint16_t)domid, &info)) {
        return xenctrl_failed(xch, "getdomaininfo of domain %u", domid);
    }
    bool hvm = info.flags & XEN_DOMINF_hvm_guest;
    if (!fast && !hvm) {
        return xenctrl_refused(xch, ENOTSUP, "PV domain %u expects to be restored", domid);
    }
    if (fast && !is_suspended(info.flags)) {
        return xenctrl_refused(xch, EINVAL, "domain %u is not suspended", domid);
    }
    if (fast && answer_suspend(xch, domid, hvm)) {
        return -1;
    }
    return xenctrl_domctl(xch, CTRL_DOMCTL_RESUMEDOMAIN, domid, NULL, 0);
}

int xc_core_arch_get_scratch_gpfn(xc_interface *xch, uint32_t domid, xen_pfn_t *gpfn)
{
    return xc_domain_nr_gpfns(xch, domid, gpfn);
}

int xc_map_domain_meminfo(xc_interface *xch, uint32_t domid, struct xc_domain_meminfo *minfo)
{
    (void)minfo;
    return xenctrl_refused(xch, ENOTSUP, "the frame tables of domain %u are not mapped by this "
                                         "library", domid);
}

int xc_unmap_domain_meminfo(xc_interface *xch, struct xc_domain_meminfo *minfo)
{
    (void)xch;
    (void)minfo;
    return 0;
}

int xc_domain_dumpcore(xc_interface *xch, uint32_t domid, const char *corename)
{
    return xenctrl_refused(xch, ENOTSUP, "domain %u is not dumped to %s by this library", domid,
                           corename);
}
