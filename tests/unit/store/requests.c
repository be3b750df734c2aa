/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each function of Xen 4.17's library sends, and what it makes of the reply. */
#include "fake_store.h"

#include <stdio.h>

TEST(read_gives_the_value_and_its_length)
{
    struct xs_handle *h = fake_store_open(0, NULL);
    unsigned int len = 99;
    char *value;

    fake_answer("a\0b", 3);
    value = xs_read(h, 7, "/x", &len);
    assert_request_string(XS_READ, 7, "/x");
    assert_int_equal(len, 3);
    assert_memory_equal(value, "a\0b\0", 4);
    free(value);
    free(xs_read(h, XBT_NULL, "/x", NULL));
    fake_answer("", 0);
    value = xs_read(h, XBT_NULL, "/x", &len);
    assert_int_equal(len, 0);
    assert_string_equal(value, "");
    free(value);
    fake_store_close(h);
}

TEST(values_of_every_length_come_whole)
{
    static char data[XENSTORE_PAYLOAD_MAX];
    struct xs_handle *h = fake_store_open(0, NULL);

    memset(data, 'x', sizeof(data));
    for (unsigned int want = 0; want <= sizeof(data); want += want < 64 ? 1 : 63) {
        unsigned int len;
        char *value;

        fake_answer(data, want);
        value = xs_read(h, XBT_NULL, "/x", &len);
        assert_int_equal(len, want);
        assert_memory_equal(value, data, want);
        assert_int_equal(value[want], '\0');
        free(value);
    }
    fake_store_close(h);
}

TEST(writing_making_and_removing_send_path_and_value)
{
    struct xs_handle *h = fake_store_open(0, NULL);

    assert_true(xs_write(h, 3, "/x", "v\0w", 3));
    assert_request(XS_WRITE, 3, "/x\0v\0w", 6);
    assert_true(xs_write(h, 3, "/x", NULL, 0));
    assert_request(XS_WRITE, 3, "/x", 3);
    assert_true(xs_mkdir(h, 4, "/x/y"));
    assert_request_string(XS_MKDIR, 4, "/x/y");
    assert_true(xs_rm(h, 5, "rel"));
    assert_request_string(XS_RM, 5, "rel");
    fake_store_close(h);
}

TEST(directory_gives_the_names)
{
    struct xs_handle *h = fake_store_open(0, NULL);
    unsigned int num = 99;
    char **names;

    fake_answer("aa\0b\0ccc", 9);
    names = xs_directory(h, 2, "/x", &num);
    assert_request_string(XS_DIRECTORY, 2, "/x");
    assert_int_equal(num, 3);
    assert_string_equal(names[0], "aa");
    assert_string_equal(names[1], "b");
    assert_string_equal(names[2], "ccc");
    free(names);
    fake_answer("", 0);
    names = xs_directory(h, 2, "/x", &num);
    assert_non_null(names);
    assert_int_equal(num, 0);
    free(names);
    fake_store_close(h);
}

/* A list of 3000 names; it changes once while it is fetched. */
static char long_list[60000];
static size_t long_len;
static unsigned int long_parts;

static void serve_long_list(const struct fake_request *request)
{
    char part[XENSTORE_PAYLOAD_MAX];
    size_t offset, len, head;

    if (request->header.type == XS_DIRECTORY) {
        fake_reply_error(request, "E2BIG");
        return;
    }
    offset = strtoul(request->payload + strlen(request->payload) + 1, NULL, 10);
    strcpy(part, long_parts++ < 3 ? "17" : "18");
    head = strlen(part) + 1;
    len = long_len - offset < 1000 ? long_len - offset : 1000;
    while (long_list[offset + len - 1])
        len--;
    memcpy(part + head, long_list + offset, len);
    if (offset + len == long_len)
        part[head + len++] = '\0';
    fake_reply(request, part, head + len);
}

TEST(a_long_directory_comes_in_parts_and_anew_if_it_changes)
{
    struct xs_handle *h = fake_store_open(0, serve_long_list);
    unsigned int num;
    char **names;

    for (unsigned int i = 0; i < 3000; i++)
        long_len += (size_t)sprintf(long_list + long_len, "node-%u", i) + 1;
    names = xs_directory(h, 0, "/x", &num);
    assert_non_null(names);
    assert_int_equal(num, 3000);
    assert_string_equal(names[0], "node-0");
    assert_string_equal(names[2999], "node-2999");
    assert_true(long_parts > 30);
    free(names);
    fake_store_close(h);
}

static void serve_bad_part(const struct fake_request *request)
{
    if (request->header.type == XS_DIRECTORY)
        fake_reply_error(request, "E2BIG");
    else
        fake_reply(request, "17", 2);
}

TEST(a_malformed_part_is_EPROTO)
{
    struct xs_handle *h = fake_store_open(0, serve_bad_part);
    unsigned int num = 99;

    assert_fails_with(xs_directory(h, 0, "/x", &num), NULL, EPROTO);
    assert_int_equal(num, 99);
    fake_store_close(h);
}

TEST(permissions_are_read_and_written)
{
    struct xs_permissions wanted[] = {{0, XS_PERM_NONE}, {5, XS_PERM_READ},
                                      {6, XS_PERM_WRITE}, {7, XS_PERM_READ | XS_PERM_WRITE}};
    struct xs_handle *h = fake_store_open(0, NULL);
    struct xs_permissions *perms;
    unsigned int num;

    assert_true(xs_set_permissions(h, 9, "/x", wanted, 4));
    assert_request_string(XS_SET_PERMS, 9, "/x\0n0\0r5\0w6\0b7");
    fake_answer("n0\0r5\0w6\0b7", 12);
    perms = xs_get_permissions(h, 9, "/x", &num);
    assert_request_string(XS_GET_PERMS, 9, "/x");
    assert_int_equal(num, 4);
    assert_memory_equal(perms, wanted, sizeof(wanted));
    free(perms);
    fake_store_close(h);
}

TEST(permissions_with_unknown_bits_are_EINVAL)
{
    struct xs_permissions perms[] = {{0, XS_PERM_OWNER}};
    struct xs_handle *h = fake_store_open(0, NULL);

    assert_fails_with(xs_set_permissions(h, 0, "/x", perms, 1), false, EINVAL);
    assert_int_equal(fake_requests(), 0);
    fake_store_close(h);
}

TEST(a_reply_that_lists_no_permissions_is_EINVAL)
{
    struct xs_handle *h = fake_store_open(0, NULL);
    unsigned int num = 99;

    fake_answer("n0\0x5", 6);
    assert_fails_with(xs_get_permissions(h, 0, "/x", &num), NULL, EINVAL);
    fake_answer_string("n0");
    free(xs_get_permissions(h, 0, "/x", &num));
    assert_int_equal(num, 1);
    fake_store_close(h);
}

TEST(transactions_start_and_end)
{
    struct xs_handle *h = fake_store_open(0, NULL);

    fake_answer_string("4711");
    assert_int_equal(xs_transaction_start(h), 4711);
    assert_request_string(XS_TRANSACTION_START, 0, "");
    fake_answer_string("OK");
    assert_true(xs_transaction_end(h, 4711, false));
    assert_request_string(XS_TRANSACTION_END, 4711, "T");
    assert_true(xs_transaction_end(h, 4712, true));
    assert_request_string(XS_TRANSACTION_END, 4712, "F");
    fake_answer_error("EAGAIN");
    assert_fails_with(xs_transaction_end(h, 4711, false), false, EAGAIN);
    assert_fails_with(xs_transaction_start(h), XBT_NULL, EAGAIN);
    fake_store_close(h);
}

TEST(a_transaction_without_a_number_fails)
{
    static const char *const replies[] = {"", "0", "x", "1x", "-1", "4294967296"};
    struct xs_handle *h = fake_store_open(0, NULL);

    for (unsigned int i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
        fake_answer_string(replies[i]);
        assert_fails_with(xs_transaction_start(h), XBT_NULL, EPROTO);
    }
    fake_store_close(h);
}

TEST(domains_are_sent_as_numbers)
{
    struct xs_handle *h = fake_store_open(0, NULL);

    assert_true(xs_introduce_domain(h, 5, 18446744073709551615UL, 4294967295U));
    assert_request_string(XS_INTRODUCE, 0, "5\00018446744073709551615\0004294967295");
    assert_true(xs_set_target(h, 5, 6));
    assert_request_string(XS_SET_TARGET, 0, "5\0006");
    assert_true(xs_resume_domain(h, 5));
    assert_request_string(XS_RESUME, 0, "5");
    assert_true(xs_release_domain(h, 32751));
    assert_request_string(XS_RELEASE, 0, "32751");
    fake_store_close(h);
}

TEST(domains_are_asked_for)
{
    struct xs_handle *h = fake_store_open(0, NULL);
    char *path;

    fake_answer_string("/local/domain/5");
    path = xs_get_domain_path(h, 5);
    assert_request_string(XS_GET_DOMAIN_PATH, 0, "5");
    assert_string_equal(path, "/local/domain/5");
    free(path);
    fake_answer_string("T");
    assert_true(xs_is_domain_introduced(h, 5));
    assert_request_string(XS_IS_DOMAIN_INTRODUCED, 0, "5");
    fake_answer_string("F");
    assert_fails_with(xs_is_domain_introduced(h, 5), false, 0);
    fake_answer_error("EACCES");
    assert_fails_with(xs_is_domain_introduced(h, 5), false, EACCES);
    fake_store_close(h);
}

TEST(commands_and_their_arguments_are_passed_on)
{
    struct xs_handle *h = fake_store_open(0, NULL);
    char arguments[] = "set\0nodes";
    char *text;

    fake_answer_string("done");
    text = xs_control_command(h, "quota", arguments, sizeof(arguments));
    assert_request_string(XS_CONTROL, 0, "quota\0set\0nodes");
    assert_string_equal(text, "done");
    free(text);
    text = xs_debug_command(h, "help", NULL, 0);
    assert_request_string(XS_CONTROL, 0, "help");
    assert_string_equal(text, "done");
    free(text);
    fake_store_close(h);
}

TEST(restriction_is_refused)
{
    struct xs_handle *h = fake_store_open(0, NULL);

    assert_false(xs_restrict(h, 5));
    assert_int_equal(fake_requests(), 0);
    assert_true(xs_mkdir(h, 0, "/x"));
    fake_store_close(h);
}

TEST(every_error_that_xenstored_knows_is_its_errno)
{
    struct xs_handle *h = fake_store_open(0, NULL);

    for (unsigned int i = 0; i < sizeof(xsd_errors) / sizeof(xsd_errors[0]); i++) {
        unsigned int len = 99;

        fake_answer_error(xsd_errors[i].errstring);
        assert_fails_with(xs_read(h, 0, "/x", &len), NULL, xsd_errors[i].errnum);
        assert_fails_with(xs_rm(h, 0, "/x"), false, xsd_errors[i].errnum);
    }
    fake_answer_error("EWEIRD");
    assert_fails_with(xs_mkdir(h, 0, "/x"), false, EINVAL);
    fake_answer_error("");
    assert_fails_with(xs_mkdir(h, 0, "/x"), false, EINVAL);
    fake_store_close(h);
}

TEST(a_request_that_is_too_long_is_E2BIG_and_not_sent)
{
    static char data[XENSTORE_PAYLOAD_MAX];
    struct xs_handle *h = fake_store_open(0, NULL);
    char path[XENSTORE_PAYLOAD_MAX + 1];

    assert_true(xs_write(h, 0, "/x", data, XENSTORE_PAYLOAD_MAX - 3));
    assert_fails_with(xs_write(h, 0, "/x", data, XENSTORE_PAYLOAD_MAX - 2), false, E2BIG);
    memset(path, 'x', sizeof(path) - 1);
    path[sizeof(path) - 1] = '\0';
    assert_fails_with(xs_read(h, 0, path, NULL), NULL, E2BIG);
    assert_fails_with(xs_directory(h, 0, path, NULL), NULL, E2BIG);
    assert_int_equal(fake_requests(), 1);
    assert_true(xs_mkdir(h, 0, "/x"));
    fake_store_close(h);
}

static void serve_suspend_port(const struct fake_request *request)
{
    if (strcmp(request->payload, "/local/domain/5/device/suspend/event-channel") == 0)
        fake_reply(request, "17", 2);
    else if (strcmp(request->payload, "/local/domain/6/device/suspend/event-channel") == 0)
        fake_reply(request, "x", 1);
    else
        fake_reply_error(request, "ENOENT");
}

static void port_of(int domid, int port, int errnoval)
{
    fake_store_start(serve_suspend_port);
    assert_fails_with(xs_suspend_evtchn_port(domid), port, errnoval);
    fake_store_close(NULL);
}

TEST(the_suspend_port_is_read_over_a_connection_of_its_own)
{
    fake_store_start(serve_suspend_port);
    assert_int_equal(xs_suspend_evtchn_port(5), 17);
    fake_store_close(NULL);
    port_of(7, -1, ENOENT);
}

TEST(a_suspend_port_that_is_none_is_EINVAL)
{
    port_of(6, -1, EINVAL);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(read_gives_the_value_and_its_length),
        cmocka_unit_test(values_of_every_length_come_whole),
        cmocka_unit_test(writing_making_and_removing_send_path_and_value),
        cmocka_unit_test(directory_gives_the_names),
        cmocka_unit_test(a_long_directory_comes_in_parts_and_anew_if_it_changes),
        cmocka_unit_test(a_malformed_part_is_EPROTO),
        cmocka_unit_test(permissions_are_read_and_written),
        cmocka_unit_test(permissions_with_unknown_bits_are_EINVAL),
        cmocka_unit_test(a_reply_that_lists_no_permissions_is_EINVAL),
        cmocka_unit_test(transactions_start_and_end),
        cmocka_unit_test(a_transaction_without_a_number_fails),
        cmocka_unit_test(domains_are_sent_as_numbers),
        cmocka_unit_test(domains_are_asked_for),
        cmocka_unit_test(commands_and_their_arguments_are_passed_on),
        cmocka_unit_test(restriction_is_refused),
        cmocka_unit_test(every_error_that_xenstored_knows_is_its_errno),
        cmocka_unit_test(a_request_that_is_too_long_is_E2BIG_and_not_sent),
        cmocka_unit_test(the_suspend_port_is_read_over_a_connection_of_its_own),
        cmocka_unit_test(a_suspend_port_that_is_none_is_EINVAL),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
