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
    struct xs_handle *h;
    const struct xs_request *request; /* or NULL: waits for an event */
    const struct xenlibs_deadline *deadline;
    int cancellation; /* the state in which it sleeps */
    bool polling;     /* without the mutex */
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

static bool has_deadline(const struct xs_waiter *waiter)
{
    return waiter->deadline && waiter->deadline->at_ns >= 0;
}

static int left_ms(const struct xs_waiter *waiter)
{
    return waiter->deadline ? xenlibs_deadline_left_ms(waiter->deadline) : -1;
}

/* Here a thread may be cancelled: in poll(2), because recv(2) could lose what it read. */
static short sleep_in_poll(struct xs_waiter *waiter, short events)
{
    short revents;

    waiter->polling = true;
    pthread_setcancelstate(waiter->cancellation, NULL);
    revents = poll_connection(waiter->h, events, left_ms(waiter));
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    waiter->polling = false;
    return revents;
}

/* Is the reader for the time of one read. */
static void read_once(struct xs_handle *h, struct xs_waiter *waiter)
{
    bool to_send = xs_wants_room(h);
    bool polls = to_send || has_deadline(waiter) || !waiter->request;
    short revents = POLLIN;
    ssize_t got = -1;
    int errnoval = EAGAIN;

    h->reading = true;
    xs_unlock(h);
    if (polls)
        revents = sleep_in_poll(waiter, (short)(to_send ? POLLIN | POLLOUT : POLLIN));
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
static void flush_once(struct xs_handle *h, const struct xs_waiter *waiter)
{
    xs_unlock(h);
    poll_connection(h, POLLOUT, left_ms(waiter));
    xs_lock(h);
    xs_flush(h);
}

void xs_look(struct xs_handle *h)
{
    ssize_t got;

    if (h->reading || h->broken)
        return;
    if (xs_wants_room(h))
        xs_flush(h);
    if (h->broken || (!h->is_socket && !poll_connection(h, POLLIN, 0)))
        return;
    got = read_connection(h, false);
    take_in(h, got, errno);
    pass_on(h);
}

/* ---- waiting ---- */

/* Sleeps until woken, or the deadline has passed. */
static void sleep_in_list(struct xs_handle *h, struct xs_waiter *waiter)
{
    enlist(h, waiter);
    pthread_setcancelstate(waiter->cancellation, NULL);
    xenlibs_cond_wait(&waiter->cond, &h->mutex, waiter->deadline);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    delist(h, waiter);
}

static bool has_come(const struct xs_handle *h, const struct xs_request *request)
{
    return request ? request->answered : h->first_event || h->broken;
}

static void wait_once(struct xs_handle *h, struct xs_waiter *waiter)
{
    if (!h->reading)
        read_once(h, waiter);
    else if (h->is_socket && waiter->request && waiter->request->put_in > h->outbox.sent)
        flush_once(h, waiter);
    else
        sleep_in_list(h, waiter);
}

/* A thread that is cancelled leaves as one that was served does. */
static void leave_cancelled(void *argument)
{
    struct xs_waiter *waiter = argument;
    struct xs_handle *h = waiter->h;

    if (waiter->polling) {
        xs_lock(h);
        h->reading = false;
    }
    delist(h, waiter);
    pthread_cond_destroy(&waiter->cond);
    pass_on(h);
    h->event_waiters--;
    xs_pollable_update(h);
    xs_pollable_wait_ends(h);
    xs_unlock(h);
}

static int wait_for(struct xs_waiter *waiter)
{
    struct xs_handle *h = waiter->h;

    if (has_come(h, waiter->request))
        return 0;
    xenlibs_cond_init(&waiter->cond);
    pthread_cleanup_push(leave_cancelled, waiter);
    do
        wait_once(h, waiter);
    while (!has_come(h, waiter->request) && left_ms(waiter) != 0);
    pthread_cleanup_pop(0);
    pthread_cond_destroy(&waiter->cond);
    pass_on(h);
    if (has_come(h, waiter->request))
        return 0;
    errno = ETIMEDOUT;
    return -1;
}

/* Not cancellable: the reply would find nobody. */
int xs_wait(struct xs_handle *h, const struct xs_request *request,
            const struct xenlibs_deadline *deadline)
{
    struct xs_waiter waiter = {.h = h, .request = request, .deadline = deadline,
                               .cancellation = PTHREAD_CANCEL_DISABLE};

    return wait_for(&waiter);
}

int xs_wait_for_event(struct xs_handle *h, const struct xenlibs_deadline *deadline,
                      int cancellation)
{
    struct xs_waiter waiter = {.h = h, .deadline = deadline, .cancellation = cancellation};
    int rc;

    h->event_waiters++;
    rc = wait_for(&waiter);
    h->event_waiters--;
    if (rc)
        xs_pollable_update(h);
    return rc;
}
