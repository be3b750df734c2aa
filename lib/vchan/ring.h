/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One direction of a channel: bytes in a ring whose size is a power of two, and
 * two indices that only grow, modulo 2^32. The producer's is ahead of the
 * consumer's by at most the size.
 *
 * Only our own index is ever written, from a copy that the peer cannot reach. The
 * peer's is read once, and believed only if it has moved forward, and no further
 * than it may.
 */
#ifndef XENLIBS_VCHAN_RING_H
#define XENLIBS_VCHAN_RING_H

#include <stddef.h>
#include <stdint.h>

#include <xen/io/libxenvchan.h>

enum {
    VCHAN_SMALL_ORDER = 10, /* in the shared page, at this power of two */
    VCHAN_LARGE_ORDER = 11, /* the same */
    VCHAN_PAGE_ORDER = 12,  /* from here on pages of its own */
    VCHAN_MAX_ORDER = 20
};
#define VCHAN_PAGE_SIZE 4096u

struct vchan_ring {
    uint32_t *our_index;         /* in the shared page; we write it */
    const uint32_t *their_index; /* in the shared page; the peer writes it */
    unsigned char *bytes;        /* shared too */
    uint32_t size;               /* the rest is private: the peer cannot change it */
    int order;
    uint32_t ours;   /* our index */
    uint32_t theirs; /* the peer's, as last believed */
};

/* Starts at what the shared page says. 0, or -1 with EPROTO if that cannot be. */
int xenvchan_ring_start_reading(struct vchan_ring *ring, struct ring_shared *shared, int order);
int xenvchan_ring_start_writing(struct vchan_ring *ring, struct ring_shared *shared, int order);

/* Reads the peer's index. 0, or -1 with EPROTO when it is not possible. */
int xenvchan_ring_look(struct vchan_ring *reading);
int xenvchan_ring_look_writing(struct vchan_ring *writing);

/* What the last look gave. */
static inline uint32_t vchan_ring_ready(const struct vchan_ring *reading)
{
    return reading->theirs - reading->ours;
}

static inline uint32_t vchan_ring_space(const struct vchan_ring *writing)
{
    return writing->size - (writing->ours - writing->theirs);
}

/* Copies, at most what is ready or has space, and tells the peer's side of the page. */
void xenvchan_ring_take(struct vchan_ring *reading, void *data, uint32_t size);
void xenvchan_ring_put(struct vchan_ring *writing, const void *data, uint32_t size);

/* The smallest orders that hold so many bytes; as upstream's server chooses them. */
void xenvchan_ring_orders(size_t left_min, size_t right_min, int *left, int *right);

/* Whether a pair of orders can be laid out in a page; what a client checks. */
int xenvchan_ring_orders_are_possible(unsigned left, unsigned right);

#endif
