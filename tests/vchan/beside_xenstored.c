/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Channels whose two ends find each other in Debian's real xenstored, through our
 * libxenstore. The devices are stand-ins; to the store both ends are dom0.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xenstore.h>

#include "fakedomains.h"
#include "harness.h"
#include "xenvchan.h"

#define PATH "/local/domain/0/data/vchan/1"
enum { PEER_DOMID = 6 };

static struct xs_handle *start(void)
{
    struct xs_handle *xs = xs_open(0);

    fakedomains_start();
    assert_non_null(xs);
    assert_true(xs_write(xs, XBT_NULL, "/local/domain/0/domid", "0", 1));
    xs_rm(xs, XBT_NULL, PATH);
    return xs;
}

static void stop(struct xs_handle *xs)
{
    xs_close(xs);
    fakedomains_stop();
}

static xenvchan *connect_within(int timeout_ms)
{
    struct xenvchan_options options = {.size = sizeof(options), .connect_timeout_ms = timeout_ms};

    return xenvchan_client_open(PEER_DOMID, PATH, &options);
}

static void assert_is_for_the_peer(struct xs_handle *xs, const char *key)
{
    unsigned int count;
    struct xs_permissions *permissions = xs_get_permissions(xs, XBT_NULL, key, &count);

    assert_non_null(permissions);
    assert_int_equal(count, 2);
    assert_int_equal(permissions[0].id, 0);
    assert_int_equal(permissions[0].perms, XS_PERM_NONE);
    assert_int_equal(permissions[1].id, PEER_DOMID);
    assert_int_equal(permissions[1].perms, XS_PERM_READ);
    free(permissions);
}

TEST(a_server_writes_both_keys_and_removes_them)
{
    struct xs_handle *xs = start();
    xenvchan *server = xenvchan_server_open(PEER_DOMID, PATH, NULL);
    unsigned int count;

    assert_non_null(server);
    assert_is_for_the_peer(xs, PATH "/ring-ref");
    assert_is_for_the_peer(xs, PATH "/event-channel");
    xenvchan_close(server);
    assert_null(xs_directory(xs, XBT_NULL, PATH, &count));
    stop(xs);
}

static void *serve_later(void *arg)
{
    (void)arg;
    usleep(50000);
    return xenvchan_server_open(PEER_DOMID, PATH, NULL);
}

TEST(a_client_that_came_first_hears_of_the_server_from_the_store)
{
    struct xs_handle *xs = start();
    xenvchan *client = connect_within(20000);
    struct pollfd ready = {.fd = xenvchan_fd(client), .events = POLLIN};
    pthread_t thread;
    void *server;
    char data[4];

    assert_non_null(client);
    assert_int_equal(xenvchan_is_open(client), 2);
    pthread_create(&thread, NULL, serve_later, NULL);
    while (xenvchan_is_open(client) == 2) {
        assert_int_equal(poll(&ready, 1, 10000), 1);
        xenvchan_wait(client, 0);
    }
    pthread_join(thread, &server);
    assert_int_equal(xenvchan_is_open(client), 1);
    assert_int_equal(xenvchan_send(server, "here", 4), 4);
    assert_int_equal(xenvchan_recv(client, data, 4), 4);
    xenvchan_close(server);
    assert_fails_with(xenvchan_recv(client, data, 4), -1, EPIPE);
    xenvchan_close(client);
    stop(xs);
}

TEST(a_client_gives_up_in_time)
{
    struct xs_handle *xs = start();
    xenvchan *client = connect_within(200);

    assert_fails_with(xenvchan_wait_for_peer(client, -1), -1, ETIMEDOUT);
    xenvchan_close(client);
    assert_fails_with(connect_within(0), NULL, ENOENT);
    stop(xs);
}

/* As a toolstack does when the server's domain is gone, and Xen does not say so. */
TEST(keys_that_are_cleaned_away_end_the_channel)
{
    struct xs_handle *xs = start();
    xenvchan *server = xenvchan_server_open(PEER_DOMID, PATH, NULL), *client = connect_within(0);
    char byte;

    assert_non_null(client);
    assert_true(xs_rm(xs, XBT_NULL, PATH));
    assert_fails_with(xenvchan_read(client, &byte, 1), -1, ECONNRESET);
    xenvchan_close(client);
    xenvchan_close(server);
    stop(xs);
}

TEST(a_long_path_is_kept_whole)
{
    struct xs_handle *xs = start();
    char path[1000], key[1020];
    xenvchan *server;
    char *value;

    memset(path, 'p', sizeof(path) - 1);
    memcpy(path, "/local/", 7);
    path[sizeof(path) - 1] = '\0';
    server = xenvchan_server_open(PEER_DOMID, path, NULL);
    assert_non_null(server);
    snprintf(key, sizeof(key), "%s/ring-ref", path);
    value = xs_read(xs, XBT_NULL, key, NULL);
    assert_non_null(value);
    free(value);
    xenvchan_close(server);
    stop(xs);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_server_writes_both_keys_and_removes_them),
        cmocka_unit_test(a_client_that_came_first_hears_of_the_server_from_the_store),
        cmocka_unit_test(a_client_gives_up_in_time),
        cmocka_unit_test(keys_that_are_cleaned_away_end_the_channel),
        cmocka_unit_test(a_long_path_is_kept_whole),
    };

    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
