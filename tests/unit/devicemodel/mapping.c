/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* I/O memory and ports where a guest sees them: pieces, failures, and the right to ports. */
#include "passthrough_fixture.h"

TEST(io_memory_is_mapped_and_unmapped)
{
    EACH_MINOR(minor)
    {
        xendevicemodel_handle *dmod = start(minor);

        assert_done(xendevicemodel_memory_mapping(dmod, DOM, 0xf2000, 0xfebf0, 3, true));
        assert_domctl(minor, MEMORY_MAPPING, DOM, "memory_mapping", {"first_gfn", 0xf2000},
                      {"first_mfn", 0xfebf0}, {"nr_mfns", 3}, {"add_mapping", 1});
        assert_done(xendevicemodel_memory_mapping(dmod, DOM, 0xf2000, 0xfebf0, 3, false));
        assert_domctl(minor, MEMORY_MAPPING, DOM, "memory_mapping", {"first_gfn", 0xf2000},
                      {"first_mfn", 0xfebf0}, {"nr_mfns", 3});
        stop(dmod);
    }
}

/* What is mapped of 32 frames from GFN on; and the piece beyond which it goes wrong. */
enum { GFN = 0x100, MFN = 0xfe000, FRAMES = 32 };
static bool mapped[FRAMES];
static unsigned pieces, limit = 5, refused_from = FRAMES;

static uint64_t mapping_field(const uint8_t *payload, const char *name)
{
    return fakerelease_get(payload,
                           fakerelease_field(running_minor, "xen_domctl", "memory_mapping", name));
}

/* Five frames at a time, and of those it does three; of what is refused, none. */
static int map_in_pieces(struct sent *request, uint8_t *payload)
{
    uint64_t first = mapping_field(payload, "first_gfn") - GFN;
    uint64_t count = mapping_field(payload, "nr_mfns");
    bool add = mapping_field(payload, "add_mapping") != 0;

    (void)request;
    assert_int_equal(mapping_field(payload, "first_mfn"), MFN + first);
    assert_in_range(first, 0, FRAMES - 1);
    assert_in_range(count, 1, FRAMES - first);
    if (count > limit)
        return -E2BIG;
    pieces++;
    if (first + count > refused_from)
        return -ENOMEM;
    uint64_t done = count > 3 ? 3 : count;
    for (uint64_t i = 0; i < done; i++) {
        assert_int_equal(mapped[first + i], !add);
        mapped[first + i] = add;
    }
    return done == count ? 0 : (int)done;
}

static unsigned count_mapped(void)
{
    unsigned count = 0;

    for (unsigned i = 0; i < FRAMES; i++)
        count += mapped[i];
    return count;
}

TEST(io_memory_goes_in_pieces_that_xen_takes)
{
    xendevicemodel_handle *dmod = start(17);

    answer_with(map_in_pieces);
    assert_done(xendevicemodel_memory_mapping(dmod, DOM, GFN, MFN, FRAMES, true));
    assert_int_equal(count_mapped(), FRAMES);
    assert_true(pieces > FRAMES / 5);
    assert_done(xendevicemodel_memory_mapping(dmod, DOM, GFN, MFN, FRAMES, false));
    assert_int_equal(count_mapped(), 0);
    stop(dmod);
}

TEST(mapping_that_fails_midway_takes_back_what_it_mapped_and_nothing_else)
{
    xendevicemodel_handle *dmod = start(17);

    answer_with(map_in_pieces);
    refused_from = 20;
    mapped[30] = true; /* before: Xen would be asked to unmap it, which the fake asserts not */
    assert_fails_with(xendevicemodel_memory_mapping(dmod, DOM, GFN, MFN, FRAMES, true), -1,
                      ENOMEM);
    assert_int_equal(count_mapped(), 1);
    assert_true(mapped[30]);
    stop(dmod);
}

TEST(a_frame_that_xen_does_not_take_even_alone_is_an_error)
{
    xendevicemodel_handle *dmod = start(17);

    answer_with(map_in_pieces);
    limit = 0;
    assert_fails_with(xendevicemodel_memory_mapping(dmod, DOM, GFN, MFN, FRAMES, true), -1,
                      E2BIG);
    assert_int_equal(pieces, 0);
    stop(dmod);
}

static int refuse_the_first_piece(struct sent *request, uint8_t *payload)
{
    (void)request;
    if (mapping_field(payload, "nr_mfns") > 16)
        return -E2BIG;
    return pieces++ ? 0 : -EPERM;
}

TEST(unmapping_goes_on_after_a_failure_and_tells_of_it)
{
    xendevicemodel_handle *dmod = start(17);

    answer_with(refuse_the_first_piece);
    assert_fails_with(xendevicemodel_memory_mapping(dmod, DOM, GFN, MFN, FRAMES, false), -1,
                      EPERM);
    assert_int_equal(pieces, 2);
    stop(dmod);
}

TEST(ranges_that_are_none_are_refused)
{
    xendevicemodel_handle *dmod = start(NEWEST_MINOR);
    unsigned calls = fakexen_count_all();

    assert_refused(xendevicemodel_ioport_mapping(dmod, DOM, 0xfff9, 0x3f8, 8, true), EINVAL);
    assert_refused(xendevicemodel_ioport_mapping(dmod, DOM, 0x3f8, 0xfff9, 8, false), EINVAL);
    assert_refused(xendevicemodel_ioport_mapping(dmod, DOM, 0x3f8, 0x3f8, 0, true), EINVAL);
    assert_refused(xendevicemodel_memory_mapping(dmod, DOM, 1, 1, 0, true), EINVAL);
    assert_refused(xendevicemodel_memory_mapping(dmod, DOM, UINT64_MAX, 1, 2, false), EINVAL);
    assert_refused(xendevicemodel_memory_mapping(dmod, DOM, 1, UINT64_MAX, 2, true), EINVAL);
    assert_int_equal(fakexen_count_all(), calls);
    stop(dmod);
}

/* ---- ports, whose right comes and goes with the mapping ---- */

enum { NEXT_MINOR = 23 }; /* with no layout of its own; its number is that of 4.22 */

static struct sent noted[8];
static unsigned nr_noted;
static int mapping_result, permission_result;

static int note(struct sent *request, uint8_t *payload)
{
    (void)payload;
    assert_true(nr_noted < 8);
    noted[nr_noted++] = *request;
    return request->op == IOPORT_MAPPING ? mapping_result : permission_result;
}

static xendevicemodel_handle *start_with_ports(unsigned minor)
{
    xendevicemodel_handle *dmod = start(minor);

    answer_with(note);
    nr_noted = 0;
    mapping_result = permission_result = 0;
    return dmod;
}

static void assert_mapping(unsigned index, unsigned minor, bool add)
{
    sent = noted[index];
    assert_domctl(minor, IOPORT_MAPPING, DOM, "ioport_mapping", {"first_gport", 0xc000},
                  {"first_mport", 0x3f8}, {"nr_ports", 8}, {"add_mapping", add});
}

static void assert_permission(unsigned index, unsigned minor, bool allow)
{
    sent = noted[index];
    assert_domctl(minor, IOPORT_PERMISSION, DOM, "ioport_permission", {"first_port", 0x3f8},
                  {"nr_ports", 8}, {"allow_access", allow});
}

static int map_ports(xendevicemodel_handle *dmod, bool add)
{
    return xendevicemodel_ioport_mapping(dmod, DOM, 0xc000, 0x3f8, 8, add);
}

TEST(ports_are_mapped_with_the_right_to_them_on_every_release)
{
    EACH_MINOR(minor)
    {
        xendevicemodel_handle *dmod = start_with_ports(minor);

        assert_done(map_ports(dmod, true));
        assert_done(map_ports(dmod, false));
        assert_int_equal(nr_noted, 2);
        assert_mapping(0, minor, true);
        assert_mapping(1, minor, false);
        stop(dmod);
    }
}

/* Rule 15: there ioport_mapping neither gives a right nor takes it. */
TEST(from_4_23_on_the_right_to_ports_is_given_first_and_taken_last)
{
    xendevicemodel_handle *dmod = start_with_ports(NEXT_MINOR);

    assert_done(map_ports(dmod, true));
    assert_done(map_ports(dmod, false));
    assert_int_equal(nr_noted, 4);
    assert_permission(0, NEWEST_MINOR, true);
    assert_mapping(1, NEWEST_MINOR, true);
    assert_mapping(2, NEWEST_MINOR, false);
    assert_permission(3, NEWEST_MINOR, false);
    stop(dmod);
}

TEST(no_right_to_ports_stays_behind_a_failure)
{
    xendevicemodel_handle *dmod = start_with_ports(NEXT_MINOR);

    mapping_result = -ENOMEM;
    assert_fails_with(map_ports(dmod, true), -1, ENOMEM);
    assert_int_equal(nr_noted, 3);
    assert_permission(2, NEWEST_MINOR, false);
    assert_fails_with(map_ports(dmod, false), -1, ENOMEM);
    assert_int_equal(nr_noted, 5);
    assert_permission(4, NEWEST_MINOR, false);
    mapping_result = 0;
    permission_result = -EPERM;
    assert_fails_with(map_ports(dmod, false), -1, EPERM);
    assert_fails_with(map_ports(dmod, true), -1, EPERM);
    assert_permission(nr_noted - 1, NEWEST_MINOR, true);
    stop(dmod);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(io_memory_is_mapped_and_unmapped),
        cmocka_unit_test(io_memory_goes_in_pieces_that_xen_takes),
        cmocka_unit_test(mapping_that_fails_midway_takes_back_what_it_mapped_and_nothing_else),
        cmocka_unit_test(a_frame_that_xen_does_not_take_even_alone_is_an_error),
        cmocka_unit_test(unmapping_goes_on_after_a_failure_and_tells_of_it),
        cmocka_unit_test(ranges_that_are_none_are_refused),
        cmocka_unit_test(ports_are_mapped_with_the_right_to_them_on_every_release),
        cmocka_unit_test(from_4_23_on_the_right_to_ports_is_given_first_and_taken_last),
        cmocka_unit_test(no_right_to_ports_stays_behind_a_failure),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
