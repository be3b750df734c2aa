/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a connection to xenstored is made of. */
#ifndef XENLIBS_STORE_HANDLE_H
#define XENLIBS_STORE_HANDLE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "xenstore.h"
#include "xentoolcore_internal.h"

enum {
    XS_MESSAGE_MAX = sizeof(struct xsd_sockmsg) + XENSTORE_PAYLOAD_MAX,
    /* Several messages fit in, so that one recv(2) can bring them. */
    XS_INBOX_BYTES = 4 * XS_MESSAGE_MAX,
    XS_REQUEST_CHAINS = 64,
};

struct xs_event;
struct xs_request;
struct xs_waiter;

/* What was to be sent and would have blocked, or is held back: see send_device.c. */
struct xs_outbox {
    uint8_t *bytes;
    size_t start, end, size;
    uint64_t put_in, sent; /* bytes in all since the connection was opened */
};

/*
 * What xs_fileno() hands out: see pollable.c. All is -1 until it is asked for.
 */
struct xs_pollable {
    int epoll;         /* what the caller polls: bell and connection together */
    int bell;          /* always readable, and in the set while events are queued */
    bool ringing;      /* the bell is in the set */
    pthread_t user;    /* who called xs_fileno() first */
    bool several;      /* another thread has used the handle, too */
    bool muted;        /* the connection is out of the set */
    unsigned int waiting; /* threads in calls that wait, whether or not there is a set */
};

struct xs_handle {
    Xentoolcore__Active_Handle tc_ah;
    unsigned long flags;
    int fd;         /* negative until the connection is open; then fixed */
    bool is_socket; /* else the kernel's device */
    pid_t opened_by;

    pthread_mutex_t mutex; /* guards what follows */
    bool restricted;       /* before the connection was open */
    int broken;            /* 0, or the errno with which waiting calls end */
    struct xs_outbox outbox;
    struct xs_request *at_device; /* written to the device and not answered; or NULL */

    bool reading; /* a thread is in recv(2), and the inbox is its own */
    struct xs_waiter *first_waiter, *last_waiter;
    uint32_t last_id;
    struct xs_request *requests[XS_REQUEST_CHAINS]; /* by id; sent, not yet taken */
    struct xs_event *first_event, *last_event;
    unsigned int queued;        /* events */
    unsigned int event_waiters; /* threads that will take one each */
    struct xs_pollable pollable;
    bool features_known;
    unsigned int features;

    size_t inbox_fill;
    uint8_t inbox[XS_INBOX_BYTES];
};

static inline void xs_lock(struct xs_handle *h)
{
    pthread_mutex_lock(&h->mutex);
}

static inline void xs_unlock(struct xs_handle *h)
{
    pthread_mutex_unlock(&h->mutex);
}

/*
 * How every public function that uses the connection begins and ends. A thread that is
 * cancelled in between would leave the mutex locked, so it cannot be. Returns what the
 * second wants.
 */
static inline int xs_enter(struct xs_handle *h)
{
    int cancellation;

    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancellation);
    xs_lock(h);
    return cancellation;
}

static inline void xs_leave(struct xs_handle *h, int cancellation)
{
    xs_unlock(h);
    pthread_setcancelstate(cancellation, NULL);
}

/* For `return xs_fail(E...)` in functions whose failure is false. */
static inline bool xs_fail(int errnoval)
{
    errno = errnoval;
    return false;
}

/*
 * Opens the connection: the socket or the device, as xs_open() describes. Returns
 * a descriptor, or -1 with errno.
 */
int xs_connect(bool *is_socket);

/*
 * Ends the connection for good, for the reason @errnoval: all requests that wait
 * for a reply have failed with it. Wants the mutex. Does nothing the second time.
 */
void xs_break(struct xs_handle *h, int errnoval);

#endif
