/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "event.h"
#include "pollable.h"
#include "request.h"

static void hand_out(struct xs_handle *h, const struct xsd_sockmsg *header,
                     const uint8_t *bytes)
{
    if (header->type == XS_WATCH_EVENT)
        xs_event_arrived(h, bytes, header->len);
    else
        xs_request_answer(h, header, bytes);
}

/* Returns the length of the message at @start if all of it is there, else 0. */
static size_t whole_message(struct xs_handle *h, size_t start, struct xsd_sockmsg *header)
{
    size_t there = h->inbox_fill - start;

    if (there < sizeof(*header))
        return 0;
    memcpy(header, h->inbox + start, sizeof(*header));
    if (header->len > XENSTORE_PAYLOAD_MAX) {
        xs_break(h, E2BIG);
        return 0;
    }
    return there < sizeof(*header) + header->len ? 0 : sizeof(*header) + header->len;
}

void xs_inbox_arrived(struct xs_handle *h, size_t more)
{
    struct xsd_sockmsg header;
    size_t start = 0, length;

    h->inbox_fill += more;
    while (!h->broken && (length = whole_message(h, start, &header)) != 0) {
        hand_out(h, &header, h->inbox + start + sizeof(header));
        start += length;
    }
    if (start)
        memmove(h->inbox, h->inbox + start, h->inbox_fill - start);
    h->inbox_fill -= start;
    xs_pollable_update(h);
}
