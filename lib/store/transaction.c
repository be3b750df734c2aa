/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "request.h"

xs_transaction_t xs_transaction_start(struct xs_handle *h)
{
    struct xs_payload payload = {.count = 0};
    unsigned int id;

    xs_payload_add_string(&payload, ""); /* xenstored wants a payload */
    if (!xs_ask_number(h, XS_TRANSACTION_START, &payload, &id))
        return XBT_NULL;
    if (id == XBT_NULL)
        errno = EPROTO;
    return id;
}

bool xs_transaction_end(struct xs_handle *h, xs_transaction_t t, bool abort)
{
    struct xs_payload payload = {.count = 0};

    xs_payload_add_string(&payload, abort ? "F" : "T");
    return xs_do(h, XS_TRANSACTION_END, t, &payload);
}
