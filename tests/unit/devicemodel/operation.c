/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The bytes of every operation, by the kernel's DM_OP and by hypercall, against
 * the struct of Xen's own header. Only upstream's symbols are used.
 */
#include "fake_dm_op.h"

typedef int call_fn(xendevicemodel_handle *dmod);

/* One request with one buffer, its bytes as expected to the last. */
static void check_bytes(call_fn *call, const struct xen_dm_op *expected, bool by_hypercall)
{
    xendevicemodel_handle *dmod = by_hypercall ? fake_open_without_dm_op() : fake_open();

    assert_int_equal(call(dmod), 0);
    assert_int_equal(fake_request_count, 1);
    assert_int_equal(fake_requests[0].by_hypercall, by_hypercall);
    assert_int_equal(fake_requests[0].dom, FAKE_DOMID);
    assert_int_equal(fake_requests[0].num, 1);
    assert_int_equal(fake_requests[0].size[0], sizeof(*expected));
    assert_memory_equal(&fake_requests[0].op, expected, sizeof(*expected));
    assert_int_equal(xendevicemodel_close(dmod), 0);
}

static int refuse(struct xen_dm_op *op, void *data, size_t size)
{
    memset(&op->u, 0xee, sizeof(op->u)); /* what a failed operation leaves is of no interest */
    (void)data;
    (void)size;
    return ESRCH;
}

static void check_failure(call_fn *call, bool by_hypercall)
{
    xendevicemodel_handle *dmod = by_hypercall ? fake_open_without_dm_op() : fake_open();

    fake_xen = refuse;
    assert_fails_with(call(dmod), -1, ESRCH);
    assert_int_equal(xendevicemodel_close(dmod), 0);
}

#define OPERATION(name, invocation, ...) \
    static int call_##name(xendevicemodel_handle *dmod) \
    { \
        return xendevicemodel_##invocation; \
    } \
    TEST(name##_by_ioctl) \
    { \
        struct xen_dm_op expected = {.op = XEN_DMOP_##name, .u.name = {__VA_ARGS__}}; \
        check_bytes(call_##name, &expected, false); \
    } \
    TEST(name##_by_hypercall) \
    { \
        struct xen_dm_op expected = {.op = XEN_DMOP_##name, .u.name = {__VA_ARGS__}}; \
        check_bytes(call_##name, &expected, true); \
    } \
    TEST(name##_fails_as_Xen_says) \
    { \
        check_failure(call_##name, false); \
    } \
    TEST(name##_by_hypercall_fails_as_Xen_says) \
    { \
        check_failure(call_##name, true); \
    }

static ioservid_t id;
static xen_pfn_t ioreq_gfn, bufioreq_gfn;
static evtchn_port_t bufioreq_port;
static unsigned vcpus;

OPERATION(create_ioreq_server,
          create_ioreq_server(dmod, FAKE_DOMID, HVM_IOREQSRV_BUFIOREQ_ATOMIC, &id),
          .handle_bufioreq = HVM_IOREQSRV_BUFIOREQ_ATOMIC)
OPERATION(get_ioreq_server_info,
          get_ioreq_server_info(dmod, FAKE_DOMID, 3, &ioreq_gfn, &bufioreq_gfn, &bufioreq_port),
          .id = 3)
OPERATION(map_io_range_to_ioreq_server,
          map_io_range_to_ioreq_server(dmod, FAKE_DOMID, 3, 0, 0x3f8, 0x3ff), .id = 3,
          .type = XEN_DMOP_IO_RANGE_PORT, .start = 0x3f8, .end = 0x3ff)
OPERATION(unmap_io_range_from_ioreq_server,
          unmap_io_range_from_ioreq_server(dmod, FAKE_DOMID, 3, 77, UINT64_MAX - 1, UINT64_MAX),
          .id = 3, .type = XEN_DMOP_IO_RANGE_MEMORY, .start = UINT64_MAX - 1, .end = UINT64_MAX)
OPERATION(map_mem_type_to_ioreq_server,
          map_mem_type_to_ioreq_server(dmod, FAKE_DOMID, 3, HVMMEM_ioreq_server,
                                       XEN_DMOP_IOREQ_MEM_ACCESS_WRITE),
          .id = 3, .type = HVMMEM_ioreq_server, .flags = XEN_DMOP_IOREQ_MEM_ACCESS_WRITE)
OPERATION(set_ioreq_server_state, set_ioreq_server_state(dmod, FAKE_DOMID, 3, 256), .id = 3,
          .enabled = 1)
OPERATION(destroy_ioreq_server, destroy_ioreq_server(dmod, FAKE_DOMID, 0xfffe), .id = 0xfffe)
OPERATION(set_pci_intx_level, set_pci_intx_level(dmod, FAKE_DOMID, 0x1234, 5, 6, 3, 1),
          .domain = 0x1234, .bus = 5, .device = 6, .intx = 3, .level = 1)
OPERATION(set_isa_irq_level, set_isa_irq_level(dmod, FAKE_DOMID, 15, 1), .isa_irq = 15,
          .level = 1)
OPERATION(set_irq_level, set_irq_level(dmod, FAKE_DOMID, 0x12345678, 1), .irq = 0x12345678,
          .level = 1)
OPERATION(set_pci_link_route, set_pci_link_route(dmod, FAKE_DOMID, 3, 11), .link = 3,
          .isa_irq = 11)
OPERATION(inject_msi, inject_msi(dmod, FAKE_DOMID, 0xfee01000, 0x4321), .addr = 0xfee01000,
          .data = 0x4321)
OPERATION(inject_event,
          inject_event(dmod, FAKE_DOMID, 2, 14, XEN_DMOP_EVENT_hw_exc, 6, 3, 0x123456789abcdef0),
          .vcpuid = 2, .vector = 14, .type = XEN_DMOP_EVENT_hw_exc, .error_code = 6,
          .insn_len = 3, .cr2 = 0x123456789abcdef0)
OPERATION(set_mem_type, set_mem_type(dmod, FAKE_DOMID, HVMMEM_ram_ro, 0x1122334455, 7),
          .mem_type = HVMMEM_ram_ro, .first_pfn = 0x1122334455, .nr = 7)
OPERATION(remote_shutdown, shutdown(dmod, FAKE_DOMID, SHUTDOWN_crash), .reason = SHUTDOWN_crash)
OPERATION(relocate_memory, relocate_memory(dmod, FAKE_DOMID, 9, 0xf0000, 0x100000000), .size = 9,
          .src_gfn = 0xf0000, .dst_gfn = 0x100000000)
OPERATION(pin_memory_cacheattr,
          pin_memory_cacheattr(dmod, FAKE_DOMID, 1, 2, XEN_DMOP_DELETE_MEM_CACHEATTR),
          .start = 1, .end = 2, .type = XEN_DMOP_DELETE_MEM_CACHEATTR)
OPERATION(nr_vcpus, nr_vcpus(dmod, FAKE_DOMID, &vcpus), .vcpus = 0)

static void check_pcidev(uint32_t op)
{
    struct xen_dm_op expected = {.op = op};
    xendevicemodel_handle *dmod = fake_open();

    expected.u.map_io_range_to_ioreq_server = (struct xen_dm_op_ioreq_server_range){
        .id = 3, .type = XEN_DMOP_IO_RANGE_PCI, .start = 0x10203fa, .end = 0x10203fa};
    if (op == XEN_DMOP_map_io_range_to_ioreq_server)
        assert_int_equal(xendevicemodel_map_pcidev_to_ioreq_server(dmod, FAKE_DOMID, 3, 0x102,
                                                                   3, 0x1f, 2), 0);
    else
        assert_int_equal(xendevicemodel_unmap_pcidev_from_ioreq_server(
                             dmod, FAKE_DOMID, 3, 0x102, 3, 0x1f, 2), 0);
    assert_memory_equal(&fake_requests[0].op, &expected, sizeof(expected));
    xendevicemodel_close(dmod);
}

TEST(map_pcidev_to_ioreq_server)
{
    check_pcidev(XEN_DMOP_map_io_range_to_ioreq_server);
}

TEST(unmap_pcidev_from_ioreq_server)
{
    check_pcidev(XEN_DMOP_unmap_io_range_from_ioreq_server);
}

TEST(a_high_pci_segment_does_not_spread_into_the_upper_half)
{
    xendevicemodel_handle *dmod = fake_open();
    const struct xen_dm_op_ioreq_server_range *range =
        &fake_requests[0].op.u.map_io_range_to_ioreq_server;

    assert_int_equal(xendevicemodel_map_pcidev_to_ioreq_server(dmod, FAKE_DOMID, 1, 0xffff, 1,
                                                               2, 3), 0);
    assert_int_equal(range->start, 0xffff0113);
    assert_int_equal(range->end, 0xffff0113);
    xendevicemodel_close(dmod);
}

static int answer_all(struct xen_dm_op *op, void *data, size_t size)
{
    if (op->op == XEN_DMOP_create_ioreq_server) {
        op->u.create_ioreq_server.id = 0xabcd;
    } else if (op->op == XEN_DMOP_get_ioreq_server_info) {
        op->u.get_ioreq_server_info.ioreq_gfn = 0xfeff0;
        op->u.get_ioreq_server_info.bufioreq_gfn = 0xfeff1;
        op->u.get_ioreq_server_info.bufioreq_port = 42;
    } else if (op->op == XEN_DMOP_nr_vcpus) {
        op->u.nr_vcpus.vcpus = 128;
    } else if (op->op == XEN_DMOP_track_dirty_vram) {
        memset(data, 0x5a, size);
    }
    return 0;
}

static void check_results(xendevicemodel_handle *dmod)
{
    unsigned long bitmap[2] = {0, 0};

    fake_xen = answer_all;
    assert_int_equal(xendevicemodel_create_ioreq_server(dmod, FAKE_DOMID, 0, &id), 0);
    assert_int_equal(id, 0xabcd);
    assert_int_equal(xendevicemodel_get_ioreq_server_info(dmod, FAKE_DOMID, 1, &ioreq_gfn,
                                                          &bufioreq_gfn, &bufioreq_port), 0);
    assert_int_equal(ioreq_gfn, 0xfeff0);
    assert_int_equal(bufioreq_gfn, 0xfeff1);
    assert_int_equal(bufioreq_port, 42);
    assert_int_equal(xendevicemodel_nr_vcpus(dmod, FAKE_DOMID, &vcpus), 0);
    assert_int_equal(vcpus, 128);
    assert_int_equal(xendevicemodel_track_dirty_vram(dmod, FAKE_DOMID, 0xf0000, 65, bitmap), 0);
    assert_int_equal(bitmap[0], 0x5a5a5a5a5a5a5a5a);
    assert_int_equal(bitmap[1], 0x5a); /* no byte beyond the last page's */
    xendevicemodel_close(dmod);
}

TEST(results_come_back_by_ioctl)
{
    check_results(fake_open());
}

TEST(results_come_back_by_hypercall)
{
    check_results(fake_open_without_dm_op());
}

TEST(a_failure_leaves_the_results_alone)
{
    xendevicemodel_handle *dmod = fake_open();

    fake_xen = refuse;
    id = 1;
    ioreq_gfn = bufioreq_gfn = 2;
    bufioreq_port = vcpus = 3;
    assert_fails_with(xendevicemodel_create_ioreq_server(dmod, FAKE_DOMID, 0, &id), -1, ESRCH);
    assert_fails_with(xendevicemodel_get_ioreq_server_info(
                          dmod, FAKE_DOMID, 1, &ioreq_gfn, &bufioreq_gfn, &bufioreq_port),
                      -1, ESRCH);
    assert_fails_with(xendevicemodel_nr_vcpus(dmod, FAKE_DOMID, &vcpus), -1, ESRCH);
    assert_true(id == 1 && ioreq_gfn == 2 && bufioreq_gfn == 2 && bufioreq_port == 3);
    assert_int_equal(vcpus, 3);
    xendevicemodel_close(dmod);
}

TEST(no_gfns_is_said_only_if_neither_is_wanted)
{
    xendevicemodel_handle *dmod = fake_open();

    assert_int_equal(
        xendevicemodel_get_ioreq_server_info(dmod, FAKE_DOMID, 1, NULL, NULL, NULL), 0);
    assert_int_equal(
        xendevicemodel_get_ioreq_server_info(dmod, FAKE_DOMID, 1, &ioreq_gfn, NULL, NULL), 0);
    assert_int_equal(
        xendevicemodel_get_ioreq_server_info(dmod, FAKE_DOMID, 1, NULL, &bufioreq_gfn, NULL), 0);
    assert_int_equal(fake_requests[0].op.u.get_ioreq_server_info.flags, XEN_DMOP_no_gfns);
    assert_int_equal(fake_requests[1].op.u.get_ioreq_server_info.flags, 0);
    assert_int_equal(fake_requests[2].op.u.get_ioreq_server_info.flags, 0);
    xendevicemodel_close(dmod);
}

TEST(a_server_is_disabled_by_0)
{
    xendevicemodel_handle *dmod = fake_open();

    assert_int_equal(xendevicemodel_set_ioreq_server_state(dmod, FAKE_DOMID, 1, 0), 0);
    assert_int_equal(fake_requests[0].op.u.set_ioreq_server_state.enabled, 0);
    xendevicemodel_close(dmod);
}

/* Bad input is answered here: nothing reaches the kernel. */
TEST(memory_types_and_pci_functions_are_checked_before_Xen_is_asked)
{
    xendevicemodel_handle *dmod = fake_open();
    unsigned calls = fakexen_count_all();

    assert_fails_with(xendevicemodel_map_mem_type_to_ioreq_server(dmod, FAKE_DOMID, 1,
                                                                  HVMMEM_ram_rw, 0), -1, EINVAL);
    assert_fails_with(xendevicemodel_map_mem_type_to_ioreq_server(
                          dmod, FAKE_DOMID, 1, HVMMEM_ioreq_server,
                          XEN_DMOP_IOREQ_MEM_ACCESS_READ), -1, EINVAL);
    assert_fails_with(xendevicemodel_map_mem_type_to_ioreq_server(
                          dmod, FAKE_DOMID, 1, HVMMEM_ioreq_server, 4), -1, EINVAL);
    assert_fails_with(xendevicemodel_map_pcidev_to_ioreq_server(dmod, FAKE_DOMID, 1, 0, 0, 32, 0),
                      -1, EINVAL);
    assert_fails_with(xendevicemodel_map_pcidev_to_ioreq_server(dmod, FAKE_DOMID, 1, 0, 0, 0, 8),
                      -1, EINVAL);
    assert_fails_with(xendevicemodel_unmap_pcidev_from_ioreq_server(dmod, FAKE_DOMID, 1, 0, 0,
                                                                    32, 0), -1, EINVAL);
    assert_fails_with(xendevicemodel_unmap_pcidev_from_ioreq_server(dmod, FAKE_DOMID, 1, 0, 0, 0,
                                                                    8), -1, EINVAL);
    assert_int_equal(fakexen_count_all(), calls);
    xendevicemodel_close(dmod);
}

static void check_dirty_request(xendevicemodel_handle *dmod, uint32_t nr, unsigned long *bitmap,
                                size_t size)
{
    struct xen_dm_op expected = {.op = XEN_DMOP_track_dirty_vram,
                                 .u.track_dirty_vram = {.nr = nr, .first_pfn = 0xf0000}};

    fake_request_count = 0;
    assert_int_equal(xendevicemodel_track_dirty_vram(dmod, FAKE_DOMID, 0xf0000, nr, bitmap), 0);
    assert_int_equal(fake_requests[0].num, 2);
    assert_int_equal(fake_requests[0].size[1], size);
    assert_memory_equal(&fake_requests[0].op, &expected, sizeof(expected));
}

static void check_dirty_requests(xendevicemodel_handle *dmod)
{
    unsigned long bitmap[512] = {0};

    check_dirty_request(dmod, 1, bitmap, 1);
    check_dirty_request(dmod, 8, bitmap, 1);
    check_dirty_request(dmod, 9, bitmap, 2);
    check_dirty_request(dmod, 32768, bitmap, 4096);
    check_dirty_request(dmod, 0, NULL, 1);
    xendevicemodel_close(dmod);
}

TEST(track_dirty_vram_by_ioctl)
{
    check_dirty_requests(fake_open());
}

TEST(track_dirty_vram_by_hypercall)
{
    check_dirty_requests(fake_open_without_dm_op());
}

static void check_modified(xendevicemodel_handle *dmod)
{
    struct xen_dm_op expected = {.op = XEN_DMOP_modified_memory};
    struct xen_dm_op_modified_memory_extent extents[3] = {
        {.nr = 1, .first_pfn = 2}, {.nr = 3, .first_pfn = 4}, {.nr = 5, .first_pfn = 6}};

    assert_int_equal(xendevicemodel_modified_memory(dmod, FAKE_DOMID, 4, 3), 0);
    expected.u.modified_memory.nr_extents = 1;
    assert_memory_equal(&fake_requests[0].op, &expected, sizeof(expected));
    assert_int_equal(fake_requests[0].num, 2);
    assert_int_equal(fake_requests[0].size[1], 16);
    assert_memory_equal(fake_data, &extents[1], 16);
    assert_int_equal(xendevicemodel_modified_memory_bulk(dmod, FAKE_DOMID, extents, 3), 0);
    expected.u.modified_memory.nr_extents = 3;
    assert_memory_equal(&fake_requests[1].op, &expected, sizeof(expected));
    assert_int_equal(fake_requests[1].size[1], sizeof(extents));
    assert_memory_equal(fake_data, extents, sizeof(extents));
    assert_int_equal(fake_request_count, 2);
    xendevicemodel_close(dmod);
}

TEST(modified_memory_by_ioctl)
{
    check_modified(fake_open());
}

TEST(modified_memory_by_hypercall)
{
    check_modified(fake_open_without_dm_op());
}

TEST(an_operation_is_one_system_call)
{
    xendevicemodel_handle *dmod = fake_open();
    unsigned before = fakexen_count_all();

    assert_int_equal(xendevicemodel_set_isa_irq_level(dmod, FAKE_DOMID, 4, 1), 0);
    assert_int_equal(fakexen_count_all() - before, 1);
    xendevicemodel_close(dmod);
}

#define TESTS_OF(name) \
    cmocka_unit_test(name##_by_ioctl), cmocka_unit_test(name##_by_hypercall), \
        cmocka_unit_test(name##_fails_as_Xen_says), \
        cmocka_unit_test(name##_by_hypercall_fails_as_Xen_says)

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        TESTS_OF(create_ioreq_server),
        TESTS_OF(get_ioreq_server_info),
        TESTS_OF(map_io_range_to_ioreq_server),
        TESTS_OF(unmap_io_range_from_ioreq_server),
        TESTS_OF(map_mem_type_to_ioreq_server),
        TESTS_OF(set_ioreq_server_state),
        TESTS_OF(destroy_ioreq_server),
        TESTS_OF(set_pci_intx_level),
        TESTS_OF(set_isa_irq_level),
        TESTS_OF(set_irq_level),
        TESTS_OF(set_pci_link_route),
        TESTS_OF(inject_msi),
        TESTS_OF(inject_event),
        TESTS_OF(set_mem_type),
        TESTS_OF(remote_shutdown),
        TESTS_OF(relocate_memory),
        TESTS_OF(pin_memory_cacheattr),
        TESTS_OF(nr_vcpus),
        cmocka_unit_test(map_pcidev_to_ioreq_server),
        cmocka_unit_test(unmap_pcidev_from_ioreq_server),
        cmocka_unit_test(a_high_pci_segment_does_not_spread_into_the_upper_half),
        cmocka_unit_test(results_come_back_by_ioctl),
        cmocka_unit_test(results_come_back_by_hypercall),
        cmocka_unit_test(a_failure_leaves_the_results_alone),
        cmocka_unit_test(no_gfns_is_said_only_if_neither_is_wanted),
        cmocka_unit_test(a_server_is_disabled_by_0),
        cmocka_unit_test(memory_types_and_pci_functions_are_checked_before_Xen_is_asked),
        cmocka_unit_test(track_dirty_vram_by_ioctl),
        cmocka_unit_test(track_dirty_vram_by_hypercall),
        cmocka_unit_test(modified_memory_by_ioctl),
        cmocka_unit_test(modified_memory_by_hypercall),
        cmocka_unit_test(an_operation_is_one_system_call),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
