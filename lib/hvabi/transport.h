/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A domctl or a sysctl as Xen reads it, and the hypercall that carries it. The
 * frames are the same on every release; what fills @u is not.
 */
#ifndef XENHVABI_TRANSPORT_H
#define XENHVABI_TRANSPORT_H

#include <stddef.h>
#include <stdint.h>

#include "xencall.h"

#define HVABI_PAYLOAD_SIZE 128

/* Aligned to 8 bytes for 32-bit callers too. */
struct hvabi_payload {
    _Alignas(8) uint8_t bytes[HVABI_PAYLOAD_SIZE];
};

struct hvabi_domctl {
    uint32_t cmd;
    uint32_t interface_version;
    uint16_t domain;
    uint16_t pad[3];
    struct hvabi_payload u;
};

struct hvabi_sysctl {
    uint32_t cmd;
    uint32_t interface_version;
    struct hvabi_payload u;
};

_Static_assert(sizeof(struct hvabi_domctl) == 144, "as on every release");
_Static_assert(sizeof(struct hvabi_sysctl) == 136, "as on every release");

/*
 * Make the hypercall, by way of a buffer of @xcall; @request then holds Xen's
 * answer, if there is one. Return what Xen returned, or -1 with errno.
 */
int xenhvabi_send_domctl(xencall_handle *xcall, struct hvabi_domctl *request);
int xenhvabi_send_sysctl(xencall_handle *xcall, struct hvabi_sysctl *request);

/* The same for physdev_op, which is stable: its sub-operation @cmd with @size bytes. */
int xenhvabi_send_physdev(xencall_handle *xcall, unsigned cmd, void *request, size_t size);

#endif
