/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A domain's virtual CPUs. */
#ifndef XENCTRL_VCPU_H
#define XENCTRL_VCPU_H

#include <xenctrl/bitmap.h>
#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Shaped as Xen's own has been from 4.14 on. */
typedef struct xc_vcpuinfo {
    uint32_t vcpu;
    uint8_t online;  /* plugged in */
    uint8_t blocked; /* waits for an event */
    uint8_t running; /* is on its CPU right now */
    __attribute__((aligned(8))) uint64_t cpu_time; /* used so far, nanoseconds */
    uint32_t cpu;    /* where it runs or ran last */
} xc_vcpuinfo_t;

/* A vCPU's registers: of the 64-bit or the 32-bit ABI, as the domain's own. */
typedef union vcpu_guest_context_any {
#if defined(__i386__) || defined(__x86_64__)
    vcpu_guest_context_x86_64_t x64;
    vcpu_guest_context_x86_32_t x32;
#endif
    vcpu_guest_context_t c;
} vcpu_guest_context_any_t;

typedef union shared_info_any {
#if defined(__i386__) || defined(__x86_64__)
    shared_info_x86_64_t x64;
    shared_info_x86_32_t x32;
#endif
    shared_info_t s;
} shared_info_any_t;

#if defined(__i386__) || defined(__x86_64__)
typedef union start_info_any {
    start_info_x86_64_t x64;
    start_info_x86_32_t x32;
    start_info_t s;
} start_info_any_t;
#endif

typedef struct xc_vcpu_extstate {
    uint64_t xfeature_mask;
    uint64_t size; /* of the buffer, in bytes */
    void *buffer;
} xc_vcpu_extstate_t;

/**
 * xc_vcpu_getinfo() - how a vCPU stands (domctl getvcpuinfo)
 *
 * EINVAL also: the domain was not created with so many vCPUs. ESRCH also: this one
 * has not been allocated. Both hold for all functions of a vCPU.
 */
int xc_vcpu_getinfo(xc_interface *xch, uint32_t domid, uint32_t vcpu, xc_vcpuinfo_t *info);

/* The CPU time that a vCPU has used, in nanoseconds; -1 with errno. */
long long xc_domain_get_cpu_usage(xc_interface *xch, uint32_t domid, int vcpu);

/**
 * xc_vcpu_setaffinity() - where a vCPU may run, and where it should
 * @cpumap_hard_inout: where it may; out: where it then does, which is less if
 *                     CPUs of it are offline or not in the pool
 * @cpumap_soft_inout: where it should; out: the same
 * @flags:             XEN_VCPUAFFINITY_*: which of the two count, at least one
 *
 * Both are of xc_get_cpumap_size() bytes; the one that does not count may be NULL.
 */
int xc_vcpu_setaffinity(xc_interface *xch, uint32_t domid, int vcpu,
                        xc_cpumap_t cpumap_hard_inout, xc_cpumap_t cpumap_soft_inout,
                        uint32_t flags);
int xc_vcpu_getaffinity(xc_interface *xch, uint32_t domid, int vcpu, xc_cpumap_t cpumap_hard,
                        xc_cpumap_t cpumap_soft, uint32_t flags);

/**
 * xc_vcpu_setcontext() - set a vCPU's registers
 * @ctxt: NULL resets the vCPU
 *
 * HVM: EINVAL. Xen 4.21.0 loses r8 to r15 (a defect of its own).
 */
int xc_vcpu_setcontext(xc_interface *xch, uint32_t domid, uint32_t vcpu,
                       vcpu_guest_context_any_t *ctxt);
int xc_vcpu_getcontext(xc_interface *xch, uint32_t domid, uint32_t vcpu,
                       vcpu_guest_context_any_t *ctxt);

/**
 * xc_vcpu_get_extstate() - a vCPU's extended registers, as XSAVE keeps them
 * @extstate: with size 0 the size and mask become those that are needed; else
 *            @extstate->buffer, that many bytes, is filled
 */
int xc_vcpu_get_extstate(xc_interface *xch, uint32_t domid, uint32_t vcpu,
                         xc_vcpu_extstate_t *extstate);

/**
 * xc_domain_setvnuma() - the NUMA nodes that a domain sees
 * @vdistance:     @nr_vnodes times @nr_vnodes
 * @vcpu_to_vnode: @nr_vcpus
 * @vnode_to_pnode: @nr_vnodes
 * @vmemrange:     @nr_regions
 *
 * EINVAL: one of them is 0 or NULL. All of them are copied.
 */
int xc_domain_setvnuma(xc_interface *xch, uint32_t domid, uint32_t nr_vnodes,
                       uint32_t nr_regions, uint32_t nr_vcpus, xen_vmemrange_t *vmemrange,
                       unsigned int *vdistance, unsigned int *vcpu_to_vnode,
                       unsigned int *vnode_to_pnode);

/**
 * xc_domain_getvnuma() - the same, back
 *
 * The numbers say how much room the arrays have (0 with NULL: none); they become what
 * there is. ENOBUFS: they were too small, and nothing else is filled.
 * EOPNOTSUPP: the domain has none. memory_op get_vnumainfo.
 */
int xc_domain_getvnuma(xc_interface *xch, uint32_t domid, uint32_t *nr_vnodes,
                       uint32_t *nr_vmemranges, uint32_t *nr_vcpus, xen_vmemrange_t *vmemrange,
                       unsigned int *vdistance, unsigned int *vcpu_to_vnode);

#ifdef __cplusplus
}
#endif

#endif
