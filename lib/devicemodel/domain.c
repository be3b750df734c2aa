/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define __XEN_TOOLS__ 1
#include "dm_op.h"

#include <xen/hvm/params.h>
#include <xen/sched.h>

/* ACPI's sleep states, as HVM_PARAM_ACPI_S_STATE takes them. */
enum { ACPI_S0 = 0, ACPI_S3 = 3 };

int xendevicemodel_shutdown(xendevicemodel_handle *dmod, domid_t domid, unsigned int reason)
{
    struct xen_dm_op op = {.op = XEN_DMOP_remote_shutdown};

    op.u.remote_shutdown.reason = reason;
    return xendevicemodel_dm_op(dmod, domid, &op);
}

/* A shutdown for this reason is what the toolstack answers with a new start. */
int xendevicemodel_reboot(xendevicemodel_handle *dmod, domid_t domid)
{
    return xendevicemodel_shutdown(dmod, domid, SHUTDOWN_reboot);
}

/*
 * The parameter, not a shutdown for SHUTDOWN_suspend: that ends a domain's run
 * in order to save it, while S3 stops the virtual machine with its memory where
 * it is, and nothing but this parameter wakes it. Xen takes it from whoever is
 * the domain's device model; a domctl is for toolstacks only.
 */
int xendevicemodel_s3_suspend(xendevicemodel_handle *dmod, domid_t domid)
{
    return xendevicemodel_set_hvm_param(dmod, domid, HVM_PARAM_ACPI_S_STATE, ACPI_S3);
}

int xendevicemodel_s3_awaken(xendevicemodel_handle *dmod, domid_t domid)
{
    return xendevicemodel_set_hvm_param(dmod, domid, HVM_PARAM_ACPI_S_STATE, ACPI_S0);
}

int xendevicemodel_nr_vcpus(xendevicemodel_handle *dmod, domid_t domid, unsigned int *vcpus)
{
    struct xen_dm_op op = {.op = XEN_DMOP_nr_vcpus};

    if (xendevicemodel_dm_op(dmod, domid, &op))
        return -1;
    *vcpus = op.u.nr_vcpus.vcpus;
    return 0;
}
