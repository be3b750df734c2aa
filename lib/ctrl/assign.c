/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "call.h"
#include "operation.h"
#include "xenctrl/passthrough.h"

enum { KIND_PCI = 0, KIND_DT = 1 };

struct assign_device {
    uint32_t dev; /* KIND_* */
    uint32_t flags;
    union {
        uint32_t machine_sbdf;
        struct {
            uint32_t size;
            uint32_t pad;
            ctrl_u64 path;
        } dt;
    } u;
};
_Static_assert(sizeof(struct assign_device) == 24, "as on every release");

static int pci(xc_interface *xch, unsigned cmd, uint32_t domid, uint32_t machine_sbdf,
               uint32_t flags)
{
    struct assign_device request;

    CTRL_ZERO(request);
    request.dev = KIND_PCI;
    request.flags = flags;
    request.u.machine_sbdf = machine_sbdf;
    return xenctrl_domctl(xch, cmd, domid, CTRL_PAYLOAD(request));
}

int xc_assign_device(xc_interface *xch, uint32_t domid, uint32_t machine_sbdf, uint32_t flag)
{
    return pci(xch, CTRL_DOMCTL_ASSIGN_DEVICE, domid, machine_sbdf, flag);
}

int xc_deassign_device(xc_interface *xch, uint32_t domid, uint32_t machine_sbdf)
{
    return pci(xch, CTRL_DOMCTL_DEASSIGN_DEVICE, domid, machine_sbdf, 0);
}

int xc_test_assign_device(xc_interface *xch, uint32_t domid, uint32_t machine_sbdf)
{
    return pci(xch, CTRL_DOMCTL_TEST_ASSIGN_DEVICE, domid, machine_sbdf, 0);
}

static int device_tree(xc_interface *xch, unsigned cmd, uint32_t domid, const char *path)
{
    size_t size = path ? strlen(path) : 0;
    struct assign_device request;

    if (!size) {
        return xenctrl_refused(xch, EINVAL, "a device of the device tree without a path");
    }
    CTRL_ZERO(request);
    request.dev = KIND_DT;
    request.u.dt.size = (uint32_t)size;
    char *buffer = xenctrl_buffer_copy(xch, path, size);

    if (!buffer) {
        return -1;
    }
    request.u.dt.path = ctrl_address(buffer);
    int result = xenctrl_domctl(xch, cmd, domid, CTRL_PAYLOAD(request));
    xenctrl_buffer_done(xch, buffer);
    return result;
}

int xc_assign_dt_device(xc_interface *xch, uint32_t domid, char *path)
{
    return device_tree(xch, CTRL_DOMCTL_ASSIGN_DEVICE, domid, path);
}

int xc_deassign_dt_device(xc_interface *xch, uint32_t domid, char *path)
{
    return device_tree(xch, CTRL_DOMCTL_DEASSIGN_DEVICE, domid, path);
}

int xc_test_assign_dt_device(xc_interface *xch, uint32_t domid, char *path)
{
    return device_tree(xch, CTRL_DOMCTL_TEST_ASSIGN_DEVICE, domid, path);
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
