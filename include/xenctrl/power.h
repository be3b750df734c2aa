/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Power management of the host's CPUs: statistics of their states, frequency scaling,
 * idle states. What the hardware or Xen's build has none of is ENODEV, ENOSYS, EINVAL or
 * EOPNOTSUPP, as Xen says. A CPU that is not online: EINVAL.
 */
#ifndef XENCTRL_POWER_H
#define XENCTRL_POWER_H

#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- statistics ---- */

/* A performance state (P-state). */
struct xc_px_val {
    uint64_t freq;      /* MHz */
    uint64_t residency; /* ns in it */
    uint64_t count;     /* how often it was entered */
};

struct xc_px_stat {
    uint8_t total;      /* how many there are */
    uint8_t usable;     /* the first that may be used */
    uint8_t last;
    uint8_t cur;
    uint64_t *trans_pt; /* total times total: how often from each (row) to each */
    struct xc_px_val *pt; /* total of them */
};

/**
 * xc_pm_get_max_px() - how many P-states a CPU has
 * xc_pm_get_pxstat() - what it has done with them
 * @pxpt: in: trans_pt and pt have room for as many as xc_pm_get_max_px() says; out: all
 *
 * EINVAL also: one of the two arrays is NULL. EAGAIN: the driver, and so their number,
 * was just changed. xc_pm_reset_pxstat() starts counting afresh.
 */
int xc_pm_get_max_px(xc_interface *xch, int cpuid, int *max_px);
int xc_pm_get_pxstat(xc_interface *xch, int cpuid, struct xc_px_stat *pxpt);
int xc_pm_reset_pxstat(xc_interface *xch, int cpuid);

/* Idle states (C-states). */
struct xc_cx_stat {
    uint32_t nr;           /* in: room in the two below; out: how many there are */
    uint32_t last;
    uint64_t idle_time;    /* ns since boot */
    uint64_t *triggers;    /* how often each was entered, C0 first */
    uint64_t *residencies; /* ns in each */
    uint32_t nr_pc;        /* in: room; out: how many */
    uint32_t nr_cc;
    uint64_t *pc;          /* of the package's, without C0 */
    uint64_t *cc;          /* of the core's, without C0 */
};
typedef struct xc_cx_stat xc_cx_stat_t;

/**
 * xc_pm_get_max_cx() - how many C-states a CPU has
 * xc_pm_get_cxstat() - what it has done with them
 * @cxpt: arrays are filled as far as they have room and Xen has something to say
 *
 * EINVAL also: an array is NULL although there is room in it. xc_pm_reset_cxstat() starts
 * counting afresh.
 */
int xc_pm_get_max_cx(xc_interface *xch, int cpuid, int *max_cx);
int xc_pm_get_cxstat(xc_interface *xch, int cpuid, struct xc_cx_stat *cxpt);
int xc_pm_reset_cxstat(xc_interface *xch, int cpuid);

/* ---- frequencies ---- */

typedef struct xen_userspace xc_userspace_t;
typedef struct xen_ondemand xc_ondemand_t;

union xc_cpufreq_governor {
    xc_userspace_t userspace;
    xc_ondemand_t ondemand;
};

/* What depends on a governor. kHz. */
struct xc_cpufreq_scaling {
    uint32_t scaling_cur_freq;
    char scaling_governor[CPUFREQ_NAME_LEN];
    uint32_t scaling_max_freq;
    uint32_t scaling_min_freq;
    union xc_cpufreq_governor u; /* of the governor that has this name */
};

struct xc_get_cpufreq_para {
    uint32_t cpu_num; /* in and out: room in affected_cpus */
    uint32_t freq_num;
    uint32_t gov_num;
    uint32_t *affected_cpus;
    uint32_t *scaling_available_frequencies; /* kHz */
    char *scaling_available_governors;       /* CPUFREQ_NAME_LEN bytes for each */
    char scaling_driver[CPUFREQ_NAME_LEN];
    uint32_t cpuinfo_cur_freq; /* kHz */
    uint32_t cpuinfo_max_freq;
    uint32_t cpuinfo_min_freq;
    __extension__ union {
        struct xc_cpufreq_scaling s;
        __extension__ struct { /* as programs up to Xen 4.17 call them */
            uint32_t scaling_cur_freq;
            char scaling_governor[CPUFREQ_NAME_LEN];
            uint32_t scaling_max_freq;
            uint32_t scaling_min_freq;
            union xc_cpufreq_governor u;
        };
    };
    int32_t turbo_enabled;
};

/**
 * xc_get_cpufreq_para() - how a CPU's frequency is chosen
 * @user_para: in: the numbers of elements, and arrays for them; a number of 0 needs no
 *             array. Out: everything
 *
 * What depends on a governor is 0 where there is none (HWP). EAGAIN: the numbers were
 * others; they are right now, and nothing else has been written; the result is then
 * -EAGAIN. EINVAL also: an array
 * is NULL although it has elements.
 */
#if defined(__cplusplus) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow" /* struct and function have one name: upstream's */
#endif
int xc_get_cpufreq_para(xc_interface *xch, int cpuid, struct xc_get_cpufreq_para *user_para);
#if defined(__cplusplus) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

/**
 * xc_set_cpufreq_gov() - give a CPU another governor
 *
 * EINVAL also: Xen has none of this name.
 */
int xc_set_cpufreq_gov(xc_interface *xch, int cpuid, char *govname);

/* One of SCALING_MAX_FREQ and its neighbours. */
int xc_set_cpufreq_para(xc_interface *xch, int cpuid, int ctrl_type, int ctrl_value);

/* Since it was last asked for; kHz. */
int xc_get_cpufreq_avgfreq(xc_interface *xch, int cpuid, int *avg_freq);

/* May it go above its nominal frequency? EACCES also: its driver has no say in that. */
int xc_enable_turbo(xc_interface *xch, int cpuid);
int xc_disable_turbo(xc_interface *xch, int cpuid);

/* ---- hardware that chooses by itself (CPPC): since Xen 4.18 ---- */

/* What the CPU can do (the first five), and what it is asked for; in its own units. */
struct xc_cppc_para {
    uint32_t features; /* XEN_SYSCTL_CPPC_FEAT_* */
    uint32_t lowest;
    uint32_t lowest_nonlinear;
    uint32_t nominal;
    uint32_t highest;
    uint32_t minimum;
    uint32_t maximum;
    uint32_t desired;     /* 0: as the hardware likes */
    uint32_t energy_perf; /* 0: all speed; 255: all thrift */
    uint32_t activity_window;
};
typedef struct xc_cppc_para xc_cppc_para_t;
#define xen_cppc_para xc_cppc_para

struct xc_set_cppc_para {
    uint32_t set_params; /* which of them: XEN_SYSCTL_CPPC_SET_*; out: which were */
    uint32_t minimum;
    uint32_t maximum;
    uint32_t desired;
    uint32_t energy_perf;
    uint32_t activity_window;
};
typedef struct xc_set_cppc_para xc_set_cppc_para_t;
#define xen_set_cppc_para xc_set_cppc_para

#ifndef XEN_SYSCTL_CPPC_SET_MINIMUM
#define XEN_SYSCTL_CPPC_FEAT_ACT_WINDOW 1
#define XEN_SYSCTL_CPPC_SET_MINIMUM 0x1u
#define XEN_SYSCTL_CPPC_SET_MAXIMUM 0x2u
#define XEN_SYSCTL_CPPC_SET_DESIRED 0x4u
#define XEN_SYSCTL_CPPC_SET_ENERGY_PERF 0x8u
#define XEN_SYSCTL_CPPC_SET_ACT_WINDOW 0x10u
#define XEN_SYSCTL_CPPC_SET_PRESET_NONE 0u
#define XEN_SYSCTL_CPPC_SET_PRESET_BALANCE 0x10000000u
#define XEN_SYSCTL_CPPC_SET_PRESET_POWERSAVE 0x20000000u
#define XEN_SYSCTL_CPPC_SET_PRESET_PERFORMANCE 0x30000000u
#endif

/* ENOTSUP also: no driver of it is in charge. EINVAL also: bits or values that it has not. */
int xc_get_cppc_para(xc_interface *xch, unsigned int cpuid, xc_cppc_para_t *cppc_para);
int xc_set_cpufreq_cppc(xc_interface *xch, int cpuid, xc_set_cppc_para_t *set_cppc);

/* ---- idling, for all CPUs ---- */

/* How deep they may sleep, and in the deepest state, how deep in it; UINT32_MAX: as they can. */
int xc_get_cpuidle_max_cstate(xc_interface *xch, uint32_t *value);
int xc_set_cpuidle_max_cstate(xc_interface *xch, uint32_t value);
int xc_get_cpuidle_max_csubstate(xc_interface *xch, uint32_t *value);
int xc_set_cpuidle_max_csubstate(xc_interface *xch, uint32_t value);

/* Should the scheduler rather fill cores than spread over them (1), or not (0)? */
int xc_set_sched_opt_smt(xc_interface *xch, uint32_t value);

#ifdef __cplusplus
}
#endif

#endif
