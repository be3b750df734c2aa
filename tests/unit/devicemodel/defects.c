/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What upstream gets wrong. Only upstream's symbols are used: each of these
 * tests fails on upstream's library.
 */
#include "fake_dm_op.h"

/* Upstream: 4 calls and 3 descriptors. */
TEST(opening_costs_two_system_calls_and_one_descriptor)
{
    xendevicemodel_handle *dmod = fake_open();

    assert_int_equal(fakexen_count_all(), 2);
    assert_int_equal(fakexen_open_fds(), 1);
    xendevicemodel_close(dmod);
}

TEST(opening_without_dm_op_keeps_no_descriptor)
{
    xendevicemodel_handle *dmod = fake_open_without_dm_op();

    assert_int_equal(fakexen_open_fds(), 0);
    assert_int_equal(fakexen_count_all(), 3);
    xendevicemodel_close(dmod);
}

/* Upstream passes 256 on as 0, and the line is released. */
TEST(defect_a_level_of_256_releases_the_line)
{
    xendevicemodel_handle *dmod = fake_open();

    assert_fails_with(xendevicemodel_set_isa_irq_level(dmod, FAKE_DOMID, 1, 256), -1, EINVAL);
    assert_fails_with(xendevicemodel_set_irq_level(dmod, FAKE_DOMID, 1, 256), -1, EINVAL);
    assert_fails_with(xendevicemodel_set_pci_intx_level(dmod, FAKE_DOMID, 0, 0, 1, 0, 2), -1,
                      EINVAL);
    assert_int_equal(fake_request_count, 0);
    xendevicemodel_close(dmod);
}

/* Upstream's one request is more than the kernel takes: E2BIG. */
TEST(defect_more_than_256_extents_are_too_many)
{
    static struct xen_dm_op_modified_memory_extent extents[257];
    xendevicemodel_handle *dmod = fake_open();

    assert_int_equal(
        xendevicemodel_modified_memory_bulk(dmod, FAKE_DOMID, extents, COUNT_OF(extents)), 0);
    xendevicemodel_close(dmod);
}

TEST(defect_more_than_32768_pages_cannot_be_tracked)
{
    static unsigned long bitmap[32769 / 64 + 1];
    xendevicemodel_handle *dmod = fake_open();

    assert_int_equal(xendevicemodel_track_dirty_vram(dmod, FAKE_DOMID, 0, 32769, bitmap), 0);
    xendevicemodel_close(dmod);
}

/* Upstream gives the ENOENT of /proc/xen/privcmd, which nobody expects to be there. */
TEST(defect_the_errno_of_the_device_is_lost)
{
    fake_start();
    fakexen_fail_open(PRIVCMD, ENXIO);
    assert_fails_with(xendevicemodel_open(NULL, 0), NULL, ENXIO);
    fakexen_fail_open(PRIVCMD, ENODEV);
    assert_fails_with(xendevicemodel_open(NULL, 0), NULL, ENODEV);
}

/* Upstream leaves the errno of its isatty(3). */
TEST(success_keeps_errno)
{
    xendevicemodel_handle *dmod;

    fake_start();
    errno = ERANGE;
    dmod = xendevicemodel_open(NULL, 0);
    assert_non_null(dmod);
    assert_int_equal(errno, ERANGE);
    assert_int_equal(xendevicemodel_set_isa_irq_level(dmod, FAKE_DOMID, 1, 1), 0);
    assert_int_equal(errno, ERANGE);
    assert_int_equal(xendevicemodel_close(dmod), 0);
    assert_int_equal(errno, ERANGE);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening_costs_two_system_calls_and_one_descriptor),
        cmocka_unit_test(opening_without_dm_op_keeps_no_descriptor),
        cmocka_unit_test(defect_a_level_of_256_releases_the_line),
        cmocka_unit_test(defect_more_than_256_extents_are_too_many),
        cmocka_unit_test(defect_more_than_32768_pages_cannot_be_tracked),
        cmocka_unit_test(defect_the_errno_of_the_device_is_lost),
        cmocka_unit_test(success_keeps_errno),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
