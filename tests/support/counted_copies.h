/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Counts the copies of large arrays in what is linked into the program: those of at
 * least a given size by memcpy. For programs that are linked with --wrap=memcpy
 * (counted_copies.c); skips the test under a sanitizer, which has a memcpy of its own.
 */
#ifndef XENLIBS_TESTS_COUNTED_COPIES_H
#define XENLIBS_TESTS_COUNTED_COPIES_H

#include <stddef.h>

/* Counts from here on those of @bytes and more. */
void counted_copies_begin(size_t bytes);
/* How many there were since that, or since the last question. */
unsigned counted_copies(void);

#endif
