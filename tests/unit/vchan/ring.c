/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One direction by itself: what it believes of the peer, and what it copies. */
#include <errno.h>
#include <string.h>

#include "../../../lib/vchan/ring.h"
#include "harness.h"

static struct ring_shared shared;
static unsigned char bytes[2048];

static struct vchan_ring reader(uint32_t cons, uint32_t prod, int order)
{
    struct vchan_ring ring = {.bytes = bytes};

    shared = (struct ring_shared){cons, prod};
    assert_int_equal(xenvchan_ring_start_reading(&ring, &shared, order), 0);
    return ring;
}

static struct vchan_ring writer(uint32_t cons, uint32_t prod, int order)
{
    struct vchan_ring ring = {.bytes = bytes};

    shared = (struct ring_shared){cons, prod};
    assert_int_equal(xenvchan_ring_start_writing(&ring, &shared, order), 0);
    return ring;
}

TEST(a_full_ring_is_believed_and_a_fuller_one_is_not)
{
    struct vchan_ring ring = reader(7, 7, 10);

    shared.prod = 7 + 1024;
    assert_int_equal(xenvchan_ring_look(&ring), 0);
    assert_int_equal(vchan_ring_ready(&ring), 1024);
    shared.prod = 7 + 1025;
    assert_fails_with(xenvchan_ring_look(&ring), -1, EPROTO);
    assert_int_equal(vchan_ring_ready(&ring), 1024);
}

TEST(a_producer_that_goes_back_is_not_believed)
{
    struct vchan_ring ring = reader(0, 100, 10);

    shared.prod = 99;
    assert_fails_with(xenvchan_ring_look(&ring), -1, EPROTO);
    shared.prod = 100;
    assert_int_equal(xenvchan_ring_look(&ring), 0);
}

TEST(a_consumer_that_overtakes_or_goes_back_is_not_believed)
{
    struct vchan_ring ring = writer(50, 100, 10);

    shared.cons = 101;
    assert_fails_with(xenvchan_ring_look_writing(&ring), -1, EPROTO);
    shared.cons = 49;
    assert_fails_with(xenvchan_ring_look_writing(&ring), -1, EPROTO);
    shared.cons = 100;
    assert_int_equal(xenvchan_ring_look_writing(&ring), 0);
    assert_int_equal(vchan_ring_space(&ring), 1024);
}

TEST(a_start_beyond_the_ring_is_not_believed)
{
    struct vchan_ring ring = {.bytes = bytes};

    shared = (struct ring_shared){0, 1025};
    assert_fails_with(xenvchan_ring_start_reading(&ring, &shared, 10), -1, EPROTO);
    assert_fails_with(xenvchan_ring_start_writing(&ring, &shared, 10), -1, EPROTO);
}

TEST(indices_wrap_at_two_to_the_32)
{
    struct vchan_ring in = writer(UINT32_MAX - 10, UINT32_MAX - 10, 11), out = in;
    char data[32] = "across the end of the number", back[32];

    assert_int_equal(xenvchan_ring_start_reading(&out, &shared, 11), 0);
    xenvchan_ring_put(&in, data, sizeof(data));
    assert_int_equal(shared.prod, sizeof(data) - 11);
    assert_int_equal(xenvchan_ring_look(&out), 0);
    assert_int_equal(vchan_ring_ready(&out), sizeof(data));
    xenvchan_ring_take(&out, back, sizeof(back));
    assert_memory_equal(data, back, sizeof(back));
    assert_int_equal(xenvchan_ring_look_writing(&in), 0);
    assert_int_equal(vchan_ring_space(&in), 2048);
}

TEST(our_index_is_never_read_back)
{
    struct vchan_ring ring = writer(0, 0, 10);

    xenvchan_ring_put(&ring, "abc", 3);
    shared.prod = 77777; /* the peer scribbles over it */
    xenvchan_ring_put(&ring, "def", 3);
    assert_int_equal(shared.prod, 6);
    assert_memory_equal(bytes, "abcdef", 6);
}

/* As upstream's server chooses: read from its code's behaviour, one line a rule. */
TEST(orders_are_upstreams_choice)
{
    static const struct {
        size_t left_min, right_min;
        int left, right;
    } rows[] = {
        {0, 0, 10, 11},       {1024, 1024, 10, 11},  {1024, 2048, 10, 11},
        {1025, 1024, 11, 10}, {2048, 0, 11, 10},     {1025, 1025, 11, 12},
        {2048, 2048, 11, 12}, {0, 2049, 11, 12},     {2049, 0, 12, 11},
        {4096, 4096, 12, 12}, {4097, 4096, 13, 12},  {1 << 20, 1, 20, 11},
        {1, 1 << 20, 11, 20}, {1 << 20, 1 << 20, 20, 20},
    };
    int left, right;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        xenvchan_ring_orders(rows[i].left_min, rows[i].right_min, &left, &right);
        assert_int_equal(left, rows[i].left);
        assert_int_equal(right, rows[i].right);
        assert_true(xenvchan_ring_orders_are_possible((unsigned)left, (unsigned)right));
    }
}

TEST(impossible_orders_are_refused)
{
    static const unsigned rows[][2] = {{9, 12},  {12, 9},  {10, 10}, {11, 11}, {21, 12}, {12, 21},
                                       {0, 0},   {64, 12}, {12, 65535}, {10, 20}, {20, 10}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_false(xenvchan_ring_orders_are_possible(rows[i][0], rows[i][1]));
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_ring_is_believed_and_a_fuller_one_is_not),
        cmocka_unit_test(a_producer_that_goes_back_is_not_believed),
        cmocka_unit_test(a_consumer_that_overtakes_or_goes_back_is_not_believed),
        cmocka_unit_test(a_start_beyond_the_ring_is_not_believed),
        cmocka_unit_test(indices_wrap_at_two_to_the_32),
        cmocka_unit_test(our_index_is_never_read_back),
        cmocka_unit_test(orders_are_upstreams_choice),
        cmocka_unit_test(impossible_orders_are_refused),
    };

    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
