/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sleep and the end of a bare HVM guest; see machine.h. tests/dropin looks at what the
 * toolstack makes of a reboot and a shutdown.
 */
#include <errno.h>

#include "machine.h" /* first: the definitions for tools */

#include <xen/hvm/params.h>
#include <xen/sched.h>

#include "harness.h"

enum { RAM = 0x1000000, LONGER_THAN_ITS_REST_MS = 4000 };
enum { RAN = 0, ASLEEP = 3 }; /* ACPI's S0 and S3 */

static uint64_t sleep_state(void)
{
    uint64_t state = 77;

    assert_int_equal(xendevicemodel_get_hvm_param(machine_dmod(), machine_domid(),
                                                  HVM_PARAM_ACPI_S_STATE, &state), 0);
    return state;
}

TEST(guest_answers)
{
    assert_int_equal(guest_does(ORDER_WAKES, 0, 0, 0), 0);
}

/* It would ask for its next order a tick after this one. */
TEST(guest_sleeps_with_its_memory_kept_and_wakes_at_its_reset_vector)
{
    xendevicemodel_handle *dmod = machine_dmod();
    domid_t domid = machine_domid();

    guest_writes(RAM, 0x5a5a5a5a);
    assert_int_equal(sleep_state(), RAN);
    guest_does(ORDER_REST, 0, 0, 2 * TICKS_PER_SECOND);
    assert_int_equal(xendevicemodel_s3_suspend(dmod, domid), 0);
    assert_int_equal(sleep_state(), ASLEEP);
    assert_int_equal(xendevicemodel_s3_suspend(dmod, domid), 0);
    assert_false(guest_asks_within(LONGER_THAN_ITS_REST_MS));
    assert_int_equal(xendevicemodel_s3_awaken(dmod, domid), 0);
    assert_int_equal(sleep_state(), RAN);
    assert_int_equal(guest_does(ORDER_WAKES, 0, 0, 0), 1);
    assert_int_equal(guest_reads(RAM), 0x5a5a5a5a);
}

/* On a restricted handle, as a device model would have it. */
TEST(reboot_ends_the_guest)
{
    xendevicemodel_handle *dmod = machine_dmod();
    domid_t domid = machine_domid();

    guest_does(ORDER_REST, 0, 0, TICKS_PER_SECOND);
    assert_int_equal(xendevicemodel_restrict(dmod, domid), 0);
    assert_int_equal(xendevicemodel_reboot(dmod, domid), 0);
    assert_false(guest_asks_within(LONGER_THAN_ITS_REST_MS));
}

TEST(shutdown_ends_the_guest)
{
    guest_does(ORDER_REST, 0, 0, TICKS_PER_SECOND);
    assert_int_equal(
        xendevicemodel_shutdown(machine_dmod(), machine_domid(), SHUTDOWN_poweroff), 0);
    assert_false(guest_asks_within(LONGER_THAN_ITS_REST_MS));
}

#define IN_MACHINE(test) cmocka_unit_test_setup_teardown(test, machine_join, machine_leave)

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        IN_MACHINE(guest_answers),
        IN_MACHINE(guest_sleeps_with_its_memory_kept_and_wakes_at_its_reset_vector),
        IN_MACHINE(reboot_ends_the_guest),
        IN_MACHINE(shutdown_ends_the_guest),
    };

    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
