/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The order in which a handle and its devices come and go, as restrict_all in
 * another thread sees it. This program stands between the libraries and
 * libxentoolcore, and looks around at each registration. Only upstream's symbols
 * are used.
 */
#include "fake_dm_op.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "xentoolcore.h"
#include "xentoolcore_internal.h"

enum { ROUNDS = 2000, PAGES = 40000 /* too many for the kernel: by hypercall */ };

typedef void registry_fn(Xentoolcore__Active_Handle *ah);

static unsigned fds_at_register, fds_at_deregister, registered, deregistered;
static int restrict_while_opening; /* the domid, or 0 */

static void call_next(const char *name, Xentoolcore__Active_Handle *ah)
{
    void *symbol = dlsym(RTLD_NEXT, name);
    registry_fn *next;

    *(void **)&next = symbol;
    next(ah);
}

void xentoolcore__register_active_handle(Xentoolcore__Active_Handle *ah)
{
    __atomic_add_fetch(&registered, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&fds_at_register, fakexen_open_fds(), __ATOMIC_RELAXED);
    call_next(__func__, ah);
    if (restrict_while_opening)
        assert_int_equal(xentoolcore_restrict_all((domid_t)restrict_while_opening), 0);
}

void xentoolcore__deregister_active_handle(Xentoolcore__Active_Handle *ah)
{
    __atomic_add_fetch(&deregistered, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&fds_at_deregister, fakexen_open_fds(), __ATOMIC_RELAXED);
    call_next(__func__, ah);
}

TEST(a_handle_is_registered_before_its_device_is_opened)
{
    xendevicemodel_handle *dmod = fake_open();

    assert_int_equal(registered, 1);
    assert_int_equal(fds_at_register, 0);
    xendevicemodel_close(dmod);
}

/* Upstream closes the descriptor first: its number may be another file's by then. */
TEST(defect_a_handle_is_closed_before_it_is_deregistered)
{
    xendevicemodel_close(fake_open());
    assert_int_equal(deregistered, 1);
    assert_int_equal(fds_at_deregister, 1);
}

TEST(a_failed_open_deregisters_the_handle)
{
    fakexen_fail_open(PRIVCMD, EACCES);
    assert_fails_with(xendevicemodel_open(NULL, 0), NULL, EACCES);
    assert_int_equal(registered, deregistered);
}

/* Upstream answers restrict_all with success, and then opens an unrestricted device. */
TEST(defect_a_restriction_that_comes_while_opening_is_lost)
{
    xendevicemodel_handle *dmod;

    restrict_while_opening = FAKE_DOMID;
    dmod = fake_open();
    restrict_while_opening = 0;
    assert_int_equal(xendevicemodel_set_isa_irq_level(dmod, FAKE_DOMID, 1, 1), 0);
    assert_fails_with(xendevicemodel_set_isa_irq_level(dmod, OTHER_DOMID, 1, 1), -1, EPERM);
    xendevicemodel_close(dmod);
}

TEST(without_dm_op_a_restriction_that_comes_while_opening_ends_all_operations)
{
    xendevicemodel_handle *dmod;

    restrict_while_opening = FAKE_DOMID;
    dmod = fake_open_without_dm_op();
    restrict_while_opening = 0;
    assert_fails_with(xendevicemodel_set_isa_irq_level(dmod, FAKE_DOMID, 1, 1), -1, EPERM);
    assert_int_equal(fakexen_open_fds(), 0);
    xendevicemodel_close(dmod);
}

static int refuse_restrict(int fd, void *argument, void *user)
{
    (void)fd;
    (void)argument;
    (void)user;
    errno = EINVAL;
    return -1;
}

TEST(a_handle_that_cannot_be_restricted_while_opening_is_not_opened)
{
    fake_start();
    fakexen_on_ioctl(UAPI_PRIVCMD_RESTRICT, refuse_restrict, NULL);
    restrict_while_opening = FAKE_DOMID;
    assert_fails_with(xendevicemodel_open(NULL, 0), NULL, EINVAL);
    restrict_while_opening = 0;
    assert_int_equal(fakexen_open_fds(), 0);
    assert_int_equal(registered, deregistered);
}

/* The handle for hypercalls is registered; before it is open the process is restricted. */
TEST(a_restriction_that_comes_while_opening_for_hypercalls_is_not_lost)
{
    static unsigned long bitmap[PAGES / 64];
    xendevicemodel_handle *dmod = fake_open();

    restrict_while_opening = FAKE_DOMID;
    assert_fails_with(xendevicemodel_track_dirty_vram(dmod, OTHER_DOMID, 0, PAGES, bitmap), -1,
                      EPERM);
    restrict_while_opening = 0;
    assert_int_equal(fakexen_count_ioctl(UAPI_PRIVCMD_HYPERCALL), 0);
    assert_int_equal(fakexen_open_fds(), 1);
    xendevicemodel_close(dmod);
}

static int always_restricted(int fd, void *argument, void *user)
{
    (void)fd;
    (void)argument;
    (void)user;
    return 0;
}

static void *open_and_close(void *unused)
{
    for (int i = 0; i < ROUNDS; i++) {
        xendevicemodel_handle *dmod = xendevicemodel_open(NULL, 0);
        int file;

        xendevicemodel_close(dmod);
        file = open("/dev/null", O_RDWR | O_CLOEXEC); /* takes the handle's number */
        close(file);
    }
    return unused;
}

/* A file that is no Xen device answers the ioctl with ENOTTY. */
TEST(restrict_all_never_meets_a_descriptor_that_is_not_the_handles)
{
    pthread_t thread;

    fake_start();
    fakexen_on_ioctl(UAPI_PRIVCMD_RESTRICT, always_restricted, NULL);
    assert_int_equal(pthread_create(&thread, NULL, open_and_close, NULL), 0);
    for (int i = 0; i < ROUNDS; i++)
        assert_int_equal(xentoolcore_restrict_all(FAKE_DOMID), 0);
    pthread_join(thread, NULL);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_handle_is_registered_before_its_device_is_opened),
        cmocka_unit_test(defect_a_handle_is_closed_before_it_is_deregistered),
        cmocka_unit_test(a_failed_open_deregisters_the_handle),
        cmocka_unit_test(defect_a_restriction_that_comes_while_opening_is_lost),
        cmocka_unit_test(without_dm_op_a_restriction_that_comes_while_opening_ends_all_operations),
        cmocka_unit_test(a_handle_that_cannot_be_restricted_while_opening_is_not_opened),
        cmocka_unit_test(a_restriction_that_comes_while_opening_for_hypercalls_is_not_lost),
        cmocka_unit_test(restrict_all_never_meets_a_descriptor_that_is_not_the_handles),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
