/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a channel's handle is made of, and what the objects of this library share. */
#ifndef XENLIBS_VCHAN_HANDLE_H
#define XENLIBS_VCHAN_HANDLE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <xenevtchn.h>
#include <xengnttab.h>
#include <xenstore.h>

#include "deadline.h"
#include "ring.h"
#include "xenvchan.h"

/* How often a peer's domain is looked for where nothing reports its end. */
enum { VCHAN_TICK_MS = 400 };

/* What the store knows of a channel; store.c. */
struct vchan_store {
    struct xs_handle *xs;
    char *path, *ring_ref_key, *event_channel_key;
    uint32_t own_domid;
    bool peer_was_introduced; /* xenstored tells such things, and knew the peer */
    atomic_bool is_lost;      /* its connection is broken */
    atomic_bool keys_are_gone; /* a server's: removed, or another's in their place */
};

/* Where one end waits; wait.c. */
struct vchan_waiter {
    int epoll_fd, timer_fd;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool polling;     /* a thread waits for the descriptors, others for it */
    atomic_uint turn; /* how often something has happened */
};

struct xenvchan {
    bool is_server;
    atomic_bool blocking, persistent;
    uint32_t domid; /* the peer's */
    xengntshr_handle *gntshr; /* a server's */
    xengnttab_handle *gnttab; /* a client's */
    xenevtchn_handle *event;
    evtchn_port_t port;
    uint32_t ring_ref, remote_port; /* as the store has them */

    struct vchan_interface *page;
    struct vchan_ring read, write;
    unsigned int read_patience, write_patience; /* looks before sleeping; transfer.c */
    uint8_t *ask, *asked; /* notify bits: ours to the peer, the peer's to us */
    const uint8_t *peer_live;

    atomic_bool connected; /* all above stands */
    atomic_int ended;      /* 0, or the errno that everything fails with */
    struct xenlibs_deadline connect_by;
    atomic_bool domain_was_seen; /* the peer's, by Xen */
    _Atomic int64_t looked_at_ns; /* when it was looked for last */

    struct vchan_store store;
    struct vchan_waiter waiter;
};

/* ---- memory.c: the shared page and the rings ---- */

int xenvchan_memory_share(struct xenvchan *xvc, size_t read_min, size_t write_min);
/* -1 with EPROTO for what no server writes, ECONNREFUSED if it has closed, or xengnttab's. */
int xenvchan_memory_map(struct xenvchan *xvc);
/* Takes all of it down that stands. Keeps errno. */
void xenvchan_memory_release(struct xenvchan *xvc);

/* ---- store.c ---- */

int xenvchan_store_open(struct vchan_store *store, const char *path);
void xenvchan_store_close(struct vchan_store *store);
int xenvchan_store_advertise(struct xenvchan *xvc);
int xenvchan_store_withdraw(struct xenvchan *xvc);
/* Reads both keys. -1 with ENOENT while they are not there, EPROTO if they are no numbers. */
int xenvchan_store_find(struct xenvchan *xvc, uint32_t *ring_ref, uint32_t *port);
/* Has the store report the peer's end as far as it can. */
void xenvchan_store_watch(struct xenvchan *xvc);
/* Takes the reports. -1 when the connection is broken. */
int xenvchan_store_take_reports(struct xenvchan *xvc);

/* ---- client.c ---- */

/* Tries to connect; 0, or -1 with errno. */
int xenvchan_client_try(struct xenvchan *xvc);
/* Tries again; ends the channel if it is hopeless, or too late. */
void xenvchan_client_retry(struct xenvchan *xvc);

/* ---- peer.c ---- */

/* Ends the channel with an errno, for everyone who waits. Keeps errno. */
void xenvchan_end(struct xenvchan *xvc, int errnoval);
/* 1: the peer is there; 2: not yet; 0: the channel has ended. */
int xenvchan_look_at_peer(struct xenvchan *xvc);
/* Ends the channel if the peer's domain is gone; asks the store only if told to. */
void xenvchan_look_for_domain(struct xenvchan *xvc, bool ask_store);
/* The same, but not more often than every tick. */
void xenvchan_look_for_domain_at_times(struct xenvchan *xvc);

/* ---- wait.c ---- */

void xenvchan_waiter_init(struct vchan_waiter *waiter);
int xenvchan_waiter_open(struct xenvchan *xvc);
void xenvchan_waiter_close(struct vchan_waiter *waiter);
/* Makes the descriptor readable for good. */
void xenvchan_waiter_end(struct xenvchan *xvc);
/* Waits until the turn is no longer @seen. 1; 0 when it is too late; -1 with errno. */
int xenvchan_wait_for_change(struct xenvchan *xvc, unsigned int seen,
                             const struct xenlibs_deadline *deadline);

#endif
