/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sets of CPUs and of NUMA nodes: arrays of bytes, bit N of the set is bit N % 8
 * of byte N / 8. They are as large as the host needs; free() ends them.
 */
#ifndef XENCTRL_BITMAP_H
#define XENCTRL_BITMAP_H

#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint8_t *xc_cpumap_t;
typedef uint8_t *xc_nodemap_t;

/*
 * The highest number that a CPU or node can have on this host, plus one: the size
 * of such a set in bits; how many CPUs are online; the size in bytes; -1 with
 * errno as xc_physinfo() if they cannot be learnt. The sizes are asked for once.
 */
int xc_get_max_cpus(xc_interface *xch);
int xc_get_online_cpus(xc_interface *xch);
int xc_get_max_nodes(xc_interface *xch);
int xc_get_cpumap_size(xc_interface *xch);
int xc_get_nodemap_size(xc_interface *xch);

/* An empty set; NULL with errno as above. The caller frees it with free(). */
xc_cpumap_t xc_cpumap_alloc(xc_interface *xch);
xc_nodemap_t xc_nodemap_alloc(xc_interface *xch);

/* Take a CPU out, put it in, ask for it. A negative @cpu is in no set. */
void xc_cpumap_clearcpu(int cpu, xc_cpumap_t map);
void xc_cpumap_setcpu(int cpu, xc_cpumap_t map);
int xc_cpumap_testcpu(int cpu, xc_cpumap_t map);

#ifdef __cplusplus
}
#endif

#endif
