/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opening and closing: flags, ownership, fork and exec, failures. */
#include "evtchn_tests.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>

static bool fd_is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0;
}

/* Upstream asks whether stderr is a terminal as well when it is given no logger. */
TEST(opening_costs_one_system_call)
{
    xenevtchn_handle *xce = open_evtchn();

    assert_int_equal(fakexen_count(FAKEXEN_OPEN), 1);
    assert_int_equal(fakexen_count_all(), 1);
    assert_int_equal(xenevtchn_close(xce), 0);
    assert_int_equal(fakexen_count_all(), 2);
    assert_int_equal(fakexen_open_fds(), 0);
}

TEST(opening_keeps_errno)
{
    xenevtchn_handle *xce;

    errno = EXDEV;
    xce = open_evtchn();
    assert_int_equal(errno, EXDEV);
    assert_int_equal(xenevtchn_close(xce), 0);
    assert_int_equal(errno, EXDEV);
}

TEST(unknown_flags_are_refused_before_the_device_is_opened)
{
    fakexen_add_device(XENLIBS_DEVICE_EVTCHN);
    for (int bit = 1; bit < 31; bit++)
        assert_fails_with(xenevtchn_open(NULL, 1u << bit), NULL, EINVAL);
    assert_int_equal(fakexen_count_all(), 0);
}

TEST(a_failed_open_passes_on_its_errno_and_leaves_nothing)
{
    static const int errnos[] = {ENOENT, ENXIO, ENODEV, EACCES, EPERM, EMFILE, ENFILE};

    for (size_t i = 0; i < COUNT_OF(errnos); i++) {
        fakexen_fail_open(XENLIBS_DEVICE_EVTCHN, errnos[i]);
        assert_fails_with(xenevtchn_open(NULL, 0), NULL, errnos[i]);
    }
    assert_int_equal(fakexen_open_fds(), 0);
}

/* Upstream gives up. */
TEST(an_interrupted_open_is_repeated)
{
    xenevtchn_handle *xce;

    fakexen_fail_next(FAKEXEN_OPEN, EINTR, 3, 0);
    xce = open_evtchn();
    assert_int_equal(fakexen_count(FAKEXEN_OPEN), 4);
    xenevtchn_close(xce);
}

TEST(closing_nothing_succeeds)
{
    assert_int_equal(xenevtchn_close(NULL), 0);
}

TEST(closing_returns_what_close_says)
{
    xenevtchn_handle *xce = open_evtchn();

    fakexen_fail_next(FAKEXEN_CLOSE, EIO, 1, 0);
    assert_fails_with(xenevtchn_close(xce), -1, EIO);
    assert_int_equal(fakexen_open_fds(), 0);
}

TEST(fdopen_takes_the_descriptor)
{
    xenevtchn_handle *xce;
    int fd;

    fakexen_add_device(XENLIBS_DEVICE_EVTCHN);
    fd = open(XENLIBS_DEVICE_EVTCHN, O_RDWR | O_CLOEXEC);
    xce = xenevtchn_fdopen(NULL, fd, 0);
    assert_non_null(xce);
    assert_int_equal(xenevtchn_fd(xce), fd);
    assert_int_equal(fakexen_count_all(), 1);
    assert_int_equal(xenevtchn_close(xce), 0);
    assert_false(fd_is_open(fd));
}

TEST(fdopen_refuses_flags_and_leaves_the_descriptor_alone)
{
    int fd = open("/dev/null", O_RDONLY);

    for (int bit = 0; bit < 32; bit++)
        assert_fails_with(xenevtchn_fdopen(NULL, fd, 1u << bit), NULL, EINVAL);
    assert_true(fd_is_open(fd));
    close(fd);
}

/* As upstream: programs may wrap a descriptor that they do not have. */
TEST(fdopen_does_not_look_at_the_descriptor)
{
    xenevtchn_handle *xce = xenevtchn_fdopen(NULL, -1, 0);

    assert_non_null(xce);
    assert_int_equal(xenevtchn_fd(xce), -1);
    assert_fails_with(xenevtchn_notify(xce, 1), -1, EBADF);
    assert_fails_with(xenevtchn_pending(xce), -1, EBADF);
    assert_fails_with(xenevtchn_unmask(xce, 1), -1, EBADF);
    assert_int_equal(xenevtchn_close(xce), 0);
    xce = xenevtchn_fdopen(NULL, -2, 0);
    assert_fails_with(xenevtchn_close(xce), -1, EBADF);
}

static bool survives_exec(int fd)
{
    char check[64];
    pid_t child;
    int status;

    snprintf(check, sizeof(check), "test -e /proc/$$/fd/%d", fd);
    child = fork();
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", check, NULL);
        _exit(127);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 127);
    return WEXITSTATUS(status) == 0;
}

TEST(the_descriptor_is_closed_on_exec)
{
    xenevtchn_handle *xce = open_evtchn();

    assert_int_equal(fcntl(xenevtchn_fd(xce), F_GETFD), FD_CLOEXEC);
    assert_false(survives_exec(xenevtchn_fd(xce)));
    xenevtchn_close(xce);
}

TEST(no_cloexec_lets_the_descriptor_survive_exec)
{
    xenevtchn_handle *xce = open_evtchn_with(XENEVTCHN_NO_CLOEXEC);

    assert_int_equal(fakexen_count_all(), 1);
    assert_int_equal(fcntl(xenevtchn_fd(xce), F_GETFD), 0);
    assert_true(survives_exec(xenevtchn_fd(xce)));
    xenevtchn_close(xce);
}

TEST(the_descriptor_blocks_unless_told_otherwise)
{
    xenevtchn_handle *xce = open_evtchn();

    assert_int_equal(fcntl(xenevtchn_fd(xce), F_GETFL) & O_NONBLOCK, 0);
    xenevtchn_close(xce);
}

TEST(a_child_may_close_what_it_inherited)
{
    xenevtchn_handle *xce = open_evtchn();
    pid_t child = fork();
    int status;

    if (child == 0)
        _exit(xenevtchn_close(xce) == 0 ? 0 : 1);
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    fire_one(9);
    assert_int_equal(xenevtchn_pending(xce), 9);
    assert_int_equal(xenevtchn_close(xce), 0);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening_costs_one_system_call),
        cmocka_unit_test(opening_keeps_errno),
        cmocka_unit_test(unknown_flags_are_refused_before_the_device_is_opened),
        cmocka_unit_test(a_failed_open_passes_on_its_errno_and_leaves_nothing),
        cmocka_unit_test(an_interrupted_open_is_repeated),
        cmocka_unit_test(closing_nothing_succeeds),
        cmocka_unit_test(closing_returns_what_close_says),
        cmocka_unit_test(fdopen_takes_the_descriptor),
        cmocka_unit_test(fdopen_refuses_flags_and_leaves_the_descriptor_alone),
        cmocka_unit_test(fdopen_does_not_look_at_the_descriptor),
        cmocka_unit_test(the_descriptor_is_closed_on_exec),
        cmocka_unit_test(no_cloexec_lets_the_descriptor_survive_exec),
        cmocka_unit_test(the_descriptor_blocks_unless_told_otherwise),
        cmocka_unit_test(a_child_may_close_what_it_inherited),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
