/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One descriptor which is readable when, and only when, there is an event to take.
 *
 * It is an epoll set of two: the connection, and a bell, which is an eventfd that is
 * always readable and takes part in the set only while events are queued or the
 * connection is broken. The set is level-triggered throughout, so whatever is not
 * taken makes poll(2) return again.
 *
 *   An event that lies in the kernel makes the connection readable. Nobody need read
 *     it before poll(2) is called; xs_check_watch() does so after it.
 *   An event that came in while somebody waited for a reply is in the queue, and the
 *     bell is in the set. It leaves the set when the last event is taken.
 *   Half a message in the inbox is not an event. Its other half will make the
 *     connection readable.
 *
 * A reply makes the connection readable, too, and a thread in poll(2) must not take it
 * for an event: it would call xs_read_watch() and be stuck. As long as only one thread
 * uses the handle, this cannot happen, since it does not poll and wait at once. When
 * several do, the connection is taken out of the set before a request is sent and put
 * back when the last waiting thread has what it wanted. In between, events are not
 * missed: a thread that waits is a thread that reads, or has one read for it
 * (wait.c), and what it reads goes to the queue. Putting the connection back makes the
 * kernel look whether it is readable now.
 *
 * After fork(2), parent and child share the set. Closing the child's descriptors does
 * not change it, as long as the child makes no epoll_ctl(2); closing makes none.
 */
#include "pollable.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "device.h"

void xs_pollable_init(struct xs_pollable *pollable)
{
    *pollable = (struct xs_pollable){.epoll = -1, .bell = -1};
}

void xs_pollable_close(struct xs_pollable *pollable)
{
    xenlibs_device_close_quietly(pollable->epoll);
    xenlibs_device_close_quietly(pollable->bell);
    xs_pollable_init(pollable);
}

/* Changing what is in the set needs no memory, and does not fail. */
static void set_interest(const struct xs_pollable *pollable, int fd, uint32_t events)
{
    struct epoll_event event = {.events = events};

    epoll_ctl(pollable->epoll, EPOLL_CTL_MOD, fd, &event);
}

void xs_pollable_update(struct xs_handle *h)
{
    bool ring = h->first_event || h->broken;

    if (h->pollable.epoll < 0 || ring == h->pollable.ringing)
        return;
    h->pollable.ringing = ring;
    set_interest(&h->pollable, h->pollable.bell, ring ? EPOLLIN : 0);
}

void xs_pollable_note_user(struct xs_handle *h)
{
    if (h->pollable.epoll >= 0 && !pthread_equal(h->pollable.user, pthread_self()))
        h->pollable.several = true;
}

bool xs_pollable_mute(struct xs_handle *h)
{
    xs_pollable_note_user(h);
    if (!h->pollable.several)
        return false;
    if (h->pollable.mute++ == 0)
        set_interest(&h->pollable, h->fd, 0);
    return true;
}

void xs_pollable_unmute(struct xs_handle *h, bool muted)
{
    if (muted && --h->pollable.mute == 0)
        set_interest(&h->pollable, h->fd, EPOLLIN);
}

static int add(const struct xs_pollable *pollable, int fd, uint32_t events)
{
    struct epoll_event event = {.events = events};

    return epoll_ctl(pollable->epoll, EPOLL_CTL_ADD, fd, &event);
}

/* A connection that is broken may be /dev/null by now, which epoll does not take. */
static int fill_set(struct xs_handle *h)
{
    struct xs_pollable *pollable = &h->pollable;

    pollable->epoll = epoll_create1(EPOLL_CLOEXEC);
    pollable->bell = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
    if (pollable->epoll < 0 || pollable->bell < 0)
        return -1;
    if (add(pollable, pollable->bell, 0))
        return -1;
    return h->broken ? 0 : add(pollable, h->fd, EPOLLIN);
}

int xs_fileno(struct xs_handle *h)
{
    int fd;

    xs_lock(h);
    if (h->pollable.epoll < 0) {
        if (fill_set(h))
            xs_pollable_close(&h->pollable);
        h->pollable.user = pthread_self();
        xs_pollable_update(h);
    }
    fd = h->pollable.epoll;
    xs_unlock(h);
    return fd;
}
