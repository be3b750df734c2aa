/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Making channels, what it leaves in the store, and every way in which it fails. */
#include "vchan_tests.h"

#include "uapi_evtchn.h"
#include "uapi_gntalloc.h"
#include "uapi_gntdev.h"

TEST(no_privcmd_is_opened_ever)
{
    struct pair pair = open_pair(65536, 65536, XENVCHAN_NONBLOCK);
    char byte = 0;

    xenvchan_write(pair.client, &byte, 1);
    xenvchan_wait(pair.server, 1000);
    xenvchan_is_open(pair.server);
    xenvchan_read(pair.server, &byte, 1);
    assert_int_equal(fakexen_count_opens("/dev/xen/privcmd"), 0);
    assert_int_equal(fakexen_count(FAKEXEN_OPEN), 4); /* evtchn twice, gntalloc, gntdev */
    close_pair(pair);
}

TEST(the_keys_are_upstreams_and_for_the_client_alone)
{
    struct pair pair = open_pair(0, 0, 0);
    char number[16];

    snprintf(number, sizeof(number), "%u", view_of(pair.server).event_port);
    assert_string_equal(fakestore_value(PATH "/event-channel"), number);
    assert_non_null(fakestore_value(PATH "/ring-ref"));
    assert_string_equal(fakestore_permissions(PATH "/event-channel"), "n5r6");
    assert_string_equal(fakestore_permissions(PATH "/ring-ref"), "n5r6");
    close_pair(pair);
    assert_null(fakestore_value(PATH "/ring-ref"));
    assert_null(fakestore_value(PATH "/event-channel"));
}

TEST(the_shared_page_is_as_the_wire_has_it)
{
    struct xenvchan_view view;
    xenvchan *server;

    start();
    server = serve(65536, 100, 0);
    view = view_of(server);
    assert_int_equal(view.page->left_order, 16);
    assert_int_equal(view.page->right_order, 11);
    assert_int_equal(view.page->cli_live, 2);
    assert_int_equal(view.page->srv_live, 1);
    assert_int_equal(view.page->cli_notify, VCHAN_NOTIFY_WRITE);
    assert_ptr_equal(view.write.bytes, (char *)view.page + 2048);
    assert_int_equal(view.read.size, 65536);
    for (unsigned i = 1; i < 16; i++)
        assert_int_equal(view.page->grants[i], view.page->grants[0] + i);
    xenvchan_close(server);
    fakedomains_stop();
}

TEST(paths_may_be_long)
{
    char path[200], key[220];
    xenvchan *server;

    start();
    memset(path, 'p', sizeof(path) - 1);
    path[sizeof(path) - 1] = '\0';
    server = xenvchan_server_open(CLIENT_DOMID, path, NULL);
    assert_non_null(server);
    snprintf(key, sizeof(key), "%s/ring-ref", path);
    assert_non_null(fakestore_value(key));
    snprintf(key, sizeof(key), "%s/event-channel", path);
    assert_non_null(fakestore_value(key));
    xenvchan_close(server);
    fakedomains_stop();
}

TEST(a_channel_has_one_connection_to_the_store)
{
    struct pair pair = open_pair(0, 0, 0);

    assert_int_equal(fakestore_connections(), 2);
    close_pair(pair);
    assert_int_equal(fakestore_connections(), 2);
}

TEST(a_closed_client_gives_its_slots_back)
{
    struct pair pair = open_pair(65536, 65536, 0);

    assert_int_equal(fakedomains_slots(), 3);
    xenvchan_close(pair.client);
    assert_int_equal(fakedomains_slots(), 0);
    xenvchan_close(pair.server);
    fakedomains_stop();
}

TEST(a_spoilt_transaction_is_repeated_but_not_for_ever)
{
    xenvchan *server;

    start();
    fakestore_spoil_transactions(3);
    server = serve(0, 0, 0);
    assert_non_null(server);
    assert_non_null(fakestore_value(PATH "/ring-ref"));
    xenvchan_close(server);
    fakestore_spoil_transactions(1000);
    assert_fails_with(serve(0, 0, 0), NULL, EAGAIN);
    fakedomains_stop();
}

TEST(another_servers_keys_are_left_alone)
{
    xenvchan *first, *second;

    start();
    first = serve(0, 0, 0);
    second = serve(0, 0, 0);
    assert_fails_with(xenvchan_withdraw(first), -1, EEXIST);
    xenvchan_close(first);
    assert_non_null(fakestore_value(PATH "/ring-ref"));
    xenvchan_close(second);
    assert_null(fakestore_value(PATH "/ring-ref"));
    fakedomains_stop();
}

TEST(a_server_can_withdraw_and_stay_connected)
{
    struct pair pair = open_pair(0, 0, XENVCHAN_NONBLOCK);

    assert_fails_with(xenvchan_withdraw(pair.client), -1, EINVAL);
    assert_int_equal(xenvchan_withdraw(pair.server), 0);
    assert_null(fakestore_value(PATH "/ring-ref"));
    assert_fails_with(xenvchan_withdraw(pair.server), -1, ENOENT);
    while (xenvchan_wait(pair.client, 600) > 0) /* a tick, with the keys gone */
        if (!is_readable(xenvchan_fd(pair.client), 0))
            break;
    assert_int_equal(xenvchan_is_open(pair.client), 1);
    close_pair(pair);
}

TEST(bad_arguments_are_EINVAL)
{
    struct xenvchan_options options = {.size = sizeof(options)};

    start();
    assert_fails_with(xenvchan_server_open(0x7ff0, PATH, NULL), NULL, EINVAL);
    assert_fails_with(xenvchan_server_open(UINT32_MAX, PATH, NULL), NULL, EINVAL);
    assert_fails_with(xenvchan_server_open(1, NULL, NULL), NULL, EINVAL);
    assert_fails_with(xenvchan_client_open(1, "", NULL), NULL, EINVAL);
    options.read_min = (1 << 20) + 1;
    assert_fails_with(xenvchan_server_open(1, PATH, &options), NULL, EINVAL);
    options = (struct xenvchan_options){.size = sizeof(options), .flags = 4};
    assert_fails_with(xenvchan_client_open(1, PATH, &options), NULL, EINVAL);
    options = (struct xenvchan_options){.size = sizeof(options) - 1};
    assert_fails_with(xenvchan_client_open(1, PATH, &options), NULL, EINVAL);
    assert_int_equal(fakexen_count_all(), 0);
    fakedomains_stop();
}

TEST(options_of_a_later_library_are_E2BIG_unless_zero)
{
    struct {
        struct xenvchan_options known;
        size_t later;
    } options = {.known = {.size = sizeof(options)}};
    xenvchan *server;

    start();
    server = xenvchan_server_open(CLIENT_DOMID, PATH, &options.known);
    assert_non_null(server);
    xenvchan_close(server);
    options.later = 1;
    assert_fails_with(xenvchan_server_open(CLIENT_DOMID, PATH, &options.known), NULL, E2BIG);
    fakedomains_stop();
}

/* Has every system call and every call of the store fail once; nothing may be left. */
static void fail_every_step(int client)
{
    static const enum fakexen_call calls[] = {FAKEXEN_OPEN, FAKEXEN_IOCTL, FAKEXEN_MMAP};
    unsigned failed = 0;

    for (size_t kind = 0; kind < 4; kind++)
        for (int nth = 0;; nth++) {
            xenvchan *xvc;

            if (kind < 3)
                fakexen_fail_next(calls[kind], EIO, 1, nth);
            else
                fakestore_fail_after(nth, EIO);
            xvc = client ? connect_within(0, 0) : serve(65536, 65536, 0);
            fakestore_fail_after(0, 0);
            fakexen_fail_next(FAKEXEN_OPEN, 0, 0, 0);
            fakexen_fail_next(FAKEXEN_IOCTL, 0, 0, 0);
            fakexen_fail_next(FAKEXEN_MMAP, 0, 0, 0);
            if (xvc) {
                xenvchan_close(xvc);
                if (nth > 20)
                    break;
                continue; /* what failed was no matter */
            }
            failed++;
        }
    assert_true(failed > 10);
}

TEST(a_failed_server_leaves_nothing)
{
    start();
    fail_every_step(0);
    fakedomains_stop();
    assert_int_equal(fakexen_open_fds(), 0);
    assert_int_equal(fakexen_mappings(), 0);
    assert_int_equal(fakestore_open_connections(), 0);
}

TEST(a_failed_client_leaves_nothing)
{
    xenvchan *server;

    start();
    server = serve(65536, 65536, XENVCHAN_PERSIST);
    fail_every_step(1);
    assert_int_equal(fakedomains_slots(), 0);
    xenvchan_close(server);
    fakedomains_stop();
    assert_int_equal(fakexen_open_fds(), 0);
    assert_int_equal(fakestore_open_connections(), 0);
}

TEST(closing_nothing_is_allowed_and_closing_keeps_errno)
{
    struct pair pair = open_pair(0, 0, 0);

    errno = 4711;
    xenvchan_close(NULL);
    close_pair(pair);
    assert_int_equal(errno, 4711);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_privcmd_is_opened_ever),
        cmocka_unit_test(the_keys_are_upstreams_and_for_the_client_alone),
        cmocka_unit_test(the_shared_page_is_as_the_wire_has_it),
        cmocka_unit_test(paths_may_be_long),
        cmocka_unit_test(a_channel_has_one_connection_to_the_store),
        cmocka_unit_test(a_closed_client_gives_its_slots_back),
        cmocka_unit_test(a_spoilt_transaction_is_repeated_but_not_for_ever),
        cmocka_unit_test(another_servers_keys_are_left_alone),
        cmocka_unit_test(a_server_can_withdraw_and_stay_connected),
        cmocka_unit_test(bad_arguments_are_EINVAL),
        cmocka_unit_test(options_of_a_later_library_are_E2BIG_unless_zero),
        cmocka_unit_test(a_failed_server_leaves_nothing),
        cmocka_unit_test(a_failed_client_leaves_nothing),
        cmocka_unit_test(closing_nothing_is_allowed_and_closing_keeps_errno),
    };

    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
