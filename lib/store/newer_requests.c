/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "newer_requests.h"

#include <stdlib.h>

#include "pollable.h"
#include "wait.h"

/* Waits until everything that was sent before is answered, or never will be. */
static void wait_for_the_next(struct xs_handle *h, const struct xs_request *asked)
{
    struct xs_request next = {.type = XS_GET_DOMAIN_PATH};
    struct xs_payload payload = {.count = 0};

    xs_payload_add_string(&payload, "0");
    if (xs_request_send(h, &next, XBT_NULL, &payload)) {
        xs_wait(h, asked, NULL); /* want of memory: trust it to answer */
        return;
    }
    xs_wait(h, &next, NULL);
    xs_request_remove(h, &next);
    free(next.body);
}

/* On the heap, for it may be left behind. Returns an answered one, or NULL with errno. */
static struct xs_request *ask(struct xs_handle *h, uint32_t type,
                              const struct xs_payload *payload)
{
    struct xs_request *asked = calloc(1, sizeof(*asked));

    if (!asked)
        return NULL;
    asked->type = type;
    asked->on_heap = true;
    if (xs_request_send(h, asked, XBT_NULL, payload)) {
        free(asked);
        return NULL;
    }
    wait_for_the_next(h, asked);
    if (!asked->answered) {
        asked->forgotten = true;
        errno = ENOSYS;
        return NULL;
    }
    xs_request_remove(h, asked);
    return asked;
}

/* As xs_ask(), but the caller frees what is returned, and its body. */
static struct xs_request *ask_newer(struct xs_handle *h, uint32_t type,
                                    const struct xs_payload *payload)
{
    int cancellation = xs_enter(h);
    struct xs_request *asked;

    xs_pollable_wait_begins(h);
    asked = ask(h, type, payload);
    xs_pollable_wait_ends(h);
    xs_leave(h, cancellation);
    if (asked && asked->error) {
        errno = asked->error;
        free(asked);
        return NULL;
    }
    return asked;
}

static void drop(struct xs_request *asked)
{
    free(asked->body);
    free(asked);
}

char *xs_ask_newer_text(struct xs_handle *h, uint32_t type, const struct xs_payload *payload)
{
    struct xs_request *asked = ask_newer(h, type, payload);
    char *text;

    if (!asked)
        return NULL;
    text = xs_request_take_text(asked);
    drop(asked);
    return text;
}

bool xs_ask_newer_number(struct xs_handle *h, uint32_t type,
                         const struct xs_payload *payload, unsigned int *number)
{
    struct xs_request *asked = ask_newer(h, type, payload);
    bool is_number;

    if (!asked)
        return false;
    is_number = xs_parse_number(xs_request_text(asked), number);
    drop(asked);
    return is_number ? true : xs_fail(EPROTO);
}

bool xs_do_newer(struct xs_handle *h, uint32_t type, const struct xs_payload *payload)
{
    struct xs_request *asked = ask_newer(h, type, payload);

    if (!asked)
        return false;
    drop(asked);
    return true;
}
