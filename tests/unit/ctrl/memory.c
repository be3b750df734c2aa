/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory of domains: what goes out with each hypercall, and what comes back. */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "xenctrl.h"

#include <xen/hvm/hvm_op.h>

enum { DOM = 7 };

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
        cmocka_unit_test(reservations_count_what_was_done),
        cmocka_unit_test(a_frame_number_may_be_wider_than_an_int),
        cmocka_unit_test(a_claim_on_a_xen_without_claims_succeeds),
        cmocka_unit_test(hvm_parameters_follow_the_release),
        cmocka_unit_test(the_dirty_bitmap_is_written_in_place),
        cmocka_unit_test(the_paging_memory_is_a_shadow_operation_where_it_must),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
