/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "counted_heap.h"
#include "harness.h"

#include <errno.h>
#include <stdlib.h>

unsigned allocations;
unsigned failures_left;
unsigned failures_after;
unsigned blocks;

#ifndef HEAP_IS_SANITIZED

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);

static int refuse(void)
{
    __atomic_fetch_add(&allocations, 1, __ATOMIC_RELAXED);
    if (!failures_left)
        return 0;
    if (failures_after) {
        failures_after--;
        return 0;
    }
    failures_left--;
    errno = ENOMEM;
    return 1;
}

static void *count(void *block)
{
    if (block)
        __atomic_fetch_add(&blocks, 1, __ATOMIC_RELAXED);
    return block;
}

void free(void *memory)
{
    if (memory)
        __atomic_fetch_sub(&blocks, 1, __ATOMIC_RELAXED);
    __libc_free(memory);
}

void *malloc(size_t size)
{
    return refuse() ? NULL : count(__libc_malloc(size));
}

void *calloc(size_t number, size_t size)
{
    return refuse() ? NULL : count(__libc_calloc(number, size));
}

void *realloc(void *memory, size_t size)
{
    if (refuse())
        return NULL;
    return memory ? __libc_realloc(memory, size) : count(__libc_malloc(size));
}

void *reallocarray(void *memory, size_t number, size_t size)
{
    return realloc(memory, number * size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return refuse() ? NULL : count(__libc_memalign(alignment, size));
}

#endif
