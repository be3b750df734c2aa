/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Power management: pm_op, whose sub-operations each have a layout of their own. */
#ifndef XENHVABI_PM_H
#define XENHVABI_PM_H

#include "hvabi.h"

#define HVABI_CPUFREQ_NAME_LEN 16

/* Where a sub-operation's own bytes begin, after its number and the cpu. */
#define HVABI_PM_PAYLOAD_OFFSET 8

/*
 * GET_CPUFREQ_PARA. The arrays are hypercall buffers of the caller's; their
 * lengths go in as well, and must be right: otherwise Xen answers EAGAIN and
 * says what they are. Where a driver of CPPC is in charge, what depends on a
 * governor is 0.
 */
struct hvabi_cpufreq_para {
    uint32_t cpu_num;
    uint32_t freq_num;
    uint32_t gov_num;
    uint64_t affected_cpus;        /* cpu_num numbers */
    uint64_t available_frequencies; /* freq_num numbers, kHz */
    uint64_t available_governors;  /* gov_num texts of HVABI_CPUFREQ_NAME_LEN */
    char driver[HVABI_CPUFREQ_NAME_LEN];
    uint32_t cpuinfo_cur_freq;
    uint32_t cpuinfo_max_freq;
    uint32_t cpuinfo_min_freq;
    uint32_t scaling_cur_freq;
    char governor[HVABI_CPUFREQ_NAME_LEN];
    uint32_t scaling_max_freq;
    uint32_t scaling_min_freq;
    union {
        uint32_t setspeed; /* governor userspace */
        struct {
            uint32_t sampling_rate_max;
            uint32_t sampling_rate_min;
            uint32_t sampling_rate;
            uint32_t up_threshold;
        } ondemand;
    } u;
    int32_t turbo_enabled;
};

/* CPPC's parameters: of its own sub-operation, or of those that GET_CPUFREQ_PARA gave. */
struct hvabi_cppc {
    uint32_t features;
    uint32_t lowest;
    uint32_t lowest_nonlinear;
    uint32_t nominal;
    uint32_t highest;
    uint32_t minimum;
    uint32_t maximum;
    uint32_t desired;
    uint32_t energy_perf;
    uint32_t activity_window;
};

extern const struct hvabi_layout_since xenhvabi_cpufreq_para_layouts[];
extern const struct hvabi_layout_since xenhvabi_cppc_layouts[];

/*
 * Return: 0, or -1 with errno as xenhvabi_sysctl(), and
 *   EAGAIN  the lengths were wrong; they are right now
 */
int xenhvabi_cpufreq_para(struct hvabi *abi, uint32_t cpu, struct hvabi_cpufreq_para *para);

/*
 * Return: 0, or -1 with errno as xenhvabi_sysctl(), xencall_buffer_get(), and
 *   ENOTSUP  this release has no CPPC (before 4.18); or no driver of it is in charge
 */
int xenhvabi_cppc(struct hvabi *abi, uint32_t cpu, struct hvabi_cppc *cppc);

#define HVABI_CPPC_SINCE HVABI_RELEASE(4, 18)
#define HVABI_SET_CPUFREQ_CPPC 0x15u

/*
 * Makes any other sub-operation, none of which has changed; the answer replaces
 * the @size bytes that it takes.
 *
 * Return: what Xen returned, or -1 with errno as xenhvabi_sysctl(), and
 *   EINVAL   it has a function of its own above, or @size is too large
 *   ENOTSUP  this release does not have it
 */
int xenhvabi_pm_op(struct hvabi *abi, uint32_t sub_op, uint32_t cpu, void *bytes, size_t size);

/*
 * get_pmstat as programs for Xen up to 4.20 make it: they have room for all P-states,
 * and do not say so. Return: as xenhvabi_sysctl().
 */
int xenhvabi_pmstat_with_room(struct hvabi *abi, struct hvabi_payload *payload);

#endif
