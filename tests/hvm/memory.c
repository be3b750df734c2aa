/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a device model does to the memory of a bare HVM guest, as the guest and Xen's
 * dirty tracking see it. See machine.h.
 */
#include <errno.h>
#include <string.h>

#include "machine.h" /* first: the definitions for tools */

#include <xen/hvm/params.h>
#include <xen/memory.h>

#include "dirty_log.h"
#include "harness.h"

enum { TRACKED_GFN = 0x800, TRACKED = 1024, EXTENTS = 300 };
enum { BIG_GFN = 0x200, BIG = 40000, BIG_LAST = BIG_GFN + BIG - 1 };
enum { RAM_GFN = 0x1800, HOLE_GFN = 0xe0100, VIDEO_GFN = 0xe0200 };
enum { MORE_THAN_IT_MAY_HAVE = 2 * GUEST_PAGES };
enum { BITS = 8 * sizeof(unsigned long) };

static unsigned long bitmap[BIG / BITS + 1];

static int track(uint64_t first_gfn, uint32_t nr)
{
    memset(bitmap, 0, sizeof(bitmap));
    return xendevicemodel_track_dirty_vram(machine_dmod(), machine_domid(), first_gfn, nr,
                                           nr ? bitmap : NULL);
}

static bool is_dirty(uint32_t page)
{
    return bitmap[page / BITS] >> page % BITS & 1;
}

static uint32_t dirty_among(uint32_t pages)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < pages; i++)
        count += is_dirty(i);
    return count;
}

static int populate(xen_pfn_t gfn)
{
    return xendevicemodel_populate_physmap_exact(machine_dmod(), machine_domid(), 1, 0, 0, &gfn);
}

static int remove_page(xen_pfn_t gfn)
{
    return xendevicemodel_remove_from_physmap(machine_dmod(), machine_domid(), gfn);
}

TEST(guest_has_the_virtual_cpus_it_was_made_with)
{
    unsigned int vcpus = 77;

    assert_int_equal(xendevicemodel_nr_vcpus(machine_dmod(), machine_domid(), &vcpus), 0);
    assert_int_equal(vcpus, GUEST_VCPUS);
}

TEST(dirty_tracking_finds_exactly_the_pages_written)
{
    assert_int_equal(track(TRACKED_GFN, TRACKED), 0);
    assert_int_equal(dirty_among(TRACKED), TRACKED);
    assert_int_equal(track(TRACKED_GFN, TRACKED), 0);
    assert_int_equal(dirty_among(TRACKED), 0);
    guest_writes_page(TRACKED_GFN, 1);
    guest_writes_page(TRACKED_GFN + 77, 1);
    guest_writes_page(TRACKED_GFN + TRACKED - 1, 1);
    guest_writes_page(TRACKED_GFN + TRACKED, 1);
    guest_reads_page(TRACKED_GFN + 5);
    assert_int_equal(track(TRACKED_GFN, TRACKED), 0);
    assert_true(is_dirty(0) && is_dirty(77) && is_dirty(TRACKED - 1));
    assert_int_equal(dirty_among(TRACKED), 3);
    guest_writes_page(TRACKED_GFN + 77, 2);
    assert_int_equal(track(TRACKED_GFN, TRACKED), 0);
    assert_true(is_dirty(77));
    assert_int_equal(dirty_among(TRACKED), 1);
}

/* Without the end, the second call would find no page dirty. */
TEST(dirty_tracking_ends_and_starts_anew)
{
    assert_int_equal(track(TRACKED_GFN, TRACKED), 0);
    assert_int_equal(track(TRACKED_GFN, TRACKED), 0);
    assert_int_equal(dirty_among(TRACKED), 0);
    assert_int_equal(track(TRACKED_GFN, 0), 0);
    assert_int_equal(track(TRACKED_GFN, TRACKED), 0);
    assert_int_equal(dirty_among(TRACKED), TRACKED);
    assert_int_equal(track(0, 0), 0);
}

/* Xen tracks one range of a domain, so this is one request, however large. */
TEST(dirty_tracking_beyond_32768_pages_finds_exactly_the_pages_written)
{
    assert_int_equal(populate(BIG_LAST), 0);
    assert_int_equal(track(BIG_GFN, BIG), 0);
    assert_int_equal(dirty_among(BIG), BIG);
    assert_int_equal(track(BIG_GFN, BIG), 0);
    assert_int_equal(dirty_among(BIG), 0);
    guest_writes_page(TRACKED_GFN, 3);
    guest_writes_page(BIG_LAST, 3);
    assert_int_equal(track(BIG_GFN, BIG), 0);
    assert_true(is_dirty(TRACKED_GFN - BIG_GFN) && is_dirty(BIG - 1));
    assert_int_equal(dirty_among(BIG), 2);
    assert_int_equal(track(0, 0), 0);
    assert_int_equal(remove_page(BIG_LAST), 0);
    assert_fails_with(track(0, (1 << 18) + 1), -1, EINVAL);
}

/* What Xen has logged of the tracked range since the last call. */
static void fetch_log(void)
{
    memset(bitmap, 0, sizeof(bitmap));
    assert_int_equal(dirty_log_fetch(machine_domid(), bitmap), 0);
    memmove(bitmap, bitmap + TRACKED_GFN / BITS, TRACKED / 8);
}

/* Every other page; more extents than one request takes. */
TEST(pages_said_to_be_modified_are_logged_as_dirty)
{
    static struct xen_dm_op_modified_memory_extent extents[EXTENTS];
    xendevicemodel_handle *dmod = machine_dmod();
    domid_t domid = machine_domid();

    for (uint32_t i = 0; i < EXTENTS; i++)
        extents[i] = (struct xen_dm_op_modified_memory_extent){
            .nr = 1, .first_pfn = TRACKED_GFN + 2 * (uint64_t)i};
    assert_int_equal(dirty_log_start(domid), 0);
    fetch_log();
    fetch_log();
    assert_int_equal(dirty_among(TRACKED), 0);
    assert_int_equal(xendevicemodel_modified_memory_bulk(dmod, domid, extents, EXTENTS), 0);
    fetch_log();
    for (uint32_t i = 0; i < EXTENTS; i++)
        assert_true(is_dirty(2 * i));
    assert_int_equal(dirty_among(TRACKED), EXTENTS);
    assert_int_equal(xendevicemodel_modified_memory(dmod, domid, TRACKED_GFN + 9, 3), 0);
    assert_int_equal(
        xendevicemodel_mark_memory_region_dirty(dmod, domid, TRACKED_GFN + 1000, 1), 0);
    fetch_log();
    assert_true(is_dirty(9) && is_dirty(10) && is_dirty(11) && is_dirty(1000));
    assert_int_equal(dirty_among(TRACKED), 4);
    assert_int_equal(dirty_log_stop(domid), 0);
}

/* An extent near the front is refused, which is in the second request. */
TEST(progress_tells_how_far_a_failure_came)
{
    static struct xen_dm_op_modified_memory_extent extents[EXTENTS];
    xendevicemodel_handle *dmod = machine_dmod();
    domid_t domid = machine_domid();
    uint32_t left = 7;

    for (uint32_t i = 0; i < EXTENTS; i++)
        extents[i] = (struct xen_dm_op_modified_memory_extent){
            .nr = i != 20, .first_pfn = TRACKED_GFN + (uint64_t)i};
    assert_int_equal(dirty_log_start(domid), 0);
    fetch_log();
    assert_fails_with(
        xendevicemodel_modified_memory_progress(dmod, domid, extents, EXTENTS, &left), -1, EINVAL);
    assert_in_range(left, 21, EXTENTS - 256);
    fetch_log();
    for (uint32_t i = 0; i < EXTENTS; i++)
        assert_true(is_dirty(i) == (i > 20));
    extents[20].nr = 1;
    assert_int_equal(
        xendevicemodel_modified_memory_progress(dmod, domid, extents, left, &left), 0);
    assert_int_equal(left, 0);
    fetch_log();
    assert_true(is_dirty(0) && is_dirty(20) && !is_dirty(EXTENTS - 1));
    assert_int_equal(dirty_log_stop(domid), 0);
}

TEST(relocated_pages_are_at_their_new_frames_only)
{
    xendevicemodel_handle *dmod = machine_dmod();
    domid_t domid = machine_domid();

    for (uint32_t i = 0; i < 4; i++)
        guest_writes_page(RAM_GFN + i, 100 + i);
    assert_int_equal(xendevicemodel_relocate_memory(dmod, domid, 4, RAM_GFN, HOLE_GFN), 0);
    for (uint32_t i = 0; i < 4; i++) {
        assert_int_equal(guest_reads_page(HOLE_GFN + i), 100 + i);
        assert_int_equal(guest_reads_page(RAM_GFN + i), NOTHING_THERE);
    }
    assert_int_equal(xendevicemodel_relocate_memory(dmod, domid, 4, HOLE_GFN, RAM_GFN), 0);
    assert_int_equal(guest_reads_page(RAM_GFN + 3), 103);
    assert_int_equal(guest_reads_page(HOLE_GFN + 3), NOTHING_THERE);
}

TEST(pinned_range_is_known_to_xen_until_it_is_deleted)
{
    xendevicemodel_handle *dmod = machine_dmod();
    domid_t domid = machine_domid();

    assert_int_equal(xendevicemodel_pin_memory_cacheattr(dmod, domid, RAM_GFN, RAM_GFN + 7,
                                                         XEN_DMOP_MEM_CACHEATTR_WC), 0);
    assert_fails_with(xendevicemodel_pin_memory_cacheattr(dmod, domid, RAM_GFN + 7, RAM_GFN + 9,
                                                          XEN_DMOP_MEM_CACHEATTR_WB), -1, EBUSY);
    assert_int_equal(xendevicemodel_pin_memory_cacheattr(dmod, domid, RAM_GFN, RAM_GFN + 7,
                                                         XEN_DMOP_DELETE_MEM_CACHEATTR), 0);
    assert_fails_with(xendevicemodel_pin_memory_cacheattr(dmod, domid, RAM_GFN, RAM_GFN + 7,
                                                          XEN_DMOP_DELETE_MEM_CACHEATTR), -1,
                      ENOENT);
}

TEST(video_memory_is_placed_pinned_and_taken_away)
{
    xendevicemodel_handle *dmod = machine_dmod();
    domid_t domid = machine_domid();

    guest_writes_page(RAM_GFN + 1, 55);
    assert_int_equal(xendevicemodel_place_video_memory(dmod, domid, RAM_GFN, VIDEO_GFN, 4), 0);
    assert_int_equal(guest_reads_page(VIDEO_GFN + 1), 55);
    assert_int_equal(guest_reads_page(RAM_GFN + 1), NOTHING_THERE);
    assert_fails_with(xendevicemodel_pin_memory_cacheattr(dmod, domid, VIDEO_GFN + 3,
                                                          VIDEO_GFN + 4,
                                                          XEN_DMOP_MEM_CACHEATTR_UC), -1, EBUSY);
    guest_writes_page(VIDEO_GFN + 1, 56);
    assert_int_equal(xendevicemodel_remove_video_memory(dmod, domid, VIDEO_GFN, RAM_GFN, 4), 0);
    assert_int_equal(guest_reads_page(RAM_GFN + 1), 56);
    assert_int_equal(guest_reads_page(VIDEO_GFN + 1), NOTHING_THERE);
    assert_fails_with(xendevicemodel_pin_memory_cacheattr(dmod, domid, VIDEO_GFN, VIDEO_GFN + 3,
                                                          XEN_DMOP_DELETE_MEM_CACHEATTR), -1,
                      ENOENT);
}

TEST(populated_pages_are_the_guests_memory_until_they_are_removed)
{
    static const xen_pfn_t gfns[] = {HOLE_GFN, HOLE_GFN + 2};

    assert_int_equal(guest_reads_page(HOLE_GFN), NOTHING_THERE);
    assert_int_equal(xendevicemodel_populate_physmap(machine_dmod(), machine_domid(), 2, 0, 0,
                                                     gfns), 2);
    guest_writes_page(HOLE_GFN, 21);
    guest_writes_page(HOLE_GFN + 2, 22);
    assert_int_equal(guest_reads_page(HOLE_GFN), 21);
    assert_int_equal(guest_reads_page(HOLE_GFN + 1), NOTHING_THERE);
    assert_int_equal(guest_reads_page(HOLE_GFN + 2), 22);
    assert_int_equal(remove_page(HOLE_GFN), 0);
    assert_int_equal(remove_page(HOLE_GFN + 2), 0);
    assert_int_equal(guest_reads_page(HOLE_GFN), NOTHING_THERE);
    assert_fails_with(remove_page(HOLE_GFN), -1, ENOENT);
}

/* The domain may not have as much, so what it got on the way is taken back. */
TEST(populating_exactly_is_all_or_nothing)
{
    static xen_pfn_t gfns[MORE_THAN_IT_MAY_HAVE];

    for (uint32_t i = 0; i < MORE_THAN_IT_MAY_HAVE; i++)
        gfns[i] = HOLE_GFN + (xen_pfn_t)i;
    assert_fails_with(xendevicemodel_populate_physmap_exact(
                          machine_dmod(), machine_domid(), MORE_THAN_IT_MAY_HAVE, 0, 0, gfns),
                      -1, ENOMEM);
    assert_int_equal(guest_reads_page(HOLE_GFN), NOTHING_THERE);
    assert_int_equal(populate(HOLE_GFN), 0);
    guest_writes_page(HOLE_GFN, 31);
    assert_int_equal(guest_reads_page(HOLE_GFN), 31);
    assert_int_equal(remove_page(HOLE_GFN), 0);
}

/* In Xen's page of shared information: the factor by which virtual CPU 0 reads its clock. */
enum { CLOCK_FACTOR = 56 };
#define HOLE_ADDRESS ((uint32_t)HOLE_GFN << 12)

TEST(page_of_xens_is_placed_in_the_guest)
{
    xendevicemodel_handle *dmod = machine_dmod();
    domid_t domid = machine_domid();
    uint32_t factor;

    assert_int_equal(xendevicemodel_add_to_physmap(dmod, domid, XENMAPSPACE_shared_info, 0,
                                                   HOLE_GFN), 0);
    factor = guest_reads(HOLE_ADDRESS + CLOCK_FACTOR);
    assert_true(factor != 0 && factor != NOTHING_THERE);
    assert_int_equal(remove_page(HOLE_GFN), 0);
    assert_int_equal(guest_reads(HOLE_ADDRESS + CLOCK_FACTOR), NOTHING_THERE);
    assert_fails_with(xendevicemodel_add_to_physmap(dmod, domid, XENMAPSPACE_gmfn_range, 0,
                                                    HOLE_GFN), -1, EINVAL);
}

/* The parameter says where Xen's ACPI timer is: at 0x1f48, or at 0xb008 where QEMU has it. */
enum { OLD_TIMER = 0x1f48, NEW_TIMER = 0xb008 };

TEST(hvm_param_moves_the_acpi_timer)
{
    xendevicemodel_handle *dmod = machine_dmod();
    domid_t domid = machine_domid();
    uint64_t value = 7;

    assert_int_equal(
        xendevicemodel_set_hvm_param(dmod, domid, HVM_PARAM_ACPI_IOPORTS_LOCATION, 1), 0);
    assert_int_equal(guest_does(ORDER_IN, 4, OLD_TIMER, 0), NOTHING_THERE);
    assert_int_not_equal(guest_does(ORDER_IN, 4, NEW_TIMER, 0), NOTHING_THERE);
    assert_int_equal(
        xendevicemodel_set_hvm_param(dmod, domid, HVM_PARAM_ACPI_IOPORTS_LOCATION, 0), 0);
    assert_int_not_equal(guest_does(ORDER_IN, 4, OLD_TIMER, 0), NOTHING_THERE);
    assert_int_equal(guest_does(ORDER_IN, 4, NEW_TIMER, 0), NOTHING_THERE);
    assert_int_equal(
        xendevicemodel_get_hvm_param(dmod, domid, HVM_PARAM_ACPI_IOPORTS_LOCATION, &value), 0);
    assert_int_equal(value, 0);
    assert_fails_with(xendevicemodel_get_hvm_param(dmod, domid, HVM_NR_PARAMS, &value), -1,
                      EINVAL);
}

TEST(pinned_range_is_cached_as_told)
{
    skip_because("the lab's processor is emulated and has no caches: Xen's list is checked");
}

#define IN_MACHINE(test) cmocka_unit_test_setup_teardown(test, machine_join, machine_leave)

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        IN_MACHINE(guest_has_the_virtual_cpus_it_was_made_with),
        IN_MACHINE(dirty_tracking_finds_exactly_the_pages_written),
        IN_MACHINE(dirty_tracking_ends_and_starts_anew),
        IN_MACHINE(dirty_tracking_beyond_32768_pages_finds_exactly_the_pages_written),
        IN_MACHINE(pages_said_to_be_modified_are_logged_as_dirty),
        IN_MACHINE(progress_tells_how_far_a_failure_came),
        IN_MACHINE(relocated_pages_are_at_their_new_frames_only),
        IN_MACHINE(pinned_range_is_known_to_xen_until_it_is_deleted),
        cmocka_unit_test(pinned_range_is_cached_as_told),
        IN_MACHINE(video_memory_is_placed_pinned_and_taken_away),
        IN_MACHINE(populated_pages_are_the_guests_memory_until_they_are_removed),
        IN_MACHINE(populating_exactly_is_all_or_nothing),
        IN_MACHINE(page_of_xens_is_placed_in_the_guest),
        IN_MACHINE(hvm_param_moves_the_acpi_timer),
    };

    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
