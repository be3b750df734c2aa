/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Grant copy within one domain: both directions, statuses, bad segments. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "conformance.h"
#include "grants.h"

struct ground {
    struct grants grants;
    uint32_t refs[2];
    uint8_t *shared;
    uint8_t *local; /* one page, page-aligned */
};

static struct ground ground_open(bool writable)
{
    struct ground ground = {.grants = grants_open()};

    ground.shared = share_with_self(&ground.grants, 2, ground.refs, writable);
    ground.local = aligned_alloc(PAGE, PAGE);
    assert_non_null(ground.local);
    memset(ground.local, 0x33, PAGE);
    return ground;
}

static void ground_close(struct ground *ground)
{
    free(ground->local);
    assert_int_equal(xengntshr_unshare(ground->grants.share, ground->shared, 2), 0);
    grants_close(&ground->grants);
}

static xengnttab_grant_copy_segment_t to_grant(const struct ground *ground, uint32_t ref,
                                               uint16_t offset, uint16_t len)
{
    xengnttab_grant_copy_segment_t segment = {.flags = GNTCOPY_dest_gref, .len = len,
                                              .status = 1};

    segment.source.virt = ground->local;
    segment.dest.foreign.ref = ref;
    segment.dest.foreign.offset = offset;
    segment.dest.foreign.domid = (uint16_t)own_domid();
    return segment;
}

static xengnttab_grant_copy_segment_t from_grant(const struct ground *ground, uint32_t ref,
                                                 uint16_t offset, uint16_t len)
{
    xengnttab_grant_copy_segment_t segment = {.flags = GNTCOPY_source_gref, .len = len,
                                              .status = 1};

    segment.source.foreign.ref = ref;
    segment.source.foreign.offset = offset;
    segment.source.foreign.domid = (uint16_t)own_domid();
    segment.dest.virt = ground->local;
    return segment;
}

TEST(a_copy_to_a_grant_writes_just_its_bytes)
{
    struct ground ground = ground_open(true);
    xengnttab_grant_copy_segment_t segment = to_grant(&ground, ground.refs[1], 100, 200);

    assert_int_equal(xengnttab_grant_copy(ground.grants.map, 1, &segment), 0);
    assert_int_equal(segment.status, GNTST_okay);
    for (int i = 0; i < 2 * PAGE; i++)
        assert_int_equal(ground.shared[i], i >= PAGE + 100 && i < PAGE + 300 ? 0x33 : 0);
    ground_close(&ground);
}

TEST(a_copy_from_a_grant_reads_a_whole_page)
{
    struct ground ground = ground_open(false);
    xengnttab_grant_copy_segment_t segment = from_grant(&ground, ground.refs[0], 0, PAGE);

    for (int i = 0; i < PAGE; i++)
        ground.shared[i] = (uint8_t)(i * 7);
    assert_int_equal(xengnttab_grant_copy(ground.grants.map, 1, &segment), 0);
    assert_int_equal(segment.status, GNTST_okay);
    assert_memory_equal(ground.local, ground.shared, PAGE);
    ground_close(&ground);
}

TEST(a_copy_goes_from_grant_to_grant)
{
    struct ground ground = ground_open(true);
    xengnttab_grant_copy_segment_t segment = from_grant(&ground, ground.refs[0], 8, 64);

    segment.flags = GNTCOPY_source_gref | GNTCOPY_dest_gref;
    segment.dest.foreign.ref = ground.refs[1];
    segment.dest.foreign.offset = 16;
    segment.dest.foreign.domid = (uint16_t)own_domid();
    memset(ground.shared, 0x44, PAGE);
    assert_int_equal(xengnttab_grant_copy(ground.grants.map, 1, &segment), 0);
    assert_int_equal(segment.status, GNTST_okay);
    for (int i = 0; i < PAGE; i++)
        assert_int_equal(ground.shared[PAGE + i], i >= 16 && i < 80 ? 0x44 : 0);
    ground_close(&ground);
}

TEST(a_bad_ref_spoils_only_its_own_segment)
{
    struct ground ground = ground_open(true);
    xengnttab_grant_copy_segment_t segments[] = {
        to_grant(&ground, ground.refs[0], 0, 32),
        to_grant(&ground, NO_SUCH_REF, 0, 32),
        to_grant(&ground, ground.refs[1], 0, 32),
    };

    assert_int_equal(xengnttab_grant_copy(ground.grants.map, 3, segments), 0);
    assert_int_equal(segments[0].status, GNTST_okay);
    assert_int_equal(segments[1].status, GNTST_bad_gntref);
    assert_int_equal(segments[2].status, GNTST_okay);
    assert_int_equal(ground.shared[0], 0x33);
    assert_int_equal(ground.shared[PAGE], 0x33);
    ground_close(&ground);
}

static void observe_copy(struct ground *ground, const char *key,
                         xengnttab_grant_copy_segment_t segment)
{
    int result = xengnttab_grant_copy(ground->grants.map, 1, &segment);

    if (result == 0)
        assert_true(segment.status < 0);
    observe(key, "%s status %d", outcome(result), result ? 0 : segment.status);
}

TEST(bad_segments_are_refused)
{
    struct ground ground = ground_open(false);
    xengnttab_grant_copy_segment_t segment = to_grant(&ground, ground.refs[0], 0, 32);

    observe_copy(&ground, "write-to-read-only", segment);
    observe_copy(&ground, "over-the-end", from_grant(&ground, ground.refs[0], 4000, 200));
    segment = from_grant(&ground, ground.refs[0], 0, 32);
    segment.source.foreign.domid = NO_SUCH_DOMAIN;
    observe_copy(&ground, "no-such-domain", segment);
    segment = from_grant(&ground, ground.refs[0], 0, 32);
    segment.dest.virt = (void *)PAGE;
    observe_copy(&ground, "unmapped-memory", segment);
    segment = from_grant(&ground, ground.refs[0], 0, 32);
    segment.flags = 0;
    observe_copy(&ground, "no-grant-at-all", segment);
    ground_close(&ground);
}

TEST(copying_nothing)
{
    struct ground ground = ground_open(true);
    xengnttab_grant_copy_segment_t segment = to_grant(&ground, ground.refs[0], 0, 0);

    observe("no-segment", "%s", outcome(xengnttab_grant_copy(ground.grants.map, 0, &segment)));
    observe("no-byte", "%s", outcome(xengnttab_grant_copy(ground.grants.map, 1, &segment)));
    observe("no-byte-status", "%d", segment.status);
    ground_close(&ground);
}

TEST(many_segments_go_in_one_call)
{
    enum { SEGMENTS = 256 };
    static xengnttab_grant_copy_segment_t segments[SEGMENTS];
    struct ground ground = ground_open(true);

    for (int i = 0; i < PAGE; i++)
        ground.local[i] = (uint8_t)(i >> 4);
    for (int i = 0; i < SEGMENTS; i++) {
        segments[i] = to_grant(&ground, ground.refs[0], (uint16_t)(i * 16), 16);
        segments[i].source.virt = ground.local + i * 16;
    }
    assert_int_equal(xengnttab_grant_copy(ground.grants.map, SEGMENTS, segments), 0);
    for (int i = 0; i < SEGMENTS; i++)
        assert_int_equal(segments[i].status, GNTST_okay);
    assert_memory_equal(ground.shared, ground.local, PAGE);
    ground_close(&ground);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_copy_to_a_grant_writes_just_its_bytes),
    cmocka_unit_test(a_copy_from_a_grant_reads_a_whole_page),
    cmocka_unit_test(a_copy_goes_from_grant_to_grant),
    cmocka_unit_test(a_bad_ref_spoils_only_its_own_segment),
    cmocka_unit_test(bad_segments_are_refused),
    cmocka_unit_test(copying_nothing),
    cmocka_unit_test(many_segments_go_in_one_call),
};

CONFORMANCE_MAIN(tests)
