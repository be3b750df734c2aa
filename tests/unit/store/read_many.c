/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reading many nodes together. */
#include "fake_store.h"

#include <stdio.h>

enum { MANY = 5000, TOO_LONG_SECONDS = 60 };

static void serve(const struct fake_request *request)
{
    if (strstr(request->payload, "7"))
        fake_reply_error(request, "ENOENT");
    else
        fake_reply(request, request->payload, strlen(request->payload));
}

static struct xs_read_key keys[MANY];
static char paths[MANY][32];

static void set_paths(void)
{
    for (unsigned int i = 0; i < MANY; i++) {
        snprintf(paths[i], sizeof(paths[i]), "/x/%u", i);
        keys[i].path = paths[i];
        keys[i].value = (char *)1; /* what was there before does not count */
        keys[i].error = 12345;
    }
}

/* Every key has its value, or ENOENT. Frees them; returns how many. */
static int check_keys(unsigned int count)
{
    int values = 0;

    for (unsigned int i = 0; i < count; i++) {
        if (strstr(paths[i], "7")) {
            assert_int_equal(keys[i].error, ENOENT);
            assert_null(keys[i].value);
            continue;
        }
        assert_int_equal(keys[i].error, 0);
        assert_string_equal(keys[i].value, paths[i]);
        assert_int_equal(keys[i].len, strlen(paths[i]));
        free(keys[i].value);
        values++;
    }
    return values;
}

static void read_and_check(struct xs_handle *h, unsigned int count)
{
    int values;

    set_paths();
    values = xs_read_many(h, 0, keys, count);
    assert_int_equal(values, check_keys(count));
}

TEST(each_key_has_its_value_or_its_errno)
{
    struct xs_handle *h = fake_store_open(0, serve);
    static const unsigned int counts[] = {1, 2, 63, 64, 65, 127, 128, 129, 255, 256, 257, MANY};

    alarm(TOO_LONG_SECONDS);
    for (unsigned int i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
        read_and_check(h, counts[i]);
    assert_int_equal(xs_read_many(h, 0, NULL, 0), 0);
    assert_true(xs_mkdir(h, 0, "/y"));
    fake_store_close(h);
}

TEST(the_device_is_given_one_request_at_a_time)
{
    struct xs_handle *h = fake_store_open_device(serve);

    alarm(TOO_LONG_SECONDS);
    read_and_check(h, 1);
    read_and_check(h, 15);
    read_and_check(h, 100);
    fake_store_close(h);
}

static void serve_at_length(const struct fake_request *request)
{
    static char body[XENSTORE_PAYLOAD_MAX];

    fake_reply(request, body, sizeof(body));
}

TEST(long_values_do_not_block_the_requests)
{
    struct xs_handle *h = fake_store_open(0, serve_at_length);

    alarm(TOO_LONG_SECONDS);
    set_paths();
    assert_int_equal(xs_read_many(h, 0, keys, MANY), MANY);
    for (unsigned int i = 0; i < MANY; i++) {
        assert_int_equal(keys[i].len, XENSTORE_PAYLOAD_MAX);
        free(keys[i].value);
    }
    fake_store_close(h);
}

TEST(a_path_that_is_too_long_fails_alone)
{
    struct xs_handle *h = fake_store_open(0, serve);
    static char path[XENSTORE_PAYLOAD_MAX + 1];
    struct xs_read_key some[3] = {{.path = "/a"}, {.path = path}, {.path = "/b"}};

    memset(path, 'x', sizeof(path) - 1);
    assert_int_equal(xs_read_many(h, 0, some, 3), 2);
    assert_string_equal(some[0].value, "/a");
    assert_int_equal(some[1].error, E2BIG);
    assert_null(some[1].value);
    assert_string_equal(some[2].value, "/b");
    free(some[0].value);
    free(some[2].value);
    fake_store_close(h);
}

TEST(the_transaction_is_passed_on)
{
    struct xs_handle *h = fake_store_open(0, serve);
    struct xs_read_key key = {.path = "/a"};

    assert_int_equal(xs_read_many(h, 42, &key, 1), 1);
    assert_request_string(XS_READ, 42, "/a");
    free(key.value);
    fake_store_close(h);
}

static void serve_ten(const struct fake_request *request)
{
    if (fake_requests() > 10)
        fake_hang_up();
    else
        serve(request);
}

TEST(a_xenstored_that_dies_leaves_no_values)
{
    struct xs_handle *h = fake_store_open(0, serve_ten);

    set_paths();
    assert_fails_with(xs_read_many(h, 0, keys, 500), -1, EBADF);
    for (unsigned int i = 0; i < 500; i++)
        assert_null(keys[i].value);
    assert_fails_with(xs_read_many(h, 0, keys, 1), -1, EBADF);
    fake_store_close(h);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_key_has_its_value_or_its_errno),
        cmocka_unit_test(the_device_is_given_one_request_at_a_time),
        cmocka_unit_test(long_values_do_not_block_the_requests),
        cmocka_unit_test(a_path_that_is_too_long_fails_alone),
        cmocka_unit_test(the_transaction_is_passed_on),
        cmocka_unit_test(a_xenstored_that_dies_leaves_no_values),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
