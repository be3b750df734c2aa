/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Requests through the kernel's device, one at a time. Linux's driver answers write(2)
 * before it has sent the request, and sends it out of the buffer that the next write(2)
 * goes to: with two on their way, one gets the other's path. So a request is written
 * when the one before it is answered, and until then it is held back in the outbox.
 *
 * Whoever takes in a reply writes the next request, so that none waits longer than it
 * must while a thread waits for anything.
 */
#include "send_device.h"

#include <string.h>
#include <unistd.h>

#include "request.h"

/*
 * The kernel wants each message in a write of its own, and gives it up as a whole if
 * it cannot take it: the connection stays intact.
 */
static int write_message(struct xs_handle *h, const uint8_t *message, size_t len)
{
    ssize_t written;

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

int xs_send_to_device(struct xs_handle *h, struct xs_request *request,
                      const struct iovec *pieces, unsigned int count, size_t len)
{
    uint8_t message[XS_MESSAGE_MAX];

    if (h->at_device)
        return xs_outbox_add(h, pieces, count, len, 0);
    xs_gather(message, pieces, count, 0);
    if (write_message(h, message, len))
        return -1;
    h->at_device = request;
    return 0;
}

/* Takes the request that has waited longest out of the outbox. */
static struct xs_request *write_next(struct xs_handle *h, int *errnoval)
{
    const uint8_t *message = h->outbox.bytes + h->outbox.start;
    struct xsd_sockmsg header;
    size_t len;

    memcpy(&header, message, sizeof(header));
    len = sizeof(header) + header.len;
    *errnoval = write_message(h, message, len) ? errno : 0;
    h->outbox.start += len;
    return xs_request_of_id(h, header.req_id);
}

void xs_device_answered(struct xs_handle *h)
{
    h->at_device = NULL;
    while (!h->broken && !h->at_device && !xs_outbox_is_empty(h)) {
        int errnoval;
        struct xs_request *request = write_next(h, &errnoval);

        if (!errnoval)
            h->at_device = request;
        else if (!h->broken)
            xs_request_fail(h, request, errnoval);
    }
}
