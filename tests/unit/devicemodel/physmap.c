/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Giving a domain memory, and placing pages, by XENMEM hypercalls. */
#include "fake_dm_op.h"

#include <limits.h>

enum { EXTENTS = 5000, EXTENTS_PER_REQUEST = 2040 };

static xen_pfn_t gfns[EXTENTS];
static bool populated[EXTENTS];
static unsigned available = EXTENTS; /* extents that Xen has memory for */
static int answer_errno;             /* from the hypercall after the first on */
static unsigned requests, last_op;
static struct xen_memory_reservation last_reservation;
static struct xen_add_to_physmap last_add;
static struct xen_remove_from_physmap last_remove;

static int change_reservation(unsigned op, const struct xen_memory_reservation *reservation)
{
    const xen_pfn_t *extents = reservation->extent_start.p;
    xen_ulong_t done = 0;

    last_reservation = *reservation;
    for (; done < reservation->nr_extents; done++) {
        if (op == XENMEM_populate_physmap && !available)
            break;
        available -= op == XENMEM_populate_physmap;
        populated[extents[done] - gfns[0]] = op == XENMEM_populate_physmap;
    }
    return (int)done;
}

static int answer_memory_op(unsigned hypercall, unsigned op, void *argument)
{
    assert_int_equal(hypercall, __HYPERVISOR_memory_op);
    last_op = op;
    if (requests++ && answer_errno) {
        errno = answer_errno;
        return -1;
    }
    if (op == XENMEM_add_to_physmap)
        last_add = *(struct xen_add_to_physmap *)argument;
    else if (op == XENMEM_remove_from_physmap)
        last_remove = *(struct xen_remove_from_physmap *)argument;
    else
        return change_reservation(op, argument);
    return 0;
}

static xendevicemodel_handle *open_with_memory(unsigned extents)
{
    for (unsigned i = 0; i < EXTENTS; i++)
        gfns[i] = 0x100000 + i;
    available = extents;
    fake_other_hypercall = answer_memory_op;
    return fake_open();
}

static unsigned count_populated(void)
{
    unsigned count = 0;

    for (unsigned i = 0; i < EXTENTS; i++)
        count += populated[i];
    return count;
}

TEST(populate_physmap_says_all_to_Xen)
{
    xendevicemodel_handle *dmod = open_with_memory(EXTENTS);

    assert_int_equal(xendevicemodel_populate_physmap(dmod, FAKE_DOMID, 3, 9,
                                                     XENMEMF_populate_on_demand, gfns), 3);
    assert_int_equal(last_op, XENMEM_populate_physmap);
    assert_int_equal(last_reservation.domid, FAKE_DOMID);
    assert_int_equal(last_reservation.nr_extents, 3);
    assert_int_equal(last_reservation.extent_order, 9);
    assert_int_equal(last_reservation.mem_flags, XENMEMF_populate_on_demand);
    assert_true(populated[0] && populated[1] && populated[2] && !populated[3]);
    xendevicemodel_close(dmod);
}

TEST(populate_physmap_takes_any_number_of_extents)
{
    xendevicemodel_handle *dmod = open_with_memory(EXTENTS);

    assert_int_equal(xendevicemodel_populate_physmap(dmod, FAKE_DOMID, EXTENTS, 0, 0, gfns),
                     EXTENTS);
    assert_int_equal(requests, 3);
    assert_int_equal(count_populated(), EXTENTS);
    assert_int_equal(gfns[EXTENTS - 1], 0x100000 + EXTENTS - 1);
    xendevicemodel_close(dmod);
}

TEST(populate_physmap_says_how_far_it_got)
{
    xendevicemodel_handle *dmod = open_with_memory(3000);

    assert_int_equal(xendevicemodel_populate_physmap(dmod, FAKE_DOMID, EXTENTS, 0, 0, gfns), 3000);
    assert_int_equal(xendevicemodel_populate_physmap(dmod, FAKE_DOMID, 1, 0, 0, gfns), 0);
    xendevicemodel_close(dmod);
}

TEST(populate_physmap_says_how_far_it_got_when_Xen_fails)
{
    xendevicemodel_handle *dmod = open_with_memory(EXTENTS);

    answer_errno = EPERM;
    assert_int_equal(xendevicemodel_populate_physmap(dmod, FAKE_DOMID, EXTENTS, 0, 0, gfns),
                     EXTENTS_PER_REQUEST);
    assert_fails_with(xendevicemodel_populate_physmap(dmod, FAKE_DOMID, EXTENTS, 0, 0, gfns), -1,
                      EPERM);
    xendevicemodel_close(dmod);
}

TEST(populate_physmap_exact_is_all)
{
    xendevicemodel_handle *dmod = open_with_memory(EXTENTS);

    assert_int_equal(xendevicemodel_populate_physmap_exact(dmod, FAKE_DOMID, EXTENTS, 0, 0, gfns),
                     0);
    assert_int_equal(count_populated(), EXTENTS);
    xendevicemodel_close(dmod);
}

TEST(populate_physmap_exact_or_nothing)
{
    xendevicemodel_handle *dmod = open_with_memory(3000);

    assert_fails_with(
        xendevicemodel_populate_physmap_exact(dmod, FAKE_DOMID, EXTENTS, 2, XENMEMF_node(1), gfns),
        -1, ENOMEM);
    assert_int_equal(count_populated(), 0);
    assert_int_equal(last_op, XENMEM_decrease_reservation);
    assert_int_equal(last_reservation.extent_order, 2);
    assert_int_equal(last_reservation.mem_flags, 0);
    assert_int_equal(last_reservation.domid, FAKE_DOMID);
    xendevicemodel_close(dmod);
}

TEST(populate_physmap_exact_of_nothing_gives_nothing_back)
{
    xendevicemodel_handle *dmod = open_with_memory(0);

    assert_fails_with(xendevicemodel_populate_physmap_exact(dmod, FAKE_DOMID, 4, 0, 0, gfns), -1,
                      ENOMEM);
    assert_int_equal(requests, 1);
    xendevicemodel_close(dmod);
}

TEST(bad_extents_are_EINVAL_before_Xen_is_asked)
{
    xendevicemodel_handle *dmod = open_with_memory(EXTENTS);
    unsigned calls = fakexen_count_all();

    assert_fails_with(xendevicemodel_populate_physmap(dmod, FAKE_DOMID, 0, 0, 0, gfns), -1,
                      EINVAL);
    assert_fails_with(xendevicemodel_populate_physmap(dmod, FAKE_DOMID, (uint32_t)INT_MAX + 1, 0,
                                                      0, gfns), -1, EINVAL);
    assert_fails_with(xendevicemodel_populate_physmap(dmod, FAKE_DOMID, 1, 0, 0, NULL), -1,
                      EINVAL);
    assert_fails_with(xendevicemodel_populate_physmap_exact(dmod, FAKE_DOMID, 0, 0, 0, gfns), -1,
                      EINVAL);
    assert_fails_with(xendevicemodel_add_to_physmap(dmod, FAKE_DOMID, XENMAPSPACE_gmfn_range, 1,
                                                    2), -1, EINVAL);
    assert_int_equal(fakexen_count_all(), calls);
    xendevicemodel_close(dmod);
}

TEST(add_to_physmap_says_all_to_Xen)
{
    struct xen_add_to_physmap expected;
    xendevicemodel_handle *dmod = open_with_memory(0);

    memset(&expected, 0, sizeof(expected));
    expected.domid = FAKE_DOMID;
    expected.space = XENMAPSPACE_grant_table;
    expected.idx = 3;
    expected.gpfn = 0x1234567890;
    assert_int_equal(xendevicemodel_add_to_physmap(dmod, FAKE_DOMID, XENMAPSPACE_grant_table, 3,
                                                   0x1234567890), 0);
    assert_memory_equal(&last_add, &expected, sizeof(expected));
    answer_errno = EINVAL;
    assert_fails_with(xendevicemodel_add_to_physmap(dmod, FAKE_DOMID, 99, 3, 1), -1, EINVAL);
    xendevicemodel_close(dmod);
}

TEST(remove_from_physmap_says_all_to_Xen)
{
    xendevicemodel_handle *dmod = open_with_memory(0);

    assert_int_equal(xendevicemodel_remove_from_physmap(dmod, FAKE_DOMID, 0x1234567890), 0);
    assert_int_equal(last_remove.domid, FAKE_DOMID);
    assert_int_equal(last_remove.gpfn, 0x1234567890);
    answer_errno = ENOENT;
    assert_fails_with(xendevicemodel_remove_from_physmap(dmod, FAKE_DOMID, 1), -1, ENOENT);
    xendevicemodel_close(dmod);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(populate_physmap_says_all_to_Xen),
        cmocka_unit_test(populate_physmap_takes_any_number_of_extents),
        cmocka_unit_test(populate_physmap_says_how_far_it_got),
        cmocka_unit_test(populate_physmap_says_how_far_it_got_when_Xen_fails),
        cmocka_unit_test(populate_physmap_exact_is_all),
        cmocka_unit_test(populate_physmap_exact_or_nothing),
        cmocka_unit_test(populate_physmap_exact_of_nothing_gives_nothing_back),
        cmocka_unit_test(bad_extents_are_EINVAL_before_Xen_is_asked),
        cmocka_unit_test(add_to_physmap_says_all_to_Xen),
        cmocka_unit_test(remove_from_physmap_says_all_to_Xen),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
