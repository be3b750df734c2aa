/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ours at one end, upstream's real libxenvchan.so.4.17 at the other, over the same
 * stand-ins: the wire is theirs, in either role and with every size of ring.
 */
#include "upstream_end.h"

static struct ends open_ends(int we_serve, size_t read_min, size_t write_min)
{
    struct ends ends;

    load_upstream();
    start();
    if (we_serve) {
        ends.ours = serve(read_min, write_min, 0);
        fakestore_set_domid(CLIENT_DOMID);
        ends.upstream = theirs.client_init(NULL, SERVER_DOMID, PATH);
    } else {
        ends.upstream = theirs.server_init(NULL, CLIENT_DOMID, PATH, read_min, write_min);
        ends.ours = connect_within(0, 0);
    }
    assert_non_null(ends.ours);
    assert_non_null(ends.upstream);
    set_their_blocking(ends.upstream, 1);
    return ends;
}

static size_t total_of(size_t read_min, size_t write_min)
{
    return (read_min + write_min) * 2 + 50000;
}

static void talk(int we_serve, size_t read_min, size_t write_min)
{
    talk_through(open_ends(we_serve, read_min, write_min), total_of(read_min, write_min));
}

TEST(our_server_with_upstreams_client_in_the_page) { talk(1, 1024, 2048); }
TEST(our_server_with_upstreams_client_beside_the_page) { talk(1, 4096, 1000); }
TEST(our_server_with_upstreams_client_largest_rings) { talk(1, 1 << 20, 1 << 20); }
TEST(our_client_with_upstreams_server_in_the_page) { talk(0, 1024, 2048); }
TEST(our_client_with_upstreams_server_the_other_way) { talk(0, 2048, 1024); }
TEST(our_client_with_upstreams_server_beside_the_page) { talk(0, 30000, 4096); }
TEST(our_client_with_upstreams_server_largest_rings) { talk(0, 1 << 20, 1 << 20); }

TEST(upstreams_close_is_EPIPE_to_ours)
{
    struct ends ends = open_ends(1, 0, 0);
    char data[4];

    assert_int_equal(theirs.write(ends.upstream, "bye", 3), 3);
    theirs.close(ends.upstream);
    assert_int_equal(xenvchan_wait(ends.ours, 1000), 1);
    assert_int_equal(xenvchan_read(ends.ours, data, 3), 3);
    assert_fails_with(xenvchan_read(ends.ours, data, 3), -1, EPIPE);
    xenvchan_close(ends.ours);
    fakedomains_stop();
}

TEST(upstreams_server_that_closes_is_EPIPE_to_our_client)
{
    struct ends ends = open_ends(0, 0, 0);
    char data[4];

    theirs.close(ends.upstream);
    assert_fails_with(xenvchan_read(ends.ours, data, 3), -1, EPIPE);
    xenvchan_close(ends.ours);
    fakedomains_stop();
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_server_with_upstreams_client_in_the_page),
        cmocka_unit_test(our_server_with_upstreams_client_beside_the_page),
        cmocka_unit_test(our_server_with_upstreams_client_largest_rings),
        cmocka_unit_test(our_client_with_upstreams_server_in_the_page),
        cmocka_unit_test(our_client_with_upstreams_server_the_other_way),
        cmocka_unit_test(our_client_with_upstreams_server_beside_the_page),
        cmocka_unit_test(our_client_with_upstreams_server_largest_rings),
        cmocka_unit_test(upstreams_close_is_EPIPE_to_ours),
        cmocka_unit_test(upstreams_server_that_closes_is_EPIPE_to_our_client),
    };

    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
