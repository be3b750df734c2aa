/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Blocking ends in threads of their own, and several threads at one end. */
#include "vchan_tests.h"

enum { TOTAL = 3000000, MESSAGES = 3000 };

static void *write_stream(void *arg)
{
    static __thread unsigned char data[70000];
    unsigned seed = 3;

    for (size_t sent = 0; sent < TOTAL;) {
        size_t size = 1 + (size_t)rand_r(&seed) % sizeof(data);

        if (size > TOTAL - sent)
            size = TOTAL - sent;
        for (size_t i = 0; i < size; i++)
            data[i] = byte_at(sent + i);
        if (xenvchan_write(arg, data, size) != (ssize_t)size)
            return "write failed";
        sent += size;
    }
    return NULL;
}

static void *read_stream(void *arg)
{
    static __thread unsigned char data[50000];
    unsigned seed = 4;

    for (size_t received = 0; received < TOTAL;) {
        ssize_t done = xenvchan_read(arg, data, 1 + (size_t)rand_r(&seed) % sizeof(data));

        if (done < 1)
            return "read failed";
        for (ssize_t i = 0; i < done; i++)
            if (data[i] != byte_at(received + (size_t)i))
                return "wrong byte";
        received += (size_t)done;
    }
    return NULL;
}

static void join(pthread_t thread)
{
    void *complaint;

    pthread_join(thread, &complaint);
    if (complaint)
        fail_msg("%s", (const char *)complaint);
}

/* Both ways at once: two threads at each end, none of which may lose an event. */
static void stream_both_ways(size_t read_min, size_t write_min)
{
    struct pair pair = open_pair(read_min, write_min, 0);
    pthread_t threads[4];

    pthread_create(&threads[0], NULL, write_stream, pair.server);
    pthread_create(&threads[1], NULL, read_stream, pair.server);
    pthread_create(&threads[2], NULL, write_stream, pair.client);
    pthread_create(&threads[3], NULL, read_stream, pair.client);
    for (int i = 0; i < 4; i++)
        join(threads[i]);
    close_pair(pair);
}

TEST(streams_both_ways_through_small_rings) { stream_both_ways(1024, 2048); }
TEST(streams_both_ways_through_large_rings) { stream_both_ways(65536, 1 << 20); }

static void *echo(void *arg)
{
    char data[64];

    for (int i = 0; i < MESSAGES; i++)
        if (xenvchan_recv(arg, data, sizeof(data)) != sizeof(data) ||
            xenvchan_send(arg, data, sizeof(data)) != sizeof(data))
            return "echo failed";
    return NULL;
}

TEST(questions_and_answers_lose_no_event)
{
    struct pair pair = open_pair(1024, 2048, 0);
    char data[64] = "";
    pthread_t thread;

    pthread_create(&thread, NULL, echo, pair.server);
    for (int i = 0; i < MESSAGES; i++) {
        memcpy(data, &i, sizeof(i));
        assert_int_equal(xenvchan_send(pair.client, data, sizeof(data)), sizeof(data));
        assert_int_equal(xenvchan_recv(pair.client, data, sizeof(data)), sizeof(data));
        assert_memory_equal(data, &i, sizeof(i));
    }
    join(thread);
    close_pair(pair);
}

static void *wait_in_read(void *arg)
{
    char byte;

    return xenvchan_read(arg, &byte, 1) == -1 && errno == EPROTO ? NULL : "read: no EPROTO";
}

static void *wait_in_wait(void *arg)
{
    int rc;

    while ((rc = xenvchan_wait(arg, -1)) == 1)
        continue;
    return rc == -1 && errno == EPROTO ? NULL : "wait: no EPROTO";
}

static void *wait_in_poll(void *arg)
{
    struct pollfd pollfd = {.fd = xenvchan_fd(arg), .events = POLLIN};

    while (xenvchan_is_open(arg))
        if (poll(&pollfd, 1, 10000) != 1)
            return "poll: nothing came";
    return errno == EPROTO ? NULL : "poll: no EPROTO";
}

/* One notices; all are told, though the peer sends nobody an event. */
TEST(a_breach_wakes_everybody_who_waits)
{
    struct pair pair = open_pair(0, 0, 0);
    pthread_t threads[3];
    long began;

    pthread_create(&threads[0], NULL, wait_in_read, pair.server);
    pthread_create(&threads[1], NULL, wait_in_wait, pair.server);
    pthread_create(&threads[2], NULL, wait_in_poll, pair.server);
    usleep(50000);
    began = now_ms();
    __atomic_store_n(&page_of(pair.client)->right.cons, 77u, __ATOMIC_SEQ_CST);
    assert_fails_with(xenvchan_buffer_space(pair.server), -1, EPROTO);
    for (int i = 0; i < 3; i++)
        join(threads[i]);
    assert_true(now_ms() - began < 300);
    close_pair(pair);
}

static void *serve_later(void *arg)
{
    (void)arg;
    usleep(100000);
    return serve(0, 0, 0);
}

TEST(a_blocking_write_waits_for_the_server)
{
    struct pair pair;
    pthread_t thread;
    char data[4];
    void *server;

    start();
    pair.client = connect_within(20000, 0);
    pthread_create(&thread, NULL, serve_later, NULL);
    assert_int_equal(xenvchan_write(pair.client, "here", 4), 4);
    pthread_join(thread, &server);
    pair.server = server;
    assert_int_equal(xenvchan_recv(pair.server, data, 4), 4);
    close_pair(pair);
}

static void *die_in_mid_message(void *arg)
{
    xenvchan_write(arg, "half", 4);
    usleep(50000);
    kill_end(arg);
    return NULL;
}

TEST(a_peer_that_dies_in_mid_message_ends_the_wait_for_the_rest)
{
    struct pair pair = open_pair(0, 0, 0);
    pthread_t thread;
    char data[8];

    pthread_create(&thread, NULL, die_in_mid_message, pair.client);
    assert_fails_with(xenvchan_recv(pair.server, data, 8), -1, EPIPE);
    join(thread);
    assert_int_equal(xenvchan_read(pair.server, data, 8), 4);
    close_pair(pair);
}

TEST(a_peer_that_dies_ends_the_wait_for_space)
{
    struct pair pair = open_pair(0, 0, 0);
    static char data[100000];
    pthread_t thread;

    pthread_create(&thread, NULL, die_in_mid_message, pair.client);
    assert_fails_with(xenvchan_write(pair.server, data, sizeof(data)), -1, EPIPE);
    join(thread);
    close_pair(pair);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(streams_both_ways_through_small_rings),
        cmocka_unit_test(streams_both_ways_through_large_rings),
        cmocka_unit_test(questions_and_answers_lose_no_event),
        cmocka_unit_test(a_breach_wakes_everybody_who_waits),
        cmocka_unit_test(a_blocking_write_waits_for_the_server),
        cmocka_unit_test(a_peer_that_dies_in_mid_message_ends_the_wait_for_the_rest),
        cmocka_unit_test(a_peer_that_dies_ends_the_wait_for_space),
    };

    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
