/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "message.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "send_device.h"

void xs_payload_add(struct xs_payload *payload, const void *bytes, size_t len)
{
    payload->pieces[payload->count++] = (struct iovec){(void *)(uintptr_t)bytes, len};
    payload->len += len;
}

void xs_payload_add_string(struct xs_payload *payload, const char *string)
{
    xs_payload_add(payload, string, strlen(string) + 1);
}

/* ---- the outbox ---- */

/* Makes room for @more bytes at the end. */
static int reserve(struct xs_outbox *outbox, size_t more)
{
    size_t used = outbox->end - outbox->start;
    size_t size = outbox->size ? outbox->size : XS_MESSAGE_MAX;
    uint8_t *bytes;

    if (outbox->start) {
        memmove(outbox->bytes, outbox->bytes + outbox->start, used);
        outbox->start = 0;
        outbox->end = used;
    }
    while (size - used < more)
        size *= 2;
    if (size == outbox->size)
        return 0;
    bytes = realloc(outbox->bytes, size);
    if (!bytes)
        return -1;
    outbox->bytes = bytes;
    outbox->size = size;
    return 0;
}

void xs_gather(uint8_t *bytes, const struct iovec *pieces, unsigned int count, size_t skip)
{
    for (unsigned int i = 0; i < count; i++) {
        size_t skipped = skip < pieces[i].iov_len ? skip : pieces[i].iov_len;
        size_t rest = pieces[i].iov_len - skipped;

        if (rest)
            memcpy(bytes, (uint8_t *)pieces[i].iov_base + skipped, rest);
        bytes += rest;
        skip -= skipped;
    }
}

int xs_outbox_add(struct xs_handle *h, const struct iovec *pieces, unsigned int count,
                  size_t len, size_t skip)
{
    struct xs_outbox *outbox = &h->outbox;

    if (reserve(outbox, len - skip)) {
        errno = ENOMEM;
        return -1;
    }
    xs_gather(outbox->bytes + outbox->end, pieces, count, skip);
    outbox->end += len - skip;
    outbox->put_in += len - skip;
    return 0;
}

/* ---- the socket ---- */

/* Returns how many bytes were sent, 0 if it would block; or -1 and has broken. */
static ssize_t send_now(struct xs_handle *h, struct iovec *pieces, unsigned int count)
{
    struct msghdr message = {.msg_iov = pieces, .msg_iovlen = count};
    ssize_t sent;

    do
        sent = sendmsg(h->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    if (sent >= 0 || errno == EAGAIN || errno == EWOULDBLOCK)
        return sent < 0 ? 0 : sent;
    xs_break(h, errno);
    errno = h->broken;
    return -1;
}

int xs_send_to_socket(struct xs_handle *h, struct iovec *pieces, unsigned int count,
                      size_t len)
{
    ssize_t sent = 0;

    if (xs_outbox_is_empty(h))
        sent = send_now(h, pieces, count);
    if (sent < 0 || (size_t)sent == len)
        return sent < 0 ? -1 : 0;
    if (xs_outbox_add(h, pieces, count, len, (size_t)sent)) {
        if (sent) /* half a message has gone out */
            xs_break(h, ENOMEM);
        errno = ENOMEM;
        return -1;
    }
    if (!sent)
        xs_flush(h);
    return 0;
}

void xs_flush(struct xs_handle *h)
{
    struct xs_outbox *outbox = &h->outbox;

    while (!h->broken && !xs_outbox_is_empty(h)) {
        struct iovec rest = {outbox->bytes + outbox->start, outbox->end - outbox->start};
        ssize_t sent = send_now(h, &rest, 1);

        if (sent <= 0)
            return;
        outbox->start += (size_t)sent;
        outbox->sent += (uint64_t)sent;
    }
}

/* ---- either ---- */

int xs_send(struct xs_handle *h, struct xs_request *request,
            const struct xsd_sockmsg *header, const struct xs_payload *payload)
{
    struct iovec pieces[XS_PIECES_MAX + 1];
    size_t len = sizeof(*header) + payload->len;

    pieces[0] = (struct iovec){(void *)(uintptr_t)header, sizeof(*header)};
    memcpy(pieces + 1, payload->pieces, payload->count * sizeof(pieces[0]));
    return h->is_socket ? xs_send_to_socket(h, pieces, payload->count + 1, len)
                        : xs_send_to_device(h, request, pieces, payload->count + 1, len);
}
