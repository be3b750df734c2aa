/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A domain's description as libxenctrl had one of its own up to 4.17. In our own face it
 * is as in 4.17 (xenctrl/changed.h, which is held against these numbers).
 */
#ifndef XENCTRL_DOMINFO_H
#define XENCTRL_DOMINFO_H

#include <stddef.h>

#include "face.h"

struct face_arch_domainconfig {
    uint32_t emulation_flags;
#if XENCTRL_FACE >= 0x4000f /* 4.15 */
    uint32_t misc_flags;
#endif
};

typedef struct xc_dominfo {
    uint32_t domid;
    uint32_t ssidref;
    unsigned int dying : 1, crashed : 1, shutdown : 1, paused : 1, blocked : 1, running : 1,
        hvm : 1, debugged : 1, xenstore : 1, hap : 1;
    unsigned int shutdown_reason; /* if shutdown */
    unsigned long nr_pages;
    unsigned long nr_outstanding_pages;
    unsigned long nr_shared_pages;
    unsigned long nr_paged_pages;
    unsigned long shared_info_frame;
    uint64_t cpu_time;
    unsigned long max_memkb;
    unsigned int nr_online_vcpus;
    unsigned int max_vcpu_id;
    xen_domain_handle_t handle;
    unsigned int cpupool;
#if XENCTRL_FACE >= 0x40010 /* 4.16 */
    uint8_t gpaddr_bits;
#endif
    struct face_arch_domainconfig arch_config;
} xc_dominfo_t;
#if XENCTRL_FACE >= 0x40010
_Static_assert(offsetof(xc_dominfo_t, cpu_time) == 56, "as in 4.17");
_Static_assert(offsetof(xc_dominfo_t, arch_config) == 104, "as in 4.17");
_Static_assert(sizeof(xc_dominfo_t) == 112, "as in 4.17");
#endif

/*
 * Up to @max_doms domains from @first_domid on. Return: how many; -1 with ESRCH if
 * there is none, or another errno.
 */
int xc_domain_getinfo(xc_interface *xch, uint32_t first_domid, unsigned int max_doms,
                      xc_dominfo_t *info);

#endif
