/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The operations that the design of 2015 named, and the HVM parameters. */
#include "fake_dm_op.h"

static unsigned last_hypercall, last_op;
static struct xen_hvm_param last_param;
static int answer_errno;

static int answer_param(unsigned hypercall, unsigned op, void *argument)
{
    struct xen_hvm_param *param = argument;

    last_hypercall = hypercall;
    last_op = op;
    last_param = *param;
    if (answer_errno) {
        errno = answer_errno;
        return -1;
    }
    if (op == HVMOP_get_param)
        param->value = 0x123456789abcdef0;
    return 0;
}

static xendevicemodel_handle *open_with_params(void)
{
    fake_other_hypercall = answer_param;
    return fake_open();
}

static void check_param(unsigned op, uint32_t index, uint64_t value)
{
    struct xen_hvm_param expected;

    memset(&expected, 0, sizeof(expected));
    expected.domid = FAKE_DOMID;
    expected.index = index;
    expected.value = value;
    assert_int_equal(last_hypercall, __HYPERVISOR_hvm_op);
    assert_int_equal(last_op, op);
    assert_memory_equal(&last_param, &expected, sizeof(expected));
}

TEST(get_hvm_param)
{
    xendevicemodel_handle *dmod = open_with_params();
    uint64_t value = 7;

    assert_int_equal(
        xendevicemodel_get_hvm_param(dmod, FAKE_DOMID, HVM_PARAM_STORE_PFN, &value), 0);
    check_param(HVMOP_get_param, HVM_PARAM_STORE_PFN, 0);
    assert_int_equal(value, 0x123456789abcdef0);
    xendevicemodel_close(dmod);
}

TEST(set_hvm_param)
{
    xendevicemodel_handle *dmod = open_with_params();

    assert_int_equal(xendevicemodel_set_hvm_param(dmod, FAKE_DOMID, HVM_PARAM_IDENT_PT,
                                                  0xfedcba9876543210), 0);
    check_param(HVMOP_set_param, HVM_PARAM_IDENT_PT, 0xfedcba9876543210);
    xendevicemodel_close(dmod);
}

TEST(a_parameter_that_Xen_refuses_leaves_the_value_alone)
{
    static const int errnos[] = {EINVAL, EPERM, EEXIST, ESRCH};
    xendevicemodel_handle *dmod = open_with_params();
    uint64_t value = 7;

    for (size_t i = 0; i < COUNT_OF(errnos); i++) {
        answer_errno = errnos[i];
        assert_fails_with(xendevicemodel_get_hvm_param(dmod, FAKE_DOMID, 99, &value), -1,
                          errnos[i]);
        assert_fails_with(xendevicemodel_set_hvm_param(dmod, FAKE_DOMID, 99, 1), -1, errnos[i]);
    }
    assert_int_equal(value, 7);
    xendevicemodel_close(dmod);
}

TEST(s3_is_the_sleep_state_parameter)
{
    xendevicemodel_handle *dmod = open_with_params();

    assert_int_equal(xendevicemodel_s3_suspend(dmod, FAKE_DOMID), 0);
    check_param(HVMOP_set_param, HVM_PARAM_ACPI_S_STATE, 3);
    assert_int_equal(xendevicemodel_s3_awaken(dmod, FAKE_DOMID), 0);
    check_param(HVMOP_set_param, HVM_PARAM_ACPI_S_STATE, 0);
    xendevicemodel_close(dmod);
}

TEST(reboot_is_a_shutdown_for_that_reason)
{
    struct xen_dm_op expected = {.op = XEN_DMOP_remote_shutdown,
                                 .u.remote_shutdown.reason = SHUTDOWN_reboot};
    xendevicemodel_handle *dmod = fake_open();

    assert_int_equal(xendevicemodel_reboot(dmod, FAKE_DOMID), 0);
    assert_memory_equal(&fake_requests[0].op, &expected, sizeof(expected));
    assert_int_equal(fake_requests[0].dom, FAKE_DOMID);
    xendevicemodel_close(dmod);
}

TEST(route_pci_intx_to_isa_irq)
{
    struct xen_dm_op expected = {.op = XEN_DMOP_set_pci_link_route,
                                 .u.set_pci_link_route = {.link = 2, .isa_irq = 5}};
    xendevicemodel_handle *dmod = fake_open();

    assert_int_equal(xendevicemodel_route_pci_intx_to_isa_irq(dmod, FAKE_DOMID, 2, 5), 0);
    assert_memory_equal(&fake_requests[0].op, &expected, sizeof(expected));
    xendevicemodel_close(dmod);
}

TEST(make_ram_region_ro_and_rw)
{
    struct xen_dm_op expected = {.op = XEN_DMOP_set_mem_type,
                                 .u.set_mem_type = {.mem_type = HVMMEM_ram_ro,
                                                    .first_pfn = 0x1234567890, .nr = 0xffffffff}};
    xendevicemodel_handle *dmod = fake_open();

    assert_int_equal(
        xendevicemodel_make_ram_region_ro(dmod, FAKE_DOMID, 0x1234567890, 0xffffffff), 0);
    assert_memory_equal(&fake_requests[0].op, &expected, sizeof(expected));
    assert_int_equal(
        xendevicemodel_make_ram_region_rw(dmod, FAKE_DOMID, 0x1234567890, 0xffffffff), 0);
    expected.u.set_mem_type.mem_type = HVMMEM_ram_rw;
    assert_memory_equal(&fake_requests[1].op, &expected, sizeof(expected));
    xendevicemodel_close(dmod);
}

TEST(mark_memory_region_dirty)
{
    struct xen_dm_op_modified_memory_extent expected = {.first_pfn = 0x1234567890, .nr = 9};
    xendevicemodel_handle *dmod = fake_open();

    assert_int_equal(xendevicemodel_mark_memory_region_dirty(dmod, FAKE_DOMID, 0x1234567890, 9),
                     0);
    assert_int_equal(fake_requests[0].op.op, XEN_DMOP_modified_memory);
    assert_int_equal(fake_requests[0].op.u.modified_memory.nr_extents, 1);
    assert_memory_equal(fake_data, &expected, sizeof(expected));
    xendevicemodel_close(dmod);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(get_hvm_param),
        cmocka_unit_test(set_hvm_param),
        cmocka_unit_test(a_parameter_that_Xen_refuses_leaves_the_value_alone),
        cmocka_unit_test(s3_is_the_sleep_state_parameter),
        cmocka_unit_test(reboot_is_a_shutdown_for_that_reason),
        cmocka_unit_test(route_pci_intx_to_isa_irq),
        cmocka_unit_test(make_ram_region_ro_and_rw),
        cmocka_unit_test(mark_memory_region_dirty),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
