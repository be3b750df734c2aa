/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxenmanage: the host, its processors, and what Xen has printed (XENLIBS_1.0).
 *
 * Of structs and their size the same holds as in <xenmanage/domain.h>. Every
 * function here:
 *   EINVAL   an argument is NULL that must not be, or a size is too small
 *   EPERM    this domain may not ask; or the handle is restricted
 *   EACCES   the hypervisor's policy (FLASK) forbids it
 *   ENOTSUP  Xen is older than 4.14, or so new that this library does not know
 *            its form of the request
 *   ENOMEM, EAGAIN  no memory for a buffer, or none that may be locked
 *   EFAULT, EINTR   as xencall0() says; try again
 * Success keeps errno. Blocking: no. Threads: safe. Fork: not in the child.
 */
#ifndef XENMANAGE_HOST_H
#define XENMANAGE_HOST_H

#include <sys/types.h>

#include <xenmanage.h>

#ifdef __cplusplus
extern "C" {
#endif

/* struct xenmanage_physinfo: capabilities. */
#define XENMANAGE_PHYSINFO_HVM 0x0001u       /* HVM and PVH guests */
#define XENMANAGE_PHYSINFO_PV 0x0002u        /* PV guests */
#define XENMANAGE_PHYSINFO_DIRECTIO 0x0004u  /* an IOMMU: devices can be given to guests */
#define XENMANAGE_PHYSINFO_HAP 0x0008u       /* hardware maps guests' memory (EPT, NPT) */
#define XENMANAGE_PHYSINFO_SHADOW 0x0010u    /* Xen can do it in software */
#define XENMANAGE_PHYSINFO_IOMMU_HAP_PT_SHARE 0x0020u /* the IOMMU uses HAP's tables */
#define XENMANAGE_PHYSINFO_VMTRACE 0x0040u   /* processor traces; told since 4.15 */
#define XENMANAGE_PHYSINFO_VPMU 0x0080u      /* performance counters; told since 4.16 */
#define XENMANAGE_PHYSINFO_GNTTAB_V1 0x0100u /* grant tables' versions; told since 4.16 */
#define XENMANAGE_PHYSINFO_GNTTAB_V2 0x0200u

/* Pages are of 4 KiB. */
struct xenmanage_physinfo {
    size_t size; /* in: sizeof(struct xenmanage_physinfo) */
    uint32_t nr_cpus;           /* online now */
    uint32_t max_cpu_id;        /* the highest that there can be */
    uint32_t threads_per_core;
    uint32_t cores_per_socket;
    uint32_t nr_nodes;          /* NUMA nodes online */
    uint32_t max_node_id;
    uint32_t cpu_khz;           /* nominal frequency, kHz */
    uint32_t capabilities;      /* XENMANAGE_PHYSINFO_*; Xen may have more, which are left out */
    uint32_t arch_capabilities; /* Arm: length of SVE's vectors; 0 before 4.17: not told */
    uint32_t reserved;          /* 0 */
    uint64_t total_pages;       /* of memory */
    uint64_t free_pages;
    uint64_t scrub_pages;       /* of these, still to be cleared */
    uint64_t claimed_pages;     /* of these, set aside for domains */
    uint64_t max_mfn;           /* the highest frame with memory */
    uint32_t hw_cap[8];         /* x86: words of CPUID feature flags, as Xen has them */
};

/**
 * xenmanage_physinfo_get() - tell of the host
 * @info: in: its size; out: all of it
 *
 * Return: 0; or -1 with errno as above, with nothing stored.
 * Beneath: one hypercall, XEN_SYSCTL_physinfo; nothing is allocated.
 */
int xenmanage_physinfo_get(xenmanage_handle *hdl, struct xenmanage_physinfo *info);

/* One processor. */
struct xenmanage_cpu {
    size_t size;           /* in, of the first: sizeof(struct xenmanage_cpu) */
    uint64_t idle_time_ns; /* since it came online; of one that is offline it stands still */
};

/**
 * xenmanage_cpu_list() - tell how long each processor has been idle
 * @cpus:     in: the size of the first; out: from processor 0 on
 * @max_cpus: room for so many: physinfo's max_cpu_id + 1 is enough for all
 *
 * How busy a processor was is what its idle time lacks of the time between two
 * calls, as of CLOCK_MONOTONIC.
 *
 * Return: how many; or -1 with errno as above, with nothing stored, and
 *   EINVAL   also: @max_cpus is more than INT_MAX
 * Beneath: one hypercall, XEN_SYSCTL_getcpuinfo.
 */
int xenmanage_cpu_list(xenmanage_handle *hdl, struct xenmanage_cpu *cpus,
                       unsigned int max_cpus);

/* xenmanage_console_read(): flags. */
#define XENMANAGE_CONSOLE_CONTINUE 0x1u /* from *index on */
#define XENMANAGE_CONSOLE_CLEAR 0x2u    /* what is read now is forgotten: nobody reads it again */

/**
 * xenmanage_console_read() - read what Xen has printed
 * @buffer: for the text; no zero byte is put behind it
 * @size:   room in bytes; more than UINT32_MAX counts as that
 * @flags:  XENMANAGE_CONSOLE_*, or 0
 * @index:  out: where the text ends, for CONTINUE; may be NULL without CONTINUE
 *
 * Without CONTINUE the text begins at the oldest that Xen still has. With it, at
 * *@index, unless that has been overwritten or cleared meanwhile: then at the
 * oldest. What was missed is *@index now, less what it was before and less what
 * is returned (uint32_t: it wraps around).
 *
 * The text may begin and end anywhere in a line. Several programs can follow it,
 * as long as none uses CLEAR. Xen tells of new text by the interrupt
 * VIRQ_CON_RING, which one program in the system can have (xenconsoled does, if
 * it logs Xen's messages); others ask from time to time.
 *
 * Return: how many bytes, 0 when there is nothing new; or -1 with errno as above,
 * with nothing stored, and
 *   EINVAL   also: a flag that is not known, or CONTINUE without @index
 * Beneath: one hypercall, XEN_SYSCTL_readconsole.
 */
ssize_t xenmanage_console_read(xenmanage_handle *hdl, char *buffer, size_t size,
                               unsigned int flags, uint32_t *index);

/**
 * xenmanage_console_clear() - forget what Xen has printed
 *
 * Return: 0; or -1 with errno as above; some may be cleared then.
 * Beneath: XEN_SYSCTL_readconsole, once for each 16 KiB that there are.
 */
int xenmanage_console_clear(xenmanage_handle *hdl);

/* Which Xen is running. What it can do is xenmanage_has_feature()'s to say. */
struct xenmanage_hypervisor {
    size_t size;         /* in: sizeof(struct xenmanage_hypervisor) */
    uint32_t major_version; /* the 4 of "4.17.5" */
    uint32_t minor_version; /* the 17 */
    char extra_version[16]; /* the rest, ".5"; ends with a zero byte */
};

/**
 * xenmanage_hypervisor_get() - tell which Xen is running
 * @hypervisor: in: its size; out: all of it
 *
 * Return: 0; or -1 with errno as above, with nothing stored; never ENOTSUP.
 * Beneath: two hypercalls, XENVER_version and XENVER_extraversion. Works without
 * privilege too, where there is privcmd.
 */
int xenmanage_hypervisor_get(xenmanage_handle *hdl, struct xenmanage_hypervisor *hypervisor);

#ifdef __cplusplus
}
#endif

#endif /* XENMANAGE_HOST_H */
