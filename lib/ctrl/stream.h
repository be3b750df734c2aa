/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Exported for upstream's libxenguest, which writes and reads files of saved domains. */
#ifndef XENCTRL_STREAM_H
#define XENCTRL_STREAM_H

#include <sys/uio.h>

#include "xenctrl/types.h"

/*
 * All of it, however many system calls it takes; interrupted ones are repeated.
 * Return: 0, or -1 with errno; 0 as errno means that the file ended.
 */
int read_exact(int fd, void *data, size_t size);
int write_exact(int fd, const void *data, size_t size);
/* The same for @count pieces; @iov stays as it is. */
int writev_exact(int fd, const struct iovec *iov, int count);

/* Lets the kernel forget what was read or written; with @flush written to disk first. */
void discard_file_cache(xc_interface *xch, int fd, int flush);

#endif
