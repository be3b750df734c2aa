/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pages that Xen can reach, fresh from the kernel. */
#ifndef XENCALL_MAPPING_H
#define XENCALL_MAPPING_H

#include <stddef.h>
#include <stdint.h>

#define XEN_PAGE_SIZE ((size_t)4096)
/* More fit into no address space. */
#define MAPPING_MAX_PAGES (PTRDIFF_MAX / XEN_PAGE_SIZE)

/*
 * Maps @nr_pages (up to MAPPING_MAX_PAGES) of zeroes: of the hypercall device
 * if @device_fd is open, else (-1) of locked memory that a child does not
 * inherit. Returns NULL with the errno of mmap(2) or madvise(2).
 */
void *xencall_mapping_create(int device_fd, size_t nr_pages);

/* Keeps errno. */
void xencall_mapping_destroy(void *start, size_t nr_pages);

#endif
