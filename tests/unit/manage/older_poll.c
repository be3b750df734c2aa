/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes on a Xen that keeps no note of them: found by comparing. */
#include "fake_hypervisor.h"

enum { MANY = 100 };
static const uint64_t SECOND_NS = 1000000000;

static void all_that_happens_to_a_domain_is_told(unsigned minor)
{
    xenmanage_handle *hdl = fake_open(minor);
    struct told told;

    told = expect_change(hdl, 0, EXIST);
    assert_int_equal(told.caps, CONTROL | HARDWARE);
    expect_no_change(hdl);

    fake_create(3, 1);
    told = expect_change(hdl, 3, EXIST);
    assert_true(told.unique_id != 0);
    expect_no_change(hdl);

    fake_find(3)->state |= SHUTDOWN;
    assert_true(expect_change(hdl, 3, EXIST | SHUTDOWN).unique_id == told.unique_id);
    expect_no_change(hdl);

    fake_find(3)->state |= DEAD;
    expect_change(hdl, 3, EXIST | SHUTDOWN | DEAD);
    expect_no_change(hdl);

    fake_destroy(3);
    told = expect_change(hdl, 3, 0);
    assert_true(told.caps == 0 && told.unique_id == 0);
    expect_no_change(hdl);
    xenmanage_close(hdl);
}

EACH_OLDER_RELEASE(RELEASE_TEST, all_that_happens_to_a_domain_is_told)

static xenmanage_handle *open_knowing_dom0(void)
{
    xenmanage_handle *hdl = fake_open(17);

    expect_change(hdl, 0, EXIST);
    expect_no_change(hdl);
    return hdl;
}

TEST(several_changes_come_one_by_one)
{
    xenmanage_handle *hdl = open_knowing_dom0();

    fake_create(2, 2);
    fake_create(4, 4);
    fake_create(6, 6);
    expect_change(hdl, 2, EXIST);
    expect_change(hdl, 4, EXIST);
    expect_change(hdl, 6, EXIST);
    expect_no_change(hdl);

    fake_destroy(2);
    fake_find(4)->state |= SHUTDOWN;
    fake_create(5, 5);
    fake_destroy(6);
    fake_create(7, 7);
    expect_change(hdl, 2, 0);
    expect_change(hdl, 4, EXIST | SHUTDOWN);
    expect_change(hdl, 5, EXIST);
    expect_change(hdl, 6, 0);
    expect_change(hdl, 7, EXIST);
    expect_no_change(hdl);
    xenmanage_close(hdl);
}

TEST(a_running_domain_has_not_changed)
{
    xenmanage_handle *hdl = open_knowing_dom0();

    for (int i = 0; i < 5; i++) {
        fake_find(0)->cpu_time += SECOND_NS;
        expect_no_change(hdl);
    }
    xenmanage_close(hdl);
}

/* Two processors' clocks differ a little when they add up the time of a domain. */
TEST(a_little_less_processor_time_is_no_change)
{
    xenmanage_handle *hdl = open_knowing_dom0();

    fake_find(0)->cpu_time = 5 * SECOND_NS;
    expect_no_change(hdl);
    fake_find(0)->cpu_time -= 1000;
    expect_no_change(hdl);
    xenmanage_close(hdl);
}

TEST(a_domid_in_other_hands_comes_up_once_with_another_unique_id)
{
    xenmanage_handle *hdl = open_knowing_dom0();
    uint64_t first;

    fake_create(3, 1);
    first = expect_change(hdl, 3, EXIST).unique_id;
    fake_destroy(3);
    fake_create(3, 2);
    assert_true(expect_change(hdl, 3, EXIST).unique_id != first);
    expect_no_change(hdl);
    xenmanage_close(hdl);
}

TEST(a_domid_in_other_hands_with_the_same_UUID_is_seen_by_its_processor_time)
{
    xenmanage_handle *hdl = open_knowing_dom0();

    fake_create(3, 1)->cpu_time = 2 * SECOND_NS;
    expect_change(hdl, 3, EXIST);
    fake_destroy(3);
    fake_create(3, 1)->cpu_time = SECOND_NS;
    expect_change(hdl, 3, EXIST);
    expect_no_change(hdl);
    xenmanage_close(hdl);
}

/* The page says so: this is what is coarser than on 4.21. */
TEST(a_domain_that_lives_between_two_looks_is_not_seen)
{
    xenmanage_handle *hdl = open_knowing_dom0();

    fake_create(3, 1);
    fake_destroy(3);
    expect_no_change(hdl);
    xenmanage_close(hdl);
}

/* 32, 64 and 96 fill the last of several calls exactly. */
static void more_domains_than_one_call_tells(unsigned count)
{
    xenmanage_handle *hdl = fake_open(17);

    for (unsigned i = 1; i < count; i++)
        fake_create((uint16_t)(i * 3), (uint8_t)i);
    for (unsigned i = 0; i < count; i++)
        expect_change(hdl, i * 3, EXIST);
    expect_no_change(hdl);
    fake_destroy((uint16_t)(3 * (count - 1)));
    fake_find((uint16_t)(3 * (count / 2)))->state |= SHUTDOWN;
    expect_change(hdl, 3 * (count / 2), EXIST | SHUTDOWN);
    expect_change(hdl, 3 * (count - 1), 0);
    expect_no_change(hdl);
    xenmanage_close(hdl);
}

TEST(a_list_longer_than_one_hypercall_is_read_whole)
{
    more_domains_than_one_call_tells(MANY);
}

TEST(a_list_that_fills_a_hypercall_is_read_whole)
{
    more_domains_than_one_call_tells(32);
}

TEST(a_list_that_fills_three_hypercalls_is_read_whole)
{
    more_domains_than_one_call_tells(96);
}

/* In the middle of a list too: nothing of it is told, and all of it the next time. */
TEST(a_failure_loses_nothing)
{
    xenmanage_handle *hdl = open_knowing_dom0();
    unsigned domid = 77;

    for (unsigned i = 1; i < MANY; i++)
        fake_create((uint16_t)i, (uint8_t)i);
    for (unsigned after = 0; after < 3; after++) {
        fake_refusal = EPERM;
        fake_refusal_after = after;
        assert_fails_with(xenmanage_poll_changed_domain(hdl, &domid, NULL, NULL, NULL), -1,
                          EPERM);
        assert_int_equal(domid, 77);
    }
    fake_refusal = 0;
    for (unsigned i = 1; i < MANY; i++)
        expect_change(hdl, i, EXIST);
    expect_no_change(hdl);
    xenmanage_close(hdl);
}

/* Who stops before ENOENT gets the rest later, and what came since. */
TEST(no_change_is_only_said_after_a_fresh_look)
{
    xenmanage_handle *hdl = open_knowing_dom0();

    fake_create(2, 2);
    fake_create(4, 4);
    expect_change(hdl, 2, EXIST);
    fake_create(1, 1);
    expect_change(hdl, 4, EXIST);
    expect_change(hdl, 1, EXIST);
    expect_no_change(hdl);
    xenmanage_close(hdl);
}

TEST(each_handle_remembers_for_itself)
{
    xenmanage_handle *one = open_knowing_dom0(), *other = xenmanage_open(NULL, 0);

    fake_create(2, 2);
    expect_change(one, 2, EXIST);
    expect_no_change(one);
    expect_change(other, 0, EXIST);
    expect_change(other, 2, EXIST);
    expect_no_change(other);
    xenmanage_close(other);
    xenmanage_close(one);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        EACH_OLDER_RELEASE(RELEASE_UNIT_TEST, all_that_happens_to_a_domain_is_told)
        cmocka_unit_test(several_changes_come_one_by_one),
        cmocka_unit_test(a_running_domain_has_not_changed),
        cmocka_unit_test(a_little_less_processor_time_is_no_change),
        cmocka_unit_test(a_domid_in_other_hands_comes_up_once_with_another_unique_id),
        cmocka_unit_test(a_domid_in_other_hands_with_the_same_UUID_is_seen_by_its_processor_time),
        cmocka_unit_test(a_domain_that_lives_between_two_looks_is_not_seen),
        cmocka_unit_test(a_list_longer_than_one_hypercall_is_read_whole),
        cmocka_unit_test(a_list_that_fills_a_hypercall_is_read_whole),
        cmocka_unit_test(a_list_that_fills_three_hypercalls_is_read_whole),
        cmocka_unit_test(a_failure_loses_nothing),
        cmocka_unit_test(no_change_is_only_said_after_a_fresh_look),
        cmocka_unit_test(each_handle_remembers_for_itself),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
