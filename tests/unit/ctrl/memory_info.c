/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What there is of memory: how it is asked for, and how the answers come out. */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "short_of_buffers.h"
#include "xenctrl.h"

enum { DOM = 7, NONE = 0x10000 + DOM, GETDOMAININFO = 5 };

/* ---- answers wider than an int ---- */

static struct multicall_entry asked; /* within the multicall */
static uint16_t asked_domid;
static xen_ulong_t told;

static int answer_within(struct sent *request, uint8_t *memory)
{
    struct multicall_entry *entry = (void *)(uintptr_t)request->arguments[0];

    (void)memory;
    assert_int_equal(request->op, __HYPERVISOR_multicall);
    assert_int_equal(request->arguments[1], 1);
    asked = *entry;
    if (entry->args[1])
        memcpy(&asked_domid, (void *)(uintptr_t)entry->args[1], sizeof(asked_domid));
    entry->result = told;
    return 0;
}

static void assert_asked(unsigned cmd, bool of_domain)
{
    assert_int_equal(asked.op, __HYPERVISOR_memory_op);
    assert_int_equal(asked.args[0], cmd);
    assert_true((asked.args[1] != 0) == of_domain);
    if (of_domain)
        assert_int_equal(asked_domid, DOM);
    memset(&asked, 0, sizeof(asked));
}

TEST(frame_numbers_come_back_whole_on_every_release)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        unsigned long frame;
        xen_pfn_t gfn;

        told = 0x123456789;
        answer_with(answer_within);
        assert_int_equal(xc_maximum_ram_page(xch, &frame), 0);
        assert_true(frame == told);
        assert_asked(XENMEM_maximum_ram_page, false);
        assert_int_equal(xc_domain_maximum_gpfn(xch, DOM, &gfn), 0);
        assert_true(gfn == told);
        assert_asked(XENMEM_maximum_gpfn, true);
        assert_int_equal(xc_domain_nr_gpfns(xch, DOM, &gfn), 0);
        assert_true(gfn == told + 1);
        assert_asked(XENMEM_maximum_gpfn, true);
        assert_true(xc_sharing_freed_pages(xch) == (long)told);
        assert_asked(XENMEM_get_sharing_freed_pages, false);
        assert_true(xc_sharing_used_frames(xch) == (long)told);
        assert_asked(XENMEM_get_sharing_shared_pages, false);
        stop(xch);
    }
}

TEST(a_failure_within_the_multicall_is_the_calls_own)
{
    xc_interface *xch = start(17);
    unsigned long frame = 5;
    xen_pfn_t gfn = 5;

    answer_with(answer_within);
    told = (xen_ulong_t)-EPERM;
    assert_fails_with(xc_domain_maximum_gpfn(xch, DOM, &gfn), -1, EPERM);
    assert_fails_with(xc_domain_nr_gpfns(xch, DOM, &gfn), -1, EPERM);
    assert_fails_with(xc_maximum_ram_page(xch, &frame), -1, EPERM);
    told = (xen_ulong_t)-ENOSYS;
    assert_fails_with(xc_sharing_freed_pages(xch), -1, ENOSYS);
    assert_fails_with(xc_sharing_used_frames(xch), -1, ENOSYS);
    assert_true(frame == 5 && gfn == 5);
    stop(xch);
}

/* ---- a domain's pages ---- */

static int tell_pages(struct sent *request, uint8_t *payload)
{
    if (request->op != GETDOMAININFO || request->domid != DOM)
        return -ESRCH;
    set_field(running_minor, "xen_domctl", "getdomaininfo", "domain", payload, DOM);
    set_field(running_minor, "xen_domctl", "getdomaininfo", "tot_pages", payload, 0x123456789);
    return 0;
}

TEST(a_domains_pages_are_counted_on_every_release)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        answer_with(tell_pages);
        assert_true(xc_get_tot_pages(xch, DOM) == 0x123456789);
        assert_fails_with(xc_get_tot_pages(xch, DOM + 1), -1, ESRCH);
        stop(xch);
    }
}

/* ---- lists ---- */

static unsigned there; /* how many entries the list has */

static int list_frames(struct sent *request, uint8_t *memory)
{
    struct xen_machphys_mfn_list *list = (void *)memory;
    xen_pfn_t *frames;

    (void)request;
    memcpy(&frames, &list->extent_start, sizeof(frames));
    for (unsigned i = 0; i < there && i < list->max_extents; i++)
        frames[i] = 0x100000001 + i;
    list->nr_extents = there < list->max_extents ? there : list->max_extents;
    return 0;
}

TEST(the_machine_to_physical_list_has_as_many_extents_as_were_asked_for)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xen_pfn_t frames[3] = {0, 0, 7};
        struct xen_machphys_mfn_list wanted;

        there = 2;
        answer_with(list_frames);
        assert_int_equal(xc_machphys_mfn_list(xch, 2, frames), 0);
        assert_true(frames[1] == 0x100000002);
        memset(&wanted, 0, sizeof(wanted));
        wanted.max_extents = 2;
        set_xen_guest_handle_raw(
            wanted.extent_start,
            sent_pointer(offsetof(struct xen_machphys_mfn_list, extent_start)));
        assert_memory_op(XENMEM_machphys_mfn_list, wanted);
        assert_fails_with(xc_machphys_mfn_list(xch, 3, frames), -1, ERANGE);
        assert_int_equal(frames[2], 7);
        stop(xch);
    }
}

static int take_map(struct sent *request, uint8_t *memory)
{
    struct xen_foreign_memory_map *map = (void *)memory;
    struct e820entry *entries;

    (void)request;
    memcpy(&entries, &map->map.buffer, sizeof(entries));
    assert_int_equal(sizeof(*entries), 20);
    assert_true(entries[0].addr == 0 && entries[0].size == 0x123456400);
    assert_int_equal(entries[0].type, E820_RAM);
    return 0;
}

static void assert_map_was_sent(unsigned count)
{
    struct xen_foreign_memory_map wanted;

    memset(&wanted, 0, sizeof(wanted));
    wanted.domid = DOM;
    wanted.map.nr_entries = count;
    set_xen_guest_handle_raw(wanted.map.buffer,
                             sent_pointer(offsetof(struct xen_foreign_memory_map, map.buffer)));
    assert_memory_op(XENMEM_set_memory_map, wanted);
}

TEST(a_domain_is_given_a_memory_map)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct e820entry map[200] = {{.addr = 0, .size = 0x123456400, .type = E820_RAM}};

        answer_with(take_map);
        assert_int_equal(xc_domain_set_memory_map(xch, DOM, map, 200), 0);
        assert_map_was_sent(200);
        assert_int_equal(xc_domain_set_memmap_limit(xch, DOM, 0x123456400 >> 10), 0);
        assert_map_was_sent(1);
        stop(xch);
    }
}

static int tell_map(struct sent *request, uint8_t *memory)
{
    struct xen_memory_map *map = (void *)memory;
    struct e820entry *entries;

    (void)request;
    memcpy(&entries, &map->buffer, sizeof(entries));
    for (unsigned i = 0; i < there && i < map->nr_entries; i++)
        entries[i] = (struct e820entry){.addr = (uint64_t)i << 32, .size = 1, .type = i};
    map->nr_entries = there;
    return 0;
}

/* Some firmware tells of more than E820MAX. */
TEST(the_hosts_memory_map_may_have_any_number_of_entries)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct e820entry map[300] = {{0}};
        struct xen_memory_map wanted;

        there = 200;
        answer_with(tell_map);
        assert_int_equal(xc_get_machine_memory_map(xch, map, 300), 200);
        assert_true(map[199].addr == UINT64_C(199) << 32 && map[199].type == 199);
        assert_int_equal(map[200].size, 0);
        memset(&wanted, 0, sizeof(wanted));
        wanted.nr_entries = 300;
        set_xen_guest_handle_raw(wanted.buffer,
                                 sent_pointer(offsetof(struct xen_memory_map, buffer)));
        assert_memory_op(XENMEM_machine_memory_map, wanted);
        /* Not beyond the room, whatever Xen says. */
        assert_int_equal(xc_get_machine_memory_map(xch, map, 100), 100);
        stop(xch);
    }
}

static int tell_reserved(struct sent *request, uint8_t *memory)
{
    struct xen_reserved_device_memory_map *map = (void *)memory;
    struct xen_reserved_device_memory *entries;
    unsigned room = map->nr_entries;

    (void)request;
    memcpy(&entries, &map->buffer, sizeof(entries));
    for (unsigned i = 0; i < there && i < room; i++)
        entries[i] = (struct xen_reserved_device_memory){.start_pfn = 0x100000000 + i,
                                                         .nr_pages = 3};
    map->nr_entries = there;
    return there > room ? -ENOBUFS : 0;
}

TEST(reserved_memory_tells_how_much_room_it_needs)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct xen_reserved_device_memory entries[2] = {{0}};
        struct xen_reserved_device_memory_map wanted;
        uint32_t count = 0;

        there = 2;
        answer_with(tell_reserved);
        assert_fails_with(xc_reserved_device_memory_map(xch, 0, 0x1234, 0x56, 0x78, NULL, &count),
                          -1, ENOBUFS);
        assert_int_equal(count, 2);
        assert_int_equal(xc_reserved_device_memory_map(xch, XENMEM_RDM_ALL, 0x1234, 0x56, 0x78,
                                                       entries, &count),
                         0);
        assert_true(entries[1].start_pfn == 0x100000001 && entries[1].nr_pages == 3);
        memset(&wanted, 0, sizeof(wanted));
        wanted.flags = XENMEM_RDM_ALL;
        wanted.nr_entries = 2;
        set_xen_guest_handle_raw(
            wanted.buffer, sent_pointer(offsetof(struct xen_reserved_device_memory_map, buffer)));
        wanted.dev.pci.seg = 0x1234;
        wanted.dev.pci.bus = 0x56;
        wanted.dev.pci.devfn = 0x78;
        assert_memory_op(XENMEM_reserved_device_memory_map, wanted);
        stop(xch);
    }
}

/* ---- any memory_op ---- */

static int double_it(struct sent *request, uint8_t *memory)
{
    struct xen_pod_target *target = (void *)memory;

    assert_int_equal(request->arguments[0], XENMEM_get_pod_target);
    target->tot_pages = target->target_pages * 2;
    return 5;
}

TEST(any_memory_op_can_be_made)
{
    xc_interface *xch = start(17);
    struct xen_pod_target target = {.target_pages = 21};
    domid_t domid = DOM;

    answer_with(double_it);
    assert_int_equal(xc_memory_op(xch, XENMEM_get_pod_target, &target, sizeof(target)), 5);
    assert_int_equal(target.tot_pages, 42);
    told = 0x800000001;
    answer_with(answer_within);
    assert_true(xc_memory_op(xch, XENMEM_current_reservation, &domid, sizeof(domid)) ==
                0x800000001);
    assert_asked(XENMEM_current_reservation, true);
    assert_true(xc_memory_op(xch, XENMEM_maximum_reservation, &domid, sizeof(domid)) ==
                0x800000001);
    stop(xch);
}

/* ---- what goes wrong ---- */

TEST(bad_input_sends_nothing)
{
    xc_interface *xch = start(17);
    struct e820entry entry = {0};
    xen_pfn_t gfn;

    assert_fails_with(xc_domain_maximum_gpfn(xch, NONE, &gfn), -1, EINVAL);
    assert_fails_with(xc_domain_nr_gpfns(xch, NONE, &gfn), -1, EINVAL);
    assert_fails_with(xc_get_tot_pages(xch, NONE), -1, EINVAL);
    assert_fails_with(xc_machphys_mfn_list(xch, 1UL << 32, &gfn), -1, EINVAL);
    assert_fails_with(xc_domain_set_memory_map(xch, NONE, &entry, 1), -1, EINVAL);
    assert_fails_with(xc_domain_set_memmap_limit(xch, NONE, 1), -1, EINVAL);
    assert_fails_with(xc_get_machine_memory_map(xch, &entry, 0), -1, EINVAL);
    assert_fails_with(xc_get_machine_memory_map(xch, NULL, 1), -1, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

static long find_maximum(xc_interface *xch)
{
    xen_pfn_t gfn;

    return xc_domain_maximum_gpfn(xch, DOM, &gfn);
}

static long list_extents(xc_interface *xch)
{
    xen_pfn_t frame;

    there = 1;
    return xc_machphys_mfn_list(xch, 1, &frame);
}

static long set_map(xc_interface *xch)
{
    return xc_domain_set_memmap_limit(xch, DOM, 0x123456400 >> 10);
}

static long get_map(xc_interface *xch)
{
    struct e820entry entry;

    return xc_get_machine_memory_map(xch, &entry, 1);
}

static long get_reserved(xc_interface *xch)
{
    struct xen_reserved_device_memory entry;
    uint32_t count = 1;

    return xc_reserved_device_memory_map(xch, 0, 0, 0, 0, &entry, &count);
}

TEST(a_buffer_that_cannot_be_had_leaves_nothing)
{
    told = 1;
    assert_buffers_may_fail(find_maximum, answer_within);
    assert_buffers_may_fail(list_extents, list_frames);
    assert_buffers_may_fail(set_map, take_map);
    assert_buffers_may_fail(get_map, tell_map);
    assert_buffers_may_fail(get_reserved, tell_reserved);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(frame_numbers_come_back_whole_on_every_release),
        cmocka_unit_test(a_failure_within_the_multicall_is_the_calls_own),
        cmocka_unit_test(a_domains_pages_are_counted_on_every_release),
        cmocka_unit_test(the_machine_to_physical_list_has_as_many_extents_as_were_asked_for),
        cmocka_unit_test(a_domain_is_given_a_memory_map),
        cmocka_unit_test(the_hosts_memory_map_may_have_any_number_of_entries),
        cmocka_unit_test(reserved_memory_tells_how_much_room_it_needs),
        cmocka_unit_test(any_memory_op_can_be_made),
        cmocka_unit_test(bad_input_sends_nothing),
        cmocka_unit_test(a_buffer_that_cannot_be_had_leaves_nothing),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
