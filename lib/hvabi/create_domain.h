/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A new domain: createdomain, and what older releases want done after it. */
#ifndef XENHVABI_CREATE_DOMAIN_H
#define XENHVABI_CREATE_DOMAIN_H

#include "hvabi.h"

/* The id that createdomain takes to mean any, on every release. */
#define HVABI_DOMID_ANY 0x7ff5u

/* XEN_DOMCTL_CDF_*: those up to iommu, bit 5, are in every release. */
#define HVABI_CDF_HVM (1u << 0)
#define HVABI_CDF_NESTED_VIRT (1u << 6)
#define HVABI_CDF_VPMU (1u << 7)                  /* since 4.16 */
#define HVABI_CDF_TRAP_UNMAPPED_ACCESSES (1u << 8) /* since 4.21 */

/* What an HVM domain without event channels for its interrupts has of emulation_flags. */
#define HVABI_EMULATION_WITHOUT_PIRQ 0x1ffu
#define HVABI_EMULATION_USE_PIRQ 0x200u

#define HVABI_GRANT_VERSION_MASK 0xfu
#define HVABI_ALTP2M_MODE_MASK 0x3u
/* How many altp2ms there are where it cannot be said, and where it is left open. */
#define HVABI_ALTP2M_DEFAULT_COUNT 10u

/*
 * What a domain is created with: the fields of the newest createdomain. Each
 * means the same on every release:
 *   flags         nested virtualisation is one of them, on 4.14 too
 *   grant_opts    grant version 0: the newest that the host allows
 *   altp2m_opts   XEN_DOMCTL_ALTP2M_*; mode 0: no altp2m
 *   altp2m_nr     0 with a mode: ten
 *   cpupool_id    0: the first pool
 */
struct hvabi_create_domain {
    uint32_t ssidref;
    uint8_t handle[16];
    uint32_t flags;
    uint32_t iommu_opts;
    uint32_t max_vcpus;
    uint32_t max_evtchn_port;
    int32_t max_grant_frames;
    int32_t max_maptrack_frames;
    uint32_t grant_opts;
    uint32_t altp2m_opts;
    uint32_t altp2m_nr;
    uint32_t vmtrace_size;
    uint32_t cpupool_id;
    uint32_t emulation_flags;
    uint32_t misc_flags;
};

extern const struct hvabi_layout_since xenhvabi_create_domain_layouts[];

/*
 * Creates a domain with the id *@domid, which is 1 … DOMID_FIRST_RESERVED - 1;
 * or, for 0 and for any other, with a free one, which then replaces it. What
 * the running release cannot say in createdomain itself is done right after it
 * (cpupool_id up to 4.16, altp2m up to 4.18, nested virtualisation on 4.14); if
 * that fails, the domain is destroyed again. Up to 4.18 every HVM domain has
 * USE_PIRQ: one that is asked for without gets it, and the logger is told (XTL_INFO).
 *
 * Return: 0, or -1 with errno as xenhvabi_domctl(), those of cpupool_op,
 * HVMOP_set_param and physinfo where they are needed, and
 *   EINVAL   altp2m_nr without a mode; or Xen does not accept the values, such
 *            as flags that no release has
 *   ENOTSUP  this release cannot do what is asked for: vmtrace_size or misc_flags
 *            on 4.14, a flag that came later, a grant version limited to 1 up to
 *            4.15, another number of altp2ms than ten up to 4.20
 *   EEXIST   there is a domain *@domid
 */
int xenhvabi_create_domain(struct hvabi *abi, uint16_t *domid,
                           const struct hvabi_create_domain *config);

#endif
