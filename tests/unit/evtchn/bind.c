/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Binding, unbinding and sending: what reaches the kernel, what comes back. */
#include "evtchn_tests.h"

#include <string.h>

/* What an ioctl is to answer, and what it was given. */
struct exchange {
    int answer; /* the result, or -1 */
    int errnoval;
    size_t size;
    uint32_t given[2];
};

static int exchange(int fd, void *argument, void *user)
{
    struct exchange *e = user;

    (void)fd;
    memcpy(e->given, argument, e->size);
    if (e->answer < 0)
        errno = e->errnoval;
    return e->answer;
}

static int virq(xenevtchn_handle *xce)
{
    return xenevtchn_bind_virq(xce, 3);
}

static int unbound(xenevtchn_handle *xce)
{
    return xenevtchn_bind_unbound_port(xce, DOMID_SELF);
}

static int interdomain(xenevtchn_handle *xce)
{
    return xenevtchn_bind_interdomain(xce, 5, 17);
}

static int unbind(xenevtchn_handle *xce)
{
    return xenevtchn_unbind(xce, 21);
}

static int notify(xenevtchn_handle *xce)
{
    return xenevtchn_notify(xce, 0xffffffff);
}

static const struct call {
    int (*make)(xenevtchn_handle *xce);
    unsigned long request;
    size_t size;
    uint32_t given[2];
    int result;
    int errnos[8];
} calls[] = {
    {virq, UAPI_EVTCHN_BIND_VIRQ, 4, {3}, 40,
     {EINVAL, EEXIST, EACCES, EPERM, EBUSY, ENOSPC, ENOMEM}},
    {unbound, UAPI_EVTCHN_BIND_UNBOUND_PORT, 4, {DOMID_SELF}, 41,
     {EACCES, EPERM, ENOSPC, ENOMEM}},
    {interdomain, UAPI_EVTCHN_BIND_INTERDOMAIN, 8, {5, 17}, 42,
     {EINVAL, ESRCH, EACCES, EPERM, ENOSPC, ENOMEM}},
    {unbind, UAPI_EVTCHN_UNBIND, 4, {21}, 0, {EINVAL, ENOTCONN}},
    {notify, UAPI_EVTCHN_NOTIFY, 4, {0xffffffff}, 0, {ENOTCONN}},
};

TEST(each_call_is_one_ioctl_with_its_argument)
{
    xenevtchn_handle *xce = open_evtchn();

    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        struct exchange e = {.answer = calls[i].result, .size = calls[i].size};
        unsigned before = fakexen_count_all();

        fakexen_on_ioctl(calls[i].request, exchange, &e);
        assert_int_equal(calls[i].make(xce), calls[i].result);
        assert_int_equal(fakexen_count_all(), before + 1);
        assert_int_equal(fakexen_count_ioctl(calls[i].request), 1);
        assert_memory_equal(e.given, calls[i].given, calls[i].size);
    }
    xenevtchn_close(xce);
}

TEST(the_kernels_errno_comes_through)
{
    xenevtchn_handle *xce = open_evtchn();

    for (size_t i = 0; i < COUNT_OF(calls); i++)
        for (const int *errnoval = calls[i].errnos; *errnoval; errnoval++) {
            struct exchange e = {-1, *errnoval, calls[i].size, {0}};

            fakexen_on_ioctl(calls[i].request, exchange, &e);
            assert_fails_with(calls[i].make(xce), -1, *errnoval);
        }
    xenevtchn_close(xce);
}

/* Upstream gives up. */
TEST(an_interrupted_call_is_repeated)
{
    xenevtchn_handle *xce = open_evtchn();

    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        struct exchange e = {.answer = calls[i].result, .size = calls[i].size};

        fakexen_on_ioctl(calls[i].request, exchange, &e);
        fakexen_fail_next(FAKEXEN_IOCTL, EINTR, 2, 0);
        assert_int_equal(calls[i].make(xce), calls[i].result);
    }
    xenevtchn_close(xce);
}

/* The kernel keeps the lower 16 bits, so upstream binds to domain 1 here. */
TEST(a_domid_that_does_not_fit_is_not_cut_to_another_domains)
{
    xenevtchn_handle *xce = open_evtchn();

    assert_fails_with(xenevtchn_bind_unbound_port(xce, 0x10001), -1, EINVAL);
    assert_fails_with(xenevtchn_bind_interdomain(xce, 0x10001, 1), -1, EINVAL);
    assert_fails_with(xenevtchn_bind_unbound_port(xce, UINT32_MAX), -1, EINVAL);
    assert_int_equal(fakexen_count(FAKEXEN_IOCTL), 0);
    xenevtchn_close(xce);
}

TEST(a_device_that_is_none_is_an_error)
{
    xenevtchn_handle *xce = open_evtchn(); /* without handlers: ENOTTY */

    for (size_t i = 0; i < COUNT_OF(calls); i++)
        assert_fails_with(calls[i].make(xce), -1, ENOTTY);
    xenevtchn_close(xce);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_call_is_one_ioctl_with_its_argument),
        cmocka_unit_test(the_kernels_errno_comes_through),
        cmocka_unit_test(an_interrupted_call_is_repeated),
        cmocka_unit_test(a_domid_that_does_not_fit_is_not_cut_to_another_domains),
        cmocka_unit_test(a_device_that_is_none_is_an_error),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
