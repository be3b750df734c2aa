/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxenvchan under its old name: for programs that were written for upstream's,
 * and for their binaries (libxenvchan.so.4.17). New programs use xenvchan.h, which
 * tells what both have in common: the life of a channel, how it ends, threads,
 * fork(2), trust. What is different here:
 *
 *   - Functions return -1 with errno as xenvchan.h has it, but 0 where those say
 *     EAGAIN, and an int: one call moves at most INT_MAX bytes.
 *   - A channel is a struct that the caller sees. Of it he may set server_persist
 *     and blocking, at any time; both are 0 at first. The rest he may read.
 *   - A client does not wait for its server.
 */
#ifndef LIBXENVCHAN_H
#define LIBXENVCHAN_H

#include <stddef.h>
#include <stdint.h>

/* <xenctrl.h>, which may follow, needs all of Xen's names, not only a guest's. */
#if !defined(__XEN_TOOLS__) && !defined(__XEN_INTERFACE_VERSION__)
#define __XEN_TOOLS__ 1
#endif
#include <xen/io/libxenvchan.h>
#include <xen/xen.h>
#include <xen/sys/evtchn.h>
#include <xenevtchn.h>
#include <xengnttab.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Defined in xentoollog.h, which most callers need not include. */
struct xentoollog_logger;

/* One direction. Memory that the peer can write to. */
struct libxenvchan_ring {
    struct ring_shared *shr; /* the indices, in the shared page */
    void *buffer;            /* the bytes: in that page too, or in pages of their own */
    int order;               /* of the size, as a power of two */
};

struct libxenvchan {
    __extension__ union { /* without a name: C11, but GNU C long before */
        xengntshr_handle *gntshr; /* a server's */
        xengnttab_handle *gnttab; /* a client's */
    };
    struct vchan_interface *ring; /* the shared page */
    xenevtchn_handle *event;
    uint32_t event_port;
    int is_server : 1;      /* -1: yes */
    int server_persist : 1; /* the caller's: stay when the client leaves */
    int blocking : 1;       /* the caller's: wait instead of returning 0 */
    struct libxenvchan_ring read, write;
    char *xs_path; /* a server's place in the store; NULL for a client */
};

/**
 * libxenvchan_server_init() - make a channel, and tell one domain about it
 * @logger: for failures; NULL: stderr. Must outlive the channel
 * @domain: the domain that may connect
 * @xs_path: where in the store
 * @read_min: the least bytes of the ring to read from, up to 1 MiB
 * @write_min: the same for writing
 *
 * Return: the channel, for libxenvchan_close(). NULL with errno as
 * xenvchan_server_open() has it.
 */
struct libxenvchan *libxenvchan_server_init(struct xentoollog_logger *logger, int domain,
                                            const char *xs_path, size_t read_min,
                                            size_t write_min);

/**
 * libxenvchan_client_init() - connect to a server that is there
 * @logger: as for libxenvchan_server_init()
 * @domain: the server's domain
 * @xs_path: where in the store the server advertises itself
 *
 * Return: the channel, for libxenvchan_close(). NULL with errno as
 * xenvchan_client_open() has it without a timeout.
 */
struct libxenvchan *libxenvchan_client_init(struct xentoollog_logger *logger, int domain,
                                            const char *xs_path);

/**
 * libxenvchan_close() - leave the channel and free it
 * @ctrl: the channel, or NULL
 *
 * As xenvchan_close().
 */
void libxenvchan_close(struct libxenvchan *ctrl);

/**
 * libxenvchan_recv() - read exactly so much, or nothing
 * @ctrl: the channel
 * @data: where to
 * @size: how much; at most the size of the ring
 *
 * Return: @size; 0 when there is less and @ctrl->blocking is 0; -1 with errno as
 * xenvchan_recv() has it.
 */
int libxenvchan_recv(struct libxenvchan *ctrl, void *data, size_t size);

/**
 * libxenvchan_read() - read what there is
 * @ctrl: the channel
 * @data: where to
 * @size: how much at most
 *
 * Return: how many bytes; 0 when there are none and @ctrl->blocking is 0; -1 with
 * errno as xenvchan_read() has it.
 */
int libxenvchan_read(struct libxenvchan *ctrl, void *data, size_t size);

/**
 * libxenvchan_send() - write all of it at once, or nothing
 * @ctrl: the channel
 * @data: what
 * @size: how much; at most the size of the ring
 *
 * Return: @size; 0 when there is no space and @ctrl->blocking is 0; -1 with errno as
 * xenvchan_send() has it.
 */
int libxenvchan_send(struct libxenvchan *ctrl, const void *data, size_t size);

/**
 * libxenvchan_write() - write what there is space for, or all of it
 * @ctrl: the channel
 * @data: what
 * @size: how much
 *
 * Return: how many bytes; 0 when there is no space and @ctrl->blocking is 0; -1 with
 * errno as xenvchan_write() has it.
 */
int libxenvchan_write(struct libxenvchan *ctrl, const void *data, size_t size);

/**
 * libxenvchan_wait() - wait until something happens
 * @ctrl: the channel
 *
 * Return: 0, also when the peer has closed; -1 with errno:
 *   EPROTO      the peer broke the protocol
 *   or an errno of an event channel that failed
 */
int libxenvchan_wait(struct libxenvchan *ctrl);

/**
 * libxenvchan_fd_for_select() - the descriptor to wait on
 * @ctrl: the channel
 *
 * While it is readable libxenvchan_wait() does not block.
 *
 * Return: the descriptor, as xenvchan_fd() has it. Cannot fail.
 */
int libxenvchan_fd_for_select(struct libxenvchan *ctrl);

/**
 * libxenvchan_is_open() - is the peer there
 * @ctrl: the channel
 *
 * Return: 1 when it is, and for a server with server_persist as long as the channel
 * has not failed; 2 when a client has not come yet; 0 when the channel has ended.
 */
int libxenvchan_is_open(struct libxenvchan *ctrl);

/**
 * libxenvchan_data_ready() - how much can be read now
 * @ctrl: the channel
 *
 * Return: bytes; -1 with EPROTO when the peer broke the protocol.
 */
int libxenvchan_data_ready(struct libxenvchan *ctrl);

/**
 * libxenvchan_buffer_space() - how much can be written now
 * @ctrl: the channel
 *
 * Return: bytes; -1 with EPROTO when the peer broke the protocol.
 */
int libxenvchan_buffer_space(struct libxenvchan *ctrl);

/**
 * close_xs_srv() - remove a server's keys from the store
 * @ctrl: the channel; NULL and a client's are left alone
 *
 * Not declared by upstream, which exports it all the same. libxenvchan_close() does
 * it. Sets @ctrl->xs_path to NULL. Keeps errno.
 */
void close_xs_srv(struct libxenvchan *ctrl);

#ifdef __cplusplus
}
#endif

#endif /* LIBXENVCHAN_H */
