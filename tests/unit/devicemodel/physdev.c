/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A guest's numbers for interrupts. */
#include "passthrough_fixture.h"

#include <limits.h>
#include <stddef.h>
#include <xen/physdev.h>

enum { MAP_PIRQ_SIZE = 40, GIVEN = 33 };
_Static_assert(sizeof(struct physdev_map_pirq) == MAP_PIRQ_SIZE, "as on every release");

static int give_number(struct sent *request, uint8_t *memory)
{
    int number = GIVEN;

    (void)request;
    memcpy(memory + offsetof(struct physdev_map_pirq, pirq), &number, sizeof(number));
    return 0;
}

/* Bytes: domid, type, index, pirq, bus, devfn, entry_nr, table_base. */
TEST(a_gsi_gets_a_number)
{
    EACH_MINOR(minor)
    {
        xendevicemodel_handle *dmod = start(minor);
        int pirq = -1;

        answer_with(give_number);
        assert_done(xendevicemodel_physdev_map_pirq(dmod, DOM, 19, &pirq));
        assert_struct(__HYPERVISOR_physdev_op, PHYSDEVOP_map_pirq, MAP_PIRQ_SIZE, {0, 2, DOM},
                      {4, 4, MAP_PIRQ_TYPE_GSI}, {8, 4, 19}, {12, 4, 19});
        assert_int_equal(pirq, GIVEN);
        assert_done(xendevicemodel_physdev_map_pirq(dmod, DOM, 19, &pirq));
        assert_struct(__HYPERVISOR_physdev_op, PHYSDEVOP_map_pirq, MAP_PIRQ_SIZE, {0, 2, DOM},
                      {4, 4, MAP_PIRQ_TYPE_GSI}, {8, 4, 19}, {12, 4, GIVEN});
        pirq = -1;
        assert_done(xendevicemodel_physdev_map_pirq_gsi(dmod, DOM, 19, &pirq));
        assert_struct(__HYPERVISOR_physdev_op, PHYSDEVOP_map_pirq, MAP_PIRQ_SIZE, {0, 2, DOM},
                      {4, 4, MAP_PIRQ_TYPE_GSI}, {8, 4, 19}, {12, 4, UINT32_MAX});
        assert_int_equal(pirq, GIVEN);
        stop(dmod);
    }
}

TEST(a_message_gets_a_number)
{
    EACH_MINOR(minor)
    {
        xendevicemodel_handle *dmod = start(minor);
        int pirq = -1;

        answer_with(give_number);
        assert_done(
            xendevicemodel_physdev_map_pirq_msi(dmod, DOM, 0x0318, 2, 0xfebf0000, &pirq));
        assert_struct(__HYPERVISOR_physdev_op, PHYSDEVOP_map_pirq, MAP_PIRQ_SIZE, {0, 2, DOM},
                      {4, 4, MAP_PIRQ_TYPE_MSI}, {8, 4, UINT32_MAX}, {12, 4, UINT32_MAX},
                      {16, 4, 3}, {20, 4, 0x18}, {24, 4, 2}, {32, 8, 0xfebf0000});
        assert_int_equal(pirq, GIVEN);
        pirq = 5;
        assert_done(xendevicemodel_physdev_map_pirq_msi(dmod, DOM, 0xabcd0318, 0, 0, &pirq));
        assert_struct(__HYPERVISOR_physdev_op, PHYSDEVOP_map_pirq, MAP_PIRQ_SIZE, {0, 2, DOM},
                      {4, 4, MAP_PIRQ_TYPE_MSI_SEG}, {8, 4, UINT32_MAX}, {12, 4, 5},
                      {16, 4, 0xabcd0003}, {20, 4, 0x18});
        stop(dmod);
    }
}

TEST(a_number_is_given_back)
{
    EACH_MINOR(minor)
    {
        xendevicemodel_handle *dmod = start(minor);

        assert_done(xendevicemodel_physdev_unmap_pirq(dmod, DOM, 33));
        assert_struct(__HYPERVISOR_physdev_op, PHYSDEVOP_unmap_pirq,
                      sizeof(struct physdev_unmap_pirq), {0, 2, DOM}, {4, 4, 33});
        stop(dmod);
    }
}

static int refuse(struct sent *request, uint8_t *payload)
{
    (void)request;
    (void)payload;
    return -ENODEV;
}

TEST(what_cannot_be_mapped_leaves_the_number_as_it_was)
{
    xendevicemodel_handle *dmod = start(17);
    int pirq = -1;

    assert_refused(xendevicemodel_physdev_map_pirq(dmod, DOM, -1, &pirq), EINVAL);
    assert_refused(xendevicemodel_physdev_map_pirq(dmod, DOM, 19, NULL), EINVAL);
    assert_refused(xendevicemodel_physdev_map_pirq_gsi(dmod, DOM, -1, &pirq), EINVAL);
    assert_refused(xendevicemodel_physdev_map_pirq_gsi(dmod, DOM, 19, NULL), EINVAL);
    assert_refused(xendevicemodel_physdev_map_pirq_msi(dmod, DOM, 0x18, 0, 0, NULL), EINVAL);
    assert_refused(
        xendevicemodel_physdev_map_pirq_msi(dmod, DOM, 0x18, (uint32_t)INT_MAX + 1, 0, &pirq),
        EINVAL);
    assert_refused(xendevicemodel_physdev_unmap_pirq(dmod, DOM, -1), EINVAL);
    answer_with(refuse);
    assert_fails_with(xendevicemodel_physdev_map_pirq(dmod, DOM, 19, &pirq), -1, ENODEV);
    assert_fails_with(xendevicemodel_physdev_map_pirq_gsi(dmod, DOM, 19, &pirq), -1, ENODEV);
    assert_fails_with(xendevicemodel_physdev_map_pirq_msi(dmod, DOM, 0x18, 0, 0, &pirq), -1,
                      ENODEV);
    assert_int_equal(pirq, -1);
    stop(dmod);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gsi_gets_a_number),
        cmocka_unit_test(a_message_gets_a_number),
        cmocka_unit_test(a_number_is_given_back),
        cmocka_unit_test(what_cannot_be_mapped_leaves_the_number_as_it_was),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
