/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "transport.h"

#include <string.h>
#include <xen/xen.h>

static int carry(xencall_handle *xcall, unsigned hypercall, void *request, size_t size)
{
    void *buffer = xencall_buffer_get(xcall, size);

    if (!buffer) {
        return -1;
    }
    memcpy(buffer, request, size);
    /* Not xencall1(): a library may have that interpreted, by way of this file. */
    int result = xencall2(xcall, hypercall, (uintptr_t)buffer, 0);
    memcpy(request, buffer, size);
    xencall_buffer_put(xcall, buffer);
    return result;
}

int xenhvabi_send_domctl(xencall_handle *xcall, struct hvabi_domctl *request)
{
    return carry(xcall, __HYPERVISOR_domctl, request, sizeof(*request));
}

int xenhvabi_send_sysctl(xencall_handle *xcall, struct hvabi_sysctl *request)
{
    return carry(xcall, __HYPERVISOR_sysctl, request, sizeof(*request));
}
