/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* irq_permission's two layouts, and ioport_mapping's two meanings. */
#include "passthrough.h"

#include "harness.h"

#include <errno.h>
#include <string.h>

#include "recorder.h"

enum { IRQ_PERMISSION = 19, IOPORT_PERMISSION = 21, IOPORT_MAPPING = 40 };

TEST(irq_permission_has_the_right_bytes_on_every_release)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_recording(minor, NULL);
        static const uint8_t old_bytes[2] = {255, 1};
        static const uint8_t new_bytes[8] = {255, 0, 0, 0, 1};

        assert_int_equal(xenhvabi_irq_permission(&fixture->abi, 9, 255, true), 0);
        assert_int_equal(xenhvabi_irq_permission(&fixture->abi, 9, 16, false), 0);
        const uint8_t *bytes =
            assert_recorded(0, DOMCTL, IRQ_PERMISSION, 9,
                            fakerelease_size(minor, "xen_domctl", "irq_permission"));
        if (minor < 16)
            assert_memory_equal(bytes, old_bytes, sizeof(old_bytes));
        else
            assert_memory_equal(bytes, new_bytes, sizeof(new_bytes));
        assert_int_equal(recorded_field(minor, "xen_domctl", "irq_permission", "allow_access",
                                        records[1].payload),
                         0);
        stop(fixture);
    }
}

TEST(a_pirq_above_255_needs_4_16)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_recording(minor, NULL);

        if (minor >= 16) {
            assert_int_equal(xenhvabi_irq_permission(&fixture->abi, 9, 256, true), 0);
            assert_int_equal(recorded_field(minor, "xen_domctl", "irq_permission", "pirq",
                                            records[0].payload),
                             256);
        } else {
            assert_fails_with(xenhvabi_irq_permission(&fixture->abi, 9, 256, true), -1,
                              ENOTSUP);
            assert_int_equal(nr_records, 0);
            assert_int_equal(logged.messages, 1);
        }
        stop(fixture);
    }
}

/* ---- I/O ports ---- */

static const struct hvabi_ioports ports = {0x100, 0x3f8, 8};
static int mapping_result, permission_result;

static int answer(const struct record *record, uint16_t *domid, uint8_t *payload)
{
    (void)domid;
    (void)payload;
    return record->cmd == IOPORT_MAPPING ? mapping_result : permission_result;
}

static struct fixture *start_with_ports(unsigned minor)
{
    mapping_result = permission_result = 0;
    return start_recording(minor, answer);
}

static void assert_maps(unsigned index, bool add)
{
    static const char *const unit = "xen_domctl", *const member = "ioport_mapping";
    const uint8_t *bytes = assert_recorded(index, DOMCTL, IOPORT_MAPPING, 9, 16);

    assert_int_equal(recorded_field(22, unit, member, "first_gport", bytes), 0x100);
    assert_int_equal(recorded_field(22, unit, member, "first_mport", bytes), 0x3f8);
    assert_int_equal(recorded_field(22, unit, member, "nr_ports", bytes), 8);
    assert_int_equal(recorded_field(22, unit, member, "add_mapping", bytes), add);
}

static void assert_permits(unsigned index, bool allow)
{
    static const char *const unit = "xen_domctl", *const member = "ioport_permission";
    const uint8_t *bytes = assert_recorded(index, DOMCTL, IOPORT_PERMISSION, 9, 9);

    assert_int_equal(recorded_field(22, unit, member, "first_port", bytes), 0x3f8);
    assert_int_equal(recorded_field(22, unit, member, "nr_ports", bytes), 8);
    assert_int_equal(recorded_field(22, unit, member, "allow_access", bytes), allow);
}

TEST(mapping_ports_permits_them_up_to_4_22)
{
    EACH_MINOR(minor)
    {
        struct fixture *fixture = start_with_ports(minor);

        assert_int_equal(xenhvabi_map_ioports(&fixture->abi, 9, &ports), 0);
        assert_int_equal(xenhvabi_unmap_ioports(&fixture->abi, 9, &ports), 0);
        assert_int_equal(nr_records, 2);
        assert_maps(0, true);
        assert_maps(1, false);
        stop(fixture);
    }
}

TEST(from_4_23_on_ports_are_permitted_before_and_forbidden_after)
{
    struct fixture *fixture = start_with_ports(23);

    assert_int_equal(xenhvabi_map_ioports(&fixture->abi, 9, &ports), 0);
    assert_int_equal(xenhvabi_unmap_ioports(&fixture->abi, 9, &ports), 0);
    assert_int_equal(nr_records, 4);
    assert_permits(0, true);
    assert_maps(1, true);
    assert_maps(2, false);
    assert_permits(3, false);
    stop(fixture);
}

TEST(no_right_to_ports_stays_behind_when_mapping_fails)
{
    struct fixture *fixture = start_with_ports(23);

    mapping_result = -ENOMEM;
    assert_fails_with(xenhvabi_map_ioports(&fixture->abi, 9, &ports), -1, ENOMEM);
    assert_int_equal(nr_records, 3);
    assert_permits(2, false);

    forget_records();
    mapping_result = -ENOENT;
    assert_fails_with(xenhvabi_unmap_ioports(&fixture->abi, 9, &ports), -1, ENOENT);
    assert_int_equal(nr_records, 2);
    assert_permits(1, false);
    stop(fixture);
}

TEST(a_right_to_ports_that_cannot_be_given_or_taken_is_an_error)
{
    struct fixture *fixture = start_with_ports(23);

    permission_result = -EPERM;
    assert_fails_with(xenhvabi_map_ioports(&fixture->abi, 9, &ports), -1, EPERM);
    assert_int_equal(nr_records, 1);
    forget_records();
    assert_fails_with(xenhvabi_unmap_ioports(&fixture->abi, 9, &ports), -1, EPERM);
    stop(fixture);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(irq_permission_has_the_right_bytes_on_every_release),
        cmocka_unit_test(a_pirq_above_255_needs_4_16),
        cmocka_unit_test(mapping_ports_permits_them_up_to_4_22),
        cmocka_unit_test(from_4_23_on_ports_are_permitted_before_and_forbidden_after),
        cmocka_unit_test(no_right_to_ports_stays_behind_when_mapping_fails),
        cmocka_unit_test(a_right_to_ports_that_cannot_be_given_or_taken_is_an_error),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
