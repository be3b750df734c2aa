/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "call.h"
#include "operation.h"
#include "xenctrl/host.h"

/* XEN_SYSCTL_CPU_HOTPLUG_* */
enum { ONLINE = 0, OFFLINE = 1, SMT_ENABLE = 2, SMT_DISABLE = 3 };

static int hotplug(xc_interface *xch, uint32_t op, int cpu)
{
    struct {
        uint32_t cpu;
        uint32_t op;
    } request = {(uint32_t)cpu, op};

    return xenctrl_sysctl(xch, CTRL_SYSCTL_CPU_HOTPLUG, CTRL_PAYLOAD(request));
}

int xc_cpu_online(xc_interface *xch, int cpu)
{
    return hotplug(xch, ONLINE, cpu);
}

int xc_cpu_offline(xc_interface *xch, int cpu)
{
    return hotplug(xch, OFFLINE, cpu);
}

int xc_smt_enable(xc_interface *xch)
{
    return hotplug(xch, SMT_ENABLE, 0);
}

int xc_smt_disable(xc_interface *xch)
{
    return hotplug(xch, SMT_DISABLE, 0);
}
