/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "call.h"
#include "operation.h"
#include "xenctrl/host.h"

int xc_readconsolering(xc_interface *xch, char *buffer, unsigned int *pnr_chars, int clear,
                       int incremental, uint32_t *pindex)
{
    struct {
        uint8_t clear;
        uint8_t incremental;
        uint8_t pad[2];
        uint32_t index;
        ctrl_u64 buffer;
        uint32_t count;
        uint32_t pad2;
    } request = {.clear = clear != 0, .incremental = incremental != 0, .count = *pnr_chars};
    char *text = xenctrl_buffer(xch, *pnr_chars);

    if (!text) {
        return -1;
    }
    request.buffer = ctrl_address(text);
    request.index = pindex ? *pindex : 0;
    int result = xenctrl_sysctl(xch, CTRL_SYSCTL_READCONSOLE, CTRL_PAYLOAD(request));
    if (result >= 0) {
        unsigned count = request.count < *pnr_chars ? request.count : *pnr_chars;

        memcpy(buffer, text, count);
        *pnr_chars = count;
        if (pindex) {
            *pindex = request.index;
        }
    }
    xenctrl_buffer_done(xch, text);
    return result;
}

int xc_send_debug_keys(xc_interface *xch, const char *keys)
{
    struct {
        ctrl_u64 keys;
        uint32_t nr_keys;
        uint32_t pad;
    } request = {.nr_keys = (uint32_t)strlen(keys)};
    char *buffer = xenctrl_buffer_copy(xch, keys, request.nr_keys);

    if (!buffer) {
        return -1;
    }
    request.keys = ctrl_address(buffer);
    int result = xenctrl_sysctl(xch, CTRL_SYSCTL_DEBUG_KEYS, CTRL_PAYLOAD(request));
    xenctrl_buffer_done(xch, buffer);
    return result;
}
