/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paging out and in: the ring's requests, and those about pages. */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "xenctrl.h"

enum {
    DOM = 7,
    MEMORY_OP = 12,
    PAGING_OP = 20,
    OP_BYTES = 24,
    VM_EVENT_OP = 56,
    PAGING = 1,
    NOMINATE = 0,
    EVICT = 1,
    PREP = 2,
};
#define NO_DOMAIN 0x10007u
#define GFN UINT64_C(0x123456789)

static int tell_port(struct sent *request, uint8_t *payload)
{
    (void)request;
    set_field(running_minor, "xen_domctl", "vm_event_op", "u.enable.port", payload, 44);
    return 0;
}

TEST(the_ring_is_begun_ended_and_looked_at)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint32_t port = 0;

        answer_with(tell_port);
        assert_int_equal(xc_mem_paging_enable(xch, DOM, &port), 0);
        assert_domctl(minor, VM_EVENT_OP, DOM, "vm_event_op", {"mode", PAGING});
        assert_int_equal(port, 44);
        assert_int_equal(xc_mem_paging_disable(xch, DOM), 0);
        assert_domctl(minor, VM_EVENT_OP, DOM, "vm_event_op", {"op", 1}, {"mode", PAGING});
        assert_int_equal(xc_mem_paging_resume(xch, DOM), 0);
        assert_domctl(minor, VM_EVENT_OP, DOM, "vm_event_op", {"op", 2}, {"mode", PAGING});
        stop(xch);
    }
}

TEST(pages_go_out_and_come_in)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        assert_int_equal(xc_mem_paging_nominate(xch, DOM, GFN), 0);
        assert_struct(MEMORY_OP, PAGING_OP, OP_BYTES, {0, 1, NOMINATE}, {2, 2, DOM},
                      {16, 8, GFN});
        assert_int_equal(xc_mem_paging_evict(xch, DOM, GFN), 0);
        assert_struct(MEMORY_OP, PAGING_OP, OP_BYTES, {0, 1, EVICT}, {2, 2, DOM}, {16, 8, GFN});
        assert_int_equal(xc_mem_paging_prep(xch, DOM, GFN), 0);
        assert_struct(MEMORY_OP, PAGING_OP, OP_BYTES, {0, 1, PREP}, {2, 2, DOM}, {16, 8, GFN});
        stop(xch);
    }
}

static uint8_t page[XC_PAGE_SIZE];

static int see_page(struct sent *request, uint8_t *memory)
{
    uint64_t address;

    (void)memory;
    memcpy(&address, request->memory + 8, sizeof(address));
    assert_int_equal(address % XC_PAGE_SIZE, 0);
    assert_memory_equal((void *)(uintptr_t)address, page, sizeof(page));
    return 0;
}

TEST(a_page_comes_in_with_its_content)
{
    memset(page, 0x5a, sizeof(page));
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        answer_with(see_page);
        assert_int_equal(xc_mem_paging_load(xch, DOM, GFN, page), 0);
        assert_struct(MEMORY_OP, PAGING_OP, OP_BYTES, {0, 1, PREP}, {2, 2, DOM},
                      {8, 8, AN_ADDRESS}, {16, 8, GFN});
        stop(xch);
    }
}

static int is_in_use(struct sent *request, uint8_t *memory)
{
    (void)request;
    (void)memory;
    return -EBUSY;
}

TEST(what_xen_refuses_is_told)
{
    xc_interface *xch = start(17);
    uint32_t port = 3;

    answer_with(is_in_use);
    assert_fails_with(xc_mem_paging_enable(xch, DOM, &port), -1, EBUSY);
    assert_int_equal(port, 3);
    assert_fails_with(xc_mem_paging_nominate(xch, DOM, GFN), -1, EBUSY);
    assert_fails_with(xc_mem_paging_load(xch, DOM, GFN, page), -1, EBUSY);
    stop(xch);
}

TEST(bad_input_sends_nothing)
{
    xc_interface *xch = start(17);
    uint32_t port;

    assert_fails_with(xc_mem_paging_enable(xch, DOM, NULL), -1, EINVAL);
    assert_fails_with(xc_mem_paging_enable(xch, NO_DOMAIN, &port), -1, EINVAL);
    assert_fails_with(xc_mem_paging_disable(xch, NO_DOMAIN), -1, EINVAL);
    assert_fails_with(xc_mem_paging_resume(xch, NO_DOMAIN), -1, EINVAL);
    assert_fails_with(xc_mem_paging_nominate(xch, NO_DOMAIN, 1), -1, EINVAL);
    assert_fails_with(xc_mem_paging_evict(xch, NO_DOMAIN, 1), -1, EINVAL);
    assert_fails_with(xc_mem_paging_prep(xch, NO_DOMAIN, 1), -1, EINVAL);
    assert_fails_with(xc_mem_paging_load(xch, NO_DOMAIN, 1, page), -1, EINVAL);
    assert_fails_with(xc_mem_paging_load(xch, DOM, 1, NULL), -1, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

static long load(xc_interface *xch)
{
    return xc_mem_paging_load(xch, DOM, 1, page);
}

static long begin(xc_interface *xch)
{
    uint32_t port;

    return xc_mem_paging_enable(xch, DOM, &port);
}

TEST(without_a_buffer_nothing_is_left)
{
    assert_fails_without_buffers(load);
    assert_fails_without_buffers(begin);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ring_is_begun_ended_and_looked_at),
        cmocka_unit_test(pages_go_out_and_come_in),
        cmocka_unit_test(a_page_comes_in_with_its_content),
        cmocka_unit_test(what_xen_refuses_is_told),
        cmocka_unit_test(bad_input_sends_nothing),
        cmocka_unit_test(without_a_buffer_nothing_is_left),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
