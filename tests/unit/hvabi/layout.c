/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every layout of every release, there and back. */
#include "layout.h"

#include "harness.h"

#include <stdbool.h>
#include <string.h>

#include "create_domain.h"
#include "domain_info.h"
#include "fixture.h"
#include "monitor.h"
#include "passthrough.h"
#include "physinfo.h"
#include "pm.h"

static const struct {
    const char *unit, *member;
    const struct hvabi_layout_since *layouts;
} changed[] = {
    {"xen_domctl", "createdomain", xenhvabi_create_domain_layouts},
    {"xen_domctl", "getdomaininfo", xenhvabi_domain_info_layouts},
    {"xen_domctl", "irq_permission", xenhvabi_irq_permission_layouts},
    {"xen_domctl", "monitor_op", xenhvabi_monitor_layouts},
    {"xen_sysctl", "physinfo", xenhvabi_physinfo_layouts},
    {"xen_sysctl", "pm_op", xenhvabi_cpufreq_para_layouts},
    {"xen_sysctl", "pm_op", xenhvabi_cppc_layouts},
};

#define NR_CHANGED (sizeof(changed) / sizeof(changed[0]))

static bool is_in_a_field(const struct hvabi_layout *layout, unsigned byte)
{
    for (unsigned i = 0; i < layout->nr_fields; i++) {
        const struct hvabi_field *field = &layout->fields[i];

        if (byte >= field->wire && byte < field->wire + field->wire_size)
            return true;
    }
    return false;
}

static void check_there_and_back(const struct hvabi_layout *layout, const uint8_t *wire)
{
    uint8_t canonical[HVABI_CANONICAL_MAX + 1], back[HVABI_PAYLOAD_SIZE + 1];

    memset(canonical, 0x55, sizeof(canonical));
    xenhvabi_decode(layout, wire, canonical, HVABI_CANONICAL_MAX);
    assert_int_equal(canonical[HVABI_CANONICAL_MAX], 0x55);
    memset(back, 0x55, sizeof(back));
    xenhvabi_encode(layout, canonical, back);
    for (unsigned i = 0; i < layout->size; i++)
        assert_int_equal(back[i], is_in_a_field(layout, i) ? wire[i] : 0);
    assert_int_equal(back[layout->size], 0x55);
}

TEST(a_copy_of_a_domain_is_what_there_and_back_gives)
{
    EACH_MINOR(minor)
    {
        const struct hvabi_layout *layout =
            xenhvabi_layout_of(xenhvabi_domain_info_layouts, HVABI_RELEASE(4, minor));
        uint8_t wire[HVABI_PAYLOAD_SIZE], back[HVABI_PAYLOAD_SIZE], copy[HVABI_PAYLOAD_SIZE];
        struct hvabi_domain_info info;

        memset(wire, 0xa5, sizeof(wire));
        memset(copy, 0x55, sizeof(copy));
        memset(back, 0x55, sizeof(back));
        xenhvabi_decode(layout, wire, &info, sizeof(info));
        xenhvabi_encode(layout, &info, back);
        xenhvabi_copy(layout, wire, copy);
        assert_memory_equal(copy, back, sizeof(copy));
    }
}

TEST(xens_bytes_come_back_as_they_were_and_gaps_as_zeroes)
{
    EACH_MINOR(minor)
    {
        for (unsigned i = 0; i < NR_CHANGED; i++) {
            const struct hvabi_layout *layout =
                xenhvabi_layout_of(changed[i].layouts, HVABI_RELEASE(4, minor));
            uint8_t wire[HVABI_PAYLOAD_SIZE];

            memset(wire, 0xaa, sizeof(wire));
            fakerelease_fill(minor, changed[i].unit, changed[i].member, i, wire);
            check_there_and_back(layout, wire);
        }
    }
}

TEST(no_layout_is_larger_than_its_place)
{
    for (unsigned i = 0; i < NR_CHANGED; i++) {
        for (const struct hvabi_layout_since *row = changed[i].layouts; row->layout; row++) {
            assert_true(row->layout->size <= HVABI_PAYLOAD_SIZE);
            for (unsigned j = 0; j < row->layout->nr_fields; j++) {
                const struct hvabi_field *field = &row->layout->fields[j];

                assert_true(field->wire + field->wire_size <= row->layout->size);
                assert_true(field->ours + field->our_size <= HVABI_CANONICAL_MAX);
            }
        }
    }
}

TEST(the_newest_layout_has_room_for_every_value)
{
    struct hvabi_create_domain config;

    memset(&config, 0x7f, sizeof(config));
    config.altp2m_opts = config.altp2m_nr = 0xffff;
    const struct hvabi_layout *newest = xenhvabi_newest_layout(xenhvabi_create_domain_layouts);
    assert_null(xenhvabi_unexpressed(newest, newest, &config, sizeof(config)));
}

TEST(each_value_without_room_is_named)
{
    static const struct {
        unsigned minor;
        size_t offset;
        const char *name;
    } cases[] = {
        {14, offsetof(struct hvabi_create_domain, grant_opts), "grant_opts"},
        {14, offsetof(struct hvabi_create_domain, vmtrace_size), "vmtrace_size"},
        {14, offsetof(struct hvabi_create_domain, misc_flags), "arch.misc_flags"},
        {15, offsetof(struct hvabi_create_domain, grant_opts), "grant_opts"},
        {16, offsetof(struct hvabi_create_domain, cpupool_id), "cpupool_id"},
        {18, offsetof(struct hvabi_create_domain, altp2m_opts), "altp2m.opts"},
        {20, offsetof(struct hvabi_create_domain, altp2m_nr), "altp2m.nr"},
    };
    const struct hvabi_layout *newest = xenhvabi_newest_layout(xenhvabi_create_domain_layouts);

    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct hvabi_create_domain config = {0};
        const struct hvabi_layout *layout = xenhvabi_layout_of(
            xenhvabi_create_domain_layouts, HVABI_RELEASE(4, cases[i].minor));

        assert_null(xenhvabi_unexpressed(layout, newest, &config, sizeof(config)));
        ((char *)&config)[cases[i].offset] = 1;
        const struct hvabi_field *field =
            xenhvabi_unexpressed(layout, newest, &config, sizeof(config));
        assert_non_null(field);
        assert_string_equal(field->name, cases[i].name);
    }
}

TEST(a_release_between_two_rows_has_the_older_ones_layout)
{
    const struct hvabi_layout_since *rows = xenhvabi_create_domain_layouts;

    assert_ptr_equal(xenhvabi_layout_of(rows, HVABI_RELEASE(4, 18)),
                     xenhvabi_layout_of(rows, HVABI_RELEASE(4, 17)));
    assert_ptr_equal(xenhvabi_layout_of(rows, HVABI_RELEASE(4, 99)),
                     xenhvabi_newest_layout(rows));
    assert_ptr_equal(xenhvabi_layout_of(rows, HVABI_RELEASE(4, 13)), rows->layout);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(xens_bytes_come_back_as_they_were_and_gaps_as_zeroes),
        cmocka_unit_test(a_copy_of_a_domain_is_what_there_and_back_gives),
        cmocka_unit_test(no_layout_is_larger_than_its_place),
        cmocka_unit_test(the_newest_layout_has_room_for_every_value),
        cmocka_unit_test(each_value_without_room_is_named),
        cmocka_unit_test(a_release_between_two_rows_has_the_older_ones_layout),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
