/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A xenstored that says what the test wants. It is a thread of the test's process at
 * the socket of XENSTORED_PATH, or at the other end of the xenbus device, and serves
 * one connection. It allocates nothing, so that a test may count and fail allocations.
 */
#ifndef XENLIBS_TESTS_FAKE_STORE_H
#define XENLIBS_TESTS_FAKE_STORE_H

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"
#include "xenstore.h"

struct fake_request {
    struct xsd_sockmsg header;
    char payload[XENSTORE_PAYLOAD_MAX + 1];
};

/* Called in the server's thread for each request; NULL: see fake_answer(). */
typedef void fake_handler(const struct fake_request *request);

/* Starts the server and connects to it. */
struct xs_handle *fake_store_open(unsigned long flags, fake_handler *handler);
/*
 * The same through /dev/xen/xenbus. It is as slow with a request as Linux's driver, and
 * fake_store_close() fails if another one came before it was answered.
 */
struct xs_handle *fake_store_open_device(fake_handler *handler);
/* The socket alone, to which nobody has connected yet. */
void fake_store_start(fake_handler *handler);
/* Closes @h, unless NULL, and ends the server. */
void fake_store_close(struct xs_handle *h);

/* How requests are answered from now on if there is no handler: at first with "OK". */
void fake_answer(const void *bytes, size_t len);
void fake_answer_string(const char *string); /* with its NUL */
void fake_answer_error(const char *name);
void fake_answer_type(uint32_t type); /* whatever was asked */

/* Requests of this type are answered, but do not count in what follows. */
void fake_leave_out(uint32_t type);

/* The last request was this one. */
void assert_request(uint32_t type, xs_transaction_t t, const void *bytes, size_t len);
#define assert_request_string(type, t, string) \
    assert_request(type, t, string, sizeof(string))
unsigned int fake_requests(void); /* how many there were */

/* What xenstored may send, from whatever thread. All bytes go in one piece. */
void fake_reply(const struct fake_request *request, const void *bytes, size_t len);
void fake_reply_string(const struct fake_request *request, const char *string);
void fake_reply_error(const struct fake_request *request, const char *name);
void fake_event(const char *path, const char *token);
void fake_message(uint32_t type, uint32_t id, uint32_t len, const void *bytes,
                  size_t there);
void fake_send(const void *bytes, size_t len);
/* Ends the connection. */
void fake_hang_up(void);

#endif
