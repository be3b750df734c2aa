/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What can be done here. In which release something came, hvabi knows: this table says
 * where it knows that. A feature is there if all hold that its row names.
 */
#include <errno.h>
#include <stdbool.h>

#include "create_domain.h"
#include "fail.h"
#include "feature_probe.h"
#include "handle.h"
#include "monitor.h"
#include "passthrough.h"
#include "physinfo.h"
#include "pm.h"
#include "state.h"

/* The request that it is asked for with. */
enum carrier { BY_NONE, BY_DOMCTL, BY_SYSCTL, BY_OTHER };

struct row {
    bool is_known;
    bool is_elsewhere; /* on another architecture only */
    enum carrier carrier;
    unsigned cmd;
    unsigned since;         /* first release whose form of that request can say it */
    enum hvabi_quirk quirk; /* that must not hold */
    const struct hvabi_layout_since *layouts; /* of a request that must have room */
    const void *value;                        /* for this one */
    size_t size;
    uint32_t capability; /* of physinfo */
    xenmanage_probe_fn *probe;
};

static const struct hvabi_create_domain relaxed = {.misc_flags = 1};
static const struct hvabi_irq_permission irq_256 = {.pirq = 256};

#define ROOM_FOR(a_value, its_layouts) \
    .layouts = its_layouts, .value = &(a_value), .size = sizeof(a_value)
#define ROW(feature, ...) [XENMANAGE_FEATURE_##feature] = {.is_known = true, __VA_ARGS__}
#define DOMCTL(name) .carrier = BY_DOMCTL, .cmd = HVABI_DOMCTL_##name
#define SYSCTL(name) .carrier = BY_SYSCTL, .cmd = HVABI_SYSCTL_##name
#define OTHER(name) .carrier = BY_OTHER, .cmd = HVABI_OTHER_##name
#define HOST(name) SYSCTL(PHYSINFO), .capability = HVABI_PHYSCAP_##name

static const struct row rows[] = {
    ROW(PV, HOST(PV)),
    ROW(HVM, HOST(HVM)),
    ROW(HAP, HOST(HAP)),
    ROW(SHADOW, HOST(SHADOW)),
    ROW(IOMMU, HOST(DIRECTIO)),
    ROW(VPMU, HOST(VPMU)),
    ROW(GRANT_VERSION_LIMIT, DOMCTL(CREATEDOMAIN), .quirk = HVABI_QUIRK_GRANT_VERSION_UNLIMITED),
    ROW(HVM_WITHOUT_PIRQ, DOMCTL(CREATEDOMAIN), .quirk = HVABI_QUIRK_HVM_NEEDS_PIRQ),
    ROW(MSR_RELAXED, DOMCTL(CREATEDOMAIN), ROOM_FOR(relaxed, xenhvabi_create_domain_layouts)),
    ROW(ALTP2M, .probe = xenmanage_probe_altp2m),
    ROW(ALTP2M_COUNT, DOMCTL(CREATEDOMAIN), .quirk = HVABI_QUIRK_ALTP2M_COUNT_FIXED,
        .probe = xenmanage_probe_altp2m),
    ROW(DOMAIN_STATES, DOMCTL(GET_DOMAIN_STATE)),
    ROW(DEVICEMODEL_NR_VCPUS, OTHER(DM_NR_VCPUS)),
    ROW(MEM_ACCESS, .probe = xenmanage_probe_mem_access),
    ROW(MEM_PAGING, .probe = xenmanage_probe_mem_paging),
    ROW(MEM_SHARING, .probe = xenmanage_probe_mem_sharing),
    ROW(FORK_RESET_PARTS, .quirk = HVABI_QUIRK_FORK_RESET_IS_WHOLE,
        .probe = xenmanage_probe_mem_sharing),
    ROW(LLC_COLORING, DOMCTL(SET_LLC_COLORS), .is_elsewhere = true),
    ROW(IRQ_ABOVE_255, DOMCTL(IRQ_PERMISSION), ROOM_FOR(irq_256, xenhvabi_irq_permission_layouts)),
    ROW(GSI_PERMISSION, DOMCTL(GSI_PERMISSION)),
    ROW(PCIDEV_GSI, .probe = xenmanage_probe_pcidev_gsi),
    ROW(DEVICEMODEL_IRQFD, .probe = xenmanage_probe_irqfd),
    ROW(DEVICEMODEL_IOEVENTFD, .probe = xenmanage_probe_ioeventfd),
    ROW(DEVICEMODEL_IRQ_LEVEL, OTHER(DM_SET_IRQ_LEVEL), .is_elsewhere = true),
    ROW(MONITOR_VMEXIT, DOMCTL(MONITOR_OP), .since = HVABI_MONITOR_VMEXIT_SINCE),
    ROW(MONITOR_IO, DOMCTL(MONITOR_OP), .since = HVABI_MONITOR_IO_SINCE),
    ROW(VMTRACE, HOST(VMTRACE)),
    ROW(TRACE_BUFFERS, SYSCTL(TBUF_OP), .probe = xenmanage_probe_trace_buffers),
    ROW(PERF_COUNTERS, SYSCTL(PERFC_OP), .probe = xenmanage_probe_perf_counters),
    ROW(LOCK_PROFILE, SYSCTL(LOCKPROF_OP), .probe = xenmanage_probe_lock_profile),
    ROW(CPUIDLE, SYSCTL(PM_OP), .probe = xenmanage_probe_cpuidle),
    ROW(CPUFREQ, SYSCTL(PM_OP), .probe = xenmanage_probe_cpufreq),
    ROW(CPPC, SYSCTL(PM_OP), .since = HVABI_CPPC_SINCE, .probe = xenmanage_probe_cppc),
    ROW(PM_STATISTICS, SYSCTL(GET_PMSTAT), .probe = xenmanage_probe_pm_statistics),
    ROW(CACHE_MONITORING, SYSCTL(PSR_CMT_OP), .probe = xenmanage_probe_cache_monitoring),
    ROW(CACHE_SHARES_L3, SYSCTL(PSR_ALLOC), .probe = xenmanage_probe_cache_shares_l3),
    ROW(CACHE_SHARES_L2, SYSCTL(PSR_ALLOC), .probe = xenmanage_probe_cache_shares_l2),
    ROW(MEMORY_BANDWIDTH_SHARES, SYSCTL(PSR_ALLOC), .probe = xenmanage_probe_bandwidth_shares),
    ROW(UCODE_REVISION, OTHER(GET_UCODE_REVISION)),
    ROW(MICROCODE_FORCE, OTHER(MICROCODE_UPDATE2)),
    ROW(LIVEPATCH, SYSCTL(LIVEPATCH_OP), .probe = xenmanage_probe_livepatch),
    ROW(LIVEPATCH_FORCE, SYSCTL(LIVEPATCH_OP), .quirk = HVABI_QUIRK_LIVEPATCH_HAS_NO_FLAGS,
        .probe = xenmanage_probe_livepatch),
    ROW(KEXEC, .probe = xenmanage_probe_kexec),
    ROW(FLASK, .probe = xenmanage_probe_flask),
    ROW(HYPFS, .probe = xenmanage_probe_hypfs),
    ROW(EVTCHN_BIND_STATIC, .probe = xenmanage_probe_bind_static),
    ROW(GNTTAB_DMABUF, .probe = xenmanage_probe_dmabuf),
};

static const struct row *find_row(enum xenmanage_feature feature)
{
    unsigned number = (unsigned)feature;

    return number < sizeof(rows) / sizeof(rows[0]) && rows[number].is_known ? &rows[number]
                                                                           : NULL;
}

/* ---- the release ---- */

static int has_carrier(struct hvabi *abi, const struct row *row)
{
    switch (row->carrier) {
    case BY_DOMCTL:
        return xenhvabi_has_domctl(abi, row->cmd);
    case BY_SYSCTL:
        return xenhvabi_has_sysctl(abi, row->cmd);
    case BY_OTHER:
        return xenhvabi_has_other(abi, row->cmd);
    case BY_NONE:
        break;
    }
    return 1;
}

/* The one whose forms of requests hold; has_carrier() has said that there is one. */
static unsigned release_of(const struct hvabi_running *running, const struct row *row)
{
    const struct hvabi_release *release =
        row->carrier == BY_SYSCTL ? running->sysctl : running->domctl;

    return release ? release->release : running->release;
}

static bool has_room(const struct row *row, unsigned release)
{
    return !row->layouts ||
           !xenhvabi_unexpressed(xenhvabi_layout_of(row->layouts, release),
                                 xenhvabi_newest_layout(row->layouts), row->value, row->size);
}

static int release_has_it(struct hvabi *abi, const struct row *row)
{
    struct hvabi_running running;
    int has = has_carrier(abi, row);

    if (has <= 0)
        return has;
    if (xenhvabi_running(abi->xcall, &running))
        return -1;
    return !row->is_elsewhere && release_of(&running, row) >= row->since &&
           running.release >= HVABI_OLDEST && !xenhvabi_has_quirk(&running, row->quirk) &&
           has_room(row, release_of(&running, row));
}

/* ---- the rest ---- */

static int host_has_it(struct hvabi *abi, uint32_t capability)
{
    struct hvabi_physinfo host;

    if (!capability)
        return 1;
    return xenhvabi_physinfo(abi, &host) ? -1 : (host.capabilities & capability) != 0;
}

static int ask(xenmanage_handle *hdl, const struct row *row)
{
    int has = release_has_it(&hdl->abi, row);

    if (has > 0)
        has = host_has_it(&hdl->abi, row->capability);
    if (has > 0 && row->probe)
        has = row->probe(hdl);
    return has;
}

int xenmanage_has_feature(xenmanage_handle *hdl, enum xenmanage_feature feature)
{
    const struct row *row = find_row(feature);
    int saved = errno, has;
    uint64_t bit;

    if (!hdl || !row)
        return xenlibs_fail(EINVAL);
    bit = (uint64_t)1 << feature;
    if (atomic_load_explicit(&hdl->features, memory_order_relaxed) & bit)
        return 1;
    has = ask(hdl, row);
    if (has < 0)
        return xenmanage_failed(&hdl->abi);
    if (has)
        atomic_fetch_or_explicit(&hdl->features, bit, memory_order_relaxed);
    errno = saved;
    return has;
}
