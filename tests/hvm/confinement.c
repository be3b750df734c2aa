/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * After a restriction: a device model's operations on its own domain, a bare HVM guest,
 * and on another one, whose number is XENLIBS_STRANGER. See machine.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "machine.h" /* first: the definitions for tools */

#include <xen/hvm/params.h>
#include <xen/memory.h>
#include <xen/sched.h>
#include <xentoolcore.h>

#include "harness.h"

enum { RAM_GFN = 0x1400, FREE_LINE = 10, MSI_VECTOR = 0x62, TRACKED = 64 };
enum { PORT = 0x6b0, HOLE_GFN = 0xe0300 };

static domid_t stranger(void)
{
    const char *domid = getenv("XENLIBS_STRANGER");

    assert_non_null(domid);
    return (domid_t)atoi(domid);
}

static int xen_minor(void)
{
    FILE *file = fopen("/sys/hypervisor/version/minor", "r");
    int minor = -1;

    assert_non_null(file);
    assert_int_equal(fscanf(file, "%d", &minor), 1);
    fclose(file);
    return minor;
}

static void restrict_to_machine(void)
{
    assert_int_equal(xendevicemodel_restrict(machine_dmod(), machine_domid()), 0);
}

#define assert_denied(expression) assert_fails_with(expression, -1, EPERM)

TEST(ioreq_servers_of_another_domain_are_denied)
{
    xendevicemodel_handle *dmod = machine_dmod();
    domid_t other = stranger();
    xen_pfn_t gfn;
    ioservid_t id;

    assert_int_equal(xendevicemodel_create_ioreq_server(dmod, other, 0, &id), 0);
    restrict_to_machine();
    assert_denied(xendevicemodel_get_ioreq_server_info(dmod, other, id, &gfn, NULL, NULL));
    assert_denied(xendevicemodel_map_io_range_to_ioreq_server(dmod, other, id, 0, PORT, PORT));
    assert_denied(xendevicemodel_unmap_io_range_from_ioreq_server(dmod, other, id, 0, PORT, PORT));
    assert_denied(xendevicemodel_map_pcidev_to_ioreq_server(dmod, other, id, 0, 0, 9, 0));
    assert_denied(xendevicemodel_unmap_pcidev_from_ioreq_server(dmod, other, id, 0, 0, 9, 0));
    assert_denied(xendevicemodel_map_mem_type_to_ioreq_server(
        dmod, other, id, HVMMEM_ioreq_server, XEN_DMOP_IOREQ_MEM_ACCESS_WRITE));
    assert_denied(xendevicemodel_set_ioreq_server_state(dmod, other, id, 1));
    assert_denied(xendevicemodel_destroy_ioreq_server(dmod, other, id));
    assert_denied(xendevicemodel_create_ioreq_server(dmod, other, 0, &id));
}

TEST(interrupts_and_memory_of_another_domain_are_denied)
{
    static unsigned long bitmap[TRACKED / (8 * sizeof(unsigned long))];
    xendevicemodel_handle *dmod = machine_dmod();
    domid_t other = stranger();
    unsigned int vcpus;

    assert_int_equal(xendevicemodel_nr_vcpus(dmod, other, &vcpus), 0);
    restrict_to_machine();
    assert_denied(xendevicemodel_nr_vcpus(dmod, other, &vcpus));
    assert_denied(xendevicemodel_set_pci_intx_level(dmod, other, 0, 0, 5, 0, 1));
    assert_denied(xendevicemodel_set_isa_irq_level(dmod, other, FREE_LINE, 1));
    assert_denied(xendevicemodel_set_pci_link_route(dmod, other, 1, FREE_LINE));
    assert_denied(xendevicemodel_route_pci_intx_to_isa_irq(dmod, other, 1, FREE_LINE));
    assert_denied(xendevicemodel_inject_msi(dmod, other, 0xfee00000, MSI_VECTOR));
    assert_denied(xendevicemodel_inject_event(dmod, other, 0, 13, XEN_DMOP_EVENT_hw_exc, 0, 0, 0));
    assert_denied(xendevicemodel_track_dirty_vram(dmod, other, RAM_GFN, TRACKED, bitmap));
    assert_denied(xendevicemodel_modified_memory(dmod, other, RAM_GFN, 1));
    assert_denied(xendevicemodel_mark_memory_region_dirty(dmod, other, RAM_GFN, 1));
    assert_denied(xendevicemodel_set_mem_type(dmod, other, HVMMEM_ram_ro, RAM_GFN, 1));
    assert_denied(xendevicemodel_make_ram_region_ro(dmod, other, RAM_GFN, 1));
    assert_denied(xendevicemodel_make_ram_region_rw(dmod, other, RAM_GFN, 1));
    assert_denied(xendevicemodel_relocate_memory(dmod, other, 1, RAM_GFN, HOLE_GFN));
    assert_denied(xendevicemodel_place_video_memory(dmod, other, RAM_GFN, HOLE_GFN, 1));
    assert_denied(xendevicemodel_pin_memory_cacheattr(dmod, other, RAM_GFN, RAM_GFN,
                                                      XEN_DMOP_MEM_CACHEATTR_WB));
    assert_denied(xendevicemodel_shutdown(dmod, other, SHUTDOWN_poweroff));
    assert_denied(xendevicemodel_reboot(dmod, other));
    assert_fails_with(xendevicemodel_restrict(dmod, other), -1, EINVAL);
}

/* A hypercall could name any domain, so none is made, not even for the handle's own. */
TEST(operations_by_hypercall_are_denied_for_every_domain)
{
    const xen_pfn_t gfn = HOLE_GFN;
    const domid_t domids[] = {machine_domid(), stranger()};
    xendevicemodel_handle *dmod = machine_dmod();
    uint64_t value;

    assert_int_equal(xendevicemodel_get_hvm_param(dmod, machine_domid(), HVM_PARAM_ACPI_S_STATE,
                                                  &value), 0);
    restrict_to_machine();
    for (int i = 0; i < 2; i++) {
        assert_denied(xendevicemodel_get_hvm_param(dmod, domids[i], HVM_PARAM_ACPI_S_STATE,
                                                   &value));
        assert_denied(xendevicemodel_set_hvm_param(dmod, domids[i], HVM_PARAM_ACPI_S_STATE, 3));
        assert_denied(xendevicemodel_s3_suspend(dmod, domids[i]));
        assert_denied(xendevicemodel_s3_awaken(dmod, domids[i]));
        assert_denied(xendevicemodel_populate_physmap(dmod, domids[i], 1, 0, 0, &gfn));
        assert_denied(xendevicemodel_populate_physmap_exact(dmod, domids[i], 1, 0, 0, &gfn));
        assert_denied(xendevicemodel_add_to_physmap(dmod, domids[i], XENMAPSPACE_shared_info, 0,
                                                    HOLE_GFN));
        assert_denied(xendevicemodel_remove_from_physmap(dmod, domids[i], HOLE_GFN));
    }
    assert_int_equal(guest_reads_page(HOLE_GFN), NOTHING_THERE);
}

/* Xen before 4.15 tells device models nothing of this, and a restricted handle no more. */
static void assert_knows_its_vcpus(void)
{
    unsigned int vcpus = 0;

    if (xen_minor() < 15) {
        assert_fails_with(xendevicemodel_nr_vcpus(machine_dmod(), machine_domid(), &vcpus), -1,
                          EOPNOTSUPP);
        return;
    }
    assert_int_equal(xendevicemodel_nr_vcpus(machine_dmod(), machine_domid(), &vcpus), 0);
    assert_int_equal(vcpus, GUEST_VCPUS);
}

/* By xentoolcore: the test's event channel and its mapped pages go on working too. */
TEST(own_domain_works_as_before)
{
    xendevicemodel_handle *dmod = machine_dmod();
    domid_t domid = machine_domid();
    unsigned int vcpus = 0;
    uint32_t lines, messages;

    assert_int_equal(xentoolcore_restrict_all(domid), 0);
    assert_denied(xendevicemodel_nr_vcpus(dmod, stranger(), &vcpus));
    assert_knows_its_vcpus();
    lines = guest_count(FIRST_LINE_VECTOR + FREE_LINE);
    assert_int_equal(xendevicemodel_set_isa_irq_level(dmod, domid, FREE_LINE, 1), 0);
    assert_true(guest_takes(FIRST_LINE_VECTOR + FREE_LINE, lines, 1));
    assert_int_equal(xendevicemodel_set_isa_irq_level(dmod, domid, FREE_LINE, 0), 0);
    messages = guest_count(MSI_VECTOR);
    assert_int_equal(xendevicemodel_inject_msi(dmod, domid, 0xfee00000, MSI_VECTOR), 0);
    assert_true(guest_takes(MSI_VECTOR, messages, 1));
    guest_writes_page(RAM_GFN, 1);
    assert_int_equal(xendevicemodel_make_ram_region_ro(dmod, domid, RAM_GFN, 1), 0);
    guest_writes_page(RAM_GFN, 2);
    assert_int_equal(guest_reads_page(RAM_GFN), 1);
    assert_int_equal(xendevicemodel_make_ram_region_rw(dmod, domid, RAM_GFN, 1), 0);
    assert_int_equal(xendevicemodel_map_io_range_to_ioreq_server(dmod, domid, machine_server(), 1,
                                                                 0xe0000000, 0xe0000fff), 0);
    reads_give(0x1234);
    assert_int_equal(guest_reads(0xe0000008), 0x1234);
}

#define IN_MACHINE(test) cmocka_unit_test_setup_teardown(test, machine_join, machine_leave)

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        IN_MACHINE(ioreq_servers_of_another_domain_are_denied),
        IN_MACHINE(interrupts_and_memory_of_another_domain_are_denied),
        IN_MACHINE(operations_by_hypercall_are_denied_for_every_domain),
        IN_MACHINE(own_domain_works_as_before),
    };

    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
