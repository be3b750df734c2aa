/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The order in which a handle and its device come and go, as restrict_all in
 * another thread sees it. This program stands between libxenevtchn and
 * libxentoolcore, and looks around at each registration.
 */
#include "evtchn_tests.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>

#include "xentoolcore.h"
#include "xentoolcore_internal.h"

enum { OUR_DOMID = 7, ROUNDS = 3000 };

typedef void registry_fn(Xentoolcore__Active_Handle *ah);

static unsigned fds_at_register, fds_at_deregister, registered, deregistered;
static bool restrict_while_opening;
static int restrict_result, restrict_errno;
static atomic_uint restrict_ioctls;

static void call_next(const char *name, Xentoolcore__Active_Handle *ah)
{
    void *symbol = dlsym(RTLD_NEXT, name);
    registry_fn *next;

    *(void **)&next = symbol;
    next(ah);
}

void xentoolcore__register_active_handle(Xentoolcore__Active_Handle *ah)
{
    registered++;
    fds_at_register = fakexen_open_fds();
    call_next(__func__, ah);
    if (restrict_while_opening)
        assert_int_equal(xentoolcore_restrict_all(OUR_DOMID), 0);
}

void xentoolcore__deregister_active_handle(Xentoolcore__Active_Handle *ah)
{
    deregistered++;
    fds_at_deregister = fakexen_open_fds();
    call_next(__func__, ah);
}

static int answer_restrict(int fd, void *argument, void *user)
{
    (void)fd;
    (void)argument;
    (void)user;
    restrict_ioctls++;
    errno = restrict_errno;
    return restrict_result;
}

TEST(a_handle_is_registered_before_its_device_is_opened)
{
    xenevtchn_handle *xce = open_evtchn();

    assert_int_equal(registered, 1);
    assert_int_equal(fds_at_register, 0);
    xenevtchn_close(xce);
}

TEST(a_handle_is_deregistered_before_its_device_is_closed)
{
    xenevtchn_close(open_evtchn());
    assert_int_equal(deregistered, 1);
    assert_int_equal(fds_at_deregister, 1);
}

TEST(a_failed_open_deregisters_the_handle)
{
    fakexen_fail_open(XENLIBS_DEVICE_EVTCHN, ENOENT);
    assert_fails_with(xenevtchn_open(NULL, 0), NULL, ENOENT);
    assert_int_equal(registered, deregistered);
}

/*
 * Upstream answers restrict_all with success while its device is not open yet,
 * then opens it, and the handle is unrestricted in a process that believes
 * itself confined.
 */
TEST(a_restriction_that_comes_while_opening_is_not_lost)
{
    xenevtchn_handle *xce;

    fakexen_on_ioctl(UAPI_EVTCHN_RESTRICT_DOMID, answer_restrict, NULL);
    restrict_while_opening = true;
    xce = open_evtchn();
    assert_int_equal(restrict_ioctls, 1);
    assert_int_equal(xenevtchn_restrict(xce, OUR_DOMID), 0);
    assert_int_equal(restrict_ioctls, 1);
    xenevtchn_close(xce);
}

TEST(a_handle_that_cannot_be_restricted_while_opening_is_not_opened)
{
    fakexen_on_ioctl(UAPI_EVTCHN_RESTRICT_DOMID, answer_restrict, NULL);
    fakexen_add_device(XENLIBS_DEVICE_EVTCHN);
    restrict_while_opening = true;
    restrict_result = -1;
    restrict_errno = ENOSYS;
    assert_fails_with(xenevtchn_open(NULL, 0), NULL, ENOSYS);
    assert_int_equal(fakexen_open_fds(), 0);
    assert_int_equal(registered, deregistered);
}

TEST(fdopen_that_cannot_be_restricted_leaves_the_descriptor_to_the_caller)
{
    int fd;

    fakexen_on_ioctl(UAPI_EVTCHN_RESTRICT_DOMID, answer_restrict, NULL);
    fakexen_add_device(XENLIBS_DEVICE_EVTCHN);
    fd = open(XENLIBS_DEVICE_EVTCHN, O_RDWR | O_CLOEXEC);
    restrict_while_opening = true;
    restrict_result = -1;
    restrict_errno = EACCES;
    assert_fails_with(xenevtchn_fdopen(NULL, fd, 0), NULL, EACCES);
    assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
    close(fd);
}

/* The file takes the number that the handle's descriptor had a moment ago. */
static void *open_and_close(void *unused)
{
    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        xenevtchn_handle *xce = xenevtchn_open(NULL, 0);
        int file;

        xenevtchn_close(xce);
        file = open("/dev/null", O_RDWR | O_CLOEXEC);
        close(file);
    }
    return NULL;
}

/*
 * A file that is not a Xen device answers the ioctl with ENOTTY, so restrict_all
 * would fail if it ever met one.
 */
TEST(restrict_all_never_meets_a_descriptor_that_is_not_the_handles)
{
    pthread_t thread;

    fakexen_on_ioctl(UAPI_EVTCHN_RESTRICT_DOMID, answer_restrict, NULL);
    fakexen_add_device(XENLIBS_DEVICE_EVTCHN);
    assert_int_equal(pthread_create(&thread, NULL, open_and_close, NULL), 0);
    for (int i = 0; i < ROUNDS; i++)
        assert_int_equal(xentoolcore_restrict_all(OUR_DOMID), 0);
    pthread_join(thread, NULL);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_handle_is_registered_before_its_device_is_opened),
        cmocka_unit_test(a_handle_is_deregistered_before_its_device_is_closed),
        cmocka_unit_test(a_failed_open_deregisters_the_handle),
        cmocka_unit_test(a_restriction_that_comes_while_opening_is_not_lost),
        cmocka_unit_test(a_handle_that_cannot_be_restricted_while_opening_is_not_opened),
        cmocka_unit_test(fdopen_that_cannot_be_restricted_leaves_the_descriptor_to_the_caller),
        cmocka_unit_test(restrict_all_never_meets_a_descriptor_that_is_not_the_handles),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
