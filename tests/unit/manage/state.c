/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The state of one domain, and the bytes of each question, on every release. */
#include "fake_hypervisor.h"

enum { DOMCTL_SIZE = 144, SYSCTL_SIZE = 136 };

static struct told info_of(xenmanage_handle *hdl, unsigned domid)
{
    struct told told = {.domid = domid};

    assert_int_equal(xenmanage_get_domain_info(hdl, domid, &told.state, &told.caps,
                                               &told.unique_id), 0);
    return told;
}

static void put32(uint8_t *at, uint32_t value)
{
    memcpy(at, &value, sizeof(value));
}

static void asks_in_exact_bytes(unsigned minor)
{
    uint8_t wanted[DOMCTL_SIZE] = {0};
    xenmanage_handle *hdl = fake_open(minor);

    fake_create(0x123, 1);
    info_of(hdl, 0x123);
    put32(wanted, minor < 21 ? 5 : 90); /* getdomaininfo, get_domain_state */
    put32(wanted + 4, minor < 21 ? fake_domctl_version(minor) : 0);
    put32(wanted + 8, 0x123);
    assert_memory_equal(fake_domctl, wanted, sizeof(wanted));
    xenmanage_close(hdl);
}

static void polls_in_exact_bytes(unsigned minor)
{
    uint8_t wanted[DOMCTL_SIZE] = {0};
    xenmanage_handle *hdl = fake_open(minor);

    expect_change(hdl, 0, EXIST);
    if (minor < 21) {
        put32(wanted, 6); /* getdomaininfolist */
        put32(wanted + 4, fake_sysctl_version(minor));
        put32(wanted + 12, 32);
        memcpy(wanted + 16, fake_sysctl + 16, 8); /* an address */
        assert_memory_equal(fake_sysctl, wanted, SYSCTL_SIZE);
    } else {
        put32(wanted, 90);
        put32(wanted + 8, DOMID_INVALID);
        assert_memory_equal(fake_domctl, wanted, sizeof(wanted));
    }
    xenmanage_close(hdl);
}

static void states_are_told(unsigned minor)
{
    xenmanage_handle *hdl = fake_open(minor);
    struct fake_domain *domain = fake_create(5, 1);

    assert_int_equal(info_of(hdl, 5).state, EXIST);
    domain->state = EXIST | SHUTDOWN;
    assert_int_equal(info_of(hdl, 5).state, EXIST | SHUTDOWN);
    domain->state = EXIST | SHUTDOWN | DEAD;
    assert_int_equal(info_of(hdl, 5).state, EXIST | SHUTDOWN | DEAD);
    domain->state = EXIST | DYING;
    assert_int_equal(info_of(hdl, 5).state, minor < 21 ? EXIST : EXIST | DYING);
    xenmanage_close(hdl);
}

static void capabilities_are_told(unsigned minor)
{
    xenmanage_handle *hdl = fake_open(minor);

    fake_create(1, 1);
    fake_create(2, 2)->caps = XENSTORE;
    assert_int_equal(info_of(hdl, 0).caps, CONTROL | HARDWARE);
    assert_int_equal(info_of(hdl, 1).caps, 0);
    assert_int_equal(info_of(hdl, 2).caps, XENSTORE);
    xenmanage_close(hdl);
}

/* Up to 4.17 Xen answers with the next domain above the hole. */
static void a_hole_in_the_domids_is_ESRCH(unsigned minor)
{
    xenmanage_handle *hdl = fake_open(minor);
    unsigned state = 77, caps = 77;
    uint64_t unique_id = 77;

    fake_create(7, 1);
    assert_fails_with(xenmanage_get_domain_info(hdl, 5, &state, &caps, &unique_id), -1, ESRCH);
    assert_fails_with(xenmanage_get_domain_info(hdl, 8, &state, &caps, &unique_id), -1, ESRCH);
    assert_true(state == 77 && caps == 77 && unique_id == 77);
    xenmanage_close(hdl);
}

static void refusals_stay_what_they_are(unsigned minor)
{
    static const int errnos[] = {EPERM, EACCES};
    xenmanage_handle *hdl = fake_open(minor);
    unsigned domid;

    for (size_t i = 0; i < COUNT_OF(errnos); i++) {
        fake_refusal = errnos[i];
        assert_fails_with(xenmanage_get_domain_info(hdl, 0, NULL, NULL, NULL), -1, errnos[i]);
        assert_fails_with(xenmanage_poll_changed_domain(hdl, &domid, NULL, NULL, NULL), -1,
                          errnos[i]);
    }
    fake_refusal = 0;
    assert_int_equal(info_of(hdl, 0).state, EXIST);
    xenmanage_close(hdl);
}

static void unique_ids_tell_domains_apart(unsigned minor)
{
    xenmanage_handle *hdl = fake_open(minor);
    uint64_t dom0 = info_of(hdl, 0).unique_id, first, second;

    fake_create(5, 1);
    fake_create(6, 1);
    first = info_of(hdl, 5).unique_id;
    assert_true(dom0 != 0 && first != 0 && first != dom0);
    assert_true(info_of(hdl, 6).unique_id != first); /* of the same UUID */
    fake_find(5)->cpu_time = 1000000000;
    fake_find(5)->state |= SHUTDOWN;
    assert_true(info_of(hdl, 5).unique_id == first);
    fake_destroy(5);
    fake_create(5, 2);
    second = info_of(hdl, 5).unique_id;
    assert_true(second != first);
    xenmanage_close(hdl);
}

/* What a handle costs once it knows which Xen it is (upstream: an allocation besides). */
static void a_question_is_one_system_call(unsigned minor)
{
    xenmanage_handle *hdl = fake_open(minor);
    unsigned before;

    info_of(hdl, 0);
    before = fakexen_count_all();
    info_of(hdl, 0);
    assert_int_equal(fakexen_count_all(), before + 1);
    xenmanage_close(hdl);
}

EACH_OLDER_RELEASE(RELEASE_TEST, asks_in_exact_bytes)
EACH_NEWER_RELEASE(RELEASE_TEST, asks_in_exact_bytes)
EACH_OLDER_RELEASE(RELEASE_TEST, polls_in_exact_bytes)
EACH_NEWER_RELEASE(RELEASE_TEST, polls_in_exact_bytes)
EACH_OLDER_RELEASE(RELEASE_TEST, states_are_told)
EACH_NEWER_RELEASE(RELEASE_TEST, states_are_told)
EACH_OLDER_RELEASE(RELEASE_TEST, capabilities_are_told)
EACH_NEWER_RELEASE(RELEASE_TEST, capabilities_are_told)
EACH_OLDER_RELEASE(RELEASE_TEST, a_hole_in_the_domids_is_ESRCH)
EACH_NEWER_RELEASE(RELEASE_TEST, a_hole_in_the_domids_is_ESRCH)
EACH_OLDER_RELEASE(RELEASE_TEST, refusals_stay_what_they_are)
EACH_NEWER_RELEASE(RELEASE_TEST, refusals_stay_what_they_are)
EACH_OLDER_RELEASE(RELEASE_TEST, unique_ids_tell_domains_apart)
EACH_NEWER_RELEASE(RELEASE_TEST, unique_ids_tell_domains_apart)
EACH_OLDER_RELEASE(RELEASE_TEST, a_question_is_one_system_call)
EACH_NEWER_RELEASE(RELEASE_TEST, a_question_is_one_system_call)

TEST(what_is_not_wanted_is_not_stored)
{
    xenmanage_handle *hdl = fake_open(17);

    errno = 77;
    assert_int_equal(xenmanage_get_domain_info(hdl, 0, NULL, NULL, NULL), 0);
    assert_int_equal(errno, 77);
    xenmanage_close(hdl);
}

TEST(bad_arguments_are_EINVAL_and_ask_nothing)
{
    xenmanage_handle *hdl = fake_open(17);
    unsigned value;

    assert_fails_with(xenmanage_get_domain_info(NULL, 0, &value, NULL, NULL), -1, EINVAL);
    assert_fails_with(xenmanage_get_domain_info(hdl, DOMID_FIRST_RESERVED, &value, NULL, NULL),
                      -1, EINVAL);
    assert_fails_with(xenmanage_get_domain_info(hdl, DOMID_SELF, &value, NULL, NULL), -1,
                      EINVAL);
    assert_fails_with(xenmanage_get_domain_info(hdl, 0x10000, &value, NULL, NULL), -1, EINVAL);
    assert_fails_with(xenmanage_poll_changed_domain(NULL, &value, NULL, NULL, NULL), -1,
                      EINVAL);
    assert_fails_with(xenmanage_poll_changed_domain(hdl, NULL, NULL, NULL, NULL), -1, EINVAL);
    assert_int_equal(fakexen_count(FAKEXEN_IOCTL), 0);
    xenmanage_close(hdl);
}

TEST(a_xen_before_4_14_is_ENOTSUP)
{
    xenmanage_handle *hdl = fake_open(13);
    unsigned domid;

    assert_fails_with(xenmanage_get_domain_info(hdl, 0, NULL, NULL, NULL), -1, ENOTSUP);
    assert_fails_with(xenmanage_poll_changed_domain(hdl, &domid, NULL, NULL, NULL), -1,
                      ENOTSUP);
    xenmanage_close(hdl);
}

/* Whatever its interface numbers: the stable operation is promised to stay. */
TEST(a_xen_of_the_future_is_asked_by_the_stable_operation)
{
    xenmanage_handle *hdl = fake_open(40);

    assert_int_equal(info_of(hdl, 0).state, EXIST);
    expect_change(hdl, 0, EXIST);
    expect_no_change(hdl);
    xenmanage_close(hdl);
}

TEST(xen_lets_only_the_owner_of_the_interrupt_poll)
{
    xenmanage_handle *hdl = fake_open(21);
    unsigned domid;

    fake_owns_virq = false;
    assert_fails_with(xenmanage_poll_changed_domain(hdl, &domid, NULL, NULL, NULL), -1, EACCES);
    assert_int_equal(info_of(hdl, 0).state, EXIST);
    xenmanage_close(hdl);
}

TEST(xen_tells_which_domains_have_changed)
{
    xenmanage_handle *hdl = fake_open(21);
    struct told told;

    expect_change(hdl, 0, EXIST);
    fake_create(5, 1);
    told = expect_change(hdl, 5, EXIST);
    assert_true(told.unique_id == fake_find(5)->unique_id);
    expect_no_change(hdl);
    fake_destroy(5);
    told = expect_change(hdl, 5, 0);
    assert_true(told.caps == 0 && told.unique_id == 0);
    expect_no_change(hdl);
    xenmanage_close(hdl);
}

/* New ones must not surprise a program that compares for equality. */
TEST(bits_that_have_no_meaning_yet_are_dropped)
{
    xenmanage_handle *hdl = fake_open(21);

    fake_find(0)->state |= 0x100;
    fake_find(0)->caps |= 0x200;
    assert_int_equal(info_of(hdl, 0).state, EXIST);
    assert_int_equal(info_of(hdl, 0).caps, CONTROL | HARDWARE);
    xenmanage_close(hdl);
}

#define EACH_RELEASE_UNIT_TEST(check) \
    EACH_OLDER_RELEASE(RELEASE_UNIT_TEST, check) EACH_NEWER_RELEASE(RELEASE_UNIT_TEST, check)

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        EACH_RELEASE_UNIT_TEST(asks_in_exact_bytes)
        EACH_RELEASE_UNIT_TEST(polls_in_exact_bytes)
        EACH_RELEASE_UNIT_TEST(states_are_told)
        EACH_RELEASE_UNIT_TEST(capabilities_are_told)
        EACH_RELEASE_UNIT_TEST(a_hole_in_the_domids_is_ESRCH)
        EACH_RELEASE_UNIT_TEST(refusals_stay_what_they_are)
        EACH_RELEASE_UNIT_TEST(unique_ids_tell_domains_apart)
        EACH_RELEASE_UNIT_TEST(a_question_is_one_system_call)
        cmocka_unit_test(what_is_not_wanted_is_not_stored),
        cmocka_unit_test(bad_arguments_are_EINVAL_and_ask_nothing),
        cmocka_unit_test(a_xen_before_4_14_is_ENOTSUP),
        cmocka_unit_test(a_xen_of_the_future_is_asked_by_the_stable_operation),
        cmocka_unit_test(xen_lets_only_the_owner_of_the_interrupt_poll),
        cmocka_unit_test(xen_tells_which_domains_have_changed),
        cmocka_unit_test(bits_that_have_no_meaning_yet_are_dropped),
    };
    return test_main(argc, argv, tests, COUNT_OF(tests));
}
