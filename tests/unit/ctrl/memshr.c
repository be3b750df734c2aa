/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sharing pages between domains, and domains that are forks of others. */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "xenctrl.h"

enum {
    DOM = 7,
    CLIENT = 8,
    MEMORY_OP = 12,
    SHARING_OP = 22,
    OP_BYTES = 48,
    VM_EVENT_OP = 56,
    MEM_SHARING_OP = 57,
    SHARING = 3,
};
enum { NOMINATE_GFN, NOMINATE_GREF, SHARE, DEBUG_GFN, DEBUG_GREF = 5, ADD, AUDIT, RANGE, FORK, RESET };
#define NO_DOMAIN 0x10007u
#define GFN UINT64_C(0x123456789)
#define IS_GREF (UINT64_C(1) << 62)

#define assert_sharing_op(...) assert_struct(MEMORY_OP, SHARING_OP, OP_BYTES, __VA_ARGS__)

static int tell_port(struct sent *request, uint8_t *payload)
{
    if (request->op == VM_EVENT_OP)
        set_field(running_minor, "xen_domctl", "vm_event_op", "u.enable.port", payload, 44);
    return 0;
}

TEST(sharing_is_turned_on_and_off)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        /* Upstream's library sends the lowest byte alone: off. */
        assert_int_equal(xc_memshr_control(xch, DOM, 0x100), 0);
        assert_domctl(minor, MEM_SHARING_OP, DOM, "mem_sharing_op", {"u.enable", 1});
        assert_int_equal(xc_memshr_control(xch, DOM, 0), 0);
        assert_domctl(minor, MEM_SHARING_OP, DOM, "mem_sharing_op", {"u.enable", 0});
        stop(xch);
    }
}

TEST(the_ring_is_begun_ended_and_looked_at)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint32_t port = 0;

        answer_with(tell_port);
        assert_int_equal(xc_memshr_ring_enable(xch, DOM, &port), 0);
        assert_domctl(minor, VM_EVENT_OP, DOM, "vm_event_op", {"mode", SHARING});
        assert_int_equal(port, 44);
        assert_int_equal(xc_memshr_ring_disable(xch, DOM), 0);
        assert_domctl(minor, VM_EVENT_OP, DOM, "vm_event_op", {"op", 1}, {"mode", SHARING});
        assert_int_equal(xc_memshr_domain_resume(xch, DOM), 0);
        assert_domctl(minor, VM_EVENT_OP, DOM, "vm_event_op", {"op", 2}, {"mode", SHARING});
        stop(xch);
    }
}

static int tell_handle(struct sent *request, uint8_t *memory)
{
    uint64_t handle = UINT64_C(0x1122334455667788);

    (void)request;
    memcpy(memory + 16, &handle, sizeof(handle));
    return 0;
}

TEST(pages_are_nominated)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint64_t handle = 0;

        answer_with(tell_handle);
        assert_int_equal(xc_memshr_nominate_gfn(xch, DOM, GFN, &handle), 0);
        assert_sharing_op({0, 1, NOMINATE_GFN}, {2, 2, DOM}, {8, 8, GFN});
        assert_true(handle == UINT64_C(0x1122334455667788));
        handle = 0;
        assert_int_equal(xc_memshr_nominate_gref(xch, DOM, 0x80000009, &handle), 0);
        assert_sharing_op({0, 1, NOMINATE_GREF}, {2, 2, DOM}, {8, 4, 0x80000009});
        assert_true(handle == UINT64_C(0x1122334455667788));
        stop(xch);
    }
}

TEST(two_pages_become_one)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        assert_int_equal(xc_memshr_share_gfns(xch, DOM, GFN, 11, CLIENT, GFN + 1, 12), 0);
        assert_sharing_op({0, 1, SHARE}, {2, 2, DOM}, {8, 8, GFN}, {16, 8, 11},
                          {24, 8, GFN + 1}, {32, 8, 12}, {40, 2, CLIENT});
        assert_int_equal(xc_memshr_share_grefs(xch, DOM, 0x80000009, 11, CLIENT, 10, 12), 0);
        assert_sharing_op({0, 1, SHARE}, {2, 2, DOM}, {8, 8, IS_GREF | 0x80000009}, {16, 8, 11},
                          {24, 8, IS_GREF | 10}, {32, 8, 12}, {40, 2, CLIENT});
        assert_int_equal(xc_memshr_add_to_physmap(xch, DOM, GFN, 11, CLIENT, GFN + 1), 0);
        assert_sharing_op({0, 1, ADD}, {2, 2, DOM}, {8, 8, GFN}, {16, 8, 11}, {24, 8, GFN + 1},
                          {40, 2, CLIENT});
        assert_int_equal(xc_memshr_range_share(xch, DOM, CLIENT, 1, GFN), 0);
        assert_sharing_op({0, 1, RANGE}, {2, 2, DOM}, {8, 8, 1}, {16, 8, GFN}, {32, 2, CLIENT});
        stop(xch);
    }
}

static int handle_is_old(struct sent *request, uint8_t *memory)
{
    (void)memory;
    return request->memory[2] == DOM ? XENMEM_SHARING_OP_S_HANDLE_INVALID
                                     : XENMEM_SHARING_OP_C_HANDLE_INVALID;
}

TEST(a_handle_that_is_no_longer_good_has_its_errno)
{
    xc_interface *xch = start(17);
    uint64_t handle = 5;

    answer_with(handle_is_old);
    assert_fails_with(xc_memshr_share_gfns(xch, DOM, 1, 2, CLIENT, 3, 4), -1, ECHILD);
    assert_fails_with(xc_memshr_share_gfns(xch, CLIENT, 1, 2, DOM, 3, 4), -1, EBADF);
    assert_fails_with(xc_memshr_nominate_gfn(xch, DOM, 1, &handle), -1, ECHILD);
    assert_true(handle == 5);
    stop(xch);
}

TEST(a_domain_is_forked)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        assert_int_equal(xc_memshr_fork(xch, DOM, CLIENT, false, false), 0);
        assert_sharing_op({0, 1, FORK}, {2, 2, CLIENT}, {8, 2, DOM});
        assert_int_equal(xc_memshr_fork(xch, DOM, CLIENT, true, false), 0);
        assert_sharing_op({0, 1, FORK}, {2, 2, CLIENT}, {8, 2, DOM}, {10, 2, 1});
        assert_int_equal(xc_memshr_fork(xch, DOM, CLIENT, false, true), 0);
        assert_sharing_op({0, 1, FORK}, {2, 2, CLIENT}, {8, 2, DOM}, {10, 2, 2});
        stop(xch);
    }
}

TEST(up_to_4_16_a_fork_is_reset_as_a_whole)
{
    for (unsigned minor = OLDEST_MINOR; minor <= 16; minor++) {
        xc_interface *xch = start(minor);

        assert_int_equal(xc_memshr_fork_reset(xch, CLIENT, true, true), 0);
        assert_sharing_op({0, 1, RESET}, {2, 2, CLIENT});
        requests = 0;
        assert_fails_with(xc_memshr_fork_reset(xch, CLIENT, true, false), -1, ENOTSUP);
        assert_fails_with(xc_memshr_fork_reset(xch, CLIENT, false, true), -1, ENOTSUP);
        assert_fails_with(xc_memshr_fork_reset(xch, CLIENT, false, false), -1, EINVAL);
        assert_int_equal(requests, 0);
        assert_int_equal(logged.messages, 1);
        stop(xch);
    }
}

TEST(from_4_17_on_parts_of_a_fork_are_reset)
{
    for (unsigned minor = 17; minor <= NEWEST_MINOR; minor++) {
        xc_interface *xch = start(minor);

        assert_int_equal(xc_memshr_fork_reset(xch, CLIENT, true, true), 0);
        assert_sharing_op({0, 1, RESET}, {2, 2, CLIENT}, {10, 2, 12});
        assert_int_equal(xc_memshr_fork_reset(xch, CLIENT, true, false), 0);
        assert_sharing_op({0, 1, RESET}, {2, 2, CLIENT}, {10, 2, 4});
        assert_int_equal(xc_memshr_fork_reset(xch, CLIENT, false, true), 0);
        assert_sharing_op({0, 1, RESET}, {2, 2, CLIENT}, {10, 2, 8});
        requests = 0;
        assert_fails_with(xc_memshr_fork_reset(xch, CLIENT, false, false), -1, EINVAL);
        assert_int_equal(requests, 0);
        stop(xch);
    }
}

static int three(struct sent *request, uint8_t *memory)
{
    (void)request;
    (void)memory;
    return 3;
}

TEST(users_and_faults_are_counted)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        answer_with(three);
        assert_int_equal(xc_memshr_debug_gfn(xch, DOM, GFN), 3);
        assert_sharing_op({0, 1, DEBUG_GFN}, {2, 2, DOM}, {8, 8, GFN});
        assert_int_equal(xc_memshr_debug_gref(xch, DOM, 9), 3);
        assert_sharing_op({0, 1, DEBUG_GREF}, {2, 2, DOM}, {8, 4, 9});
        assert_int_equal(xc_memshr_audit(xch), 3);
        assert_sharing_op({0, 1, AUDIT});
        stop(xch);
    }
}

static int tell_pages(struct sent *request, uint8_t *memory)
{
    struct multicall_entry *entry = (void *)(uintptr_t)request->arguments[0];

    (void)memory;
    assert_int_equal(request->op, __HYPERVISOR_multicall);
    assert_int_equal(request->arguments[1], 1);
    assert_int_equal(entry->op, MEMORY_OP);
    entry->result = (xen_ulong_t)entry->args[0] << 32;
    return 0;
}

TEST(the_hosts_shared_pages_are_counted)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        answer_with(tell_pages);
        assert_int_equal(xc_sharing_freed_pages(xch), 18L << 32);
        assert_int_equal(xc_sharing_used_frames(xch), 19L << 32);
        stop(xch);
    }
}

TEST(bad_input_sends_nothing)
{
    xc_interface *xch = start(17);
    uint64_t handle;
    uint32_t port;

    assert_fails_with(xc_memshr_control(xch, NO_DOMAIN, 1), -1, EINVAL);
    assert_fails_with(xc_memshr_ring_enable(xch, DOM, NULL), -1, EINVAL);
    assert_fails_with(xc_memshr_ring_enable(xch, NO_DOMAIN, &port), -1, EINVAL);
    assert_fails_with(xc_memshr_ring_disable(xch, NO_DOMAIN), -1, EINVAL);
    assert_fails_with(xc_memshr_domain_resume(xch, NO_DOMAIN), -1, EINVAL);
    assert_fails_with(xc_memshr_nominate_gfn(xch, NO_DOMAIN, 1, &handle), -1, EINVAL);
    assert_fails_with(xc_memshr_nominate_gref(xch, NO_DOMAIN, 1, &handle), -1, EINVAL);
    assert_fails_with(xc_memshr_share_gfns(xch, NO_DOMAIN, 1, 1, 1, 1, 1), -1, EINVAL);
    assert_fails_with(xc_memshr_share_gfns(xch, 1, 1, 1, NO_DOMAIN, 1, 1), -1, EINVAL);
    assert_fails_with(xc_memshr_share_grefs(xch, NO_DOMAIN, 1, 1, 1, 1, 1), -1, EINVAL);
    assert_fails_with(xc_memshr_share_grefs(xch, 1, 1, 1, NO_DOMAIN, 1, 1), -1, EINVAL);
    assert_fails_with(xc_memshr_add_to_physmap(xch, NO_DOMAIN, 1, 1, 1, 1), -1, EINVAL);
    assert_fails_with(xc_memshr_add_to_physmap(xch, 1, 1, 1, NO_DOMAIN, 1), -1, EINVAL);
    assert_fails_with(xc_memshr_range_share(xch, NO_DOMAIN, 1, 1, 1), -1, EINVAL);
    assert_fails_with(xc_memshr_range_share(xch, 1, NO_DOMAIN, 1, 1), -1, EINVAL);
    assert_fails_with(xc_memshr_fork(xch, NO_DOMAIN, 1, false, false), -1, EINVAL);
    assert_fails_with(xc_memshr_fork(xch, 1, NO_DOMAIN, false, false), -1, EINVAL);
    assert_fails_with(xc_memshr_fork_reset(xch, NO_DOMAIN, true, true), -1, EINVAL);
    assert_fails_with(xc_memshr_debug_gfn(xch, NO_DOMAIN, 1), -1, EINVAL);
    assert_fails_with(xc_memshr_debug_gref(xch, NO_DOMAIN, 1), -1, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

static long control(xc_interface *xch)
{
    return xc_memshr_control(xch, DOM, 1);
}

static long nominate(xc_interface *xch)
{
    uint64_t handle;

    return xc_memshr_nominate_gfn(xch, DOM, 1, &handle);
}

static long reset(xc_interface *xch)
{
    return xc_memshr_fork_reset(xch, DOM, true, true);
}

static long audit(xc_interface *xch)
{
    return xc_memshr_audit(xch);
}

TEST(without_a_buffer_nothing_is_left)
{
    assert_fails_without_buffers(control);
    assert_fails_without_buffers(nominate);
    assert_fails_without_buffers(reset);
    assert_fails_without_buffers(audit);
    assert_fails_without_buffers(xc_sharing_freed_pages);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(sharing_is_turned_on_and_off),
        cmocka_unit_test(the_ring_is_begun_ended_and_looked_at),
        cmocka_unit_test(pages_are_nominated),
        cmocka_unit_test(two_pages_become_one),
        cmocka_unit_test(a_handle_that_is_no_longer_good_has_its_errno),
        cmocka_unit_test(a_domain_is_forked),
        cmocka_unit_test(up_to_4_16_a_fork_is_reset_as_a_whole),
        cmocka_unit_test(from_4_17_on_parts_of_a_fork_are_reset),
        cmocka_unit_test(users_and_faults_are_counted),
        cmocka_unit_test(the_hosts_shared_pages_are_counted),
        cmocka_unit_test(bad_input_sends_nothing),
        cmocka_unit_test(without_a_buffer_nothing_is_left),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
