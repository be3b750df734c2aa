/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "dominfo.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

static void describe_flags(const struct hvabi_domain_info *from, xc_dominfo_t *to)
{
    uint32_t flags = from->flags;

    to->dying = (flags & XEN_DOMINF_dying) != 0;
    to->shutdown = (flags & XEN_DOMINF_shutdown) != 0;
    to->paused = (flags & XEN_DOMINF_paused) != 0;
    to->blocked = (flags & XEN_DOMINF_blocked) != 0;
    to->running = (flags & XEN_DOMINF_running) != 0;
    to->hvm = (flags & XEN_DOMINF_hvm_guest) != 0;
    to->debugged = (flags & XEN_DOMINF_debugged) != 0;
    to->xenstore = (flags & XEN_DOMINF_xs_domain) != 0;
    to->hap = (flags & XEN_DOMINF_hap) != 0;
    to->shutdown_reason = flags >> XEN_DOMINF_shutdownshift & XEN_DOMINF_shutdownmask;
    if (to->shutdown && to->shutdown_reason == SHUTDOWN_crash) {
        to->shutdown = 0;
        to->crashed = 1;
    }
}

static void describe(const struct hvabi_domain_info *from, xc_dominfo_t *to)
{
    memset(to, 0, sizeof(*to));
    to->domid = from->domain;
    to->ssidref = from->ssidref;
    describe_flags(from, to);
    to->nr_pages = (unsigned long)from->tot_pages;
    to->nr_outstanding_pages = (unsigned long)from->outstanding_pages;
    to->nr_shared_pages = (unsigned long)from->shr_pages;
    to->nr_paged_pages = (unsigned long)from->paged_pages;
    to->shared_info_frame = (unsigned long)from->shared_info_frame;
    to->cpu_time = from->cpu_time;
    to->max_memkb = (unsigned long)(from->max_pages << (XC_PAGE_SHIFT - 10));
    to->nr_online_vcpus = from->nr_online_vcpus;
    to->max_vcpu_id = from->max_vcpu_id;
    memcpy(to->handle, from->handle, sizeof(to->handle));
    to->cpupool = from->cpupool;
    to->arch_config.emulation_flags = from->emulation_flags;
#if XENCTRL_FACE >= 0x4000f /* 4.15 */
    to->arch_config.misc_flags = from->misc_flags;
#endif
#if XENCTRL_FACE >= 0x40010 /* 4.16 */
    to->gpaddr_bits = from->gpaddr_bits;
#endif
}

static void describe_next(const struct hvabi_layout *layout, const void *wire, void *user)
{
    struct hvabi_domain_info found;
    xc_dominfo_t **next = user;

    xenhvabi_decode(layout, wire, &found, sizeof(found));
    describe(&found, (*next)++);
}

/* One may be asked for with less privilege than a list. How many there are, or -1. */
static int ask(xc_interface *xch, uint16_t first, unsigned max, xc_dominfo_t *info)
{
    struct hvabi_domain_info found;

    if (max != 1) {
        return xenhvabi_domain_info_each(&xch->abi, first, max, describe_next, &info);
    }
    if (xenhvabi_domain_info_from(&xch->abi, first, &found)) {
        return -1;
    }
    describe(&found, info);
    return 1;
}

int xc_domain_getinfo(xc_interface *xch, uint32_t first_domid, unsigned int max_doms,
                      xc_dominfo_t *info)
{
    int count = 0;

    if (max_doms > INT_MAX) {
        return xenctrl_refused(xch, EINVAL, "%u domains", max_doms);
    }
    if (xenctrl_check_open(xch)) {
        return -1;
    }
    if (first_domid <= UINT16_MAX) {
        count = ask(xch, (uint16_t)first_domid, max_doms, info);
    }
    if (count < 0) {
        return xenctrl_failed(xch, "getdomaininfo from domain %u", first_domid);
    }
    if (!count && max_doms) {
        return xenctrl_refused(xch, ESRCH, "a domain from %u on", first_domid);
    }
    return count;
}
