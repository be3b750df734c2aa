/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxenstore: many requests at once, over one connection. A part of xenstore.h,
 * which says what holds for every function. All of it is xenlibs' own: node
 * XENLIBS_1.0.
 */
#ifndef XENSTORE_REQUESTS_H
#define XENSTORE_REQUESTS_H

#include <xenstore.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- reading many nodes ---- */

/* One node of xs_read_many(). */
struct xs_read_key {
    const char *path; /* which node */
    char *value;      /* out: as of xs_read(), to be freed; or NULL */
    unsigned int len; /* out: the length of the value */
    int error;        /* out: 0, or the errno that xs_read() would have given */
};

/* How many requests xs_read_many() has on their way at once. */
#define XS_READ_MANY_SOCKET 256 /* over xenstored's socket */
#define XS_READ_MANY_DEVICE 1   /* through the kernel: see below */

/**
 * xs_read_many() - read the values of many nodes together
 * @h: the handle
 * @t: a transaction or XBT_NULL
 * @keys: the nodes, and where their values are put
 * @count: how many; no limit
 *
 * All requests are sent at once, up to XS_READ_MANY_SOCKET or XS_READ_MANY_DEVICE
 * and further ones as replies arrive, so that over the socket it takes about as long as
 * reading one node. Without a transaction the values need not belong to one moment.
 *
 * A node that cannot be read (ENOENT, EACCES, E2BIG, ...) does not stop the others.
 *
 * Return: how many values were read, each in a block of its own; the other keys
 * say why not. -1 with errno when the connection broke, or with ENOMEM before
 * anything was sent; there is no value to free then.
 *
 * Blocking: until all replies are there. Beneath: over the socket one sendmsg(2)
 * for each 64 requests, and one recv(2) for all replies that are there; through the
 * device one write(2) and one read(2) for each.
 */
int xs_read_many(struct xs_handle *h, xs_transaction_t t, struct xs_read_key *keys,
                 unsigned int count);

/* ---- requests without waiting ---- */

/*
 * xs_submit_*() sends a request and returns its number.
 * xs_collect_*() waits for the reply and takes it; xs_forget() gives it up. Any
 * number may be on their way, and they may be collected in any order and by any
 * thread. xenstored carries out the requests of a connection in the order in which
 * they were submitted.
 *
 * Submitting never waits: what xenstored does not take at once is kept, and sent by
 * the calls on the handle that follow. Requests count as sent for sure only once
 * they, or later ones, were collected.
 *
 * Through the kernel's device, that is in guests, one request at a time is on its way:
 * Linux's driver sends it after write(2) has returned, out of the buffer that the next
 * one is written to, and would mix them up. Each further one is kept, and written by
 * the call, in whatever thread, that reads the reply to the one before it.
 *
 * A number is not used again before its request was collected or forgotten, and
 * it is never 0.
 */
typedef uint32_t xs_request_t;

/**
 * xs_submit() - send any request
 * @h: the handle
 * @type: one of enum xsd_sockmsg_type
 * @t: a transaction or XBT_NULL
 * @payload: what the request consists of, as xenstore's protocol has it; copied
 * @len: its length in bytes
 *
 * Watches set in this way are forgotten with xs_unwatch() as any other.
 *
 * Return: the request's number, or 0 with errno:
 *   EINVAL      @type is not that of a request
 *   E2BIG, ENOMEM, EBADF
 *               as for every function, but nothing was sent
 *
 * Blocking: no. Beneath: one sendmsg(2); or one write(2) to the device, now or when the
 * request has its turn. If the kernel refuses it then, collecting it gives that errno.
 */
xs_request_t xs_submit(struct xs_handle *h, unsigned int type, xs_transaction_t t,
                       const void *payload, unsigned int len);

/* The same for the requests that have a function, with its arguments. */
xs_request_t xs_submit_directory(struct xs_handle *h, xs_transaction_t t,
                                 const char *path);
xs_request_t xs_submit_read(struct xs_handle *h, xs_transaction_t t, const char *path);
xs_request_t xs_submit_write(struct xs_handle *h, xs_transaction_t t, const char *path,
                             const void *data, unsigned int len);
xs_request_t xs_submit_mkdir(struct xs_handle *h, xs_transaction_t t, const char *path);
xs_request_t xs_submit_rm(struct xs_handle *h, xs_transaction_t t, const char *path);
xs_request_t xs_submit_get_permissions(struct xs_handle *h, xs_transaction_t t,
                                       const char *path);
xs_request_t xs_submit_set_permissions(struct xs_handle *h, xs_transaction_t t,
                                       const char *path,
                                       const struct xs_permissions *perms,
                                       unsigned int num_perms);
xs_request_t xs_submit_watch(struct xs_handle *h, const char *path, const char *token);
xs_request_t xs_submit_transaction_start(struct xs_handle *h);
xs_request_t xs_submit_transaction_end(struct xs_handle *h, xs_transaction_t t,
                                       bool abort);

/**
 * xs_collect() - wait for a reply and take it
 * @h: the handle
 * @request: what xs_submit() or one of its like returned
 * @timeout_ms: milliseconds; 0 only looks, a negative number waits without limit
 * @len: where the length of the reply is put, or NULL
 *
 * Takes the reply of any request as the bytes it consists of, followed by a NUL.
 *
 * Return: the reply; or NULL with errno:
 *   ETIMEDOUT   it is not there yet; the request remains
 *   EBADR       there is no such request: it was collected or forgotten
 *   EBUSY       another thread is collecting it; the request remains for that one
 *   and what the request's function gives; the request is gone then.
 *
 * Blocking: up to @timeout_ms.
 */
void *xs_collect(struct xs_handle *h, xs_request_t request, int timeout_ms,
                 unsigned int *len);

/*
 * The same for replies that have a form. A request whose reply has another form
 * gives EINVAL and remains.
 *
 * done: of write, mkdir, rm, set_permissions, watch, transaction_end and any other
 *   that is answered with "OK".
 * directory: E2BIG if the list does not fit into one reply: see xs_directory().
 * transaction: XBT_NULL (0) is a failure.
 */
bool xs_collect_done(struct xs_handle *h, xs_request_t request, int timeout_ms);
char **xs_collect_directory(struct xs_handle *h, xs_request_t request, int timeout_ms,
                            unsigned int *num);
struct xs_permissions *xs_collect_permissions(struct xs_handle *h, xs_request_t request,
                                              int timeout_ms, unsigned int *num);
xs_transaction_t xs_collect_transaction(struct xs_handle *h, xs_request_t request,
                                        int timeout_ms);

/**
 * xs_forget() - give up the reply of a request
 * @h: the handle
 * @request: what xs_submit() or one of its like returned
 *
 * The request itself is carried out all the same; its reply is thrown away when it
 * arrives. A transaction that is started in this way stays open until the handle is
 * closed.
 *
 * Return: true, or false with errno:
 *   EBADR       there is no such request
 *   EBUSY       another thread is collecting it
 *
 * Blocking: no. Beneath: no system call.
 */
bool xs_forget(struct xs_handle *h, xs_request_t request);

#ifdef __cplusplus
}
#endif

#endif /* XENSTORE_REQUESTS_H */
