/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opening, restricting and closing a handle. */
#include "fake_hypervisor.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "recorded_log.h"
#include "xentoolcore.h"

static struct recorded_log record = RECORDED_LOG;

TEST(open_asks_xen_nothing_and_keeps_errno)
{
    xenmanage_handle *hdl;

    fake_start(17);
    errno = 77;
    hdl = xenmanage_open(&record.logger, 0);
    assert_non_null(hdl);
    assert_int_equal(fakexen_count(FAKEXEN_IOCTL), 0);
    assert_int_equal(xenmanage_close(hdl), 0);
    assert_int_equal(errno, 77);
    assert_int_equal(fakexen_open_fds(), 0);
    assert_int_equal(record.errors, 0);
    assert_int_equal(record.destroyed, 0);
}

TEST(closing_nothing_is_a_success)
{
    assert_int_equal(xenmanage_close(NULL), 0);
}

TEST(any_flag_is_EINVAL_before_a_device_is_opened)
{
    fake_start(17);
    assert_fails_with(xenmanage_open(NULL, 1), NULL, EINVAL);
    assert_fails_with(xenmanage_open(NULL, 1U << 31), NULL, EINVAL);
    assert_int_equal(fakexen_count(FAKEXEN_OPEN), 0);
}

TEST(a_device_that_cannot_be_opened_is_logged)
{
    static const int errnos[] = {ENOENT, EACCES, EPERM, EMFILE, ENFILE};

    fake_start(17);
    for (size_t i = 0; i < COUNT_OF(errnos); i++) {
        fakexen_fail_open(PRIVCMD, errnos[i]);
        assert_fails_with(xenmanage_open(&record.logger, 0), NULL, errnos[i]);
        assert_true(record.errors > i);
    }
    assert_int_equal(xentoolcore_restrict_all(1), 0); /* no handle stayed registered */
}

TEST(no_memory_for_a_buffer_fails_open)
{
    fake_start(17);
    fakexen_fail_next(FAKEXEN_MMAP, EAGAIN, 2, 0);
    assert_fails_with(xenmanage_open(&record.logger, 0), NULL, EAGAIN);
    assert_int_equal(fakexen_open_fds(), 0);
}

TEST(descriptors_are_close_on_exec)
{
    xenmanage_handle *hdl = fake_open(17);

    for (int fd = 3; fd < 64; fd++) {
        int flags = fcntl(fd, F_GETFD);
        char path[64], target[256] = "";

        snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
        if (flags >= 0 && readlink(path, target, sizeof(target) - 1) > 0 &&
            strstr(target, "fakexen"))
            assert_int_equal(flags, FD_CLOEXEC);
    }
    xenmanage_close(hdl);
}

static void everything_is_EPERM(xenmanage_handle *hdl)
{
    unsigned value;

    assert_fails_with(xenmanage_get_domain_info(hdl, 0, &value, NULL, NULL), -1, EPERM);
    assert_fails_with(xenmanage_poll_changed_domain(hdl, &value, NULL, NULL, NULL), -1, EPERM);
}

TEST(a_restricted_handle_says_EPERM)
{
    xenmanage_handle *hdl = fake_open(17);
    unsigned domain_state;

    assert_int_equal(xenmanage_get_domain_info(hdl, 0, &domain_state, NULL, NULL), 0);
    assert_int_equal(xentoolcore_restrict_all(1), 0);
    everything_is_EPERM(hdl);
    xenmanage_close(hdl);
}

TEST(a_handle_restricted_before_its_first_question_says_EPERM)
{
    xenmanage_handle *hdl = fake_open(21);

    assert_int_equal(xentoolcore_restrict_all(1), 0);
    everything_is_EPERM(hdl);
    xenmanage_close(hdl);
}

TEST(a_child_may_close_and_the_parent_goes_on)
{
    xenmanage_handle *hdl = fake_open(17);
    unsigned domain_state;
    int status;
    pid_t child;

    expect_change(hdl, 0, EXIST);
    child = fork();
    if (child == 0)
        _exit(xenmanage_close(hdl));
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(xenmanage_get_domain_info(hdl, 0, &domain_state, NULL, NULL), 0);
    xenmanage_close(hdl);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_asks_xen_nothing_and_keeps_errno),
        cmocka_unit_test(closing_nothing_is_a_success),
        cmocka_unit_test(any_flag_is_EINVAL_before_a_device_is_opened),
        cmocka_unit_test(a_device_that_cannot_be_opened_is_logged),
        cmocka_unit_test(no_memory_for_a_buffer_fails_open),
        cmocka_unit_test(descriptors_are_close_on_exec),
        cmocka_unit_test(a_restricted_handle_says_EPERM),
        cmocka_unit_test(a_handle_restricted_before_its_first_question_says_EPERM),
        cmocka_unit_test(a_child_may_close_and_the_parent_goes_on),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
