/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "message.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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

/* All of the pieces but the first @skip bytes; there is room. */
static void append(struct xs_outbox *outbox, const struct iovec *pieces, unsigned int count,
                   size_t skip)
{
    for (unsigned int i = 0; i < count; i++) {
        size_t skipped = skip < pieces[i].iov_len ? skip : pieces[i].iov_len;
        size_t rest = pieces[i].iov_len - skipped;

        if (rest)
            memcpy(outbox->bytes + outbox->end, (uint8_t *)pieces[i].iov_base + skipped, rest);
        outbox->end += rest;
        outbox->put_in += rest;
        skip -= skipped;
    }
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
    if (reserve(&h->outbox, len - (size_t)sent)) {
        if (sent) /* half a message has gone out */
            xs_break(h, ENOMEM);
        errno = ENOMEM;
        return -1;
    }
    append(&h->outbox, pieces, count, (size_t)sent);
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

/* ---- the device ---- */

/*
 * The kernel wants each message in a write of its own, and gives it up as a whole if
 * it cannot take it: the connection stays intact.
 */
static int write_to_device(struct xs_handle *h, struct iovec *pieces, unsigned int count,
                           size_t len)
{
    uint8_t message[XS_MESSAGE_MAX];
    struct xs_outbox copy = {.bytes = message};
    ssize_t written;

    append(&copy, pieces, count, 0);
    do
        written = write(h->fd, message, len);
    while (written < 0 && errno == EINTR);
    if (written == (ssize_t)len)
        return 0;
    if (written >= 0) {
        xs_break(h, EBADF);
        errno = EBADF;
    } else if (errno == EINVAL && len > XENSTORE_PAYLOAD_MAX) {
        errno = E2BIG; /* the kernel counts the header in */
    }
    return -1;
}

int xs_send(struct xs_handle *h, const struct xsd_sockmsg *header,
            const struct xs_payload *payload)
{
    struct iovec pieces[XS_PIECES_MAX + 1];
    size_t len = sizeof(*header) + payload->len;

    pieces[0] = (struct iovec){(void *)(uintptr_t)header, sizeof(*header)};
    memcpy(pieces + 1, payload->pieces, payload->count * sizeof(pieces[0]));
    return h->is_socket ? xs_send_to_socket(h, pieces, payload->count + 1, len)
                        : write_to_device(h, pieces, payload->count + 1, len);
}
