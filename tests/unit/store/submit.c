/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Requests without waiting: submitting, collecting, forgetting. */
#include "fake_store.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>

enum { MANY = 5000, TOO_LONG_SECONDS = 60 };

static void serve_tree(const struct fake_request *request)
{
    switch (request->header.type) {
    case XS_READ:
        if (strncmp(request->payload, "/no", 3) == 0)
            fake_reply_error(request, "ENOENT");
        else
            fake_reply(request, request->payload, strlen(request->payload));
        break;
    case XS_DIRECTORY:
        fake_reply(request, "a\0bb", 5);
        break;
    case XS_GET_PERMS:
        fake_reply(request, "n0\0r5", 6);
        break;
    case XS_TRANSACTION_START:
        fake_reply_string(request, "77");
        break;
    default:
        fake_reply_string(request, "OK");
    }
}

static struct xs_handle *open_tree(void)
{
    alarm(TOO_LONG_SECONDS);
    return fake_store_open(0, serve_tree);
}

TEST(each_kind_of_request_is_sent_and_collected)
{
    struct xs_permissions wanted = {3, XS_PERM_READ}, *perms;
    struct xs_handle *h = open_tree();
    unsigned int num, len;
    char **names, *value;

    value = xs_collect(h, xs_submit_read(h, 0, "/x"), -1, &len);
    assert_string_equal(value, "/x");
    assert_int_equal(len, 2);
    free(value);
    assert_true(xs_collect_done(h, xs_submit_write(h, 5, "/x", "v", 1), -1));
    assert_request(XS_WRITE, 5, "/x\0v", 4);
    assert_true(xs_collect_done(h, xs_submit_mkdir(h, 6, "/x"), -1));
    assert_request_string(XS_MKDIR, 6, "/x");
    assert_true(xs_collect_done(h, xs_submit_rm(h, 7, "/x"), -1));
    assert_request_string(XS_RM, 7, "/x");
    names = xs_collect_directory(h, xs_submit_directory(h, 8, "/x"), -1, &num);
    assert_int_equal(num, 2);
    assert_string_equal(names[1], "bb");
    free(names);
    perms = xs_collect_permissions(h, xs_submit_get_permissions(h, 9, "/x"), -1, &num);
    assert_int_equal(num, 2);
    assert_int_equal(perms[1].id, 5);
    free(perms);
    assert_true(xs_collect_done(h, xs_submit_set_permissions(h, 1, "/x", &wanted, 1), -1));
    assert_request_string(XS_SET_PERMS, 1, "/x\0r3");
    assert_true(xs_collect_done(h, xs_submit_watch(h, "/x", "t"), -1));
    assert_request_string(XS_WATCH, 0, "/x\0t");
    assert_int_equal(xs_collect_transaction(h, xs_submit_transaction_start(h), -1), 77);
    assert_true(xs_collect_done(h, xs_submit_transaction_end(h, 77, true), -1));
    assert_request_string(XS_TRANSACTION_END, 77, "F");
    fake_store_close(h);
}

TEST(any_request_can_be_sent_by_its_type)
{
    struct xs_handle *h = open_tree();
    char *value = xs_collect(h, xs_submit(h, XS_READ, 3, "/raw", 5), -1, NULL);

    assert_string_equal(value, "/raw");
    assert_request_string(XS_READ, 3, "/raw");
    free(value);
    assert_fails_with(xs_submit(h, XS_WATCH_EVENT, 0, "", 0), 0, EINVAL);
    assert_fails_with(xs_submit(h, XS_ERROR, 0, "", 0), 0, EINVAL);
    assert_fails_with(xs_submit(h, XS_INVALID, 0, "", 0), 0, EINVAL);
    assert_fails_with(xs_submit(h, XS_READ, 0, "", XENSTORE_PAYLOAD_MAX + 1), 0, E2BIG);
    fake_store_close(h);
}

static void submit_many(struct xs_handle *h, xs_request_t *ids)
{
    char path[32];

    for (unsigned int i = 0; i < MANY; i++) {
        snprintf(path, sizeof(path), "/x/%u", i);
        ids[i] = xs_submit_read(h, 0, path);
        assert_int_not_equal(ids[i], 0);
    }
}

static void collect_one(struct xs_handle *h, xs_request_t *ids, unsigned int i)
{
    char path[32], *value = xs_collect(h, ids[i], -1, NULL);

    snprintf(path, sizeof(path), "/x/%u", i);
    assert_non_null(value);
    assert_string_equal(value, path);
    free(value);
}

TEST(many_are_on_their_way_and_collected_in_order)
{
    static xs_request_t ids[MANY];
    struct xs_handle *h = open_tree();

    submit_many(h, ids);
    for (unsigned int i = 0; i < MANY; i++)
        collect_one(h, ids, i);
    fake_store_close(h);
}

TEST(many_are_collected_backwards_between_other_requests)
{
    static xs_request_t ids[MANY];
    struct xs_handle *h = open_tree();

    submit_many(h, ids);
    for (unsigned int i = MANY; i--;) {
        collect_one(h, ids, i);
        if (i % 100 == 0)
            assert_true(xs_mkdir(h, 0, "/y"));
    }
    fake_store_close(h);
}

/* xenstored reads no more until its replies are read: 4 KiB for each small request. */
static void reply_at_length(const struct fake_request *request)
{
    static char body[XENSTORE_PAYLOAD_MAX];

    fake_reply(request, body, sizeof(body));
}

TEST(a_xenstored_that_stops_reading_is_no_deadlock)
{
    static xs_request_t ids[MANY];
    struct xs_handle *h;

    alarm(TOO_LONG_SECONDS);
    h = fake_store_open(0, reply_at_length);
    submit_many(h, ids);
    for (unsigned int i = 0; i < MANY; i++) {
        unsigned int len;
        void *value = xs_collect(h, ids[i], -1, &len);

        assert_non_null(value);
        assert_int_equal(len, XENSTORE_PAYLOAD_MAX);
        free(value);
    }
    fake_store_close(h);
}

static void *read_events(void *h)
{
    return xs_read_watch(h, &(unsigned int){0});
}

TEST(a_xenstored_that_stops_reading_is_no_deadlock_beside_a_reader)
{
    static xs_request_t ids[MANY];
    struct xs_handle *h;
    pthread_t thread;
    void *event;

    alarm(TOO_LONG_SECONDS);
    h = fake_store_open(0, reply_at_length);
    pthread_create(&thread, NULL, read_events, h);
    submit_many(h, ids);
    for (unsigned int i = MANY; i--;) {
        void *value = xs_collect(h, ids[i], -1, NULL);

        assert_non_null(value);
        free(value);
    }
    fake_event("/x", "t");
    pthread_join(thread, &event);
    assert_non_null(event);
    free(event);
    fake_store_close(h);
}

TEST(an_error_is_that_of_its_own_request)
{
    struct xs_handle *h = open_tree();
    xs_request_t bad = xs_submit_read(h, 0, "/no"), good = xs_submit_read(h, 0, "/x");

    assert_fails_with(xs_collect(h, bad, -1, NULL), NULL, ENOENT);
    free(xs_collect(h, good, -1, NULL));
    assert_fails_with(xs_collect(h, bad, -1, NULL), NULL, EBADR);
    assert_fails_with(xs_collect(h, good, -1, NULL), NULL, EBADR);
    assert_fails_with(xs_collect(h, 0, -1, NULL), NULL, EBADR);
    fake_store_close(h);
}

TEST(a_reply_of_another_form_is_EINVAL_and_remains)
{
    struct xs_handle *h = open_tree();
    xs_request_t read = xs_submit_read(h, 0, "/x");
    unsigned int num;

    assert_fails_with(xs_collect_done(h, read, -1), false, EINVAL);
    assert_fails_with(xs_collect_directory(h, read, -1, &num), NULL, EINVAL);
    assert_fails_with(xs_collect_permissions(h, read, -1, &num), NULL, EINVAL);
    assert_fails_with(xs_collect_transaction(h, read, -1), XBT_NULL, EINVAL);
    free(xs_collect(h, read, -1, NULL));
    fake_store_close(h);
}

static pthread_mutex_t holding = PTHREAD_MUTEX_INITIALIZER;

static void answer_when_let(const struct fake_request *request)
{
    pthread_mutex_lock(&holding);
    pthread_mutex_unlock(&holding);
    fake_reply_string(request, "OK");
}

TEST(collecting_has_a_deadline)
{
    struct xs_handle *h = fake_store_open(0, answer_when_let);
    xs_request_t id;

    pthread_mutex_lock(&holding);
    id = xs_submit_mkdir(h, 0, "/x");
    assert_fails_with(xs_collect_done(h, id, 0), false, ETIMEDOUT);
    assert_fails_with(xs_collect_done(h, id, 20), false, ETIMEDOUT);
    pthread_mutex_unlock(&holding);
    assert_true(xs_collect_done(h, id, 20000));
    fake_store_close(h);
}

struct collector {
    struct xs_handle *h;
    xs_request_t id;
};

static void *collect_in_thread(void *argument)
{
    struct collector *collector = argument;

    while (!xs_collect_done(collector->h, collector->id, -1))
        if (errno != EBUSY) /* the other thread was just looking */
            return "failed";
    return NULL;
}

TEST(a_request_is_collected_by_one_thread)
{
    struct collector collector = {.h = fake_store_open(0, answer_when_let)};
    pthread_t thread;
    void *failure;

    pthread_mutex_lock(&holding);
    collector.id = xs_submit_mkdir(collector.h, 0, "/x");
    pthread_create(&thread, NULL, collect_in_thread, &collector);
    do {
        usleep(1000);
        errno = 0;
    } while (!xs_collect_done(collector.h, collector.id, 0) && errno == ETIMEDOUT);
    assert_int_equal(errno, EBUSY);
    assert_fails_with(xs_forget(collector.h, collector.id), false, EBUSY);
    pthread_mutex_unlock(&holding);
    pthread_join(thread, &failure);
    assert_null(failure);
    fake_store_close(collector.h);
}

TEST(what_is_forgotten_is_thrown_away)
{
    struct xs_handle *h = open_tree();
    xs_request_t early = xs_submit_read(h, 0, "/x"), late;

    assert_true(xs_mkdir(h, 0, "/y")); /* its reply is behind that of early */
    late = xs_submit_read(h, 0, "/x");
    assert_true(xs_forget(h, early));
    assert_true(xs_forget(h, late));
    assert_fails_with(xs_forget(h, early), false, EBADR);
    assert_fails_with(xs_forget(h, late), false, EBADR);
    assert_fails_with(xs_collect(h, late, 0, NULL), NULL, EBADR);
    assert_true(xs_mkdir(h, 0, "/y"));
    fake_store_close(h);
}

TEST(what_is_neither_collected_nor_forgotten_is_freed_by_close)
{
    struct xs_handle *h = open_tree();

    for (int i = 0; i < 100; i++)
        assert_int_not_equal(xs_submit_read(h, 0, "/a-value-that-has-a-block-of-its-own"), 0);
    assert_true(xs_mkdir(h, 0, "/y"));
    fake_store_close(h);
}

static void hang_up(const struct fake_request *request)
{
    (void)request;
    fake_hang_up();
}

TEST(requests_on_their_way_fail_when_xenstored_dies)
{
    struct xs_handle *h = fake_store_open(0, hang_up);
    xs_request_t ids[3];

    for (int i = 0; i < 3; i++)
        ids[i] = xs_submit_read(h, 0, "/x");
    assert_int_not_equal(ids[0], 0);
    assert_fails_with(xs_collect(h, ids[0], -1, NULL), NULL, EBADF);
    assert_fails_with(xs_collect(h, ids[0], -1, NULL), NULL, EBADR);
    assert_fails_with(xs_submit_read(h, 0, "/x"), 0, EBADF);
    for (int i = 1; i < 3; i++)
        if (ids[i])
            assert_fails_with(xs_collect(h, ids[i], -1, NULL), NULL, EBADF);
    fake_store_close(h);
}

/* The descriptor for events tells of replies, too, while nobody collects them. */
TEST(replies_are_taken_in_with_events)
{
    struct xs_handle *h = open_tree();
    struct pollfd polled = {.fd = xs_fileno(h), .events = POLLIN};
    xs_request_t id = xs_submit_read(h, 0, "/x");
    char *value;

    assert_int_equal(poll(&polled, 1, 10000), 1);
    assert_fails_with(xs_check_watch(h), NULL, EAGAIN);
    assert_int_equal(poll(&polled, 1, 0), 0);
    value = xs_collect(h, id, 0, NULL);
    assert_string_equal(value, "/x");
    free(value);
    fake_store_close(h);
}

/* As some older kernels do, through their device. */
static void serve_as_an_old_kernel(const struct fake_request *request)
{
    bool of_a_watch = request->header.type == XS_WATCH || request->header.type == XS_UNWATCH;

    fake_message(request->header.type, of_a_watch ? 0 : request->header.req_id, 3, "OK", 3);
}

TEST(a_socket_must_answer_watches_with_their_id)
{
    struct xs_handle *h = fake_store_open(0, serve_as_an_old_kernel);

    alarm(TOO_LONG_SECONDS);
    assert_fails_with(xs_watch(h, "/x", "t"), false, EPROTO);
    fake_store_close(h);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_request_is_sent_and_collected),
        cmocka_unit_test(any_request_can_be_sent_by_its_type),
        cmocka_unit_test(many_are_on_their_way_and_collected_in_order),
        cmocka_unit_test(many_are_collected_backwards_between_other_requests),
        cmocka_unit_test(a_xenstored_that_stops_reading_is_no_deadlock),
        cmocka_unit_test(a_xenstored_that_stops_reading_is_no_deadlock_beside_a_reader),
        cmocka_unit_test(an_error_is_that_of_its_own_request),
        cmocka_unit_test(a_reply_of_another_form_is_EINVAL_and_remains),
        cmocka_unit_test(collecting_has_a_deadline),
        cmocka_unit_test(a_request_is_collected_by_one_thread),
        cmocka_unit_test(what_is_forgotten_is_thrown_away),
        cmocka_unit_test(what_is_neither_collected_nor_forgotten_is_freed_by_close),
        cmocka_unit_test(requests_on_their_way_fail_when_xenstored_dies),
        cmocka_unit_test(replies_are_taken_in_with_events),
        cmocka_unit_test(a_socket_must_answer_watches_with_their_id),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
