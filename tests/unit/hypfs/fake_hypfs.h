/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A Xen with a filesystem in it, over fakexen: it answers the hypercall hypfs_op
 * as the public header says. A test makes entries, or answers in Xen's place.
 */
#ifndef XENLIBS_TESTS_FAKE_HYPFS_H
#define XENLIBS_TESTS_FAKE_HYPFS_H

#include "harness.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <xen/xen.h>
#include <xen/hypfs.h>

#include "fakexen.h"
#include "uapi_privcmd.h"
#include "xenhypfs.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define PRIVCMD "/dev/xen/privcmd"
#define HYPERCALL "/dev/xen/hypercall"

struct fake_entry {
    char path[XEN_HYPFS_MAX_PATHLEN];
    uint8_t type, encoding;
    uint32_t max_write_len;
    size_t size;
    unsigned char *content;
};

/* Makes the devices and an empty root directory; the interface is version 1. */
void fake_start(void);
/* The same, and opens a handle that must open. */
xenhypfs_handle *fake_open(void);

/* Makes an entry, or replaces it. The content is copied. */
struct fake_entry *fake_add(const char *path, uint8_t type, const void *content, size_t size);
struct fake_entry *fake_add_writable(const char *path, uint8_t type, const void *content,
                                     size_t size, uint32_t max_write_len);
/* Finds an entry that is there. */
struct fake_entry *fake_find(const char *path);

/* What get_version answers; -1 gives fake_version_errno. */
extern int fake_version;
extern int fake_version_errno;

/* Answers a read in the filesystem's place: 0, or an errno. @size is the buffer's. */
typedef int fake_read_fn(const char *path, void *buffer, size_t size);
extern fake_read_fn *fake_read;
/* The next writes fail with this errno. */
extern int fake_write_errno;

extern unsigned fake_reads, fake_writes; /* how many were asked for */

/*
 * A directory's content: appends an entry to @list, which starts as {.size = 0}.
 * fake_list_end() makes the last one the last.
 */
struct fake_list {
    size_t size, last;
    unsigned char bytes[1 << 16];
};
void fake_list_add(struct fake_list *list, const char *name, uint8_t type, uint32_t content_len,
                   uint32_t max_write_len);
void fake_list_end(struct fake_list *list);

#endif
