/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A peer that breaks the protocol. It is EPROTO at once: no hang, no silent 0. */
#include "vchan_tests.h"

static void assert_poisoned(xenvchan *xvc)
{
    char byte = 0;

    assert_fails_with(xenvchan_is_open(xvc), 0, EPROTO);
    assert_fails_with(xenvchan_read(xvc, &byte, 1), -1, EPROTO);
    assert_fails_with(xenvchan_recv(xvc, &byte, 1), -1, EPROTO);
    assert_fails_with(xenvchan_write(xvc, &byte, 1), -1, EPROTO);
    assert_fails_with(xenvchan_send(xvc, &byte, 1), -1, EPROTO);
    assert_fails_with(xenvchan_data_ready(xvc), -1, EPROTO);
    assert_fails_with(xenvchan_buffer_space(xvc), -1, EPROTO);
    assert_fails_with(xenvchan_wait(xvc, -1), -1, EPROTO);
    assert_fails_with(xenvchan_wait_for_peer(xvc, -1), -1, EPROTO);
    assert_int_equal(is_readable(xenvchan_fd(xvc), 1000), 1);
}

TEST(a_producer_beyond_the_ring_poisons)
{
    struct pair pair = open_pair(0, 0, 0);
    char byte;

    page_of(pair.server)->left.prod = 1025;
    assert_fails_with(xenvchan_read(pair.server, &byte, 1), -1, EPROTO);
    assert_poisoned(pair.server);
    close_pair(pair);
}

TEST(a_producer_that_goes_back_poisons)
{
    struct pair pair = open_pair(0, 0, 0);

    xenvchan_write(pair.client, "12345", 5);
    assert_int_equal(xenvchan_data_ready(pair.server), 5);
    page_of(pair.server)->left.prod = 4;
    assert_fails_with(xenvchan_data_ready(pair.server), -1, EPROTO);
    assert_poisoned(pair.server);
    close_pair(pair);
}

TEST(a_consumer_that_overtakes_poisons)
{
    struct pair pair = open_pair(0, 0, 0);

    page_of(pair.server)->right.cons = 1;
    assert_fails_with(xenvchan_buffer_space(pair.server), -1, EPROTO);
    assert_poisoned(pair.server);
    close_pair(pair);
}

TEST(a_consumer_that_goes_back_poisons)
{
    struct pair pair = open_pair(0, 0, 0);
    char data[8];

    xenvchan_write(pair.server, "12345678", 8);
    xenvchan_read(pair.client, data, 8);
    assert_int_equal(xenvchan_buffer_space(pair.server), 2048);
    page_of(pair.server)->right.cons = 7;
    assert_fails_with(xenvchan_buffer_space(pair.server), -1, EPROTO);
    assert_poisoned(pair.server);
    close_pair(pair);
}

TEST(a_live_byte_that_nobody_writes_poisons)
{
    struct pair pair = open_pair(0, 0, 0);

    page_of(pair.server)->cli_live = 3;
    assert_poisoned(pair.server);
    page_of(pair.client)->srv_live = 2;
    assert_poisoned(pair.client);
    close_pair(pair);
}

TEST(a_breach_after_the_end_is_a_breach)
{
    struct pair pair = open_pair(0, 0, 0);

    kill_end(pair.client);
    assert_fails_with(xenvchan_is_open(pair.server), 0, EPIPE);
    page_of(pair.server)->left.prod = 0x80000000;
    assert_fails_with(xenvchan_data_ready(pair.server), -1, EPROTO);
    assert_poisoned(pair.server);
    close_pair(pair);
}

TEST(orders_that_cannot_be_are_refused_by_a_client)
{
    static const uint16_t orders[][2] = {{9, 12}, {12, 9}, {10, 10}, {11, 11}, {21, 12},
                                         {12, 21}, {65535, 12}, {0, 0}, {10, 20}};
    xenvchan *server;

    start();
    server = serve(4096, 4096, 0);
    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        page_of(server)->left_order = orders[i][0];
        page_of(server)->right_order = orders[i][1];
        assert_fails_with(connect_within(0, 0), NULL, EPROTO);
        assert_fails_with(connect_within(10000, 0), NULL, EPROTO); /* waiting is no use */
    }
    assert_int_equal(fakedomains_slots(), 0);
    xenvchan_close(server);
    fakedomains_stop();
}

TEST(indices_that_cannot_be_are_refused_by_a_client)
{
    xenvchan *server;

    start();
    server = serve(4096, 4096, 0);
    page_of(server)->left.prod = 5000;
    assert_fails_with(connect_within(0, 0), NULL, EPROTO);
    page_of(server)->left.prod = 0;
    page_of(server)->right.cons = 1;
    assert_fails_with(connect_within(0, 0), NULL, EPROTO);
    xenvchan_close(server);
    fakedomains_stop();
}

TEST(orders_and_references_that_change_later_are_of_no_effect)
{
    struct pair pair = open_pair(4096, 4096, 0);
    char data[3];

    page_of(pair.server)->left_order = 20;
    page_of(pair.server)->right_order = 0;
    memset(page_of(pair.server)->grants, 0xff, 8);
    assert_int_equal(xenvchan_buffer_space(pair.client), 4096);
    assert_int_equal(xenvchan_buffer_space(pair.server), 4096);
    assert_int_equal(xenvchan_send(pair.client, "abc", 3), 3);
    assert_int_equal(xenvchan_recv(pair.server, data, 3), 3);
    close_pair(pair);
}

TEST(our_own_indices_are_never_read_back)
{
    struct pair pair = open_pair(0, 0, 0);
    char data[8];

    xenvchan_write(pair.client, "1234", 4);
    page_of(pair.server)->right.prod = 0x12345678; /* the server's, and so is the next */
    page_of(pair.server)->left.cons = 0x9abcdef0;
    assert_int_equal(xenvchan_read(pair.server, data, 4), 4);
    assert_int_equal(xenvchan_write(pair.server, "ok", 2), 2);
    assert_int_equal(page_of(pair.server)->right.prod, 2);
    assert_int_equal(page_of(pair.server)->left.cons, 4);
    assert_int_equal(xenvchan_read(pair.client, data, 8), 2);
    close_pair(pair);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_producer_beyond_the_ring_poisons),
        cmocka_unit_test(a_producer_that_goes_back_poisons),
        cmocka_unit_test(a_consumer_that_overtakes_poisons),
        cmocka_unit_test(a_consumer_that_goes_back_poisons),
        cmocka_unit_test(a_live_byte_that_nobody_writes_poisons),
        cmocka_unit_test(a_breach_after_the_end_is_a_breach),
        cmocka_unit_test(orders_that_cannot_be_are_refused_by_a_client),
        cmocka_unit_test(indices_that_cannot_be_are_refused_by_a_client),
        cmocka_unit_test(orders_and_references_that_change_later_are_of_no_effect),
        cmocka_unit_test(our_own_indices_are_never_read_back),
    };

    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
