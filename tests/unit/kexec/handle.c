/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opening, restricting and closing a handle. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "counted_heap.h"
#include "fixture.h"
#include "xentoolcore.h"

#define PRIVCMD "/dev/xen/privcmd"

TEST(opening_asks_xen_nothing_and_keeps_errno)
{
    xenkexec_handle *hdl;

    become(17);
    errno = 77;
    hdl = xenkexec_open(NULL, 0);
    assert_non_null(hdl);
    assert_int_equal(errno, 77);
    assert_int_equal(fakexen_count(FAKEXEN_IOCTL), 0);
    assert_int_equal(xenkexec_close(hdl), 0);
    assert_int_equal(errno, 77);
    assert_int_equal(fakexen_open_fds(), 0);
}

TEST(closing_nothing_is_a_success)
{
    errno = 77;
    assert_int_equal(xenkexec_close(NULL), 0);
    assert_int_equal(errno, 77);
}

TEST(any_flag_is_EINVAL_before_a_device_is_opened)
{
    become(17);
    assert_fails_with(xenkexec_open(NULL, 1), NULL, EINVAL);
    assert_fails_with(xenkexec_open(NULL, 1U << 31), NULL, EINVAL);
    assert_int_equal(fakexen_count(FAKEXEN_OPEN), 0);
}

TEST(a_device_that_cannot_be_opened_is_told)
{
    static const int errnos[] = {ENOENT, EACCES, EPERM, EMFILE, ENFILE, ENXIO, ENODEV};

    become(17);
    for (size_t i = 0; i < COUNT_OF(errnos); i++) {
        fakexen_fail_open(PRIVCMD, errnos[i]);
        assert_fails_with(xenkexec_open(&logged.logger, 0), NULL, errnos[i]);
        assert_true(logged.errors > i);
    }
    assert_int_equal(fakexen_open_fds(), 0);
    assert_int_equal(xentoolcore_restrict_all(1), 0); /* no handle stayed registered */
}

TEST(no_memory_for_a_buffer_fails_open)
{
    become(17);
    fakexen_fail_next(FAKEXEN_MMAP, EAGAIN, 2, 0);
    assert_fails_with(xenkexec_open(NULL, 0), NULL, EAGAIN);
    assert_int_equal(fakexen_open_fds(), 0);
}

TEST(no_memory_for_the_handle_is_ENOMEM)
{
    xenkexec_handle *hdl = NULL;

#ifdef HEAP_IS_SANITIZED
    skip_because("the heap belongs to the sanitizer");
#endif
    become(17);
    for (unsigned had = 0; !hdl; had++) {
        failures_left = 1;
        failures_after = had;
        hdl = xenkexec_open(NULL, 0);
        int error = errno;
        failures_left = failures_after = 0;
        assert_true(hdl || error == ENOMEM);
        assert_true(had < 20);
    }
    stop(hdl);
}

TEST(descriptors_are_close_on_exec)
{
    xenkexec_handle *hdl = start(17);
    unsigned found = 0;

    for (int fd = 3; fd < 64; fd++) {
        int flags = fcntl(fd, F_GETFD);
        char path[64], target[256] = "";

        snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
        if (flags >= 0 && readlink(path, target, sizeof(target) - 1) > 0 &&
            strstr(target, "fakexen")) {
            assert_int_equal(flags, FD_CLOEXEC);
            found++;
        }
    }
    assert_int_equal(found, 2);
    stop(hdl);
}

static void everything_is_EPERM(xenkexec_handle *hdl)
{
    static const char byte;
    struct xenkexec_segment segment = {.buffer = &byte, .buffer_size = 1, .size = 4096};
    struct xenkexec_image image = {
        .size = sizeof(image), .machine = X86_64, .segments = &segment, .nr_segments = 1};
    uint64_t begin, size;

    assert_fails_with(xenkexec_load(hdl, &image), -1, EPERM);
    assert_fails_with(xenkexec_unload(hdl, XENKEXEC_TYPE_DEFAULT), -1, EPERM);
    assert_fails_with(xenkexec_status(hdl, XENKEXEC_TYPE_DEFAULT), -1, EPERM);
    assert_fails_with(xenkexec_exec(hdl, XENKEXEC_TYPE_DEFAULT), -1, EPERM);
    assert_fails_with(xenkexec_get_range(hdl, XENKEXEC_RANGE_XEN, 0, &begin, &size), -1, EPERM);
    assert_fails_with(xenkexec_get_memory_map(hdl, NULL, 0), -1, EPERM);
    assert_fails_with(xenkexec_nr_cpus(hdl), -1, EPERM);
    assert_int_equal(questions, 0);
}

TEST(a_restricted_handle_says_EPERM)
{
    xenkexec_handle *hdl = start(17);

    assert_int_equal(xentoolcore_restrict_all(1), 0);
    everything_is_EPERM(hdl);
    stop(hdl);
}

TEST(no_handle_is_EINVAL)
{
    struct xenkexec_image image = {.size = sizeof(image)};
    uint64_t begin, size;

    become(17);
    assert_fails_with(xenkexec_load(NULL, &image), -1, EINVAL);
    assert_fails_with(xenkexec_unload(NULL, XENKEXEC_TYPE_DEFAULT), -1, EINVAL);
    assert_fails_with(xenkexec_status(NULL, XENKEXEC_TYPE_DEFAULT), -1, EINVAL);
    assert_fails_with(xenkexec_exec(NULL, XENKEXEC_TYPE_DEFAULT), -1, EINVAL);
    assert_fails_with(xenkexec_get_range(NULL, XENKEXEC_RANGE_XEN, 0, &begin, &size), -1,
                      EINVAL);
    assert_fails_with(xenkexec_get_memory_map(NULL, NULL, 0), -1, EINVAL);
    assert_fails_with(xenkexec_nr_cpus(NULL), -1, EINVAL);
}

TEST(a_child_may_close_and_the_parent_goes_on)
{
    xenkexec_handle *hdl = start(17);
    int status;
    pid_t child = fork();

    if (child == 0)
        _exit(xenkexec_close(hdl));
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(xenkexec_status(hdl, XENKEXEC_TYPE_CRASH), 0);
    stop(hdl);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening_asks_xen_nothing_and_keeps_errno),
        cmocka_unit_test(closing_nothing_is_a_success),
        cmocka_unit_test(any_flag_is_EINVAL_before_a_device_is_opened),
        cmocka_unit_test(a_device_that_cannot_be_opened_is_told),
        cmocka_unit_test(no_memory_for_a_buffer_fails_open),
        cmocka_unit_test(no_memory_for_the_handle_is_ENOMEM),
        cmocka_unit_test(descriptors_are_close_on_exec),
        cmocka_unit_test(a_restricted_handle_says_EPERM),
        cmocka_unit_test(no_handle_is_EINVAL),
        cmocka_unit_test(a_child_may_close_and_the_parent_goes_on),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
