/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How long processors have been idle: getcpuinfo, whose layout has never changed. */
#ifndef XENHVABI_CPU_INFO_H
#define XENHVABI_CPU_INFO_H

#include "hvabi.h"

/*
 * Gives @take the idle time of each processor from 0 on, @max of them or as many as
 * there are.
 *
 * Return: how many, or -1 with errno and nothing given: as xenhvabi_sysctl() and
 * xencall_buffer_get(), and
 *   EINVAL  @max is more than INT_MAX
 */
typedef void xenhvabi_take_cpu_fn(uint64_t idle_time_ns, void *user);
int xenhvabi_cpu_info_each(struct hvabi *abi, unsigned max, xenhvabi_take_cpu_fn *take,
                           void *user);

#endif
