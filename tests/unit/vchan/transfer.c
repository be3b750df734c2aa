/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bytes go through, in order, whatever the sizes of rings and pieces. */
#include "vchan_tests.h"

enum { DATA = 1 << 20 };
static unsigned char buffer[DATA];

struct stream {
    size_t sent, received;
};

static void send_some(xenvchan *xvc, struct stream *stream, size_t size)
{
    ssize_t done;

    for (size_t i = 0; i < size; i++)
        buffer[i] = byte_at(stream->sent + i);
    done = xenvchan_write(xvc, buffer, size);
    if (done < 0) {
        assert_int_equal(errno, EAGAIN);
        assert_int_equal(xenvchan_buffer_space(xvc), 0);
        done = 0;
    }
    stream->sent += (size_t)done;
}

static void receive_some(xenvchan *xvc, struct stream *stream, size_t size)
{
    ssize_t done = xenvchan_read(xvc, buffer, size);

    if (done < 0) {
        assert_int_equal(errno, EAGAIN);
        assert_int_equal(stream->sent, stream->received);
        return;
    }
    for (ssize_t i = 0; i < done; i++)
        if (buffer[i] != byte_at(stream->received + (size_t)i))
            fail_msg("byte %zu is wrong", stream->received + (size_t)i);
    stream->received += (size_t)done;
}

static size_t random_size(unsigned *seed, size_t most)
{
    size_t top = (size_t)1 << (unsigned)rand_r(seed) % 21;

    return 1 + (size_t)rand_r(seed) % (top < most ? top : most);
}

static void exchange(struct pair pair, unsigned seed, size_t total)
{
    struct stream to_client = {0}, to_server = {0};

    while (to_client.received < total || to_server.received < total) {
        send_some(pair.server, &to_client, random_size(&seed, DATA));
        receive_some(pair.server, &to_server, random_size(&seed, DATA));
        send_some(pair.client, &to_server, random_size(&seed, DATA));
        receive_some(pair.client, &to_client, random_size(&seed, DATA));
    }
}

static void orders(size_t read_min, size_t write_min)
{
    struct pair pair = open_pair(read_min, write_min, XENVCHAN_NONBLOCK);

    assert_true(view_of(pair.server).read.size >= read_min);
    assert_true(view_of(pair.server).write.size >= write_min);
    assert_int_equal(view_of(pair.server).read.size, view_of(pair.client).write.size);
    assert_int_equal(view_of(pair.server).write.size, view_of(pair.client).read.size);
    exchange(pair, (unsigned)(read_min + write_min), (read_min + write_min) * 4 + 100000);
    close_pair(pair);
}

TEST(rings_in_the_page) { orders(1024, 2048); }
TEST(rings_in_the_page_the_other_way) { orders(2048, 1024); }
TEST(a_ring_in_the_page_and_one_beside_it) { orders(2000, 2049); }
TEST(a_ring_beside_the_page_and_one_in_it) { orders(4096, 10); }
TEST(rings_of_a_page) { orders(4096, 4096); }
TEST(rings_of_64_kib) { orders(65536, 40000); }
TEST(the_largest_rings) { orders(1 << 20, 1 << 20); }
TEST(the_largest_ring_and_the_smallest) { orders(1 << 20, 1); }

TEST(send_and_recv_are_all_or_nothing)
{
    struct pair pair = open_pair(1024, 2048, XENVCHAN_NONBLOCK);
    char data[2048] = "all";

    assert_int_equal(xenvchan_send(pair.client, data, 1000), 1000);
    assert_fails_with(xenvchan_send(pair.client, data, 25), -1, EAGAIN);
    assert_int_equal(xenvchan_data_ready(pair.server), 1000);
    assert_int_equal(xenvchan_buffer_space(pair.client), 24);
    assert_fails_with(xenvchan_recv(pair.server, data, 1001), -1, EAGAIN);
    assert_int_equal(xenvchan_recv(pair.server, data, 1000), 1000);
    assert_string_equal(data, "all");
    close_pair(pair);
}

TEST(what_can_never_fit_is_EMSGSIZE)
{
    struct pair pair = open_pair(1024, 2048, 0); /* blocking: it would wait for ever */
    char data[4096] = "";

    assert_fails_with(xenvchan_send(pair.client, data, 1025), -1, EMSGSIZE);
    assert_fails_with(xenvchan_recv(pair.client, data, 2049), -1, EMSGSIZE);
    assert_fails_with(xenvchan_send(pair.server, data, 2049), -1, EMSGSIZE);
    close_pair(pair);
}

TEST(nothing_is_moved_at_once_also_when_blocking)
{
    struct pair pair = open_pair(0, 0, 0);
    char byte;

    assert_int_equal(xenvchan_read(pair.client, &byte, 0), 0);
    assert_int_equal(xenvchan_recv(pair.client, NULL, 0), 0);
    assert_int_equal(xenvchan_write(pair.client, NULL, 0), 0);
    assert_int_equal(xenvchan_send(pair.client, &byte, 0), 0);
    assert_fails_with(xenvchan_read(pair.client, NULL, 1), -1, EINVAL);
    assert_fails_with(xenvchan_write(pair.client, NULL, 1), -1, EINVAL);
    assert_fails_with(xenvchan_send(pair.client, &byte, (size_t)-1), -1, EINVAL);
    close_pair(pair);
}

TEST(a_server_may_write_before_its_client_comes)
{
    struct pair pair;
    char data[8] = "";

    start();
    pair.server = serve(0, 0, XENVCHAN_NONBLOCK);
    assert_int_equal(xenvchan_is_open(pair.server), 2);
    assert_int_equal(xenvchan_write(pair.server, "early", 5), 5);
    pair.client = connect_within(0, XENVCHAN_NONBLOCK);
    assert_int_equal(xenvchan_read(pair.client, data, sizeof(data)), 5);
    assert_string_equal(data, "early");
    close_pair(pair);
}

/* A busy pair costs no system call: events are sent to who has asked for one. */
TEST(no_system_call_is_made_while_nobody_waits)
{
    struct pair pair = open_pair(65536, 65536, XENVCHAN_NONBLOCK);
    char data[64] = "";
    unsigned before;

    xenvchan_write(pair.client, data, sizeof(data)); /* the server asks for the first one */
    before = fakexen_count_all();
    for (int i = 0; i < 500; i++) {
        assert_int_equal(xenvchan_write(pair.client, data, sizeof(data)), sizeof(data));
        assert_int_equal(xenvchan_recv(pair.server, data, sizeof(data)), sizeof(data));
    }
    assert_int_equal(fakexen_count_all(), before);
    close_pair(pair);
}

TEST(an_empty_reader_is_told_once_of_the_next_write)
{
    struct pair pair = open_pair(0, 0, XENVCHAN_NONBLOCK);
    unsigned before;
    char byte;

    while (xenvchan_wait(pair.server, 0) > 0)
        continue;
    assert_fails_with(xenvchan_read(pair.server, &byte, 1), -1, EAGAIN);
    before = fakedomains_events();
    xenvchan_write(pair.client, "x", 1);
    xenvchan_write(pair.client, "y", 1);
    assert_int_equal(fakedomains_events(), before + 1);
    assert_int_equal(is_readable(xenvchan_fd(pair.server), 1000), 1);
    assert_int_equal(xenvchan_wait(pair.server, 0), 1);
    assert_int_equal(xenvchan_data_ready(pair.server), 2);
    close_pair(pair);
}

TEST(a_full_writer_is_told_of_the_next_read)
{
    struct pair pair = open_pair(0, 0, XENVCHAN_NONBLOCK);
    char data[1024] = "";

    assert_int_equal(xenvchan_write(pair.client, data, sizeof(data)), sizeof(data));
    assert_fails_with(xenvchan_write(pair.client, data, 1), -1, EAGAIN);
    while (xenvchan_wait(pair.client, 0) > 0)
        continue;
    assert_int_equal(is_readable(xenvchan_fd(pair.client), 0), 0);
    assert_int_equal(xenvchan_read(pair.server, data, 10), 10);
    assert_int_equal(is_readable(xenvchan_fd(pair.client), 1000), 1);
    assert_int_equal(xenvchan_wait(pair.client, 0), 1);
    assert_int_equal(xenvchan_buffer_space(pair.client), 10);
    close_pair(pair);
}

TEST(a_short_read_asks_for_an_event_too)
{
    struct pair pair = open_pair(0, 0, XENVCHAN_NONBLOCK);
    char data[64] = "";

    xenvchan_write(pair.client, "abc", 3);
    while (xenvchan_wait(pair.server, 0) > 0)
        continue;
    assert_int_equal(xenvchan_read(pair.server, data, sizeof(data)), 3);
    xenvchan_write(pair.client, "d", 1);
    assert_int_equal(is_readable(xenvchan_fd(pair.server), 1000), 1);
    close_pair(pair);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(rings_in_the_page),
        cmocka_unit_test(rings_in_the_page_the_other_way),
        cmocka_unit_test(a_ring_in_the_page_and_one_beside_it),
        cmocka_unit_test(a_ring_beside_the_page_and_one_in_it),
        cmocka_unit_test(rings_of_a_page),
        cmocka_unit_test(rings_of_64_kib),
        cmocka_unit_test(the_largest_rings),
        cmocka_unit_test(the_largest_ring_and_the_smallest),
        cmocka_unit_test(send_and_recv_are_all_or_nothing),
        cmocka_unit_test(what_can_never_fit_is_EMSGSIZE),
        cmocka_unit_test(nothing_is_moved_at_once_also_when_blocking),
        cmocka_unit_test(a_server_may_write_before_its_client_comes),
        cmocka_unit_test(no_system_call_is_made_while_nobody_waits),
        cmocka_unit_test(an_empty_reader_is_told_once_of_the_next_write),
        cmocka_unit_test(a_full_writer_is_told_of_the_next_read),
        cmocka_unit_test(a_short_read_asks_for_an_event_too),
    };

    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
