/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks Xen for its version, and for the extra version as a string in a buffer. */
#include <err.h>
#include <stdint.h>
#include <stdio.h>

#include <xen/version.h>
#include <xen/xen.h>

#include "xencall.h"

int main(void)
{
    xencall_handle *xcall = xencall_open(NULL, 0);
    xen_extraversion_t *extra;
    int version;

    if (!xcall)
        err(1, "cannot open a handle for hypercalls: is this a Xen dom0?");

    version = xencall2(xcall, __HYPERVISOR_xen_version, XENVER_version, 0);
    if (version < 0)
        err(1, "Xen refuses the hypercall: is this dom0?");

    /* Filled in place by Xen: nothing is cleared or copied. */
    extra = xencall_buffer_get(xcall, sizeof(*extra));
    if (!extra)
        err(1, "no hypercall buffer");
    if (xencall2(xcall, __HYPERVISOR_xen_version, XENVER_extraversion, (uintptr_t)extra) < 0)
        err(1, "cannot read the extra version");
    printf("Xen %d.%d%s\n", version >> 16, version & 0xffff, *extra);

    xencall_buffer_put(xcall, extra);
    xencall_close(xcall);
    return 0;
}
