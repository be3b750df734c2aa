/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "entry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "request.h"

#define HEADER_SIZE sizeof(struct xen_hypfs_direntry)
#define MOST (HEADER_SIZE + XENHYPFS_CONTENT_MAX)

/* What most entries fit into, with the path, in one page. */
enum { FIRST_SIZE = 3072 };

/* A type or encoding of some later Xen can still be read as bytes. */
struct xenhypfs_dirent xenhypfs_entry_describe(const struct xen_hypfs_direntry *info)
{
    static const enum xenhypfs_type types[] = {
        [XEN_HYPFS_TYPE_DIR] = xenhypfs_type_dir,
        [XEN_HYPFS_TYPE_BLOB] = xenhypfs_type_blob,
        [XEN_HYPFS_TYPE_STRING] = xenhypfs_type_string,
        [XEN_HYPFS_TYPE_UINT] = xenhypfs_type_uint,
        [XEN_HYPFS_TYPE_INT] = xenhypfs_type_int,
        [XEN_HYPFS_TYPE_BOOL] = xenhypfs_type_bool,
    };
    struct xenhypfs_dirent about = {
        .size = info->content_len,
        .type = xenhypfs_type_blob,
        .encoding = xenhypfs_enc_plain,
        .flags = info->max_write_len ? XENHYPFS_FLAG_WRITABLE : 0,
    };

    if (info->encoding > XEN_HYPFS_ENC_GZIP)
        return about;
    if (info->encoding == XEN_HYPFS_ENC_GZIP)
        about.encoding = xenhypfs_enc_gzip;
    if (info->type < sizeof(types) / sizeof(types[0]))
        about.type = (unsigned short)types[info->type];
    return about;
}

/*
 * Asks Xen for the entry. Returns 0 and what it is; the content is in the
 * request if it fits, else *@fits is false.
 */
static int ask(struct xenhypfs_request *request, struct xen_hypfs_direntry *info, bool *fits)
{
    int rc = xenhypfs_request_make(request, XEN_HYPFS_OP_read);

    if (rc && errno != ENOBUFS)
        return -1;
    memcpy(info, request->data, HEADER_SIZE);
    *fits = rc == 0;
    if (*fits != (info->content_len <= request->size - HEADER_SIZE))
        return xenlibs_fail(EPROTO);
    return 0;
}

static void *copy_content(const struct xenhypfs_request *request, size_t size)
{
    char *content = malloc(size + 1);

    if (!content)
        return NULL;
    memcpy(content, request->data + HEADER_SIZE, size);
    content[size] = '\0';
    return content;
}

/* Tries with a buffer of this size. */
static int try_read(xenhypfs_handle *fshdl, const char *path, size_t size, bool *fits,
                    struct xenhypfs_entry *entry)
{
    struct xenhypfs_request request;
    struct xen_hypfs_direntry info;
    int rc;

    if (xenhypfs_request_begin(&request, fshdl, path, size))
        return -1;
    rc = ask(&request, &info, fits);
    if (!rc) {
        entry->about = xenhypfs_entry_describe(&info);
        entry->content = *fits ? copy_content(&request, info.content_len) : NULL;
        if (*fits && !entry->content)
            rc = -1;
    }
    xenhypfs_request_end(&request);
    return rc;
}

/* An entry may grow between two tries; doubling sees to it that they end. */
static size_t larger(size_t size, size_t content_size)
{
    size_t wanted = HEADER_SIZE + content_size;

    if (wanted < 2 * size)
        wanted = 2 * size;
    return wanted < MOST ? wanted : MOST;
}

/* The root is called by the only name it has. */
static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return path;
    return slash[1] ? slash + 1 : slash;
}

int xenhypfs_entry_read(xenhypfs_handle *fshdl, const char *path, struct xenhypfs_entry *entry)
{
    size_t size = FIRST_SIZE;
    bool fits;

    for (;;) {
        if (try_read(fshdl, path, size, &fits, entry))
            return -1;
        if (fits)
            break;
        if (entry->about.size > XENHYPFS_CONTENT_MAX)
            return xenlibs_fail(EFBIG);
        size = larger(size, entry->about.size);
    }
    entry->about.name = (char *)last_part(path);
    return 0;
}

int xenhypfs_entry_look(xenhypfs_handle *fshdl, const char *path, struct xenhypfs_dirent *about)
{
    struct xenhypfs_request request;
    struct xen_hypfs_direntry info;
    bool fits;
    int rc;

    if (xenhypfs_request_begin(&request, fshdl, path, HEADER_SIZE))
        return -1;
    rc = ask(&request, &info, &fits);
    xenhypfs_request_end(&request);
    if (!rc)
        *about = xenhypfs_entry_describe(&info);
    return rc;
}

int xenhypfs_entry_write(xenhypfs_handle *fshdl, const char *path, const void *content,
                         size_t size)
{
    struct xenhypfs_request request;
    int rc;

    if (size > XENHYPFS_CONTENT_MAX)
        return xenlibs_fail(ENOSPC);
    if (xenhypfs_request_begin(&request, fshdl, path, size))
        return -1;
    memcpy(request.data, content, size);
    rc = xenhypfs_request_make(&request, XEN_HYPFS_OP_write_contents);
    xenhypfs_request_end(&request);
    return rc;
}
