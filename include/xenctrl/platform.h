/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's hardware, as the control domain's kernel and tools see to it. */
#ifndef XENCTRL_PLATFORM_H
#define XENCTRL_PLATFORM_H

#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef xenpf_resource_entry_t xc_resource_entry_t;

/* Accesses to registers of one CPU, made in one go. */
typedef struct {
    uint64_t result;     /* out: how many of the entries were done */
    uint32_t cpu;
    uint32_t nr_entries;
    xc_resource_entry_t *entries; /* become the answers */
} xc_resource_op_t;

/**
 * xc_resource_op() - access registers that Xen lets this domain access
 * @nr_ops: how many at @ops, for one CPU each
 *
 * Return: 0, or -1 with errno; each of @ops has a result besides: negative errno, as Xen
 * gives it. All of them are one multicall (platform_op resource_op).
 */
int xc_resource_op(xc_interface *xch, uint32_t nr_ops, xc_resource_op_t *ops);

#ifdef __cplusplus
}
#endif

#endif
