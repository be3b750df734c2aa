/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Moving bytes. Who finds too little in a ring sets a bit that asks the peer for
 * an event, and looks again: so either he sees what came in the meantime, or the
 * peer sees the bit. Without the bit no event is sent, and no system call made.
 */
#include <errno.h>
#include <limits.h>

#include "fail.h"
#include "handle.h"
#include "shared_memory.h"

/* Which way: what is wanted is data or space, and the bit asks for more of it. */
enum way { READING = VCHAN_NOTIFY_WRITE, WRITING = VCHAN_NOTIFY_READ };

static bool is_connected(const struct xenvchan *xvc)
{
    return atomic_load_explicit(&xvc->connected, memory_order_acquire);
}

static bool is_poisoned(const struct xenvchan *xvc)
{
    return atomic_load_explicit(&xvc->ended, memory_order_relaxed) == EPROTO;
}

/* As of the last look. */
static uint32_t available(const struct xenvchan *xvc, enum way way)
{
    if (!is_connected(xvc))
        return 0;
    return way == READING ? vchan_ring_ready(&xvc->read) : vchan_ring_space(&xvc->write);
}

/* Looks at the peer's index; an impossible one is the end for everybody. */
static int look(struct xenvchan *xvc, enum way way)
{
    int rc = way == READING ? xenvchan_ring_look(&xvc->read)
                            : xenvchan_ring_look_writing(&xvc->write);

    if (rc)
        xenvchan_end(xvc, EPROTO);
    return rc;
}

/* The bit is often set already: a read shares the line, a write would take it away. */
static void ask_for_event(struct xenvchan *xvc, enum way way)
{
    if (!(xenlibs_shared_load8(xvc->ask) & way))
        xenlibs_shared_set_bits8(xvc->ask, (uint8_t)way);
}

/* What a move in one way tells is what the peer wants for the other. */
static int send_event_if_asked(struct xenvchan *xvc, uint8_t bit)
{
    if (!(xenlibs_shared_load8(xvc->asked) & bit) ||
        !(xenlibs_shared_clear_bits8(xvc->asked, bit) & bit))
        return 0;
    return xenevtchn_notify(xvc->event, xvc->port);
}

/*
 * Looks for @wanted bytes, and asks for an event if there are less. The peer's end
 * is looked at before its index: what it wrote before it went still counts.
 */
static int look_hard(struct xenvchan *xvc, enum way way, uint32_t wanted, bool *ended)
{
    if (is_connected(xvc)) {
        if (look(xvc, way))
            return -1;
        if (available(xvc, way) >= wanted)
            return 0;
        ask_for_event(xvc, way);
    }
    *ended = xenvchan_look_at_peer(xvc) == 0;
    return is_connected(xvc) ? look(xvc, way) : 0;
}

/*
 * Before it sleeps, a thread looks again for some microseconds, without asking for an
 * event: a peer that is at work on another processor is quicker than any event. Each
 * success doubles the patience, each failure halves it.
 */
enum { LEAST_PATIENCE = 16, MOST_PATIENCE = 2048 };

static void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static void look_patiently(struct xenvchan *xvc, enum way way, uint32_t least)
{
    unsigned int *patience = way == READING ? &xvc->read_patience : &xvc->write_patience;

    if (!is_connected(xvc))
        return;
    if (*patience < LEAST_PATIENCE)
        *patience = LEAST_PATIENCE;
    for (unsigned int looks = 0; looks < *patience; looks++) {
        if (look(xvc, way))
            return;
        if (available(xvc, way) >= least) {
            if (looks && *patience < MOST_PATIENCE)
                *patience *= 2;
            return;
        }
        relax();
    }
    *patience /= 2;
}

static bool is_blocking(const struct xenvchan *xvc)
{
    return atomic_load_explicit(&xvc->blocking, memory_order_relaxed);
}

/*
 * Waits, if the handle blocks, until there are at least @least bytes to move.
 * Returns how many there are, up to @wanted, or -1 with errno.
 */
static int64_t await(struct xenvchan *xvc, enum way way, uint32_t least, uint32_t wanted)
{
    for (;;) {
        unsigned int turn = atomic_load_explicit(&xvc->waiter.turn, memory_order_acquire);
        bool ended = false;

        if (is_poisoned(xvc))
            return xenlibs_fail(EPROTO);
        if (way == WRITING && xenvchan_look_at_peer(xvc) == 0)
            return xenlibs_fail(atomic_load(&xvc->ended));
        if (available(xvc, way) < least && is_blocking(xvc))
            look_patiently(xvc, way, least);
        if (available(xvc, way) < wanted && look_hard(xvc, way, wanted, &ended))
            return xenlibs_fail(EPROTO);
        if (available(xvc, way) >= least)
            return available(xvc, way) < wanted ? available(xvc, way) : wanted;
        if (ended)
            return xenlibs_fail(atomic_load(&xvc->ended));
        if (!is_blocking(xvc))
            return xenlibs_fail(EAGAIN);
        if (xenvchan_wait_for_change(xvc, turn, NULL) < 0)
            return -1;
    }
}

/* A message that cannot ever fit; known only when the rings are. */
static bool can_never_fit(const struct xenvchan *xvc, const struct vchan_ring *ring, size_t size)
{
    return size > (is_connected(xvc) ? ring->size : (uint32_t)1 << VCHAN_MAX_ORDER);
}

static uint32_t at_most_a_ring(size_t size)
{
    const size_t ring = (size_t)1 << VCHAN_MAX_ORDER;

    return (uint32_t)(size < ring ? size : ring);
}

static ssize_t take(struct xenvchan *xvc, void *data, uint32_t size)
{
    xenvchan_ring_take(&xvc->read, data, size);
    return send_event_if_asked(xvc, VCHAN_NOTIFY_READ) ? -1 : (ssize_t)size;
}

static ssize_t put(struct xenvchan *xvc, const void *data, uint32_t size)
{
    xenvchan_ring_put(&xvc->write, data, size);
    return send_event_if_asked(xvc, VCHAN_NOTIFY_WRITE) ? -1 : (ssize_t)size;
}

static int check_buffer(const void *data, size_t size)
{
    return (data || !size) && size <= SSIZE_MAX ? 0 : xenlibs_fail(EINVAL);
}

ssize_t xenvchan_read(xenvchan *xvc, void *data, size_t size)
{
    int64_t ready;

    if (check_buffer(data, size))
        return -1;
    if (!size)
        return 0;
    ready = await(xvc, READING, 1, at_most_a_ring(size));
    return ready < 0 ? -1 : take(xvc, data, (uint32_t)ready);
}

ssize_t xenvchan_recv(xenvchan *xvc, void *data, size_t size)
{
    int64_t ready;

    if (check_buffer(data, size))
        return -1;
    if (can_never_fit(xvc, &xvc->read, size))
        return xenlibs_fail(EMSGSIZE);
    if (!size)
        return 0;
    ready = await(xvc, READING, (uint32_t)size, (uint32_t)size);
    if (ready < 0 && errno == EAGAIN && can_never_fit(xvc, &xvc->read, size))
        return xenlibs_fail(EMSGSIZE);
    return ready < 0 ? -1 : take(xvc, data, (uint32_t)ready);
}

ssize_t xenvchan_send(xenvchan *xvc, const void *data, size_t size)
{
    int64_t space;

    if (check_buffer(data, size))
        return -1;
    if (can_never_fit(xvc, &xvc->write, size))
        return xenlibs_fail(EMSGSIZE);
    if (!size)
        return 0;
    space = await(xvc, WRITING, (uint32_t)size, (uint32_t)size);
    return space < 0 ? -1 : put(xvc, data, (uint32_t)space);
}

ssize_t xenvchan_write(xenvchan *xvc, const void *data, size_t size)
{
    const unsigned char *bytes = data;
    size_t written = 0;

    if (check_buffer(data, size))
        return -1;
    while (written < size) {
        int64_t space = await(xvc, WRITING, 1, at_most_a_ring(size - written));

        if (space < 0)
            return errno == EAGAIN && written ? (ssize_t)written : -1;
        if (put(xvc, bytes + written, (uint32_t)space) < 0)
            return -1;
        written += (uint32_t)space;
    }
    return (ssize_t)written;
}

/* How much there is; more will be told by an event. */
static int amount(struct xenvchan *xvc, enum way way)
{
    bool ended = false;

    if (is_poisoned(xvc) || look_hard(xvc, way, UINT32_MAX, &ended))
        return xenlibs_fail(EPROTO);
    return (int)available(xvc, way);
}

int xenvchan_data_ready(xenvchan *xvc)
{
    return amount(xvc, READING);
}

int xenvchan_buffer_space(xenvchan *xvc)
{
    return amount(xvc, WRITING);
}
