/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What depends on how the running Xen was built, or on the host: no release
 * tells, so it is asked.
 */
#ifndef XENHVABI_BUILD_FEATURE_H
#define XENHVABI_BUILD_FEATURE_H

#include "hvabi.h"

enum hvabi_feature {
    HVABI_FEATURE_PV,
    HVABI_FEATURE_HVM,
    HVABI_FEATURE_HAP,
    HVABI_FEATURE_SHADOW,   /* live migration of PV needs it */
    HVABI_FEATURE_VMTRACE,
    HVABI_FEATURE_PM_OP,    /* frequencies and C-states can be set */
    HVABI_FEATURE_PM_STATS, /* what get_pmstat counts */
    HVABI_FEATURE_PSR_CMT,  /* cache monitoring */
    HVABI_NR_FEATURES
};

/*
 * Can @feature be used here? Costs one hypercall that changes nothing, the first
 * time; the answer is kept for the process.
 *
 * Return: 1, 0, or -1 with errno as xenhvabi_sysctl().
 */
int xenhvabi_has_feature(struct hvabi *abi, enum hvabi_feature feature);

/*
 * After an operation of a feature has failed with @errnoval: does this mean
 * that Xen was built without it? EINVAL can mean many things and does not count.
 */
bool xenhvabi_is_not_built_in(int errnoval);

#endif
