/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "entry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "inflate.h"
#include "value.h"

/* One block, with the name behind it. */
static struct xenhypfs_dirent *copy_dirent(const struct xenhypfs_dirent *about)
{
    size_t name_size = strlen(about->name) + 1;
    struct xenhypfs_dirent *copy = malloc(sizeof(*copy) + name_size);

    if (!copy)
        return NULL;
    *copy = *about;
    copy->name = memcpy(copy + 1, about->name, name_size);
    return copy;
}

void *xenhypfs_read_raw(xenhypfs_handle *fshdl, const char *path,
                        struct xenhypfs_dirent **dirent)
{
    int saved = errno;
    struct xenhypfs_entry entry;
    struct xenhypfs_dirent *copy = NULL;

    if (xenhypfs_entry_read(fshdl, path, &entry))
        return NULL;
    if (dirent) {
        copy = copy_dirent(&entry.about);
        if (!copy) {
            free(entry.content);
            return NULL;
        }
        *dirent = copy;
    }
    errno = saved;
    return entry.content;
}

static char *string_to_text(struct xenhypfs_entry *entry)
{
    char *text;

    if (entry->about.encoding == xenhypfs_enc_gzip)
        return xenhypfs_inflate(entry->content, entry->about.size, XENHYPFS_CONTENT_MAX);
    text = entry->content; /* its NUL is there already */
    entry->content = NULL;
    return text;
}

/* May take the content over. */
static char *to_text(struct xenhypfs_entry *entry)
{
    switch (entry->about.type) {
    case xenhypfs_type_string: return string_to_text(entry);
    case xenhypfs_type_dir: errno = EISDIR; return NULL;
    default: return xenhypfs_value_to_text(entry);
    }
}

char *xenhypfs_read(xenhypfs_handle *fshdl, const char *path)
{
    int saved = errno;
    struct xenhypfs_entry entry;
    char *text;

    if (xenhypfs_entry_read(fshdl, path, &entry))
        return NULL;
    text = to_text(&entry);
    if (text)
        errno = saved;
    saved = errno;
    free(entry.content);
    errno = saved;
    return text;
}
