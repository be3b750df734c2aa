/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "handle.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "device.h"
#include "event.h"
#include "pollable.h"
#include "request.h"
#include "wait.h"

/*
 * The descriptor stays open, and its number with it, until the handle is closed:
 * another thread may be in recv(2) on it. Shutting the socket down ends that call.
 * It would end the parent's connection if a child of fork(2) did it.
 */
void xs_break(struct xs_handle *h, int errnoval)
{
    if (h->broken)
        return;
    /* One errno for a xenstored that is gone, in whatever way it shows. */
    if (errnoval == EPIPE || errnoval == ECONNRESET || errnoval == ENOTSOCK)
        errnoval = EBADF;
    h->broken = errnoval;
    if (h->is_socket && h->opened_by == getpid())
        shutdown(h->fd, SHUT_RDWR);
    xs_request_fail_all(h, errnoval);
    xs_wake_all(h);
    xs_pollable_update(h);
}

/*
 * The handle's answer to xentoolcore_restrict_all(). One whose connection is still
 * being opened makes good for it in attach(): nobody would ask it again.
 */
static int restrict_handle(Xentoolcore__Active_Handle *tc_ah, domid_t domid)
{
    struct xs_handle *h = (struct xs_handle *)tc_ah;
    int rc = 0;

    (void)domid;
    xs_lock(h);
    if (h->fd < 0) {
        h->restricted = true;
    } else {
        xs_break(h, EBADF);
        rc = xentoolcore__restrict_by_dup2_null(h->fd);
    }
    xs_unlock(h);
    return rc;
}

/* Registered before it has a descriptor: no open connection escapes restrict_all. */
static struct xs_handle *new_handle(unsigned long flags)
{
    struct xs_handle *h = malloc(sizeof(*h));

    if (!h)
        return NULL;
    /* The inbox stays as it is, and so costs nothing until it is used. */
    __builtin_memset(h, 0, offsetof(struct xs_handle, inbox));
    h->flags = flags;
    h->fd = -1;
    h->opened_by = getpid();
    pthread_mutex_init(&h->mutex, NULL);
    xs_pollable_init(&h->pollable);
    h->tc_ah.restrict_callback = restrict_handle;
    xentoolcore__register_active_handle(&h->tc_ah);
    return h;
}

static int attach(struct xs_handle *h, int fd)
{
    bool restricted;

    xs_lock(h);
    h->fd = fd;
    restricted = h->restricted;
    xs_unlock(h);
    if (!restricted)
        return 0;
    errno = EBADF;
    return -1;
}

struct xs_handle *xs_open(unsigned long flags)
{
    struct xs_handle *h = new_handle(flags);
    bool is_socket = false;
    int fd;

    if (!h)
        return NULL;
    fd = xs_connect(&is_socket);
    h->is_socket = is_socket;
    if (fd < 0 || attach(h, fd)) {
        xs_close(h);
        return NULL;
    }
    return h;
}

struct xs_handle *xs_daemon_open(void)
{
    return xs_open(0);
}

struct xs_handle *xs_domain_open(void)
{
    return xs_open(0);
}

struct xs_handle *xs_daemon_open_readonly(void)
{
    return xs_open(0);
}

/*
 * Deregisters before it closes: the number of a closed descriptor may be another
 * file's at once, and that must not be restricted in the handle's place. Takes no lock:
 * after fork(2) a thread that exists no more may hold it.
 */
void xs_close(struct xs_handle *h)
{
    int saved = errno;

    if (!h)
        return;
    xentoolcore__deregister_active_handle(&h->tc_ah);
    xenlibs_device_close_quietly(h->fd);
    xs_pollable_close(&h->pollable);
    xs_event_drop_all(h);
    xs_request_free_all(h);
    free(h->outbox.bytes);
    free(h);
    errno = saved;
}

void xs_daemon_close(struct xs_handle *h)
{
    xs_close(h);
}

void xs_daemon_destroy_postfork(struct xs_handle *h)
{
    xs_close(h);
}

bool xs_restrict(struct xs_handle *h, unsigned int domid)
{
    (void)h;
    (void)domid;
    return xs_fail(ENOSYS);
}
