/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxenmanage: what can be done here (XENLIBS_1.0), so that no program needs to
 * guess from a version.
 *
 * Most operations of these libraries exist on every Xen from 4.14 on; what is not
 * listed does. The rest came with a later release, or depends on how Xen was built,
 * on the machine, or on dom0's kernel. xenmanage_has_feature(3) says of each value
 * in which release it came, how it is found out, and how its functions fail where
 * it is missing.
 */
#ifndef XENMANAGE_FEATURE_H
#define XENMANAGE_FEATURE_H

#include <xenmanage.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The numbers are for good; more are added at the end. */
enum xenmanage_feature {
    /*
     * What domains can be, xc_domain_create(). Of a function of libxenctrl that is in
     * another library too, such as xendevicemodel_assign_device(), the same holds there.
     */
    XENMANAGE_FEATURE_PV = 1,
    XENMANAGE_FEATURE_HVM = 2,                 /* PVH too */
    XENMANAGE_FEATURE_HAP = 3,                 /* hardware maps their memory (EPT, NPT) */
    XENMANAGE_FEATURE_SHADOW = 4,              /* Xen does it in software */
    XENMANAGE_FEATURE_IOMMU = 5,               /* devices for them: xc_assign_device() */
    XENMANAGE_FEATURE_VPMU = 6,                /* XEN_DOMCTL_CDF_vpmu */
    XENMANAGE_FEATURE_GRANT_VERSION_LIMIT = 7, /* grant_opts: version 1 only */
    XENMANAGE_FEATURE_HVM_WITHOUT_PIRQ = 8,    /* emulation_flags: all but USE_PIRQ */
    XENMANAGE_FEATURE_MSR_RELAXED = 9,         /* misc_flags: XEN_X86_MSR_RELAXED */
    XENMANAGE_FEATURE_ALTP2M = 10,             /* xc_altp2m_*() */
    XENMANAGE_FEATURE_ALTP2M_COUNT = 11,       /* altp2m_nr: others than 10 */

    /* What is told of domains. */
    XENMANAGE_FEATURE_DOMAIN_STATES = 12,       /* xenmanage_get_domain_info(): DYING, and more */
    XENMANAGE_FEATURE_DEVICEMODEL_NR_VCPUS = 13, /* xendevicemodel_nr_vcpus(), restricted */

    /* Their memory. */
    XENMANAGE_FEATURE_MEM_ACCESS = 14,       /* xc_set_mem_access(), xc_get_mem_access() */
    XENMANAGE_FEATURE_MEM_PAGING = 15,       /* xc_mem_paging_*() */
    XENMANAGE_FEATURE_MEM_SHARING = 16,      /* xc_memshr_*() */
    XENMANAGE_FEATURE_FORK_RESET_PARTS = 17, /* xc_memshr_fork_reset(): state or memory alone */
    XENMANAGE_FEATURE_LLC_COLORING = 18,     /* xc_domain_set_llc_colors(): Arm */

    /* Devices and interrupts that they get. */
    XENMANAGE_FEATURE_IRQ_ABOVE_255 = 19,         /* xc_domain_irq_permission(): the pirq */
    XENMANAGE_FEATURE_GSI_PERMISSION = 20,        /* xc_domain_gsi_permission() */
    XENMANAGE_FEATURE_PCIDEV_GSI = 21,            /* xc_pcidev_get_gsi() */
    XENMANAGE_FEATURE_DEVICEMODEL_IRQFD = 22,     /* xendevicemodel_irqfd_*() */
    XENMANAGE_FEATURE_DEVICEMODEL_IOEVENTFD = 23, /* xendevicemodel_ioeventfd_*() */
    XENMANAGE_FEATURE_DEVICEMODEL_IRQ_LEVEL = 24, /* xendevicemodel_set_irq_level(): Arm */

    /* Watching. */
    XENMANAGE_FEATURE_MONITOR_VMEXIT = 25, /* xc_monitor_vmexit() */
    XENMANAGE_FEATURE_MONITOR_IO = 26,     /* xc_monitor_io() */
    XENMANAGE_FEATURE_VMTRACE = 27,        /* xc_vmtrace_*(), vmtrace_size */
    XENMANAGE_FEATURE_TRACE_BUFFERS = 28,  /* xc_tbuf_*() */
    XENMANAGE_FEATURE_PERF_COUNTERS = 29,  /* xc_perfc_*() */
    XENMANAGE_FEATURE_LOCK_PROFILE = 30,   /* xc_lockprof_*() */

    /* The host. */
    XENMANAGE_FEATURE_CPUIDLE = 31,         /* xc_get_cpuidle_max_cstate() and its like */
    XENMANAGE_FEATURE_CPUFREQ = 32,         /* xc_get_cpufreq_para(), xc_set_cpufreq_*() */
    XENMANAGE_FEATURE_CPPC = 33,            /* xc_get_cppc_para(), xc_set_cpufreq_cppc() */
    XENMANAGE_FEATURE_PM_STATISTICS = 34,   /* xc_pm_*() */
    XENMANAGE_FEATURE_CACHE_MONITORING = 35, /* xc_psr_cmt_*() */
    XENMANAGE_FEATURE_CACHE_SHARES_L3 = 36, /* xc_psr_*_domain_data(): XC_PSR_CAT_L3_* */
    XENMANAGE_FEATURE_CACHE_SHARES_L2 = 37, /* the same: XC_PSR_CAT_L2_CBM */
    XENMANAGE_FEATURE_MEMORY_BANDWIDTH_SHARES = 38, /* the same: XC_PSR_MBA_THRTL */
    XENMANAGE_FEATURE_UCODE_REVISION = 39,  /* xc_get_ucode_revision() */
    XENMANAGE_FEATURE_MICROCODE_FORCE = 40, /* xc_microcode_update(): XENPF_UCODE_FORCE */
    XENMANAGE_FEATURE_LIVEPATCH = 41,       /* xc_livepatch_*() */
    XENMANAGE_FEATURE_LIVEPATCH_FORCE = 42, /* xc_livepatch_upload(): force */
    XENMANAGE_FEATURE_KEXEC = 43,           /* xc_kexec_*() */
    XENMANAGE_FEATURE_FLASK = 44,           /* xc_flask_*() */
    XENMANAGE_FEATURE_HYPFS = 45,           /* xenhypfs_*() */

    /* This domain's kernel. */
    XENMANAGE_FEATURE_EVTCHN_BIND_STATIC = 46, /* xenevtchn_bind_static() */
    XENMANAGE_FEATURE_GNTTAB_DMABUF = 47       /* xengnttab_dmabuf_*() */
};

/**
 * xenmanage_has_feature() - ask whether something can be done here
 * @feature: XENMANAGE_FEATURE_*
 *
 * If not, its functions fail; if so, they may still have reasons of their own to
 * fail, but not that. Asking changes nothing. A yes is remembered by the handle; a no
 * is asked again, where more than the release decides it: drivers come later.
 *
 * Return: 1, 0, or -1 with errno:
 *   EINVAL   @hdl is NULL, or this library knows of no such feature: then the header
 *            is newer than the library, which also cannot use the feature
 *   EPERM    this domain may not ask; or the handle is restricted
 *   EACCES   the hypervisor's policy (FLASK) forbids it; or no right to a device
 *   ENOMEM, EAGAIN  no memory for a buffer, or none that may be locked
 *   EMFILE, ENFILE  no descriptor left
 *   EFAULT, EINTR   as xencall0() says; try again
 * Success keeps errno.
 *
 * Blocking: no. Threads: safe. Fork: not in the child. Beneath: up to two hypercalls
 * that only read, or are refused; for a kernel's feature, open(2) of its device and an
 * ioctl that it refuses.
 */
int xenmanage_has_feature(xenmanage_handle *hdl, enum xenmanage_feature feature);

#ifdef __cplusplus
}
#endif

#endif /* XENMANAGE_FEATURE_H */
