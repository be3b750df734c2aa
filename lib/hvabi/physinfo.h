/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host: physinfo. */
#ifndef XENHVABI_PHYSINFO_H
#define XENHVABI_PHYSINFO_H

#include "hvabi.h"

/* Bits of capabilities that this library looks at itself. */
#define HVABI_PHYSCAP_HVM (1u << 0)
#define HVABI_PHYSCAP_PV (1u << 1)
#define HVABI_PHYSCAP_DIRECTIO (1u << 2)
#define HVABI_PHYSCAP_HAP (1u << 3)
#define HVABI_PHYSCAP_SHADOW (1u << 4)
#define HVABI_PHYSCAP_VMTRACE (1u << 6)   /* reported since 4.15 */
#define HVABI_PHYSCAP_VPMU (1u << 7)      /* since 4.16 */
#define HVABI_PHYSCAP_GNTTAB_V1 (1u << 8) /* since 4.16: 0 says nothing before */
#define HVABI_PHYSCAP_GNTTAB_V2 (1u << 9) /* the same */

/* arch_capabilities is 0 up to 4.16. */
struct hvabi_physinfo {
    uint32_t threads_per_core;
    uint32_t cores_per_socket;
    uint32_t nr_cpus;
    uint32_t max_cpu_id;
    uint32_t nr_nodes;
    uint32_t max_node_id;
    uint32_t cpu_khz;
    uint32_t capabilities; /* XEN_SYSCTL_PHYSCAP_* */
    uint32_t arch_capabilities;
    uint64_t total_pages;
    uint64_t free_pages;
    uint64_t scrub_pages;
    uint64_t outstanding_pages;
    uint64_t max_mfn;
    uint32_t hw_cap[8];
};

extern const struct hvabi_layout_since xenhvabi_physinfo_layouts[];

/* Return: 0, or -1 with errno as xenhvabi_sysctl(). */
int xenhvabi_physinfo(struct hvabi *abi, struct hvabi_physinfo *info);

#endif
