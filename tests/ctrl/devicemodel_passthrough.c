/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The host's devices for guests, by libxendevicemodel. The lab has no IOMMU here, so no
 * device can be assigned and no interrupt bound (tests/passthrough has a machine with
 * one); rights, mappings and interrupts' numbers show their effect.
 */
#include "on_xen.h"

#include <stdio.h>
#include <string.h>

#include <xendevicemodel_passthrough.h>
#include <xentoolcore.h>

#include "host_hardware.h"
#include "tiny_domain.h"

static const uint8_t halt[] = {HALT};

static xendevicemodel_handle *handle;

static xendevicemodel_handle *dmod(void)
{
    if (!handle)
        handle = xendevicemodel_open(NULL, 0);
    assert_non_null(handle);
    return handle;
}

static domid_t halted(void)
{
    return (domid_t)tiny_domain(halt, sizeof(halt));
}

static int leave(void **state)
{
    int failed = xendevicemodel_close(handle);

    handle = NULL;
    return destroy_tiny_domain(state) || failed;
}

/* ---- rights ---- */

TEST(a_right_to_ports_is_given_and_taken)
{
    domid_t domid = halted();

    assert_works(xendevicemodel_ioport_permission(dmod(), domid, 0x64, 3, true));
    assert_has_right(domid, "I/O Ports", " 64-66", true);
    assert_works(xendevicemodel_ioport_permission(dmod(), domid, 0x65, 1, false));
    assert_has_right(domid, "I/O Ports", " 64, 66", true);
    assert_works(xendevicemodel_ioport_permission(dmod(), domid, 0x64, 3, false));
    assert_has_right(domid, "I/O Ports", " 6", false);
}

TEST(a_right_to_io_memory_is_given_and_taken)
{
    domid_t domid = halted();

    assert_works(xendevicemodel_iomem_permission(dmod(), domid, FIRMWARE_FRAME, 1, true));
    assert_has_right(domid, "I/O Memory", " fffff", true);
    assert_works(xendevicemodel_iomem_permission(dmod(), domid, FIRMWARE_FRAME, 1, false));
    assert_has_right(domid, "I/O Memory", " fffff", false);
}

/* An interrupt of dom0's own, as only that one can give it on. */
TEST(a_right_to_an_interrupt_is_given_and_taken)
{
    domid_t domid = halted();
    uint32_t pirq = 1;
    char number[16];

    while (pirq < 16 && xendevicemodel_irq_permission(dmod(), domid, pirq, true)) {
        assert_int_equal(errno, EPERM);
        pirq++;
    }
    assert_in_range(pirq, 1, 15);
    observe("pirq", "%u", pirq);
    snprintf(number, sizeof(number), " %u", pirq);
    assert_has_right(domid, "Interrupts", number, true);
    assert_works(xendevicemodel_irq_permission(dmod(), domid, pirq, false));
    assert_has_right(domid, "Interrupts", number, false);
}

/* Cut to 8 bits, as a request before 4.16 has them, it would be dom0's interrupt 1 to 15. */
TEST(a_pirq_above_255_never_becomes_another)
{
    bool can_be_said = xen_is_at_least(4, 16);
    domid_t domid = halted();

    for (uint32_t pirq = 0x101; pirq < 0x110; pirq++) {
        if (!can_be_said)
            assert_fails_with(xendevicemodel_irq_permission(dmod(), domid, pirq, true), -1,
                              ENOTSUP);
        else if (xendevicemodel_irq_permission(dmod(), domid, pirq, true))
            assert_true(errno == EPERM || errno == EINVAL);
    }
    for (unsigned pirq = 1; pirq < 0x10; pirq++) {
        char number[16];

        snprintf(number, sizeof(number), " %u ", pirq);
        assert_has_right(domid, "Interrupts", number, false);
    }
}

TEST(a_right_to_a_gsi_is_given_and_taken)
{
    domid_t domid = halted();

    if (is_lacking("gsi_permission",
                   xendevicemodel_gsi_permission(dmod(), domid, FREE_GSI, true))) {
        assert_false(xen_is_at_least(4, 20));
        return;
    }
    assert_has_right(domid, "Interrupts", " 5", true);
    assert_works(xendevicemodel_gsi_permission(dmod(), domid, FREE_GSI, false));
    assert_has_right(domid, "Interrupts", " 5", false);
}

TEST(there_is_no_right_for_a_domain_that_there_is_not)
{
    enum { NO_DOMAIN = 0x7ab0 };

    assert_fails_with(xendevicemodel_ioport_permission(dmod(), NO_DOMAIN, 0x64, 1, true), -1,
                      ESRCH);
    assert_fails_with(xendevicemodel_memory_mapping(dmod(), NO_DOMAIN, 1, 1, 1, true), -1,
                      ESRCH);
}

/* ---- mappings, as the domain sees them ---- */

static int map_firmware(domid_t domid, bool add)
{
    return xendevicemodel_memory_mapping(dmod(), domid, GUEST_FRAME, FIRMWARE_FRAME, 1, add);
}

static int permit_firmware(domid_t domid, bool allow)
{
    return xendevicemodel_iomem_permission(dmod(), domid, FIRMWARE_FRAME, 1, allow);
}

TEST(a_domain_reads_io_memory_that_is_mapped_and_has_a_right_to)
{
    domid_t domid = (domid_t)frame_reader();

    assert_fails_with(map_firmware(domid, true), -1, EPERM);
    assert_works(permit_firmware(domid, true));
    assert_works(map_firmware(domid, true));
    uint32_t seen = what_it_sees(domid);
    observe("reset_vector", "%08x", seen);
    assert_int_not_equal(seen, NOTHING_THERE);
    assert_int_not_equal(seen, 0);
}

TEST(a_domain_does_not_read_io_memory_that_was_unmapped)
{
    domid_t domid = (domid_t)frame_reader();

    assert_works(permit_firmware(domid, true));
    assert_works(map_firmware(domid, true));
    assert_works(map_firmware(domid, false));
    assert_works(permit_firmware(domid, false));
    assert_int_equal(what_it_sees(domid), NOTHING_THERE);
}

/* Why the mapping goes first and the right afterwards. */
TEST(a_right_that_is_taken_leaves_the_mapping)
{
    domid_t domid = (domid_t)frame_reader();

    assert_works(permit_firmware(domid, true));
    assert_works(map_firmware(domid, true));
    assert_works(permit_firmware(domid, false));
    if (!xen_is_at_least(4, 22))
        assert_fails_with(map_firmware(domid, false), -1, EPERM);
    assert_int_not_equal(what_it_sees(domid), NOTHING_THERE);
}

enum {
    FRAMES = 300,
    FIRST_GFN = GUEST_FRAME + 1 - FRAMES,
    FIRST_MFN = FIRMWARE_FRAME + 1 - FRAMES,
};

static int map_many(domid_t domid, bool add)
{
    return xendevicemodel_memory_mapping(dmod(), domid, FIRST_GFN, FIRST_MFN, FRAMES, add);
}

/* More than Xen takes at once; the domain looks at the last. */
TEST(many_frames_are_mapped_in_pieces)
{
    domid_t domid = (domid_t)frame_reader();

    assert_works(xendevicemodel_iomem_permission(dmod(), domid, FIRST_MFN, FRAMES, true));
    assert_works(map_many(domid, true));
    assert_int_not_equal(what_it_sees(domid), NOTHING_THERE);
}

TEST(many_frames_are_unmapped_in_pieces)
{
    domid_t domid = (domid_t)frame_reader();

    assert_works(xendevicemodel_iomem_permission(dmod(), domid, FIRST_MFN, FRAMES, true));
    assert_works(map_many(domid, true));
    assert_works(map_many(domid, false));
    assert_int_equal(what_it_sees(domid), NOTHING_THERE);
}

static int map_port(domid_t domid, bool add)
{
    return xendevicemodel_ioport_mapping(dmod(), domid, GUEST_PORT, KEYBOARD_STATUS, 1, add);
}

TEST(a_domain_reads_a_port_that_is_mapped_and_has_the_right)
{
    domid_t domid = (domid_t)port_reader();

    assert_works(map_port(domid, true));
    assert_has_right(domid, "I/O Ports", " 64", true);
    uint32_t seen = what_it_sees(domid);
    observe("keyboard_status", "%02x", seen);
    assert_int_not_equal(seen, 0xff);
}

TEST(a_domain_does_not_read_a_port_that_was_unmapped)
{
    domid_t domid = (domid_t)port_reader();

    assert_works(map_port(domid, true));
    assert_works(map_port(domid, false));
    assert_has_right(domid, "I/O Ports", " 64", false);
    assert_int_equal(what_it_sees(domid), 0xff);
}

/* ---- interrupts ---- */

typedef int map_fn(xendevicemodel_handle *, domid_t, int, int *);

/* Given back twice: the second time there is none. */
static void map_and_unmap(map_fn *map, const char *key)
{
    domid_t domid = halted();
    int pirq = -1;

    if (is_lacking(key, map(dmod(), domid, FREE_GSI, &pirq)))
        return;
    observe(key, "%d", pirq);
    assert_in_range(pirq, 0, 1023);
    assert_has_right(domid, "Interrupts", " 5", true);
    assert_works(xendevicemodel_physdev_unmap_pirq(dmod(), domid, pirq));
    assert_has_right(domid, "Interrupts", " 5", false);
    assert_fails_with(xendevicemodel_physdev_unmap_pirq(dmod(), domid, pirq), -1, EINVAL);
}

TEST(a_gsi_gets_the_hosts_number)
{
    map_and_unmap(xendevicemodel_physdev_map_pirq, "map_pirq");
}

TEST(a_gsi_gets_a_number_that_is_free)
{
    map_and_unmap(xendevicemodel_physdev_map_pirq_gsi, "map_pirq_gsi");
}

TEST(there_is_no_message_of_a_device_that_is_not_there)
{
    domid_t domid = halted();
    int pirq = -1;

    assert_int_equal(
        xendevicemodel_physdev_map_pirq_msi(dmod(), domid, NO_DEVICE, 0, 0, &pirq), -1);
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
    struct xendevicemodel_pt_irq irq = {.size = sizeof(irq), .device = 3};
    domid_t domid = halted();
    int pirq = -1;

    if (is_lacking("bind.map_pirq",
                   xendevicemodel_physdev_map_pirq(dmod(), domid, FREE_GSI, &pirq)))
        return;
    irq.pirq = (uint32_t)pirq;
    for (; irq.type <= XENDEVICEMODEL_PT_IRQ_SPI; irq.type++) {
        observe_binding("bind", xendevicemodel_bind_pt_irq(dmod(), domid, &irq));
        observe_binding("unbind", xendevicemodel_unbind_pt_irq(dmod(), domid, &irq));
    }
    observe_binding("update_msi",
                    xendevicemodel_update_msi_irq(dmod(), domid, 0x40, irq.pirq, 0, 0));
    observe_binding("unbind_msi",
                    xendevicemodel_unbind_msi_irq(dmod(), domid, 0x40, irq.pirq, 0));
    assert_works(xendevicemodel_physdev_unmap_pirq(dmod(), domid, pirq));
}

/* ---- devices ---- */

TEST(devices_are_not_assigned_without_an_iommu)
{
    static const char path[] = "/soc/uart";
    domid_t domid = halted();

    assert_true(is_lacking("test_assign",
                           xendevicemodel_test_assign_device(dmod(), domid, NO_DEVICE)));
    assert_true(is_lacking("assign", xendevicemodel_assign_device(dmod(), domid, NO_DEVICE, 0)));
    assert_true(is_lacking("deassign",
                           xendevicemodel_deassign_device(dmod(), domid, NO_DEVICE)));
    assert_true(is_lacking("test_assign_dt",
                           xendevicemodel_test_assign_dt_device(dmod(), domid, path)));
    assert_true(is_lacking("assign_dt", xendevicemodel_assign_dt_device(dmod(), domid, path)));
    assert_true(is_lacking("deassign_dt",
                           xendevicemodel_deassign_dt_device(dmod(), domid, path)));
}

/* ---- a handle that is confined ---- */

TEST(a_restricted_handle_gives_nothing_to_its_own_guest_either)
{
    domid_t domid = halted();
    int pirq = -1;

    assert_works(xendevicemodel_ioport_permission(dmod(), domid, 0x64, 1, true));
    assert_works(xendevicemodel_restrict(dmod(), domid));
    assert_fails_with(xendevicemodel_ioport_permission(dmod(), domid, 0x65, 1, true), -1, EPERM);
    assert_fails_with(xendevicemodel_iomem_permission(dmod(), domid, 1, 1, true), -1, EPERM);
    assert_fails_with(map_firmware(domid, true), -1, EPERM);
    assert_fails_with(map_port(domid, true), -1, EPERM);
    assert_fails_with(xendevicemodel_physdev_map_pirq(dmod(), domid, FREE_GSI, &pirq), -1,
                      EPERM);
    assert_fails_with(xendevicemodel_assign_device(dmod(), domid, NO_DEVICE, 0), -1, EPERM);
    assert_has_right(domid, "I/O Ports", " 64 ", true);
    assert_has_right(domid, "I/O Ports", " 65", false);
}

#define ON_HANDLE(name) cmocka_unit_test_teardown(name, leave)

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        ON_HANDLE(a_right_to_ports_is_given_and_taken),
        ON_HANDLE(a_right_to_io_memory_is_given_and_taken),
        ON_HANDLE(a_right_to_an_interrupt_is_given_and_taken),
        ON_HANDLE(a_pirq_above_255_never_becomes_another),
        ON_HANDLE(a_right_to_a_gsi_is_given_and_taken),
        ON_HANDLE(there_is_no_right_for_a_domain_that_there_is_not),
        ON_HANDLE(a_domain_reads_io_memory_that_is_mapped_and_has_a_right_to),
        ON_HANDLE(a_domain_does_not_read_io_memory_that_was_unmapped),
        ON_HANDLE(a_right_that_is_taken_leaves_the_mapping),
        ON_HANDLE(many_frames_are_mapped_in_pieces),
        ON_HANDLE(many_frames_are_unmapped_in_pieces),
        ON_HANDLE(a_domain_reads_a_port_that_is_mapped_and_has_the_right),
        ON_HANDLE(a_domain_does_not_read_a_port_that_was_unmapped),
        ON_HANDLE(a_gsi_gets_the_hosts_number),
        ON_HANDLE(a_gsi_gets_a_number_that_is_free),
        ON_HANDLE(there_is_no_message_of_a_device_that_is_not_there),
        ON_HANDLE(interrupts_are_not_bound_without_an_iommu),
        ON_HANDLE(devices_are_not_assigned_without_an_iommu),
        ON_HANDLE(a_restricted_handle_gives_nothing_to_its_own_guest_either),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
