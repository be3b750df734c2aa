/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Interrupts of every type on their way to a guest. */
#include "passthrough_fixture.h"

static const struct xendevicemodel_pt_irq every_member = {
    .size = sizeof(struct xendevicemodel_pt_irq),
    .pirq = 300,
    .bus = 1,
    .device = 2,
    .intx = 3,
    .isa_irq = 4,
    .spi = 0x105,
    .gvec = 0x41,
    .gflags = XENDEVICEMODEL_MSI_UNMASKED | 6,
    .gtable = 0xf20000000,
};

/* Members of another type are not sent. */
static void assert_binding(unsigned minor, unsigned op, uint32_t type)
{
    switch (type) {
    case XENDEVICEMODEL_PT_IRQ_PCI:
    case XENDEVICEMODEL_PT_IRQ_MSI_TRANSLATE:
        assert_domctl(minor, op, DOM, "bind_pt_irq", {"machine_irq", 300}, {"irq_type", type},
                      {"u.pci.bus", 1}, {"u.pci.device", 2}, {"u.pci.intx", 3});
        break;
    case XENDEVICEMODEL_PT_IRQ_ISA:
        assert_domctl(minor, op, DOM, "bind_pt_irq", {"machine_irq", 300}, {"irq_type", type},
                      {"u.isa.isa_irq", 4});
        break;
    case XENDEVICEMODEL_PT_IRQ_SPI:
        assert_domctl(minor, op, DOM, "bind_pt_irq", {"machine_irq", 300}, {"irq_type", type},
                      {"u.spi.spi", 0x105});
        break;
    default:
        assert_domctl(minor, op, DOM, "bind_pt_irq", {"machine_irq", 300}, {"irq_type", type},
                      {"u.msi.gvec", 0x41}, {"u.msi.gflags", 0x10006},
                      {"u.msi.gtable", 0xf20000000});
    }
}

TEST(interrupts_of_every_type_are_bound_and_unbound)
{
    EACH_MINOR(minor)
    {
        xendevicemodel_handle *dmod = start(minor);
        struct xendevicemodel_pt_irq irq = every_member;

        for (irq.type = 0; irq.type <= XENDEVICEMODEL_PT_IRQ_SPI; irq.type++) {
            assert_done(xendevicemodel_bind_pt_irq(dmod, DOM, &irq));
            assert_binding(minor, BIND_PT_IRQ, irq.type);
            assert_done(xendevicemodel_unbind_pt_irq(dmod, DOM, &irq));
            assert_binding(minor, UNBIND_PT_IRQ, irq.type);
        }
        stop(dmod);
    }
}

TEST(a_message_is_bound_anew_and_unbound)
{
    EACH_MINOR(minor)
    {
        xendevicemodel_handle *dmod = start(minor);

        assert_done(xendevicemodel_update_msi_irq(dmod, DOM, 0x41, 300, 0x10006, 0xf20000000));
        assert_binding(minor, BIND_PT_IRQ, XENDEVICEMODEL_PT_IRQ_MSI);
        assert_done(xendevicemodel_unbind_msi_irq(dmod, DOM, 0x41, 300, 0x10006));
        assert_domctl(minor, UNBIND_PT_IRQ, DOM, "bind_pt_irq", {"machine_irq", 300},
                      {"irq_type", XENDEVICEMODEL_PT_IRQ_MSI}, {"u.msi.gvec", 0x41},
                      {"u.msi.gflags", 0x10006});
        stop(dmod);
    }
}

static void assert_no_binding(xendevicemodel_handle *dmod,
                              const struct xendevicemodel_pt_irq *irq, int reason)
{
    assert_refused(xendevicemodel_bind_pt_irq(dmod, DOM, irq), reason);
    assert_refused(xendevicemodel_unbind_pt_irq(dmod, DOM, irq), reason);
}

TEST(what_is_no_interrupt_is_refused)
{
    xendevicemodel_handle *dmod = start(17);
    struct xendevicemodel_pt_irq irq = every_member;

    assert_no_binding(dmod, NULL, EINVAL);
    irq.size--;
    assert_no_binding(dmod, &irq, EINVAL);
    irq = every_member;
    irq.type = XENDEVICEMODEL_PT_IRQ_SPI + 1;
    assert_no_binding(dmod, &irq, EINVAL);
    irq = every_member;
    irq.device = 32;
    assert_no_binding(dmod, &irq, EINVAL);
    irq.type = XENDEVICEMODEL_PT_IRQ_MSI_TRANSLATE;
    assert_no_binding(dmod, &irq, EINVAL);
    irq = every_member;
    irq.intx = 4;
    assert_no_binding(dmod, &irq, EINVAL);
    stop(dmod);
}

TEST(members_that_are_not_known_here_must_be_zero)
{
    struct {
        struct xendevicemodel_pt_irq irq;
        uint64_t newer;
    } later = {every_member, 0};
    xendevicemodel_handle *dmod = start(17);

    later.irq.size = sizeof(later);
    assert_done(xendevicemodel_bind_pt_irq(dmod, DOM, &later.irq));
    assert_binding(17, BIND_PT_IRQ, XENDEVICEMODEL_PT_IRQ_PCI);
    later.newer = 1;
    assert_no_binding(dmod, &later.irq, E2BIG);
    stop(dmod);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(interrupts_of_every_type_are_bound_and_unbound),
        cmocka_unit_test(a_message_is_bound_anew_and_unbound),
        cmocka_unit_test(what_is_no_interrupt_is_refused),
        cmocka_unit_test(members_that_are_not_known_here_must_be_zero),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
