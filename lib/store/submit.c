/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>

#include "permission.h"
#include "request.h"

static xs_request_t submit(struct xs_handle *h, uint32_t type, xs_transaction_t t,
                           const struct xs_payload *payload)
{
    struct xs_request *request = calloc(1, sizeof(*request));
    xs_request_t id = 0;

    if (!request)
        return 0;
    request->type = type;
    request->on_heap = true;
    xs_lock(h);
    if (xs_request_send(h, request, t, payload) == 0)
        id = request->id;
    xs_unlock(h);
    if (!id)
        free(request);
    return id;
}

xs_request_t xs_submit(struct xs_handle *h, unsigned int type, xs_transaction_t t,
                       const void *bytes, unsigned int len)
{
    struct xs_payload payload = {.count = 0};

    if (type == XS_WATCH_EVENT || type == XS_ERROR || type >= XS_INVALID) {
        errno = EINVAL;
        return 0;
    }
    if (len)
        xs_payload_add(&payload, bytes, len);
    return submit(h, type, t, &payload);
}

static xs_request_t submit_path(struct xs_handle *h, uint32_t type, xs_transaction_t t,
                                const char *path)
{
    struct xs_payload payload = {.count = 0};

    xs_payload_add_string(&payload, path);
    return submit(h, type, t, &payload);
}

xs_request_t xs_submit_directory(struct xs_handle *h, xs_transaction_t t, const char *path)
{
    return submit_path(h, XS_DIRECTORY, t, path);
}

xs_request_t xs_submit_read(struct xs_handle *h, xs_transaction_t t, const char *path)
{
    return submit_path(h, XS_READ, t, path);
}

xs_request_t xs_submit_write(struct xs_handle *h, xs_transaction_t t, const char *path,
                             const void *data, unsigned int len)
{
    struct xs_payload payload = {.count = 0};

    xs_payload_add_string(&payload, path);
    xs_payload_add(&payload, data, len);
    return submit(h, XS_WRITE, t, &payload);
}

xs_request_t xs_submit_mkdir(struct xs_handle *h, xs_transaction_t t, const char *path)
{
    return submit_path(h, XS_MKDIR, t, path);
}

xs_request_t xs_submit_rm(struct xs_handle *h, xs_transaction_t t, const char *path)
{
    return submit_path(h, XS_RM, t, path);
}

xs_request_t xs_submit_get_permissions(struct xs_handle *h, xs_transaction_t t,
                                       const char *path)
{
    return submit_path(h, XS_GET_PERMS, t, path);
}

xs_request_t xs_submit_set_permissions(struct xs_handle *h, xs_transaction_t t,
                                       const char *path, const struct xs_permissions *perms,
                                       unsigned int num_perms)
{
    struct xs_payload payload = {.count = 0};
    xs_request_t id;
    char *block;

    xs_payload_add_string(&payload, path);
    if (!xs_permissions_add(&payload, perms, num_perms, &block))
        return 0;
    id = submit(h, XS_SET_PERMS, t, &payload);
    free(block);
    return id;
}

xs_request_t xs_submit_watch(struct xs_handle *h, const char *path, const char *token)
{
    struct xs_payload payload = {.count = 0};

    xs_payload_add_string(&payload, path);
    xs_payload_add_string(&payload, token);
    return submit(h, XS_WATCH, XBT_NULL, &payload);
}

xs_request_t xs_submit_transaction_start(struct xs_handle *h)
{
    return submit_path(h, XS_TRANSACTION_START, XBT_NULL, "");
}

xs_request_t xs_submit_transaction_end(struct xs_handle *h, xs_transaction_t t, bool abort)
{
    return submit_path(h, XS_TRANSACTION_END, t, abort ? "F" : "T");
}
