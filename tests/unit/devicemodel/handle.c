/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opening, restricting and closing a handle. Only upstream's symbols are used. */
#include "fake_dm_op.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "recorded_log.h"
#include "xentoolcore.h"

static struct recorded_log record = RECORDED_LOG;

static xendevicemodel_handle *open_logged(void)
{
    return xendevicemodel_open(&record.logger, 0);
}

TEST(open_and_close)
{
    xendevicemodel_handle *dmod;

    fake_start();
    dmod = open_logged();
    assert_non_null(dmod);
    assert_int_equal(fake_request_count, 0);
    assert_int_equal(xendevicemodel_close(dmod), 0);
    assert_int_equal(fakexen_open_fds(), 0);
    assert_int_equal(record.errors, 0);
    assert_int_equal(record.destroyed, 0);
}

TEST(closing_nothing_is_a_success)
{
    assert_int_equal(xendevicemodel_close(NULL), 0);
}

TEST(unknown_flags_are_ignored)
{
    xendevicemodel_handle *dmod;

    fake_start();
    dmod = xendevicemodel_open(&record.logger, ~0U);
    assert_non_null(dmod);
    xendevicemodel_close(dmod);
}

TEST(descriptors_are_close_on_exec)
{
    xendevicemodel_handle *dmod = fake_open();

    for (int fd = 3; fd < 64; fd++) {
        int flags = fcntl(fd, F_GETFD);
        char path[64], target[256] = "";

        snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
        if (flags >= 0 && readlink(path, target, sizeof(target) - 1) > 0 &&
            strstr(target, "fakexen"))
            assert_int_equal(flags, FD_CLOEXEC);
    }
    xendevicemodel_close(dmod);
}

TEST(a_device_that_cannot_be_opened_is_logged)
{
    static const int errnos[] = {ENOENT, EACCES, EPERM, EMFILE, ENFILE};

    fake_start();
    for (size_t i = 0; i < COUNT_OF(errnos); i++) {
        fakexen_fail_open(PRIVCMD, errnos[i]);
        assert_fails_with(open_logged(), NULL, errnos[i]);
        assert_true(record.errors > i);
    }
    assert_int_equal(fakexen_open_fds(), 0);
    assert_int_equal(xentoolcore_restrict_all(FAKE_DOMID), 0); /* no handle stayed registered */
}

/* Nothing of DM_OP there, in upstream's eyes too: operations go by hypercall. */
TEST(old_kernels_have_privcmd_in_proc)
{
    xendevicemodel_handle *dmod;

    fake_start_without_dm_op();
    fakexen_fail_open(PRIVCMD, ENOENT);
    fakexen_add_device(PRIVCMD_OLD);
    dmod = open_logged();
    assert_non_null(dmod);
    assert_int_equal(xendevicemodel_set_isa_irq_level(dmod, FAKE_DOMID, 1, 1), 0);
    assert_true(fake_requests[0].by_hypercall);
    xendevicemodel_close(dmod);
}

TEST(close_says_what_the_kernel_says_and_ends_the_handle)
{
    xendevicemodel_handle *dmod = fake_open();

    fakexen_fail_next(FAKEXEN_CLOSE, EIO, 3, 0);
    assert_fails_with(xendevicemodel_close(dmod), -1, EIO);
    assert_int_equal(fakexen_open_fds(), 0);
    assert_int_equal(xentoolcore_restrict_all(FAKE_DOMID), 0);
}

TEST(a_restricted_handle_acts_on_its_domain_only)
{
    xendevicemodel_handle *dmod = fake_open();

    assert_int_equal(xendevicemodel_restrict(dmod, FAKE_DOMID), 0);
    assert_int_equal(xendevicemodel_set_isa_irq_level(dmod, FAKE_DOMID, 1, 1), 0);
    assert_fails_with(xendevicemodel_set_isa_irq_level(dmod, OTHER_DOMID, 1, 1), -1, EPERM);
    assert_int_equal(fake_request_count, 1);
    xendevicemodel_close(dmod);
}

TEST(restricting_twice_to_the_same_domain_succeeds_and_to_another_fails)
{
    xendevicemodel_handle *dmod = fake_open();

    assert_int_equal(xendevicemodel_restrict(dmod, FAKE_DOMID), 0);
    assert_int_equal(xendevicemodel_restrict(dmod, FAKE_DOMID), 0);
    assert_int_equal(xentoolcore_restrict_all(FAKE_DOMID), 0);
    assert_fails_with(xendevicemodel_restrict(dmod, OTHER_DOMID), -1, EINVAL);
    assert_fails_with(xentoolcore_restrict_all(OTHER_DOMID), -1, EINVAL);
    assert_int_equal(xendevicemodel_set_isa_irq_level(dmod, FAKE_DOMID, 1, 1), 0);
    xendevicemodel_close(dmod);
}

TEST(restrict_all_reaches_the_handle)
{
    xendevicemodel_handle *dmod = fake_open();

    assert_int_equal(xentoolcore_restrict_all(FAKE_DOMID), 0);
    assert_int_equal(xendevicemodel_set_isa_irq_level(dmod, FAKE_DOMID, 1, 1), 0);
    assert_fails_with(xendevicemodel_set_isa_irq_level(dmod, OTHER_DOMID, 1, 1), -1, EPERM);
    xendevicemodel_close(dmod);
}

TEST(without_dm_op_a_handle_cannot_be_restricted)
{
    xendevicemodel_handle *dmod = fake_open_without_dm_op();

    assert_fails_with(xendevicemodel_restrict(dmod, FAKE_DOMID), -1, EOPNOTSUPP);
    assert_int_equal(xendevicemodel_set_isa_irq_level(dmod, OTHER_DOMID, 1, 1), 0);
    xendevicemodel_close(dmod);
}

/* Upstream gives ENOTTY, of /dev/null; ours says EPERM, whether it was used before or not. */
TEST(without_dm_op_restrict_all_ends_all_operations)
{
    xendevicemodel_handle *used = fake_open_without_dm_op();
    xendevicemodel_handle *fresh = xendevicemodel_open(NULL, 0);

    assert_int_equal(xendevicemodel_set_isa_irq_level(used, FAKE_DOMID, 1, 1), 0);
    assert_int_equal(xentoolcore_restrict_all(FAKE_DOMID), 0);
    assert_int_equal(xendevicemodel_set_isa_irq_level(used, FAKE_DOMID, 1, 1), -1);
    assert_int_equal(xendevicemodel_set_isa_irq_level(fresh, FAKE_DOMID, 1, 1), -1);
    assert_int_equal(fake_request_count, 1);
    xendevicemodel_close(fresh);
    xendevicemodel_close(used);
}

TEST(a_child_may_close_and_the_parent_goes_on)
{
    xendevicemodel_handle *dmod = fake_open();
    int status;
    pid_t child = fork();

    if (child == 0)
        _exit(xendevicemodel_close(dmod));
    waitpid(child, &status, 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_int_equal(xendevicemodel_set_isa_irq_level(dmod, FAKE_DOMID, 1, 1), 0);
    xendevicemodel_close(dmod);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_and_close),
        cmocka_unit_test(closing_nothing_is_a_success),
        cmocka_unit_test(unknown_flags_are_ignored),
        cmocka_unit_test(descriptors_are_close_on_exec),
        cmocka_unit_test(a_device_that_cannot_be_opened_is_logged),
        cmocka_unit_test(old_kernels_have_privcmd_in_proc),
        cmocka_unit_test(close_says_what_the_kernel_says_and_ends_the_handle),
        cmocka_unit_test(a_restricted_handle_acts_on_its_domain_only),
        cmocka_unit_test(restricting_twice_to_the_same_domain_succeeds_and_to_another_fails),
        cmocka_unit_test(restrict_all_reaches_the_handle),
        cmocka_unit_test(without_dm_op_a_handle_cannot_be_restricted),
        cmocka_unit_test(without_dm_op_restrict_all_ends_all_operations),
        cmocka_unit_test(a_child_may_close_and_the_parent_goes_on),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
