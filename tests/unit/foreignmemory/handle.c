/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opening, restricting and closing a handle. */
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake_privcmd.h"
#include "recorded_log.h"
#include "xentoolcore.h"
#include "xentoollog.h"

#define OLD_PATH "/proc/xen/privcmd"

static struct recorded_log record = RECORDED_LOG;

/* What the kernel's own restriction does: once set, only the same again. */
static int kernel_domid = -1;

static int restrict_as_the_kernel_does(int fd, void *argument, void *user)
{
    const uint16_t *domid = argument;

    (void)fd;
    (void)user;
    if (kernel_domid >= 0 && kernel_domid != *domid) {
        errno = EINVAL;
        return -1;
    }
    kernel_domid = *domid;
    return 0;
}

static xenforeignmemory_handle *open_restrictable(void)
{
    xenforeignmemory_handle *fmem = fake_privcmd_open();

    fakexen_on_ioctl(UAPI_PRIVCMD_RESTRICT, restrict_as_the_kernel_does, NULL);
    return fmem;
}

/* Upstream also asks an ioctl that no kernel knows. */
TEST(open_costs_one_system_call_and_no_probing)
{
    xenforeignmemory_handle *fmem = fake_privcmd_open();

    assert_int_equal(fakexen_count_all(), 1);
    assert_int_equal(xenforeignmemory_close(fmem), 0);
    assert_int_equal(fakexen_count_all(), 2);
    assert_int_equal(fakexen_open_fds(), 0);
}

TEST(unknown_flags_are_ignored)
{
    xenforeignmemory_handle *fmem;

    fake_privcmd_start();
    fmem = xenforeignmemory_open(NULL, ~0u);
    assert_non_null(fmem);
    xenforeignmemory_close(fmem);
}

TEST(the_descriptor_is_closed_on_exec)
{
    int next = dup(0);
    xenforeignmemory_handle *fmem;

    close(next);
    fmem = fake_privcmd_open();
    assert_int_equal(fcntl(next, F_GETFD), FD_CLOEXEC);
    xenforeignmemory_close(fmem);
}

TEST(a_kernel_with_the_old_file_only_is_served)
{
    static const int absent[] = {ENOENT, ENXIO, ENODEV};

    fakexen_add_device(OLD_PATH);
    for (size_t i = 0; i < 3; i++) {
        xenforeignmemory_handle *fmem;

        fakexen_fail_open("/dev/xen/privcmd", absent[i]);
        fmem = xenforeignmemory_open(&record.logger, 0);
        assert_non_null(fmem);
        assert_int_equal(record.messages, 0);
        xenforeignmemory_close(fmem);
    }
}

TEST(a_refused_device_is_not_looked_for_elsewhere)
{
    fakexen_add_device(OLD_PATH);
    fakexen_fail_open("/dev/xen/privcmd", EACCES);
    assert_fails_with(xenforeignmemory_open(&record.logger, 0), NULL, EACCES);
}

TEST(a_failed_open_is_logged)
{
    static const int failures[] = {ENOENT, EACCES, EMFILE};

    for (size_t i = 0; i < 3; i++) {
        fakexen_fail_open("/dev/xen/privcmd", failures[i]);
        assert_fails_with(xenforeignmemory_open(&record.logger, 0), NULL, failures[i]);
        assert_int_equal(record.messages, i + 1);
        assert_int_equal(record.level, XTL_ERROR);
        assert_int_equal(record.errnoval, failures[i]);
        assert_string_equal(record.context, "xenforeignmemory");
        assert_int_equal(record.destroyed, 0);
    }
    assert_int_equal(xentoolcore_restrict_all(1), 0);
}

TEST(the_callers_logger_is_neither_used_for_failed_maps_nor_destroyed)
{
    xen_pfn_t gfn = 1;
    void *addr = NULL;
    xenforeignmemory_handle *fmem;

    fake_privcmd_start();
    fmem = xenforeignmemory_open(&record.logger, 0);
    fake_frames[1].error = EPERM;
    assert_null(xenforeignmemory_map(fmem, FAKE_DOMID, PROT_READ, 1, &gfn, NULL));
    assert_null(xenforeignmemory_map_resource(fmem, FAKE_DOMID, 0, 0, 0, 1, &addr, PROT_READ, 0));
    xenforeignmemory_close(fmem);
    assert_int_equal(record.messages, 0);
    assert_int_equal(record.destroyed, 0);
}

TEST(closing_no_handle_is_a_success)
{
    assert_int_equal(xenforeignmemory_close(NULL), 0);
}

TEST(close_passes_on_what_close_says)
{
    xenforeignmemory_handle *fmem = fake_privcmd_open();

    fakexen_fail_next(FAKEXEN_CLOSE, EIO, 1, 0);
    assert_fails_with(xenforeignmemory_close(fmem), -1, EIO);
    assert_int_equal(fakexen_open_fds(), 0);
}

TEST(a_successful_close_keeps_errno)
{
    xenforeignmemory_handle *fmem = fake_privcmd_open();

    errno = EXDEV;
    assert_int_equal(xenforeignmemory_close(fmem), 0);
    assert_int_equal(errno, EXDEV);
}

TEST(mappings_outlive_their_handle)
{
    xenforeignmemory_handle *fmem = fake_privcmd_open();
    xen_pfn_t gfn = 1;
    void *addr = xenforeignmemory_map(fmem, FAKE_DOMID, PROT_READ, 1, &gfn, NULL);

    xenforeignmemory_close(fmem);
    assert_true(is_mapped_as(addr, "r--s"));
    munmap(addr, 4096);
}

TEST(a_child_can_close_what_it_inherited)
{
    xenforeignmemory_handle *fmem = fake_privcmd_open();
    pid_t child = fork();
    int status;

    if (child == 0)
        _exit(xenforeignmemory_close(fmem) ? 1 : 0);
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    xenforeignmemory_close(fmem);
}

TEST(restrict_hands_the_domid_to_the_kernel)
{
    xenforeignmemory_handle *fmem = open_restrictable();

    assert_int_equal(xenforeignmemory_restrict(fmem, FAKE_DOMID), 0);
    assert_int_equal(kernel_domid, FAKE_DOMID);
    xenforeignmemory_close(fmem);
}

TEST(restricting_again_succeeds_for_the_same_domain_only)
{
    xenforeignmemory_handle *fmem = open_restrictable();

    assert_int_equal(xenforeignmemory_restrict(fmem, FAKE_DOMID), 0);
    assert_int_equal(xenforeignmemory_restrict(fmem, FAKE_DOMID), 0);
    assert_fails_with(xenforeignmemory_restrict(fmem, FAKE_DOMID + 1), -1, EINVAL);
    xenforeignmemory_close(fmem);
}

TEST(a_kernel_that_cannot_restrict_says_so_itself)
{
    static int failures[] = {ENOTTY, EINVAL, EPERM};
    xenforeignmemory_handle *fmem = fake_privcmd_open();

    for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
        fakexen_on_ioctl(UAPI_PRIVCMD_RESTRICT, fail_with, &failures[i]);
        assert_fails_with(xenforeignmemory_restrict(fmem, FAKE_DOMID), -1, failures[i]);
        assert_fails_with(xentoolcore_restrict_all(FAKE_DOMID), -1, failures[i]);
    }
    xenforeignmemory_close(fmem);
}

TEST(restrict_all_reaches_every_open_handle_and_no_closed_one)
{
    xenforeignmemory_handle *first = open_restrictable();
    xenforeignmemory_handle *second = xenforeignmemory_open(NULL, 0);

    assert_int_equal(xentoolcore_restrict_all(FAKE_DOMID), 0);
    assert_int_equal(fakexen_count_ioctl(UAPI_PRIVCMD_RESTRICT), 2);
    xenforeignmemory_close(first);
    xenforeignmemory_close(second);
    assert_int_equal(xentoolcore_restrict_all(FAKE_DOMID), 0);
    assert_int_equal(fakexen_count_ioctl(UAPI_PRIVCMD_RESTRICT), 2);
}

/* Upstream gives up with EINTR. */
TEST(an_interrupted_restriction_is_repeated)
{
    xenforeignmemory_handle *fmem = open_restrictable();

    fakexen_fail_next(FAKEXEN_IOCTL, EINTR, 2, 0);
    assert_int_equal(xenforeignmemory_restrict(fmem, FAKE_DOMID), 0);
    xenforeignmemory_close(fmem);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_costs_one_system_call_and_no_probing),
        cmocka_unit_test(unknown_flags_are_ignored),
        cmocka_unit_test(the_descriptor_is_closed_on_exec),
        cmocka_unit_test(a_kernel_with_the_old_file_only_is_served),
        cmocka_unit_test(a_refused_device_is_not_looked_for_elsewhere),
        cmocka_unit_test(a_failed_open_is_logged),
        cmocka_unit_test(the_callers_logger_is_neither_used_for_failed_maps_nor_destroyed),
        cmocka_unit_test(closing_no_handle_is_a_success),
        cmocka_unit_test(close_passes_on_what_close_says),
        cmocka_unit_test(a_successful_close_keeps_errno),
        cmocka_unit_test(mappings_outlive_their_handle),
        cmocka_unit_test(a_child_can_close_what_it_inherited),
        cmocka_unit_test(restrict_hands_the_domid_to_the_kernel),
        cmocka_unit_test(restricting_again_succeeds_for_the_same_domain_only),
        cmocka_unit_test(a_kernel_that_cannot_restrict_says_so_itself),
        cmocka_unit_test(restrict_all_reaches_every_open_handle_and_no_closed_one),
        cmocka_unit_test(an_interrupted_restriction_is_repeated),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
