/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxenstore: permissions and small helpers, which need no connection.
 *
 * Nothing here blocks or talks to xenstored, and everything may be called from
 * several threads and after fork(2), except as said.
 */
#ifndef XENSTORE_LIB_H
#define XENSTORE_LIB_H

/* Programs have relied on this header for all of them. */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xen/io/xs_wire.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What one domain may do with a node; of the first in a list, see below. */
struct xs_permissions {
    unsigned int id;    /* the domain */
    unsigned int perms; /* XS_PERM_READ and XS_PERM_WRITE, or XS_PERM_NONE */
};

#define XS_PERM_NONE 0x00
#define XS_PERM_READ 0x01
#define XS_PERM_WRITE 0x02
/* xenstored's own: they neither come with a reply nor have an effect in a request. */
#define XS_PERM_ENOENT_OK 0x04
#define XS_PERM_OWNER 0x08
#define XS_PERM_IGNORE 0x10

/* Room enough for an integer in decimal, its sign and the final NUL. */
#define MAX_STRLEN(x) (sizeof(x) * 3 + 2)

/**
 * xs_daemon_rundir() - the directory in which xenstored has its socket
 *
 * Return: $XENSTORED_RUNDIR, or else "/var/run/xenstored". It belongs to the
 * environment or the library. Cannot fail.
 */
const char *xs_daemon_rundir(void);

/**
 * xs_daemon_socket() - the path of xenstored's socket
 *
 * Return: $XENSTORED_PATH, or else "socket" in xs_daemon_rundir(). The text stays
 * as it is until this thread calls the function again. NULL with errno:
 *   ENAMETOOLONG  the path does not fit into PATH_MAX bytes
 */
const char *xs_daemon_socket(void);

/**
 * xs_daemon_socket_ro() - the same as xs_daemon_socket()
 *
 * xenstored has had no socket for readers since Xen 4.13; the name remains.
 */
const char *xs_daemon_socket_ro(void);

/**
 * xs_write_all() - write all of a buffer
 * @fd: the descriptor; a non-blocking one ends the call with EAGAIN
 * @data: the bytes
 * @len: how many
 *
 * Goes on after a signal and after a part was written.
 *
 * Return: true, or false with the errno of write(2), or with ENOSPC when the
 * descriptor takes no more; a part may have been written. SIGPIPE is the
 * caller's matter, as with write(2).
 *
 * Blocking: as write(2) on @fd does.
 */
bool xs_write_all(int fd, const void *data, unsigned int len);

/**
 * xs_strings_to_perms() - read permissions in xenstore's notation
 * @perms: where they are put
 * @num: how many there are
 * @strings: @num strings, one after the other, each with its NUL: "n", "r", "w"
 *           or "b" (nothing, reading, writing, both), followed by the domain in
 *           decimal, as in "r5"
 *
 * Return: true, or false with errno:
 *   EINVAL      a string is not of this form; @perms may be filled in part
 */
bool xs_strings_to_perms(struct xs_permissions *perms, unsigned int num,
                         const char *strings);

#ifdef __cplusplus
}
#endif

#endif /* XENSTORE_LIB_H */
