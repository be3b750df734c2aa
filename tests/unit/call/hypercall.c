/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xencall0 to xencall5 and xencall2L: one ioctl each, and nothing said. */
#include "harness.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "fakexen.h"
#include "recorded_log.h"
#include "uapi_privcmd.h"
#include "xencall.h"

static struct uapi_privcmd_hypercall last;
static int answer, answer_errno;
static struct recorded_log record = RECORDED_LOG;

static int make(int fd, void *argument, void *user)
{
    (void)fd;
    (void)user;
    memcpy(&last, argument, sizeof(last));
    if (answer_errno)
        errno = answer_errno;
    return answer_errno ? -1 : answer;
}

static xencall_handle *open_handle(void)
{
    xencall_handle *xcall;

    fakexen_add_device("/dev/xen/privcmd");
    fakexen_on_ioctl(UAPI_PRIVCMD_HYPERCALL, make, NULL);
    xcall = xencall_open(&record.logger, 0);
    assert_non_null(xcall);
    return xcall;
}

static void assert_made(uint64_t op, unsigned arguments)
{
    assert_int_equal(last.op, op);
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(last.arg[i], i < arguments ? UINT64_MAX - i : 0);
    memset(&last, 0xee, sizeof(last));
}

static int answer_eleven(void *data, unsigned int op, uint64_t arg1, int *result)
{
    assert_int_equal(arg1, 5);
    *result = -1;
    errno = *(int *)data;
    return op == 11;
}

TEST(requests_of_one_argument_can_be_interpreted)
{
    int wanted_errno = EDOM;
    xencall_handle *xcall = open_handle();

    xencall_interpret(xcall, answer_eleven, &wanted_errno);
    memset(&last, 0xee, sizeof(last));
    assert_fails_with(xencall1(xcall, 11, 5), -1, EDOM);
    assert_int_equal(last.op, 0xeeeeeeeeeeeeeeee);
    assert_int_equal(xencall1(xcall, 12, 5), 0);
    assert_int_equal(last.op, 12);
    assert_int_equal(xencall2(xcall, 11, 5, 0), 0);
    assert_int_equal(last.op, 11);
    xencall_interpret(xcall, NULL, NULL);
    assert_int_equal(xencall1(xcall, 11, 5), 0);
    xencall_close(xcall);
}

TEST(arguments_arrive_whole_and_unused_ones_are_zero)
{
    const uint64_t a = UINT64_MAX;
    xencall_handle *xcall = open_handle();

    assert_int_equal(xencall0(xcall, 10), 0);
    assert_made(10, 0);
    assert_int_equal(xencall1(xcall, 11, a), 0);
    assert_made(11, 1);
    assert_int_equal(xencall2(xcall, 12, a, a - 1), 0);
    assert_made(12, 2);
    assert_int_equal(xencall2L(xcall, 12, a, a - 1), 0);
    assert_made(12, 2);
    assert_int_equal(xencall3(xcall, 13, a, a - 1, a - 2), 0);
    assert_made(13, 3);
    assert_int_equal(xencall4(xcall, 14, a, a - 1, a - 2, a - 3), 0);
    assert_made(14, 4);
    assert_int_equal(xencall5(xcall, UINT_MAX, a, a - 1, a - 2, a - 3, a - 4), 0);
    assert_made(UINT_MAX, 5);
    xencall_close(xcall);
}

TEST(a_hypercall_costs_one_ioctl)
{
    xencall_handle *xcall = open_handle();
    unsigned before = fakexen_count_all();

    xencall5(xcall, 1, 0, 0, 0, 0, 0);
    assert_int_equal(fakexen_count_all() - before, 1);
    assert_int_equal(fakexen_count_ioctl(UAPI_PRIVCMD_HYPERCALL), 1);
    xencall_close(xcall);
}

TEST(results_come_back_and_success_keeps_errno)
{
    xencall_handle *xcall = open_handle();

    answer = INT_MAX;
    errno = EXDEV;
    assert_int_equal(xencall0(xcall, 1), INT_MAX);
    assert_int_equal(xencall2L(xcall, 1, 0, 0), INT_MAX);
    answer = INT_MIN;
    assert_true(xencall2L(xcall, 1, 0, 0) == (long)INT_MIN);
    assert_int_equal(errno, EXDEV);
    xencall_close(xcall);
}

TEST(errors_come_back_untouched_unrepeated_and_unlogged)
{
    static const int errnos[] = {EPERM, EINVAL, EFAULT, ENOSYS, EINTR, EAGAIN, ESRCH, EBUSY};
    xencall_handle *xcall = open_handle();
    const unsigned count = sizeof(errnos) / sizeof(errnos[0]);

    for (size_t i = 0; i < count; i++) {
        answer_errno = errnos[i];
        assert_fails_with(xencall0(xcall, 1), -1, errnos[i]);
        assert_fails_with(xencall1(xcall, 1, 0), -1, errnos[i]);
        assert_fails_with(xencall2(xcall, 1, 0, 0), -1, errnos[i]);
        assert_fails_with(xencall2L(xcall, 1, 0, 0), -1, errnos[i]);
        assert_fails_with(xencall3(xcall, 1, 0, 0, 0), -1, errnos[i]);
        assert_fails_with(xencall4(xcall, 1, 0, 0, 0, 0), -1, errnos[i]);
        assert_fails_with(xencall5(xcall, 1, 0, 0, 0, 0, 0), -1, errnos[i]);
    }
    assert_int_equal(fakexen_count_ioctl(UAPI_PRIVCMD_HYPERCALL), 7 * count);
    assert_int_equal(record.messages, 0);
    xencall_close(xcall);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(arguments_arrive_whole_and_unused_ones_are_zero),
        cmocka_unit_test(requests_of_one_argument_can_be_interpreted),
        cmocka_unit_test(a_hypercall_costs_one_ioctl),
        cmocka_unit_test(results_come_back_and_success_keeps_errno),
        cmocka_unit_test(errors_come_back_untouched_unrepeated_and_unlogged),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
