/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Making both kinds of handle, and what is asked of a handle as a whole. */
#include "handle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <xen/xen.h>

#include "fail.h"

#define KNOWN_FLAGS (XENVCHAN_NONBLOCK | XENVCHAN_PERSIST)

/* The first options we had; later ones follow them. */
#define OPTIONS_MIN_SIZE sizeof(struct xenvchan_options)

/* A caller of a later library may ask for what we have never heard of. */
static int check_options(const struct xenvchan_options *given, struct xenvchan_options *options)
{
    const unsigned char *tail = (const unsigned char *)given + sizeof(*options);

    *options = (struct xenvchan_options){.size = sizeof(*options)};
    if (!given)
        return 0;
    if (given->size < OPTIONS_MIN_SIZE)
        return xenlibs_fail(EINVAL);
    for (size_t i = 0; i < given->size - sizeof(*options); i++)
        if (tail[i])
            return xenlibs_fail(E2BIG);
    *options = *given;
    return options->flags & ~KNOWN_FLAGS ? xenlibs_fail(EINVAL) : 0;
}

static int check_server(const struct xenvchan_options *options)
{
    const size_t most = (size_t)1 << VCHAN_MAX_ORDER;

    return options->read_min > most || options->write_min > most ? xenlibs_fail(EINVAL) : 0;
}

static struct xenvchan *new_handle(uint32_t domid, const char *path,
                                   const struct xenvchan_options *options)
{
    struct xenvchan *xvc;

    if (domid >= DOMID_FIRST_RESERVED || !path || !*path) {
        errno = EINVAL;
        return NULL;
    }
    xvc = calloc(1, sizeof(*xvc));
    if (!xvc)
        return NULL;
    xvc->domid = domid;
    atomic_init(&xvc->blocking, !(options->flags & XENVCHAN_NONBLOCK));
    atomic_init(&xvc->persistent, options->flags & XENVCHAN_PERSIST);
    xenvchan_waiter_init(&xvc->waiter);
    return xvc;
}

static void close_devices(struct xenvchan *xvc)
{
    int saved = errno;

    xengntshr_close(xvc->gntshr);
    xengnttab_close(xvc->gnttab);
    xenevtchn_close(xvc->event);
    errno = saved;
}

static void drop_handle(struct xenvchan *xvc)
{
    xenvchan_memory_release(xvc);
    xenvchan_store_close(&xvc->store);
    xenvchan_waiter_close(&xvc->waiter);
    close_devices(xvc);
    free(xvc);
}

static int open_event_channel(struct xenvchan *xvc, struct xentoollog_logger *logger)
{
    xvc->event = xenevtchn_open(logger, XENEVTCHN_NONBLOCK);
    return xvc->event ? 0 : -1;
}

/* ---- a server ---- */

static int bind_port_for_client(struct xenvchan *xvc)
{
    xenevtchn_port_or_error_t port = xenevtchn_bind_unbound_port(xvc->event, xvc->domid);

    if (port < 0)
        return -1;
    xvc->port = (evtchn_port_t)port;
    return 0;
}

static int start_server(struct xenvchan *xvc, const char *path,
                        const struct xenvchan_options *options)
{
    xvc->is_server = true;
    xvc->gntshr = xengntshr_open(options->logger, 0);
    if (!xvc->gntshr || open_event_channel(xvc, options->logger) || bind_port_for_client(xvc) ||
        xenvchan_memory_share(xvc, options->read_min, options->write_min))
        return -1;
    atomic_store(&xvc->connected, true);
    if (xenvchan_store_open(&xvc->store, path) || xenvchan_store_advertise(xvc))
        return -1;
    xenvchan_store_watch(xvc);
    return xenvchan_waiter_open(xvc);
}

xenvchan *xenvchan_server_open(uint32_t domid, const char *path,
                               const struct xenvchan_options *given)
{
    struct xenvchan_options options;
    struct xenvchan *xvc;

    if (check_options(given, &options) || check_server(&options))
        return NULL;
    xvc = new_handle(domid, path, &options);
    if (!xvc)
        return NULL;
    if (start_server(xvc, path, &options)) {
        drop_handle(xvc);
        return NULL;
    }
    return xvc;
}

/* ---- a client ---- */

static int start_client(struct xenvchan *xvc, const char *path,
                        const struct xenvchan_options *options)
{
    xvc->gnttab = xengnttab_open(options->logger, 0);
    if (!xvc->gnttab || open_event_channel(xvc, options->logger) ||
        xenvchan_store_open(&xvc->store, path))
        return -1;
    xenvchan_store_watch(xvc); /* before the first look, so that nothing is missed */
    if (options->connect_timeout_ms == 0) {
        if (xenvchan_client_try(xvc))
            return -1;
    } else {
        xenlibs_deadline_set(&xvc->connect_by, options->connect_timeout_ms);
        xenvchan_client_retry(xvc);
        if (atomic_load(&xvc->ended))
            return xenlibs_fail(atomic_load(&xvc->ended));
    }
    return xenvchan_waiter_open(xvc);
}

xenvchan *xenvchan_client_open(uint32_t domid, const char *path,
                               const struct xenvchan_options *given)
{
    struct xenvchan_options options;
    struct xenvchan *xvc;

    if (check_options(given, &options))
        return NULL;
    xvc = new_handle(domid, path, &options);
    if (!xvc)
        return NULL;
    if (start_client(xvc, path, &options)) {
        drop_handle(xvc);
        return NULL;
    }
    return xvc;
}

/* ---- both ---- */

void xenvchan_close(xenvchan *xvc)
{
    int saved = errno;

    if (!xvc)
        return;
    if (xvc->is_server)
        xenvchan_store_withdraw(xvc);
    drop_handle(xvc);
    errno = saved;
}

int xenvchan_withdraw(xenvchan *xvc)
{
    if (!xvc->is_server)
        return xenlibs_fail(EINVAL);
    return xenvchan_store_withdraw(xvc);
}

int xenvchan_fd(xenvchan *xvc)
{
    return xvc->waiter.epoll_fd;
}

int xenvchan_is_open(xenvchan *xvc)
{
    int state;

    xenvchan_look_for_domain_at_times(xvc);
    state = xenvchan_look_at_peer(xvc);
    if (!state)
        errno = atomic_load(&xvc->ended);
    return state;
}

void xenvchan_set_blocking(xenvchan *xvc, int blocking)
{
    atomic_store_explicit(&xvc->blocking, blocking != 0, memory_order_relaxed);
}

void xenvchan_set_persistent(xenvchan *xvc, int persistent)
{
    atomic_store_explicit(&xvc->persistent, persistent != 0, memory_order_relaxed);
}

/* What can be read is worth waking up for even if nothing follows it. */
static int after_waiting(struct xenvchan *xvc)
{
    if (xenvchan_look_at_peer(xvc) != 0 || xenvchan_data_ready(xvc) > 0)
        return 1;
    return xenlibs_fail(atomic_load(&xvc->ended));
}

int xenvchan_wait(xenvchan *xvc, int timeout_ms)
{
    unsigned int turn = atomic_load(&xvc->waiter.turn);
    struct xenlibs_deadline deadline;
    int rc;

    xenlibs_deadline_set(&deadline, timeout_ms);
    rc = xenvchan_wait_for_change(xvc, turn, &deadline);
    if (rc < 0)
        return -1;
    return rc || atomic_load(&xvc->ended) ? after_waiting(xvc) : 0;
}

int xenvchan_wait_for_peer(xenvchan *xvc, int timeout_ms)
{
    struct xenlibs_deadline deadline;

    xenlibs_deadline_set(&deadline, timeout_ms);
    for (;;) {
        unsigned int turn = atomic_load(&xvc->waiter.turn);
        int state = xenvchan_look_at_peer(xvc), rc;

        if (state == 1)
            return 1;
        if (state == 0)
            return xenlibs_fail(atomic_load(&xvc->ended));
        rc = xenvchan_wait_for_change(xvc, turn, &deadline);
        if (rc <= 0)
            return rc;
    }
}

int xenvchan_get_view(xenvchan *xvc, struct xenvchan_view *view)
{
    size_t size = view->size;
    struct xenvchan_view full = {
        .size = sizeof(full),
        .is_server = xvc->is_server,
        .event = xvc->event,
        .gntshr = xvc->gntshr,
        .gnttab = xvc->gnttab,
    };

    if (size < sizeof(full))
        return xenlibs_fail(EINVAL);
    if (!atomic_load_explicit(&xvc->connected, memory_order_acquire))
        return xenlibs_fail(ENOTCONN);
    full.event_port = xvc->port;
    full.page = xvc->page;
    full.read = (struct xenvchan_ring_view){xvc->read.bytes, xvc->read.size};
    full.write = (struct xenvchan_ring_view){xvc->write.bytes, xvc->write.size};
    memcpy(view, &full, sizeof(full));
    view->size = size;
    return 0;
}
