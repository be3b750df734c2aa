/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Interrupts and doorbells by eventfd, on kernels that have them and on others. */
#include "fake_dm_op.h"

static struct uapi_privcmd_irqfd last_irqfd;
static struct xen_dm_op last_op;
static struct uapi_privcmd_ioeventfd last_ioeventfd;
static int answer_errno;

static int finish(void)
{
    errno = answer_errno ? answer_errno : errno;
    return answer_errno ? -1 : 0;
}

static int irqfd(int fd, void *argument, void *user)
{
    (void)fd;
    (void)user;
    last_irqfd = *(struct uapi_privcmd_irqfd *)argument;
    if (last_irqfd.dm_op)
        last_op = *(struct xen_dm_op *)(uintptr_t)last_irqfd.dm_op;
    return finish();
}

static int ioeventfd(int fd, void *argument, void *user)
{
    (void)fd;
    (void)user;
    last_ioeventfd = *(struct uapi_privcmd_ioeventfd *)argument;
    return finish();
}

static xendevicemodel_handle *open_with_eventfds(void)
{
    fakexen_on_ioctl(UAPI_PRIVCMD_IRQFD, irqfd, NULL);
    fakexen_on_ioctl(UAPI_PRIVCMD_IOEVENTFD, ioeventfd, NULL);
    return fake_open();
}

static const evtchn_port_t ports[2] = {10, 11};
static char page[4096];
static const struct xendevicemodel_ioeventfd doorbell = {
    .size = sizeof(doorbell), .ioreqs = page, .ports = ports, .nr_vcpus = 2, .queue = 3,
    .addr = 0x02000000, .addr_len = 4};

TEST(irqfd_bind_irq_hands_over_the_operation)
{
    struct xen_dm_op expected = {.op = XEN_DMOP_set_irq_level,
                                 .u.set_irq_level = {.irq = 33, .level = 1}};
    xendevicemodel_handle *dmod = open_with_eventfds();

    assert_int_equal(xendevicemodel_irqfd_bind_irq(dmod, FAKE_DOMID, 77, 33), 0);
    assert_memory_equal(&last_op, &expected, sizeof(expected));
    assert_int_equal(last_irqfd.size, sizeof(expected));
    assert_int_equal(last_irqfd.fd, 77);
    assert_int_equal(last_irqfd.dom, FAKE_DOMID);
    assert_int_equal(last_irqfd.flags, 0);
    xendevicemodel_close(dmod);
}

TEST(irqfd_bind_msi_hands_over_the_operation)
{
    struct xen_dm_op expected = {.op = XEN_DMOP_inject_msi,
                                 .u.inject_msi = {.addr = 0xfee01000, .data = 0x41}};
    xendevicemodel_handle *dmod = open_with_eventfds();

    assert_int_equal(xendevicemodel_irqfd_bind_msi(dmod, FAKE_DOMID, 77, 0xfee01000, 0x41), 0);
    assert_memory_equal(&last_op, &expected, sizeof(expected));
    assert_int_equal(last_irqfd.fd, 77);
    xendevicemodel_close(dmod);
}

TEST(irqfd_unbind_names_the_eventfd)
{
    xendevicemodel_handle *dmod = open_with_eventfds();

    assert_int_equal(xendevicemodel_irqfd_unbind(dmod, FAKE_DOMID, 77), 0);
    assert_int_equal(last_irqfd.flags, UAPI_PRIVCMD_IRQFD_DEASSIGN);
    assert_int_equal(last_irqfd.fd, 77);
    assert_int_equal(last_irqfd.dom, FAKE_DOMID);
    xendevicemodel_close(dmod);
}

TEST(ioeventfd_says_all_to_the_kernel)
{
    struct uapi_privcmd_ioeventfd expected = {
        .ioreq = (uintptr_t)page, .ports = (uintptr_t)ports, .addr = 0x02000000, .addr_len = 4,
        .event_fd = 77, .vcpus = 2, .vq = 3, .dom = FAKE_DOMID};
    xendevicemodel_handle *dmod = open_with_eventfds();

    assert_int_equal(xendevicemodel_ioeventfd_bind(dmod, FAKE_DOMID, 77, &doorbell), 0);
    assert_memory_equal(&last_ioeventfd, &expected, sizeof(expected));
    assert_int_equal(xendevicemodel_ioeventfd_unbind(dmod, FAKE_DOMID, 77, &doorbell), 0);
    expected.flags = UAPI_PRIVCMD_IOEVENTFD_DEASSIGN;
    assert_memory_equal(&last_ioeventfd, &expected, sizeof(expected));
    xendevicemodel_close(dmod);
}

TEST(a_struct_of_another_size_is_understood_or_refused)
{
    struct {
        struct xendevicemodel_ioeventfd doorbell;
        unsigned char later[8];
    } newer = {doorbell, {0}};
    xendevicemodel_handle *dmod = open_with_eventfds();

    newer.doorbell.size = sizeof(newer);
    assert_int_equal(xendevicemodel_ioeventfd_bind(dmod, FAKE_DOMID, 77, &newer.doorbell), 0);
    newer.later[7] = 1;
    assert_fails_with(xendevicemodel_ioeventfd_bind(dmod, FAKE_DOMID, 77, &newer.doorbell), -1,
                      E2BIG);
    newer.doorbell.size = 0;
    assert_fails_with(xendevicemodel_ioeventfd_unbind(dmod, FAKE_DOMID, 77, &newer.doorbell), -1,
                      EINVAL);
    assert_int_equal(fakexen_count_ioctl(UAPI_PRIVCMD_IOEVENTFD), 1);
    xendevicemodel_close(dmod);
}

static void all_fail_with(xendevicemodel_handle *dmod, int errnoval)
{
    assert_fails_with(xendevicemodel_irqfd_bind_irq(dmod, FAKE_DOMID, 77, 33), -1, errnoval);
    assert_fails_with(xendevicemodel_irqfd_bind_msi(dmod, FAKE_DOMID, 77, 0, 0), -1, errnoval);
    assert_fails_with(xendevicemodel_irqfd_unbind(dmod, FAKE_DOMID, 77), -1, errnoval);
    assert_fails_with(xendevicemodel_ioeventfd_bind(dmod, FAKE_DOMID, 77, &doorbell), -1,
                      errnoval);
    assert_fails_with(xendevicemodel_ioeventfd_unbind(dmod, FAKE_DOMID, 77, &doorbell), -1,
                      errnoval);
}

TEST(a_kernel_that_does_not_know_them_is_ENOTSUP)
{
    xendevicemodel_handle *dmod = fake_open();

    all_fail_with(dmod, ENOTSUP);
    xendevicemodel_close(dmod);
}

TEST(a_kernel_built_without_them_is_ENOTSUP)
{
    xendevicemodel_handle *dmod = open_with_eventfds();

    answer_errno = EOPNOTSUPP;
    all_fail_with(dmod, ENOTSUP);
    xendevicemodel_close(dmod);
}

TEST(a_kernel_without_dm_op_is_ENOTSUP)
{
    xendevicemodel_handle *dmod = fake_open_without_dm_op();
    unsigned calls = fakexen_count_all();

    all_fail_with(dmod, ENOTSUP);
    assert_int_equal(fakexen_count_all(), calls);
    xendevicemodel_close(dmod);
}

TEST(other_errors_are_the_kernels)
{
    static const int errnos[] = {EBUSY, EBADF, EINVAL, EPERM, ENOMEM, EFAULT, ENOENT};
    xendevicemodel_handle *dmod = open_with_eventfds();

    for (size_t i = 0; i < COUNT_OF(errnos); i++) {
        answer_errno = errnos[i];
        all_fail_with(dmod, errnos[i]);
    }
    xendevicemodel_close(dmod);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(irqfd_bind_irq_hands_over_the_operation),
        cmocka_unit_test(irqfd_bind_msi_hands_over_the_operation),
        cmocka_unit_test(irqfd_unbind_names_the_eventfd),
        cmocka_unit_test(ioeventfd_says_all_to_the_kernel),
        cmocka_unit_test(a_struct_of_another_size_is_understood_or_refused),
        cmocka_unit_test(a_kernel_that_does_not_know_them_is_ENOTSUP),
        cmocka_unit_test(a_kernel_built_without_them_is_ENOTSUP),
        cmocka_unit_test(a_kernel_without_dm_op_is_ENOTSUP),
        cmocka_unit_test(other_errors_are_the_kernels),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
