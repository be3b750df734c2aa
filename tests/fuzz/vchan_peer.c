/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxenvchan against a peer that may write anything into the shared page at any time:
 * the input decides what the program does, and what the page holds before each access
 * to it (shared_memory.h). The devices and the store are stand-ins.
 *
 * The input: a byte with the role and the sizes of the rings, then for each step a byte
 * that says what the program does, and for each access a byte that says what the peer
 * does to the page before it (see peer_meddles).
 *
 * Every call must return, and return what its header promises: no more than was asked
 * for or than a ring holds, an errno that is listed, EPROTO from the first breach on.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xen/io/libxenvchan.h>

#include "../support/fakedomains.h"
#include "../support/fakestore.h"
#include "xentoollog.h"
#include "xenvchan.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
void peer_meddles(const void *where);

enum { OUR_DOMID = 5, PEER_DOMID = 6, MAX_STEPS = 64, MAX_BYTES = 1 << 21 };

static const uint8_t *input;
static size_t left;
static xentoollog_logger *quiet; /* refused grants are no news here */
static struct vchan_interface *page; /* NULL: nothing to meddle with yet */
static uint8_t bytes[MAX_BYTES];

static uint8_t next_byte(void)
{
    if (!left)
        return 0;
    left--;
    return *input++;
}

static uint32_t next_number(void)
{
    uint32_t number = 0;

    for (int i = 0; i < 4; i++)
        number = number << 8 | next_byte();
    return number;
}

/* A finding: libFuzzer keeps the input. */
static void must(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "vchan_peer: not so: %s\n", what);
    abort();
}

/* ---- the peer ---- */

static uint32_t *some_index(uint8_t which)
{
    uint32_t *indices[] = {&page->left.cons, &page->left.prod, &page->right.cons,
                           &page->right.prod};

    return indices[which & 3];
}

static void move_index(uint8_t which, uint32_t by)
{
    uint32_t *index = some_index(which);

    *index += by;
}

/* Most of the time a peer leaves the page alone, or moves on as it may. */
void peer_meddles(const void *where)
{
    uint8_t what = next_byte();

    (void)where;
    if (!page || what < 128)
        return;
    switch (what >> 2 & 15) {
    case 0: move_index(what, 1); break;
    case 1: move_index(what, next_byte()); break;
    case 2: move_index(what, (uint32_t)next_byte() << 8); break;
    case 3: move_index(what, 0u - next_byte()); break;
    case 4: *some_index(what) = next_number(); break;
    case 5: page->left_order = next_byte(); break;
    case 6: page->right_order = next_byte(); break;
    case 7: page->left_order = (uint16_t)next_number(); break;
    case 8: page->cli_live = what & 3; break;
    case 9: page->srv_live = what & 3; break;
    case 10: page->cli_notify = next_byte(); break;
    case 11: page->srv_notify = next_byte(); break;
    case 12: page->grants[next_byte()] = next_number(); break;
    case 13: page->cli_live = page->srv_live = next_byte(); break;
    default: memset(page, next_byte(), 24); break;
    }
}

/* ---- the program ---- */

static bool is_listed(int errnoval)
{
    static const int listed[] = {EAGAIN, EPIPE, ECONNRESET, EPROTO, EMSGSIZE, EINVAL};

    for (size_t i = 0; i < sizeof(listed) / sizeof(listed[0]); i++)
        if (errnoval == listed[i])
            return true;
    return false;
}

static void check_moved(ssize_t moved, size_t wanted, bool exactly)
{
    if (moved < 0) {
        must(is_listed(errno), "an errno that the header lists");
        return;
    }
    must((size_t)moved <= wanted, "no more than was wanted is moved");
    must(!exactly || (size_t)moved == wanted, "all or nothing is moved");
    must(moved > 0 || !wanted, "there is no silent 0");
}

static size_t some_size(void)
{
    size_t size = next_byte();

    return size < 200 ? size : size == 255 ? MAX_BYTES : (size_t)1 << (size - 200) % 21;
}

static void check_state(xenvchan *xvc, size_t ring_most)
{
    int ready = xenvchan_data_ready(xvc), space = xenvchan_buffer_space(xvc);

    must(ready >= -1 && (ready < 0 || (size_t)ready <= ring_most), "a ring holds what is ready");
    must(space >= -1 && (space < 0 || (size_t)space <= ring_most), "a ring holds its space");
}

/* One thing that a program does; true when the channel is poisoned. */
static bool step(xenvchan *xvc)
{
    size_t size;

    errno = 0;
    switch (next_byte() % 8) {
    case 0:
        size = some_size();
        check_moved(xenvchan_read(xvc, bytes, size), size, false);
        break;
    case 1:
        size = some_size();
        check_moved(xenvchan_recv(xvc, bytes, size), size, true);
        break;
    case 2:
        size = some_size();
        check_moved(xenvchan_write(xvc, bytes, size), size, false);
        break;
    case 3:
        size = some_size();
        check_moved(xenvchan_send(xvc, bytes, size), size, true);
        break;
    case 4:
        check_state(xvc, (size_t)1 << 20);
        break;
    case 5:
        must(xenvchan_wait(xvc, 0) >= 0 || is_listed(errno), "waiting fails as listed");
        break;
    case 6:
        must(xenvchan_wait_for_peer(xvc, 0) >= 0 || is_listed(errno), "waiting fails as listed");
        break;
    default:
        must(xenvchan_is_open(xvc) || is_listed(errno), "an end that is listed");
        break;
    }
    return errno == EPROTO;
}

/* After a breach there is nothing but EPROTO, and nobody waits. */
static void check_poisoned(xenvchan *xvc)
{
    must(xenvchan_read(xvc, bytes, 1) < 0 && errno == EPROTO, "read is poisoned");
    must(xenvchan_write(xvc, bytes, 1) < 0 && errno == EPROTO, "write is poisoned");
    must(xenvchan_wait(xvc, -1) < 0 && errno == EPROTO, "wait is poisoned");
    must(!xenvchan_is_open(xvc) && errno == EPROTO, "the state is poisoned");
}

static void use(xenvchan *xvc)
{
    for (int i = 0; i < MAX_STEPS && left; i++)
        if (step(xvc)) {
            check_poisoned(xvc);
            return;
        }
}

static struct vchan_interface *page_of(xenvchan *xvc)
{
    struct xenvchan_view view = {.size = sizeof(view)};

    return xenvchan_get_view(xvc, &view) ? NULL : view.page;
}

static xenvchan *serve(uint32_t to, uint8_t sizes)
{
    struct xenvchan_options options = {.size = sizeof(options),
                                       .logger = quiet,
                                       .read_min = sizes & 1 ? 30000 : 1000,
                                       .write_min = sizes & 2 ? 1 << 20 : 2000,
                                       .flags = XENVCHAN_NONBLOCK};

    if (sizes & 4)
        options.flags |= XENVCHAN_PERSIST;
    return xenvchan_server_open(to, "data/vchan", &options);
}

/* The page is the server's, and so is what a client of it finds there when it comes. */
static void be_client(uint8_t sizes)
{
    struct xenvchan_options options = {
        .size = sizeof(options), .logger = quiet, .flags = XENVCHAN_NONBLOCK};
    xenvchan *server = serve(OUR_DOMID, sizes), *client;

    must(server != NULL, "the stand-ins make a server");
    page = page_of(server);
    client = xenvchan_client_open(PEER_DOMID, "data/vchan", &options);
    if (client)
        use(client);
    else
        must(errno == EPROTO || errno == EINVAL || errno == ECONNREFUSED,
             "connecting fails as listed");
    xenvchan_close(client);
    page = NULL;
    xenvchan_close(server);
}

static void be_server(uint8_t sizes)
{
    xenvchan *server = serve(PEER_DOMID, sizes);

    must(server != NULL, "the stand-ins make a server");
    page = page_of(server);
    page->cli_live = 1;
    use(server);
    page = NULL;
    xenvchan_close(server);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    quiet = (xentoollog_logger *)xtl_createlogger_stdiostream(stderr, XTL_CRITICAL, 0);
    fakedomains_start();
    fakestore_set_domid(OUR_DOMID);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t first;

    input = data;
    left = size;
    first = next_byte();
    if (first & 128)
        be_client(first);
    else
        be_server(first);
    must(fakedomains_slots() == 0, "no mapping is left");
    must(fakestore_open_connections() == 0, "no connection is left");
    fakedomains_forget_memory();
    return 0;
}
