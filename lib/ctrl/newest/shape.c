/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Holds what a program was compiled with against what it meets for good. */
#include <stddef.h>

#include "xenctrl/changed.h"

#define AT(type, member, offset) \
    _Static_assert(offsetof(type, member) == (offset), "never changes again")

/* Shaped as the newest layouts of hvabi, which fill and read them. */
AT(struct xc_domaininfo, cpu_time, 56);
AT(struct xc_domaininfo, cpupool, 92);
AT(struct xc_domaininfo, arch_config, 104);
_Static_assert(sizeof(struct xc_domaininfo) == 112, "never changes again");
AT(xc_physinfo_t, arch_capabilities, 32);
AT(xc_physinfo_t, total_pages, 40);
AT(xc_physinfo_t, hw_cap, 80);
_Static_assert(sizeof(xc_physinfo_t) == 112, "never changes again");
AT(xc_dominfo_t, nr_pages, 16);
AT(xc_dominfo_t, cpu_time, 56);
AT(xc_dominfo_t, handle, 80);
AT(xc_dominfo_t, gpaddr_bits, 100);
AT(xc_dominfo_t, arch_config, 104);
_Static_assert(sizeof(xc_dominfo_t) == 112, "never changes again");
_Static_assert(sizeof(struct xc_createdomain) == 128, "never changes again");
