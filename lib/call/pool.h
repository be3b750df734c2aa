/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The buffers that a handle keeps for reuse, by size class.
 *
 * Classes are 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, … 1024 pages: four to
 * each doubling, so that rounding up adds a quarter at most.
 */
#ifndef XENCALL_POOL_H
#define XENCALL_POOL_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

enum {
    POOL_CLASSES = 36,
    POOL_LARGEST_PAGES = 1024,
    POOL_BUFFERS_PER_CLASS = 16,
    POOL_TOTAL_PAGES = 4096,
};

struct pool_class {
    unsigned count;
    void *buffers[POOL_BUFFERS_PER_CLASS];
};
struct pool_statistics {
    unsigned long allocations; /* asked for */
    unsigned long reused;      /* served from the pool */
    unsigned long held;        /* by the caller, now */
    unsigned long held_max;
};
struct pool {
    pthread_mutex_t mutex;
    bool shared_by_threads; /* else the mutex is left alone */
    size_t pooled_pages;
    struct pool_statistics statistics;
    struct pool_class classes[POOL_CLASSES];
};

void xencall_pool_init(struct pool *pool, bool shared_by_threads);

/* Ends the pool; with @unmap also the buffers in it. Takes no lock. */
void xencall_pool_destroy(struct pool *pool, bool unmap);

static inline void pool_lock(struct pool *pool)
{
    if (pool->shared_by_threads)
        pthread_mutex_lock(&pool->mutex);
}

static inline void pool_unlock(struct pool *pool)
{
    if (pool->shared_by_threads)
        pthread_mutex_unlock(&pool->mutex);
}

/* How many pages to map for a buffer of @nr_pages, so that the pool can keep it. */
size_t xencall_pool_round_up(size_t nr_pages);

/* A kept buffer for @nr_pages, or NULL. Counts the allocation in either case. */
void *xencall_pool_take(struct pool *pool, size_t nr_pages);

/*
 * Keeps @buffer, which has xencall_pool_round_up(@nr_pages) pages. False if there is no
 * room: the caller unmaps it.
 */
bool xencall_pool_give(struct pool *pool, void *buffer, size_t nr_pages);

/* Takes back the count of an allocation that failed after all. */
void xencall_pool_forget_allocation(struct pool *pool);

/* Unmaps all that is kept. Returns whether there was anything. */
bool xencall_pool_empty(struct pool *pool);

#endif
