/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A handle over a descriptor that is the caller's. */
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "device.h"
#include "fakexen.h"
#include "uapi_privcmd.h"
#include "xencall.h"
#include "xentoolcore.h"

static int used_fd = -1;

static int note_descriptor(int fd, void *argument, void *user)
{
    (void)argument;
    (void)user;
    used_fd = fd;
    return 7;
}

/* The test's own privcmd. */
static int open_privcmd(void)
{
    fakexen_add_device(XENLIBS_DEVICE_PRIVCMD);
    fakexen_add_device(XENLIBS_DEVICE_HYPERCALL);
    fakexen_on_ioctl(UAPI_PRIVCMD_HYPERCALL, note_descriptor, NULL);
    int fd = open(XENLIBS_DEVICE_PRIVCMD, O_RDWR | O_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

TEST(hypercalls_go_over_the_callers_descriptor_which_stays_open)
{
    int fd = open_privcmd();

    errno = EXDEV;
    xencall_handle *xcall = xencall_open_on(NULL, 0, fd);
    assert_non_null(xcall);
    assert_int_equal(errno, EXDEV);
    assert_int_equal(fakexen_count_opens(XENLIBS_DEVICE_PRIVCMD), 1);
    assert_int_equal(fakexen_count_opens(XENLIBS_DEVICE_HYPERCALL), 1);
    assert_int_equal(xencall_fd(xcall), fd);
    assert_int_equal(xencall0(xcall, 17), 7);
    assert_int_equal(used_fd, fd);
    assert_int_equal(xencall_close(xcall), 0);
    assert_int_equal(fakexen_open_fds(), 1);
    assert_int_equal(close(fd), 0);
}

TEST(buffers_come_from_locked_memory_where_there_is_no_device_for_them)
{
    int fd = open_privcmd();

    fakexen_fail_open(XENLIBS_DEVICE_HYPERCALL, ENOENT);
    xencall_handle *xcall = xencall_open_on(NULL, 0, fd);
    assert_non_null(xcall);
    assert_int_equal(xencall_buffers_never_fault(xcall), 0);
    xencall_close(xcall);
    close(fd);
}

/* Its owner confines it; the memory for buffers is this handle's. */
TEST(restrict_all_leaves_the_descriptor_to_its_owner)
{
    int fd = open_privcmd();
    xencall_handle *xcall = xencall_open_on(NULL, 0, fd);

    assert_int_equal(xentoolcore_restrict_all(5), 0);
    assert_int_equal(xencall0(xcall, 17), 7);
    assert_fails_with(xencall_alloc_buffer_pages(xcall, 1), NULL, EACCES);
    xencall_close(xcall);
    assert_int_equal(xentoolcore_restrict_all(5), 0);
    close(fd);
}

TEST(no_descriptor_is_EBADF_and_opens_nothing)
{
    assert_fails_with(xencall_open_on(NULL, 0, -1), NULL, EBADF);
    assert_int_equal(fakexen_count_all(), 0);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(hypercalls_go_over_the_callers_descriptor_which_stays_open),
        cmocka_unit_test(buffers_come_from_locked_memory_where_there_is_no_device_for_them),
        cmocka_unit_test(restrict_all_leaves_the_descriptor_to_its_owner),
        cmocka_unit_test(no_descriptor_is_EBADF_and_opens_nothing),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
