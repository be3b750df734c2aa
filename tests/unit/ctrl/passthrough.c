/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Devices for domains: rights, mappings in pieces, interrupts of every kind. */
#include "harness.h"

#include <errno.h>
#include <string.h>

#include "fixture.h"
#include "xenctrl.h"

#include "fakexen.h"
#include "uapi_privcmd.h"

enum { DOM = 7, NO_DOMID = 0x10000 };

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
    assert_int_equal(mapped, 17 + 4);
    assert_int_equal(removed, 4); /* and not what it had not mapped */
    stop(xch);
}

/* ---- rights and mappings ---- */

TEST(a_right_is_taken_back_with_nothing_beside_it)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        assert_int_equal(xc_domain_ioport_permission(xch, DOM, 0x3f8, 8, 0), 0);
        assert_domctl(minor, 21, DOM, "ioport_permission", {"first_port", 0x3f8},
                      {"nr_ports", 8});
        assert_int_equal(xc_domain_iomem_permission(xch, DOM, 0xa0, 32, 0), 0);
        assert_domctl(minor, 20, DOM, "iomem_permission", {"first_mfn", 0xa0}, {"nr_mfns", 32});
        assert_int_equal(xc_domain_irq_permission(xch, DOM, 16, false), 0);
        assert_domctl(minor, 19, DOM, "irq_permission", {"pirq", 16});
        stop(xch);
    }
}

TEST(a_right_to_a_gsi_needs_4_20)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        if (minor < 20) {
            assert_fails_with(xc_domain_gsi_permission(xch, DOM, 300, XEN_DOMCTL_GSI_GRANT), -1,
                              ENOTSUP);
            assert_int_equal(requests, 0);
        } else {
            assert_int_equal(xc_domain_gsi_permission(xch, DOM, 300, XEN_DOMCTL_GSI_GRANT), 0);
            assert_domctl(minor, 88, DOM, "gsi_permission", {"gsi", 300}, {"flags", 1});
        }
        stop(xch);
    }
}

TEST(frames_of_io_memory_are_mapped_and_unmapped)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        assert_int_equal(
            xc_domain_memory_mapping(xch, DOM, 0x1000, 0xf0000, 3, DPCI_ADD_MAPPING), 0);
        assert_domctl(minor, 39, DOM, "memory_mapping", {"first_gfn", 0x1000},
                      {"first_mfn", 0xf0000}, {"nr_mfns", 3}, {"add_mapping", 1});
        assert_int_equal(
            xc_domain_memory_mapping(xch, DOM, 0x1000, 0xf0000, 3, DPCI_REMOVE_MAPPING), 0);
        assert_domctl(minor, 39, DOM, "memory_mapping", {"first_gfn", 0x1000},
                      {"first_mfn", 0xf0000}, {"nr_mfns", 3});
        stop(xch);
    }
}

/* The last of what was sent: a release may want the right for them first, or afterwards. */
static struct sent mapping;

static int keep_mapping(struct sent *request, uint8_t *payload)
{
    (void)payload;
    if (request->op == 40)
        mapping = *request;
    return 0;
}

TEST(ports_are_mapped_and_unmapped)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        answer_with(keep_mapping);
        assert_int_equal(xc_domain_ioport_mapping(xch, DOM, 0x100, 0x3f8, 8, 1), 0);
        sent = mapping;
        assert_domctl(minor, 40, DOM, "ioport_mapping", {"first_gport", 0x100},
                      {"first_mport", 0x3f8}, {"nr_ports", 8}, {"add_mapping", 1});
        assert_int_equal(xc_domain_ioport_mapping(xch, DOM, 0x100, 0x3f8, 8, 0), 0);
        sent = mapping;
        assert_domctl(minor, 40, DOM, "ioport_mapping", {"first_gport", 0x100},
                      {"first_mport", 0x3f8}, {"nr_ports", 8});
        stop(xch);
    }
}

/* ---- devices ---- */

TEST(a_pci_device_is_named_by_segment_bus_and_function)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        assert_int_equal(xc_deassign_device(xch, DOM, 0x10300), 0);
        assert_domctl(minor, 47, DOM, "assign_device", {"u.pci.machine_sbdf", 0x10300});
        assert_int_equal(xc_test_assign_device(xch, DOM, 0x10300), 0);
        assert_domctl(minor, 45, DOM, "assign_device", {"u.pci.machine_sbdf", 0x10300});
        stop(xch);
    }
}

static int see_path(struct sent *request, uint8_t *payload)
{
    (void)request;
    assert_memory_equal(
        address_in(running_minor, "xen_domctl", "assign_device", "u.dt.path.p", payload),
        "/soc/uart", 9);
    return 0;
}

TEST(a_device_of_the_device_tree_is_named_by_its_path)
{
    static const struct {
        int (*call)(xc_interface *, uint32_t, char *);
        unsigned op;
    } calls[] = {{xc_assign_dt_device, 37}, {xc_deassign_dt_device, 47},
                 {xc_test_assign_dt_device, 45}};

    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        char path[] = "/soc/uart", none[] = "";

        answer_with(see_path);
        for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
            assert_int_equal(calls[i].call(xch, DOM, path), 0);
            assert_domctl(minor, calls[i].op, DOM, "assign_device", {"dev", 1},
                          {"u.dt.size", 9}, {"u.dt.path.p", AN_ADDRESS});
            requests = 0;
            assert_fails_with(calls[i].call(xch, DOM, none), -1, EINVAL);
            assert_fails_with(calls[i].call(xch, DOM, NULL), -1, EINVAL);
            assert_int_equal(requests, 0);
        }
        stop(xch);
    }
}

static const char group_of[] = "get_device_group";

static int tell_group(struct sent *request, uint8_t *payload)
{
    uint32_t *devices = address_in(running_minor, "xen_domctl", group_of, "sdev_array.p", payload);

    (void)request;
    devices[0] = 0x301;
    devices[1] = 0x302;
    set_field(running_minor, "xen_domctl", group_of, "num_sdevs", payload, 2);
    return 0;
}

TEST(the_devices_of_a_group_come_back)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);
        uint32_t devices[4] = {7, 7, 7, 7}, count = 99;

        answer_with(tell_group);
        assert_int_equal(xc_get_device_group(xch, DOM, 0x300, 3, &count, devices), 0);
        assert_domctl(minor, 50, DOM, "get_device_group", {"machine_sbdf", 0x300},
                      {"max_sdevs", 3}, {"sdev_array.p", AN_ADDRESS});
        assert_int_equal(count, 2);
        assert_int_equal(devices[0], 0x301);
        assert_int_equal(devices[1], 0x302);
        assert_int_equal(devices[2], 7);
        stop(xch);
    }
}

static int refuse(struct sent *request, uint8_t *payload)
{
    (void)request;
    (void)payload;
    return -ENODEV;
}

TEST(a_group_that_xen_refuses_writes_nothing)
{
    xc_interface *xch = start(17);
    uint32_t device = 7, count = 99;

    answer_with(refuse);
    assert_fails_with(xc_get_device_group(xch, DOM, 0x300, 1, &count, &device), -1, ENODEV);
    assert_int_equal(count, 99);
    assert_int_equal(device, 7);
    stop(xch);
}

static long ask_for_group(xc_interface *xch)
{
    uint32_t devices[4], count;

    return xc_get_device_group(xch, DOM, 0x300, 4, &count, devices);
}

static long assign_by_path(xc_interface *xch)
{
    char path[] = "/soc/uart";

    return xc_assign_dt_device(xch, DOM, path);
}

TEST(without_a_buffer_nothing_is_sent)
{
    assert_fails_without_buffers(ask_for_group);
    assert_fails_without_buffers(assign_by_path);
}

/* ---- interrupts ---- */

TEST(interrupts_of_each_kind_are_unbound_as_they_were_bound)
{
    EACH_MINOR(minor)
    {
        xc_interface *xch = start(minor);

        assert_int_equal(xc_domain_unbind_pt_irq(xch, DOM, 17, PT_IRQ_TYPE_PCI, 1, 2, 3, 0), 0);
        assert_domctl(minor, 48, DOM, "bind_pt_irq", {"machine_irq", 17},
                      {"irq_type", PT_IRQ_TYPE_PCI}, {"u.pci.bus", 1}, {"u.pci.device", 2},
                      {"u.pci.intx", 3});
        assert_int_equal(
            xc_domain_bind_pt_irq(xch, DOM, 17, PT_IRQ_TYPE_MSI_TRANSLATE, 1, 2, 3, 9), 0);
        assert_domctl(minor, 38, DOM, "bind_pt_irq", {"machine_irq", 17},
                      {"irq_type", PT_IRQ_TYPE_MSI_TRANSLATE}, {"u.pci.bus", 1},
                      {"u.pci.device", 2}, {"u.pci.intx", 3});
        assert_int_equal(xc_domain_unbind_pt_irq(xch, DOM, 4, PT_IRQ_TYPE_ISA, 1, 2, 3, 4), 0);
        assert_domctl(minor, 48, DOM, "bind_pt_irq", {"machine_irq", 4},
                      {"irq_type", PT_IRQ_TYPE_ISA}, {"u.isa.isa_irq", 4});
        assert_int_equal(xc_domain_bind_pt_spi_irq(xch, DOM, 40, 41), 0);
        assert_domctl(minor, 38, DOM, "bind_pt_irq", {"machine_irq", 40},
                      {"irq_type", PT_IRQ_TYPE_SPI}, {"u.spi.spi", 41});
        assert_int_equal(xc_domain_unbind_pt_spi_irq(xch, DOM, 40, 41), 0);
        assert_domctl(minor, 48, DOM, "bind_pt_irq", {"machine_irq", 40},
                      {"irq_type", PT_IRQ_TYPE_SPI}, {"u.spi.spi", 41});
        requests = 0;
        assert_fails_with(xc_domain_unbind_pt_irq(xch, DOM, 1, PT_IRQ_TYPE_MSI, 0, 0, 0, 0), -1,
                          EINVAL);
        assert_fails_with(xc_domain_unbind_msi_irq(xch, DOM, 256, 1, 0), -1, EINVAL);
        assert_int_equal(requests, 0);
        stop(xch);
    }
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

/* 40 bytes: domid, type, index, pirq, bus, devfn, entry_nr, table_base. */
TEST(interrupts_by_message_name_their_device)
{
    xc_interface *xch = start(17);
    int pirq = -1;

    answer_with(tell_pirq);
    assert_int_equal(xc_physdev_map_pirq_msi(xch, DOM, -1, &pirq, 0x18, 3, 2, 0xfebf0000), 0);
    assert_struct(__HYPERVISOR_physdev_op, PHYSDEVOP_map_pirq, sizeof(struct physdev_map_pirq),
                  {0, 2, DOM}, {4, 4, MAP_PIRQ_TYPE_MSI}, {8, 4, 0xffffffff}, {12, 4, 0xffffffff},
                  {16, 4, 3}, {20, 4, 0x18}, {24, 4, 2}, {32, 8, 0xfebf0000});
    assert_int_equal(pirq, 33);
    pirq = 5;
    assert_int_equal(xc_physdev_map_pirq_msi(xch, DOM, -1, &pirq, 0x18, 0x10003, 0, 0), 0);
    assert_struct(__HYPERVISOR_physdev_op, PHYSDEVOP_map_pirq, sizeof(struct physdev_map_pirq),
                  {0, 2, DOM}, {4, 4, MAP_PIRQ_TYPE_MSI_SEG}, {8, 4, 0xffffffff}, {12, 4, 5},
                  {16, 4, 0x10003}, {20, 4, 0x18});
    requests = 0;
    assert_fails_with(xc_physdev_map_pirq_msi(xch, DOM, -1, NULL, 0, 0, 0, 0), -1, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

TEST(a_gsi_gets_a_free_number_if_it_is_asked_so)
{
    xc_interface *xch = start(17);
    int pirq = -1;

    answer_with(tell_pirq);
    assert_int_equal(xc_physdev_map_pirq_gsi(xch, DOM, 19, &pirq), 0);
    assert_struct(__HYPERVISOR_physdev_op, PHYSDEVOP_map_pirq, sizeof(struct physdev_map_pirq),
                  {0, 2, DOM}, {4, 4, MAP_PIRQ_TYPE_GSI}, {8, 4, 19}, {12, 4, 0xffffffff});
    assert_int_equal(pirq, 33);
    pirq = 21;
    assert_int_equal(xc_physdev_map_pirq(xch, DOM, 19, &pirq), 0);
    assert_struct(__HYPERVISOR_physdev_op, PHYSDEVOP_map_pirq, sizeof(struct physdev_map_pirq),
                  {0, 2, DOM}, {4, 4, MAP_PIRQ_TYPE_GSI}, {8, 4, 19}, {12, 4, 21});
    requests = 0;
    assert_fails_with(xc_physdev_map_pirq_gsi(xch, DOM, 19, NULL), -1, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

TEST(an_interrupt_is_given_back)
{
    xc_interface *xch = start(17);

    assert_int_equal(xc_physdev_unmap_pirq(xch, DOM, 33), 0);
    assert_struct(__HYPERVISOR_physdev_op, PHYSDEVOP_unmap_pirq,
                  sizeof(struct physdev_unmap_pirq), {0, 2, DOM}, {4, 4, 33});
    stop(xch);
}

TEST(an_interrupt_that_xen_refuses_gets_no_number)
{
    xc_interface *xch = start(17);
    int pirq = 5;

    answer_with(refuse);
    assert_fails_with(xc_physdev_map_pirq(xch, DOM, 19, &pirq), -1, ENODEV);
    assert_int_equal(pirq, 5);
    stop(xch);
}

static int kernel_errno;

static int tell_gsi(int fd, void *argument, void *user)
{
    struct uapi_privcmd_pcidev_get_gsi *request = argument;

    (void)fd;
    (void)user;
    if (kernel_errno) {
        errno = kernel_errno;
        return -1;
    }
    assert_int_equal(request->sbdf, 0x10300);
    request->gsi = 27;
    return 0;
}

TEST(the_kernel_tells_the_gsi_of_a_device)
{
    xc_interface *xch = start(17);

    fakexen_on_ioctl(UAPI_PRIVCMD_PCIDEV_GET_GSI, tell_gsi, NULL);
    assert_int_equal(xc_pcidev_get_gsi(xch, 0x10300), 27);
    kernel_errno = ENODEV;
    assert_fails_with(xc_pcidev_get_gsi(xch, 0x10300), -1, ENODEV);
    kernel_errno = ENOTTY;
    assert_fails_with(xc_pcidev_get_gsi(xch, 0x10300), -1, ENOTSUP);
    assert_non_null(strstr(xc_get_last_error(xch)->message, "Linux 6.13"));
    assert_int_equal(requests, 0);
    stop(xch);
}

TEST(access_to_a_device_is_not_modified)
{
    xc_interface *xch = start(17);

    assert_fails_with(xc_physdev_pci_access_modify(xch, DOM, 0, 3, 0, 1), -1, ENOSYS);
    assert_int_equal(requests, 0);
    stop(xch);
}

/* ---- all of them ---- */

TEST(what_is_no_domain_is_not_sent)
{
    xc_interface *xch = start(20);
    char path[] = "/x";
    int pirq = 5;
    uint32_t device, count;

    assert_fails_with(xc_domain_ioport_permission(xch, NO_DOMID, 1, 1, 1), -1, EINVAL);
    assert_fails_with(xc_domain_iomem_permission(xch, NO_DOMID, 1, 1, 1), -1, EINVAL);
    assert_fails_with(xc_domain_irq_permission(xch, NO_DOMID, 1, true), -1, EINVAL);
    assert_fails_with(xc_domain_gsi_permission(xch, NO_DOMID, 1, 1), -1, EINVAL);
    assert_fails_with(xc_domain_ioport_mapping(xch, NO_DOMID, 1, 1, 1, 1), -1, EINVAL);
    assert_fails_with(xc_domain_memory_mapping(xch, NO_DOMID, 1, 1, 1, 1), -1, EINVAL);
    assert_fails_with(xc_domain_memory_mapping(xch, NO_DOMID, 1, 1, 1, 0), -1, EINVAL);
    assert_fails_with(xc_assign_device(xch, NO_DOMID, 1, 0), -1, EINVAL);
    assert_fails_with(xc_assign_dt_device(xch, NO_DOMID, path), -1, EINVAL);
    assert_fails_with(xc_get_device_group(xch, NO_DOMID, 1, 1, &count, &device), -1, EINVAL);
    assert_fails_with(xc_domain_bind_pt_pci_irq(xch, NO_DOMID, 1, 1, 1, 1), -1, EINVAL);
    assert_fails_with(xc_domain_update_msi_irq(xch, NO_DOMID, 1, 1, 0, 0), -1, EINVAL);
    assert_fails_with(xc_physdev_map_pirq(xch, NO_DOMID, 1, &pirq), -1, EINVAL);
    assert_fails_with(xc_physdev_unmap_pirq(xch, NO_DOMID, 1), -1, EINVAL);
    assert_int_equal(requests, 0);
    stop(xch);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(rights_are_given_with_nothing_beside_them),
        cmocka_unit_test(a_wide_interrupt_number_needs_4_16),
        cmocka_unit_test(interrupts_are_bound_by_pin_by_isa_number_and_by_message),
        cmocka_unit_test(frames_are_mapped_in_pieces_and_taken_back_on_failure),
        cmocka_unit_test(a_right_is_taken_back_with_nothing_beside_it),
        cmocka_unit_test(a_right_to_a_gsi_needs_4_20),
        cmocka_unit_test(frames_of_io_memory_are_mapped_and_unmapped),
        cmocka_unit_test(ports_are_mapped_and_unmapped),
        cmocka_unit_test(a_pci_device_is_named_by_segment_bus_and_function),
        cmocka_unit_test(a_device_of_the_device_tree_is_named_by_its_path),
        cmocka_unit_test(the_devices_of_a_group_come_back),
        cmocka_unit_test(a_group_that_xen_refuses_writes_nothing),
        cmocka_unit_test(without_a_buffer_nothing_is_sent),
        cmocka_unit_test(interrupts_of_each_kind_are_unbound_as_they_were_bound),
        cmocka_unit_test(interrupt_numbers_come_back),
        cmocka_unit_test(interrupts_by_message_name_their_device),
        cmocka_unit_test(a_gsi_gets_a_free_number_if_it_is_asked_so),
        cmocka_unit_test(an_interrupt_is_given_back),
        cmocka_unit_test(an_interrupt_that_xen_refuses_gets_no_number),
        cmocka_unit_test(the_kernel_tells_the_gsi_of_a_device),
        cmocka_unit_test(access_to_a_device_is_not_modified),
        cmocka_unit_test(what_is_no_domain_is_not_sent),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
