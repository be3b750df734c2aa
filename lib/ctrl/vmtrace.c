/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <xenctrl/trace.h>

#include "call.h"
#include "operation.h"

/* XEN_DOMCTL_vmtrace_* */
enum { ENABLE = 1, DISABLE, RESET_AND_ENABLE, OUTPUT_POSITION, GET_OPTION, SET_OPTION };

struct vmtrace_op {
    uint32_t cmd;
    uint32_t vcpu;
    ctrl_u64 key;
    ctrl_u64 value;
};
_Static_assert(sizeof(struct vmtrace_op) == 24, "as on every release that has it");

static int vmtrace_op(xc_interface *xch, uint32_t domid, struct vmtrace_op *request)
{
    return xenctrl_domctl(xch, CTRL_DOMCTL_VMTRACE_OP, domid, request, sizeof(*request));
}

int xc_vmtrace_enable(xc_interface *xch, uint32_t domid, uint32_t vcpu)
{
    struct vmtrace_op request = {.cmd = ENABLE, .vcpu = vcpu};

    return vmtrace_op(xch, domid, &request);
}

int xc_vmtrace_disable(xc_interface *xch, uint32_t domid, uint32_t vcpu)
{
    struct vmtrace_op request = {.cmd = DISABLE, .vcpu = vcpu};

    return vmtrace_op(xch, domid, &request);
}

int xc_vmtrace_reset_and_enable(xc_interface *xch, uint32_t domid, uint32_t vcpu)
{
    struct vmtrace_op request = {.cmd = RESET_AND_ENABLE, .vcpu = vcpu};

    return vmtrace_op(xch, domid, &request);
}

int xc_vmtrace_output_position(xc_interface *xch, uint32_t domid, uint32_t vcpu, uint64_t *pos)
{
    struct vmtrace_op request = {.cmd = OUTPUT_POSITION, .vcpu = vcpu};
    int result = vmtrace_op(xch, domid, &request);

    if (result >= 0) {
        *pos = request.value;
    }
    return result;
}

int xc_vmtrace_get_option(xc_interface *xch, uint32_t domid, uint32_t vcpu, uint64_t key,
                          uint64_t *value)
{
    struct vmtrace_op request = {.cmd = GET_OPTION, .vcpu = vcpu, .key = key};
    int result = vmtrace_op(xch, domid, &request);

    if (result >= 0) {
        *value = request.value;
    }
    return result;
}

int xc_vmtrace_set_option(xc_interface *xch, uint32_t domid, uint32_t vcpu, uint64_t key,
                          uint64_t value)
{
    struct vmtrace_op request = {.cmd = SET_OPTION, .vcpu = vcpu, .key = key, .value = value};

    return vmtrace_op(xch, domid, &request);
}
