/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What needs no connection: paths, permissions as text, and writing all of a buffer. */
#include "fake_store.h"

#include <fcntl.h>

TEST(the_socket_is_where_the_environment_says)
{
    unsetenv("XENSTORED_PATH");
    unsetenv("XENSTORED_RUNDIR");
    assert_string_equal(xs_daemon_rundir(), "/var/run/xenstored");
    assert_string_equal(xs_daemon_socket(), "/var/run/xenstored/socket");
    assert_string_equal(xs_daemon_socket_ro(), "/var/run/xenstored/socket");
    setenv("XENSTORED_RUNDIR", "/x", 1);
    assert_string_equal(xs_daemon_rundir(), "/x");
    assert_string_equal(xs_daemon_socket(), "/x/socket");
    setenv("XENSTORED_PATH", "/y", 1);
    assert_string_equal(xs_daemon_socket(), "/y");
    assert_string_equal(xs_daemon_socket_ro(), "/y");
}

TEST(paths_are_compared_by_their_parts)
{
    assert_true(xs_path_is_subpath("/a", "/a"));
    assert_true(xs_path_is_subpath("/a", "/a/b"));
    assert_false(xs_path_is_subpath("/a", "/ab"));
    assert_false(xs_path_is_subpath("/a/b", "/a"));
    assert_false(xs_path_is_subpath("a", "/a"));
    assert_false(xs_path_is_subpath("/", "/a"));
}

TEST(permissions_are_read_from_strings)
{
    static const char strings[] = "n0\0r5\0w6\0b4294967295";
    struct xs_permissions perms[4];

    assert_true(xs_strings_to_perms(perms, 4, strings));
    for (unsigned int i = 0; i < 4; i++)
        assert_int_equal(perms[i].perms, i);
    assert_int_equal(perms[1].id, 5);
    assert_int_equal(perms[3].id, 4294967295U);
}

TEST(a_malformed_permission_is_EINVAL)
{
    struct xs_permissions perms[1];

    assert_fails_with(xs_strings_to_perms(perms, 1, "x5"), false, EINVAL);
    assert_fails_with(xs_strings_to_perms(perms, 1, ""), false, EINVAL);
    assert_fails_with(xs_strings_to_perms(perms, 1, "r"), false, EINVAL);
    assert_fails_with(xs_strings_to_perms(perms, 1, "r5x"), false, EINVAL);
}

TEST(permissions_of_no_domain_are_malformed)
{
    struct xs_permissions perms[1];

    assert_fails_with(xs_strings_to_perms(perms, 1, "r-5"), false, EINVAL);
    assert_fails_with(xs_strings_to_perms(perms, 1, "r 5"), false, EINVAL);
    assert_fails_with(xs_strings_to_perms(perms, 1, "r4294967296"), false, EINVAL);
}

TEST(all_is_written_or_errno_says_why_not)
{
    static char data[300000];
    int ends[2], full = open("/dev/full", O_WRONLY | O_CLOEXEC);

    assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    assert_true(xs_write_all(ends[1], "abc", 3));
    assert_int_equal(read(ends[0], data, sizeof(data)), 3);
    assert_true(xs_write_all(ends[1], "", 0));
    assert_fails_with(xs_write_all(ends[1], data, sizeof(data)), false, EAGAIN);
    assert_fails_with(xs_write_all(full, "a", 1), false, ENOSPC);
    assert_fails_with(xs_write_all(-1, "a", 1), false, EBADF);
    close(full);
    close(ends[0]);
    close(ends[1]);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_socket_is_where_the_environment_says),
        cmocka_unit_test(paths_are_compared_by_their_parts),
        cmocka_unit_test(permissions_are_read_from_strings),
        cmocka_unit_test(a_malformed_permission_is_EINVAL),
        cmocka_unit_test(permissions_of_no_domain_are_malformed),
        cmocka_unit_test(all_is_written_or_errno_says_why_not),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
