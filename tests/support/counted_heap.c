/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "counted_heap.h"
#include "harness.h"

#include <errno.h>
#include <stdlib.h>

unsigned allocations;
unsigned failures_left;

#ifndef HEAP_IS_SANITIZED

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static int refuse(void)
{
    allocations++;
    if (!failures_left)
        return 0;
    failures_left--;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size)
{
    return refuse() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return refuse() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    return refuse() ? NULL : __libc_realloc(memory, size);
}

void *reallocarray(void *memory, size_t count, size_t size)
{
    return refuse() ? NULL : __libc_realloc(memory, count * size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return refuse() ? NULL : __libc_memalign(alignment, size);
}

#endif
