/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A client that comes before its server, or to one that is no more. */
#include "vchan_tests.h"

TEST(a_client_that_does_not_wait_hears_that_there_is_no_server)
{
    start();
    assert_fails_with(connect_within(0, 0), NULL, ENOENT);
    fakedomains_stop();
}

TEST(a_client_may_come_first_and_its_descriptor_tells_of_the_server)
{
    struct pair pair;
    char data[8] = "";

    start();
    pair.client = connect_within(10000, XENVCHAN_NONBLOCK);
    assert_non_null(pair.client);
    assert_int_equal(xenvchan_is_open(pair.client), 2);
    assert_fails_with(xenvchan_write(pair.client, "x", 1), -1, EAGAIN);
    assert_fails_with(xenvchan_read(pair.client, data, 1), -1, EAGAIN);
    assert_int_equal(xenvchan_data_ready(pair.client), 0);
    assert_int_equal(xenvchan_buffer_space(pair.client), 0);
    while (xenvchan_wait(pair.client, 0) > 0) /* the watch's own first event */
        continue;
    pair.server = serve(0, 0, XENVCHAN_NONBLOCK);
    assert_int_equal(is_readable(xenvchan_fd(pair.client), 100), 1);
    assert_int_equal(xenvchan_wait(pair.client, 0), 1);
    assert_int_equal(xenvchan_is_open(pair.client), 1);
    assert_int_equal(xenvchan_is_open(pair.server), 1);
    assert_int_equal(xenvchan_write(pair.client, "hello", 5), 5);
    assert_int_equal(xenvchan_read(pair.server, data, sizeof(data)), 5);
    assert_string_equal(data, "hello");
    close_pair(pair);
}

TEST(a_server_hears_of_its_client)
{
    struct pair pair;

    start();
    pair.server = serve(0, 0, 0);
    assert_int_equal(xenvchan_is_open(pair.server), 2);
    assert_int_equal(xenvchan_wait_for_peer(pair.server, 20), 0);
    pair.client = connect_within(0, 0);
    assert_int_equal(is_readable(xenvchan_fd(pair.server), 100), 1);
    assert_int_equal(xenvchan_wait_for_peer(pair.server, 1000), 1);
    assert_int_equal(xenvchan_wait_for_peer(pair.client, 0), 1);
    close_pair(pair);
}

TEST(a_client_gives_up_in_time_and_the_descriptor_says_so)
{
    struct pollfd client;
    xenvchan *xvc;
    long began;
    char byte;

    start();
    began = now_ms();
    xvc = connect_within(300, XENVCHAN_NONBLOCK);
    client = (struct pollfd){.fd = xenvchan_fd(xvc), .events = POLLIN};
    while (xenvchan_is_open(xvc) == 2) {
        assert_true(poll(&client, 1, 2000) == 1);
        xenvchan_wait(xvc, 0);
    }
    assert_in_range(now_ms() - began, 290, 800);
    assert_fails_with(xenvchan_is_open(xvc), 0, ETIMEDOUT);
    assert_fails_with(xenvchan_wait(xvc, -1), -1, ETIMEDOUT);
    assert_fails_with(xenvchan_wait_for_peer(xvc, -1), -1, ETIMEDOUT);
    assert_fails_with(xenvchan_read(xvc, &byte, 1), -1, ETIMEDOUT);
    assert_fails_with(xenvchan_write(xvc, &byte, 1), -1, ETIMEDOUT);
    assert_int_equal(is_readable(xenvchan_fd(xvc), 0), 1);
    xenvchan_close(xvc);
    fakedomains_stop();
}

TEST(a_blocking_read_waits_for_the_server_until_the_deadline)
{
    xenvchan *xvc;
    long began;
    char byte;

    start();
    began = now_ms();
    xvc = connect_within(200, 0);
    assert_fails_with(xenvchan_read(xvc, &byte, 1), -1, ETIMEDOUT);
    assert_in_range(now_ms() - began, 190, 700);
    xenvchan_close(xvc);
    fakedomains_stop();
}

TEST(keys_of_a_server_that_is_no_more_are_passed_over)
{
    struct pair pair;

    start();
    fakestore_put(PATH "/ring-ref", "77");
    fakestore_put(PATH "/event-channel", "99");
    assert_fails_with(connect_within(0, 0), NULL, EINVAL);
    pair.client = connect_within(5000, 0);
    assert_int_equal(xenvchan_wait_for_peer(pair.client, 30), 0);
    pair.server = serve(0, 0, 0);
    assert_int_equal(xenvchan_wait_for_peer(pair.client, 1000), 1);
    close_pair(pair);
}

TEST(a_server_that_has_closed_is_refused)
{
    struct pair pair;

    start();
    pair.server = serve(0, 0, 0);
    page_of(pair.server)->srv_live = 0;
    assert_fails_with(connect_within(0, 0), NULL, ECONNREFUSED);
    page_of(pair.server)->srv_live = 1;
    xenvchan_close(pair.server);
    fakedomains_stop();
}

TEST(a_server_with_a_client_takes_no_second)
{
    struct pair pair = open_pair(0, 0, 0);

    assert_fails_with(connect_within(0, 0), NULL, EINVAL);
    assert_int_equal(xenvchan_is_open(pair.server), 1);
    close_pair(pair);
}

TEST(keys_that_are_no_numbers_are_EPROTO)
{
    static const char *const bad[] = {"", "x", "12x", "-1", " 7", "4294967296",
                                      "99999999999999999999999"};

    start();
    fakestore_put(PATH "/event-channel", "1");
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        fakestore_put(PATH "/ring-ref", bad[i]);
        assert_fails_with(connect_within(0, 0), NULL, EPROTO);
        assert_fails_with(connect_within(1000, 0), NULL, EPROTO);
    }
    fakedomains_stop();
}

TEST(a_client_whose_store_is_gone_hears_EIO)
{
    xenvchan *xvc;

    start();
    xvc = connect_within(10000, 0);
    fakestore_break();
    assert_fails_with(xenvchan_wait_for_peer(xvc, 5000), -1, EIO);
    xenvchan_close(xvc);
    fakedomains_stop();
}

TEST(a_persistent_server_takes_one_client_after_another)
{
    struct pair pair;
    char data[8];

    start();
    pair.server = serve(0, 0, XENVCHAN_PERSIST | XENVCHAN_NONBLOCK);
    for (int i = 0; i < 3; i++) {
        pair.client = connect_within(0, 0);
        assert_non_null(pair.client);
        assert_int_equal(xenvchan_is_open(pair.server), 1);
        assert_int_equal(xenvchan_send(pair.client, "again", 5), 5);
        assert_int_equal(xenvchan_recv(pair.server, data, 5), 5);
        xenvchan_close(pair.client);
        assert_int_equal(xenvchan_is_open(pair.server), 2);
        assert_fails_with(xenvchan_read(pair.server, data, 1), -1, EAGAIN);
    }
    xenvchan_set_persistent(pair.server, 0);
    assert_fails_with(xenvchan_is_open(pair.server), 0, EPIPE);
    xenvchan_close(pair.server);
    fakedomains_stop();
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_that_does_not_wait_hears_that_there_is_no_server),
        cmocka_unit_test(a_client_may_come_first_and_its_descriptor_tells_of_the_server),
        cmocka_unit_test(a_server_hears_of_its_client),
        cmocka_unit_test(a_client_gives_up_in_time_and_the_descriptor_says_so),
        cmocka_unit_test(a_blocking_read_waits_for_the_server_until_the_deadline),
        cmocka_unit_test(keys_of_a_server_that_is_no_more_are_passed_over),
        cmocka_unit_test(a_server_that_has_closed_is_refused),
        cmocka_unit_test(a_server_with_a_client_takes_no_second),
        cmocka_unit_test(keys_that_are_no_numbers_are_EPROTO),
        cmocka_unit_test(a_client_whose_store_is_gone_hears_EIO),
        cmocka_unit_test(a_persistent_server_takes_one_client_after_another),
    };

    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
