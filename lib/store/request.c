/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "request.h"

#include <stdlib.h>
#include <string.h>

#include "send_device.h"
#include "wait.h"

/* ---- the table ---- */

static struct xs_request **chain_of(struct xs_handle *h, uint32_t id)
{
    return &h->requests[id % XS_REQUEST_CHAINS];
}

struct xs_request *xs_request_of_id(struct xs_handle *h, uint32_t id)
{
    struct xs_request *request = *chain_of(h, id);

    while (request && request->id != id)
        request = request->next;
    return request;
}

struct xs_request *xs_request_find(struct xs_handle *h, uint32_t id)
{
    struct xs_request *request = xs_request_of_id(h, id);

    return request && request->on_heap && !request->forgotten ? request : NULL;
}

void xs_request_remove(struct xs_handle *h, struct xs_request *request)
{
    struct xs_request **link = chain_of(h, request->id);

    while (*link != request)
        link = &(*link)->next;
    *link = request->next;
}

void xs_request_withdraw(struct xs_handle *h, struct xs_request *request, int errnoval)
{
    xs_request_remove(h, request);
    request->id = 0;
    request->answered = true;
    request->error = errnoval;
}

static uint32_t new_id(struct xs_handle *h)
{
    do
        h->last_id++;
    while (h->last_id == 0 || xs_request_of_id(h, h->last_id));
    return h->last_id;
}

static void free_request(struct xs_request *request)
{
    free(request->body);
    if (request->on_heap)
        free(request);
}

void xs_request_free_all(struct xs_handle *h)
{
    for (unsigned int i = 0; i < XS_REQUEST_CHAINS; i++)
        while (h->requests[i]) {
            struct xs_request *request = h->requests[i];

            h->requests[i] = request->next;
            /* After fork(2): one on the stack of a thread that the parent has. */
            if (request->on_heap)
                free_request(request);
        }
}

/* ---- sending ---- */

int xs_request_enter(struct xs_handle *h, struct xs_request *request, xs_transaction_t t,
                     size_t len, struct xsd_sockmsg *header)
{
    struct xs_request **chain;

    if (len > XENSTORE_PAYLOAD_MAX || h->broken) {
        errno = h->broken ? EBADF : E2BIG;
        return -1;
    }
    /* xenstored says the same; but Linux's driver throws that answer away. */
    if (request->type == XS_TRANSACTION_END && t == XBT_NULL) {
        errno = ENOENT;
        return -1;
    }
    request->id = new_id(h);
    chain = chain_of(h, request->id);
    request->next = *chain;
    *chain = request;
    *header = (struct xsd_sockmsg){.type = request->type, .req_id = request->id,
                                   .tx_id = t, .len = (uint32_t)len};
    return 0;
}

int xs_request_send(struct xs_handle *h, struct xs_request *request, xs_transaction_t t,
                    const struct xs_payload *payload)
{
    struct xsd_sockmsg header;

    if (xs_request_enter(h, request, t, payload->len, &header))
        return -1;
    if (xs_send(h, request, &header, payload)) {
        xs_request_withdraw(h, request, errno);
        return -1;
    }
    request->put_in = h->outbox.put_in;
    return 0;
}

/* ---- replies ---- */

static int error_of(const uint8_t *bytes, size_t len)
{
    size_t length = strnlen((const char *)bytes, len);

    for (size_t i = 0; i < sizeof(xsd_errors) / sizeof(xsd_errors[0]); i++)
        if (strlen(xsd_errors[i].errstring) == length &&
            memcmp(xsd_errors[i].errstring, bytes, length) == 0)
            return xsd_errors[i].errnum;
    return EINVAL;
}

static void keep_reply(struct xs_request *request, const uint8_t *bytes, uint32_t len)
{
    char *text = request->text;

    if (len >= sizeof(request->text)) {
        request->body = malloc((size_t)len + 1);
        text = request->body;
    }
    if (!text) {
        request->error = ENOMEM;
        return;
    }
    memcpy(text, bytes, len);
    text[len] = '\0';
    request->len = len;
}

static void finish(struct xs_handle *h, struct xs_request *request)
{
    request->answered = true;
    if (request->forgotten) {
        xs_request_remove(h, request);
        free_request(request);
    } else {
        xs_wake_for_reply(h, request);
    }
}

/*
 * Some older kernels answer for xenstored when a watch is set or removed through their
 * device, and leave the id 0, which no request has.
 */
static struct xs_request *find_asker(struct xs_handle *h, const struct xsd_sockmsg *header)
{
    bool of_a_watch = header->type == XS_WATCH || header->type == XS_UNWATCH;

    if (header->req_id == 0 && of_a_watch && h->at_device)
        return h->at_device->type == header->type ? h->at_device : NULL;
    return xs_request_of_id(h, header->req_id);
}

void xs_request_answer(struct xs_handle *h, const struct xsd_sockmsg *header,
                       const uint8_t *bytes)
{
    struct xs_request *request = find_asker(h, header);
    bool was_at_device;

    if (!request || request->answered) {
        xs_break(h, EPROTO);
        return;
    }
    if (header->type == XS_ERROR)
        request->error = error_of(bytes, header->len);
    else if (header->type != request->type) {
        xs_break(h, EBADF);
        return;
    } else if (!request->forgotten)
        keep_reply(request, bytes, header->len);
    was_at_device = request == h->at_device;
    finish(h, request);
    if (was_at_device)
        xs_device_answered(h);
}

void xs_request_fail(struct xs_handle *h, struct xs_request *request, int errnoval)
{
    request->error = errnoval;
    finish(h, request);
}

void xs_request_fail_all(struct xs_handle *h, int errnoval)
{
    h->at_device = NULL;
    for (unsigned int i = 0; i < XS_REQUEST_CHAINS; i++)
        for (struct xs_request *request = h->requests[i], *next; request; request = next) {
            next = request->next;
            if (request->answered)
                continue;
            xs_request_fail(h, request, errnoval);
        }
}

char *xs_request_take_text(struct xs_request *request)
{
    char *text = request->body;

    request->body = NULL;
    if (text)
        return text;
    text = malloc((size_t)request->len + 1);
    if (text)
        memcpy(text, request->text, (size_t)request->len + 1);
    return text;
}
