/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Device models through libxenctrl: each function's operation, to the last byte. */
#define XC_WANT_COMPAT_DEVICEMODEL_API 1
#include "../devicemodel/fake_dm_op.h"

#include <xenctrl.h>

/* One request about FAKE_DOMID with these bytes. */
static void assert_operation(const struct xen_dm_op *expected)
{
    assert_int_equal(fake_request_count, 1);
    assert_int_equal(fake_requests[0].dom, FAKE_DOMID);
    assert_int_equal(fake_requests[0].size[0], sizeof(*expected));
    assert_memory_equal(&fake_requests[0].op, expected, sizeof(*expected));
    fake_request_count = 0;
}

static xc_interface *open_interface(void)
{
    fake_start();
    fake_request_count = 0;
    xc_interface *xch = xc_interface_open(NULL, NULL, 0);
    assert_non_null(xch);
    return xch;
}

static int refuse(struct xen_dm_op *op, void *data, size_t size)
{
    memset(&op->u, 0xee, sizeof(op->u));
    (void)data;
    (void)size;
    return ESRCH;
}

/* Its bytes; what Xen refuses, with a sentence; and no domain, which asks for nothing. */
#define OPERATION(name, invocation, operation, ...) \
    static int call_##name(xc_interface *xch, uint32_t domid) \
    { \
        return xc_##invocation; \
    } \
    TEST(name) \
    { \
        struct xen_dm_op expected = {.op = XEN_DMOP_##operation, \
                                     .u.operation = {__VA_ARGS__}}; \
        check(call_##name, &expected, #operation " of domain 5: No such process"); \
    }

static void check(int (*call)(xc_interface *xch, uint32_t domid),
                  const struct xen_dm_op *expected, const char *sentence)
{
    xc_interface *xch = open_interface();

    assert_int_equal(call(xch, FAKE_DOMID), 0);
    assert_operation(expected);
    assert_fails_with(call(xch, 0x10000 + FAKE_DOMID), -1, EINVAL);
    assert_int_equal(fake_request_count, 0);
    fake_xen = refuse;
    assert_fails_with(call(xch, FAKE_DOMID), -1, ESRCH);
    assert_string_equal(xc_get_last_error(xch)->message, sentence);
    assert_int_equal(xc_interface_close(xch), 0);
}

static ioservid_t id;
static xen_pfn_t ioreq, bufioreq;
static evtchn_port_t port;

OPERATION(create, hvm_create_ioreq_server(xch, domid, HVM_IOREQSRV_BUFIOREQ_ATOMIC, &id),
          create_ioreq_server, .handle_bufioreq = HVM_IOREQSRV_BUFIOREQ_ATOMIC)
OPERATION(get_info, hvm_get_ioreq_server_info(xch, domid, 3, &ioreq, &bufioreq, &port),
          get_ioreq_server_info, .id = 3)
OPERATION(destroy, hvm_destroy_ioreq_server(xch, domid, 3), destroy_ioreq_server, .id = 3)
OPERATION(set_state, hvm_set_ioreq_server_state(xch, domid, 3, 1), set_ioreq_server_state,
          .id = 3, .enabled = 1)
OPERATION(set_pci_intx, hvm_set_pci_intx_level(xch, domid, 0x1234, 5, 6, 3, 1),
          set_pci_intx_level, .domain = 0x1234, .bus = 5, .device = 6, .intx = 3, .level = 1)
OPERATION(set_isa_irq, hvm_set_isa_irq_level(xch, domid, 15, 1), set_isa_irq_level,
          .isa_irq = 15, .level = 1)
OPERATION(set_link, hvm_set_pci_link_route(xch, domid, 3, 11), set_pci_link_route, .link = 3,
          .isa_irq = 11)
OPERATION(inject_msi, hvm_inject_msi(xch, domid, 0xfee01000, 0x4321), inject_msi,
          .addr = 0xfee01000, .data = 0x4321)
OPERATION(inject_trap, hvm_inject_trap(xch, domid, 2, 14, 3, 6, 1, 0x123456789abcdef0),
          inject_event, .vcpuid = 2, .vector = 14, .type = 3, .error_code = 6, .insn_len = 1,
          .cr2 = 0x123456789abcdef0)
OPERATION(set_type, hvm_set_mem_type(xch, domid, HVMMEM_ram_ro, 0x1122334455, 7), set_mem_type,
          .mem_type = HVMMEM_ram_ro, .first_pfn = 0x1122334455, .nr = 7)
OPERATION(pin, domain_pin_memory_cacheattr(xch, domid, 1, 2, 6), pin_memory_cacheattr,
          .start = 1, .end = 2, .type = 6)

#define RANGE(name, invocation, operation, kind, from, to) \
    static int call_##name(xc_interface *xch, uint32_t domid) \
    { \
        return xc_hvm_##invocation; \
    } \
    TEST(name) \
    { \
        struct xen_dm_op expected = {.op = XEN_DMOP_##operation}; \
        expected.u.map_io_range_to_ioreq_server = (struct xen_dm_op_ioreq_server_range){ \
            .id = 3, .type = kind, .start = from, .end = to}; \
        check(call_##name, &expected, range_sentence(#invocation)); \
    }

/* The function is named as the operation. */
static const char *range_sentence(const char *invocation)
{
    static char sentence[80];

    snprintf(sentence, sizeof(sentence), "%.*s of domain 5: No such process",
             (int)strcspn(invocation, "("), invocation);
    return sentence;
}

RANGE(map_ports, map_io_range_to_ioreq_server(xch, domid, 3, 0, 0x3f8, 0x3ff),
      map_io_range_to_ioreq_server, XEN_DMOP_IO_RANGE_PORT, 0x3f8, 0x3ff)
RANGE(unmap_memory, unmap_io_range_from_ioreq_server(xch, domid, 3, 1, 1, UINT64_MAX),
      unmap_io_range_from_ioreq_server, XEN_DMOP_IO_RANGE_MEMORY, 1, UINT64_MAX)
RANGE(map_device, map_pcidev_to_ioreq_server(xch, domid, 3, 0x102, 3, 0x1f, 2),
      map_io_range_to_ioreq_server, XEN_DMOP_IO_RANGE_PCI, 0x10203fa, 0x10203fa)
RANGE(unmap_device, unmap_pcidev_from_ioreq_server(xch, domid, 3, 0x102, 3, 0x1f, 2),
      unmap_io_range_from_ioreq_server, XEN_DMOP_IO_RANGE_PCI, 0x10203fa, 0x10203fa)

static int tell(struct xen_dm_op *op, void *data, size_t size)
{
    if (op->op == XEN_DMOP_create_ioreq_server)
        op->u.create_ioreq_server.id = 0xabcd;
    if (op->op == XEN_DMOP_get_ioreq_server_info)
        op->u.get_ioreq_server_info = (struct xen_dm_op_get_ioreq_server_info){
            .bufioreq_port = 42, .ioreq_gfn = 0xfeff0, .bufioreq_gfn = 0xfeff1};
    if (op->op == XEN_DMOP_track_dirty_vram)
        memset(data, 0x5a, size);
    return 0;
}

TEST(results_come_back)
{
    xc_interface *xch = open_interface();

    fake_xen = tell;
    assert_int_equal(xc_hvm_create_ioreq_server(xch, FAKE_DOMID, 0, &id), 0);
    assert_int_equal(id, 0xabcd);
    assert_int_equal(xc_hvm_get_ioreq_server_info(xch, FAKE_DOMID, 3, &ioreq, &bufioreq, &port),
                     0);
    assert_true(ioreq == 0xfeff0 && bufioreq == 0xfeff1 && port == 42);
    assert_int_equal(xc_interface_close(xch), 0);
}

TEST(dirty_pages_of_the_screen_are_told)
{
    struct xen_dm_op expected = {.op = XEN_DMOP_track_dirty_vram,
                                 .u.track_dirty_vram = {.nr = 65, .first_pfn = 0xf0000}};
    xc_interface *xch = open_interface();
    unsigned long dirty[2] = {0, 0};

    fake_xen = tell;
    assert_int_equal(xc_hvm_track_dirty_vram(xch, FAKE_DOMID, 0xf0000, 65, dirty), 0);
    assert_operation(&expected);
    assert_true(dirty[0] == 0x5a5a5a5a5a5a5a5a && dirty[1] == 0x5a);
    assert_fails_with(xc_hvm_track_dirty_vram(xch, 0x10005, 0xf0000, 65, dirty), -1, EINVAL);
    assert_int_equal(xc_interface_close(xch), 0);
}

TEST(written_pages_are_said)
{
    struct xen_dm_op expected = {.op = XEN_DMOP_modified_memory,
                                 .u.modified_memory = {.nr_extents = 1}};
    struct xen_dm_op_modified_memory_extent extent = {.nr = 3, .first_pfn = 4};
    xc_interface *xch = open_interface();

    assert_int_equal(xc_hvm_modified_memory(xch, FAKE_DOMID, 4, 3), 0);
    assert_operation(&expected);
    assert_memory_equal(fake_data, &extent, sizeof(extent));
    assert_fails_with(xc_hvm_modified_memory(xch, 0x10005, 4, 3), -1, EINVAL);
    assert_int_equal(xc_interface_close(xch), 0);
}

TEST(the_interfaces_own_descriptor_is_used)
{
    xc_interface *xch = open_interface();
    unsigned opens = fakexen_count(FAKEXEN_OPEN);

    assert_int_equal(xc_hvm_inject_msi(xch, FAKE_DOMID, 0xfee00000, 0), 0);
    assert_int_equal(fakexen_count(FAKEXEN_OPEN), opens);
    assert_int_equal(xc_interface_close(xch), 0);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(create),
        cmocka_unit_test(get_info),
        cmocka_unit_test(destroy),
        cmocka_unit_test(set_state),
        cmocka_unit_test(set_pci_intx),
        cmocka_unit_test(set_isa_irq),
        cmocka_unit_test(set_link),
        cmocka_unit_test(inject_msi),
        cmocka_unit_test(inject_trap),
        cmocka_unit_test(set_type),
        cmocka_unit_test(pin),
        cmocka_unit_test(map_ports),
        cmocka_unit_test(unmap_memory),
        cmocka_unit_test(map_device),
        cmocka_unit_test(unmap_device),
        cmocka_unit_test(results_come_back),
        cmocka_unit_test(dirty_pages_of_the_screen_are_told),
        cmocka_unit_test(written_pages_are_said),
        cmocka_unit_test(the_interfaces_own_descriptor_is_used),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
