/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Is the other end there, and if not, why. */
#include <errno.h>
#include <time.h>

#include "handle.h"
#include "shared_memory.h"

enum { LIVE_GONE = 0, LIVE_HERE = 1, LIVE_NOT_YET = 2 };

/* A channel ends once; only a peer's breach of the protocol outranks another end. */
void xenvchan_end(struct xenvchan *xvc, int errnoval)
{
    int none = 0, saved = errno;

    if (errnoval == EPROTO)
        atomic_store(&xvc->ended, errnoval);
    else
        atomic_compare_exchange_strong(&xvc->ended, &none, errnoval);
    xenvchan_waiter_end(xvc);
    errno = saved;
}

int xenvchan_look_at_peer(struct xenvchan *xvc)
{
    uint8_t live;

    if (atomic_load_explicit(&xvc->ended, memory_order_relaxed))
        return 0;
    if (!atomic_load_explicit(&xvc->connected, memory_order_acquire))
        return 2;
    live = xenlibs_shared_load8(xvc->peer_live);
    if (live == LIVE_HERE)
        return 1;
    if (xvc->is_server && (live == LIVE_NOT_YET || (live == LIVE_GONE && xvc->persistent)))
        return 2;
    xenvchan_end(xvc, live == LIVE_GONE ? EPIPE : EPROTO);
    return 0;
}

/*
 * Connecting to port 0, which no domain hands out, is refused in one way if there
 * is such a domain and in another if there is none. A domain that was not there
 * from the start may still come.
 */
static bool xen_says_it_is_gone(struct xenvchan *xvc)
{
    xenevtchn_port_or_error_t port = xenevtchn_bind_interdomain(xvc->event, xvc->domid, 0);

    if (port >= 0)
        xenevtchn_unbind(xvc->event, (evtchn_port_t)port);
    if (port < 0 && errno == ESRCH)
        return atomic_load(&xvc->domain_was_seen) || xenvchan_look_at_peer(xvc) == 1;
    atomic_store(&xvc->domain_was_seen, true);
    return false;
}

/* For a domain whose memory we still map: Xen keeps that much of it. */
static bool store_says_it_is_gone(const struct xenvchan *xvc)
{
    const struct vchan_store *store = &xvc->store;

    if (!store->peer_was_introduced)
        return store->keys_are_gone;
    if (atomic_load(&store->is_lost))
        return false;
    errno = 0;
    return !xs_is_domain_introduced(store->xs, xvc->domid) && errno == 0;
}

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void xenvchan_look_for_domain(struct xenvchan *xvc, bool ask_store)
{
    int saved = errno;

    atomic_store(&xvc->looked_at_ns, now_ns());
    if (atomic_load(&xvc->connected) && xenvchan_look_at_peer(xvc) != 0 &&
        (xen_says_it_is_gone(xvc) || (ask_store && store_says_it_is_gone(xvc))))
        xenvchan_end(xvc, ECONNRESET);
    errno = saved;
}

void xenvchan_look_for_domain_at_times(struct xenvchan *xvc)
{
    if (now_ns() - atomic_load(&xvc->looked_at_ns) >= (int64_t)VCHAN_TICK_MS * 1000000)
        xenvchan_look_for_domain(xvc, xvc->store.own_domid == 0 ||
                                          atomic_load(&xvc->store.keys_are_gone));
}
