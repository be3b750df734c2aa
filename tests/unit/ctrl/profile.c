/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Counters of events and locks. */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "xenctrl.h"

enum { PERFC_OP = 5, LOCKPROF_OP = 15 };

static const char unit[] = "xen_sysctl";

static int tell_counters(struct sent *request, uint8_t *payload)
{
    xc_perfc_desc_t *desc = address_in(running_minor, unit, "perfc_op", "desc.p", payload);
    xc_perfc_val_t *val = address_in(running_minor, unit, "perfc_op", "val.p", payload);

    (void)request;
    if (desc) {
        strcpy(desc[1].name, "exceptions");
        val[2] = 77;
    }
    set_field(running_minor, unit, "perfc_op", "nr_counters", payload, 2);
    set_field(running_minor, unit, "perfc_op", "nr_vals", payload, 3);
    return 0;
}

TEST(events_are_counted_into_the_callers_buffers)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        DECLARE_HYPERCALL_BUFFER(xc_perfc_desc_t, desc);
        DECLARE_HYPERCALL_BUFFER(xc_perfc_val_t, val);
        int nr_desc = 0, nr_val = 0;

        answer_with(tell_counters);
        assert_int_equal(xc_perfc_query_number(xch, &nr_desc, &nr_val), 0);
        assert_sysctl(minor, PERFC_OP, "perfc_op", {"cmd", 2});
        assert_int_equal(nr_desc, 2);
        assert_int_equal(nr_val, 3);
        assert_int_equal(xc_perfc_query_number(xch, NULL, NULL), 0);
        desc = xc_hypercall_buffer_alloc(xch, desc, 2 * sizeof(*desc));
        val = xc_hypercall_buffer_alloc(xch, val, 3 * sizeof(*val));
        assert_int_equal(xc_perfc_query(xch, HYPERCALL_BUFFER(desc), HYPERCALL_BUFFER(val)), 0);
        assert_sysctl(minor, PERFC_OP, "perfc_op", {"cmd", 2},
                      {"desc.p", (uintptr_t)desc}, {"val.p", (uintptr_t)val});
        assert_string_equal(desc[1].name, "exceptions");
        assert_int_equal(val[2], 77);
        xc_hypercall_buffer_free(xch, desc);
        xc_hypercall_buffer_free(xch, val);
        assert_int_equal(xc_perfc_reset(xch), 0);
        assert_sysctl(minor, PERFC_OP, "perfc_op", {"cmd", 1});
        stop(xch);
    }
}

static int tell_locks(struct sent *request, uint8_t *payload)
{
    xc_lockprof_data_t *data = address_in(running_minor, unit, "lockprof_op", "data.p", payload);

    (void)request;
    if (data)
        strcpy(data[0].name, "heap_lock");
    set_field(running_minor, unit, "lockprof_op", "nr_elem", payload, 5);
    set_field(running_minor, unit, "lockprof_op", "time", payload, UINT64_C(0x123456789a));
    return 0;
}

TEST(locks_are_told_as_far_as_there_is_room)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        DECLARE_HYPERCALL_BUFFER(xc_lockprof_data_t, data);
        uint32_t count = 0;
        uint64_t time = 0;

        answer_with(tell_locks);
        assert_int_equal(xc_lockprof_query_number(xch, &count), 0);
        assert_sysctl(minor, LOCKPROF_OP, "lockprof_op", {"cmd", 2});
        assert_int_equal(count, 5);
        data = xc_hypercall_buffer_alloc(xch, data, 2 * sizeof(*data));
        count = 2;
        {
            DECLARE_HYPERCALL_BUFFER_SHADOW(xc_lockprof_data_t, shadow, HYPERCALL_BUFFER(data));
            assert_ptr_equal(shadow, data);
            assert_int_equal(xc_lockprof_query(xch, &count, &time,
                                               &XC__HYPERCALL_BUFFER_NAME(shadow)),
                             0);
        }
        assert_sysctl(minor, LOCKPROF_OP, "lockprof_op", {"cmd", 2}, {"max_elem", 2},
                      {"data.p", (uintptr_t)data});
        assert_int_equal(count, 5);
        assert_true(time == UINT64_C(0x123456789a));
        assert_string_equal(data[0].name, "heap_lock");
        xc_hypercall_buffer_free(xch, data);
        assert_int_equal(xc_lockprof_reset(xch), 0);
        assert_sysctl(minor, LOCKPROF_OP, "lockprof_op", {"cmd", 1});
        stop(xch);
    }
}

static int say_not_built_in(struct sent *request, uint8_t *payload)
{
    (void)request;
    set_field(running_minor, unit, "lockprof_op", "nr_elem", payload, 5);
    return -ENOSYS;
}

TEST(a_build_without_them_changes_nothing)
{
    xc_interface *xch = start(20);
    uint32_t count = 3;
    int nr_desc = 3;
    uint64_t time = 3;

    answer_with(say_not_built_in);
    assert_fails_with(xc_lockprof_query_number(xch, &count), -1, ENOSYS);
    assert_fails_with(xc_lockprof_query(xch, &count, &time, NULL), -1, ENOSYS);
    assert_fails_with(xc_lockprof_reset(xch), -1, ENOSYS);
    assert_fails_with(xc_perfc_query_number(xch, &nr_desc, NULL), -1, ENOSYS);
    assert_int_equal(count, 3);
    assert_int_equal(nr_desc, 3);
    assert_int_equal(time, 3);
    stop(xch);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_are_counted_into_the_callers_buffers),
        cmocka_unit_test(locks_are_told_as_far_as_there_is_room),
        cmocka_unit_test(a_build_without_them_changes_nothing),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
