/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Many threads on one connection. Also run under ThreadSanitizer. */
#include "fake_store.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>

#if defined(__SANITIZE_THREAD__)
#define THREADS_ARE_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define THREADS_ARE_SANITIZED 1
#endif
#endif

enum { THREADS = 8, ROUNDS = 300, EVENTS = 2000, TOO_LONG_SECONDS = 120 };

/* Reads give their path. Now and then an event comes before the reply. */
static unsigned int events_sent;

static void serve(const struct fake_request *request)
{
    char token[16];

    if (events_sent < EVENTS && fake_requests() % 2 == 0) {
        snprintf(token, sizeof(token), "%u", events_sent++);
        fake_event("/x", token);
    }
    if (request->header.type == XS_READ)
        fake_reply(request, request->payload, strlen(request->payload));
    else
        fake_reply_string(request, "OK");
}

struct reader {
    struct xs_handle *h;
    unsigned int number;
};

static void *read_own_paths(void *argument)
{
    struct reader *reader = argument;
    char path[64];

    for (unsigned int i = 0; i < ROUNDS; i++) {
        unsigned int len;
        char *value;

        snprintf(path, sizeof(path), "/%u/a-path-that-needs-some-room/%u", reader->number, i);
        value = xs_read(reader->h, 0, path, &len);
        if (!value || strcmp(value, path) != 0 || len != strlen(path))
            return "another one's reply";
        free(value);
    }
    return NULL;
}

static void run_readers(struct xs_handle *h, pthread_t *threads, struct reader *readers)
{
    for (unsigned int i = 0; i < THREADS; i++) {
        readers[i] = (struct reader){h, i};
        pthread_create(&threads[i], NULL, read_own_paths, &readers[i]);
    }
}

static void join_readers(pthread_t *threads)
{
    for (unsigned int i = 0; i < THREADS; i++) {
        void *failure;

        pthread_join(threads[i], &failure);
        if (failure)
            fail_msg("%s", (char *)failure);
    }
}

TEST(each_thread_has_its_own_replies)
{
    pthread_t threads[THREADS];
    struct reader readers[THREADS];
    struct xs_handle *h;

    alarm(TOO_LONG_SECONDS);
    events_sent = EVENTS;
    h = fake_store_open(0, serve);
    run_readers(h, threads, readers);
    join_readers(threads);
    fake_store_close(h);
}

/* And their requests do not get into each other's way: see fake_store_open_device(). */
TEST(each_thread_has_its_own_replies_from_the_device)
{
    pthread_t threads[THREADS];
    struct reader readers[THREADS];
    struct xs_handle *h;

    alarm(TOO_LONG_SECONDS);
    events_sent = 0;
    h = fake_store_open_device(serve);
    run_readers(h, threads, readers);
    join_readers(threads);
    for (unsigned int i = 0; i < THREADS * ROUNDS / 2 && i < EVENTS; i++)
        free(xs_read_watch(h, &(unsigned int){0}));
    assert_fails_with(xs_check_watch(h), NULL, EAGAIN);
    fake_store_close(h);
}

static unsigned int token_of(char **event)
{
    unsigned int token = (unsigned int)strtoul(event[XS_WATCH_TOKEN], NULL, 10);

    free(event);
    return token;
}

/* By one thread, which waits in the library. */
TEST(events_are_in_order_while_replies_stream)
{
    pthread_t threads[THREADS];
    struct reader readers[THREADS];
    struct xs_handle *h;

    alarm(TOO_LONG_SECONDS);
    h = fake_store_open(0, serve);
    run_readers(h, threads, readers);
    for (unsigned int i = 0; i < THREADS * ROUNDS / 2 && i < EVENTS; i++)
        assert_int_equal(token_of(xs_read_watch(h, &(unsigned int){0})), i);
    join_readers(threads);
    assert_fails_with(xs_check_watch(h), NULL, EAGAIN);
    fake_store_close(h);
}

/* By one thread, which polls, and reads only what poll(2) said is there. */
TEST(a_poller_sees_every_event_while_replies_stream)
{
    pthread_t threads[THREADS];
    struct reader readers[THREADS];
    struct xs_handle *h;
    struct pollfd polled = {.events = POLLIN};

    alarm(TOO_LONG_SECONDS);
    h = fake_store_open(0, serve);
    polled.fd = xs_fileno(h);
    run_readers(h, threads, readers);
    for (unsigned int i = 0; i < THREADS * ROUNDS / 2 && i < EVENTS; i++) {
        assert_int_equal(poll(&polled, 1, 20000), 1);
        assert_int_equal(token_of(xs_read_watch(h, &(unsigned int){0})), i);
    }
    join_readers(threads);
    assert_int_equal(poll(&polled, 1, 50), 0);
    fake_store_close(h);
}

static unsigned int seen[EVENTS];

static void *take_events(void *h)
{
    char **event;

    while ((event = xs_read_watch(h, &(unsigned int){0})) != NULL)
        __atomic_fetch_add(&seen[token_of(event)], 1, __ATOMIC_RELAXED);
    return NULL;
}

TEST(each_event_goes_to_one_of_many_threads)
{
    pthread_t threads[THREADS], takers[THREADS];
    struct reader readers[THREADS];
    struct xs_handle *h;

    alarm(TOO_LONG_SECONDS);
    h = fake_store_open(0, serve);
    for (unsigned int i = 0; i < THREADS; i++)
        pthread_create(&takers[i], NULL, take_events, h);
    run_readers(h, threads, readers);
    join_readers(threads);
    for (unsigned int i = 0; i < THREADS * ROUNDS / 2 && i < EVENTS; i++)
        while (!__atomic_load_n(&seen[i], __ATOMIC_RELAXED))
            usleep(100);
    fake_hang_up();
    for (unsigned int i = 0; i < THREADS; i++)
        pthread_join(takers[i], NULL);
    for (unsigned int i = 0; i < EVENTS; i++)
        assert_true(seen[i] <= 1);
    fake_store_close(h);
}

/* The thread that reads leaves with its own reply; the others must not be left alone. */
static void answer_last_one_first(const struct fake_request *request)
{
    static struct fake_request waiting[THREADS];
    static unsigned int count;

    waiting[count++] = *request;
    if (count < THREADS)
        return;
    while (count) {
        const struct fake_request *next = &waiting[--count];

        usleep(200);
        fake_reply(next, next->payload, strlen(next->payload));
    }
}

TEST(who_leaves_passes_reading_on)
{
    pthread_t threads[THREADS];
    struct reader readers[THREADS];
    struct xs_handle *h;

    alarm(TOO_LONG_SECONDS);
    h = fake_store_open(0, answer_last_one_first);
    run_readers(h, threads, readers);
    join_readers(threads);
    fake_store_close(h);
}

static void *wait_and_poll(void *h)
{
    for (unsigned int i = 0; i < ROUNDS; i++) {
        char **event = i % 2 ? xs_check_watch(h) : NULL;

        free(event);
        if (xs_fileno(h) < 0)
            return "no descriptor";
    }
    return NULL;
}

TEST(all_kinds_of_calls_go_together)
{
    pthread_t threads[THREADS], others[THREADS];
    struct reader readers[THREADS];
    struct xs_handle *h;

    alarm(TOO_LONG_SECONDS);
    h = fake_store_open(XS_UNWATCH_FILTER, serve);
    run_readers(h, threads, readers);
    for (unsigned int i = 0; i < THREADS; i++)
        pthread_create(&others[i], NULL, wait_and_poll, h);
    for (unsigned int i = 0; i < ROUNDS; i++) {
        assert_true(xs_watch(h, "/x", "t"));
        assert_true(xs_unwatch(h, "/x", "t"));
    }
    join_readers(threads);
    join_readers(others);
    fake_store_close(h);
}

static void *wait_for_ever(void *h)
{
    for (;;)
        free(xs_read_watch(h, &(unsigned int){0}));
    return NULL;
}

/* One of them reads, the others sleep; whichever is cancelled, the rest goes on. */
TEST(threads_that_wait_for_events_may_be_cancelled)
{
    pthread_t waiting[THREADS], threads[THREADS];
    struct reader readers[THREADS];
    struct xs_handle *h;
    void *result;

#ifdef THREADS_ARE_SANITIZED
    skip_because("ThreadSanitizer sees no locks of a thread that was cancelled in poll(2)");
#endif
    alarm(TOO_LONG_SECONDS);
    h = fake_store_open(0, serve);
    assert_true(xs_fileno(h) >= 0);
    for (unsigned int i = 0; i < THREADS; i++)
        pthread_create(&waiting[i], NULL, wait_for_ever, h);
    run_readers(h, threads, readers);
    for (unsigned int i = 0; i < THREADS; i++) {
        usleep(5000);
        pthread_cancel(waiting[i]);
        pthread_join(waiting[i], &result);
        assert_ptr_equal(result, PTHREAD_CANCELED);
    }
    join_readers(threads);
    fake_store_close(h);
}

static void *ask_once(void *h)
{
    return xs_mkdir(h, 0, "/x") ? "done" : "failed";
}

static void answer_late(const struct fake_request *request)
{
    usleep(50000);
    fake_reply_string(request, "OK");
}

TEST(a_request_is_finished_before_its_thread_is_cancelled)
{
    struct xs_handle *h = fake_store_open(0, answer_late);
    pthread_t thread;
    void *result;

    alarm(TOO_LONG_SECONDS);
    pthread_create(&thread, NULL, ask_once, h);
    while (!fake_requests())
        usleep(100);
    pthread_cancel(thread);
    pthread_join(thread, &result);
    assert_string_equal(result, "done");
    assert_true(xs_mkdir(h, 0, "/x"));
    fake_store_close(h);
}

TEST(handles_come_and_go_beside_each_other)
{
    struct xs_handle *h;

    alarm(TOO_LONG_SECONDS);
    for (int i = 0; i < 20; i++) {
        pthread_t threads[THREADS];
        struct reader readers[THREADS];

        events_sent = EVENTS;
        h = fake_store_open(0, serve);
        for (unsigned int n = 0; n < 2; n++) {
            readers[n] = (struct reader){h, n};
            pthread_create(&threads[n], NULL, read_own_paths, &readers[n]);
        }
        for (unsigned int n = 0; n < 2; n++) {
            void *failure;

            pthread_join(threads[n], &failure);
            assert_null(failure);
        }
        fake_store_close(h);
    }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_thread_has_its_own_replies),
        cmocka_unit_test(each_thread_has_its_own_replies_from_the_device),
        cmocka_unit_test(events_are_in_order_while_replies_stream),
        cmocka_unit_test(a_poller_sees_every_event_while_replies_stream),
        cmocka_unit_test(each_event_goes_to_one_of_many_threads),
        cmocka_unit_test(who_leaves_passes_reading_on),
        cmocka_unit_test(all_kinds_of_calls_go_together),
        cmocka_unit_test(threads_that_wait_for_events_may_be_cancelled),
        cmocka_unit_test(a_request_is_finished_before_its_thread_is_cancelled),
        cmocka_unit_test(handles_come_and_go_beside_each_other),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
