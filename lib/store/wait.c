/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who waits becomes the reader, unless there is one. The reader sleeps in recv(2), the
 * others each on a condition of their own, in a list. What wakes one of them takes it
 * off the list, so that nothing is wasted on a thread that is awake already.
 *
 * No wake-up is lost because of one rule: when a thread leaves, for whatever reason,
 * and there is no reader, it wakes one of the list (pass_on), and that one does the
 * same when it leaves. So at any time there is a reader, or a thread on its way that
 * will be one or will leave, or nobody waits.
 *
 * A reader that finds the outbox not empty also waits for room in the socket.
 * xenstored may refuse to read on until its own replies are read: so the reader does
 * both at once. If the reader is asleep in recv(2) already, a thread whose request has
 * not gone out watches for room itself; the reader reads meanwhile.
 */
#include "wait.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "event.h"
#include "message.h"
#include "pollable.h"

struct xs_waiter {
    pthread_cond_t cond;
    const struct xs_request *request; /* or NULL: waits for an event */
    struct xs_waiter *next, *before;
    bool listed;
};

/* ---- the list ---- */

static void enlist(struct xs_handle *h, struct xs_waiter *waiter)
{
    waiter->next = NULL;
    waiter->before = h->last_waiter;
    if (waiter->before)
        waiter->before->next = waiter;
    else
        h->first_waiter = waiter;
    h->last_waiter = waiter;
    waiter->listed = true;
}

static void delist(struct xs_handle *h, struct xs_waiter *waiter)
{
    if (!waiter->listed)
        return;
    if (waiter->before)
        waiter->before->next = waiter->next;
    else
        h->first_waiter = waiter->next;
    if (waiter->next)
        waiter->next->before = waiter->before;
    else
        h->last_waiter = waiter->before;
    waiter->listed = false;
}

static void wake(struct xs_handle *h, struct xs_waiter *waiter)
{
    delist(h, waiter);
    pthread_cond_signal(&waiter->cond);
}

/* Wakes the first that waits for @request; NULL for an event. */
static void wake_first(struct xs_handle *h, const struct xs_request *request)
{
    struct xs_waiter *waiter = h->first_waiter;

    while (waiter && waiter->request != request)
        waiter = waiter->next;
    if (waiter)
        wake(h, waiter);
}

void xs_wake_for_event(struct xs_handle *h)
{
    wake_first(h, NULL);
}

void xs_wake_for_reply(struct xs_handle *h, struct xs_request *request)
{
    if (h->first_waiter)
        wake_first(h, request);
}

void xs_wake_all(struct xs_handle *h)
{
    while (h->first_waiter)
        wake(h, h->first_waiter);
}

static void pass_on(struct xs_handle *h)
{
    if (!h->reading && h->first_waiter)
        wake(h, h->first_waiter);
}

/* ---- reading ---- */

static ssize_t read_connection(struct xs_handle *h, bool wait)
{
    uint8_t *end = h->inbox + h->inbox_fill;
    size_t room = sizeof(h->inbox) - h->inbox_fill;
    ssize_t got;

    do
        got = h->is_socket ? recv(h->fd, end, room, wait ? 0 : MSG_DONTWAIT)
                           : read(h->fd, end, room);
    while (got < 0 && errno == EINTR);
    return got;
}

/* What came of reading: @got as recv(2) returned it, with its errno. */
static void take_in(struct xs_handle *h, ssize_t got, int errnoval)
{
    if (h->broken)
        return;
    if (got > 0)
        xs_inbox_arrived(h, (size_t)got);
    else if (got == 0)
        xs_break(h, EBADF);
    else if (errnoval != EAGAIN && errnoval != EWOULDBLOCK)
        xs_break(h, errnoval);
}

/* poll(2) on the connection; a signal is as good as a time-out: the caller looks. */
static short poll_connection(const struct xs_handle *h, short events, int timeout_ms)
{
    struct pollfd connection = {.fd = h->fd, .events = events};

    return poll(&connection, 1, timeout_ms) > 0 ? connection.revents : 0;
}

static int left_ms(const struct xenlibs_deadline *deadline)
{
    return deadline ? xenlibs_deadline_left_ms(deadline) : -1;
}

/* Is the reader for the time of one read. */
static void read_once(struct xs_handle *h, const struct xenlibs_deadline *deadline)
{
    bool to_send = !xs_outbox_is_empty(h);
    bool polls = to_send || (deadline && deadline->at_ns >= 0);
    short revents = POLLIN;
    ssize_t got = -1;
    int errnoval = EAGAIN;

    h->reading = true;
    xs_unlock(h);
    if (polls)
        revents = poll_connection(h, (short)(to_send ? POLLIN | POLLOUT : POLLIN),
                                  left_ms(deadline));
    if (revents & ~POLLOUT) {
        got = read_connection(h, !polls);
        errnoval = errno;
    }
    xs_lock(h);
    h->reading = false;
    take_in(h, got, errnoval);
    if (revents & POLLOUT)
        xs_flush(h);
}

/* Waits for room in the socket while another thread reads. */
static void flush_once(struct xs_handle *h, const struct xenlibs_deadline *deadline)
{
    xs_unlock(h);
    poll_connection(h, POLLOUT, left_ms(deadline));
    xs_lock(h);
    xs_flush(h);
}

void xs_look(struct xs_handle *h)
{
    ssize_t got;

    if (h->reading || h->broken)
        return;
    if (!xs_outbox_is_empty(h))
        xs_flush(h);
    if (h->broken || (!h->is_socket && !poll_connection(h, POLLIN, 0)))
        return;
    got = read_connection(h, false);
    take_in(h, got, errno);
    pass_on(h);
}

/* ---- waiting ---- */

static void init_cond(pthread_cond_t *cond)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attributes);
    pthread_condattr_destroy(&attributes);
}

/* Sleeps until woken, or the deadline has passed. */
static void sleep_in_list(struct xs_handle *h, struct xs_waiter *waiter,
                          const struct xenlibs_deadline *deadline)
{
    enlist(h, waiter);
    if (deadline && deadline->at_ns >= 0) {
        struct timespec until = {.tv_sec = deadline->at_ns / 1000000000,
                                 .tv_nsec = deadline->at_ns % 1000000000};

        pthread_cond_timedwait(&waiter->cond, &h->mutex, &until);
    } else {
        pthread_cond_wait(&waiter->cond, &h->mutex);
    }
    delist(h, waiter);
}

static bool has_come(const struct xs_handle *h, const struct xs_request *request)
{
    return request ? request->answered : h->first_event || h->broken;
}

static void wait_once(struct xs_handle *h, struct xs_waiter *waiter,
                      const struct xenlibs_deadline *deadline)
{
    if (!h->reading)
        read_once(h, deadline);
    else if (waiter->request && waiter->request->put_in > h->outbox.sent)
        flush_once(h, deadline);
    else
        sleep_in_list(h, waiter, deadline);
}

int xs_wait(struct xs_handle *h, struct xs_request *request,
            const struct xenlibs_deadline *deadline)
{
    struct xs_waiter waiter = {.request = request};
    bool late = false;
    int cancellation;

    if (has_come(h, request))
        return 0;
    /* A reader that is cancelled in recv(2) would leave all others waiting. */
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancellation);
    init_cond(&waiter.cond);
    while (!has_come(h, request) && !late) {
        wait_once(h, &waiter, deadline);
        late = left_ms(deadline) == 0;
    }
    pthread_cond_destroy(&waiter.cond);
    pass_on(h);
    pthread_setcancelstate(cancellation, NULL);
    if (has_come(h, request))
        return 0;
    errno = ETIMEDOUT;
    return -1;
}
