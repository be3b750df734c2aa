/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bitmap.h"
#include "call.h"
#include "operation.h"
#include "xenctrl/sched.h"

/* XEN_SYSCTL_CPUPOOL_OP_* */
enum { CREATE = 1, DESTROY, INFO, ADDCPU, RMCPU, MOVEDOMAIN, FREEINFO };

struct cpupool_op {
    uint32_t op;
    uint32_t cpupool_id;
    uint32_t sched_id;
    uint32_t domid;
    uint32_t cpu;
    uint32_t n_dom;
    struct ctrl_bitmap cpumap;
};
_Static_assert(sizeof(struct cpupool_op) == 40, "as on every release");

static int pool_op(xc_interface *xch, struct cpupool_op *request)
{
    return xenctrl_sysctl(xch, CTRL_SYSCTL_CPUPOOL_OP, request, sizeof(*request));
}

int xc_cpupool_create(xc_interface *xch, uint32_t *ppoolid, uint32_t sched_id)
{
    struct cpupool_op request = {.op = CREATE, .cpupool_id = *ppoolid, .sched_id = sched_id};
    int result = pool_op(xch, &request);

    if (result >= 0) {
        *ppoolid = request.cpupool_id;
    }
    return result;
}

int xc_cpupool_destroy(xc_interface *xch, uint32_t poolid)
{
    struct cpupool_op request = {.op = DESTROY, .cpupool_id = poolid};

    return pool_op(xch, &request);
}

int xc_cpupool_addcpu(xc_interface *xch, uint32_t poolid, int cpu)
{
    struct cpupool_op request = {.op = ADDCPU, .cpupool_id = poolid, .cpu = (uint32_t)cpu};

    return pool_op(xch, &request);
}

/* A pool whose CPU is being taken out may say EAGAIN for a moment; the caller decides. */
int xc_cpupool_removecpu(xc_interface *xch, uint32_t poolid, int cpu)
{
    struct cpupool_op request = {.op = RMCPU, .cpupool_id = poolid, .cpu = (uint32_t)cpu};

    return pool_op(xch, &request);
}

int xc_cpupool_movedomain(xc_interface *xch, uint32_t poolid, uint32_t domid)
{
    struct cpupool_op request = {.op = MOVEDOMAIN, .cpupool_id = poolid, .domid = domid};

    return xenctrl_check_domid(xch, domid) ? -1 : pool_op(xch, &request);
}

/* The answer comes with a set of CPUs, which the caller frees; NULL with errno. */
static xc_cpumap_t pool_op_with_cpus(xc_interface *xch, struct cpupool_op *request)
{
    int size = xc_get_cpumap_size(xch);
    xc_cpumap_t cpus = xc_cpumap_alloc(xch);
    uint8_t *buffer = cpus ? xenctrl_bitmap_buffer(xch, NULL, size, &request->cpumap) : NULL;

    if (!buffer || pool_op(xch, request) < 0) {
        free(cpus);
        cpus = NULL;
    } else {
        memcpy(cpus, buffer, (size_t)size);
    }
    xenctrl_buffer_done(xch, buffer);
    return cpus;
}

xc_cpupoolinfo_t *xc_cpupool_getinfo(xc_interface *xch, uint32_t poolid)
{
    struct cpupool_op request = {.op = INFO, .cpupool_id = poolid};
    xc_cpupoolinfo_t *info = calloc(1, sizeof(*info));

    if (!info) {
        xenctrl_failed(xch, "a pool's description");
        return NULL;
    }
    info->cpumap = pool_op_with_cpus(xch, &request);
    if (!info->cpumap) {
        free(info);
        return NULL;
    }
    info->cpupool_id = request.cpupool_id;
    info->sched_id = request.sched_id;
    info->n_dom = request.n_dom;
    return info;
}

void xc_cpupool_infofree(xc_interface *xch, xc_cpupoolinfo_t *info)
{
    (void)xch;
    if (info) {
        free(info->cpumap);
        free(info);
    }
}

xc_cpumap_t xc_cpupool_freeinfo(xc_interface *xch)
{
    struct cpupool_op request = {.op = FREEINFO};

    return pool_op_with_cpus(xch, &request);
}
