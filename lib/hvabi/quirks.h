/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What differs between releases although the layout is the same: one row for
 * each rule, and the releases in which it holds. The code that obeys a rule
 * asks for it by name.
 */
#ifndef XENHVABI_QUIRKS_H
#define XENHVABI_QUIRKS_H

#include <stdbool.h>

#include "running.h"

enum hvabi_quirk {
    HVABI_QUIRK_NONE,
    /* getdomaininfo: the first domain at or above the one that was asked for. */
    HVABI_QUIRK_INFO_IS_AT_OR_ABOVE,
    /* createdomain cannot say which cpupool: the domain is moved afterwards. */
    HVABI_QUIRK_CPUPOOL_BY_MOVE,
    /* createdomain cannot limit the grant version; the domain may use all there are. */
    HVABI_QUIRK_GRANT_VERSION_UNLIMITED,
    /* Nested virtualisation is an HVM parameter, not a flag of createdomain. */
    HVABI_QUIRK_NESTED_BY_PARAM,
    /* altp2m is an HVM parameter; later it is part of createdomain, and the parameter read-only. */
    HVABI_QUIRK_ALTP2M_BY_PARAM,
    /* createdomain cannot say how many altp2ms: there are always ten. */
    HVABI_QUIRK_ALTP2M_COUNT_FIXED,
    /* emulation_flags of an HVM domain must have USE_PIRQ. */
    HVABI_QUIRK_HVM_NEEDS_PIRQ,
    /* The pool of memory for p2m and shadow is sized by a shadow operation, in MiB. */
    HVABI_QUIRK_MEMPOOL_BY_SHADOW,
    /* CPPC comes in the place of the governor's part of GET_CPUFREQ_PARA. */
    HVABI_QUIRK_CPPC_IN_PARA,
    /* livepatch list: the sizes of names and metadata are inputs; too small is ENOBUFS. */
    HVABI_QUIRK_LIVEPATCH_SIZES_ARE_INPUT,
    /* livepatch has no flags: nothing can be forced. */
    HVABI_QUIRK_LIVEPATCH_HAS_NO_FLAGS,
    /* get_pmstat of P-states: total is an input; a smaller array is left as it is. */
    HVABI_QUIRK_PX_TOTAL_IS_INPUT,
    /* ioport_mapping gives and takes no permission, and wants one to be there. */
    HVABI_QUIRK_IOPORT_MAPPING_PERMITS_NOTHING,
    /* Removing a memory_mapping asks for no permission of the domain's. */
    HVABI_QUIRK_MEMORY_UNMAPPING_IS_FREE,
    /* acquire_resource: its size query answers the most that one call can give. */
    HVABI_QUIRK_RESOURCE_SIZE_IS_CAP,
    /* getvcpucontext and setvcpucontext lose r8 to r15 (4.21.0 only). */
    HVABI_QUIRK_VCPUCONTEXT_LOSES_REGISTERS,
    /* sharing_op fork_reset takes no flags: it resets state and memory alike. */
    HVABI_QUIRK_FORK_RESET_IS_WHOLE,
    /* flask_op: the size of a text counts its zero byte; before, a name's must not. */
    HVABI_QUIRK_FLASK_TEXTS_COUNT_ZERO,
    HVABI_NR_QUIRKS
};

/* Does @quirk hold on the running Xen? */
bool xenhvabi_has_quirk(const struct hvabi_running *running, enum hvabi_quirk quirk);

#endif
