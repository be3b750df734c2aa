/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "console_ring.h"

#include <string.h>

/* xen_sysctl_readconsole */
struct request {
    uint8_t clear;
    uint8_t incremental;
    uint8_t pad[2];
    uint32_t index;
    _Alignas(8) uint64_t buffer;
    uint32_t count;
    uint32_t pad2;
};
_Static_assert(sizeof(struct request) == 24, "as on every release");

int xenhvabi_read_console(struct hvabi *abi, struct hvabi_console_read *read, char *text)
{
    struct request request = {.clear = read->clear,
                              .incremental = read->incremental,
                              .index = read->index,
                              .count = read->count};
    struct hvabi_payload payload = {{0}};
    char *buffer = xencall_buffer_get(abi->xcall, read->count ? read->count : 1);

    if (!buffer) {
        return -1;
    }
    request.buffer = (uintptr_t)buffer;
    memcpy(&payload, &request, sizeof(request));
    int result = xenhvabi_sysctl(abi, HVABI_SYSCTL_READCONSOLE, &payload);
    if (result >= 0) {
        memcpy(&request, &payload, sizeof(request));
        read->index = request.index;
        read->count = request.count < read->count ? request.count : read->count;
        if (text) {
            memcpy(text, buffer, read->count);
        }
    }
    xencall_buffer_put(abi->xcall, buffer);
    return result < 0 ? -1 : 0;
}
