/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rights to ports, I/O memory and interrupts: bytes for every release, and what is refused. */
#include "passthrough_fixture.h"

TEST(a_right_to_ports_is_given_and_taken)
{
    EACH_MINOR(minor)
    {
        xendevicemodel_handle *dmod = start(minor);

        assert_done(xendevicemodel_ioport_permission(dmod, DOM, 0x3f8, 8, true));
        assert_domctl(minor, IOPORT_PERMISSION, DOM, "ioport_permission", {"first_port", 0x3f8},
                      {"nr_ports", 8}, {"allow_access", 1});
        assert_done(xendevicemodel_ioport_permission(dmod, DOM, 0, 0x10000, false));
        assert_domctl(minor, IOPORT_PERMISSION, DOM, "ioport_permission", {"nr_ports", 0x10000});
        stop(dmod);
    }
}

TEST(a_right_to_io_memory_is_given_and_taken)
{
    EACH_MINOR(minor)
    {
        xendevicemodel_handle *dmod = start(minor);

        assert_done(xendevicemodel_iomem_permission(dmod, DOM, 0xfedcba9876, 32, true));
        assert_domctl(minor, IOMEM_PERMISSION, DOM, "iomem_permission",
                      {"first_mfn", 0xfedcba9876}, {"nr_mfns", 32}, {"allow_access", 1});
        assert_done(xendevicemodel_iomem_permission(dmod, DOM, 0xa0, 1, false));
        assert_domctl(minor, IOMEM_PERMISSION, DOM, "iomem_permission", {"first_mfn", 0xa0},
                      {"nr_mfns", 1});
        stop(dmod);
    }
}

TEST(a_right_to_an_interrupt_is_given_and_taken)
{
    EACH_MINOR(minor)
    {
        xendevicemodel_handle *dmod = start(minor);

        assert_done(xendevicemodel_irq_permission(dmod, DOM, 255, true));
        assert_domctl(minor, IRQ_PERMISSION, DOM, "irq_permission", {"pirq", 255},
                      {"allow_access", 1});
        assert_done(xendevicemodel_irq_permission(dmod, DOM, 16, false));
        assert_domctl(minor, IRQ_PERMISSION, DOM, "irq_permission", {"pirq", 16});
        stop(dmod);
    }
}

/* A number cut to 8 bits would give away another interrupt. */
TEST(a_pirq_above_255_is_refused_before_4_16)
{
    EACH_MINOR(minor)
    {
        xendevicemodel_handle *dmod = start(minor);

        if (minor < 16) {
            assert_refused(xendevicemodel_irq_permission(dmod, DOM, 256 + 4, true), ENOTSUP);
            assert_refused(xendevicemodel_irq_permission(dmod, DOM, 256 + 4, false), ENOTSUP);
            assert_int_equal(logged.messages, 1);
        } else {
            assert_done(xendevicemodel_irq_permission(dmod, DOM, 256 + 4, true));
            assert_domctl(minor, IRQ_PERMISSION, DOM, "irq_permission", {"pirq", 260},
                          {"allow_access", 1});
        }
        stop(dmod);
    }
}

TEST(a_right_to_a_gsi_needs_4_20)
{
    EACH_MINOR(minor)
    {
        xendevicemodel_handle *dmod = start(minor);

        if (minor < 20) {
            assert_refused(xendevicemodel_gsi_permission(dmod, DOM, 300, true), ENOTSUP);
            assert_int_equal(logged.messages, 1);
            assert_non_null(strstr(logged.text, "gsi_permission"));
        } else {
            assert_done(xendevicemodel_gsi_permission(dmod, DOM, 300, true));
            assert_domctl(minor, GSI_PERMISSION, DOM, "gsi_permission", {"gsi", 300},
                          {"flags", 1});
            assert_done(xendevicemodel_gsi_permission(dmod, DOM, 300, false));
            assert_domctl(minor, GSI_PERMISSION, DOM, "gsi_permission", {"gsi", 300});
        }
        stop(dmod);
    }
}

TEST(ranges_that_are_none_are_refused)
{
    xendevicemodel_handle *dmod = start(NEWEST_MINOR);
    unsigned calls = fakexen_count_all();

    assert_refused(xendevicemodel_ioport_permission(dmod, DOM, 0x3f8, 0, true), EINVAL);
    assert_refused(xendevicemodel_ioport_permission(dmod, DOM, 0xffff, 2, true), EINVAL);
    assert_refused(xendevicemodel_ioport_permission(dmod, DOM, 0x10000, 1, true), EINVAL);
    assert_refused(xendevicemodel_ioport_permission(dmod, DOM, 8, UINT32_MAX - 4, true), EINVAL);
    assert_refused(xendevicemodel_iomem_permission(dmod, DOM, 1, 0, true), EINVAL);
    assert_refused(xendevicemodel_iomem_permission(dmod, DOM, 2, UINT64_MAX, true), EINVAL);
    assert_int_equal(fakexen_count_all(), calls);
    stop(dmod);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_right_to_ports_is_given_and_taken),
        cmocka_unit_test(a_right_to_io_memory_is_given_and_taken),
        cmocka_unit_test(a_right_to_an_interrupt_is_given_and_taken),
        cmocka_unit_test(a_pirq_above_255_is_refused_before_4_16),
        cmocka_unit_test(a_right_to_a_gsi_needs_4_20),
        cmocka_unit_test(ranges_that_are_none_are_refused),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
