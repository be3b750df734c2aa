/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The host: its CPUs, nodes and devices, Xen's console and version. */
#ifndef XENCTRL_HOST_H
#define XENCTRL_HOST_H

#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Shaped as Xen's own have been from 4.14 on; numbers that are not known are ~0. */
typedef struct xc_cputopo {
    uint32_t core;
    uint32_t socket;
    uint32_t node;
} xc_cputopo_t;

typedef struct xc_meminfo {
    __attribute__((aligned(8))) uint64_t memsize; /* bytes */
    __attribute__((aligned(8))) uint64_t memfree;
} xc_meminfo_t;

/* As sysctls hold them, for programs that make up their own. */
typedef struct xen_sysctl_numainfo xc_numainfo_t;
typedef struct xen_sysctl_pcitopoinfo xc_pcitopoinfo_t;

typedef struct xc_cpuinfo {
    __attribute__((aligned(8))) uint64_t idletime; /* nanoseconds */
} xc_cpuinfo_t;

typedef uint32_t xc_cpu_to_node_t;
typedef uint32_t xc_cpu_to_socket_t;
typedef uint32_t xc_cpu_to_core_t;
typedef uint64_t xc_node_to_memsize_t;
typedef uint64_t xc_node_to_memfree_t;
typedef uint32_t xc_node_to_node_dist_t;

/**
 * xc_cputopoinfo() - where each CPU is
 * @max_cpus: in: room in @cputopo; out: how many there are, or were filled
 * @cputopo:  NULL only asks how many
 */
int xc_cputopoinfo(xc_interface *xch, unsigned *max_cpus, xc_cputopo_t *cputopo);

/**
 * xc_numainfo() - the NUMA nodes' memory and distances
 * @max_nodes: in: room; out: how many there are, or were filled
 * @meminfo:   @max_nodes of them, or NULL
 * @distance:  @max_nodes times @max_nodes, the row of each node as long as the
 *             number that comes out; or NULL
 */
int xc_numainfo(xc_interface *xch, unsigned *max_nodes, xc_meminfo_t *meminfo,
                uint32_t *distance);

/**
 * xc_pcitopoinfo() - the node of each of @num_devs PCI devices
 *
 * A device that Xen does not know gets XEN_INVALID_DEV.
 */
int xc_pcitopoinfo(xc_interface *xch, unsigned num_devs, physdev_pci_device_t *devs,
                   uint32_t *nodes);

/* How long each CPU has been idle: up to @max_cpus of them; *@nr_cpus (if not NULL): how many. */
int xc_getcpuinfo(xc_interface *xch, int max_cpus, xc_cpuinfo_t *info, int *nr_cpus);

/**
 * xc_availheap() - free memory, in bytes
 * @min_width: of addresses, in bits; 0: any
 * @max_width: the same
 * @node:      -1: all of them
 */
int xc_availheap(xc_interface *xch, int min_width, int max_width, int node, uint64_t *bytes);

/*
 * Bring a CPU up or take it down (EBUSY: it cannot go now); all second threads of cores.
 */
int xc_cpu_online(xc_interface *xch, int cpu);
int xc_cpu_offline(xc_interface *xch, int cpu);
int xc_smt_enable(xc_interface *xch);
int xc_smt_disable(xc_interface *xch);

/* Which scheduler the host's first pool has: XEN_SCHEDULER_*. */
int xc_sched_id(xc_interface *xch, int *sched_id);

/**
 * xc_readconsolering() - read what Xen has printed
 * @pnr_chars:   in: room in @buffer; out: how much was read, without a zero byte
 * @clear:       forget what is there, after reading it
 * @incremental: read from *@pindex on, or the oldest that is still there
 * @pindex:      where to go on next time; may be NULL
 */
int xc_readconsolering(xc_interface *xch, char *buffer, unsigned int *pnr_chars, int clear,
                       int incremental, uint32_t *pindex);

/* Press Xen's debug keys, one after the other. */
int xc_send_debug_keys(xc_interface *xch, const char *keys);

/**
 * xc_version() - what Xen tells of itself
 * @cmd: XENVER_*
 * @arg: what goes with it, or NULL; XENVER_build_id: its len says how long
 *
 * Return: the answer of those that have a number, 0, or -1 with errno; EINVAL
 * also: this library does not know @cmd.
 */
int xc_version(xc_interface *xch, int cmd, void *arg);

/* The texts of these, for free(); NULL with errno. The build id is in hexadecimal. */
char *xc_xenver_extraversion(xc_interface *xch);
char *xc_xenver_capabilities(xc_interface *xch);
char *xc_xenver_changeset(xc_interface *xch);
char *xc_xenver_commandline(xc_interface *xch);
char *xc_xenver_buildid(xc_interface *xch);

#ifdef __cplusplus
}
#endif

#endif
