/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "build_feature.h"

#include <errno.h>
#include <string.h>

#include "physinfo.h"
#include "pm.h"

/* Requests that only read, about the first cpu. */
#define PM_OP_GET_MAX_CSTATE 0x22u
#define PMSTAT_GET_MAX_CX 0x21u
#define PSR_CMT_ENABLED 3u

static int probe_pm_op(struct hvabi *abi)
{
    uint32_t cstate = 0;

    return xenhvabi_pm_op(abi, PM_OP_GET_MAX_CSTATE, 0, &cstate, sizeof(cstate));
}

static int probe_sysctl(struct hvabi *abi, unsigned cmd, uint32_t sub_op)
{
    struct hvabi_payload payload = {{0}};

    memcpy(&payload, &sub_op, sizeof(sub_op));
    return xenhvabi_sysctl(abi, cmd, &payload);
}

static int probe_pm_stats(struct hvabi *abi)
{
    return probe_sysctl(abi, HVABI_SYSCTL_GET_PMSTAT, PMSTAT_GET_MAX_CX);
}

static int probe_psr_cmt(struct hvabi *abi)
{
    return probe_sysctl(abi, HVABI_SYSCTL_PSR_CMT_OP, PSR_CMT_ENABLED);
}

/* Either a bit of physinfo's capabilities, or a request that shows it. */
static const struct {
    uint32_t capability;
    int (*probe)(struct hvabi *abi);
} features[HVABI_NR_FEATURES] = {
    [HVABI_FEATURE_PV] = {HVABI_PHYSCAP_PV, NULL},
    [HVABI_FEATURE_HVM] = {HVABI_PHYSCAP_HVM, NULL},
    [HVABI_FEATURE_HAP] = {HVABI_PHYSCAP_HAP, NULL},
    [HVABI_FEATURE_SHADOW] = {HVABI_PHYSCAP_SHADOW, NULL},
    [HVABI_FEATURE_VMTRACE] = {HVABI_PHYSCAP_VMTRACE, NULL},
    [HVABI_FEATURE_PM_OP] = {0, probe_pm_op},
    [HVABI_FEATURE_PM_STATS] = {0, probe_pm_stats},
    [HVABI_FEATURE_PSR_CMT] = {0, probe_psr_cmt},
};

/* Two bits each: asked, and there. */
static _Atomic uint32_t known;

bool xenhvabi_is_not_built_in(int errnoval)
{
    return errnoval == ENOSYS || errnoval == EOPNOTSUPP;
}

/* A request about something that is there but does not like it is no proof against it. */
static int ask_probe(struct hvabi *abi, int (*probe)(struct hvabi *abi))
{
    if (probe(abi) >= 0) {
        return 1;
    }
    return xenhvabi_is_not_built_in(errno) || errno == ENODEV || errno == EINVAL ? 0 : -1;
}

static int ask(struct hvabi *abi, enum hvabi_feature feature)
{
    struct hvabi_physinfo host;

    if (features[feature].probe) {
        return ask_probe(abi, features[feature].probe);
    }
    if (xenhvabi_physinfo(abi, &host)) {
        return -1;
    }
    return (host.capabilities & features[feature].capability) != 0;
}

int xenhvabi_has_feature(struct hvabi *abi, enum hvabi_feature feature)
{
    uint32_t bits = atomic_load_explicit(&known, memory_order_relaxed) >> 2 * feature;
    int keep = errno;

    if (bits & 1) {
        return (bits & 2) != 0;
    }
    int answer = ask(abi, feature);
    if (answer >= 0) {
        atomic_fetch_or_explicit(&known, (uint32_t)(answer ? 3 : 1) << 2 * feature,
                                 memory_order_relaxed);
        errno = keep;
    }
    return answer;
}
