/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of libxenvchan have in common: a server, its client, and their host. */
#ifndef XENLIBS_TESTS_VCHAN_TESTS_H
#define XENLIBS_TESTS_VCHAN_TESTS_H

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <xen/io/libxenvchan.h>

#include "fakedomains.h"
#include "fakestore.h"
#include "fakexen.h"
#include "harness.h"
#include "xenvchan.h"

#define PATH "data/vchan/1"
enum { SERVER_DOMID = 5, CLIENT_DOMID = 6 };

static inline void start(void)
{
    fakedomains_start();
    fakestore_set_domid(SERVER_DOMID);
}

static inline xenvchan *serve(size_t read_min, size_t write_min, unsigned flags)
{
    struct xenvchan_options options = {.size = sizeof(options),
                                       .read_min = read_min,
                                       .write_min = write_min,
                                       .flags = flags};

    fakestore_set_domid(SERVER_DOMID);
    return xenvchan_server_open(CLIENT_DOMID, PATH, &options);
}

static inline xenvchan *connect_within(int timeout_ms, unsigned flags)
{
    struct xenvchan_options options = {.size = sizeof(options),
                                       .connect_timeout_ms = timeout_ms,
                                       .flags = flags};

    fakestore_set_domid(CLIENT_DOMID);
    return xenvchan_client_open(SERVER_DOMID, PATH, &options);
}

struct pair {
    xenvchan *server, *client;
};

static inline struct pair open_pair(size_t read_min, size_t write_min, unsigned flags)
{
    struct pair pair;

    start();
    pair.server = serve(read_min, write_min, flags);
    assert_non_null(pair.server);
    pair.client = connect_within(0, flags);
    assert_non_null(pair.client);
    return pair;
}

static inline void close_pair(struct pair pair)
{
    xenvchan_close(pair.client);
    xenvchan_close(pair.server);
    fakedomains_stop();
    assert_int_equal(fakedomains_slots(), 0);
    assert_int_equal(fakestore_open_connections(), 0);
}

static inline struct xenvchan_view view_of(xenvchan *xvc)
{
    struct xenvchan_view view = {.size = sizeof(view)};

    assert_int_equal(xenvchan_get_view(xvc, &view), 0);
    return view;
}

static inline struct vchan_interface *page_of(xenvchan *xvc)
{
    return view_of(xvc).page;
}

/* As the kernel does when the process at this end dies. */
static inline void kill_end(xenvchan *xvc)
{
    struct xenvchan_view view = view_of(xvc);

    fakedomains_kill_process(xenevtchn_fd(view.event), view.is_server
                                                           ? xengntshr_fd(view.gntshr)
                                                           : xengnttab_fd(view.gnttab));
}

static inline long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline int is_readable(int fd, int timeout_ms)
{
    struct pollfd pollfd = {.fd = fd, .events = POLLIN};

    return poll(&pollfd, 1, timeout_ms);
}

/* A stream of bytes that both ends can make. */
static inline unsigned char byte_at(size_t position)
{
    return (unsigned char)(position * 2654435761u >> 13);
}

#endif
