/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What no release tells: how Xen was built, what the machine has, what the kernel
 * knows. Each asks for something that only reads, or that is refused for another
 * reason where the feature is there.
 */
#ifndef XENLIBS_MANAGE_FEATURE_PROBE_H
#define XENLIBS_MANAGE_FEATURE_PROBE_H

#include "xenmanage.h"

/* Return: 1: it is there; 0: it is not; -1 with errno: that cannot be said. */
typedef int xenmanage_probe_fn(xenmanage_handle *hdl);

/* Xen. */
xenmanage_probe_fn xenmanage_probe_altp2m, xenmanage_probe_mem_access,
    xenmanage_probe_mem_paging, xenmanage_probe_mem_sharing, xenmanage_probe_trace_buffers,
    xenmanage_probe_perf_counters, xenmanage_probe_lock_profile, xenmanage_probe_cpuidle,
    xenmanage_probe_cpufreq, xenmanage_probe_cppc, xenmanage_probe_pm_statistics,
    xenmanage_probe_cache_monitoring, xenmanage_probe_cache_shares_l3,
    xenmanage_probe_cache_shares_l2, xenmanage_probe_bandwidth_shares,
    xenmanage_probe_livepatch, xenmanage_probe_kexec, xenmanage_probe_flask,
    xenmanage_probe_hypfs;

/* The kernel. */
xenmanage_probe_fn xenmanage_probe_pcidev_gsi, xenmanage_probe_irqfd,
    xenmanage_probe_ioeventfd, xenmanage_probe_bind_static, xenmanage_probe_dmabuf;

#endif
