/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "call.h"
#include "console_ring.h"
#include "operation.h"
#include "xenctrl/host.h"

int xc_readconsolering(xc_interface *xch, char *buffer, unsigned int *pnr_chars, int clear,
                       int incremental, uint32_t *pindex)
{
    struct hvabi_console_read read = {.clear = clear != 0,
                                      .incremental = incremental != 0,
                                      .index = pindex ? *pindex : 0,
                                      .count = *pnr_chars};

    if (xenctrl_check_open(xch)) {
        return -1;
    }
    int result = xenhvabi_read_console(&xch->abi, &read, buffer);
    if (result >= 0) {
        *pnr_chars = read.count;
        if (pindex) {
            *pindex = read.index;
        }
    }
    return xenctrl_result(xch, result, "readconsole");
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
