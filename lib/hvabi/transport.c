/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define __XEN_TOOLS__ 1 /* or physdev_op is one of old */
#include "transport.h"

#include <string.h>
#include <xen/xen.h>

/* The buffer is the first argument, or the second if there is a sub-operation. */
static int carry(xencall_handle *xcall, unsigned hypercall, const unsigned *cmd, void *request,
                 size_t size)
{
    void *buffer = xencall_buffer_get(xcall, size);

    if (!buffer) {
        return -1;
    }
    memcpy(buffer, request, size);
    /* Not xencall1(): a library may have that interpreted, by way of this file. */
    int result = cmd ? xencall2(xcall, hypercall, *cmd, (uintptr_t)buffer)
                     : xencall2(xcall, hypercall, (uintptr_t)buffer, 0);
    memcpy(request, buffer, size);
    xencall_buffer_put(xcall, buffer);
    return result;
}

int xenhvabi_send_domctl(xencall_handle *xcall, struct hvabi_domctl *request)
{
    return carry(xcall, __HYPERVISOR_domctl, NULL, request, sizeof(*request));
}

int xenhvabi_send_sysctl(xencall_handle *xcall, struct hvabi_sysctl *request)
{
    return carry(xcall, __HYPERVISOR_sysctl, NULL, request, sizeof(*request));
}

int xenhvabi_send_physdev(xencall_handle *xcall, unsigned cmd, void *request, size_t size)
{
    return carry(xcall, __HYPERVISOR_physdev_op, &cmd, request, size);
}
