/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>

#include "request.h"

void *xs_read(struct xs_handle *h, xs_transaction_t t, const char *path, unsigned int *len)
{
    struct xs_payload payload = {.count = 0};

    xs_payload_add_string(&payload, path);
    return xs_ask_text(h, XS_READ, t, &payload, len);
}

bool xs_write(struct xs_handle *h, xs_transaction_t t, const char *path, const void *data,
              unsigned int len)
{
    struct xs_payload payload = {.count = 0};

    xs_payload_add_string(&payload, path);
    xs_payload_add(&payload, data, len);
    return xs_do(h, XS_WRITE, t, &payload);
}

bool xs_mkdir(struct xs_handle *h, xs_transaction_t t, const char *path)
{
    struct xs_payload payload = {.count = 0};

    xs_payload_add_string(&payload, path);
    return xs_do(h, XS_MKDIR, t, &payload);
}

bool xs_rm(struct xs_handle *h, xs_transaction_t t, const char *path)
{
    struct xs_payload payload = {.count = 0};

    xs_payload_add_string(&payload, path);
    return xs_do(h, XS_RM, t, &payload);
}
