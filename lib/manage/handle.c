/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"

#include <errno.h>
#include <stdlib.h>

static int end_handle(xenmanage_handle *hdl)
{
    int saved = errno;

    xencall_close(hdl->call);
    xenmanage_comparison_end(&hdl->polled);
    pthread_mutex_destroy(&hdl->mutex);
    xenlibs_log_destroy(&hdl->log);
    free(hdl);
    errno = saved;
    return 0;
}

/* A buffer now, so that the first question costs no more than the others. */
static xencall_handle *open_call(struct xentoollog_logger *logger)
{
    xencall_handle *call = xencall_open(logger, 0);
    void *buffer;

    if (!call)
        return NULL;
    buffer = xencall_buffer_get(call, 1);
    if (!buffer) {
        xencall_close(call);
        return NULL;
    }
    xencall_buffer_put(call, buffer);
    return call;
}

xenmanage_handle *xenmanage_open(struct xentoollog_logger *logger, unsigned int open_flags)
{
    int saved = errno;
    xenmanage_handle *hdl;

    if (open_flags) {
        errno = EINVAL;
        return NULL;
    }
    hdl = calloc(1, sizeof(*hdl));
    if (!hdl)
        return NULL;
    pthread_mutex_init(&hdl->mutex, NULL);
    xenlibs_log_init(&hdl->log, logger, "xenmanage");
    hdl->call = open_call(logger);
    if (!hdl->call) {
        end_handle(hdl);
        return NULL;
    }
    xenhvabi_init(&hdl->abi, hdl->call, &hdl->log);
    errno = saved;
    return hdl;
}

int xenmanage_close(xenmanage_handle *hdl)
{
    return hdl ? end_handle(hdl) : 0;
}
