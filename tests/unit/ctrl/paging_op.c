/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Page tables of domains: dirty pages, and the memory for the tables. */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "xenctrl.h"

enum { DOM = 7, SHADOW_OP = 10, GET_MEMPOOL = 85, SET_MEMPOOL = 86 };
#define NO_DOMAIN 0x10007u

static int tell_mib(struct sent *request, uint8_t *payload)
{
    if (request->op == SHADOW_OP)
        set_field(running_minor, "xen_domctl", "shadow_op", "mb", payload, 5);
    return 0;
}

TEST(the_tables_are_controlled)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        unsigned int mib = 3;

        assert_int_equal(xc_shadow_control(xch, DOM, XEN_DOMCTL_SHADOW_OP_ENABLE, NULL, 2), 0);
        assert_domctl(minor, SHADOW_OP, DOM, "shadow_op", {"op", 32}, {"mode", 2});
        answer_with(tell_mib);
        assert_int_equal(
            xc_shadow_control(xch, DOM, XEN_DOMCTL_SHADOW_OP_SET_ALLOCATION, &mib, 0), 0);
        assert_domctl(minor, SHADOW_OP, DOM, "shadow_op", {"op", 31}, {"mb", 3});
        assert_int_equal(mib, 5);
        stop(xch);
    }
}

static int no_such_domain(struct sent *request, uint8_t *payload)
{
    tell_mib(request, payload);
    return -ESRCH;
}

TEST(a_failure_changes_no_result)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xc_shadow_op_stats_t stats = {1, 2};
        unsigned int mib = 3;
        uint64_t size = 4;

        answer_with(no_such_domain);
        assert_fails_with(xc_shadow_control(xch, DOM, 31, &mib, 0), -1, ESRCH);
        assert_fails_with(xc_logdirty_control(xch, DOM, XEN_DOMCTL_SHADOW_OP_PEEK, NULL, 0, 0,
                                              &stats), -1, ESRCH);
        assert_fails_with(xc_get_paging_mempool_size(xch, DOM, &size), -1, ESRCH);
        assert_fails_with(xc_set_paging_mempool_size(xch, DOM, 4096), -1, ESRCH);
        assert_true(mib == 3 && size == 4 && stats.fault_count == 1 && stats.dirty_count == 2);
        stop(xch);
    }
}

static int tell_counts(struct sent *request, uint8_t *payload)
{
    static const char unit[] = "xen_domctl", member[] = "shadow_op";

    (void)request;
    set_field(running_minor, unit, member, "pages", payload, UINT64_C(0x123456789));
    set_field(running_minor, unit, member, "stats.fault_count", payload, 7);
    set_field(running_minor, unit, member, "stats.dirty_count", payload, 8);
    return 0;
}

TEST(dirty_pages_are_counted)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xc_shadow_op_stats_t stats;

        answer_with(tell_counts);
        assert_true(xc_logdirty_control(xch, DOM, XEN_DOMCTL_SHADOW_OP_PEEK, NULL, 0, 1,
                                        &stats) == 0x123456789LL);
        assert_domctl(minor, SHADOW_OP, DOM, "shadow_op", {"op", 12}, {"mode", 1});
        assert_true(stats.fault_count == 7 && stats.dirty_count == 8);
        assert_true(xc_logdirty_control(xch, DOM, XEN_DOMCTL_SHADOW_OP_ENABLE_LOGDIRTY, NULL, 0,
                                        0, NULL) == 0x123456789LL);
        assert_domctl(minor, SHADOW_OP, DOM, "shadow_op", {"op", 2});
        stop(xch);
    }
}

static int tell_size(struct sent *request, uint8_t *payload)
{
    if (request->op == SHADOW_OP)
        return tell_mib(request, payload);
    set_field(running_minor, "xen_domctl", "paging_mempool", "size", payload, 5 << 20);
    return 0;
}

TEST(the_memory_for_tables_is_set_and_told)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint64_t size = 0;

        answer_with(tell_size);
        assert_int_equal(xc_get_paging_mempool_size(xch, DOM, &size), 0);
        assert_true(size == 5 << 20);
        if (minor < 17)
            assert_domctl(minor, SHADOW_OP, DOM, "shadow_op", {"op", 30});
        else
            assert_domctl(minor, GET_MEMPOOL, DOM, "paging_mempool", {"size", 0});
        assert_int_equal(xc_set_paging_mempool_size(xch, DOM, (1 << 20) + 4096), 0);
        if (minor < 17)
            assert_domctl(minor, SHADOW_OP, DOM, "shadow_op", {"op", 31}, {"mb", 2});
        else
            assert_domctl(minor, SET_MEMPOOL, DOM, "paging_mempool", {"size", (1 << 20) + 4096});
        stop(xch);
    }
}

TEST(bad_input_sends_nothing)
{
    xc_interface *xch = start(17);
    uint64_t size;

    assert_fails_with(xc_shadow_control(xch, NO_DOMAIN, 0, NULL, 0), -1, EINVAL);
    assert_fails_with(xc_logdirty_control(xch, NO_DOMAIN, 0, NULL, 0, 0, NULL), -1, EINVAL);
    assert_fails_with(xc_logdirty_control(xch, DOM, XEN_DOMCTL_SHADOW_OP_SET_ALLOCATION, NULL, 0,
                                          0, NULL), -1, EINVAL);
    assert_fails_with(xc_get_paging_mempool_size(xch, NO_DOMAIN, &size), -1, EINVAL);
    assert_fails_with(xc_set_paging_mempool_size(xch, NO_DOMAIN, 4096), -1, EINVAL);
    assert_fails_with(xc_set_paging_mempool_size(xch, DOM, 4097), -1, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

static long control(xc_interface *xch)
{
    return xc_shadow_control(xch, DOM, 0, NULL, 0);
}

static long peek(xc_interface *xch)
{
    return (long)xc_logdirty_control(xch, DOM, XEN_DOMCTL_SHADOW_OP_PEEK, NULL, 0, 0, NULL);
}

static long set_size(xc_interface *xch)
{
    return xc_set_paging_mempool_size(xch, DOM, 4096);
}

TEST(without_a_buffer_nothing_is_left)
{
    assert_fails_without_buffers(control);
    assert_fails_without_buffers(peek);
    assert_fails_without_buffers(set_size);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tables_are_controlled),
        cmocka_unit_test(a_failure_changes_no_result),
        cmocka_unit_test(dirty_pages_are_counted),
        cmocka_unit_test(the_memory_for_tables_is_set_and_told),
        cmocka_unit_test(bad_input_sends_nothing),
        cmocka_unit_test(without_a_buffer_nothing_is_left),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
