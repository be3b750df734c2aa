/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Domains and CPU pools of a test's own. */
#include "scratch.h"

#include <stdlib.h>
#include <string.h>

/* By this they are found again. */
static const xen_domain_handle_t scratch_handle = {'x', 'e', 'n', 'l', 'i', 'b', 's', '-',
                                               'o', 'w', 'n', '-', 't', 'e', 's', 't'};

struct xc_createdomain scratch_config(enum scratch_kind kind)
{
    struct xc_createdomain config = {
        .max_vcpus = 1, .max_evtchn_port = 1023, .max_grant_frames = -1, .max_maptrack_frames = -1};

    if (kind == SCRATCH_PVH) {
        config.flags = XEN_DOMCTL_CDF_hvm | XEN_DOMCTL_CDF_hap;
        config.arch.emulation_flags = XEN_X86_EMU_LAPIC;
    }
    memcpy(config.handle, scratch_handle, sizeof(scratch_handle));
    return config;
}

int scratch_create(uint32_t wanted_domid, struct xc_createdomain config)
{
    uint32_t domid = wanted_domid;

    return xc_domain_create(xc(), &domid, &config) ? -1 : (int)domid;
}

uint32_t scratch_domain(enum scratch_kind kind)
{
    long domid = assert_works(scratch_create(0, scratch_config(kind)));
    assert_works(xc_domain_max_vcpus(xc(), (uint32_t)domid, 1));
    return (uint32_t)domid;
}

static bool is_gone(void *domid)
{
    return xc_domain_getinfo_single(xc(), *(uint32_t *)domid, NULL) < 0;
}

void scratch_destroy(uint32_t domid)
{
    assert_works(xc_domain_destroy(xc(), domid));
    assert_true(becomes_true(is_gone, &domid, 10));
}

xc_domaininfo_t info_of(uint32_t domid)
{
    xc_domaininfo_t info = {0};
    assert_works(xc_domain_getinfo_single(xc(), domid, &info));
    return info;
}

/* ---- pools ---- */

/* A CPU that is on its way from one pool to another is busy for a moment. */
struct cpu_move {
    uint32_t pool;
    int cpu;
    int (*function)(xc_interface *, uint32_t, int);
};

static bool has_moved(void *argument)
{
    struct cpu_move *move = argument;
    return move->function(xc(), move->pool, move->cpu) == 0;
}

uint32_t scratch_pool(uint32_t sched_id, const char *key)
{
    uint32_t pool = XC_CPUPOOL_POOLID_ANY;
    int last = xc_get_online_cpus(xc()) - 1;

    if (last < 1)
        skip_because("the host has only one CPU");
    if (xc_cpupool_create(xc(), &pool, sched_id)) {
        observe(key, "%s", strerror(errno));
        assert_true(errno == ENOENT || errno == EINVAL);
        return 0;
    }
    assert_true(becomes_true(has_moved, &(struct cpu_move){0, last, xc_cpupool_removecpu}, 10));
    assert_true(becomes_true(has_moved, &(struct cpu_move){pool, last, xc_cpupool_addcpu}, 10));
    return pool;
}

static void end_pools(void)
{
    xc_cpupoolinfo_t *info;

    while ((info = xc_cpupool_getinfo(xc(), 1))) {
        struct cpu_move out = {info->cpupool_id, -1, xc_cpupool_removecpu};
        for (int cpu = 0; cpu < xc_get_max_cpus(xc()); cpu++) {
            if (xc_cpumap_testcpu(cpu, info->cpumap) && !becomes_true(has_moved, &out, 10))
                fail_msg("cannot empty pool %u: %s", info->cpupool_id, strerror(errno));
        }
        if (xc_cpupool_destroy(xc(), info->cpupool_id))
            fail_msg("cannot end pool %u: %s", info->cpupool_id, strerror(errno));
        xc_cpupool_infofree(xc(), info);
    }
    xc_cpumap_t idle = xc_cpupool_freeinfo(xc());
    for (int cpu = 0; idle && cpu < xc_get_max_cpus(xc()); cpu++) {
        if (xc_cpumap_testcpu(cpu, idle))
            xc_cpupool_addcpu(xc(), 0, cpu);
    }
    free(idle);
}

int end_scratch(void **state)
{
    xc_domaininfo_t infos[64];
    int count = xc_domain_getinfolist(xc(), 1, 64, infos);

    for (int i = 0; i < count; i++) {
        uint32_t domid = infos[i].domain;
        if (memcmp(infos[i].handle, scratch_handle, sizeof(scratch_handle)) == 0 &&
            (xc_domain_destroy(xc(), domid) || !becomes_true(is_gone, &domid, 10)))
            print_error("domain %u is left over\n", domid);
    }
    end_pools();
    return close_xc(state);
}
