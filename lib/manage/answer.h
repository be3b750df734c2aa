/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Structs that grow from release to release of this library, as callers know them. */
#ifndef XENLIBS_MANAGE_ANSWER_H
#define XENLIBS_MANAGE_ANSWER_H

#include <stddef.h>

/*
 * Both are for structs that begin with their size. @known is how large this
 * library's is: the caller's, of @size, may be larger if its header is newer.
 *
 * Checks a size that a caller has set: 0, or -1 with EINVAL.
 */
int xenmanage_check_size(const size_t *size, size_t known);

/* Stores the answer at @to, and 0 in what lies behind what is known. */
void xenmanage_store_answer(void *to, size_t size, const void *answer, size_t known);

#endif
