/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opening and closing, and what every function asks of its arguments. */
#include "fake_hypfs.h"

#include "recorded_log.h"
#include "xentoolcore.h"

static struct recorded_log record = RECORDED_LOG;

static xenhypfs_handle *open_logged(void)
{
    return xenhypfs_open(&record.logger, 0);
}

TEST(open_and_close_leave_nothing_and_keep_errno)
{
    xenhypfs_handle *fshdl;

    fake_start();
    errno = EXDEV;
    fshdl = open_logged();
    assert_non_null(fshdl);
    assert_int_equal(errno, EXDEV);
    assert_int_equal(fakexen_count_ioctl(UAPI_PRIVCMD_HYPERCALL), 1);
    assert_int_equal(xenhypfs_close(fshdl), 0);
    assert_int_equal(errno, EXDEV);
    assert_int_equal(fakexen_open_fds(), 0);
    assert_int_equal(record.errors, 0);
}

TEST(closing_nothing_succeeds)
{
    assert_int_equal(xenhypfs_close(NULL), 0);
}

TEST(flags_without_a_meaning_are_ignored)
{
    xenhypfs_handle *fshdl;

    fake_start();
    fshdl = xenhypfs_open(&record.logger, ~0u);
    assert_non_null(fshdl);
    xenhypfs_close(fshdl);
}

TEST(a_later_version_is_welcome)
{
    xenhypfs_handle *fshdl;

    fake_start();
    fake_version = XEN_HYPFS_VERSION + 1;
    fshdl = open_logged();
    assert_non_null(fshdl);
    xenhypfs_close(fshdl);
}

TEST(without_the_device_open_fails_with_its_errno)
{
    assert_fails_with(open_logged(), NULL, ENOENT);
    fake_start();
    fakexen_fail_open(PRIVCMD, EACCES);
    assert_fails_with(open_logged(), NULL, EACCES);
    assert_int_equal(record.errors, 2);
    assert_int_equal(fakexen_open_fds(), 0);
}

TEST(a_xen_without_the_filesystem_is_ENOSYS)
{
    fake_start();
    fake_version = -1;
    fake_version_errno = ENOSYS;
    assert_fails_with(open_logged(), NULL, ENOSYS);
    assert_int_equal(fakexen_open_fds(), 0);
}

TEST(a_refused_version_is_explained_to_the_logger)
{
    fake_start();
    fake_version = -1;
    fake_version_errno = EPERM;
    assert_fails_with(open_logged(), NULL, EPERM);
    assert_int_equal(record.errors, 1);
}

TEST(version_0_is_EPROTO)
{
    fake_start();
    fake_version = 0;
    assert_fails_with(open_logged(), NULL, EPROTO);
    assert_int_equal(fakexen_open_fds(), 0);
}

/* Upstream dereferences it: the process dies. */
TEST(defect_no_handle_ends_the_process)
{
    struct xenhypfs_dirent *dirent = NULL;
    unsigned int count = 7;

    assert_fails_with(xenhypfs_read_raw(NULL, "/", &dirent), NULL, EBADF);
    assert_fails_with(xenhypfs_read(NULL, "/"), NULL, EBADF);
    assert_fails_with(xenhypfs_readdir(NULL, "/", &count), NULL, EBADF);
    assert_fails_with(xenhypfs_write(NULL, "/", "1"), -1, EBADF);
    assert_null(dirent);
    assert_int_equal(count, 7);
}

TEST(missing_arguments_are_EINVAL)
{
    xenhypfs_handle *fshdl = fake_open();
    unsigned int count;

    assert_fails_with(xenhypfs_read_raw(fshdl, NULL, NULL), NULL, EINVAL);
    assert_fails_with(xenhypfs_read(fshdl, NULL), NULL, EINVAL);
    assert_fails_with(xenhypfs_readdir(fshdl, NULL, &count), NULL, EINVAL);
    assert_fails_with(xenhypfs_readdir(fshdl, "/", NULL), NULL, EINVAL);
    assert_fails_with(xenhypfs_write(fshdl, NULL, "1"), -1, EINVAL);
    assert_fails_with(xenhypfs_write(fshdl, "/", NULL), -1, EINVAL);
    assert_int_equal(fake_reads + fake_writes, 0);
    xenhypfs_close(fshdl);
}

TEST(a_path_may_take_1024_bytes_and_no_more)
{
    xenhypfs_handle *fshdl = fake_open();
    char path[XEN_HYPFS_MAX_PATHLEN + 1];
    unsigned int count;

    memset(path, 'a', sizeof(path));
    path[0] = '/';
    path[XEN_HYPFS_MAX_PATHLEN] = '\0';
    assert_fails_with(xenhypfs_read_raw(fshdl, path, NULL), NULL, ENAMETOOLONG);
    assert_fails_with(xenhypfs_read(fshdl, path), NULL, ENAMETOOLONG);
    assert_fails_with(xenhypfs_readdir(fshdl, path, &count), NULL, ENAMETOOLONG);
    assert_fails_with(xenhypfs_write(fshdl, path, "1"), -1, ENAMETOOLONG);
    assert_int_equal(fake_reads + fake_writes, 0);
    path[XEN_HYPFS_MAX_PATHLEN - 1] = '\0';
    assert_fails_with(xenhypfs_read(fshdl, path), NULL, ENOENT);
    xenhypfs_close(fshdl);
}

TEST(paths_that_xen_does_not_take_are_its_EINVAL)
{
    xenhypfs_handle *fshdl = fake_open();

    assert_fails_with(xenhypfs_read(fshdl, ""), NULL, EINVAL);
    assert_fails_with(xenhypfs_read(fshdl, "buildinfo"), NULL, EINVAL);
    assert_fails_with(xenhypfs_write(fshdl, "", "1"), -1, EINVAL);
    xenhypfs_close(fshdl);
}

TEST(restrict_all_makes_a_handle_unusable)
{
    xenhypfs_handle *fshdl = fake_open();

    fake_add("/name", XEN_HYPFS_TYPE_STRING, "x", 2);
    free(xenhypfs_read(fshdl, "/name"));
    assert_int_equal(xentoolcore_restrict_all(1), 0);
    errno = 0;
    assert_null(xenhypfs_read(fshdl, "/name"));
    assert_true(errno == ENOTTY || errno == EACCES);
    xenhypfs_close(fshdl);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_and_close_leave_nothing_and_keep_errno),
        cmocka_unit_test(closing_nothing_succeeds),
        cmocka_unit_test(flags_without_a_meaning_are_ignored),
        cmocka_unit_test(a_later_version_is_welcome),
        cmocka_unit_test(without_the_device_open_fails_with_its_errno),
        cmocka_unit_test(a_xen_without_the_filesystem_is_ENOSYS),
        cmocka_unit_test(a_refused_version_is_explained_to_the_logger),
        cmocka_unit_test(version_0_is_EPROTO),
        cmocka_unit_test(defect_no_handle_ends_the_process),
        cmocka_unit_test(missing_arguments_are_EINVAL),
        cmocka_unit_test(a_path_may_take_1024_bytes_and_no_more),
        cmocka_unit_test(paths_that_xen_does_not_take_are_its_EINVAL),
        cmocka_unit_test(restrict_all_makes_a_handle_unusable),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
