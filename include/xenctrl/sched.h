/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Schedulers and CPU pools. */
#ifndef XENCTRL_SCHED_H
#define XENCTRL_SCHED_H

#include <xenctrl/bitmap.h>
#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Shaped as Xen's own have been from 4.14 on. Programs name them as Xen's headers
 * do: with this header, those names mean these.
 */
struct xc_sched_credit {
    uint16_t weight;
    uint16_t cap; /* percent of a CPU; 0: none */
};
struct xc_sched_credit2 {
    uint16_t weight;
    uint16_t cap;
};
struct xc_sched_rtds {
    uint32_t period; /* microseconds */
    uint32_t budget;
    uint32_t flags; /* XEN_DOMCTL_SCHEDRT_* */
};
struct xc_schedparam_vcpu {
    union {
        struct xc_sched_credit credit;
        struct xc_sched_credit2 credit2;
        struct xc_sched_rtds rtds;
    } u;
    uint32_t vcpuid;
};
struct xc_credit_schedule {
    uint32_t tslice_ms;
    uint32_t ratelimit_us;
    uint32_t vcpu_migr_delay_us;
};
struct xc_credit2_schedule {
    uint32_t ratelimit_us;
};
struct xc_arinc653_entry {
    xen_domain_handle_t dom_handle; /* of the domain, as xc_domain_sethandle() set it */
    uint32_t vcpu_id;
    __attribute__((aligned(8))) uint64_t runtime; /* nanoseconds */
};
struct xc_arinc653_schedule {
    __attribute__((aligned(8))) uint64_t major_frame; /* nanoseconds until it begins again */
    uint8_t num_sched_entries;
    struct xc_arinc653_entry sched_entries[ARINC653_MAX_DOMAINS_PER_SCHEDULE];
};
#define xen_domctl_sched_credit xc_sched_credit
#define xen_domctl_sched_credit2 xc_sched_credit2
#define xen_domctl_sched_rtds xc_sched_rtds
#define xen_domctl_schedparam_vcpu xc_schedparam_vcpu
#define xen_sysctl_credit_schedule xc_credit_schedule
#define xen_sysctl_credit2_schedule xc_credit2_schedule
#define xen_sysctl_arinc653_schedule xc_arinc653_schedule

/*
 * Get and set what a domain is scheduled by (domctl scheduler_op), or a pool
 * (sysctl scheduler_op; what then holds replaces *@schedule). EINVAL also: its
 * pool has another scheduler.
 */
int xc_sched_credit_domain_set(xc_interface *xch, uint32_t domid, struct xc_sched_credit *sdom);
int xc_sched_credit_domain_get(xc_interface *xch, uint32_t domid, struct xc_sched_credit *sdom);
int xc_sched_credit_params_set(xc_interface *xch, uint32_t cpupool_id,
                               struct xc_credit_schedule *schedule);
int xc_sched_credit_params_get(xc_interface *xch, uint32_t cpupool_id,
                               struct xc_credit_schedule *schedule);
int xc_sched_credit2_domain_set(xc_interface *xch, uint32_t domid,
                                struct xc_sched_credit2 *sdom);
int xc_sched_credit2_domain_get(xc_interface *xch, uint32_t domid,
                                struct xc_sched_credit2 *sdom);
int xc_sched_credit2_params_set(xc_interface *xch, uint32_t cpupool_id,
                                struct xc_credit2_schedule *schedule);
int xc_sched_credit2_params_get(xc_interface *xch, uint32_t cpupool_id,
                                struct xc_credit2_schedule *schedule);
int xc_sched_rtds_domain_set(xc_interface *xch, uint32_t domid, struct xc_sched_rtds *sdom);
int xc_sched_rtds_domain_get(xc_interface *xch, uint32_t domid, struct xc_sched_rtds *sdom);

/*
 * The same for @num_vcpus vCPUs of a domain, which @vcpus names by vcpuid. Xen deals
 * with some at a time; a failure leaves those before it done.
 */
int xc_sched_rtds_vcpu_set(xc_interface *xch, uint32_t domid, struct xc_schedparam_vcpu *vcpus,
                           uint32_t num_vcpus);
int xc_sched_rtds_vcpu_get(xc_interface *xch, uint32_t domid, struct xc_schedparam_vcpu *vcpus,
                           uint32_t num_vcpus);

/*
 * The time table of a pool that has the ARINC 653 scheduler: who runs when, over
 * and over. EINVAL also: the pool has another scheduler; no entry or too many; an
 * entry without time; or more time than the frame has.
 */
int xc_sched_arinc653_schedule_set(xc_interface *xch, uint32_t cpupool_id,
                                   struct xc_arinc653_schedule *schedule);
int xc_sched_arinc653_schedule_get(xc_interface *xch, uint32_t cpupool_id,
                                   struct xc_arinc653_schedule *schedule);

/* ---- pools of CPUs ---- */

typedef struct xc_cpupoolinfo {
    uint32_t cpupool_id;
    uint32_t sched_id; /* XEN_SCHEDULER_* */
    uint32_t n_dom;    /* domains in it */
    xc_cpumap_t cpumap;
} xc_cpupoolinfo_t;

#define XC_CPUPOOL_POOLID_ANY 0xFFFFFFFF

/**
 * xc_cpupool_create() - make a pool, without CPUs
 * @ppoolid:  in: its id, or XC_CPUPOOL_POOLID_ANY; out: its id
 * @sched_id: XEN_SCHEDULER_*
 */
int xc_cpupool_create(xc_interface *xch, uint32_t *ppoolid, uint32_t sched_id);

/* End a pool; EBUSY: it has CPUs or domains. */
int xc_cpupool_destroy(xc_interface *xch, uint32_t poolid);

/**
 * xc_cpupool_getinfo() - the first pool whose id is @poolid or above
 *
 * Return: for xc_cpupool_infofree(); NULL with errno, ENOENT: there is none.
 */
xc_cpupoolinfo_t *xc_cpupool_getinfo(xc_interface *xch, uint32_t poolid);
void xc_cpupool_infofree(xc_interface *xch, xc_cpupoolinfo_t *info);

/* Put a CPU in, take it out; -1: the first that is in none, the last that is in. */
int xc_cpupool_addcpu(xc_interface *xch, uint32_t poolid, int cpu);
int xc_cpupool_removecpu(xc_interface *xch, uint32_t poolid, int cpu);

int xc_cpupool_movedomain(xc_interface *xch, uint32_t poolid, uint32_t domid);

/* The CPUs that are in no pool, for free(); NULL with errno. */
xc_cpumap_t xc_cpupool_freeinfo(xc_interface *xch);

#ifdef __cplusplus
}
#endif

#endif
