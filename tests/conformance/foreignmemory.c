/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A guest's memory, and what Xen keeps for it, mapped in dom0. Agent A is the guest. */
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <xen/memory.h>

#include "conformance.h"
#include "frames.h"

enum { RW = PROT_READ | PROT_WRITE, NO_SUCH_DOMAIN = 7777 };
#define NO_SUCH_FRAME ((xen_pfn_t)0xfffffff)

static struct frames open_frames(void)
{
    return frames_open("XENLIBS_AGENT_A");
}

static void unmap(struct frames *frames, void *address, size_t pages)
{
    assert_int_equal(xenforeignmemory_unmap(frames->fmem, address, pages), 0);
}

TEST(a_handle_closes_and_stays_out_of_exec)
{
    xenforeignmemory_handle *fmem = xenforeignmemory_open(NULL, 0);

    assert_non_null(fmem);
    assert_int_equal(xen_devices_after_exec(), 0);
    assert_int_equal(xenforeignmemory_close(fmem), 0);
    assert_int_equal(xenforeignmemory_close(NULL), 0);
}

TEST(a_guests_pages_are_mapped)
{
    struct frames frames = open_frames();
    uint8_t *mapped = frames_map(&frames);

    expect_frames_at(&frames, mapped);
    unmap(&frames, mapped, FRAMES);
    frames_close(&frames);
}

TEST(a_read_only_mapping_cannot_be_written)
{
    struct frames frames = open_frames();
    int errors[FRAMES] = {1, 1, 1, 1};
    uint8_t *mapped = xenforeignmemory_map(frames.fmem, frames.guest->domid, PROT_READ, FRAMES,
                                           frames.gfn, errors);

    assert_non_null(mapped);
    for (int i = 0; i < FRAMES; i++)
        assert_int_equal(errors[i], 0);
    ask(frames.guest, "poke %ld 9 77", frames.region);
    assert_int_equal(mapped[9], 77);
    assert_true(write_faults(mapped));
    unmap(&frames, mapped, FRAMES);
    frames_close(&frames);
}

TEST(map2_puts_pages_where_it_is_told)
{
    struct frames frames = open_frames();
    uint8_t *place = mmap(NULL, (FRAMES + 2) * PAGE_BYTES, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    uint8_t *mapped;

    assert_true(place != MAP_FAILED);
    memset(place, 0x77, (FRAMES + 2) * PAGE_BYTES);
    mapped = xenforeignmemory_map2(frames.fmem, frames.guest->domid, place + PAGE_BYTES, RW,
                                   MAP_FIXED, FRAMES, frames.gfn, NULL);
    assert_ptr_equal(mapped, place + PAGE_BYTES);
    expect_frames_at(&frames, mapped);
    for (int i = 0; i < PAGE_BYTES; i++) {
        assert_int_equal(place[i], 0x77);
        assert_int_equal(place[(FRAMES + 1) * PAGE_BYTES + i], 0x77);
    }
    unmap(&frames, mapped, FRAMES);
    assert_int_equal(munmap(place, (FRAMES + 2) * PAGE_BYTES), 0);
    frames_close(&frames);
}

TEST(a_bad_frame_fails_alone)
{
    struct frames frames = open_frames();
    const xen_pfn_t gfns[] = {frames.gfn[0], NO_SUCH_FRAME, frames.gfn[2]};
    int errors[] = {1, 1, 1};
    uint8_t *mapped =
        xenforeignmemory_map(frames.fmem, frames.guest->domid, RW, 3, gfns, errors);

    assert_non_null(mapped);
    assert_int_equal(errors[0], 0);
    assert_true(errors[1] < 0);
    assert_int_equal(errors[2], 0);
    observe("error", "-%s", errno_name(-errors[1]));
    ask(frames.guest, "poke %ld %d 33", frames.region, 2 * PAGE_BYTES);
    assert_int_equal(mapped[2 * PAGE_BYTES], 33);
    assert_true(write_faults(mapped + PAGE_BYTES));
    unmap(&frames, mapped, 3);
    frames_close(&frames);
}

TEST(without_room_for_errors_it_is_all_or_nothing)
{
    struct frames frames = open_frames();
    const xen_pfn_t gfns[] = {frames.gfn[0], NO_SUCH_FRAME, frames.gfn[2]};

    assert_null(xenforeignmemory_map(frames.fmem, frames.guest->domid, RW, 3, gfns, NULL));
    observe("errno", "%s", errno_name(errno));
    frames_close(&frames);
}

TEST(only_bad_frames)
{
    struct frames frames = open_frames();
    const xen_pfn_t gfns[] = {NO_SUCH_FRAME, NO_SUCH_FRAME};
    int errors[] = {1, 1};
    void *mapped = xenforeignmemory_map(frames.fmem, frames.guest->domid, RW, 2, gfns, errors);

    observe("with-errors", "%s -%s", outcome_pointer(mapped), errno_name(-errors[1]));
    if (mapped)
        unmap(&frames, mapped, 2);
    frames_close(&frames);
}

TEST(bad_arguments)
{
    struct frames frames = open_frames();
    uint8_t unaligned[2 * PAGE_BYTES];
    void *mapped;

    observe("no-page", "%s",
            outcome_pointer(xenforeignmemory_map(frames.fmem, frames.guest->domid, RW, 0,
                                                 frames.gfn, NULL)));
    observe("no-domain", "%s",
            outcome_pointer(xenforeignmemory_map(frames.fmem, NO_SUCH_DOMAIN, RW, 1, frames.gfn,
                                                 NULL)));
    observe("reserved-domain", "%s",
            outcome_pointer(xenforeignmemory_map(frames.fmem, DOMID_INVALID, RW, 1, frames.gfn,
                                                 NULL)));
    observe("unaligned", "%s",
            outcome_pointer(xenforeignmemory_map2(frames.fmem, frames.guest->domid, unaligned + 1,
                                                  RW, MAP_FIXED, 1, frames.gfn, NULL)));
    mapped = xenforeignmemory_map(frames.fmem, 0x10000 + frames.guest->domid, RW, 1, frames.gfn,
                                  NULL);
    observe("17-bit-domain", "%s", outcome_pointer(mapped));
    if (mapped)
        unmap(&frames, mapped, 1);
    observe("unmap-unaligned", "%s",
            outcome(xenforeignmemory_unmap(frames.fmem, unaligned + 1, 1)));
    observe("unmap-no-page", "%s",
            outcome(xenforeignmemory_unmap(frames.fmem, (void *)PAGE_BYTES, 0)));
    frames_close(&frames);
}

TEST(a_thousand_pages_in_one_call)
{
    enum { MANY = 1000 };
    static xen_pfn_t gfns[MANY];
    static int errors[MANY];
    struct frames frames = open_frames();
    uint8_t *mapped;

    for (int i = 0; i < MANY; i++)
        gfns[i] = frames.gfn[i % FRAMES];
    for (int i = 0; i < FRAMES; i++)
        ask(frames.guest, "poke %ld %d %d", frames.region, i * PAGE_BYTES, 60 + i);
    mapped = xenforeignmemory_map(frames.fmem, frames.guest->domid, RW, MANY, gfns, errors);
    assert_non_null(mapped);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(errors[i], 0);
        assert_int_equal(mapped[i * PAGE_BYTES], 60 + i % FRAMES);
    }
    unmap(&frames, mapped, MANY);
    frames_close(&frames);
}

TEST(mappings_outlive_their_handle)
{
    struct frames frames = open_frames();
    uint8_t *mapped = frames_map(&frames);

    assert_int_equal(xenforeignmemory_close(frames.fmem), 0);
    expect_frames_at(&frames, mapped);
    assert_int_equal(munmap(mapped, FRAMES * PAGE_BYTES), 0);
    frames.fmem = NULL;
    frames_close(&frames);
}

TEST(a_resource_has_a_size)
{
    int (*resource_size)(xenforeignmemory_handle *, domid_t, unsigned, unsigned, size_t *);
    struct frames frames = open_frames();
    size_t size = 1;

    *(void **)&resource_size = later_symbol("xenforeignmemory_resource_size");
    assert_int_equal(resource_size(frames.fmem, (domid_t)frames.guest->domid,
                                   XENMEM_resource_grant_table,
                                   XENMEM_resource_grant_table_id_shared, &size),
                     0);
    assert_int_equal(size % PAGE_BYTES, 0);
    assert_true(size > 0);
    observe("grant-table", "%zu", size);
    /*
     * Not an error everywhere: Linux gives Xen's -EOPNOTSUPP as if it were a number of
     * frames, and Xen 4.14 gives its limit for one call whatever is asked for.
     */
    size = 1;
    observe("no-such-type", "%s",
            outcome(resource_size(frames.fmem, (domid_t)frames.guest->domid, 99, 0, &size)));
    observe("no-such-type-size", "%zu", size);
    size = 1;
    observe("no-domain", "%s", outcome(resource_size(frames.fmem, NO_SUCH_DOMAIN, 1, 0, &size)));
    observe("no-domain-size", "%zu", size);
    frames_close(&frames);
}

static void observe_resource(struct frames *frames, const char *key, unsigned domid,
                             unsigned type, unsigned long frame, unsigned long count, int flags)
{
    void *address = NULL;
    xenforeignmemory_resource_handle *resource = xenforeignmemory_map_resource(
        frames->fmem, (domid_t)domid, type, 0, frame, count, &address, PROT_READ, flags);

    observe(key, "%s", outcome_pointer(resource));
    /* Without a frame there may be a resource with nothing to unmap. */
    if (resource)
        xenforeignmemory_unmap_resource(frames->fmem, resource);
}

TEST(bad_resources)
{
    struct frames frames = open_frames();
    unsigned domid = frames.guest->domid;

    observe_resource(&frames, "flags", domid, XENMEM_resource_grant_table, 0, 1, MAP_FIXED);
    observe_resource(&frames, "no-such-type", domid, 99, 0, 1, 0);
    observe_resource(&frames, "no-frame", domid, XENMEM_resource_grant_table, 0, 0, 0);
    observe_resource(&frames, "too-far", domid, XENMEM_resource_grant_table, 100000, 1, 0);
    observe_resource(&frames, "no-domain", NO_SUCH_DOMAIN, XENMEM_resource_grant_table, 0, 1, 0);
    assert_int_equal(xenforeignmemory_unmap_resource(frames.fmem, NULL), 0);
    frames_close(&frames);
}

TEST(a_restricted_handle_maps_one_domain_only)
{
    struct frames frames = open_frames();
    domid_t allowed = (domid_t)frames.guest->domid;
    uint8_t *mapped;
    int error = 0;

    assert_int_equal(xenforeignmemory_restrict(frames.fmem, allowed), 0);
    mapped = frames_map(&frames);
    expect_frames_at(&frames, mapped);
    unmap(&frames, mapped, FRAMES);
    assert_null(
        xenforeignmemory_map(frames.fmem, DOMID_SELF, PROT_READ, 1, frames.gfn, &error));
    assert_int_equal(errno, EPERM);
    assert_null(
        xenforeignmemory_map(frames.fmem, allowed + 1u, PROT_READ, 1, frames.gfn, NULL));
    assert_int_equal(errno, EPERM);
    observe_resource(&frames, "other-resource", allowed + 1u, XENMEM_resource_grant_table, 0, 1,
                     0);
    observe("same-domain-again", "%s", outcome(xenforeignmemory_restrict(frames.fmem, allowed)));
    assert_fails_with(xenforeignmemory_restrict(frames.fmem, allowed + 1), -1, EINVAL);
    frames_close(&frames);
}

static bool close_inherited(void *fmem)
{
    return xenforeignmemory_close(fmem) == 0;
}

TEST(a_child_closes_and_the_parent_goes_on)
{
    struct frames frames = open_frames();
    uint8_t *mapped = frames_map(&frames);

    assert_true(succeeds_in_child(close_inherited, frames.fmem));
    expect_frames_at(&frames, mapped);
    unmap(&frames, mapped, FRAMES);
    frames_close(&frames);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_handle_closes_and_stays_out_of_exec),
    cmocka_unit_test(a_guests_pages_are_mapped),
    cmocka_unit_test(a_read_only_mapping_cannot_be_written),
    cmocka_unit_test(map2_puts_pages_where_it_is_told),
    cmocka_unit_test(a_bad_frame_fails_alone),
    cmocka_unit_test(without_room_for_errors_it_is_all_or_nothing),
    cmocka_unit_test(only_bad_frames),
    cmocka_unit_test(bad_arguments),
    cmocka_unit_test(a_thousand_pages_in_one_call),
    cmocka_unit_test(mappings_outlive_their_handle),
    cmocka_unit_test(a_resource_has_a_size),
    cmocka_unit_test(bad_resources),
    cmocka_unit_test(a_restricted_handle_maps_one_domain_only),
    cmocka_unit_test(a_child_closes_and_the_parent_goes_on),
};

CONFORMANCE_MAIN(tests)
