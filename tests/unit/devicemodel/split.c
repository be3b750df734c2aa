/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Requests that are larger than the kernel takes. */
#include "fake_dm_op.h"

enum { EXTENTS = 1000, PAGES = 40000, XEN_MAX_PAGES = 1 << 18 };

static struct xen_dm_op_modified_memory_extent extents[EXTENTS];
static bool marked[EXTENTS];
static int fail_at = -1; /* the extent Xen does not like */
static bool report_progress;
static unsigned long bitmap[XEN_MAX_PAGES / 64];

static void number_extents(void)
{
    for (unsigned i = 0; i < EXTENTS; i++)
        extents[i] = (struct xen_dm_op_modified_memory_extent){.nr = 1, .first_pfn = i};
}

/* From the last extent to the first, as Xen does. */
static int mark(struct xen_dm_op *op, void *data, size_t size)
{
    struct xen_dm_op_modified_memory_extent *list = data;
    uint32_t left = op->u.modified_memory.nr_extents;

    assert_int_equal(size, left * sizeof(*list));
    for (; left; left--) {
        if ((int)list[left - 1].first_pfn == fail_at)
            break;
        marked[list[left - 1].first_pfn] = true;
    }
    if (report_progress)
        op->u.modified_memory.nr_extents = left;
    return left ? EINVAL : 0;
}

static unsigned count_marked(unsigned first, unsigned last)
{
    unsigned count = 0;

    for (unsigned i = first; i < last; i++)
        count += marked[i];
    return count;
}

TEST(modified_memory_bulk_is_split_by_256_extents)
{
    xendevicemodel_handle *dmod = fake_open();

    number_extents();
    fake_xen = mark;
    assert_int_equal(xendevicemodel_modified_memory_bulk(dmod, FAKE_DOMID, extents, EXTENTS), 0);
    assert_int_equal(count_marked(0, EXTENTS), EXTENTS);
    assert_int_equal(fake_request_count, 4);
    for (unsigned i = 0; i < 4; i++)
        assert_false(fake_requests[i].by_hypercall);
    assert_int_equal(fake_requests[0].size[1], 4096);
    assert_int_equal(fake_requests[3].op.u.modified_memory.nr_extents, EXTENTS - 3 * 256);
    xendevicemodel_close(dmod);
}

TEST(exactly_256_extents_are_one_request)
{
    xendevicemodel_handle *dmod = fake_open();

    number_extents();
    assert_int_equal(xendevicemodel_modified_memory_bulk(dmod, FAKE_DOMID, extents, 256), 0);
    assert_int_equal(fake_request_count, 1);
    xendevicemodel_close(dmod);
}

/* As upstream: Xen says what it thinks of it. */
TEST(no_extents_are_no_request)
{
    xendevicemodel_handle *dmod = fake_open();
    uint32_t left = 7;

    assert_int_equal(
        xendevicemodel_modified_memory_progress(dmod, FAKE_DOMID, extents, 0, &left), 0);
    assert_int_equal(left, 0);
    assert_int_equal(fake_request_count, 0);
    xendevicemodel_close(dmod);
}

TEST(a_restricted_handle_splits_as_well)
{
    xendevicemodel_handle *dmod = fake_open();

    number_extents();
    assert_int_equal(xendevicemodel_restrict(dmod, FAKE_DOMID), 0);
    assert_int_equal(xendevicemodel_modified_memory_bulk(dmod, FAKE_DOMID, extents, EXTENTS), 0);
    xendevicemodel_close(dmod);
}

/* What left promises: all from there on is done, and calling again with it goes on. */
static void check_progress(uint32_t expected_left)
{
    xendevicemodel_handle *dmod = fake_open();
    uint32_t left = EXTENTS + 1;

    number_extents();
    fake_xen = mark;
    fail_at = 400;
    assert_fails_with(
        xendevicemodel_modified_memory_progress(dmod, FAKE_DOMID, extents, EXTENTS, &left), -1,
        EINVAL);
    assert_int_equal(left, expected_left);
    assert_true(left > 400);
    assert_int_equal(count_marked(left, EXTENTS), EXTENTS - left);
    assert_int_equal(count_marked(0, 256), 0);
    fail_at = -1;
    assert_int_equal(
        xendevicemodel_modified_memory_progress(dmod, FAKE_DOMID, extents, left, &left), 0);
    assert_int_equal(left, 0);
    assert_int_equal(count_marked(0, EXTENTS), EXTENTS);
    xendevicemodel_close(dmod);
}

TEST(a_failure_half_way_says_how_far_it_got_by_256)
{
    check_progress(EXTENTS - 2 * 256);
}

TEST(a_failure_half_way_says_how_far_it_got_if_Xen_tells)
{
    report_progress = true;
    check_progress(401);
}

static int grow_the_number(struct xen_dm_op *op, void *data, size_t size)
{
    (void)data;
    (void)size;
    op->u.modified_memory.nr_extents = UINT32_MAX;
    return ESRCH;
}

TEST(a_number_from_Xen_that_makes_no_sense_is_not_believed)
{
    xendevicemodel_handle *dmod = fake_open();
    uint32_t left;

    number_extents();
    fake_xen = grow_the_number;
    assert_fails_with(
        xendevicemodel_modified_memory_progress(dmod, FAKE_DOMID, extents, 600, &left), -1, ESRCH);
    assert_int_equal(left, 600);
    xendevicemodel_close(dmod);
}

static int fill_bitmap(struct xen_dm_op *op, void *data, size_t size)
{
    assert_int_equal(op->op, XEN_DMOP_track_dirty_vram);
    assert_int_equal(size, ((size_t)op->u.track_dirty_vram.nr + 7) / 8);
    memset(data, 0x5a, size);
    ((unsigned char *)data)[size - 1] = 0xa5;
    return 0;
}

/* One range of one domain is all Xen tracks: several requests would start anew each time. */
TEST(a_large_range_is_tracked_by_one_request)
{
    xendevicemodel_handle *dmod = fake_open();
    const unsigned char *bytes = (const unsigned char *)bitmap;

    fake_xen = fill_bitmap;
    assert_int_equal(xendevicemodel_track_dirty_vram(dmod, FAKE_DOMID, 0xf0000, PAGES, bitmap), 0);
    assert_int_equal(fake_request_count, 1);
    assert_true(fake_requests[0].by_hypercall);
    assert_int_equal(fake_requests[0].op.u.track_dirty_vram.nr, PAGES);
    assert_int_equal(fake_requests[0].op.u.track_dirty_vram.first_pfn, 0xf0000);
    assert_int_equal(bytes[0], 0x5a);
    assert_int_equal(bytes[PAGES / 8 - 1], 0xa5);
    assert_int_equal(bytes[PAGES / 8], 0);
    assert_int_equal(xendevicemodel_track_dirty_vram(dmod, FAKE_DOMID, 0, XEN_MAX_PAGES, bitmap),
                     0);
    assert_int_equal(bytes[XEN_MAX_PAGES / 8 - 1], 0xa5);
    xendevicemodel_close(dmod);
}

TEST(a_kernel_that_takes_larger_buffers_is_used)
{
    xendevicemodel_handle *dmod = fake_open();

    fake_buffer_limit = 1 << 16;
    fake_xen = fill_bitmap;
    assert_int_equal(xendevicemodel_restrict(dmod, FAKE_DOMID), 0);
    assert_int_equal(xendevicemodel_track_dirty_vram(dmod, FAKE_DOMID, 0, PAGES, bitmap), 0);
    assert_false(fake_requests[0].by_hypercall);
    xendevicemodel_close(dmod);
}

TEST(a_large_range_on_a_restricted_handle_is_E2BIG)
{
    xendevicemodel_handle *dmod = fake_open();

    fake_xen = fill_bitmap;
    assert_int_equal(xendevicemodel_restrict(dmod, FAKE_DOMID), 0);
    assert_fails_with(xendevicemodel_track_dirty_vram(dmod, FAKE_DOMID, 0, PAGES, bitmap), -1,
                      E2BIG);
    assert_int_equal(bitmap[0], 0);
    assert_int_equal(fakexen_open_fds(), 1);
    assert_int_equal(xendevicemodel_track_dirty_vram(dmod, FAKE_DOMID, 0, 32768, bitmap), 0);
    xendevicemodel_close(dmod);
}

TEST(more_than_Xen_tracks_is_EINVAL_before_anything_is_allocated)
{
    xendevicemodel_handle *dmod = fake_open();
    unsigned calls = fakexen_count_all();

    assert_fails_with(
        xendevicemodel_track_dirty_vram(dmod, FAKE_DOMID, 0, XEN_MAX_PAGES + 1, bitmap), -1,
        EINVAL);
    assert_fails_with(xendevicemodel_track_dirty_vram(dmod, FAKE_DOMID, 0, UINT32_MAX, bitmap),
                      -1, EINVAL);
    assert_int_equal(fakexen_count_all(), calls);
    xendevicemodel_close(dmod);
}

static int refuse_tracking(struct xen_dm_op *op, void *data, size_t size)
{
    (void)op;
    (void)data;
    (void)size;
    return ENOMEM;
}

TEST(a_failed_large_request_leaves_the_bitmap_alone)
{
    xendevicemodel_handle *dmod = fake_open();

    memset(bitmap, 0x77, sizeof(bitmap));
    fake_xen = refuse_tracking;
    assert_fails_with(xendevicemodel_track_dirty_vram(dmod, FAKE_DOMID, 0, PAGES, bitmap), -1,
                      ENOMEM);
    assert_int_equal(bitmap[0], 0x7777777777777777);
    assert_int_equal(bitmap[PAGES / 64 - 1], 0x7777777777777777);
    xendevicemodel_close(dmod);
}

static void no_memory_is_EFAULT(xendevicemodel_handle *dmod)
{
    uint32_t left;

    assert_fails_with(xendevicemodel_track_dirty_vram(dmod, FAKE_DOMID, 0, 1, NULL), -1, EFAULT);
    assert_fails_with(xendevicemodel_modified_memory_bulk(dmod, FAKE_DOMID, NULL, 1), -1, EFAULT);
    assert_fails_with(
        xendevicemodel_modified_memory_progress(dmod, FAKE_DOMID, NULL, 257, &left), -1, EFAULT);
    assert_int_equal(left, 257);
    assert_int_equal(fake_request_count, 0);
    xendevicemodel_close(dmod);
}

TEST(no_memory_at_all_is_EFAULT)
{
    no_memory_is_EFAULT(fake_open());
}

TEST(no_memory_at_all_is_EFAULT_by_hypercall)
{
    no_memory_is_EFAULT(fake_open_without_dm_op());
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(modified_memory_bulk_is_split_by_256_extents),
        cmocka_unit_test(exactly_256_extents_are_one_request),
        cmocka_unit_test(no_extents_are_no_request),
        cmocka_unit_test(a_restricted_handle_splits_as_well),
        cmocka_unit_test(a_failure_half_way_says_how_far_it_got_by_256),
        cmocka_unit_test(a_failure_half_way_says_how_far_it_got_if_Xen_tells),
        cmocka_unit_test(a_number_from_Xen_that_makes_no_sense_is_not_believed),
        cmocka_unit_test(a_large_range_is_tracked_by_one_request),
        cmocka_unit_test(a_kernel_that_takes_larger_buffers_is_used),
        cmocka_unit_test(a_large_range_on_a_restricted_handle_is_E2BIG),
        cmocka_unit_test(more_than_Xen_tracks_is_EINVAL_before_anything_is_allocated),
        cmocka_unit_test(no_memory_at_all_is_EFAULT),
        cmocka_unit_test(no_memory_at_all_is_EFAULT_by_hypercall),
        cmocka_unit_test(a_failed_large_request_leaves_the_bitmap_alone),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
