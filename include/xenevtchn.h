/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxenevtchn: event channels, the interrupts that domains send each other.
 *
 * A port is this domain's end of a channel. Ports are bound through a handle,
 * and a handle sees the events of its own ports only. The life of an event:
 *
 *   1. The channel fires. The kernel masks the port and queues the event.
 *   2. xenevtchn_pending() takes it from the queue.
 *   3. The program does the work that the event stands for.
 *   4. xenevtchn_unmask() arms the port again. If the channel fired in the
 *      meantime, the next event follows at once; however often it fired, it
 *      is one event.
 *
 * A freshly bound port is armed, and an event may be waiting from the start.
 *
 * What holds for every function:
 *   Logging: none of them logs. A NULL logger is as good as any.
 *   Handles: must come from xenevtchn_open() or xenevtchn_fdopen() and not be
 *     closed yet. Only xenevtchn_close() takes NULL.
 *   Signals: a call that a signal interrupts goes on. It never fails with EINTR,
 *     so a signal does not end the wait of xenevtchn_pending(); a program that
 *     is to be woken by signals polls xenevtchn_fd() or sets a timeout.
 *   Threads: a handle may be used by several threads, without locks of the
 *     library; each event goes to one of them. Closing is the exception: no
 *     other thread may be using the handle.
 *   After fork(2): the child shares the queue with its parent and would take
 *     its events. It may call xenevtchn_close() and nothing else on an inherited
 *     handle, not even poll(2) on its descriptor; it opens a handle of its own.
 *   Data path: notify, pending, pending_many, unmask, unmask_many and wait do
 *     not allocate and take no lock.
 *   EBADF: beside the errnos listed below, every function but
 *     xenevtchn_close(NULL) fails with EBADF when the descriptor that was given
 *     to xenevtchn_fdopen() is not open, and with ENOTTY, EINVAL or EIO when it
 *     is not that of an event channel device.
 */
#ifndef XENEVTCHN_H
#define XENEVTCHN_H

#include <stdint.h>

/* <xenctrl.h>, which may follow, needs all of Xen's names, not only a guest's. */
#if !defined(__XEN_TOOLS__) && !defined(__XEN_INTERFACE_VERSION__)
#define __XEN_TOOLS__ 1
#endif
#include <xen/event_channel.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A port, or -1. Ports fit in 31 bits. */
typedef int xenevtchn_port_or_error_t;

typedef struct xenevtchn_handle xenevtchn_handle;

/* Defined in xentoollog.h, which most callers need not include. */
struct xentoollog_logger;

/*
 * Flags of xenevtchn_open().
 *
 * NO_CLOEXEC: the descriptor stays open across execve(2). For a daemon that
 * replaces its own program and hands the descriptor on to xenevtchn_fdopen().
 */
#define XENEVTCHN_NO_CLOEXEC (1 << 0)
/*
 * NONBLOCK (xenlibs): xenevtchn_pending() and xenevtchn_pending_many() fail with
 * EAGAIN when no event is queued, instead of waiting for one.
 */
#define XENEVTCHN_NONBLOCK (1U << 31)

/* The most ports that one system call takes or unmasks (xenlibs). */
#define XENEVTCHN_PORTS_PER_CALL 1024

/**
 * xenevtchn_open() - open the event channel device
 * @logger: the caller's logger or NULL; nothing is logged, and it is not kept
 * @open_flags: XENEVTCHN_NO_CLOEXEC and XENEVTCHN_NONBLOCK, or 0
 *
 * Return: a handle with no ports, to be closed with xenevtchn_close(), or NULL
 * with errno:
 *   EINVAL      @open_flags has an unknown bit
 *   ENOMEM      no memory for the handle
 *   ENOENT, ENXIO, ENODEV
 *               no event channel device: not a Xen domain, or the driver
 *               (xen-evtchn) is not loaded
 *   EACCES, EPERM
 *               the caller may not open the device
 *   EMFILE, ENFILE
 *               too many open files
 *   EINVAL, EACCES, ENOSYS, ENOTTY
 *               xentoolcore_restrict_all() ran in another thread meanwhile, and
 *               xenevtchn_restrict() gave this errno
 *
 * Blocking: no. Beneath: one open(2) of /dev/xen/evtchn.
 */
xenevtchn_handle *xenevtchn_open(struct xentoollog_logger *logger,
                                 unsigned int open_flags);

/**
 * xenevtchn_fdopen() - make a handle from an open descriptor
 * @logger: as for xenevtchn_open()
 * @fd: a descriptor of the device, for example inherited across execve(2)
 * @open_flags: must be 0; what the descriptor was opened with stays in force
 *
 * The ports that are bound through @fd are the handle's ports. On success the
 * handle owns @fd; on failure @fd is the caller's, still open. @fd is not looked
 * at: -1 makes a handle too, on which everything but closing fails.
 *
 * If @fd was restricted to a domain before, this handle does not know that:
 * restricting it again fails with EACCES, also for the same domain.
 *
 * Return: a handle, or NULL with errno:
 *   EINVAL      @open_flags is not 0
 *   ENOMEM      no memory for the handle
 *
 * Blocking: no. Beneath: no system call.
 */
xenevtchn_handle *xenevtchn_fdopen(struct xentoollog_logger *logger, int fd,
                                   unsigned int open_flags);

/**
 * xenevtchn_close() - close the device and free the handle
 * @xce: the handle, or NULL, which is a success
 *
 * The kernel closes all ports of the handle, unless another process holds the
 * device open too. The handle is gone whatever is returned. A child process may
 * close a handle it inherited; the parent's stays as it was.
 *
 * Return: what close(2) returned: 0 (keeping errno), or -1 with errno:
 *   EBADF       what xenevtchn_fdopen() was given was no descriptor; -1, though,
 *               closes with success
 *   EIO         the device failed
 *
 * Blocking: only while xentoolcore_restrict_all() runs in another thread.
 */
int xenevtchn_close(xenevtchn_handle *xce);

/**
 * xenevtchn_fd() - the descriptor to wait on
 * @xce: the handle
 *
 * Readable (POLLIN) when an event can be taken; POLLERR when the queue has
 * overflowed, see xenevtchn_reset(). The descriptor belongs to the handle: it
 * may be polled and be made non-blocking, nothing else.
 *
 * When several threads share the handle, another may take the event between
 * poll(2) and xenevtchn_pending(): use XENEVTCHN_NONBLOCK then.
 *
 * Return: the descriptor. Cannot fail.
 */
int xenevtchn_fd(xenevtchn_handle *xce);

/**
 * xenevtchn_notify() - send an event to the other end of a channel
 * @xce: the handle
 * @port: a port bound through @xce
 *
 * The other end need not be bound yet or any more; that is no error.
 *
 * Return: 0, or -1 with errno:
 *   ENOTCONN    @port is not bound through this handle
 *
 * Blocking: no. Beneath: IOCTL_EVTCHN_NOTIFY, EVTCHNOP_send.
 */
int xenevtchn_notify(xenevtchn_handle *xce, evtchn_port_t port);

/**
 * xenevtchn_bind_unbound_port() - make a port that another domain can connect to
 * @xce: the handle
 * @domid: the domain that may connect; DOMID_SELF for this one
 *
 * Tell the other domain the port (usually through xenstore); it connects with
 * xenevtchn_bind_interdomain(). It need not exist yet: Xen does not check that.
 *
 * Return: the new port, or -1 with errno:
 *   EINVAL      @domid is above 65535
 *   EACCES      the handle is restricted
 *   EPERM       the hypervisor's policy forbids it
 *   ENOSPC      this domain has no port left
 *   ENOMEM      the kernel or the hypervisor has no memory for it
 *
 * Blocking: no. Beneath: IOCTL_EVTCHN_BIND_UNBOUND_PORT,
 * EVTCHNOP_alloc_unbound.
 */
xenevtchn_port_or_error_t xenevtchn_bind_unbound_port(xenevtchn_handle *xce,
                                                      uint32_t domid);

/**
 * xenevtchn_bind_interdomain() - connect to a port of another domain
 * @xce: the handle
 * @domid: the domain that made the port
 * @remote_port: the port, unbound and reserved for this domain
 *
 * The new port fires at once, because the other end may have sent before the
 * connection stood.
 *
 * Return: the new local port, or -1 with errno:
 *   EINVAL      @domid is above 65535, or @remote_port is not a port of that
 *               domain that waits for this one
 *   ESRCH       there is no such domain
 *   EACCES      the handle is restricted to another domain
 *   EPERM       the hypervisor's policy forbids it
 *   ENOSPC      this domain has no port left
 *   ENOMEM      the kernel or the hypervisor has no memory for it
 *
 * Blocking: no. Beneath: IOCTL_EVTCHN_BIND_INTERDOMAIN,
 * EVTCHNOP_bind_interdomain.
 */
xenevtchn_port_or_error_t xenevtchn_bind_interdomain(xenevtchn_handle *xce,
                                                     uint32_t domid,
                                                     evtchn_port_t remote_port);

/**
 * xenevtchn_bind_virq() - receive a virtual interrupt of the hypervisor
 * @xce: the handle
 * @virq: one of VIRQ_* of xen/xen.h; one per virtual CPU arrives on CPU 0
 *
 * Return: the new port, or -1 with errno:
 *   EINVAL      there is no such virtual interrupt
 *   EEXIST      this domain has bound it already
 *   EACCES      the handle is restricted
 *   EPERM       the hypervisor's policy forbids it
 *   EBUSY       it belongs to another domain (Xen 4.21 and later check this)
 *   ENOSPC      this domain has no port left
 *   ENOMEM      the kernel or the hypervisor has no memory for it
 *
 * Blocking: no. Beneath: IOCTL_EVTCHN_BIND_VIRQ, EVTCHNOP_bind_virq.
 */
xenevtchn_port_or_error_t xenevtchn_bind_virq(xenevtchn_handle *xce, unsigned int virq);

/**
 * xenevtchn_unbind() - close a port
 * @xce: the handle
 * @port: a port bound through @xce
 *
 * No more events of @port are queued. One that is queued already is still
 * delivered. The number may be given to a new port at once.
 *
 * Return: 0, or -1 with errno:
 *   EINVAL      @port is not the number of any port
 *   ENOTCONN    @port is not bound through this handle
 *
 * Blocking: no. Beneath: IOCTL_EVTCHN_UNBIND, EVTCHNOP_close.
 */
int xenevtchn_unbind(xenevtchn_handle *xce, evtchn_port_t port);

/**
 * xenevtchn_pending() - take one event
 * @xce: the handle
 *
 * Waits until an event is queued, unless the handle is non-blocking. The port is
 * masked until xenevtchn_unmask(): look for the work that the event stands for,
 * do it, then unmask.
 *
 * Return: the port, or -1 with errno:
 *   EAGAIN      no event is queued, and the handle is non-blocking
 *   EFBIG       the queue has overflowed: see xenevtchn_reset()
 *   EIO         the device gave something that is not a port
 *
 * Blocking: yes, without limit. Beneath: read(2) of 4 bytes.
 */
xenevtchn_port_or_error_t xenevtchn_pending(xenevtchn_handle *xce);

/**
 * xenevtchn_unmask() - let a port fire again
 * @xce: the handle
 * @port: the port whose event was taken
 *
 * A port that is armed already, or is not bound through @xce, is left alone;
 * that is no error.
 *
 * Return: 0, or -1 with errno:
 *   ENOMEM      the kernel has no memory for the request; try again
 *   EIO         the device did not take the whole port number
 *
 * Blocking: no. Beneath: write(2) of 4 bytes.
 */
int xenevtchn_unmask(xenevtchn_handle *xce, evtchn_port_t port);

/**
 * xenevtchn_restrict() - confine the handle to one domain
 * @xce: the handle
 * @domid: the only domain whose ports may be connected to from now on
 *
 * From then on bind_virq, bind_unbound_port and bind_interdomain to any other
 * domain fail with EACCES. Ports that are bound already keep working, and may be
 * unbound. There is no way back. Restricting the handle to the same domain again
 * is a success.
 *
 * Return: 0, or -1 with errno:
 *   EINVAL      @domid is 0 or not that of an ordinary domain
 *   EACCES      the handle is restricted to another domain already
 *   ENOSYS, ENOTTY
 *               this kernel cannot restrict event channels
 *
 * Blocking: no. Beneath: IOCTL_EVTCHN_RESTRICT_DOMID.
 */
int xenevtchn_restrict(xenevtchn_handle *xce, domid_t domid);

/* ---- xenlibs' own: node XENLIBS_1.0 ---- */

/**
 * xenevtchn_pending_many() - take all events that are queued, up to a number
 * @xce: the handle
 * @ports: where the ports are put, in the order in which they fired
 * @count: how many @ports has room for; more than XENEVTCHN_PORTS_PER_CALL (1024)
 *         is allowed, but no more than that are taken
 *
 * Waits like xenevtchn_pending() until there is one, then takes what is there.
 * All ports taken are masked until they are unmasked.
 *
 * Return: how many were taken; 0 only when @count is 0. -1 with errno:
 *   EINVAL      @ports is NULL and @count is not 0
 *   EFAULT      @ports is not writable memory; no event is lost
 *   EAGAIN, EFBIG, EIO
 *               as for xenevtchn_pending(). On EIO @ports holds nothing.
 *
 * Blocking: yes, without limit. Beneath: one read(2).
 */
int xenevtchn_pending_many(xenevtchn_handle *xce, evtchn_port_t *ports,
                           unsigned int count);

/**
 * xenevtchn_unmask_many() - let many ports fire again
 * @xce: the handle
 * @ports: the ports; each is treated as by xenevtchn_unmask()
 * @count: how many; no limit
 *
 * The kernel is given the ports in order, XENEVTCHN_PORTS_PER_CALL (1024) at a
 * time, and takes each such group as a whole or not at all. So with up to 1024
 * ports a failure has unmasked none. With more, the groups before the failing
 * one are unmasked. The whole call may be repeated: a port that fires in between
 * is at worst reported once too often.
 *
 * Return: 0 when all are unmasked (also when @count is 0), or -1 with errno:
 *   EINVAL      @ports is NULL and @count is not 0; nothing was done
 *   EFAULT      @ports is not readable memory
 *   ENOMEM, EIO as for xenevtchn_unmask()
 *
 * Blocking: no. Beneath: one write(2) per 1024 ports.
 */
int xenevtchn_unmask_many(xenevtchn_handle *xce, const evtchn_port_t *ports,
                          unsigned int count);

/**
 * xenevtchn_wait() - wait for an event, but not for ever
 * @xce: the handle
 * @timeout_ms: milliseconds; 0 only looks, a negative number waits without limit
 *
 * Takes nothing: xenevtchn_pending() does that. Signals do not prolong the wait.
 *
 * Return: 1 when an event can be taken, 0 when the time is up, or -1 with errno:
 *   EFBIG       the queue has overflowed: see xenevtchn_reset()
 *   EIO         the device went away
 *   ENOMEM      the kernel has no memory for poll(2)
 *
 * Blocking: up to @timeout_ms. Beneath: poll(2).
 */
int xenevtchn_wait(xenevtchn_handle *xce, int timeout_ms);

/**
 * xenevtchn_reset() - empty the queue, and recover from its overflow
 * @xce: the handle
 *
 * The kernel's queue has room for one event of every bound port, so it cannot
 * overflow while each port is unmasked only after its event was taken. A program
 * that unmasks ports whose events it has not taken can fill it. Then the event
 * that found no room is lost, and xenevtchn_pending(), xenevtchn_pending_many()
 * and xenevtchn_wait() fail with EFBIG until this call. Sending, binding and
 * unbinding are not affected.
 *
 * This call throws away the events that were queued, too. Their ports, and that
 * of the event that was lost, stay masked, and nothing tells which they are.
 * Therefore the caller must afterwards
 *   1. unmask all its ports (xenevtchn_unmask_many()), and then
 *   2. do the work of every port as if it had fired.
 * What comes after 1 is queued as always, so nothing is missed. The ports stay
 * bound.
 *
 * Return: 0, or -1 with errno:
 *   EBADF, ENOTTY
 *               see the beginning of this file
 *
 * Blocking: no. Threads: the thread that resets must be the one that repeats
 * the work; events that another thread took before are not affected.
 * Beneath: IOCTL_EVTCHN_RESET.
 */
int xenevtchn_reset(xenevtchn_handle *xce);

/**
 * xenevtchn_bind_static() - receive the events of a channel made at boot
 * @xce: the handle
 * @port: the local port, which the host's configuration connected (device tree,
 *        "xen,evtchn")
 *
 * Closing the handle or unbinding the port leaves the channel itself in place.
 *
 * Return: 0, or -1 with errno:
 *   ENOTSUP     this kernel cannot bind static channels; it answered ENOSYS or
 *               ENOTTY
 *   EISCONN     @port is bound through this handle already
 *   EINVAL      @port is not a static port of this domain
 *   EACCES      the handle is restricted, on kernels that check this
 *   EEXIST, EBUSY
 *               @port is in use elsewhere
 *   ENOMEM      the kernel has no memory for it
 *
 * Blocking: no. Beneath: IOCTL_EVTCHN_BIND_STATIC.
 */
int xenevtchn_bind_static(xenevtchn_handle *xce, evtchn_port_t port);

#ifdef __cplusplus
}
#endif

#endif /* XENEVTCHN_H */
