/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory of domains: what goes out with each hypercall, and what comes back. */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "short_of_buffers.h"
#include "xenctrl.h"

#include <xen/hvm/hvm_op.h>

enum { DOM = 7 };

/* ---- exact requests ---- */

/* The extents as Xen finds them; each then gets 1000 more. */
static xen_pfn_t seen[4];

static int do_all(struct sent *request, uint8_t *memory)
{
    struct xen_memory_reservation *reservation = (void *)memory;
    xen_pfn_t *extents;

    memcpy(&extents, &reservation->extent_start, sizeof(extents));
    for (unsigned i = 0; extents && i < reservation->nr_extents; i++) {
        seen[i] = extents[i];
        extents[i] = i + 1000;
    }
    memcpy(request->memory, memory, sizeof(*reservation));
    return (int)reservation->nr_extents;
}

static void assert_reservation(unsigned cmd, unsigned order, unsigned flags)
{
    struct xen_memory_reservation wanted;

    memset(&wanted, 0, sizeof(wanted));
    set_xen_guest_handle_raw(
        wanted.extent_start,
        sent_pointer(offsetof(struct xen_memory_reservation, extent_start)));
    wanted.nr_extents = 3;
    wanted.extent_order = order;
    wanted.mem_flags = flags;
    wanted.domid = DOM;
    assert_memory_op(cmd, wanted);
}

static void check_populate(xc_interface *xch)
{
    xen_pfn_t extents[3] = {1, 2, 3};

    assert_int_equal(xc_domain_populate_physmap(xch, DOM, 3, 9, XENMEMF_exact_node(1), extents),
                     3);
    assert_reservation(XENMEM_populate_physmap, 9, XENMEMF_exact_node(1));
    assert_int_equal(seen[2], 3);
    assert_int_equal(extents[2], 1002);
    assert_int_equal(xc_domain_populate_physmap_exact(xch, DOM, 3, 0, 0, extents), 0);
    assert_reservation(XENMEM_populate_physmap, 0, 0);
}

static void check_increase(xc_interface *xch)
{
    xen_pfn_t extents[3] = {1, 2, 3};

    assert_int_equal(xc_domain_increase_reservation(xch, DOM, 3, 1, XENMEMF_address_bits(32),
                                                    extents),
                     3);
    assert_reservation(XENMEM_increase_reservation, 1, XENMEMF_address_bits(32));
    assert_int_equal(extents[0], 1000);
    assert_int_equal(xc_domain_increase_reservation_exact(xch, DOM, 3, 0, 0, extents), 0);
    assert_reservation(XENMEM_increase_reservation, 0, 0);
}

static void check_decrease(xc_interface *xch)
{
    xen_pfn_t extents[3] = {4, 5, 6};

    assert_int_equal(xc_domain_decrease_reservation(xch, DOM, 3, 2, extents), 3);
    assert_reservation(XENMEM_decrease_reservation, 2, 0);
    assert_int_equal(seen[0], 4);
    assert_int_equal(extents[0], 4); /* they are in only */
    assert_int_equal(xc_domain_decrease_reservation_exact(xch, DOM, 3, 0, extents), 0);
    assert_reservation(XENMEM_decrease_reservation, 0, 0);
}

static void check_claim(xc_interface *xch)
{
    struct xen_memory_reservation wanted;

    memset(&wanted, 0, sizeof(wanted));
    wanted.nr_extents = 0x123456789;
    wanted.domid = DOM;
    answer_with(NULL);
    assert_int_equal(xc_domain_claim_pages(xch, DOM, 0x123456789), 0);
    assert_memory_op(XENMEM_claim_pages, wanted);
}

TEST(reservations_go_out_alike_on_every_release)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        answer_with(do_all);
        check_populate(xch);
        check_increase(xch);
        check_decrease(xch);
        check_claim(xch);
        stop(xch);
    }
}


TEST(an_increase_need_not_tell_its_frames)
{
    xc_interface *xch = start(17);

    answer_with(do_all);
    assert_int_equal(xc_domain_increase_reservation(xch, DOM, 3, 0, 0, NULL), 3);
    assert_true(sent.arguments[1] != 0);
    for (unsigned i = 0; i < sizeof(void *); i++)
        assert_int_equal(sent.memory[i], 0);
    stop(xch);
}

/* Xen exchanges one extent of two, then fails. */
static int exchange_one(struct sent *request, uint8_t *memory)
{
    struct xen_memory_exchange *exchange = (void *)memory;
    xen_pfn_t *in, *out;

    (void)request;
    memcpy(&in, &exchange->in.extent_start, sizeof(in));
    memcpy(&out, &exchange->out.extent_start, sizeof(out));
    assert_int_equal(in[1], 12);
    assert_int_equal(out[0], 21);
    out[0] = 99;
    exchange->nr_exchanged = 1;
    return -ENOMEM;
}

TEST(an_exchange_has_two_lists_and_tells_how_far_it_came)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xen_pfn_t in[2] = {11, 12}, out[1] = {21};
        struct xen_memory_exchange wanted;

        answer_with(exchange_one);
        assert_fails_with(xc_domain_memory_exchange_pages(xch, DOM, 2, 0, in, 1, 1, out), -1,
                          ENOMEM);
        assert_int_equal(out[0], 99);
        memset(&wanted, 0, sizeof(wanted));
        set_xen_guest_handle_raw(wanted.in.extent_start, sent_pointer(0));
        set_xen_guest_handle_raw(
            wanted.out.extent_start,
            sent_pointer(offsetof(struct xen_memory_exchange, out.extent_start)));
        wanted.in.nr_extents = 2;
        wanted.in.domid = wanted.out.domid = DOM;
        wanted.out.nr_extents = wanted.out.extent_order = 1;
        assert_memory_op(XENMEM_exchange, wanted);
        stop(xch);
    }
}

static int check_batch(struct sent *request, uint8_t *memory)
{
    struct xen_add_to_physmap_batch *batch = (void *)memory;
    xen_ulong_t *idxs;
    xen_pfn_t *gpfns;
    int *errs;

    (void)request;
    memcpy(&idxs, &batch->idxs, sizeof(idxs));
    memcpy(&gpfns, &batch->gpfns, sizeof(gpfns));
    memcpy(&errs, &batch->errs, sizeof(errs));
    assert_int_equal(idxs[1], 12);
    assert_int_equal(gpfns[0], 21);
    errs[0] = 0;
    errs[1] = -EINVAL;
    return 0;
}

static void check_add_batch(xc_interface *xch)
{
    xen_ulong_t idxs[2] = {11, 12};
    xen_pfn_t gpfns[2] = {21, 22};
    struct xen_add_to_physmap_batch wanted;
    int errs[2] = {5, 5};

    answer_with(check_batch);
    assert_int_equal(xc_domain_add_to_physmap_batch(xch, DOM, 3, XENMAPSPACE_gmfn_foreign, 2,
                                                    idxs, gpfns, errs),
                     0);
    assert_int_equal(errs[0], 0);
    assert_int_equal(errs[1], -EINVAL);
    memset(&wanted, 0, sizeof(wanted));
    wanted.domid = DOM;
    wanted.space = XENMAPSPACE_gmfn_foreign;
    wanted.size = 2;
    wanted.u.foreign_domid = 3;
    set_xen_guest_handle_raw(
        wanted.idxs, sent_pointer(offsetof(struct xen_add_to_physmap_batch, idxs)));
    set_xen_guest_handle_raw(
        wanted.gpfns, sent_pointer(offsetof(struct xen_add_to_physmap_batch, gpfns)));
    set_xen_guest_handle_raw(
        wanted.errs, sent_pointer(offsetof(struct xen_add_to_physmap_batch, errs)));
    assert_memory_op(XENMEM_add_to_physmap_batch, wanted);
    answer_with(NULL);
}

static void check_add_and_remove(xc_interface *xch)
{
    struct xen_add_to_physmap added;
    struct xen_remove_from_physmap removed;

    memset(&added, 0, sizeof(added));
    added.domid = DOM;
    added.space = XENMAPSPACE_grant_table;
    added.idx = 0x123456789;
    added.gpfn = 0x23456789a;
    assert_int_equal(xc_domain_add_to_physmap(xch, DOM, XENMAPSPACE_grant_table, 0x123456789,
                                              0x23456789a),
                     0);
    assert_memory_op(XENMEM_add_to_physmap, added);

    memset(&removed, 0, sizeof(removed));
    removed.domid = DOM;
    removed.gpfn = 0x23456789a;
    assert_int_equal(xc_domain_remove_from_physmap(xch, DOM, 0x23456789a), 0);
    assert_memory_op(XENMEM_remove_from_physmap, removed);
}

TEST(changes_of_the_physmap_go_out_alike_on_every_release)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        check_add_and_remove(xch);
        check_add_batch(xch);
        stop(xch);
    }
}

static int tell_pod(struct sent *request, uint8_t *memory)
{
    struct xen_pod_target *target = (void *)memory;

    (void)request;
    target->tot_pages = 100;
    target->pod_cache_pages = 20;
    target->pod_entries = UINT64_C(0x500000000);
    return 0;
}

TEST(targets_of_populate_on_demand_go_out_and_come_back)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct xen_pod_target wanted;
        uint64_t total, cache, entries;

        answer_with(tell_pod);
        memset(&wanted, 0, sizeof(wanted));
        wanted.domid = DOM;
        assert_int_equal(xc_domain_get_pod_target(xch, DOM, &total, &cache, &entries), 0);
        assert_memory_op(XENMEM_get_pod_target, wanted);
        assert_true(total == 100 && cache == 20 && entries == UINT64_C(0x500000000));
        wanted.target_pages = UINT64_C(0x400000000);
        assert_int_equal(xc_domain_set_pod_target(xch, DOM, UINT64_C(0x400000000), NULL, &cache,
                                                  NULL),
                         0);
        assert_memory_op(XENMEM_set_pod_target, wanted);
        stop(xch);
    }
}

/* ---- what goes wrong ---- */

TEST(bad_input_sends_nothing)
{
    enum { NONE = 0x10000 + DOM };
    xc_interface *xch = start(17);
    xen_pfn_t pfn = 1;
    xen_ulong_t idx = 1;
    uint64_t number = 0;
    int err = 0;

#define assert_refused(call) assert_fails_with(call, -1, EINVAL)
    assert_refused(xc_domain_populate_physmap(xch, NONE, 1, 0, 0, &pfn));
    assert_refused(xc_domain_populate_physmap_exact(xch, NONE, 1, 0, 0, &pfn));
    assert_refused(xc_domain_populate_physmap(xch, DOM, 1UL << 31, 0, 0, &pfn));
    assert_refused(xc_domain_populate_physmap(xch, DOM, 1, 0, 0, NULL));
    assert_refused(xc_domain_increase_reservation(xch, NONE, 1, 0, 0, &pfn));
    assert_refused(xc_domain_increase_reservation_exact(xch, DOM, 1UL << 40, 0, 0, &pfn));
    assert_refused(xc_domain_decrease_reservation(xch, NONE, 1, 0, &pfn));
    assert_refused(xc_domain_decrease_reservation(xch, DOM, 1, 0, NULL));
    assert_refused(xc_domain_decrease_reservation_exact(xch, NONE, 1, 0, &pfn));
    assert_refused(xc_domain_claim_pages(xch, NONE, 1));
    assert_refused(xc_domain_memory_exchange_pages(xch, NONE, 1, 0, &pfn, 1, 0, &pfn));
    assert_refused(xc_domain_add_to_physmap(xch, NONE, 0, 0, 0));
    assert_refused(xc_domain_remove_from_physmap(xch, NONE, 0));
    assert_refused(xc_domain_add_to_physmap_batch(xch, NONE, 0, 0, 1, &idx, &pfn, &err));
    assert_refused(xc_domain_add_to_physmap_batch(xch, DOM, NONE, 0, 1, &idx, &pfn, &err));
    assert_refused(xc_domain_add_to_physmap_batch(xch, DOM, 0, 0x10000, 1, &idx, &pfn, &err));
    assert_refused(xc_domain_add_to_physmap_batch(xch, DOM, 0, 0, 0x10000, &idx, &pfn, &err));
    assert_refused(xc_domain_set_pod_target(xch, NONE, 1, NULL, NULL, NULL));
    assert_refused(xc_domain_get_pod_target(xch, NONE, &number, NULL, NULL));
    assert_fails_with(xc_domain_memory_exchange_pages(xch, DOM, SIZE_MAX / 4, 0, &pfn, 1, 0,
                                                      &pfn),
                      -1, ENOMEM);
    assert_int_equal(requests, 0);
    stop(xch);
}

static long populate(xc_interface *xch)
{
    xen_pfn_t extents[3] = {0};

    return xc_domain_populate_physmap(xch, DOM, 3, 0, 0, extents);
}

static long exchange(xc_interface *xch)
{
    xen_pfn_t in[2] = {0}, out[2] = {0};

    return xc_domain_memory_exchange_pages(xch, DOM, 2, 0, in, 2, 0, out);
}

static long add_several(xc_interface *xch)
{
    xen_ulong_t idxs[2] = {0};
    xen_pfn_t gpfns[2] = {0};
    int errs[2];

    return xc_domain_add_to_physmap_batch(xch, DOM, 3, 0, 2, idxs, gpfns, errs);
}

TEST(a_buffer_that_cannot_be_had_leaves_nothing)
{
    assert_buffers_may_fail(populate, NULL);
    assert_buffers_may_fail(exchange, NULL);
    assert_buffers_may_fail(add_several, NULL);
}

/* Xen does all but one extent. */
static int do_most(struct sent *request, uint8_t *memory)
{
    struct xen_memory_reservation *reservation = (void *)memory;

    (void)request;
    assert_int_equal(reservation->domid, DOM);
    if (reservation->nr_extents) {
        uint64_t *extents;

        memcpy(&extents, &reservation->extent_start, sizeof(extents));
        extents[0] += 1000;
    }
    return (int)reservation->nr_extents - 1;
}

TEST(reservations_count_what_was_done)
{
    xc_interface *xch = start(17);
    xen_pfn_t extents[3] = {1, 2, 3};

    answer_with(do_most);
    assert_int_equal(xc_domain_populate_physmap(xch, DOM, 3, 0, 0, extents), 2);
    assert_int_equal(sent.op, __HYPERVISOR_memory_op);
    assert_int_equal(sent.arguments[0], XENMEM_populate_physmap);
    assert_int_equal(extents[0], 1001);
    assert_int_equal(extents[2], 3); /* not done: as it was */
    assert_fails_with(xc_domain_populate_physmap_exact(xch, DOM, 3, 0, 0, extents), -1, EBUSY);
    assert_fails_with(xc_domain_increase_reservation_exact(xch, DOM, 3, 0, 0, extents), -1,
                      ENOMEM);
    assert_fails_with(xc_domain_decrease_reservation_exact(xch, DOM, 3, 0, extents), -1, EINVAL);
    assert_fails_with(xc_domain_populate_physmap(xch, DOM, 3, 0, 0, NULL), -1, EINVAL);
    stop(xch);
}

static int tell_highest(struct sent *request, uint8_t *memory)
{
    struct multicall_entry *entry = (void *)(uintptr_t)request->arguments[0];

    (void)memory;
    assert_int_equal(request->op, __HYPERVISOR_multicall);
    assert_int_equal(entry->op, __HYPERVISOR_memory_op);
    entry->result = entry->args[0] == XENMEM_maximum_gpfn ? (xen_ulong_t)-ESRCH
                                                          : (xen_ulong_t)0x123456789;
    return 0;
}

TEST(a_frame_number_may_be_wider_than_an_int)
{
    xc_interface *xch = start(17);
    unsigned long frame;
    xen_pfn_t gfn;

    answer_with(tell_highest);
    assert_int_equal(xc_maximum_ram_page(xch, &frame), 0);
    assert_true(frame == 0x123456789);
    assert_fails_with(xc_domain_maximum_gpfn(xch, DOM, &gfn), -1, ESRCH);
    stop(xch);
}

static int no_such_operation(struct sent *request, uint8_t *memory)
{
    (void)request;
    (void)memory;
    return -ENOSYS;
}

TEST(a_claim_on_a_xen_without_claims_succeeds)
{
    xc_interface *xch = start(17);

    answer_with(no_such_operation);
    assert_int_equal(xc_domain_claim_pages(xch, DOM, 100), 0);
    assert_fails_with(xc_domain_remove_from_physmap(xch, DOM, 5), -1, ENOSYS);
    stop(xch);
}

TEST(hvm_parameters_follow_the_release)
{
    xc_interface *xch = start(18);
    struct xen_hvm_param wanted = {.domid = DOM, .index = HVM_PARAM_ALTP2M};

    assert_int_equal(xc_hvm_param_set(xch, DOM, HVM_PARAM_ALTP2M, 0), 0);
    assert_int_equal(sent.op, __HYPERVISOR_hvm_op);
    assert_memory_equal(sent.memory, &wanted, sizeof(wanted));
    stop(xch);

    xch = start(19);
    assert_int_equal(xc_hvm_param_set(xch, DOM, HVM_PARAM_ALTP2M, 0), 0);
    assert_int_equal(requests, 0);
    assert_fails_with(xc_hvm_param_set(xch, DOM, HVM_PARAM_ALTP2M, 1), -1, ENOTSUP);
    stop(xch);
}

static int tell_dirty(struct sent *request, uint8_t *payload)
{
    static const char unit[] = "xen_domctl", member[] = "shadow_op";
    uint8_t *bitmap = address_in(running_minor, unit, member, "dirty_bitmap.p", payload);

    (void)request;
    bitmap[0] = 0x81;
    set_field(running_minor, unit, member, "pages", payload, 8);
    set_field(running_minor, unit, member, "stats.dirty_count", payload, 2);
    return 0;
}

TEST(the_dirty_bitmap_is_written_in_place)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        DECLARE_HYPERCALL_BUFFER(uint8_t, bitmap);
        xc_shadow_op_stats_t stats;

        bitmap = xc_hypercall_buffer_alloc(xch, bitmap, 8);
        answer_with(tell_dirty);
        assert_int_equal(xc_logdirty_control(xch, DOM, XEN_DOMCTL_SHADOW_OP_CLEAN,
                                             HYPERCALL_BUFFER(bitmap), 64, 0, &stats),
                         8);
        assert_domctl(minor, 10, DOM, "shadow_op", {"op", XEN_DOMCTL_SHADOW_OP_CLEAN},
                      {"dirty_bitmap.p", (uintptr_t)bitmap}, {"pages", 64});
        assert_int_equal(bitmap[0], 0x81);
        assert_int_equal(stats.dirty_count, 2);
        xc_hypercall_buffer_free(xch, bitmap);
        stop(xch);
    }
}

TEST(the_paging_memory_is_a_shadow_operation_where_it_must)
{
    xc_interface *xch = start(16);

    assert_int_equal(xc_set_paging_mempool_size(xch, DOM, 3 << 20), 0);
    assert_domctl(16, 10, DOM, "shadow_op", {"op", XEN_DOMCTL_SHADOW_OP_SET_ALLOCATION},
                  {"mb", 3});
    stop(xch);

    xch = start(17);
    assert_int_equal(xc_set_paging_mempool_size(xch, DOM, 3 << 20), 0);
    assert_domctl(17, 86, DOM, "paging_mempool", {"size", 3 << 20});
    stop(xch);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(reservations_go_out_alike_on_every_release),
        cmocka_unit_test(an_increase_need_not_tell_its_frames),
        cmocka_unit_test(an_exchange_has_two_lists_and_tells_how_far_it_came),
        cmocka_unit_test(changes_of_the_physmap_go_out_alike_on_every_release),
        cmocka_unit_test(targets_of_populate_on_demand_go_out_and_come_back),
        cmocka_unit_test(bad_input_sends_nothing),
        cmocka_unit_test(a_buffer_that_cannot_be_had_leaves_nothing),
        cmocka_unit_test(reservations_count_what_was_done),
        cmocka_unit_test(a_frame_number_may_be_wider_than_an_int),
        cmocka_unit_test(a_claim_on_a_xen_without_claims_succeeds),
        cmocka_unit_test(hvm_parameters_follow_the_release),
        cmocka_unit_test(the_dirty_bitmap_is_written_in_place),
        cmocka_unit_test(the_paging_memory_is_a_shadow_operation_where_it_must),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
