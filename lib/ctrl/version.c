/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "xenctrl/host.h"

/* How much comes with a sub-operation; -1: not known here. */
static ssize_t size_of(int cmd, const void *argument)
{
    switch (cmd) {
    case XENVER_version:
    case XENVER_pagesize:
        return 0;
    case XENVER_extraversion:
        return sizeof(xen_extraversion_t);
    case XENVER_compile_info:
        return sizeof(xen_compile_info_t);
    case XENVER_capabilities:
        return sizeof(xen_capabilities_info_t);
    case XENVER_changeset:
        return sizeof(xen_changeset_info_t);
    case XENVER_platform_parameters:
        return sizeof(xen_platform_parameters_t);
    case XENVER_get_features:
        return sizeof(xen_feature_info_t);
    case XENVER_guest_handle:
        return sizeof(xen_domain_handle_t);
    case XENVER_commandline:
        return sizeof(xen_commandline_t);
    case XENVER_build_id:
        return (ssize_t)sizeof(xen_build_id_t) +
               (argument ? (ssize_t)((const xen_build_id_t *)argument)->len : 0);
    default:
        return -1;
    }
}

/* Without memory to go with it Xen only answers a number: that of the bytes there are. */
static int ask(xc_interface *xch, int cmd, void *argument, size_t size)
{
    void *buffer = NULL;

    if (argument && size) {
        buffer = xenctrl_buffer_copy(xch, argument, size);
        if (!buffer) {
            return -1;
        }
    }
    int result = xencall2(xch->xcall, __HYPERVISOR_xen_version, (unsigned)cmd,
                          ctrl_address(buffer));
    if (buffer && result >= 0) {
        memcpy(argument, buffer, size);
    }
    xenctrl_buffer_done(xch, buffer);
    return xenctrl_result(xch, result, "asking for Xen's version");
}

int xc_version(xc_interface *xch, int cmd, void *arg)
{
    ssize_t size = size_of(cmd, arg);

    if (size < 0) {
        return xenctrl_refused(xch, EINVAL, "%d is no kind of version", cmd);
    }
    return xenctrl_check_open(xch) ? -1 : ask(xch, cmd, arg, (size_t)size);
}

/* ---- as texts ---- */

static char *text(xc_interface *xch, int cmd)
{
    size_t size = (size_t)size_of(cmd, NULL);
    char *answer = calloc(1, size + 1);

    if (!answer) {
        xenctrl_failed(xch, "a text of %zu bytes", size);
        return NULL;
    }
    if (xc_version(xch, cmd, answer) < 0) {
        free(answer);
        return NULL;
    }
    return answer;
}

char *xc_xenver_extraversion(xc_interface *xch)
{
    return text(xch, XENVER_extraversion);
}

char *xc_xenver_capabilities(xc_interface *xch)
{
    return text(xch, XENVER_capabilities);
}

char *xc_xenver_changeset(xc_interface *xch)
{
    return text(xch, XENVER_changeset);
}

char *xc_xenver_commandline(xc_interface *xch)
{
    return text(xch, XENVER_commandline);
}

/* Linkers make them of 16 or 20 bytes; nobody of more than this. */
enum { BUILD_ID_MAX = 64 };

char *xc_xenver_buildid(xc_interface *xch)
{
    static const char digits[] = "0123456789abcdef";
    struct {
        uint32_t len;
        unsigned char buf[BUILD_ID_MAX];
    } answer = {.len = BUILD_ID_MAX};
    const unsigned char *bytes = answer.buf;
    int length = xc_version(xch, XENVER_build_id, &answer);

    if (length < 0 || length > BUILD_ID_MAX) {
        return NULL;
    }
    char *hex = malloc((size_t)length * 2 + 1);
    if (!hex) {
        xenctrl_failed(xch, "a build id of %d bytes", length);
        return NULL;
    }
    for (int i = 0; i < length; i++) {
        hex[i * 2] = digits[bytes[i] >> 4];
        hex[i * 2 + 1] = digits[bytes[i] & 15];
    }
    hex[length * 2] = '\0';
    return hex;
}
