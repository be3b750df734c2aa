/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "call.h"
#include "physinfo.h"
#include "xenctrl/bitmap.h"

/* What cannot change while this process runs; 0: not asked yet. */
static atomic_int max_cpus, max_nodes;

static int ask(xc_interface *xch, struct hvabi_physinfo *info)
{
    if (xenctrl_check_open(xch)) {
        return -1;
    }
    return xenctrl_result(xch, xenhvabi_physinfo(&xch->abi, info), "physinfo");
}

static int learn_sizes(xc_interface *xch)
{
    struct hvabi_physinfo info;

    if (ask(xch, &info)) {
        return -1;
    }
    if (info.max_cpu_id >= INT_MAX || info.max_node_id >= INT_MAX) {
        return xenctrl_refused(xch, ERANGE, "Xen tells of more CPUs or nodes than can be");
    }
    atomic_store_explicit(&max_nodes, (int)info.max_node_id + 1, memory_order_relaxed);
    atomic_store_explicit(&max_cpus, (int)info.max_cpu_id + 1, memory_order_relaxed);
    return 0;
}

static int size_of(xc_interface *xch, atomic_int *size)
{
    int known = atomic_load_explicit(size, memory_order_relaxed);

    if (known) {
        return known;
    }
    return learn_sizes(xch) ? -1 : atomic_load_explicit(size, memory_order_relaxed);
}

int xc_get_max_cpus(xc_interface *xch)
{
    return size_of(xch, &max_cpus);
}

int xc_get_max_nodes(xc_interface *xch)
{
    return size_of(xch, &max_nodes);
}

int xc_get_online_cpus(xc_interface *xch)
{
    struct hvabi_physinfo info;

    return ask(xch, &info) ? -1 : (int)info.nr_cpus;
}

/* ---- sets ---- */

static int bytes(int bits)
{
    return bits < 0 ? -1 : bits / 8 + (bits % 8 != 0);
}

int xc_get_cpumap_size(xc_interface *xch)
{
    return bytes(xc_get_max_cpus(xch));
}

int xc_get_nodemap_size(xc_interface *xch)
{
    return bytes(xc_get_max_nodes(xch));
}

static uint8_t *empty_set(int size)
{
    return size < 0 ? NULL : calloc(1, (size_t)size);
}

xc_cpumap_t xc_cpumap_alloc(xc_interface *xch)
{
    return empty_set(xc_get_cpumap_size(xch));
}

xc_nodemap_t xc_nodemap_alloc(xc_interface *xch)
{
    return empty_set(xc_get_nodemap_size(xch));
}

static uint8_t bit(int cpu)
{
    return (uint8_t)(1u << cpu % 8);
}

void xc_cpumap_clearcpu(int cpu, xc_cpumap_t map)
{
    if (cpu >= 0) {
        map[cpu / 8] &= (uint8_t)~bit(cpu);
    }
}

void xc_cpumap_setcpu(int cpu, xc_cpumap_t map)
{
    if (cpu >= 0) {
        map[cpu / 8] |= bit(cpu);
    }
}

int xc_cpumap_testcpu(int cpu, xc_cpumap_t map)
{
    return cpu >= 0 && (map[cpu / 8] & bit(cpu));
}
