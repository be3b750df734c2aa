/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "entry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NAME_OFFSET offsetof(struct xen_hypfs_dirlistentry, name)

/* What is left of the list that a directory's content is. */
struct list {
    const char *next;
    size_t left;
};

struct item {
    struct xen_hypfs_direntry info;
    const char *name;
    size_t name_size; /* with the NUL */
};

/* A name that leads nowhere or elsewhere would lead a caller astray. */
static bool is_name(const struct item *item)
{
    return item->name_size > 1 && !memchr(item->name, '/', item->name_size);
}

/* Takes the next item off the list. False: the list makes no sense. */
static bool take(struct list *list, struct item *item)
{
    uint16_t off_next;
    size_t size;
    const char *nul;

    if (list->left < NAME_OFFSET)
        return false;
    memcpy(&item->info, list->next, sizeof(item->info));
    memcpy(&off_next, list->next + offsetof(struct xen_hypfs_dirlistentry, off_next),
           sizeof(off_next));
    size = off_next ? off_next : list->left; /* the last one has the rest */
    if (size < NAME_OFFSET || size > list->left || (off_next && size == list->left))
        return false;
    item->name = list->next + NAME_OFFSET;
    nul = memchr(item->name, '\0', size - NAME_OFFSET);
    if (!nul)
        return false;
    item->name_size = (size_t)(nul - item->name) + 1;
    list->next += size;
    list->left -= size;
    return is_name(item);
}

/* Checks the list, and counts its items and the bytes of their names. */
static bool measure(struct list list, unsigned int *count, size_t *name_bytes)
{
    struct item item;

    *count = 0;
    *name_bytes = 0;
    while (list.left) {
        if (!take(&list, &item))
            return false;
        ++*count;
        *name_bytes += item.name_size;
    }
    return true;
}

static void fill(struct list list, struct xenhypfs_dirent *dirents, char *names)
{
    struct item item;

    for (; list.left && take(&list, &item); dirents++) {
        *dirents = xenhypfs_entry_describe(&item.info);
        dirents->name = memcpy(names, item.name, item.name_size);
        names += item.name_size;
    }
}

/* One block, so that one free() gives it back: the array, then the names. */
static struct xenhypfs_dirent *list_to_array(struct list list, unsigned int *num_entries)
{
    struct xenhypfs_dirent *dirents;
    unsigned int count;
    size_t name_bytes;

    if (!measure(list, &count, &name_bytes)) {
        errno = EPROTO;
        return NULL;
    }
    dirents = malloc(count * sizeof(*dirents) + name_bytes + 1);
    if (!dirents)
        return NULL;
    fill(list, dirents, (char *)(dirents + count));
    *num_entries = count;
    return dirents;
}

static struct xenhypfs_dirent *entry_to_array(const struct xenhypfs_entry *entry,
                                              unsigned int *num_entries)
{
    if (entry->about.type != xenhypfs_type_dir) {
        errno = ENOTDIR;
        return NULL;
    }
    if (entry->about.encoding != xenhypfs_enc_plain) {
        errno = EPROTO;
        return NULL;
    }
    return list_to_array((struct list){entry->content, entry->about.size}, num_entries);
}

struct xenhypfs_dirent *xenhypfs_readdir(xenhypfs_handle *fshdl, const char *path,
                                         unsigned int *num_entries)
{
    int saved = errno;
    struct xenhypfs_entry entry;
    struct xenhypfs_dirent *dirents;

    if (!num_entries) {
        errno = fshdl ? EINVAL : EBADF;
        return NULL;
    }
    if (xenhypfs_entry_read(fshdl, path, &entry))
        return NULL;
    dirents = entry_to_array(&entry, num_entries);
    if (dirents)
        errno = saved;
    saved = errno;
    free(entry.content);
    errno = saved;
    return dirents;
}
