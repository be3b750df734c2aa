/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Requests that a program makes up itself, as Xen's headers describe them. */
#ifndef XENCTRL_RAW_H
#define XENCTRL_RAW_H

#include <xenctrl/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * xc_domctl() - make a domctl
 * xc_sysctl() - make a sysctl
 * @domctl, @sysctl: cmd, domain and u as <xen/domctl.h> and <xen/sysctl.h> say, with
 *                   addresses of hypercall buffers; become the answer
 *
 * For what no function here does. Most requests have one layout on every release, and
 * go out as they are, with the interface version of the running Xen. A few have had
 * several: createdomain, getdomaininfo, irq_permission, monitor_op, physinfo,
 * getdomaininfolist. These are converted, from the layout of the headers that the program
 * was compiled with: it says which by interface_version = XEN_DOMCTL_INTERFACE_VERSION,
 * XEN_SYSCTL_INTERFACE_VERSION. (Upstream's function sets it itself, and works on one
 * release only.)
 *
 * Return: what Xen returns, mostly 0; or -1 with errno, also:
 *   EINVAL   a request that is converted has an interface version of no release
 *   ENOTSUP  this Xen's release does not have it; or pm_op's get_cpufreq_para, whose
 *            layout its version does not tell: xc_get_cpufreq_para() does that
 */
int xc_domctl(xc_interface *xch, struct xen_domctl *domctl);
int xc_sysctl(xc_interface *xch, struct xen_sysctl *sysctl);

#ifdef __cplusplus
}
#endif

#endif
