/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Video memory: moved and pinned, moved back and unpinned, wholly or not at all. */
#include "fake_dm_op.h"

enum { HOME = 0x80000, SEEN = 0xf0000, PAGES = 4096 };

static int fail_relocation, fail_pinning; /* errnos for those that come first */

static int video_xen(struct xen_dm_op *op, void *data, size_t size)
{
    int *failure = op->op == XEN_DMOP_relocate_memory ? &fail_relocation : &fail_pinning;
    int errnoval = *failure;

    (void)data;
    (void)size;
    *failure = 0;
    return errnoval;
}

static xendevicemodel_handle *open_with_video(void)
{
    fake_xen = video_xen;
    return fake_open();
}

static void check_relocation(unsigned number, uint64_t from, uint64_t to)
{
    struct xen_dm_op expected = {.op = XEN_DMOP_relocate_memory,
                                 .u.relocate_memory = {
                                     .size = PAGES, .src_gfn = from, .dst_gfn = to}};

    assert_true(number < fake_request_count);
    assert_memory_equal(&fake_requests[number].op, &expected, sizeof(expected));
}

static void check_pinning(unsigned number, uint32_t type)
{
    struct xen_dm_op expected = {.op = XEN_DMOP_pin_memory_cacheattr,
                                 .u.pin_memory_cacheattr = {
                                     .start = SEEN, .end = SEEN + PAGES - 1, .type = type}};

    assert_true(number < fake_request_count);
    assert_memory_equal(&fake_requests[number].op, &expected, sizeof(expected));
}

TEST(placing_moves_and_then_pins_to_write_back)
{
    xendevicemodel_handle *dmod = open_with_video();

    assert_int_equal(xendevicemodel_place_video_memory(dmod, FAKE_DOMID, HOME, SEEN, PAGES), 0);
    assert_int_equal(fake_request_count, 2);
    check_relocation(0, HOME, SEEN);
    check_pinning(1, XEN_DMOP_MEM_CACHEATTR_WB);
    xendevicemodel_close(dmod);
}

TEST(removing_unpins_and_then_moves_back)
{
    xendevicemodel_handle *dmod = open_with_video();

    assert_int_equal(xendevicemodel_remove_video_memory(dmod, FAKE_DOMID, SEEN, HOME, PAGES), 0);
    assert_int_equal(fake_request_count, 2);
    check_pinning(0, XEN_DMOP_DELETE_MEM_CACHEATTR);
    check_relocation(1, SEEN, HOME);
    xendevicemodel_close(dmod);
}

TEST(both_work_on_a_restricted_handle)
{
    xendevicemodel_handle *dmod = open_with_video();

    assert_int_equal(xendevicemodel_restrict(dmod, FAKE_DOMID), 0);
    assert_int_equal(xendevicemodel_place_video_memory(dmod, FAKE_DOMID, HOME, SEEN, PAGES), 0);
    assert_int_equal(xendevicemodel_remove_video_memory(dmod, FAKE_DOMID, SEEN, HOME, PAGES), 0);
    assert_fails_with(xendevicemodel_place_video_memory(dmod, OTHER_DOMID, HOME, SEEN, PAGES), -1,
                      EPERM);
    xendevicemodel_close(dmod);
}

TEST(a_move_that_fails_pins_nothing)
{
    xendevicemodel_handle *dmod = open_with_video();

    fail_relocation = ESRCH;
    assert_fails_with(xendevicemodel_place_video_memory(dmod, FAKE_DOMID, HOME, SEEN, PAGES), -1,
                      ESRCH);
    assert_int_equal(fake_request_count, 1);
    xendevicemodel_close(dmod);
}

TEST(a_pinning_that_fails_moves_back)
{
    xendevicemodel_handle *dmod = open_with_video();

    fail_pinning = ENOMEM;
    assert_fails_with(xendevicemodel_place_video_memory(dmod, FAKE_DOMID, HOME, SEEN, PAGES), -1,
                      ENOMEM);
    assert_int_equal(fake_request_count, 3);
    check_relocation(2, SEEN, HOME);
    xendevicemodel_close(dmod);
}

TEST(a_move_back_that_fails_pins_again)
{
    xendevicemodel_handle *dmod = open_with_video();

    fail_relocation = EINVAL;
    assert_fails_with(xendevicemodel_remove_video_memory(dmod, FAKE_DOMID, SEEN, HOME, PAGES), -1,
                      EINVAL);
    assert_int_equal(fake_request_count, 3);
    check_pinning(2, XEN_DMOP_MEM_CACHEATTR_WB);
    xendevicemodel_close(dmod);
}

TEST(memory_that_was_not_pinned_is_moved_back_all_the_same)
{
    xendevicemodel_handle *dmod = open_with_video();

    fail_pinning = ENOENT;
    assert_int_equal(xendevicemodel_remove_video_memory(dmod, FAKE_DOMID, SEEN, HOME, PAGES), 0);
    check_relocation(1, SEEN, HOME);
    fail_pinning = EPERM;
    assert_fails_with(xendevicemodel_remove_video_memory(dmod, FAKE_DOMID, SEEN, HOME, PAGES), -1,
                      EPERM);
    assert_int_equal(fake_request_count, 3);
    xendevicemodel_close(dmod);
}

TEST(ranges_that_are_none_are_EINVAL)
{
    xendevicemodel_handle *dmod = open_with_video();

    assert_fails_with(xendevicemodel_place_video_memory(dmod, FAKE_DOMID, HOME, SEEN, 0), -1,
                      EINVAL);
    assert_fails_with(xendevicemodel_place_video_memory(dmod, FAKE_DOMID, UINT64_MAX, SEEN, 2),
                      -1, EINVAL);
    assert_fails_with(xendevicemodel_place_video_memory(dmod, FAKE_DOMID, HOME, UINT64_MAX, 2),
                      -1, EINVAL);
    assert_fails_with(xendevicemodel_remove_video_memory(dmod, FAKE_DOMID, SEEN, HOME, 0), -1,
                      EINVAL);
    assert_int_equal(fake_request_count, 0);
    xendevicemodel_close(dmod);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(placing_moves_and_then_pins_to_write_back),
        cmocka_unit_test(removing_unpins_and_then_moves_back),
        cmocka_unit_test(both_work_on_a_restricted_handle),
        cmocka_unit_test(a_move_that_fails_pins_nothing),
        cmocka_unit_test(a_pinning_that_fails_moves_back),
        cmocka_unit_test(a_move_back_that_fails_pins_again),
        cmocka_unit_test(memory_that_was_not_pinned_is_moved_back_all_the_same),
        cmocka_unit_test(ranges_that_are_none_are_EINVAL),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
