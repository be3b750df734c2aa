/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Mapping and writing memory of other domains. */
#define XC_WANT_COMPAT_MAP_FOREIGN_API 1
#include "foreign.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "fakeguest.h"
#include "fakexen.h"
#include "fixture.h"
#include "harness.h"
#include "xenctrl.h"

enum { DOM = 7, NONE = 0x10000 + DOM, FRAMES = 16, RW = PROT_READ | PROT_WRITE };

static uint8_t *memory;

static xc_interface *start_guest(void)
{
    xc_interface *xch = start(17);

    memory = fakeguest_start(DOM, FRAMES);
    for (unsigned frame = 0; frame < FRAMES; frame++)
        memset(memory + frame * FAKEGUEST_PAGE, (int)(0x40 + frame), FAKEGUEST_PAGE);
    return xch;
}

static void assert_shows(const void *mapping, unsigned page, unsigned frame)
{
    const uint8_t *bytes = (const uint8_t *)mapping + page * FAKEGUEST_PAGE;

    assert_int_equal(bytes[0], 0x40 + frame);
    assert_int_equal(bytes[FAKEGUEST_PAGE - 1], 0x40 + frame);
}

TEST(a_range_is_whole_pages_from_a_frame_on)
{
    xc_interface *xch = start_guest();
    uint8_t *mapping = xc_map_foreign_range(xch, DOM, 2 * FAKEGUEST_PAGE + 1, RW, 5);

    assert_non_null(mapping);
    assert_int_equal(fakeguest_asked.count, 3);
    assert_int_equal(fakeguest_asked.domid, DOM);
    for (unsigned page = 0; page < 3; page++)
        assert_shows(mapping, page, 5 + page);
    mapping[0] = 1;
    assert_int_equal(memory[5 * FAKEGUEST_PAGE], 1);
    assert_int_equal(munmap(mapping, 3 * FAKEGUEST_PAGE), 0);
    stop(xch);
}

TEST(pages_come_in_the_order_of_their_frames)
{
    static const xen_pfn_t frames[3] = {9, 2, 9};
    xc_interface *xch = start_guest();
    void *mapping = xc_map_foreign_pages(xch, DOM, PROT_READ, frames, 3);

    assert_non_null(mapping);
    for (unsigned page = 0; page < 3; page++)
        assert_shows(mapping, page, (unsigned)frames[page]);
    munmap(mapping, 3 * FAKEGUEST_PAGE);
    stop(xch);
}

TEST(only_with_a_list_of_errors_may_some_be_missing)
{
    static const xen_pfn_t frames[3] = {1, FRAMES, 3};
    xc_interface *xch = start_guest();
    int errs[3] = {5, 5, 5};
    void *mapping = xc_map_foreign_bulk(xch, DOM, PROT_READ, frames, errs, 3);

    assert_non_null(mapping);
    assert_true(errs[0] == 0 && errs[1] == -EINVAL && errs[2] == 0);
    assert_shows(mapping, 0, 1);
    assert_shows(mapping, 2, 3);
    munmap(mapping, 3 * FAKEGUEST_PAGE);
    assert_fails_with(xc_map_foreign_bulk(xch, DOM, PROT_READ, frames, NULL, 3), NULL, EINVAL);
    assert_fails_with(xc_map_foreign_pages(xch, DOM, PROT_READ, frames, 3), NULL, EINVAL);
    assert_fails_with(xc_map_foreign_range(xch, DOM, 2 * FAKEGUEST_PAGE, PROT_READ, FRAMES - 1),
                      NULL, EINVAL);
    assert_non_null(strstr(xc_get_last_error(xch)->message, "2 pages of domain 7"));
    assert_int_equal(fakexen_mappings(), 0);
    stop(xch);
}

TEST(runs_follow_each_other)
{
    privcmd_mmap_entry_t runs[3] = {{.mfn = 8}, {.mfn = 2}, {.mfn = 12}};
    static const unsigned frames[6] = {8, 9, 2, 3, 12, 13};
    xc_interface *xch = start_guest();
    void *mapping = xc_map_foreign_ranges(xch, DOM, 6 * FAKEGUEST_PAGE, PROT_READ,
                                          2 * FAKEGUEST_PAGE, runs, 3);

    assert_non_null(mapping);
    assert_int_equal(fakeguest_asked.requests, 1);
    for (unsigned page = 0; page < 6; page++)
        assert_shows(mapping, page, frames[page]);
    munmap(mapping, 6 * FAKEGUEST_PAGE);
    stop(xch);
}

TEST(a_page_is_written_and_pages_are_cleared)
{
    xc_interface *xch = start_guest();
    char page[FAKEGUEST_PAGE];

    memset(page, 0x7e, sizeof(page));
    assert_int_equal(xc_copy_to_domain_page(xch, DOM, 4, page), 0);
    assert_memory_equal(memory + 4 * FAKEGUEST_PAGE, page, sizeof(page));
    assert_shows(memory, 3, 3);
    assert_shows(memory, 5, 5);
    memset(page, 0, sizeof(page));
    assert_int_equal(xc_clear_domain_pages(xch, DOM, 6, 2), 0);
    assert_memory_equal(memory + 6 * FAKEGUEST_PAGE, page, sizeof(page));
    assert_memory_equal(memory + 7 * FAKEGUEST_PAGE, page, sizeof(page));
    assert_shows(memory, 8, 8);
    assert_int_equal(xc_clear_domain_page(xch, DOM, 9), 0);
    assert_memory_equal(memory + 9 * FAKEGUEST_PAGE, page, sizeof(page));
    assert_fails_with(xc_copy_to_domain_page(xch, DOM, FRAMES, page), -1, EINVAL);
    assert_fails_with(xc_clear_domain_pages(xch, DOM, FRAMES - 1, 2), -1, EINVAL);
    assert_shows(memory, FRAMES - 1, FRAMES - 1);
    assert_int_equal(fakexen_mappings(), 0);
    stop(xch);
}

TEST(bad_input_asks_for_nothing)
{
    privcmd_mmap_entry_t run = {.mfn = 1};
    xen_pfn_t frame = 1;
    char page[FAKEGUEST_PAGE] = {0};
    xc_interface *xch = start_guest();

    assert_fails_with(xc_map_foreign_range(xch, NONE, 1, RW, 1), NULL, EINVAL);
    assert_fails_with(xc_map_foreign_range(xch, DOM, 0, RW, 1), NULL, EINVAL);
    assert_fails_with(xc_map_foreign_range(xch, DOM, -1, RW, 1), NULL, EINVAL);
    assert_fails_with(xc_map_foreign_pages(xch, NONE, RW, &frame, 1), NULL, EINVAL);
    assert_fails_with(xc_map_foreign_pages(xch, DOM, RW, &frame, 0), NULL, EINVAL);
    assert_fails_with(xc_map_foreign_pages(xch, DOM, RW, &frame, -1), NULL, EINVAL);
    assert_fails_with(xc_map_foreign_bulk(xch, NONE, RW, &frame, NULL, 1), NULL, EINVAL);
    assert_fails_with(xc_map_foreign_bulk(xch, DOM, RW, &frame, NULL, 0), NULL, EINVAL);
    assert_fails_with(xc_map_foreign_ranges(xch, NONE, 1, RW, FAKEGUEST_PAGE, &run, 1), NULL,
                      EINVAL);
    assert_fails_with(xc_map_foreign_ranges(xch, DOM, 1, RW, FAKEGUEST_PAGE - 1, &run, 1), NULL,
                      EINVAL);
    assert_fails_with(xc_map_foreign_ranges(xch, DOM, 1, RW, FAKEGUEST_PAGE, &run, 0), NULL,
                      EINVAL);
    assert_fails_with(xc_map_foreign_ranges(xch, DOM, FAKEGUEST_PAGE + 1, RW, FAKEGUEST_PAGE,
                                            &run, 1),
                      NULL, EINVAL);
    assert_fails_with(xc_map_foreign_ranges(xch, DOM, SIZE_MAX, RW, SIZE_MAX, &run, 1), NULL,
                      EINVAL);
    assert_fails_with(xc_copy_to_domain_page(xch, NONE, 1, page), -1, EINVAL);
    assert_fails_with(xc_clear_domain_pages(xch, NONE, 1, 1), -1, EINVAL);
    assert_fails_with(xc_clear_domain_pages(xch, DOM, 1, 0), -1, EINVAL);
    assert_int_equal(fakeguest_asked.requests, 0);
    stop(xch);
}

TEST(an_interface_that_opened_nothing_maps_nothing)
{
    xen_pfn_t frame = 1;
    xc_interface *xch = xc_interface_open(NULL, NULL, XC_OPENFLAG_DUMMY);

    assert_fails_with(xc_map_foreign_range(xch, DOM, 1, RW, 1), NULL, EBADF);
    assert_fails_with(xc_map_foreign_pages(xch, DOM, RW, &frame, 1), NULL, EBADF);
    xc_interface_close(xch);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_range_is_whole_pages_from_a_frame_on),
        cmocka_unit_test(pages_come_in_the_order_of_their_frames),
        cmocka_unit_test(only_with_a_list_of_errors_may_some_be_missing),
        cmocka_unit_test(runs_follow_each_other),
        cmocka_unit_test(a_page_is_written_and_pages_are_cleared),
        cmocka_unit_test(bad_input_asks_for_nothing),
        cmocka_unit_test(an_interface_that_opened_nothing_maps_nothing),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
