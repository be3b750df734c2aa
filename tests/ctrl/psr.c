/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Caches and bandwidth that are shared: hardware that emulated machines lack. */
#include <string.h>

#include "on_xen.h"

static bool host_measures(void)
{
    errno = 0;
    int enabled = xc_psr_cmt_enabled(xc());
    observe("cmt-enabled", "%d, %s", enabled, strerror(errno));
    return enabled;
}

TEST(a_domain_is_measured_where_the_hardware_can)
{
    uint32_t domid = guest("pv"), rmid = 0, total = 0, factor, mask, size;
    uint64_t data, tsc;

    if (!host_measures()) {
        assert_true(is_lacking("cmt-attach", xc_psr_cmt_attach(xc(), domid)));
        assert_true(is_lacking("cmt-detach", xc_psr_cmt_detach(xc(), domid)));
        assert_true(is_lacking("cmt-rmid", xc_psr_cmt_get_domain_rmid(xc(), domid, &rmid)));
        assert_true(is_lacking("cmt-total", xc_psr_cmt_get_total_rmid(xc(), &total)));
        assert_true(is_lacking("cmt-factor", xc_psr_cmt_get_l3_upscaling_factor(xc(), &factor)));
        assert_true(is_lacking("cmt-events", xc_psr_cmt_get_l3_event_mask(xc(), &mask)));
        assert_true(is_lacking("cmt-cache", xc_psr_cmt_get_l3_cache_size(xc(), 0, &size)));
        return;
    }
    assert_works(xc_psr_cmt_attach(xc(), domid));
    assert_works(xc_psr_cmt_get_domain_rmid(xc(), domid, &rmid));
    assert_works(xc_psr_cmt_get_total_rmid(xc(), &total));
    assert_true(rmid > 0 && rmid < total);
    assert_works(xc_psr_cmt_get_l3_upscaling_factor(xc(), &factor));
    assert_works(xc_psr_cmt_get_l3_event_mask(xc(), &mask));
    assert_works(xc_psr_cmt_get_l3_cache_size(xc(), 0, &size));
    assert_works(xc_psr_cmt_get_data(xc(), rmid, 0, XC_PSR_CMT_L3_OCCUPANCY, &data, &tsc));
    assert_works(xc_psr_cmt_detach(xc(), domid));
}

/* Its registers are not there: the CPU says no, or nothing. */
TEST(a_measurement_without_hardware_says_nothing)
{
    uint64_t data = 0, tsc = 0;

    if (host_measures())
        return;
    int result = xc_psr_cmt_get_data(xc(), 1, 0, XC_PSR_CMT_L3_OCCUPANCY, &data, &tsc);
    observe("cmt-data", "%s", result ? strerror(errno) : "0");
    assert_true(result == 0 || errno == EIO);
    assert_int_equal(data, 0);
}

TEST(a_domain_has_a_share_where_the_hardware_can)
{
    static const struct {
        const char *key;
        xc_psr_type type;
    } shares[] = {{"cat-l3", XC_PSR_CAT_L3_CBM}, {"cat-l3-code", XC_PSR_CAT_L3_CBM_CODE},
                  {"cat-l3-data", XC_PSR_CAT_L3_CBM_DATA}, {"cat-l2", XC_PSR_CAT_L2_CBM},
                  {"mba", XC_PSR_MBA_THRTL}};
    uint32_t domid = guest("pvh");

    for (unsigned i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
        uint64_t share = 0;
        long result = xc_psr_get_domain_data(xc(), domid, shares[i].type, 0, &share);

        if (is_lacking(shares[i].key, result))
            assert_true(is_lacking(shares[i].key,
                                   xc_psr_set_domain_data(xc(), domid, shares[i].type, 0, 1)));
        else
            assert_works(xc_psr_set_domain_data(xc(), domid, shares[i].type, 0, share));
    }
}

TEST(hardware_is_described_where_it_is_there)
{
    static const char *const keys[] = {"hw-l3", "hw-l2", "hw-mba"};

    for (int type = XC_PSR_CAT_L3; type <= XC_PSR_MBA; type++) {
        xc_psr_hw_info info = {{0, 0, false}};
        if (!is_lacking(keys[type],
                        xc_psr_get_hw_info(xc(), 0, (xc_psr_feat_type)type, &info)))
            assert_true(info.cat.cos_max > 0);
    }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_XEN(a_domain_is_measured_where_the_hardware_can),
        ON_XEN(a_measurement_without_hardware_says_nothing),
        ON_XEN(a_domain_has_a_share_where_the_hardware_can),
        ON_XEN(hardware_is_described_where_it_is_there),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
