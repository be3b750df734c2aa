/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef XENCALL_HANDLE_H
#define XENCALL_HANDLE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

#include "library_log.h"
#include "loan.h"
#include "pool.h"
#include "xencall.h"
#include "xentoolcore_internal.h"

/* Handles of different threads share no cache line. */
struct xencall_handle {
    _Alignas(64) struct pool pool;
    struct loans loans;
    struct xenlibs_log log;
    Xentoolcore__Active_Handle active;
    /* Atomic: restrict_all may look at a handle that is just being opened. */
    atomic_int privcmd_fd;
    bool is_callers;      /* privcmd_fd is: neither closed nor put out of use here */
    atomic_int buffer_fd; /* /dev/xen/hypercall, or -1 */
    xencall_interpreter *interpreter; /* of xencall1(), or NULL */
    void *interpreter_data;
    pid_t opener;         /* the process; a forked child may only close */
};

/*
 * A buffer of @nr_pages from the pool or from the kernel; NULL with errno.
 * @used says which: a used one holds old data, a fresh one zeroes.
 */
void *xencall_buffer_take(xencall_handle *xcall, size_t nr_pages, bool *used);

/* Takes back a buffer of @nr_pages. Keeps errno. */
void xencall_buffer_give(xencall_handle *xcall, void *buffer, size_t nr_pages);

#endif
