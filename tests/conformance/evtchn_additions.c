/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What our event channels do beyond upstream's. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "conformance.h"
#include "loopback.h"

enum { PAIRS = 450 };

TEST(all_queued_events_are_taken_and_unmasked_at_once)
{
    static struct loopback pairs[PAIRS];
    static evtchn_port_t ports[XENEVTCHN_PORTS_PER_CALL];
    xenevtchn_handle *xce = xenevtchn_open(NULL, XENEVTCHN_NONBLOCK);

    assert_non_null(xce);
    for (int i = 0; i < PAIRS; i++)
        pairs[i] = loopback_bind(xce);
    for (int round = 0; round < 2; round++) {
        int taken = 0;

        for (int i = 0; i < PAIRS; i++)
            assert_int_equal(xenevtchn_notify(xce, pairs[i].calling), 0);
        while (taken < PAIRS) {
            int some;

            assert_int_equal(xenevtchn_wait(xce, EVENT_COMES_MS), 1);
            some = xenevtchn_pending_many(xce, ports + taken,
                                          XENEVTCHN_PORTS_PER_CALL - (unsigned)taken);
            assert_in_range(some, 1, PAIRS - taken);
            taken += some;
        }
        assert_fails_with(xenevtchn_pending_many(xce, ports, 1), -1, EAGAIN);
        for (int i = 0; i < PAIRS; i++)
            assert_int_equal(xenevtchn_notify(xce, pairs[i].calling), 0);
        expect_silence(xce);
        assert_int_equal(xenevtchn_unmask_many(xce, ports, PAIRS), 0);
        for (taken = 0; taken < PAIRS; taken++)
            assert_int_equal(xenevtchn_unmask(xce, take_event(xce)), 0);
        expect_silence(xce);
    }
    assert_int_equal(xenevtchn_close(xce), 0);
}

TEST(a_nonblocking_handle_does_not_wait)
{
    xenevtchn_handle *xce = xenevtchn_open(NULL, XENEVTCHN_NONBLOCK);

    assert_non_null(xce);
    assert_true(fcntl(xenevtchn_fd(xce), F_GETFL) & O_NONBLOCK);
    assert_true(is_cloexec(xenevtchn_fd(xce)));
    assert_fails_with(xenevtchn_pending(xce), -1, EAGAIN);
    assert_int_equal(xenevtchn_close(xce), 0);
}

TEST(a_wait_ends_with_an_event_or_with_its_time)
{
    struct loopback pair = loopback_open();
    struct timespec before, after;

    clock_gettime(CLOCK_MONOTONIC, &before);
    assert_int_equal(xenevtchn_wait(pair.xce, 200), 0);
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_true((after.tv_sec - before.tv_sec) * 1000 +
                    (after.tv_nsec - before.tv_nsec) / 1000000 >= 199);
    assert_int_equal(xenevtchn_wait(pair.xce, 0), 0);
    assert_int_equal(xenevtchn_notify(pair.xce, pair.calling), 0);
    assert_int_equal(xenevtchn_wait(pair.xce, EVENT_COMES_MS), 1);
    expect_event(pair.xce, pair.listening);
    assert_int_equal(xenevtchn_close(pair.xce), 0);
}

TEST(reset_recovers_from_an_overflow)
{
    struct loopback pair = loopback_open();

    overflow_queue(&pair);
    assert_fails_with(xenevtchn_wait(pair.xce, EVENT_COMES_MS), -1, EFBIG);
    assert_fails_with(xenevtchn_pending(pair.xce), -1, EFBIG);
    assert_int_equal(xenevtchn_reset(pair.xce), 0);
    assert_int_equal(xenevtchn_unmask(pair.xce, pair.listening), 0);
    assert_int_equal(xenevtchn_notify(pair.xce, pair.calling), 0);
    expect_event(pair.xce, pair.listening);
    assert_int_equal(xenevtchn_close(pair.xce), 0);
}

static void ignore_alarm(int signal_number)
{
    (void)signal_number;
}

static void *notify_after_signals(void *pair)
{
    struct loopback *loopback = pair;

    usleep(400000);
    xenevtchn_notify(loopback->xce, loopback->calling);
    return NULL;
}

TEST(a_signal_does_not_end_pending)
{
    const struct sigaction action = {.sa_handler = ignore_alarm};
    const struct itimerval often = {.it_interval = {.tv_usec = 50000},
                                    .it_value = {.tv_usec = 50000}};
    const struct itimerval never = {.it_value = {0, 0}};
    struct loopback pair = loopback_open();
    pthread_t thread;
    sigset_t alarms;

    sigemptyset(&alarms);
    sigaddset(&alarms, SIGALRM);
    assert_int_equal(pthread_sigmask(SIG_BLOCK, &alarms, NULL), 0);
    assert_int_equal(pthread_create(&thread, NULL, notify_after_signals, &pair), 0);
    assert_int_equal(pthread_sigmask(SIG_UNBLOCK, &alarms, NULL), 0);
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
    assert_int_equal(xenevtchn_pending(pair.xce), pair.listening);
    assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(xenevtchn_close(pair.xce), 0);
}

TEST(static_channels_are_not_supported_by_this_kernel)
{
    struct loopback pair = loopback_open();

    assert_fails_with(xenevtchn_bind_static(pair.xce, pair.listening), -1, ENOTSUP);
    assert_int_equal(xenevtchn_close(pair.xce), 0);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(all_queued_events_are_taken_and_unmasked_at_once),
    cmocka_unit_test(a_nonblocking_handle_does_not_wait),
    cmocka_unit_test(a_wait_ends_with_an_event_or_with_its_time),
    cmocka_unit_test(reset_recovers_from_an_overflow),
    cmocka_unit_test(a_signal_does_not_end_pending),
    cmocka_unit_test(static_channels_are_not_supported_by_this_kernel),
};

CONFORMANCE_MAIN(tests)
