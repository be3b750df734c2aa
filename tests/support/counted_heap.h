/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * For tests of what the heap is asked for: counts allocations and makes them fail.
 * Add counted_heap.c to the program's sources; it takes the place of libc's malloc
 * and its like, unless a sanitizer owns the heap (HEAP_IS_SANITIZED).
 */
#ifndef XENLIBS_TESTS_COUNTED_HEAP_H
#define XENLIBS_TESTS_COUNTED_HEAP_H

extern unsigned allocations;   /* made so far, those that failed too */
extern unsigned failures_left; /* how many of the next ones fail with ENOMEM ... */
extern unsigned failures_after; /* ... after so many that do not */
extern unsigned blocks;         /* allocated now and not freed */

#endif
