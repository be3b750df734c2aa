/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The interface itself: what it costs, what it leaves, where its parts lie. */
#include "harness.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "fakexen.h"
#include "fixture.h"
#include "handle.h"
#include "xenctrl.h"

TEST(open_makes_two_system_calls_and_close_leaves_nothing)
{
    xc_interface *xch = start(17);
    unsigned opens = fakexen_count(FAKEXEN_OPEN);

    assert_int_equal(opens, 2);
    assert_int_equal(fakexen_count_all(), 2);
    assert_int_equal(fakexen_open_fds(), 2);
    assert_non_null(xc_interface_xcall_handle(xch));
    assert_non_null(xc_interface_fmem_handle(xch));
    stop(xch);
    assert_int_equal(fakexen_open_fds(), 0);
    assert_int_equal(xc_interface_close(NULL), 0);
}

TEST(a_failing_open_gives_its_errno_and_leaves_nothing)
{
    xentoollog_level quiet = XTL_CRITICAL;
    xentoollog_logger_stdiostream *logger = xtl_createlogger_stdiostream(stderr, quiet, 0);

    stop(start(17));
    fakexen_fail_open("/dev/xen/privcmd", EACCES);
    assert_fails_with(xc_interface_open((xentoollog_logger *)logger, NULL, 0), NULL, EACCES);
    assert_int_equal(fakexen_open_fds(), 0);
    fakexen_fail_open("/dev/xen/privcmd", 0);
    fakexen_fail_next(FAKEXEN_OPEN, EMFILE, 1, 0);
    assert_fails_with(xc_interface_open((xentoollog_logger *)logger, NULL, 0), NULL, EMFILE);
    assert_int_equal(fakexen_open_fds(), 0);
    assert_fails_with(xc_interface_open(NULL, NULL, 4), NULL, EINVAL);
    xtl_logger_destroy((xentoollog_logger *)logger);
}

TEST(a_dummy_opens_nothing_and_can_do_nothing)
{
    xc_interface *xch = xc_interface_open(NULL, NULL, XC_OPENFLAG_DUMMY);
    uint32_t domid = 0;
    xc_physinfo_t info;

    assert_non_null(xch);
    assert_int_equal(fakexen_count_all(), 0);
    assert_fails_with(xc_domain_pause(xch, 1), -1, EBADF);
    assert_fails_with(xc_physinfo(xch, &info), -1, EBADF);
    assert_fails_with(xc_sched_id(xch, (int *)&domid), -1, EBADF);
    assert_fails_with(xc_domain_shutdown(xch, 1, 0), -1, EBADF);
    assert_fails_with(xc_interface_dmod_handle(xch), NULL, EBADF);
    stop(xch);
}

/* Upstream's libxenguest of 4.14, 4.17 and 4.20 has these numbers in its code. */
TEST(libxenguest_finds_its_fields)
{
    assert_int_equal(offsetof(struct xc_interface_core, error_handler), 0x8);
    assert_int_equal(offsetof(struct xc_interface_core, dombuild_logger), 0x18);
    assert_int_equal(offsetof(struct xc_interface_core, last_error), 0x28);
    assert_int_equal(offsetof(struct xc_interface_core, dombuild_logger_file), 0x430);
    assert_int_equal(offsetof(struct xc_interface_core, currently_progress_reporting), 0x438);
    assert_int_equal(offsetof(struct xc_interface_core, xcall), 0x440);
    assert_int_equal(offsetof(struct xc_interface_core, fmem), 0x448);
    assert_int_equal(offsetof(struct xc_interface_core, dmod), 0x450);
}

/* Upstream opens a device for it with every interface, whether it is asked for or not. */
TEST(the_device_models_handle_needs_no_device_of_its_own)
{
    xc_interface *xch = start(17);
    unsigned opens = fakexen_count(FAKEXEN_OPEN);
    struct xendevicemodel_handle *model = xc_interface_dmod_handle(xch);

    assert_non_null(model);
    assert_ptr_equal(xc_interface_dmod_handle(xch), model);
    assert_int_equal(fakexen_count(FAKEXEN_OPEN), opens);
    stop(xch);
    assert_int_equal(fakexen_open_fds(), 0);
}

TEST(success_keeps_errno)
{
    stop(start(17));
    errno = EXDEV;
    xc_interface *xch = xc_interface_open(NULL, NULL, XC_OPENFLAG_NON_REENTRANT);
    assert_non_null(xch);
    assert_int_equal(errno, EXDEV);
    stop(xch);
    assert_int_equal(errno, EXDEV);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_makes_two_system_calls_and_close_leaves_nothing),
        cmocka_unit_test(a_failing_open_gives_its_errno_and_leaves_nothing),
        cmocka_unit_test(a_dummy_opens_nothing_and_can_do_nothing),
        cmocka_unit_test(libxenguest_finds_its_fields),
        cmocka_unit_test(the_device_models_handle_needs_no_device_of_its_own),
        cmocka_unit_test(success_keeps_errno),
    };
    return test_main(argc, argv, tests, sizeof(tests) / sizeof(tests[0]));
}
