/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pm_op: GET_CPUFREQ_PARA's three layouts, and where CPPC's parameters are. */
#include "pm.h"

#include "harness.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "recorder.h"

enum { PM_OP = 12, GET_PARA = 0x11, GET_AVGFREQ = 0x14, SET_CPPC = 0x15, GET_CPPC = 0x16 };

static unsigned xen_minor;
static const char *driver;

/* Where the part that depends on a governor is found on this release. */
static const char *way(void)
{
    return xen_minor >= 21 ? "s." : xen_minor >= 18 ? "u.s." : "";
}

static struct fakefield place_of(const char *start, const char *middle, const char *name)
{
    char path[100];

    snprintf(path, sizeof(path), "%s%s%s", start, middle, name);
    struct fakefield place = fakerelease_field(xen_minor, "xen_sysctl", "pm_op", path);
    if (!place.size)
        fail_msg("4.%u has no %s", xen_minor, path);
    return place;
}

static struct fakefield para_place(const char *name)
{
    return place_of("u.get_para.", "", name);
}

static struct fakefield governor_place(const char *name)
{
    return place_of("u.get_para.", way(), name);
}

static struct fakefield cppc_place(const char *name)
{
    return xen_minor >= 21 ? place_of("u.get_cppc.", "", name)
                           : place_of("u.get_para.", "u.cppc_para.", name);
}

static const char *const cppc_names[] = {"features", "lowest", "lowest_nonlinear", "nominal",
                                         "highest", "minimum", "maximum", "desired",
                                         "energy_perf", "activity_window"};

static void write_cppc(uint8_t *payload)
{
    for (unsigned i = 0; i < 10; i++)
        fakerelease_put(payload, cppc_place(cppc_names[i]), 1000 + i);
}

static void write_governor(uint8_t *payload)
{
    fakerelease_put(payload, governor_place("scaling_cur_freq"), 1);
    memcpy(payload + governor_place("scaling_governor").offset, "ondemand", 9);
    fakerelease_put(payload, governor_place("scaling_max_freq"), 2);
    fakerelease_put(payload, governor_place("scaling_min_freq"), 3);
    fakerelease_put(payload, governor_place("u.ondemand.sampling_rate_max"), 4);
    fakerelease_put(payload, governor_place("u.ondemand.sampling_rate_min"), 5);
    fakerelease_put(payload, governor_place("u.ondemand.sampling_rate"), 6);
    fakerelease_put(payload, governor_place("u.ondemand.up_threshold"), 7);
}

/* Two cpus, three frequencies and four governors; other lengths are answered with these. */
static int answer_para(uint8_t *payload)
{
    static const char *const names[] = {"cpu_num", "freq_num", "gov_num"};
    static const char *const arrays[] = {"affected_cpus.p", "scaling_available_frequencies.p",
                                         "scaling_available_governors.p"};
    static const unsigned element[] = {4, 4, 16};
    bool wrong = false;

    for (unsigned i = 0; i < 3; i++)
        wrong |= fakerelease_get(payload, para_place(names[i])) != i + 2;
    for (unsigned i = 0; i < 3; i++) {
        fakerelease_put(payload, para_place(names[i]), i + 2);
        void *array = (void *)(uintptr_t)fakerelease_get(payload, para_place(arrays[i]));
        if (!wrong)
            memset(array, 0x11, (i + 2) * element[i]);
    }
    if (wrong)
        return -EAGAIN;
    memcpy(payload + para_place("scaling_driver").offset, driver, strlen(driver) + 1);
    fakerelease_put(payload, para_place("cpuinfo_cur_freq"), 8);
    fakerelease_put(payload, para_place("cpuinfo_max_freq"), 9);
    fakerelease_put(payload, para_place("cpuinfo_min_freq"), 10);
    fakerelease_put(payload, para_place("turbo_enabled"), UINT32_MAX);
    if (strcmp(driver, "hwp"))
        write_governor(payload);
    else if (xen_minor <= 20)
        write_cppc(payload);
    return 0;
}

static int answer(const struct record *record, uint16_t *domid, uint8_t *payload)
{
    (void)domid;
    assert_int_equal(record->cmd, PM_OP);
    assert_int_equal(payload[4], 5); /* the cpu */
    if (payload[0] == GET_PARA)
        return answer_para(payload);
    if (payload[0] == GET_CPPC && strcmp(driver, "hwp"))
        return -EOPNOTSUPP;
    if (payload[0] == GET_CPPC)
        write_cppc(payload);
    if (payload[0] == GET_AVGFREQ)
        payload[8] = 77;
    return 0;
}

static struct fixture *start_pm(unsigned minor, const char *with_driver)
{
    xen_minor = minor;
    driver = with_driver;
    return start_recording(minor, answer);
}

static uint64_t arrays[3][16];

static void get_para(struct fixture *fixture, struct hvabi_cpufreq_para *para)
{
    memset(para, 0, sizeof(*para));
    assert_fails_with(xenhvabi_cpufreq_para(&fixture->abi, 5, para), -1, EAGAIN);
    assert_int_equal(para->cpu_num, 2);
    assert_int_equal(para->freq_num, 3);
    assert_int_equal(para->gov_num, 4);
    para->affected_cpus = (uintptr_t)arrays[0];
    para->available_frequencies = (uintptr_t)arrays[1];
    para->available_governors = (uintptr_t)arrays[2];
    assert_int_equal(xenhvabi_cpufreq_para(&fixture->abi, 5, para), 0);
    assert_string_equal(para->driver, driver);
    assert_int_equal(para->cpuinfo_cur_freq, 8);
    assert_int_equal(para->cpuinfo_max_freq, 9);
    assert_int_equal(para->cpuinfo_min_freq, 10);
    assert_int_equal(para->turbo_enabled, -1);
}

TEST(a_governors_parameters_are_read_from_every_release)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_pm(minor, "acpi-cpufreq");
        struct hvabi_cpufreq_para para;

        get_para(fixture, &para);
        assert_int_equal(para.scaling_cur_freq, 1);
        assert_string_equal(para.governor, "ondemand");
        assert_int_equal(para.scaling_max_freq, 2);
        assert_int_equal(para.scaling_min_freq, 3);
        assert_int_equal(para.u.ondemand.sampling_rate_max, 4);
        assert_int_equal(para.u.ondemand.sampling_rate_min, 5);
        assert_int_equal(para.u.ondemand.sampling_rate, 6);
        assert_int_equal(para.u.ondemand.up_threshold, 7);
        stop(fixture);
    }
}

/* Its numbers lie where the governor's text is: they must not be taken for it. */
TEST(cppc_is_not_taken_for_a_governor)
{
    for (unsigned minor = 18; minor <= NEWEST_MINOR; minor++) {
        struct fixture *fixture = start_pm(minor, "hwp");
        struct hvabi_cpufreq_para para;

        get_para(fixture, &para);
        assert_int_equal(para.scaling_cur_freq, 0);
        assert_string_equal(para.governor, "");
        assert_int_equal(para.scaling_max_freq, 0);
        assert_int_equal(para.u.ondemand.up_threshold, 0);
        stop(fixture);
    }
}

TEST(cppc_is_read_from_every_release_that_has_it)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_pm(minor, "hwp");
        struct hvabi_cppc cppc;

        if (minor < 18) {
            assert_fails_with(xenhvabi_cppc(&fixture->abi, 5, &cppc), -1, ENOTSUP);
            assert_int_equal(nr_records, 0);
            assert_int_equal(logged.messages, 1);
        } else {
            assert_int_equal(xenhvabi_cppc(&fixture->abi, 5, &cppc), 0);
            assert_int_equal(cppc.features, 1000);
            assert_int_equal(cppc.lowest, 1001);
            assert_int_equal(cppc.lowest_nonlinear, 1002);
            assert_int_equal(cppc.nominal, 1003);
            assert_int_equal(cppc.highest, 1004);
            assert_int_equal(cppc.minimum, 1005);
            assert_int_equal(cppc.maximum, 1006);
            assert_int_equal(cppc.desired, 1007);
            assert_int_equal(cppc.energy_perf, 1008);
            assert_int_equal(cppc.activity_window, 1009);
        }
        stop(fixture);
    }
}

TEST(without_a_driver_of_it_there_is_no_cppc)
{
    for (unsigned minor = 18; minor <= NEWEST_MINOR; minor++) {
        struct fixture *fixture = start_pm(minor, "acpi-cpufreq");
        struct hvabi_cppc cppc;

        assert_fails_with(xenhvabi_cppc(&fixture->abi, 5, &cppc), -1, ENOTSUP);
        assert_int_equal(logged.messages, 0);
        stop(fixture);
    }
}

TEST(other_sub_operations_pass_as_they_are)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_pm(minor, "");
        uint64_t frequency = 0;

        assert_int_equal(xenhvabi_pm_op(&fixture->abi, GET_AVGFREQ, 5, &frequency,
                                        sizeof(frequency)),
                         0);
        assert_int_equal(frequency, 77);
        static const uint8_t expected[8] = {GET_AVGFREQ, 0, 0, 0, 5};
        assert_memory_equal(assert_recorded(0, SYSCTL, PM_OP, 0, 8), expected, 8);
        stop(fixture);
    }
}

TEST(cppc_is_set_from_4_18_on)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_pm(minor, "hwp");
        uint32_t bytes[6] = {1, 2, 3, 4, 5, 6};

        if (minor >= 18) {
            assert_int_equal(xenhvabi_pm_op(&fixture->abi, SET_CPPC, 5, bytes, sizeof(bytes)),
                             0);
            assert_memory_equal(records[0].payload + 8, bytes, sizeof(bytes));
        } else {
            assert_fails_with(xenhvabi_pm_op(&fixture->abi, SET_CPPC, 5, bytes, sizeof(bytes)),
                              -1, ENOTSUP);
            assert_int_equal(nr_records, 0);
        }
        stop(fixture);
    }
}

TEST(what_has_a_function_of_its_own_or_is_too_large_is_refused)
{
    struct fixture *fixture = start_pm(17, "");
    uint8_t bytes[121] = {0};

    assert_fails_with(xenhvabi_pm_op(&fixture->abi, GET_PARA, 5, bytes, 8), -1, EINVAL);
    assert_fails_with(xenhvabi_pm_op(&fixture->abi, GET_CPPC, 5, bytes, 8), -1, EINVAL);
    assert_fails_with(xenhvabi_pm_op(&fixture->abi, GET_AVGFREQ, 5, bytes, 121), -1, EINVAL);
    assert_int_equal(nr_records, 0);
    stop(fixture);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_governors_parameters_are_read_from_every_release),
        cmocka_unit_test(cppc_is_not_taken_for_a_governor),
        cmocka_unit_test(cppc_is_read_from_every_release_that_has_it),
        cmocka_unit_test(without_a_driver_of_it_there_is_no_cppc),
        cmocka_unit_test(other_sub_operations_pass_as_they_are),
        cmocka_unit_test(cppc_is_set_from_4_18_on),
        cmocka_unit_test(what_has_a_function_of_its_own_or_is_too_large_is_refused),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
