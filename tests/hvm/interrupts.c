/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Interrupts and exceptions that reach a bare HVM guest, which counts each vector it
 * takes. See machine.h.
 */
#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "machine.h"

#include "harness.h"

#define IO_APIC_INDEX 0xfec00000
#define IO_APIC_DATA 0xfec00010
enum { IO_APIC_FIRST_LINE = 0x10, MASKED = 1 << 16 };
enum { MSI_VECTOR = 0x61, PCI_VECTOR = 0x52 };
#define MSI_ADDRESS 0xfee00000 /* to the processor whose number is 0 */

/* How Xen wires PCI devices on bus 0. */
enum { DEVICE = 5, INTA = 0, LINK = (DEVICE + INTA) & 3, IO_APIC_LINE = 16 + (DEVICE << 2) };
enum { FREE_LINE = 5, OTHER_FREE_LINE = 11 };

enum { GENERAL_PROTECTION = 13, PAGE_FAULT = 14 };

static uint8_t vector_of(uint8_t line)
{
    return (uint8_t)(FIRST_LINE_VECTOR + line);
}

static int set_intx(unsigned int level)
{
    return xendevicemodel_set_pci_intx_level(machine_dmod(), machine_domid(), 0, 0, DEVICE, INTA,
                                             level);
}

/* Long enough for the guest to see it. */
static void pulse_intx(void)
{
    assert_int_equal(set_intx(1), 0);
    guest_does(ORDER_REST, 0, 0, 1);
    assert_int_equal(set_intx(0), 0);
}

static void set_io_apic_line(uint32_t line, uint32_t entry)
{
    guest_writes(IO_APIC_INDEX, IO_APIC_FIRST_LINE + 2 * line);
    guest_writes(IO_APIC_DATA, entry);
}

TEST(guest_takes_its_own_timer)
{
    uint32_t before = guest_count(FIRST_LINE_VECTOR);

    guest_does(ORDER_REST, 0, 0, 2);
    assert_true(guest_count(FIRST_LINE_VECTOR) >= before + 2);
}

TEST(isa_line_interrupts_the_guest_when_it_rises)
{
    xendevicemodel_handle *dmod = machine_dmod();
    domid_t domid = machine_domid();
    uint32_t before = guest_count(vector_of(FREE_LINE));

    assert_int_equal(xendevicemodel_set_isa_irq_level(dmod, domid, FREE_LINE, 1), 0);
    assert_true(guest_takes(vector_of(FREE_LINE), before, 1));
    assert_int_equal(xendevicemodel_set_isa_irq_level(dmod, domid, FREE_LINE, 0), 0);
    guest_does(ORDER_REST, 0, 0, 1);
    assert_int_equal(guest_count(vector_of(FREE_LINE)), before + 1);
    assert_int_equal(xendevicemodel_set_isa_irq_level(dmod, domid, FREE_LINE, 1), 0);
    assert_true(guest_takes(vector_of(FREE_LINE), before, 2));
    assert_int_equal(xendevicemodel_set_isa_irq_level(dmod, domid, FREE_LINE, 0), 0);
    assert_fails_with(xendevicemodel_set_isa_irq_level(dmod, domid, 16, 1), -1, EINVAL);
}

TEST(pci_intx_interrupts_the_guest_through_its_io_apic)
{
    uint32_t before = guest_count(PCI_VECTOR);

    set_io_apic_line(IO_APIC_LINE, PCI_VECTOR);
    assert_int_equal(set_intx(1), 0);
    assert_true(guest_takes(PCI_VECTOR, before, 1));
    assert_int_equal(set_intx(0), 0);
    set_io_apic_line(IO_APIC_LINE, MASKED);
    pulse_intx();
    assert_int_equal(guest_count(PCI_VECTOR), before + 1);
}

TEST(pci_intx_interrupts_the_guest_by_the_line_its_link_is_routed_to)
{
    xendevicemodel_handle *dmod = machine_dmod();
    domid_t domid = machine_domid();
    uint32_t before = guest_count(vector_of(FREE_LINE));
    uint32_t other_before = guest_count(vector_of(OTHER_FREE_LINE));

    assert_int_equal(xendevicemodel_set_pci_link_route(dmod, domid, LINK, FREE_LINE), 0);
    pulse_intx();
    assert_true(guest_takes(vector_of(FREE_LINE), before, 1));
    assert_int_equal(
        xendevicemodel_route_pci_intx_to_isa_irq(dmod, domid, LINK, OTHER_FREE_LINE), 0);
    pulse_intx();
    assert_true(guest_takes(vector_of(OTHER_FREE_LINE), other_before, 1));
    assert_int_equal(xendevicemodel_set_pci_link_route(dmod, domid, LINK, 0), 0);
    pulse_intx();
    assert_int_equal(guest_count(vector_of(FREE_LINE)), before + 1);
    assert_int_equal(guest_count(vector_of(OTHER_FREE_LINE)), other_before + 1);
    assert_fails_with(xendevicemodel_set_pci_link_route(dmod, domid, 4, FREE_LINE), -1, EINVAL);
}

TEST(msi_interrupts_the_guest)
{
    uint32_t before = guest_count(MSI_VECTOR);

    for (uint32_t i = 1; i <= 3; i++) {
        assert_int_equal(xendevicemodel_inject_msi(machine_dmod(), machine_domid(), MSI_ADDRESS,
                                                   MSI_VECTOR), 0);
        assert_true(guest_takes(MSI_VECTOR, before, i));
    }
}

TEST(injected_fault_reaches_the_guest_with_its_error_code)
{
    uint32_t before = guest_count(GENERAL_PROTECTION);

    assert_int_equal(xendevicemodel_inject_event(machine_dmod(), machine_domid(), 0,
                                                 GENERAL_PROTECTION, XEN_DMOP_EVENT_hw_exc,
                                                 0x1238, 0, 0), 0);
    assert_true(guest_takes(GENERAL_PROTECTION, before, 1));
    assert_int_equal(guest_does(ORDER_ERROR_CODE, 0, 0, 0), 0x1238);
}

TEST(injected_page_fault_reaches_the_guest_with_its_address)
{
    uint32_t before = guest_count(PAGE_FAULT);

    assert_int_equal(xendevicemodel_inject_event(machine_dmod(), machine_domid(), 0, PAGE_FAULT,
                                                 XEN_DMOP_EVENT_hw_exc, 2, 0, 0xdeadb000), 0);
    assert_fails_with(xendevicemodel_inject_event(machine_dmod(), machine_domid(), 0, PAGE_FAULT,
                                                  XEN_DMOP_EVENT_hw_exc, 2, 0, 0), -1, EBUSY);
    assert_true(guest_takes(PAGE_FAULT, before, 1));
    assert_int_equal(guest_does(ORDER_ERROR_CODE, 0, 0, 0), 2);
    assert_int_equal(guest_does(ORDER_FAULT_ADDRESS, 0, 0, 0), 0xdeadb000);
}

TEST(event_for_a_cpu_that_is_not_there_is_refused)
{
    assert_fails_with(xendevicemodel_inject_event(machine_dmod(), machine_domid(), GUEST_VCPUS,
                                                  PAGE_FAULT, XEN_DMOP_EVENT_hw_exc, 2, 0, 0),
                      -1, EINVAL);
}

TEST(set_irq_level_is_of_arm_only)
{
    assert_fails_with(xendevicemodel_set_irq_level(machine_dmod(), machine_domid(), 40, 1), -1,
                      EOPNOTSUPP);
}

/* Debian 12's kernel, 6.1, is older than both. */
TEST(irqfd_and_ioeventfd_need_a_newer_kernel)
{
    static evtchn_port_t port = 1;
    struct xendevicemodel_ioeventfd doorbell = {
        .size = sizeof(doorbell), .ioreqs = (void *)(uintptr_t)0x1000, .ports = &port,
        .nr_vcpus = 1, .addr = 0xe0000000, .addr_len = 4};
    xendevicemodel_handle *dmod = machine_dmod();
    domid_t domid = machine_domid();
    int fd = eventfd(0, 0);

    assert_true(fd >= 0);
    assert_fails_with(xendevicemodel_irqfd_bind_irq(dmod, domid, fd, 40), -1, ENOTSUP);
    assert_fails_with(xendevicemodel_irqfd_bind_msi(dmod, domid, fd, MSI_ADDRESS, MSI_VECTOR), -1,
                      ENOTSUP);
    assert_fails_with(xendevicemodel_irqfd_unbind(dmod, domid, fd), -1, ENOTSUP);
    assert_fails_with(xendevicemodel_ioeventfd_bind(dmod, domid, fd, &doorbell), -1, ENOTSUP);
    assert_fails_with(xendevicemodel_ioeventfd_unbind(dmod, domid, fd, &doorbell), -1, ENOTSUP);
    close(fd);
}

/* What the lab cannot show; the requests themselves are checked in tests/unit/devicemodel. */
TEST(set_irq_level_reaches_the_guest)
{
    skip_because("Xen has it for Arm guests only, and the lab is x86");
}

TEST(irqfd_interrupts_the_guest)
{
    skip_because("the lab's kernel, 6.1, has no irqfd: ENOTSUP is checked instead");
}

TEST(ioeventfd_is_signalled_by_the_guest)
{
    skip_because("the lab's kernel, 6.1, has no ioeventfd: ENOTSUP is checked instead");
}

#define IN_MACHINE(test) cmocka_unit_test_setup_teardown(test, machine_join, machine_leave)

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        IN_MACHINE(guest_takes_its_own_timer),
        IN_MACHINE(isa_line_interrupts_the_guest_when_it_rises),
        IN_MACHINE(pci_intx_interrupts_the_guest_through_its_io_apic),
        IN_MACHINE(pci_intx_interrupts_the_guest_by_the_line_its_link_is_routed_to),
        IN_MACHINE(msi_interrupts_the_guest),
        IN_MACHINE(injected_fault_reaches_the_guest_with_its_error_code),
        IN_MACHINE(injected_page_fault_reaches_the_guest_with_its_address),
        IN_MACHINE(event_for_a_cpu_that_is_not_there_is_refused),
        IN_MACHINE(set_irq_level_is_of_arm_only),
        IN_MACHINE(irqfd_and_ioeventfd_need_a_newer_kernel),
        cmocka_unit_test(set_irq_level_reaches_the_guest),
        cmocka_unit_test(irqfd_interrupts_the_guest),
        cmocka_unit_test(ioeventfd_is_signalled_by_the_guest),
    };

    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
