/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Schedulers: what each reads and is told, for a domain, its vCPUs and a pool. */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fakexen.h"
#include "fixture.h"
#include "xenctrl.h"

enum { DOM = 7, POOL = 2, DOMAIN_OP = 16, POOL_OP = 19, PUT = 0, GET = 1, PUT_VCPU = 2, GET_VCPU = 3 };

static int tell_domain(struct sent *request, uint8_t *payload)
{
    (void)request;
    fakerelease_fill(running_minor, "xen_domctl", "scheduler_op", 1, payload);
    return 0;
}

/* Of a union the fields that were filled last are seen. */
static uint64_t told(const char *unit, const char *field)
{
    uint8_t payload[128] = {0};

    fakerelease_fill(running_minor, unit, "scheduler_op", 1, payload);
    return fakerelease_get(payload,
                           fakerelease_field(running_minor, unit, "scheduler_op", field));
}

TEST(a_domain_is_set_with_nothing_beside_it)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct xen_domctl_sched_credit credit = {.weight = 300, .cap = 70};
        struct xen_domctl_sched_credit2 credit2 = {.weight = 512, .cap = 50};
        struct xen_domctl_sched_rtds rtds = {10000, 4000, 1};

        assert_int_equal(xc_sched_credit_domain_set(xch, DOM, &credit), 0);
        assert_domctl(minor, DOMAIN_OP, DOM, "scheduler_op",
                      {"sched_id", XEN_SCHEDULER_CREDIT}, {"cmd", PUT},
                      {"u.credit.weight", 300}, {"u.credit.cap", 70});
        assert_int_equal(xc_sched_credit2_domain_set(xch, DOM, &credit2), 0);
        assert_domctl(minor, DOMAIN_OP, DOM, "scheduler_op",
                      {"sched_id", XEN_SCHEDULER_CREDIT2}, {"cmd", PUT},
                      {"u.credit2.weight", 512}, {"u.credit2.cap", 50});
        assert_int_equal(xc_sched_rtds_domain_set(xch, DOM, &rtds), 0);
        assert_domctl(minor, DOMAIN_OP, DOM, "scheduler_op", {"sched_id", XEN_SCHEDULER_RTDS},
                      {"cmd", PUT}, {"u.rtds.period", 10000}, {"u.rtds.budget", 4000},
                      {"u.rtds.flags", 1});
        stop(xch);
    }
}

TEST(a_domain_tells_what_holds)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct xen_domctl_sched_credit credit = {9, 9};
        struct xen_domctl_sched_credit2 credit2 = {9, 9};
        struct xen_domctl_sched_rtds rtds = {9, 9, 9};

        answer_with(tell_domain);
        assert_int_equal(xc_sched_credit_domain_get(xch, DOM, &credit), 0);
        assert_domctl(minor, DOMAIN_OP, DOM, "scheduler_op",
                      {"sched_id", XEN_SCHEDULER_CREDIT}, {"cmd", GET});
        assert_int_equal(credit.weight, told("xen_domctl", "u.credit.weight"));
        assert_int_equal(credit.cap, told("xen_domctl", "u.credit.cap"));
        assert_int_equal(xc_sched_credit2_domain_get(xch, DOM, &credit2), 0);
        assert_domctl(minor, DOMAIN_OP, DOM, "scheduler_op",
                      {"sched_id", XEN_SCHEDULER_CREDIT2}, {"cmd", GET});
        assert_int_equal(credit2.cap, told("xen_domctl", "u.credit2.cap"));
        assert_int_equal(xc_sched_rtds_domain_get(xch, DOM, &rtds), 0);
        assert_domctl(minor, DOMAIN_OP, DOM, "scheduler_op", {"sched_id", XEN_SCHEDULER_RTDS},
                      {"cmd", GET});
        assert_int_equal(rtds.period, told("xen_domctl", "u.rtds.period"));
        assert_int_equal(rtds.budget, told("xen_domctl", "u.rtds.budget"));
        assert_int_equal(rtds.flags, told("xen_domctl", "u.rtds.flags"));
        stop(xch);
    }
}

/* Deals with two of them; reads or writes the period. */
static int two_at_a_time(struct sent *request, uint8_t *payload)
{
    static const char unit[] = "xen_domctl", member[] = "scheduler_op";
    struct xc_schedparam_vcpu *vcpus = address_in(running_minor, unit, member, "u.v.vcpus.p",
                                                  payload);
    uint64_t count = fakerelease_get(
        payload, fakerelease_field(running_minor, unit, member, "u.v.nr_vcpus"));

    (void)request;
    count = count < 2 ? count : 2;
    for (uint64_t i = 0; i < count; i++)
        vcpus[i].u.rtds.period = 1000 * vcpus[i].vcpuid;
    set_field(running_minor, unit, member, "u.v.nr_vcpus", payload, count);
    return 0;
}

TEST(vcpus_are_dealt_with_until_none_is_left)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct xen_domctl_schedparam_vcpu vcpus[5] = {
            {.vcpuid = 1}, {.vcpuid = 2}, {.vcpuid = 3}, {.vcpuid = 4}, {.vcpuid = 5}};

        answer_with(two_at_a_time);
        assert_int_equal(xc_sched_rtds_vcpu_set(xch, DOM, vcpus, 5), 0);
        assert_int_equal(requests, 3);
        assert_domctl(minor, DOMAIN_OP, DOM, "scheduler_op", {"sched_id", XEN_SCHEDULER_RTDS},
                      {"cmd", PUT_VCPU}, {"u.v.vcpus.p", AN_ADDRESS}, {"u.v.nr_vcpus", 1});
        assert_int_equal(vcpus[4].u.rtds.period, 0);
        assert_int_equal(xc_sched_rtds_vcpu_get(xch, DOM, vcpus, 5), 0);
        assert_domctl(minor, DOMAIN_OP, DOM, "scheduler_op", {"sched_id", XEN_SCHEDULER_RTDS},
                      {"cmd", GET_VCPU}, {"u.v.vcpus.p", AN_ADDRESS}, {"u.v.nr_vcpus", 1});
        for (unsigned i = 0; i < 5; i++)
            assert_int_equal(vcpus[i].u.rtds.period, 1000 * (i + 1));
        stop(xch);
    }
}

static int deal_with_none(struct sent *request, uint8_t *payload)
{
    (void)request;
    set_field(running_minor, "xen_domctl", "scheduler_op", "u.v.nr_vcpus", payload, 0);
    return 0;
}

TEST(a_xen_that_deals_with_no_vcpu_is_not_asked_for_ever)
{
    xc_interface *xch = start(17);
    struct xen_domctl_schedparam_vcpu vcpu = {.vcpuid = 1};

    answer_with(deal_with_none);
    assert_fails_with(xc_sched_rtds_vcpu_get(xch, DOM, &vcpu, 1), -1, EPROTO);
    assert_int_equal(requests, 1);
    assert_int_equal(xc_sched_rtds_vcpu_get(xch, DOM, NULL, 0), 0);
    assert_int_equal(requests, 1);
    stop(xch);
}

static int tell_pool(struct sent *request, uint8_t *payload)
{
    (void)request;
    fakerelease_fill(running_minor, "xen_sysctl", "scheduler_op", 1, payload);
    return 0;
}

TEST(a_pool_is_set_and_tells_what_then_holds)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct xen_sysctl_credit_schedule credit = {30, 1000, 7};
        struct xen_sysctl_credit2_schedule credit2 = {2000};

        assert_int_equal(xc_sched_credit_params_set(xch, POOL, &credit), 0);
        assert_sysctl(minor, POOL_OP, "scheduler_op", {"cpupool_id", POOL},
                      {"sched_id", XEN_SCHEDULER_CREDIT}, {"cmd", PUT},
                      {"u.sched_credit.tslice_ms", 30}, {"u.sched_credit.ratelimit_us", 1000},
                      {"u.sched_credit.vcpu_migr_delay_us", 7});
        assert_int_equal(xc_sched_credit2_params_set(xch, POOL, &credit2), 0);
        assert_sysctl(minor, POOL_OP, "scheduler_op", {"cpupool_id", POOL},
                      {"sched_id", XEN_SCHEDULER_CREDIT2}, {"cmd", PUT},
                      {"u.sched_credit2.ratelimit_us", 2000});
        answer_with(tell_pool);
        assert_int_equal(xc_sched_credit_params_get(xch, POOL, &credit), 0);
        assert_sysctl(minor, POOL_OP, "scheduler_op", {"cpupool_id", POOL},
                      {"sched_id", XEN_SCHEDULER_CREDIT}, {"cmd", GET});
        assert_int_equal(credit.tslice_ms, told("xen_sysctl", "u.sched_credit.tslice_ms"));
        assert_int_equal(credit.ratelimit_us, told("xen_sysctl", "u.sched_credit.ratelimit_us"));
        assert_int_equal(credit.vcpu_migr_delay_us,
                         told("xen_sysctl", "u.sched_credit.vcpu_migr_delay_us"));
        assert_int_equal(xc_sched_credit2_params_get(xch, POOL, &credit2), 0);
        assert_sysctl(minor, POOL_OP, "scheduler_op", {"cpupool_id", POOL},
                      {"sched_id", XEN_SCHEDULER_CREDIT2}, {"cmd", GET});
        assert_int_equal(credit2.ratelimit_us,
                         told("xen_sysctl", "u.sched_credit2.ratelimit_us"));
        stop(xch);
    }
}

/* What was set comes back, longer by one. */
static struct xc_arinc653_schedule table;

static int keep_table(struct sent *request, uint8_t *payload)
{
    struct xc_arinc653_schedule *schedule = address_in(
        running_minor, "xen_sysctl", "scheduler_op", "u.sched_arinc653.schedule.p", payload);

    (void)request;
    if (payload[8] == PUT)
        memcpy(&table, schedule, sizeof(table));
    else {
        *schedule = table;
        schedule->num_sched_entries++;
    }
    return 0;
}

TEST(a_time_table_goes_out_whole_and_comes_back)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct xen_sysctl_arinc653_schedule schedule = {.major_frame = UINT64_C(20000000000)};

        schedule.num_sched_entries = 63;
        schedule.sched_entries[63].dom_handle[15] = 3;
        schedule.sched_entries[63].vcpu_id = 4;
        schedule.sched_entries[63].runtime = UINT64_C(10000000000);
        answer_with(keep_table);
        assert_int_equal(xc_sched_arinc653_schedule_set(xch, POOL, &schedule), 0);
        assert_sysctl(minor, POOL_OP, "scheduler_op", {"cpupool_id", POOL},
                      {"sched_id", XEN_SCHEDULER_ARINC653}, {"cmd", PUT},
                      {"u.sched_arinc653.schedule.p", AN_ADDRESS});
        assert_memory_equal(&table, &schedule, sizeof(table));
        memset(&schedule, 0x55, sizeof(schedule));
        assert_int_equal(xc_sched_arinc653_schedule_get(xch, POOL, &schedule), 0);
        assert_sysctl(minor, POOL_OP, "scheduler_op", {"cpupool_id", POOL},
                      {"sched_id", XEN_SCHEDULER_ARINC653}, {"cmd", GET},
                      {"u.sched_arinc653.schedule.p", AN_ADDRESS});
        assert_int_equal(schedule.num_sched_entries, 64);
        assert_true(schedule.sched_entries[63].runtime == UINT64_C(10000000000));
        stop(xch);
    }
}

static int another_scheduler(struct sent *request, uint8_t *payload)
{
    (void)request;
    memset(payload, 0x77, 128);
    return -EINVAL;
}

TEST(a_failure_fills_nothing)
{
    xc_interface *xch = start(17);
    struct xen_sysctl_arinc653_schedule schedule = {.major_frame = 5};
    struct xen_sysctl_credit_schedule credit;
    struct xen_domctl_schedparam_vcpu vcpu = {.vcpuid = 1};

    answer_with(another_scheduler);
    assert_fails_with(xc_sched_arinc653_schedule_get(xch, POOL, &schedule), -1, EINVAL);
    assert_true(schedule.major_frame == 5);
    assert_fails_with(xc_sched_arinc653_schedule_set(xch, POOL, &schedule), -1, EINVAL);
    assert_fails_with(xc_sched_credit_params_get(xch, POOL, &credit), -1, EINVAL);
    assert_int_equal(credit.tslice_ms, 0);
    assert_fails_with(xc_sched_rtds_vcpu_get(xch, DOM, &vcpu, 1), -1, EINVAL);
    assert_int_equal(vcpu.u.rtds.period, 0);
    stop(xch);
}

TEST(no_buffer_no_request)
{
    xc_interface *xch = start(17);
    static struct xen_sysctl_arinc653_schedule schedule;
    static struct xen_domctl_schedparam_vcpu vcpus[1000];

    /* Xen's release is asked for first, so that only the buffer is left to fail. */
    assert_int_equal(xc_sched_arinc653_schedule_set(xch, POOL, &schedule), 0);
    requests = 0;
    fakexen_fail_next(FAKEXEN_MMAP, ENOMEM, 100, 0);
    assert_fails_with(xc_sched_rtds_vcpu_set(xch, DOM, vcpus, 1000), -1, ENOMEM);
    assert_int_equal(requests, 0);
    stop(xch);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_domain_is_set_with_nothing_beside_it),
        cmocka_unit_test(a_domain_tells_what_holds),
        cmocka_unit_test(vcpus_are_dealt_with_until_none_is_left),
        cmocka_unit_test(a_xen_that_deals_with_no_vcpu_is_not_asked_for_ever),
        cmocka_unit_test(a_pool_is_set_and_tells_what_then_holds),
        cmocka_unit_test(a_time_table_goes_out_whole_and_comes_back),
        cmocka_unit_test(a_failure_fills_nothing),
        cmocka_unit_test(no_buffer_no_request),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
