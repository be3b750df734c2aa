/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "assign_device.h"
#include "call.h"
#include "operation.h"
#include "xenctrl/passthrough.h"

static int pci(xc_interface *xch, unsigned cmd, uint32_t domid, uint32_t machine_sbdf,
               uint32_t flags)
{
    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    int result = xenhvabi_pci_device(&xch->abi, cmd, (uint16_t)domid, machine_sbdf, flags);
    return xenctrl_domain_result(xch, result, xenhvabi_find_domctl(cmd)->name, domid);
}

int xc_assign_device(xc_interface *xch, uint32_t domid, uint32_t machine_sbdf, uint32_t flag)
{
    return pci(xch, HVABI_DOMCTL_ASSIGN_DEVICE, domid, machine_sbdf, flag);
}

int xc_deassign_device(xc_interface *xch, uint32_t domid, uint32_t machine_sbdf)
{
    return pci(xch, HVABI_DOMCTL_DEASSIGN_DEVICE, domid, machine_sbdf, 0);
}

int xc_test_assign_device(xc_interface *xch, uint32_t domid, uint32_t machine_sbdf)
{
    return pci(xch, HVABI_DOMCTL_TEST_ASSIGN_DEVICE, domid, machine_sbdf, 0);
}

static int device_tree(xc_interface *xch, unsigned cmd, uint32_t domid, const char *path)
{
    if (xenctrl_check_domid(xch, domid)) {
        return -1;
    }
    int result = xenhvabi_dt_device(&xch->abi, cmd, (uint16_t)domid, path);
    return xenctrl_domain_result(xch, result, xenhvabi_find_domctl(cmd)->name, domid);
}

int xc_assign_dt_device(xc_interface *xch, uint32_t domid, char *path)
{
    return device_tree(xch, HVABI_DOMCTL_ASSIGN_DEVICE, domid, path);
}

int xc_deassign_dt_device(xc_interface *xch, uint32_t domid, char *path)
{
    return device_tree(xch, HVABI_DOMCTL_DEASSIGN_DEVICE, domid, path);
}

int xc_test_assign_dt_device(xc_interface *xch, uint32_t domid, char *path)
{
    return device_tree(xch, HVABI_DOMCTL_TEST_ASSIGN_DEVICE, domid, path);
}

int xc_get_device_group(xc_interface *xch, uint32_t domid, uint32_t machine_sbdf,
                        uint32_t max_sdevs, uint32_t *num_sdevs, uint32_t *sdev_array)
{
    struct {
        uint32_t machine_sbdf;
        uint32_t max_sdevs;
        uint32_t num_sdevs;
        uint32_t pad;
        ctrl_u64 sdev_array;
    } request = {.machine_sbdf = machine_sbdf, .max_sdevs = max_sdevs};
    uint32_t *buffer = xenctrl_buffer_array(xch, max_sdevs, sizeof(*buffer));

    if (!buffer) {
        return -1;
    }
    request.sdev_array = ctrl_address(buffer);
    int result = xenctrl_domctl(xch, CTRL_DOMCTL_GET_DEVICE_GROUP, domid, CTRL_PAYLOAD(request));
    if (result >= 0) {
        uint32_t count = request.num_sdevs < max_sdevs ? request.num_sdevs : max_sdevs;

        memcpy(sdev_array, buffer, count * sizeof(*buffer));
        *num_sdevs = request.num_sdevs;
    }
    xenctrl_buffer_done(xch, buffer);
    return result;
}
