/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* monitor_op: the same bytes everywhere, but not the same events. */
#include "monitor.h"

#include "harness.h"

#include <errno.h>
#include <string.h>

#include "recorder.h"

enum { MONITOR_OP = 77, GET_CAPABILITIES = 2 };

static int answer(const struct record *record, uint16_t *domid, uint8_t *payload)
{
    (void)domid;
    if (record->payload[0] == GET_CAPABILITIES)
        payload[4] = 0x5a;
    return 0;
}

static uint64_t field(unsigned minor, const char *name)
{
    return recorded_field(minor, "xen_domctl", "monitor_op", name, records[0].payload);
}

TEST(a_request_has_the_right_bytes_on_every_release)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_recording(minor, answer);
        struct hvabi_monitor monitor = {
            .op = 0,
            .event = 0,
            .u.mov_to_cr = {.index = 3, .sync = 1, .onchangeonly = 1,
                            .bitmask = 0x1122334455667788},
        };

        assert_int_equal(xenhvabi_monitor(&fixture->abi, 9, &monitor), 0);
        assert_recorded(0, DOMCTL, MONITOR_OP, 9, 24);
        assert_int_equal(field(minor, "u.mov_to_cr.index"), 3);
        assert_int_equal(field(minor, "u.mov_to_cr.sync"), 1);
        assert_int_equal(field(minor, "u.mov_to_cr.onchangeonly"), 1);
        assert_int_equal(field(minor, "u.mov_to_cr.bitmask"), 0x1122334455667788);
        stop(fixture);
    }
}

TEST(an_answer_comes_back_on_every_release)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_recording(minor, answer);
        struct hvabi_monitor monitor = {.op = GET_CAPABILITIES};

        assert_int_equal(xenhvabi_monitor(&fixture->abi, 9, &monitor), 0);
        assert_int_equal(monitor.op, GET_CAPABILITIES);
        assert_int_equal(monitor.event, 0x5a);
        stop(fixture);
    }
}

TEST(events_that_came_later_are_refused_before)
{
    static const struct {
        unsigned event, since;
    } cases[] = {{11, 14}, {12, 17}, {13, 18}};

    EACH_MINOR(minor)
    {
        for (unsigned i = 0; i < 3; i++) {
            struct fixture *fixture = start_recording(minor, answer);
            struct hvabi_monitor monitor = {.event = cases[i].event, .u.vmexit.sync = 1};

            if (minor >= cases[i].since) {
                assert_int_equal(xenhvabi_monitor(&fixture->abi, 9, &monitor), 0);
                assert_int_equal(field(minor, "event"), cases[i].event);
                assert_int_equal(records[0].payload[8], 1);
            } else {
                assert_fails_with(xenhvabi_monitor(&fixture->abi, 9, &monitor), -1, ENOTSUP);
                assert_int_equal(nr_records, 0);
                assert_int_equal(logged.messages, 1);
            }
            stop(fixture);
        }
    }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_has_the_right_bytes_on_every_release),
        cmocka_unit_test(an_answer_comes_back_on_every_release),
        cmocka_unit_test(events_that_came_later_are_refused_before),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
