/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xenevtchn_wait: an event, a timeout, signals, trouble. */
#include "evtchn_tests.h"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

static int polls, poll_errno, poll_failures;
static short poll_says; /* instead of what the kernel would say */

/* Takes libc's place, for the library too. */
int poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
    polls++;
    if (poll_failures > 0) {
        poll_failures--;
        errno = poll_errno;
        return -1;
    }
    if (poll_says) {
        fds[0].revents = poll_says;
        return 1;
    }
    return (int)syscall(SYS_poll, fds, count, timeout_ms);
}

static long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

TEST(an_event_that_is_there_is_seen_and_not_taken)
{
    xenevtchn_handle *xce = open_evtchn();

    fire_one(4);
    assert_int_equal(xenevtchn_wait(xce, 0), 1);
    assert_int_equal(xenevtchn_wait(xce, 60000), 1);
    assert_int_equal(xenevtchn_wait(xce, -1), 1);
    assert_int_equal(fakexen_count(FAKEXEN_READ), 0);
    assert_int_equal(xenevtchn_pending(xce), 4);
    assert_int_equal(xenevtchn_wait(xce, 0), 0);
    xenevtchn_close(xce);
}

TEST(zero_only_looks)
{
    xenevtchn_handle *xce = open_evtchn();

    assert_int_equal(xenevtchn_wait(xce, 0), 0);
    assert_int_equal(polls, 1);
    xenevtchn_close(xce);
}

TEST(the_time_is_waited_out)
{
    xenevtchn_handle *xce = open_evtchn();
    long start = now_ms();

    assert_int_equal(xenevtchn_wait(xce, 60), 0);
    assert_true(now_ms() - start >= 59);
    xenevtchn_close(xce);
}

static volatile sig_atomic_t signals;

static void note_signal(int signal)
{
    (void)signal;
    signals = signals + 1;
}

/* A wait that began anew at each signal would never end here. */
TEST(signals_neither_end_nor_prolong_the_wait)
{
    static const struct itimerval often = {{0, 20000}, {0, 20000}};
    static const struct itimerval never;
    struct sigaction action = {.sa_handler = note_signal};
    xenevtchn_handle *xce = open_evtchn();
    long start;

    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    start = now_ms();
    assert_int_equal(xenevtchn_wait(xce, 200), 0);
    setitimer(ITIMER_REAL, &never, NULL);
    assert_true(now_ms() - start >= 199);
    assert_true(signals > 0);
    assert_true(polls > 1);
    xenevtchn_close(xce);
}

TEST(an_interrupted_wait_sees_the_event)
{
    xenevtchn_handle *xce = open_evtchn();

    fire_one(4);
    poll_failures = 3;
    poll_errno = EINTR;
    assert_int_equal(xenevtchn_wait(xce, -1), 1);
    assert_int_equal(polls, 4);
    xenevtchn_close(xce);
}

TEST(trouble_with_the_device_has_its_errno)
{
    static const struct {
        short says;
        int errnoval;
    } troubles[] = {{POLLERR, EFBIG}, {POLLHUP, EIO}, {POLLNVAL, EBADF}};
    xenevtchn_handle *xce = open_evtchn();

    for (size_t i = 0; i < COUNT_OF(troubles); i++) {
        poll_says = troubles[i].says;
        assert_fails_with(xenevtchn_wait(xce, 1000), -1, troubles[i].errnoval);
    }
    xenevtchn_close(xce);
}

TEST(a_failed_poll_passes_on_its_errno)
{
    xenevtchn_handle *xce = open_evtchn();

    poll_failures = 1;
    poll_errno = ENOMEM;
    assert_fails_with(xenevtchn_wait(xce, 1000), -1, ENOMEM);
    xenevtchn_close(xce);
}

/* poll(2) passes over a negative descriptor, and would sleep for ever. */
TEST(a_handle_without_a_descriptor_does_not_sleep)
{
    xenevtchn_handle *xce = xenevtchn_fdopen(NULL, -1, 0);

    assert_fails_with(xenevtchn_wait(xce, -1), -1, EBADF);
    xenevtchn_close(xce);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_that_is_there_is_seen_and_not_taken),
        cmocka_unit_test(zero_only_looks),
        cmocka_unit_test(the_time_is_waited_out),
        cmocka_unit_test(signals_neither_end_nor_prolong_the_wait),
        cmocka_unit_test(an_interrupted_wait_sees_the_event),
        cmocka_unit_test(trouble_with_the_device_has_its_errno),
        cmocka_unit_test(a_failed_poll_passes_on_its_errno),
        cmocka_unit_test(a_handle_without_a_descriptor_does_not_sleep),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
