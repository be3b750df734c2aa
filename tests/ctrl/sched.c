/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Schedulers, and pools without CPUs; tests/ctrl/cpupool.c has those with some. */
#include "scratch.h"

#include <stdlib.h>

static xc_cpupoolinfo_t *pool_info(uint32_t pool)
{
    xc_cpupoolinfo_t *info = xc_cpupool_getinfo(xc(), pool);

    assert_non_null(info);
    assert_int_equal(info->cpupool_id, pool);
    return info;
}

TEST(the_first_pool_has_the_hosts_scheduler)
{
    int scheduler = -1;
    xc_cpupoolinfo_t *info = pool_info(0);

    assert_works(xc_sched_id(xc(), &scheduler));
    assert_int_equal(info->sched_id, scheduler);
    assert_true(info->n_dom >= 1);
    assert_true(xc_cpumap_testcpu(0, info->cpumap));
    xc_cpupool_infofree(xc(), info);
    assert_fails_with(xc_cpupool_getinfo(xc(), 1000), NULL, ENOENT);
}

TEST(a_pool_has_the_id_that_it_was_given)
{
    uint32_t pool = 42;
    int scheduler;

    assert_works(xc_sched_id(xc(), &scheduler));
    assert_works(xc_cpupool_create(xc(), &pool, (uint32_t)scheduler));
    assert_int_equal(pool, 42);
    xc_cpupool_infofree(xc(), pool_info(42));
    assert_fails_with(xc_cpupool_create(xc(), &pool, (uint32_t)scheduler), -1, EEXIST);
    assert_works(xc_cpupool_destroy(xc(), pool));
}

/* All that can be asked of a pool without taking a CPU from another. */
TEST(a_pool_without_cpus_takes_no_domain)
{
    uint32_t pool = XC_CPUPOOL_POOLID_ANY, domid = scratch_domain(SCRATCH_PV);
    xc_cpumap_t idle = xc_cpupool_freeinfo(xc());
    int scheduler;

    assert_non_null(idle);
    assert_int_equal(idle[0], 0);
    free(idle);
    assert_works(xc_sched_id(xc(), &scheduler));
    assert_works(xc_cpupool_create(xc(), &pool, (uint32_t)scheduler));
    assert_true(pool > 0 && pool != XC_CPUPOOL_POOLID_ANY);
    xc_cpupoolinfo_t *info = pool_info(pool);
    assert_int_equal(info->cpumap[0], 0);
    assert_int_equal(info->n_dom, 0);
    xc_cpupool_infofree(xc(), info);
    assert_int_equal(xc_cpupool_movedomain(xc(), pool, domid), -1);
    assert_int_equal(info_of(domid).cpupool, 0);
    assert_int_equal(xc_cpupool_addcpu(xc(), pool, 0), -1); /* which is in Pool-0 */
    assert_int_equal(xc_cpupool_removecpu(xc(), pool, 0), -1);
    assert_works(xc_cpupool_destroy(xc(), pool));
    assert_fails_with(xc_cpupool_destroy(xc(), pool), -1, ENOENT);
}

TEST(credit2_keeps_weights_and_caps)
{
    struct xc_sched_credit2 set = {.weight = 512, .cap = 60}, got;
    struct xc_credit2_schedule before, schedule;
    uint32_t pool = 0, domid = scratch_domain(SCRATCH_PV);
    int scheduler = -1;

    assert_works(xc_sched_id(xc(), &scheduler));
    if (scheduler != XEN_SCHEDULER_CREDIT2)
        skip_because("the host has another scheduler");
    assert_works(xc_sched_credit2_domain_set(xc(), domid, &set));
    assert_works(xc_sched_credit2_domain_get(xc(), domid, &got));
    assert_int_equal(got.weight, 512);
    assert_int_equal(got.cap, 60);
    assert_works(xc_sched_credit2_params_get(xc(), pool, &before));
    schedule.ratelimit_us = before.ratelimit_us + 500;
    assert_works(xc_sched_credit2_params_set(xc(), pool, &schedule));
    assert_works(xc_sched_credit2_params_get(xc(), pool, &schedule));
    assert_int_equal(schedule.ratelimit_us, before.ratelimit_us + 500);
    assert_works(xc_sched_credit2_params_set(xc(), pool, &before));
    schedule.ratelimit_us = 1; /* too often */
    assert_fails_with(xc_sched_credit2_params_set(xc(), pool, &schedule), -1, EINVAL);
    assert_fails_with(xc_sched_rtds_domain_get(xc(), domid, &(struct xc_sched_rtds){0}), -1,
                      EINVAL);
}

/* Functions of other schedulers than the host's are told so. */
TEST(credit_is_refused_where_it_does_not_schedule)
{
    struct xc_sched_credit credit = {.weight = 300};
    struct xc_credit_schedule schedule = {.tslice_ms = 20};
    uint32_t domid = scratch_domain(SCRATCH_PV);

    assert_fails_with(xc_sched_credit_domain_set(xc(), domid, &credit), -1, EINVAL);
    assert_fails_with(xc_sched_credit_domain_get(xc(), domid, &credit), -1, EINVAL);
    assert_fails_with(xc_sched_credit_params_set(xc(), 0, &schedule), -1, EINVAL);
    assert_fails_with(xc_sched_credit_params_get(xc(), 0, &schedule), -1, EINVAL);
}

TEST(rtds_is_refused_where_it_does_not_schedule)
{
    struct xc_schedparam_vcpu vcpu = {.u.rtds = {.period = 30000, .budget = 6000}};
    uint32_t domid = scratch_domain(SCRATCH_PV);

    assert_fails_with(xc_sched_rtds_domain_set(xc(), domid, &vcpu.u.rtds), -1, EINVAL);
    assert_fails_with(xc_sched_rtds_domain_get(xc(), domid, &vcpu.u.rtds), -1, EINVAL);
    assert_fails_with(xc_sched_rtds_vcpu_set(xc(), domid, &vcpu, 1), -1, EINVAL);
    assert_fails_with(xc_sched_rtds_vcpu_get(xc(), domid, &vcpu, 1), -1, EINVAL);
}

TEST(arinc653_is_refused_where_it_does_not_schedule)
{
    static struct xen_sysctl_arinc653_schedule schedule = {.major_frame = 100000000,
                                                           .num_sched_entries = 1};

    schedule.sched_entries[0].runtime = 100000000;
    assert_fails_with(xc_sched_arinc653_schedule_set(xc(), 0, &schedule), -1, EINVAL);
    assert_fails_with(xc_sched_arinc653_schedule_get(xc(), 0, &schedule), -1, EINVAL);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_XEN(the_first_pool_has_the_hosts_scheduler),
        WITH_SCRATCH(a_pool_has_the_id_that_it_was_given),
        WITH_SCRATCH(a_pool_without_cpus_takes_no_domain),
        WITH_SCRATCH(credit2_keeps_weights_and_caps),
        WITH_SCRATCH(credit_is_refused_where_it_does_not_schedule),
        WITH_SCRATCH(rtds_is_refused_where_it_does_not_schedule),
        WITH_SCRATCH(arinc653_is_refused_where_it_does_not_schedule),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
