/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "ring.h"

#include <errno.h>
#include <string.h>

#include "shared_memory.h"

static int protocol_error(void)
{
    errno = EPROTO;
    return -1;
}

static void set_size(struct vchan_ring *ring, int order)
{
    ring->order = order;
    ring->size = (uint32_t)1 << order;
}

int xenvchan_ring_start_reading(struct vchan_ring *ring, struct ring_shared *shared, int order)
{
    set_size(ring, order);
    ring->our_index = &shared->cons;
    ring->their_index = &shared->prod;
    ring->ours = xenlibs_shared_load32(&shared->cons);
    ring->theirs = xenlibs_shared_load32(&shared->prod);
    return vchan_ring_ready(ring) > ring->size ? protocol_error() : 0;
}

int xenvchan_ring_start_writing(struct vchan_ring *ring, struct ring_shared *shared, int order)
{
    set_size(ring, order);
    ring->our_index = &shared->prod;
    ring->their_index = &shared->cons;
    ring->ours = xenlibs_shared_load32(&shared->prod);
    ring->theirs = xenlibs_shared_load32(&shared->cons);
    return ring->ours - ring->theirs > ring->size ? protocol_error() : 0;
}

/* @room is how far the peer's index may have moved; a step back is a huge one. */
static int believe(struct vchan_ring *ring, uint32_t room)
{
    uint32_t theirs = xenlibs_shared_load32(ring->their_index);

    if (theirs - ring->theirs > room)
        return protocol_error();
    ring->theirs = theirs;
    return 0;
}

int xenvchan_ring_look(struct vchan_ring *reading)
{
    return believe(reading, reading->size - vchan_ring_ready(reading));
}

int xenvchan_ring_look_writing(struct vchan_ring *writing)
{
    return believe(writing, writing->ours - writing->theirs);
}

/* The bytes from @index to the end of the ring, or @size if that is less. */
static uint32_t before_the_end(const struct vchan_ring *ring, uint32_t size)
{
    uint32_t left = ring->size - (ring->ours & (ring->size - 1));

    return size < left ? size : left;
}

void xenvchan_ring_take(struct vchan_ring *reading, void *data, uint32_t size)
{
    uint32_t first = before_the_end(reading, size);

    memcpy(data, reading->bytes + (reading->ours & (reading->size - 1)), first);
    if (first < size)
        memcpy((unsigned char *)data + first, reading->bytes, size - first);
    reading->ours += size;
    xenlibs_shared_publish32(reading->our_index, reading->ours);
}

void xenvchan_ring_put(struct vchan_ring *writing, const void *data, uint32_t size)
{
    uint32_t first = before_the_end(writing, size);

    memcpy(writing->bytes + (writing->ours & (writing->size - 1)), data, first);
    if (first < size)
        memcpy(writing->bytes, (const unsigned char *)data + first, size - first);
    writing->ours += size;
    xenlibs_shared_publish32(writing->our_index, writing->ours);
}

static int order_with_pages(size_t min)
{
    int order = VCHAN_PAGE_ORDER;

    while ((size_t)1 << order < min)
        order++;
    return order;
}

/* What fits goes into the shared page, which has one place of each small order. */
void xenvchan_ring_orders(size_t left_min, size_t right_min, int *left, int *right)
{
    const size_t small = (size_t)1 << VCHAN_SMALL_ORDER, large = (size_t)1 << VCHAN_LARGE_ORDER;

    *left = order_with_pages(left_min);
    *right = order_with_pages(right_min);
    if (left_min <= small && right_min <= large) {
        *left = VCHAN_SMALL_ORDER;
        *right = VCHAN_LARGE_ORDER;
    } else if (left_min <= large && right_min <= small) {
        *left = VCHAN_LARGE_ORDER;
        *right = VCHAN_SMALL_ORDER;
    } else if (left_min <= large) {
        *left = VCHAN_LARGE_ORDER;
    } else if (right_min <= large) {
        *right = VCHAN_LARGE_ORDER;
    }
}

static size_t end_of_references(unsigned left, unsigned right)
{
    size_t pages = 0;

    if (left >= VCHAN_PAGE_ORDER)
        pages += (size_t)1 << (left - VCHAN_PAGE_ORDER);
    if (right >= VCHAN_PAGE_ORDER)
        pages += (size_t)1 << (right - VCHAN_PAGE_ORDER);
    return sizeof(struct vchan_interface) + pages * sizeof(uint32_t);
}

static int order_is_possible(unsigned order, size_t references_end)
{
    if (order < VCHAN_SMALL_ORDER || order > VCHAN_MAX_ORDER)
        return 0;
    return order >= VCHAN_PAGE_ORDER || references_end <= (size_t)1 << order;
}

int xenvchan_ring_orders_are_possible(unsigned left, unsigned right)
{
    size_t end;

    if (left > VCHAN_MAX_ORDER || right > VCHAN_MAX_ORDER)
        return 0;
    if (left == right && left < VCHAN_PAGE_ORDER)
        return 0; /* both in one place */
    end = end_of_references(left, right);
    return order_is_possible(left, end) && order_is_possible(right, end) && end <= VCHAN_PAGE_SIZE;
}
