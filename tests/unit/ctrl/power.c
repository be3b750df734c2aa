/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Power management: statistics, frequencies, idling; CPUs that come and go. */
#include "harness.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fixture.h"
#include "xenctrl.h"

enum { GET_PMSTAT = 10, CPU_HOTPLUG = 11, PM_OP = 12 };

static const char unit[] = "xen_sysctl";

static void set_stat(uint8_t *payload, const char *field, uint64_t value)
{
    set_field(running_minor, unit, "get_pmstat", field, payload, value);
}

static uint64_t pmstat_type(const uint8_t *payload)
{
    return fakerelease_get(payload, fakerelease_field(running_minor, unit, "get_pmstat", "type"));
}

/* ---- P-states ---- */

enum { STATES = 3 };

static void fill_px(uint8_t *payload)
{
    uint64_t *transitions = address_in(running_minor, unit, "get_pmstat", "u.getpx.trans_pt.p",
                                       payload);
    struct xc_px_val *states = address_in(running_minor, unit, "get_pmstat", "u.getpx.pt.p",
                                          payload);

    for (unsigned i = 0; i < STATES * STATES; i++)
        transitions[i] = 100 + i;
    for (unsigned i = 0; i < STATES; i++)
        states[i] = (struct xc_px_val){1000 + i, 2000 + i, 3000 + i};
    set_stat(payload, "u.getpx.usable", 1);
    set_stat(payload, "u.getpx.last", 2);
    set_stat(payload, "u.getpx.cur", 0);
}

/* From 4.21 on, nothing is filled unless the caller has room for all. */
static int tell_px(struct sent *request, uint8_t *payload)
{
    struct fakefield total = fakerelease_field(running_minor, unit, "get_pmstat", "u.getpx.total");

    (void)request;
    if (pmstat_type(payload) == PMSTAT_get_pxstat &&
        (running_minor < 21 || fakerelease_get(payload, total) >= STATES))
        fill_px(payload);
    fakerelease_put(payload, total, STATES);
    return 0;
}

TEST(p_states_are_told_on_every_release)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint64_t transitions[STATES * STATES] = {0};
        struct xc_px_val states[STATES] = {{0}};
        struct xc_px_stat stat = {.trans_pt = transitions, .pt = states};
        int max = 0;

        answer_with(tell_px);
        assert_int_equal(xc_pm_get_max_px(xch, 5, &max), 0);
        assert_sysctl(minor, GET_PMSTAT, "get_pmstat", {"type", PMSTAT_get_max_px}, {"cpuid", 5});
        assert_int_equal(max, STATES);
        assert_int_equal(xc_pm_get_pxstat(xch, 5, &stat), 0);
        assert_sysctl(minor, GET_PMSTAT, "get_pmstat", {"type", PMSTAT_get_pxstat}, {"cpuid", 5},
                      {"u.getpx.total", STATES}, {"u.getpx.trans_pt.p", AN_ADDRESS},
                      {"u.getpx.pt.p", AN_ADDRESS});
        assert_int_equal(stat.total, STATES);
        assert_int_equal(stat.usable, 1);
        assert_int_equal(stat.last, 2);
        assert_int_equal(stat.cur, 0);
        assert_int_equal(transitions[8], 108);
        assert_int_equal(states[2].residency, 2002);
        assert_int_equal(xc_pm_reset_pxstat(xch, 5), 0);
        assert_sysctl(minor, GET_PMSTAT, "get_pmstat", {"type", PMSTAT_reset_pxstat},
                      {"cpuid", 5});
        stop(xch);
    }
}

/* Between the two questions, a driver with more states took over. */
static int tell_more_px(struct sent *request, uint8_t *payload)
{
    (void)request;
    set_stat(payload, "u.getpx.total",
             pmstat_type(payload) == PMSTAT_get_max_px ? STATES : STATES + 1);
    return 0;
}

TEST(p_states_that_became_more_are_not_told_in_part)
{
    xc_interface *xch = start(22);
    uint64_t transitions[STATES * STATES] = {7};
    struct xc_px_val states[STATES] = {{7, 7, 7}};
    struct xc_px_stat stat = {.trans_pt = transitions, .pt = states};

    answer_with(tell_more_px);
    assert_fails_with(xc_pm_get_pxstat(xch, 5, &stat), -1, EAGAIN);
    assert_int_equal(transitions[0], 7);
    assert_int_equal(stat.total, 0);
    requests = 0;
    stat.pt = NULL;
    assert_fails_with(xc_pm_get_pxstat(xch, 5, &stat), -1, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

/* ---- C-states ---- */

static void fill_array(const char *field, const uint8_t *payload, unsigned first)
{
    uint64_t *array = address_in(running_minor, unit, "get_pmstat", field, payload);

    for (unsigned i = 0; i < 2; i++)
        array[i] = first + i;
}

static int tell_cx(struct sent *request, uint8_t *payload)
{
    (void)request;
    set_stat(payload, "u.getcx.nr", 4);
    if (pmstat_type(payload) != PMSTAT_get_cxstat)
        return 0;
    fill_array("u.getcx.triggers.p", payload, 10);
    fill_array("u.getcx.residencies.p", payload, 20);
    fill_array("u.getcx.pc.p", payload, 30);
    fill_array("u.getcx.cc.p", payload, 40);
    set_stat(payload, "u.getcx.last", 3);
    set_stat(payload, "u.getcx.idle_time", UINT64_C(0x123456789a));
    set_stat(payload, "u.getcx.nr_pc", 1);
    set_stat(payload, "u.getcx.nr_cc", 2);
    return 0;
}

TEST(c_states_fill_the_room_that_there_is)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint64_t triggers[3] = {1, 1, 1}, residencies[3], pc[2] = {1, 1}, cc[2];
        struct xc_cx_stat stat = {.nr = 2, .triggers = triggers, .residencies = residencies,
                                  .nr_pc = 2, .nr_cc = 2, .pc = pc, .cc = cc};
        int max = 0;

        answer_with(tell_cx);
        assert_int_equal(xc_pm_get_max_cx(xch, 7, &max), 0);
        assert_sysctl(minor, GET_PMSTAT, "get_pmstat", {"type", PMSTAT_get_max_cx}, {"cpuid", 7});
        assert_int_equal(max, 4);
        assert_int_equal(xc_pm_get_cxstat(xch, 7, &stat), 0);
        assert_sysctl(minor, GET_PMSTAT, "get_pmstat", {"type", PMSTAT_get_cxstat}, {"cpuid", 7},
                      {"u.getcx.nr", 2}, {"u.getcx.triggers.p", AN_ADDRESS},
                      {"u.getcx.residencies.p", AN_ADDRESS}, {"u.getcx.nr_pc", 2},
                      {"u.getcx.nr_cc", 2}, {"u.getcx.pc.p", AN_ADDRESS},
                      {"u.getcx.cc.p", AN_ADDRESS});
        assert_int_equal(stat.nr, 4);
        assert_int_equal(triggers[1], 11);
        assert_int_equal(triggers[2], 1);
        assert_int_equal(residencies[1], 21);
        assert_int_equal(pc[0], 30);
        assert_int_equal(pc[1], 1);
        assert_int_equal(cc[1], 41);
        assert_int_equal(stat.last, 3);
        assert_true(stat.idle_time == UINT64_C(0x123456789a));
        assert_int_equal(xc_pm_reset_cxstat(xch, 7), 0);
        assert_sysctl(minor, GET_PMSTAT, "get_pmstat", {"type", PMSTAT_reset_cxstat},
                      {"cpuid", 7});
        stop(xch);
    }
}

TEST(c_states_need_arrays_where_there_is_room)
{
    xc_interface *xch = start(17);
    uint64_t array[1];
    struct xc_cx_stat no_triggers = {.nr = 1, .residencies = array};
    struct xc_cx_stat no_pc = {.nr_pc = 1}, no_cc = {.nr_cc = 1}, nothing = {0};

    assert_fails_with(xc_pm_get_cxstat(xch, 0, &no_triggers), -1, EINVAL);
    assert_fails_with(xc_pm_get_cxstat(xch, 0, &no_pc), -1, EINVAL);
    assert_fails_with(xc_pm_get_cxstat(xch, 0, &no_cc), -1, EINVAL);
    assert_int_equal(requests, 0);
    assert_int_equal(xc_pm_get_cxstat(xch, 0, &nothing), 0);
    stop(xch);
}

/* ---- frequencies ---- */

static const char *para_driver;

static void set_para(uint8_t *payload, const char *field, uint64_t value)
{
    set_field(running_minor, unit, "pm_op", field, payload, value);
}

static void set_governed(uint8_t *payload, const char *name, uint64_t value)
{
    char field[80];

    snprintf(field, sizeof(field), "u.get_para.%s%s",
             running_minor >= 21 ? "s." : running_minor >= 18 ? "u.s." : "", name);
    set_para(payload, field, value);
}

static uint64_t para_number(const uint8_t *payload, const char *field)
{
    return fakerelease_get(payload, fakerelease_field(running_minor, unit, "pm_op", field));
}

static void fill_para(uint8_t *payload)
{
    uint32_t *cpus = address_in(running_minor, unit, "pm_op", "u.get_para.affected_cpus.p",
                                payload);
    uint32_t *frequencies = address_in(running_minor, unit, "pm_op",
                                       "u.get_para.scaling_available_frequencies.p", payload);
    char *governors = address_in(running_minor, unit, "pm_op",
                                 "u.get_para.scaling_available_governors.p", payload);

    cpus[0] = 9;
    frequencies[0] = 3000000;
    frequencies[1] = 2000000;
    memcpy(governors, "performance\0\0\0\0\0ondemand", 25);
    strncpy((char *)payload + 48, para_driver, 16);
    set_para(payload, "u.get_para.cpuinfo_cur_freq", 1);
    set_para(payload, "u.get_para.cpuinfo_max_freq", 2);
    set_para(payload, "u.get_para.cpuinfo_min_freq", 3);
    set_para(payload, "u.get_para.turbo_enabled", 1);
    set_governed(payload, "scaling_cur_freq", 4);
    set_governed(payload, "scaling_max_freq", 5);
    set_governed(payload, "scaling_min_freq", 6);
    set_governed(payload, "u.ondemand.up_threshold", 80);
    memcpy(payload + 80, "ondemand", 9);
}

/* One CPU, two frequencies, two governors; EAGAIN unless the caller knows. */
static int tell_para(struct sent *request, uint8_t *payload)
{
    bool is_right = para_number(payload, "u.get_para.cpu_num") == 1 &&
                    para_number(payload, "u.get_para.freq_num") == 2 &&
                    para_number(payload, "u.get_para.gov_num") == 2;

    (void)request;
    set_para(payload, "u.get_para.cpu_num", 1);
    set_para(payload, "u.get_para.freq_num", 2);
    set_para(payload, "u.get_para.gov_num", 2);
    if (!is_right)
        return -EAGAIN;
    fill_para(payload);
    return 0;
}

TEST(frequencies_are_counted_first_and_then_told)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint32_t cpus[1], frequencies[2];
        char governors[2][CPUFREQ_NAME_LEN];
        struct xc_get_cpufreq_para para = {0};

        para_driver = "acpi-cpufreq";
        answer_with(tell_para);
        assert_fails_with(xc_get_cpufreq_para(xch, 9, &para), -EAGAIN, EAGAIN);
        assert_sysctl(minor, PM_OP, "pm_op", {"cmd", 0x11}, {"cpuid", 9});
        assert_int_equal(para.cpu_num, 1);
        assert_int_equal(para.freq_num, 2);
        assert_int_equal(para.gov_num, 2);
        para.affected_cpus = cpus;
        para.scaling_available_frequencies = frequencies;
        para.scaling_available_governors = governors[0];
        assert_int_equal(xc_get_cpufreq_para(xch, 9, &para), 0);
        assert_sysctl(minor, PM_OP, "pm_op", {"cmd", 0x11}, {"cpuid", 9},
                      {"u.get_para.cpu_num", 1}, {"u.get_para.freq_num", 2},
                      {"u.get_para.gov_num", 2}, {"u.get_para.affected_cpus.p", AN_ADDRESS},
                      {"u.get_para.scaling_available_frequencies.p", AN_ADDRESS},
                      {"u.get_para.scaling_available_governors.p", AN_ADDRESS});
        assert_int_equal(cpus[0], 9);
        assert_int_equal(frequencies[1], 2000000);
        assert_string_equal(governors[1], "ondemand");
        assert_string_equal(para.scaling_driver, "acpi-cpufreq");
        assert_int_equal(para.cpuinfo_max_freq, 2);
        assert_int_equal(para.turbo_enabled, 1);
        assert_int_equal(para.s.scaling_cur_freq, 4);
        assert_int_equal(para.scaling_max_freq, 5);
        assert_int_equal(para.scaling_min_freq, 6);
        assert_string_equal(para.scaling_governor, "ondemand");
        assert_int_equal(para.u.ondemand.up_threshold, 80);
        stop(xch);
    }
}

TEST(frequencies_need_arrays_for_what_is_counted)
{
    xc_interface *xch = start(20);
    struct xc_get_cpufreq_para para = {.cpu_num = 1};

    assert_fails_with(xc_get_cpufreq_para(xch, 9, &para), -1, EINVAL);
    assert_fails_with(xc_get_cpufreq_para(xch, 9, NULL), -1, EINVAL);
    assert_fails_with(xc_get_cpufreq_avgfreq(xch, 9, NULL), -1, EINVAL);
    assert_fails_with(xc_get_cpuidle_max_cstate(xch, NULL), -1, EINVAL);
    assert_fails_with(xc_get_cpuidle_max_csubstate(xch, NULL), -1, EINVAL);
    assert_fails_with(xc_set_cpufreq_cppc(xch, 9, NULL), -1, EINVAL);
    assert_fails_with(xc_set_cpufreq_gov(xch, 9, NULL), -1, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

/* What upstream cuts off and sends: another name than the caller's. */
TEST(a_governor_of_too_long_a_name_is_refused)
{
    xc_interface *xch = start(17);

    assert_fails_with(xc_set_cpufreq_gov(xch, 9, (char *)"sixteen-bytes-xx"), -1, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

static int tell_average(struct sent *request, uint8_t *payload)
{
    (void)request;
    set_para(payload, "u.get_avgfreq", 2500000);
    return 0;
}

TEST(frequencies_are_set)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        static const char name[CPUFREQ_NAME_LEN] = "powersave";
        uint8_t wanted[128] = {0x12, 0, 0, 0, 9};
        int average = 0;

        assert_int_equal(xc_set_cpufreq_gov(xch, 9, (char *)"powersave"), 0);
        memcpy(wanted + 8, name, sizeof(name));
        assert_int_equal(sent.op, PM_OP);
        assert_memory_equal(sent.payload, wanted, sizeof(wanted));
        assert_int_equal(xc_set_cpufreq_para(xch, 9, SCALING_MIN_FREQ, 800000), 0);
        assert_sysctl(minor, PM_OP, "pm_op", {"cmd", 0x13}, {"cpuid", 9},
                      {"u.set_para.ctrl_type", SCALING_MIN_FREQ},
                      {"u.set_para.ctrl_value", 800000});
        assert_int_equal(xc_enable_turbo(xch, 9), 0);
        assert_sysctl(minor, PM_OP, "pm_op", {"cmd", 0x26}, {"cpuid", 9});
        assert_int_equal(xc_disable_turbo(xch, 9), 0);
        assert_sysctl(minor, PM_OP, "pm_op", {"cmd", 0x27}, {"cpuid", 9});
        answer_with(tell_average);
        assert_int_equal(xc_get_cpufreq_avgfreq(xch, 9, &average), 0);
        assert_sysctl(minor, PM_OP, "pm_op", {"cmd", 0x14}, {"cpuid", 9});
        assert_int_equal(average, 2500000);
        stop(xch);
    }
}

/* ---- CPPC ---- */

/* In the governor's place up to 4.20, where GET_CPUFREQ_PARA's counts must be right as well. */
static int tell_cppc(struct sent *request, uint8_t *payload)
{
    char field[80];

    if (running_minor < 21) {
        int result = tell_para(request, payload);
        if (result)
            return result;
    }
    snprintf(field, sizeof(field), "u.get_%s.highest",
             running_minor >= 21 ? "cppc" : "para.u.cppc_para");
    set_para(payload, field, 255);
    return 0;
}

TEST(cppc_is_read_where_the_release_has_it)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xc_cppc_para_t cppc = {0};

        para_driver = "hwp";
        answer_with(tell_cppc);
        if (minor < 18) {
            assert_fails_with(xc_get_cppc_para(xch, 3, &cppc), -1, ENOTSUP);
            assert_int_equal(requests, 0);
        } else {
            assert_int_equal(xc_get_cppc_para(xch, 3, &cppc), 0);
            assert_int_equal(cppc.highest, 255);
        }
        if (minor >= 21)
            assert_sysctl(minor, PM_OP, "pm_op", {"cmd", 0x16}, {"cpuid", 3});
        stop(xch);
    }
}

TEST(a_cpu_without_governor_tells_nothing_of_one)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint32_t cpus[1], frequencies[2];
        char governors[2 * CPUFREQ_NAME_LEN];
        struct xc_get_cpufreq_para para = {.cpu_num = 1,
                                           .freq_num = 2,
                                           .gov_num = 2,
                                           .affected_cpus = cpus,
                                           .scaling_available_frequencies = frequencies,
                                           .scaling_available_governors = governors};

        para_driver = "hwp";
        answer_with(tell_para);
        assert_int_equal(xc_get_cpufreq_para(xch, 3, &para), 0);
        if (minor >= 18 && minor <= 20)
            assert_int_equal(para.s.scaling_max_freq, 0);
        assert_int_equal(para.cpuinfo_max_freq, 2);
        stop(xch);
    }
}

static int clear_a_bit(struct sent *request, uint8_t *payload)
{
    (void)request;
    set_para(payload, "u.set_cppc.set_params", XEN_SYSCTL_CPPC_SET_MINIMUM);
    return 0;
}

TEST(cppc_is_set_from_4_18_on)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xc_set_cppc_para_t set = {.set_params = XEN_SYSCTL_CPPC_SET_MINIMUM |
                                                XEN_SYSCTL_CPPC_SET_ACT_WINDOW,
                                  .minimum = 11, .maximum = 12, .desired = 13,
                                  .energy_perf = 14, .activity_window = 15};

        answer_with(clear_a_bit);
        if (minor < 18) {
            assert_fails_with(xc_set_cpufreq_cppc(xch, 3, &set), -1, ENOTSUP);
            assert_int_equal(requests, 0);
            assert_int_equal(logged.messages, 1);
        } else {
            assert_int_equal(xc_set_cpufreq_cppc(xch, 3, &set), 0);
            assert_sysctl(minor, PM_OP, "pm_op", {"cmd", 0x15}, {"cpuid", 3},
                          {"u.set_cppc.set_params", 0x11}, {"u.set_cppc.minimum", 11},
                          {"u.set_cppc.maximum", 12}, {"u.set_cppc.desired", 13},
                          {"u.set_cppc.energy_perf", 14}, {"u.set_cppc.activity_window", 15});
            assert_int_equal(set.set_params, XEN_SYSCTL_CPPC_SET_MINIMUM);
        }
        stop(xch);
    }
}

/* ---- idling ---- */

static int tell_cstate(struct sent *request, uint8_t *payload)
{
    (void)request;
    set_para(payload, "u.get_max_cstate", 6);
    return 0;
}

TEST(idle_states_are_limited)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint32_t value = 0;

        assert_int_equal(xc_set_cpuidle_max_cstate(xch, 2), 0);
        assert_sysctl(minor, PM_OP, "pm_op", {"cmd", 0x23}, {"u.set_max_cstate", 2});
        assert_int_equal(xc_set_cpuidle_max_csubstate(xch, UINT32_MAX), 0);
        assert_sysctl(minor, PM_OP, "pm_op", {"cmd", 0x23}, {"cpuid", 1},
                      {"u.set_max_cstate", UINT32_MAX});
        answer_with(tell_cstate);
        assert_int_equal(xc_get_cpuidle_max_cstate(xch, &value), 0);
        assert_sysctl(minor, PM_OP, "pm_op", {"cmd", 0x22});
        assert_int_equal(value, 6);
        value = 0;
        assert_int_equal(xc_get_cpuidle_max_csubstate(xch, &value), 0);
        assert_sysctl(minor, PM_OP, "pm_op", {"cmd", 0x22}, {"cpuid", 1});
        assert_int_equal(value, 6);
        assert_int_equal(xc_set_sched_opt_smt(xch, 0), 0);
        assert_sysctl(minor, PM_OP, "pm_op", {"cmd", 0x21});
        assert_int_equal(xc_set_sched_opt_smt(xch, 1), 0);
        assert_sysctl(minor, PM_OP, "pm_op", {"cmd", 0x21}, {"u.set_sched_opt_smt", 1});
        stop(xch);
    }
}

/* ---- CPUs that come and go ---- */

static int say_busy(struct sent *request, uint8_t *payload)
{
    (void)request;
    (void)payload;
    return -EBUSY;
}

TEST(cpus_come_and_go)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        assert_int_equal(xc_cpu_online(xch, 11), 0);
        assert_sysctl(minor, CPU_HOTPLUG, "cpu_hotplug", {"cpu", 11});
        assert_int_equal(xc_cpu_offline(xch, 11), 0);
        assert_sysctl(minor, CPU_HOTPLUG, "cpu_hotplug", {"cpu", 11}, {"op", 1});
        assert_int_equal(xc_smt_enable(xch), 0);
        assert_sysctl(minor, CPU_HOTPLUG, "cpu_hotplug", {"op", 2});
        assert_int_equal(xc_smt_disable(xch), 0);
        assert_sysctl(minor, CPU_HOTPLUG, "cpu_hotplug", {"op", 3});
        answer_with(say_busy);
        assert_fails_with(xc_cpu_offline(xch, 11), -1, EBUSY);
        stop(xch);
    }
}

/* ---- no memory ---- */

static int read_p_states(xc_interface *xch)
{
    static uint64_t transitions[STATES * STATES];
    static struct xc_px_val states[STATES];
    struct xc_px_stat stat = {.trans_pt = transitions, .pt = states};

    answer_with(tell_px);
    return xc_pm_get_pxstat(xch, 5, &stat);
}

static int read_c_states(xc_interface *xch)
{
    uint64_t triggers[2], residencies[2];
    struct xc_cx_stat stat = {.nr = 2, .triggers = triggers, .residencies = residencies};

    return xc_pm_get_cxstat(xch, 5, &stat);
}

static int read_frequencies(xc_interface *xch)
{
    struct xc_get_cpufreq_para para = {0};

    return xc_get_cpufreq_para(xch, 5, &para);
}

TEST(failing_buffers_leave_nothing)
{
    assert_survives_failing_buffers(read_p_states);
    assert_survives_failing_buffers(read_c_states);
    assert_survives_failing_buffers(read_frequencies);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(p_states_are_told_on_every_release),
        cmocka_unit_test(p_states_that_became_more_are_not_told_in_part),
        cmocka_unit_test(c_states_fill_the_room_that_there_is),
        cmocka_unit_test(c_states_need_arrays_where_there_is_room),
        cmocka_unit_test(frequencies_are_counted_first_and_then_told),
        cmocka_unit_test(frequencies_need_arrays_for_what_is_counted),
        cmocka_unit_test(a_governor_of_too_long_a_name_is_refused),
        cmocka_unit_test(frequencies_are_set),
        cmocka_unit_test(cppc_is_read_where_the_release_has_it),
        cmocka_unit_test(a_cpu_without_governor_tells_nothing_of_one),
        cmocka_unit_test(cppc_is_set_from_4_18_on),
        cmocka_unit_test(idle_states_are_limited),
        cmocka_unit_test(cpus_come_and_go),
        cmocka_unit_test(failing_buffers_leave_nothing),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
