/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define __XEN_TOOLS__ 1
#include "dm_op.h"

#include <errno.h>
#include <xen/hvm/params.h>
#include <xen/sched.h>

#include "domain_info.h"
#include "hypercall.h"

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

/*
 * Xen before 4.15 does not tell device models, but toolstacks, and an unrestricted device
 * model in dom0 may ask as one. Who may not learns why it could not ask otherwise.
 */
static int count_as_a_toolstack(xendevicemodel_handle *dmod, domid_t domid, unsigned int *vcpus)
{
    struct hvabi *abi = xendevicemodel_hvabi(dmod);
    struct hvabi_domain_info info;

    if (!abi || xendevicemodel_outcome(dmod, xenhvabi_domain_info(abi, domid, &info))) {
        if (errno == EPERM || errno == EACCES)
            errno = EOPNOTSUPP;
        return -1;
    }
    *vcpus = info.max_vcpu_id + 1; /* of none it is the highest number */
    return 0;
}

int xendevicemodel_nr_vcpus(xendevicemodel_handle *dmod, domid_t domid, unsigned int *vcpus)
{
    struct xen_dm_op op = {.op = XEN_DMOP_nr_vcpus};
    int saved = errno;

    if (xendevicemodel_dm_op(dmod, domid, &op)) {
        if (errno != EOPNOTSUPP || count_as_a_toolstack(dmod, domid, vcpus))
            return -1;
        errno = saved;
        return 0;
    }
    *vcpus = op.u.nr_vcpus.vcpus;
    return 0;
}
