/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Waiting. One epoll descriptor stands for the three things that can happen: an
 * event of the peer's, a report of the store's, and the timer. The timer ticks
 * while something has to be looked at that gives no notice, and once it stays
 * expired the channel has ended, for whoever polls.
 *
 * Of several threads that wait one polls and takes what has happened; the others
 * wait for it to say so. So none of them sleeps over an event that another took.
 */
#include <errno.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "device.h"
#include "handle.h"

enum { EVENT, STORE, TIMER, SOURCES };

static int add_source(struct vchan_waiter *waiter, int fd, uint32_t source)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = source};

    return epoll_ctl(waiter->epoll_fd, EPOLL_CTL_ADD, fd, &event);
}

static void tick_after_ms(const struct vchan_waiter *waiter, int ms)
{
    struct itimerspec when = {.it_value = {ms / 1000, (long)(ms % 1000) * 1000000}};

    timerfd_settime(waiter->timer_fd, 0, &when, NULL);
}

/* In dom0 the store reports the end of every domain; so nothing has to be looked at. */
static bool needs_ticks(const struct xenvchan *xvc)
{
    return atomic_load(&xvc->store.is_lost) || xvc->store.own_domid != 0 ||
           !atomic_load(&xvc->connected);
}

static void set_next_tick(struct xenvchan *xvc)
{
    int ms = VCHAN_TICK_MS;

    if (!needs_ticks(xvc) || atomic_load(&xvc->ended))
        return;
    if (!atomic_load(&xvc->connected)) {
        int left = xenlibs_deadline_left_ms(&xvc->connect_by);

        if (left >= 0 && left < ms)
            ms = left ? left : 1;
    }
    tick_after_ms(&xvc->waiter, ms);
    if (atomic_load(&xvc->ended)) /* by another thread, just now */
        xenvchan_waiter_end(xvc);
}

int xenvchan_waiter_open(struct xenvchan *xvc)
{
    struct vchan_waiter *waiter = &xvc->waiter;

    waiter->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    waiter->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (waiter->epoll_fd < 0 || waiter->timer_fd < 0 ||
        add_source(waiter, xenevtchn_fd(xvc->event), EVENT) ||
        add_source(waiter, xs_fileno(xvc->store.xs), STORE) ||
        add_source(waiter, waiter->timer_fd, TIMER))
        return -1;
    set_next_tick(xvc);
    return 0;
}

void xenvchan_waiter_init(struct vchan_waiter *waiter)
{
    waiter->epoll_fd = waiter->timer_fd = -1;
    pthread_mutex_init(&waiter->mutex, NULL);
    xenlibs_cond_init(&waiter->changed);
}

void xenvchan_waiter_close(struct vchan_waiter *waiter)
{
    xenlibs_device_close_quietly(waiter->epoll_fd);
    xenlibs_device_close_quietly(waiter->timer_fd);
    pthread_cond_destroy(&waiter->changed);
    pthread_mutex_destroy(&waiter->mutex);
}

/* Nobody reads the timer from now on, so it stays readable. */
void xenvchan_waiter_end(struct xenvchan *xvc)
{
    struct itimerspec at_once = {.it_value = {0, 1}};

    if (xvc->waiter.timer_fd >= 0)
        timerfd_settime(xvc->waiter.timer_fd, 0, &at_once, NULL);
}

/* ---- what has happened ---- */

static void take_event(struct xenvchan *xvc)
{
    xenevtchn_port_or_error_t port = xenevtchn_pending(xvc->event);

    if (port < 0 && errno == EFBIG) { /* not while one port is all we have, but be sure */
        xenevtchn_reset(xvc->event);
        port = (xenevtchn_port_or_error_t)xvc->port;
    }
    if (port >= 0)
        port = xenevtchn_unmask(xvc->event, (evtchn_port_t)port);
    if (port < 0 && errno != EAGAIN)
        xenvchan_end(xvc, errno);
}

static void take_reports(struct xenvchan *xvc)
{
    if (!xenvchan_store_take_reports(xvc))
        return;
    /* xenstored is gone: what it would have told has to be looked for from now on. */
    epoll_ctl(xvc->waiter.epoll_fd, EPOLL_CTL_DEL, xs_fileno(xvc->store.xs), NULL);
    atomic_store(&xvc->store.is_lost, true);
    if (!atomic_load(&xvc->connected))
        xenvchan_end(xvc, EIO);
    set_next_tick(xvc);
}

static void take_tick(struct xenvchan *xvc)
{
    uint64_t ticks;

    if (atomic_load(&xvc->ended))
        return;
    if (read(xvc->waiter.timer_fd, &ticks, sizeof(ticks)) < 0)
        return;
    xenvchan_client_retry(xvc);
    xenvchan_look_for_domain(xvc, atomic_load(&xvc->store.keys_are_gone));
    set_next_tick(xvc);
}

static void take_what_happened(struct xenvchan *xvc, const struct epoll_event *events, int count)
{
    for (int i = 0; i < count; i++)
        if (events[i].data.u32 == EVENT)
            take_event(xvc);
        else if (events[i].data.u32 == STORE)
            take_reports(xvc);
        else
            take_tick(xvc);
}

/* ---- who waits for it ---- */

static int poll_once(struct xenvchan *xvc, const struct xenlibs_deadline *deadline)
{
    struct vchan_waiter *waiter = &xvc->waiter;
    struct epoll_event events[SOURCES];
    int count, saved;

    waiter->polling = true;
    pthread_mutex_unlock(&waiter->mutex);
    do
        count = epoll_wait(waiter->epoll_fd, events, SOURCES,
                           deadline ? xenlibs_deadline_left_ms(deadline) : -1);
    while (count < 0 && errno == EINTR);
    saved = errno;
    pthread_mutex_lock(&waiter->mutex);
    waiter->polling = false;
    take_what_happened(xvc, events, count);
    atomic_fetch_add(&waiter->turn, count > 0);
    pthread_cond_broadcast(&waiter->changed);
    errno = saved;
    return count;
}

static int wait_for_the_one_that_polls(struct vchan_waiter *waiter,
                                       const struct xenlibs_deadline *deadline)
{
    return xenlibs_cond_wait(&waiter->changed, &waiter->mutex, deadline) != ETIMEDOUT;
}

int xenvchan_wait_for_change(struct xenvchan *xvc, unsigned int seen,
                             const struct xenlibs_deadline *deadline)
{
    struct vchan_waiter *waiter = &xvc->waiter;
    int rc = 1;

    pthread_mutex_lock(&waiter->mutex);
    while (rc > 0 && atomic_load(&waiter->turn) == seen)
        rc = waiter->polling ? wait_for_the_one_that_polls(waiter, deadline)
                             : poll_once(xvc, deadline);
    pthread_mutex_unlock(&waiter->mutex);
    return rc;
}
