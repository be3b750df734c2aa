/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Requests that wait for their reply, and asking and waiting in one go. */
#ifndef XENLIBS_STORE_REQUEST_H
#define XENLIBS_STORE_REQUEST_H

#include "message.h"

struct xs_request {
    uint32_t id;
    uint32_t type;
    bool answered;
    bool on_heap;   /* submitted; else it is the caller's, who waits for it */
    bool collected; /* a thread waits for it */
    bool forgotten;
    int error;         /* 0, or the errno that the reply stands for */
    uint64_t put_in;   /* it has gone out when this much of the outbox was sent */
    /* The reply's bytes, followed by a NUL: short ones in `text`, long ones in `body`. */
    uint32_t len;
    char *body;
    char text[24];
    struct xs_request *next;
};

/*
 * Gives @request its id, enters it into the table and sends it. Wants the mutex.
 * Returns 0, or -1 with errno: E2BIG, ENOMEM, EBADF, or the connection broke; the
 * request is in no table then.
 */
int xs_request_send(struct xs_handle *h, struct xs_request *request, xs_transaction_t t,
                    const struct xs_payload *payload);

/* The same without sending; fills in the header. */
int xs_request_enter(struct xs_handle *h, struct xs_request *request, xs_transaction_t t,
                     size_t len, struct xsd_sockmsg *header);

/* All that follow want the mutex. NULL if there is none. */
struct xs_request *xs_request_of_id(struct xs_handle *h, uint32_t id);
/* The same if it was submitted. */
struct xs_request *xs_request_find(struct xs_handle *h, uint32_t id);
void xs_request_remove(struct xs_handle *h, struct xs_request *request);

/* Takes a request that was not sent out of the table; it has failed with @errnoval. */
void xs_request_withdraw(struct xs_handle *h, struct xs_request *request, int errnoval);

/* Gives a reply to its request; breaks the connection if there is none, or of another type. */
void xs_request_answer(struct xs_handle *h, const struct xsd_sockmsg *header,
                       const uint8_t *bytes);
/* It has failed, and who waits for it is woken. */
void xs_request_fail(struct xs_handle *h, struct xs_request *request, int errnoval);
/* All that have no reply yet have failed. */
void xs_request_fail_all(struct xs_handle *h, int errnoval);
/* Frees what is left when the handle is closed. */
void xs_request_free_all(struct xs_handle *h);

static inline const char *xs_request_text(const struct xs_request *request)
{
    return request->body ? request->body : request->text;
}

/* The reply in a block of its own, taken out of @request; or NULL with ENOMEM. */
char *xs_request_take_text(struct xs_request *request);

/*
 * Sends a request of request->type and waits for the reply. Returns true, and the
 * reply is in @request; or false with errno, and there is nothing to free. On success
 * the caller frees request->body, which may be NULL.
 */
bool xs_ask(struct xs_handle *h, struct xs_request *request, xs_transaction_t t,
            const struct xs_payload *payload);

/* The same for a request that is only done or not. */
bool xs_do(struct xs_handle *h, uint32_t type, xs_transaction_t t,
           const struct xs_payload *payload);

/* The same for a reply that is one text, as a block; or that is a number (EPROTO). */
char *xs_ask_text(struct xs_handle *h, uint32_t type, xs_transaction_t t,
                  const struct xs_payload *payload, unsigned int *len);
bool xs_ask_number(struct xs_handle *h, uint32_t type, const struct xs_payload *payload,
                   unsigned int *number);

/* Reads all of @text as a decimal number that fits; false leaves errno. */
bool xs_parse_number(const char *text, unsigned int *number);

#endif
