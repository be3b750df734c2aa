/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The paging pool, HVM parameters that moved into createdomain, and a vCPU's MSRs. */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "hvm_param.h"
#include "mempool.h"
#include "recorder.h"
#include "vcpu_msrs.h"

enum {
    SHADOW_OP = 10,
    GET_VCPU_MSRS = 72,
    SET_VCPU_MSRS = 73,
    GET_MEMPOOL = 85,
    SET_MEMPOOL = 86,
    SHADOW_GET_ALLOCATION = 30,
    SHADOW_SET_ALLOCATION = 31,
    PARAM_CALLBACK_IRQ = 0,
    PARAM_NESTEDHVM = 24,
    PARAM_ALTP2M = 35,
};

/* ---- the paging pool ---- */

static uint64_t shadow_field(unsigned minor, const char *name)
{
    return recorded_field(minor, "xen_domctl", "shadow_op", name, records[0].payload);
}

TEST(the_pool_is_set_on_every_release)
{
    static const struct {
        uint64_t bytes, mib;
    } cases[] = {{0, 0}, {4096, 1}, {1 << 20, 1}, {(1 << 20) + 4096, 2},
                 {UINT64_C(5) << 30, 5120}};

    EACH_MINOR(minor)
    {
        for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
            struct fixture *fixture = start_recording(minor, NULL);

            assert_int_equal(xenhvabi_set_paging_mempool(&fixture->abi, 9, cases[i].bytes), 0);
            assert_int_equal(nr_records, 1);
            if (minor >= 17) {
                const uint8_t *bytes = assert_recorded(0, DOMCTL, SET_MEMPOOL, 9, 8);
                assert_int_equal(recorded_field(minor, "xen_domctl", "paging_mempool", "size",
                                                bytes),
                                 cases[i].bytes);
            } else {
                assert_recorded(0, DOMCTL, SHADOW_OP, 9, 12);
                assert_int_equal(shadow_field(minor, "op"), SHADOW_SET_ALLOCATION);
                assert_int_equal(shadow_field(minor, "mode"), 0);
                assert_int_equal(shadow_field(minor, "mb"), cases[i].mib);
            }
            stop(fixture);
        }
    }
}

static int answer_size(const struct record *record, uint16_t *domid, uint8_t *payload)
{
    uint64_t bytes = 3 << 20;

    (void)domid;
    if (record->cmd == SHADOW_OP)
        payload[8] = 3;
    else
        memcpy(payload, &bytes, sizeof(bytes));
    return 0;
}

TEST(the_pool_is_read_on_every_release)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_recording(minor, answer_size);
        uint64_t bytes = 0;

        assert_int_equal(xenhvabi_get_paging_mempool(&fixture->abi, 9, &bytes), 0);
        assert_int_equal(bytes, 3 << 20);
        if (minor >= 17)
            assert_recorded(0, DOMCTL, GET_MEMPOOL, 9, 0);
        else
            assert_int_equal(shadow_field(minor, "op"), SHADOW_GET_ALLOCATION);
        stop(fixture);
    }
}

TEST(a_pool_of_half_a_page_is_refused_on_every_release)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_recording(minor, NULL);

        assert_fails_with(xenhvabi_set_paging_mempool(&fixture->abi, 9, 2048), -1, EINVAL);
        assert_int_equal(nr_records, 0);
        stop(fixture);
    }
}

TEST(a_pool_beyond_32_bits_of_mib_is_refused)
{
    struct fixture *fixture = start_recording(16, NULL);

    assert_fails_with(xenhvabi_set_paging_mempool(&fixture->abi, 9, UINT64_MAX - 4095), -1,
                      ERANGE);
    assert_int_equal(nr_records, 0);
    stop(fixture);
}

/* ---- HVM parameters ---- */

static void check_param(unsigned minor, unsigned index, unsigned last_minor)
{
    struct fixture *fixture = start_recording(minor, NULL);

    assert_int_equal(xenhvabi_set_hvm_param(&fixture->abi, 9, index, 0), 0);
    if (minor <= last_minor) {
        const uint8_t expected[16] = {9, 0, 0, 0, (uint8_t)index, 0, 0, 0, 1};

        assert_int_equal(nr_records, 1);
        assert_int_equal(xenhvabi_set_hvm_param(&fixture->abi, 9, index, 1), 0);
        assert_recorded(1, HVM_OP, 0, 9, 16);
        assert_memory_equal(records[1].payload, expected, sizeof(expected));
    } else {
        assert_fails_with(xenhvabi_set_hvm_param(&fixture->abi, 9, index, 1), -1, ENOTSUP);
        assert_int_equal(nr_records, 0);
        assert_int_equal(logged.messages, 1);
    }
    stop(fixture);
}

TEST(the_altp2m_parameter_takes_only_0_from_4_19_on)
{
    EACH_MINOR(minor)
        check_param(minor, PARAM_ALTP2M, 18);
}

TEST(the_nested_parameter_takes_only_0_from_4_15_on)
{
    EACH_MINOR(minor)
        check_param(minor, PARAM_NESTEDHVM, 14);
}

TEST(other_parameters_are_set_on_every_release)
{
    EACH_MINOR(minor)
        check_param(minor, PARAM_CALLBACK_IRQ, NEWEST_MINOR);
}

static int refuse_with_eexist(const struct record *record, uint16_t *domid, uint8_t *payload)
{
    (void)record;
    (void)domid;
    (void)payload;
    return -EEXIST;
}

TEST(xens_refusal_of_a_parameter_is_passed_on)
{
    struct fixture *fixture = start_recording(17, refuse_with_eexist);

    assert_fails_with(xenhvabi_set_hvm_param(&fixture->abi, 9, PARAM_ALTP2M, 1), -1, EEXIST);
    stop(fixture);
}

/* ---- MSRs ---- */

static unsigned most, present;

static int answer_msrs(const struct record *record, uint16_t *domid, uint8_t *payload)
{
    struct fakefield count = {4, 4}, address = {8, 8};
    struct hvabi_msr *buffer = (struct hvabi_msr *)(uintptr_t)fakerelease_get(payload, address);

    (void)domid;
    assert_int_equal(payload[0], 3);
    if (!buffer) {
        fakerelease_put(payload, count, most);
        return 0;
    }
    if (record->cmd == GET_VCPU_MSRS) {
        if (fakerelease_get(payload, count) < most)
            return -ENOBUFS;
        for (unsigned i = 0; i < present; i++)
            buffer[i] = (struct hvabi_msr){.index = i + 1, .value = i * 100};
        fakerelease_put(payload, count, present);
        return 0;
    }
    for (unsigned i = 0; i < fakerelease_get(payload, count); i++)
        assert_int_equal(buffer[i].index, i + 1);
    return 0;
}

TEST(msrs_are_asked_for_by_size_first)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_recording(minor, answer_msrs);
        struct hvabi_msr msrs[8];

        most = minor >= 20 ? 12 : 8;
        present = 5;
        assert_int_equal(xenhvabi_get_vcpu_msrs(&fixture->abi, 9, 3, msrs, 8), 5);
        assert_int_equal(nr_records, 2);
        assert_int_equal(msrs[4].index, 5);
        assert_int_equal(msrs[4].value, 400);
        forget_records();
        assert_int_equal(xenhvabi_set_vcpu_msrs(&fixture->abi, 9, 3, msrs, 5), 0);
        assert_recorded(1, DOMCTL, SET_VCPU_MSRS, 9, 16);
        stop(fixture);
    }
}

TEST(more_msrs_than_there_is_room_for_are_an_error)
{
    struct fixture *fixture = start_recording(20, answer_msrs);
    struct hvabi_msr msrs[8] = {{0}};

    most = 12;
    present = 9;
    assert_fails_with(xenhvabi_get_vcpu_msrs(&fixture->abi, 9, 3, msrs, 8), -1, ENOBUFS);
    most = 4;
    assert_fails_with(xenhvabi_set_vcpu_msrs(&fixture->abi, 9, 3, msrs, 8), -1, ENOBUFS);
    stop(fixture);
}

TEST(no_msrs_are_no_error)
{
    struct fixture *fixture = start_recording(20, answer_msrs);
    struct hvabi_msr msrs[1];

    most = present = 0;
    assert_int_equal(xenhvabi_get_vcpu_msrs(&fixture->abi, 9, 3, msrs, 1), 0);
    assert_int_equal(xenhvabi_set_vcpu_msrs(&fixture->abi, 9, 3, msrs, 0), 0);
    stop(fixture);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_pool_is_set_on_every_release),
        cmocka_unit_test(the_pool_is_read_on_every_release),
        cmocka_unit_test(a_pool_of_half_a_page_is_refused_on_every_release),
        cmocka_unit_test(a_pool_beyond_32_bits_of_mib_is_refused),
        cmocka_unit_test(the_altp2m_parameter_takes_only_0_from_4_19_on),
        cmocka_unit_test(the_nested_parameter_takes_only_0_from_4_15_on),
        cmocka_unit_test(other_parameters_are_set_on_every_release),
        cmocka_unit_test(xens_refusal_of_a_parameter_is_passed_on),
        cmocka_unit_test(msrs_are_asked_for_by_size_first),
        cmocka_unit_test(more_msrs_than_there_is_room_for_are_an_error),
        cmocka_unit_test(no_msrs_are_no_error),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
