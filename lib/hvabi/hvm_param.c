/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "hvm_param.h"

#include <xen/xen.h>

#include "quirks.h"

#define HVMOP_SET_PARAM 0

struct set_param {
    uint16_t domid;
    uint16_t pad;
    uint32_t index;
    _Alignas(8) uint64_t value;
};

_Static_assert(sizeof(struct set_param) == 16, "as on every release");

static int set(struct hvabi *abi, uint16_t domid, uint32_t index, uint64_t value)
{
    struct set_param *param = xencall_buffer_get(abi->xcall, sizeof(*param));

    if (!param) {
        return -1;
    }
    *param = (struct set_param){.domid = domid, .index = index, .value = value};
    int result = xencall2(abi->xcall, __HYPERVISOR_hvm_op, HVMOP_SET_PARAM, (uintptr_t)param);
    xencall_buffer_put(abi->xcall, param);
    return result < 0 ? -1 : 0;
}

/* Does the running release decide this at creation? */
static int is_part_of_creation(struct hvabi *abi, uint32_t index)
{
    int by_param = 1;

    if (index == HVABI_HVM_PARAM_NESTEDHVM) {
        by_param = xenhvabi_quirk(abi, HVABI_QUIRK_NESTED_BY_PARAM);
    } else if (index == HVABI_HVM_PARAM_ALTP2M) {
        by_param = xenhvabi_quirk(abi, HVABI_QUIRK_ALTP2M_BY_PARAM);
    }
    return by_param < 0 ? -1 : !by_param;
}

int xenhvabi_set_hvm_param(struct hvabi *abi, uint16_t domid, uint32_t index, uint64_t value)
{
    int too_late = is_part_of_creation(abi, index);

    if (too_late <= 0) {
        return too_late < 0 ? -1 : set(abi, domid, index, value);
    }
    if (value == 0) {
        return 0;
    }
    return xenhvabi_refuse(abi, xenhvabi_other(HVABI_OTHER_SET_HVM_PARAM),
                           "this Xen takes %s only when a domain is created",
                           index == HVABI_HVM_PARAM_ALTP2M ? "altp2m"
                                                           : "nested virtualisation");
}
