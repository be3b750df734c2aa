/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "request.h"

char *xs_control_command(struct xs_handle *h, const char *cmd, void *data, unsigned int len)
{
    struct xs_payload payload = {.count = 0};

    xs_payload_add_string(&payload, cmd);
    if (len)
        xs_payload_add(&payload, data, len);
    return xs_ask_text(h, XS_CONTROL, XBT_NULL, &payload, NULL);
}

char *xs_debug_command(struct xs_handle *h, const char *cmd, void *data, unsigned int len)
{
    return xs_control_command(h, cmd, data, len);
}
