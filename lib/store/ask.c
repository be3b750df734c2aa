/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>

#include "pollable.h"
#include "request.h"
#include "wait.h"

/* Wants the mutex. */
static bool ask(struct xs_handle *h, struct xs_request *request, xs_transaction_t t,
                const struct xs_payload *payload)
{
    if (xs_request_send(h, request, t, payload))
        return false;
    xs_wait(h, request, NULL);
    xs_request_remove(h, request);
    return request->error ? xs_fail(request->error) : true;
}

bool xs_ask(struct xs_handle *h, struct xs_request *request, xs_transaction_t t,
            const struct xs_payload *payload)
{
    bool muted, done;

    xs_lock(h);
    muted = xs_pollable_mute(h);
    done = ask(h, request, t, payload);
    xs_pollable_unmute(h, muted);
    xs_unlock(h);
    return done;
}

bool xs_do(struct xs_handle *h, uint32_t type, xs_transaction_t t,
           const struct xs_payload *payload)
{
    struct xs_request request = {.type = type};

    if (!xs_ask(h, &request, t, payload))
        return false;
    free(request.body);
    return true;
}

char *xs_ask_text(struct xs_handle *h, uint32_t type, xs_transaction_t t,
                  const struct xs_payload *payload, unsigned int *len)
{
    struct xs_request request = {.type = type};
    char *text;

    if (!xs_ask(h, &request, t, payload))
        return NULL;
    text = xs_request_take_text(&request);
    if (text && len)
        *len = request.len;
    return text;
}

bool xs_parse_number(const char *text, unsigned int *number)
{
    unsigned long value;
    char *end;
    int saved = errno;

    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    value = strtoul(text, &end, 10);
    if (errno || *end || value > UINT_MAX) {
        errno = saved;
        return false;
    }
    errno = saved;
    *number = (unsigned int)value;
    return true;
}

bool xs_ask_number(struct xs_handle *h, uint32_t type, const struct xs_payload *payload,
                   unsigned int *number)
{
    struct xs_request request = {.type = type};
    bool is_number;

    if (!xs_ask(h, &request, XBT_NULL, payload))
        return false;
    is_number = xs_parse_number(xs_request_text(&request), number);
    free(request.body);
    return is_number ? true : xs_fail(EPROTO);
}
