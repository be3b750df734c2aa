/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opening, closing and restricting both kinds of handle. */
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake_drivers.h"
#include "fakexen.h"
#include "recorded_log.h"
#include "xengnttab.h"
#include "xentoolcore.h"

enum { DOMID = 5, REF = 9 };

static struct recorded_log record = RECORDED_LOG;

static struct xentoollog_logger *logger(void)
{
    return &record.logger;
}

TEST(closing_no_handle_is_a_success)
{
    assert_int_equal(xengnttab_close(NULL), 0);
    assert_int_equal(xengntshr_close(NULL), 0);
}

TEST(without_a_driver_open_fails_with_enoent)
{
    assert_fails_with(xengnttab_open(NULL, 0), NULL, ENOENT);
    assert_fails_with(xengntshr_open(NULL, 0), NULL, ENOENT);
    assert_int_equal(xentoolcore_restrict_all(DOMID), 0);
}

TEST(open_failures_keep_errno_and_are_not_logged)
{
    fakexen_fail_open("/dev/xen/gntdev", EACCES);
    fakexen_fail_open("/dev/xen/gntalloc", EMFILE);
    assert_fails_with(xengnttab_open(logger(), 0), NULL, EACCES);
    assert_int_equal(record.messages, 0);
    assert_fails_with(xengntshr_open(logger(), 0), NULL, EMFILE);
    assert_int_equal(record.messages, 0);
}

TEST(flags_are_not_looked_at)
{
    xengnttab_handle *xgt;
    xengntshr_handle *xgs;

    fake_drivers_add();
    assert_non_null(xgt = xengnttab_open(NULL, 0xffffffffu));
    assert_non_null(xgs = xengntshr_open(NULL, 0xffffffffu));
    xengnttab_close(xgt);
    xengntshr_close(xgs);
    assert_int_equal(fakexen_open_fds(), 0);
}

TEST(gntdev_fd_is_close_on_exec)
{
    xengnttab_handle *xgt;

    fake_drivers_add();
    assert_non_null(xgt = xengnttab_open(NULL, 0));
    assert_int_equal(fcntl(xengnttab_fd(xgt), F_GETFD), FD_CLOEXEC);
    xengnttab_close(xgt);
}

/* Upstream opens gntalloc without O_CLOEXEC: every child holds the grants. */
TEST(gntalloc_fd_is_close_on_exec)
{
    xengntshr_handle *xgs;

    fake_drivers_add();
    assert_non_null(xgs = xengntshr_open(NULL, 0));
    assert_int_equal(fcntl(xengntshr_fd(xgs), F_GETFD), FD_CLOEXEC);
    xengntshr_close(xgs);
}

TEST(close_returns_what_close_of_the_descriptor_does)
{
    xengnttab_handle *xgt;
    xengntshr_handle *xgs;

    fake_drivers_add();
    assert_non_null(xgt = xengnttab_open(NULL, 0));
    assert_non_null(xgs = xengntshr_open(NULL, 0));
    fakexen_fail_next(FAKEXEN_CLOSE, EIO, 2, 0);
    assert_fails_with(xengnttab_close(xgt), -1, EIO);
    assert_fails_with(xengntshr_close(xgs), -1, EIO);
    assert_int_equal(xentoolcore_restrict_all(DOMID), 0);
}

TEST(the_callers_logger_is_not_destroyed)
{
    xengnttab_handle *xgt;

    fake_drivers_add();
    assert_non_null(xgt = xengnttab_open(logger(), 0));
    fakexen_fail_next(FAKEXEN_IOCTL, EPERM, 1, 0);
    assert_fails_with(xengnttab_map_grant_ref(xgt, DOMID, REF, PROT_READ), NULL, EPERM);
    assert_int_equal(record.messages, 1);
    assert_int_equal(xengnttab_close(xgt), 0);
    assert_int_equal(record.destroyed, 0);
}

TEST(restrict_all_neutralises_gnttab)
{
    xengnttab_handle *xgt;

    fake_drivers_add();
    assert_non_null(xgt = xengnttab_open(logger(), 0));
    assert_int_equal(xentoolcore_restrict_all(DOMID), 0);
    assert_fails_with(xengnttab_map_grant_ref(xgt, DOMID, REF, PROT_READ), NULL, ENOTTY);
    assert_int_equal(xengnttab_close(xgt), 0);
}

/* Upstream never registers these: a restricted process goes on granting pages. */
TEST(restrict_all_neutralises_gntshr)
{
    xengntshr_handle *xgs;
    uint32_t ref = 0;

    fake_drivers_add();
    assert_non_null(xgs = xengntshr_open(logger(), 0));
    assert_int_equal(xentoolcore_restrict_all(DOMID), 0);
    assert_fails_with(xengntshr_share_pages(xgs, DOMID, 1, &ref, 1), NULL, ENOTTY);
    assert_int_equal(xengntshr_close(xgs), 0);
}

TEST(a_closed_handle_is_not_restricted_any_more)
{
    int fd, other;
    xengnttab_handle *xgt;

    fake_drivers_add();
    assert_non_null(xgt = xengnttab_open(NULL, 0));
    fd = xengnttab_fd(xgt);
    xengnttab_close(xgt);
    other = open("/dev/zero", O_RDWR);
    assert_int_equal(other, fd);
    assert_int_equal(xentoolcore_restrict_all(DOMID), 0);
    assert_int_equal(write(other, "x", 1), 1);
    close(other);
}

/* Upstream fails with ENOTTY, and the mapping stays for the life of the process. */
TEST(a_mapping_can_be_taken_down_after_restrict_all)
{
    xengnttab_handle *xgt;
    void *page;

    fake_drivers_add();
    assert_non_null(xgt = xengnttab_open(NULL, 0));
    assert_non_null(page = xengnttab_map_grant_ref(xgt, DOMID, REF, PROT_READ));
    assert_int_equal(xentoolcore_restrict_all(DOMID), 0);
    assert_int_equal(xengnttab_unmap(xgt, page, 1), 0);
    assert_int_equal(fakexen_mappings(), 0);
    xengnttab_close(xgt);
}

TEST(a_child_may_close_its_parents_handles)
{
    xengnttab_handle *xgt;
    xengntshr_handle *xgs;
    int status;
    pid_t child;

    fake_drivers_add();
    assert_non_null(xgt = xengnttab_open(NULL, 0));
    assert_non_null(xgs = xengntshr_open(NULL, 0));
    child = fork();
    if (child == 0)
        _exit(xengnttab_close(xgt) || xengntshr_close(xgs));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(xengnttab_close(xgt), 0);
    assert_int_equal(xengntshr_close(xgs), 0);
}

static int answer_with(int fd, void *argument, void *user)
{
    (void)fd, (void)argument;
    errno = *(int *)user;
    return errno ? -1 : 0;
}

TEST(set_max_grants_passes_the_number_and_errors_on)
{
    xengnttab_handle *xgt;
    int answer = 0;

    fake_drivers_add();
    fakexen_on_ioctl(UAPI_GNTDEV_SET_MAX_GRANTS, answer_with, &answer);
    assert_non_null(xgt = xengnttab_open(logger(), 0));
    assert_int_equal(xengnttab_set_max_grants(xgt, 99), 0);
    answer = EINVAL;
    assert_fails_with(xengnttab_set_max_grants(xgt, 99), -1, EINVAL);
    assert_int_equal(fakexen_count_ioctl(UAPI_GNTDEV_SET_MAX_GRANTS), 2);
    assert_int_equal(record.messages, 1);
    xengnttab_close(xgt);
}

TEST(set_max_grants_succeeds_on_kernels_without_a_limit)
{
    xengnttab_handle *xgt;

    fake_drivers_add();
    assert_non_null(xgt = xengnttab_open(logger(), 0));
    assert_int_equal(xengnttab_set_max_grants(xgt, 99), 0);
    assert_int_equal(record.messages, 0);
    xengnttab_close(xgt);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(closing_no_handle_is_a_success),
        cmocka_unit_test(without_a_driver_open_fails_with_enoent),
        cmocka_unit_test(open_failures_keep_errno_and_are_not_logged),
        cmocka_unit_test(flags_are_not_looked_at),
        cmocka_unit_test(gntdev_fd_is_close_on_exec),
        cmocka_unit_test(gntalloc_fd_is_close_on_exec),
        cmocka_unit_test(close_returns_what_close_of_the_descriptor_does),
        cmocka_unit_test(the_callers_logger_is_not_destroyed),
        cmocka_unit_test(restrict_all_neutralises_gnttab),
        cmocka_unit_test(restrict_all_neutralises_gntshr),
        cmocka_unit_test(a_closed_handle_is_not_restricted_any_more),
        cmocka_unit_test(a_mapping_can_be_taken_down_after_restrict_all),
        cmocka_unit_test(a_child_may_close_its_parents_handles),
        cmocka_unit_test(set_max_grants_passes_the_number_and_errors_on),
        cmocka_unit_test(set_max_grants_succeeds_on_kernels_without_a_limit),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
