/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What operations cost in allocations (upstream: two each). */
#include "counted_heap.h"
#include "fake_dm_op.h"

#include <stdlib.h>

#ifdef HEAP_IS_SANITIZED
TEST(allocations_are_counted_and_made_to_fail)
{
    skip_because("the heap belongs to the sanitizer");
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(allocations_are_counted_and_made_to_fail),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
#else

enum { PAGES = 40000, EXTENTS = 1000 };

static ioservid_t id;
static unsigned vcpus;
static xen_pfn_t gfn;
static evtchn_port_t port;
static unsigned long bitmap[PAGES / 64 + 1];
static struct xen_dm_op_modified_memory_extent extents[EXTENTS];
static int failed;

/* Upstream's, all of them; the result is looked at later, since assertions may allocate. */
static void every_operation(xendevicemodel_handle *dmod)
{
    failed |= xendevicemodel_create_ioreq_server(dmod, FAKE_DOMID, 0, &id);
    failed |= xendevicemodel_get_ioreq_server_info(dmod, FAKE_DOMID, 0, &gfn, &gfn, &port);
    failed |= xendevicemodel_map_io_range_to_ioreq_server(dmod, FAKE_DOMID, 0, 0, 1, 2);
    failed |= xendevicemodel_unmap_io_range_from_ioreq_server(dmod, FAKE_DOMID, 0, 0, 1, 2);
    failed |= xendevicemodel_map_mem_type_to_ioreq_server(dmod, FAKE_DOMID, 0,
                                                          HVMMEM_ioreq_server, 0);
    failed |= xendevicemodel_map_pcidev_to_ioreq_server(dmod, FAKE_DOMID, 0, 0, 0, 1, 0);
    failed |= xendevicemodel_unmap_pcidev_from_ioreq_server(dmod, FAKE_DOMID, 0, 0, 0, 1, 0);
    failed |= xendevicemodel_set_ioreq_server_state(dmod, FAKE_DOMID, 0, 1);
    failed |= xendevicemodel_destroy_ioreq_server(dmod, FAKE_DOMID, 0);
    failed |= xendevicemodel_set_pci_intx_level(dmod, FAKE_DOMID, 0, 0, 1, 0, 1);
    failed |= xendevicemodel_set_isa_irq_level(dmod, FAKE_DOMID, 1, 1);
    failed |= xendevicemodel_set_irq_level(dmod, FAKE_DOMID, 33, 1);
    failed |= xendevicemodel_set_pci_link_route(dmod, FAKE_DOMID, 0, 5);
    failed |= xendevicemodel_inject_msi(dmod, FAKE_DOMID, 0xfee00000, 1);
    failed |= xendevicemodel_inject_event(dmod, FAKE_DOMID, 0, 1, 3, 0, 0, 0);
    failed |= xendevicemodel_track_dirty_vram(dmod, FAKE_DOMID, 0, 4096, bitmap);
    failed |= xendevicemodel_modified_memory(dmod, FAKE_DOMID, 0, 1);
    failed |= xendevicemodel_modified_memory_bulk(dmod, FAKE_DOMID, extents, 256);
    failed |= xendevicemodel_set_mem_type(dmod, FAKE_DOMID, HVMMEM_ram_ro, 0, 1);
    failed |= xendevicemodel_shutdown(dmod, FAKE_DOMID, SHUTDOWN_poweroff);
    failed |= xendevicemodel_relocate_memory(dmod, FAKE_DOMID, 1, 2, 3);
    failed |= xendevicemodel_pin_memory_cacheattr(dmod, FAKE_DOMID, 1, 2, 6);
    failed |= xendevicemodel_nr_vcpus(dmod, FAKE_DOMID, &vcpus);
}

static int populate_all(unsigned hypercall, unsigned op, void *argument)
{
    (void)hypercall;
    return op == XENMEM_populate_physmap
               ? (int)((struct xen_memory_reservation *)argument)->nr_extents
               : 0;
}

/* Ours, and what goes by hypercall. */
static void every_addition(xendevicemodel_handle *dmod)
{
    static xen_pfn_t gfns[100];
    uint64_t value;

    failed |= xendevicemodel_modified_memory_bulk(dmod, FAKE_DOMID, extents, EXTENTS);
    failed |= xendevicemodel_track_dirty_vram(dmod, FAKE_DOMID, 0, PAGES, bitmap);
    failed |= xendevicemodel_reboot(dmod, FAKE_DOMID);
    failed |= xendevicemodel_s3_suspend(dmod, FAKE_DOMID);
    failed |= xendevicemodel_s3_awaken(dmod, FAKE_DOMID);
    failed |= xendevicemodel_make_ram_region_ro(dmod, FAKE_DOMID, 1, 1);
    failed |= xendevicemodel_make_ram_region_rw(dmod, FAKE_DOMID, 1, 1);
    failed |= xendevicemodel_mark_memory_region_dirty(dmod, FAKE_DOMID, 1, 1);
    failed |= xendevicemodel_route_pci_intx_to_isa_irq(dmod, FAKE_DOMID, 1, 1);
    failed |= xendevicemodel_populate_physmap(dmod, FAKE_DOMID, 100, 0, 0, gfns) != 100;
    failed |= xendevicemodel_populate_physmap_exact(dmod, FAKE_DOMID, 100, 0, 0, gfns);
    failed |= xendevicemodel_add_to_physmap(dmod, FAKE_DOMID, XENMAPSPACE_gmfn, 1, 2);
    failed |= xendevicemodel_remove_from_physmap(dmod, FAKE_DOMID, 2);
    failed |= xendevicemodel_place_video_memory(dmod, FAKE_DOMID, 1, 100, 9);
    failed |= xendevicemodel_remove_video_memory(dmod, FAKE_DOMID, 100, 1, 9);
    failed |= xendevicemodel_get_hvm_param(dmod, FAKE_DOMID, 1, &value);
    failed |= xendevicemodel_set_hvm_param(dmod, FAKE_DOMID, 1, 2);
}

TEST(opening_allocates_once)
{
    xendevicemodel_handle *dmod;
    unsigned before;

    fake_start();
    before = allocations;
    dmod = xendevicemodel_open(NULL, 0);
    assert_int_equal(allocations - before, 1);
    xendevicemodel_close(dmod);
}

TEST(no_operation_allocates)
{
    xendevicemodel_handle *dmod = fake_open();
    unsigned before = allocations, after;

    every_operation(dmod);
    after = allocations;
    assert_int_equal(after - before, 0);
    assert_int_equal(failed, 0);
    xendevicemodel_close(dmod);
}

TEST(no_operation_by_hypercall_allocates_after_the_first)
{
    xendevicemodel_handle *dmod = fake_open_without_dm_op();
    unsigned before, after;

    failed |= xendevicemodel_nr_vcpus(dmod, FAKE_DOMID, &vcpus);
    before = allocations;
    every_operation(dmod);
    after = allocations;
    assert_int_equal(after - before, 0);
    assert_int_equal(failed, 0);
    xendevicemodel_close(dmod);
}

TEST(no_addition_allocates_after_the_first_hypercall)
{
    xendevicemodel_handle *dmod = fake_open();
    unsigned before, after;
    uint64_t value;

    fake_other_hypercall = populate_all;
    failed |= xendevicemodel_get_hvm_param(dmod, FAKE_DOMID, 1, &value);
    before = allocations;
    every_addition(dmod);
    after = allocations;
    assert_int_equal(after - before, 0);
    assert_int_equal(failed, 0);
    xendevicemodel_close(dmod);
}

TEST(open_without_memory_is_ENOMEM)
{
    xendevicemodel_handle *dmod;
    int error;

    fake_start();
    failures_left = 1;
    dmod = xendevicemodel_open(NULL, 0);
    error = errno;
    failures_left = 0;
    assert_null(dmod);
    assert_int_equal(error, ENOMEM);
    assert_int_equal(fakexen_open_fds(), 0);
}

TEST(the_first_hypercall_without_memory_is_ENOMEM)
{
    xendevicemodel_handle *dmod = fake_open();
    uint64_t value;
    int rc, error;

    fake_other_hypercall = populate_all;
    failures_left = 1;
    rc = xendevicemodel_get_hvm_param(dmod, FAKE_DOMID, 1, &value);
    error = errno;
    failures_left = 0;
    assert_int_equal(rc, -1);
    assert_int_equal(error, ENOMEM);
    fakexen_fail_next(FAKEXEN_MMAP, ENOMEM, 1, 0);
    assert_fails_with(xendevicemodel_get_hvm_param(dmod, FAKE_DOMID, 1, &value), -1, ENOMEM);
    assert_int_equal(xendevicemodel_get_hvm_param(dmod, FAKE_DOMID, 1, &value), 0);
    xendevicemodel_close(dmod);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening_allocates_once),
        cmocka_unit_test(no_operation_allocates),
        cmocka_unit_test(no_operation_by_hypercall_allocates_after_the_first),
        cmocka_unit_test(no_addition_allocates_after_the_first_hypercall),
        cmocka_unit_test(open_without_memory_is_ENOMEM),
        cmocka_unit_test(the_first_hypercall_without_memory_is_ENOMEM),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
#endif
