/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Taking one event, unmasking one port. */
#include "evtchn_tests.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/time.h>

TEST(events_are_taken_in_order)
{
    static const evtchn_port_t ports[] = {7, 3, 131071};
    xenevtchn_handle *xce = open_evtchn();

    fire(ports, COUNT_OF(ports));
    for (size_t i = 0; i < COUNT_OF(ports); i++)
        assert_int_equal(xenevtchn_pending(xce), ports[i]);
    assert_int_equal(fakexen_count(FAKEXEN_READ), COUNT_OF(ports));
    xenevtchn_close(xce);
}

TEST(unmasking_hands_the_port_to_the_kernel)
{
    xenevtchn_handle *xce = open_evtchn();
    evtchn_port_t ports[2];

    assert_int_equal(xenevtchn_unmask(xce, 131071), 0);
    assert_int_equal(fakexen_count(FAKEXEN_WRITE), 1);
    assert_int_equal(take_unmasked(ports, 2), 1);
    assert_int_equal(ports[0], 131071);
    xenevtchn_close(xce);
}

/* Upstream returns -1 with EINTR for each of these. */
TEST(interrupted_reads_and_writes_are_repeated)
{
    xenevtchn_handle *xce = open_evtchn();

    fire_one(5);
    fakexen_fail_next(FAKEXEN_READ, EINTR, 3, 0);
    assert_int_equal(xenevtchn_pending(xce), 5);
    fakexen_fail_next(FAKEXEN_WRITE, EINTR, 3, 0);
    assert_int_equal(xenevtchn_unmask(xce, 5), 0);
    xenevtchn_close(xce);
}

static void fire_from_signal(int signal)
{
    static const evtchn_port_t port = 77;
    static int signals;
    ssize_t size;

    (void)signal;
    if (++signals == 3) {
        size = write(fakexen_evtchn_peer(), &port, sizeof(port));
        (void)size;
    }
}

/* The same with a real signal, whose handler does not restart system calls. */
TEST(a_signal_does_not_end_the_wait_for_an_event)
{
    static const struct itimerval often = {{0, 10000}, {0, 10000}};
    static const struct itimerval never;
    struct sigaction action = {.sa_handler = fire_from_signal};
    xenevtchn_handle *xce = open_evtchn();

    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    assert_int_equal(xenevtchn_pending(xce), 77);
    setitimer(ITIMER_REAL, &never, NULL);
    xenevtchn_close(xce);
}

/* Upstream returns -1 and leaves errno as it was, here 0. */
TEST(half_a_port_is_eio)
{
    xenevtchn_handle *xce = open_evtchn();

    assert_int_equal(write(fakexen_evtchn_peer(), "ab", 2), 2);
    assert_fails_with(xenevtchn_pending(xce), -1, EIO);
    xenevtchn_close(xce);
}

TEST(the_end_of_the_file_is_eio)
{
    xenevtchn_handle *xce = xenevtchn_fdopen(NULL, open("/dev/null", O_RDWR | O_CLOEXEC), 0);

    assert_fails_with(xenevtchn_pending(xce), -1, EIO);
    xenevtchn_close(xce);
}

/* Cast to the result it would be negative: an error without an errno. */
TEST(a_port_beyond_31_bits_is_eio)
{
    xenevtchn_handle *xce = open_evtchn();

    fire_one(0x80000001);
    assert_fails_with(xenevtchn_pending(xce), -1, EIO);
    xenevtchn_close(xce);
}

TEST(an_overflow_of_the_queue_is_passed_on)
{
    xenevtchn_handle *xce = open_evtchn();

    fakexen_fail_next(FAKEXEN_READ, EFBIG, 1, 0);
    assert_fails_with(xenevtchn_pending(xce), -1, EFBIG);
    xenevtchn_close(xce);
}

TEST(a_failed_unmask_passes_on_its_errno)
{
    xenevtchn_handle *xce = open_evtchn();

    fakexen_fail_next(FAKEXEN_WRITE, ENOMEM, 1, 0);
    assert_fails_with(xenevtchn_unmask(xce, 5), -1, ENOMEM);
    xenevtchn_close(xce);
}

TEST(a_descriptor_made_non_blocking_gives_eagain)
{
    xenevtchn_handle *xce = open_evtchn();

    fcntl(xenevtchn_fd(xce), F_SETFL, O_NONBLOCK);
    assert_fails_with(xenevtchn_pending(xce), -1, EAGAIN);
    fire_one(5);
    assert_int_equal(xenevtchn_pending(xce), 5);
    xenevtchn_close(xce);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_are_taken_in_order),
        cmocka_unit_test(unmasking_hands_the_port_to_the_kernel),
        cmocka_unit_test(interrupted_reads_and_writes_are_repeated),
        cmocka_unit_test(a_signal_does_not_end_the_wait_for_an_event),
        cmocka_unit_test(half_a_port_is_eio),
        cmocka_unit_test(the_end_of_the_file_is_eio),
        cmocka_unit_test(a_port_beyond_31_bits_is_eio),
        cmocka_unit_test(an_overflow_of_the_queue_is_passed_on),
        cmocka_unit_test(a_failed_unmask_passes_on_its_errno),
        cmocka_unit_test(a_descriptor_made_non_blocking_gives_eagain),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
