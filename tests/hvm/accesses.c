/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Accesses of a bare HVM guest that an ioreq server of this program gets: port I/O,
 * memory-mapped I/O, PCI configuration space, writes to memory. See machine.h.
 */
#include <errno.h>
#include <poll.h>
#include <sys/mman.h>
#include <xenevtchn.h>
#include <xenforeignmemory.h>

#include "machine.h"

#include "harness.h"

enum { OWN_PORT = 0x6a0, HOLE = 0xe0000000 };      /* nobody else answers here */
enum { VGA_MEMORY = 0xa0000, VGA_MEMORY_END = 0xbffff };
enum { RAM_GFN = 0x1000, RAM = RAM_GFN << 12, LOST_GFN = 0x1100, LOST = LOST_GFN << 12 };
enum { PCI_ADDRESS = 0xcf8, PCI_DATA = 0xcfc, DEVICE = 9, REGISTER = 0x10 };
enum { PCI_SELECTOR = (int)(0x80000000u | DEVICE << 11 | REGISTER) };

static int map(int is_mmio, uint64_t start, uint64_t end)
{
    return xendevicemodel_map_io_range_to_ioreq_server(
        machine_dmod(), machine_domid(), machine_server(), is_mmio, start, end);
}

static int unmap(int is_mmio, uint64_t start, uint64_t end)
{
    return xendevicemodel_unmap_io_range_from_ioreq_server(
        machine_dmod(), machine_domid(), machine_server(), is_mmio, start, end);
}

static int set_type(hvmmem_type_t type)
{
    return xendevicemodel_set_mem_type(machine_dmod(), machine_domid(), type, RAM_GFN, 1);
}

/* The access number @index was this one. */
static void assert_access(unsigned int index, uint8_t type, uint8_t dir, uint64_t address,
                          uint32_t size)
{
    const struct ioreq *access = &machine_accesses()->kept[index];

    assert_true(index < machine_accesses()->count);
    assert_int_equal(access->type, type);
    assert_int_equal(access->dir, dir);
    assert_int_equal(access->addr, address);
    assert_int_equal(access->size, size);
}

TEST(port_io_of_the_guest_is_answered)
{
    assert_int_equal(guest_does(ORDER_IN, 1, OWN_PORT, 0), 0xff);
    assert_int_equal(map(0, OWN_PORT, OWN_PORT + 3), 0);
    reads_give(0x5a);
    assert_int_equal(guest_does(ORDER_IN, 1, OWN_PORT + 1, 0), 0x5a);
    guest_does(ORDER_OUT, 4, OWN_PORT, 0xcafe0123);
    assert_int_equal(machine_accesses()->count, 2);
    assert_access(0, IOREQ_TYPE_PIO, IOREQ_READ, OWN_PORT + 1, 1);
    assert_access(1, IOREQ_TYPE_PIO, IOREQ_WRITE, OWN_PORT, 4);
    assert_int_equal(machine_accesses()->kept[1].data, 0xcafe0123);
    assert_fails_with(map(0, OWN_PORT + 3, OWN_PORT + 4), -1, EEXIST);
    assert_int_equal(unmap(0, OWN_PORT, OWN_PORT + 3), 0);
    assert_fails_with(unmap(0, OWN_PORT, OWN_PORT + 3), -1, ENOENT);
    assert_int_equal(guest_does(ORDER_IN, 1, OWN_PORT + 1, 0), 0xff);
}

TEST(memory_mapped_io_of_the_guest_is_answered)
{
    assert_int_equal(guest_reads(HOLE), NOTHING_THERE);
    assert_int_equal(map(1, HOLE, HOLE + 0xfff), 0);
    reads_give(0x12345678);
    assert_int_equal(guest_reads(HOLE + 0x10), 0x12345678);
    guest_does(ORDER_WRITE, 2, HOLE + 0xffe, 0xbeef);
    assert_int_equal(machine_accesses()->count, 2);
    assert_access(0, IOREQ_TYPE_COPY, IOREQ_READ, HOLE + 0x10, 4);
    assert_access(1, IOREQ_TYPE_COPY, IOREQ_WRITE, HOLE + 0xffe, 2);
    assert_int_equal(machine_accesses()->kept[1].data & 0xffff, 0xbeef);
    assert_int_equal(unmap(1, HOLE, HOLE + 0xfff), 0);
    assert_int_equal(guest_reads(HOLE), NOTHING_THERE);
    assert_int_equal(machine_accesses()->count, 2);
}

TEST(configuration_space_of_a_pci_function_is_answered)
{
    assert_int_equal(xendevicemodel_map_pcidev_to_ioreq_server(
                         machine_dmod(), machine_domid(), machine_server(), 0, 0, DEVICE, 0), 0);
    reads_give(0xfeedf00d);
    guest_does(ORDER_OUT, 4, PCI_ADDRESS, (uint32_t)PCI_SELECTOR);
    assert_int_equal(guest_does(ORDER_IN, 4, PCI_DATA, 0), 0xfeedf00d);
    assert_int_equal(machine_accesses()->count, 1);
    assert_access(0, IOREQ_TYPE_PCI_CONFIG, IOREQ_READ,
                  (uint64_t)(DEVICE << 3) << 32 | REGISTER, 4);
    assert_int_equal(xendevicemodel_unmap_pcidev_from_ioreq_server(
                         machine_dmod(), machine_domid(), machine_server(), 0, 0, DEVICE, 0), 0);
    assert_int_equal(guest_does(ORDER_IN, 4, PCI_DATA, 0), NOTHING_THERE);
    assert_int_equal(machine_accesses()->count, 1);
}

/* A second server, which is not enabled at first, over what the first one has. */
TEST(server_gets_nothing_until_it_is_enabled)
{
    domid_t domid = machine_domid();
    ioservid_t second;

    assert_int_equal(map(0, OWN_PORT, OWN_PORT), 0);
    assert_int_equal(xendevicemodel_create_ioreq_server(machine_dmod(), domid, 0, &second), 0);
    assert_int_not_equal(second, machine_server());
    assert_int_equal(xendevicemodel_map_io_range_to_ioreq_server(machine_dmod(), domid, second,
                                                                 0, OWN_PORT, OWN_PORT), 0);
    reads_give(0x77);
    assert_int_equal(guest_does(ORDER_IN, 1, OWN_PORT, 0), 0x77);
    assert_int_equal(machine_accesses()->count, 1);
    assert_int_equal(xendevicemodel_destroy_ioreq_server(machine_dmod(), domid, second), 0);
    assert_fails_with(xendevicemodel_destroy_ioreq_server(machine_dmod(), domid, second), -1,
                      ENOENT);
    assert_int_equal(guest_does(ORDER_IN, 1, OWN_PORT, 0), 0x77);
}

/* True if the guest has a page at @gfn; @fmem sees what the guest would. */
static bool guest_has_page(xenforeignmemory_handle *fmem, xen_pfn_t gfn)
{
    void *page = xenforeignmemory_map(fmem, machine_domid(), PROT_READ, 1, &gfn, NULL);

    if (page)
        assert_int_equal(xenforeignmemory_unmap(fmem, page, 1), 0);
    return page;
}

/*
 * The guest could write to the pages, so Xen takes them out of its memory at the last
 * moment. It stands still meanwhile: nobody answers for the second server.
 */
TEST(pages_of_a_server_are_in_the_guest_until_it_is_enabled)
{
    xendevicemodel_handle *dmod = machine_dmod();
    xenforeignmemory_handle *fmem = xenforeignmemory_open(NULL, 0);
    domid_t domid = machine_domid();
    xen_pfn_t requests = 0, buffered = 0;
    evtchn_port_t port = 0;
    ioservid_t second;

    assert_int_equal(xendevicemodel_create_ioreq_server(dmod, domid, 1, &second), 0);
    assert_int_equal(xendevicemodel_get_ioreq_server_info(dmod, domid, second, &requests,
                                                          &buffered, &port), 0);
    assert_int_not_equal(requests, buffered);
    assert_in_range(port, 1, 4095);
    assert_true(guest_has_page(fmem, requests) && guest_has_page(fmem, buffered));
    assert_int_equal(xendevicemodel_set_ioreq_server_state(dmod, domid, second, 1), 0);
    assert_false(guest_has_page(fmem, requests) || guest_has_page(fmem, buffered));
    assert_int_equal(xendevicemodel_set_ioreq_server_state(dmod, domid, second, 0), 0);
    assert_true(guest_has_page(fmem, requests) && guest_has_page(fmem, buffered));
    assert_int_equal(xendevicemodel_destroy_ioreq_server(dmod, domid, second), 0);
    assert_int_equal(xenforeignmemory_close(fmem), 0);
    assert_int_equal(guest_does(ORDER_WAKES, 0, 0, 0), 0);
}

/* Xen lets the guest's writes to VGA memory go on without an answer. */
TEST(buffered_writes_come_by_the_ring_and_its_event)
{
    volatile struct buffered_iopage *ring = machine_buffered();
    xenevtchn_handle *xce = xenevtchn_open(NULL, 0);
    struct pollfd events = {.fd = xenevtchn_fd(xce), .events = POLLIN};
    evtchn_port_t port = 0;

    assert_int_equal(xendevicemodel_get_ioreq_server_info(machine_dmod(), machine_domid(),
                                                          machine_server(), NULL, NULL, &port),
                     0);
    assert_true(xenevtchn_bind_interdomain(xce, machine_domid(), port) > 0);
    assert_int_equal(map(1, VGA_MEMORY, VGA_MEMORY_END), 0);
    assert_int_equal(ring->write_pointer, 0);
    guest_does(ORDER_WRITE, 1, VGA_MEMORY + 0x123, 0x41);
    guest_does(ORDER_WRITE, 1, VGA_MEMORY + 0x124, 0x42);
    assert_int_equal(ring->write_pointer, 2);
    assert_int_equal(ring->buf_ioreq[0].type, IOREQ_TYPE_COPY);
    assert_int_equal(ring->buf_ioreq[0].dir, IOREQ_WRITE);
    assert_int_equal(ring->buf_ioreq[0].addr, VGA_MEMORY + 0x123);
    assert_int_equal(ring->buf_ioreq[0].data, 0x41);
    assert_int_equal(ring->buf_ioreq[1].data, 0x42);
    assert_int_equal(machine_accesses()->count, 0);
    assert_int_equal(poll(&events, 1, 10000), 1);
    assert_int_equal(xenevtchn_close(xce), 0);
}

TEST(writes_to_a_read_only_page_are_dropped)
{
    xendevicemodel_handle *dmod = machine_dmod();
    domid_t domid = machine_domid();

    guest_writes(RAM, 1);
    assert_int_equal(xendevicemodel_make_ram_region_ro(dmod, domid, RAM_GFN, 1), 0);
    guest_writes(RAM, 2);
    assert_int_equal(guest_reads(RAM), 1);
    guest_writes(RAM + 4096, 3);
    assert_int_equal(guest_reads(RAM + 4096), 3);
    assert_int_equal(xendevicemodel_make_ram_region_rw(dmod, domid, RAM_GFN, 1), 0);
    guest_writes(RAM, 4);
    assert_int_equal(guest_reads(RAM), 4);
    assert_int_equal(set_type(HVMMEM_ram_ro), 0);
    guest_writes(RAM, 5);
    assert_int_equal(guest_reads(RAM), 4);
    assert_int_equal(set_type(HVMMEM_ram_rw), 0);
    guest_writes(RAM, 6);
    assert_int_equal(guest_reads(RAM), 6);
}

/* The guest's write faults into this program; a read does not. */
TEST(writes_to_a_page_of_the_servers_come_to_it)
{
    xendevicemodel_handle *dmod = machine_dmod();
    domid_t domid = machine_domid();
    ioservid_t server = machine_server();

    guest_writes(RAM, 7);
    assert_fails_with(set_type(HVMMEM_ioreq_server), -1, EINVAL);
    assert_int_equal(xendevicemodel_map_mem_type_to_ioreq_server(
                         dmod, domid, server, HVMMEM_ioreq_server,
                         XEN_DMOP_IOREQ_MEM_ACCESS_WRITE), 0);
    assert_int_equal(set_type(HVMMEM_ioreq_server), 0);
    guest_writes(RAM + 8, 0xabcd);
    assert_int_equal(machine_accesses()->count, 1);
    assert_access(0, IOREQ_TYPE_COPY, IOREQ_WRITE, RAM + 8, 4);
    assert_int_equal(machine_accesses()->kept[0].data & 0xffffffff, 0xabcd);
    assert_int_equal(guest_reads(RAM), 7);
    assert_int_equal(machine_accesses()->count, 1);
    assert_int_equal(xendevicemodel_map_mem_type_to_ioreq_server(
                         dmod, domid, server, HVMMEM_ioreq_server, 0), 0);
    guest_writes(RAM, 9);
    assert_int_equal(guest_reads(RAM), 9);
    assert_int_equal(machine_accesses()->count, 1);
}

/* Xen forgets the page, so there is no way back. */
TEST(page_turned_into_registers_is_answered_and_stays_so)
{
    xendevicemodel_handle *dmod = machine_dmod();
    domid_t domid = machine_domid();

    guest_writes(LOST, 10);
    assert_int_equal(xendevicemodel_set_mem_type(dmod, domid, HVMMEM_mmio_dm, LOST_GFN, 1), 0);
    assert_int_equal(guest_reads(LOST), NOTHING_THERE);
    assert_int_equal(map(1, LOST, LOST + 4095), 0);
    reads_give(11);
    assert_int_equal(guest_reads(LOST), 11);
    assert_fails_with(xendevicemodel_set_mem_type(dmod, domid, HVMMEM_ram_rw, LOST_GFN, 1), -1,
                      EINVAL);
}

#define IN_MACHINE(test) cmocka_unit_test_setup_teardown(test, machine_join, machine_leave)

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        IN_MACHINE(port_io_of_the_guest_is_answered),
        IN_MACHINE(memory_mapped_io_of_the_guest_is_answered),
        IN_MACHINE(configuration_space_of_a_pci_function_is_answered),
        IN_MACHINE(server_gets_nothing_until_it_is_enabled),
        IN_MACHINE(pages_of_a_server_are_in_the_guest_until_it_is_enabled),
        IN_MACHINE(buffered_writes_come_by_the_ring_and_its_event),
        IN_MACHINE(writes_to_a_read_only_page_are_dropped),
        IN_MACHINE(writes_to_a_page_of_the_servers_come_to_it),
        IN_MACHINE(page_turned_into_registers_is_answered_and_stays_so),
    };

    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
