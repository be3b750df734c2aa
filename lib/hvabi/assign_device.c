/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "assign_device.h"

#include <errno.h>
#include <string.h>

enum { KIND_PCI = 0, KIND_DT = 1 };

struct assign_device {
    uint32_t dev; /* KIND_* */
    uint32_t flags;
    union {
        uint32_t machine_sbdf;
        struct {
            uint32_t size;
            uint32_t pad;
            uint64_t path;
        } dt;
    } u;
};
_Static_assert(sizeof(struct assign_device) == 24, "as on every release");

int xenhvabi_pci_device(struct hvabi *abi, unsigned cmd, uint16_t domid, uint32_t machine_sbdf,
                        uint32_t flags)
{
    struct assign_device request;

    memset(&request, 0, sizeof(request)); /* it is sent whole */
    request.dev = KIND_PCI;
    request.flags = flags;
    request.u.machine_sbdf = machine_sbdf;
    return xenhvabi_order(abi, cmd, domid, &request, sizeof(request));
}

static int by_buffer(struct hvabi *abi, unsigned cmd, uint16_t domid, const char *buffer,
                     size_t size)
{
    struct assign_device request;

    memset(&request, 0, sizeof(request));
    request.dev = KIND_DT;
    request.u.dt.size = (uint32_t)size;
    request.u.dt.path = (uintptr_t)buffer;
    return xenhvabi_order(abi, cmd, domid, &request, sizeof(request));
}

int xenhvabi_dt_device(struct hvabi *abi, unsigned cmd, uint16_t domid, const char *path)
{
    size_t size = path ? strlen(path) : 0;

    if (!size || size > UINT32_MAX) {
        errno = EINVAL;
        return -1;
    }
    char *buffer = xencall_buffer_get(abi->xcall, size);

    if (!buffer) {
        return -1;
    }
    memcpy(buffer, path, size);
    int result = by_buffer(abi, cmd, domid, buffer, size), reason = errno;
    xencall_buffer_put(abi->xcall, buffer);
    errno = reason;
    return result;
}
