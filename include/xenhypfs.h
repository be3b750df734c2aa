/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxenhypfs: the filesystem inside Xen, since 4.14: what this Xen is and how
 * it was built (/buildinfo), its command line's parameters (/params), its CPU
 * pools (/cpupool). Some entries can be written.
 *
 * A path starts with a slash; it and its NUL take up to 1024 bytes. Every entry
 * is a directory, or has a content of one of the types below.
 *
 * What fails gives -1 or NULL with errno; success keeps errno. Next to those
 * listed with each, every function with a handle may fail with
 *   EBADF         the handle is NULL
 *   EINVAL        another pointer is NULL; or Xen finds the path malformed
 *   ENAMETOOLONG  the path takes more than 1024 bytes
 *   ENOENT        there is no such entry
 *   EPERM         this domain, or its user space, may not make the hypercall
 *   ENOTTY, EACCES
 *                 the handle was restricted by xentoolcore_restrict_all()
 *   EFBIG         the content is larger than 16 MiB
 *   EPROTO        what Xen answered makes no sense
 *   ENOMEM        out of memory
 *   EAGAIN, EFAULT
 *                 only without /dev/xen/hypercall: RLIMIT_MEMLOCK allows no more
 *                 locked memory; the kernel was just moving it, try again
 *   EINTR         a signal arrived before the hypercall was made
 * and whatever else Xen says. Nothing is left behind by a failure, and the
 * handle stays good after each. Only xenhypfs_open() logs.
 *
 * Blocking: as long as Xen takes. Threads: safe, save for closing. Fork: a
 * child may close an inherited handle, or exec, and nothing else; exec releases
 * everything. Beneath: the hypercall hypfs_op, through libxencall.
 */
#ifndef XENHYPFS_H
#define XENHYPFS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Only callers with a logger of their own need <xentoollog.h>. */
struct xentoollog_logger;

typedef struct xenhypfs_handle xenhypfs_handle;

enum xenhypfs_type {
    xenhypfs_type_dir,
    xenhypfs_type_blob, /* bytes; also what is of a type unknown here */
    xenhypfs_type_string,
    xenhypfs_type_uint, /* 1, 2, 4 or 8 bytes */
    xenhypfs_type_int,
    xenhypfs_type_bool,
};

enum xenhypfs_encoding {
    xenhypfs_enc_plain,
    xenhypfs_enc_gzip
};

struct xenhypfs_dirent {
    char *name;              /* without its path; the root's is "/" */
    size_t size;             /* of the content as Xen keeps it, in bytes */
    unsigned short type;     /* enum xenhypfs_type */
    unsigned short encoding; /* enum xenhypfs_encoding */
    unsigned int flags;      /* XENHYPFS_FLAG_* */
};
#define XENHYPFS_FLAG_WRITABLE 0x00000001

/**
 * xenhypfs_open() - open a handle
 * @logger:     takes the reason why an open failed; needed until it returns for
 *              that, but must outlive the handle. NULL: stderr
 * @open_flags: no flag is defined; ignored, 0 is best
 *
 * Return: the handle, to be given to xenhypfs_close(), or NULL with errno,
 * logged too:
 *   ENOENT, ENXIO, ENODEV
 *                   no Xen beneath, or its driver is not loaded
 *   EACCES          this user may not open the device
 *   EPERM           the same; or this domain may not make the hypercall
 *   ENOSYS          this Xen has no such filesystem: older than 4.14, or built
 *                   without CONFIG_HYPFS
 *   EMFILE, ENFILE  no descriptor left
 *   ENOMEM          out of memory (not logged)
 *   EPROTO          Xen's version of the interface makes no sense
 *
 * Blocking: also while xentoolcore_restrict_all() runs elsewhere. Beneath:
 * xencall_open(), and one hypercall.
 */
xenhypfs_handle *xenhypfs_open(struct xentoollog_logger *logger, unsigned int open_flags);

/**
 * xenhypfs_close() - close a handle
 * @fshdl: may be NULL
 *
 * Return: 0, always. Keeps errno. What was read stays the caller's.
 *
 * Threads: no other thread may still use @fshdl. Fork: allowed in the child; the
 * parent's handle is not affected.
 */
int xenhypfs_close(xenhypfs_handle *fshdl);

/**
 * xenhypfs_read_raw() - read an entry's content as Xen keeps it
 * @dirent: what the entry is, if not NULL; left alone on failure
 *
 * Return: the content, (*@dirent)->size bytes, which is a directory's too; or
 * NULL with errno as listed at the top. The content and *@dirent are two blocks
 * from malloc(3): free(3) each.
 *
 * Beneath: one hypercall for up to 3 KiB, as a rule two for more.
 */
void *xenhypfs_read_raw(xenhypfs_handle *fshdl, const char *path,
                        struct xenhypfs_dirent **dirent);

/**
 * xenhypfs_read() - read an entry's content as text
 *
 * A string is given as it is, inflated if it is compressed; a number in
 * decimal; a bool as 0 or 1.
 *
 * Return: the text, to be given to free(3), or NULL with errno:
 *   EISDIR  it is a directory
 *   EDOM    it is a blob; or a number of a size or encoding unknown here
 *   EIO     it is compressed, and damaged
 *   EFBIG   also: the text has more than 16 MiB
 * and as listed at the top. Beneath: as xenhypfs_read_raw().
 */
char *xenhypfs_read(xenhypfs_handle *fshdl, const char *path);

/**
 * xenhypfs_readdir() - list a directory
 * @num_entries: how many entries it has; left alone on failure
 *
 * No name is empty or has a slash in it.
 *
 * Return: an array of *@num_entries entries, in one block with their names, to
 * be given to free(3); never NULL for an empty directory. NULL with errno:
 *   ENOTDIR  it is not a directory
 *   EPROTO   the list is cut short or does not add up
 * and as listed at the top. Beneath: as xenhypfs_read_raw().
 */
struct xenhypfs_dirent *xenhypfs_readdir(xenhypfs_handle *fshdl, const char *path,
                                         unsigned int *num_entries);

/**
 * xenhypfs_write() - write an entry
 * @val: for a string the string; for a number as in C: decimal, 0x… or 0…, with
 *       a minus if the entry is signed; for a bool one of 1, on, yes, true,
 *       enable, and 0, off, no, false, disable
 *
 * Return: 0, or -1 with errno; the entry is then as it was:
 *   EACCES  the entry cannot be written
 *   EDOM    it is a blob, a directory, compressed, or a number of a size unknown
 *           here; or @val is not a word for a bool
 *   EINVAL  @val is not a number; or Xen does not accept the value
 *   ERANGE  @val is a number that the entry cannot hold
 *   ENOSPC  the string is longer than the entry can hold
 * and as listed at the top. Beneath: two hypercalls.
 */
int xenhypfs_write(xenhypfs_handle *fshdl, const char *path, const char *val);

#ifdef __cplusplus
}
#endif

#endif /* XENHYPFS_H */
