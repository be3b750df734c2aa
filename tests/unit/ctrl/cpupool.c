/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pools of CPUs: each function's request on every release, and what its failure leaves. */
#include "harness.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "xenctrl.h"

enum { OP = 18, DESTROY = 2, ADDCPU = 4, RMCPU = 5, FREEINFO = 7 };

TEST(each_change_is_one_request)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        assert_int_equal(xc_cpupool_destroy(xch, 9), 0);
        assert_sysctl(minor, OP, "cpupool_op", {"op", DESTROY}, {"cpupool_id", 9});
        assert_int_equal(xc_cpupool_addcpu(xch, 9, 4), 0);
        assert_sysctl(minor, OP, "cpupool_op", {"op", ADDCPU}, {"cpupool_id", 9}, {"cpu", 4});
        assert_int_equal(xc_cpupool_removecpu(xch, 9, -1), 0);
        assert_sysctl(minor, OP, "cpupool_op", {"op", RMCPU}, {"cpupool_id", 9},
                      {"cpu", UINT32_MAX});
        assert_int_equal(requests, 3);
        stop(xch);
    }
}

static int tell_free(struct sent *request, uint8_t *payload)
{
    uint8_t *cpus = address_in(running_minor, "xen_sysctl", "cpupool_op", "cpumap.bitmap.p",
                               payload);

    (void)request;
    cpus[2] = 6;
    return 0;
}

TEST(cpus_of_no_pool_are_a_set_for_the_caller)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        answer_with(tell_free);
        xc_cpumap_t cpus = xc_cpupool_freeinfo(xch);
        assert_non_null(cpus);
        assert_sysctl(minor, OP, "cpupool_op", {"op", FREEINFO}, {"cpumap.bitmap.p", AN_ADDRESS},
                      {"cpumap.nr_bits", 24});
        assert_memory_equal(cpus, "\0\0\6", 3);
        free(cpus);
        stop(xch);
    }
}

static int no_such_pool(struct sent *request, uint8_t *payload)
{
    (void)request;
    (void)payload;
    return -ENOENT;
}

TEST(a_failure_leaves_nothing_to_free)
{
    xc_interface *xch = start(17);
    uint32_t id = 5;

    answer_with(no_such_pool);
    assert_fails_with(xc_cpupool_getinfo(xch, 3), NULL, ENOENT);
    assert_fails_with(xc_cpupool_freeinfo(xch), NULL, ENOENT);
    assert_fails_with(xc_cpupool_create(xch, &id, 6), -1, ENOENT);
    assert_int_equal(id, 5);
    xc_cpupool_infofree(xch, NULL);
    stop(xch);
}

TEST(an_id_that_is_no_domains_is_moved_nowhere)
{
    xc_interface *xch = start(17);

    assert_fails_with(xc_cpupool_movedomain(xch, 1, 0x10001), -1, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_change_is_one_request),
        cmocka_unit_test(cpus_of_no_pool_are_a_set_for_the_caller),
        cmocka_unit_test(a_failure_leaves_nothing_to_free),
        cmocka_unit_test(an_id_that_is_no_domains_is_moved_nowhere),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
