/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What there is of memory, the host's and the domains'. */
#include "bare_domain.h"

#include <stdlib.h>
#include <string.h>

enum { MANY = 512 };

static unsigned long frames_of_host(void)
{
    unsigned long frames = 0;

    assert_works(xc_maximum_ram_page(xc(), &frames));
    return frames;
}

TEST(the_hosts_memory_map_ends_where_its_frames_do)
{
    struct e820entry entries[MANY];
    long count = assert_works(xc_get_machine_memory_map(xc(), entries, MANY));
    uint64_t end = 0;

    assert_true(count > 1);
    for (long i = 0; i < count; i++)
        if (entries[i].type == E820_RAM && entries[i].addr + entries[i].size > end)
            end = entries[i].addr + entries[i].size;
    assert_true(frames_of_host() > 1000);
    assert_int_equal(frames_of_host(), (end + XC_PAGE_SIZE - 1) >> XC_PAGE_SHIFT);
    /* All of them or none. */
    assert_fails_with(xc_get_machine_memory_map(xc(), entries, 2), -1, EINVAL);
}

TEST(the_machine_to_physical_table_has_8_bytes_for_each_frame)
{
    enum { FRAMES_OF_AN_EXTENT = (2 << 20) / 8 };
    unsigned long extents = (frames_of_host() - 1) / FRAMES_OF_AN_EXTENT + 1;
    xen_pfn_t *frames = calloc(extents + 1, sizeof(*frames));

    assert_non_null(frames);
    assert_works(xc_machphys_mfn_list(xc(), extents, frames));
    for (unsigned long i = 0; i < extents; i++)
        assert_true(frames[i] != 0 && frames[i] < frames_of_host());
    assert_fails_with(xc_machphys_mfn_list(xc(), extents + 1, frames), -1, ERANGE);
    free(frames);
}

TEST(the_pages_of_a_guest_are_counted_alike_everywhere)
{
    uint32_t domid = guest("pvh");
    domid_t domain = (domid_t)domid;
    xc_domaininfo_t info;

    assert_works(xc_domain_getinfo_single(xc(), domid, &info));
    assert_int_equal(xc_get_tot_pages(xc(), domid), info.tot_pages);
    assert_int_equal(xc_memory_op(xc(), XENMEM_current_reservation, &domain, sizeof(domain)),
                     info.tot_pages);
    assert_int_equal(xc_memory_op(xc(), XENMEM_maximum_reservation, &domain, sizeof(domain)),
                     info.max_pages);
}

TEST(a_guests_highest_frame_is_above_its_memory)
{
    uint32_t domid = guest("pvh");
    xen_pfn_t highest, count;

    assert_works(xc_domain_maximum_gpfn(xc(), domid, &highest));
    assert_works(xc_domain_nr_gpfns(xc(), domid, &count));
    assert_int_equal(count, highest + 1);
    assert_true((long)highest >= pages_of(domid) - 1);
}

/* Only the domain itself can ask for its map: what can be seen here is that Xen reads it. */
TEST(a_domain_is_given_a_memory_map)
{
    struct e820entry map[2] = {{.addr = 0, .size = 0xa0000, .type = E820_RAM},
                               {.addr = 0x100000, .size = 0x400000, .type = E820_RAM}};
    struct e820entry *long_one = calloc(100000, sizeof(*long_one));

    assert_non_null(long_one);
    assert_works(xc_domain_set_memory_map(xc(), bare_hvm(), map, 2));
    assert_works(xc_domain_set_memmap_limit(xc(), bare_pv(), 16384));
    assert_true(xc_domain_set_memory_map(xc(), bare_hvm(), long_one, 100000) < 0);
    observe("memory_info.long_map", "%s", strerror(errno));
    assert_fails_with(xc_domain_set_memory_map(xc(), 32000, map, 2), -1, ESRCH);
    free(long_one);
}

TEST(memory_that_devices_keep_for_themselves_is_listed)
{
    struct xen_reserved_device_memory entries[MANY];
    uint32_t count = MANY;
    long result =
        xc_reserved_device_memory_map(xc(), XENMEM_RDM_ALL, 0, 0, 0, entries, &count);

    if (!is_lacking("memory_info.reserved", result))
        observe("memory_info.reserved", "%u entries", count);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_XEN(the_hosts_memory_map_ends_where_its_frames_do),
        ON_XEN(the_machine_to_physical_table_has_8_bytes_for_each_frame),
        ON_XEN(the_pages_of_a_guest_are_counted_alike_everywhere),
        ON_XEN(a_guests_highest_frame_is_above_its_memory),
        ON_BARE_DOMAIN(a_domain_is_given_a_memory_map),
        ON_XEN(memory_that_devices_keep_for_themselves_is_listed),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
