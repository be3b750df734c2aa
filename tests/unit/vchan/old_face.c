/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libxenvchan.so.4.17, through upstream's symbols only: these tests run on their
 * library too (LD_LIBRARY_PATH), where those named for a defect must fail.
 */
#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fakedomains.h"
#include "fakestore.h"
#include "fakexen.h"
#include "harness.h"
#include "libxenvchan.h"

#define PATH "data/vchan/1"
enum { SERVER_DOMID = 5, CLIENT_DOMID = 6 };

struct pair {
    struct libxenvchan *server, *client;
};

static struct libxenvchan *serve_at(const char *path, size_t read_min, size_t write_min)
{
    fakestore_set_domid(SERVER_DOMID);
    return libxenvchan_server_init(NULL, CLIENT_DOMID, path, read_min, write_min);
}

static struct libxenvchan *connect_to(const char *path)
{
    fakestore_set_domid(CLIENT_DOMID);
    return libxenvchan_client_init(NULL, SERVER_DOMID, path);
}

static struct pair open_pair(size_t read_min, size_t write_min)
{
    struct pair pair;

    fakedomains_start();
    pair.server = serve_at(PATH, read_min, write_min);
    assert_non_null(pair.server);
    pair.client = connect_to(PATH);
    assert_non_null(pair.client);
    pair.server->blocking = pair.client->blocking = 0;
    pair.server->server_persist = 0;
    return pair;
}

static void close_pair(struct pair pair)
{
    libxenvchan_close(pair.client);
    libxenvchan_close(pair.server);
    fakedomains_stop();
}

TEST(the_struct_is_truthful)
{
    struct pair pair = open_pair(4096, 65536);
    const struct libxenvchan *server = pair.server, *client = pair.client;

    assert_int_not_equal(server->is_server, 0);
    assert_int_equal(client->is_server, 0);
    assert_int_equal(server->read.order, 12);
    assert_int_equal(server->write.order, 16);
    assert_int_equal(client->read.order, 16);
    assert_int_equal(client->write.order, 12);
    assert_ptr_equal(server->read.shr, &server->ring->left);
    assert_ptr_equal(server->write.shr, &server->ring->right);
    assert_ptr_equal(client->read.shr, &client->ring->right);
    assert_ptr_equal(client->write.shr, &client->ring->left);
    assert_string_equal(server->xs_path, PATH);
    assert_non_null(server->gntshr);
    assert_non_null(client->gnttab);
    assert_int_equal(xenevtchn_notify(server->event, server->event_port), 0);
    assert_int_equal(libxenvchan_write(pair.client, "seen", 4), 4);
    assert_memory_equal(server->read.buffer, "seen", 4);
    assert_int_equal(server->read.shr->prod, 4);
    assert_int_equal(server->ring->srv_live, 1);
    assert_int_equal(client->ring->cli_live, 1);
    close_pair(pair);
}

TEST(small_rings_lie_in_the_page)
{
    struct pair pair = open_pair(1024, 2048);

    assert_ptr_equal(pair.server->read.buffer, (char *)pair.server->ring + 1024);
    assert_ptr_equal(pair.server->write.buffer, (char *)pair.server->ring + 2048);
    assert_int_equal(pair.server->read.order, 10);
    assert_int_equal(pair.client->read.order, 11);
    close_pair(pair);
}

TEST(without_blocking_there_is_0_where_nothing_can_be_done)
{
    struct pair pair = open_pair(0, 0);
    char data[2048] = "";

    assert_int_equal(libxenvchan_read(pair.server, data, 1), 0);
    assert_int_equal(libxenvchan_recv(pair.server, data, 2), 0);
    assert_int_equal(libxenvchan_send(pair.client, data, 1000), 1000);
    assert_int_equal(libxenvchan_send(pair.client, data, 25), 0);
    assert_int_equal(libxenvchan_write(pair.client, data, 100), 24);
    assert_int_equal(libxenvchan_write(pair.client, data, 100), 0);
    assert_int_equal(libxenvchan_data_ready(pair.server), 1024);
    assert_int_equal(libxenvchan_buffer_space(pair.client), 0);
    assert_int_equal(libxenvchan_recv(pair.server, data, 1000), 1000);
    assert_int_equal(libxenvchan_read(pair.server, data, 1000), 24);
    close_pair(pair);
}

static void *write_later(void *arg)
{
    usleep(50000);
    libxenvchan_write(arg, "late", 4);
    return NULL;
}

TEST(blocking_is_the_callers_to_set_at_any_time)
{
    struct pair pair = open_pair(0, 0);
    pthread_t thread;
    char data[4];

    assert_int_equal(libxenvchan_recv(pair.server, data, 4), 0);
    pair.server->blocking = -1;
    pthread_create(&thread, NULL, write_later, pair.client);
    assert_int_equal(libxenvchan_recv(pair.server, data, 4), 4);
    pthread_join(thread, NULL);
    close_pair(pair);
}

TEST(the_descriptor_is_readable_until_wait)
{
    struct pair pair = open_pair(0, 0);
    struct pollfd server = {.fd = libxenvchan_fd_for_select(pair.server), .events = POLLIN};
    char byte;

    while (poll(&server, 1, 0) > 0)
        assert_int_equal(libxenvchan_wait(pair.server), 0);
    assert_int_equal(libxenvchan_read(pair.server, &byte, 1), 0);
    libxenvchan_write(pair.client, "x", 1);
    assert_int_equal(poll(&server, 1, 1000), 1);
    assert_int_equal(libxenvchan_wait(pair.server), 0);
    assert_int_equal(libxenvchan_read(pair.server, &byte, 1), 1);
    close_pair(pair);
}

TEST(is_open_counts_as_upstreams)
{
    struct pair pair = open_pair(0, 0);
    struct libxenvchan *alone = serve_at("data/alone", 0, 0);
    char byte;

    alone->server_persist = 0;
    assert_int_equal(libxenvchan_is_open(alone), 2);
    alone->server_persist = -1;
    assert_int_equal(libxenvchan_is_open(alone), 1);
    libxenvchan_close(alone);
    assert_int_equal(libxenvchan_is_open(pair.server), 1);
    assert_int_equal(libxenvchan_is_open(pair.client), 1);
    libxenvchan_close(pair.client);
    assert_int_equal(libxenvchan_wait(pair.server), 0);
    assert_int_equal(libxenvchan_is_open(pair.server), 0);
    assert_int_equal(libxenvchan_read(pair.server, &byte, 1), -1);
    assert_int_equal(libxenvchan_write(pair.server, &byte, 1), -1);
    pair.client = NULL;
    close_pair(pair);
}

TEST(a_persistent_server_is_for_one_client_after_another)
{
    struct pair pair = open_pair(0, 0);
    char byte;

    pair.server->server_persist = -1;
    libxenvchan_close(pair.client);
    assert_int_equal(libxenvchan_is_open(pair.server), 1);
    assert_int_equal(libxenvchan_read(pair.server, &byte, 1), 0);
    pair.client = connect_to(PATH);
    assert_non_null(pair.client);
    pair.client->blocking = 0;
    assert_int_equal(libxenvchan_write(pair.client, "x", 1), 1);
    assert_int_equal(libxenvchan_read(pair.server, &byte, 1), 1);
    close_pair(pair);
}

TEST(more_than_a_mebibyte_is_refused)
{
    fakedomains_start();
    assert_null(serve_at(PATH, (1 << 20) + 1, 0));
    assert_null(serve_at(PATH, 0, (1 << 20) + 1));
    fakedomains_stop();
}

TEST(close_xs_srv_takes_the_keys_away)
{
    struct pair pair = open_pair(0, 0);

    close_xs_srv(pair.server);
    pair.server->xs_path = NULL; /* as upstream's callers would have to */
    assert_null(fakestore_value(PATH "/ring-ref"));
    assert_int_equal(libxenvchan_is_open(pair.server), 1);
    close_pair(pair);
}

/* malloc(3) gives bytes of 0xfe, so that what is not set up shows. */
static void spoil_fresh_memory(void)
{
    mallopt(M_PERTURB, 1);
}

/* Upstream leaves `blocking` (and a client's server_persist) as malloc(3) gave it. */
TEST(defect_blocking_is_not_initialised)
{
    struct libxenvchan *server, *client;

#ifdef HEAP_IS_SANITIZED
    skip_because("the sanitizer's heap cannot be spoilt");
#endif
    spoil_fresh_memory();
    fakedomains_start();
    server = serve_at(PATH, 0, 0);
    client = connect_to(PATH);
    assert_int_equal(server->blocking, 0);
    assert_int_equal(client->blocking, 0);
    assert_int_equal(client->server_persist, 0);
    assert_null(client->xs_path);
    close_pair((struct pair){server, client});
}

/* Upstream unmaps buffers, and removes a path, that it never had. */
TEST(defect_a_failed_server_uses_what_it_never_set)
{
    spoil_fresh_memory();
    fakedomains_start();
    fakexen_fail_open("/dev/xen/evtchn", EMFILE);
    assert_null(serve_at(PATH, 65536, 65536));
    assert_int_equal(fakexen_count(FAKEXEN_MUNMAP) + fakexen_count_anonymous(FAKEXEN_MUNMAP), 0);
    fakedomains_stop();
}

/* Upstream makes the keys' names in 64 bytes. */
TEST(defect_a_long_path_is_cut_off)
{
    char path[120], key[140];
    struct libxenvchan *server, *client;

    fakedomains_start();
    memset(path, 'p', sizeof(path) - 1);
    path[sizeof(path) - 1] = '\0';
    server = serve_at(path, 0, 0);
    assert_non_null(server);
    snprintf(key, sizeof(key), "%s/ring-ref", path);
    assert_non_null(fakestore_value(key));
    client = connect_to(path);
    assert_non_null(client);
    libxenvchan_close(client);
    libxenvchan_close(server);
    fakedomains_stop();
}

/* Upstream unmaps a client's rings past libxengnttab: gntdev keeps their slots. */
TEST(defect_a_closed_client_leaves_slots_in_gntdev)
{
    struct pair pair = open_pair(65536, 65536);

    assert_int_equal(fakedomains_slots(), 3);
    libxenvchan_close(pair.client);
    assert_int_equal(fakedomains_slots(), 0);
    pair.client = NULL;
    close_pair(pair);
}

/* Upstream connects to the store once for each server it makes, and again to close it. */
TEST(defect_closing_connects_to_the_store_again)
{
    struct libxenvchan *server;

    fakedomains_start();
    server = serve_at(PATH, 0, 0);
    libxenvchan_close(server);
    assert_int_equal(fakestore_connections(), 1);
    fakedomains_stop();
}

/* Upstream says that nothing is ready, for ever. */
TEST(defect_a_corrupt_index_is_silence)
{
    struct pair pair = open_pair(0, 0);
    char byte;

    pair.server->ring->left.prod = 4711;
    assert_int_equal(libxenvchan_read(pair.server, &byte, 1), -1);
    assert_int_equal(errno, EPROTO);
    assert_int_equal(libxenvchan_is_open(pair.server), 0);
    assert_int_equal(libxenvchan_wait(pair.server), -1);
    close_pair(pair);
}

/* Upstream answers 0, "try again", to what will never fit. */
TEST(defect_a_message_beyond_the_ring_is_to_be_tried_again)
{
    struct pair pair = open_pair(0, 0);
    static char data[4096];

    assert_int_equal(libxenvchan_send(pair.client, data, sizeof(data)), -1);
    assert_int_equal(errno, EMSGSIZE);
    close_pair(pair);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_struct_is_truthful),
        cmocka_unit_test(small_rings_lie_in_the_page),
        cmocka_unit_test(without_blocking_there_is_0_where_nothing_can_be_done),
        cmocka_unit_test(blocking_is_the_callers_to_set_at_any_time),
        cmocka_unit_test(the_descriptor_is_readable_until_wait),
        cmocka_unit_test(is_open_counts_as_upstreams),
        cmocka_unit_test(a_persistent_server_is_for_one_client_after_another),
        cmocka_unit_test(more_than_a_mebibyte_is_refused),
        cmocka_unit_test(close_xs_srv_takes_the_keys_away),
        cmocka_unit_test(defect_blocking_is_not_initialised),
        cmocka_unit_test(defect_a_failed_server_uses_what_it_never_set),
        cmocka_unit_test(defect_a_long_path_is_cut_off),
        cmocka_unit_test(defect_a_closed_client_leaves_slots_in_gntdev),
        cmocka_unit_test(defect_closing_connects_to_the_store_again),
        cmocka_unit_test(defect_a_corrupt_index_is_silence),
        cmocka_unit_test(defect_a_message_beyond_the_ring_is_to_be_tried_again),
    };

    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
