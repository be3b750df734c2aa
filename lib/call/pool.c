/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pool.h"
#include "mapping.h"

/* The class of buffers of @nr_pages (1 to POOL_LARGEST_PAGES). */
static unsigned class_of(size_t nr_pages)
{
    unsigned last = (unsigned)nr_pages - 1;
    unsigned shift;

    if (last < 4)
        return last;
    shift = 31 - (unsigned)__builtin_clz(last) - 2;
    return 4 * shift + (last >> shift);
}

static size_t pages_of_class(unsigned class)
{
    unsigned shift = class < 4 ? 0 : class / 4 - 1;

    return ((size_t)(class - 4 * shift) + 1) << shift;
}

size_t xencall_pool_round_up(size_t nr_pages)
{
    return nr_pages > POOL_LARGEST_PAGES ? nr_pages : pages_of_class(class_of(nr_pages));
}

void xencall_pool_init(struct pool *pool, bool shared_by_threads)
{
    pthread_mutex_init(&pool->mutex, NULL);
    pool->shared_by_threads = shared_by_threads;
}

static void count_allocation(struct pool_statistics *statistics)
{
    statistics->allocations++;
    if (++statistics->held > statistics->held_max)
        statistics->held_max = statistics->held;
}

static void *take_from_class(struct pool *pool, unsigned class)
{
    struct pool_class *kept = &pool->classes[class];

    if (!kept->count)
        return NULL;
    pool->pooled_pages -= pages_of_class(class);
    return kept->buffers[--kept->count];
}

void *xencall_pool_take(struct pool *pool, size_t nr_pages)
{
    void *buffer = NULL;

    pool_lock(pool);
    count_allocation(&pool->statistics);
    if (nr_pages <= POOL_LARGEST_PAGES)
        buffer = take_from_class(pool, class_of(nr_pages));
    if (buffer)
        pool->statistics.reused++;
    pool_unlock(pool);
    return buffer;
}

static bool give_to_class(struct pool *pool, void *buffer, unsigned class)
{
    struct pool_class *kept = &pool->classes[class];
    size_t nr_pages = pages_of_class(class);

    if (kept->count == POOL_BUFFERS_PER_CLASS ||
        pool->pooled_pages + nr_pages > POOL_TOTAL_PAGES)
        return false;
    pool->pooled_pages += nr_pages;
    kept->buffers[kept->count++] = buffer;
    return true;
}

bool xencall_pool_give(struct pool *pool, void *buffer, size_t nr_pages)
{
    bool kept = false;

    pool_lock(pool);
    pool->statistics.held--;
    if (nr_pages <= POOL_LARGEST_PAGES)
        kept = give_to_class(pool, buffer, class_of(nr_pages));
    pool_unlock(pool);
    return kept;
}

void xencall_pool_forget_allocation(struct pool *pool)
{
    pool_lock(pool);
    pool->statistics.allocations--;
    pool->statistics.held--;
    pool_unlock(pool);
}

static bool empty_class(struct pool *pool, unsigned class)
{
    bool any = false;
    void *buffer;

    while ((buffer = take_from_class(pool, class))) {
        xencall_mapping_destroy(buffer, pages_of_class(class));
        any = true;
    }
    return any;
}

static bool empty_unlocked(struct pool *pool)
{
    bool any = false;

    for (unsigned class = 0; class < POOL_CLASSES; class++)
        any |= empty_class(pool, class);
    return any;
}

bool xencall_pool_empty(struct pool *pool)
{
    bool any;

    pool_lock(pool);
    any = empty_unlocked(pool);
    pool_unlock(pool);
    return any;
}

void xencall_pool_destroy(struct pool *pool, bool unmap)
{
    if (unmap)
        empty_unlocked(pool);
    pthread_mutex_destroy(&pool->mutex);
}
