/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef XENLIBS_HYPFS_INFLATE_H
#define XENLIBS_HYPFS_INFLATE_H

#include <stddef.h>

/*
 * Inflates what gzip packed, up to @most bytes. Returns text from malloc with a
 * NUL behind it, or NULL with EIO (not gzip's, damaged or cut short), EFBIG
 * (more than @most) or ENOMEM.
 */
char *xenhypfs_inflate(const void *packed, size_t size, size_t most);

#endif
