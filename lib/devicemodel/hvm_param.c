/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "hypercall.h"

#include <xen/hvm/hvm_op.h>

/* Returns 0 with the value in @value, or -1 with errno. */
static int exchange(xendevicemodel_handle *dmod, unsigned int op, domid_t domid, uint32_t param,
                    uint64_t *value)
{
    struct xen_hvm_param *argument = xendevicemodel_argument_new(dmod, sizeof(*argument));
    int rc;

    if (!argument)
        return -1;
    argument->domid = domid;
    argument->index = param;
    argument->value = *value;
    rc = xendevicemodel_hypercall(dmod, __HYPERVISOR_hvm_op, op, (uintptr_t)argument, 0);
    if (rc >= 0)
        *value = argument->value;
    xendevicemodel_argument_free(dmod, argument);
    return rc < 0 ? -1 : 0;
}

int xendevicemodel_get_hvm_param(xendevicemodel_handle *dmod, domid_t domid, uint32_t param,
                                 uint64_t *value)
{
    uint64_t found = 0;

    if (exchange(dmod, HVMOP_get_param, domid, param, &found))
        return -1;
    *value = found;
    return 0;
}

int xendevicemodel_set_hvm_param(xendevicemodel_handle *dmod, domid_t domid, uint32_t param,
                                 uint64_t value)
{
    return exchange(dmod, HVMOP_set_param, domid, param, &value);
}
