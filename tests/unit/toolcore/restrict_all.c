/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xentoolcore_restrict_all: every handle is asked, whatever the others answer. */
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "xentoolcore.h"
#include "xentoolcore_internal.h"

enum { HANDLES = 3, OUR_DOMID = 7 };

struct fake_handle {
    Xentoolcore__Active_Handle ah;
    int answer; /* 0, or the errno to fail with */
    int asked;
    domid_t domid;
    int turn; /* when it was asked, from 1 */
};

static struct fake_handle handles[HANDLES];
static int turns;

static int answer_restrict(Xentoolcore__Active_Handle *ah, domid_t domid)
{
    struct fake_handle *handle = (struct fake_handle *)ah;

    handle->asked++;
    handle->domid = domid;
    handle->turn = ++turns;
    errno = handle->answer;
    return handle->answer ? -1 : 0;
}

static void register_all(void)
{
    for (int i = 0; i < HANDLES; i++) {
        handles[i].ah.restrict_callback = answer_restrict;
        xentoolcore__register_active_handle(&handles[i].ah);
    }
}

static void deregister_all(void)
{
    for (int i = 0; i < HANDLES; i++)
        xentoolcore__deregister_active_handle(&handles[i].ah);
}

TEST(no_handles_is_a_success)
{
    assert_int_equal(xentoolcore_restrict_all(OUR_DOMID), 0);
}

TEST(every_handle_is_asked_newest_first)
{
    register_all();
    assert_int_equal(xentoolcore_restrict_all(OUR_DOMID), 0);
    for (int i = 0; i < HANDLES; i++) {
        assert_int_equal(handles[i].asked, 1);
        assert_int_equal(handles[i].domid, OUR_DOMID);
        assert_int_equal(handles[i].turn, HANDLES - i);
    }
    deregister_all();
}

/* Upstream stops at the first failure and leaves the older handles open wide. */
TEST(a_failing_handle_does_not_spare_the_others)
{
    handles[2].answer = ENOTTY;
    handles[1].answer = EPERM;
    register_all();
    assert_fails_with(xentoolcore_restrict_all(OUR_DOMID), -1, ENOTTY);
    for (int i = 0; i < HANDLES; i++)
        assert_int_equal(handles[i].asked, 1);
    deregister_all();
}

/* Each time, for a handle may have been opened half-way through the last time. */
TEST(every_call_asks_every_handle)
{
    register_all();
    assert_int_equal(xentoolcore_restrict_all(OUR_DOMID), 0);
    assert_int_equal(xentoolcore_restrict_all(OUR_DOMID), 0);
    for (int i = 0; i < HANDLES; i++)
        assert_int_equal(handles[i].asked, 2);
    deregister_all();
}

TEST(a_handle_that_failed_is_asked_again)
{
    handles[1].answer = EAGAIN;
    register_all();
    assert_fails_with(xentoolcore_restrict_all(OUR_DOMID), -1, EAGAIN);
    handles[1].answer = 0;
    assert_int_equal(xentoolcore_restrict_all(OUR_DOMID), 0);
    assert_int_equal(handles[1].asked, 2);
    deregister_all();
}

TEST(success_keeps_errno)
{
    register_all();
    errno = EXDEV;
    assert_int_equal(xentoolcore_restrict_all(OUR_DOMID), 0);
    assert_int_equal(errno, EXDEV);
    deregister_all();
}

TEST(a_descriptor_becomes_dev_null)
{
    int fd = open("/dev/zero", O_RDWR | O_CLOEXEC);
    char byte = 1;

    assert_true(fd >= 0);
    assert_int_equal(xentoolcore__restrict_by_dup2_null(fd), 0);
    assert_int_equal(read(fd, &byte, 1), 0);
    assert_fails_with(write(fd, &byte, 1), -1, EBADF);
    close(fd);
}

/* Upstream's dup2 turns a close-on-exec descriptor into an inherited one. */
TEST(close_on_exec_survives_restriction)
{
    int private_fd = open("/dev/zero", O_RDWR | O_CLOEXEC);
    int inherited_fd = open("/dev/zero", O_RDWR);

    assert_int_equal(xentoolcore__restrict_by_dup2_null(private_fd), 0);
    assert_int_equal(xentoolcore__restrict_by_dup2_null(inherited_fd), 0);
    assert_int_equal(fcntl(private_fd, F_GETFD), FD_CLOEXEC);
    assert_int_equal(fcntl(inherited_fd, F_GETFD), 0);
    close(private_fd);
    close(inherited_fd);
}

TEST(a_negative_descriptor_is_no_descriptor)
{
    assert_int_equal(xentoolcore__restrict_by_dup2_null(-1), 0);
}

/* Upstream opens /dev/null under the number, whoever gets it next. */
TEST(a_closed_descriptor_is_refused_and_stays_closed)
{
    int fd = dup(STDOUT_FILENO);

    close(fd);
    assert_fails_with(xentoolcore__restrict_by_dup2_null(fd), -1, EBADF);
    assert_fails_with(fcntl(fd, F_GETFD), -1, EBADF);
}

TEST(no_descriptor_left_is_an_error)
{
    int fd, fds[1024], opened = 0;

    fd = open("/dev/zero", O_RDWR);
    while (opened < 1024 && (fds[opened] = dup(fd)) >= 0)
        opened++;
    if (opened < 1024)
        assert_fails_with(xentoolcore__restrict_by_dup2_null(fd), -1, EMFILE);
    while (opened)
        close(fds[--opened]);
    assert_int_equal(write(fd, "x", 1), 1);
    close(fd);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_handles_is_a_success),
        cmocka_unit_test(every_handle_is_asked_newest_first),
        cmocka_unit_test(a_failing_handle_does_not_spare_the_others),
        cmocka_unit_test(every_call_asks_every_handle),
        cmocka_unit_test(a_handle_that_failed_is_asked_again),
        cmocka_unit_test(success_keeps_errno),
        cmocka_unit_test(a_descriptor_becomes_dev_null),
        cmocka_unit_test(close_on_exec_survives_restriction),
        cmocka_unit_test(a_negative_descriptor_is_no_descriptor),
        cmocka_unit_test(a_closed_descriptor_is_refused_and_stays_closed),
        cmocka_unit_test(no_descriptor_left_is_an_error),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
