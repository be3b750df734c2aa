/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <xen/version.h>
#include <xen/xen.h>

static int end_handle(xenkexec_handle *hdl)
{
    int saved = errno;

    xencall_close(hdl->call);
    xenlibs_log_destroy(&hdl->log);
    free(hdl);
    errno = saved;
    return 0;
}

/* The handle's pool has a buffer from now on: one that is restricted can be told by it. */
static int keep_a_buffer(xencall_handle *call)
{
    void *buffer = xencall_buffer_get(call, 1);

    return buffer ? xencall_buffer_put(call, buffer) : -1;
}

xenkexec_handle *xenkexec_open(struct xentoollog_logger *logger, unsigned int open_flags)
{
    int saved = errno;
    xenkexec_handle *hdl;

    if (open_flags) {
        errno = EINVAL;
        return NULL;
    }
    hdl = calloc(1, sizeof(*hdl));
    if (!hdl)
        return NULL;
    xenlibs_log_init(&hdl->log, logger, "xenkexec");
    hdl->call = xencall_open(logger, 0);
    if (!hdl->call || keep_a_buffer(hdl->call)) {
        end_handle(hdl);
        return NULL;
    }
    xenhvabi_init(&hdl->abi, hdl->call, &hdl->log);
    errno = saved;
    return hdl;
}

int xenkexec_close(xenkexec_handle *hdl)
{
    return hdl ? end_handle(hdl) : 0;
}

long xenkexec_ask(xenkexec_handle *hdl, unsigned op, unsigned cmd, void *request, size_t size)
{
    void *buffer = xencall_buffer_get(hdl->call, size);
    long result;

    if (!buffer)
        return -1;
    memcpy(buffer, request, size);
    result = xencall2L(hdl->call, op, cmd, (uintptr_t)buffer);
    memcpy(request, buffer, size);
    xencall_buffer_put(hdl->call, buffer);
    return result;
}

/* Asking for Xen's version is allowed to everyone who may make a hypercall at all. */
static bool is_restricted(xencall_handle *call)
{
    return xencall2(call, __HYPERVISOR_xen_version, XENVER_version, 0) < 0 && errno == ENOTTY;
}

int xenkexec_failed(xenkexec_handle *hdl)
{
    int saved = errno;

    errno = is_restricted(hdl->call) ? EPERM : saved;
    return -1;
}
