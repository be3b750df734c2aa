/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sharing of caches and bandwidth: measured and divided. */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "xenctrl.h"

enum { DOMCTL_CMT = 75, DOMCTL_ALLOC = 78, SYSCTL_CMT = 21, SYSCTL_ALLOC = 23 };

static int tell_rmid(struct sent *request, uint8_t *payload)
{
    (void)request;
    set_field(running_minor, "xen_domctl", "psr_cmt_op", "data", payload, 12);
    return 0;
}

TEST(domains_are_measured_or_not)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint32_t rmid = 0;

        assert_int_equal(xc_psr_cmt_attach(xch, 4), 0);
        assert_domctl(minor, DOMCTL_CMT, 4, "psr_cmt_op", {"cmd", 1});
        assert_int_equal(xc_psr_cmt_detach(xch, 4), 0);
        assert_domctl(minor, DOMCTL_CMT, 4, "psr_cmt_op", {"cmd", 0});
        answer_with(tell_rmid);
        assert_int_equal(xc_psr_cmt_get_domain_rmid(xch, 4, &rmid), 0);
        assert_domctl(minor, DOMCTL_CMT, 4, "psr_cmt_op", {"cmd", 2});
        assert_int_equal(rmid, 12);
        requests = 0;
        assert_fails_with(xc_psr_cmt_attach(xch, 0x10000), -1, EINVAL);
        assert_int_equal(requests, 0);
        stop(xch);
    }
}

/* ---- the host, of which some is asked for once per process ---- */

static int tell_host(struct sent *request, uint8_t *payload)
{
    uint64_t cmd = fakerelease_get(payload, fakerelease_field(running_minor, "xen_sysctl",
                                                              "psr_cmt_op", "cmd"));

    (void)request;
    set_field(running_minor, "xen_sysctl", "psr_cmt_op", "u.data", payload, 100 + cmd);
    return 0;
}

static void ask_of_host(unsigned minor)
{
    xc_interface *xch = start(minor);
    uint32_t answer = 0;

    answer_with(tell_host);
    assert_int_equal(xc_psr_cmt_get_l3_cache_size(xch, 6, &answer), 0);
    assert_sysctl(minor, SYSCTL_CMT, "psr_cmt_op", {"cmd", 2}, {"u.l3_cache.cpu", 6});
    assert_int_equal(answer, 102);
    stop(xch);
}

TEST(a_cache_is_measured_on_every_release)
{
    EACH_MINOR(minor)
    {
        ask_of_host(minor);
    }
}

static int say_no_hardware(struct sent *request, uint8_t *payload)
{
    (void)request;
    (void)payload;
    return -ENODEV;
}

TEST(what_does_not_change_is_asked_for_once)
{
    xc_interface *xch = start(20);
    uint32_t answer = 0;

    answer_with(say_no_hardware);
    assert_fails_with(xc_psr_cmt_enabled(xch), 0, ENODEV);
    assert_fails_with(xc_psr_cmt_get_total_rmid(xch, &answer), -1, ENODEV);
    answer_with(tell_host);
    assert_int_equal(xc_psr_cmt_get_total_rmid(xch, &answer), 0);
    assert_sysctl(20, SYSCTL_CMT, "psr_cmt_op", {"cmd", 0});
    assert_int_equal(answer, 100);
    assert_int_equal(xc_psr_cmt_get_l3_upscaling_factor(xch, &answer), 0);
    assert_sysctl(20, SYSCTL_CMT, "psr_cmt_op", {"cmd", 1});
    assert_int_equal(answer, 101);
    assert_int_equal(xc_psr_cmt_enabled(xch), 103);
    assert_sysctl(20, SYSCTL_CMT, "psr_cmt_op", {"cmd", 3});
    assert_int_equal(xc_psr_cmt_get_l3_event_mask(xch, &answer), 0);
    assert_sysctl(20, SYSCTL_CMT, "psr_cmt_op", {"cmd", 4});
    assert_int_equal(answer, 104);
    requests = 0;
    answer_with(NULL);
    assert_int_equal(xc_psr_cmt_get_total_rmid(xch, &answer), 0);
    assert_int_equal(answer, 100);
    assert_int_equal(xc_psr_cmt_get_l3_upscaling_factor(xch, &answer), 0);
    assert_int_equal(xc_psr_cmt_get_l3_event_mask(xch, &answer), 0);
    assert_int_equal(answer, 104);
    assert_int_equal(xc_psr_cmt_enabled(xch), 103);
    assert_int_equal(requests, 0);
    stop(xch);
}

/* ---- one measurement: registers of a CPU ---- */

static uint64_t counter, done;
static uint8_t platform_op[136];
static xenpf_resource_entry_t asked[3];

static int read_registers(struct sent *request, uint8_t *unused)
{
    xen_platform_op_t *op = (void *)(uintptr_t)request->arguments[0];
    xenpf_resource_entry_t *entries;

    (void)unused;
    assert_int_equal(request->op, __HYPERVISOR_platform_op);
    memcpy(platform_op, op, sizeof(platform_op));
    memcpy(&entries, platform_op + 16, sizeof(entries));
    memcpy(asked, entries, op->u.resource_op.nr_entries * sizeof(*entries));
    entries[1].val = counter;
    if (op->u.resource_op.nr_entries == 3)
        entries[2].val = 999;
    return (int)done;
}

TEST(a_measurement_is_three_registers_of_one_cpu)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint64_t data = 0, tsc = 0;

        counter = 4242;
        done = 3;
        answer_with(read_registers);
        assert_int_equal(xc_psr_cmt_get_data(xch, 12, 6, XC_PSR_CMT_TOTAL_MEM_COUNT, &data, &tsc),
                         0);
        assert_int_equal(asked[0].u.cmd, XEN_RESOURCE_OP_MSR_WRITE);
        assert_int_equal(asked[0].idx, 0xc8d);
        assert_true(asked[0].val == (UINT64_C(12) << 32 | 2));
        assert_int_equal(asked[1].idx, 0xc8e);
        assert_int_equal(asked[2].idx, 0x10);
        assert_int_equal(data, 4242);
        assert_int_equal(tsc, 999);
        done = 2;
        assert_int_equal(xc_psr_cmt_get_data(xch, 12, 6, XC_PSR_CMT_L3_OCCUPANCY, &data, NULL),
                         0);
        assert_true(asked[0].val == (UINT64_C(12) << 32 | 1));
        stop(xch);
    }
}

TEST(a_measurement_that_says_nothing_is_an_error)
{
    xc_interface *xch = start(17);
    uint64_t data = 5;

    answer_with(read_registers);
    counter = UINT64_C(1) << 63;
    done = 2;
    assert_fails_with(xc_psr_cmt_get_data(xch, 12, 6, XC_PSR_CMT_L3_OCCUPANCY, &data, NULL), -1,
                      EIO);
    counter = 1;
    done = 1;
    assert_fails_with(xc_psr_cmt_get_data(xch, 12, 6, XC_PSR_CMT_L3_OCCUPANCY, &data, NULL), -1,
                      EIO);
    assert_int_equal(data, 5);
    requests = 0;
    assert_fails_with(xc_psr_cmt_get_data(xch, 12, 6, (xc_psr_cmt_type)3, &data, NULL), -1,
                      EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

/* ---- dividing ---- */

static int tell_share(struct sent *request, uint8_t *payload)
{
    (void)request;
    set_field(running_minor, "xen_domctl", "psr_alloc", "data", payload, 0xff);
    return 0;
}

TEST(shares_are_given_and_told)
{
    static const struct {
        xc_psr_type type;
        uint32_t set, get;
    } kinds[] = {{XC_PSR_CAT_L3_CBM, 0, 1}, {XC_PSR_CAT_L3_CBM_CODE, 2, 4},
                 {XC_PSR_CAT_L3_CBM_DATA, 3, 5}, {XC_PSR_CAT_L2_CBM, 6, 7},
                 {XC_PSR_MBA_THRTL, 8, 9}};

    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
            uint64_t data = 0;

            answer_with(NULL);
            assert_int_equal(xc_psr_set_domain_data(xch, 4, kinds[i].type, 1, 0x3f), 0);
            assert_domctl(minor, DOMCTL_ALLOC, 4, "psr_alloc", {"cmd", kinds[i].set},
                          {"target", 1}, {"data", 0x3f});
            answer_with(tell_share);
            assert_int_equal(xc_psr_get_domain_data(xch, 4, kinds[i].type, 1, &data), 0);
            assert_domctl(minor, DOMCTL_ALLOC, 4, "psr_alloc", {"cmd", kinds[i].get},
                          {"target", 1});
            assert_int_equal(data, 0xff);
        }
        stop(xch);
    }
}

static int tell_hardware(struct sent *request, uint8_t *payload)
{
    (void)request;
    memcpy(payload + 8, (uint32_t[]){20, 15, 1}, 12);
    return 0;
}

TEST(hardware_is_told_by_its_kind)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xc_psr_hw_info info;

        answer_with(tell_hardware);
        assert_int_equal(xc_psr_get_hw_info(xch, 2, XC_PSR_CAT_L3, &info), 0);
        assert_sysctl(minor, SYSCTL_ALLOC, "psr_alloc", {"target", 2});
        assert_int_equal(info.cat.cos_max, 15);
        assert_int_equal(info.cat.cbm_len, 20);
        assert_true(info.cat.cdp_enabled);
        assert_int_equal(xc_psr_get_hw_info(xch, 2, XC_PSR_CAT_L2, &info), 0);
        assert_sysctl(minor, SYSCTL_ALLOC, "psr_alloc", {"cmd", 1}, {"target", 2});
        assert_false(info.cat.cdp_enabled);
        assert_int_equal(xc_psr_get_hw_info(xch, 2, XC_PSR_MBA, &info), 0);
        assert_sysctl(minor, SYSCTL_ALLOC, "psr_alloc", {"cmd", 2}, {"target", 2});
        assert_int_equal(info.mba.cos_max, 15);
        assert_int_equal(info.mba.thrtl_max, 20);
        assert_true(info.mba.linear);
        stop(xch);
    }
}

TEST(what_cannot_be_divided_is_refused)
{
    xc_interface *xch = start(17);
    uint64_t data;
    xc_psr_hw_info info;

    assert_fails_with(xc_psr_set_domain_data(xch, 4, (xc_psr_type)0, 0, 1), -1, EINVAL);
    assert_fails_with(xc_psr_get_domain_data(xch, 4, (xc_psr_type)6, 0, &data), -1, EINVAL);
    assert_fails_with(xc_psr_get_hw_info(xch, 0, (xc_psr_feat_type)3, &info), -1, EOPNOTSUPP);
    assert_int_equal(requests, 0);
    stop(xch);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(domains_are_measured_or_not),
        cmocka_unit_test(a_cache_is_measured_on_every_release),
        cmocka_unit_test(what_does_not_change_is_asked_for_once),
        cmocka_unit_test(a_measurement_is_three_registers_of_one_cpu),
        cmocka_unit_test(a_measurement_that_says_nothing_is_an_error),
        cmocka_unit_test(shares_are_given_and_told),
        cmocka_unit_test(hardware_is_told_by_its_kind),
        cmocka_unit_test(what_cannot_be_divided_is_refused),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
