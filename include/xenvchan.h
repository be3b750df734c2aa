/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxenvchan: a pipe of bytes, both ways, between two domains.
 *
 * One end is the server. It shares memory with one other domain and says in the
 * store, under a path that both have agreed on, where that is. The other end is
 * the client, which finds it there. From then on the two are alike. The wire is
 * that of upstream's libxenvchan (xen/io/libxenvchan.h), so that either end may be
 * a program of theirs; for those programs there is also libxenvchan.h.
 *
 * What happens, in a program with a loop of its own:
 *   1. poll(2) says that xenvchan_fd() is readable: something has changed.
 *   2. xenvchan_wait(xvc, 0) takes note of it.
 *   3. xenvchan_read() and xenvchan_write() move what they can, until they fail
 *      with EAGAIN or move less than they were asked to. Either asks the peer to
 *      send an event when there is more; without that none is sent.
 * A program without a loop makes the handle a blocking one, which is the default.
 *
 * The end. A channel ends once, for good and for everybody who uses the handle,
 * and every call then says why:
 *   EPIPE       the peer closed its end, or its process died
 *   ECONNRESET  the peer's whole domain is gone
 *   EPROTO      the peer broke the protocol (an impossible index, size or state).
 *               What it had sent is not handed out any more
 *   ETIMEDOUT   a client found no server in time
 *   EIO         a client lost xenstored before it found the server
 *   and any errno of an event channel that failed
 * What had arrived before the peer went can still be read, except after EPROTO.
 * The descriptor stays readable from then on. A peer's end is known at once when
 * it closes, or its process dies; within half a second when its domain goes.
 * Not seen: the end of a domain that hangs, or (in an ordinary domain) of a server
 * whose keys lie outside its own part of the store, as long as we hold its memory.
 *
 * What holds for every function:
 *   Trust: the peer can change the shared memory at any time. Each value of it is
 *     read once, checked, and used; what is ours to know is not kept there.
 *   Privilege: the devices evtchn, gntalloc (server), gntdev (client) and the
 *     store. Never privcmd: an ordinary domain is enough.
 *   Handles: must come from one of the open functions and not be closed yet. Only
 *     xenvchan_close() takes NULL.
 *   Logging: failures to share or map memory go to the logger of the options.
 *   Signals: a call that a signal interrupts goes on; none fails with EINTR.
 *   Threads: one may read while another writes; the other functions may be called
 *     from any thread at any time. Two must not read, nor two write, at once.
 *     Closing is the exception: no other thread may be using the handle.
 *   After fork(2): the child may not use an inherited handle, nor close it. The
 *     memory stays shared as long as either process lives.
 *   Data path: read, write, send and recv do not allocate, log or take a lock,
 *     unless they wait; and make no system call, unless they wait or the peer
 *     has asked for an event.
 */
#ifndef XENVCHAN_H
#define XENVCHAN_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <xenevtchn.h>
#include <xengnttab.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct xenvchan xenvchan;

/* Defined in xentoollog.h, which most callers need not include. */
struct xentoollog_logger;
/* The shared page, in xen/io/libxenvchan.h, which can be included only once. */
struct vchan_interface;

/* Reading and writing fail with EAGAIN instead of waiting. */
#define XENVCHAN_NONBLOCK 1u
/* The server outlives its client: when one has closed, another may connect. */
#define XENVCHAN_PERSIST 2u

/*
 * What both kinds of channel can be told; 0 and NULL are sensible. Set size to
 * sizeof(struct xenvchan_options).
 */
struct xenvchan_options {
    size_t size;
    struct xentoollog_logger *logger; /* for failures; NULL: stderr. Must outlive the handle */
    size_t read_min, write_min; /* a server's: the least bytes of each ring, up to 1 MiB */
    int connect_timeout_ms;     /* a client's: how long to look for the server; 0: one look;
                                   negative: for ever */
    unsigned int flags;         /* XENVCHAN_* */
};

/**
 * xenvchan_server_open() - make a channel, and tell one domain about it
 * @domid: the domain that may connect; it need not exist yet
 * @path: where in the store; any length the store takes. Relative: in our own part
 * @options: NULL for the defaults: blocking, rings of 1 KiB in and 2 KiB out
 *
 * Writes PATH/ring-ref and PATH/event-channel, readable to @domid alone, in one
 * transaction. Whatever was there before is replaced. The rings have the smallest
 * size that is enough: 1 and 2 KiB, or 2 and 1 KiB, cost one page together; else
 * each is a power of two, of 2 or of 4 KiB and more.
 *
 * Return: the handle, to be closed with xenvchan_close(); state 2 until the client
 * comes. NULL with errno, and nothing left behind:
 *   EINVAL      @domid is no number of a domain, @path is NULL or empty or no path to
 *               the store, a ring is more than 1 MiB, a flag is unknown, or
 *               @options->size is too small
 *   E2BIG       @options is longer than this library knows, and asks for more than it
 *               knows; or @path is too long for the store
 *   ENOMEM, EMFILE, ENFILE
 *               no memory; too many open files
 *   ENOENT, EACCES, ENXIO, ENODEV
 *               a device or the store cannot be opened, or no domain number of our
 *               own is in the store; the store does not let us write at @path
 *   ENOSPC      no grant or port is left; the drivers' limit on shared pages; a
 *               quota of the store
 *   EAGAIN      others changed the store at @path a hundred times in a row
 *   or another errno of the store's or of the drivers'
 *
 * Blocking: until the store has answered.
 * Beneath: libxengnttab (gntshr), libxenevtchn, libxenstore, epoll(7), timerfd.
 */
xenvchan *xenvchan_server_open(uint32_t domid, const char *path,
                               const struct xenvchan_options *options);

/**
 * xenvchan_client_open() - connect to a server, now or when it comes
 * @domid: the server's domain
 * @path: where in the store the server advertises itself
 * @options: NULL for the defaults: blocking, and one look for the server
 *
 * With a timeout this returns at once with a handle in state 2, and goes on to look
 * for the server whenever the caller waits: xenvchan_wait_for_peer(), or poll(2) on
 * xenvchan_fd() and xenvchan_wait(). It learns of the server from the store. If the
 * time is up the channel ends with ETIMEDOUT. Keys of a server that is no more are
 * passed over until they change.
 *
 * Return: the handle, to be closed with xenvchan_close(). NULL with errno:
 *   EINVAL, E2BIG, ENOMEM, EMFILE, ENFILE, ENXIO, ENODEV
 *               as for xenvchan_server_open()
 *   ENOENT      a device is missing; without a timeout: there is no such server
 *   EACCES      a device or, without a timeout, the keys are not for us to open
 *   EINVAL, ESRCH, ECONNREFUSED
 *               without a timeout: the server is no more, or has another client
 *   EPROTO      the keys are no numbers, or the shared page is none of a server's
 *   or another errno of the store's or of the drivers'
 *
 * Blocking: until the store has answered. Waits for no server.
 */
xenvchan *xenvchan_client_open(uint32_t domid, const char *path,
                               const struct xenvchan_options *options);

/**
 * xenvchan_close() - leave the channel and free the handle
 * @xvc: the handle, or NULL
 *
 * The peer is told, and can still read what it was sent. A server's keys are
 * removed, with whatever else lies under its path, if they are still its own. Keeps
 * errno.
 *
 * Blocking: a server's, until the store has answered.
 */
void xenvchan_close(xenvchan *xvc);

/**
 * xenvchan_withdraw() - remove a server's keys from the store, and stay connected
 * @xvc: the handle
 *
 * For a server that has its client and wants no other. Keys that are not its own any
 * more are left alone.
 *
 * Return: 0, or -1 with errno:
 *   EINVAL      @xvc is a client's
 *   ENOENT      they are removed already
 *   EEXIST      they are another server's by now
 *   or another errno of the store's
 *
 * Blocking: until the store has answered.
 */
int xenvchan_withdraw(xenvchan *xvc);

/**
 * xenvchan_fd() - the descriptor to wait on
 * @xvc: the handle
 *
 * Readable (POLLIN) when something has happened that xenvchan_wait() can take: the
 * peer came, wrote, read or went; or there is something to look after, twice a
 * second at most. Readable for good once the channel has ended. It may be polled,
 * nothing else, and never changes.
 *
 * Return: the descriptor. Cannot fail.
 */
int xenvchan_fd(xenvchan *xvc);

/**
 * xenvchan_is_open() - is the peer there
 * @xvc: the handle
 *
 * Return: 1 when it is; 2 when it has not come yet (or, for a persistent server, has
 * left and the next has not come); 0 when the channel has ended, with errno as
 * listed at the top of this file. What has arrived can be read in any case but
 * EPROTO.
 *
 * Blocking: no; but in dom0, at most twice a second, until the store has answered.
 */
int xenvchan_is_open(xenvchan *xvc);

/**
 * xenvchan_set_blocking() - have reading and writing wait, or not
 * @xvc: the handle
 * @blocking: not 0: they wait; 0: they fail with EAGAIN
 */
void xenvchan_set_blocking(xenvchan *xvc, int blocking);

/**
 * xenvchan_set_persistent() - have a server outlive its client, or not
 * @xvc: the handle; a client's is left as it is
 * @persistent: not 0: it does
 */
void xenvchan_set_persistent(xenvchan *xvc, int persistent);

/**
 * xenvchan_wait() - wait until something happens, but not for ever
 * @xvc: the handle
 * @timeout_ms: milliseconds; 0: only takes what has happened; negative: no limit
 *
 * Returns at once when xenvchan_fd() is readable. Something may have happened that
 * is nothing to the caller: it looks for itself what it can do now.
 *
 * Return: 1 when something happened, also when the channel has ended and data is
 * left to be read; 0 when the time is up; -1 with errno when the channel has ended
 * (listed at the top of this file) and nothing is left.
 *
 * Blocking: up to @timeout_ms, and while a client looks for its server until the
 * store has answered.
 * Beneath: epoll_wait(2), then read(2) and write(2) of the event channel device.
 */
int xenvchan_wait(xenvchan *xvc, int timeout_ms);

/**
 * xenvchan_wait_for_peer() - wait until the other end is there
 * @xvc: the handle
 * @timeout_ms: as for xenvchan_wait(); a client's own deadline counts as well
 *
 * Return: 1 when it is; 0 when the time is up; -1 with errno when the channel has
 * ended, as listed at the top of this file.
 *
 * Blocking: as xenvchan_wait().
 */
int xenvchan_wait_for_peer(xenvchan *xvc, int timeout_ms);

/**
 * xenvchan_read() - read what there is
 * @xvc: the handle
 * @data: where to
 * @size: how much at most
 *
 * Return: how many bytes were read, at least 1 unless @size is 0. -1 with errno:
 *   EAGAIN      there is nothing, and the handle is non-blocking
 *   EINVAL      @data is NULL and @size is not 0, or @size is above SSIZE_MAX
 *   or what ended the channel, when nothing is left
 *
 * Blocking: if the handle is, until there is something.
 */
ssize_t xenvchan_read(xenvchan *xvc, void *data, size_t size);

/**
 * xenvchan_recv() - read exactly so much, or nothing
 * @xvc: the handle
 * @data: where to
 * @size: how much; at most the size of the ring
 *
 * Return: @size, or -1 with errno, and nothing was read:
 *   EAGAIN      there is not so much, and the handle is non-blocking
 *   EMSGSIZE    @size is more than the ring holds
 *   EINVAL      @data is NULL and @size is not 0, or @size is above SSIZE_MAX
 *   or what ended the channel, when less is left
 *
 * Blocking: if the handle is, until there is so much.
 */
ssize_t xenvchan_recv(xenvchan *xvc, void *data, size_t size);

/**
 * xenvchan_write() - write what there is space for, or all of it
 * @xvc: the handle
 * @data: what
 * @size: how much
 *
 * A blocking handle writes all. A non-blocking one writes what fits. A server may
 * write before its client is there.
 *
 * Return: how many bytes were written. -1 with errno; when a blocking handle had
 * written a part, nobody knows how much of it the peer has read:
 *   EAGAIN      there is no space, and the handle is non-blocking
 *   EINVAL      @data is NULL and @size is not 0, or @size is above SSIZE_MAX
 *   or what ended the channel
 *
 * Blocking: if the handle is, until all is written.
 */
ssize_t xenvchan_write(xenvchan *xvc, const void *data, size_t size);

/**
 * xenvchan_send() - write all of it at once, or nothing
 * @xvc: the handle
 * @data: what
 * @size: how much; at most the size of the ring
 *
 * The peer sees all of it or none.
 *
 * Return: @size, or -1 with errno, and nothing was written:
 *   EAGAIN      there is not so much space, and the handle is non-blocking
 *   EMSGSIZE    @size is more than the ring holds
 *   EINVAL      @data is NULL and @size is not 0, or @size is above SSIZE_MAX
 *   or what ended the channel
 *
 * Blocking: if the handle is, until there is space.
 */
ssize_t xenvchan_send(xenvchan *xvc, const void *data, size_t size);

/**
 * xenvchan_data_ready() - how much can be read now
 * @xvc: the handle
 *
 * The peer will send an event when it has written more.
 *
 * Return: bytes; 0 also while there is no peer. -1 with errno:
 *   EPROTO      the peer broke the protocol
 */
int xenvchan_data_ready(xenvchan *xvc);

/**
 * xenvchan_buffer_space() - how much can be written now
 * @xvc: the handle
 *
 * The peer will send an event when it has read more.
 *
 * Return: bytes; 0 also for a client that has no server yet. -1 with errno:
 *   EPROTO      the peer broke the protocol
 */
int xenvchan_buffer_space(xenvchan *xvc);

/* A ring's memory, which both sides write to. */
struct xenvchan_ring_view {
    void *bytes;
    size_t size; /* a power of two */
};

/* What a channel is made of. Set size to sizeof(struct xenvchan_view). */
struct xenvchan_view {
    size_t size;
    int is_server;
    evtchn_port_t event_port;
    xenevtchn_handle *event;   /* a non-blocking one */
    xengntshr_handle *gntshr;  /* a server's */
    xengnttab_handle *gnttab;  /* a client's */
    struct vchan_interface *page;
    struct xenvchan_ring_view read, write;
};

/**
 * xenvchan_get_view() - look at what a channel is made of
 * @xvc: the handle, which all of it belongs to
 * @view: out; filled in on success only
 *
 * For debugging, and for libxenvchan.so.4.17, whose callers may look. Nothing of it
 * may be changed, closed or relied on: the peer writes to the memory.
 *
 * Return: 0, or -1 with errno:
 *   EINVAL      @view->size is too small
 *   ENOTCONN    a client has not found its server yet
 */
int xenvchan_get_view(xenvchan *xvc, struct xenvchan_view *view);

#ifdef __cplusplus
}
#endif

#endif /* XENVCHAN_H */
