/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Devices are named by their place on the bus or in the device tree. */
#include "passthrough_fixture.h"

TEST(a_pci_device_is_assigned_tested_and_deassigned)
{
    EACH_MINOR(minor)
    {
        xendevicemodel_handle *dmod = start(minor);

        assert_done(xendevicemodel_assign_device(dmod, DOM, 0x10300,
                                                 XENDEVICEMODEL_ASSIGN_RDM_RELAXED));
        assert_domctl(minor, ASSIGN_DEVICE, DOM, "assign_device", {"dev", 0}, {"flags", 1},
                      {"u.pci.machine_sbdf", 0x10300});
        assert_done(xendevicemodel_deassign_device(dmod, DOM, 0x10300));
        assert_domctl(minor, DEASSIGN_DEVICE, DOM, "assign_device",
                      {"u.pci.machine_sbdf", 0x10300});
        assert_done(xendevicemodel_test_assign_device(dmod, DOMID_INVALID, 0x28));
        assert_domctl(minor, TEST_ASSIGN_DEVICE, DOMID_INVALID, "assign_device",
                      {"u.pci.machine_sbdf", 0x28});
        stop(dmod);
    }
}

static const char *const path_field = "u.dt.path.p";

static int see_path(struct sent *request, uint8_t *payload)
{
    (void)request;
    assert_memory_equal(
        address_in(running_minor, "xen_domctl", "assign_device", path_field, payload),
        "/soc/uart", 9);
    return 0;
}

static const struct {
    int (*call)(xendevicemodel_handle *, domid_t, const char *);
    unsigned op;
} by_path[] = {{xendevicemodel_assign_dt_device, ASSIGN_DEVICE},
               {xendevicemodel_deassign_dt_device, DEASSIGN_DEVICE},
               {xendevicemodel_test_assign_dt_device, TEST_ASSIGN_DEVICE}};

TEST(a_device_of_the_device_tree_is_named_by_its_path)
{
    EACH_MINOR(minor)
    {
        xendevicemodel_handle *dmod = start(minor);

        answer_with(see_path);
        for (size_t i = 0; i < sizeof(by_path) / sizeof(by_path[0]); i++) {
            assert_done(by_path[i].call(dmod, DOM, "/soc/uart"));
            assert_domctl(minor, by_path[i].op, DOM, "assign_device", {"dev", 1},
                          {"u.dt.size", 9}, {path_field, AN_ADDRESS});
            assert_refused(by_path[i].call(dmod, DOM, ""), EINVAL);
            assert_refused(by_path[i].call(dmod, DOM, NULL), EINVAL);
        }
        stop(dmod);
    }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pci_device_is_assigned_tested_and_deassigned),
        cmocka_unit_test(a_device_of_the_device_tree_is_named_by_its_path),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
