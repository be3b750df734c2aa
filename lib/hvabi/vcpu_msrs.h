/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A vCPU's MSRs, whose number differs between releases. */
#ifndef XENHVABI_VCPU_MSRS_H
#define XENHVABI_VCPU_MSRS_H

#include "hvabi.h"

/* As Xen reads and writes it. */
struct hvabi_msr {
    uint32_t index;
    uint32_t reserved;
    uint64_t value;
};

/*
 * Gets the MSRs of a vCPU that are worth saving. Xen is always asked first for
 * how many it may be.
 *
 * Return: how many, at @msrs; or -1 with errno as xenhvabi_domctl(),
 * xencall_buffer_get(), and
 *   ENOBUFS  they are more than @max
 */
int xenhvabi_get_vcpu_msrs(struct hvabi *abi, uint16_t domid, uint32_t vcpu,
                           struct hvabi_msr *msrs, unsigned max);

/*
 * Sets the @count MSRs at @msrs. Return: 0, or -1 with errno as
 * xenhvabi_domctl(), xencall_buffer_get(), and
 *   EINVAL  this release does not know one of them, or its value
 *   ENOBUFS @count is more than this release has
 */
int xenhvabi_set_vcpu_msrs(struct hvabi *abi, uint16_t domid, uint32_t vcpu,
                           const struct hvabi_msr *msrs, unsigned count);

#endif
