/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Power management, and CPUs that come and go. Emulated machines have no ACPI tables of
 * P-states and C-states: there Xen's refusal is what can be seen.
 */
#include <string.h>

#include "on_xen.h"

/* is_lacking(), and where dom0 has told Xen nothing of a CPU's states, EINVAL or EACCES. */
static bool is_unknown(const char *key, long result)
{
    if (result < 0 && (errno == EINVAL || errno == EACCES)) {
        observe(key, "%s", strerror(errno));
        return true;
    }
    return is_lacking(key, result);
}

TEST(idle_limits_are_kept)
{
    static const struct {
        const char *key;
        int (*get)(xc_interface *, uint32_t *);
        int (*set)(xc_interface *, uint32_t);
    } limits[] = {
        {"max-cstate", xc_get_cpuidle_max_cstate, xc_set_cpuidle_max_cstate},
        {"max-csubstate", xc_get_cpuidle_max_csubstate, xc_set_cpuidle_max_csubstate},
    };

    for (unsigned i = 0; i < 2; i++) {
        uint32_t before, now = 0;

        if (is_lacking(limits[i].key, limits[i].get(xc(), &before)))
            continue;
        if (is_unknown(limits[i].key, limits[i].set(xc(), 3)))
            continue;
        assert_works(limits[i].get(xc(), &now));
        assert_works(limits[i].set(xc(), before));
        assert_int_equal(now, 3);
        assert_works(limits[i].get(xc(), &now));
        assert_int_equal(now, before);
        observe(limits[i].key, "%d", (int)before);
    }
}

/* Xen does not tell which it is. */
TEST(the_scheduler_takes_a_choice)
{
    if (is_lacking("sched-smt", xc_set_sched_opt_smt(xc(), 1)))
        return;
    assert_int_equal(assert_works(xc_set_sched_opt_smt(xc(), 0)), 0);
}

TEST(p_states_are_told_where_there_are_some)
{
    int max = 0;

    if (is_unknown("max-px", xc_pm_get_max_px(xc(), 0, &max)))
        max = 0;
    uint64_t transitions[256];
    struct xc_px_val states[16];
    struct xc_px_stat stat = {.trans_pt = transitions, .pt = states};
    assert_true(max <= 16);
    if (is_unknown("pxstat", xc_pm_get_pxstat(xc(), 0, &stat)))
        return;
    assert_int_equal(stat.total, max);
    assert_works(xc_pm_reset_pxstat(xc(), 0));
}

TEST(p_states_are_reset_or_not_there)
{
    is_unknown("reset-pxstat", xc_pm_reset_pxstat(xc(), 0));
}

TEST(c_states_are_told)
{
    uint64_t triggers[32] = {0}, residencies[32] = {0}, pc[16], cc[16];
    struct xc_cx_stat stat = {.nr = 32, .triggers = triggers, .residencies = residencies,
                              .nr_pc = 16, .nr_cc = 16, .pc = pc, .cc = cc};
    int max = 0;

    if (is_unknown("max-cx", xc_pm_get_max_cx(xc(), 0, &max)) ||
        is_unknown("cxstat", xc_pm_get_cxstat(xc(), 0, &stat)))
        return;
    observe("cxstat", "%d states, idle for %llu s", max,
            (unsigned long long)stat.idle_time / 1000000000);
    assert_int_equal(stat.nr, max);
    assert_true(stat.last < stat.nr);
}

TEST(c_states_begin_again_from_0)
{
    uint64_t triggers[32] = {0}, residencies[32] = {0};
    struct xc_cx_stat before = {.nr = 32, .triggers = triggers, .residencies = residencies};
    struct xc_cx_stat after = before;

    if (is_unknown("cxstat", xc_pm_get_cxstat(xc(), 0, &before)) || before.nr < 2)
        return;
    uint64_t entered = triggers[1];
    if (is_unknown("reset-cxstat", xc_pm_reset_cxstat(xc(), 0)))
        return;
    assert_works(xc_pm_get_cxstat(xc(), 0, &after));
    assert_true(triggers[1] <= entered);
}

TEST(frequencies_are_told_where_xen_governs_them)
{
    struct xc_get_cpufreq_para para = {0};
    int average = 0, result = xc_get_cpufreq_para(xc(), 0, &para);

    is_unknown("avgfreq", xc_get_cpufreq_avgfreq(xc(), 0, &average));
    if (result < 0 && errno == EAGAIN) {
        uint32_t cpus[256], frequencies[64];
        char governors[16 * CPUFREQ_NAME_LEN];

        assert_true(para.cpu_num <= 256 && para.freq_num <= 64 && para.gov_num <= 16);
        para.affected_cpus = cpus;
        para.scaling_available_frequencies = frequencies;
        para.scaling_available_governors = governors;
        assert_works(xc_get_cpufreq_para(xc(), 0, &para));
        observe("cpufreq", "driver %.16s", para.scaling_driver);
    } else {
        is_unknown("cpufreq", result);
    }
}

TEST(frequencies_are_set_where_xen_governs_them)
{
    struct xc_get_cpufreq_para para = {0};
    xc_set_cppc_para_t cppc = {0};
    xc_cppc_para_t found;

    if (xc_get_cpufreq_para(xc(), 0, &para) < 0 && errno == EAGAIN) {
        skip_because("here are real frequencies: they are left alone");
    }
    assert_true(is_unknown("set-governor", xc_set_cpufreq_gov(xc(), 0, (char *)"performance")));
    assert_true(is_unknown("set-para", xc_set_cpufreq_para(xc(), 0, SCALING_MAX_FREQ, 1000000)));
    assert_true(is_unknown("get-cppc", xc_get_cppc_para(xc(), 0, &found)));
    assert_true(is_unknown("set-cppc", xc_set_cpufreq_cppc(xc(), 0, &cppc)));
    is_unknown("enable-turbo", xc_enable_turbo(xc(), 0));
    is_unknown("disable-turbo", xc_disable_turbo(xc(), 0));
}

TEST(a_cpu_that_is_not_there_has_no_states)
{
    const int none = 4000;
    int max;

    assert_int_equal(xc_pm_get_max_px(xc(), none, &max), -1);
    observe("max-px-of-none", "%s", strerror(errno));
    assert_int_equal(xc_pm_get_max_cx(xc(), none, &max), -1);
    observe("max-cx-of-none", "%s", strerror(errno));
}

/* ---- CPUs ---- */

static bool has_cpus(void *wanted)
{
    xc_physinfo_t info;

    assert_works(xc_physinfo(xc(), &info));
    return info.nr_cpus == *(uint32_t *)wanted;
}

TEST(a_cpu_goes_and_comes_back)
{
    xc_physinfo_t info;

    assert_works(xc_physinfo(xc(), &info));
    observe("cpus", "%u", info.nr_cpus);
    if (info.nr_cpus < 2) {
        assert_fails_with(xc_cpu_offline(xc(), 0), -1, EINVAL);
        assert_fails_with(xc_cpu_online(xc(), (int)info.max_cpu_id + 1), -1, EINVAL);
        return;
    }
    int last = (int)info.max_cpu_id;
    uint32_t fewer = info.nr_cpus - 1;
    assert_works(xc_cpu_offline(xc(), last));
    bool is_gone = becomes_true(has_cpus, &fewer, 5);
    assert_works(xc_cpu_online(xc(), last));
    assert_true(is_gone);
    assert_true(becomes_true(has_cpus, &info.nr_cpus, 5));
}

TEST(second_threads_are_there_or_not)
{
    xc_physinfo_t info;

    assert_works(xc_physinfo(xc(), &info));
    if (info.threads_per_core > 1) {
        skip_because("here are real threads: they are left alone");
    }
    is_unknown("smt-enable", xc_smt_enable(xc()));
    is_unknown("smt-disable", xc_smt_disable(xc()));
    assert_true(has_cpus(&info.nr_cpus));
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_XEN(idle_limits_are_kept),
        ON_XEN(the_scheduler_takes_a_choice),
        ON_XEN(p_states_are_told_where_there_are_some),
        ON_XEN(p_states_are_reset_or_not_there),
        ON_XEN(c_states_are_told),
        ON_XEN(c_states_begin_again_from_0),
        ON_XEN(frequencies_are_told_where_xen_governs_them),
        ON_XEN(frequencies_are_set_where_xen_governs_them),
        ON_XEN(a_cpu_that_is_not_there_has_no_states),
        ON_XEN(a_cpu_goes_and_comes_back),
        ON_XEN(second_threads_are_there_or_not),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
