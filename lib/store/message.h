/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sending messages to xenstored, and what to do with those that arrive. */
#ifndef XENLIBS_STORE_MESSAGE_H
#define XENLIBS_STORE_MESSAGE_H

#include <sys/uio.h>

#include "handle.h"

/* A request's payload consists of a few pieces; the header goes before them. */
enum { XS_PIECES_MAX = 4 };

struct xs_payload {
    struct iovec pieces[XS_PIECES_MAX];
    unsigned int count;
    size_t len;
};

/* Adds @len bytes, or a string with its NUL. They are not copied. */
void xs_payload_add(struct xs_payload *payload, const void *bytes, size_t len);
void xs_payload_add_string(struct xs_payload *payload, const char *string);

/*
 * Sends @count whole messages, which lie in @pieces one after the other, together.
 * Never waits for xenstored: what it does not take goes to the outbox. Wants the
 * mutex. Returns 0, or -1 with errno: ENOMEM, and nothing was sent; else the
 * connection is broken.
 */
int xs_send_to_socket(struct xs_handle *h, struct iovec *pieces, unsigned int count,
                      size_t len);

/*
 * Sends the message of @request: the header, followed by the payload. Wants the mutex.
 * Returns 0, or -1 with errno; if the connection is not broken, nothing was sent.
 */
int xs_send(struct xs_handle *h, struct xs_request *request,
            const struct xsd_sockmsg *header, const struct xs_payload *payload);

/* Copies all of @pieces but the first @skip bytes. */
void xs_gather(uint8_t *bytes, const struct iovec *pieces, unsigned int count, size_t skip);

/*
 * Puts into the outbox what of @len bytes comes after the first @skip. Wants the mutex.
 * Returns 0, or -1 with ENOMEM.
 */
int xs_outbox_add(struct xs_handle *h, const struct iovec *pieces, unsigned int count,
                  size_t len, size_t skip);

/* Sends from the outbox what xenstored takes through the socket. Wants the mutex. */
void xs_flush(struct xs_handle *h);

static inline bool xs_outbox_is_empty(const struct xs_handle *h)
{
    return h->outbox.start == h->outbox.end;
}

/* What is in the outbox goes out when there is room in the socket. */
static inline bool xs_wants_room(const struct xs_handle *h)
{
    return h->is_socket && !xs_outbox_is_empty(h);
}

/*
 * Hands out the messages that are in the inbox as a whole, after @more bytes have
 * arrived at its end. Wants the mutex. One that makes no sense breaks the connection.
 */
void xs_inbox_arrived(struct xs_handle *h, size_t more);

#endif
