/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What libxenstore exported until Xen 4.15 beside the functions of xenstore.h: its own
 * helpers, which its tools came to use. They are here for programs that were built with
 * that library, above all Debian 11's xenstore tools; nothing new is written with them,
 * so no header of theirs is installed.
 *
 * Nothing here blocks or talks to xenstored, and everything may be called from several
 * threads, with a buffer for each, and after fork(2).
 */
#ifndef XENLIBS_STORE_3_0_HELPERS_H
#define XENLIBS_STORE_3_0_HELPERS_H

#include "xenstore_lib.h"

/* A text that grows. The program has it zeroed at first, and frees `buf` in the end. */
struct expanding_buffer {
    char *buf;
    int avail; /* bytes at `buf` */
};

/**
 * expanding_buffer_ensure() - have a buffer hold so many bytes
 * @ebuf: the buffer; its bytes stay, perhaps in another place
 * @min_avail: how many bytes it must hold
 *
 * Return: the bytes, which belong to @ebuf; or NULL with errno, and @ebuf is as it was:
 *   E2BIG       @min_avail is a third of INT_MAX or more
 *   ENOMEM      there is no memory
 */
char *expanding_buffer_ensure(struct expanding_buffer *ebuf, int min_avail);

/**
 * sanitise_value() - show a value of any bytes as printable text
 * @ebuf: where the text is put
 * @val: the bytes; not in @ebuf
 * @len: how many
 *
 * A backslash, and all but the printable characters of ASCII, become: \\, \t, \n or
 * \r; three octal digits, as \007, below 8; else two hexadecimal ones, as \xff.
 *
 * Return: the text, which belongs to @ebuf; or NULL with errno, and @ebuf is as it was:
 *   E2BIG       the text would have a third of INT_MAX bytes or more
 *   ENOMEM      there is no memory
 */
char *sanitise_value(struct expanding_buffer *ebuf, const char *val, unsigned int len);

/**
 * unsanitise_value() - make a value of the text that sanitise_value() would show
 * @out: where the bytes are put, followed by a NUL: as many as @in has with its NUL is
 *       enough. May be @in
 * @out_len_r: how many they are, without that NUL; or NULL
 * @in: the text
 *
 * One to three octal digits, or x and one or two hexadecimal ones, are a byte. Before
 * anything else a backslash stands for what follows it; at the end, for a NUL. Cannot
 * fail.
 */
void unsanitise_value(char *out, unsigned int *out_len_r, const char *in);

/**
 * xs_count_strings() - how many strings a reply holds
 * @strings: one after the other, each with its NUL; a last one without is not counted
 * @len: their bytes, with the NULs
 *
 * Return: the number. Cannot fail.
 */
unsigned int xs_count_strings(const char *strings, unsigned int len);

/**
 * xs_perm_to_string() - write a permission in xenstore's notation
 * @perm: the permission; XS_PERM_IGNORE is passed over
 * @buffer: where it is put, as "r5" and a NUL
 * @buf_len: how many bytes fit there; 1 + MAX_STRLEN(unsigned int) always suffice
 *
 * A domid of 2^31 or more is written as the negative number of the same bits.
 *
 * Return: true; or false with errno, and @buffer is as it was:
 *   EINVAL      @perm->perms has a bit that xenstored does not know
 *   ENOSPC      @buffer is too short
 */
bool xs_perm_to_string(const struct xs_permissions *perm, char *buffer, size_t buf_len);

/**
 * xs_daemon_rootdir() - the directory in which an old xenstored keeps its database
 *
 * Return: $XENSTORED_ROOTDIR, or else "/var/lib/xenstored". It belongs to the
 * environment or the library. Cannot fail.
 */
const char *xs_daemon_rootdir(void);

/**
 * xs_daemon_tdb() - the path of that database
 *
 * Return: "tdb" in xs_daemon_rootdir(). The text stays as it is until this thread calls
 * the function again. NULL with errno:
 *   ENAMETOOLONG  the path does not fit into PATH_MAX bytes
 */
const char *xs_daemon_tdb(void);

/**
 * xs_domain_dev() - the device through which the kernel talks to xenstored
 *
 * Return: $XENSTORED_PATH; or else "/dev/xen/xenbus" if that exists; or else
 * "/proc/xen/xenbus". It belongs to the environment or the library. Cannot fail.
 */
const char *xs_domain_dev(void);

#endif
