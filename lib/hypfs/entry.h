/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One entry of the filesystem, as Xen has it. */
#ifndef XENLIBS_HYPFS_ENTRY_H
#define XENLIBS_HYPFS_ENTRY_H

#include <stddef.h>
#include <stdint.h>
#include <xen/xen.h>
#include <xen/hypfs.h>

#include "handle.h"

/* The most that is taken from Xen, and the most that it may inflate to. */
#define XENHYPFS_CONTENT_MAX ((size_t)16 << 20)

struct xenhypfs_entry {
    struct xenhypfs_dirent about; /* its name is a part of the path asked for */
    void *content;                /* from malloc: about.size bytes, and a NUL */
};

/* What Xen says about an entry, in the terms of the public header; no name. */
struct xenhypfs_dirent xenhypfs_entry_describe(const struct xen_hypfs_direntry *info);

/* Reads an entry. Returns 0 and an entry whose content is to be freed, or -1. */
int xenhypfs_entry_read(xenhypfs_handle *fshdl, const char *path, struct xenhypfs_entry *entry);

/* Learns what an entry is, without its content. */
int xenhypfs_entry_look(xenhypfs_handle *fshdl, const char *path,
                        struct xenhypfs_dirent *about);

/* Replaces the content. */
int xenhypfs_entry_write(xenhypfs_handle *fshdl, const char *path, const void *content,
                         size_t size);

#endif
