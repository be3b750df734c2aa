/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Watches, the queue of events, and the descriptor to poll. */
#include "fake_store.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>

enum { SOON_MS = 100, SURELY_MS = 10000, TOO_LONG_SECONDS = 20 };

static bool readable(int fd, int timeout_ms)
{
    struct pollfd polled = {.fd = fd, .events = POLLIN};

    return poll(&polled, 1, timeout_ms) == 1 && polled.revents & POLLIN;
}

static void assert_event(char **event, const char *path, const char *token)
{
    assert_non_null(event);
    assert_string_equal(event[XS_WATCH_PATH], path);
    assert_string_equal(event[XS_WATCH_TOKEN], token);
    free(event);
}

static struct xs_handle *open_with_watch(unsigned long flags)
{
    struct xs_handle *h = fake_store_open(flags, NULL);

    alarm(TOO_LONG_SECONDS);
    assert_true(xs_watch(h, "/x", "t"));
    return h;
}

/* Until the event is where the library can see it. */
static void send_event(struct xs_handle *h, const char *path, const char *token)
{
    int fd = xs_fileno(h);

    fake_event(path, token);
    assert_true(readable(fd, SURELY_MS));
}

TEST(watching_and_unwatching_send_path_and_token)
{
    struct xs_handle *h = open_with_watch(0);

    assert_request_string(XS_WATCH, 0, "/x\0t");
    assert_true(xs_unwatch(h, "/x", "t"));
    assert_request_string(XS_UNWATCH, 0, "/x\0t");
    fake_answer_error("EEXIST");
    assert_fails_with(xs_watch(h, "/x", "t"), false, EEXIST);
    fake_answer_error("ENOENT");
    assert_fails_with(xs_unwatch(h, "/x", "t"), false, ENOENT);
    fake_store_close(h);
}

TEST(read_watch_waits_and_gives_the_event)
{
    struct xs_handle *h = open_with_watch(0);
    unsigned int num = 0;

    fake_event("/x/y", "t");
    assert_event(xs_read_watch(h, &num), "/x/y", "t");
    assert_int_equal(num, 2);
    fake_store_close(h);
}

TEST(check_watch_does_not_wait)
{
    struct xs_handle *h = open_with_watch(0);

    assert_fails_with(xs_check_watch(h), NULL, EAGAIN);
    send_event(h, "/x", "t");
    assert_event(xs_check_watch(h), "/x", "t");
    assert_fails_with(xs_check_watch(h), NULL, EAGAIN);
    fake_store_close(h);
}

TEST(events_come_in_order_even_between_replies)
{
    struct xs_handle *h = open_with_watch(0);
    char path[32];

    for (unsigned int i = 0; i < 1000; i++) {
        snprintf(path, sizeof(path), "/x/%u", i);
        fake_event(path, "t");
        if (i % 3 == 0)
            assert_true(xs_mkdir(h, 0, "/y"));
    }
    for (unsigned int i = 0; i < 1000; i++) {
        snprintf(path, sizeof(path), "/x/%u", i);
        assert_event(xs_read_watch(h, &(unsigned int){0}), path, "t");
    }
    assert_fails_with(xs_check_watch(h), NULL, EAGAIN);
    fake_store_close(h);
}

TEST(the_descriptor_is_always_the_same)
{
    struct xs_handle *h = open_with_watch(0);
    int fd = xs_fileno(h);

    assert_true(fd >= 0);
    assert_int_equal(xs_fileno(h), fd);
    assert_false(readable(fd, 0));
    fake_store_close(h);
}

TEST(the_descriptor_is_readable_while_there_are_events)
{
    struct xs_handle *h = open_with_watch(0);
    int fd = xs_fileno(h);

    for (int i = 0; i < 3; i++)
        fake_event("/x", "t");
    for (int i = 0; i < 3; i++) {
        assert_true(readable(fd, SURELY_MS));
        assert_event(xs_read_watch(h, &(unsigned int){0}), "/x", "t");
    }
    assert_false(readable(fd, SOON_MS));
    fake_store_close(h);
}

TEST(events_that_came_with_a_reply_make_the_descriptor_readable)
{
    struct xs_handle *h = open_with_watch(0);
    int fd = xs_fileno(h);

    fake_event("/x", "t");
    fake_event("/x", "u");
    assert_true(xs_mkdir(h, 0, "/y"));
    assert_true(readable(fd, SURELY_MS));
    assert_event(xs_check_watch(h), "/x", "t");
    assert_true(readable(fd, SURELY_MS));
    assert_event(xs_check_watch(h), "/x", "u");
    assert_false(readable(fd, SOON_MS));
    fake_store_close(h);
}

TEST(events_from_before_the_descriptor_make_it_readable)
{
    struct xs_handle *h = open_with_watch(0);

    fake_event("/x", "t");
    assert_true(xs_mkdir(h, 0, "/y"));
    assert_true(readable(xs_fileno(h), SURELY_MS));
    assert_event(xs_check_watch(h), "/x", "t");
    fake_store_close(h);
}

TEST(a_request_does_not_make_the_descriptor_readable)
{
    struct xs_handle *h = open_with_watch(0);
    int fd = xs_fileno(h);

    for (int i = 0; i < 10; i++) {
        assert_true(xs_mkdir(h, 0, "/y"));
        assert_false(readable(fd, 0));
    }
    fake_store_close(h);
}

/* Half an event, then the other half: the descriptor is not to be quiet for ever. */
TEST(an_event_in_two_pieces_is_not_missed)
{
    struct xs_handle *h = open_with_watch(0);
    struct xsd_sockmsg header = {.type = XS_WATCH_EVENT, .len = 5};
    int fd = xs_fileno(h);

    fake_send(&header, sizeof(header));
    fake_send("/x", 3);
    usleep(10000);
    assert_fails_with(xs_check_watch(h), NULL, EAGAIN);
    fake_send("t", 2);
    assert_true(readable(fd, SURELY_MS));
    assert_event(xs_read_watch(h, &(unsigned int){0}), "/x", "t");
    fake_store_close(h);
}

TEST(the_filter_takes_back_the_events_of_an_unwatched_path)
{
    struct xs_handle *h = open_with_watch(XS_UNWATCH_FILTER);
    int fd = xs_fileno(h);

    fake_event("/x", "t");
    fake_event("/x/y", "t");
    fake_event("/xy", "t");
    fake_event("/x", "u");
    fake_event("/x", "t");
    assert_true(xs_unwatch(h, "/x", "t"));
    assert_true(readable(fd, SURELY_MS));
    assert_event(xs_check_watch(h), "/xy", "t");
    assert_event(xs_check_watch(h), "/x", "u");
    assert_fails_with(xs_check_watch(h), NULL, EAGAIN);
    assert_false(readable(fd, SOON_MS));
    fake_event("/z", "v");
    assert_event(xs_read_watch(h, &(unsigned int){0}), "/z", "v");
    fake_store_close(h);
}

TEST(without_the_filter_events_stay)
{
    struct xs_handle *h = open_with_watch(0);

    fake_event("/x", "t");
    assert_true(xs_unwatch(h, "/x", "t"));
    assert_event(xs_check_watch(h), "/x", "t");
    fake_store_close(h);
}

TEST(events_are_taken_before_the_connection_counts_as_broken)
{
    struct xs_handle *h = open_with_watch(0);
    int fd = xs_fileno(h);

    fake_event("/x", "t");
    fake_event("/x", "u");
    assert_true(xs_mkdir(h, 0, "/y"));
    fake_hang_up();
    assert_fails_with(xs_mkdir(h, 0, "/y"), false, EBADF);
    assert_event(xs_check_watch(h), "/x", "t");
    assert_event(xs_read_watch(h, &(unsigned int){0}), "/x", "u");
    assert_true(readable(fd, 0));
    assert_fails_with(xs_check_watch(h), NULL, EBADF);
    assert_fails_with(xs_read_watch(h, &(unsigned int){0}), NULL, EBADF);
    assert_true(readable(fd, 0));
    fake_store_close(h);
}

/* Upstream's pollers are not told; check_watch says EAGAIN for ever. */
TEST(defect_pollers_do_not_hear_that_xenstored_died)
{
    struct xs_handle *h = open_with_watch(0);
    int fd = xs_fileno(h);

    fake_hang_up();
    assert_true(readable(fd, 2000));
    assert_fails_with(xs_check_watch(h), NULL, EBADF);
    fake_store_close(h);
}

/* An event loop polls until there is nothing; how often it wakes for nothing. */
TEST(polling_wakes_once_for_each_event_and_never_for_nothing)
{
    struct xs_handle *h = open_with_watch(0);
    int fd = xs_fileno(h);
    unsigned int wakeups = 0, taken = 0;

    for (int i = 0; i < 50; i++) {
        char **event;

        fake_event("/x", "t");
        while (readable(fd, taken <= (unsigned int)i ? SURELY_MS : 0)) {
            wakeups++;
            while ((event = xs_check_watch(h)) != NULL) {
                taken++;
                free(event);
            }
            assert_int_equal(errno, EAGAIN);
        }
    }
    assert_int_equal(taken, 50);
    assert_int_equal(wakeups, 50);
    assert_false(readable(fd, SOON_MS));
    fake_store_close(h);
}

static void *make_requests(void *h)
{
    for (int i = 0; i < 2000; i++)
        if (!xs_mkdir(h, 0, "/y"))
            return "failed";
    return NULL;
}

/*
 * One thread polls and, as qemu and xenconsoled do, calls the waiting function when the
 * descriptor is readable. Replies to another thread must not look like an event to it.
 */
TEST(replies_to_another_thread_do_not_wake_a_poller)
{
    struct xs_handle *h = open_with_watch(0);
    int fd = xs_fileno(h);
    unsigned int taken = 0;
    pthread_t thread;
    void *failure;

    pthread_create(&thread, NULL, make_requests, h);
    for (unsigned int sent = 0; sent < 200; sent++) {
        fake_event("/x", "t");
        while (taken <= sent) {
            assert_true(readable(fd, SURELY_MS));
            assert_event(xs_read_watch(h, &(unsigned int){0}), "/x", "t");
            taken++;
        }
    }
    pthread_join(thread, &failure);
    assert_null(failure);
    assert_false(readable(fd, SOON_MS));
    fake_store_close(h);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(watching_and_unwatching_send_path_and_token),
        cmocka_unit_test(read_watch_waits_and_gives_the_event),
        cmocka_unit_test(check_watch_does_not_wait),
        cmocka_unit_test(events_come_in_order_even_between_replies),
        cmocka_unit_test(the_descriptor_is_always_the_same),
        cmocka_unit_test(the_descriptor_is_readable_while_there_are_events),
        cmocka_unit_test(events_that_came_with_a_reply_make_the_descriptor_readable),
        cmocka_unit_test(events_from_before_the_descriptor_make_it_readable),
        cmocka_unit_test(a_request_does_not_make_the_descriptor_readable),
        cmocka_unit_test(an_event_in_two_pieces_is_not_missed),
        cmocka_unit_test(the_filter_takes_back_the_events_of_an_unwatched_path),
        cmocka_unit_test(without_the_filter_events_stay),
        cmocka_unit_test(events_are_taken_before_the_connection_counts_as_broken),
        cmocka_unit_test(defect_pollers_do_not_hear_that_xenstored_died),
        cmocka_unit_test(polling_wakes_once_for_each_event_and_never_for_nothing),
        cmocka_unit_test(replies_to_another_thread_do_not_wake_a_poller),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
