/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A handle over the caller's handle for hypercalls: one privcmd for both. */
#include "fake_dm_op.h"

#include "xencall.h"
#include "xentoolcore.h"

static int accept_all(unsigned hypercall, unsigned op, void *argument)
{
    (void)hypercall;
    (void)op;
    (void)argument;
    return 0;
}

static xencall_handle *open_call(void)
{
    fake_start();
    fake_other_hypercall = accept_all;
    xencall_handle *xcall = xencall_open(NULL, 0);
    assert_non_null(xcall);
    return xcall;
}

TEST(everything_goes_over_the_callers_devices_which_stay_open)
{
    xencall_handle *xcall = open_call();
    unsigned opens = fakexen_count(FAKEXEN_OPEN), all = fakexen_count_all();

    errno = EXDEV;
    xendevicemodel_handle *dmod = xendevicemodel_open_on(NULL, 0, xcall);
    assert_non_null(dmod);
    assert_int_equal(errno, EXDEV);
    assert_int_equal(fakexen_count_all(), all + 1);
    assert_int_equal(xendevicemodel_set_isa_irq_level(dmod, FAKE_DOMID, 4, 1), 0);
    assert_false(fake_requests[0].by_hypercall);
    assert_int_equal(xendevicemodel_set_hvm_param(dmod, FAKE_DOMID, 1, 2), 0);
    assert_int_equal(fakexen_count(FAKEXEN_OPEN), opens);
    assert_int_equal(xendevicemodel_close(dmod), 0);
    assert_int_equal(fakexen_open_fds(), 2);
    assert_int_equal(xencall1(xcall, __HYPERVISOR_hvm_op, 0), 0);
    xencall_close(xcall);
}

TEST(a_kernel_without_DM_OP_gets_hypercalls)
{
    fake_start_without_dm_op();
    xencall_handle *xcall = xencall_open(NULL, 0);
    xendevicemodel_handle *dmod = xendevicemodel_open_on(NULL, 0, xcall);

    assert_non_null(dmod);
    assert_int_equal(xendevicemodel_set_isa_irq_level(dmod, FAKE_DOMID, 4, 1), 0);
    assert_true(fake_requests[0].by_hypercall);
    assert_fails_with(xendevicemodel_restrict(dmod, FAKE_DOMID), -1, EOPNOTSUPP);
    xendevicemodel_close(dmod);
    xencall_close(xcall);
}

TEST(restrict_confines_the_device_for_all_its_uses)
{
    xencall_handle *xcall = open_call();
    xendevicemodel_handle *dmod = xendevicemodel_open_on(NULL, 0, xcall);

    assert_int_equal(xendevicemodel_restrict(dmod, FAKE_DOMID), 0);
    assert_int_equal(xendevicemodel_set_isa_irq_level(dmod, FAKE_DOMID, 4, 1), 0);
    assert_fails_with(xendevicemodel_set_isa_irq_level(dmod, OTHER_DOMID, 4, 1), -1, EPERM);
    assert_fails_with(xencall1(xcall, __HYPERVISOR_hvm_op, 0), -1, EPERM);
    assert_fails_with(xendevicemodel_set_hvm_param(dmod, FAKE_DOMID, 1, 2), -1, EPERM);
    xendevicemodel_close(dmod);
    xencall_close(xcall);
}

/* What is over a handle that is out of use is out of use. */
TEST(restrict_all_does_to_it_what_it_does_to_the_callers_handle)
{
    xencall_handle *xcall = open_call();
    xendevicemodel_handle *dmod = xendevicemodel_open_on(NULL, 0, xcall);

    assert_int_equal(xentoolcore_restrict_all(FAKE_DOMID), 0);
    assert_int_equal(fakexen_count_ioctl(UAPI_PRIVCMD_RESTRICT), 0);
    assert_fails_with(xencall1(xcall, __HYPERVISOR_hvm_op, 0), -1, ENOTTY);
    assert_fails_with(xendevicemodel_set_hvm_param(dmod, FAKE_DOMID, 1, 2), -1, EPERM);
    xendevicemodel_close(dmod);
    assert_int_equal(xentoolcore_restrict_all(FAKE_DOMID), 0);
    xencall_close(xcall);
}

TEST(no_handle_is_EBADF)
{
    assert_fails_with(xendevicemodel_open_on(NULL, 0, NULL), NULL, EBADF);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_goes_over_the_callers_devices_which_stay_open),
        cmocka_unit_test(a_kernel_without_DM_OP_gets_hypercalls),
        cmocka_unit_test(restrict_confines_the_device_for_all_its_uses),
        cmocka_unit_test(restrict_all_does_to_it_what_it_does_to_the_callers_handle),
        cmocka_unit_test(no_handle_is_EBADF),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
