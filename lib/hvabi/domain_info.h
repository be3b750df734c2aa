/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Domains: getdomaininfo and getdomaininfolist. */
#ifndef XENHVABI_DOMAIN_INFO_H
#define XENHVABI_DOMAIN_INFO_H

#include "hvabi.h"

/*
 * What Xen tells of a domain. Fields that the running release does not report
 * are 0: gpaddr_bits up to 4.15, misc_flags on 4.14; shr_pages and paged_pages
 * from 4.17 on, unless Xen was built with what they count.
 */
struct hvabi_domain_info {
    uint16_t domain;
    uint32_t flags; /* XEN_DOMINF_* */
    uint64_t tot_pages;
    uint64_t max_pages;
    uint64_t outstanding_pages;
    uint64_t shr_pages;
    uint64_t paged_pages;
    uint64_t shared_info_frame;
    uint64_t cpu_time; /* nanoseconds */
    uint32_t nr_online_vcpus;
    uint32_t max_vcpu_id;
    uint32_t ssidref;
    uint8_t handle[16];
    uint32_t cpupool;
    uint8_t gpaddr_bits;
    uint32_t emulation_flags;
    uint32_t misc_flags;
};

extern const struct hvabi_layout_since xenhvabi_domain_info_layouts[];

/*
 * Exactly the domain @domid, on every release.
 *
 * Return: 0, or -1 with errno: as xenhvabi_domctl(), and
 *   ESRCH          there is no such domain (EPERM instead: without privilege)
 *   EPERM, EACCES  no right to ask
 */
int xenhvabi_domain_info(struct hvabi *abi, uint16_t domid, struct hvabi_domain_info *info);

/*
 * The first domain whose id is @first or above, on every release.
 *
 * Return: 0, or -1 with errno: as xenhvabi_domctl() and xenhvabi_sysctl(), and
 *   ESRCH          there is none
 *   EPERM, EACCES  no right to ask
 */
int xenhvabi_domain_info_from(struct hvabi *abi, uint16_t first,
                              struct hvabi_domain_info *info);

/*
 * Up to @max domains whose ids are @first or above, in rising order. Domains
 * that come or go meanwhile may or may not be among them.
 *
 * Return: how many, or -1 with errno: as xenhvabi_sysctl(), xencall_buffer_get(), and
 *   EINVAL         @max is more than INT_MAX
 *   EPERM, EACCES  no right to ask
 */
int xenhvabi_domain_info_list(struct hvabi *abi, uint16_t first,
                              struct hvabi_domain_info *infos, unsigned max);

/*
 * The same, each domain given to @take as soon as it is there and as Xen tells of
 * it: @wire, in the shape @layout, one of xenhvabi_domain_info_layouts. It is not
 * valid for longer than that.
 */
typedef void xenhvabi_take_domain_fn(const struct hvabi_layout *layout, const void *wire,
                                     void *user);
int xenhvabi_domain_info_each(struct hvabi *abi, uint16_t first, unsigned max,
                              xenhvabi_take_domain_fn *take, void *user);

#endif
