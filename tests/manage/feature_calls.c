/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "feature_calls.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include <xendevicemodel.h>
#include <xenevtchn.h>
#include <xengnttab.h>
#include <xenhypfs.h>

bool feature_must_be_absent_by(int errnoval)
{
    return errnoval == ENOTSUP || errnoval == ENOSYS || errnoval == ENOTTY;
}

bool feature_may_be_absent_by(int errnoval)
{
    return feature_must_be_absent_by(errnoval) || errnoval == ENODEV || errnoval == EINVAL;
}

/* ---- creation ---- */

enum { PV, SHADOWED, HVM };

static struct xc_createdomain config_of(int kind)
{
    struct xc_createdomain config = {.max_vcpus = 1,
                                     .max_evtchn_port = 1023,
                                     .max_grant_frames = 4,
                                     .max_maptrack_frames = 4};

    if (kind != PV) {
        config.flags = XEN_DOMCTL_CDF_hvm | (kind == HVM ? XEN_DOMCTL_CDF_hap : 0u);
        config.arch.emulation_flags = XEN_X86_EMU_LAPIC;
    }
    return config;
}

static long create(xc_interface *xch, struct xc_createdomain config)
{
    uint32_t domid = 0;

    if (xc_domain_create(xch, &domid, &config))
        return -1;
    xc_domain_destroy(xch, domid);
    return 0;
}

static long create_pv(xc_interface *xch, uint32_t domid)
{
    (void)domid;
    return create(xch, config_of(PV));
}

static long create_hvm(xc_interface *xch, uint32_t domid)
{
    (void)domid;
    return create(xch, config_of(HVM));
}

static long create_shadowed(xc_interface *xch, uint32_t domid)
{
    (void)domid;
    return create(xch, config_of(SHADOWED));
}

static long create_with_vpmu(xc_interface *xch, uint32_t domid)
{
    struct xc_createdomain config = config_of(HVM);

    (void)domid;
    config.flags |= 1u << 7;
    return create(xch, config);
}

static long create_with_grants_of_version_1(xc_interface *xch, uint32_t domid)
{
    struct xc_createdomain config = config_of(PV);

    (void)domid;
    config.grant_opts = 1;
    return create(xch, config);
}

static long create_with_relaxed_msrs(xc_interface *xch, uint32_t domid)
{
    struct xc_createdomain config = config_of(HVM);

    (void)domid;
    config.arch.misc_flags = 1;
    return create(xch, config);
}

static long create_with_five_altp2ms(xc_interface *xch, uint32_t domid)
{
    struct xc_createdomain config = config_of(HVM);

    (void)domid;
    config.altp2m.opts = 1;
    config.altp2m.nr = 5;
    return create(xch, config);
}

static long create_with_trace(xc_interface *xch, uint32_t domid)
{
    struct xc_createdomain config = config_of(HVM);

    (void)domid;
    config.vmtrace_size = 65536;
    return create(xch, config);
}

/* ---- domains ---- */

static long assign_device(xc_interface *xch, uint32_t domid)
{
    return xc_test_assign_device(xch, domid, 0xfff8);
}

static long altp2m(xc_interface *xch, uint32_t domid)
{
    bool is_on;

    return xc_altp2m_get_domain_state(xch, domid, &is_on);
}

static long restricted_nr_vcpus(xc_interface *xch, uint32_t domid)
{
    xendevicemodel_handle *dmod = xendevicemodel_open(NULL, 0);
    unsigned count;
    long result;

    (void)xch;
    if (!dmod)
        return -1;
    result = xendevicemodel_restrict(dmod, (domid_t)domid);
    if (!result)
        result = xendevicemodel_nr_vcpus(dmod, (domid_t)domid, &count);
    xendevicemodel_close(dmod);
    return result;
}

static long mem_access(xc_interface *xch, uint32_t domid)
{
    xenmem_access_t access;

    return xc_get_mem_access(xch, domid, 5, &access);
}

static long mem_paging(xc_interface *xch, uint32_t domid)
{
    return xc_mem_paging_nominate(xch, domid, 5);
}

static long mem_sharing(xc_interface *xch, uint32_t domid)
{
    uint64_t handle;

    return xc_memshr_nominate_gfn(xch, domid, 5, &handle);
}

static long fork_reset(xc_interface *xch, uint32_t domid)
{
    return xc_memshr_fork_reset(xch, domid, true, false);
}

static long llc_colors(xc_interface *xch, uint32_t domid)
{
    const uint32_t color = 0;

    return xc_domain_set_llc_colors(xch, domid, &color, 1);
}

static long irq_300(xc_interface *xch, uint32_t domid)
{
    return xc_domain_irq_permission(xch, domid, 300, false);
}

static long gsi(xc_interface *xch, uint32_t domid)
{
    return xc_domain_gsi_permission(xch, domid, 5, 0);
}

static long pcidev_gsi(xc_interface *xch, uint32_t domid)
{
    (void)domid;
    return xc_pcidev_get_gsi(xch, 0xfff8);
}

static long irqfd(xc_interface *xch, uint32_t domid)
{
    xendevicemodel_handle *dmod = xendevicemodel_open(NULL, 0);
    long result;

    (void)xch;
    if (!dmod)
        return -1;
    result = xendevicemodel_irqfd_unbind(dmod, (domid_t)domid, -1);
    xendevicemodel_close(dmod);
    return result;
}

static long ioeventfd(xc_interface *xch, uint32_t domid)
{
    const struct xendevicemodel_ioeventfd doorbell = {.size = sizeof(doorbell)};
    xendevicemodel_handle *dmod = xendevicemodel_open(NULL, 0);
    long result;

    (void)xch;
    if (!dmod)
        return -1;
    result = xendevicemodel_ioeventfd_unbind(dmod, (domid_t)domid, -1, &doorbell);
    xendevicemodel_close(dmod);
    return result;
}

static long irq_level(xc_interface *xch, uint32_t domid)
{
    xendevicemodel_handle *dmod = xendevicemodel_open(NULL, 0);
    long result;

    (void)xch;
    if (!dmod)
        return -1;
    result = xendevicemodel_set_irq_level(dmod, (domid_t)domid, 40, 0);
    xendevicemodel_close(dmod);
    return result;
}

static long monitor_vmexit(xc_interface *xch, uint32_t domid)
{
    long result = xc_monitor_vmexit(xch, domid, true, false);

    return result < 0 ? result : xc_monitor_vmexit(xch, domid, false, false);
}

static long monitor_io(xc_interface *xch, uint32_t domid)
{
    long result = xc_monitor_io(xch, domid, true);

    return result < 0 ? result : xc_monitor_io(xch, domid, false);
}

/* ---- the host ---- */

static long trace_buffers(xc_interface *xch, uint32_t domid)
{
    unsigned long size;

    (void)domid;
    return xc_tbuf_get_size(xch, &size);
}

static long perf_counters(xc_interface *xch, uint32_t domid)
{
    int descriptions, values;

    (void)domid;
    return xc_perfc_query_number(xch, &descriptions, &values);
}

static long lock_profile(xc_interface *xch, uint32_t domid)
{
    uint32_t count;

    (void)domid;
    return xc_lockprof_query_number(xch, &count);
}

static long cpuidle(xc_interface *xch, uint32_t domid)
{
    uint32_t state;

    (void)domid;
    return xc_get_cpuidle_max_cstate(xch, &state);
}

static long cpufreq(xc_interface *xch, uint32_t domid)
{
    struct xc_get_cpufreq_para para = {0};
    long result = xc_get_cpufreq_para(xch, 0, &para);

    (void)domid;
    return result < 0 && errno == EAGAIN ? 0 : result;
}

static long cppc(xc_interface *xch, uint32_t domid)
{
    xc_cppc_para_t para;

    (void)domid;
    return xc_get_cppc_para(xch, 0, &para);
}

static long pm_statistics(xc_interface *xch, uint32_t domid)
{
    int states;

    (void)domid;
    return xc_pm_get_max_cx(xch, 0, &states);
}

static long cache_monitoring(xc_interface *xch, uint32_t domid)
{
    uint32_t total;

    (void)domid;
    return xc_psr_cmt_get_total_rmid(xch, &total);
}

static long cache_shares_l3(xc_interface *xch, uint32_t domid)
{
    xc_psr_hw_info info;

    (void)domid;
    return xc_psr_get_hw_info(xch, 0, XC_PSR_CAT_L3, &info);
}

static long cache_shares_l2(xc_interface *xch, uint32_t domid)
{
    xc_psr_hw_info info;

    (void)domid;
    return xc_psr_get_hw_info(xch, 0, XC_PSR_CAT_L2, &info);
}

static long bandwidth_shares(xc_interface *xch, uint32_t domid)
{
    xc_psr_hw_info info;

    (void)domid;
    return xc_psr_get_hw_info(xch, 0, XC_PSR_MBA, &info);
}

static long ucode_revision(xc_interface *xch, uint32_t domid)
{
    struct xc_ucode_revision revision = {.cpu = 0};

    (void)domid;
    return xc_get_ucode_revision(xch, &revision);
}

/* Rubbish, which is refused. */
static unsigned char rubbish[64];

static long microcode_force(xc_interface *xch, uint32_t domid)
{
    (void)domid;
    return xc_microcode_update(xch, rubbish, sizeof(rubbish), 1);
}

static long livepatch(xc_interface *xch, uint32_t domid)
{
    uint32_t names, metadata;
    unsigned count;

    (void)domid;
    return xc_livepatch_list_get_sizes(xch, &count, &names, &metadata);
}

static long livepatch_force(xc_interface *xch, uint32_t domid)
{
    static char name[] = "rubbish";

    (void)domid;
    return xc_livepatch_upload(xch, name, rubbish, sizeof(rubbish), true);
}

static long kexec(xc_interface *xch, uint32_t domid)
{
    enum { CRASH = 1 };

    (void)domid;
    return xc_kexec_status(xch, CRASH);
}

static long flask(xc_interface *xch, uint32_t domid)
{
    (void)domid;
    return xc_flask_getenforce(xch);
}

static long hypfs(xc_interface *xch, uint32_t domid)
{
    xenhypfs_handle *fshdl = xenhypfs_open(NULL, 0);
    struct xenhypfs_dirent *entries;
    unsigned count;

    (void)xch;
    (void)domid;
    if (!fshdl)
        return -1;
    entries = xenhypfs_readdir(fshdl, "/", &count);
    free(entries);
    xenhypfs_close(fshdl);
    return entries ? 0 : -1;
}

/* ---- the kernel ---- */

static long bind_static(xc_interface *xch, uint32_t domid)
{
    xenevtchn_handle *xce = xenevtchn_open(NULL, 0);
    long result;

    (void)xch;
    (void)domid;
    if (!xce)
        return -1;
    result = xenevtchn_bind_static(xce, UINT32_MAX);
    xenevtchn_close(xce);
    return result;
}

static long dmabuf(xc_interface *xch, uint32_t domid)
{
    xengnttab_handle *xgt = xengnttab_open(NULL, 0);
    long result;

    (void)xch;
    (void)domid;
    if (!xgt)
        return -1;
    result = xengnttab_dmabuf_imp_release(xgt, UINT32_MAX);
    xengnttab_close(xgt);
    return result;
}

/* ---- all of them ---- */

#define CALL(feature, ...) {XENMANAGE_FEATURE_##feature, #feature, __VA_ARGS__}

const struct feature_call feature_calls[] = {
    CALL(PV, create_pv, 0),
    CALL(HVM, create_hvm, 0),
    CALL(HAP, create_hvm, 0),
    CALL(SHADOW, create_shadowed, 0),
    CALL(IOMMU, assign_device, 0),
    CALL(VPMU, create_with_vpmu, 0),
    CALL(GRANT_VERSION_LIMIT, create_with_grants_of_version_1, 16),
    CALL(HVM_WITHOUT_PIRQ, NULL, 19),
    CALL(MSR_RELAXED, create_with_relaxed_msrs, 15),
    CALL(ALTP2M, altp2m, 0),
    CALL(ALTP2M_COUNT, create_with_five_altp2ms, 0),
    CALL(DOMAIN_STATES, NULL, 21),
    CALL(DEVICEMODEL_NR_VCPUS, restricted_nr_vcpus, 15),
    CALL(MEM_ACCESS, mem_access, 0),
    CALL(MEM_PAGING, mem_paging, 0),
    CALL(MEM_SHARING, mem_sharing, 0),
    CALL(FORK_RESET_PARTS, fork_reset, 0),
    CALL(LLC_COLORING, llc_colors, 0),
    CALL(IRQ_ABOVE_255, irq_300, 16),
    CALL(GSI_PERMISSION, gsi, 20),
    CALL(PCIDEV_GSI, pcidev_gsi, 0),
    CALL(DEVICEMODEL_IRQFD, irqfd, 0),
    CALL(DEVICEMODEL_IOEVENTFD, ioeventfd, 0),
    CALL(DEVICEMODEL_IRQ_LEVEL, irq_level, 0),
    CALL(MONITOR_VMEXIT, monitor_vmexit, 17),
    CALL(MONITOR_IO, monitor_io, 18),
    CALL(VMTRACE, create_with_trace, 0),
    CALL(TRACE_BUFFERS, trace_buffers, 0),
    CALL(PERF_COUNTERS, perf_counters, 0),
    CALL(LOCK_PROFILE, lock_profile, 0),
    CALL(CPUIDLE, cpuidle, 0),
    CALL(CPUFREQ, cpufreq, 0),
    CALL(CPPC, cppc, 0),
    CALL(PM_STATISTICS, pm_statistics, 0),
    CALL(CACHE_MONITORING, cache_monitoring, 0),
    CALL(CACHE_SHARES_L3, cache_shares_l3, 0),
    CALL(CACHE_SHARES_L2, cache_shares_l2, 0),
    CALL(MEMORY_BANDWIDTH_SHARES, bandwidth_shares, 0),
    CALL(UCODE_REVISION, ucode_revision, 18),
    CALL(MICROCODE_FORCE, microcode_force, 20),
    CALL(LIVEPATCH, livepatch, 0),
    CALL(LIVEPATCH_FORCE, livepatch_force, 0),
    CALL(KEXEC, kexec, 0),
    CALL(FLASK, flask, 0),
    CALL(HYPFS, hypfs, 0),
    CALL(EVTCHN_BIND_STATIC, bind_static, 0),
    CALL(GNTTAB_DMABUF, dmabuf, 0),
};
const unsigned nr_feature_calls = sizeof(feature_calls) / sizeof(feature_calls[0]);
