/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A hypercall on one path, with the memory that Xen reads and writes for it. */
#ifndef XENLIBS_HYPFS_REQUEST_H
#define XENLIBS_HYPFS_REQUEST_H

#include <stddef.h>

#include "handle.h"

struct xenhypfs_request {
    xencall_handle *xcall;
    unsigned char *data; /* zeroed; the path lies behind it in the same buffer */
    size_t size;
    const char *path;
    size_t path_size; /* with the NUL */
};

/*
 * Prepares a request on @path with @size bytes of data. Returns 0, or -1 with
 * EBADF (no handle), EINVAL (no path), ENAMETOOLONG, or the errnos of
 * xencall_alloc_buffer().
 */
int xenhypfs_request_begin(struct xenhypfs_request *request, xenhypfs_handle *fshdl,
                           const char *path, size_t size);

/* Makes the hypercall XEN_HYPFS_OP_@op. Returns 0, or -1 with errno. */
int xenhypfs_request_make(struct xenhypfs_request *request, unsigned int op);

/* Keeps errno. */
void xenhypfs_request_end(struct xenhypfs_request *request);

#endif
