/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxencall: hypercalls from user space, and the memory to pass to them.
 *
 * The calling convention here is stable; what a hypercall does, and whether
 * this domain may make it, is between the caller and Xen. An ordinary guest's
 * user space may make none.
 *
 * Fork: a child must not use an inherited handle nor touch its buffers, with
 * one exception: it may call xencall_close(). It opens a handle of its own if
 * it needs one. exec releases everything, since all descriptors are
 * close-on-exec.
 */
#ifndef XENCALL_H
#define XENCALL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Only callers with a logger of their own need <xentoollog.h>. */
struct xentoollog_logger;

typedef struct xencall_handle xencall_handle;

/* The caller sees to it that no two threads use the handle at once. */
#define XENCALL_OPENFLAG_NON_REENTRANT (1U << 0)

/**
 * xencall_open() - open a handle for making hypercalls
 * @logger:     takes this library's messages and must outlive the handle; or
 *              NULL: errors go to stderr
 * @open_flags: XENCALL_OPENFLAG_*; bits without a meaning are ignored
 *
 * Opens /dev/xen/privcmd (on kernels that lack it /proc/xen/privcmd), and
 * /dev/xen/hypercall for buffers that never fault. Where the latter cannot be
 * opened, for whatever reason, buffers come from locked memory instead. The
 * handle registers with libxentoolcore: xentoolcore_restrict_all() makes it
 * unusable.
 *
 * Return: the handle, or NULL with errno; a failure of privcmd is also logged.
 *   ENOENT, ENXIO, ENODEV
 *                   not on Xen, or the kernel's xen-privcmd is not loaded
 *   EACCES, EPERM   no right to open privcmd
 *   EMFILE, ENFILE  no descriptor left
 *   ENOMEM          out of memory
 * Free it with xencall_close(). Success keeps errno.
 *
 * Blocking: while xentoolcore_restrict_all() runs elsewhere. Threads: safe.
 * Fork: see the top. Beneath: open(2), twice.
 */
xencall_handle *xencall_open(struct xentoollog_logger *logger, unsigned open_flags);

/**
 * xencall_close() - close a handle
 * @xcall: may be NULL
 *
 * Unmaps the buffers that the handle keeps for reuse. Those that the caller
 * still holds stay mapped until the process ends, so free them first. A logger
 * passed to xencall_open() gets a line with the pool's statistics, at XTL_DEBUG.
 *
 * Return: 0, always. Keeps errno.
 *
 * Blocking: as xencall_open(). Threads: no other thread may still use @xcall.
 * Fork: allowed in the child; the parent's handle is not affected.
 */
int xencall_close(xencall_handle *xcall);

/**
 * xencall_fd() - the descriptor of privcmd
 *
 * For what this library does not do, such as other ioctls or fcntl(2). It is
 * the handle's: do not close it. There is nothing to poll for.
 *
 * Return: the descriptor; never fails. Threads: safe.
 */
int xencall_fd(xencall_handle *xcall);

/**
 * xencall0() … xencall5(), xencall2L() - make a hypercall
 * @op:            a __HYPERVISOR_* number of <xen/xen.h>
 * @arg1 … @arg5:  its arguments; a pointer must be into one of the buffers
 *                 below (cast by way of uintptr_t)
 *
 * xencall2L() returns what Xen returned in full; the others cut it down to an
 * int.
 *
 * Return: what the hypercall returns. -1 with errno when it fails: Xen's error
 * as the kernel translates it, or the kernel's own; which of the two cannot be
 * told apart. Causes that do not depend on the hypercall:
 *   ENOSYS  this Xen has no such hypercall
 *   EPERM   this domain, or its user space, may not make it
 *   EFAULT  an argument is no buffer of this library; or one for which
 *           xencall_buffers_never_fault() says 0 was being moved: try again
 *   ENOTTY  the handle was restricted by xentoolcore_restrict_all()
 *   EINTR   a signal arrived before the call was made
 * Never log, never retry, and do not change errno on success.
 *
 * Blocking: as long as Xen takes. Threads: safe. Fork: not in the child.
 * Beneath: one IOCTL_PRIVCMD_HYPERCALL.
 */
int xencall0(xencall_handle *xcall, unsigned int op);
int xencall1(xencall_handle *xcall, unsigned int op, uint64_t arg1);
int xencall2(xencall_handle *xcall, unsigned int op, uint64_t arg1, uint64_t arg2);
int xencall3(xencall_handle *xcall, unsigned int op, uint64_t arg1, uint64_t arg2,
             uint64_t arg3);
int xencall4(xencall_handle *xcall, unsigned int op, uint64_t arg1, uint64_t arg2,
             uint64_t arg3, uint64_t arg4);
int xencall5(xencall_handle *xcall, unsigned int op, uint64_t arg1, uint64_t arg2,
             uint64_t arg3, uint64_t arg4, uint64_t arg5);
long xencall2L(xencall_handle *xcall, unsigned int op, uint64_t arg1, uint64_t arg2);

/*
 * Buffers: memory that Xen can reach while a hypercall runs.
 *
 * A handle keeps freed buffers of up to 4 MiB for reuse, up to 16 of a size
 * and 16 MiB in all; what does not fit is unmapped. An allocation that the
 * pool can serve costs no system call. One that it cannot costs one, or two
 * without /dev/xen/hypercall; where the system refuses more memory, the pool
 * is emptied and it is tried again.
 *
 * All of these: free buffers through the handle that they come from, and by
 * the counterpart of the function that they come from. Pages are Xen's, of
 * 4096 bytes. Blocking: while another thread takes or returns a buffer.
 * Threads: safe, unless the handle was opened with
 * XENCALL_OPENFLAG_NON_REENTRANT. Fork: not in the child.
 * Errors:
 *   EINVAL  the size is 0 (not an error for xencall_alloc_buffer()); or the
 *           first kernels with /dev/xen/hypercall, which give no handle more
 *           than 64 pages of it, have no more
 *   ENOMEM  out of memory, or a size that no address space can hold
 *   EAGAIN  RLIMIT_MEMLOCK allows no more locked memory
 *   EACCES  the handle was restricted by xentoolcore_restrict_all()
 */

/**
 * xencall_alloc_buffer() - allocate a buffer of some bytes
 * xencall_alloc_buffer_pages() - allocate a buffer of whole pages
 *
 * The first is aligned to 16 bytes, the second to a page; both are zeroed.
 *
 * Return: the buffer, or NULL with errno as listed above. Free it with
 * xencall_free_buffer() or xencall_free_buffer_pages(). Success keeps errno.
 * Beneath: nothing, or mmap(2) of /dev/xen/hypercall or of locked memory.
 */
void *xencall_alloc_buffer(xencall_handle *xcall, size_t size);
void *xencall_alloc_buffer_pages(xencall_handle *xcall, size_t nr_pages);

/**
 * xencall_free_buffer() - free what xencall_alloc_buffer() gave
 * xencall_free_buffer_pages() - free what xencall_alloc_buffer_pages() gave
 * @p:        the buffer, or NULL
 * @nr_pages: as it was allocated
 *
 * Keep errno. Beneath: nothing, or munmap(2).
 */
void xencall_free_buffer(xencall_handle *xcall, void *p);
void xencall_free_buffer_pages(xencall_handle *xcall, void *p, size_t nr_pages);

/**
 * xencall_buffers_never_fault() - do buffers come from /dev/xen/hypercall?
 *
 * Return: 1 if Xen can always reach a buffer; 0 if a hypercall may fail with
 * EFAULT because the kernel was just then moving the memory, in which case it
 * is worth repeating. Never fails. Threads: safe.
 */
int xencall_buffers_never_fault(xencall_handle *xcall);

/* ---- beyond upstream: XENLIBS_1.0 ---- */

/**
 * xencall_interpreter - makes a request of xencall1() in the library's stead
 * @data:   as given to xencall_interpret()
 * @op:     the hypercall
 * @arg1:   its argument
 * @result: what xencall1() is to return, with errno where that is -1
 *
 * Return: 1 if it took the request, 0 if the request shall go out as it is.
 * It may make hypercalls with the same handle, but none by xencall1().
 */
typedef int xencall_interpreter(void *data, unsigned int op, uint64_t arg1, int *result);

/**
 * xencall_interpret() - show what xencall1() is asked for to a function first
 * @interpreter: NULL: no more
 * @data:        is handed to @interpreter
 *
 * For a library that lends its handle to others: libxenctrl.so.4.17 shows the
 * requests that upstream's libxenguest makes behind its back to Xen in the shape
 * that the running release reads. Only xencall1() is interpreted: domctl, sysctl
 * and platform_op are requests of one argument.
 *
 * Never fails. Keeps errno. Blocking: no. Threads: before others use @xcall.
 * Fork: not in the child. Beneath: nothing.
 */
void xencall_interpret(xencall_handle *xcall, xencall_interpreter *interpreter, void *data);

/**
 * xencall_buffer_get() - borrow a buffer to fill and read in place
 * @size: in bytes, not 0
 *
 * For arguments that are large or that come again and again: a bitmap of a
 * guest's dirty pages, a list of all domains. The caller works in the buffer
 * itself, so that nothing is copied to or from it, and nothing is cleared
 * that Xen is about to overwrite.
 *
 * The buffer is page aligned. Its content is undefined: zeroes, or what this
 * process left in an earlier buffer of the same handle; never data of another
 * process. Clear what Xen or another reader must not see.
 *
 * Return: the buffer, or NULL with errno as listed above. Return it with
 * xencall_buffer_put(). Success keeps errno.
 * Beneath: nothing, or mmap(2) as above.
 */
void *xencall_buffer_get(xencall_handle *xcall, size_t size);

/**
 * xencall_buffer_put() - return a buffer
 * @buffer: as xencall_buffer_get() gave it, or NULL
 *
 * Return: 0, keeping errno; or -1 with
 *   EINVAL  @buffer is not one that this handle has lent; nothing has changed
 * Beneath: nothing, or munmap(2).
 */
int xencall_buffer_put(xencall_handle *xcall, void *buffer);

/**
 * xencall_open_on() - open a handle over an open privcmd
 * @logger, @open_flags: as for xencall_open()
 * @privcmd_fd:          a descriptor of privcmd. It stays the caller's, who closes
 *                       it after the handle
 *
 * For programs and libraries that use one descriptor for several purposes, as
 * libxenctrl does. xentoolcore_restrict_all() takes away the handle's memory for
 * buffers, not the descriptor: its owner registers with libxentoolcore, and
 * confines it (IOCTL_PRIVCMD_RESTRICT). Hypercalls then fail with EPERM.
 *
 * Return: the handle, to be closed with xencall_close(), with errno kept; or NULL
 * with errno:
 *   EBADF   @privcmd_fd is negative. What else it may be is not looked at: a
 *           hypercall says ENOTTY if it is not privcmd
 *   ENOMEM  out of memory
 *
 * Blocking, threads, fork: as xencall_open(). Beneath: open(2) of
 * /dev/xen/hypercall.
 */
xencall_handle *xencall_open_on(struct xentoollog_logger *logger, unsigned open_flags,
                                int privcmd_fd);

#ifdef __cplusplus
}
#endif

#endif /* XENCALL_H */
