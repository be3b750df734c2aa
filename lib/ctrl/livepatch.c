/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "livepatch.h"

#include <errno.h>

#include "operation.h"

int xenctrl_livepatch(xc_interface *xch, struct ctrl_livepatch *request)
{
    return xenctrl_sysctl(xch, CTRL_SYSCTL_LIVEPATCH_OP, request, sizeof(*request));
}

/* Xen wants the zero byte, and counts it. NULL with errno. */
static char *name_buffer(xc_interface *xch, const char *name, struct ctrl_livepatch_name *place)
{
    if (!name || !*name || strlen(name) >= XEN_LIVEPATCH_NAME_SIZE) {
        xenctrl_refused(xch, EINVAL, "%s is no name of a livepatch", name ? name : "NULL");
        return NULL;
    }
    size_t size = strlen(name) + 1;
    char *buffer = xenctrl_buffer_copy(xch, name, size);
    if (buffer) {
        *place = (struct ctrl_livepatch_name){.name = ctrl_address(buffer),
                                              .size = (uint16_t)size};
    }
    return buffer;
}

/* ---- upload ---- */

static int check_force(xc_interface *xch)
{
    if (xenctrl_check_open(xch)) {
        return -1;
    }
    int no_flags = xenhvabi_quirk(&xch->abi, HVABI_QUIRK_LIVEPATCH_HAS_NO_FLAGS);
    if (no_flags == 0) {
        return 0;
    }
    if (no_flags > 0) {
        xenhvabi_refuse(&xch->abi, xenhvabi_find_sysctl(CTRL_SYSCTL_LIVEPATCH_OP),
                        "this Xen cannot be forced to take a livepatch: that came in 4.19");
    }
    return xenctrl_failed(xch, "forcing a livepatch");
}

int xenctrl_livepatch_upload(xc_interface *xch, const char *name, const unsigned char *payload,
                             uint32_t size, bool force)
{
    enum { FORCE = 1 };
    struct ctrl_livepatch request;
    int result = -1;

    CTRL_ZERO(request);
    request.cmd = CTRL_LIVEPATCH_UPLOAD;
    request.flags = force ? FORCE : 0;
    if (!payload || !size) {
        return xenctrl_refused(xch, EINVAL, "a livepatch of no bytes");
    }
    if (force && check_force(xch)) {
        return -1;
    }
    char *name_copy = name_buffer(xch, name, &request.u.upload.name);
    void *copy = name_copy ? xenctrl_buffer_copy(xch, payload, size) : NULL;
    if (copy) {
        request.u.upload.payload = ctrl_address(copy);
        request.u.upload.size = size;
        result = xenctrl_livepatch(xch, &request);
    }
    xenctrl_buffer_done(xch, copy);
    xenctrl_buffer_done(xch, name_copy);
    return result;
}

/* ---- one of them ---- */

int xc_livepatch_get(xc_interface *xch, char *name, xen_livepatch_status_t *status)
{
    struct ctrl_livepatch request;

    CTRL_ZERO(request);
    request.cmd = CTRL_LIVEPATCH_GET;
    char *buffer = name_buffer(xch, name, &request.u.get.name);
    if (!buffer) {
        return -1;
    }
    int result = xenctrl_livepatch(xch, &request);
    xenctrl_buffer_done(xch, buffer);
    if (result >= 0) {
        *status = request.u.get.status;
    }
    return result;
}

static int action(xc_interface *xch, const char *name, uint32_t cmd, uint32_t timeout,
                  uint32_t flags)
{
    struct ctrl_livepatch request;

    CTRL_ZERO(request);
    request.cmd = CTRL_LIVEPATCH_ACTION;
    request.u.action.cmd = cmd;
    request.u.action.timeout = timeout;
    request.u.action.flags = flags;
    char *buffer = name_buffer(xch, name, &request.u.action.name);
    if (!buffer) {
        return -1;
    }
    int result = xenctrl_livepatch(xch, &request);
    xenctrl_buffer_done(xch, buffer);
    return result;
}

int xc_livepatch_unload(xc_interface *xch, char *name, uint32_t timeout, uint32_t flags)
{
    return action(xch, name, LIVEPATCH_ACTION_UNLOAD, timeout, flags);
}

int xc_livepatch_revert(xc_interface *xch, char *name, uint32_t timeout, uint32_t flags)
{
    return action(xch, name, LIVEPATCH_ACTION_REVERT, timeout, flags);
}

int xc_livepatch_apply(xc_interface *xch, char *name, uint32_t timeout, uint32_t flags)
{
    return action(xch, name, LIVEPATCH_ACTION_APPLY, timeout, flags);
}

int xc_livepatch_replace(xc_interface *xch, char *name, uint32_t timeout, uint32_t flags)
{
    return action(xch, name, LIVEPATCH_ACTION_REPLACE, timeout, flags);
}
