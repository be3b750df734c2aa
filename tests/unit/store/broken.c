/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the other end may do wrong, and what the handle is good for afterwards. */
#include "fake_store.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>

enum { TOO_LONG_SECONDS = 10 };

/* Everything on a broken handle ends at once, in the same way, and nothing is sent. */
static void assert_broken(struct xs_handle *h)
{
    struct xs_permissions perms[1] = {{0, XS_PERM_READ}};
    unsigned int num, before = fake_requests();

    alarm(TOO_LONG_SECONDS);
    assert_fails_with(xs_read(h, 0, "/x", NULL), NULL, EBADF);
    assert_fails_with(xs_write(h, 0, "/x", "", 0), false, EBADF);
    assert_fails_with(xs_directory(h, 0, "/x", &num), NULL, EBADF);
    assert_fails_with(xs_set_permissions(h, 0, "/x", perms, 1), false, EBADF);
    assert_fails_with(xs_watch(h, "/x", "t"), false, EBADF);
    assert_fails_with(xs_transaction_start(h), XBT_NULL, EBADF);
    assert_int_equal(fake_requests(), before);
}

static void hang_up(const struct fake_request *request)
{
    (void)request;
    fake_hang_up();
}

TEST(a_xenstored_that_goes_away_is_EBADF)
{
    struct xs_handle *h = fake_store_open(0, hang_up);

    assert_fails_with(xs_read(h, 0, "/x", NULL), NULL, EBADF);
    assert_broken(h);
    fake_store_close(h);
}

static void go_in_mid_reply(const struct fake_request *request)
{
    fake_message(request->header.type, request->header.req_id, 100, "abc", 3);
    fake_hang_up();
}

TEST(a_xenstored_that_dies_in_mid_reply_is_EBADF)
{
    struct xs_handle *h = fake_store_open(0, go_in_mid_reply);

    assert_fails_with(xs_read(h, 0, "/x", NULL), NULL, EBADF);
    assert_broken(h);
    fake_store_close(h);
}

static void go_in_mid_header(const struct fake_request *request)
{
    fake_send(&request->header, 7);
    fake_hang_up();
}

TEST(a_xenstored_that_dies_in_mid_header_is_EBADF)
{
    struct xs_handle *h = fake_store_open(0, go_in_mid_header);

    assert_fails_with(xs_mkdir(h, 0, "/x"), false, EBADF);
    assert_broken(h);
    fake_store_close(h);
}

static volatile sig_atomic_t broken_pipes;

static void count_signal(int signal)
{
    (void)signal;
    broken_pipes++;
}

TEST(sending_to_a_dead_xenstored_raises_no_SIGPIPE)
{
    struct sigaction count = {.sa_handler = count_signal}, found;
    struct xs_handle *h = fake_store_open(0, NULL);

    sigaction(SIGPIPE, &count, NULL);
    assert_true(xs_mkdir(h, 0, "/x"));
    fake_hang_up();
    assert_fails_with(xs_mkdir(h, 0, "/x"), false, EBADF);
    assert_broken(h);
    assert_int_equal(broken_pipes, 0);
    sigaction(SIGPIPE, NULL, &found);
    assert_ptr_equal(found.sa_handler, count_signal);
    fake_store_close(h);
}

/* Whatever another thread sees of the disposition while requests are made. */
static struct {
    int stop;
    bool seen_other;
} disposition;

static void *watch_disposition(void *unused)
{
    struct sigaction found;

    (void)unused;
    while (!__atomic_load_n(&disposition.stop, __ATOMIC_RELAXED)) {
        sigaction(SIGPIPE, NULL, &found);
        if (found.sa_handler != count_signal)
            disposition.seen_other = true;
    }
    return NULL;
}

TEST(defect_requests_change_the_process_disposition_of_SIGPIPE)
{
    struct sigaction count = {.sa_handler = count_signal};
    struct xs_handle *h = fake_store_open(0, NULL);
    pthread_t thread;

    sigaction(SIGPIPE, &count, NULL);
    pthread_create(&thread, NULL, watch_disposition, NULL);
    for (int i = 0; i < 3000; i++)
        assert_true(xs_mkdir(h, 0, "/x"));
    __atomic_store_n(&disposition.stop, 1, __ATOMIC_RELAXED);
    pthread_join(thread, NULL);
    assert_false(disposition.seen_other);
    fake_store_close(h);
}

TEST(a_reply_of_another_type_is_EBADF)
{
    struct xs_handle *h = fake_store_open(0, NULL);
    unsigned int len = 99;

    fake_answer_type(XS_DIRECTORY);
    assert_fails_with(xs_read(h, 0, "/x", &len), NULL, EBADF);
    assert_int_equal(len, 99);
    assert_broken(h);
    fake_store_close(h);
}

static uint32_t announced;

static void announce(const struct fake_request *request)
{
    static char body[2 * XENSTORE_PAYLOAD_MAX];

    fake_message(request->header.type, request->header.req_id, announced, body,
                 announced < sizeof(body) ? announced : 0);
}

static void oversized(uint32_t bytes)
{
    struct xs_handle *h;

    announced = bytes;
    h = fake_store_open(0, announce);
    assert_fails_with(xs_read(h, 0, "/x", NULL), NULL, E2BIG);
    assert_broken(h);
    fake_store_close(h);
}

TEST(a_reply_of_4097_bytes_is_E2BIG)
{
    oversized(XENSTORE_PAYLOAD_MAX + 1);
}

TEST(a_reply_that_announces_4_GiB_is_E2BIG)
{
    oversized(0xffffffff);
}

static void answer_somebody_else(const struct fake_request *request)
{
    fake_message(request->header.type, request->header.req_id + 1, 2, "no", 2);
}

/* Upstream takes it for the answer. */
TEST(defect_a_reply_to_another_request_is_taken)
{
    struct xs_handle *h = fake_store_open(0, answer_somebody_else);

    assert_fails_with(xs_read(h, 0, "/x", NULL), NULL, EPROTO);
    assert_broken(h);
    fake_store_close(h);
}

static void answer_twice(const struct fake_request *request)
{
    fake_reply_string(request, "OK");
    fake_reply_string(request, "OK");
}

TEST(a_second_reply_breaks_the_connection)
{
    struct xs_handle *h = fake_store_open(0, answer_twice);

    assert_true(xs_mkdir(h, 0, "/x"));
    assert_false(xs_mkdir(h, 0, "/x"));
    assert_true(errno == EPROTO || errno == EBADF); /* seen now, or with the first reply */
    assert_broken(h);
    fake_store_close(h);
}

static const char *event_bytes;
static size_t event_len;

static void send_event_first(const struct fake_request *request)
{
    fake_message(XS_WATCH_EVENT, 0, (uint32_t)event_len, event_bytes, event_len);
    fake_reply_string(request, "OK");
}

static void malformed_event(const char *bytes, size_t len)
{
    struct xs_handle *h;

    event_bytes = bytes;
    event_len = len;
    h = fake_store_open(0, send_event_first);
    assert_fails_with(xs_watch(h, "/x", "t"), false, EPROTO);
    assert_fails_with(xs_check_watch(h), NULL, EBADF);
    assert_broken(h);
    fake_store_close(h);
}

TEST(an_empty_event_is_EPROTO)
{
    malformed_event("", 0);
}

TEST(an_event_without_a_token_is_EPROTO)
{
    malformed_event("/path", 6);
}

TEST(an_event_that_does_not_end_is_EPROTO)
{
    malformed_event("/path\0token", 11);
}

TEST(a_directory_that_does_not_end_is_ended)
{
    struct xs_handle *h = fake_store_open(0, NULL);
    unsigned int num;
    char **names;

    fake_answer("a\0b", 3);
    names = xs_directory(h, 0, "/x", &num);
    assert_int_equal(num, 2);
    assert_string_equal(names[0], "a");
    assert_string_equal(names[1], "b");
    free(names);
    fake_store_close(h);
}

static void send_bytewise(const struct fake_request *request)
{
    struct xsd_sockmsg header = {.type = request->header.type,
                                 .req_id = request->header.req_id, .len = 5};
    char message[sizeof(header) + 5];

    memcpy(message, &header, sizeof(header));
    memcpy(message + sizeof(header), "hello", 5);
    for (unsigned int i = 0; i < sizeof(message); i++) {
        usleep(200);
        fake_send(message + i, 1);
    }
}

TEST(a_reply_may_come_byte_by_byte)
{
    struct xs_handle *h = fake_store_open(0, send_bytewise);
    unsigned int len;

    for (int i = 0; i < 5; i++) {
        char *value = xs_read(h, 0, "/x", &len);

        assert_string_equal(value, "hello");
        assert_int_equal(len, 5);
        free(value);
    }
    fake_store_close(h);
}

static void answer_late(const struct fake_request *request)
{
    usleep(30000);
    fake_reply_string(request, "late");
}

TEST(signals_do_not_end_a_call)
{
    struct itimerval every_ms = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
    struct sigaction count = {.sa_handler = count_signal}; /* no SA_RESTART */
    struct xs_handle *h = fake_store_open(0, answer_late);

    sigaction(SIGALRM, &count, NULL);
    setitimer(ITIMER_REAL, &every_ms, NULL);
    for (int i = 0; i < 5; i++) {
        char *value = xs_read(h, 0, "/x", NULL);

        assert_non_null(value);
        assert_string_equal(value, "late");
        free(value);
    }
    setitimer(ITIMER_REAL, &never, NULL);
    assert_true(broken_pipes > 5);
    fake_store_close(h);
}

static void *wait_for_an_event(void *h)
{
    errno = 0;
    return xs_read_watch(h, &(unsigned int){0}) ? NULL : (void *)(intptr_t)errno;
}

static void *wait_for_a_reply(void *h)
{
    errno = 0;
    return xs_read(h, 0, "/x", NULL) ? NULL : (void *)(intptr_t)errno;
}

static void say_nothing(const struct fake_request *request)
{
    (void)request;
}

TEST(defect_waiting_threads_are_left_when_xenstored_dies)
{
    struct xs_handle *h = fake_store_open(0, say_nothing);
    pthread_t threads[6];

    alarm(TOO_LONG_SECONDS);
    for (unsigned int i = 0; i < 6; i++)
        pthread_create(&threads[i], NULL, i % 2 ? wait_for_a_reply : wait_for_an_event, h);
    while (fake_requests() < 3)
        usleep(1000);
    usleep(20000);
    fake_hang_up();
    for (unsigned int i = 0; i < 6; i++) {
        void *errnoval;

        pthread_join(threads[i], &errnoval);
        assert_int_equal((intptr_t)errnoval, EBADF);
    }
    assert_broken(h);
    fake_store_close(h);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_xenstored_that_goes_away_is_EBADF),
        cmocka_unit_test(a_xenstored_that_dies_in_mid_reply_is_EBADF),
        cmocka_unit_test(a_xenstored_that_dies_in_mid_header_is_EBADF),
        cmocka_unit_test(sending_to_a_dead_xenstored_raises_no_SIGPIPE),
        cmocka_unit_test(defect_requests_change_the_process_disposition_of_SIGPIPE),
        cmocka_unit_test(a_reply_of_another_type_is_EBADF),
        cmocka_unit_test(a_reply_of_4097_bytes_is_E2BIG),
        cmocka_unit_test(a_reply_that_announces_4_GiB_is_E2BIG),
        cmocka_unit_test(defect_a_reply_to_another_request_is_taken),
        cmocka_unit_test(a_second_reply_breaks_the_connection),
        cmocka_unit_test(an_empty_event_is_EPROTO),
        cmocka_unit_test(an_event_without_a_token_is_EPROTO),
        cmocka_unit_test(an_event_that_does_not_end_is_EPROTO),
        cmocka_unit_test(a_directory_that_does_not_end_is_ended),
        cmocka_unit_test(a_reply_may_come_byte_by_byte),
        cmocka_unit_test(signals_do_not_end_a_call),
        cmocka_unit_test(defect_waiting_threads_are_left_when_xenstored_dies),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
