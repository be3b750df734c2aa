/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Event channels and grant tables of other domains: what goes out, what comes back. */
#include "harness.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "fakeguest.h"
#include "fakexen.h"
#include "fixture.h"
#include "short_of_buffers.h"
#include "xenctrl.h"

enum { DOM = 7, OTHER = 9, NONE = 0x10000 + DOM };

/* ---- event channels ---- */

#define assert_event_channel_op(cmd, wanted) \
    do { \
        assert_int_equal(sent.op, __HYPERVISOR_event_channel_op); \
        assert_int_equal(sent.arguments[0], cmd); \
        assert_memory_equal(sent.memory, &(wanted), sizeof(wanted)); \
    } while (0)

static int tell_port(struct sent *request, uint8_t *memory)
{
    assert_int_equal(request->arguments[0], EVTCHNOP_alloc_unbound);
    ((struct evtchn_alloc_unbound *)memory)->port = 33;
    return 0;
}

TEST(a_port_is_allocated_for_two_domains)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct evtchn_alloc_unbound wanted = {.dom = DOM, .remote_dom = OTHER};

        answer_with(tell_port);
        assert_int_equal(xc_evtchn_alloc_unbound(xch, DOM, OTHER), 33);
        assert_event_channel_op(EVTCHNOP_alloc_unbound, wanted);
        stop(xch);
    }
}

TEST(all_ports_of_a_domain_are_reset)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        struct evtchn_reset wanted = {.dom = DOM};

        assert_int_equal(xc_evtchn_reset(xch, DOM), 0);
        assert_event_channel_op(EVTCHNOP_reset, wanted);
        stop(xch);
    }
}

static int tell_status(struct sent *request, uint8_t *memory)
{
    struct evtchn_status *status = (void *)memory;

    (void)request;
    if (status->port != 5)
        return -EINVAL;
    status->status = EVTCHNSTAT_interdomain;
    status->vcpu = 2;
    status->u.interdomain.dom = OTHER;
    status->u.interdomain.port = 44;
    return 0;
}

TEST(a_ports_status_tells_both_ends)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        xc_evtchn_status_t status, wanted;

        memset(&status, 0, sizeof(status));
        status.dom = DOM;
        status.port = 5;
        wanted = status;
        answer_with(tell_status);
        assert_int_equal(xc_evtchn_status(xch, &status), 0);
        assert_event_channel_op(EVTCHNOP_status, wanted);
        assert_int_equal(status.status, EVTCHNSTAT_interdomain);
        assert_int_equal(status.u.interdomain.dom, OTHER);
        assert_int_equal(status.u.interdomain.port, 44);
        status.port = 6;
        assert_fails_with(xc_evtchn_status(xch, &status), -1, EINVAL);
        stop(xch);
    }
}

/* ---- grant tables ---- */

enum { TABLE_FRAMES = 3, FIRST_FRAME = 4 };

static struct {
    unsigned version;
    int16_t query_status, setup_status;
    int failing; /* the operation that fails with EPERM */
} table;

static int query_size(uint8_t *memory)
{
    struct gnttab_query_size *query = (void *)memory;

    assert_int_equal(query->dom, DOM);
    query->nr_frames = TABLE_FRAMES;
    query->max_nr_frames = 64;
    query->status = table.query_status;
    return 0;
}

static int setup_table(uint8_t *memory)
{
    struct gnttab_setup_table *setup = (void *)memory;
    xen_pfn_t *frames;

    memcpy(&frames, &setup->frame_list, sizeof(frames));
    assert_int_equal(setup->dom, DOM);
    assert_int_equal(setup->nr_frames, TABLE_FRAMES);
    for (unsigned i = 0; i < TABLE_FRAMES; i++)
        frames[i] = FIRST_FRAME + i;
    setup->status = table.setup_status;
    return 0;
}

static int answer_for_the_table(struct sent *request, uint8_t *memory)
{
    assert_int_equal(request->op, __HYPERVISOR_grant_table_op);
    assert_int_equal(request->arguments[2], 1);
    if (table.failing == (int)request->arguments[0])
        return -EPERM;
    switch (request->arguments[0]) {
    case GNTTABOP_get_version:
        assert_int_equal(((struct gnttab_get_version *)memory)->dom, DOM);
        ((struct gnttab_get_version *)memory)->version = table.version;
        return 0;
    case GNTTABOP_query_size:
        return query_size(memory);
    case GNTTABOP_setup_table:
        return setup_table(memory);
    default:
        return -ENOSYS;
    }
}

static xc_interface *start_table(unsigned minor, unsigned version)
{
    xc_interface *xch = start(minor);

    memset(&table, 0, sizeof(table));
    table.version = version;
    table.failing = -1;
    answer_with(answer_for_the_table);
    return xch;
}

TEST(a_grant_table_has_a_size_and_a_version)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start_table(minor, 2);
        struct gnttab_query_size query, wanted;

        memset(&query, 0, sizeof(query));
        query.dom = DOM;
        wanted = query;
        assert_int_equal(xc_gnttab_query_size(xch, &query), 0);
        assert_int_equal(sent.arguments[0], GNTTABOP_query_size);
        assert_memory_equal(sent.memory, &wanted, sizeof(wanted));
        assert_int_equal(query.nr_frames, TABLE_FRAMES);
        assert_int_equal(query.max_nr_frames, 64);
        assert_int_equal(xc_gnttab_get_version(xch, DOM), 2);
        assert_int_equal(sent.arguments[0], GNTTABOP_get_version);
        stop(xch);
    }
}

TEST(any_grant_table_op_takes_several_structs)
{
    xc_interface *xch = start(17);
    struct gnttab_get_version queries[3] = {{.dom = 1}, {.dom = 2}, {.dom = 3}};

    assert_int_equal(xc_gnttab_op(xch, GNTTABOP_get_version, queries, sizeof(queries[0]), 3), 0);
    assert_int_equal(sent.op, __HYPERVISOR_grant_table_op);
    assert_int_equal(sent.arguments[0], GNTTABOP_get_version);
    assert_int_equal(sent.arguments[2], 3);
    assert_memory_equal(sent.memory, queries, sizeof(queries));
    assert_int_equal(xc_gnttab_op(xch, GNTTABOP_get_version, NULL, sizeof(queries[0]), 0), 0);
    stop(xch);
}

static void fill_table(void)
{
    uint8_t *memory = fakeguest_start(DOM, 16);

    for (unsigned frame = 0; frame < 16; frame++)
        memset(memory + frame * FAKEGUEST_PAGE, (int)frame, FAKEGUEST_PAGE);
}

TEST(the_table_of_version_1_is_mapped)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start_table(minor, 1);
        int count = 0;

        fill_table();
        grant_entry_v1_t *entries = xc_gnttab_map_table_v1(xch, DOM, &count);
        assert_non_null(entries);
        assert_int_equal(count, TABLE_FRAMES * FAKEGUEST_PAGE / 8);
        assert_int_equal(entries[0].flags, FIRST_FRAME * 0x101);
        assert_int_equal(entries[count - 1].domid, (FIRST_FRAME + 2) * 0x101);
        munmap(entries, TABLE_FRAMES * FAKEGUEST_PAGE);
        assert_fails_with(xc_gnttab_map_table_v2(xch, DOM, &count), NULL, EINVAL);
        stop(xch);
    }
}

TEST(the_table_of_version_2_is_mapped)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start_table(minor, 2);
        int count = 0;

        fill_table();
        grant_entry_v2_t *entries = xc_gnttab_map_table_v2(xch, DOM, &count);
        assert_non_null(entries);
        assert_int_equal(count, TABLE_FRAMES * FAKEGUEST_PAGE / 16);
        assert_int_equal(entries[count - 1].hdr.domid, (FIRST_FRAME + 2) * 0x101);
        munmap(entries, TABLE_FRAMES * FAKEGUEST_PAGE);
        assert_fails_with(xc_gnttab_map_table_v1(xch, DOM, &count), NULL, EINVAL);
        stop(xch);
    }
}

TEST(each_question_about_the_table_may_fail)
{
    static const int operations[] = {GNTTABOP_get_version, GNTTABOP_query_size,
                                     GNTTABOP_setup_table};
    xc_interface *xch = start_table(17, 1);
    int count = 5;

    fill_table();
    for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
        table.failing = operations[i];
        assert_fails_with(xc_gnttab_map_table_v1(xch, DOM, &count), NULL, EPERM);
    }
    table.failing = -1;
    table.query_status = GNTST_permission_denied;
    assert_fails_with(xc_gnttab_map_table_v1(xch, DOM, &count), NULL, EPERM);
    table.query_status = 0;
    table.setup_status = GNTST_general_error;
    assert_fails_with(xc_gnttab_map_table_v1(xch, DOM, &count), NULL, EINVAL);
    table.setup_status = 0;
    assert_fails_with(xc_gnttab_map_table_v1(xch, DOM, NULL), NULL, EINVAL);
    assert_int_equal(count, 5);
    stop(xch);
}

/* ---- what goes wrong ---- */

TEST(bad_input_sends_nothing)
{
    xc_interface *xch = start(17);
    int count;

    assert_fails_with(xc_evtchn_alloc_unbound(xch, NONE, OTHER), -1, EINVAL);
    assert_fails_with(xc_evtchn_alloc_unbound(xch, DOM, NONE), -1, EINVAL);
    assert_fails_with(xc_evtchn_reset(xch, NONE), -1, EINVAL);
    assert_fails_with(xc_gnttab_op(xch, 0, &count, -1, 1), -1, EINVAL);
    assert_fails_with(xc_gnttab_op(xch, 0, &count, 4, -1), -1, EINVAL);
    assert_fails_with(xc_gnttab_op(xch, 0, NULL, 4, 1), -1, EINVAL);
    assert_fails_with(xc_gnttab_get_version(xch, NONE), -1, EINVAL);
    assert_fails_with(xc_gnttab_map_table_v1(xch, NONE, &count), NULL, EINVAL);
    assert_fails_with(xc_gnttab_map_table_v2(xch, NONE, &count), NULL, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

static long allocate(xc_interface *xch)
{
    return xc_evtchn_alloc_unbound(xch, DOM, OTHER);
}

static long query(xc_interface *xch)
{
    struct gnttab_query_size size = {.dom = DOM};

    return xc_gnttab_query_size(xch, &size);
}

TEST(a_buffer_that_cannot_be_had_leaves_nothing)
{
    assert_buffers_may_fail(allocate, tell_port);
    table.failing = -1;
    assert_buffers_may_fail(query, answer_for_the_table);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_port_is_allocated_for_two_domains),
        cmocka_unit_test(all_ports_of_a_domain_are_reset),
        cmocka_unit_test(a_ports_status_tells_both_ends),
        cmocka_unit_test(a_grant_table_has_a_size_and_a_version),
        cmocka_unit_test(any_grant_table_op_takes_several_structs),
        cmocka_unit_test(the_table_of_version_1_is_mapped),
        cmocka_unit_test(the_table_of_version_2_is_mapped),
        cmocka_unit_test(each_question_about_the_table_may_fail),
        cmocka_unit_test(bad_input_sends_nothing),
        cmocka_unit_test(a_buffer_that_cannot_be_had_leaves_nothing),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
