/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "vm_event.h"

#include "call.h"
#include "operation.h"

struct vm_event_op {
    uint32_t op;
    uint32_t mode;
    uint32_t port;
};

int xc_vm_event_control(xc_interface *xch, uint32_t domain_id, unsigned int op,
                        unsigned int mode, uint32_t *port)
{
    struct vm_event_op request = {.op = op, .mode = mode};
    int result = xenctrl_domctl(xch, CTRL_DOMCTL_VM_EVENT_OP, domain_id, CTRL_PAYLOAD(request));

    if (result == 0 && port) {
        *port = request.port;
    }
    return result;
}
