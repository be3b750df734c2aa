/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host's hardware, as the control domain's kernel and tools see to it. */
#ifndef XENCTRL_PLATFORM_H
#define XENCTRL_PLATFORM_H

#include <xenctrl/bitmap.h>

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
 * Return: of one, how many of its entries were done; of several, 0; or -1 with errno.
 * Each of @ops has a result besides: negative errno, as Xen gives it (of one: -1).
 * Several are one multicall (platform_op resource_op).
 */
int xc_resource_op(xc_interface *xch, uint32_t nr_ops, xc_resource_op_t *ops);

/* ---- CPUs and their microcode ---- */

/**
 * xc_get_cpu_version() - vendor, family, model and stepping of a CPU
 * @cpu_ver: in: xen_cpuid; out: the rest. CPUs that are not there have family 0
 */
int xc_get_cpu_version(xc_interface *xch, struct xenpf_pcpu_version *cpu_ver);

struct xc_ucode_revision {
    uint32_t cpu;       /* in: which */
    uint32_t signature; /* CPUID leaf 1, EAX */
    uint32_t pf;        /* platform flags, Intel's */
    uint32_t revision;
};
#define xenpf_ucode_revision xc_ucode_revision

/* ENOENT: no such CPU. ENOTSUP: before Xen 4.18. */
int xc_get_ucode_revision(xc_interface *xch, struct xc_ucode_revision *ucode_rev);

/* ---- machine checks (<xen/arch-x86/xen-mca.h>) ---- */

#if defined(__i386__) || defined(__x86_64__)

/**
 * xc_mca_op() - ask about machine checks, or cause one
 * @mc: cmd and its part of u; becomes the answer. What it points to must be hypercall
 *      buffers
 *
 * The interface's version is filled in. ENOENT and others: as Xen says.
 */
int xc_mca_op(xc_interface *xch, struct xen_mc *mc);

/**
 * xc_mca_op_inject_v2() - have CPUs act as if their hardware had found an error
 * @flags:   XEN_MC_INJECT_*
 * @cpumap:  which, of the first @nr_cpus; NULL: none, for XEN_MC_INJECT_CPU_BROADCAST
 *
 * EINVAL also: a set of no CPUs. This can bring the host down: it is what it is for.
 */
int xc_mca_op_inject_v2(xc_interface *xch, unsigned int flags, xc_cpumap_t cpumap,
                        unsigned int nr_cpus);

#endif

#ifdef __cplusplus
}
#endif

#endif
