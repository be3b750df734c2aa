/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A PCI device given to a bare HVM guest, which drives it: its registers, its DMA and
 * its interrupts. See machine.h and edu.h.
 */
#include <errno.h>

#include "machine.h"

#include <xendevicemodel_passthrough.h>

#include "edu.h"
#include "harness.h"

#define REGISTERS 0xe0000000u /* where the guest sees them */
enum { REGISTERS_GFN = 0xe0000, OTHER_GFN = 0xe1000 };

/* Nothing of the host's is there, wherever the device's DMA goes. */
#define DMA_PAGE 0xfed40000u
enum { DMA_GFN = 0xfed40, SPARE_GFN = 0x1800 };
enum { MARK = 0x5eedf00d, OTHER_MARK = 0x0ddba11 };

enum { MSI_VECTOR = 0x62, PIN_VECTOR = 0x53 };
enum { GUEST_DEVICE = 6, INTA = 0, IO_APIC_LINE = 16 + (GUEST_DEVICE << 2) };
#define IO_APIC_INDEX 0xfec00000
#define IO_APIC_DATA 0xfec00010
enum { IO_APIC_FIRST_LINE = 0x10, MASKED = 1 << 16, BY_LEVEL = 1 << 15, ACTIVE_LOW = 1 << 13 };

static uint64_t first_mfn(void)
{
    return edu_registers() >> 12;
}

/* ---- what is given and taken ---- */

static int assign(void)
{
    return xendevicemodel_assign_device(machine_dmod(), machine_domid(), EDU_SBDF, 0);
}

static int deassign(void)
{
    return xendevicemodel_deassign_device(machine_dmod(), machine_domid(), EDU_SBDF);
}

static int permit(bool allow)
{
    return xendevicemodel_iomem_permission(machine_dmod(), machine_domid(), first_mfn(),
                                           EDU_FRAMES, allow);
}

static int map_registers(bool add)
{
    return xendevicemodel_memory_mapping(machine_dmod(), machine_domid(), REGISTERS_GFN,
                                         first_mfn(), EDU_FRAMES, add);
}

static int join(void **state)
{
    if (machine_join(state) || assign())
        return -1;
    return permit(true) || map_registers(true) ? -1 : 0;
}

static int leave(void **state)
{
    int failed = map_registers(false) || permit(false) || deassign();

    return machine_leave(state) || failed;
}

static uint32_t edu_read(uint32_t place)
{
    return guest_reads(REGISTERS + place);
}

static void edu_write(uint32_t place, uint32_t value)
{
    guest_writes(REGISTERS + place, value);
}

/* ---- registers ---- */

TEST(guest_reads_and_writes_the_devices_registers)
{
    assert_int_equal(edu_read(EDU_ID), EDU_ID_VALUE);
    edu_write(EDU_INVERTER, MARK);
    assert_int_equal(edu_read(EDU_INVERTER), ~(uint32_t)MARK);
}

TEST(guest_sees_no_registers_once_they_are_unmapped)
{
    assert_int_equal(map_registers(false), 0);
    assert_int_equal(edu_read(EDU_ID), NOTHING_THERE);
    assert_int_equal(map_registers(true), 0);
    assert_int_equal(edu_read(EDU_ID), EDU_ID_VALUE);
}

TEST(no_register_is_mapped_without_the_right_to_all_of_them)
{
    xendevicemodel_handle *dmod = machine_dmod();
    domid_t domid = machine_domid();

    assert_int_equal(xendevicemodel_iomem_permission(dmod, domid, first_mfn() + EDU_FRAMES - 1,
                                                     1, false), 0);
    assert_fails_with(xendevicemodel_memory_mapping(dmod, domid, OTHER_GFN, first_mfn(),
                                                    EDU_FRAMES, true), -1, EPERM);
    assert_int_equal(guest_reads_page(OTHER_GFN), NOTHING_THERE);
    assert_int_equal(permit(true), 0);
}

/* ---- DMA ---- */

static bool dma_ends(void)
{
    for (int turn = 0; turn < 100; turn++) {
        if (!(edu_read(EDU_DMA_COMMAND) & EDU_DMA_RUN))
            return true;
        guest_does(ORDER_REST, 0, 0, 1);
    }
    return false;
}

static void dma(uint32_t from, uint32_t to, uint32_t command)
{
    edu_write(EDU_DMA_FROM, from);
    edu_write(EDU_DMA_TO, to);
    edu_write(EDU_DMA_BYTES, 4);
    edu_write(EDU_DMA_COMMAND, command | EDU_DMA_RUN);
    assert_true(dma_ends());
}

/* A page of the guest's at DMA_PAGE, taken from elsewhere in it; and back. */
static void move_page(bool there)
{
    assert_int_equal(xendevicemodel_relocate_memory(machine_dmod(), machine_domid(), 1,
                                                    there ? SPARE_GFN : DMA_GFN,
                                                    there ? DMA_GFN : SPARE_GFN), 0);
}

TEST(devices_dma_reads_and_writes_the_guests_memory)
{
    move_page(true);
    guest_writes(DMA_PAGE, MARK);
    guest_writes(DMA_PAGE + 4, 0);
    dma(DMA_PAGE, EDU_BUFFER, 0);
    dma(EDU_BUFFER, DMA_PAGE + 4, EDU_DMA_TO_MEMORY);
    uint32_t got = guest_reads(DMA_PAGE + 4);
    move_page(false);
    assert_int_equal(got, MARK);
}

TEST(devices_dma_does_not_reach_the_guest_once_it_is_taken_away)
{
    move_page(true);
    guest_writes(DMA_PAGE, MARK);
    guest_writes(DMA_PAGE + 4, OTHER_MARK);
    dma(DMA_PAGE, EDU_BUFFER, 0);
    assert_int_equal(deassign(), 0);
    dma(EDU_BUFFER, DMA_PAGE + 4, EDU_DMA_TO_MEMORY);
    uint32_t got = guest_reads(DMA_PAGE + 4);
    move_page(false);
    assert_int_equal(assign(), 0);
    assert_int_equal(got, OTHER_MARK);
}

/* ---- interrupts ---- */

static uint32_t map_message(void)
{
    int pirq = -1;

    assert_int_equal(xendevicemodel_physdev_map_pirq_msi(machine_dmod(), machine_domid(),
                                                         EDU_SBDF, 0, 0, &pirq), 0);
    assert_true(pirq >= 0);
    return (uint32_t)pirq;
}

static void unmap(uint32_t pirq)
{
    assert_int_equal(
        xendevicemodel_physdev_unmap_pirq(machine_dmod(), machine_domid(), (int)pirq), 0);
}

static bool interrupts(uint8_t vector, uint32_t before)
{
    edu_write(EDU_RAISE, 1);
    bool taken = false;

    for (int turn = 0; turn < 50 && !taken; turn++) {
        taken = guest_count(vector) != before;
        guest_does(ORDER_REST, 0, 0, 1);
    }
    edu_write(EDU_LOWER, 1);
    return taken;
}

TEST(devices_messages_interrupt_the_guest)
{
    const uint32_t to_cpu_0 = XENDEVICEMODEL_MSI_UNMASKED;
    xendevicemodel_handle *dmod = machine_dmod();
    domid_t domid = machine_domid();
    uint32_t pirq = map_message(), before = guest_count(MSI_VECTOR);

    edu_uses_messages(true);
    assert_int_equal(xendevicemodel_update_msi_irq(dmod, domid, MSI_VECTOR, pirq, to_cpu_0, 0),
                     0);
    assert_true(interrupts(MSI_VECTOR, before));

    /* The guest changes its mind about the vector. */
    uint32_t other_before = guest_count(MSI_VECTOR + 1);
    before = guest_count(MSI_VECTOR);
    assert_int_equal(
        xendevicemodel_update_msi_irq(dmod, domid, MSI_VECTOR + 1, pirq, to_cpu_0, 0), 0);
    assert_true(interrupts(MSI_VECTOR + 1, other_before));
    assert_int_equal(guest_count(MSI_VECTOR), before);

    assert_int_equal(
        xendevicemodel_unbind_msi_irq(dmod, domid, MSI_VECTOR + 1, pirq, to_cpu_0), 0);
    edu_uses_messages(false);
    unmap(pirq);
}

static void set_io_apic_line(uint32_t entry)
{
    guest_writes(IO_APIC_INDEX, IO_APIC_FIRST_LINE + 2 * IO_APIC_LINE);
    guest_writes(IO_APIC_DATA, entry);
}

/* The device interrupts once, and no more when the number is bound to the pin no longer. */
static void assert_comes_by_pin(uint32_t type, uint32_t pirq)
{
    struct xendevicemodel_pt_irq irq = {.size = sizeof(irq),
                                        .type = type,
                                        .pirq = pirq,
                                        .device = GUEST_DEVICE,
                                        .intx = INTA};
    uint32_t before = guest_count(PIN_VECTOR);

    set_io_apic_line(PIN_VECTOR | BY_LEVEL | ACTIVE_LOW);
    assert_int_equal(xendevicemodel_bind_pt_irq(machine_dmod(), machine_domid(), &irq), 0);
    assert_true(interrupts(PIN_VECTOR, before));
    before = guest_count(PIN_VECTOR);
    assert_int_equal(xendevicemodel_unbind_pt_irq(machine_dmod(), machine_domid(), &irq), 0);
    unmap(pirq);
    assert_false(interrupts(PIN_VECTOR, before));
    set_io_apic_line(MASKED);
}

TEST(devices_pin_interrupts_the_guest)
{
    int pirq = -1;

    edu_uses_messages(false);
    assert_int_equal(xendevicemodel_physdev_map_pirq_gsi(machine_dmod(), machine_domid(),
                                                         EDU_GSI, &pirq), 0);
    assert_comes_by_pin(XENDEVICEMODEL_PT_IRQ_PCI, (uint32_t)pirq);
}

TEST(devices_messages_interrupt_the_guest_by_a_pin)
{
    uint32_t pirq = map_message();

    edu_uses_messages(true);
    assert_comes_by_pin(XENDEVICEMODEL_PT_IRQ_MSI_TRANSLATE, pirq);
    edu_uses_messages(false);
}

/* ---- whose it is ---- */

TEST(a_device_is_assigned_once)
{
    xendevicemodel_handle *dmod = machine_dmod();

    assert_int_equal(xendevicemodel_test_assign_device(dmod, machine_domid(), EDU_SBDF), -1);
    assert_int_equal(assign(), -1);
    assert_int_equal(deassign(), 0);
    assert_int_equal(xendevicemodel_test_assign_device(dmod, machine_domid(), EDU_SBDF), 0);
    assert_int_equal(deassign(), -1);
    assert_int_equal(assign(), 0);
}

TEST(a_device_that_is_not_there_is_not_assigned)
{
    assert_fails_with(
        xendevicemodel_assign_device(machine_dmod(), machine_domid(), 0xff00, 0), -1, ENODEV);
}

#define WITH_DEVICE(test) cmocka_unit_test_setup_teardown(test, join, leave)

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        WITH_DEVICE(guest_reads_and_writes_the_devices_registers),
        WITH_DEVICE(guest_sees_no_registers_once_they_are_unmapped),
        WITH_DEVICE(no_register_is_mapped_without_the_right_to_all_of_them),
        WITH_DEVICE(devices_dma_reads_and_writes_the_guests_memory),
        WITH_DEVICE(devices_dma_does_not_reach_the_guest_once_it_is_taken_away),
        WITH_DEVICE(devices_messages_interrupt_the_guest),
        WITH_DEVICE(devices_pin_interrupts_the_guest),
        WITH_DEVICE(devices_messages_interrupt_the_guest_by_a_pin),
        WITH_DEVICE(a_device_is_assigned_once),
        WITH_DEVICE(a_device_that_is_not_there_is_not_assigned),
    };

    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
