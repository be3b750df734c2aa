/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opening, restricting and closing a handle. Only upstream's symbols are used. */
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fakexen.h"
#include "recorded_log.h"
#include "uapi_privcmd.h"
#include "xencall.h"
#include "xentoolcore.h"
#include "xentoollog.h"

#define PRIVCMD "/dev/xen/privcmd"
#define PRIVCMD_OLD "/proc/xen/privcmd"
#define HYPERCALL "/dev/xen/hypercall"

static struct recorded_log record = RECORDED_LOG;

static void add_devices(void)
{
    fakexen_add_device(PRIVCMD);
    fakexen_add_device(HYPERCALL);
}

TEST(open_opens_both_devices_close_on_exec)
{
    xencall_handle *xcall;

    add_devices();
    xcall = xencall_open(&record.logger, 0);
    assert_non_null(xcall);
    assert_int_equal(fakexen_count(FAKEXEN_OPEN), 2);
    assert_int_equal(fakexen_open_fds(), 2);
    assert_int_equal(fcntl(xencall_fd(xcall), F_GETFD), FD_CLOEXEC);
    assert_int_equal(fcntl(xencall_fd(xcall), F_GETFL) & O_ACCMODE, O_RDWR);
    assert_int_equal(xencall_buffers_never_fault(xcall), 1);
    assert_int_equal(xencall_close(xcall), 0);
    assert_int_equal(fakexen_open_fds(), 0);
    assert_int_equal(record.errors, 0);
    assert_int_equal(record.destroyed, 0);
}

TEST(unknown_flags_are_accepted)
{
    xencall_handle *xcall;

    add_devices();
    xcall = xencall_open(&record.logger, ~0U);
    assert_non_null(xcall);
    assert_int_equal(xencall_close(xcall), 0);
}

TEST(closing_nothing_is_a_success)
{
    assert_int_equal(xencall_close(NULL), 0);
}

TEST(close_is_a_success_whatever_the_kernel_says)
{
    xencall_handle *xcall;

    add_devices();
    xcall = xencall_open(&record.logger, 0);
    fakexen_fail_next(FAKEXEN_CLOSE, EIO, 2, 0);
    assert_int_equal(xencall_close(xcall), 0);
}

TEST(old_kernels_have_privcmd_in_proc)
{
    static const int errnos[] = {ENOENT, ENXIO, ENODEV};
    xencall_handle *xcall;

    fakexen_add_device(PRIVCMD_OLD);
    for (size_t i = 0; i < sizeof(errnos) / sizeof(errnos[0]); i++) {
        fakexen_fail_open(PRIVCMD, errnos[i]);
        xcall = xencall_open(&record.logger, 0);
        assert_non_null(xcall);
        xencall_close(xcall);
    }
}

TEST(a_failure_of_privcmd_fails_and_is_logged)
{
    static const int errnos[] = {ENOENT, ENXIO, ENODEV, EACCES, EPERM, EMFILE, ENFILE};
    unsigned count = sizeof(errnos) / sizeof(errnos[0]);

    add_devices();
    for (size_t i = 0; i < count; i++) {
        fakexen_fail_open(PRIVCMD, errnos[i]);
        assert_fails_with(xencall_open(&record.logger, 0), NULL, errnos[i]);
        assert_int_equal(record.errnoval, errnos[i]);
        assert_string_equal(record.context, "xencall");
    }
    assert_int_equal(record.errors, count);
    assert_int_equal(record.debugs, 0);
    assert_int_equal(fakexen_open_fds(), 0);
    assert_int_equal(xentoolcore_restrict_all(1), 0); /* no handle stayed registered */
}

TEST(without_the_hypercall_device_buffers_may_fault)
{
    xencall_handle *xcall;

    fakexen_add_device(PRIVCMD);
    xcall = xencall_open(&record.logger, 0);
    assert_non_null(xcall);
    assert_int_equal(xencall_buffers_never_fault(xcall), 0);
    xencall_close(xcall);
    assert_int_equal(record.errors, 0);
}

/* Upstream refuses to open for every errno but ENOENT, although privcmd works. */
TEST(defect_hypercall_device_eacces_makes_open_fail)
{
    static const int errnos[] = {ENOENT, EACCES, ENXIO, ENODEV, EPERM, EMFILE, EIO};
    xencall_handle *xcall;
    void *buffer;

    add_devices();
    for (size_t i = 0; i < sizeof(errnos) / sizeof(errnos[0]); i++) {
        fakexen_fail_open(HYPERCALL, errnos[i]);
        xcall = xencall_open(&record.logger, 0);
        assert_non_null(xcall);
        assert_int_equal(xencall_buffers_never_fault(xcall), 0);
        buffer = xencall_alloc_buffer_pages(xcall, 1);
        assert_non_null(buffer);
        xencall_free_buffer_pages(xcall, buffer, 1);
        xencall_close(xcall);
    }
    assert_int_equal(record.errors, 0);
}

static int answer_seven(int fd, void *argument, void *user)
{
    (void)fd;
    (void)argument;
    (void)user;
    return 7;
}

TEST(restrict_all_makes_the_handle_unusable)
{
    xencall_handle *xcall;

    add_devices();
    fakexen_on_ioctl(UAPI_PRIVCMD_HYPERCALL, answer_seven, NULL);
    xcall = xencall_open(&record.logger, 0);
    assert_int_equal(xencall0(xcall, 1), 7);
    assert_int_equal(xentoolcore_restrict_all(1), 0);
    assert_fails_with(xencall0(xcall, 1), -1, ENOTTY);
    assert_fails_with(xencall_alloc_buffer_pages(xcall, 1), NULL, EACCES);
    assert_int_equal(fakexen_open_fds(), 0);
    assert_int_equal(xencall_close(xcall), 0);
}

TEST(statistics_are_for_the_callers_logger)
{
    xencall_handle *xcall;

    add_devices();
    xcall = xencall_open(&record.logger, 0);
    xencall_free_buffer(xcall, xencall_alloc_buffer(xcall, 1));
    xencall_close(xcall);
    assert_true(record.debugs >= 1);
    assert_string_equal(record.debug_context, "xencall:buffer");
    xcall = xencall_open(NULL, 0);
    assert_non_null(xcall);
    xencall_close(xcall);
}

/* A child that closes must not lose what it has put where a buffer had been. */
static int close_in_the_child(xencall_handle *xcall, void *where_a_buffer_was)
{
    volatile char *own = mmap(where_a_buffer_was, 4096, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

    if (own != where_a_buffer_was)
        return 2; /* so it had been inherited */
    own[0] = 1;
    if (xencall_close(xcall))
        return 3;
    return own[0] == 1 ? 0 : 4;
}

/* Upstream unmaps it: the child dies of SIGSEGV. */
TEST(defect_a_child_that_closes_loses_memory_of_its_own)
{
    xencall_handle *xcall;
    int status;
    void *buffer;
    pid_t child;

    fakexen_add_device(PRIVCMD);
    xcall = xencall_open(&record.logger, 0);
    buffer = xencall_alloc_buffer_pages(xcall, 1);
    xencall_free_buffer_pages(xcall, buffer, 1);
    child = fork();
    if (child == 0)
        _exit(close_in_the_child(xcall, buffer));
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_ptr_equal(xencall_alloc_buffer_pages(xcall, 1), buffer);
    memset(buffer, 1, 4096);
    xencall_free_buffer_pages(xcall, buffer, 1);
    xencall_close(xcall);
}

TEST(a_child_may_close_and_the_parent_goes_on)
{
    xencall_handle *xcall;
    char *buffer;
    int status;
    pid_t child;

    add_devices();
    fakexen_on_ioctl(UAPI_PRIVCMD_HYPERCALL, answer_seven, NULL);
    xcall = xencall_open(&record.logger, 0);
    buffer = xencall_alloc_buffer_pages(xcall, 64);
    strcpy(buffer, "parent's");
    xencall_free_buffer(xcall, xencall_alloc_buffer(xcall, 100));
    child = fork();
    if (child == 0)
        _exit(xencall_close(xcall));
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(xencall0(xcall, 1), 7);
    assert_string_equal(buffer, "parent's");
    xencall_free_buffer_pages(xcall, buffer, 64);
    xencall_close(xcall);
}

static void *open_and_close(void *unused)
{
    (void)unused;
    for (int i = 0; i < 500; i++)
        xencall_close(xencall_open(&record.logger, 0));
    return NULL;
}

/* record counts without a lock, so only one thread speaks to it here. */
TEST(opening_races_with_restrict_all)
{
    pthread_t thread;

    add_devices();
    pthread_create(&thread, NULL, open_and_close, NULL);
    for (int i = 0; i < 500; i++)
        assert_int_equal(xentoolcore_restrict_all(1), 0);
    pthread_join(thread, NULL);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_opens_both_devices_close_on_exec),
        cmocka_unit_test(unknown_flags_are_accepted),
        cmocka_unit_test(closing_nothing_is_a_success),
        cmocka_unit_test(close_is_a_success_whatever_the_kernel_says),
        cmocka_unit_test(old_kernels_have_privcmd_in_proc),
        cmocka_unit_test(a_failure_of_privcmd_fails_and_is_logged),
        cmocka_unit_test(without_the_hypercall_device_buffers_may_fault),
        cmocka_unit_test(defect_hypercall_device_eacces_makes_open_fail),
        cmocka_unit_test(restrict_all_makes_the_handle_unusable),
        cmocka_unit_test(statistics_are_for_the_callers_logger),
        cmocka_unit_test(defect_a_child_that_closes_loses_memory_of_its_own),
        cmocka_unit_test(a_child_may_close_and_the_parent_goes_on),
        cmocka_unit_test(opening_races_with_restrict_all),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
