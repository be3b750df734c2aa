/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a channel ends, and that everybody hears of it. */
#include "vchan_tests.h"

static void assert_ended(xenvchan *xvc, int why)
{
    char byte = 0;

    assert_fails_with(xenvchan_is_open(xvc), 0, why);
    assert_fails_with(xenvchan_read(xvc, &byte, 1), -1, why);
    assert_fails_with(xenvchan_recv(xvc, &byte, 1), -1, why);
    assert_fails_with(xenvchan_write(xvc, &byte, 1), -1, why);
    assert_fails_with(xenvchan_send(xvc, &byte, 1), -1, why);
    assert_fails_with(xenvchan_wait(xvc, -1), -1, why);
    assert_fails_with(xenvchan_wait_for_peer(xvc, -1), -1, why);
    assert_int_equal(is_readable(xenvchan_fd(xvc), 1000), 1);
    assert_int_equal(is_readable(xenvchan_fd(xvc), 0), 1); /* for good */
}

TEST(a_client_that_closes_is_EPIPE_to_its_server)
{
    struct pair pair = open_pair(65536, 65536, 0);

    xenvchan_close(pair.client);
    assert_ended(pair.server, EPIPE);
    pair.client = NULL;
    close_pair(pair);
}

TEST(a_server_that_closes_is_EPIPE_to_its_client)
{
    struct pair pair = open_pair(65536, 65536, 0);

    xenvchan_close(pair.server);
    assert_ended(pair.client, EPIPE);
    pair.server = NULL;
    close_pair(pair);
}

TEST(a_process_that_dies_is_EPIPE_at_once)
{
    struct pair pair = open_pair(65536, 65536, 0);
    long began = now_ms();

    kill_end(pair.client);
    assert_int_equal(is_readable(xenvchan_fd(pair.server), 1000), 1);
    assert_ended(pair.server, EPIPE);
    assert_true(now_ms() - began < 200);
    close_pair(pair);
}

TEST(what_the_peer_sent_before_it_went_is_read_first)
{
    struct pair pair = open_pair(0, 0, 0);
    char data[16] = "";

    assert_int_equal(xenvchan_write(pair.client, "last words", 10), 10);
    kill_end(pair.client);
    assert_int_equal(xenvchan_wait(pair.server, -1), 1);
    assert_fails_with(xenvchan_is_open(pair.server), 0, EPIPE);
    assert_int_equal(xenvchan_data_ready(pair.server), 10);
    assert_int_equal(xenvchan_wait(pair.server, -1), 1);
    assert_int_equal(xenvchan_recv(pair.server, data, 4), 4);
    assert_fails_with(xenvchan_recv(pair.server, data, 7), -1, EPIPE); /* half a message */
    assert_int_equal(xenvchan_read(pair.server, data, 16), 6);
    assert_memory_equal(data, " words", 6);
    assert_ended(pair.server, EPIPE);
    close_pair(pair);
}

TEST(a_domain_that_goes_is_ECONNRESET_to_a_server_that_polls)
{
    struct pair pair = open_pair(0, 0, 0);
    long began;

    began = now_ms();
    fakedomains_set_gone(CLIENT_DOMID, 1);
    while (xenvchan_is_open(pair.server) && now_ms() - began < 3000) {
        is_readable(xenvchan_fd(pair.server), 1000);
        xenvchan_wait(pair.server, 0);
    }
    assert_true(now_ms() - began < 1000);
    assert_ended(pair.server, ECONNRESET);
    close_pair(pair);
}

TEST(a_domain_that_goes_ends_a_blocking_read)
{
    struct pair pair = open_pair(0, 0, 0);
    long began;
    char byte;

    began = now_ms();
    fakedomains_set_gone(SERVER_DOMID, 1);
    assert_fails_with(xenvchan_read(pair.client, &byte, 1), -1, ECONNRESET);
    assert_true(now_ms() - began < 1000);
    close_pair(pair);
}

TEST(a_domain_that_goes_is_seen_by_one_who_only_asks)
{
    struct pair pair = open_pair(0, 0, 0);
    long began;

    fakedomains_set_gone(SERVER_DOMID, 1);
    began = now_ms();
    while (xenvchan_is_open(pair.client) && now_ms() - began < 3000)
        usleep(1000);
    assert_true(now_ms() - began < 1000);
    assert_ended(pair.client, ECONNRESET);
    close_pair(pair);
}

TEST(dom0_hears_from_the_store_that_a_domain_goes)
{
    struct pair pair;
    long began;
    char byte;

    start();
    fakestore_set_domid(0);
    pair.server = xenvchan_server_open(CLIENT_DOMID, PATH, NULL);
    pair.client = connect_within(0, 0);
    began = now_ms();
    fakestore_release_domains();
    assert_fails_with(xenvchan_read(pair.server, &byte, 1), -1, ECONNRESET);
    assert_true(now_ms() - began < 100);
    close_pair(pair);
}

TEST(a_client_hears_from_the_store_that_its_servers_domain_is_cleaned_up)
{
    struct pair pair = open_pair(0, 0, 0);
    long began = now_ms();
    char byte;

    fakestore_remove(PATH);
    fakestore_release_domains(); /* an ordinary domain is not told of this */
    assert_fails_with(xenvchan_read(pair.client, &byte, 1), -1, ECONNRESET);
    assert_true(now_ms() - began < 1000);
    close_pair(pair);
}

TEST(a_store_that_is_gone_is_no_end)
{
    struct pair pair = open_pair(0, 0, XENVCHAN_NONBLOCK);
    char byte;

    fakestore_break();
    for (int i = 0; i < 5; i++)
        xenvchan_wait(pair.client, 10);
    assert_int_equal(xenvchan_is_open(pair.client), 1);
    assert_int_equal(is_readable(xenvchan_fd(pair.client), 0), 0); /* nor does it spin */
    assert_int_equal(xenvchan_write(pair.client, "x", 1), 1);
    assert_int_equal(xenvchan_read(pair.server, &byte, 1), 1);
    fakedomains_set_gone(SERVER_DOMID, 1);
    while (xenvchan_wait(pair.client, 2000) > 0)
        continue;
    assert_fails_with(xenvchan_is_open(pair.client), 0, ECONNRESET);
    close_pair(pair);
}

TEST(waiting_ends_when_the_time_is_up)
{
    struct pair pair = open_pair(0, 0, 0);
    long began;

    while (xenvchan_wait(pair.server, 0) > 0)
        continue;
    began = now_ms();
    assert_int_equal(xenvchan_wait(pair.server, 50), 0);
    assert_in_range(now_ms() - began, 49, 300);
    close_pair(pair);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_that_closes_is_EPIPE_to_its_server),
        cmocka_unit_test(a_server_that_closes_is_EPIPE_to_its_client),
        cmocka_unit_test(a_process_that_dies_is_EPIPE_at_once),
        cmocka_unit_test(what_the_peer_sent_before_it_went_is_read_first),
        cmocka_unit_test(a_domain_that_goes_is_ECONNRESET_to_a_server_that_polls),
        cmocka_unit_test(a_domain_that_goes_ends_a_blocking_read),
        cmocka_unit_test(a_domain_that_goes_is_seen_by_one_who_only_asks),
        cmocka_unit_test(dom0_hears_from_the_store_that_a_domain_goes),
        cmocka_unit_test(a_client_hears_from_the_store_that_its_servers_domain_is_cleaned_up),
        cmocka_unit_test(a_store_that_is_gone_is_no_end),
        cmocka_unit_test(waiting_ends_when_the_time_is_up),
    };

    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
