/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "own_domain.h"

static uint32_t own;

struct xen_domctl_createdomain own_config(void)
{
    struct xen_domctl_createdomain config = {.max_vcpus = 1,
                                             .max_evtchn_port = 1023,
                                             .max_grant_frames = 4,
                                             .max_maptrack_frames = 4,
                                             .flags = XEN_DOMCTL_CDF_hvm};
    xc_physinfo_t host;

    assert_works(xc_physinfo(xc(), &host));
    if (host.capabilities & XEN_SYSCTL_PHYSCAP_hap)
        config.flags |= XEN_DOMCTL_CDF_hap;
    config.arch.emulation_flags = XEN_X86_EMU_ALL & ~XEN_X86_EMU_VPCI;
    return config;
}

static void give_memory(uint32_t domid)
{
    xen_pfn_t frames[OWN_PAGES];

    for (unsigned i = 0; i < OWN_PAGES; i++)
        frames[i] = i;
    assert_works(xc_domain_setmaxmem(xc(), domid, (OWN_PAGES + 64) * 4));
    assert_works(xc_set_paging_mempool_size(xc(), domid, 4 << 20));
    assert_works(xc_domain_populate_physmap_exact(xc(), domid, OWN_PAGES, 0, 0, frames));
}

uint32_t own_domain(void)
{
    struct xen_domctl_createdomain config = own_config();

    if (!own) {
        assert_works(xc_domain_create(xc(), &own, &config));
        assert_works(xc_domain_max_vcpus(xc(), own, 1));
        give_memory(own);
    }
    return own;
}

int destroy_own_domain(void **state)
{
    int failed = own ? xc_domain_destroy(xc(), own) : 0;

    own = 0;
    return close_xc(state) || failed;
}
