/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Views of a domain's memory. Every release has them in the same layout. */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "xenctrl.h"

enum { HVM_OP = 34, ALTP2M = 25, REQUEST_BYTES = 80 };

/* The request that was sent: @cmd for domain 7, and behind it these 64-bit words. */
static void assert_altp2m_at(uint32_t cmd, uint64_t first, uint64_t second, uint64_t third)
{
    uint64_t wanted[REQUEST_BYTES / 8] = {1 | (uint64_t)cmd << 32, 7, first, second, third};

    assert_int_equal(sent.op, HVM_OP);
    assert_int_equal(sent.arguments[0], ALTP2M);
    assert_memory_equal(sent.memory, wanted, sizeof(wanted));
}

/* What lies behind the header: a view in the lowest 16 bits, and so on. */
#define VIEW(view, above) ((uint64_t)(view) | (uint64_t)(above) << 16)

static int answer_with_41(struct sent *request, uint8_t *memory)
{
    (void)request;
    memset(memory + 16, 0x41, 32);
    return 0;
}

static int refuse(struct sent *request, uint8_t *memory)
{
    (void)request;
    memset(memory + 16, 0x41, 32);
    return -EOPNOTSUPP;
}

TEST(altp2m_is_switched_on_and_asked_for)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        bool is_on = false;

        assert_int_equal(xc_altp2m_set_domain_state(xch, 7, true), 0);
        assert_altp2m_at(2, 1, 0, 0);
        assert_int_equal(xc_altp2m_set_domain_state(xch, 7, false), 0);
        assert_altp2m_at(2, 0, 0, 0);
        answer_with(answer_with_41);
        assert_int_equal(xc_altp2m_get_domain_state(xch, 7, &is_on), 0);
        assert_altp2m_at(1, 0, 0, 0);
        assert_true(is_on);
        stop(xch);
    }
}

TEST(violations_are_told_to_a_vcpu)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        assert_int_equal(xc_altp2m_set_vcpu_enable_notify(xch, 7, 3, 0x123456789), 0);
        assert_altp2m_at(3, 3, 0x123456789, 0);
        assert_int_equal(xc_altp2m_set_vcpu_disable_notify(xch, 7, 3), 0);
        assert_altp2m_at(13, 3, 0, 0);
        stop(xch);
    }
}

TEST(views_come_and_go)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint16_t view = 0;

        assert_int_equal(xc_altp2m_destroy_view(xch, 7, 5), 0);
        assert_altp2m_at(5, 5, 0, 0);
        assert_int_equal(xc_altp2m_switch_to_view(xch, 7, 5), 0);
        assert_altp2m_at(6, 5, 0, 0);
        assert_int_equal(xc_altp2m_set_visibility(xch, 7, 5, true), 0);
        assert_altp2m_at(16, VIEW(5, 1), 0, 0);
        assert_int_equal(xc_altp2m_set_visibility(xch, 7, 5, false), 0);
        assert_altp2m_at(16, 5, 0, 0);
        answer_with(answer_with_41);
        assert_int_equal(xc_altp2m_create_view(xch, 7, XENMEM_access_rx, &view), 0);
        assert_altp2m_at(4, VIEW(0xffff, XENMEM_access_rx), 0, 0);
        assert_int_equal(view, 0x4141);
        view = 0;
        assert_int_equal(xc_altp2m_get_vcpu_p2m_idx(xch, 7, 2, &view), 0);
        assert_altp2m_at(14, 2, 0, 0);
        assert_int_equal(view, 0x4141);
        stop(xch);
    }
}

TEST(pages_of_a_view_differ)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xenmem_access_t access = XENMEM_access_n;

        assert_int_equal(xc_altp2m_change_gfn(xch, 7, 5, 0x11, 0x22), 0);
        assert_altp2m_at(8, 5, 0x11, 0x22);
        assert_int_equal(xc_altp2m_change_gfn(xch, 7, 5, 0x11, INVALID_MFN), 0);
        assert_altp2m_at(8, 5, 0x11, UINT64_MAX);
        assert_int_equal(xc_altp2m_set_mem_access(xch, 7, 5, 0x33, XENMEM_access_rx), 0);
        assert_altp2m_at(7, VIEW(5, XENMEM_access_rx), 0x33, 0);
        answer_with(answer_with_41);
        assert_int_equal(xc_altp2m_get_mem_access(xch, 7, 5, 0x33, &access), 0);
        assert_altp2m_at(12, 5, 0x33, 0);
        assert_int_equal(access, 0x4141);
        stop(xch);
    }
}

static int read_lists(struct sent *request, uint8_t *memory)
{
    static const uint64_t gfns[] = {4, 5, 6};
    static const uint8_t kinds[] = {1, 2, 3};
    uint64_t pages, access;

    (void)request;
    memcpy(&pages, memory + 32, sizeof(pages));
    memcpy(&access, memory + 40, sizeof(access));
    assert_memory_equal((const void *)(uintptr_t)pages, gfns, sizeof(gfns));
    assert_memory_equal((const void *)(uintptr_t)access, kinds, sizeof(kinds));
    memset(memory + 32, 0, 16);
    memcpy(sent.memory, memory, REQUEST_BYTES);
    return 0;
}

TEST(many_pages_are_set_at_once)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint64_t gfns[] = {4, 5, 6};
        uint8_t kinds[] = {1, 2, 3};

        answer_with(read_lists);
        assert_int_equal(xc_altp2m_set_mem_access_multi(xch, 7, 5, kinds, gfns, 3), 0);
        assert_altp2m_at(9, VIEW(5, 0) | UINT64_C(3) << 32, 0, 0);
        assert_int_equal(requests, 1);
        assert_fails_with(xc_altp2m_set_mem_access_multi(xch, 7, 5, NULL, gfns, 3), -1, EINVAL);
        assert_fails_with(xc_altp2m_set_mem_access_multi(xch, 7, 5, kinds, NULL, 3), -1, EINVAL);
        assert_int_equal(requests, 1);
        answer_with(NULL);
        assert_int_equal(xc_altp2m_set_mem_access_multi(xch, 7, 5, NULL, NULL, 0), 0);
        stop(xch);
    }
}

TEST(the_guest_is_spared_exceptions)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        bool spared = false;
        xen_pfn_t gfn = 0;
        int32_t code = 0;

        assert_int_equal(xc_altp2m_set_suppress_ve(xch, 7, 5, 0x33, true), 0);
        assert_altp2m_at(10, VIEW(5, 1), 0x33, 0);
        answer_with(answer_with_41);
        assert_int_equal(xc_altp2m_get_suppress_ve(xch, 7, 5, 0x33, &spared), 0);
        assert_altp2m_at(11, 5, 0x33, 0);
        assert_true(spared);
        assert_int_equal(xc_altp2m_set_supress_ve_multi(xch, 7, 5, 0x10, 0x20, true, &gfn, &code),
                         0);
        assert_altp2m_at(15, VIEW(5, 1), 0x10, 0x20);
        assert_int_equal(gfn, 0x4141414141414141);
        assert_int_equal(code, 0x41414141);
        stop(xch);
    }
}

TEST(refusals_leave_the_results_alone)
{
    xc_interface *xch = start(17);
    xenmem_access_t access = XENMEM_access_n;
    uint16_t view = 9;
    bool is_on = false;
    xen_pfn_t gfn = 9;
    int32_t code = 9;

    answer_with(refuse);
    assert_fails_with(xc_altp2m_get_domain_state(xch, 7, &is_on), -1, EOPNOTSUPP);
    assert_fails_with(xc_altp2m_create_view(xch, 7, XENMEM_access_rwx, &view), -1, EOPNOTSUPP);
    assert_fails_with(xc_altp2m_get_vcpu_p2m_idx(xch, 7, 0, &view), -1, EOPNOTSUPP);
    assert_fails_with(xc_altp2m_get_mem_access(xch, 7, 1, 2, &access), -1, EOPNOTSUPP);
    assert_fails_with(xc_altp2m_get_suppress_ve(xch, 7, 1, 2, &is_on), -1, EOPNOTSUPP);
    assert_fails_with(xc_altp2m_set_supress_ve_multi(xch, 7, 1, 2, 3, true, &gfn, &code), -1,
                      EOPNOTSUPP);
    assert_false(is_on);
    assert_int_equal(view, 9);
    assert_int_equal(access, XENMEM_access_n);
    assert_int_equal(gfn, 9);
    assert_int_equal(code, 9);
    stop(xch);
}

TEST(no_domain_id_is_sent_that_is_none)
{
    xc_interface *xch = start(17);
    uint8_t kind = 0;
    uint64_t page = 0;

    assert_fails_with(xc_altp2m_set_domain_state(xch, 0x10007, true), -1, EINVAL);
    assert_fails_with(xc_altp2m_switch_to_view(xch, 0x10007, 1), -1, EINVAL);
    assert_fails_with(xc_altp2m_set_mem_access_multi(xch, 0x10007, 1, &kind, &page, 1), -1,
                      EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(altp2m_is_switched_on_and_asked_for),
        cmocka_unit_test(violations_are_told_to_a_vcpu),
        cmocka_unit_test(views_come_and_go),
        cmocka_unit_test(pages_of_a_view_differ),
        cmocka_unit_test(many_pages_are_set_at_once),
        cmocka_unit_test(the_guest_is_spared_exceptions),
        cmocka_unit_test(refusals_leave_the_results_alone),
        cmocka_unit_test(no_domain_id_is_sent_that_is_none),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
