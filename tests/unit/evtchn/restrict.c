/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Restriction to one domain, by handle and by xentoolcore_restrict_all. */
#include "evtchn_tests.h"

#include <string.h>

#include "xentoolcore.h"

enum { OUR_DOMID = 7 };

static int restricted_to;
static int answer_errno;

/* Answers as the kernel does: a second restriction is refused, whatever its domid. */
static int restrict_like_the_kernel(int fd, void *argument, void *user)
{
    uint16_t domid;

    (void)fd;
    (void)user;
    memcpy(&domid, argument, sizeof(domid));
    if (answer_errno)
        errno = answer_errno;
    else if (restricted_to)
        errno = EACCES;
    else if (domid == 0 || domid >= DOMID_FIRST_RESERVED)
        errno = EINVAL;
    else {
        restricted_to = domid;
        return 0;
    }
    return -1;
}

static xenevtchn_handle *open_restrictable(void)
{
    fakexen_on_ioctl(UAPI_EVTCHN_RESTRICT_DOMID, restrict_like_the_kernel, NULL);
    return open_evtchn();
}

TEST(the_domid_reaches_the_kernel)
{
    xenevtchn_handle *xce = open_restrictable();

    assert_int_equal(xenevtchn_restrict(xce, OUR_DOMID), 0);
    assert_int_equal(restricted_to, OUR_DOMID);
    xenevtchn_close(xce);
}

TEST(restrict_all_restricts_the_handle)
{
    xenevtchn_handle *xce = open_restrictable();

    assert_int_equal(xentoolcore_restrict_all(OUR_DOMID), 0);
    assert_int_equal(restricted_to, OUR_DOMID);
    xenevtchn_close(xce);
}

TEST(a_closed_handle_is_not_restricted)
{
    xenevtchn_close(open_restrictable());
    assert_int_equal(xentoolcore_restrict_all(OUR_DOMID), 0);
    assert_int_equal(restricted_to, 0);
}

TEST(a_handle_that_was_not_opened_is_not_restricted)
{
    fakexen_fail_open(XENLIBS_DEVICE_EVTCHN, ENOENT);
    assert_null(xenevtchn_open(NULL, 0));
    assert_int_equal(xentoolcore_restrict_all(OUR_DOMID), 0);
}

/* Upstream hands the kernel's EACCES on, each time after the first. */
TEST(restricting_twice_to_one_domain_succeeds)
{
    xenevtchn_handle *xce = open_restrictable();

    assert_int_equal(xenevtchn_restrict(xce, OUR_DOMID), 0);
    assert_int_equal(xenevtchn_restrict(xce, OUR_DOMID), 0);
    assert_int_equal(xentoolcore_restrict_all(OUR_DOMID), 0);
    assert_int_equal(xentoolcore_restrict_all(OUR_DOMID), 0);
    assert_int_equal(xenevtchn_restrict(xce, OUR_DOMID), 0);
    assert_int_equal(fakexen_count(FAKEXEN_IOCTL), 1);
    xenevtchn_close(xce);
}

TEST(another_domain_is_refused_and_changes_nothing)
{
    xenevtchn_handle *xce = open_restrictable();

    assert_int_equal(xenevtchn_restrict(xce, OUR_DOMID), 0);
    assert_fails_with(xenevtchn_restrict(xce, OUR_DOMID + 1), -1, EACCES);
    assert_fails_with(xentoolcore_restrict_all(OUR_DOMID + 1), -1, EACCES);
    assert_int_equal(xenevtchn_restrict(xce, OUR_DOMID), 0);
    xenevtchn_close(xce);
}

TEST(what_is_not_an_ordinary_domain_is_refused_by_the_kernel)
{
    xenevtchn_handle *xce = open_restrictable();

    assert_fails_with(xenevtchn_restrict(xce, 0), -1, EINVAL);
    assert_fails_with(xenevtchn_restrict(xce, DOMID_SELF), -1, EINVAL);
    assert_fails_with(xentoolcore_restrict_all(0), -1, EINVAL);
    assert_int_equal(xenevtchn_restrict(xce, OUR_DOMID), 0);
    xenevtchn_close(xce);
}

TEST(a_kernel_that_cannot_restrict_says_so_each_time)
{
    static const int errnos[] = {ENOSYS, ENOTTY};
    xenevtchn_handle *xce = open_restrictable();

    for (size_t i = 0; i < COUNT_OF(errnos); i++) {
        answer_errno = errnos[i];
        assert_fails_with(xenevtchn_restrict(xce, OUR_DOMID), -1, errnos[i]);
        assert_fails_with(xentoolcore_restrict_all(OUR_DOMID), -1, errnos[i]);
    }
    xenevtchn_close(xce);
}

TEST(an_interrupted_restriction_is_repeated)
{
    xenevtchn_handle *xce = open_restrictable();

    fakexen_fail_next(FAKEXEN_IOCTL, EINTR, 2, 0);
    assert_int_equal(xentoolcore_restrict_all(OUR_DOMID), 0);
    assert_int_equal(restricted_to, OUR_DOMID);
    xenevtchn_close(xce);
}

TEST(a_handle_without_a_descriptor_does_not_stop_restrict_all)
{
    xenevtchn_handle *xce = xenevtchn_fdopen(NULL, -1, 0);

    assert_int_equal(xentoolcore_restrict_all(OUR_DOMID), 0);
    xenevtchn_close(xce);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_domid_reaches_the_kernel),
        cmocka_unit_test(restrict_all_restricts_the_handle),
        cmocka_unit_test(a_closed_handle_is_not_restricted),
        cmocka_unit_test(a_handle_that_was_not_opened_is_not_restricted),
        cmocka_unit_test(restricting_twice_to_one_domain_succeeds),
        cmocka_unit_test(another_domain_is_refused_and_changes_nothing),
        cmocka_unit_test(what_is_not_an_ordinary_domain_is_refused_by_the_kernel),
        cmocka_unit_test(a_kernel_that_cannot_restrict_says_so_each_time),
        cmocka_unit_test(an_interrupted_restriction_is_repeated),
        cmocka_unit_test(a_handle_without_a_descriptor_does_not_stop_restrict_all),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
