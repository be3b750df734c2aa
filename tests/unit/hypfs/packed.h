/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What gzip makes of a text. */
#ifndef XENLIBS_TESTS_PACKED_H
#define XENLIBS_TESTS_PACKED_H

#include <stddef.h>

/* Packs @size bytes; returns memory from malloc, *@packed_size bytes of it. */
void *pack(const void *text, size_t size, size_t *packed_size);

#endif
