/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Devices for domains: rights, mappings in pieces, interrupts of every kind. */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "xenctrl.h"

enum { DOM = 7 };

TEST(rights_are_given_with_nothing_beside_them)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        assert_int_equal(xc_domain_ioport_permission(xch, DOM, 0x3f8, 8, 1), 0);
        assert_domctl(minor, 21, DOM, "ioport_permission", {"first_port", 0x3f8},
                      {"nr_ports", 8}, {"allow_access", 1});
        assert_int_equal(xc_domain_iomem_permission(xch, DOM, 0xa0, 32, 1), 0);
        assert_domctl(minor, 20, DOM, "iomem_permission", {"first_mfn", 0xa0}, {"nr_mfns", 32},
                      {"allow_access", 1});
        assert_int_equal(xc_domain_irq_permission(xch, DOM, 16, true), 0);
        assert_domctl(minor, 19, DOM, "irq_permission", {"pirq", 16}, {"allow_access", 1});
        assert_int_equal(xc_assign_device(xch, DOM, 0x300, 1), 0);
        assert_domctl(minor, 37, DOM, "assign_device", {"dev", 0}, {"flags", 1},
                      {"u.pci.machine_sbdf", 0x300});
        stop(xch);
    }
}

TEST(a_wide_interrupt_number_needs_4_16)
{
    xc_interface *xch = start(15);

    assert_fails_with(xc_domain_irq_permission(xch, DOM, 300, true), -1, ENOTSUP);
    assert_int_equal(requests, 0);
    stop(xch);
    xch = start(16);
    assert_int_equal(xc_domain_irq_permission(xch, DOM, 300, true), 0);
    stop(xch);
}

TEST(interrupts_are_bound_by_pin_by_isa_number_and_by_message)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        assert_int_equal(xc_domain_bind_pt_pci_irq(xch, DOM, 17, 1, 2, 3), 0);
        assert_domctl(minor, 38, DOM, "bind_pt_irq", {"machine_irq", 17},
                      {"irq_type", PT_IRQ_TYPE_PCI}, {"u.pci.bus", 1}, {"u.pci.device", 2},
                      {"u.pci.intx", 3});
        assert_int_equal(xc_domain_bind_pt_isa_irq(xch, DOM, 4), 0);
        assert_domctl(minor, 38, DOM, "bind_pt_irq", {"machine_irq", 4},
                      {"irq_type", PT_IRQ_TYPE_ISA}, {"u.isa.isa_irq", 4});
        assert_int_equal(xc_domain_update_msi_irq(xch, DOM, 0x41, 55, 0x10000, 0xfee00000), 0);
        assert_domctl(minor, 38, DOM, "bind_pt_irq", {"machine_irq", 55},
                      {"irq_type", PT_IRQ_TYPE_MSI}, {"u.msi.gvec", 0x41},
                      {"u.msi.gflags", 0x10000}, {"u.msi.gtable", 0xfee00000});
        assert_int_equal(xc_domain_unbind_msi_irq(xch, DOM, 0x41, 55, 0), 0);
        assert_domctl(minor, 48, DOM, "bind_pt_irq", {"machine_irq", 55},
                      {"irq_type", PT_IRQ_TYPE_MSI}, {"u.msi.gvec", 0x41});
        requests = 0;
        assert_fails_with(xc_domain_bind_pt_irq(xch, DOM, 1, 9, 0, 0, 0, 0), -1, EINVAL);
        assert_fails_with(xc_domain_update_msi_irq(xch, DOM, 256, 1, 0, 0), -1, EINVAL);
        assert_int_equal(requests, 0);
        stop(xch);
    }
}

static unsigned mapped, removed;

/* Xen takes four frames at a time, and says so; the sixth piece fails. */
static int take_four(struct sent *request, uint8_t *payload)
{
    static const char unit[] = "xen_domctl", member[] = "memory_mapping";
    uint64_t count = fakerelease_get(payload,
                                     fakerelease_field(running_minor, unit, member, "nr_mfns"));
    bool add = fakerelease_get(payload, fakerelease_field(running_minor, unit, member,
                                                          "add_mapping"));

    (void)request;
    if (count > 4)
        return -E2BIG;
    if (add && mapped >= 20)
        return -ENOMEM;
    *(add ? &mapped : &removed) += (unsigned)count;
    return 0;
}

TEST(frames_are_mapped_in_pieces_and_taken_back_on_failure)
{
    xc_interface *xch = start(17);

    answer_with(take_four);
    assert_int_equal(xc_domain_memory_mapping(xch, DOM, 0x1000, 0xf0000, 17, DPCI_ADD_MAPPING),
                     0);
    assert_int_equal(mapped, 17);
    assert_int_equal(removed, 0);
    assert_fails_with(
        xc_domain_memory_mapping(xch, DOM, 0x1000, 0xf0000, 17, DPCI_ADD_MAPPING), -1, ENOMEM);
    assert_int_equal(removed, 17);
    stop(xch);
}

static int tell_pirq(struct sent *request, uint8_t *memory)
{
    struct physdev_map_pirq *map = (void *)memory;

    (void)request;
    map->pirq = 33;
    return 0;
}

TEST(interrupt_numbers_come_back)
{
    xc_interface *xch = start(17);
    struct physdev_map_pirq wanted;
    int pirq = -1;

    memset(&wanted, 0, sizeof(wanted));
    wanted.domid = DOM;
    wanted.type = MAP_PIRQ_TYPE_GSI;
    wanted.index = wanted.pirq = 19;
    answer_with(tell_pirq);
    assert_int_equal(xc_physdev_map_pirq(xch, DOM, 19, &pirq), 0);
    assert_int_equal(sent.op, __HYPERVISOR_physdev_op);
    assert_memory_equal(sent.memory, &wanted, sizeof(wanted));
    assert_int_equal(pirq, 33);
    assert_fails_with(xc_physdev_map_pirq(xch, DOM, 19, NULL), -1, EINVAL);
    stop(xch);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(rights_are_given_with_nothing_beside_them),
        cmocka_unit_test(a_wide_interrupt_number_needs_4_16),
        cmocka_unit_test(interrupts_are_bound_by_pin_by_isa_number_and_by_message),
        cmocka_unit_test(frames_are_mapped_in_pieces_and_taken_back_on_failure),
        cmocka_unit_test(interrupt_numbers_come_back),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
