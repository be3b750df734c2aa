/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The host's devices for domains. The lab has no IOMMU, so no device can be assigned
 * and no interrupt bound; rights, mappings and interrupts' numbers show their effect.
 */
#include "on_xen.h"

#include <stdio.h>
#include <string.h>

#include "host_hardware.h"
#include "tiny_domain.h"

static const uint8_t halt[] = {HALT};

/* ---- rights ---- */

TEST(a_right_to_ports_is_given_and_taken)
{
    uint32_t domid = tiny_domain(halt, sizeof(halt));

    assert_works(xc_domain_ioport_permission(xc(), domid, 0x64, 3, 1));
    assert_has_right(domid, "I/O Ports", " 64-66", true);
    assert_works(xc_domain_ioport_permission(xc(), domid, 0x64, 3, 0));
    assert_has_right(domid, "I/O Ports", " 64-66", false);
    assert_fails_with(xc_domain_ioport_permission(xc(), domid, 0x10000, 1, 1), -1, EINVAL);
}

TEST(a_right_to_io_memory_is_given_and_taken)
{
    uint32_t domid = tiny_domain(halt, sizeof(halt));

    assert_works(xc_domain_iomem_permission(xc(), domid, FIRMWARE_FRAME, 1, 1));
    assert_has_right(domid, "I/O Memory", " fffff", true);
    assert_works(xc_domain_iomem_permission(xc(), domid, FIRMWARE_FRAME, 1, 0));
    assert_has_right(domid, "I/O Memory", " fffff", false);
}

/* An interrupt of dom0's own, as only that one can give it on. */
TEST(a_right_to_an_interrupt_is_given_and_taken)
{
    uint32_t domid = tiny_domain(halt, sizeof(halt)), pirq = 1;
    char number[16];

    while (pirq < 16 && xc_domain_irq_permission(xc(), domid, pirq, true) < 0) {
        assert_int_equal(errno, EPERM);
        pirq++;
    }
    assert_in_range(pirq, 1, 15);
    observe("pirq", "%u", pirq);
    snprintf(number, sizeof(number), " %u", pirq);
    assert_has_right(domid, "Interrupts", number, true);
    assert_works(xc_domain_irq_permission(xc(), domid, pirq, false));
    assert_has_right(domid, "Interrupts", number, false);
}

TEST(a_right_to_a_gsi_is_given_and_taken)
{
    uint32_t domid = tiny_domain(halt, sizeof(halt));

    if (is_lacking("gsi_permission", xc_domain_gsi_permission(xc(), domid, FREE_GSI,
                                                               XEN_DOMCTL_GSI_GRANT)))
        return;
    assert_has_right(domid, "Interrupts", " 5", true);
    assert_works(xc_domain_gsi_permission(xc(), domid, FREE_GSI, XEN_DOMCTL_GSI_REVOKE));
    assert_has_right(domid, "Interrupts", " 5", false);
}

/* ---- mappings, as the domain sees them ---- */

static int map_firmware(uint32_t domid, uint32_t add_mapping)
{
    return xc_domain_memory_mapping(xc(), domid, GUEST_FRAME, FIRMWARE_FRAME, 1, add_mapping);
}

TEST(a_domain_reads_io_memory_that_is_mapped_and_has_a_right_to)
{
    uint32_t domid = frame_reader();

    assert_fails_with(map_firmware(domid, DPCI_ADD_MAPPING), -1, EPERM);
    assert_works(xc_domain_iomem_permission(xc(), domid, FIRMWARE_FRAME, 1, 1));
    assert_works(map_firmware(domid, DPCI_ADD_MAPPING));
    uint32_t seen = what_it_sees(domid);
    observe("reset_vector", "%08x", seen);
    assert_int_not_equal(seen, NOTHING_THERE);
    assert_int_not_equal(seen, 0);
}

TEST(a_domain_does_not_read_io_memory_that_was_unmapped)
{
    uint32_t domid = frame_reader();

    assert_works(xc_domain_iomem_permission(xc(), domid, FIRMWARE_FRAME, 1, 1));
    assert_works(map_firmware(domid, DPCI_ADD_MAPPING));
    assert_works(map_firmware(domid, DPCI_REMOVE_MAPPING));
    assert_int_equal(what_it_sees(domid), NOTHING_THERE);
}

TEST(a_domain_reads_a_port_that_is_mapped_and_has_the_right)
{
    uint32_t domid = port_reader();

    assert_works(xc_domain_ioport_mapping(xc(), domid, GUEST_PORT, KEYBOARD_STATUS, 1, 1));
    assert_has_right(domid, "I/O Ports", " 64", true);
    uint32_t seen = what_it_sees(domid);
    observe("keyboard_status", "%02x", seen);
    assert_int_not_equal(seen, 0xff);
}

TEST(a_domain_does_not_read_a_port_that_was_unmapped)
{
    uint32_t domid = port_reader();

    assert_works(xc_domain_ioport_mapping(xc(), domid, GUEST_PORT, KEYBOARD_STATUS, 1, 1));
    assert_works(xc_domain_ioport_mapping(xc(), domid, GUEST_PORT, KEYBOARD_STATUS, 1, 0));
    assert_has_right(domid, "I/O Ports", " 64", false);
    assert_int_equal(what_it_sees(domid), 0xff);
}

/* ---- interrupts ---- */

typedef int map_fn(xc_interface *, uint32_t, int, int *);

/* Given back twice: the second time there is none. */
static void map_and_unmap(map_fn *map, const char *key)
{
    uint32_t domid = tiny_domain(halt, sizeof(halt));
    int pirq = -1;

    if (is_lacking(key, map(xc(), domid, FREE_GSI, &pirq)))
        return;
    observe(key, "%d", pirq);
    assert_in_range(pirq, 0, 1023);
    assert_works(xc_physdev_unmap_pirq(xc(), domid, pirq));
    assert_fails_with(xc_physdev_unmap_pirq(xc(), domid, pirq), -1, EINVAL);
}

TEST(a_gsi_gets_the_hosts_number)
{
    map_and_unmap(xc_physdev_map_pirq, "map_pirq");
}

TEST(a_gsi_gets_a_number_that_is_free)
{
    map_and_unmap(xc_physdev_map_pirq_gsi, "map_pirq_gsi");
}

TEST(there_is_no_message_of_a_device_that_is_not_there)
{
    uint32_t domid = tiny_domain(halt, sizeof(halt));
    int pirq = -1;

    assert_int_equal(xc_physdev_map_pirq_msi(xc(), domid, -1, &pirq, 0, NO_DEVICE >> 8, 0, 0), -1);
    observe("map_pirq_msi", "%s", strerror(errno));
    assert_int_equal(pirq, -1);
}

/* Without an IOMMU for the domain Xen binds none, and has no binding to end. */
static void observe_binding(const char *key, int result)
{
    observe(key, "%s", result < 0 ? strerror(errno) : "done");
    assert_true(result == 0 || errno == ESRCH || errno == EOPNOTSUPP || errno == ENODEV ||
                errno == EPERM || errno == EINVAL);
}

TEST(interrupts_are_not_bound_without_an_iommu)
{
    uint32_t domid = tiny_domain(halt, sizeof(halt));
    int pirq = -1;

    if (is_lacking("bind.map_pirq", xc_physdev_map_pirq(xc(), domid, FREE_GSI, &pirq)))
        return;
    uint8_t number = (uint8_t)pirq;
    observe_binding("bind_pci", xc_domain_bind_pt_pci_irq(xc(), domid, number, 0, 3, 0));
    observe_binding("unbind_pci", xc_domain_unbind_pt_irq(xc(), domid, number, PT_IRQ_TYPE_PCI,
                                                          0, 3, 0, 0));
    observe_binding("bind_isa", xc_domain_bind_pt_isa_irq(xc(), domid, number));
    observe_binding("bind", xc_domain_bind_pt_irq(xc(), domid, number, PT_IRQ_TYPE_PCI, 0, 3, 0,
                                                  0));
    observe_binding("update_msi", xc_domain_update_msi_irq(xc(), domid, 0x40, number, 0, 0));
    observe_binding("unbind_msi", xc_domain_unbind_msi_irq(xc(), domid, 0x40, number, 0));
    observe_binding("bind_spi", xc_domain_bind_pt_spi_irq(xc(), domid, number, number));
    observe_binding("unbind_spi", xc_domain_unbind_pt_spi_irq(xc(), domid, number, number));
    assert_works(xc_physdev_unmap_pirq(xc(), domid, pirq));
}

/* ---- devices ---- */

TEST(devices_are_not_assigned_without_an_iommu)
{
    uint32_t domid = tiny_domain(halt, sizeof(halt)), devices[4], count = 0;
    char path[] = "/soc/uart";

    assert_true(is_lacking("test_assign", xc_test_assign_device(xc(), domid, NO_DEVICE)));
    assert_true(is_lacking("assign", xc_assign_device(xc(), domid, NO_DEVICE, 0)));
    assert_true(is_lacking("deassign", xc_deassign_device(xc(), domid, NO_DEVICE)));
    assert_true(is_lacking("test_assign_dt", xc_test_assign_dt_device(xc(), domid, path)));
    assert_true(is_lacking("assign_dt", xc_assign_dt_device(xc(), domid, path)));
    assert_true(is_lacking("deassign_dt", xc_deassign_dt_device(xc(), domid, path)));
    assert_true(is_lacking("group", xc_get_device_group(xc(), domid, NO_DEVICE, 4, &count,
                                                        devices)));
}

TEST(the_kernel_is_asked_for_a_devices_gsi)
{
    assert_true(is_lacking("pcidev_get_gsi", xc_pcidev_get_gsi(xc(), NO_DEVICE)));
    assert_fails_with(xc_physdev_pci_access_modify(xc(), 1, 0xff, 0, 0, 1), -1, ENOSYS);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_TINY_DOMAIN(a_right_to_ports_is_given_and_taken),
        ON_TINY_DOMAIN(a_right_to_io_memory_is_given_and_taken),
        ON_TINY_DOMAIN(a_right_to_an_interrupt_is_given_and_taken),
        ON_TINY_DOMAIN(a_right_to_a_gsi_is_given_and_taken),
        ON_TINY_DOMAIN(a_domain_reads_io_memory_that_is_mapped_and_has_a_right_to),
        ON_TINY_DOMAIN(a_domain_does_not_read_io_memory_that_was_unmapped),
        ON_TINY_DOMAIN(a_domain_reads_a_port_that_is_mapped_and_has_the_right),
        ON_TINY_DOMAIN(a_domain_does_not_read_a_port_that_was_unmapped),
        ON_TINY_DOMAIN(a_gsi_gets_the_hosts_number),
        ON_TINY_DOMAIN(a_gsi_gets_a_number_that_is_free),
        ON_TINY_DOMAIN(there_is_no_message_of_a_device_that_is_not_there),
        ON_TINY_DOMAIN(interrupts_are_not_bound_without_an_iommu),
        ON_TINY_DOMAIN(devices_are_not_assigned_without_an_iommu),
        ON_XEN(the_kernel_is_asked_for_a_devices_gsi),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
