/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define __XEN_TOOLS__ 1 /* domctl */
#include "dirty_log.h"

#include <string.h>

#include <xenctrl.h>

/* Turns the log on or off. */
static int turn(domid_t domid, unsigned int operation)
{
    xc_interface *xch = xc_interface_open(NULL, NULL, 0);
    long long rc = -1;

    if (xch)
        rc = xc_logdirty_control(xch, domid, operation, NULL, 0, 0, NULL);
    xc_interface_close(xch);
    return rc < 0 ? -1 : 0;
}

int dirty_log_start(domid_t domid)
{
    return turn(domid, XEN_DOMCTL_SHADOW_OP_ENABLE_LOGDIRTY);
}

int dirty_log_stop(domid_t domid)
{
    return turn(domid, XEN_DOMCTL_SHADOW_OP_OFF);
}

int dirty_log_fetch(domid_t domid, void *bitmap)
{
    DECLARE_HYPERCALL_BUFFER(uint8_t, pages);
    xc_interface *xch = xc_interface_open(NULL, NULL, 0);
    long long rc = -1;

    if (xch && (pages = xc_hypercall_buffer_alloc(xch, pages, DIRTY_LOG_BYTES))) {
        rc = xc_logdirty_control(xch, domid, XEN_DOMCTL_SHADOW_OP_CLEAN, HYPERCALL_BUFFER(pages),
                                 DIRTY_LOG_PAGES, 0, NULL);
        if (rc >= 0)
            memcpy(bitmap, pages, DIRTY_LOG_BYTES);
        xc_hypercall_buffer_free(xch, pages);
    }
    xc_interface_close(xch);
    return rc < 0 ? -1 : 0;
}
