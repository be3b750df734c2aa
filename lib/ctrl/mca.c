/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Machine checks: x86 only. */
#include <errno.h>

#include "bitmap.h"
#include "xenctrl/platform.h"

#if defined(__i386__) || defined(__x86_64__)

int xc_mca_op(xc_interface *xch, struct xen_mc *mc)
{
    mc->interface_version = XEN_MCA_INTERFACE_VERSION;
    return xenctrl_request(xch, __HYPERVISOR_mca, mc, sizeof(*mc), "mca");
}

int xc_mca_op_inject_v2(xc_interface *xch, unsigned int flags, xc_cpumap_t cpumap,
                        unsigned int nr_cpus)
{
    struct ctrl_bitmap bitmap = {0};
    uint8_t *buffer = NULL;
    struct xen_mc mc;

    if (cpumap && (!nr_cpus || nr_cpus > INT32_MAX - 7)) {
        return xenctrl_refused(xch, EINVAL, "a machine check on no CPUs");
    }
    if (cpumap) {
        buffer = xenctrl_bitmap_buffer(xch, cpumap, (int)((nr_cpus + 7) / 8), &bitmap);
        if (!buffer) {
            return -1;
        }
        bitmap.nr_bits = nr_cpus;
    }
    CTRL_ZERO(mc);
    mc.cmd = XEN_MC_inject_v2;
    mc.u.mc_inject_v2.flags = flags;
    memcpy(&mc.u.mc_inject_v2.cpumap, &bitmap, sizeof(bitmap));
    int result = xc_mca_op(xch, &mc);
    xenctrl_buffer_done(xch, buffer);
    return result;
}

#endif
