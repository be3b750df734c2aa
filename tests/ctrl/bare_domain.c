/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bare_domain.h"

static uint32_t pv, hvm; /* 0: there is none */

static struct xen_domctl_createdomain configuration(void)
{
    return (struct xen_domctl_createdomain){
        .max_vcpus = 1,
        .max_evtchn_port = 1023,
        .max_grant_frames = 4,
        .max_maptrack_frames = 4,
        .grant_opts = xen_is_at_least(4, 16) ? 1 : 0,
    };
}

static void allow_memory(uint32_t domid)
{
    assert_works(xc_domain_max_vcpus(xc(), domid, 1));
    assert_works(xc_domain_setmaxmem(xc(), domid, BARE_PAGES * 4));
}

uint32_t bare_pv(void)
{
    struct xen_domctl_createdomain config = configuration();

    if (!pv) {
        assert_works(xc_domain_create(xc(), &pv, &config));
        allow_memory(pv);
    }
    return pv;
}

uint32_t bare_hvm(void)
{
    struct xen_domctl_createdomain config = configuration();

    config.flags = XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap;
    config.arch.emulation_flags = XEN_X86_EMU_LAPIC;
    if (!hvm) {
        assert_works(xc_domain_create(xc(), &hvm, &config));
        allow_memory(hvm);
        assert_works(xc_set_paging_mempool_size(xc(), hvm, 4 << 20));
    }
    return hvm;
}

void give_pages(uint32_t domid, unsigned count)
{
    xen_pfn_t frames[BARE_PAGES];

    for (unsigned i = 0; i < count; i++)
        frames[i] = i;
    assert_works(xc_domain_populate_physmap_exact(xc(), domid, count, 0, 0, frames));
}

long pages_of(uint32_t domid)
{
    return assert_works(xc_get_tot_pages(xc(), domid));
}

int destroy_bare_domains(void **state)
{
    int failed = 0;

    failed |= pv && xc_domain_destroy(xc(), pv);
    failed |= hvm && xc_domain_destroy(xc(), hvm);
    pv = hvm = 0;
    return close_xc(state) || failed;
}
