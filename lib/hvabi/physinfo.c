/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "physinfo.h"

#define FIELD(member, offset) HVABI_FIELD(struct hvabi_physinfo, member, offset)

/* These have never moved. */
#define COMMON_FIELDS \
    FIELD(threads_per_core, 0), FIELD(cores_per_socket, 4), FIELD(nr_cpus, 8), \
        FIELD(max_cpu_id, 12), FIELD(nr_nodes, 16), FIELD(max_node_id, 20), \
        FIELD(cpu_khz, 24), FIELD(capabilities, 28)

static const struct hvabi_field fields_4_14[] = {
    COMMON_FIELDS,
    FIELD(total_pages, 32),
    FIELD(free_pages, 40),
    FIELD(scrub_pages, 48),
    FIELD(outstanding_pages, 56),
    FIELD(max_mfn, 64),
    FIELD(hw_cap, 72),
};

static const struct hvabi_field fields_4_17[] = {
    COMMON_FIELDS,
    FIELD(arch_capabilities, 32),
    FIELD(total_pages, 40),
    FIELD(free_pages, 48),
    FIELD(scrub_pages, 56),
    FIELD(outstanding_pages, 64),
    FIELD(max_mfn, 72),
    FIELD(hw_cap, 80),
};

static const struct hvabi_layout layout_4_14 = HVABI_LAYOUT(104, fields_4_14);
static const struct hvabi_layout layout_4_17 = HVABI_LAYOUT(112, fields_4_17);

const struct hvabi_layout_since xenhvabi_physinfo_layouts[] = {
    {HVABI_RELEASE(4, 14), &layout_4_14},
    {HVABI_RELEASE(4, 17), &layout_4_17},
    {0, NULL},
};

int xenhvabi_physinfo(struct hvabi *abi, struct hvabi_physinfo *info)
{
    unsigned release = xenhvabi_sysctl_release(abi, HVABI_SYSCTL_PHYSINFO);
    struct hvabi_payload payload = {{0}};

    if (!release || xenhvabi_sysctl(abi, HVABI_SYSCTL_PHYSINFO, &payload) < 0) {
        return -1;
    }
    xenhvabi_decode(xenhvabi_layout_of(xenhvabi_physinfo_layouts, release), &payload, info,
                    sizeof(*info));
    return 0;
}
