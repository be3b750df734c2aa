/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Several requests at once through the kernel's device. */
#include "fake_store.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>

#include "fakexen.h"

enum { SOME = 50, TOO_LONG_SECONDS = 60 };

/* Reads give their path. */
static void serve(const struct fake_request *request)
{
    if (request->header.type == XS_READ)
        fake_reply(request, request->payload, strlen(request->payload));
    else
        fake_reply_string(request, "OK");
}

static struct xs_handle *open_device(fake_handler *handler)
{
    alarm(TOO_LONG_SECONDS);
    return fake_store_open_device(handler);
}

static void submit_some(struct xs_handle *h, xs_request_t *ids)
{
    char path[32];

    for (unsigned int i = 0; i < SOME; i++) {
        snprintf(path, sizeof(path), "/x/%u", i);
        ids[i] = xs_submit_read(h, 0, path);
        assert_int_not_equal(ids[i], 0);
    }
}

static void assert_collects(struct xs_handle *h, xs_request_t id, const char *text)
{
    char *value = xs_collect(h, id, -1, NULL);

    assert_non_null(value);
    assert_string_equal(value, text);
    free(value);
}

static void collect_path(struct xs_handle *h, xs_request_t *ids, unsigned int i)
{
    char path[32];

    snprintf(path, sizeof(path), "/x/%u", i);
    assert_collects(h, ids[i], path);
}

TEST(requests_are_written_in_order_and_one_at_a_time)
{
    struct xs_handle *h = open_device(serve);
    xs_request_t ids[SOME];

    submit_some(h, ids);
    for (unsigned int i = 0; i < SOME; i++)
        collect_path(h, ids, i);
    assert_int_equal(fake_requests(), SOME);
    fake_store_close(h);
}

TEST(a_request_waits_for_those_before_it)
{
    struct xs_handle *h = open_device(serve);
    xs_request_t ids[SOME];

    submit_some(h, ids);
    assert_true(xs_mkdir(h, 0, "/y"));
    assert_int_equal(fake_requests(), SOME + 1);
    assert_request_string(XS_MKDIR, 0, "/y");
    for (unsigned int i = SOME; i--;)
        collect_path(h, ids, i);
    fake_store_close(h);
}

TEST(holding_back_costs_no_system_call)
{
    struct xs_handle *h = open_device(serve);
    xs_request_t ids[SOME];
    unsigned int before = fakexen_count_all();

    submit_some(h, ids);
    for (unsigned int i = 0; i < SOME; i++)
        collect_path(h, ids, i);
    assert_int_equal(fakexen_count(FAKEXEN_WRITE), SOME);
    assert_int_equal(fakexen_count_all() - before, 2 * SOME);
    fake_store_close(h);
}

/* What the kernel does not take when its turn comes has failed, and holds up nobody. */
TEST(a_request_that_is_refused_in_its_turn_fails_alone)
{
    struct xs_handle *h = open_device(serve);
    xs_request_t first = xs_submit_read(h, 0, "/first"), refused[2], last;

    fakexen_fail_next(FAKEXEN_WRITE, ENOMEM, 2, 0);
    refused[0] = xs_submit_read(h, 0, "/second");
    refused[1] = xs_submit_read(h, 0, "/third");
    last = xs_submit_read(h, 0, "/last");
    assert_collects(h, first, "/first");
    assert_fails_with(xs_collect(h, refused[1], -1, NULL), NULL, ENOMEM);
    assert_fails_with(xs_collect(h, refused[0], -1, NULL), NULL, ENOMEM);
    assert_collects(h, last, "/last");
    fake_store_close(h);
}

TEST(one_that_is_too_long_for_the_kernel_is_E2BIG_in_its_turn)
{
    struct xs_handle *h = open_device(serve);
    static char data[XENSTORE_PAYLOAD_MAX - 5];
    xs_request_t first = xs_submit_read(h, 0, "/first"), too_long;

    fakexen_fail_next(FAKEXEN_WRITE, EINVAL, 1, 0);
    too_long = xs_submit_write(h, 0, "/x", data, sizeof(data));
    assert_collects(h, first, "/first");
    assert_fails_with(xs_collect_done(h, too_long, -1), false, E2BIG);
    assert_true(xs_mkdir(h, 0, "/x"));
    fake_store_close(h);
}

TEST(what_is_forgotten_before_its_turn_is_carried_out_all_the_same)
{
    struct xs_handle *h = open_device(serve);
    xs_request_t first = xs_submit_read(h, 0, "/first"), second, third;

    second = xs_submit_mkdir(h, 0, "/second");
    third = xs_submit_read(h, 0, "/third");
    assert_true(xs_forget(h, second));
    assert_true(xs_forget(h, first));
    assert_collects(h, third, "/third");
    assert_int_equal(fake_requests(), 3);
    fakexen_fail_next(FAKEXEN_WRITE, ENOMEM, 1, 1);
    first = xs_submit_read(h, 0, "/first");
    assert_true(xs_forget(h, xs_submit_mkdir(h, 0, "/refused")));
    assert_collects(h, first, "/first");
    assert_true(xs_mkdir(h, 0, "/y"));
    assert_int_equal(fake_requests(), 5);
    fake_store_close(h);
}

TEST(looking_for_events_writes_the_next_request)
{
    struct xs_handle *h = open_device(serve);
    struct pollfd polled = {.fd = xs_fileno(h), .events = POLLIN};
    xs_request_t ids[SOME];

    submit_some(h, ids);
    for (unsigned int i = 0; i < SOME; i++) {
        assert_int_equal(poll(&polled, 1, 10000), 1);
        assert_fails_with(xs_check_watch(h), NULL, EAGAIN);
    }
    assert_int_equal(poll(&polled, 1, 20), 0);
    for (unsigned int i = 0; i < SOME; i++)
        collect_path(h, ids, i);
    fake_store_close(h);
}

static void hang_up_at_the_third(const struct fake_request *request)
{
    if (fake_requests() == 3)
        fake_hang_up();
    else
        serve(request);
}

TEST(requests_held_back_fail_when_the_connection_ends)
{
    struct xs_handle *h = open_device(hang_up_at_the_third);
    xs_request_t ids[SOME];

    submit_some(h, ids);
    assert_fails_with(xs_collect(h, ids[SOME - 1], -1, NULL), NULL, EBADF);
    collect_path(h, ids, 0);
    collect_path(h, ids, 1);
    for (unsigned int i = 2; i < SOME - 1; i++)
        assert_fails_with(xs_collect(h, ids[i], -1, NULL), NULL, EBADF);
    fake_store_close(h);
}

TEST(closing_frees_what_is_held_back)
{
    struct xs_handle *h = open_device(serve);
    xs_request_t ids[SOME];

    submit_some(h, ids);
    fake_store_close(h);
}

static pthread_mutex_t holding = PTHREAD_MUTEX_INITIALIZER;

static void answer_when_let(const struct fake_request *request)
{
    pthread_mutex_lock(&holding);
    pthread_mutex_unlock(&holding);
    serve(request);
}

TEST(a_deadline_holds_for_what_has_not_had_its_turn)
{
    struct xs_handle *h = open_device(answer_when_let);
    xs_request_t first, second;

    pthread_mutex_lock(&holding);
    first = xs_submit_read(h, 0, "/first");
    second = xs_submit_read(h, 0, "/second");
    assert_fails_with(xs_collect(h, second, 20, NULL), NULL, ETIMEDOUT);
    pthread_mutex_unlock(&holding);
    assert_collects(h, second, "/second");
    assert_collects(h, first, "/first");
    fake_store_close(h);
}

/* ---- kernels that answer for xenstored ---- */

/* As some older ones do when a watch is set or removed: they leave the request's id out. */
static void serve_as_an_old_kernel(const struct fake_request *request)
{
    bool of_a_watch = request->header.type == XS_WATCH || request->header.type == XS_UNWATCH;

    if (of_a_watch && strcmp(request->payload, "/no") == 0)
        fake_reply_error(request, "ENOMEM");
    else if (of_a_watch)
        fake_message(request->header.type, 0, (uint32_t)strlen(request->payload) + 1,
                     request->payload, strlen(request->payload) + 1);
    else
        serve(request);
}

TEST(watches_may_be_answered_without_their_id)
{
    struct xs_handle *h = open_device(serve_as_an_old_kernel);

    assert_true(xs_watch(h, "/x", "t"));
    assert_true(xs_mkdir(h, 0, "/x"));
    assert_true(xs_unwatch(h, "/x", "t"));
    assert_true(xs_mkdir(h, 0, "/x"));
    fake_store_close(h);
}

TEST(a_reply_without_id_is_that_of_the_watch_on_its_way)
{
    struct xs_handle *h = open_device(serve_as_an_old_kernel);
    unsigned int first, second, third;

    first = xs_submit_watch(h, "/first", "t");
    second = xs_submit_watch(h, "/no", "t");
    third = xs_submit_watch(h, "/third", "t");
    assert_true(xs_mkdir(h, 0, "/x"));
    assert_collects(h, third, "/third");
    assert_fails_with(xs_collect_done(h, second, -1), false, ENOMEM);
    assert_collects(h, first, "/first");
    fake_store_close(h);
}

/* Nobody asked; and others than watches always have their id. */
static void answer_without_id(const struct fake_request *request)
{
    fake_message(request->header.type == XS_MKDIR ? XS_UNWATCH : request->header.type, 0, 3,
                 "OK", 3);
}

TEST(a_reply_without_id_to_no_watch_breaks_the_connection)
{
    struct xs_handle *h = open_device(answer_without_id);

    assert_fails_with(xs_mkdir(h, 0, "/x"), false, EPROTO);
    fake_store_close(h);
    h = open_device(answer_without_id);
    assert_fails_with(xs_rm(h, 0, "/x"), false, EPROTO);
    fake_store_close(h);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_written_in_order_and_one_at_a_time),
        cmocka_unit_test(a_request_waits_for_those_before_it),
        cmocka_unit_test(holding_back_costs_no_system_call),
        cmocka_unit_test(a_request_that_is_refused_in_its_turn_fails_alone),
        cmocka_unit_test(one_that_is_too_long_for_the_kernel_is_E2BIG_in_its_turn),
        cmocka_unit_test(what_is_forgotten_before_its_turn_is_carried_out_all_the_same),
        cmocka_unit_test(looking_for_events_writes_the_next_request),
        cmocka_unit_test(requests_held_back_fail_when_the_connection_ends),
        cmocka_unit_test(closing_frees_what_is_held_back),
        cmocka_unit_test(a_deadline_holds_for_what_has_not_had_its_turn),
        cmocka_unit_test(watches_may_be_answered_without_their_id),
        cmocka_unit_test(a_reply_without_id_is_that_of_the_watch_on_its_way),
        cmocka_unit_test(a_reply_without_id_to_no_watch_breaks_the_connection),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
