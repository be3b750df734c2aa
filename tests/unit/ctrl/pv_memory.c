/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Page tables and frames of domains: what goes out, and what comes back. */
#include "harness.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "counted_copies.h"
#include "fakexen.h"
#include "fixture.h"
#include "pv_memory.h"
#include "short_of_buffers.h"
#include "xenctrl.h"

enum {
    DOM = 7,
    NONE = 0x10000 + DOM,
    GETPAGEFRAMEINFO3 = 61,
    AUDIT_P2M = 65,
    SET_BROKEN_PAGE_P2M = 67,
};

/* ---- lists for a PV domain ---- */

/* What was in the list's first and last struct, before it changed. */
static struct mmuext_op first_op;
static mmu_update_t first_update, last_update;

static int note_list(struct sent *request, uint8_t *memory)
{
    const void *list = (const void *)(uintptr_t)request->arguments[0];
    size_t count = request->arguments[1];

    (void)memory;
    if (request->op == __HYPERVISOR_mmuext_op && count) {
        memcpy(&first_op, list, sizeof(first_op));
        return (int)count;
    }
    if (count) {
        memcpy(&first_update, list, sizeof(first_update));
        memcpy(&last_update, (const mmu_update_t *)list + count - 1, sizeof(last_update));
    }
    return 0;
}

static void assert_list_was_sent(unsigned op, unsigned count)
{
    assert_int_equal(sent.op, op);
    assert_int_equal(sent.arguments[1], count);
    assert_int_equal(sent.arguments[2], 0);
    assert_int_equal(sent.arguments[3], DOM);
}

TEST(mmuext_operations_go_out_as_they_are)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct mmuext_op ops[2] = {{.cmd = MMUEXT_PIN_L4_TABLE, .arg1.mfn = 0x123456789},
                                   {.cmd = MMUEXT_UNPIN_TABLE}};

        answer_with(note_list);
        assert_int_equal(xc_mmuext_op(xch, ops, 2, DOM), 2);
        assert_list_was_sent(__HYPERVISOR_mmuext_op, 2);
        assert_memory_equal(&first_op, &ops[0], sizeof(first_op));
        assert_int_equal(xc_mmuext_op(xch, NULL, 0, DOM), 0);
        stop(xch);
    }
}

static void add_updates(xc_interface *xch, struct xc_mmu *mmu, unsigned first, unsigned count)
{
    for (unsigned i = first; i < first + count; i++)
        assert_int_equal(xc_add_mmu_update(xch, mmu, i, 0x100000000 + i), 0);
}

TEST(updates_wait_until_the_batch_is_full_or_flushed)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct xc_mmu *mmu = xc_alloc_mmu_updates(xch, DOM);

        answer_with(note_list);
        assert_non_null(mmu);
        add_updates(xch, mmu, 0, MAX_MMU_UPDATES - 1);
        assert_int_equal(requests, 0);
        add_updates(xch, mmu, MAX_MMU_UPDATES - 1, 1);
        assert_list_was_sent(__HYPERVISOR_mmu_update, MAX_MMU_UPDATES);
        assert_true(last_update.ptr == MAX_MMU_UPDATES - 1);
        assert_true(last_update.val == 0x100000000 + MAX_MMU_UPDATES - 1);
        add_updates(xch, mmu, 5, 1);
        assert_int_equal(xc_flush_mmu_updates(xch, mmu), 0);
        assert_list_was_sent(__HYPERVISOR_mmu_update, 1);
        assert_true(first_update.ptr == 5);
        assert_int_equal(requests, 2);
        assert_int_equal(xc_flush_mmu_updates(xch, mmu), 0);
        assert_int_equal(requests, 2);
        free(mmu);
        stop(xch);
    }
}

/* Whose frames, and in the upper half whose tables. */
TEST(updates_may_name_two_domains)
{
    xc_interface *xch = start(17);
    struct xc_mmu *mmu = xc_alloc_mmu_updates(xch, (DOM + 1) << 16 | DOM);

    add_updates(xch, mmu, 0, 1);
    assert_int_equal(xc_flush_mmu_updates(xch, mmu), 0);
    assert_int_equal(sent.arguments[3], (DOM + 1) << 16 | DOM);
    free(mmu);
    stop(xch);
}

static int refuse(struct sent *request, uint8_t *memory)
{
    (void)request;
    (void)memory;
    return -EPERM;
}

TEST(updates_that_fail_are_not_sent_again)
{
    xc_interface *xch = start(17);
    struct xc_mmu *mmu = xc_alloc_mmu_updates(xch, DOM);

    answer_with(refuse);
    add_updates(xch, mmu, 0, 3);
    assert_fails_with(xc_flush_mmu_updates(xch, mmu), -1, EPERM);
    assert_int_equal(xc_flush_mmu_updates(xch, mmu), 0);
    assert_int_equal(requests, 1);
    free(mmu);
    stop(xch);
}

/* ---- types of frames ---- */

static int type_frames(struct sent *request, uint8_t *payload)
{
    static const char member[] = "getpageframeinfo3";
    uint64_t count = fakerelease_get(
        payload, fakerelease_field(running_minor, "xen_domctl", member, "num"));
    xen_pfn_t *frames = address_in(running_minor, "xen_domctl", member, "array.p", payload);

    (void)request;
    for (uint64_t i = 0; i < count; i++)
        frames[i] = frames[i] % 2 ? XEN_DOMCTL_PFINFO_XTAB : XEN_DOMCTL_PFINFO_L1TAB;
    return 0;
}

TEST(frames_become_their_types_on_every_release)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xen_pfn_t frames[3] = {10, 11, 12};

        answer_with(type_frames);
        assert_int_equal(xc_get_pfn_type_batch(xch, DOM, 3, frames), 0);
        assert_domctl(minor, GETPAGEFRAMEINFO3, DOM, "getpageframeinfo3", {"num", 3},
                      {"array.p", AN_ADDRESS});
        assert_int_equal(frames[0], XEN_DOMCTL_PFINFO_L1TAB);
        assert_int_equal(frames[1], XEN_DOMCTL_PFINFO_XTAB);
        stop(xch);
    }
}

static int faults;

static int fault_first(struct sent *request, uint8_t *payload)
{
    if (faults) {
        faults--;
        return -EFAULT;
    }
    return type_frames(request, payload);
}

/* Where buffers lie in /dev/xen/hypercall they do not move. */
TEST(a_fault_is_final_where_buffers_cannot_move)
{
    xc_interface *xch = start(17);
    xen_pfn_t frame = 10;

    faults = 1;
    answer_with(fault_first);
    assert_fails_with(xc_get_pfn_type_batch(xch, DOM, 1, &frame), -1, EFAULT);
    assert_int_equal(frame, 10);
    stop(xch);
}

/* Elsewhere the kernel may be moving them: it is tried twice more, with the frames anew. */
TEST(a_fault_is_tried_again_where_buffers_may_move)
{
    fakexen_fail_open("/dev/xen/hypercall", ENOENT);
    xc_interface *xch = start(17);
    xen_pfn_t frame = 10;

    faults = 2;
    answer_with(fault_first);
    assert_int_equal(xc_get_pfn_type_batch(xch, DOM, 1, &frame), 0);
    assert_int_equal(frame, XEN_DOMCTL_PFINFO_L1TAB);
    assert_int_equal(requests, 3);
    frame = 10;
    faults = 3;
    assert_fails_with(xc_get_pfn_type_batch(xch, DOM, 1, &frame), -1, EFAULT);
    stop(xch);
}

/* Ordinary memory is nothing that Xen could be given: in and out again is the least. */
TEST(a_batch_of_types_is_copied_once_each_way)
{
    static xen_pfn_t frames[1024];
    xc_interface *xch = start(17);

    answer_with(type_frames);
    counted_copies_begin(sizeof(frames));
    assert_int_equal(xc_get_pfn_type_batch(xch, DOM, 1024, frames), 0);
    assert_int_equal(counted_copies(), 2);
    stop(xch);
}

/* ---- other arrays: how often they are copied ---- */

static int do_extents(struct sent *request, uint8_t *memory)
{
    (void)request;
    return (int)((struct xen_memory_reservation *)memory)->nr_extents;
}

TEST(extents_are_copied_once_each_way_that_they_go)
{
    enum { COUNT = 1 << 16 };
    static xen_pfn_t extents[COUNT];
    xc_interface *xch = start(17);

    answer_with(do_extents);
    counted_copies_begin(sizeof(extents));
    assert_int_equal(xc_domain_populate_physmap(xch, DOM, COUNT, 0, 0, extents), COUNT);
    assert_int_equal(counted_copies(), 2);
    assert_int_equal(xc_domain_increase_reservation(xch, DOM, COUNT, 0, 0, extents), COUNT);
    assert_int_equal(counted_copies(), 1);
    assert_int_equal(xc_domain_decrease_reservation(xch, DOM, COUNT, 0, extents), COUNT);
    assert_int_equal(counted_copies(), 1);
    stop(xch);
}

static int list_all(struct sent *request, uint8_t *memory)
{
    struct xen_machphys_mfn_list *list = (void *)memory;

    (void)request;
    list->nr_extents = list->max_extents;
    return 0;
}

TEST(the_machine_to_physical_list_is_copied_once)
{
    enum { COUNT = 4096 };
    static xen_pfn_t frames[COUNT];
    xc_interface *xch = start(17);

    answer_with(list_all);
    counted_copies_begin(sizeof(frames));
    assert_int_equal(xc_machphys_mfn_list(xch, COUNT, frames), 0);
    assert_int_equal(counted_copies(), 1);
    stop(xch);
}

TEST(the_dirty_bitmap_is_not_copied)
{
    enum { PAGES = 1 << 20 };
    xc_interface *xch = start(17);
    DECLARE_HYPERCALL_BUFFER(uint8_t, bitmap);

    bitmap = xc_hypercall_buffer_alloc(xch, bitmap, PAGES / 8);
    assert_non_null(bitmap);
    counted_copies_begin(PAGES / 8);
    assert_true(xc_logdirty_control(xch, DOM, XEN_DOMCTL_SHADOW_OP_PEEK,
                                    HYPERCALL_BUFFER(bitmap), PAGES, 0, NULL) >= 0);
    assert_int_equal(counted_copies(), 0);
    xc_hypercall_buffer_free(xch, bitmap);
    stop(xch);
}

/* ---- single frames ---- */

static unsigned long frame_below;
static int exchanged;

static int exchange_frame(struct sent *request, uint8_t *memory)
{
    struct xen_memory_reservation *reservation = (void *)memory;
    xen_pfn_t *extent;

    memcpy(&extent, &reservation->extent_start, sizeof(extent));
    assert_int_equal(reservation->nr_extents, 1);
    assert_int_equal(reservation->domid, DOM);
    if (request->arguments[0] == XENMEM_decrease_reservation) {
        assert_true(*extent == 0x123456789);
        return exchanged == 0 ? 0 : 1;
    }
    assert_int_equal(request->arguments[0], XENMEM_increase_reservation);
    assert_int_equal(reservation->mem_flags, XENMEMF_address_bits(32));
    *extent = frame_below;
    return exchanged == 1 ? 0 : 1;
}

TEST(a_frame_is_given_back_for_one_below_4_gib)
{
    xc_interface *xch = start(17);

    frame_below = 0xabcde;
    answer_with(exchange_frame);
    exchanged = 0;
    assert_fails_with(xc_make_page_below_4G(xch, DOM, 0x123456789), 0, EINVAL);
    exchanged = 1;
    assert_fails_with(xc_make_page_below_4G(xch, DOM, 0x123456789), 0, ENOMEM);
    exchanged = 2;
    assert_int_equal(xc_make_page_below_4G(xch, DOM, 0x123456789), 0xabcde);
    stop(xch);
}

TEST(a_page_is_marked_broken_on_every_release)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        assert_int_equal(xc_set_broken_page_p2m(xch, DOM, 0x123456789), 0);
        assert_domctl(minor, SET_BROKEN_PAGE_P2M, DOM, "set_broken_page_p2m",
                      {"pfn", 0x123456789});
        stop(xch);
    }
}

static int audit(struct sent *request, uint8_t *payload)
{
    static const char unit[] = "xen_domctl", member[] = "audit_p2m";

    (void)request;
    set_field(running_minor, unit, member, "orphans", payload, 1);
    set_field(running_minor, unit, member, "m2p_bad", payload, 0x200000000);
    set_field(running_minor, unit, member, "p2m_bad", payload, 3);
    return 0;
}

TEST(an_audit_has_three_counts_on_every_release)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint64_t orphans, m2p, p2m;

        answer_with(audit);
        assert_int_equal(xc_domain_p2m_audit(xch, DOM, &orphans, &m2p, &p2m), 0);
        assert_bare_domctl(AUDIT_P2M, DOM);
        assert_true(orphans == 1 && m2p == 0x200000000 && p2m == 3);
        stop(xch);
    }
}

TEST(caches_need_no_flush_here)
{
    xc_interface *xch = start(17);

    assert_int_equal(xc_domain_cacheflush(xch, DOM, 0, 100), 0);
    assert_int_equal(requests, 0);
    stop(xch);
}

/* ---- what goes wrong ---- */

TEST(bad_input_sends_nothing)
{
    xc_interface *xch = start(17);
    struct mmuext_op op = {0};
    xen_pfn_t frame = 0;
    uint64_t count;

    assert_fails_with(xc_mmuext_op(xch, &op, 1, NONE), -1, EINVAL);
    assert_fails_with(xc_get_pfn_type_batch(xch, NONE, 1, &frame), -1, EINVAL);
    assert_fails_with(xc_make_page_below_4G(xch, NONE, 0), 0, EINVAL);
    assert_fails_with(xc_set_broken_page_p2m(xch, NONE, 0), -1, EINVAL);
    assert_fails_with(xc_domain_p2m_audit(xch, NONE, &count, &count, &count), -1, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

static long make_mmuext_op(xc_interface *xch)
{
    struct mmuext_op op = {0};

    return xc_mmuext_op(xch, &op, 1, DOM);
}

static long get_types(xc_interface *xch)
{
    xen_pfn_t frame = 0;

    return xc_get_pfn_type_batch(xch, DOM, 1, &frame);
}

TEST(a_buffer_that_cannot_be_had_leaves_nothing)
{
    assert_buffers_may_fail(make_mmuext_op, NULL);
    assert_buffers_may_fail(get_types, NULL);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(mmuext_operations_go_out_as_they_are),
        cmocka_unit_test(updates_wait_until_the_batch_is_full_or_flushed),
        cmocka_unit_test(updates_may_name_two_domains),
        cmocka_unit_test(updates_that_fail_are_not_sent_again),
        cmocka_unit_test(frames_become_their_types_on_every_release),
        cmocka_unit_test(a_fault_is_final_where_buffers_cannot_move),
        cmocka_unit_test(a_fault_is_tried_again_where_buffers_may_move),
        cmocka_unit_test(a_batch_of_types_is_copied_once_each_way),
        cmocka_unit_test(extents_are_copied_once_each_way_that_they_go),
        cmocka_unit_test(the_machine_to_physical_list_is_copied_once),
        cmocka_unit_test(the_dirty_bitmap_is_not_copied),
        cmocka_unit_test(a_frame_is_given_back_for_one_below_4_gib),
        cmocka_unit_test(a_page_is_marked_broken_on_every_release),
        cmocka_unit_test(an_audit_has_three_counts_on_every_release),
        cmocka_unit_test(caches_need_no_flush_here),
        cmocka_unit_test(bad_input_sends_nothing),
        cmocka_unit_test(a_buffer_that_cannot_be_had_leaves_nothing),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
